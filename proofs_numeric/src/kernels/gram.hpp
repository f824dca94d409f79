// SPDX-License-Identifier: Apache-2.0
// K = X X^T without rounding: entries of X are doubles, so that a sum of products fits into
// finitely many bits. Private to the library; reports/docs/kernels.md, section 1.
#pragma once

#include <alignproof/format/array.hpp>
#include <alignproof/linalg/matrix.hpp>
#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline kernels {

inline RealBall<Mpfr> number(double exact) {
  return Mpfr(exact);
}

/// One pair of samples; each number is the exact one rounded once, to the digits of the thread.
struct PairGram {
  Mpfr Kii, Kij, Kjj;
  Mpfr det;  ///< K_ii K_jj - K_ij^2 >= 0; 0 exactly where the two are parallel
  bool equal = false, opposite = false;
};

class ExactGram {
 public:
  /// X is n x d, finite; K is multiplied by 2^log2_scale.
  explicit ExactGram(const Array& X, long log2_scale = 0);

  std::size_t n() const { return X_.rows(); }
  std::size_t d() const { return X_.cols(); }
  PairGram pair(std::size_t i, std::size_t j) const;
  bool zero(std::size_t i) const;

 private:
  Mpfr dot(std::size_t i, std::size_t j) const;  ///< exact, of `bits_` bits

  const Array& X_;
  long log2_scale_;
  long bits_;
  std::vector<Mpfr> diagonal_;
};

}  // namespace alignproof::inline kernels
