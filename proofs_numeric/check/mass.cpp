// SPDX-License-Identifier: Apache-2.0
// How likely the neighbourhood of a certificate is.
#include <alignproof/core/no_fast_math.hpp>

#include "mass.hpp"

#include <vector>

#include "matrix.hpp"

namespace alignproof::check {

namespace {

Ball log_gamma(const Ball& x) {
  Ball z;
  arb_lgamma(z.get(), x.get(), precision());
  return z;
}

Ball squared_norm(const Array& x) {
  Ball sum;
  for (const double entry : x.values) sum += square(Ball(entry));
  return sum;
}

/// tr(K^-1 A^T A) for positive definite K: the squared norm of W within the span of the samples.
Ball squared_norm_in_span(const BallMatrix& K, const BallMatrix& A) {
  BallMatrix solution(K.rows(), K.cols());
  const BallMatrix gram = transposed_product(A, A);
  if (!arb_mat_solve(solution.get(), K.get(), gram.get(), precision())) return unknown();
  Ball trace;
  for (std::size_t i = 0; i < K.rows(); ++i) trace += solution.at(i, i);
  return trace;
}

LogMass log_mass_of_W(const Start& start, const Ball& r) {
  const BallMatrix K = gram_of_rows(start.X);
  if (positive_definite(K).decision != Decision::proved)
    return log_mass_of_ball(start.p() * start.d(), squared_norm(start.W), r);
  const BallMatrix A = product(matrix_from(start.W), transposed(matrix_from(start.X)));
  return log_mass_of_ball(start.p() * start.n(), squared_norm_in_span(K, A), r);
}

}  // namespace

LogMass log_mass_of_ball(std::size_t m, const Ball& squared_norm, const Ball& r) {
  const Ball half_m = Ball::count(m) / 2, half_square = square(r) / 2;
  const Ball volume = half_m * log(half_square) - log_gamma(half_m + 1) - squared_norm / 2;
  return {volume - half_square, min(0, volume + half_square * squared_norm / Ball::count(m))};
}

LogMass log_mass_of_neighbourhood(const Start& start, double radius) {
  const Ball r = radius;
  const LogMass W = log_mass_of_W(start, r),
                beta = log_mass_of_ball(start.beta.values.size(), squared_norm(start.beta), r);
  return {W.lower + beta.lower, W.upper + beta.upper};
}

}  // namespace alignproof::check
