// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/isometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/linalg/spectrum.hpp>

#include "mean_field/gauss_legendre.hpp"
#include "mean_field/problem.hpp"

namespace alignproof::inline mean_field {

namespace {

namespace odeint = boost::numeric::odeint;

constexpr double reach = 9;  ///< of b, in standard deviations

/// What b is drawn from, as nodes and weights. q changes where b gamma M is about 1 or a standard
/// deviation of g, however large M is: panels double from there on.
Rule1D feedback_rule(const IsometricFlow& along, double largest_M, FeedbackLaw feedback) {
  switch (feedback) {
    case FeedbackLaw::signs:
      return {{-1, 1}, {0.5, 0.5}};
    case FeedbackLaw::normal:
      break;
  }
  const double drift = along.gamma() * largest_M;
  const double scale = std::min(1.0, std::sqrt(along.gamma()));
  std::vector<double> ends = {0, drift > scale ? scale / drift : 1};
  while (ends.back() < reach) ends.push_back(std::min(reach, 2 * ends.back()));
  const Rule1D panel = gauss_legendre(along.nodes().feedback);
  Rule1D rule;
  for (std::size_t k = 0; k + 1 < ends.size(); ++k)
    for (std::size_t j = 0; j < panel.node.size(); ++j) {
      const double half = (ends[k + 1] - ends[k]) / 2, b = ends[k] + half * (1 + panel.node[j]);
      const double weight =
          half * panel.weight[j] * std::exp(-b * b / 2) / std::sqrt(2 * std::numbers::pi);
      for (double sign : {-1.0, 1.0}) rule.node.push_back(sign * b), rule.weight.push_back(weight);
    }
  return rule;
}

void require_valid(const IsometricData& data, double lambda, const std::vector<double>& times) {
  detail::require_positive("gamma", data.gamma);
  detail::require_positive("lambda", lambda);
  if (data.y.size() == 0 || !data.y.allFinite() || data.y.isZero(0))
    throw InputError("y", fmt::format("{} entries, |y| = {}", data.y.size(), data.y.norm()),
                     "finite numbers, not all 0");
  double before = 0;
  for (double tau : times) {
    if (!(tau >= before) || !std::isfinite(tau))
      throw InputError("tau", quoted(tau), fmt::format("a number >= {}", before));
    before = tau;
  }
}

IsometricPoint point_at(IsometricFlow& along, const IsometricData& data, double lambda, double tau,
                        const Vector<double>& M, FeedbackLaw feedback) {
  IsometricPoint point{observe(isometric_moments(along, M, feedback), data.y, lambda), M};
  point.field.tau = tau, point.field.Lambda = lambda * tau;
  return point;
}

/// The largest of what the cosines and |e|/|y| differ by.
double distance(const FieldPoint& a, const FieldPoint& b, double y_norm) {
  return std::max({std::abs(a.cosine - b.cosine), std::abs(a.signal - b.signal),
                   std::abs(a.cosine_after_cut - b.cosine_after_cut),
                   std::abs(a.error - b.error) / y_norm});
}

/// Solves twice, and tells the error.
template <class Solve>
auto with_estimate(const IsometricData& data, const IsometricNodes& nodes, const Solve& solve) {
  auto fine = solve(nodes);
  const auto coarse = solve(nodes.coarser());
  for (std::size_t k = 0; k < fine.size() && k < coarse.size(); ++k)
    fine[k].field.error_estimate = distance(fine[k].field, coarse[k].field, data.y.norm());
  return fine;
}

/// sign(y_i), if (I2) holds.
Vector<double> signs_of(const IsometricData& data, const Activation& psi) {
  const double size = data.y.cwiseAbs()(0);
  const Vector<double> signs = data.y.cwiseSign();
  const bool same_size = (data.y.cwiseAbs().array() == size).all();
  const bool same_sign = (signs.array() == signs(0)).all(), balanced = signs.sum() == 0;
  if (!same_size || !(same_sign || balanced || properties(psi).reflection == Reflection::odd))
    throw InputError("y", fmt::format("[{}]", fmt::join(data.y.begin(), data.y.end(), ", ")),
                     same_size ? "targets of one sign or as many of each, since psi is not odd"
                               : "targets of equal size");
  return signs;
}

/// (I2): lambda ybar tau as a function of M >= 0.
class Quadrature {
 public:
  Quadrature(const IsometricData& data, const Activation& psi, double lambda,
             const IsometricOptions& options)
      : along_(psi, data.gamma, options.nodes),
        signs_(signs_of(data, psi)),
        feedback_(options.feedback),
        lambda_(lambda),
        panel_(gauss_legendre(options.nodes.feedback)) {}

  /// lambda + s^T G s / n.
  double stiffness(double M) {
    const Moments at = isometric_moments(along_, M * signs_, feedback_);
    return lambda_ + signs_.dot(at.G * signs_) / static_cast<double>(signs_.size());
  }

  /// lambda + lambda_max(G): larger than the stiffness only where psi is not odd and there are
  /// targets of both signs.
  double curvature(double M) {
    return lambda_ + extreme_eigenvalues(isometric_moments(along_, M * signs_, feedback_).G).max;
  }

  /// The integral to M; integrals to the ends of panels, each twice as long as all before, are
  /// kept.
  double integral(double M) {
    std::size_t k = 0;
    while (end(k) < M) ++k;
    while (until_.size() <= k) {
      const std::size_t j = until_.size() - 1;
      until_.push_back(until_[j] + between(j == 0 ? 0 : end(j - 1), end(j)));
    }
    return until_[k] + between(k == 0 ? 0 : end(k - 1), M);
  }

  /// M where the integral is `value` >= 0. It is convex as long as the stiffness increases, so that
  /// Newton's steps end; a bracket holds them where it does not.
  double inverse(double value) {
    double low = 0, high = 1;
    while (integral(high) < value) low = high, high *= 2;
    double M = high;
    for (int step = 0; step < 200 && low < high; ++step) {
      const double off = integral(M) - value;
      (off > 0 ? high : low) = M;
      const double move = off / stiffness(M);
      if (std::abs(move) <= 4 * std::numeric_limits<double>::epsilon() * M) return M - move;
      M = M - move > low && M - move < high ? M - move : (low + high) / 2;
    }
    return M;
  }

  IsometricFlow& along() { return along_; }
  const Vector<double>& signs() const { return signs_; }

 private:
  static double end(std::size_t k) { return std::ldexp(0.25, static_cast<int>(k)); }
  double between(double low, double high) {
    const double half = (high - low) / 2;
    double sum = 0;
    for (std::size_t j = 0; j < panel_.node.size(); ++j)
      sum += panel_.weight[j] * stiffness(low + half * (1 + panel_.node[j]));
    return half * sum;
  }

  IsometricFlow along_;
  Vector<double> signs_;
  FeedbackLaw feedback_;
  double lambda_;
  Rule1D panel_;
  std::vector<double> until_ = {0};
};

}  // namespace

Moments isometric_moments(IsometricFlow& along, const Vector<double>& M, FeedbackLaw feedback) {
  const Rule1D rule = feedback_rule(along, M.cwiseAbs().maxCoeff(), feedback);
  const Eigen::Index n = M.size();
  Moments all{Matrix<double>::Zero(n, n), Matrix<double>::Zero(n, 1), 0};
  Vector<double> q(n), q2(n);
  for (std::size_t k = 0; k < rule.node.size(); ++k) {
    const double b = rule.node[k], weight = rule.weight[k];
    for (Eigen::Index i = 0; i < n; ++i) {
      const FlowMoments at = along(b * along.gamma() * M(i));
      q(i) = at.q, q2(i) = at.q2;
    }
    Matrix<double> pairs = q * q.transpose();
    pairs.diagonal() = q2;
    all.G += weight * pairs;
    all.phi += weight * b * q;
    all.b_square += weight * b * b;
  }
  return all;
}

double isometric_potential(IsometricFlow& along, const Vector<double>& M, FeedbackLaw feedback) {
  const Rule1D panel = gauss_legendre(along.nodes().feedback);
  double V = 0;
  for (double end : M) {
    // Panels that double, as in (I2).
    for (double low = 0, size = std::abs(end); low < size;) {
      const double high = std::min(size, low == 0 ? 0.25 : 2 * low), half = (high - low) / 2;
      for (std::size_t j = 0; j < panel.node.size(); ++j) {
        const double x = std::copysign(low + half * (1 + panel.node[j]), end);
        const double phi =
            isometric_moments(along, Vector<double>::Constant(1, x), feedback).phi(0);
        V += std::copysign(half * panel.weight[j], end) * phi;
      }
      low = high;
    }
  }
  return V;
}

std::vector<IsometricPoint> isometric_law(const IsometricData& data, const Activation& psi,
                                          double lambda, const std::vector<double>& times,
                                          const IsometricOptions& options) {
  require_valid(data, lambda, times);
  using State = std::vector<double>;
  const Eigen::Index n = data.y.size();
  return with_estimate(data, options.nodes, [&](const IsometricNodes& nodes) {
    IsometricFlow along(psi, data.gamma, nodes);
    const auto velocity = [&](const State& M, State& rate, double) {
      const Moments at =
          isometric_moments(along, Eigen::Map<const Vector<double>>(M.data(), n), options.feedback);
      Matrix<double> held = at.G;
      held.diagonal().array() += lambda;
      Eigen::Map<Vector<double>>(rate.data(), n) = lambda * solve_symmetric(held, data.y);
    };
    const auto stepper =
        odeint::make_controlled(1e-14, 1e-13, odeint::runge_kutta_fehlberg78<State>());
    State M(static_cast<std::size_t>(n), 0.0);
    std::vector<IsometricPoint> points;
    double tau = 0;
    for (double next : times) {
      if (next > tau)
        odeint::integrate_adaptive(stepper, velocity, M, tau, next, std::min(0.05, next - tau));
      tau = next;
      points.push_back(point_at(along, data, lambda, tau,
                                Eigen::Map<const Vector<double>>(M.data(), n), options.feedback));
    }
    return points;
  });
}

std::vector<IsometricPoint> isometric_quadrature(const IsometricData& data, const Activation& psi,
                                                 double lambda, const std::vector<double>& times,
                                                 const IsometricOptions& options) {
  require_valid(data, lambda, times);
  const double size = lambda * std::abs(data.y(0));
  signs_of(data, psi);  // refuses before work
  return with_estimate(data, options.nodes, [&](const IsometricNodes& nodes) {
    Quadrature quadrature(data, psi, lambda, {options.feedback, nodes});
    std::vector<IsometricPoint> points;
    for (double tau : times)
      points.push_back(point_at(quadrature.along(), data, lambda, tau,
                                quadrature.inverse(size * tau) * quadrature.signs(),
                                options.feedback));
    return points;
  });
}

std::optional<IsometricPoint> isometric_onset(const IsometricData& data, const Activation& psi,
                                              double lambda, double eta, double last,
                                              const IsometricOptions& options) {
  require_valid(data, lambda, {last});
  detail::require_positive("eta", eta);
  detail::require_positive("tau", last);
  const double size = lambda * std::abs(data.y(0));
  signs_of(data, psi);
  const auto points = with_estimate(data, options.nodes, [&](const IsometricNodes& nodes) {
    Quadrature quadrature(data, psi, lambda, {options.feedback, nodes});
    std::vector<IsometricPoint> found;
    double high = quadrature.inverse(size * last), low = 0;
    if (eta * quadrature.curvature(high) < 2) return found;
    while (low < high) {
      const double M = (low + high) / 2;
      if (!(low < M && M < high)) break;
      (eta * quadrature.curvature(M) < 2 ? low : high) = M;
    }
    found.push_back(point_at(quadrature.along(), data, lambda, quadrature.integral(high) / size,
                             high * quadrature.signs(), options.feedback));
    return found;
  });
  if (points.empty()) return std::nullopt;
  return points.front();
}

}  // namespace alignproof::inline mean_field
