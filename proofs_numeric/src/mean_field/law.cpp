// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/law.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include <fmt/format.h>
#include <boost/math/distributions/students_t.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/mean_field/stability.hpp>

#include "mean_field/flow.hpp"
#include "mean_field/particles.hpp"
#include "mean_field/problem.hpp"

namespace alignproof::inline mean_field {

namespace detail {

void require_positive(const char* what, double value) {
  if (!(value > 0) || !std::isfinite(value))
    throw InputError(what, quoted(value), "a finite number > 0");
}

void require_cloud(const LawData& data, const Cloud& cloud) {
  if (cloud.n() != data.K.rows() || cloud.k() != data.Y.cols() || cloud.a.rows() == 0 ||
      cloud.b.rows() != cloud.a.rows() || cloud.weight.size() != cloud.a.rows())
    throw InputError("a cloud",
                     fmt::format("a {} x {}, b {} x {}, weight {}", cloud.a.rows(), cloud.a.cols(),
                                 cloud.b.rows(), cloud.b.cols(), cloud.weight.size()),
                     fmt::format("N x {}, N x {} and N", data.K.rows(), data.Y.cols()));
  if (!cloud.a.allFinite() || !cloud.b.allFinite() || !cloud.weight.allFinite())
    throw InputError("a particle of a cloud", "not finite", "finite numbers");
  if (std::abs(cloud.weight.sum() - 1) > 1e-9 || cloud.weight.minCoeff() < 0)
    throw InputError("weights of a cloud", fmt::format("of sum {}", cloud.weight.sum()),
                     "numbers >= 0 of sum 1");
  if (cloud.replicates == 0 || cloud.a.rows() % static_cast<Eigen::Index>(cloud.replicates) != 0)
    throw InputError("replicates", fmt::format("{}", cloud.replicates),
                     fmt::format("a divisor of the {} particles", cloud.a.rows()));
}

void require_problem(const LawData& data, const Activation& psi, const Cloud& cloud,
                     const SlowPenalty& penalty, double tolerance, Return through) {
  require_valid(data);
  require_valid(penalty);
  require_cloud(data, cloud);
  if (!(tolerance >= 1e-14 && tolerance <= 0.1))
    throw InputError("tolerance", quoted(tolerance), "a number from 1e-14 to 0.1");
  if (cloud.coarser) require_cloud(data, *cloud.coarser);
  if (smoothness<double>(psi).L2) return;
  // At a kink quadrature converges like a power of the nodes below 1, and erratically: what two
  // rules differ by says little of the error.
  if (cloud.coarser)
    throw InputError("quadrature", "with " + std::string(psi.name()),
                     "an activation with a Lipschitz derivative, or quasi-random particles");
  switch (through) {
    case Return::feedback:
      if (!properties(psi).homogeneous)
        throw InputError("activation", std::string(psi.name()),
                         "one with a Lipschitz derivative, or a homogeneous one");
      return;
    case Return::output_weights:
      throw InputError(
          "activation", std::string(psi.name()),
          "one with a Lipschitz derivative: of backpropagation the law knows no other");
  }
}

std::unique_ptr<Flow> flow(const FlowSetting& setting, const Activation& psi, const Cloud& cloud) {
  return smoothness<double>(psi).L2 ? smooth_flow(setting, cloud) : kinked_flow(setting, cloud);
}

FieldPoint observe_flow(const FlowSetting& setting, const Flow& flow, double lambda) {
  switch (setting.through) {
    case Return::feedback: {
      FieldPoint point = observe(flow.moments(), setting.data.Y, lambda);
      point.Lambda = flow.Lambda();
      return point;
    }
    case Return::output_weights: {
      // b is beta sqrt p = m^T psi(a).
      Moments at = flow.moments();
      const Matrix<double> m = observe(at, setting.data.Y, lambda).m;
      at.phi = at.G * m;
      at.b_square = (m.transpose() * at.phi).trace();
      FieldPoint point = observe(at, setting.data.Y, lambda);
      point.signal = point.cosine = point.error > 0 ? 1 : 0;
      point.signal_after_cut = point.cosine_after_cut = 1;
      point.Lambda = flow.Lambda();
      return point;
    }
  }
  throw std::logic_error("no such return");
}

}  // namespace detail

namespace {

using detail::FlowSetting;
using detail::Return;

void require_ascending(const std::vector<double>& times) {
  double before = 0;
  for (double tau : times) {
    if (!(tau >= before) || !std::isfinite(tau))
      throw InputError("tau", fmt::format("{}", tau),
                       before > 0 ? fmt::format("a number >= {}, the time before", before)
                                  : std::string("a number >= 0"));
    before = tau;
  }
}

std::vector<FieldPoint> solve(const FlowSetting& setting, const Activation& psi, const Cloud& cloud,
                              const std::vector<double>& times) {
  const auto flow = detail::flow(setting, psi, cloud);
  const double gamma = observe(flow->moments(), setting.data.Y, 0).spectrum(0);
  std::vector<FieldPoint> points;
  for (double tau : times) {
    flow->advance(setting.penalty.Lambda(tau));
    FieldPoint point = detail::observe_flow(setting, *flow, setting.penalty(tau));
    point.tau = tau;
    if (setting.through == Return::feedback && gamma > 0)
      point.least_eigenvalue =
          least_eigenvalue_bound(setting.data, psi, cloud.feedback, gamma, flow->drift());
    points.push_back(std::move(point));
  }
  return points;
}

/// What error_estimate speaks of.
std::array<double, 4> numbers(const FieldPoint& point, const Matrix<double>& Y) {
  return {point.cosine, point.signal, point.cosine_after_cut, point.error / Y.norm()};
}

double largest_difference(const FieldPoint& a, const FieldPoint& b, const Matrix<double>& Y) {
  const auto of_a = numbers(a, Y), of_b = numbers(b, Y);
  double most = 0;
  for (std::size_t k = 0; k < of_a.size(); ++k) most = std::max(most, std::abs(of_a[k] - of_b[k]));
  return most;
}

/// Half the width of a 99 % interval by Student's t, and what a bias in proportion to the inverse
/// of the number of particles does to the whole, seen in the replicates, which are smaller.
double replicate_error(const FieldPoint& whole, const std::vector<FieldPoint>& parts,
                       const Matrix<double>& Y) {
  const auto R = static_cast<double>(parts.size());
  const double width = quantile(complement(boost::math::students_t(R - 1), 0.005));
  const auto of_whole = numbers(whole, Y);
  double most = 0;
  for (std::size_t k = 0; k < of_whole.size(); ++k) {
    double mean = 0, square = 0;
    for (const FieldPoint& part : parts) mean += numbers(part, Y)[k] / R;
    for (const FieldPoint& part : parts) {
      const double off = numbers(part, Y)[k] - mean;
      square += off * off / (R - 1);
    }
    most = std::max(most, width * std::sqrt(square / R) + std::abs(mean - of_whole[k]) / (R - 1));
  }
  return most;
}

std::vector<FieldPoint> solve_with_errors(FlowSetting setting, const Activation& psi,
                                          const Cloud& cloud, const std::vector<double>& times,
                                          const LawOptions& options, Progress& progress) {
  detail::require_problem(setting.data, psi, cloud, setting.penalty, options.tolerance,
                          setting.through);
  require_ascending(times);
  const std::size_t R = cloud.replicates;
  progress.expect(options.estimate_error ? R + 2 : 1);
  std::vector<FieldPoint> points = solve(setting, psi, cloud, times);
  progress.advance();
  if (!options.estimate_error) {
    for (FieldPoint& point : points)
      point.error_estimate = std::numeric_limits<double>::quiet_NaN();
    return points;
  }
  const Matrix<double>& Y = setting.data.Y;
  std::vector<std::vector<FieldPoint>> by_time(times.size());
  std::vector<FieldPoint> least;  // the smallest cloud that was solved
  Cloud smallest;
  if (cloud.coarser) {
    smallest = *cloud.coarser;
    least = solve(setting, psi, smallest, times);
    for (std::size_t t = 0; t < times.size(); ++t)
      points[t].error_estimate = largest_difference(points[t], least[t], Y);
    progress.advance(R);
  } else if (R > 1) {
    for (std::size_t r = 0; r < R; ++r) {
      Cloud part = detail::replicate(cloud, setting.data.K, r);
      std::vector<FieldPoint> solved = solve(setting, psi, part, times);
      for (std::size_t t = 0; t < times.size(); ++t) by_time[t].push_back(solved[t]);
      if (r == 0) smallest = std::move(part), least = std::move(solved);
      progress.advance();
    }
    for (std::size_t t = 0; t < times.size(); ++t)
      points[t].error_estimate = replicate_error(points[t], by_time[t], Y);
  } else {
    smallest = cloud;
    least = points;
    progress.advance();
  }
  // What the steps lose hardly depends on the cloud.
  setting.tolerance = std::max(1e-14, setting.tolerance / 100);
  const std::vector<FieldPoint> finer = solve(setting, psi, smallest, times);
  for (std::size_t t = 0; t < times.size(); ++t)
    points[t].error_estimate += largest_difference(least[t], finer[t], Y);
  progress.advance();
  return points;
}

}  // namespace

std::vector<FieldPoint> mean_field_law(const LawData& data, const Activation& psi,
                                       const Cloud& cloud, const SlowPenalty& penalty,
                                       const std::vector<double>& times, const LawOptions& options,
                                       Progress& progress) {
  return solve_with_errors({data, activation_over<double>(psi), penalty, Return::feedback,
                            options.tolerance, options.jobs},
                           psi, cloud, times, options, progress);
}

std::vector<FieldPoint> mean_field_law(const LawData& data, const Activation& psi,
                                       const Cloud& cloud, const SlowPenalty& penalty,
                                       const std::vector<double>& times,
                                       const LawOptions& options) {
  Progress silent;
  return mean_field_law(data, psi, cloud, penalty, times, options, silent);
}

std::vector<FieldPoint> backpropagation_law(const LawData& data, const Activation& psi,
                                            const Cloud& cloud, const SlowPenalty& penalty,
                                            const std::vector<double>& times,
                                            const LawOptions& options, Progress& progress) {
  return solve_with_errors({data, activation_over<double>(psi), penalty, Return::output_weights,
                            options.tolerance, options.jobs},
                           psi, cloud, times, options, progress);
}

std::vector<FieldPoint> backpropagation_law(const LawData& data, const Activation& psi,
                                            const Cloud& cloud, const SlowPenalty& penalty,
                                            const std::vector<double>& times,
                                            const LawOptions& options) {
  Progress silent;
  return backpropagation_law(data, psi, cloud, penalty, times, options, silent);
}

double slope_at_start(const LawData& data, const Activation& psi, const Cloud& cloud, double lambda,
                      std::size_t jobs) {
  require_valid(data);
  detail::require_cloud(data, cloud);
  if (!(lambda > 0) || !std::isfinite(lambda))
    throw InputError("lambda", quoted(lambda), "a number > 0");
  const Moments at = moments(cloud, psi, jobs);
  const Matrix<double> m = observe(at, data.Y, lambda).m;
  const Matrix<double> Theta = first_layer_kernel(cloud, psi, data.K, jobs);
  const double square = at.b_square * (m.transpose() * at.G * m).trace();
  return square > 0 ? (m.transpose() * Theta * m).trace() *
                          (at.b_square / static_cast<double>(data.Y.cols())) / std::sqrt(square)
                    : 0.0;
}

}  // namespace alignproof::inline mean_field
