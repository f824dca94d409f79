// SPDX-License-Identifier: Apache-2.0
// The pieces from which the HTML page is put together.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alignproof/format/report.hpp>

namespace alignproof::inline report::detail {

/// The template with every {{name}} replaced once; what is put in is not looked at again. Throws
/// std::logic_error for a name without a value.
std::string fill(std::string_view page,
                 const std::vector<std::pair<std::string_view, std::string>>& values);

/// A sign beside the word, for those who do not see the colour.
const char* sign_of(VerdictKind kind);

/// The word of a verdict with its sign, coloured by the style sheet.
std::string badge(VerdictKind kind);

/// A command line that is not broken inside its words, so that --flags stay whole. Scripts put a
/// button beside it that copies it.
std::string command_code(std::string_view command);

/// The address of a folder beside the page: what is no letter, digit or one of -_./ is %-encoded,
/// so that it cannot name another scheme.
std::string relative_address(std::string_view folder);

/// The folder of a certificate, as a link.
std::string link_to_certificate(std::string_view folder);

/// The id of a row, as a link where the page has a section about it.
std::string link_to_row(const std::string& id, const std::vector<ClaimRow>& rows,
                        const std::vector<std::string>& anchors);

/// An id for the section of each row, unique in the page.
std::vector<std::string> anchors_of(const std::vector<ClaimRow>& rows);

/// Everything about one claim: its words, numbers and instances.
std::string claim_section(const ClaimRow& row, const std::string& anchor);

/// Every statistical test and how probable it is that any is wrong; nothing without tests.
std::string tests_section(const Report& report, const std::vector<std::string>& anchors);

/// Which rows catch which falsehood, a survivor loudly; nothing without rejections.
std::string rejections_section(const Report& report, const std::vector<std::string>& anchors);

/// Every certificate once: its folder, what was found, the rows that rest on it, and the command
/// that checks it; nothing without certificates.
std::string certificates_section(const Report& report, const std::vector<std::string>& anchors);

/// A figure with its caption, and links that enlarge it and back.
std::string figure(const Figure& f);

/// Figures and tables of the simulations; nothing without. Shipped ones come first, and then the
/// report's own are folded away where they are at scale smoke.
std::string simulations_section(const std::vector<Simulation>& simulations,
                                const std::vector<Simulation>& shipped = {});

/// The scripts of a page, each in its element: with them points say their values at a glance,
/// tables can be sorted and filtered, and lines copied. Nothing needs them.
std::string scripts();

/// The word at what nothing caught, with its sign.
std::string survivor_badge();

}  // namespace alignproof::inline report::detail
