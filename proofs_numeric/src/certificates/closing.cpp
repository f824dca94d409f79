// SPDX-License-Identifier: Apache-2.0
#include "certificates/closing.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/bounds/sharp_forms.hpp>
#include <alignproof/bounds/theorem_a_variants.hpp>

#include "certificates/give_way.hpp"

namespace alignproof::inline certificates {

namespace {

/// How far the claimed spectra give way: what doubles lose in a matrix is relative to its size,
/// what more digits lose is far below each eigenvalue.
enum class SpectraFrom { doubles, more_digits };

/// The numbers as they will be claimed: each gives way outward, so that the checker can prove it.
CheckpointNumbers<double> padded(CheckpointNumbers<double> c, SpectraFrom from) {
  const double size = std::max(std::abs(c.M_min), std::abs(c.M_max));
  c.E = up(c.E);
  c.M_min -= margin * (from == SpectraFrom::doubles ? size : std::abs(c.M_min));
  c.M_max += margin * size;
  c.G_max = up(c.G_max);
  c.K_norm = up(c.K_norm);
  return c;
}

/// The numbers for every state within these distances of this one (reports/docs/theorem_b.md,
/// section 5).
CheckpointNumbers<double> around(CheckpointNumbers<double> c, const Problem<double>& problem,
                                 const KernelState<double>& state, const Distances& radii) {
  if (radii.A == 0 && radii.beta == 0) return c;
  const double q = c.L1 * radii.A / c.sqrt_p, sqrt_g = std::sqrt(c.G_max);
  const double N = state.beta.cwiseProduct(problem.b).norm() / c.sqrt_p;
  const double G_shift = 2 * sqrt_g * q + q * q;
  const double M_shift = G_shift +
                         c.L1 * c.L1 * c.K_norm * std::sqrt(c.B2) * radii.beta / c.sqrt_p +
                         2 * c.L1 * c.L2 * c.K_norm * N * radii.A / c.sqrt_p;
  c.E += radii.e;
  c.M_min -= M_shift;
  c.M_max += M_shift;
  c.G_max += G_shift;
  c.Q += std::sqrt(c.B4) / c.sqrt_p * radii.beta;
  if (c.R_max) {
    const Vector<double> k = problem.K.rowwise().norm();
    const Matrix<double> nearest = (state.A.cwiseAbs().array() - radii.A).cwiseMax(0);
    c.R_max = largest_R_with_frozen_signs<double>(problem, nearest, k);
  }
  return c;
}

/// Whether rounding is all that leaves it open: it would close if doubles lost nothing.
bool closes_without_rounding(CheckpointNumbers<double> c, double rounding_of_E) {
  const double size = std::max(std::abs(c.M_min), std::abs(c.M_max));
  c.E = std::max(0.0, c.E - rounding_of_E);
  c.M_min = std::max(c.M_min, 0.0) + margin * size;
  return find_alpha(c).has_value();
}

/// The bracket of the cosine, in the numbers of a certificate.
Statement statement_of(double alpha, double error, double rho, double A_displacement,
                       const CosineBracket<double>& bracket) {
  return {alpha,
          error,
          rho,
          up(A_displacement),
          std::max(-1.0, bracket.min - margin),
          std::min(1.0, bracket.max + margin)};
}

Leg leg_at(std::size_t t, const CheckpointNumbers<double>& c, double alpha, double radius) {
  const Drift<double> s = drift(c, c.E / alpha);
  const double rho = up(s.beta_displacement);
  const CosineBracket<double> bracket = cosine_bracket(c, rho + radius);
  return {t,
          {c.M_min, c.M_max, c.G_max, c.K_norm},
          statement_of(alpha, c.E, rho, s.A_displacement, bracket)};
}

/// What a sharp form gives from the checkpoint on.
Leg sharp_leg(std::size_t t, const CheckpointNumbers<double>& c, const SharpGrowth& g,
              const SharpClosing& closing, double radius, ClosingForm form) {
  const double rho = up(value_at(g.rho, closing.S));
  Leg leg{
      t,
      {c.M_min, c.M_max, c.G_max, c.K_norm},
      statement_of(closing.mu - margin / 2 * c.M_min, c.E, rho,
                   c.L1 * std::sqrt(c.B2) * c.K_norm * closing.S, cosine_bracket(c, rho + radius))};
  leg.form = form, leg.S = closing.S;
  return leg;
}

/// By the drift of second order. Its linear part is the costly one: where nothing closes even
/// without it, it is not looked at.
std::optional<Leg> close_by_drift(std::size_t t, const CheckpointNumbers<double>& c,
                                  const Problem<double>& problem, const KernelState<double>& state,
                                  const Forward<double>& at, const Distances& radii) {
  std::optional<DriftNumbers> drift = moments_of_drift(problem, state.beta);
  if (!drift) return std::nullopt;
  drift->Q3 = up(drift->Q3 + problem.b.array().cube().matrix().norm() / problem.p() * radii.beta);
  if (!close_sharply(c, growth(c, *drift), margin)) return std::nullopt;
  // The checker knows psi'' to a third of its bits, and the linear part is a small sum of large
  // terms.
  constexpr double for_few_bits = 1 + 1e-4;
  drift->linear =
      for_few_bits * (linear_drift(problem, at, state) +
                      linear_drift_shift(c, problem, at, state, drift->L3, radii.A, radii.beta));
  const SharpGrowth g = growth(c, *drift);
  const std::optional<SharpClosing> closing = close_sharply(c, g, margin);
  if (!closing) return std::nullopt;
  Leg leg = sharp_leg(t, c, g, *closing, radii.beta, ClosingForm::second_order_drift);
  leg.linear_drift = drift->linear;
  return leg;
}

/// In one of the forms; nothing where it does not close.
std::optional<Leg> close_in(ClosingForm form, std::size_t t, const CheckpointNumbers<double>& c,
                            const Problem<double>& problem, const KernelState<double>& state,
                            const Forward<double>& at, const Distances& radii) {
  switch (form) {
    case ClosingForm::rate: {
      const std::optional<double> alpha = find_alpha(c, margin);
      if (!alpha) return std::nullopt;
      return leg_at(t, c, *alpha, radii.beta);
    }
    case ClosingForm::bootstrap: {
      const SharpGrowth g = growth(c);
      const std::optional<SharpClosing> closing = close_sharply(c, g, margin);
      if (!closing) return std::nullopt;
      return sharp_leg(t, c, g, *closing, radii.beta, form);
    }
    case ClosingForm::second_order_drift:
      return close_by_drift(t, c, problem, state, at, radii);
  }
  throw std::logic_error("no such form");
}

/// Why nothing closes in this form.
std::string obstacle_in(ClosingForm form, const CheckpointNumbers<double>& c) {
  const bool sharp = form != ClosingForm::rate;
  if (sharp && c.M_min > 0)
    return fmt::format(
        "the form '{}' does not close with |e| = {:.3g} and lambda_min(M) = {:.3g}; more steps or "
        "a larger width would help",
        to_string(form), c.E, c.M_min);
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
  if (at.decay < 0)
    return fmt::format(
        "the decay condition fails by {:.3g} at alpha = lambda_min(M)/2 = {:.3g} with |e| = "
        "{:.3g}; more steps or a larger width would help",
        -at.decay, alpha, c.E);
  return fmt::format(
      "a sign of a pre-activation may still change: |e|/alpha = {:.3g}, and signs are frozen below "
      "{:.3g}; more steps would help",
      c.E / alpha, c.R_max.value_or(0));
}

}  // namespace

Closing close_at(std::size_t t, const Problem<double>& problem, const KernelState<double>& state,
                 const Forward<double>& at, const Distances& radii, ClosingForm form,
                 const std::optional<CheckpointNumbers<double>>& sharper) {
  CheckpointNumbers<double> numbers =
      around(sharper ? *sharper : *checkpoint_numbers(problem, at, state), problem, state, radii);
  // Near the rounding floor |e| itself is mostly rounding.
  const double rounding = sharper ? 0 : 2 * forward_rounding(problem, at, numbers.beta_norm);
  const CheckpointNumbers<double> computed = numbers;
  numbers.E += rounding;
  numbers = padded(numbers, sharper ? SpectraFrom::more_digits : SpectraFrom::doubles);
  const std::optional<Leg> leg = close_in(form, t, numbers, problem, state, at, radii);
  if (!leg)
    return {numbers.M_min,
            {},
            obstacle_in(form, numbers),
            !sharper && closes_without_rounding(computed, 2 * rounding)};
  return {numbers.M_min, *leg};
}

Closing close_variant_at(std::size_t t, const Problem<double>& problem,
                         const KernelState<double>& state, const Forward<double>& at) {
  VariantNumbers c = variant_numbers(problem, at, state.beta);
  c.E = up(c.E + 2 * forward_rounding(problem, at, c.beta_norm));
  c.m0 -= margin * c.M_norm;
  c.M_norm = up(c.M_norm), c.G_max = up(c.G_max), c.K_norm = up(c.K_norm);
  const std::optional<double> alpha = find_variant_alpha(c, margin);
  if (!alpha)
    return {c.m0,
            {},
            fmt::format("nothing closes: |I - eta M| = 1 - eta {:.3g} with |e| = {:.3g}; more "
                        "steps, a larger width or a smaller eta would help",
                        c.m0, c.E)};
  const bool jumps = !smoothness<double>(problem.psi).L2;
  if (jumps && !signs_frozen(problem, at, state, c, up(c.E / *alpha)))
    return {c.m0, {}, "a sign of a pre-activation may still change; more steps would help"};
  const VariantDrift s = *variant_drift(c, c.E / *alpha);
  const double rho = up(s.beta_displacement);
  CheckpointNumbers<double> angle{};
  angle.b_norm = c.b_norm, angle.beta_norm = c.beta_norm, angle.b_dot_beta = c.b_dot_beta;
  return {c.m0, Leg{t,
                    {c.m0, c.M_norm, c.G_max, c.K_norm},
                    statement_of(*alpha, c.E, rho, s.A_displacement, cosine_bracket(angle, rho))}};
}

}  // namespace alignproof::inline certificates
