// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/law_runs.hpp"

#include <algorithm>
#include <cmath>

#include <alignproof/claims/summary.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

namespace {

std::vector<double> times_of(const LawCase& c) {
  constexpr std::size_t points = 24;
  std::vector<double> times;
  for (std::size_t k = 1; k <= points; ++k)
    times.push_back(c.tau * static_cast<double>(k) / static_cast<double>(points));
  return times;
}

/// What there is to say before any run.
LawRecord begun(const Settings& settings, const LawCase& c, const std::vector<std::size_t>& widths,
                std::size_t seeds) {
  LawRecord record;
  record.law_case = c;
  record.replay = replay(c, widths.back(), seed_of(settings, 0));
  record.course = alignment_law(
      gram(c.data), vector_from<double>(c.data.y), [c](double tau) { return lambda_at(c, tau); },
      times_of(c));
  for (const LawPoint& point : record.course)
    record.stability =
        std::max(record.stability, c.eta * (lambda_at(c, point.tau) + point.curvature));
  record.widths.assign(widths.begin(), widths.end());
  record.cosine.resize(widths.size());
  for (LawTable* table : {&record.gap, &record.gap_after, &record.moved, &record.after})
    table->assign(widths.size(), std::vector<double>(seeds, 0.0));
  return record;
}

/// Run s at width w, which cuts its penalty itself at the last of the times.
void run_at(NetworkSpec spec, std::size_t w, std::size_t s, LawRecord& record) {
  const LawCase& c = record.law_case;
  spec.penalty.cut = Penalty::never;
  const SlowRun run = run_on_slow_time(reduced_problem<double>(sample_linear_network(c.data, spec)),
                                       times_of(c), c.steps_after);
  for (std::size_t k = record.course.size() / 2; k < record.course.size(); ++k) {
    const double gap = std::abs(run.cosine[k] - record.course[k].cosine);
    record.gap[w][s] = largest_so_far(record.gap[w][s], gap);
  }
  record.gap_after[w][s] = std::abs(run.after_cut - record.end().cosine_after_cut);
  record.moved[w][s] = std::abs(run.after_cut - run.cosine.back());
  record.after[w][s] = run.after_cut;
  if (s == 0) record.cosine[w] = run.cosine;
}

}  // namespace

Handle<LawRecord> want_law(Study& study, const LawCase& c, const std::vector<std::size_t>& widths,
                           std::size_t seeds) {
  std::vector<double> costs;
  std::vector<NetworkSpec> networks;
  for (std::size_t w = 0; w < widths.size(); ++w)
    for (std::size_t s = 0; s < seeds; ++s) {
      // A width has initialisations of its own, so that tuples are independent.
      networks.push_back(
          network_of(c, widths[w], seed_of(study.settings(), 700000 + 1000 * w + s)));
      costs.push_back(static_cast<double>(networks.back().steps) * 20);
    }
  return study.want_parts<LawRecord>("law " + c.name, std::move(costs),
                                     begun(study.settings(), c, widths, seeds),
                                     [networks, seeds](LawRecord& record, std::size_t part) {
                                       run_at(networks[part], part / seeds, part % seeds, record);
                                     });
}

Handle<LawRecord> want_isometric(Study& study) {
  const LawSizes sizes = law_sizes(study.profile());
  return want_law(study, isometric_case(study.settings()), sizes.widths, sizes.seeds());
}

Handle<LawRecord> want_sphere(Study& study) {
  const LawSizes sizes = law_sizes(study.profile());
  return want_law(study, general_cases(study.settings()).front(), sizes.widths, sizes.seeds());
}

}  // namespace alignproof::inline claims
