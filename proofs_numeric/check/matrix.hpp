// SPDX-License-Identifier: Apache-2.0
// Matrices of balls, and the proof that a symmetric matrix is positive definite.
#pragma once

#include <cstddef>
#include <memory>

#include <arb_mat.h>

#include <alignproof/format/array.hpp>

#include "ball.hpp"

namespace alignproof::check {

/// An owned arb_mat_t, all zeros when made.
class BallMatrix {
 public:
  BallMatrix(std::size_t rows, std::size_t cols) {
    arb_mat_init(value_, static_cast<slong>(rows), static_cast<slong>(cols));
  }
  BallMatrix(const BallMatrix& other) : BallMatrix(other.rows(), other.cols()) {
    arb_mat_set(value_, other.value_);
  }
  BallMatrix(BallMatrix&& other) noexcept {
    arb_mat_init(value_, 0, 0);
    arb_mat_swap(value_, other.value_);
  }
  BallMatrix& operator=(BallMatrix other) noexcept {
    arb_mat_swap(value_, other.value_);
    return *this;
  }
  ~BallMatrix() { arb_mat_clear(value_); }

  std::size_t rows() const { return static_cast<std::size_t>(arb_mat_nrows(value_)); }
  std::size_t cols() const { return static_cast<std::size_t>(arb_mat_ncols(value_)); }

  Ball at(std::size_t i, std::size_t j) const { return Ball(entry(i, j)); }
  void set(std::size_t i, std::size_t j, const Ball& x) { arb_set(entry(i, j), x.get()); }
  arb_ptr entry(std::size_t i, std::size_t j) {
    return arb_mat_entry(value_, static_cast<slong>(i), static_cast<slong>(j));
  }
  arb_srcptr entry(std::size_t i, std::size_t j) const {
    return arb_mat_entry(value_, static_cast<slong>(i), static_cast<slong>(j));
  }

  arb_mat_struct* get() { return value_; }
  const arb_mat_struct* get() const { return value_; }

 private:
  arb_mat_t value_;
};

/// The exact numbers of an array; an array of one axis is a column.
BallMatrix matrix_from(const Array& x);
/// X X^T
BallMatrix gram_of_rows(const Array& X);
BallMatrix transposed(const BallMatrix& A);

/// A B, and A^T B
BallMatrix product(const BallMatrix& A, const BallMatrix& B);
BallMatrix transposed_product(const BallMatrix& A, const BallMatrix& B);

struct FixedVectors;

/// A matrix of which several products are taken: at few bits its columns are turned into integers
/// once for all of them. Refers to the matrix, which must not change meanwhile.
class Factor {
 public:
  /// For products at precision().
  explicit Factor(const BallMatrix& A);

  const BallMatrix& matrix() const { return *matrix_; }
  /// Null where products are made of balls.
  const FixedVectors* columns() const { return columns_.get(); }

 private:
  const BallMatrix* matrix_;
  std::shared_ptr<const FixedVectors> columns_;
};

/// C = A B, for C of its shape; A^T B; A^T A; and A^T diag(w) A for a column w.
void set_product(BallMatrix& C, const Factor& A, const BallMatrix& B);
BallMatrix transposed_product(const Factor& A, const BallMatrix& B);
BallMatrix gram(const Factor& A);
BallMatrix weighted_gram(const Factor& A, const BallMatrix& w);

BallMatrix& operator+=(BallMatrix& A, const BallMatrix& B);
/// A / c
BallMatrix operator/(const BallMatrix& A, const Ball& c);
/// The entry-wise product.
BallMatrix entrywise(const BallMatrix& A, const BallMatrix& B);
BallMatrix operator+(const BallMatrix& A, const BallMatrix& B);
BallMatrix operator-(const BallMatrix& A, const BallMatrix& B);
/// A - c I, and c I - A.
BallMatrix operator-(const BallMatrix& A, const Ball& c);
BallMatrix operator-(const Ball& c, const BallMatrix& A);

/// The outcome of the elimination; `pivot` is the first that is not certainly positive.
struct Definiteness {
  Decision decision = Decision::proved;
  std::size_t column = 0;
  Ball pivot;
};

/// Decides whether the symmetric matrix S whose lower triangle lies in the lower triangle of `A` is
/// positive definite, by the pivots of S = L D L^T (reports/docs/theorem_a.md, section 6):
/// `proved` if all pivots are positive; `violated` if a pivot after positive ones is certainly
/// <= 0; `undecided` if a pivot straddles 0. The upper triangle is not read.
Definiteness positive_definite(BallMatrix A);

/// An upper bound of the largest eigenvalue of the symmetric matrix in the lower triangle of A, and
/// of the spectral norm of a square matrix; exact numbers. What doubles propose,
/// `positive_definite` proves; if it cannot, the Frobenius norm stands in.
Ball largest_eigenvalue_bound(const BallMatrix& A);
Ball spectral_norm_bound(const BallMatrix& A);
/// |A|_F, as a ball.
Ball frobenius_norm(const BallMatrix& A);
/// |row r of A| for all r.
std::vector<Ball> row_norms(const BallMatrix& A);

}  // namespace alignproof::check
