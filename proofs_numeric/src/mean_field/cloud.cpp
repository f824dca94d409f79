// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/cloud.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Eigenvalues>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

#include "mean_field/particles.hpp"
#include "mean_field/sobol.hpp"

namespace alignproof::inline mean_field {

void require_valid(const LawData& data) {
  detail::kernel_basis(data.K);
  if (data.Y.rows() != data.K.rows() || data.Y.cols() == 0)
    throw InputError(
        "Y", fmt::format("{} x {}", data.Y.rows(), data.Y.cols()),
        fmt::format("a row for each of the {} samples, and an output at least", data.K.rows()));
  if (!data.Y.allFinite()) throw InputError("an entry of Y", "not finite", "finite numbers");
  if (data.Y.isZero(0)) throw InputError("Y", "0", "targets that are not all 0");
}

namespace {

void require_outputs(std::size_t k) {
  if (k == 0) throw InputError("k", "0", "at least 1 output");
}

double feedback_weight(double uniform, FeedbackLaw feedback) {
  switch (feedback) {
    case FeedbackLaw::normal:
      return normal_quantile(uniform);
    case FeedbackLaw::signs:
      return uniform < 0.5 ? -1 : 1;
  }
  throw std::logic_error("no such feedback");
}

}  // namespace

Cloud quasi_random_cloud(const Matrix<double>& K, std::size_t k, std::size_t N, std::uint64_t seed,
                         FeedbackLaw feedback, std::size_t replicates) {
  constexpr std::size_t most = std::size_t{1} << detail::SobolRows::digits;
  const detail::KernelBasis basis = detail::kernel_basis(K);
  require_outputs(k);
  const auto rank = static_cast<std::size_t>(basis.roots.size());
  if (N == 0 || N > most)
    throw InputError("number of particles", fmt::format("{}", N), fmt::format("1 to {}", most));
  if (replicates != 1 && (replicates < 8 || replicates > 1024))
    throw InputError("replicates", fmt::format("{}", replicates), "1, or 8 to 1024");
  if (rank + k >= detail::sobol_dimensions)
    throw InputError("rank of K and outputs", fmt::format("{} + {}", rank, k),
                     fmt::format("at most {} together", detail::sobol_dimensions - 1));
  // Two particles a point; as many points as any whitening needs, and a few more.
  std::size_t m = 2;
  while ((std::size_t{1} << m) < 2 * (rank + k) || (replicates << (m + 1)) < N) ++m;
  const auto half = static_cast<Eigen::Index>(std::size_t{1} << m);
  const auto rows = 2 * half * static_cast<Eigen::Index>(replicates);
  Cloud cloud;
  cloud.feedback = feedback;
  cloud.replicates = replicates;
  cloud.weight = Vector<double>::Constant(rows, 1 / static_cast<double>(rows));
  cloud.b.resize(rows, static_cast<Eigen::Index>(k));
  Matrix<double> z(rows, static_cast<Eigen::Index>(rank));
  for (std::size_t r = 0; r < replicates; ++r) {
    const Matrix<double> u = detail::scrambled_sobol(k + rank, m, seed, r);
    const Eigen::Index first = 2 * half * static_cast<Eigen::Index>(r);
    for (Eigen::Index i = 0; i < half; ++i) {
      for (Eigen::Index c = 0; c < cloud.b.cols(); ++c) {
        cloud.b(first + i, c) = feedback_weight(u(i, c), feedback);
        cloud.b(first + half + i, c) = -cloud.b(first + i, c);
      }
      for (Eigen::Index c = 0; c < z.cols(); ++c)
        z(first + i, c) = z(first + half + i, c) = normal_quantile(u(i, cloud.b.cols() + c));
    }
  }
  detail::whiten(z, cloud.weight);
  if (detail::continuous(feedback)) detail::whiten(cloud.b, cloud.weight);
  cloud.a = z * basis.roots.asDiagonal() * basis.directions.transpose();
  return cloud;
}

namespace {

struct Rule {
  std::vector<double> nodes, weights;
};

/// Nodes of E f(x), x ~ N(0, 1), by Golub and Welsch, and one step of Newton's method.
Rule gauss_hermite(std::size_t count) {
  const auto n = static_cast<Eigen::Index>(count);
  Vector<double> off(n - 1);
  for (Eigen::Index j = 0; j < n - 1; ++j) off(j) = std::sqrt(static_cast<double>(j + 1));
  Eigen::SelfAdjointEigenSolver<Matrix<double>> solver;
  solver.computeFromTridiagonal(Vector<double>::Zero(n), off, Eigen::EigenvaluesOnly);
  Rule rule;
  for (double x : solver.eigenvalues()) {
    // h_j normalised: sqrt(j+1) h_{j+1} = x h_j - sqrt(j) h_{j-1},  h_j' = sqrt(j) h_{j-1}.
    const auto squares = [&](double& last, double& before) {
      double sum = 0;
      last = 1, before = 0;
      for (std::size_t j = 0; j < count; ++j) {
        sum += last * last;
        const double next = (x * last - std::sqrt(static_cast<double>(j)) * before) /
                            std::sqrt(static_cast<double>(j + 1));
        before = last, last = next;
      }
      return sum;
    };
    double last, before;
    squares(last, before);
    x -= last / (std::sqrt(static_cast<double>(count)) * before);
    rule.nodes.push_back(x);
    rule.weights.push_back(1 / squares(last, before));
  }
  return rule;
}

Rule feedback_rule(std::size_t count, FeedbackLaw feedback) {
  switch (feedback) {
    case FeedbackLaw::normal:
      return gauss_hermite(count);
    case FeedbackLaw::signs:
      return {{-1, 1}, {0.5, 0.5}};
  }
  throw std::logic_error("no such feedback");
}

Cloud tensor_cloud(const detail::KernelBasis& basis, std::size_t k, std::size_t nodes,
                   FeedbackLaw feedback) {
  const auto rank = static_cast<std::size_t>(basis.roots.size());
  const Rule of_a = gauss_hermite(nodes), of_b = feedback_rule(nodes, feedback);
  std::vector<const Rule*> rules(k, &of_b);
  rules.resize(k + rank, &of_a);
  std::vector<std::size_t> index(rules.size(), 0);
  std::vector<double> points, weights;
  for (bool more = true; more;) {
    double weight = 1;
    for (std::size_t d = 0; d < rules.size(); ++d) weight *= rules[d]->weights[index[d]];
    if (weight >= 1e-20) {
      weights.push_back(weight);
      for (std::size_t d = 0; d < rules.size(); ++d) points.push_back(rules[d]->nodes[index[d]]);
    }
    std::size_t d = 0;
    while (d < rules.size() && ++index[d] == rules[d]->nodes.size()) index[d++] = 0;
    more = d < rules.size();
  }
  const auto rows = static_cast<Eigen::Index>(weights.size());
  const Matrix<double> z =
      Eigen::Map<const Matrix<double>>(points.data(), static_cast<Eigen::Index>(rules.size()), rows)
          .transpose();
  Cloud cloud;
  cloud.feedback = feedback;
  cloud.b = z.leftCols(static_cast<Eigen::Index>(k));
  cloud.a =
      z.rightCols(basis.roots.size()) * basis.roots.asDiagonal() * basis.directions.transpose();
  cloud.weight = Eigen::Map<const Vector<double>>(weights.data(), rows);
  cloud.weight /= cloud.weight.sum();
  return cloud;
}

}  // namespace

Cloud gauss_hermite_cloud(const Matrix<double>& K, std::size_t k, std::size_t nodes,
                          FeedbackLaw feedback) {
  constexpr double most = 1 << 22;
  const detail::KernelBasis basis = detail::kernel_basis(K);
  require_outputs(k);
  if (nodes < 2 || nodes > 256)
    throw InputError("nodes", fmt::format("{}", nodes), "2 to 256 in one direction");
  const auto rank = static_cast<std::size_t>(basis.roots.size());
  const auto of_b = static_cast<double>(feedback_rule(nodes, feedback).nodes.size());
  const double count = std::pow(static_cast<double>(nodes), static_cast<double>(rank)) *
                       std::pow(of_b, static_cast<double>(k));
  if (!(count <= most))
    throw InputError("quadrature",
                     fmt::format("with {} nodes in each of {} directions", nodes, rank + k),
                     fmt::format("at most {} nodes in all: fewer samples, outputs or nodes, or "
                                 "quasi-random particles",
                                 most));
  Cloud cloud = tensor_cloud(basis, k, nodes, feedback);
  cloud.coarser = std::make_shared<const Cloud>(tensor_cloud(basis, k, nodes / 2, feedback));
  return cloud;
}

Moments moments(const Cloud& cloud, const Activation& psi, std::size_t jobs) {
  const ActivationOver<double>& over = activation_over<double>(psi);
  const Eigen::Index n = cloud.n(), k = cloud.k();
  auto sums = detail::sum_over_blocks(
      detail::blocks_of(cloud.a.rows()), jobs, {{n, n}, {n, k}, {1, 1}},
      [&](std::size_t block, std::vector<Matrix<double>>& sum) {
        const Eigen::Index first = static_cast<Eigen::Index>(block) * detail::block_rows;
        const Eigen::Index rows = std::min(detail::block_rows, cloud.a.rows() - first);
        const Matrix<double> a = cloud.a.middleRows(first, rows);
        const Matrix<double> b = cloud.b.middleRows(first, rows);
        Matrix<double> Psi, D;
        over.apply(a, Psi, D);
        const Matrix<double> weighted =
            Psi.array().colwise() * cloud.weight.segment(first, rows).array();
        sum[0] += weighted.transpose() * Psi;
        sum[1] += weighted.transpose() * b;
        sum[2](0, 0) += cloud.weight.segment(first, rows).dot(b.rowwise().squaredNorm());
      });
  return {(sums[0] + sums[0].transpose()) / 2, sums[1], sums[2](0, 0)};
}

Matrix<double> first_layer_kernel(const Cloud& cloud, const Activation& psi,
                                  const Matrix<double>& K, std::size_t jobs) {
  const ActivationOver<double>& over = activation_over<double>(psi);
  const Eigen::Index n = cloud.n();
  if (K.rows() != n || K.cols() != n)
    throw InputError("K", fmt::format("{} x {}", K.rows(), K.cols()),
                     fmt::format("{} x {}, as the cloud has", n, n));
  auto sums = detail::sum_over_blocks(
      detail::blocks_of(cloud.a.rows()), jobs, {{n, n}},
      [&](std::size_t block, std::vector<Matrix<double>>& sum) {
        const Eigen::Index first = static_cast<Eigen::Index>(block) * detail::block_rows;
        const Eigen::Index rows = std::min(detail::block_rows, cloud.a.rows() - first);
        const Matrix<double> a = cloud.a.middleRows(first, rows);
        Matrix<double> Psi, D;
        over.apply(a, Psi, D);
        const Matrix<double> weighted =
            D.array().colwise() * cloud.weight.segment(first, rows).array();
        sum[0] += weighted.transpose() * D;
      });
  return K.cwiseProduct((sums[0] + sums[0].transpose()) / 2);
}

}  // namespace alignproof::inline mean_field
