// SPDX-License-Identifier: Apache-2.0
// The alignment law: what regularised feedback alignment of a linear network does as p -> infinity,
// on the slow time tau = eta t / sqrt p. With sigma = eta sum e / sqrt p and zeta = K sigma,
//
//   d sigma / d tau = e = -lambda (lambda I + K + zeta zeta^T)^{-1} y,      sigma(0) = 0
//   cos(b, beta) = q / sqrt(e^T K e + q^2),   q = zeta^T e
//
// Derivation, conditions, and the claims law1 to law6: reports/docs/alignment_law.md. Everything is
// dimensionless; one output.
#pragma once

#include <functional>
#include <vector>

#include <alignproof/linalg/matrix.hpp>

namespace alignproof::inline dynamics {

struct LawPoint {
  double tau = 0;
  double cosine = 0;            ///< while the penalty is on
  double cosine_after_cut = 0;  ///< where it ends if the penalty is cut at tau
  double error = 0;             ///< |e|
  double curvature = 0;         ///< lambda_max(K + zeta zeta^T)
  double zeta = 0;              ///< |zeta|
};

/// Solves the law at constant lambda up to each of `times` (ascending, >= 0), with an adaptive
/// Runge-Kutta-Fehlberg method of order 7(8) held to 1e-13 a step. K is n x n, y has n entries.
/// Directions in which K has no more than n roundings of its norm count as absent. Throws
/// InputError unless K is symmetric positive semidefinite up to rounding, all entries are finite,
/// lambda > 0 and the times are ascending and >= 0.
std::vector<LawPoint> alignment_law(const Matrix<double>& K, const Vector<double>& y, double lambda,
                                    const std::vector<double>& times);

/// The same for a penalty that moves on the slow time, lambda(tau) >= 0; points at which it is 0
/// have e = 0 and the cosine that remains. By a method of order 5 that finds jumps of lambda, held
/// to 1e-13 a step too.
std::vector<LawPoint> alignment_law(const Matrix<double>& K, const Vector<double>& y,
                                    const std::function<double(double)>& lambda,
                                    const std::vector<double>& times);

/// Isometric data, K = gamma I: z = |zeta| solves
///   gamma z^3 / 3 + (lambda + gamma) z = lambda sqrt(gamma) |y| tau,
/// here with zeta scaled by 1/sqrt(gamma), so that cos = z / sqrt(1 + z^2), before and after a cut.
/// Throws InputError unless gamma > 0, lambda >= 0, |y| >= 0 and tau >= 0, all finite.
double isometric_z(double gamma, double lambda, double y_norm, double tau);
double isometric_cosine(double gamma, double lambda, double y_norm, double tau);

/// The largest cosine at which isometric data still contract under a constant penalty: the
/// multiplier 1 - eta (lambda + gamma (1 + z^2)) reaches -1 at
///   cos = sqrt(1 - eta gamma / (2 - eta lambda)).
/// 0 where it is below -1 from the start.
double onset_cosine(double gamma, double lambda, double eta);

/// What the bounds for general K depend on: C = I + lambda K^{-1}, v = K^{-1/2} y.
struct Conditioning {
  double least = 1, most = 1;  ///< c1 <= C <= c2
  double mean = 1;             ///< at least v^T C v / |v|^2
  double variance = 0;         ///< at least the variance of C in the state v / |v|
  double least_Y = 0;          ///< least_Y <= y^T K^{-1} y <= most_Y
  double most_Y = 0;
};

/// Of this K (positive definite) and y; and of every K with gamma I <= K <= kappa gamma I and every
/// y of this norm. Throw InputError unless K is positive definite, gamma > 0, kappa >= 1,
/// lambda >= 0, |y| >= 0.
Conditioning conditioning(const Matrix<double>& K, const Vector<double>& y, double lambda);
Conditioning conditioning(double gamma, double kappa, double lambda, double y_norm);

/// The cosine that the law guarantees after a constant penalty lambda that is cut at slow time T:
/// theorem E of reports/docs/alignment_law.md. The law's own value for isometric data, and tends to
/// 1 as T grows. Throws InputError unless lambda, T >= 0.
double guaranteed_cosine(const Conditioning& c, double lambda, double T);

}  // namespace alignproof::inline dynamics
