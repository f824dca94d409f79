// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

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

std::vector<Batch> across_samples(const Settings& settings) {
  const Profile& profile = settings.profile;
  std::vector<Batch> batches;
  for (std::size_t n : profile.samples) {
    Batch batch;
    batch.name = fmt::format("samples {}", n);
    batch.data =
        make_data({Inputs::sphere, Targets::linear, n, 10 * n, settings.seed, Activation::tanh});
    batch.network = {profile.p_samples, Activation::tanh, profile.eta, {}, profile.sample_steps, 0};
    batch.seeds = profile.sample_seeds;
    batch.first_seed = 200000 + 10000 * batches.size();
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
  return std::accumulate(v.begin(), v.end(), v.front(), largest_so_far);
}
double smallest(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), v.front(), smallest_so_far);
}
double quantile_of(const std::vector<double>& v, double q) {
  const bool all_finite =
      std::all_of(v.begin(), v.end(), [](double value) { return std::isfinite(value); });
  return all_finite ? quantile(v, q) : std::nan("");
}

std::size_t count(const BatchResult& result,
                  const std::function<bool(const RunRecord&)>& predicate) {
  return static_cast<std::size_t>(
      std::count_if(result.records.begin(), result.records.end(), predicate));
}

Verdict probability_verdict(const ShareClaim& claim, const Seeds& seeds,
                            const std::string& witness) {
  if (seeds.trials == 0) return Verdict::undecided("no seed meets the premises");
  const std::size_t possible = seeds.successes + seeds.unjudged;
  const double lower = clopper_pearson(seeds.successes, seeds.trials, claim.level).lower,
               upper = clopper_pearson(possible, seeds.trials, claim.level).upper;
  std::string counted = fmt::format("{} of {} seeds", seeds.successes, seeds.trials);
  if (seeds.unjudged > 0) counted += fmt::format(", {} not judged", seeds.unjudged);
  if (lower >= claim.wanted)
    return Verdict::holds(fmt::format("{} at level {}, {}", claim.wanted, claim.level, counted));
  if (upper < claim.wanted)
    return Verdict::refuted(
        fmt::format("{}, below {} at level {}; {}", counted, claim.wanted, claim.level, witness));
  return Verdict::undecided(
      fmt::format("{}: between {:.3f} and {:.3f} at level {}", counted, lower, upper, claim.level));
}

Seeds count_seeds(const BatchResult& result, const Judge& judge) {
  Seeds seeds;
  for (const RunRecord& record : result.records) {
    const SeedOutcome outcome = judge(result, record);
    seeds.trials += outcome != SeedOutcome::outside;
    seeds.successes += outcome == SeedOutcome::success;
    seeds.unjudged += outcome == SeedOutcome::unjudged;
  }
  return seeds;
}

StatisticalTest share_test(const std::string& claim, const std::string& what,
                           const ShareClaim& share, std::size_t trials) {
  const SharePower power = share_power(trials, share.wanted, share.level);
  StatisticalTest test{claim, what, trials, 2 * share.level, "", 0.99};
  const bool holds = power.least_successes <= trials;
  if (holds)
    test.alternative = fmt::format("a share of {:.6f} or more holds", power.holds_from + 5e-7);
  if (power.refutes)
    test.alternative += fmt::format("{}one of {:.3f} or less is refuted", holds ? "; " : "",
                                    std::max(0.0, power.refuted_until - 5e-4));
  if (test.alternative.empty()) test.alternative = "none: too few seeds", test.power = 0;
  return test;
}

Premises t1_premises(const BatchResult& result) {
  const Batch& batch = result.batch;
  return premises_of_t1(batch.data, batch.network, batch.rule, result.limit);
}

Premises start_premises(const BatchResult& result) {
  const Batch& batch = result.batch;
  return premises_at_start(batch.data, batch.network, batch.rule, result.limit);
}

void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const PremisesOf& premises, const Judge& judge, ClaimRow& row) {
  const ShareClaim share{1 - study.profile().delta, study.profile().level};
  std::vector<Verdict> verdicts;
  for (const Batch& batch : batches) {
    const BatchResult& result = study.result(batch.name);
    std::string replay = replay_line(batch, result.records.front().seed), witness;
    const Premises found = premises(result);
    count_premises(found, row);
    if (!inside(found)) {
      verdicts.push_back(Verdict::undecided("outside the premises: " + failing(found)));
      row.results.push_back({name_of(batch), verdicts.back(), replay});
      continue;
    }
    for (const RunRecord& record : result.records) {
      const SeedOutcome outcome = judge(result, record);
      if (outcome == SeedOutcome::success || outcome == SeedOutcome::outside || !witness.empty())
        continue;
      replay = replay_line(batch, record.seed);
      witness = fmt::format("first failing seed {}", record.seed);
      if (record.diverged_at) witness += fmt::format(", diverged at step {}", *record.diverged_at);
    }
    const Seeds seeds = count_seeds(result, judge);
    verdicts.push_back(probability_verdict(share, seeds, witness));
    row.results.push_back({name_of(batch), verdicts.back(), replay});
    if (seeds.trials > 0)
      row.tests.push_back(
          share_test(row.text.id, "share of seeds: " + name_of(batch), share, seeds.trials));
    row.seeds = std::max(row.seeds, seeds.trials);
    ++row.instances;
  }
  row.verdict = worst(verdicts);
}

void confirm_first_violation(const Study& study, const Batch& batch, ClaimRow& row) {
  const BatchResult& result = study.result(batch.name);
  for (const RunRecord& record : result.records) {
    if (!record.violation) continue;
    NetworkSpec spec = batch.network;
    spec.seed = record.seed;
    const bool confirmed =
        violation_confirmed(make_instance(batch.data, spec), batch.rule, result.gamma(),
                            *record.violation, 50, study.settings().dynamics.in_mpfr);
    row.measurements.push_back(
        {"first violation, step", static_cast<double>(*record.violation), std::nullopt,
         fmt::format("seed {}, {} at 50 digits without tolerance", record.seed,
                     confirmed ? "confirmed" : "NOT confirmed")});
    if (!confirmed && row.verdict.kind() == VerdictKind::refuted)
      row.verdict = Verdict::undecided("not confirmed at 50 digits: " + row.verdict.detail());
    return;
  }
}

std::optional<MedianSlope> exponent_over(const Study& study, const std::vector<Batch>& batches,
                                         Variable variable, const BatchQuantity& quantity) {
  std::vector<double> x;
  std::vector<std::vector<double>> y;
  for (const Batch& batch : batches) {
    const BatchResult& result = study.result(batch.name);
    x.push_back(
        static_cast<double>(variable == Variable::width ? batch.network.p : batch.data.X.rows()));
    y.emplace_back();
    for (const RunRecord& record : result.records) {
      y.back().push_back(quantity(result, record));
      if (record.diverged_at || !(y.back().back() > 0) || !std::isfinite(y.back().back()))
        return std::nullopt;
    }
  }
  return median_slope(x, y, study.profile().level);
}

std::optional<MedianSlope> exponent_over(const Study& study, const std::vector<Batch>& batches,
                                         Variable variable, double RunRecord::*quantity) {
  return exponent_over(study, batches, variable,
                       [quantity](const BatchResult&, const RunRecord& r) { return r.*quantity; });
}

VerdictKind below(const MedianSlope& law, double limit) {
  if (law.upper < limit) return VerdictKind::holds;
  return law.lower > limit ? VerdictKind::refuted : VerdictKind::undecided;
}

StatisticalTest exponent_test(const std::string& claim, const std::string& what,
                              const MedianSlope& law, double limit, double claimed,
                              double alternative) {
  const double power = std::min(power_of_lower_above(law, alternative, limit),
                                power_of_upper_below(law, claimed, limit));
  return {claim,
          what,
          law.tuples,
          2 * law.level,
          fmt::format("an exponent of {:g} is refuted at the margin {:g}, one of {:g} holds",
                      alternative, limit, claimed),
          power};
}

Measurement measured_exponent(const std::string& name, const MedianSlope& law,
                              const std::string& note) {
  return {name, law.exponent, std::pair(law.lower, law.upper), note};
}

double growth_ratio(const std::vector<Batch>& batches, double exponent, double allowed) {
  const double factor = static_cast<double>(batches.back().network.p) /
                        static_cast<double>(batches.front().network.p);
  return std::pow(factor, exponent - allowed);
}

std::string name_of(const Batch& batch) {
  const Penalty& penalty = batch.network.penalty;
  std::string name = fmt::format("{}, p={}", batch.data.name, batch.network.p);
  if (penalty.lambda > 0 && falls(penalty.decay))
    name += fmt::format(", {} penalty", to_string(penalty.decay));
  return name;
}

void plan_batches(Study& study, const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) study.want(batch);
}

void count_premises(const Premises& premises, ClaimRow& row) {
  for (const Premise& premise : premises) {
    auto count = std::find_if(row.premises.begin(), row.premises.end(),
                              [&](const PremiseCount& c) { return c.premise == premise.words; });
    if (count == row.premises.end())
      count = row.premises.insert(row.premises.end(), {premise.words, 0, 0});
    ++count->of;
    count->held += premise.held ? 1 : 0;
  }
}

std::string count_premises(const Study& study, const std::vector<Batch>& batches,
                           const PremisesOf& premises, ClaimRow& row) {
  std::string outside;
  for (const Batch& batch : batches) {
    const Premises found = premises(study.result(batch.name));
    count_premises(found, row);
    if (!inside(found)) outside = name_of(batch) + ": " + failing(found);
  }
  return outside;
}

SeedOutcome decay_outcome(const RunRecord& record) {
  if (record.diverged_at || record.violation) return SeedOutcome::failure;
  const bool mostly_judged = record.judged > 0 && record.judged >= record.below_rounding;
  const bool free_judged = record.free_steps == 0 || record.judged_free > 0;
  return mostly_judged && free_judged ? SeedOutcome::success : SeedOutcome::unjudged;
}

bool decayed(const RunRecord& record) {
  return decay_outcome(record) == SeedOutcome::success;
}

}  // namespace alignproof
