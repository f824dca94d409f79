// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/producer.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/instances.hpp>

namespace alignproof {

namespace {

/// What doubles lose in the numbers of the theorem is far below this, relative to each of them; the
/// claimed numbers give way by as much, so that the checker finds room.
constexpr double margin = 1e-6;

double up(double value) {
  return value + margin * std::abs(value);
}

/// The numbers as they will be claimed: each gives way outward, so that the checker can prove it.
CheckpointNumbers<double> padded(CheckpointNumbers<double> c) {
  const double spectrum = margin * std::max(std::abs(c.M_min), std::abs(c.M_max));
  c.E = up(c.E);
  c.M_min -= spectrum;
  c.M_max += spectrum;
  c.G_max = up(c.G_max);
  c.K_norm = up(c.K_norm);
  return c;
}

Certificate certificate_at(const Instance& instance, const CheckpointNumbers<double>& c,
                           double alpha, const KernelState<double>& state) {
  const Drift<double> s = drift(c, c.E / alpha);
  const double rho = up(s.beta_displacement);
  const CosineBracket<double> bracket = cosine_bracket(c, rho);
  Certificate certificate;
  certificate.checkpoint = {
      instance.activation, instance.eta,          instance.X, instance.y, instance.b,
      array_from(state.A), array_from(state.beta)};
  if (instance.n() == 1) certificate.checkpoint.A.shape = {instance.p(), 1};
  certificate.witness = {c.M_min, c.M_max, c.G_max, c.K_norm};
  certificate.statement = {alpha,
                           c.E,
                           rho,
                           up(s.A_displacement),
                           std::max(-1.0, bracket.min - margin),
                           std::min(1.0, bracket.max + margin)};
  return certificate;
}

/// Why the search failed, at the last checkpoint looked at.
std::string obstacle_at(const CheckpointNumbers<double>& c) {
  if (!(c.M_min > 0))
    return fmt::format(
        "lambda_min(M) = {:.3g} is not positive; a larger width or well-separated samples would "
        "help",
        c.M_min);
  const double alpha = c.M_min / 2;
  const Slack<double> at = slack(c, alpha);
  if (at.step < 0)
    return fmt::format(
        "the step condition fails by {:.3g} at alpha = lambda_min(M)/2; a smaller eta would help",
        -at.step);
  return fmt::format(
      "the decay condition fails by {:.3g} at alpha = lambda_min(M)/2 = {:.3g} with |e| = {:.3g}; "
      "more steps or a larger width would help",
      -at.decay, alpha, c.E);
}

}  // namespace

Proposal propose_certificate(const Instance& instance, std::size_t first, std::size_t stride,
                             KernelStep<double> advance) {
  Proposal proposal;
  if (instance.activation == Activation::relu)
    proposal.obstacle = "psi' of relu is not Lipschitz: Theorem A needs tanh or identity";
  else if (instance.activation != Activation::identity && instance.activation != Activation::tanh)
    proposal.obstacle = fmt::format("the checker does not enclose {} yet: take tanh or identity",
                                    to_string(instance.activation));
  else if (instance.k() != 1)
    proposal.obstacle = fmt::format("{} outputs: Theorem A is implemented for one", instance.k());
  if (!proposal.obstacle.empty()) return proposal;
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  const std::size_t earliest =
      instance.penalty.lambda == 0 ? first : std::max(first, instance.penalty.cut);
  proposal.obstacle =
      instance.penalty.lambda > 0 && earliest > instance.steps
          ? "no checkpoint with lambda = 0 from then on: cut the penalty, or run on after the cut"
          : fmt::format(
                "no checkpoint up to step {}: take a smaller first checkpoint or more steps",
                instance.steps);
  const Outcome outcome =
      run(problem, state, instance.steps, advance,
          [&](std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
            if (t < earliest || (t - earliest) % stride != 0) return true;
            proposal.checkpoint = t;
            CheckpointNumbers<double> numbers = *checkpoint_numbers(problem, at, now.beta);
            // Near the rounding floor |e| itself is mostly rounding.
            numbers.E += 2 * forward_rounding(problem, at, numbers.beta_norm);
            numbers = padded(numbers);
            proposal.M_min = numbers.M_min;
            const std::optional<double> alpha = find_alpha(numbers, margin);
            if (!alpha) {
              proposal.obstacle = obstacle_at(numbers);
              return true;
            }
            proposal.certificate = certificate_at(instance, numbers, *alpha, now);
            proposal.certificate->origin = {{"checkpoint", fmt::format("step {}", t)},
                                            {"instance", hash(instance)}};
            proposal.obstacle.clear();
            return false;
          });
  if (outcome.diverged_at)
    proposal.obstacle =
        fmt::format("the run diverges at step {}; a smaller eta would help", *outcome.diverged_at);
  return proposal;
}

}  // namespace alignproof
