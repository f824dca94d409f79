// SPDX-License-Identifier: Apache-2.0
// The alignment law after the penalty is cut. G and phi stand still there, and t steps later
//
//   sqrt(p) beta_r = m(t)^T psi(a_r),
//   m(t) = [I - lambda (lambda + G)^{-1} (I - eta G)^t] G^{-1} Y                            (N6')
//
// so that the cosine moves from its value under the penalty to the one at which it ends, and need
// not stay between them. Derivation: reports/docs/alignment_law_nonlinear.md, sections 1 and 8.
#pragma once

#include <alignproof/mean_field/law.hpp>

namespace alignproof::inline mean_field {

/// c* of (N9): the infimum of the weight angle's cosine over all t >= 0 after a cut at this point
/// of the law, where the penalty was `at.lambda`. Beyond the first hundred steps not every t is
/// looked at, but one in every hundredth of them. Throws InputError unless G > 0 there, eta > 0 and
/// eta lambda_max(G) < 2 (else the error does not converge), and Y is not zero and fits G.
double least_cosine_after_cut(const FieldPoint& at, const Matrix<double>& Y, double eta);

}  // namespace alignproof::inline mean_field
