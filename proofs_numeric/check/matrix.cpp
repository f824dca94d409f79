// SPDX-License-Identifier: Apache-2.0
// Matrices of balls, and the proof that a symmetric matrix is positive definite.
#include <alignproof/core/no_fast_math.hpp>

#include "matrix.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fixed_product.hpp"
#include "threads.hpp"

namespace alignproof::check {

BallMatrix matrix_from(const Array& x) {
  BallMatrix A(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i)
    for (std::size_t j = 0; j < x.cols(); ++j) A.set(i, j, x.values[i * x.cols() + j]);
  return A;
}

BallMatrix gram_of_rows(const Array& X) {
  const BallMatrix X_transposed = transposed(matrix_from(X));
  return transposed_product(X_transposed, X_transposed);
}

BallMatrix transposed(const BallMatrix& A) {
  BallMatrix T(A.cols(), A.rows());
  arb_mat_transpose(T.get(), A.get());
  return T;
}

BallMatrix product(const BallMatrix& A, const BallMatrix& B) {
  BallMatrix C(A.rows(), B.cols());
  if (precision() <= most_fixed_bits && fixed_product(C, A, B)) return C;
  if (A.cols() == 0) return C;
  // Row by row: no result depends on how the rows are shared out.
  const BallMatrix B_columns = transposed(B);
  const auto length = static_cast<slong>(A.cols());
  for_row_blocks(A.rows(), A.cols() * B.cols(), [&](const RowBlock& block) {
    for (std::size_t i = block.first; i < block.last; ++i)
      for (std::size_t j = 0; j < B.cols(); ++j)
        arb_dot(C.entry(i, j), nullptr, 0, A.entry(i, 0), 1, B_columns.entry(j, 0), 1, length,
                precision());
  });
  return C;
}

BallMatrix transposed_product(const BallMatrix& A, const BallMatrix& B) {
  BallMatrix C(A.cols(), B.cols());
  if (precision() <= most_fixed_bits && fixed_transposed_product(C, A, B)) return C;
  return product(transposed(A), B);
}

Factor::Factor(const BallMatrix& A) : matrix_(&A) {
  if (precision() <= most_fixed_bits) columns_ = fixed_columns(A);
}

void set_product(BallMatrix& C, const Factor& A, const BallMatrix& B) {
  if (!A.columns() || !fixed_product(C, *A.columns(), B)) C = product(A.matrix(), B);
}

BallMatrix transposed_product(const Factor& A, const BallMatrix& B) {
  BallMatrix C(A.matrix().cols(), B.cols());
  if (A.columns() && fixed_transposed_product(C, *A.columns(), B)) return C;
  return transposed_product(A.matrix(), B);
}

BallMatrix gram(const Factor& A) {
  if (!A.columns()) return transposed_product(A.matrix(), A.matrix());
  BallMatrix C(A.matrix().cols(), A.matrix().cols());
  fixed_gram(C, *A.columns());
  return C;
}

BallMatrix weighted_gram(const Factor& A, const BallMatrix& w) {
  const std::size_t p = A.matrix().rows(), n = A.matrix().cols();
  BallMatrix C(n, n);
  if (A.columns() && fixed_weighted_gram(C, *A.columns(), w)) return C;
  BallMatrix w_A(p, n);
  for_row_blocks(p, n, [&](const RowBlock& block) {
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < n; ++i)
        arb_mul(w_A.entry(r, i), w.entry(r, 0), A.matrix().entry(r, i), precision());
  });
  return transposed_product(w_A, A.matrix());
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

BallMatrix operator-(const BallMatrix& A, const BallMatrix& B) {
  BallMatrix C(A.rows(), A.cols());
  arb_mat_sub(C.get(), A.get(), B.get(), precision());
  return C;
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

Ball frobenius_norm(const BallMatrix& A) {
  Ball norm;
  arb_mat_frobenius_norm(norm.get(), A.get(), precision());
  return norm;
}

namespace {

/// About the largest eigenvalue of a positive semidefinite matrix, slightly above it: the trace of
/// its 2^k-th power, to the power 2^-k. In doubles: a guess that is proved or dropped.
double guess_largest_eigenvalue(const BallMatrix& A) {
  constexpr int squarings = 16;
  const std::size_t n = A.rows();
  std::vector<double> S(n * n), T(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      S[i * n + j] = S[j * n + i] = arf_get_d(arb_midref(A.entry(i, j)), ARF_RND_NEAR);
  double log_scale = 0;
  for (int k = 0; k <= squarings; ++k) {
    double trace = 0;
    for (std::size_t i = 0; i < n; ++i) trace += S[i * n + i];
    if (!(trace > 0) || !std::isfinite(trace)) return trace == 0 ? 0 : NAN;
    log_scale += std::ldexp(std::log(trace), -k);
    if (k == squarings) break;
    for (double& entry : S) entry /= trace;
    std::fill(T.begin(), T.end(), 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t l = 0; l < n; ++l)
        for (std::size_t j = 0; j <= i; ++j) T[i * n + j] += S[i * n + l] * S[l * n + j];
      for (std::size_t j = 0; j < i; ++j) T[j * n + i] = T[i * n + j];
    }
    S.swap(T);
  }
  return std::exp(log_scale);
}

}  // namespace

Ball largest_eigenvalue_bound(const BallMatrix& A) {
  const double guess = guess_largest_eigenvalue(A);
  for (double slack : {1e-9, 1e-3})
    if (guess > 0 && std::isfinite(guess)) {
      const Ball bound = guess * (1 + slack);
      if (positive_definite(bound - A).decision == Decision::proved) return bound;
    }
  return upper(frobenius_norm(A));
}

Ball spectral_norm_bound(const BallMatrix& A) {
  return upper(sqrt(largest_eigenvalue_bound(transposed_product(A, A))));
}

std::vector<Ball> row_norms(const BallMatrix& A) {
  std::vector<Ball> norms;
  for (std::size_t r = 0; r < A.rows(); ++r) {
    std::vector<Ball> row;
    for (std::size_t i = 0; i < A.cols(); ++i) row.push_back(A.at(r, i));
    norms.push_back(norm(row));
  }
  return norms;
}

}  // namespace alignproof::check
