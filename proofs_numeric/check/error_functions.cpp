// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "error_functions.hpp"

#include <algorithm>
#include <cmath>

#include <arb_hypgeom.h>

#include "taylor_series.hpp"

namespace alignproof::check {

namespace {

constexpr double per_unit = 16;
/// |h| <= 1/30: half the distance of two points, and what rounding adds.
constexpr double reach = 30;
/// Beyond it exp(x^2) is no double.
constexpr double farthest = 26;

std::size_t nearest(double x) {
  return static_cast<std::size_t>(std::lround(x * per_unit));
}

/// The integral of a series, with another constant term.
TaylorSeries integral(const TaylorSeries& of, const Ball& constant) {
  TaylorSeries z(of.count());
  arb_poly_integral(z.get(), of.get(), precision());
  arb_poly_truncate(z.get(), z.length());
  return z + TaylorSeries(constant, of.count());
}

std::vector<Ball> coefficients(const TaylorSeries& of) {
  std::vector<Ball> c;
  for (std::size_t k = 0; k < of.count(); ++k) c.push_back(of[k]);
  return c;
}

}  // namespace

ErrorFunctions::ErrorFunctions() : terms_(static_cast<std::size_t>(precision()) / 5 + 6) {}

Ball ErrorFunctions::Polynomial::at(const Ball& h) const {
  if (greater(1 / Ball(reach), abs(h)) != Decision::proved) return unknown();
  Ball sum = c.back();
  for (std::size_t k = c.size() - 1; k-- > 0;) {
    arb_mul(sum.get(), sum.get(), h.get(), precision());
    arb_add(sum.get(), sum.get(), c[k].get(), precision());
  }
  return widened(sum, rest);
}

/// On the circle of radius 1 about x >= 0 |exp(z^2)| <= exp((x+1)^2) and |exp(-z^2)| <= e, so that
/// coefficient k of the integrals is at most that / k.
const ErrorFunctions::Cell& ErrorFunctions::cell(std::size_t j) {
  const auto known = cells_.find(j);
  if (known != cells_.end()) return known->second;
  const Ball x = Ball::count(j) / per_unit, per_root = 2 / sqrt(pi());
  const TaylorSeries h = TaylorSeries::at(x, terms_), h2 = h * h;
  Ball erfi;
  arb_hypgeom_erfi(erfi.get(), x.get(), precision());
  Cell of;
  of.erf.c = coefficients(integral(per_root * exp(Ball() - h2), check::erf(x)));
  of.growing.c = coefficients(integral(exp(h2), erfi / per_root));
  Ball power;
  arb_pow_ui(power.get(), (1 / Ball(reach)).get(), terms_, precision());
  const Ball tail = power / (1 - 1 / Ball(reach)) / Ball::count(terms_);
  of.erf.rest = per_root * exp(Ball(1)) * tail;
  of.growing.rest = exp(square(x + 1)) * tail;
  for (const Ball& c : of.growing.c) of.rough.push_back(about(c));
  return cells_.emplace(j, std::move(of)).first->second;
}

Ball ErrorFunctions::erf(const Ball& x) {
  const double size = std::abs(about(x));
  if (!(size < farthest)) return check::erf(x);
  if (about(x) < 0) return 0 - erf(0 - x);
  const std::size_t j = nearest(size);
  return cell(j).erf.at(x - Ball::count(j) / per_unit);
}

Ball ErrorFunctions::growing(const Ball& x) {
  const double size = std::abs(about(x));
  if (!(size < farthest)) return unknown();
  if (about(x) < 0) return 0 - growing(0 - x);
  const std::size_t j = nearest(size);
  return cell(j).growing.at(x - Ball::count(j) / per_unit);
}

double ErrorFunctions::growing(double x) {
  if (!(std::abs(x) < farthest)) return std::copysign(HUGE_VAL, x);
  if (x < 0) return -growing(-x);
  const std::size_t j = nearest(x);
  const double h = x - static_cast<double>(j) / per_unit;
  const std::vector<double>& c = cell(j).rough;
  double sum = 0;
  for (std::size_t k = std::min<std::size_t>(c.size(), 16); k-- > 0;) sum = sum * h + c[k];
  return sum;
}

}  // namespace alignproof::check
