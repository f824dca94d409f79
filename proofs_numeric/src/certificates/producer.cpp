// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/producer.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <alignproof/bounds/instances.hpp>
#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

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

/// The numbers for every state within `radius` of this one (reports/docs/theorem_b.md, section 5).
CheckpointNumbers<double> around(CheckpointNumbers<double> c, const Problem<double>& problem,
                                 const KernelState<double>& state, double radius) {
  if (radius == 0) return c;
  const double q = c.L1 * radius / c.sqrt_p, sqrt_g = std::sqrt(c.G_max);
  const double N = state.beta.cwiseProduct(problem.b).norm() / c.sqrt_p;
  const double G_shift = 2 * sqrt_g * q + q * q;
  const double M_shift = G_shift + c.L1 * c.L1 * c.K_norm * std::sqrt(c.B2) * radius / c.sqrt_p +
                         2 * c.L1 * c.L2 * c.K_norm * N * radius / c.sqrt_p;
  c.E += sqrt_g * radius + q * (c.beta_norm + radius);
  c.M_min -= M_shift;
  c.M_max += M_shift;
  c.G_max += G_shift;
  c.Q += std::sqrt(c.B4) / c.sqrt_p * radius;
  if (c.R_max) {
    const Vector<double> k = problem.K.rowwise().norm();
    const Matrix<double> nearest = (state.A.cwiseAbs().array() - radius).cwiseMax(0);
    c.R_max = largest_R_with_frozen_signs<double>(problem, nearest, k);
  }
  return c;
}

/// What one run shows up to its checkpoint; entries are indexed by t.
struct History {
  std::vector<double> error, cosine;
  bool angles = true;                                ///< b and beta(t) were never 0
  double beta_displacement = 0, A_displacement = 0;  ///< largest so far
};

struct Found {
  Leg leg;
  double M_min = 0;
  KernelState<double> state;
  History history;  ///< up to the checkpoint
};

struct LegSearch {
  std::optional<Found> found;
  std::size_t checkpoint = 0;
  double M_min = 0;
  std::string obstacle;
};

Leg leg_at(std::size_t t, const CheckpointNumbers<double>& c, double alpha, double radius) {
  const Drift<double> s = drift(c, c.E / alpha);
  const double rho = up(s.beta_displacement);
  const CosineBracket<double> bracket = cosine_bracket(c, rho + radius);
  return {t,
          {c.M_min, c.M_max, c.G_max, c.K_norm},
          {alpha, c.E, rho, up(s.A_displacement), std::max(-1.0, bracket.min - margin),
           std::min(1.0, bracket.max + margin)}};
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

class LegFinder {
 public:
  LegFinder(const Instance& instance, const Search& search)
      : search_(search), problem_(problem_from<double>(instance, search.rule)) {
    const bool penalty = instance.penalty.lambda > 0;
    earliest_ = penalty ? std::max(search.first, instance.penalty.cut) : search.first;
    result_.obstacle =
        penalty && earliest_ > instance.steps
            ? "no checkpoint with lambda = 0 from then on: cut the penalty, or run on after the cut"
            : fmt::format(
                  "no checkpoint up to step {}: take a smaller first checkpoint or more steps",
                  instance.steps);
  }

  LegSearch find(const Instance& instance, KernelStep<double> advance) {
    KernelState<double> state = initial_kernel(problem_, instance);
    A0_ = state.A, beta0_ = state.beta;
    const Outcome outcome = run(problem_, state, instance.steps, advance,
                                [&](std::size_t t, const KernelState<double>& now,
                                    const Forward<double>& at) { return observe(t, now, at); });
    if (outcome.diverged_at && !result_.found)
      result_.obstacle = fmt::format("the run diverges at step {}; a smaller eta would help",
                                     *outcome.diverged_at);
    return std::move(result_);
  }

 private:
  bool observe(std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
    history_.error.push_back(at.e.norm());
    history_.cosine.push_back(cosine(problem_.b, now.beta));
    history_.angles = history_.angles && !problem_.b.isZero(0) && !now.beta.isZero(0);
    history_.beta_displacement = std::max(history_.beta_displacement, (now.beta - beta0_).norm());
    history_.A_displacement = std::max(history_.A_displacement, (now.A - A0_).norm());
    if (t < earliest_ || (t - earliest_) % search_.stride != 0) return true;
    return plain() ? look(t, now, at) : look_at_variant(t, now, at);
  }

  bool plain() const { return is_feedback_alignment(search_.rule) && problem_.k() == 1; }

  /// Keeps the leg if it is the best so far; says whether to look on.
  bool keep(const Leg& leg, const KernelState<double>& now) {
    const SpectralWitness& w = leg.witness;
    if (!result_.found || width(leg) < width(result_.found->leg)) {
      result_.found = {leg, w.M_min, now, history_};
      result_.checkpoint = history_.error.size() - 1, result_.M_min = w.M_min;
      result_.obstacle.clear();
    }
    return leg.statement.alpha < search_.share * w.M_min || width(leg) > search_.width;
  }

  bool look(std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
    CheckpointNumbers<double> numbers = *checkpoint_numbers(problem_, at, now);
    // Near the rounding floor |e| itself is mostly rounding.
    numbers.E += 2 * forward_rounding(problem_, at, numbers.beta_norm);
    numbers = padded(around(numbers, problem_, now, search_.radius));
    if (!result_.found) result_.checkpoint = t, result_.M_min = numbers.M_min;
    const std::optional<double> alpha = find_alpha(numbers, margin);
    if (!alpha) {
      if (!result_.found) result_.obstacle = obstacle_at(numbers);
      return true;
    }
    return keep(leg_at(t, numbers, *alpha, search_.radius), now);
  }

  bool look_at_variant(std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
    VariantNumbers c = variant_numbers(problem_, at, now.beta);
    c.E = up(c.E + 2 * forward_rounding(problem_, at, c.beta_norm));
    c.m0 -= margin * c.M_norm;
    c.M_norm = up(c.M_norm), c.G_max = up(c.G_max), c.K_norm = up(c.K_norm);
    if (!result_.found) result_.checkpoint = t, result_.M_min = c.m0;
    const std::optional<double> alpha = find_variant_alpha(c, margin);
    if (!alpha) {
      if (!result_.found)
        result_.obstacle = fmt::format(
            "nothing closes: |I - eta M| = 1 - eta {:.3g} with |e| = {:.3g}; more steps, a larger "
            "width or a smaller eta would help",
            c.m0, c.E);
      return true;
    }
    const bool jumps = !smoothness<double>(problem_.psi).L2;
    if (jumps && !signs_frozen(problem_, at, now, c, up(c.E / *alpha))) {
      if (!result_.found)
        result_.obstacle = "a sign of a pre-activation may still change; more steps would help";
      return true;
    }
    const VariantDrift s = *variant_drift(c, c.E / *alpha);
    const double rho = up(s.beta_displacement);
    CheckpointNumbers<double> angle{};
    angle.b_norm = c.b_norm, angle.beta_norm = c.beta_norm, angle.b_dot_beta = c.b_dot_beta;
    const CosineBracket<double> bracket = cosine_bracket(angle, rho);
    return keep({t,
                 {c.m0, c.M_norm, c.G_max, c.K_norm},
                 {*alpha, c.E, rho, up(s.A_displacement), std::max(-1.0, bracket.min - margin),
                  std::min(1.0, bracket.max + margin)}},
                now);
  }

  static double width(const Leg& leg) { return leg.statement.cos_max - leg.statement.cos_min; }

  const Search& search_;
  const Problem<double> problem_;
  std::size_t earliest_ = 0;
  Matrix<double> A0_, beta0_;
  History history_;
  LegSearch result_;
};

LegSearch find_leg(const Instance& instance, const Search& search, KernelStep<double> advance) {
  return LegFinder(instance, search).find(instance, advance);
}

/// e(t) of a run in doubles and e(t) of the exact run differ by rounding, carried along.
Array enclosed_errors(const History& history) {
  Array errors({history.error.size(), 2});
  const double floor = 1e-12 * (1 + *std::max_element(history.error.begin(), history.error.end()));
  for (std::size_t t = 0; t < history.error.size(); ++t) {
    errors(t, 0) = std::max(0.0, history.error[t] * (1 - margin) - floor);
    errors(t, 1) = history.error[t] * (1 + margin) + floor;
  }
  return errors;
}

/// T1 as far as the numbers allow it; what is not claimed is said.
void claim_decay(Certificate& c, const Instance& instance, std::vector<std::string>& not_claimed) {
  LimitKernel kernel;
  try {
    kernel = limit_kernel(instance.activation, instance.X);
  } catch (const InputError& error) {  // inputs too long
    not_claimed.push_back(fmt::format("T1: {}", error.what()));
    return;
  }
  // One double beyond the enclosure, and no closer to singular than the checker's 256 bits resolve.
  const double resolved = 0x1p-190 * kernel.Gbar.norm();
  const DecayClaim claim{
      std::nextafter(kernel.gamma - resolved, 0.0),
      std::nextafter(kernel.gamma_upper + resolved, std::numeric_limits<double>::infinity())};
  const double factor = 1 - instance.eta * claim.gamma_max / 4;
  const Array& errors = c.whole_run.errors;
  std::optional<std::size_t> failing;
  for (std::size_t t = 0; t + 1 < errors.rows() && !failing; ++t)
    if (errors(t + 1, 1) > factor * errors(t, 0)) failing = t;
  if (!(claim.gamma_min > 0))
    not_claimed.push_back(
        kernel.definiteness == Definiteness::singular
            ? fmt::format("T1: gamma = 0: {}", kernel.reason)
            : fmt::format("T1: gamma lies between 0 and {:.3g}", kernel.gamma_upper));
  else if (failing)
    not_claimed.push_back(
        fmt::format("T1: |e({})| / |e({})| = {:.6g} exceeds 1 - eta gamma/4 = {:.6g}", *failing + 1,
                    *failing, errors(*failing + 1, 1) / errors(*failing, 0), factor));
  else if (c.leg.statement.alpha < up(claim.gamma_max / 4))
    not_claimed.push_back(fmt::format("T1: alpha = {:.6g} is below gamma/4 = {:.6g}",
                                      c.leg.statement.alpha, claim.gamma_max / 4));
  else
    c.whole_run.decay = claim;
}

void claim_no_alignment(Certificate& c, const Found& found, double kappa,
                        std::vector<std::string>& not_claimed) {
  const double root_p = std::sqrt(static_cast<double>(c.start.p()));
  double largest = std::max(std::abs(c.leg.statement.cos_min), std::abs(c.leg.statement.cos_max));
  for (double cosine : found.history.cosine) largest = std::max(largest, std::abs(cosine));
  const double level = kappa / root_p;
  if (!found.history.angles)
    not_claimed.push_back("T2: cos(b, beta) is not defined at every step, as b or beta is 0");
  else if (!(level < 1))
    not_claimed.push_back(fmt::format(
        "T2: kappa = {:.4g} is not below sqrt p = {:.4g}, so it would say nothing", kappa, root_p));
  else if (up(largest) <= level)
    c.whole_run.no_alignment = {kappa};
  else
    not_claimed.push_back(fmt::format(
        "T2: |cos(b, beta)| reaches {:.4g}, above kappa/sqrt p = {:.4g}", largest, level));
}

void claim_alignment(Certificate& c, Instance instance, const Search& search,
                     KernelStep<double> advance, std::vector<std::string>& not_claimed) {
  instance.penalty = {};
  const LegSearch twin = find_leg(instance, search, advance);
  if (!twin.found) {
    not_claimed.push_back("T3: without the penalty nothing closes: " + twin.obstacle);
    return;
  }
  const History& history = twin.found->history;
  if (!history.angles) {
    not_claimed.push_back("T3: cos(b, beta) is not defined at every step, as b or beta is 0");
    return;
  }
  // The largest cosine of the whole run without the penalty, not only after its checkpoint.
  Leg leg = twin.found->leg;
  for (double cosine : history.cosine)
    leg.statement.cos_max = std::max(leg.statement.cos_max, std::min(1.0, cosine + margin));
  const double with = c.leg.statement.cos_min, without = leg.statement.cos_max;
  if (with > without + search.margin)
    c.whole_run.alignment = {search.margin, leg};
  else
    not_claimed.push_back(
        fmt::format("T3: cos >= {:.4g} with the penalty, <= {:.4g} without: not apart by {:.4g}",
                    with, without, search.margin));
}

std::string refusal(const Instance& instance, const Search& search) {
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  if (!plain && is_initial(search.kind))
    return "with k outputs, and for backpropagation, only from a checkpoint: take --from "
           "checkpoint";
  if (!plain && search.radius != 0)
    return "with k outputs, and for backpropagation, no neighbourhood is searched for";
  if (search.radius != 0 && is_initial(search.kind))
    return "a neighbourhood is searched for around a checkpoint only";
  return "";
}

}  // namespace

Proposal propose_certificate(const Instance& instance, const Search& search,
                             KernelStep<double> advance) {
  Proposal proposal;
  proposal.obstacle = refusal(instance, search);
  if (!proposal.obstacle.empty()) return proposal;
  LegSearch run = find_leg(instance, search, advance);
  proposal.checkpoint = run.checkpoint;
  proposal.M_min = run.M_min;
  proposal.obstacle = run.obstacle;
  if (!run.found) return proposal;

  const Found& found = *run.found;
  Certificate c;
  c.start = {.kind = search.kind,
             .rule = search.rule,
             .activation = instance.activation,
             .eta = instance.eta,
             .penalty = {},
             .X = instance.X,
             .y = instance.y,
             .b = instance.b,
             .W = {},
             .A = {},
             .beta = {}};
  const bool one = instance.k() == 1;
  if (one) c.start.y.shape = {instance.n()}, c.start.b.shape = {instance.p()};
  c.radius = search.radius;
  c.leg = found.leg;
  c.origin = {{"checkpoint", fmt::format("step {}", run.checkpoint)}, {"instance", hash(instance)}};
  if (!is_initial(search.kind)) {
    c.leg.checkpoint = 0;
    c.start.A = array_from(found.state.A);
    c.start.A.shape = {instance.p(), instance.n()};
    c.start.beta = array_from(found.state.beta);
  } else {
    c.start.penalty = instance.penalty;
    c.start.W = instance.W0;
    c.start.beta = instance.beta0;
    c.start.beta.shape = {instance.p()};
    c.whole_run.errors = enclosed_errors(found.history);
    c.whole_run.beta_displacement =
        up(found.history.beta_displacement + found.leg.statement.beta_displacement) + margin;
    c.whole_run.A_displacement =
        up(found.history.A_displacement + found.leg.statement.A_displacement) + margin;
    if (instance.penalty.lambda == 0) {
      claim_decay(c, instance, proposal.not_claimed);
      claim_no_alignment(c, found, search.kappa, proposal.not_claimed);
    } else {
      claim_alignment(c, instance, search, advance, proposal.not_claimed);
    }
  }
  proposal.certificate = std::move(c);
  return proposal;
}

}  // namespace alignproof
