// SPDX-License-Identifier: Apache-2.0
// Activations psi with their derivative and the constants that the bounds need.
#pragma once

#include <cmath>
#include <optional>

#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/matrix.hpp>

namespace alignproof {

/// Psi = psi(A) and D = psi'(A), entry by entry; both are resized to A. ReLU has psi'(0) = 0.
template <class Real>
void activate(Activation psi, const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) {
  switch (psi) {
    case Activation::identity:
      Psi = A;
      D.setConstant(A.rows(), A.cols(), Real(1));
      return;
    case Activation::tanh:
      Psi = A.unaryExpr([](const Real& a) -> Real {
        using std::tanh;
        return tanh(a);
      });
      D = Psi.unaryExpr([](const Real& s) -> Real { return Real(1) - s * s; });
      return;
    case Activation::relu:
      Psi = A.unaryExpr([](const Real& a) -> Real { return a > Real(0) ? a : Real(0); });
      D = A.unaryExpr([](const Real& a) -> Real { return Real(a > Real(0) ? 1 : 0); });
      return;
  }
}

/// |psi'| <= L1 and |psi'(x) - psi'(y)| <= L2 |x - y|. L2 is absent where psi' jumps.
template <class Real>
struct Smoothness {
  Real L1;
  std::optional<Real> L2;
};

template <class Real>
Smoothness<Real> smoothness(Activation psi) {
  using std::sqrt;
  switch (psi) {
    case Activation::identity:
      return {Real(1), Real(0)};
    // tanh'' = -2 tanh (1 - tanh^2) is largest where tanh^2 = 1/3
    case Activation::tanh:
      return {Real(1), Real(4) / (Real(3) * sqrt(Real(3)))};
    case Activation::relu:
      return {Real(1), std::nullopt};
  }
  return {Real(1), std::nullopt};
}

/// The paper's first premise on the activation: psi, psi' and psi'' exist and are bounded.
inline bool bounded_and_smooth(Activation psi) {
  return psi == Activation::tanh;
}

}  // namespace alignproof
