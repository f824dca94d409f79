// SPDX-License-Identifier: Apache-2.0
// Three layers, h1 = W1 x, h2 = W2 psi(h1) / sqrt p, f = beta . psi(h2) / sqrt p, trained by
// feedback alignment with a penalty on beta alone: the law as p -> infinity on the slow time
// tau = eta t / sqrt p, and networks of finite width beside it. With K1(tau, tau') = E psi(a1(tau))
// psi(a1(tau'))^T,
//
//   a1' = -K (psi'(a1) o xi o e),   a1(0) ~ N(0, K)
//   a2(tau) = chi(tau) - b int_0^tau K1(tau, tau') (psi'(a2(tau')) o e(tau')) dtau'
//   G = E psi(a2) psi(a2)^T,   phi = E psi(a2) b,   e = -lambda (lambda + G)^{-1} y
//
// chi is a Gaussian process of covariance K1; so is xi, of covariance E b^2 psi'(a2(tau))
// psi'(a2(tau'))^T, under feedback alignment, and a constant N(0, 1) under direct feedback.
// Derivation, which is formal: reports/docs/alignment_law_nonlinear.md, section 9. One output;
// everything is dimensionless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/mean_field/cloud.hpp>

namespace alignproof::inline mean_field {

/// How the first layer hears of the error: through fixed matrices in place of each transposed
/// weight (feedback alignment), or through fixed weights of its own from the output (direct).
enum class LayerRule { fa, dfa };

/// "fa" or "dfa". Throws InputError, listing them, on another name.
LayerRule layer_rule_from(std::string_view name);

struct ThreeLayerOptions {
  std::size_t particles = 16384;  ///< of each layer, in one sample of the law
  std::size_t samples = 8;        ///< independent ones, whose spread is the stated error
  double step = 0.2;              ///< of the coarser of the two grids of slow time, at most
  std::uint64_t seed = 1;
  std::size_t jobs = 1;  ///< the bits do not depend on it
};

/// A number of the law with its stated error: the half-width of an interval at 99 % for what the
/// particles do, by Student's t over the samples, and what extrapolating the step changed.
struct Sampled {
  double value = 0, error = 0;
};

struct ThreeLayerPoint {
  double tau = 0;
  Sampled cosine;            ///< of b and beta
  Sampled cosine_after_cut;  ///< where it ends if the penalty is cut here
  Sampled error;             ///< |e|
};

/// The law at each of `times` (ascending, >= 0): particles, Heun's method on a grid of slow time,
/// the processes drawn point by point given their past, extrapolated from steps h and h/2. A unit
/// of progress is one sample. Throws InputError unless the data are valid with one output,
/// lambda > 0, psi' is Lipschitz, times are as said, samples >= 2, at least 8 (n + 1) particles
/// and step > 0.
std::vector<ThreeLayerPoint> three_layer_law(const LawData& data, const Activation& psi,
                                             LayerRule rule, double lambda,
                                             const std::vector<double>& times,
                                             const ThreeLayerOptions& options, Progress& progress);
std::vector<ThreeLayerPoint> three_layer_law(const LawData& data, const Activation& psi,
                                             LayerRule rule, double lambda,
                                             const std::vector<double>& times,
                                             const ThreeLayerOptions& options = {});

/// One network of width p.
struct ThreeLayerNetwork {
  std::size_t p = 0;
  double eta = 0;
  std::uint64_t seed = 1;
};

struct ThreeLayerRun {
  std::vector<double> cosine, error;  ///< at each of the times; not finite from a divergence on
};

/// Runs it to each of `times` (ascending, >= 0), a step being eta / sqrt p of slow time. Throws
/// InputError as three_layer_law does on data, lambda and times, and unless 1 <= p <= 8192 (two
/// p x p matrices are kept) and 0 < eta, eta lambda < 1.
ThreeLayerRun run_three_layers(const LawData& data, const Activation& psi, LayerRule rule,
                               double lambda, const std::vector<double>& times,
                               const ThreeLayerNetwork& network);

}  // namespace alignproof::inline mean_field
