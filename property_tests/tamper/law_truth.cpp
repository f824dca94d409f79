// SPDX-License-Identifier: Apache-2.0
#include "tamper/law_truth.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include <boost/multiprecision/mpfr.hpp>

namespace alignproof::truth {

namespace {

using Long = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<24, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

/// Densities below exp(-this) are left out.
constexpr double farthest = 44;

double as_double(double x) {
  return x;
}
double as_double(const Long& x) {
  return x.convert_to<double>();
}

double exponential_integral(double x) {
  return -std::expint(-x);
}
Long exponential_integral(Long x) {
  x = -x;
  mpfr_eint(x.backend().data(), x.backend().data(), MPFR_RNDN);
  return -x;
}

template <class Real>
Real pi() {
  using std::atan;
  return 4 * atan(Real(1));
}

double erf_of(double x) {
  return std::erf(x);
}
Long erf_of(Long x) {
  mpfr_erf(x.backend().data(), x.backend().data(), MPFR_RNDN);
  return x;
}

/// The integral of exp(t^2) from 0 to x: the sum of x^(2k+1) / (k! (2k+1)).
template <class Real>
Real growing(const Real& x) {
  const Real square = x * x;
  Real power = x, sum = x;
  for (int k = 1; k < 400; ++k) {
    power *= square / k;
    const Real before = sum;
    sum += power / (2 * k + 1);
    if (sum == before) break;
  }
  return sum;
}

/// psi and F with F' = 1/psi', of an activation whose units never stop.
template <class Real>
struct Unit {
  enum class Kind { tanh, sigmoid, erf } kind;

  Real psi(const Real& x) const {
    using std::exp, std::tanh;
    switch (kind) {
      case Kind::tanh:
        return tanh(x);
      case Kind::sigmoid:
        return 1 / (1 + exp(-x));
      case Kind::erf:
        return erf_of(x);
    }
    throw std::logic_error("kind");
  }
  Real F(const Real& x) const {
    using std::sinh, std::sqrt;
    switch (kind) {
      case Kind::tanh:
        return x / 2 + sinh(Real(2 * x)) / 4;
      case Kind::sigmoid:
        return 2 * x + 2 * sinh(x);
      case Kind::erf:
        return sqrt(pi<Real>()) / 2 * growing(x);
    }
    throw std::logic_error("kind");
  }
  Real slope(const Real& x) const {
    using std::cosh, std::exp, std::sqrt;
    switch (kind) {
      case Kind::tanh:
        return 0.5 + cosh(Real(2 * x)) / 2;
      case Kind::sigmoid:
        return 2 + 2 * cosh(x);
      case Kind::erf:
        return sqrt(pi<Real>()) / 2 * exp(Real(x * x));
    }
    throw std::logic_error("kind");
  }
  /// Of at least the size of the solution of F(x) = u, |u| in place of u.
  static double beyond(Kind kind, double u) {
    switch (kind) {
      case Kind::tanh:
        return std::asinh(4 * u) / 2;
      case Kind::sigmoid:
        return std::asinh(u / 2);
      case Kind::erf: {
        // With v = 2 u / sqrt pi: x <= v, and exp(x^2) - 1 <= 2 x v, so that x may be improved.
        const double v = 1.13 * u;
        double x = v;
        for (int k = 0; k < 4; ++k) x = std::min(x, std::sqrt(std::log1p(2 * x * v)));
        return x;
      }
    }
    throw std::logic_error("kind");
  }
  /// F(x) = u, by Newton's method from beyond, where F bends away.
  Real inverse(const Real& u) const {
    const Unit<double> rough{static_cast<typename Unit<double>::Kind>(kind)};
    const double target = as_double(u);
    double x = std::copysign(beyond(kind, std::abs(target)), target);
    for (int k = 0; k < 60; ++k) {
      const double next = x - (rough.F(x) - target) / rough.slope(x);
      if (!(std::abs(next) < std::abs(x))) break;
      x = next;
    }
    const Real start(x);
    return start - (F(start) - u) / slope(start);
  }
};

template <class Real>
struct Means {
  Real q, q2;
};

/// q and q2 as functions of s = +-b gamma M and b^2/2.
template <class Real>
std::function<Means<Real>(const Real&, double)> means_of(const Activation& psi, const Real& gamma) {
  using std::erfc, std::exp, std::sqrt;
  const Real root = sqrt(gamma), per_root = 1 / sqrt(Real(2 * pi<Real>()));
  if (psi == Activation::identity)
    return [gamma](const Real& s, double) { return Means<Real>{s, Real(gamma + s * s)}; };
  if (psi == Activation::relu)
    return [=](const Real& s, double) -> Means<Real> {
      const Real z = s / root, density = per_root * exp(Real(-z * z / 2));
      if (z >= 0) return {root * per_root + s / 2, gamma / 2 + 2 * s * root * per_root + s * s / 2};
      const Real below = erfc(Real(-z / sqrt(Real(2)))) / 2;
      return {root * density + s * below, (gamma + s * s) * below + s * root * density};
    };
  using Kind = typename Unit<Real>::Kind;
  if (psi != Activation::tanh && psi != Activation::sigmoid && psi != Activation::erf)
    throw std::logic_error("an activation whose law the truth does not know");
  const Unit<Real> unit{psi == Activation::tanh  ? Kind::tanh
                        : psi == Activation::erf ? Kind::erf
                                                 : Kind::sigmoid};
  constexpr int per_unit = 20, last = per_unit * 9;
  struct Start {
    Real u, weight;
    double half_square;
  };
  std::vector<Start> starts;
  for (int k = -last; k <= last; ++k) {
    const Real z = Real(k) / per_unit;
    starts.push_back({unit.F(Real(root * z)), per_root * exp(Real(-z * z / 2)) / per_unit,
                      as_double(z) * as_double(z) / 2});
  }
  return [unit, starts](const Real& s, double half_square) {
    Means<Real> sum{0, 0};
    for (const Start& start : starts) {
      if (start.half_square + half_square > farthest) continue;
      const Real value = unit.psi(unit.inverse(start.u + s));
      sum.q += start.weight * value, sum.q2 += start.weight * value * value;
    }
    return sum;
  };
}

template <class Real>
struct Averages {
  Real g2 = 0, g11 = 0, phi = 0, g2_sum = 0, g11_sum = 0;
};

/// Over |b| = exp(t - exp(-t)), t in equal steps; the sums are integrals over M, by the density of
/// b times a uniform number.
template <class Real>
Averages<Real> averages(const Activation& psi, const Real& gamma, const Real& M) {
  using std::exp, std::sqrt;
  const auto means = means_of<Real>(psi, gamma);
  const Real per_root = 1 / sqrt(Real(2 * pi<Real>()));
  const bool odd = psi != Activation::sigmoid && psi != Activation::relu;
  constexpr int per_unit = 48;
  Averages<Real> sum;
  for (int k = -4 * per_unit; k <= 3 * per_unit; ++k) {
    const Real t = Real(k) / per_unit, e = exp(Real(-t)), b = exp(Real(t - e));
    const Real weight = b * (1 + e) / per_unit, half_square = b * b / 2;
    if (as_double(half_square) > farthest || as_double(b) < 1e-24) continue;
    const Real normal = weight * per_root * exp(Real(-half_square));
    const Real course = weight * per_root / 2 * exponential_integral(half_square);
    // Of an odd function both signs of b say the same.
    for (int sign = 1; sign >= (odd ? 1 : -1); sign -= 2) {
      const Means<Real> at = means(Real(sign * gamma * M * b), as_double(half_square));
      const Real share = odd ? 2 * normal : normal, along = M * (odd ? 2 * course : course);
      sum.g2 += share * at.q2, sum.g11 += share * at.q * at.q, sum.phi += sign * share * b * at.q;
      sum.g2_sum += along * at.q2, sum.g11_sum += along * at.q * at.q;
    }
  }
  return sum;
}

template <class Real>
struct Law {
  Activation psi;
  Real n, gamma, lambda, ybar, tau;

  Real most(const Averages<Real>& at) const { return at.g2 + (n - 1) * at.g11; }
  /// How much of lambda ybar tau is left at M.
  Real left(const Real& M, const Averages<Real>& at) const {
    return lambda * ybar * tau - lambda * M - at.g2_sum - (n - 1) * at.g11_sum;
  }
  LawTruth at(const Real& M, const Averages<Real>& a) const {
    using std::sqrt;
    return {as_double(M), as_double(n > 1 ? Real(a.g2 - a.g11) : most(a)), as_double(most(a)),
            as_double(Real(sqrt(n) * a.phi / sqrt(most(a)))),
            as_double(Real(lambda * sqrt(n) * ybar / (lambda + most(a))))};
  }
};

template <class Real>
Law<Real> law_of(const LawCertificate& c) {
  return {c.activation,   Real(static_cast<double>(c.n())), Real(c.gamma),
          Real(c.lambda), Real(std::abs(c.y.values[0])),    Real(c.tau)};
}

}  // namespace

LawTruth law_truth(const LawCertificate& c, bool precise) {
  const Law<double> rough = law_of<double>(c);
  double low = 0, high = rough.ybar * rough.tau, M = high / 2;
  for (int k = 0; k < 100; ++k) {
    const Averages<double> at = averages<double>(c.activation, c.gamma, M);
    const double left = rough.left(M, at);
    (left > 0 ? low : high) = M;
    double next = M + left / (rough.lambda + rough.most(at));
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double moved = std::abs(next - M);
    M = next;
    if (moved < 1e-14 * M) break;
  }
  if (!precise) return rough.at(M, averages<double>(c.activation, c.gamma, M));
  // One step more in many digits; the second is too short to be seen in doubles.
  const Law<Long> law = law_of<Long>(c);
  const Long start(M);
  const Averages<Long> at = averages<Long>(c.activation, law.gamma, start);
  const Long better = start + law.left(start, at) / (law.lambda + law.most(at));
  // The averages there, by slopes in doubles.
  const double side = 1e-4 * M, moved = as_double(Long(better - start));
  const Averages<double> behind = averages<double>(c.activation, c.gamma, M + side),
                         before = averages<double>(c.activation, c.gamma, M - side);
  Averages<Long> there = at;
  const auto shift = [&](Long Averages<Long>::*which, double Averages<double>::*slope) {
    there.*which += Long((behind.*slope - before.*slope) / (2 * side) * moved);
  };
  shift(&Averages<Long>::g2, &Averages<double>::g2);
  shift(&Averages<Long>::g11, &Averages<double>::g11);
  shift(&Averages<Long>::phi, &Averages<double>::phi);
  return law.at(better, there);
}

}  // namespace alignproof::truth
