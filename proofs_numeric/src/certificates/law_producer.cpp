// SPDX-License-Identifier: Apache-2.0
// The isometric law in floating point of any precision (I2): first in doubles, to find M, then once
// in MPFR. reports/docs/law_certificates.md has the formulas.
#include <alignproof/certificates/law_producer.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/scalar/mpfr.hpp>

#include "scalar/outward.hpp"

namespace alignproof::inline certificates {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_drive = 200;  ///< gamma M for which sums do not take too long

/// Moments at M, and their integrals from 0 to M.
template <class Real>
struct Moments {
  Real g2, g11, phi, g2_sum, g11_sum;
};

double as_double(double x) {
  return x;
}
double as_double(const Mpfr& x) {
  return x.convert_to<double>();
}

/// The integral of exp(-t)/t from x on, x > 0.
double exponential_integral(double x) {
  return -std::expint(-x);
}
Mpfr exponential_integral(const Mpfr& x) {
  Mpfr result = -x;
  mpfr_eint(result.backend().data(), result.backend().data(), MPFR_RNDN);
  return -result;
}

template <class Real>
Moments<Real> identity_moments(const Real& gamma, const Real& M, double) {
  const Real g11 = gamma * gamma * M * M, third = g11 * M / 3;
  return {gamma + g11, g11, gamma * M, gamma * M + third, third};
}

/// In closed form: k = sqrt(gamma) M.
template <class Real>
Moments<Real> relu_moments(const Real& gamma, const Real& M, double) {
  using std::asinh, std::atan, std::atanh, std::log1p, std::sqrt;
  const Real pi = pi_of<Real>(), root = sqrt(gamma), k = root * M, k2 = k * k, k3 = k2 * k;
  const Real D = sqrt(1 + 2 * k2), angle = atan(k), log = log1p(k2);
  const Real alive = Real(0.5) - angle / (2 * pi);
  const Real arc = asinh(sqrt(Real(2)) * k) / sqrt(Real(2));
  const Real g2 = (1 + k2) * alive + k / (2 * pi);
  const Real g11 =
      (1 + D) / (4 * pi) + k2 * (Real(0.25) - angle / (2 * pi) + atan(k2 / D) / (4 * pi));
  const Real g2_sum = (k + k3 / 3) * alive + (k2 / 6 + log / 3) / (2 * pi) + k2 / (4 * pi);
  const Real g11_sum = (k + k * D / 2 + arc / 2) / (4 * pi) + k3 / 12 -
                       (k3 * angle / 3 - k2 / 6 + log / 6) / (2 * pi) +
                       (k3 * atan(k2 / D) - k * D / 2 + 5 * arc / 2 - 2 * atanh(k / D)) / (12 * pi);
  return {gamma * g2, gamma * g11, root * k * alive, root * g2_sum, root * g11_sum};
}

/// E tanh(Phi_s(g)) and its square's mean, by the trapezoidal rule in m = g + Phi_s(g): with d =
/// Phi_s(g) - g, d + cosh(m) sinh(d) = 2 s.
template <class Real>
class TanhMeans {
 public:
  TanhMeans(const Real& gamma, double most, double digits) : gamma_(gamma) {
    using std::exp;
    const double variance = as_double(gamma), log_error = (digits + 1) * std::log(10.0);
    const double width = std::min(std::acos(-1.0) / 6, std::sqrt(2 * variance * log_error));
    const double step = 2 * std::acos(-1.0) * width / (log_error + width * width / (2 * variance));
    double end = std::sqrt(8 * variance * log_error);
    for (const double least = end; end - 2 * most / (1 + std::cosh(end)) < least;) end += step;
    for (double k = 0; k * step <= end; ++k) {
      const Real m = Real(k) * Real(step), e = exp(m);
      nodes_.push_back({m, (e - 1 / e) / 2, (e + 1 / e) / 2, exp(-m * m / (8 * gamma))});
    }
    using std::sqrt;
    density_ = Real(step) / sqrt(2 * pi_of<Real>() * gamma);
  }

  std::array<Real, 2> at(const Real& s) const {
    using std::exp;
    std::array<Real, 2> sum{Real(0), Real(0)};
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const Node& node = nodes_[k];
      const Real d = difference(node, s);
      const Real e = exp(d), sinh_d = (e - 1 / e) / 2, cosh_d = (e + 1 / e) / 2;
      const Real tilt = exp(d * node.m / (4 * gamma_));
      const Real scale = node.normal * exp(-d * d / (8 * gamma_)) / (2 + 2 * node.cosh * cosh_d) *
                         (k == 0 ? Real(0.5) : Real(1));
      const Real even = node.cosh * cosh_d, odd = node.sinh * sinh_d;
      const Real cross = node.sinh * cosh_d, along = node.cosh * sinh_d;
      sum[0] += scale * ((cross + along) * tilt - (cross - along) / tilt);
      sum[1] += scale * ((even + odd - 1) * tilt + (even - odd - 1) / tilt);
    }
    return {sum[0] * density_, sum[1] * density_};
  }

 private:
  struct Node {
    Real m, sinh, cosh, normal;
  };

  /// Newton's method, from above in doubles; one step more doubles their digits.
  static Real difference(const Node& node, const Real& s) {
    using std::exp;
    const double c = as_double(node.cosh), twice = 2 * as_double(s);
    double d = std::min(twice / (1 + c), std::asinh(twice / c));
    for (int k = 0; k < 50; ++k) {
      const double next = d - (d + c * std::sinh(d) - twice) / (1 + c * std::cosh(d));
      if (!(next < d)) break;
      d = next;
    }
    const Real start(d), e = exp(start);
    return start -
           (start + node.cosh * (e - 1 / e) / 2 - 2 * s) / (1 + node.cosh * (e + 1 / e) / 2);
  }

  Real gamma_, density_;
  std::vector<Node> nodes_;
};

/// erf x and I(x), the integral of exp(t^2) from 0 to x, by Taylor polynomials at multiples of
/// 1/16, each from the one before.
template <class Real>
class ErrorIntegrals {
 public:
  explicit ErrorIntegrals(double digits) {
    using std::exp, std::sqrt;
    const std::size_t terms = static_cast<std::size_t>(digits) + 8;
    const Real per_root = 2 / sqrt(pi_of<Real>());
    Real erf(0), growing(0);
    for (std::size_t j = 0; j <= last * per_unit; ++j) {
      const Real x = Real(static_cast<double>(j)) / Real(per_unit);
      cells_.push_back({integrated(erf, Real(per_root * exp(-x * x)), Real(-2 * x), -2, terms),
                        integrated(growing, Real(exp(x * x)), Real(2 * x), 2, terms)});
      const Real step = 1 / Real(per_unit);
      erf = at(cells_.back().erf, step), growing = at(cells_.back().growing, step);
    }
  }

  Real erf(const Real& x) const {
    if (as_double(x) < 0) return -erf(Real(-x));
    if (!(as_double(x) < last)) return Real(1);
    const std::size_t j = nearest(x);
    return at(cells_[j].erf, beyond(x, j));
  }
  Real growing(const Real& x) const {
    if (as_double(x) < 0) return -growing(Real(-x));
    const std::size_t j = std::min(nearest(x), cells_.size() - 1);
    return at(cells_[j].growing, beyond(x, j));
  }

 private:
  static constexpr int per_unit = 16;
  static constexpr std::size_t last = 12;  ///< 1 - erf(12) < 1e-63
  using Polynomial = std::vector<Real>;
  struct Cell {
    Polynomial erf, growing;
  };

  /// The integral, with this constant term, of the series t_0, t_1 = a t_0, (k+1) t_(k+1) = a t_k +
  /// b t_(k-1) of exp(+-(x+h)^2) in h.
  static Polynomial integrated(const Real& constant, Real t, const Real& a, int b,
                               std::size_t terms) {
    Polynomial c{constant, t};
    Real before(0);
    for (std::size_t k = 1; k + 1 < terms; ++k) {
      const Real count(static_cast<double>(k)), next = (a * t + b * before) / count;
      before = t, t = next;
      c.push_back(t / (count + 1));
    }
    return c;
  }
  static Real at(const Polynomial& c, const Real& h) {
    Real sum = c.back();
    for (std::size_t k = c.size() - 1; k-- > 0;) sum = sum * h + c[k];
    return sum;
  }
  static std::size_t nearest(const Real& x) {
    return static_cast<std::size_t>(std::lround(as_double(x) * per_unit));
  }
  static Real beyond(const Real& x, std::size_t j) {
    return x - Real(static_cast<double>(j)) / Real(per_unit);
  }

  std::vector<Cell> cells_;
};

/// The same for erf, where I((m + d)/2) - I((m - d)/2) = 2 s / sqrt pi and dg/dm = 1/(1 + exp(-m
/// d)).
template <class Real>
class ErfMeans {
 public:
  ErfMeans(const Real& gamma, double most, double digits)
      : gamma_(gamma), error_(digits + 8), rough_(16) {
    using std::exp, std::sqrt;
    const double variance = as_double(gamma), log_error = (digits + 1) * std::log(10.0);
    const double width = std::min(
        {0.5, 1.4 / std::sqrt(4 * std::log1p(2 * most) + 5), std::sqrt(2 * variance * log_error)});
    const double step = 2 * std::acos(-1.0) * width / (log_error + width * width / (2 * variance));
    double end = std::sqrt(8 * variance * log_error);
    for (const double least = end; end - 2 * most * std::exp(-end * end / 4) < least;) end += step;
    for (double k = 0; k * step <= end; ++k) {
      const Real m = Real(k) * Real(step);
      nodes_.push_back({m, exp(m * m / 4), exp(-m * m / (8 * gamma))});
    }
    density_ = Real(step) / sqrt(2 * pi_of<Real>() * gamma);
    negligible_ = std::exp(-log_error) * 1e-6;
    drive_per_s_ = 2 / sqrt(pi_of<Real>());
  }

  std::array<Real, 2> at(const Real& s) const {
    using std::exp;
    std::array<Real, 2> sum{Real(0), Real(0)};
    double before = std::sqrt(8 * std::log1p(2 * as_double(s)));
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const Node& node = nodes_[k];
      const Real d = difference(node, s, before);
      const Real x = error_.erf(Real((node.m + d) / 2)), g = error_.erf(Real((node.m - d) / 2));
      const Real ratio = exp(node.m * d), tilt = exp(d * node.m / (4 * gamma_));
      const Real scale =
          node.normal * exp(-d * d / (8 * gamma_)) / (1 + ratio) * (k == 0 ? Real(0.5) : Real(1));
      sum[0] += scale * (ratio * tilt * x - g / tilt);
      sum[1] += scale * (ratio * tilt * x * x + g * g / tilt);
    }
    return {sum[0] * density_, sum[1] * density_};
  }

 private:
  struct Node {
    Real m, growth, normal;
  };

  /// Newton's method, from above in doubles; one step more doubles their digits. d falls with m.
  Real difference(const Node& node, const Real& s, double& before) const {
    using std::cosh, std::exp;
    const double m = as_double(node.m), growth = as_double(node.growth);
    const double wanted = as_double(s) * as_double(drive_per_s_);
    // Where it is small it is so to first order.
    if (wanted <= negligible_ * growth) return s * drive_per_s_ / node.growth;
    double d = std::min(before, wanted / growth);
    for (int k = 0; k < 50; ++k) {
      const double found = rough_.growing((m + d) / 2) - rough_.growing((m - d) / 2);
      const double next =
          d - (found - wanted) / (growth * std::exp(d * d / 4) * std::cosh(m * d / 2));
      if (!(next < d)) break;
      d = next;
    }
    before = d;
    const Real start(d), ratio = exp(node.m * start / 2);
    const Real missing = error_.growing(Real((node.m + start) / 2)) -
                         error_.growing(Real((node.m - start) / 2)) - s * drive_per_s_;
    return start - missing / (node.growth * exp(start * start / 4) * (ratio + 1 / ratio) / 2);
  }

  Real gamma_, density_, drive_per_s_;
  ErrorIntegrals<Real> error_;
  ErrorIntegrals<double> rough_;
  double negligible_ = 0;
  std::vector<Node> nodes_;
};

/// Over b > 0 by the double exponential rule, b = L / (1 + exp(-pi sinh u)); the density of t b, t
/// uniform on [0, 1], gives the integrals over M.
template <template <class> class Means, class Real>
Moments<Real> flow_moments(const Real& gamma, const Real& M, double digits) {
  using std::exp, std::sqrt;
  const double drive = as_double(gamma) * as_double(M);
  // What is small with M is wanted with as many digits.
  digits += std::max(0.0, -std::log10(drive));
  const double log_error = (digits + 1) * std::log(10.0), end = std::sqrt(2 * log_error);
  const double step = std::min(1.0 / 16, 1.4 / (drive * log_error));
  const Means<Real> means(gamma, drive * end, digits);
  const Real pi = pi_of<Real>(), front = 1 / sqrt(2 * pi);
  Moments<Real> sum{Real(0), Real(0), Real(0), Real(0), Real(0)};
  for (double k = -std::ceil(4 / step); k * step <= 4; ++k) {
    const Real u = Real(k) * Real(step), e = exp(u), power = exp(-pi * (e - 1 / e) / 2);
    const Real b = Real(end) / (1 + power);
    const Real weight = Real(2 * step) * pi * (e + 1 / e) / 2 * b * power / (1 + power);
    const Real half_square = b * b / 2, normal = weight * front * exp(-half_square);
    if (!(as_double(weight) > 1e-40)) continue;
    const auto [q, q2] = means.at(gamma * M * b);
    const Real course = weight * front / 2 * exponential_integral(half_square);
    sum.g2 += normal * q2, sum.g11 += normal * q * q, sum.phi += normal * b * q;
    sum.g2_sum += course * q2, sum.g11_sum += course * q * q;
  }
  sum.g2_sum *= M, sum.g11_sum *= M;
  return sum;
}

/// sigmoid(x) = (1 + tanh(x/2)) / 2
template <class Real>
Moments<Real> sigmoid_moments(const Real& gamma, const Real& M, double digits) {
  const Moments<Real> of = flow_moments<TanhMeans, Real>(gamma / 4, M / 2, digits);
  return {(1 + of.g2) / 4, (1 + of.g11) / 4, of.phi / 2, (M + 2 * of.g2_sum) / 4,
          (M + 2 * of.g11_sum) / 4};
}

struct Row {
  const char* name;
  double most;  ///< gamma M
  Moments<double> (*in_doubles)(const double& gamma, const double& M, double digits);
  Moments<Mpfr> (*in_mpfr)(const Mpfr& gamma, const Mpfr& M, double digits);
};

constexpr std::array<Row, 5> rows = {
    {{"identity", infinity, identity_moments<double>, identity_moments<Mpfr>},
     {"tanh", largest_drive, flow_moments<TanhMeans, double>, flow_moments<TanhMeans, Mpfr>},
     {"erf", largest_drive, flow_moments<ErfMeans, double>, flow_moments<ErfMeans, Mpfr>},
     {"sigmoid", largest_drive, sigmoid_moments<double>, sigmoid_moments<Mpfr>},
     {"relu", infinity, relu_moments<double>, relu_moments<Mpfr>}}};

const Row& row_of(const Activation& activation) {
  std::string names;
  for (const Row& row : rows) {
    if (to_string(activation) == row.name) return row;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  throw InputError("activation of a law certificate", fmt::format("'{}'", to_string(activation)),
                   names);
}

/// Of the data, in the number type.
template <class Real>
struct Law {
  Real n, length, lambda;

  Real largest(const Moments<Real>& at) const { return at.g2 + (n - 1) * at.g11; }
  Real reached(const Real& M, const Moments<Real>& at) const {
    return lambda * M + at.g2_sum + (n - 1) * at.g11_sum;
  }
  /// smallest, largest, cosine, error
  std::array<Real, 4> values(const Moments<Real>& at) const {
    using std::sqrt;
    const Real most = largest(at), least = n > 1 ? Real(at.g2 - at.g11) : most;
    return {least, most, sqrt(n) * at.phi / sqrt(most),
            lambda * sqrt(n) * length / (lambda + most)};
  }
};

/// The M that is reached at tau, by Newton's method within a bracket.
double find_M(const Row& row, const Law<double>& law, const LawStatement& s) {
  const double target = s.lambda * law.length * s.tau;
  double low = 0, high = law.length * s.tau;
  // If |psi| <= 1 no smaller one is possible; else it is a start like any other.
  double M = target / (s.lambda + law.n);
  for (int k = 0; k < 200; ++k) {
    if (!(M * s.gamma <= row.most))
      throw InputError("tau", quoted(s.tau),
                       fmt::format("one at which gamma M is at most {}", row.most));
    const Moments<double> at = row.in_doubles(s.gamma, M, 16);
    const double missing = target - law.reached(M, at);
    (missing > 0 ? low : high) = M;
    double next = M + missing / (s.lambda + law.largest(at));
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::abs(next - M) <= 4e-16 * M) return next;
    M = next;
  }
  return M;
}

LawBounds around(const Mpfr& value, const Mpfr& half) {
  return {rounded(value - half, MPFR_RNDD), rounded(value + half, MPFR_RNDU)};
}

void require_valid(const LawStatement& s) {
  for (const auto& [name, value] :
       {std::pair{"gamma", s.gamma}, {"lambda", s.lambda}, {"tau", s.tau}})
    if (!(value > 0 && value < infinity)) throw InputError(name, quoted(value), "a number > 0");
  if (s.digits < 1 || s.digits > most_law_digits)
    throw InputError("digits", fmt::format("{}", s.digits),
                     fmt::format("1 to {}", most_law_digits));
  const std::vector<double>& y = s.y.values;
  if (y.empty() || !(std::abs(y[0]) > 0 && std::abs(y[0]) < infinity))
    throw InputError("y", y.empty() ? "no numbers" : quoted(y[0]), "numbers other than 0");
  const bool odd = properties(s.activation).reflection == Reflection::odd;
  for (const double each : y)
    if (odd ? std::abs(each) != std::abs(y[0]) : each != y[0])
      throw InputError("y", fmt::format("{} beside {}", quoted(y[0]), quoted(each)),
                       odd ? "numbers of one size" : "equal numbers: the activation is not odd");
}

}  // namespace

LawCertificate propose_law_certificate(const LawStatement& s) {
  const Row& row = row_of(s.activation);
  require_valid(s);
  const double n = static_cast<double>(s.y.values.size()), length = std::abs(s.y.values[0]);
  const Law<double> rough{n, length, s.lambda};
  const double start = find_M(row, rough, s);
  constexpr unsigned accurate = 18;
  // As many digits more as are lost where gamma M is small.
  const double lost = std::max(0.0, -std::log10(s.gamma * start));
  const ScopedDigits digits(accurate + 8 + 2 * static_cast<unsigned>(std::ceil(lost)));
  const Law<Mpfr> law{n, length, s.lambda};
  const Mpfr M0 = start, gamma = s.gamma;
  const Moments<Mpfr> at = row.in_mpfr(gamma, M0, accurate);
  const Mpfr moved = (law.lambda * law.length * Mpfr(s.tau) - law.reached(M0, at)) /
                     (law.lambda + law.largest(at));
  LawCertificate c{.activation = s.activation,
                   .y = s.y,
                   .gamma = s.gamma,
                   .lambda = s.lambda,
                   .tau = s.tau,
                   .values = {}};
  c.values.M = around(M0 + moved, Mpfr(0));
  c.values.M.lower = std::nextafter(c.values.M.lower, 0);
  c.values.M.upper = std::nextafter(c.values.M.upper, infinity);
  // M is off by a few units of its last place, so that slopes in doubles suffice.
  const double side = 1e-4 * start;
  const auto before = rough.values(row.in_doubles(s.gamma, start - side, 16)),
             behind = rough.values(row.in_doubles(s.gamma, start + side, 16));
  std::array<Mpfr, 4> values = law.values(at);
  const Mpfr relative = boost::multiprecision::pow(Mpfr(10), -static_cast<int>(s.digits)) / 2;
  LawBounds* const bounds[] = {&c.values.smallest, &c.values.largest, &c.values.cosine,
                               &c.values.error};
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k] += Mpfr((behind[k] - before[k]) / (2 * side)) * moved;
    *bounds[k] = around(values[k], values[k] * relative);
  }
  return c;
}

}  // namespace alignproof::inline certificates
