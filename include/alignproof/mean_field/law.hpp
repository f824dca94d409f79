// SPDX-License-Identifier: Apache-2.0
// The alignment law for every activation and k outputs: what regularised feedback alignment does as
// p -> infinity on the slow times tau = eta t / sqrt p and Lambda = int lambda dtau,
//
//   G = E psi(a) psi(a)^T,   phi = E psi(a) b^T,   m = (lambda + G)^{-1} Y                   (N2)
//   da / dLambda = K (psi'(a) o (m b)),   a(0) ~ N(0, K),   e = -lambda m                    (N1)
//   weight angle  cos = tr(phi^T m) / sqrt(E|b|^2 tr(m^T G m))                               (N4)
//   signal angle  mean_i e_i m^T phi e_i^T / (|e_i| sqrt(e_i m^T G m e_i^T))                 (N5)
//
// After a cut of the penalty G and phi stand still and m becomes G^{-1} Y (N6). Derivation and
// conditions: reports/docs/alignment_law_nonlinear.md. Everything is dimensionless.
#pragma once

#include <cstddef>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/mean_field/cloud.hpp>
#include <alignproof/mean_field/slow_penalty.hpp>

namespace alignproof::inline mean_field {

struct FieldPoint {
  double tau = 0;  ///< slow time; tau_2 = eta t / p for backpropagation
  double Lambda = 0;
  double lambda = 0;
  double cosine = 0;            ///< of b and beta; 0 where beta is 0
  double signal = 0;            ///< mean cosine of b e_i and beta e_i
  double cosine_after_cut = 0;  ///< where it ends if the penalty is cut here
  double signal_after_cut = 0;  ///< in the long run: e is then in the lowest eigenvectors of G
  double error = 0;             ///< |e|, of Frobenius
  /// Of the four cosines' and |e|/|Y|'s errors the largest: that of the cloud, at 99 %, and that of
  /// the steps. The signal angle after a cut, which may jump, does not count.
  double error_estimate = 0;
  double least_eigenvalue = 0;  ///< N0's lower bound of lambda_min(G); 0 if there is none
  Matrix<double> e, m;          ///< n x k
  Moments moments;
  Vector<double> spectrum;  ///< of G, ascending
};

/// (N2), (N4) to (N6) from the moments, with tau, Lambda and what is estimated left at 0. With
/// lambda = 0, as after a cut, m = G^{-1} Y, e = 0, and the signal angle is that of the long run.
/// Directions in which G has no more than n roundings of its
/// norm count as absent in G^{-1}.
FieldPoint observe(const Moments& moments, const Matrix<double>& Y, double lambda);

struct LawOptions {
  /// Of one step, in the root mean square of the particles relative to that of a(0).
  double tolerance = 1e-6;
  std::size_t jobs = 1;  ///< the bits do not depend on it
  /// Whether error_estimate is wanted; it costs as much again. NaN without.
  bool estimate_error = true;
};

/// Solves the law up to each of `times` (ascending, >= 0). The cloud says where the particles
/// start. Smooth psi: Dormand and Prince's method of order 5(4) in Lambda. Homogeneous psi with a
/// kink (ReLU): in the direction int m every unit moves on straight lines from kink to kink, which
/// are followed exactly (Filippov's solution); the path of int m by Heun's method, extrapolated.
/// A unit of progress is one part of the work. Throws InputError unless data, penalty and times are
/// valid, the cloud fits them, and psi' is Lipschitz or psi homogeneous; a cloud made by quadrature
/// needs psi' Lipschitz.
std::vector<FieldPoint> mean_field_law(const LawData& data, const Activation& psi,
                                       const Cloud& cloud, const SlowPenalty& penalty,
                                       const std::vector<double>& times, const LawOptions& options,
                                       Progress& progress);
std::vector<FieldPoint> mean_field_law(const LawData& data, const Activation& psi,
                                       const Cloud& cloud, const SlowPenalty& penalty,
                                       const std::vector<double>& times,
                                       const LawOptions& options = {});

/// Backpropagation with the same penalty moves on tau_2 = eta t / p alone,
///   da / dtau_2 = lambda K (psi'(a) o (m m^T psi(a))),   m = (lambda + G)^{-1} Y             (N7)
/// so that the weights b of the error's return are beta: both angles are 1. `times` are those of
/// tau_2, and the penalty is a function of it. Throws as mean_field_law does; psi' must be
/// Lipschitz.
std::vector<FieldPoint> backpropagation_law(const LawData& data, const Activation& psi,
                                            const Cloud& cloud, const SlowPenalty& penalty,
                                            const std::vector<double>& times,
                                            const LawOptions& options, Progress& progress);
std::vector<FieldPoint> backpropagation_law(const LawData& data, const Activation& psi,
                                            const Cloud& cloud, const SlowPenalty& penalty,
                                            const std::vector<double>& times,
                                            const LawOptions& options = {});

/// d cos / d Lambda at the start, tr(m^T Theta m) / sqrt(E|b|^2 tr(m^T G m)) with m, G, Theta of
/// the cloud as it stands there and m at the penalty lambda. Throws InputError unless lambda > 0
/// and the data are valid.
double slope_at_start(const LawData& data, const Activation& psi, const Cloud& cloud, double lambda,
                      std::size_t jobs = 1);

}  // namespace alignproof::inline mean_field
