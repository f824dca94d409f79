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

Seeds count_seeds(const BatchResult& result, const Judge& judge) {
  return count_seeds(
      judged(result, [&](const RunRecord& r) { return judge(result, r); }).outcomes);
}

void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const PremisesOf& premises, const Judge& judge, ClaimRow& row) {
  std::vector<JudgedRuns> all;
  for (const Batch& batch : batches) {
    const BatchResult& runs = study.result(batch.name);
    all.push_back(judged(runs, [&](const RunRecord& r) { return judge(runs, r); }));
  }
  conclude_shares(share_wanted(study.profile()), all, premises, row);
}

void confirm_first_violation(const Study& study, const Batch& batch, ClaimRow& row) {
  confirm_first_violation(study.settings(), study.result(batch.name), row);
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

double growth_ratio(const std::vector<Batch>& batches, double exponent, double allowed) {
  const double factor = static_cast<double>(batches.back().network.p) /
                        static_cast<double>(batches.front().network.p);
  return std::pow(factor, exponent - allowed);
}

void plan_batches(Study& study, const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) study.want(batch);
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

}  // namespace alignproof
