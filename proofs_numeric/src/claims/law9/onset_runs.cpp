// SPDX-License-Identifier: Apache-2.0
#include "claims/law9/onset_runs.hpp"

#include <algorithm>
#include <cmath>

#include <alignproof/mean_field/stability.hpp>

#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr double latest_onset = 100;               ///< slow time
constexpr std::size_t onsets = 3, intervals = 80;  ///< a run goes on for so many times the onset

/// The law from the start until well after the onset, which is one of the times.
struct Course {
  const FieldCase& c;
  std::vector<double> times;
  std::vector<FieldPoint> law;
  static constexpr std::size_t onset = intervals;  ///< its index

  double curvature(std::size_t k) const { return c.eta * law[k].spectrum.maxCoeff(); }
  /// ln |m| of the multiplier m = 1 - eta (lambda + lambda_max(G)).
  double growth(std::size_t k) const {
    return std::log(std::abs(1 - c.eta * c.lambda - curvature(k)));
  }
  double steps_per_tau(double p) const { return std::sqrt(p) / c.eta; }

  /// Sum of ln |m_t| between two of the times, at width p.
  double gain(std::size_t from, std::size_t to, double p) const {
    double sum = 0;
    for (std::size_t k = from; k < to; ++k)
      sum += (growth(k) + growth(k + 1)) / 2 * (times[k + 1] - times[k]);
    return sum * steps_per_tau(p);
  }
  /// reports/docs/alignment_law.md, B2: rounding kicks of 2^-53 |Y|, felt at |e*| = eta lambda |Y|
  /// / 2, collected around the onset.
  double rounding_gain(double p) const {
    const double rate =
        (growth(onset + 1) - growth(onset)) / (times[onset + 1] - times[onset]) / steps_per_tau(p);
    const double pi = 3.141592653589793;
    return 53 * std::log(2.0) - std::log(2 / (c.eta * c.lambda)) - std::log(pi / rate) / 4;
  }
};

Course course_to(const FieldCase& c, const Cloud& cloud, double onset) {
  Course course{c, {}, {}};
  for (std::size_t k = 0; k <= onsets * intervals; ++k)
    course.times.push_back(onset * static_cast<double>(k) / static_cast<double>(intervals));
  LawOptions options = evaluating_options();
  options.estimate_error = false;
  course.law = mean_field_law(c.data, c.psi, cloud, {.lambda = c.lambda}, course.times, options);
  return course;
}

OnsetRun observed(const Course& course, const NetworkSlowRun& run, double p) {
  OnsetRun seen;
  seen.p = p;
  seen.cosine = run.cosine[course.onset];
  seen.rounding_gain = course.rounding_gain(p);
  seen.diverged = run.diverged_at.has_value();
  seen.end_error = run.error.back() / course.c.data.Y.norm();
  seen.end_cosine = run.cosine.back();
  // beta(0) is forgotten by a third of the way.
  std::size_t k = course.onset / 3;
  while (k < course.times.size() && run.error[k] <= 2 * course.law[k].error) ++k;
  if (k == course.times.size()) return seen;
  seen.lost = course.times[k];
  if (k > course.onset) seen.gain = course.gain(course.onset, k, p);
  std::size_t apart = course.onset;
  while (apart < k && course.curvature(apart) < 2) ++apart;
  seen.gain_without_penalty = course.gain(apart, k, p);
  return seen;
}

OnsetRecord runs_past_onset(const Settings& settings, const FieldCase& c) {
  OnsetRecord record;
  record.field_case = c;
  const Cloud cloud = evaluating_cloud(settings, c);
  const SlowPenalty penalty{.lambda = c.lambda};
  record.onset = onset(c.data, c.psi, cloud, penalty, c.eta, latest_onset, evaluating_options());
  if (!record.onset) return record;
  const Course course = course_to(c, cloud, record.onset->tau);
  record.end = course.times.back();
  FieldCase shown = c;
  shown.tau = record.end;
  for (const std::size_t p : field_sizes(settings.profile).onset_widths) {
    NetworkRuns networks;
    networks.widths = {p}, networks.eta = c.eta, networks.penalty = penalty;
    networks.seed = seed_of(settings, 805000);
    Progress silent;
    const auto done = run_networks(c.data, c.psi, networks, course.times, 1, silent);
    record.runs.push_back(observed(course, done.runs.front().front(), static_cast<double>(p)));
    record.runs.back().replay = replay(shown, p, networks.seed);
  }
  return record;
}

}  // namespace

Handle<OnsetRecord> want_onset(Study& study, const FieldCase& c) {
  return study.want_parts<OnsetRecord>(
      "networks past the onset, " + c.name, {3e8}, {.field_case = c, .onset = {}, .runs = {}},
      [settings = study.settings(), c](OnsetRecord& record, std::size_t) {
        record = runs_past_onset(settings, c);
      });
}

}  // namespace alignproof::inline claims
