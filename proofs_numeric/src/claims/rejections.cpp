// SPDX-License-Identifier: Apache-2.0
// False claims about the runs of claims that are no folder yet.
#include <algorithm>

#include <fmt/format.h>

#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/displacement.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

/// T1's runs at a step size outside its premises. They fail at every width: where M is near Gbar
/// the error along its largest eigenvector is multiplied by 1 - eta lambda_max(Gbar) < -1.
Batch large_step(const Settings& settings) {
  Batch batch = overparameterised(settings).front();
  batch.name = "large step";
  batch.network.eta = 4;
  batch.network.steps = 5;
  return batch;
}

/// T1's runs at a width far below what it asks for.
Batch narrow(const Settings& settings) {
  Batch batch = overparameterised(settings).front();
  batch.name = "narrow";
  batch.network.p = 32;
  batch.network.steps = 60;
  return batch;
}

/// A penalty of finite but large sum, at a width at which the error decays as in T1 without it, as
/// `without_penalty` shows. eta lambda times the steps is 94 sqrt p; the boundary lies at about 43
/// sqrt p (reports/docs/penalty_budget.md).
Batch long_penalty(const Settings& settings) {
  DataSpec data{Inputs::sphere, Targets::linear, 3, 30, 1, Activation::tanh};
  data.target_scale = 6;
  Batch batch;
  batch.name = "long penalty";
  batch.data = make_data(data);
  batch.network = {1024, Activation::tanh, 0.5, {1, 6000}, 6100, 0};
  batch.seeds = std::min<std::size_t>(settings.profile.seeds, 20);
  return batch;
}

Batch without_penalty(Batch batch) {
  batch.name += ", left out";
  batch.network.penalty = {};
  batch.network.steps = 100;
  return batch;
}

using Decayed = Seen<DecayProbe>;

/// The error shrinks by 1 - share eta gamma at every step judged.
FalseClaim rate(int place, const char* name, double share, Batch (*runs_of)(const Settings&)) {
  return {place, [name, share, runs_of](Study& study) -> std::function<Refused()> {
            return [name, share, wanted = share_wanted(study.profile()), eta = study.profile().eta,
                    runs = study.want<DecayProbe>(runs_of(study.settings()))] {
              return refuse_share(
                  wanted, {"T1", name}, judged(*runs, [&](const Decayed& r) {
                    return success_if(!r.diverged_at &&
                                      r.sup_ratio <= 1 - share * eta * runs->gamma());
                  }));
            };
          }};
}

std::function<Refused()> at_a_large_step(Study& study) {
  return [wanted = share_wanted(study.profile()),
          runs = study.want<DecayProbe>(large_step(study.settings()))] {
    return refuse_share(
        wanted, {"T1", "T1 without its premise on the step size, at $\\eta = 4$"},
        judged(*runs, [](const Decayed& r) { return decay_outcome(r); }));
  };
}

/// "The decay returns once a summable penalty has ended, at T1's widths."
std::function<Refused()> after_any_sum(Study& study) {
  const Batch batch = long_penalty(study.settings());
  return [wanted = share_wanted(study.profile()), runs = study.want<DecayProbe>(batch),
          without = study.want<DecayProbe>(without_penalty(batch))] {
    Refused refused = refuse_share(
        wanted,
        {"T1'", "decay returns after every summable penalty, whatever its sum, at T1's width", 0.1},
        judged(*runs, [](const Decayed& r) { return decay_outcome(r); }));
    const std::size_t decay = count(*without, decayed<Decayed>);
    // It is about the penalty only if T1 holds on the same instances.
    if (decay < without->records.size()) refused.rejection.caught_by.clear();
    const std::vector<double> ratios = values(*runs, &Decayed::sup_ratio);
    refused.rejection.detail += fmt::format(
        "; after the cut sup |e(t+1)|/|e(t)| = {:.5f} to {:.5f}, 1 - eta gamma/4 = "
        "{:.5f}; without the penalty {} of {} decay",
        smallest(ratios), largest(ratios), 1 - runs->batch.network.eta * runs->gamma() / 4, decay,
        without->records.size());
    return refused;
  };
}

std::function<Refused()> aligned_at_every_width(Study& study) {
  return [level = study.profile().level, margin = study.profile().growth_margin,
          runs = study.want<AlignmentProbe>(across_widths(study.settings()))] {
    return refuse_exponent(
        {"T2", "$|\\cos|$ stays at a level that does not depend on $p$, $\\lambda = 0$", -margin,
         true},
        exponent_over(runs, Variable::width, &Seen<AlignmentProbe>::sup_cos, level));
  };
}

std::function<Refused()> displaced_less(Study& study) {
  return [level = study.profile().level, margin = study.profile().growth_margin,
          runs = study.want<DisplacementProbe>(across_widths(study.settings()))] {
    return refuse_exponent(
        {"T1c", "displacement $|\\beta_r(t) - \\beta_r(0)|$ of order $1/p$", -1 + margin, false},
        exponent_over(runs, Variable::width, &Seen<DisplacementProbe>::beta_displacement, level));
  };
}

Batch first_overparameterised(const Settings& settings) {
  return overparameterised(settings).front();
}

}  // namespace

std::vector<FalseClaim> other_false_claims() {
  return {rate(20, "decay at twice the limit rate, $1 - 2\\eta\\gamma$", 2, first_overparameterised),
          {30, aligned_at_every_width},
          {40, displaced_less},
          rate(60, "T1 at the limit rate, without the factor $1/4$, at small $p$", 1, narrow),
          {70, at_a_large_step},
          {80, after_any_sum}};
}

}  // namespace alignproof
