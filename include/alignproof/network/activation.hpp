// SPDX-License-Identifier: Apache-2.0
// Activations psi with their derivative and the constants that the bounds need. Derivations:
// reports/docs/activations.md.
#pragma once

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/matrix.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/vector_tanh.hpp>
#include <alignproof/scalar/elementary.hpp>

namespace alignproof {

/// 1 / (1 + e^-a).
template <class Real>
Real sigmoid(const Real& a) {
  return Real(1) / (Real(1) + Elementary<Real>::exp(Real(-a)));
}

/// log(1 + e^a), without overflow and without cancellation.
template <class Real>
Real softplus(const Real& a) {
  const Real positive = a > Real(0) ? a : Real(0), size = a > Real(0) ? a : Real(-a);
  return positive + Elementary<Real>::log1p(Elementary<Real>::exp(Real(-size)));
}

/// Distribution function of N(0, 1).
template <class Real>
Real normal_distribution(const Real& a) {
  using std::sqrt;
  static_assert(Elementary<Real>::exists);
  return Elementary<Real>::erfc(Real(-a / sqrt(Real(2)))) / Real(2);
}

namespace detail {

/// psi and psi' at every entry, given both as functions of one number.
template <class Real, class Psi, class Slope>
void apply_entries(const Matrix<Real>& A, Matrix<Real>& values, Matrix<Real>& slopes,
                   const Psi& psi, const Slope& slope) {
  values = A.unaryExpr(psi);
  slopes.resize(A.rows(), A.cols());
  for (Eigen::Index j = 0; j < A.cols(); ++j)
    for (Eigen::Index r = 0; r < A.rows(); ++r) slopes(r, j) = slope(A(r, j), values(r, j));
}

template <class Real>
void activate_transcendental(Activation psi, const Matrix<Real>& A, Matrix<Real>& Psi,
                             Matrix<Real>& D) {
  using std::sqrt;
  using Functions = Elementary<Real>;
  const Real one(1);
  switch (psi) {
    case Activation::tanh:
      if constexpr (std::is_same_v<Real, double>) {
        Psi.resize(A.rows(), A.cols());
        vector_tanh(A.data(), Psi.data(), static_cast<std::size_t>(A.size()));
      } else {
        Psi = A.unaryExpr([](const Real& a) -> Real { return Functions::tanh(a); });
      }
      D = (one - Psi.array() * Psi.array()).matrix();
      return;
    case Activation::sigmoid:
      return apply_entries(
          A, Psi, D, [](const Real& a) -> Real { return sigmoid(a); },
          [&](const Real&, const Real& s) -> Real { return s * (one - s); });
    case Activation::softplus:
      return apply_entries(
          A, Psi, D, [](const Real& a) -> Real { return softplus(a); },
          [](const Real& a, const Real&) -> Real { return sigmoid(a); });
    case Activation::erf: {
      const Real peak = Real(2) / sqrt(pi_of<Real>());
      return apply_entries(
          A, Psi, D, [](const Real& a) -> Real { return Functions::erf(a); },
          [&](const Real& a, const Real&) -> Real { return peak * Functions::exp(Real(-a * a)); });
    }
    case Activation::gelu: {
      const Real peak = one / sqrt(Real(2) * pi_of<Real>());
      return apply_entries(
          A, Psi, D, [](const Real& a) -> Real { return a * normal_distribution(a); },
          [&](const Real& a, const Real&) -> Real {
            return normal_distribution(a) + a * (peak * Functions::exp(Real(-a * a / Real(2))));
          });
    }
    case Activation::identity:
    case Activation::relu:
      break;
  }
  throw std::logic_error("no such transcendental activation");
}

}  // namespace detail

/// Psi = psi(A) and D = psi'(A), entry by entry; both are resized to A. ReLU has psi'(0) = 0.
/// Throws InputError on a transcendental activation in an exact number type.
template <class Real>
void activate(Activation psi, const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) {
  switch (psi) {
    case Activation::identity:
      Psi = A;
      D.setConstant(A.rows(), A.cols(), Real(1));
      return;
    case Activation::relu:
      Psi = A.unaryExpr([](const Real& a) -> Real { return a > Real(0) ? a : Real(0); });
      D = A.unaryExpr([](const Real& a) -> Real { return Real(a > Real(0) ? 1 : 0); });
      return;
    case Activation::tanh:
    case Activation::sigmoid:
    case Activation::softplus:
    case Activation::erf:
    case Activation::gelu:
      if constexpr (Elementary<Real>::exists)
        return detail::activate_transcendental(psi, A, Psi, D);
      else
        throw InputError("activation", std::string(to_string(psi)),
                         "identity or relu in exact arithmetic");
  }
  throw std::logic_error("no such activation");
}

/// |psi| <= L0, |psi'| <= L1 and |psi'(x) - psi'(y)| <= L2 |x - y|. L0 is absent where psi is not
/// bounded, L2 where psi' jumps.
template <class Real>
struct Smoothness {
  std::optional<Real> L0;
  Real L1;
  std::optional<Real> L2;
};

namespace detail {

template <class Real>
Smoothness<Real> smoothness_transcendental(Activation psi) {
  using std::sqrt;
  using Functions = Elementary<Real>;
  const Real one(1), root_3 = sqrt(Real(3));
  const auto root_pi = [] { return sqrt(pi_of<Real>()); };
  switch (psi) {
    case Activation::tanh:  // tanh'' = -2 tanh (1 - tanh^2) is largest where tanh^2 = 1/3
      return {one, one, Real(4) / (Real(3) * root_3)};
    case Activation::sigmoid:  // sigmoid(x) = (1 + tanh(x/2)) / 2
      return {one, one / Real(4), one / (Real(6) * root_3)};
    case Activation::softplus:  // softplus' = sigmoid
      return {std::nullopt, one, one / Real(4)};
    case Activation::erf:  // erf'' = -(4 / sqrt pi) x e^(-x^2) is largest at x^2 = 1/2
      return {one, Real(2) / root_pi(),
              Real(2) * sqrt(Real(2)) / (root_pi() * Functions::exp(one / Real(2)))};
    case Activation::gelu:  // gelu'' = (2 - x^2) phi(x): gelu' is largest at sqrt 2, gelu'' at 0
      return {std::nullopt,
              (one + Functions::erf(one)) / Real(2) + Functions::exp(Real(-1)) / root_pi(),
              sqrt(Real(2)) / root_pi()};
    case Activation::identity:
    case Activation::relu:
      break;
  }
  throw std::logic_error("no such transcendental activation");
}

}  // namespace detail

/// The least such constants, to the rounding of Real.
template <class Real>
Smoothness<Real> smoothness(Activation psi) {
  switch (psi) {
    case Activation::identity:
      return {std::nullopt, Real(1), Real(0)};
    case Activation::relu:
      return {std::nullopt, Real(1), std::nullopt};
    case Activation::tanh:
    case Activation::sigmoid:
    case Activation::softplus:
    case Activation::erf:
    case Activation::gelu:
      if constexpr (Elementary<Real>::exists)
        return detail::smoothness_transcendental<Real>(psi);
      else
        throw InputError("activation", std::string(to_string(psi)),
                         "identity or relu in this number type");
  }
  throw std::logic_error("no such activation");
}

/// The paper's first premise on the activation.
inline bool bounded_and_smooth(Activation psi) {
  return properties(psi).bounded_and_smooth;
}

}  // namespace alignproof
