// SPDX-License-Identifier: Apache-2.0
// One writer a format over the one record.
#pragma once

#include <string>

#include <alignproof/format/report.hpp>

namespace alignproof {

/// The table at 80 columns: a row a claim, then what is not proved or held, in words.
std::string to_text(const Report& report);

/// The words of one claim for `alignproof explain`, wrapped at 80 columns.
std::string to_text(const ClaimText& claim);

/// Schema: reports/schema/report.schema.json. Byte-identical for a seed but for "environment".
std::string to_json(const Report& report);

/// One self-contained offline page: table, inline SVG figures, statements as MathML, light and
/// dark. Throws InputError when a series has not as many x as y.
std::string to_html(const Report& report);

/// One figure as an SVG file that stands alone: the style sheet of the page is part of it.
std::string to_svg_file(const Figure& figure);

/// A LaTeX article with the same table and words, without the figures, for pdflatex with amsmath,
/// booktabs and longtable.
std::string to_tex(const Report& report);

}  // namespace alignproof
