// SPDX-License-Identifier: Apache-2.0
// Products of matrices of balls by integers of 64 bits, for few bits of precision: exact up to the
// rounding of the operands, which goes into the radii. Derivation: reports/docs/rounding.md, "What
// the checker rounds".
#pragma once

#include <memory>

#include "matrix.hpp"

namespace alignproof::check {

/// Up to this precision integers of 64 bits are as good as balls of Arb.
inline constexpr long most_fixed_bits = 64;

/// A B and A^T B rounded to precision(); false, and nothing is written, where an entry is not
/// finite or beyond the exponents that are provided for. C has the shape of the product.
bool fixed_product(BallMatrix& C, const BallMatrix& A, const BallMatrix& B);
bool fixed_transposed_product(BallMatrix& C, const BallMatrix& A, const BallMatrix& B);

/// The columns of a matrix as integers; null where an entry is as above.
std::shared_ptr<const FixedVectors> fixed_columns(const BallMatrix& A);
/// The same products of a matrix whose columns are known as integers; A^T A; and A^T diag(w) A for
/// a column w.
bool fixed_product(BallMatrix& C, const FixedVectors& A, const BallMatrix& B);
bool fixed_transposed_product(BallMatrix& C, const FixedVectors& A, const BallMatrix& B);
void fixed_gram(BallMatrix& C, const FixedVectors& A);
bool fixed_weighted_gram(BallMatrix& C, const FixedVectors& A, const BallMatrix& w);

}  // namespace alignproof::check
