// SPDX-License-Identifier: Apache-2.0
#include "claims/law10/learning_time.hpp"

#include <algorithm>
#include <cmath>

#include <alignproof/claims/summary.hpp>

#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr std::size_t intervals = 30;  ///< of the slow time

std::vector<double> up_to(double tau) {
  std::vector<double> times;
  for (std::size_t k = 0; k <= intervals; ++k)
    times.push_back(tau * static_cast<double>(k) / static_cast<double>(intervals));
  return times;
}

FieldCase learning_case(const Settings& settings) {
  DataSpec spec = field_data(settings, Inputs::sphere, 2, 6);
  spec.input_scale = std::sqrt(2.0);
  FieldCase c = field_case("tanh", spec, Activation::tanh);
  c.eta = 0.5, c.lambda = 1, c.steep = true;
  return c;
}

template <class Of>
LawTable of_every_run(const FieldRecord& record, const Of& of) {
  LawTable all;
  for (std::size_t w = 0; w < record.runs.size(); ++w) {
    all.emplace_back();
    for (const NetworkSlowRun& run : record.runs[w])
      all.back().push_back(of(run, record.widths[w]));
  }
  return all;
}

}  // namespace

LearningRuns want_learning(Study& study) {
  const FieldSizes sizes = field_sizes(study.profile());
  FieldCase c = learning_case(study.settings());
  const auto on = [&](const char* name, double tau, FieldRuns runs) {
    c.tau = tau;
    runs.times = up_to(tau);
    return want_field(study, name, c, runs);
  };
  return {on("feedback alignment on its slow time", 3,
             {.widths = sizes.learning_widths, .seeds = 2 * sizes.tuples, .times = {}}),
          on("backpropagation on the slow time of feedback alignment", 2,
             {.widths = sizes.learning_widths,
              .seeds = 3 * sizes.tuples,
              .times = {},
              .rule = Rule::bp}),
          on("backpropagation on its own slow time", 1.5,
             {.widths = sizes.bp_widths,
              .seeds = sizes.seeds(),
              .times = {},
              .rule = Rule::bp,
              .own_time_of_bp = true})};
}

double level_of(const FieldRecord& fa) {
  return fa.course.at(intervals / 3).error;
}

double time_below(const NetworkSlowRun& run, const std::vector<double>& times, double level,
                  double one_step) {
  const std::vector<double>& e = run.error;
  std::size_t below = e.size();  // from here on
  while (below > 0 && e[below - 1] < level) --below;
  if (below == e.size()) return INFINITY;
  if (below == 0) return one_step;
  const double part = (e[below - 1] - level) / (e[below - 1] - e[below]);
  return std::max(one_step, std::lerp(times[below - 1], times[below], part));
}

LawTable steps_until_below(const FieldRecord& record, double level, double power) {
  return of_every_run(record, [&](const NetworkSlowRun& run, double p) {
    const double one_step = record.field_case.eta / std::pow(p, power);
    return time_below(run, record.times, level, one_step) / one_step;
  });
}

LawTable error_gaps(const FieldRecord& record, bool constant) {
  return of_every_run(record, [&](const NetworkSlowRun& run, double) {
    double most = 0;
    for (std::size_t k = record.times.size() / 2; k < record.times.size(); ++k) {
      const double law = record.course[constant ? 0 : k].error;
      most = largest_so_far(most, std::abs(run.error[k] - law) / record.y_norm());
    }
    return most;
  });
}

}  // namespace alignproof::inline claims
