// SPDX-License-Identifier: Apache-2.0
// Matrices of balls, and the proof that a symmetric matrix is positive definite.
#include "matrix.hpp"

namespace alignproof::check {

BallMatrix transposed_product(const BallMatrix& A, const BallMatrix& B) {
  BallMatrix A_transposed(A.cols(), A.rows());
  arb_mat_transpose(A_transposed.get(), A.get());
  BallMatrix C(A.cols(), B.cols());
  arb_mat_mul(C.get(), A_transposed.get(), B.get(), precision());
  return C;
}

BallMatrix& operator+=(BallMatrix& A, const BallMatrix& B) {
  arb_mat_add(A.get(), A.get(), B.get(), precision());
  return A;
}

BallMatrix operator/(const BallMatrix& A, const Ball& c) {
  BallMatrix C(A.rows(), A.cols());
  arb_mat_scalar_div_arb(C.get(), A.get(), c.get(), precision());
  return C;
}

BallMatrix entrywise(const BallMatrix& A, const BallMatrix& B) {
  BallMatrix C(A.rows(), A.cols());
  arb_mat_mul_entrywise(C.get(), A.get(), B.get(), precision());
  return C;
}

BallMatrix operator+(const BallMatrix& A, const BallMatrix& B) {
  BallMatrix C(A);
  return C += B;
}

BallMatrix operator-(const BallMatrix& A, const Ball& c) {
  BallMatrix C(A);
  for (std::size_t i = 0; i < A.rows(); ++i) C.set(i, i, A.at(i, i) - c);
  return C;
}

BallMatrix operator-(const Ball& c, const BallMatrix& A) {
  BallMatrix C(A.rows(), A.cols());
  arb_mat_neg(C.get(), A.get());
  for (std::size_t i = 0; i < A.rows(); ++i) C.set(i, i, c - A.at(i, i));
  return C;
}

Definiteness positive_definite(BallMatrix A) {
  const std::size_t n = A.rows();
  for (std::size_t j = 0; j < n; ++j) {
    const Ball pivot = A.at(j, j);
    const Decision decision = greater(pivot, 0);
    if (decision != Decision::proved) return {decision, j, pivot};
    // The lower triangle of the Schur complement replaces that of the remaining rows.
    for (std::size_t i = j + 1; i < n; ++i) {
      const Ball multiplier = A.at(i, j) / pivot;
      for (std::size_t k = j + 1; k <= i; ++k)
        arb_submul(A.entry(i, k), multiplier.get(), A.entry(k, j), precision());
    }
  }
  return {};
}

}  // namespace alignproof::check
