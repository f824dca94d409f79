// SPDX-License-Identifier: Apache-2.0
// Mutants of what decides a verdict: conclusions of the claims, statistics, premises, the worst-of,
// and what a comparison says of two reports.
// Each must make a test fail that is named here. `grade` beside this file tries them.
#pragma once

#include <string>
#include <vector>

namespace alignproof::must_reject {

/// `before` stands exactly once in the file, up to white space, and the part of it between @{ and
/// }@ (all of it, if there are none) is an expression, as is `after`: both are compiled, and which
/// is evaluated is chosen when the program starts.
struct Mutant {
  std::string name;
  std::string file;  ///< below proofs_numeric/src
  std::string before, after;
  std::string test;  ///< the test case that fails
};

const std::vector<Mutant>& mutants();

/// `text`, the source `file`, with every mutant of it behind a switch that the environment variable
/// ALIGNPROOF_MUTANT sets. Throws InputError where a text to change is not there exactly once, or
/// two of them overlap without being the same.
std::string switchable(const std::string& file, const std::string& text);

}  // namespace alignproof::must_reject
