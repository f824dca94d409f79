// SPDX-License-Identifier: Apache-2.0
#include <alignproof/dynamics/alignment_law.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>

namespace alignproof::inline dynamics {

namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

/// The law in the eigenbasis of K, where a right-hand side costs O(n).
class Law {
 public:
  Law(const Matrix<double>& K, const Vector<double>& y) {
    if (K.rows() != K.cols() || K.rows() == 0)
      throw InputError("K", fmt::format("{} x {}", K.rows(), K.cols()), "a square matrix");
    if (y.size() != K.rows())
      throw InputError("y", fmt::format("{} entries", y.size()),
                       fmt::format("{}, as many as K has rows", K.rows()));
    if (!K.allFinite() || !y.allFinite()) throw InputError("K or y", "not finite", "numbers");
    const double size = K.cwiseAbs().maxCoeff();
    const double skew = (K - K.transpose()).cwiseAbs().maxCoeff();
    if (skew > 1e-9 * size)
      throw InputError("K", fmt::format("{} off its transpose", skew), "a symmetric matrix");
    Eigensystem system = eigensystem(K);
    eigenvalues_ = std::move(system.values);
    const double norm = std::max(std::abs(eigenvalues_.maxCoeff()), std::abs(eigenvalues_(0)));
    if (eigenvalues_(0) < -1e-9 * norm)
      throw InputError("K", fmt::format("with the eigenvalue {}", eigenvalues_(0)),
                       "a positive semidefinite matrix");
    const double absent =
        static_cast<double>(K.rows()) * std::numeric_limits<double>::epsilon() * norm;
    for (double& value : eigenvalues_)
      if (value <= absent) value = 0;
    y_ = system.vectors.transpose() * y;
  }

  std::size_t n() const { return static_cast<std::size_t>(y_.size()); }

  /// -(lambda I + K + zeta zeta^T)^{-1} y by Sherman and Morrison, on the range of lambda I + K.
  Vector<double> solve(const Vector<double>& zeta, double lambda) const {
    Vector<double> inverse(y_.size());
    for (Eigen::Index i = 0; i < y_.size(); ++i)
      inverse(i) = lambda + eigenvalues_(i) > 0 ? 1 / (lambda + eigenvalues_(i)) : 0;
    const Vector<double> y = inverse.cwiseProduct(y_), z = inverse.cwiseProduct(zeta);
    return z * (zeta.dot(y) / (1 + zeta.dot(z))) - y;
  }

  LawPoint point(const State& sigma, double lambda, double tau) const {
    const Vector<double> zeta = zeta_of(sigma);
    const Vector<double> along = solve(zeta, lambda);  // e / lambda
    Matrix<double> kernel = zeta * zeta.transpose();
    kernel.diagonal() += eigenvalues_;
    return {tau,
            cosine(zeta, along),
            cosine(zeta, solve(zeta, 0)),
            lambda * along.norm(),
            eigenvalues(kernel).maxCoeff(),
            zeta.norm()};
  }

  Vector<double> zeta_of(const State& sigma) const {
    return eigenvalues_.cwiseProduct(Eigen::Map<const Vector<double>>(sigma.data(), y_.size()));
  }

 private:
  double cosine(const Vector<double>& zeta, const Vector<double>& e) const {
    const double q = zeta.dot(e), rest = e.dot(eigenvalues_.cwiseProduct(e));
    return q != 0 ? q / std::sqrt(rest + q * q) : 0.0;
  }

  Vector<double> eigenvalues_;
  Vector<double> y_;  ///< in the eigenbasis
};

void require_ascending(const std::vector<double>& times) {
  double before = 0;
  for (double tau : times) {
    if (!(tau >= before) || !std::isfinite(tau))
      throw InputError("tau", fmt::format("{}", tau),
                       before > 0 ? fmt::format("a number >= {}, the time before", before)
                                  : std::string("a number >= 0"));
    before = tau;
  }
}

void require_number(const char* name, double value, double least, bool open) {
  if (std::isfinite(value) && (open ? value > least : value >= least)) return;
  throw InputError(name, fmt::format("{}", value),
                   fmt::format("a number {} {}", open ? ">" : ">=", least));
}

}  // namespace

namespace {

/// Errors are relative to each coordinate and what a step adds to it: coordinates differ by orders,
/// and in this basis none changes its sign under a constant penalty.
template <class Stepper>
std::vector<LawPoint> solve(const Law& law, const std::function<double(double)>& lambda,
                            const std::vector<double>& times) {
  require_ascending(times);
  const auto velocity = [&](const State& sigma, State& rate, double tau) {
    const double now = lambda(tau);
    const Vector<double> e = now * law.solve(law.zeta_of(sigma), now);
    std::copy(e.begin(), e.end(), rate.begin());
  };
  State sigma(law.n(), 0.0);
  const auto stepper =
      odeint::make_controlled(std::numeric_limits<double>::min(), 1e-13, Stepper());
  std::vector<LawPoint> points;
  double tau = 0;
  for (double next : times) {
    if (next > tau)
      odeint::integrate_adaptive(stepper, velocity, sigma, tau, next, (next - tau) / 16);
    tau = next;
    points.push_back(law.point(sigma, lambda(tau), tau));
  }
  return points;
}

}  // namespace

std::vector<LawPoint> alignment_law(const Matrix<double>& K, const Vector<double>& y,
                                    const std::function<double(double)>& lambda,
                                    const std::vector<double>& times) {
  // Not Fehlberg's: what his estimates of order 7(8) say of the error is 0 where the right-hand
  // side depends on time alone, so that they step over jumps.
  return solve<odeint::runge_kutta_dopri5<State>>(Law(K, y), lambda, times);
}

std::vector<LawPoint> alignment_law(const Matrix<double>& K, const Vector<double>& y, double lambda,
                                    const std::vector<double>& times) {
  require_number("lambda", lambda, 0, true);
  return solve<odeint::runge_kutta_fehlberg78<State>>(
      Law(K, y), [lambda](double) { return lambda; }, times);
}

namespace {

/// The root z >= 0 of cubic z^3 / 3 + linear z = right. The left side is convex and increasing, so
/// Newton from above descends to it.
double cubic_root(double cubic, double linear, double right) {
  if (right == 0) return 0;
  double z = right / linear;
  if (cubic > 0) z = std::min(z, std::cbrt(3 * right / cubic));
  for (int k = 0; k < 100; ++k) {
    const double next = z - (cubic * z * z * z / 3 + linear * z - right) / (cubic * z * z + linear);
    if (!(next < z)) break;
    z = next;
  }
  return z;
}

}  // namespace

double isometric_z(double gamma, double lambda, double y_norm, double tau) {
  require_number("gamma", gamma, 0, true);
  require_number("lambda", lambda, 0, false);
  require_number("|y|", y_norm, 0, false);
  require_number("tau", tau, 0, false);
  return cubic_root(gamma, lambda + gamma, lambda * std::sqrt(gamma) * y_norm * tau);
}

double isometric_cosine(double gamma, double lambda, double y_norm, double tau) {
  const double z = isometric_z(gamma, lambda, y_norm, tau);
  return z / std::sqrt(1 + z * z);
}

double onset_cosine(double gamma, double lambda, double eta) {
  require_number("gamma", gamma, 0, true);
  require_number("lambda", lambda, 0, false);
  require_number("eta", eta, 0, true);
  const double square = 1 - eta * gamma / (2 - eta * lambda);
  return eta * lambda < 2 && square > 0 ? std::sqrt(square) : 0.0;
}

Conditioning conditioning(const Matrix<double>& K, const Vector<double>& y, double lambda) {
  const Law law(K, y);  // checks both
  require_number("lambda", lambda, 0, false);
  const Eigensystem system = eigensystem(K);
  const Vector<double>& k = system.values;
  if (!(k(0) > 0))
    throw InputError("K", fmt::format("with the eigenvalue {}", k(0)),
                     "a positive definite matrix");
  const Vector<double> weight =
      (system.vectors.transpose() * y).array().square() / k.array();  // of v
  const Vector<double> C = 1 + lambda / k.array();
  const double Y = weight.sum();
  if (Y == 0) return {C.minCoeff(), C.maxCoeff(), C.maxCoeff(), 0, 0, 0};
  const double mean = weight.dot(C) / Y;
  const double variance = weight.dot(Vector<double>((C.array() - mean).square())) / Y;
  return {C.minCoeff(), C.maxCoeff(), mean, variance, Y, Y};
}

Conditioning conditioning(double gamma, double kappa, double lambda, double y_norm) {
  require_number("gamma", gamma, 0, true);
  require_number("the condition number", kappa, 1, false);
  require_number("lambda", lambda, 0, false);
  require_number("|y|", y_norm, 0, false);
  const double least = 1 + lambda / (kappa * gamma), most = 1 + lambda / gamma;
  const double half = (most - least) / 2;
  return {
      least, most, most, half * half, y_norm * y_norm / (kappa * gamma), y_norm * y_norm / gamma};
}

double guaranteed_cosine(const Conditioning& c, double lambda, double T) {
  require_number("lambda", lambda, 0, false);
  require_number("T", T, 0, false);
  // xi = alpha v/|v| + across: alpha >= least, |xi| <= most, |across|^2 <= b.
  const double least = cubic_root(1, c.mean, lambda * std::sqrt(c.least_Y) * T);
  const double most = cubic_root(1, c.least, lambda * std::sqrt(c.most_Y) * T);
  const double x = std::sqrt(c.least * c.most), V = c.variance;
  const double G = std::max(V * x / c.least, c.most * V / x + V * V / (2 * x * x));
  const double always = std::sqrt(c.least * c.least + 2 * G) - c.least;
  double b = std::min(always, std::max(0.0, most * most - least * least));
  const double c3 = c.most + always / 2;
  if (V > 0 && least * least >= 2 * c3)
    b = std::min(b, std::max(4.0, 2 * G / V) * (c3 / c.least) * V / (least * least));
  return least / std::sqrt((1 + least * least + b) * (1 + b));
}

}  // namespace alignproof::inline dynamics
