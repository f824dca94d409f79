// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/three_layers.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <boost/math/distributions/students_t.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/mean_field/law.hpp>

#include "mean_field/gaussian_process.hpp"
#include "mean_field/problem.hpp"

namespace alignproof::inline mean_field {

namespace {

void require_valid(const LawData& data, const Activation& psi, double lambda,
                   const std::vector<double>& times) {
  mean_field::require_valid(data);
  if (data.Y.cols() != 1)
    throw InputError("Y", fmt::format("{} outputs", data.Y.cols()), "one output");
  if (!smoothness<double>(psi).L2)
    throw InputError("activation", std::string(psi.name()), "one whose derivative is Lipschitz");
  detail::require_positive("lambda", lambda);
  double before = 0;
  for (double tau : times) {
    if (!(tau >= before) || !std::isfinite(tau))
      throw InputError("tau", quoted(tau), fmt::format("a number >= {}", before));
    before = tau;
  }
}

/// The symmetric root of K; directions that are absent up to rounding stay so.
Matrix<double> symmetric_root_of(const Matrix<double>& K) {
  const Eigensystem system = eigensystem(K);
  const Vector<double> root = system.values.cwiseMax(0.0).cwiseSqrt();
  return system.vectors * root.asDiagonal() * system.vectors.transpose();
}

/// Of N(0, root^2), with mean 0 and that covariance over the paths, too; root is symmetric.
Matrix<double> normal_sample(Eigen::Index paths, const Matrix<double>& root, std::uint64_t seed,
                             Stream stream) {
  GaussianProcess process(paths, seed, stream);
  return process.next(std::sqrt(static_cast<double>(root.rows())) * root);
}

/// The particles of both layers twice, as they are and mirrored: the first layer with -xi, the
/// second with -b. What is odd in these has no error of sampling.
Matrix<double> twice(const Matrix<double>& half, double mirror) {
  Matrix<double> all(2 * half.rows(), half.cols());
  all << half, mirror * half;
  return all;
}

struct Layer {
  Matrix<double> a, psi, slope;  ///< N x n

  void activate_as(const Activation& activation) { activate(activation, a, psi, slope); }
};

/// One sample of the law on one grid of slow time.
class Particles {
 public:
  Particles(const LawData& data, const Activation& psi, LayerRule rule, double lambda,
            std::size_t particles, std::uint64_t seed)
      : data_(data),
        psi_(psi),
        rule_(rule),
        lambda_(lambda),
        half_(static_cast<Eigen::Index>((particles + 1) / 2)),
        chi_(half_, seed, Stream::V),
        xi_process_(half_, seed, Stream::B) {
    const Matrix<double> one = Matrix<double>::Identity(1, 1);
    b_ = twice(normal_sample(half_, one, seed, Stream::b), -1);
    direct_ = twice(normal_sample(half_, one, seed, Stream::beta), -1);
    first_.a = twice(normal_sample(half_, symmetric_root_of(data.K), seed, Stream::W), 1);
    first_.activate_as(psi_);
    see_first();
    second_.a = chi_values_;
    see_second();
    keep();
  }

  /// Heun's step.
  void step(double h) {
    const Matrix<double> start = first_.a, velocity = velocity_now();
    Matrix<double> pull = pull_now();
    first_.a = start + h * velocity;
    weight_.back() += h / 2;
    for (int pass = 0; pass < 2; ++pass) {
      first_.activate_as(psi_);
      see_first();
      second_.a = chi_values_ - b_.asDiagonal() * (past_integral() + h / 2 * pull * own_);
      see_second();
      pull = pull_now();
      if (pass == 0) first_.a = start + h / 2 * (velocity + velocity_now());
    }
    weight_.push_back(h / 2);
    keep();
  }

  const FieldPoint& point() const { return point_; }

 private:
  double count() const { return static_cast<double>(2 * half_); }

  /// K1 with the past and now, and chi.
  void see_first() {
    own_ = first_.psi.transpose() * first_.psi / count();
    kernel_.clear();
    for (const Matrix<double>& before : psi_past_)
      kernel_.push_back(before.transpose() * first_.psi / count());
    chi_values_ = twice(chi_.next(first_.psi), 1);
  }

  /// G, phi, e, and xi.
  void see_second() {
    second_.activate_as(psi_);
    point_ = observe({second_.psi.transpose() * second_.psi / count(),
                      second_.psi.transpose() * b_ / count(), b_.squaredNorm() / count()},
                     data_.Y, lambda_);
    switch (rule_) {
      case LayerRule::dfa:
        xi_ = direct_.replicate(1, own_.cols());
        return;
      case LayerRule::fa:
        break;
    }
    xi_ = twice(xi_process_.next(b_.asDiagonal() * second_.slope), -1);
  }

  /// -K (psi'(a1) o xi o e) of every particle.
  Matrix<double> velocity_now() const {
    return -first_.slope.cwiseProduct(xi_) * point_.e.col(0).asDiagonal() * data_.K;
  }
  /// psi'(a2) o e.
  Matrix<double> pull_now() const { return second_.slope * point_.e.col(0).asDiagonal(); }

  /// int K1(tau, tau') (psi'(a2) o e) up to the last time that is kept, by the trapezoidal rule.
  Matrix<double> past_integral() const {
    Matrix<double> sum = Matrix<double>::Zero(second_.psi.rows(), second_.psi.cols());
    for (std::size_t k = 0; k < pull_past_.size(); ++k)
      sum.noalias() += pull_past_[k] * (weight_[k] * kernel_[k]);
    return sum;
  }

  void keep() {
    chi_.keep();
    xi_process_.keep();
    psi_past_.push_back(first_.psi);
    pull_past_.push_back(pull_now());
  }

  const LawData& data_;
  Activation psi_;
  LayerRule rule_;
  double lambda_;
  Eigen::Index half_;
  GaussianProcess chi_, xi_process_;
  Vector<double> b_, direct_;
  Layer first_, second_;
  Matrix<double> own_;                  ///< K1(tau, tau)
  std::vector<Matrix<double>> kernel_;  ///< K1(tau', tau) at every tau' that is kept
  Matrix<double> chi_values_, xi_;
  FieldPoint point_;
  std::vector<Matrix<double>> psi_past_, pull_past_;
  std::vector<double> weight_ = {0};
};

struct Row {
  double cosine = 0, after_cut = 0, error = 0;
};

/// To every time, by equal steps of at most `step` between two.
std::vector<Row> solve(Particles particles, double step, const std::vector<double>& times) {
  std::vector<Row> rows;
  double tau = 0;
  for (double next : times) {
    const double steps = std::ceil((next - tau) / step * (1 - 1e-12));
    for (double k = 0; k < steps; ++k) particles.step((next - tau) / steps);
    tau = next;
    const FieldPoint& at = particles.point();
    rows.push_back({at.cosine, at.cosine_after_cut, at.error});
  }
  return rows;
}

/// What the samples say of one number, from steps h (`coarse`) and h/2 (`fine`) of order 2.
Sampled sampled(const std::vector<double>& coarse, const std::vector<double>& fine) {
  const std::size_t R = fine.size();
  const double count = static_cast<double>(R);
  double mean = 0, mean_fine = 0, square = 0;
  const auto limit = [&](std::size_t r) { return (4 * fine[r] - coarse[r]) / 3; };
  for (std::size_t r = 0; r < R; ++r) mean += limit(r) / count, mean_fine += fine[r] / count;
  for (std::size_t r = 0; r < R; ++r) square += (limit(r) - mean) * (limit(r) - mean);
  const double t = quantile(complement(boost::math::students_t(count - 1), 0.005));
  return {mean, t * std::sqrt(square / (count - 1) / count) + std::abs(mean - mean_fine)};
}

}  // namespace

LayerRule layer_rule_from(std::string_view name) {
  if (name == "fa") return LayerRule::fa;
  if (name == "dfa") return LayerRule::dfa;
  throw InputError("rule", fmt::format("'{}'", name), "fa or dfa");
}

std::vector<ThreeLayerPoint> three_layer_law(const LawData& data, const Activation& psi,
                                             LayerRule rule, double lambda,
                                             const std::vector<double>& times,
                                             const ThreeLayerOptions& options, Progress& progress) {
  require_valid(data, psi, lambda, times);
  if (options.samples < 2)
    throw InputError("samples", fmt::format("{}", options.samples), "at least 2");
  const std::size_t least = 8 * static_cast<std::size_t>(data.K.rows() + 1);
  if (options.particles < least)
    throw InputError("particles", fmt::format("{}", options.particles),
                     fmt::format("at least {}, 8 for each coordinate", least));
  detail::require_positive("step", options.step);
  progress.expect(options.samples);
  std::vector<std::vector<Row>> coarse(options.samples), fine(options.samples);
  parallel_for(options.samples, options.jobs, [&](std::size_t r) {
    const auto particles = [&] {
      return Particles(data, psi, rule, lambda, options.particles, options.seed + (r << 40));
    };
    coarse[r] = solve(particles(), options.step, times);
    fine[r] = solve(particles(), options.step / 2, times);
    progress.advance();
  });
  const auto number = [&](std::size_t k, double Row::*which) {
    std::vector<double> from_coarse, from_fine;
    for (std::size_t r = 0; r < options.samples; ++r) {
      from_coarse.push_back(coarse[r][k].*which);
      from_fine.push_back(fine[r][k].*which);
    }
    return sampled(from_coarse, from_fine);
  };
  std::vector<ThreeLayerPoint> points;
  for (std::size_t k = 0; k < times.size(); ++k)
    points.push_back(
        {times[k], number(k, &Row::cosine), number(k, &Row::after_cut), number(k, &Row::error)});
  return points;
}

std::vector<ThreeLayerPoint> three_layer_law(const LawData& data, const Activation& psi,
                                             LayerRule rule, double lambda,
                                             const std::vector<double>& times,
                                             const ThreeLayerOptions& options) {
  Progress silent;
  return three_layer_law(data, psi, rule, lambda, times, options, silent);
}

ThreeLayerRun run_three_layers(const LawData& data, const Activation& psi, LayerRule rule,
                               double lambda, const std::vector<double>& times,
                               const ThreeLayerNetwork& network) {
  require_valid(data, psi, lambda, times);
  const auto [p, eta, seed] = network;
  if (p < 1 || p > 8192) throw InputError("width", fmt::format("{}", p), "1 to 8192");
  detail::require_positive("eta", eta);
  if (!(eta * lambda < 1)) throw InputError("eta lambda", quoted(eta * lambda), "a number below 1");
  const auto normals = [seed = seed](Stream stream, std::size_t rows, std::size_t columns) {
    Matrix<double> all(rows, columns);
    for (std::size_t j = 0; j < columns; ++j)
      for (std::size_t i = 0; i < rows; ++i)
        all(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = standard_normal(
            seed, stream, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
    return all;
  };
  const double root_p = std::sqrt(static_cast<double>(p));
  const std::size_t n = static_cast<std::size_t>(data.K.rows());
  Layer first, second;
  first.a = normals(Stream::W, p, n) * symmetric_root_of(data.K);
  Matrix<double> W2 = normals(Stream::V, p, p), back;
  switch (rule) {
    case LayerRule::fa:
      back = normals(Stream::B, p, p);
      break;
    case LayerRule::dfa:
      back = normals(Stream::B, p, 1);
      break;
  }
  const Vector<double> b = normals(Stream::b, p, 1), y = data.Y;
  Vector<double> beta = normals(Stream::beta, p, 1);
  ThreeLayerRun run;
  std::size_t t = 0;
  const auto forward = [&]() -> Vector<double> {
    first.activate_as(psi);
    second.a = W2 * first.psi / root_p;
    second.activate_as(psi);
    return second.psi.transpose() * beta / root_p - y;
  };
  Vector<double> e = forward();
  for (double tau : times) {
    for (const std::size_t end = steps_until(tau, eta, static_cast<double>(p)); t < end; ++t) {
      const Matrix<double> second_delta = (b * e.transpose()).cwiseProduct(second.slope) / root_p;
      Matrix<double> first_delta;
      switch (rule) {
        case LayerRule::fa:
          first_delta = back * second_delta / root_p;
          break;
        case LayerRule::dfa:
          first_delta = back * e.transpose() / root_p;
          break;
      }
      beta = (1 - eta * lambda) * beta - eta / root_p * (second.psi * e);
      W2.noalias() -= (eta / root_p * second_delta) * first.psi.transpose();
      first.a -= eta * first_delta.cwiseProduct(first.slope) * data.K;
      e = forward();
    }
    run.cosine.push_back(b.dot(beta) / (b.norm() * beta.norm()));
    run.error.push_back(e.norm());
  }
  return run;
}

}  // namespace alignproof::inline mean_field
