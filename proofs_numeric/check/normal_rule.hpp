// SPDX-License-Identifier: Apache-2.0
// Means over b ~ N(0, 1) of functions of |b| that are known at few points and analytic in a strip.
// Proofs: reports/docs/law_certificates.md, section 7.
#pragma once

#include <cstddef>
#include <vector>

#include "ball.hpp"

namespace alignproof::check {

/// For f that is analytic with |f| <= 1 on |Im b| <= strip and real on the line, and f(b_i) at the
/// points b_i > 0: the sum of f(b_i) times a weight, widened by the error, encloses
struct NormalRule {
  struct Point {
    Ball b;
    Ball even;    ///< E f(|b|)
    Ball odd;     ///< E |b| f(|b|)
    Ball course;  ///< the integral of E f(t |b|) over t from 0 to 1
  };
  std::vector<Point> points;
  Ball even_error, odd_error, course_error;
};

/// How the half line is cut: `panels` of equal length up to `end`, and the points of each.
struct Panels {
  double end = 0;
  std::vector<std::size_t> points{};

  double count() const;
};

/// A choice for which each error of the rule is about `tolerance`; no points where there would be
/// too many.
Panels panels_for(double strip, double tolerance);

/// Holds for any panels; the errors tell whether these were good ones.
NormalRule normal_rule(const Panels& panels, double strip);

}  // namespace alignproof::check
