// SPDX-License-Identifier: Apache-2.0
// Networks beside the law for their activation that nobody ran, of which law7, law9 and law10 are
// true; a test spoils some.
#pragma once

#include <cmath>
#include <string>

#include <claims/law9/onset_runs.hpp>
#include <claims/laws/checks.hpp>
#include <claims/mean_field/field_runs.hpp>

#include "claims/filled.hpp"

namespace alignproof::test {

inline double made_up_error(const FieldRecord& record, double tau) {
  return record.y_norm() * (0.5 + 0.5 * std::exp(-tau));
}

/// A law of the same numbers for everybody.
inline void make_up_course(FieldRecord& record) {
  record.course.clear();
  for (const double tau : record.times) {
    FieldPoint point;
    point.tau = tau, point.cosine = point.signal = 0.5, point.cosine_after_cut = 0.4;
    point.error = made_up_error(record, tau);
    point.e =
        Matrix<double>::Zero(record.field_case.data.Y.rows(), record.field_case.data.Y.cols());
    point.spectrum = Vector<double>::Constant(1, 0.1);
    point.error_estimate = 1e-9;
    record.course.push_back(point);
  }
}

/// Every run where the law is, but for `off(w, s)` in the cosine and in |e|/|Y|.
template <class Off>
void beside_law(FieldRecord& record, const Off& off) {
  for (std::size_t w = 0; w < record.runs.size(); ++w)
    for (std::size_t s = 0; s < record.runs[w].size(); ++s) {
      NetworkSlowRun& run = record.runs[w][s];
      const double distance = off(w, s);
      run = {};
      for (const FieldPoint& law : record.course) {
        run.cosine.push_back(law.cosine + distance);
        run.signal.push_back(law.signal + distance);
        run.error.push_back(law.error + record.y_norm() * distance);
      }
      run.after_cut = record.course.back().cosine_after_cut + distance;
    }
}

/// 0.1 p^exponent, or exponents spread evenly by `spread` about it from run to run.
inline auto power_of_p(const FieldRecord& record, double exponent, double spread = 0) {
  return [&record, exponent, spread](std::size_t w, std::size_t s) {
    const double place = static_cast<double>(s) / static_cast<double>(record.runs[w].size()) - 0.5;
    return 0.1 * std::pow(record.widths[w], exponent + spread * place);
  };
}

/// |e| keeps the value at the start, but for p^exponent / 10.
inline void keep_at_start(FieldRecord& record, double exponent) {
  const auto off = power_of_p(record, exponent);
  for (std::size_t w = 0; w < record.runs.size(); ++w)
    for (std::size_t s = 0; s < record.runs[w].size(); ++s)
      for (double& e : record.runs[w][s].error)
        e = record.course.front().error + record.y_norm() * off(w, s);
}

inline const std::string bp_on_tau = "backpropagation on the slow time of feedback alignment";

inline void make_up_fields(AskedWork& work) {
  if (auto* record = work.as<FieldRecord>()) {
    make_up_course(*record);
    beside_law(*record, power_of_p(*record, -0.5));
    if (work.name() == bp_on_tau) keep_at_start(*record, -0.5);
  }
  if (auto* wrong = work.as<std::vector<FieldPoint>>()) {
    wrong->resize(later_half(1).size());
    for (FieldPoint& point : *wrong) {
      point.cosine = 0.9, point.error = 0;
      point.e = Matrix<double>::Zero(1, 1);
    }
  }
  if (auto* record = work.as<OnsetRecord>()) {
    record->onset.emplace();
    record->onset->tau = 1, record->onset->cosine = 0.5, record->onset->error = 0.01;
    for (const double p : {2000.0, 16000.0}) {
      OnsetRun run;
      run.p = p, run.replay = "again", run.cosine = 0.5, run.lost = 1.5;
      run.rounding_gain = run.gain = 30, run.gain_without_penalty = 2;
      record->runs.push_back(run);
    }
  }
  if (auto* all = work.as<LawChecks>())
    all->checks = {
        {.name = all->name, .replay = "replay", .expected = 1, .measured = 1.001, .allowed = 0.01}};
}

/// What a test does to work of this name.
template <class T>
FillWork with_made_up(const std::string& name, const std::function<void(T&)>& spoil) {
  return [=](AskedWork& work) {
    make_up_fields(work);
    if (T* value = work.as<T>(); value && work.name() == name) spoil(*value);
  };
}
inline FillWork with_field(const std::string& name,
                           const std::function<void(FieldRecord&)>& spoil) {
  return with_made_up<FieldRecord>(name, spoil);
}
inline FillWork with_onset(const std::string& name,
                           const std::function<void(OnsetRecord&)>& spoil) {
  return with_made_up<OnsetRecord>("networks past the onset, " + name, spoil);
}

inline VerdictKind field_kind(const std::string& id, const FillWork& fill = make_up_fields) {
  return filled_row(id, fill).verdict.kind();
}

/// Whether the false claim with this index of the claim is caught.
inline bool caught(const std::string& id, std::size_t index, const FillWork& fill) {
  Progress silent;
  Study study(Settings{}, silent);
  const auto conclude = claim_named(id).false_claims.at(index).plan(study);
  study.fill([](AskedBatch&) {}, fill);
  return conclude().rejection.caught_by == std::vector<std::string>{id};
}

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided, sampled = VerdictKind::sampled;

}  // namespace alignproof::test
