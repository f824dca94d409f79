// SPDX-License-Identifier: Apache-2.0
// One writer a format over the one record.
#pragma once

#include <string>

#include <alignproof/format/report.hpp>

namespace alignproof::inline report {

/// The table at 80 columns: a row a claim, then what is not proved or held, in words.
std::string to_text(const Report& report);

/// The words of one claim for `alignproof explain`, wrapped at 80 columns.
std::string to_text(const ClaimText& claim);

/// The table of one simulation at 80 columns: a line a cell, quantities that do not fit below.
std::string to_text(const Simulation& simulation);

/// Schema: reports/schema/report.schema.json. Byte-identical for a seed but for "environment".
std::string to_json(const Report& report);

/// One self-contained offline page: table, inline SVG figures, statements as MathML, light and
/// dark. Throws InputError when a series has not as many x as y.
std::string to_html(const Report& report);

/// The same page of simulations alone: of the report its command, simulations and settings.
std::string simulations_to_html(const Report& report);

/// One figure as an SVG file that stands alone: the style sheet of the page is part of it.
std::string to_svg_file(const Figure& figure);

/// Several figures as one SVG file, two in a row, each under its title.
std::string to_svg_file(const std::vector<Figure>& figures);

/// A LaTeX article with the same table and words, without the figures, for pdflatex with amsmath,
/// booktabs and longtable.
std::string to_tex(const Report& report);

/// JUnit XML: a suite a claim with its row and its instances as cases, and a suite "rejections".
/// Refuted, invalid and NOT caught are failures, undecided is skipped. Holds nothing that differs
/// between two runs with one seed.
std::string to_junit(const Report& report);

}  // namespace alignproof::inline report
