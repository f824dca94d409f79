// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "erf_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alignproof::check {

namespace {

/// More terms than any budget pays for.
constexpr double most_terms = 1e6;

/// erf'(0)
Ball first_slope() {
  return 2 / sqrt(pi());
}

/// A strip of half width w <= 1/2 is wide enough for s up to w exp(m^2/4) / (e erf'(0)), m = 3/(2w)
/// - w.
Ball reach_of(const Ball& width) {
  const Ball m = 3 / (2 * width) - width;
  return width * exp(square(m) / 4 - 1) / first_slope();
}

double width_for(double largest) {
  double width = 0.5;
  while (width > 1e-3 && !(about(reach_of(width)) > largest)) width *= 0.98;
  return width;
}

}  // namespace

ErfFlow::ErfFlow(const Ball& gamma, double largest, double tolerance) : gamma_(gamma) {
  const double variance = about(gamma), digits = std::log(64 / tolerance);
  // No wider than so that exp(width^2 / (2 gamma)) does not outweigh what it buys.
  const double width = std::min(width_for(largest), std::sqrt(2 * variance * digits));
  const double step = 2 * std::acos(-1.0) * width / (digits + width * width / (2 * variance));
  // Where the rest of the sum is below the tolerance.
  const double range = std::sqrt(8 * variance * digits);
  double last = std::max(range, step);
  while (last < 1e4 && last - 2 * largest * std::exp(-last * last / 4) < range) last += step;
  terms_ = last / step;
  if (!(terms_ < most_terms)) {
    terms_ = std::numeric_limits<double>::infinity();
    return;
  }
  step_ = step;
  negligible_ = tolerance * 1e-6;
  for (std::size_t k = 0; k <= static_cast<std::size_t>(terms_) + 1; ++k) {
    const Ball m = Ball::count(k) * step_, m2 = square(m);
    nodes_.push_back({m, exp(m2 / 4), exp(0 - m2 / (8 * gamma_))});
  }
  terms_ = static_cast<double>(nodes_.size());
  most_ = reach_of(width);
  // |erf^2| / cos(3/2) <= 17 on |Im m| <= w <= 1/2.
  const Ball integral = 17 * exp(square(Ball(width)) / (2 * gamma_));
  error_ = 2 * integral / expm1(2 * pi() * width / step_);
}

/// In doubles: a number near the solution of growing((m + d)/2) - growing((m - d)/2) = erf'(0) s.
/// The left side is convex, and Newton's steps come from above.
double ErfFlow::guess(double m, double growth, double s, double start) {
  const double wanted = s * 2 / std::sqrt(std::acos(-1.0));
  double d = std::min(start, wanted / growth);
  for (int k = 0; k < 60; ++k) {
    const double missing =
        functions_.growing((m + d) / 2) - functions_.growing((m - d) / 2) - wanted;
    const double next = d - missing / (growth * std::exp(d * d / 4) * std::cosh(m * d / 2));
    if (!(next < d)) break;
    d = next;
  }
  return d;
}

/// The solution d >= 0. The left side grows by at least exp(m^2/4), so it is within |residual|
/// exp(-m^2/4) of the guess; the slope in between then gives it. `before`: of the node before,
/// where d is larger.
Ball ErfFlow::difference(const Node& node, const Ball& s, double& before) {
  const Ball wanted = first_slope() * s, most = wanted / node.growth;
  if (about(most) <= negligible_) return hull(0, most);
  before = guess(about(node.m), about(node.growth), about(s), before);
  if (!(before >= 0 && before < 50)) return unknown();
  const Ball d = before;
  const Ball residual =
      functions_.growing((node.m + d) / 2) - functions_.growing((node.m - d) / 2) - wanted;
  const Ball around = widened(d, abs(residual) / node.growth);
  return d - residual / (node.growth * exp(square(around) / 4) * cosh(node.m * around / 2));
}

/// What the sum leaves out beyond its last node M: there Phi_s(g) - g <= erf'(0) s exp(-M^2/4), so
/// g lies beyond (M - that)/2 on either side.
Ball ErfFlow::tail(const Ball& s) const {
  const Node& last = nodes_.back();
  const Ball nearest = last.m - first_slope() * s / last.growth;
  if (greater(nearest, 0) != Decision::proved) return unknown();
  return 2 * erfc(nearest / sqrt(8 * gamma_));
}

FlowMeans ErfFlow::at(const Ball& s) {
  if (nodes_.empty() || at_least(most_, s) != Decision::proved) return {unknown(), unknown()};
  FlowMeans sum;
  // Where m = 0: growing(y) >= (exp(y^2) - 1) / (2 y).
  double before = 2 * std::sqrt(2 * std::log1p(2 * about(s)));
  for (const Node& node : nodes_) {
    const Ball d = difference(node, s, before);
    // x = (m + d)/2 is where the unit with g = (m - d)/2 is, and at -m it goes from -x to -g.
    const Ball at_x = functions_.erf((node.m + d) / 2), at_g = functions_.erf((node.m - d) / 2);
    const Ball ratio = exp(node.m * d), tilt = exp(node.m * d / (4 * gamma_));
    const Ball scale = node.normal * exp(0 - square(d) / (8 * gamma_)) / (1 + ratio);
    const Ball here = scale * ratio * tilt, mirrored = scale / tilt;
    const Ball share = &node == &nodes_.front() ? 0.5 : 1;
    sum.q += share * (here * at_x - mirrored * at_g);
    sum.q2 += share * (here * square(at_x) + mirrored * square(at_g));
  }
  const Ball density = step_ / sqrt(2 * pi() * gamma_), error = error_ + tail(s);
  return {widened(density * sum.q, error), widened(density * sum.q2, error)};
}

}  // namespace alignproof::check
