// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "property.hpp"

namespace alignproof::test {

namespace {

const LimitKernel& kernel_of(const Batch& batch) {
  static std::deque<std::pair<Batch, LimitKernel>> known;
  for (const auto& [other, kernel] : known)
    if (other.network.activation == batch.network.activation && other.data.X == batch.data.X)
      return kernel;
  return known.emplace_back(batch, limit_kernel(batch.network.activation, batch.data.X)).second;
}

/// What a run looks like of which every claim is true: exponents of the claims, no spread.
MadeUp good_record(const MadeUpRuns& b) {
  const auto p = static_cast<double>(b.batch.network.p);
  const double n = static_cast<double>(b.batch.data.X.rows()), gamma = b.gamma();
  const double eta = b.batch.network.eta;
  const Penalty& penalty = b.batch.network.penalty;
  const bool kept = penalty.lambda > 0 && penalty.cut == Penalty::never;
  const bool aligned = penalty.lambda > 0 && penalty.cut != Penalty::never;
  MadeUp r;
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
  // Those of T3N are of laws that say about 0.5 or less after the cut.
  if (b.batch.name.ends_with(", cut"))
    r.min_cos_after = r.cos_end = b.batch.name.starts_with("penalty too large") ? -0.2 : 0.5;
  if (b.batch.name == "narrow") r.sup_ratio = 1 - 0.5 * eta * gamma;
  if (b.batch.name == "large step" || b.batch.name == "long penalty") r.violation = 0;
  return r;
}

template <Probe... Probes>
void copy_to_columns(const MadeUpRuns& runs, AskedBatch& asked) {
  const auto copy = [&runs]<class Record>(std::vector<Record>* column) {
    if (column) std::copy_n(runs.records.begin(), column->size(), column->begin());
  };
  (copy(asked.column<Probes>()), ...);
}

Study& filled(Study& study, const Spoil& spoil) {
  study.fill(
      [&](AskedBatch& asked) {
        MadeUpRuns runs;
        runs.batch = asked.batch;
        runs.limit = kernel_of(asked.batch);
        runs.records.assign(asked.batch.seeds, good_record(runs));
        if (spoil) spoil(runs);
        asked.limit = runs.limit;
        std::copy(runs.records.begin(), runs.records.end(), asked.runs.begin());
        copy_to_columns<StartProbe, DecayProbe, DisplacementProbe, AlignmentProbe, CourseProbe,
                        DriftProbe, RemainderProbe, BudgetProbe>(runs, asked);
      },
      [](AskedWork&) {});
  return study;
}

}  // namespace

Settings made_up_settings() {
  Settings settings;
  settings.profile.certificates.p = 0;
  return settings;
}

ClaimRow concluded(const std::string& id, const Spoil& spoil, const Settings& settings) {
  Progress silent;
  Study study(settings, silent);
  const Claim& claim = claim_named(id);
  const Conclusion conclude = claim.plan(study);
  filled(study, spoil);
  ClaimRow row;
  row.text = claim.text;
  conclude(row);
  return row;
}

VerdictKind kind(const std::string& id, const Spoil& spoil) {
  const ClaimRow row = concluded(id, spoil);
  INFO(id << ": " << row.verdict.text());
  CHECK_FALSE(row.verdict.detail().empty());
  return row.verdict.kind();
}

std::vector<Rejection> refused(const Spoil& spoil) {
  Progress silent;
  Study study(made_up_settings(), silent);
  std::vector<std::function<Refused()>> planned;
  for (const Claim& claim : all_claims())
    if (claim.text.id.starts_with("T"))
      for (const FalseClaim& one : claim.false_claims) planned.push_back(one.plan(study));
  filled(study, spoil);
  std::vector<Rejection> all;
  for (const auto& conclude : planned) all.push_back(conclude().rejection);
  return all;
}

std::string survivors(const Spoil& spoil) {
  std::string names;
  for (const Rejection& rejection : refused(spoil))
    if (rejection.caught_by.empty()) names += rejection.name + ";";
  return names;
}

void check_survives(const std::string& part, const Spoil& spoil) {
  const std::string names = survivors(spoil);
  INFO(names);
  CHECK(std::count(names.begin(), names.end(), ';') == 1);
  CHECK_THAT(names, Catch::Contains(part));
}

Spoil in_records(const std::string& part, std::function<void(MadeUp&, const MadeUpRuns&)> change) {
  return [part, change](MadeUpRuns& b) {
    if (b.batch.name.find(part) == std::string::npos) return;
    for (MadeUp& record : b.records) change(record, b);
  };
}

Spoil in_first(const std::string& part, std::function<void(MadeUp&, const MadeUpRuns&)> change) {
  return [part, change](MadeUpRuns& b) {
    if (b.batch.name.find(part) != std::string::npos) change(b.records.front(), b);
  };
}

Spoil power_of_width(const std::string& part, double MadeUp::*quantity, double exponent,
                     double spread) {
  return [=](MadeUpRuns& b) {
    if (b.batch.name.find(part) == std::string::npos) return;
    const auto p = static_cast<double>(b.batch.network.p);
    const std::size_t runs = b.records.size();
    for (std::size_t s = 0; s < runs; ++s) {
      const double place = static_cast<double>(s) / static_cast<double>(runs - 1) - 0.5;
      b.records[s].*quantity = std::pow(p, exponent + spread * place) / 100;
    }
  };
}

}  // namespace alignproof::test
