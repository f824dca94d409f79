// SPDX-License-Identifier: Apache-2.0
#include "claims/identities/two_forms.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>

namespace alignproof::inline claims {

namespace {

struct Sizes {
  std::vector<unsigned> digits = {50, 100};
  std::size_t cases = 21;
  std::size_t steps = 12;
};

Sizes sizes_of(const Profile& profile) {
  Sizes sizes;
  if (profile.scale == Scale::self_test) sizes.cases = 14, sizes.steps = 8;
  if (profile.scale >= Scale::standard) {
    sizes.digits = {50, 100, 300};
    sizes.cases = profile.scale == Scale::full ? 420 : 84;
  }
  return sizes;
}

std::vector<Batch> identity_cases(const Settings& settings) {
  const Sizes sizes = sizes_of(settings.profile);
  const Inputs inputs[] = {Inputs::gaussian, Inputs::sphere, Inputs::repeated};
  std::vector<Batch> cases;
  for (std::size_t k = 0; k < sizes.cases; ++k) {
    constexpr Activation activations[] = {
        Activation::identity, Activation::tanh, Activation::relu, Activation::sigmoid,
        Activation::softplus, Activation::erf,  Activation::gelu};
    const Activation psi = activations[k % std::size(activations)];
    const std::size_t n = 1 + choice(k, "n", 4), d = 2 + choice(k, "d", 5),
                      p = 3 + 5 * choice(k, "p", 6);
    const Penalty penalties[] = {{},
                                 {0.5, Penalty::never},
                                 {1.0, sizes.steps / 2},
                                 {1.0, Penalty::never, Decay::geometric, 0.75},
                                 {1.0, Penalty::never, Decay::inverse_square, 3}};
    const Penalty penalty = penalties[choice(k, "penalty", std::size(penalties))];
    const Targets targets[] = {Targets::linear, Targets::network};
    DataSpec spec{inputs[choice(k, "inputs", 3)],
                  targets[choice(k, "targets", 2)],
                  n,
                  d,
                  settings.seed + k,
                  psi};
    spec.k = 1 + choice(k, "outputs", 2);
    Batch c;
    c.data = make_data(spec);
    c.network = {p, psi, 0.1, penalty, sizes.steps, seed_of(settings, k)};
    c.rule = choice(k, "rule", 3) == 2 ? Rule::bp : Rule::fa;
    c.name = fmt::format("{}: {}, p={} {} {} lambda={}{}", k, c.data.name, p, to_string(psi),
                         to_string(c.rule), penalty.lambda,
                         penalty.lambda == 0             ? ""
                         : penalty.cut != Penalty::never ? fmt::format(" cut at {}", penalty.cut)
                         : falls(penalty.decay) ? fmt::format(" {}", to_string(penalty.decay))
                                                : "");
    cases.push_back(c);
  }
  std::sort(cases.begin(), cases.end(),
            [](const Batch& a, const Batch& b) { return a.name < b.name; });
  return cases;
}

/// NaN if one of them is.
Mpfr larger(const Mpfr& a, const Mpfr& b) {
  return b <= a || a != a ? a : b;
}

struct Distances {
  Discrepancy recursion, forms;
};

/// Runs the kernel form with the step under test and the weight form as written in the definition,
/// at the digits in force. Takes a step of its own, which may remember.
Distances measure(const Batch& c, const KernelStep<Mpfr> advance) {
  const Instance instance = make_instance(c.data, c.network);
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance, c.rule);
  KernelState<Mpfr> state = initial_kernel(problem, instance);
  WeightState<Mpfr> weights = initial_weights<Mpfr>(instance);
  Forward<Mpfr> in_weight_form;
  Transition<Mpfr> s;
  Mpfr residual = 0, bound = 0, gap = 0, scale = 1;
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
  const bool complete = !outcome.diverged_at;
  return {{residual, bound, complete}, {gap, std::nullopt, complete}};
}

void at_all_digits(const Batch& c, const Dynamics& dynamics,
                   const std::vector<unsigned>& precisions, TwoForms& both) {
  for (unsigned digits : precisions) {
    const ScopedDigits guard(digits);
    const Distances found = measure(c, dynamics.in_mpfr);
    both.recursion.add(digits, found.recursion);
    both.forms.add(digits, found.forms);
  }
}

}  // namespace

Precisions identity_precisions(const Profile& profile) {
  return {.digits = sizes_of(profile).digits};
}

std::vector<Handle<TwoForms>> want_two_forms(Study& study) {
  const std::vector<unsigned> digits = identity_precisions(study.profile()).digits;
  std::vector<Handle<TwoForms>> all;
  for (const Batch& c : identity_cases(study.settings())) {
    const std::string replay =
        replay_line(c, c.network.seed) + fmt::format(" --number mpfr --digits {}", digits.back());
    const double cost = 200.0 * static_cast<double>(c.network.p * c.data.X.rows() *
                                                    c.network.steps * digits.size());
    const EqualityRecord begun{c.name, replay, {}, {}, true};
    all.push_back(study.want_parts<TwoForms>(
        "identity " + c.name, {cost}, {begun, begun},
        [c, digits, dynamics = study.settings().dynamics](TwoForms& both, std::size_t) {
          at_all_digits(c, dynamics, digits, both);
        }));
  }
  return all;
}

}  // namespace alignproof::inline claims
