// SPDX-License-Identifier: Apache-2.0
// E f(u) f(v) in doubles by the trapezoidal rule in two dimensions, f = tanh or ln(2 cosh): neither
// the formula nor the arithmetic of the library.
//
// In whitened coordinates u = su z1, v = sv (rho z1 + rho_c z2). The rule with step h converges
// like exp(c^2 / 2 - 2 pi c / h) for every c below the distance pi / (2 s) of the singularities
// (Trefethen and Weideman, The exponentially convergent trapezoidal rule, SIAM Review 2014); steps
// are halved until two results agree to 1e-13.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace alignproof::reference {

using Values = Eigen::ArrayXd;

struct GaussianPair {
  double su, sv;  ///< standard deviations
  double rho;     ///< correlation in [-1, 1]
};

/// Points and weights of a rule for the normal density.
struct Grid {
  Values z, weight;
};

inline constexpr double normal_range = 8.5;  ///< P(|z| > 8.5) = 1.9e-17
inline constexpr double decay_goal = 38;     ///< e^-38 = 3e-17

inline double step_for(double s) {
  const double at_density = std::sqrt(2 * decay_goal);
  const double c = s * at_density <= std::numbers::pi / 2 ? at_density : std::numbers::pi / (2 * s);
  return 2 * std::numbers::pi * c / (decay_goal + c * c / 2);
}

inline Grid grid_from(double first, double h) {
  const double last = std::ceil(normal_range / h);
  const auto points = static_cast<Eigen::Index>(last - first + 1);
  const Values z = Values::LinSpaced(points, first, last) * h;
  return {z, (-0.5 * z.square()).exp() * (h / std::sqrt(2 * std::numbers::pi))};
}

inline double log_cosh(double x) {
  return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x)));
}

/// The integrand is even under (z1, z2) -> (-z1, -z2): twice the half z1 > 0, and z1 = 0.
template <class F>
double trapezoid(F f, const GaussianPair& g, double h1, double h2) {
  const double rho_c = std::sqrt((1 - g.rho) * (1 + g.rho));
  Grid outer = grid_from(0, h1);
  outer.weight(0) /= 2;
  const Grid inner = rho_c == 0 ? Grid{Values::Zero(1), Values::Ones(1)}
                                : grid_from(-std::ceil(normal_range / h2), h2);
  double sum = 0;
  for (Eigen::Index k = 0; k < outer.z.size(); ++k) {
    double row = 0;
    for (Eigen::Index l = 0; l < inner.z.size(); ++l)
      row += inner.weight(l) * f(g.sv * (g.rho * outer.z(k) + rho_c * inner.z(l)));
    sum += outer.weight(k) * f(g.su * outer.z(k)) * row;
  }
  return 2 * sum;
}

/// Off by about 1e-13 of max(1, su) max(1, sv).
template <class F>
double expectation(F f, const GaussianPair& g) {
  const double rho_c = std::sqrt((1 - g.rho) * (1 + g.rho));
  double h1 = step_for(g.su), h2 = step_for(g.sv * rho_c), coarse = trapezoid(f, g, h1, h2);
  for (int halving = 0; halving < 4; ++halving) {
    const double fine = trapezoid(f, g, h1 /= 2, h2 /= 2);
    if (std::abs(fine - coarse) <= 1e-13 * std::max(1.0, g.su) * std::max(1.0, g.sv)) return fine;
    coarse = fine;
  }
  throw std::runtime_error("the trapezoidal rule did not settle");
}

}  // namespace alignproof::reference
