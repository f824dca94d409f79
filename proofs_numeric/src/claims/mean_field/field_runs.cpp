// SPDX-License-Identifier: Apache-2.0
#include "claims/mean_field/field_runs.hpp"

#include <algorithm>
#include <cmath>

#include <alignproof/claims/summary.hpp>
#include <alignproof/linalg/decompositions.hpp>

#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr std::size_t runs_of_a_part = 16;

/// Runs s, ..., of width w: those of a width and of a part have initialisations of their own.
struct Part {
  std::size_t w = 0, first = 0, count = 0;
};

std::vector<Part> parts_of(const FieldRuns& runs) {
  std::vector<Part> parts;
  for (std::size_t w = 0; w < runs.widths.size(); ++w)
    for (std::size_t first = 0; first < runs.seeds; first += runs_of_a_part)
      parts.push_back({w, first, std::min(runs_of_a_part, runs.seeds - first)});
  return parts;
}

std::uint64_t seed_of_part(const Settings& settings, const Part& part) {
  return seed_of(settings, 800000 + 1000 * part.w + part.first / runs_of_a_part);
}

NetworkRuns networks(const Settings& settings, const FieldCase& c, const FieldRuns& runs,
                     const Part& part) {
  NetworkRuns networks;
  networks.widths = {runs.widths[part.w]};
  networks.seeds = part.count;
  networks.eta = c.eta, networks.penalty.lambda = c.lambda;
  networks.rule = runs.rule;
  networks.power = runs.own_time_of_bp ? 1 : 0.5;
  networks.steps_after = c.steps_after;
  networks.seed = seed_of_part(settings, part);
  return networks;
}

std::vector<FieldPoint> law_of(const Settings& settings, const FieldCase& c,
                               const FieldRuns& runs) {
  const Cloud cloud = evaluating_cloud(settings, c);
  const SlowPenalty penalty{.lambda = c.lambda};
  return runs.own_time_of_bp
             ? backpropagation_law(c.data, c.psi, cloud, penalty, runs.times, evaluating_options())
             : mean_field_law(c.data, c.psi, cloud, penalty, runs.times, evaluating_options());
}

/// Where beta returns the error, H begins as Theta; independent feedback makes it small.
double with_first_layer(const Settings& settings, const FieldCase& c) {
  const Cloud cloud = evaluating_cloud(settings, c);
  const Matrix<double> M = moments(cloud, c.psi).G + first_layer_kernel(cloud, c.psi, c.data.K);
  return c.eta * (c.lambda + eigenvalues(M).maxCoeff());
}

}  // namespace

double FieldRecord::evaluator() const {
  double most = 0;
  for (const FieldPoint& point : course) most = largest_so_far(most, point.error_estimate);
  return most;
}

std::vector<double> later_half(double tau) {
  constexpr int points = 6;
  std::vector<double> times;
  for (int k = points; k <= 2 * points; ++k) times.push_back(tau * k / (2 * points));
  return times;
}

Cloud evaluating_cloud(const Settings& settings, const FieldCase& c) {
  const FieldSizes sizes = field_sizes(settings.profile);
  const bool resolved = c.smooth() && !(c.steep && sizes.particles_where_steep);
  if (!c.particles && resolved && c.n() + c.k() <= 3)
    return gauss_hermite_cloud(c.data.K, c.k(), sizes.nodes);
  return quasi_random_cloud(c.data.K, c.k(), c.particles.value_or(sizes.particles),
                            seed_of(settings, 799999));
}

LawOptions evaluating_options() {
  LawOptions options;
  options.tolerance = 1e-5;
  return options;
}

Handle<FieldRecord> want_field(Study& study, const std::string& name, const FieldCase& c,
                               const FieldRuns& runs) {
  const Settings settings = study.settings();
  const std::vector<Part> parts = parts_of(runs);
  FieldRecord begun;
  begun.field_case = c;
  begun.replay = replay(c, runs.widths.back(), seed_of_part(settings, parts.back()));
  begun.times = runs.times;
  begun.widths.assign(runs.widths.begin(), runs.widths.end());
  begun.runs.assign(runs.widths.size(), std::vector<NetworkSlowRun>(runs.seeds));
  // The law is the first part.
  std::vector<double> costs = {
      100.0 * static_cast<double>(field_sizes(settings.profile).particles * c.n())};
  for (const Part& part : parts) {
    const auto p = static_cast<double>(runs.widths[part.w]);
    const auto steps = static_cast<double>(
        steps_until(runs.times.back(), c.eta, p, runs.own_time_of_bp ? 1 : 0.5) + c.steps_after);
    costs.push_back(static_cast<double>(part.count * c.n()) * p * (steps + 10));
  }
  return study.want_parts<FieldRecord>(
      name, std::move(costs), std::move(begun),
      [settings, c, runs, parts](FieldRecord& record, std::size_t k) {
        if (k == 0) {
          record.course = law_of(settings, c, runs);
          if (!is_feedback_alignment(runs.rule)) record.first_layer = with_first_layer(settings, c);
          return;
        }
        const Part& part = parts[k - 1];
        Progress silent;
        const NetworkSlowRuns done =
            run_networks(c.data, c.psi, networks(settings, c, runs, part), runs.times, 1, silent);
        std::copy(done.runs.front().begin(), done.runs.front().end(),
                  record.runs[part.w].begin() + static_cast<std::ptrdiff_t>(part.first));
      });
}

double distance(const NetworkSlowRun& run, const std::vector<FieldPoint>& law, double y_norm) {
  double most = 0;
  for (std::size_t k = 0; k < law.size(); ++k) {
    most = largest_so_far(most, std::abs(run.cosine[k] - law[k].cosine));
    most = largest_so_far(most, std::abs(run.error[k] - law[k].error) / y_norm);
    if (law[k].e.cols() > 1) most = largest_so_far(most, std::abs(run.signal[k] - law[k].signal));
  }
  return most;
}

LawTable gaps(const FieldRecord& record) {
  LawTable all;
  for (const auto& width : record.runs) {
    all.emplace_back();
    for (const NetworkSlowRun& run : width)
      all.back().push_back(distance(run, record.course, record.y_norm()));
  }
  return all;
}

LawTable gaps_after(const FieldRecord& record) {
  LawTable all;
  for (const auto& width : record.runs) {
    all.emplace_back();
    for (const NetworkSlowRun& run : width)
      all.back().push_back(std::abs(run.after_cut - record.end().cosine_after_cut));
  }
  return all;
}

}  // namespace alignproof::inline claims
