// SPDX-License-Identifier: Apache-2.0
// Laws that are not the alignment law: each has one of its terms in another way.
#pragma once

#include <vector>

#include <alignproof/mean_field/law.hpp>

namespace alignproof::inline claims {

/// D = psi'(a) and B = b m^T, both N x n.
struct LawTerms {
  /// da / dLambda, N x n: (D o B) K in the law.
  Matrix<double> (*drift)(const Matrix<double>& K, const Matrix<double>& D,
                          const Matrix<double>& B);
  /// n x n, what is added to lambda + G: 0 in the law. `b_square` is |b|^2 / k times the weight of
  /// each particle.
  Matrix<double> (*beside_G)(const Matrix<double>& K, const Matrix<double>& D,
                             const Vector<double>& b_square);
};

extern const LawTerms true_terms;
/// K inside the entry-wise product: psi'(a) o (K m b).
extern const LawTerms kernel_inside;
/// The kernel of the first layer as if beta were of order 1: H = K o E |b|^2 psi'(a) psi'(a)^T / k.
extern const LawTerms first_layer_kept;

/// tau, cosine, e and error at each of the times (ascending), by Runge and Kutta's method of order
/// 4 with 20 steps between two of them.
std::vector<FieldPoint> law_of_terms(const LawTerms& terms, const LawData& data,
                                     const Activation& psi, const Cloud& cloud, double lambda,
                                     const std::vector<double>& times);

}  // namespace alignproof::inline claims
