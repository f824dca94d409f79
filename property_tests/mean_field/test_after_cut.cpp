// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/after_cut.hpp>

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/random/normal.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

Matrix<double> normals(std::uint32_t row, Eigen::Index n, Eigen::Index k) {
  Matrix<double> Z(n, k);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < k; ++j)
      Z(i, j) = standard_normal(7, Stream::choice, row, static_cast<std::uint32_t>(100 * i + j));
  return Z;
}

/// A point of no law: G > 0, phi and Y are random.
struct Point {
  FieldPoint at;
  Matrix<double> Y;
  double eta = 0;
};

Point random_point(std::uint32_t row, Eigen::Index n, Eigen::Index k) {
  Point point;
  const Matrix<double> Z = normals(row, n, n);
  const Matrix<double> G = Z * Z.transpose() + 0.2 * Matrix<double>::Identity(n, n);
  const double largest = Eigen::SelfAdjointEigenSolver<Matrix<double>>(G).eigenvalues()(n - 1);
  point.at.moments = {G, normals(1000 + row, n, k), static_cast<double>(k)};
  point.at.lambda = std::pow(10.0, static_cast<double>(row % 5) - 3);
  point.Y = normals(2000 + row, n, k);
  point.eta = (row % 2 == 0 ? 0.3 : 1.9) / largest;  // the latter with multipliers below 0
  return point;
}

/// beta's own recursion with features that stand still.
double least_by_steps(const Point& point) {
  const Matrix<double>& G = point.at.moments.G;
  const Matrix<double> I = Matrix<double>::Identity(G.rows(), G.cols());
  Matrix<double> m = (G + point.at.lambda * I).ldlt().solve(point.Y);
  double least = INFINITY;
  for (int t = 0; t < 100; ++t) {
    least = std::min(least, point.at.moments.phi.cwiseProduct(m).sum() /
                                std::sqrt(point.at.moments.b_square * m.cwiseProduct(G * m).sum()));
    m -= point.eta * (G * m - point.Y);
  }
  m = G.ldlt().solve(point.Y);
  return std::min(least, point.at.moments.phi.cwiseProduct(m).sum() /
                             std::sqrt(point.at.moments.b_square * m.cwiseProduct(G * m).sum()));
}

}  // namespace

TEST_CASE("the least cosine after a cut is that of beta's own steps", "[mean_field]") {
  std::size_t between = 0;
  for (std::uint32_t row = 0; row < 60; ++row) {
    INFO(row);
    const Point point = random_point(row, 1 + row % 4, 1 + row % 3);
    const double least = least_cosine_after_cut(point.at, point.Y, point.eta);
    CHECK(least == Approx(least_by_steps(point)).margin(1e-3));
    CHECK(least <= least_by_steps(point) + 1e-12);
    Point late = point;  // at the end lambda makes no difference
    late.at.lambda = 1e-14;
    const double end = least_cosine_after_cut(late.at, point.Y, point.eta);
    CHECK(least <= end + 1e-9);
    const Matrix<double>& G = point.at.moments.G;
    const Matrix<double> I = Matrix<double>::Identity(G.rows(), G.cols());
    const Matrix<double> m = (G + point.at.lambda * I).ldlt().solve(point.Y);
    const double at_cut = point.at.moments.phi.cwiseProduct(m).sum() /
                          std::sqrt(point.at.moments.b_square * m.cwiseProduct(G * m).sum());
    between += least < std::min(at_cut, end) - 1e-6 ? 1 : 0;
  }
  CHECK(between > 0);  // both ends say too little in some
}

TEST_CASE("theorem N2': the explicit bound lies below what the law does after a cut",
          "[mean_field]") {
  const Activation psi = Activation::tanh;
  const double L1 = smoothness<double>(psi).L1, L2 = *smoothness<double>(psi).L2;
  for (const double scale : {1.0, 10.0, 100.0}) {
    Matrix<double> K(2, 2);
    K << 1, 0.1, 0.1, 0.9;
    Matrix<double> y(2, 1);
    y << 1, -0.5;
    const double lambda = 0.002 * scale, Lambda = 0.0005 * scale, eta = 0.5;
    const Cloud cloud = gauss_hermite_cloud(K, 1, 24);
    const LawData data{K, y};
    const FieldPoint at =
        mean_field_law(data, psi, cloud, {.lambda = lambda}, {Lambda / lambda}).back();
    const Matrix<double> G0 = moments(cloud, psi).G, Theta = first_layer_kernel(cloud, psi, K),
                         I = Matrix<double>::Identity(2, 2);
    const auto spectrum = [](const Matrix<double>& M) {
      return Eigen::SelfAdjointEigenSolver<Matrix<double>>(M).eigenvalues();
    };
    const double norm_K = spectrum(K)(1), theta = spectrum(Theta)(0), most = spectrum(Theta)(1);
    // S <= Lambda |y| / (lambda + gamma/4), as long as lambda_min(G) >= gamma/4, by (N0b).
    const double gamma = spectrum(G0)(0);
    const double kap = L1 * L1 * norm_K * Lambda * y.norm() / (lambda + gamma / 4);
    const double lambda_min = std::pow(std::max(std::sqrt(gamma) - kap, 0.0), 2);
    if (lambda_min < gamma / 4) {
      CHECK(scale > 1);  // the theorem says nothing there
      continue;
    }
    const Matrix<double> u = at.moments.G.ldlt().solve(y);
    const double rho = lambda / (lambda + lambda_min);
    const double omega =
        (lambda + 2 * (2 * std::sqrt(spectrum(G0)(1)) * kap + kap * kap)) / (lambda + lambda_min);
    const double nu = 1.6 * L1 * L1 * L2 * norm_K * norm_K * (1 + omega) * (1 + omega) * (1 + rho) *
                      Lambda * u.norm();
    const double bracket = theta - most * (omega + rho + omega * rho) - nu;
    const double level =
        Lambda * u.squaredNorm() * bracket / ((1 + rho) * std::sqrt(y.cwiseProduct(u).sum()));
    const double least = least_cosine_after_cut(at, y, eta);
    INFO(scale << " level " << level << " law " << least);
    if (scale == 1) CHECK(level > 0.3 * least);
    CHECK(least > 0);
    CHECK(least >= level);
    // (N10), to first order.
    const Matrix<double> m0 = (G0 + lambda * I).ldlt().solve(y), u0 = G0.ldlt().solve(y);
    const double leading =
        Lambda * u0.cwiseProduct(Theta * m0).sum() / std::sqrt(y.cwiseProduct(u0).sum());
    CHECK(at.cosine_after_cut ==
          Approx(leading).epsilon(std::min(0.5, std::pow(Lambda / 0.02, 2))));
  }
}

TEST_CASE("after a cut: steps too large, singular features and targets 0 are refused",
          "[mean_field]") {
  Point point = random_point(2, 3, 1);
  CHECK_THROWS_WITH(least_cosine_after_cut(point.at, point.Y, 0),
                    Catch::Contains("step size eta = 0 "));
  CHECK_THROWS_WITH(least_cosine_after_cut(point.at, point.Y, 7 * point.eta),
                    Catch::Contains("2 / lambda_max(G)"));
  CHECK_THROWS_AS(least_cosine_after_cut(point.at, 0 * point.Y, point.eta), InputError);
  CHECK_THROWS_AS(least_cosine_after_cut(point.at, normals(1, 2, 1), point.eta), InputError);
  point.at.moments.G.setZero();
  CHECK_THROWS_WITH(least_cosine_after_cut(point.at, point.Y, point.eta),
                    Catch::Contains("least eigenvalue of G"));
}
