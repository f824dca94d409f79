// SPDX-License-Identifier: Apache-2.0
#include "claims/p_closed/closed_form_count.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/bounds/width.hpp>

namespace alignproof::inline claims {

namespace {

using Ball = RealBall<Mpfr>;

/// The numbers of the closed form; gamma as a part of L0^2, which it cannot pass.
struct Grid {
  std::vector<std::size_t> samples = {1, 10, 1000};
  std::vector<double> gamma_part = {0.99, 1e-2, 1e-6};
  std::vector<double> delta = {0.9, 1e-12};
  std::vector<double> bound_y = {0, 100};
  std::vector<double> step_part = {0.999};  ///< of the largest step size
  std::vector<double> factor = {1, 1000};   ///< of the width
};

Grid grid_of(const Profile& profile) {
  if (profile.scale != Scale::standard && profile.scale != Scale::full) return {};
  return {.samples = {1, 2, 5, 10, 100, 1000},
          .gamma_part = {0.99, 0.3, 1e-2, 1e-4, 1e-6},
          .delta = {0.9, 0.1, 1e-3, 1e-12},
          .bound_y = {0, 1, 100},
          .step_part = {0.999, 1e-3},
          .factor = {1, 2, 10, 1000}};
}

struct ClosedFormInstance {
  std::size_t n;
  double gamma, delta, bound_y, step_part, factor;

  std::string name() const {
    return fmt::format("n={} gamma={:.4g} delta={:g} Y={:g} eta={:g} of the largest, {:g} p", n,
                       gamma, delta, bound_y, step_part, factor);
  }
};

std::vector<ClosedFormInstance> instances_of(const Grid& grid, double L0) {
  std::vector<ClosedFormInstance> all;
  for (const std::size_t n : grid.samples)
    for (const double part : grid.gamma_part)
      for (const double delta : grid.delta)
        for (const double Y : grid.bound_y)
          for (const double step : grid.step_part)
            for (const double factor : grid.factor)
              all.push_back({n, part * L0 * L0, delta, Y, step, factor});
  return all;
}

/// The largest term that is not left out.
Mpfr width_of(const ClosedForm<Ball>& form, std::optional<WidthTerm> left_out) {
  Mpfr p = 1;
  for (std::size_t k = 0; k < form.terms.size(); ++k)
    if (left_out != static_cast<WidthTerm>(k)) p = std::max(p, form.terms[k].upper());
  return p;
}

double shown(const Ball& x) {
  return to_double(x.mid);
}

bool certainly_false(const AprioriSlack<Ball>& slack) {
  return certainly_negative(slack.rate) || certainly_negative(slack.budget) ||
         certainly_negative(slack.step);
}

bool all_certain(const ClosedFormEvaluation<Ball>& at, const ClosedForm<Ball>& form) {
  return at.slack.certain() && at.steps_certain() && at.kappa &&
         Analysis<Ball>::at_least(form.kappa, *at.kappa);
}

void look_at(const Activation& psi, const ClosedFormInstance& instance,
             std::optional<WidthTerm> left_out, ClosedFormCount& count) {
  ClosedFormInput<Ball> input;
  input.n = static_cast<double>(instance.n), input.delta = instance.delta;
  input.gamma = Mpfr(instance.gamma), input.bound_y = Mpfr(instance.bound_y);
  input.psi = enclosed_smoothness(psi);
  const ClosedForm<Ball> form = closed_form(input);
  const AprioriData<Ball> worst = worst_data(psi, instance.n, instance.gamma, 1, instance.bound_y);
  const Ball eta = form.step * Ball(Mpfr(instance.step_part));
  const Ball p = Mpfr(width_of(form, left_out) * Mpfr(instance.factor));
  const auto at = evaluate_closed_form(form, worst, eta, instance.delta, p);
  ++count.instances;
  const bool holds = at && all_certain(*at, form);
  count.holds += holds;
  if (!holds && count.failing.empty()) count.failing = instance.name();
  if (!at) return;
  count.fails += certainly_false(at->slack);
  for (std::size_t k = 0; k < at->used.size(); ++k) {
    if (shown(at->used[k]) > count.closest()) count.closest_at = instance.name();
    count.parts[k] = std::max(count.parts[k], shown(at->used[k]));
  }
  for (std::size_t k = 0; k < at->steps.size(); ++k) {
    count.step_names[k] = at->steps[k].what;
    count.steps[k] = std::max(count.steps[k], shown(at->steps[k].used));
  }
}

std::vector<Activation> bounded_activations() {
  std::vector<Activation> bounded;
  for (const Activation& psi : all_activations) {
    const Smoothness<double> s = smoothness<double>(psi);
    if (s.L0 && s.L2 && s.L3) bounded.push_back(psi);
  }
  return bounded;
}

}  // namespace

std::vector<Handle<ClosedFormCount>> want_closed_form(Study& study,
                                                      std::optional<WidthTerm> left_out) {
  std::vector<Handle<ClosedFormCount>> counts;
  for (const Activation& psi : bounded_activations()) {
    const double L0 = *smoothness<double>(psi).L0;
    const auto instances = instances_of(left_out ? Grid{} : grid_of(study.profile()), L0);
    const std::string name =
        fmt::format("closed form of the width, {}{}", to_string(psi),
                    left_out ? fmt::format(", without {}", to_string(*left_out)) : "");
    const double cost = 2e5 * static_cast<double>(instances.size());
    counts.push_back(study.want(name, cost, [psi, left_out, instances] {
      const ScopedDigits digits(closed_form_digits);
      ClosedFormCount count;
      count.psi = to_string(psi);
      for (const ClosedFormInstance& instance : instances) look_at(psi, instance, left_out, count);
      return count;
    }));
  }
  return counts;
}

}  // namespace alignproof::inline claims
