// SPDX-License-Identifier: Apache-2.0
// Networks of growing widths beside the law for their activation, at slow times and after a cut at
// the last of them. Whichever claims ask for a case, its runs are done once.
#pragma once

#include <string>
#include <vector>

#include <alignproof/mean_field/runs.hpp>

#include "claims/laws/law_runs.hpp"
#include "claims/mean_field/field_case.hpp"

namespace alignproof::inline claims {

struct FieldRecord {
  FieldCase field_case;
  std::string replay;              ///< of the widest runs
  std::vector<double> times;       ///< slow times that are looked at
  std::vector<FieldPoint> course;  ///< the law at each of them
  /// eta (lambda + lambda_max(G_0 + Theta)), Theta that of the first layer: what backpropagation
  /// needs below 2 at the start. 0 for feedback alignment.
  double first_layer = 0;
  std::vector<double> widths;
  std::vector<std::vector<NetworkSlowRun>> runs;  ///< by width and seed

  const std::string& name() const { return field_case.name; }
  const FieldPoint& end() const { return course.back(); }
  double y_norm() const { return field_case.data.Y.norm(); }
  /// Largest error that the evaluator of the law says it has, relative to |Y| where it is one of e.
  double evaluator() const;
};

/// What the runs are besides the case.
struct FieldRuns {
  std::vector<std::size_t> widths;
  std::size_t seeds = 1;  ///< at each width
  std::vector<double> times;
  LearningRule rule = Rule::fa;
  /// Slow time is eta t / p^power; the law is that of backpropagation on tau_2 where it is 1.
  bool own_time_of_bp = false;
};

/// Later half of the slow time, where beta(0) is forgotten.
std::vector<double> later_half(double tau);

Handle<FieldRecord> want_field(Study& study, const std::string& name, const FieldCase& c,
                               const FieldRuns& runs);

/// The cloud and the options that evaluate the law of a case in a profile.
Cloud evaluating_cloud(const Settings& settings, const FieldCase& c);
LawOptions evaluating_options();

/// |run - law| of one run, the largest of the cosine, with several outputs the signal angle, and
/// |e|/|Y| over the times. NaN where the run diverged.
double distance(const NetworkSlowRun& run, const std::vector<FieldPoint>& law, double y_norm);

/// distance() of every run; of the cosine after the cut.
LawTable gaps(const FieldRecord& record);
LawTable gaps_after(const FieldRecord& record);

}  // namespace alignproof::inline claims
