// SPDX-License-Identifier: Apache-2.0
// Values at points come from vector_tanh or from balls with more digits; radii from the Lipschitz
// constants. Proofs: reports/docs/balls.md, section 4.
#include <alignproof/network/ball_activation.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>

#include <alignproof/network/vector_tanh.hpp>
#include <alignproof/scalar/ieee.hpp>

#include "network/activation_radii.hpp"
#include "scalar/upward.hpp"

namespace alignproof {

namespace {

using Point = RealBall<Mpfr>;

/// 1 / (1 + e^-a), by e^-|a|, which cannot overflow.
Point sigmoid_of(const Point& a) {
  const Point one(Mpfr(1)), E = Point::exp(-Point::abs(a));
  return (a.mid < 0 ? E : one) / (one + E);
}

/// Phi(a).
Point normal_of(const Point& a) {
  const Point two(Mpfr(2));
  return Point::erfc(-(a / Point::sqrt(two))) / two;
}

struct Values {
  Point psi, slope;
};

Values values_at(Activation psi, const Mpfr& at) {
  const Point a(at), one(Mpfr(1)), two(Mpfr(2));
  switch (psi) {
    case Activation::tanh: {
      const Point t = Point::tanh(a);
      return {t, one - t * t};
    }
    case Activation::sigmoid: {
      const Point s = sigmoid_of(a);
      return {s, s * sigmoid_of(-a)};
    }
    case Activation::softplus: {
      const Point positive(at > 0 ? at : Mpfr(0));
      return {positive + Point::log1p(Point::exp(-Point::abs(a))), sigmoid_of(a)};
    }
    case Activation::erf:
      return {Point::erf(a), two / Point::sqrt(Point::pi()) * Point::exp(-(a * a))};
    case Activation::gelu: {
      const Point Phi = normal_of(a);
      const Point phi = Point::exp(-(a * a / two)) / Point::sqrt(two * Point::pi());
      return {a * Phi, Phi + a * phi};
    }
    case Activation::identity:
    case Activation::relu:
      break;
  }
  throw std::logic_error("activate_points: no such transcendental activation");
}

/// The midpoint rounded to Real. NaN, which nothing downstream takes for a number, unless the ball
/// is so small that the promised error follows.
double rounded(const Point& x, double, bool relative) {
  const double mid = x.mid.convert_to<double>(), rad = x.rad.convert_to<double>();
  const double size = relative ? std::abs(mid) : 1.0;
  return rad <= 0x1p-53 * size + 0x1p-1023 ? mid : std::numeric_limits<double>::quiet_NaN();
}

Mpfr rounded(const Point& x, const Mpfr& target, bool relative) {
  Mpfr mid(target);  // as many bits
  mpfr_set(mid.backend().data(), x.mid.backend().data(), MPFR_RNDN);
  const Mpfr size = relative ? size_of(mid) : Mpfr(1);
  const Mpfr most = Format<Mpfr>::two_u(target) / 2 * size + Format<Mpfr>::least() / 2;
  return x.rad <= most ? mid : Mpfr(std::numeric_limits<Mpfr>::quiet_NaN());
}

unsigned working_digits(double) {
  return 45;
}
unsigned working_digits(const Mpfr&) {
  return Mpfr::thread_default_precision() + 30;
}

/// The same number with at least the bits of the thread: functions keep the bits of their argument.
Mpfr widened(double a) {
  return Mpfr(a);
}
Mpfr widened(const Mpfr& a) {
  Mpfr wide(0);
  if (mpfr_get_prec(a.backend().data()) > mpfr_get_prec(wide.backend().data())) return a;
  mpfr_set(wide.backend().data(), a.backend().data(), MPFR_RNDN);
  return wide;
}

/// The published constants rounded up; reports/docs/activations.md.
struct Constants {
  double L1, L2;
};
Constants constants(Activation psi) {
  switch (psi) {
    case Activation::identity:
      return {1, 0};
    case Activation::relu:
      return {1, std::numeric_limits<double>::infinity()};
    case Activation::tanh:
      return {1, 0.7698003589196};
    case Activation::sigmoid:
      return {0.25, 0.09622504486494};
    case Activation::softplus:
      return {1, 0.25};
    case Activation::erf:
      return {1.1283791670956, 0.9678828980766};
    case Activation::gelu:
      return {1.1289041451852, 0.7978845608029};
  }
  throw std::logic_error("activation_bounds: an activation that does not exist");
}

/// Whether psi' jumps, at 0.
bool jumps(Activation psi) {
  switch (psi) {
    case Activation::relu:
      return true;
    case Activation::identity:
    case Activation::tanh:
    case Activation::sigmoid:
    case Activation::softplus:
    case Activation::erf:
    case Activation::gelu:
      return false;
  }
  throw std::logic_error("activation_radii: an activation that does not exist");
}

}  // namespace

template <class Real>
ActivationBounds<Real> activation_bounds(Activation psi) {
  using F = Format<Real>;
  const Constants c = constants(psi);
  const Real two_u = F::two_u(), L1(c.L1), L2(c.L2);
  const ActivationBounds<Real> rounded_once{Real(2) * two_u, F::least(), Real(2) * two_u, L1, L2};
  switch (psi) {
    case Activation::identity:
    case Activation::relu:
      return {Real(0), Real(0), Real(0), L1, L2};
    case Activation::tanh:
      if (std::is_same_v<Real, double>)
        return {Real(4.5) * two_u, F::least(), Real(10.5) * two_u, L1, L2};
      return rounded_once;
    case Activation::sigmoid:
    case Activation::softplus:
    case Activation::erf:
    case Activation::gelu:
      return rounded_once;
  }
  throw std::logic_error("activation_bounds: an activation that does not exist");
}

template <class Real>
void tanh_slopes(const Matrix<Real>& Psi, Matrix<Real>& D) {
  D.resize(Psi.rows(), Psi.cols());
  for (Eigen::Index i = 0; i < Psi.size(); ++i)
    D.data()[i] = Real(1) - Real(Psi.data()[i] * Psi.data()[i]);
}

template <class Real>
void rectify(const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) {
  for (Eigen::Index i = 0; i < A.size(); ++i) {
    const Real& a = A.data()[i];
    Psi.data()[i] = a <= Real(0) ? Real(0) : a;
    D.data()[i] = Real(a <= Real(0) ? 0 : 1);
  }
}

template <class Real>
void activate_points(Activation psi, const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) {
  Psi.resize(A.rows(), A.cols());
  D.resize(A.rows(), A.cols());
  switch (psi) {
    case Activation::identity:
      Psi = A;
      D.setConstant(Real(1));
      return;
    case Activation::relu:
      return rectify(A, Psi, D);
    case Activation::tanh:
      if constexpr (std::is_same_v<Real, double>) {
        vector_tanh(A.data(), Psi.data(), static_cast<std::size_t>(A.size()));
        return tanh_slopes(Psi, D);
      }
      break;
    case Activation::sigmoid:
    case Activation::softplus:
    case Activation::erf:
    case Activation::gelu:
      break;
  }
  const Real target(1);
  const ScopedDigits guard(std::min(working_digits(target), max_digits));
  for (Eigen::Index i = 0; i < A.size(); ++i) {
    const Values at = values_at(psi, widened(A.data()[i]));
    Psi.data()[i] = rounded(at.psi, target, true);
    D.data()[i] = rounded(at.slope, target, false);
  }
}

template <class Real>
void activation_radii(Activation psi, const ActivationBounds<Real>& bounds,
                      const BallMatrix<Real>& A, BallMatrix<Real>& Psi, BallMatrix<Real>& D) {
  Psi.rad.resize(A.rows(), A.cols());
  D.rad.resize(A.rows(), A.cols());
  const Eigen::Index size = A.mid.size();
  const Real *a = A.mid.data(), *rA = A.rad.data(), *value = Psi.mid.data();
  Real *rPsi = Psi.rad.data(), *slope = D.mid.data(), *rD = D.rad.data();
  if (jumps(psi)) {
    for (Eigen::Index i = 0; i < size; ++i) {
      rPsi[i] = rA[i];
      rD[i] = Real(0);
      if (rA[i] == Real(0) || size_of(a[i]) > rA[i] || a[i] == -rA[i]) continue;
      slope[i] = rD[i] = Real(0.5);
    }
    return;
  }
  const Real relative = bounds.relative, least = bounds.least, slope_error = bounds.slope_error,
             L1 = bounds.L1, L2 = bounds.L2;
  for (Eigen::Index i = 0; i < size; ++i) {
    const Real moved = add_up(mul_up(L2, rA[i]), slope_error);
    const Real local = add_up(size_of(slope[i]), moved);
    const Real lipschitz = local < L1 ? local : L1;
    rPsi[i] = add_up(add_up(mul_up(relative, size_of(value[i])), least), mul_up(lipschitz, rA[i]));
    rD[i] = moved;
  }
}

template <class Real>
void activate(Activation psi, const BallMatrix<Real>& A, BallMatrix<Real>& Psi,
              BallMatrix<Real>& D) {
  require_ieee_arithmetic("activate");
  activate_points(psi, A.mid, Psi.mid, D.mid);
  activation_radii(psi, activation_bounds<Real>(psi), A, Psi, D);
  for (BallMatrix<Real>* result : {&Psi, &D})
    for (Eigen::Index j = 0; j < A.cols(); ++j)
      for (Eigen::Index i = 0; i < A.rows(); ++i) result->set(i, j, (*result)(i, j));
}

#define ALIGNPROOF_BALL_ACTIVATION(Real)                                               \
  template ActivationBounds<Real> activation_bounds<Real>(Activation);                 \
  template void activate_points<Real>(Activation, const Matrix<Real>&, Matrix<Real>&,  \
                                      Matrix<Real>&);                                  \
  template void tanh_slopes<Real>(const Matrix<Real>&, Matrix<Real>&);                 \
  template void activation_radii<Real>(Activation, const ActivationBounds<Real>&,      \
                                       const BallMatrix<Real>&, BallMatrix<Real>&,     \
                                       BallMatrix<Real>&);                             \
  template void activate<Real>(Activation, const BallMatrix<Real>&, BallMatrix<Real>&, \
                               BallMatrix<Real>&);

ALIGNPROOF_BALL_ACTIVATION(double)
ALIGNPROOF_BALL_ACTIVATION(Mpfr)

}  // namespace alignproof
