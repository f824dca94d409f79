// SPDX-License-Identifier: Apache-2.0
// Runs in exact arithmetic: rationals, and Q(sqrt p) where p is no square.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/study.hpp>

namespace alignproof::inline claims {

/// The identities over the steps of one run.
struct ExactRecord {
  std::string name, replay;
  std::optional<std::size_t> recursion_fails;  ///< first t at which the two sides differ
  std::optional<std::size_t> forms_differ;     ///< first t at which A is not W X^T
  std::size_t steps = 0, wanted_steps = 0;
  bool irrational = false;  ///< sqrt p was no whole number
};

/// In the order of their names.
std::vector<Handle<ExactRecord>> want_exact_runs(Study& study);

}  // namespace alignproof::inline claims
