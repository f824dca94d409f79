// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "normal_rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <arb_hypgeom.h>

namespace alignproof::check {

namespace {

constexpr double most_points = 1e5;

Ball density(const Ball& b) {
  return exp(0 - square(b) / 2) / sqrt(2 * pi());
}

/// The density of t b where t is uniform on [0, 1]: E_1(b^2/2) / (2 sqrt(2 pi)), for b > 0.
Ball course_density(const Ball& b) {
  Ball z;
  arb_hypgeom_gamma_upper(z.get(), Ball().get(), (square(b) / 2).get(), 0, precision());
  return z / (2 * sqrt(2 * pi()));
}

/// From 0 to 2 pi: cos(j pi / (2 m)), j = 0 .. 4 m - 1.
std::vector<Ball> cosines(std::size_t m) {
  std::vector<Ball> of(4 * m);
  for (std::size_t j = 0; j < of.size(); ++j)
    arb_cos_pi(of[j].get(), (Ball::count(j) / Ball::count(2 * m)).get(), precision());
  return of;
}

struct Interval {
  Ball low, high;
};

/// Integrals of b^i over the interval, i = 0 .. count - 1, against both densities.
struct Moments {
  std::vector<Ball> normal, course;
};

/// By parts: (b^(i-1) phi)' = (i-1) b^(i-2) phi - b^i phi, and b times the derivative of the other
/// density is -phi.
Moments moments(const Interval& over, std::size_t count) {
  const auto& [low, high] = over;
  const bool from_0 = arb_is_zero(low.get());
  const Ball at_low = density(low), at_high = density(high);
  const Ball course_low = from_0 ? Ball() : course_density(low), course_high = course_density(high);
  Moments of{std::vector<Ball>(count), std::vector<Ball>(count)};
  Ball power_low = 1, power_high = 1;  // b^(i-1), for i = 0 not used
  for (std::size_t i = 0; i < count; ++i) {
    if (i == 0) {
      of.normal[0] = (erf(high / sqrt(2)) - erf(low / sqrt(2))) / 2;
    } else {
      const Ball ends = power_high * at_high - power_low * at_low;
      of.normal[i] = (i == 1 ? Ball() : Ball::count(i - 1) * of.normal[i - 2]) - ends;
      power_low = power_low * low, power_high = power_high * high;
    }
    // Here the powers are b^i.
    const Ball ends = power_high * high * course_high - power_low * low * course_low;
    of.course[i] = (ends + of.normal[i]) / Ball::count(i + 1);
  }
  return of;
}

/// Integrals of b^i T_k((b - c)/l), of which i = 0 is asked for, k = 0 .. count - 1, from those of
/// b^i, i = 0 .. count - 1: T_(k+1) = 2 t T_k - T_(k-1).
std::vector<Ball> chebyshev_moments(std::vector<Ball> now, const Ball& c, const Ball& l) {
  const std::size_t count = now.size();
  std::vector<Ball> before(count), of{now[0]};
  for (std::size_t k = 1; k < count; ++k) {
    std::vector<Ball> next(count - k);
    for (std::size_t i = 0; i + k < count; ++i) {
      const Ball t_times = (now[i + 1] - c * now[i]) / l;
      next[i] = k == 1 ? t_times : 2 * t_times - before[i];
    }
    before = std::move(now), now = std::move(next);
    of.push_back(now[0]);
  }
  return of;
}

/// 4 rho^-(m-1) / (rho - 1): how far the polynomial through m points is from f, where |f| <= 1 on
/// the ellipse that reaches as high as the strip.
Ball interpolation_error(const Ball& half, const Ball& strip, std::size_t m) {
  const Ball height = strip / half, rho = height + sqrt(1 + square(height));
  Ball power;
  arb_pow_ui(power.get(), rho.get(), m - 1, precision());
  return 4 / (power * (rho - 1));
}

/// Extra bits for what cancels between powers of b and the polynomials, and in the recursion of the
/// moments.
long bits_for(double low, double high, std::size_t m) {
  const double half = (high - low) / 2, number = static_cast<double>(m);
  const double growth = 2 * (2 * std::max(high, std::sqrt(number)) / half + 2);
  return precision() + static_cast<long>(std::log2(growth) * number) + 32;
}

void add_panel(NormalRule& rule, double low, double high, double strip, std::size_t m) {
  std::array<std::vector<Ball>, 3> of;  // even, odd, course
  const Ball centre = (Ball(low) + high) / 2, half = (Ball(high) - low) / 2;
  {
    const PrecisionScope scope(bits_for(low, high, m));
    Moments powers = moments({low, high}, m + 1);
    of[1] = chebyshev_moments({powers.normal.begin() + 1, powers.normal.end()}, centre, half);
    powers.normal.pop_back(), powers.course.pop_back();
    of[0] = chebyshev_moments(std::move(powers.normal), centre, half);
    of[2] = chebyshev_moments(std::move(powers.course), centre, half);
  }
  // Both signs of b.
  const Ball error = 2 * interpolation_error(half, strip, m);
  rule.even_error += error * of[0][0];
  rule.odd_error += error * of[1][0];
  rule.course_error += error * of[2][0];
  const std::vector<Ball> cosine = cosines(m);
  for (std::size_t i = 0; i < m; ++i) {
    NormalRule::Point point;
    point.b = centre + half * cosine[2 * i + 1];
    std::array<Ball*, 3> weights = {&point.even, &point.odd, &point.course};
    for (std::size_t which = 0; which < 3; ++which) {
      Ball sum = of[which][0] / 2;
      for (std::size_t k = 1; k < m; ++k)
        arb_addmul(sum.get(), cosine[k * (2 * i + 1) % (4 * m)].get(), of[which][k].get(),
                   precision());
      *weights[which] = 4 * sum / Ball::count(m);
    }
    rule.points.push_back(std::move(point));
  }
}

}  // namespace

double Panels::count() const {
  return static_cast<double>(std::accumulate(points.begin(), points.end(), std::size_t(0)));
}

Panels panels_for(double strip, double tolerance) {
  const double digits = std::log(16 / tolerance);
  Panels panels{.end = std::ceil(64 * std::sqrt(2 * digits)) / 64};
  // Ellipses of height 0.6 of their half length, or higher ones.
  const double number = std::ceil(panels.end * 0.3 / strip);
  if (!(number * 64 < most_points)) return panels;
  const double half = panels.end / number / 2, height = strip / half;
  const double log_rho = std::asinh(height), front = 4 / (std::exp(log_rho) - 1);
  for (double panel = 0; panel < number; ++panel) {
    // The weight of all that is not nearer to 0: far out fewer points will do.
    const double start = 2 * half * panel, weight = std::exp(-start * start / 2);
    const double needed = std::log(front * weight * 16 / tolerance) / log_rho;
    panels.points.push_back(static_cast<std::size_t>(std::clamp(needed, 0.0, 1e4)) + 2);
  }
  return panels;
}

NormalRule normal_rule(const Panels& panels, double strip) {
  NormalRule rule;
  const double number = static_cast<double>(panels.points.size());
  if (panels.points.empty()) {
    rule.even_error = rule.odd_error = rule.course_error = unknown();
    return rule;
  }
  const auto edge = [&](double j) { return panels.end * (j / number); };
  for (std::size_t j = 0; j < panels.points.size(); ++j)
    add_panel(rule, edge(static_cast<double>(j)), edge(static_cast<double>(j + 1)), strip,
              panels.points[j]);
  // Beyond the end |f| <= 1; the course of b is nearer to 0 than b.
  const Ball end = edge(number), beyond = erfc(end / sqrt(2));
  rule.even_error += beyond;
  rule.odd_error += 2 * density(end);
  rule.course_error += beyond;
  return rule;
}

}  // namespace alignproof::check
