// SPDX-License-Identifier: Apache-2.0
// Networks as wide as Theorem P asks for, with what it promises of them.
#pragma once

#include <string>
#include <vector>

#include <alignproof/bounds/width.hpp>
#include <alignproof/claims/study.hpp>

#include "claims/p/good_event.hpp"

namespace alignproof::inline claims {

/// Runs at a width at which (P.5) was verified in balls, or at a multiple of it: there it holds
/// too. All bounds are rounded up.
struct SufficientRuns {
  Batch batch;
  double delta = 0;  ///< what is promised fails with probability at most this
  double width = 0;  ///< least one that was found
  double S = 0;      ///< eta sum_t |e(t)| <= S
  double beta_moved = 0, A_moved = 0, c1 = 0, c2 = 0, kappa = 0;
  std::array<double, 5> D_lo{}, D_up{};
  std::vector<EventLine> lines;

  double n() const { return static_cast<double>(batch.data.X.rows()); }
  double p() const { return static_cast<double>(batch.network.p); }
  /// Bounds of the largest |w_r(t) - w_r(0)| and |beta_r(t) - beta_r(0)|.
  double w_row(double gamma) const;
  double beta_row(double gamma) const;
};

/// The data of row P where psi is not linear, and of the widths from which T1 and T2 are proved.
const Data& sufficient_data(Study& study);

/// Batches for the profile. Each width is searched, and verified in balls, at once; in one program
/// the same search is done once.
const std::vector<SufficientRuns>& sufficient_runs(Study& study);

/// For the report's settings.
std::string line_of_sufficient(const Profile& profile);

/// "tanh, delta = 0.5, width 20000"
std::string name_of(const SufficientRuns& runs);

}  // namespace alignproof::inline claims
