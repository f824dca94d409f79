// SPDX-License-Identifier: Apache-2.0
#include "claims/ex/exact_runs.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/dynamics/exact.hpp>

namespace alignproof::inline claims {

namespace {

struct Sizes {
  std::size_t cases, steps;
};

Sizes sizes_of(const Profile& profile) {
  switch (profile.scale) {
    case Scale::self_test:
      return {.cases = 8, .steps = 3};
    case Scale::quick:
      return {.cases = 16, .steps = 4};
    case Scale::standard:
      return {.cases = 48, .steps = 4};
    case Scale::full:
      return {.cases = 160, .steps = 5};
  }
  throw std::logic_error("no such scale");
}

/// Identity and ReLU; widths whose root is a whole number and others; one and two outputs; both
/// rules and every kind of penalty.
std::vector<Batch> exact_cases(const Settings& settings) {
  const Sizes sizes = sizes_of(settings.profile);
  const Inputs inputs[] = {Inputs::gaussian, Inputs::sphere, Inputs::repeated};
  std::vector<Batch> cases;
  for (std::size_t k = 0; k < sizes.cases; ++k) {
    const Activation psi = choice(k, "psi", 3) == 2 ? Activation::relu : Activation::identity;
    const std::size_t n = 1 + choice(k, "n", 3), d = 1 + choice(k, "d", 2),
                      p = 1 + choice(k, "p", 7), outputs = 1 + choice(k, "outputs", 2);
    const Penalty penalties[] = {{},
                                 {0.5, Penalty::never},
                                 {1, sizes.steps / 2},
                                 {0.5, Penalty::never, Decay::geometric, 0.75}};
    const Penalty penalty = penalties[choice(k, "penalty", 4)];
    DataSpec spec{inputs[choice(k, "inputs", 3)], Targets::linear, n, d, settings.seed + k, psi};
    spec.k = outputs;
    Batch batch;
    batch.data = make_data(spec);
    batch.network = {p, psi, 0.125, penalty, sizes.steps, seed_of(settings, 900000 + k)};
    batch.rule = choice(k, "rule", 3) == 2 ? Rule::bp : Rule::fa;
    batch.name = fmt::format("{}: {}, {} {} lambda={} {}", k, name_of(batch), to_string(psi),
                             to_string(batch.rule), batch.network.penalty.lambda,
                             to_string(batch.network.penalty.decay));
    cases.push_back(batch);
  }
  std::sort(cases.begin(), cases.end(),
            [](const Batch& a, const Batch& b) { return a.name < b.name; });
  return cases;
}

/// Takes a step of its own, which may remember.
void run_exactly(const Batch& batch, const KernelStep<Exact> advance, ExactRecord& record) {
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

}  // namespace

std::vector<Handle<ExactRecord>> want_exact_runs(Study& study) {
  std::vector<Handle<ExactRecord>> runs;
  for (const Batch& batch : exact_cases(study.settings())) {
    const auto units = static_cast<double>(batch.network.p * batch.data.X.rows());
    const double cost = 200 * units * std::pow(3, static_cast<double>(batch.network.steps));
    ExactRecord begun;
    begun.name = batch.name;
    begun.replay = replay_line(batch, batch.network.seed) + " --number exact";
    begun.wanted_steps = batch.network.steps;
    runs.push_back(study.want_parts<ExactRecord>(
        "exact " + batch.name, {cost}, begun,
        [batch, dynamics = study.settings().dynamics](ExactRecord& record, std::size_t) {
          run_exactly(batch, dynamics.exact, record);
        }));
  }
  return runs;
}

}  // namespace alignproof::inline claims
