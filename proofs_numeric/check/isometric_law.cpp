// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "isometric_law.hpp"

#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "erf_flow.hpp"
#include "flow_means.hpp"
#include "normal_rule.hpp"

namespace alignproof::check {

namespace {

Ball atan(const Ball& x) {
  return atan2(x, 1);
}

Ball cube(const Ball& x) {
  return x * square(x);
}

// ---- psi(x) = x: a = g + s ----

IsometricMoments identity_moments(const Ball& gamma, const Ball& M) {
  const Ball s2 = square(gamma * M);
  return {.g2 = gamma + s2, .g11 = s2, .phi = gamma * M};
}

IsometricIntegrals identity_integrals(const Ball& gamma, const Ball& M) {
  const Ball third = square(gamma) * cube(M) / 3;
  return {.g2 = gamma * M + third, .g11 = third};
}

// ---- relu: an active unit moves by s and stays at 0 once it is there; k = sqrt(gamma) M ----

IsometricMoments relu_moments(const Ball& gamma, const Ball& M) {
  const Ball k = sqrt(gamma) * M, root = sqrt(1 + 2 * square(k));
  const Ball alive = Ball(0.5) - atan(k) / (2 * pi());
  const Ball both = alive - Ball(0.25) + atan(square(k) / root) / (4 * pi());
  return {.g2 = gamma * ((1 + square(k)) * alive + k / (2 * pi())),
          .g11 = gamma * ((1 + root) / (4 * pi()) + square(k) * both),
          .phi = sqrt(gamma) * k * alive};
}

IsometricIntegrals relu_integrals(const Ball& gamma, const Ball& M) {
  const Ball k = sqrt(gamma) * M, k2 = square(k), root = sqrt(1 + 2 * k2);
  const Ball log_1_k2 = log1p(k2), angle = atan(k);
  Ball asinh_k;  // of sqrt 2 k
  arb_asinh(asinh_k.get(), (sqrt(2) * k).get(), precision());
  asinh_k = asinh_k / sqrt(2);
  // Integrals from 0 to k of (1 + x^2) atan x, x^2 atan x, sqrt(1 + 2 x^2) and x^2 asin(x^2 / (1 +
  // x^2)).
  const Ball turned = (k + cube(k) / 3) * angle - k2 / 6 - log_1_k2 / 3;
  const Ball square_turned = cube(k) * angle / 3 - k2 / 6 + log_1_k2 / 6;
  const Ball length = (k * root + asinh_k) / 2;
  Ball atanh_k;
  arb_atanh(atanh_k.get(), (k / root).get(), precision());
  const Ball rest = k * root / 4 - 5 * asinh_k / 4 + atanh_k;
  const Ball correlated = cube(k) * atan(k2 / root) / 3 - 2 * rest / 3;
  const Ball g2 = (k + cube(k) / 3) / 2 - turned / (2 * pi()) + k2 / (4 * pi());
  const Ball g11 = (k + length) / (4 * pi()) + cube(k) / 12 - square_turned / (2 * pi()) +
                   correlated / (4 * pi());
  // gamma dM = sqrt(gamma) dk.
  return {.g2 = sqrt(gamma) * g2, .g11 = sqrt(gamma) * g11};
}

template <IsometricMoments (*moments)(const Ball&, const Ball&),
          IsometricIntegrals (*integrals)(const Ball&, const Ball&)>
IsometricLaw in_closed_form(const Ball& gamma, const Ball& low, const Ball& high, Budget&) {
  return {moments(gamma, hull(low, high)), integrals(gamma, low), integrals(gamma, high)};
}

// ---- tanh, erf, and sigmoid(x) = (1 + tanh(x/2)) / 2 ----

/// Everything at one M: the moments, and the integrals divided by M.
struct FlowValues {
  Ball g2, g11, phi, course2, course11;
};

template <class Flow>
FlowValues flow_values(const Ball& gamma, const Ball& M, Budget& budget) {
  const FlowValues nothing{unknown(), unknown(), unknown(), unknown(), unknown()};
  const double tolerance = std::exp2(-static_cast<double>(precision()) / 2);
  const Ball sigma = gamma * M;
  const double strip = Flow::strip / about(sigma) * (1 - 1e-8);
  if (greater(Flow::strip, strip * sigma) != Decision::proved) return nothing;
  const Panels panels = panels_for(strip, tolerance);
  Flow flow(gamma, about(sigma) * panels.end, tolerance);
  // Without points there were too many.
  const double points = panels.points.empty() ? HUGE_VAL : panels.count();
  const double work = Flow::work_of_term * flow.terms() * points;
  if (!budget.allows(work, fmt::format("{:.3g} equations", flow.terms() * points))) return nothing;
  budget.spend(work);
  const NormalRule rule = normal_rule(panels, strip);
  FlowValues sum;
  for (const NormalRule::Point& point : rule.points) {
    const FlowMeans means = flow.at(sigma * point.b);
    const Ball q_squared = square(means.q);
    sum.g2 += point.even * means.q2, sum.g11 += point.even * q_squared;
    sum.phi += point.odd * means.q;
    sum.course2 += point.course * means.q2, sum.course11 += point.course * q_squared;
  }
  const Ball even = Flow::modulus * rule.even_error, odd = Flow::modulus * rule.odd_error,
             course = Flow::modulus * rule.course_error;
  return {widened(sum.g2, even), widened(sum.g11, even), widened(sum.phi, odd),
          widened(sum.course2, course), widened(sum.course11, course)};
}

/// From the values at the middle: 0 <= q' <= S and |q2'| <= S, S the largest psi'^2, so that in M
/// g2 has slopes of at most S gamma E|b| < S gamma, phi of S gamma E b^2, g11 of 2 S gamma E|b|.
template <class Flow>
IsometricLaw flow_law(const Ball& gamma, const Ball& low, const Ball& high, Budget& budget) {
  const Ball M = midpoint((low + high) / 2);
  const FlowValues at = flow_values<Flow>(gamma, M, budget);
  const Ball below = abs(M - low), above = abs(high - M),
             slope = Flow::steepest * gamma * max(below, above);
  const IsometricMoments between{.g2 = widened(at.g2, slope),
                                 .g11 = widened(at.g11, 2 * slope),
                                 .phi = widened(at.phi, slope)};
  const auto integrals = [&](const Ball& moved) -> IsometricIntegrals {
    return {M * at.course2 + moved * between.g2, M * at.course11 + moved * between.g11};
  };
  return {between, integrals(low - M), integrals(high - M)};
}

/// tanh(x/2) flows with gamma/4 along s/8, so that M is halved, and the means of odd functions of b
/// are 0.
IsometricLaw sigmoid_law(const Ball& gamma, const Ball& low, const Ball& high, Budget& budget) {
  const IsometricLaw of = flow_law<TanhFlow>(gamma / 4, low / 2, high / 2, budget);
  const auto integrals = [](const IsometricIntegrals& to, const Ball& M) -> IsometricIntegrals {
    return {(M + 2 * to.g2) / 4, (M + 2 * to.g11) / 4};
  };
  return {.between = {.g2 = (1 + of.between.g2) / 4,
                      .g11 = (1 + of.between.g11) / 4,
                      .phi = of.between.phi / 2},
          .to_low = integrals(of.to_low, low),
          .to_high = integrals(of.to_high, high)};
}

// ---- Which ----

struct Row {
  const char* name;
  IsometricLaw (*law)(const Ball& gamma, const Ball& low, const Ball& high, Budget& budget);
};

constexpr std::array<Row, 5> rows = {
    {{"identity", in_closed_form<identity_moments, identity_integrals>},
     {"tanh", flow_law<TanhFlow>},
     {"erf", flow_law<ErfFlow>},
     {"sigmoid", sigmoid_law},
     {"relu", in_closed_form<relu_moments, relu_integrals>}}};

const Row& row_of_law(const Activation& activation) {
  std::string names;
  for (const Row& row : rows) {
    if (to_string(activation) == row.name) return row;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  throw InputError("activation of a law certificate", std::string(to_string(activation)), names);
}

}  // namespace

void require_isometric(const Activation& activation) {
  row_of_law(activation);
}

IsometricLaw isometric_law(const Activation& activation, const Ball& gamma, const Ball& low,
                           const Ball& high, Budget& budget) {
  return row_of_law(activation).law(gamma, low, high, budget);
}

}  // namespace alignproof::check
