// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "flow_means.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alignproof::check {

namespace {

/// More terms than any budget pays for.
constexpr double most_terms = 1e6;

/// A double near the solution of d + c sinh d = 2 s: a guess. Newton's steps come from above, as
/// the left side is convex and both bounds are at least the solution.
double guess(double c, double s) {
  double d = std::min(2 * s / (1 + c), std::asinh(2 * s / c));
  for (int k = 0; k < 60; ++k) {
    const double next = d - (d + c * std::sinh(d) - 2 * s) / (1 + c * std::cosh(d));
    if (!(next < d)) break;
    d = next;
  }
  return d;
}

struct Hyperbolic {
  Ball sinh, cosh;
};

Hyperbolic hyperbolic(const Ball& x) {
  Hyperbolic z;
  arb_sinh_cosh(z.sinh.get(), z.cosh.get(), x.get(), precision());
  return z;
}

/// The solution d >= 0 of d + c sinh d = 2 s, where c >= 1. The left side grows by at least 1 + c,
/// so it is within |residual| / (1 + c) of the guess; the slope in between then gives it.
Ball difference(const Ball& c, const Ball& s) {
  const double start = guess(about(c), about(s));
  if (!(start >= 0 && start < 700)) return unknown();
  const Ball d = start, residual = d + c * sinh(d) - 2 * s;
  const Ball around = widened(d, abs(residual) / (1 + c));
  return d - residual / (1 + c * cosh(around));
}

}  // namespace

TanhFlow::TanhFlow(const Ball& gamma, double largest, double tolerance) : gamma_(gamma) {
  const double variance = about(gamma), digits = std::log(16 / tolerance);
  // Half the width of the strip, so that exp(width^2 / (2 gamma)) does not outweigh what it buys.
  const double width = std::min(0.52, std::sqrt(2 * variance * digits));
  const double step = 2 * std::acos(-1.0) * width / (digits + width * width / (2 * variance));
  // Where the rest of the sum is below the tolerance.
  const double range = std::sqrt(8 * variance * digits);
  double last = std::max(range, step);
  while (last < 1e4 && last - 2 * largest / (1 + std::cosh(last)) < range) last += step;
  terms_ = last / step;
  if (!(terms_ < most_terms)) {
    terms_ = std::numeric_limits<double>::infinity();
    return;
  }
  step_ = step;
  for (std::size_t k = 0; k <= static_cast<std::size_t>(terms_) + 1; ++k) {
    const Ball m = Ball::count(k) * step_;
    const Hyperbolic of_m = hyperbolic(m);
    nodes_.push_back({m, of_m.sinh, of_m.cosh, exp(0 - square(m) / (8 * gamma_))});
  }
  terms_ = static_cast<double>(nodes_.size());
  // |Im m| <= w: the integral of the modulus is at most exp(w^2 / (2 gamma)) / cos(2 w).
  Ball cos_2w;
  arb_cos(cos_2w.get(), Ball(2 * width).get(), precision());
  const Ball modulus = exp(square(Ball(width)) / (2 * gamma_)) / cos_2w;
  error_ = 2 * modulus / expm1(2 * pi() * width / step_);
}

/// What the sum leaves out beyond its last node M: there |Phi_s(g) - g| <= 2 s / (1 + cosh M), so g
/// lies beyond (M - that)/2 on either side.
Ball TanhFlow::tail(const Ball& s) const {
  const Node& last = nodes_.back();
  const Ball nearest = last.m - 2 * s / (1 + last.cosh_m);
  if (greater(nearest, 0) != Decision::proved) return unknown();
  return 2 * erfc(nearest / sqrt(8 * gamma_));
}

FlowMeans TanhFlow::at(const Ball& s) const {
  if (nodes_.empty()) return {unknown(), unknown()};
  FlowMeans sum;
  for (const Node& node : nodes_) {
    const Ball d = difference(node.cosh_m, s);
    const Hyperbolic of_d = hyperbolic(d);
    // x = (m + d)/2 is where the unit with g = (m - d)/2 is, and at -m it goes from -x to -g.
    const Ball outer = node.cosh_m * of_d.cosh, inner = node.sinh_m * of_d.sinh;
    const Ball cross = node.sinh_m * of_d.cosh, along = node.cosh_m * of_d.sinh;
    const Ball sinh_2x = cross + along, sinh_2g = cross - along;
    const Ball cosh_2x = outer + inner, cosh_2g = outer - inner;
    const Ball scale = node.normal * exp(0 - square(d) / (8 * gamma_)) / (1 + outer);
    const Ball tilt = exp(node.m * d / (4 * gamma_));
    // tanh x cosh^2 x = sinh(2x)/2 and tanh^2 x cosh^2 x = (cosh(2x) - 1)/2.
    const Ball half = &node == &nodes_.front() ? 0.25 : 0.5;
    sum.q += half * scale * (sinh_2x * tilt - sinh_2g / tilt);
    sum.q2 += half * scale * ((cosh_2x - 1) * tilt + (cosh_2g - 1) / tilt);
  }
  const Ball density = step_ / sqrt(2 * pi() * gamma_), error = error_ + tail(s);
  return {widened(density * sum.q, error), widened(density * sum.q2, error)};
}

}  // namespace alignproof::check
