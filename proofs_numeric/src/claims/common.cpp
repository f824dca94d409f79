// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace alignproof {

std::vector<Data> theory_data(const Settings& settings) {
  return {make_data({Inputs::sphere, Targets::linear, 5, 50, settings.seed, Activation::tanh}),
          make_data({Inputs::gaussian, Targets::network, 4, 40, settings.seed, Activation::tanh})};
}

Data isometric_data(const Settings& settings) {
  return make_data({Inputs::isometric, Targets::linear, 5, 5, settings.seed, Activation::identity});
}

namespace {

std::vector<Batch> on_theory_data(const Settings& settings, const std::string& name,
                                  Batch pattern) {
  std::vector<Batch> batches;
  for (const Data& data : theory_data(settings)) {
    pattern.name = fmt::format("{}: {}", name, data.name);
    pattern.data = data;
    batches.push_back(pattern);
  }
  return batches;
}

}  // namespace

std::vector<Batch> overparameterised(const Settings& settings) {
  const Profile& profile = settings.profile;
  Batch pattern;
  pattern.network = {profile.p, Activation::tanh, profile.eta, {}, profile.steps, 0};
  pattern.seeds = profile.seeds;
  return on_theory_data(settings, "overparameterised", pattern);
}

std::vector<Batch> backpropagated(const Settings& settings) {
  const Profile& profile = settings.profile;
  Batch pattern;
  pattern.network = {profile.p, Activation::tanh, profile.eta, {}, profile.steps, 0};
  pattern.rule = Rule::bp;
  pattern.seeds = profile.bp_seeds;
  return on_theory_data(settings, "backpropagation", pattern);
}

std::vector<Batch> across_widths(const Settings& settings) {
  const Profile& profile = settings.profile;
  std::vector<Batch> batches;
  for (std::size_t p : profile.widths) {
    Batch batch;
    batch.name = fmt::format("width {}", p);
    batch.data = theory_data(settings).front();
    batch.network = {p, Activation::tanh, profile.eta, {}, profile.width_steps, 0};
    batch.seeds = profile.width_seeds;
    // Fresh seeds a width: a wider network begins with the units of a narrower one.
    batch.first_seed = 10000 * (batches.size() + 1);
    batch.detail = Detail::alignment;
    batches.push_back(batch);
  }
  return batches;
}

std::vector<double> values(const BatchResult& result, const Quantity& quantity) {
  std::vector<double> v;
  for (const RunRecord& record : result.records) v.push_back(quantity(record));
  return v;
}

double largest(const std::vector<double>& v) {
  return *std::max_element(v.begin(), v.end());
}
double smallest(const std::vector<double>& v) {
  return *std::min_element(v.begin(), v.end());
}

std::size_t count(const BatchResult& result,
                  const std::function<bool(const RunRecord&)>& predicate) {
  return static_cast<std::size_t>(
      std::count_if(result.records.begin(), result.records.end(), predicate));
}

Verdict probability_verdict(const Profile& profile, std::size_t successes, std::size_t trials,
                            const std::string& witness) {
  const Interval interval = clopper_pearson(successes, trials, profile.level);
  const double wanted = 1 - profile.delta;
  if (interval.lower >= wanted)
    return Verdict::holds(
        fmt::format("{} at level {}, {} of {} seeds", wanted, profile.level, successes, trials));
  if (interval.upper < wanted)
    return Verdict::refuted(fmt::format("{} of {} seeds, below {} at level {}; {}", successes,
                                        trials, wanted, profile.level, witness));
  return Verdict::undecided(fmt::format("{} of {} seeds: between {:.3f} and {:.3f} at level {}",
                                        successes, trials, interval.lower, interval.upper,
                                        profile.level));
}

void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const std::function<bool(const BatchResult&, const RunRecord&)>& success,
                          ClaimRow& row) {
  std::vector<Verdict> verdicts;
  for (const Batch& batch : batches) {
    const BatchResult& result = study.result(batch.name);
    std::string replay = replay_line(batch, result.records.front().seed), witness;
    std::size_t successes = 0;
    for (const RunRecord& record : result.records) {
      if (success(result, record)) {
        ++successes;
      } else if (witness.empty()) {
        replay = replay_line(batch, record.seed);
        witness = fmt::format("first failing seed {}", record.seed);
        if (record.diverged_at)
          witness += fmt::format(", diverged at step {}", *record.diverged_at);
      }
    }
    verdicts.push_back(
        probability_verdict(study.profile(), successes, result.records.size(), witness));
    row.results.push_back(
        {fmt::format("{}, p={}", batch.data.name, batch.network.p), verdicts.back(), replay});
    row.seeds = std::max(row.seeds, result.records.size());
    ++row.instances;
  }
  row.verdict = worst(verdicts);
  for (const Batch& batch : batches)
    if (!study.result(batch.name).gamma_positive())
      row.verdict =
          Verdict::undecided(fmt::format("the premise gamma > 0 fails on {}: gamma = {:.3g}",
                                         batch.data.name, study.result(batch.name).gamma));
}

PowerLaw exponent_in_p(const Study& study, const std::vector<Batch>& batches,
                       const Quantity& quantity) {
  std::vector<double> p, y;
  for (const Batch& batch : batches)
    for (const RunRecord& record : study.result(batch.name).records) {
      const double value = quantity(record);
      if (record.diverged_at || !(value > 0) || !std::isfinite(value)) continue;
      p.push_back(static_cast<double>(batch.network.p));
      y.push_back(value);
    }
  return fit_power_law(p, y, study.profile().exponent_level);
}

double growth_ratio(const std::vector<Batch>& batches, double exponent, double allowed) {
  const double factor = static_cast<double>(batches.back().network.p) /
                        static_cast<double>(batches.front().network.p);
  return std::pow(factor, exponent - allowed);
}

std::string name_of(const Batch& batch) {
  return fmt::format("{}, p={}", batch.data.name, batch.network.p);
}

void plan_batches(Study& study, const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) study.want(batch);
}

void count_premises(const Study& study, const std::vector<Batch>& batches, ClaimRow& row) {
  PremiseCount smooth{"$\\psi$, $\\psi'$, $\\psi''$ bounded", 0, 0};
  PremiseCount positive{"$\\gamma > 0$ (limit kernel, not enclosed)", 0, 0};
  for (const Batch& batch : batches) {
    ++smooth.of, ++positive.of;
    smooth.held += bounded_and_smooth(batch.network.activation);
    positive.held += study.result(batch.name).gamma_positive();
  }
  row.premises.insert(row.premises.end(), {smooth, positive});
}

bool decayed(const RunRecord& record) {
  const bool mostly_judged = record.judged >= record.below_rounding;
  return !record.diverged_at && !record.violation && mostly_judged && record.judged_free > 0;
}

}  // namespace alignproof
