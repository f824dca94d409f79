// SPDX-License-Identifier: Apache-2.0
// The flow x' = psi'(x), and means of psi along it.
#include <alignproof/mean_field/isometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include <fmt/format.h>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>

#include <alignproof/core/error.hpp>

#include "mean_field/gauss_legendre.hpp"

namespace alignproof::inline mean_field {

namespace {

namespace odeint = boost::numeric::odeint;

/// How units move: each kind has its own q and q2.
enum class Motion { straight, relu, smooth };

Motion motion_of(const Activation& psi) {
  const ActivationProperties& known = properties(psi);
  if (known.linear) return Motion::straight;
  const auto value = value_function(psi);
  if (known.homogeneous && value(1) == 1 && value(-1) == 0) return Motion::relu;
  if (smoothness<double>(psi).L2) return Motion::smooth;
  throw InputError("activation", std::string(psi.name()),
                   "relu, or one whose derivative is Lipschitz");
}

/// Points that move along x' = +-psi'(x) together, by steps that they share.
class SideBlock {
 public:
  SideBlock(const Activation& psi, std::vector<double> x, double sign)
      : psi_(psi), sign_(sign), x_(std::move(x)), X_(x_.size(), 1) {}

  void move(double time) {
    const auto velocity = [this](const std::vector<double>& x, std::vector<double>& v, double) {
      std::copy(x.begin(), x.end(), X_.data());
      activate(psi_, X_, Psi_, D_);
      for (std::size_t k = 0; k < x.size(); ++k) v[k] = sign_ * D_.data()[k];
    };
    double at = 0;
    while (at < time) {
      const double left = time - at;
      double step = std::min(next_, left);
      const bool cut_short = step < next_;
      if (stepper_.try_step(velocity, x_, at, step) == odeint::success && cut_short) {
        if (!(left - (time - at) < left)) break;  // what is left is below a rounding
        next_ = std::max(next_, step);
      } else {
        next_ = step;
      }
    }
  }

  const std::vector<double>& x() const { return x_; }
  /// psi at the points.
  const Matrix<double>& values() {
    std::copy(x_.begin(), x_.end(), X_.data());
    activate(psi_, X_, Psi_, D_);
    return Psi_;
  }

 private:
  static constexpr double tolerance = 1e-14;

  Activation psi_;
  double sign_;
  std::vector<double> x_;
  Matrix<double> X_, Psi_, D_;
  double next_ = 0.1;
  decltype(odeint::make_controlled(
      tolerance, tolerance, odeint::runge_kutta_fehlberg78<std::vector<double>>())) stepper_ =
      odeint::make_controlled(tolerance, tolerance,
                              odeint::runge_kutta_fehlberg78<std::vector<double>>());
};

double normal_density(double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

/// Of g ~ N(0, gamma), the active half of which moves by s and dies at 0.
FlowMoments relu_moments(double gamma, double s) {
  const double root = std::sqrt(gamma), z = s / root;
  if (s >= 0) {
    const double mean = root / std::sqrt(2 * std::numbers::pi);
    return {mean + s / 2, gamma / 2 + 2 * s * mean + s * s / 2};
  }
  // z + phi / Phi is small against both where z is large: erfc keeps the digits of Phi.
  const double Phi = std::erfc(-z / std::numbers::sqrt2) / 2, density = normal_density(z);
  return {root * density + s * Phi, (gamma + s * s) * Phi + s * root * density};
}

constexpr double start_reach = 9;  ///< of normal variables, in standard deviations
constexpr std::size_t block_size = 20;

}  // namespace

double flow(const Activation& psi, double x, double s) {
  for (double value : {x, s})
    if (!std::isfinite(value)) throw InputError("x or s", quoted(value), "a finite number");
  switch (motion_of(psi)) {
    case Motion::straight:
      return x + s;
    case Motion::relu:
      return x > 0 ? std::max(x + s, 0.0) : x;
    case Motion::smooth:
      break;
  }
  SideBlock point(psi, {x}, s < 0 ? -1.0 : 1.0);
  point.move(std::abs(s));
  return point.x().front();
}

IsometricNodes IsometricNodes::coarser() const {
  const auto three_quarters = [](std::size_t size) {
    return std::max<std::size_t>(2, 3 * size / 4);
  };
  return {three_quarters(start_panels), three_quarters(path), three_quarters(feedback)};
}

struct IsometricFlow::Table {
  /// q and q2 at the Chebyshev points of low <= |s| <= high.
  struct Panel {
    double low, high;
    std::vector<double> q, q2;
  };
  /// s >= 0 or s <= 0: where the nodes have come to, and what was seen on the way.
  struct Side {
    std::vector<SideBlock> blocks;
    std::vector<Panel> panels;
  };

  Table(const Activation& psi, double gamma, const IsometricNodes& nodes)
      : motion(motion_of(psi)), odd(properties(psi).reflection == Reflection::odd) {
    if (motion != Motion::smooth) return;
    for (std::size_t j = 0; j < nodes.path; ++j) {
      const double angle =
          std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(nodes.path);
      point.push_back(-std::cos(angle));
      share.push_back((j % 2 == 0 ? 1 : -1) * std::sin(angle));
    }
    const Rule1D rule = gauss_legendre(block_size);
    const double half = start_reach / static_cast<double>(nodes.start_panels);
    for (std::size_t k = 0; k < nodes.start_panels; ++k) {
      std::vector<double> x;
      for (std::size_t j = 0; j < block_size; ++j) {
        const double g = -start_reach + half * (static_cast<double>(2 * k + 1) + rule.node[j]);
        x.push_back(std::sqrt(gamma) * g);
        weight.push_back(half * rule.weight[j] * normal_density(g));
      }
      sides[0].blocks.emplace_back(psi, x, 1);
      if (!odd) sides[1].blocks.emplace_back(psi, x, -1);
    }
  }

  FlowMoments mean(Side& side) const {
    FlowMoments sum;
    const double* w = weight.data();
    for (SideBlock& block : side.blocks) {
      const Matrix<double>& values = block.values();
      for (Eigen::Index j = 0; j < values.size(); ++j, ++w) {
        const double psi = values.data()[j];
        sum.q += *w * psi, sum.q2 += *w * psi * psi;
      }
    }
    return sum;
  }

  /// [0, 1], then from each power of 2 to the next.
  void extend(Side& side) const {
    Panel panel;
    panel.low = side.panels.empty() ? 0 : side.panels.back().high;
    panel.high = side.panels.empty() ? 1 : 2 * panel.low;
    const double half = (panel.high - panel.low) / 2;
    double at = panel.low;
    const auto move_to = [&](double s) {
      for (SideBlock& block : side.blocks) block.move(s - at);
      at = s;
    };
    for (double x : point) {
      move_to(panel.low + half * (1 + x));
      const FlowMoments here = mean(side);
      panel.q.push_back(here.q), panel.q2.push_back(here.q2);
    }
    move_to(panel.high);
    side.panels.push_back(std::move(panel));
  }

  /// Barycentric interpolation.
  FlowMoments between(const Panel& panel, double s) const {
    const double x = (2 * s - panel.low - panel.high) / (panel.high - panel.low);
    double q = 0, q2 = 0, all = 0;
    for (std::size_t j = 0; j < point.size(); ++j) {
      const double distance = x - point[j];
      if (distance == 0) return {panel.q[j], panel.q2[j]};
      const double w = share[j] / distance;
      q += w * panel.q[j], q2 += w * panel.q2[j], all += w;
    }
    return {q / all, q2 / all};
  }

  FlowMoments at(double s) {
    const double size = std::abs(s);
    const bool mirrored = odd && s < 0;
    Side& side = sides[s < 0 && !odd ? 1 : 0];
    std::size_t k = 0;
    for (double high = 1; high < size; high *= 2) ++k;
    while (side.panels.size() <= k) extend(side);
    const FlowMoments found = between(side.panels[k], size);
    return {mirrored ? -found.q : found.q, found.q2};
  }

  Motion motion;
  bool odd;
  std::vector<double> weight;        ///< of the nodes at the start
  std::vector<double> point, share;  ///< Chebyshev points and their barycentric weights
  std::array<Side, 2> sides;
};

IsometricFlow::IsometricFlow(const Activation& psi, double gamma, const IsometricNodes& nodes)
    : gamma_(gamma), nodes_(nodes) {
  if (!(gamma > 0) || !std::isfinite(gamma))
    throw InputError("gamma", quoted(gamma), "a finite number > 0");
  table_ = std::make_unique<Table>(psi, gamma, nodes);
}

IsometricFlow::~IsometricFlow() = default;

FlowMoments IsometricFlow::operator()(double s) {
  if (!std::isfinite(s)) throw InputError("s", quoted(s), "a finite number");
  switch (table_->motion) {
    case Motion::straight:
      return {s, gamma_ + s * s};
    case Motion::relu:
      return relu_moments(gamma_, s);
    case Motion::smooth:
      break;
  }
  return table_->at(s);
}

}  // namespace alignproof::inline mean_field
