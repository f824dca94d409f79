// SPDX-License-Identifier: Apache-2.0
// (P.5) at the widths of the closed form, over a grid of instances.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/bounds/apriori_closed_form.hpp>
#include <alignproof/claims/study.hpp>

namespace alignproof::inline claims {

/// What one activation's part of the grid came to.
struct ClosedFormCount {
  std::string psi;
  std::size_t instances = 0;  ///< a set of numbers at one width
  std::size_t holds = 0;      ///< (P.5), the bound of kappa and all steps of the derivation certain
  std::size_t fails = 0;      ///< (P.5) certainly false
  /// Largest share that each part of (P.5) uses: at most 1 where it holds.
  std::array<double, 3> parts{};
  std::string closest_at;  ///< the instance with the largest of all
  std::string failing;     ///< the first that fails, or is undecided; empty if none
  std::array<double, closed_form_step_count> steps{};  ///< largest share of each step
  std::array<std::string_view, closed_form_step_count> step_names{};

  double closest() const { return *std::max_element(parts.begin(), parts.end()); }
};

/// Digits of the balls.
inline constexpr unsigned closed_form_digits = 40;

/// One for each bounded activation; with a term of (P.6) left out, if one is named.
std::vector<Handle<ClosedFormCount>> want_closed_form(Study& study,
                                                      std::optional<WidthTerm> left_out = {});

}  // namespace alignproof::inline claims
