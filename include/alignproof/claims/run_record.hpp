// SPDX-License-Identifier: Apache-2.0
// Everything the claims ask of one run, measured in one pass.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

namespace alignproof {

/// Suprema are over t = 0, 1, ..., the last step done. Ratios of errors count only steps at which
/// the derived rounding bound can tell yes from no.
struct RunRecord {
  std::uint64_t seed = 0;
  std::optional<std::size_t> diverged_at;

  double E0 = 0, E_end = 0;              ///< |e| at the start and at the end
  std::size_t judged = 0;                ///< steps at which the decay could be judged
  std::size_t judged_free = 0;           ///< those of them with lambda = 0
  std::size_t free_steps = 0;            ///< steps with lambda = 0, judged or not
  std::size_t below_rounding = 0;        ///< steps at which it could not
  std::optional<std::size_t> violation;  ///< first t at which the decay certainly fails
  double sup_ratio = 0;  ///< sup |e(t+1)| / |e(t)| over judged steps with lambda = 0
  double sup_against_bound =
      0;  ///< sup |e(t+1)| / ((1 - eta gamma/4 - eta lambda)|e(t)| + eta lambda |y|)
  double fitted_rate = 0;  ///< 1 - exp(slope of log|e|) over the judged steps with lambda = 0
  std::optional<std::size_t> thousandth;  ///< first t with |e(t)| <= |e(0)| / 1000

  double G0_min = 0;              ///< lambda_min(G(0))
  double H0_norm = 0;             ///< |H(0)|
  double G0_error = 0;            ///< |G(0) - Gbar|
  double sup_dG = 0, sup_dH = 0;  ///< sup |G(t) - G(0)|, sup |H(t) - H(0)|
  double sup_v = 0;               ///< sup |v| / (eta |e|)^2 where v stands above rounding
  double sup_v_linear = 0;        ///< sup |v| / (eta |e|), same steps
  double v0 = 0;                  ///< |v(0)|
  double Cv = 0;                  ///< Theorem A's bound of sup_v, at R = eta sum |e|
  /// T1': what eta sum lambda may be by the numbers at t = 0; nothing where the step is too large
  /// or no sum is allowed at all. Only of runs with a penalty.
  std::optional<double> penalty_budget;

  double w_displacement = 0;     ///< sup_t max_r |w_r(t) - w_r(0)|
  double beta_displacement = 0;  ///< sup_t max_r |beta_r(t) - beta_r(0)|
  double D = 0;                  ///< sup_t |beta(t) - beta(0)|

  double sup_cos = 0;        ///< sup_t |cos(b, beta(t))|
  double cos_at_cut = 0;     ///< cos at the first t with lambda(t) = 0
  double min_cos_after = 1;  ///< inf over t from the cut on
  double cos_end = 0;

  std::vector<double> error, cos;  ///< |e(t)| and cos(b, beta(t)), all t
};

/// How much of a record is filled.
enum class Detail {
  start,      ///< what can be read off at t = 0: E0, G0_min, H0_norm
  alignment,  ///< also errors, decay, displacements, cosines
  all,        ///< also the drift of G and H, the second-order term, the traces
};

/// Runs the instance in double with the given rule and step; `limit` is the kernel of its data.
/// The run takes its own copy of `advance`, which may remember. Throws InputError for k > 1.
RunRecord measure_run(const Instance& instance, Rule rule, const LimitKernel& limit, Detail detail,
                      KernelStep<double> advance);

/// Runs the instance again at the given digits up to time t and compares without any tolerance: is
/// |e(t+1)| > (1 - eta gamma/4 - eta lambda(t)) |e(t)| + eta lambda(t) |y|?
bool violation_confirmed(const Instance& instance, Rule rule, double gamma, std::size_t t,
                         unsigned digits, KernelStep<Mpfr> advance);

}  // namespace alignproof
