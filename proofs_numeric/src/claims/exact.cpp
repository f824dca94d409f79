// SPDX-License-Identifier: Apache-2.0
// EX: the identities once more, without any rounding: rationals and Q(sqrt p).
#include <cmath>

#include <fmt/format.h>

#include <alignproof/dynamics/exact.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

/// Identity and ReLU; widths whose root is a whole number and others; one and two outputs; both
/// rules and every kind of penalty.
std::vector<Batch> exact_cases(const Settings& settings) {
  const Inputs inputs[] = {Inputs::gaussian, Inputs::sphere, Inputs::repeated};
  std::vector<Batch> cases;
  for (std::size_t k = 0; k < settings.profile.exact_cases; ++k) {
    const Activation psi = choice(k, "psi", 3) == 2 ? Activation::relu : Activation::identity;
    const std::size_t n = 1 + choice(k, "n", 3), d = 1 + choice(k, "d", 2),
                      p = 1 + choice(k, "p", 7), outputs = 1 + choice(k, "outputs", 2);
    const Penalty penalties[] = {{},
                                 {0.5, Penalty::never},
                                 {1, settings.profile.exact_steps / 2},
                                 {0.5, Penalty::never, Decay::geometric, 0.75}};
    const Penalty penalty = penalties[choice(k, "penalty", 4)];
    DataSpec spec{inputs[choice(k, "inputs", 3)], Targets::linear, n, d, settings.seed + k, psi};
    spec.k = outputs;
    Batch batch;
    batch.data = make_data(spec);
    batch.network = {
        p, psi, 0.125, penalty, settings.profile.exact_steps, seed_of(settings, 900000 + k)};
    batch.rule = choice(k, "rule", 3) == 2 ? Rule::bp : Rule::fa;
    batch.name = fmt::format("{}: {}, {} {} lambda={} {}", k, name_of(batch), to_string(psi),
                             to_string(batch.rule), batch.network.penalty.lambda,
                             to_string(batch.network.penalty.decay));
    cases.push_back(batch);
  }
  return cases;
}

void run_exactly(const Settings& settings, const Batch& batch, ExactRecord& record) {
  const Instance instance = make_instance(batch.data, batch.network);
  const Problem<Exact> problem = problem_from<Exact>(instance, batch.rule);
  KernelState<Exact> state = initial_kernel(problem, instance);
  WeightState<Exact> weights = initial_weights<Exact>(instance);
  Forward<Exact> in_weight_form;
  Transition<Exact> s;
  record.irrational = problem.sqrt_p.radicand() != 0;
  const auto zero = [](const Matrix<Exact>& m) {
    return m == Matrix<Exact>::Zero(m.rows(), m.cols());
  };
  const KernelStep<Exact> advance = settings.dynamics.exact;  // its own: a step may remember
  run(problem, state, instance.steps, advance,
      [&](std::size_t t, const KernelState<Exact>& now, const Forward<Exact>& at) {
        if (t > 0) {
          s.before = s.after, s.at = s.next;
          forward(problem, weights, in_weight_form);
          step(problem, in_weight_form, t - 1, weights);
        }
        s.after = now, s.next = at;
        if (!record.forms_differ &&
            !(zero(now.A - pre_activations(problem, weights)) && now.beta == weights.beta))
          record.forms_differ = t;
        if (t > 0 && !record.recursion_fails && !zero(recursion_residual(problem, s, t - 1)))
          record.recursion_fails = t - 1;
        record.steps = t;
        return true;
      });
}

void plan_exact(Study& study) {
  for (const Batch& batch : exact_cases(study.settings())) {
    ExactRecord& record = study.exact[batch.name];
    record.replay = replay_line(batch, batch.network.seed) + " --number exact";
    const auto units = static_cast<double>(batch.network.p * batch.data.X.rows());
    const double cost = 200 * units * std::pow(3, static_cast<double>(batch.network.steps));
    study.want("exact " + batch.name, cost,
               [&study, batch, &record] { run_exactly(study.settings(), batch, record); });
  }
}

void conclude_exact(const Study& study, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  std::size_t irrational = 0, steps = 0, differences = 0;
  for (const auto& [name, record] : study.exact) {
    std::string witness;
    if (record.recursion_fails)
      witness = fmt::format("the recursion fails at step {}; ", *record.recursion_fails);
    else if (record.forms_differ)
      witness = fmt::format("the forms differ at step {}; ", *record.forms_differ);
    const std::string words = fmt::format("{} steps", record.steps);
    verdicts.push_back(!witness.empty() ? Verdict::refuted(witness + record.replay)
                       : record.steps < study.profile().exact_steps
                           ? Verdict::undecided("the run diverged after " + words)
                           : Verdict::exact(words));
    row.results.push_back({name, verdicts.back(), record.replay});
    irrational += record.irrational, steps += record.steps, differences += !witness.empty();
  }
  row.instances = verdicts.size();
  row.seeds = verdicts.size();
  row.digits = 0;
  row.verdict = worst(verdicts);
  if (row.verdict.kind() == VerdictKind::exact)
    row.verdict = Verdict::exact(
        fmt::format("{} of {} instances, {} steps", verdicts.size(), verdicts.size(), steps));
  row.bound = 0, row.bound_label = "instances that may differ";
  row.measured = static_cast<double>(differences);
  row.measured_label = "instances that differ";
  row.measurements = {{"instances with an irrational $\\sqrt{p}$", static_cast<double>(irrational),
                       std::nullopt, "computed in $Q(\\sqrt{p})$"}};
}

}  // namespace

std::vector<OldClaim> exact_claims() {
  return {
      {{"EX",
        "The identities without rounding",
        "Error recursion and kernel form as in ID and KF, with equality in exact arithmetic.",
        "ours, reports/docs/dynamics.md",
        {"$\\psi$ identity or ReLU"},
        "$A(t) = W(t)X^\\top$, the same $\\beta$ in both forms, and both sides of the recursion "
        "equal, at every step",
        "none",
        "Every number of a run is a rational, or lies in $Q(\\sqrt{p})$ where $p$ is no square; "
        "equality is decided, not estimated. The numbers grow in length by a factor of about 2.4 "
        "every step, hence few steps.",
        "Any difference at all."},
       plan_exact,
       conclude_exact}};
}

}  // namespace alignproof
