// SPDX-License-Identifier: Apache-2.0
// The limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), and gamma =
// lambda_min(Gbar).
#pragma once

#include <string>

#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/matrix.hpp>

namespace alignproof {

/// Closed forms in the Gram matrix K = X X^T (n x n). `relu` is the arc-cosine kernel of order 1.
/// Derivations: reports/docs/kernels.md. Throw InputError unless K is square, finite, with K_ii >=
/// 0 and, up to 1e-6 relative, symmetric with |K_ij| <= sqrt(K_ii K_jj). The lower triangle is
/// read.
Matrix<double> limit_kernel_identity(const Matrix<double>& K);
Matrix<double> limit_kernel_relu(const Matrix<double>& K);
Matrix<double> limit_kernel_erf(const Matrix<double>& K);
Matrix<double> limit_kernel_gelu(const Matrix<double>& K);

/// By the trapezoidal rule in two dimensions, which converges geometrically for integrands analytic
/// in a strip; the step is halved until two results agree to 1e-13 m(|x_i|) m(|x_j|), where m(s) is
/// min(1, s) for tanh, 1 for sigmoid and max(1, s/2) for softplus. The cost of a pair grows like
/// |x_i| |x_j|. Throw InputError also if some K_ii > 2e4 (tanh) or 8e4 (sigmoid, softplus). Not yet
/// enclosed.
Matrix<double> limit_kernel_tanh(const Matrix<double>& K);
Matrix<double> limit_kernel_sigmoid(const Matrix<double>& K);
Matrix<double> limit_kernel_softplus(const Matrix<double>& K);

struct LimitKernel {
  Matrix<double> Gbar;
  double gamma = 0;    ///< lambda_min(Gbar), in doubles
  std::string method;  ///< "closed form" or "quadrature (not enclosed)"
};

LimitKernel limit_kernel(Activation activation, const Matrix<double>& K);

}  // namespace alignproof
