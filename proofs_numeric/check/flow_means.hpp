// SPDX-License-Identifier: Apache-2.0
// A unit of the alignment law on isometric data: its input g ~ N(0, gamma) flows along
// da/ds = tanh'(a), and what is wanted are the means of tanh(a) and tanh^2(a) at s. Proofs:
// reports/docs/law_certificates.md, section 5.
#pragma once

#include <cstddef>
#include <vector>

#include "ball.hpp"

namespace alignproof::check {

/// E tanh(Phi_s(g)) and E tanh(Phi_s(g))^2
struct FlowMeans {
  Ball q, q2;
};

/// By the trapezoidal rule in m = g + Phi_s(g), whose error and tails are in the balls.
class TanhFlow {
 public:
  /// Both means are analytic for |Im s| <= strip: pi/8 + 1/4, rounded down.
  static constexpr double strip = 0.6426;
  /// At most so large there are q, q2 and q^2 in modulus.
  static constexpr double modulus = 1;
  /// The largest psi'^2, which bounds dq/ds and dq2/ds.
  static constexpr double steepest = 1;
  /// Of one solution of the flow's equation and its terms, in multiplications at 128 bits.
  static constexpr double work_of_term = 200;

  /// For s up to `largest`; the error of a mean is about `tolerance` there. Both, and gamma > 0,
  /// choose the rule; the enclosures hold whatever they are.
  TanhFlow(const Ball& gamma, double largest, double tolerance);

  /// For s >= 0.
  FlowMeans at(const Ball& s) const;

  /// Terms of the sum, each an equation that is solved; infinite where there would be too many.
  double terms() const { return terms_; }

 private:
  struct Node {
    Ball m, sinh_m, cosh_m, normal;  ///< exp(-m^2 / (8 gamma))
  };
  Ball tail(const Ball& s) const;

  Ball gamma_, step_, error_;
  double terms_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace alignproof::check
