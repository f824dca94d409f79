// SPDX-License-Identifier: Apache-2.0
// Networks of width 4p beside the four networks of width p that are their quarters: the mean cosine
// of the quarters minus that of the whole. What the draw of the units does to first order is the
// same on both sides, so that a single difference has a spread of order 1/p, where a cosine has one
// of order p^{-1/2}. Derivation: reports/docs/alignment_law_nonlinear.md, section 4.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/study.hpp>
#include <alignproof/mean_field/finite_width.hpp>

namespace alignproof::inline claims {

struct FiniteWidthCase {
  std::string name;
  Activation psi = Activation::tanh;
  double lambda = 1, eta = 0.5, tau = 1;
};

/// Sizes of law11, declared before the run.
struct FiniteWidthSizes {
  std::vector<std::size_t> roots = {7, 10, 14, 20};  ///< sqrt p; quarters of networks of up to 1600
  std::size_t tuples = 500;                          ///< of one difference at each width
  std::size_t units = 4096;                          ///< of each cloud of FMF(p)
  std::size_t group = 8;  ///< tuples in a root mean square of which an exponent is taken
};

FiniteWidthSizes finite_width_sizes(const Profile& profile);

/// A function of the widths p, at p minus at 4p.
using Increments = std::vector<double>;

struct FiniteWidthRecord {
  FiniteWidthCase setting;
  std::vector<double> p;
  std::vector<Increments> runs;       ///< one a tuple; NaN where a run diverged
  std::vector<Increments> predicted;  ///< of FMF(p), one a cloud
  std::vector<Increments> forgetful;  ///< of FMF(p) without the memory of beta_0, one a cloud
  double stability = 0;               ///< sup of eta (lambda + largest eigenvalue of G)
};

/// The coefficient alpha of alpha p^{-1/2} + gamma / p by least squares, from its increments.
double root_coefficient(const std::vector<double>& p, const Increments& increments);

Handle<FiniteWidthRecord> want_finite_width(Study& study, const FiniteWidthCase& setting);

}  // namespace alignproof::inline claims
