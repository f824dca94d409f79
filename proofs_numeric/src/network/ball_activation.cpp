// SPDX-License-Identifier: Apache-2.0
// Values at points come from a vector form or from balls with more digits; radii from the Lipschitz
// constants. Proofs: reports/docs/balls.md, section 4.
#include <alignproof/network/ball_activation.hpp>

#include <cmath>
#include <limits>
#include <optional>

#include <alignproof/network/activation_definition.hpp>
#include <alignproof/scalar/ieee.hpp>

#include "network/activation_radii.hpp"
#include "scalar/upward.hpp"

namespace alignproof::inline network {

namespace {

using Point = RealBall<Mpfr>;

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

/// Whether psi' jumps, at 0.
bool jumps(const BallForm& form) {
  return form.L2 == std::numeric_limits<double>::infinity();
}

const BallForm& form_of(const Activation& psi) {
  return ball_form(psi, "ball versions");
}

}  // namespace

template <class Real>
ActivationBounds<Real> activation_bounds(const Activation& psi) {
  using F = Format<Real>;
  const BallForm& form = form_of(psi);
  const Real two_u = F::two_u(), L1(form.L1), L2(form.L2);
  if (form.at == nullptr) return {Real(0), Real(0), Real(0), L1, L2};
  const std::optional<VectorForm>& vector = definition_of(psi).vector;
  if (std::is_same_v<Real, double> && vector)
    return {Real(vector->relative) * two_u, F::least(), Real(vector->slope_error) * two_u, L1, L2};
  return {Real(2) * two_u, F::least(), Real(2) * two_u, L1, L2};
}

namespace {

/// Psi and D where they round nowhere; of a NaN, which no order places, only the psi is one.
template <class Real>
void activate_exactly(const Activation& psi, const Matrix<Real>& A, Matrix<Real>& Psi,
                      Matrix<Real>& D) {
  activate(psi, A, Psi, D);
  for (Eigen::Index i = 0; i < A.size(); ++i) {
    const Real& a = A.data()[i];
    if (a != a) Psi.data()[i] = a;
  }
}

}  // namespace

template <class Real>
void activate_points(const Activation& psi, const Matrix<Real>& A, Matrix<Real>& Psi,
                     Matrix<Real>& D) {
  const BallForm& form = form_of(psi);
  if (form.at == nullptr) return activate_exactly(psi, A, Psi, D);
  if constexpr (std::is_same_v<Real, double>)
    if (definition_of(psi).vector) return activate(psi, A, Psi, D);
  Psi.resize(A.rows(), A.cols());
  D.resize(A.rows(), A.cols());
  const Real target(1);
  const ScopedDigits guard(std::min(working_digits(target), max_digits));
  for (Eigen::Index i = 0; i < A.size(); ++i) {
    const BallValues at = form.at(Point(widened(A.data()[i])));
    Psi.data()[i] = rounded(at.psi, target, true);
    D.data()[i] = rounded(at.slope, target, false);
  }
}

template <class Real>
void activation_radii(const Activation& psi, const ActivationBounds<Real>& bounds,
                      const BallMatrix<Real>& A, BallMatrix<Real>& Psi, BallMatrix<Real>& D) {
  Psi.rad.resize(A.rows(), A.cols());
  D.rad.resize(A.rows(), A.cols());
  const Eigen::Index size = A.mid.size();
  const Real *a = A.mid.data(), *rA = A.rad.data(), *value = Psi.mid.data();
  Real *rPsi = Psi.rad.data(), *slope = D.mid.data(), *rD = D.rad.data();
  if (jumps(form_of(psi))) {
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
void activate(const Activation& psi, const BallMatrix<Real>& A, BallMatrix<Real>& Psi,
              BallMatrix<Real>& D) {
  require_ieee_arithmetic("activate");
  activate_points(psi, A.mid, Psi.mid, D.mid);
  activation_radii(psi, activation_bounds<Real>(psi), A, Psi, D);
  for (BallMatrix<Real>* result : {&Psi, &D})
    for (Eigen::Index j = 0; j < A.cols(); ++j)
      for (Eigen::Index i = 0; i < A.rows(); ++i) result->set(i, j, (*result)(i, j));
}

#define ALIGNPROOF_BALL_ACTIVATION(Real)                                                      \
  template ActivationBounds<Real> activation_bounds<Real>(const Activation&);                 \
  template void activate_points<Real>(const Activation&, const Matrix<Real>&, Matrix<Real>&,  \
                                      Matrix<Real>&);                                         \
  template void activation_radii<Real>(const Activation&, const ActivationBounds<Real>&,      \
                                       const BallMatrix<Real>&, BallMatrix<Real>&,            \
                                       BallMatrix<Real>&);                                    \
  template void activate<Real>(const Activation&, const BallMatrix<Real>&, BallMatrix<Real>&, \
                               BallMatrix<Real>&);

ALIGNPROOF_BALL_ACTIVATION(double)
ALIGNPROOF_BALL_ACTIVATION(Mpfr)

}  // namespace alignproof::inline network
