// SPDX-License-Identifier: Apache-2.0
// Exact identities, at more and more digits: a true one leaves rounding only, and rounding shrinks.
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

struct IdentityCase {
  std::string name;
  Data data;
  NetworkSpec network;
  Rule rule = Rule::fa;
};

/// Small instances over kinds of data, all activations in turn, penalties, rules, one and two
/// outputs.
std::vector<IdentityCase> identity_cases(const Settings& settings) {
  const Inputs inputs[] = {Inputs::gaussian, Inputs::sphere, Inputs::repeated};
  std::vector<IdentityCase> cases;
  for (std::size_t k = 0; k < settings.profile.identity_cases; ++k) {
    const Activation psi = all_activations[k % std::size(all_activations)];
    const std::size_t n = 1 + choice(k, "n", 4), d = 2 + choice(k, "d", 5),
                      p = 3 + 5 * choice(k, "p", 6);
    const Penalty penalties[] = {{},
                                 {0.5, Penalty::never},
                                 {1.0, settings.profile.identity_steps / 2},
                                 {1.0, Penalty::never, Decay::geometric, 0.75},
                                 {1.0, Penalty::never, Decay::inverse_square, 3}};
    const Penalty penalty = penalties[choice(k, "penalty", std::size(penalties))];
    IdentityCase c;
    const Targets targets[] = {Targets::linear, Targets::network};
    DataSpec spec{inputs[choice(k, "inputs", 3)],
                  targets[choice(k, "targets", 2)],
                  n,
                  d,
                  settings.seed + k,
                  psi};
    spec.k = 1 + choice(k, "outputs", 2);
    c.data = make_data(spec);
    c.network = {p, psi, 0.1, penalty, settings.profile.identity_steps, seed_of(settings, k)};
    c.rule = choice(k, "rule", 3) == 2 ? Rule::bp : Rule::fa;
    c.name = fmt::format("{}: {}, p={} {} {} lambda={}{}", k, c.data.name, p, to_string(psi),
                         to_string(c.rule), penalty.lambda,
                         penalty.lambda == 0             ? ""
                         : penalty.cut != Penalty::never ? fmt::format(" cut at {}", penalty.cut)
                         : falls(penalty.decay) ? fmt::format(" {}", to_string(penalty.decay))
                                                : "");
    cases.push_back(c);
  }
  return cases;
}

/// log10 of a number >= 0, also far below the range of doubles; zero counts as the last digit, and
/// what is no number is above every bound.
double log10_of(const Mpfr& a, unsigned digits) {
  if (!(a >= 0)) return INFINITY;
  return a > 0 ? to_double(log10(a)) : -static_cast<double>(digits);
}

/// NaN if one of them is.
Mpfr larger(const Mpfr& a, const Mpfr& b) {
  return b <= a || a != a ? a : b;
}

/// Runs the kernel form with the step under test and the weight form as written in the definition.
void measure_identities(const Settings& settings, const IdentityCase& c, unsigned digits,
                        IdentityRecord& record) {
  const ScopedDigits guard(digits);
  const Instance instance = make_instance(c.data, c.network);
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance, c.rule);
  KernelState<Mpfr> state = initial_kernel(problem, instance);
  WeightState<Mpfr> weights = initial_weights<Mpfr>(instance);
  Forward<Mpfr> in_weight_form;
  Transition<Mpfr> s;
  Mpfr residual = 0, bound = 0, gap = 0, scale = 1;
  const KernelStep<Mpfr> advance = settings.dynamics.in_mpfr;  // its own: a step may remember
  const Outcome outcome =
      run(problem, state, instance.steps, advance,
          [&](std::size_t t, const KernelState<Mpfr>& now, const Forward<Mpfr>& at) {
            if (t == 0) {
              scale = at.e.norm() + problem.y.norm();
            } else {
              s.before = s.after, s.at = s.next;
              forward(problem, weights, in_weight_form);
              step(problem, in_weight_form, t - 1, weights);
            }
            s.after = now, s.next = at;
            const Matrix<Mpfr> difference = now.A - pre_activations(problem, weights);
            gap = larger(gap, Mpfr(difference.norm() / now.A.norm()));
            if (t == 0) return true;
            residual = larger(residual, Mpfr(recursion_residual(problem, s, t - 1).norm() / scale));
            bound = std::max(bound, Mpfr(recursion_rounding(problem, s) / scale));
            return true;
          });
  record.diverged = record.diverged || outcome.diverged_at.has_value();
  record.residual.push_back(log10_of(residual, digits));
  record.bound.push_back(log10_of(bound, digits));
  record.form_gap.push_back(log10_of(gap, digits));
}

void plan_identities(Study& study) {
  for (const IdentityCase& c : identity_cases(study.settings())) {
    IdentityRecord& record = study.identities[c.name];
    record = {c.name, "", {}, {}, {}, false};
    Batch batch;
    batch.data = c.data, batch.network = c.network, batch.rule = c.rule;
    record.replay = replay_line(batch, c.network.seed) +
                    fmt::format(" --number mpfr --digits {}", study.profile().digits.back());
    const double cost =
        200.0 * static_cast<double>(c.network.p * c.data.X.rows() * c.network.steps *
                                    study.profile().digits.size());
    study.want("identity " + c.name, cost, [&study, c, &record] {
      for (unsigned digits : study.profile().digits)
        measure_identities(study.settings(), c, digits, record);
    });
  }
}

/// Shrinking by fewer digits than this many below the expectation is not rounding any more.
constexpr double digits_lost = 3;

void conclude_shrinking(const Study& study, ClaimRow& row,
                        std::vector<double> IdentityRecord::*quantity, bool against_bound) {
  const std::vector<unsigned>& digits = study.profile().digits;
  const double expected = static_cast<double>(digits.back()) - static_cast<double>(digits.front());
  std::vector<Verdict> verdicts;
  double least_shrink = INFINITY, largest_residual = -INFINITY, closest = -INFINITY,
         bound_there = 0;
  for (const auto& [name, record] : study.identities) {
    const std::vector<double>& log = record.*quantity;
    const double shrink = log.front() - log.back();
    bool fine = shrink >= expected - digits_lost;
    if (against_bound)
      for (std::size_t k = 0; k < digits.size(); ++k) fine = fine && log[k] <= record.bound[k];
    const std::string words = fmt::format("10^{:.1f} at {} digits, 10^{:.1f} at {}", log.front(),
                                          digits.front(), log.back(), digits.back());
    // What was compared up to there may show the identity false; it cannot show it true.
    verdicts.push_back(!fine             ? Verdict::refuted(words + "; " + record.replay)
                       : record.diverged ? Verdict::undecided("the run diverged; " + record.replay)
                                         : Verdict::sampled(words));
    row.results.push_back({name, verdicts.back(), record.replay});
    least_shrink = std::min(least_shrink, shrink);
    largest_residual = std::max(largest_residual, log.back());
    const double share = log.back() - record.bound.back();
    if (share > closest) closest = share, bound_there = record.bound.back();
  }
  row.instances = study.identities.size();
  row.seeds = study.identities.size();
  row.digits = digits.back();
  row.verdict = worst(verdicts);
  if (row.verdict.kind() == VerdictKind::sampled)
    row.verdict = Verdict::sampled(
        fmt::format("{} cases, residuals shrink by 10^{:.1f} or more from {} to {} digits",
                    verdicts.size(), least_shrink, digits.front(), digits.back()));
  row.measured = std::pow(10, largest_residual);
  row.measured_label = fmt::format("largest residual at {} digits", digits.back());
  if (against_bound) {
    row.bound = std::pow(10, bound_there);
    row.bound_label = "derived rounding bound of the case that comes closest";
    row.ratio = std::pow(10, closest);
    row.ratio_label = "largest residual / bound over the cases";
  } else {
    row.bound = std::pow(10, -expected + digits_lost);
    row.bound_label = fmt::format("shrinkage from {} to {} digits", digits.front(), digits.back());
    row.measured = std::pow(10, -least_shrink);
    row.measured_label = "largest quotient of the gaps at the two precisions";
    row.ratio = *row.measured / *row.bound;
  }
}

}  // namespace

std::vector<OldClaim> identity_claims() {
  return {
      {{"ID",
        "Error recursion",
        "$e(t+1) = (1 - \\eta\\lambda)e - \\eta M e - \\eta\\lambda y + v$ with $M = G + H$, "
        "exactly.",
        "ours, reports/docs/dynamics.md",
        {"any activation, rule, penalty"},
        "the two sides are equal",
        "none",
        "Both sides at 50 and 100 digits along runs with every activation, one and two outputs: "
        "the difference must stay below its derived rounding bound "
        "and shrink by about $10^{50}$. No tolerance is tuned.",
        "A difference above the rounding bound, or one that does not shrink with the precision."},
       plan_identities,
       [](const Study& study, ClaimRow& row) {
         conclude_shrinking(study, row, &IdentityRecord::residual, true);
       }},
      {{"KF",
        "Kernel form = weight form",
        "$A(t+1) = A - (\\eta/\\sqrt{p})[\\psi'(A) \\circ (b e^\\top)]K$ follows $W X^\\top$ "
        "exactly.",
        "ours, reports/docs/dynamics.md",
        {"any activation, rule, penalty"},
        "$A(t) = W(t)X^\\top$ for all $t$",
        "none",
        "Both forms from the same instance at 50 and 100 digits: their distance must shrink by "
        "about $10^{50}$.",
        "A distance that does not shrink with the precision."},
       plan_identities,
       [](const Study& study, ClaimRow& row) {
         conclude_shrinking(study, row, &IdentityRecord::form_gap, false);
       }}};
}

}  // namespace alignproof
