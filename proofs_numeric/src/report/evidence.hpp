// SPDX-License-Identifier: Apache-2.0
// What every writer says about verdicts, statistical tests and rejections.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/format/report.hpp>

namespace alignproof::inline report::detail {

/// Undecided, refuted or invalid: a reader must see why.
bool needs_care(VerdictKind kind);

/// Stands before rounded_up(chance_of_falsehood(...)).
inline constexpr std::string_view chance_words =
    "Probability that this run says something false by chance: at most";

/// Stands once in a report, which holds no path of a machine.
inline constexpr std::string_view path_words =
    "Commands need the folder of the programs on the PATH: build/bin, where they were built.";

/// The sum of the alphas, whatever the tests have to do with each other; 1 where it says nothing.
double chance_of_falsehood(const std::vector<StatisticalTest>& tests);

/// "false claim" or "planted error".
std::string_view to_string(Rejection::Kind kind);

/// How many were caught by nothing.
std::size_t survivors(const std::vector<Rejection>& rejections);

/// "12 of 14 planted errors and false claims caught, 2 NOT caught."
std::string caught_in_words(const std::vector<Rejection>& rejections);

}  // namespace alignproof::inline report::detail
