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

/// A command line that is not broken inside its words, so that --flags stay whole.
std::string command_code(std::string_view command);

/// An id for the section of each row, unique in the page.
std::vector<std::string> anchors_of(const std::vector<ClaimRow>& rows);

/// Everything about one claim: its words, numbers and instances.
std::string claim_section(const ClaimRow& row, const std::string& anchor);

/// Every statistical test and how probable it is that any is wrong; nothing without tests.
std::string tests_section(const Report& report, const std::vector<std::string>& anchors);

/// Which rows catch which falsehood, a survivor loudly; nothing without rejections.
std::string rejections_section(const Report& report, const std::vector<std::string>& anchors);

/// A figure with its caption.
std::string figure(const Figure& f);

/// Figures and tables of the simulations, and what is to stand behind them; nothing without.
std::string simulations_section(const std::vector<Simulation>& simulations,
                                const std::string& behind = "");

/// The figure of the predicted tables that come with the program, which no report computes.
std::string shipped_predictions();

/// The word at what nothing caught, with its sign.
std::string survivor_badge();

}  // namespace alignproof::inline report::detail
