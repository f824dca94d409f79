// SPDX-License-Identifier: Apache-2.0
// A unit of the alignment law on isometric data: its input g ~ N(0, gamma) flows along
// da/ds = erf'(a), and what is wanted are the means of erf(a) and erf^2(a) at s. Proofs:
// reports/docs/law_certificates.md, section 6.
#pragma once

#include <cstddef>
#include <vector>

#include "ball.hpp"
#include "error_functions.hpp"
#include "flow_means.hpp"

namespace alignproof::check {

/// As TanhFlow. The strip of the trapezoidal rule depends on s.
class ErfFlow {
 public:
  /// pi/4 erf(1), rounded down: Im x <= 1 there, so that |erf x| <= 1.84.
  static constexpr double strip = 0.6618;
  static constexpr double modulus = 3.4;
  /// 4/pi, rounded up.
  static constexpr double steepest = 1.2733;
  static constexpr double work_of_term = 400;

  ErfFlow(const Ball& gamma, double largest, double tolerance);

  FlowMeans at(const Ball& s);
  double terms() const { return terms_; }

 private:
  struct Node {
    Ball m, growth, normal;  ///< exp(m^2 / 4), exp(-m^2 / (8 gamma))
  };
  double guess(double m, double growth, double s, double start);
  Ball difference(const Node& node, const Ball& s, double& before);
  Ball tail(const Ball& s) const;

  Ball gamma_, step_, error_;
  Ball most_;  ///< the largest s for which the strip is wide enough
  double terms_ = 0, negligible_ = 0;
  std::vector<Node> nodes_;
  ErrorFunctions functions_;
};

}  // namespace alignproof::check
