// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>
#include <map>

namespace alignproof::test {

namespace {

double width_of(const BatchResult& b) {
  return static_cast<double>(b.batch.network.p);
}

const LimitKernel& kernel_of(const BatchResult& b) {
  static std::map<std::pair<Activation, std::vector<double>>, LimitKernel> known;
  const auto key = std::pair(b.batch.network.activation, b.batch.data.X.values);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  return known.emplace(key, limit_kernel(key.first, b.batch.data.X)).first->second;
}

/// What a run looks like of which every claim is true: exponents of the claims, no spread.
RunRecord good_record(const BatchResult& b) {
  const double p = width_of(b), n = static_cast<double>(b.batch.data.X.rows()), gamma = b.gamma();
  const double eta = b.batch.network.eta;
  const Penalty& penalty = b.batch.network.penalty;
  const bool kept = penalty.lambda > 0 && penalty.cut == Penalty::never;
  const bool aligned = penalty.lambda > 0 && penalty.cut != Penalty::never;
  RunRecord r;
  r.seed = 7;
  r.E0 = 1, r.E_end = 1e-8;
  r.judged = 90, r.judged_free = 50, r.free_steps = 60, r.below_rounding = 10;
  r.sup_ratio = 1 - eta * gamma / 2, r.sup_against_bound = 0.9;
  r.fitted_rate = eta * gamma, r.thousandth = 60;
  r.G0_min = 0.9 * gamma, r.H0_norm = 0.5 * gamma / std::sqrt(p), r.G0_error = 1 / std::sqrt(p);
  r.sup_dG = 0.01 * gamma, r.sup_dH = 0.02 * gamma;
  r.sup_v = 0.5, r.Cv = 1, r.v0 = eta * eta, r.sup_v_linear = 0.01;
  r.w_displacement = n * std::sqrt(std::log(p)) / (gamma * std::sqrt(p));
  r.beta_displacement = n / (gamma * std::sqrt(p));
  r.D = kept ? std::sqrt(p) / 10 : 1;
  r.sup_cos = kept ? 0.5 : aligned ? 0.8 : 2 / std::sqrt(p);
  r.cos_at_cut = r.min_cos_after = r.cos_end = aligned ? 0.8 : r.sup_cos;
  r.error = {1, 1e-8}, r.cos = {0, r.cos_end};
  r.penalty_budget = 1e9;
  // With the penalty's sign flipped nothing aligns; a network too narrow, or a step too large, does
  // not decay as it should.
  if (b.batch.name.find("flipped") != std::string::npos) r.min_cos_after = r.cos_end = 0.1;
  if (b.batch.name == "narrow") r.sup_ratio = 1 - 0.5 * eta * gamma;
  if (b.batch.name == "large step" || b.batch.name == "long penalty") r.violation = 0;
  return r;
}

void make_up(BatchResult& b) {
  b.limit = kernel_of(b);
  for (RunRecord& record : b.records) record = good_record(b);
}

Study& filled(Study& study, const Spoil& spoil, const SpoilStudy& others) {
  study.fill([&](BatchResult& result) {
    make_up(result);
    if (spoil) spoil(result);
  });
  if (others) others(study);
  return study;
}

}  // namespace

Settings made_up_settings() {
  Settings settings;
  settings.profile.certificates.p = 0;
  return settings;
}

ClaimRow concluded(const std::string& id, const Spoil& spoil, const SpoilStudy& others,
                   const Settings& settings) {
  Progress silent;
  Study study(settings, silent);
  const Claim& claim = claim_named(id);
  claim.plan(study);
  ClaimRow row;
  row.text = claim.text;
  claim.conclude(filled(study, spoil, others), row);
  return row;
}

std::vector<Rejection> refused(const Spoil& spoil, const SpoilStudy& others) {
  Progress silent;
  Study study(made_up_settings(), silent);
  plan_false_claims(study);
  std::vector<StatisticalTest> tests;
  return false_claims(filled(study, spoil, others), tests);
}

Spoil in_records(const std::string& part,
                 std::function<void(RunRecord&, const BatchResult&)> change) {
  return [part, change](BatchResult& b) {
    if (b.batch.name.find(part) == std::string::npos) return;
    for (RunRecord& record : b.records) change(record, b);
  };
}

Spoil in_first(const std::string& part,
               std::function<void(RunRecord&, const BatchResult&)> change) {
  return [part, change](BatchResult& b) {
    if (b.batch.name.find(part) != std::string::npos) change(b.records.front(), b);
  };
}

}  // namespace alignproof::test
