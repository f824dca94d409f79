// SPDX-License-Identifier: Apache-2.0
#include "claims/law11/coupled.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <alignproof/dynamics/fused.hpp>
#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/random/normal.hpp>

#include "claims/laws/law_case.hpp"

namespace alignproof::inline claims {

FiniteWidthSizes finite_width_sizes(const Profile& profile) {
  FiniteWidthSizes sizes;
  if (profile.scale >= Scale::standard) sizes.tuples = 2000, sizes.units = 8192;
  if (profile.scale == Scale::full) sizes.tuples = 20000, sizes.units = 32768;
  return sizes;
}

double root_coefficient(const std::vector<double>& p, const Increments& increments) {
  // p (D(p) - D(4p)) = (alpha / 2) sqrt p + (3/4) gamma: alpha is twice its slope in sqrt p.
  const auto size = static_cast<double>(p.size());
  double mean_root = 0, covariance = 0, variance = 0;
  for (const double width : p) mean_root += std::sqrt(width) / size;
  for (std::size_t w = 0; w < p.size(); ++w) {
    const double root = std::sqrt(p[w]) - mean_root;
    covariance += root * p[w] * increments[w];
    variance += root * root;
  }
  return 2 * covariance / variance;
}

namespace {

/// Units of a network, or some of them.
struct Units {
  Matrix<double> A;        ///< p x n
  Matrix<double> b, beta;  ///< p x 1
};

/// X X^T = K with as many columns as rows: all that a draw of A needs.
LawData law_data(const Settings& settings) {
  const Data data = linear_data(settings, Inputs::sphere, 4, 12, std::sqrt(2.0));
  return {gram(data), matrix_from<double>(data.y)};
}

Matrix<double> normals(std::size_t rows, Eigen::Index columns, std::uint64_t seed, Stream stream) {
  Matrix<double> z(rows, columns);
  for (Eigen::Index j = 0; j < columns; ++j)
    for (Eigen::Index i = 0; i < z.rows(); ++i)
      z(i, j) = standard_normal(seed, stream, static_cast<std::uint32_t>(i),
                                static_cast<std::uint32_t>(j));
  return z;
}

/// After so many steps; NaN if it diverged.
double cosine_after(const LawData& data, const FiniteWidthCase& setting, const Units& units,
                    std::size_t steps) {
  Problem<double> problem;
  problem.psi = setting.psi;
  problem.X = problem.K = data.K;  // X counts in weight form alone
  problem.y = data.Y;
  problem.b = units.b;
  problem.eta = setting.eta;
  problem.penalty.lambda = setting.lambda;
  problem.sqrt_p = std::sqrt(static_cast<double>(units.A.rows()));
  FusedRun<double> run(problem, {units.A, units.beta, {}, units.b});
  run.advance(steps);
  return run.diverged_at() ? std::numeric_limits<double>::quiet_NaN() : cosine(units.b, run.beta());
}

/// Mean cosine of the quarters minus that of the whole, with root^2 units in a quarter.
double coupled_difference(const LawData& data, const FiniteWidthCase& setting, std::size_t root,
                          std::uint64_t seed) {
  const std::size_t p = root * root;
  const Matrix<double> basis = cholesky_factor(data.K);
  const Units whole{normals(4 * p, data.K.rows(), seed, Stream::W) * basis.transpose(),
                    normals(4 * p, 1, seed, Stream::b), normals(4 * p, 1, seed, Stream::beta)};
  const auto steps =
      static_cast<std::size_t>(std::lround(setting.tau * static_cast<double>(root) / setting.eta));
  double difference = -cosine_after(data, setting, whole, 2 * steps);
  const auto rows = static_cast<Eigen::Index>(p);
  for (Eigen::Index k = 0; k < 4; ++k) {
    const auto quarter = [&](const Matrix<double>& all) -> Matrix<double> {
      return all.middleRows(k * rows, rows);
    };
    difference += cosine_after(data, setting,
                               {quarter(whole.A), quarter(whole.b), quarter(whole.beta)}, steps) /
                  4;
  }
  return difference;
}

/// FMF at the widths of a record and their fourfold.
class Prediction {
 public:
  Prediction(const LawData& data, const FiniteWidthCase& setting, const std::vector<double>& p)
      : data_(data), setting_(setting), p_(p) {}

  /// A mean over starts.
  Increments increments(const std::vector<FiniteWidthCloud>& starts) {
    std::map<double, double> known;  // widths that are fourfold others are asked for twice
    const auto cosine = [&](double width) {
      const auto [at, fresh] = known.try_emplace(width, 0);
      if (fresh)
        for (const FiniteWidthCloud& start : starts)
          at->second += cosine_of(start, width) / static_cast<double>(starts.size());
      return at->second;
    };
    Increments found;
    for (const double width : p_) found.push_back(cosine(width) - cosine(4 * width));
    return found;
  }
  double stability() const { return stability_; }

 private:
  double cosine_of(const FiniteWidthCloud& start, double width) {
    FiniteWidthOptions options;
    options.tau = setting_.tau, options.tolerance = 1e-4;
    const auto course = finite_width_law(data_, setting_.psi,
                                         {width, setting_.lambda, setting_.eta}, start, options);
    for (const double largest : course.largest)
      stability_ = std::max(stability_, setting_.eta * (setting_.lambda + largest));
    return course.cosine.back();
  }

  const LawData& data_;
  const FiniteWidthCase& setting_;
  const std::vector<double>& p_;
  double stability_ = 0;
};

constexpr std::size_t predictions = 2;
constexpr std::size_t tuples_a_part = 25;

FiniteWidthCloud fresh_cloud(const LawData& data, std::size_t units, std::uint64_t seed) {
  return finite_width_cloud(quasi_random_cloud(data.K, 1, units, seed, FeedbackLaw::normal, 1),
                            seed);
}

void predict(FiniteWidthRecord& record, const Settings& settings, std::size_t units) {
  const LawData data = law_data(settings);
  Prediction prediction(data, record.setting, record.p);
  std::uint64_t index = 1750000;
  for (std::size_t k = 0; k < predictions; ++k) {
    std::vector<FiniteWidthCloud> starts;
    const auto n = static_cast<std::size_t>(data.K.rows());
    // Every direction of f_0 has a cloud of its own, with both signs.
    for (std::size_t i = 0; i < n; ++i) {
      const FiniteWidthCloud cloud = fresh_cloud(data, units, seed_of(settings, index++));
      const auto all = balanced_starts(cloud, record.setting.psi);
      starts.insert(starts.end(), {all[2 * i], all[2 * i + 1]});
    }
    record.predicted.push_back(prediction.increments(starts));
    FiniteWidthCloud forgetful = starts.front();
    forgetful.beta0.setZero();
    forgetful.beta0_square = 0;
    record.forgetful.push_back(prediction.increments({forgetful}));
  }
  record.stability = prediction.stability();
}

}  // namespace

Handle<FiniteWidthRecord> want_finite_width(Study& study, const FiniteWidthCase& setting) {
  const Settings settings = study.settings();
  const FiniteWidthSizes sizes = finite_width_sizes(study.profile());
  FiniteWidthRecord begun;
  begun.setting = setting;
  double units = 0;
  for (const std::size_t root : sizes.roots) {
    begun.p.push_back(static_cast<double>(root * root));
    units += 12 * setting.tau / setting.eta * std::pow(static_cast<double>(root), 3);
  }
  begun.runs.assign(sizes.tuples, Increments(sizes.roots.size()));
  const std::size_t parts = (sizes.tuples + tuples_a_part - 1) / tuples_a_part;
  std::vector<double> costs(parts + 1, 4 * units * tuples_a_part);
  costs[0] = 4 * predictions * 80 * 20 * static_cast<double>(sizes.units);
  return study.want_parts<FiniteWidthRecord>(
      "finite width: " + setting.name, costs, begun,
      [=](FiniteWidthRecord& record, std::size_t part) {
        if (part == 0) return predict(record, settings, sizes.units);
        const LawData data = law_data(settings);
        const std::size_t first = (part - 1) * tuples_a_part;
        const std::size_t last = std::min(first + tuples_a_part, sizes.tuples);
        for (std::size_t tuple = first; tuple < last; ++tuple)
          for (std::size_t w = 0; w < sizes.roots.size(); ++w)
            record.runs[tuple][w] =
                coupled_difference(data, setting, sizes.roots[w],
                                   seed_of(settings, 1760000 + tuple * sizes.roots.size() + w));
      });
}

}  // namespace alignproof::inline claims
