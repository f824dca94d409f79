// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/limits.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/mean_field/isometric.hpp>
#include <alignproof/mean_field/stability.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/statistics/fit.hpp>

#include "law.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"

namespace alignproof::cli {

namespace {

FeedbackLaw feedback_of(const LawRequest& request) {
  return request.feedback == "signs" ? FeedbackLaw::signs : FeedbackLaw::normal;
}

bool has_smooth_slope(const Activation& psi) {
  return smoothness<double>(psi).L2.has_value();
}

/// Isometric data in closed form.
bool takes_closed_form(const LawRequest& request, const LawData& data) {
  const Activation psi = request.psi();
  return request.evaluator == "automatic" && !request.given("--particles") &&
         !request.is_backpropagation() && data.Y.cols() == 1 && isometric_gamma(data.K) > 0 &&
         !request.cut && !falls(decay_from(request.decay)) &&
         (has_smooth_slope(psi) || properties(psi).homogeneous);
}

// ---- Clouds ----

constexpr double quadrature_nodes = 1 << 20;  ///< in all
constexpr std::size_t least_nodes = 10;       ///< in a direction

/// Nodes of Gauss-Hermite rules in each direction; of b = +-1 there are two.
std::size_t nodes_in_direction(const LawRequest& request, const LawData& data) {
  const auto n = static_cast<double>(data.K.rows()), k = static_cast<double>(data.Y.cols());
  double directions = n + k, nodes = quadrature_nodes;
  if (request.feedback == "signs") directions = n, nodes /= std::exp2(k);
  const double most = directions <= 2 ? 256 : 64;
  return static_cast<std::size_t>(std::min(most, std::pow(nodes * 1.001, 1 / directions)));
}

/// Where psi' jumps, nodes converge slowly and particles do as well.
bool takes_quadrature(const LawRequest& request, const LawData& data) {
  if (request.evaluator != "automatic") return request.evaluator == "quadrature";
  return !request.given("--particles") && data.K.rows() <= 3 && has_smooth_slope(request.psi()) &&
         nodes_in_direction(request, data) >= 24;
}

std::size_t particles_of(const LawRequest& request, const LawData& data) {
  if (request.particles) return static_cast<std::size_t>(*request.particles);
  const auto size = static_cast<std::size_t>(data.K.rows());
  return std::max<std::size_t>(std::size_t{1} << 13, (std::size_t{1} << 19) / size);
}

/// Throws InputError where there are too many directions.
Cloud cloud_of(const LawRequest& request, const LawData& data, std::string& words) {
  const auto k = static_cast<std::size_t>(data.Y.cols());
  if (takes_quadrature(request, data)) {
    const std::size_t nodes = nodes_in_direction(request, data);
    if (data.K.rows() > 3 || nodes < least_nodes)
      throw InputError("n", fmt::format("{} with {} outputs", data.K.rows(), k),
                       "at most 3, and few outputs, to --evaluator quadrature: --evaluator "
                       "particles takes more");
    Cloud cloud = gauss_hermite_cloud(data.K, k, nodes, feedback_of(request));
    words = fmt::format("Gauss-Hermite, {} nodes in each direction, {} in all", nodes,
                        cloud.weight.size());
    return cloud;
  }
  const std::size_t N = particles_of(request, data);
  require_memory(12.0 * static_cast<double>(N) *
                     static_cast<double>(data.K.rows() + data.Y.cols()) * sizeof(double),
                 "the particles", "fewer --particles");
  Cloud cloud = quasi_random_cloud(data.K, k, N, static_cast<std::uint64_t>(request.data.seed),
                                   feedback_of(request));
  words = fmt::format("{} quasi-random particles", cloud.weight.size());
  return cloud;
}

// ---- The law at the times ----

double stability_of(const LawRequest& request, const FieldPoint& point) {
  return request.eta * (point.lambda + point.spectrum.tail(1)(0));
}

/// The first of the points at which stability is lost.
std::optional<std::size_t> first_unstable(const LawRequest& request,
                                          const std::vector<FieldPoint>& points) {
  for (std::size_t k = 0; k < points.size(); ++k)
    if (stability_of(request, points[k]) >= 2) return k;
  return std::nullopt;
}

void isometric_course(const LawRequest& request, const LawData& data, FieldCourse& course) {
  const IsometricData isometric{isometric_gamma(data.K), data.Y.col(0)};
  IsometricOptions options;
  options.feedback = feedback_of(request);
  const auto at = [&](const std::vector<double>& times) {
    std::vector<FieldPoint> points;
    for (IsometricPoint& point :
         isometric_law(isometric, request.psi(), request.lambda, times, options))
      points.push_back(std::move(point.field));
    return points;
  };
  course.evaluator = "closed form of isometric data";
  course.points = at(request.times());
  const auto lost = first_unstable(request, course.points);
  if (!lost) return;
  course.onset = at({0})[0];
  if (stability_of(request, *course.onset) >= 2) return;
  // Between a time at which it is stable and one at which it is not, on finer and finer grids: a
  // solution costs the same for one time and for many.
  double stable = *lost == 0 ? 0 : course.points[*lost - 1].tau;
  course.onset = course.points[*lost];
  constexpr int grids = 5, cells = 64;
  for (int g = 0; g < grids; ++g) {
    const double width = (course.onset->tau - stable) / cells;
    std::vector<double> times;
    for (int i = 1; i < cells; ++i) times.push_back(stable + i * width);
    const auto points = at(times);
    const auto first = first_unstable(request, points);
    const std::size_t stable_points = first.value_or(points.size());
    if (stable_points > 0) stable = points[stable_points - 1].tau;
    if (first) course.onset = points[*first];
  }
}

void cloud_course(const LawRequest& request, const LawData& data, FieldCourse& course) {
  const Activation psi = request.psi();
  const SlowPenalty penalty = request.penalty();
  mean_field::LawOptions options;
  options.jobs = threads_for(request.jobs);
  const Cloud cloud = cloud_of(request, data, course.evaluator);
  const Moments start = moments(cloud, psi, options.jobs);
  course.start_error = observe(start, data.Y, penalty(0)).error;
  if (request.is_backpropagation()) {
    const Matrix<double> M = start.G + first_layer_kernel(cloud, psi, data.K, options.jobs);
    course.start_stability = request.eta * (penalty(0) + eigenvalues(M).maxCoeff());
  }
  {
    ProgressBar progress("law");
    const auto law =
        request.is_backpropagation()
            ? backpropagation_law(data, psi, cloud, penalty, request.times(), options, progress)
            : mean_field_law(data, psi, cloud, penalty, request.times(), options, progress);
    course.points = law;
  }
  const auto lost = first_unstable(request, course.points);
  if (!lost) return;
  if (request.is_backpropagation() || course.points[*lost].tau == 0)
    course.onset = course.points[*lost];
  else
    course.onset = onset(data, psi, cloud, penalty, request.eta, course.points[*lost].tau, options);
}

// ---- The law with memory ----

constexpr std::size_t starts_of_memory = 8;  ///< clouds, each with beta(0) and -beta(0)

FieldMemory memory_course(const LawRequest& request, const LawData& data) {
  const auto n = static_cast<std::size_t>(data.K.rows()),
             k = static_cast<std::size_t>(data.Y.cols());
  const FiniteWidth width{static_cast<double>(*request.finite_width), request.lambda, request.eta};
  FiniteWidthOptions options;
  options.times = request.times(), options.tau = options.times.back();
  std::vector<FiniteWidthCourse> courses(2 * starts_of_memory);
  ProgressBar progress("law with memory");
  progress.expect(courses.size());
  parallel_for(courses.size(), threads_for(request.jobs), [&](std::size_t i) {
    FiniteWidthCloud cloud = finite_width_cloud(
        data.K, k, finite_width_units(request.psi(), n, k),
        static_cast<std::uint64_t>(request.data.seed) * starts_of_memory + i / 2);
    if (i % 2 == 1) cloud.beta0 = -cloud.beta0;
    courses[i] = finite_width_law(data, request.psi(), width, cloud, options);
    progress.advance(1);
  });
  const auto mean_of = [](const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    double mean = 0, square = 0;
    for (double x : values) mean += x / count;
    for (double x : values) square += (x - mean) * (x - mean);
    return MeanOfStarts{mean, std::sqrt(square / (count * (count - 1)))};
  };
  FieldMemory memory;
  for (double tau : options.times) {
    std::vector<double> cosines, errors;
    for (std::size_t s = 0; s < starts_of_memory; ++s) {
      const FiniteWidthCourse &plus = courses[2 * s], &minus = courses[2 * s + 1];
      const auto error = [&](const FiniteWidthCourse& course) {
        return std::sqrt(static_cast<double>(n) * course.loss_at(tau));
      };
      cosines.push_back((plus.cosine_at(tau) + minus.cosine_at(tau)) / 2);
      errors.push_back((error(plus) + error(minus)) / 2);
    }
    memory.cosine.push_back(mean_of(cosines)), memory.error.push_back(mean_of(errors));
  }
  return memory;
}

// ---- Runs ----

double power_of(const LawRequest& request) {
  return request.is_backpropagation() ? 1 : 0.5;
}

/// What points and runs would take, before the work.
void require_room(const LawRequest& request, const LawData& data) {
  const auto n = static_cast<double>(data.K.rows()), k = static_cast<double>(data.Y.cols());
  require_memory(2 * static_cast<double>(request.points) * n * (n + 3 * k + 1) * sizeof(double),
                 "the law at all points", "fewer points");
  if (request.widths.empty()) return;
  const long long widest = *std::max_element(request.widths.begin(), request.widths.end());
  const auto jobs = static_cast<double>(threads_for(request.jobs));
  require_memory(jobs * memory_of_network(static_cast<std::size_t>(widest),
                                          static_cast<std::size_t>(n), static_cast<std::size_t>(k)),
                 fmt::format("runs of width {} on {} threads", widest, jobs),
                 "smaller widths or fewer --jobs");
  double operations = 0;
  for (long long p : request.widths)
    operations += static_cast<double>(p) * (10 + n + k) * n *
                  static_cast<double>(mean_field::steps_until(
                      request.tau, request.eta, static_cast<double>(p), power_of(request)));
  announce_length(operations * static_cast<double>(request.seeds) / jobs * 1e-9);
}

/// |value - law| by width and run; at least 2^-53, so that it has a logarithm.
template <class Value>
LawOrder order_of(const NetworkSlowRuns& all, double law, const Value& value) {
  LawOrder found;
  found.law = law;
  std::vector<std::vector<double>> gaps;
  for (const auto& of_width : all.runs) {
    std::vector<double> values;
    gaps.emplace_back();
    for (const NetworkSlowRun& run : of_width) {
      values.push_back(value(run));
      gaps.back().push_back(std::max(std::abs(values.back() - law), 0x1p-53));
    }
    found.cosine.push_back(quantile(values, 0.5));
    found.gap.push_back(quantile(gaps.back(), 0.5));
  }
  found.order = median_slope(all.p, gaps, order_level);
  return found;
}

FieldRuns field_runs(const LawRequest& request, const LawData& data, const FieldPoint& law) {
  NetworkRuns networks;
  networks.widths.assign(request.widths.begin(), request.widths.end());
  networks.seeds = static_cast<std::size_t>(request.seeds);
  networks.eta = request.eta, networks.penalty = request.penalty();
  networks.rule = learning_rule_from(request.rule);
  networks.power = power_of(request);
  networks.feedback = feedback_of(request);
  networks.steps_after =
      request.is_backpropagation() ? 0 : static_cast<std::size_t>(request.steps_after);
  // The cosine is then within about as much of its end; signal angles settle later.
  if (data.Y.cols() == 1) networks.noise = 1e-7;
  networks.seed = static_cast<std::uint64_t>(request.data.seed);
  ProgressBar progress("runs");
  FieldRuns found{run_networks(data, request.psi(), networks, request.times(),
                               threads_for(request.jobs), progress),
                  {}};
  found.settled = true;
  for (const auto& of_width : found.runs.runs)
    for (const NetworkSlowRun& run : of_width)
      found.settled = found.settled && run.error_after_cut <= 1e-6 * data.Y.norm();
  if (found.runs.any_diverged()) return found;
  if (request.is_backpropagation())
    found.orders = {
        order_of(found.runs, law.error, [](const auto& run) { return run.error.back(); })};
  else
    found.orders = {
        order_of(found.runs, law.cosine, [](const auto& run) { return run.cosine.back(); }),
        order_of(found.runs, law.cosine_after_cut, [](const auto& run) { return run.after_cut; })};
  return found;
}

/// A seed that nothing would take.
void require_seed_heeded(const LawRequest& request, const LawData& data) {
  if (request.given("--seed") && request.widths.empty() && !request.finite_width &&
      (takes_closed_form(request, data) || takes_quadrature(request, data)))
    throw InputError("option", "'--seed'", "it with --widths, --finite-width or particles");
}

}  // namespace

int field_law(const LawRequest& request) {
  const LawProblem problem = law_problem(request);
  const LawData& data = problem.data;
  require_seed_heeded(request, data);
  require_room(request, data);
  const std::optional<ResultFolder> folder = law_folder(request);
  FieldCourse course;
  if (takes_closed_form(request, data))
    isometric_course(request, data, course);
  else
    cloud_course(request, data, course);
  const auto n = static_cast<std::size_t>(data.K.rows());
  // Of backpropagation at the start, where H begins as Theta, this says nothing.
  course.never_unstable = !request.is_backpropagation() &&
                          never_unstable(request.psi(), n, request.penalty(), request.eta);
  if (!falls(decay_from(request.decay)) && !request.cut)
    course.error_floor = error_floor(data, request.psi(), request.lambda);
  if (request.finite_width) course.memory = memory_course(request, data);
  std::optional<FieldRuns> runs;
  if (!request.widths.empty()) runs = field_runs(request, data, course.points.back());
  // Files first: a reader of standard output may end at any line.
  if (!request.out.empty()) write_field(request, problem, course, runs);
  print_field(request, problem, course);
  if (runs) print_field_runs(request, *runs, course.onset.has_value());
  return 0;
}

}  // namespace alignproof::cli
