// SPDX-License-Identifier: Apache-2.0
// Activations psi with their derivative and the constants that the bounds need. Derivations:
// reports/docs/activations.md.
#pragma once

#include <cmath>
#include <optional>

#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/matrix.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/scalar/elementary.hpp>

namespace alignproof::inline network {

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

/// |psi| <= L0, |psi'| <= L1, |psi'(x) - psi'(y)| <= L2 |x - y| and likewise L3 of psi''. L0 is
/// absent where psi is not bounded, L2 where psi' jumps, L3 where psi'' does.
template <class Real>
struct Smoothness {
  std::optional<Real> L0;
  Real L1;
  std::optional<Real> L2, L3;
};

/// What the computed psi and psi' lose, in unit roundoffs u:
///   |dpsi| <= u (relative |psi| + absolute),   |dpsi'| <= u L1 slope.
/// Line by line in reports/docs/rounding.md.
struct ActivationRounding {
  int relative = 0, absolute = 0, slope = 0;
};

/// One activation in one number type, as its definition has it.
template <class Real>
struct ActivationOver {
  Real (*psi)(const Real& a) = nullptr;
  void (*apply)(const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) = nullptr;
  Smoothness<Real> (*smoothness)() = nullptr;
  ActivationRounding rounding;
  /// psi' from psi, of which alone it is then a function; otherwise null.
  void (*slopes_from_values)(const Matrix<Real>& Psi, Matrix<Real>& D) = nullptr;
};

/// For the number types of activation_definition.hpp. Throws InputError on an activation that does
/// not exist, and on a transcendental one in an exact number type.
template <class Real>
const ActivationOver<Real>& activation_over(const Activation& psi);

/// Psi = psi(A) and D = psi'(A), entry by entry; both are resized to A. ReLU has psi'(0) = 0.
/// Throws as activation_over does.
template <class Real>
void activate(const Activation& psi, const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) {
  activation_over<Real>(psi).apply(A, Psi, D);
}

/// The least such constants, to the rounding of Real; L3 of silu is an upper bound.
template <class Real>
Smoothness<Real> smoothness(const Activation& psi) {
  return activation_over<Real>(psi).smoothness();
}

/// The paper's first premise on the activation.
inline bool bounded_and_smooth(const Activation& psi) {
  return properties(psi).bounded_and_smooth;
}

}  // namespace alignproof::inline network
