// SPDX-License-Identifier: Apache-2.0
// Clouds: moments that are exact, nets that are nets, quadrature that is one, and bad input.
#include <alignproof/mean_field/cloud.hpp>

#include <cmath>
#include <map>
#include <set>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "mean_field/sobol.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

Matrix<double> kernel(Eigen::Index n) {
  Matrix<double> X(n, n + 2);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n + 2; ++j)
      X(i, j) = std::sin(static_cast<double>(1 + 3 * i + 7 * j + i * j * j));
  return X * X.transpose() / static_cast<double>(n);
}

Matrix<double> weighted(const Cloud& cloud, const Matrix<double>& x, const Matrix<double>& y) {
  return x.transpose() * (y.array().colwise() * cloud.weight.array()).matrix();
}

double largest(const Matrix<double>& m) {
  return m.size() ? m.cwiseAbs().maxCoeff() : 0.0;
}

void check_refused(const std::function<void()>& body, const std::string& part) {
  INFO(part);
  try {
    body();
    FAIL_CHECK("accepted");
  } catch (const InputError& error) {
    const std::string text = error.what();
    CHECK(text.find(part) != std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
  }
}

}  // namespace

TEST_CASE("second moments of quasi-random clouds are exact", "[mean_field]") {
  for (FeedbackLaw feedback : {FeedbackLaw::normal, FeedbackLaw::signs})
    for (Eigen::Index n : {1, 4, 9})
      for (Eigen::Index k : {1, 3}) {
        const Matrix<double> K = kernel(n);
        const Cloud cloud = quasi_random_cloud(K, static_cast<std::size_t>(k), 5000, 3, feedback);
        INFO("n " << n << ", k " << k);
        CHECK(cloud.a.rows() >= 5000);
        CHECK(cloud.a.rows() % 8 == 0);
        CHECK(std::abs(cloud.weight.sum() - 1) < 1e-12);
        CHECK(largest(weighted(cloud, cloud.a, cloud.a) - K) < 1e-12 * largest(K));
        CHECK(largest(weighted(cloud, cloud.a, cloud.b)) < 1e-12);
        CHECK(largest(cloud.b.colwise().sum()) < 1e-9);
        // Distinct first digits of the coordinates balance the signs, up to rounding.
        CHECK(largest(weighted(cloud, cloud.b, cloud.b) - Matrix<double>::Identity(k, k)) < 1e-12);
      }
}

TEST_CASE("a cloud of a singular kernel stays in its range", "[mean_field]") {
  Matrix<double> x(3, 1);
  x << 1, 2, -1;
  const Matrix<double> K = x * x.transpose();
  for (const Cloud& cloud : {quasi_random_cloud(K, 1, 1000, 1), gauss_hermite_cloud(K, 1, 10)}) {
    CHECK(largest(weighted(cloud, cloud.a, cloud.a) - K) < 1e-12);
    CHECK(largest(cloud.a.col(1) - 2 * cloud.a.col(0)) < 1e-12);
  }
  const Cloud nothing = quasi_random_cloud(Matrix<double>::Zero(2, 2), 1, 100, 1);
  CHECK(largest(nothing.a) == 0);
}

TEST_CASE("scrambled Sobol points are the nets that their quality says", "[mean_field]") {
  constexpr std::size_t m = 8, dimensions = 20;
  const Matrix<double> points = mean_field::detail::scrambled_sobol(dimensions, m, 5, 0);
  const auto cell = [&](Eigen::Index i, std::size_t d, std::size_t digits) {
    return static_cast<std::size_t>(
        std::ldexp(points(i, static_cast<Eigen::Index>(d)), static_cast<int>(digits)));
  };
  double mean_quality = 0;
  std::size_t pairs = 0;
  for (std::size_t x = 0; x < dimensions; ++x) {
    std::set<std::size_t> each;
    for (Eigen::Index i = 0; i < points.rows(); ++i) each.insert(cell(i, x, m));
    CHECK(each.size() == std::size_t{1} << m);
    for (std::size_t y = 0; y < x; ++y) {
      const std::size_t t = mean_field::detail::quality(mean_field::detail::sobol_rows(x),
                                                        mean_field::detail::sobol_rows(y), m);
      // Boxes of volume 2^(t - m) all have 2^t points; smaller ones of some shape do not have
      // 2^(t-1).
      const auto even = [&](std::size_t digits, std::size_t each_has) {
        for (std::size_t in_x = 0; in_x <= digits; ++in_x) {
          std::map<std::pair<std::size_t, std::size_t>, std::size_t> count;
          for (Eigen::Index i = 0; i < points.rows(); ++i)
            ++count[{cell(i, x, in_x), cell(i, y, digits - in_x)}];
          if (count.size() != std::size_t{1} << digits) return false;
          for (const auto& [box, have] : count)
            if (have != each_has) return false;
        }
        return true;
      };
      const bool as_said = even(m - t, std::size_t{1} << t);
      const bool no_better = t == 0 || !even(m - t + 1, std::size_t{1} << (t - 1));
      if (!as_said || !no_better) FAIL_CHECK("dimensions " << x << ", " << y << ", t = " << t);
      mean_quality += static_cast<double>(t), ++pairs;
    }
  }
  // The first choice of initial numbers in every dimension has 2.12.
  CHECK(mean_quality / static_cast<double>(pairs) < 2);
  CHECK(largest(points - mean_field::detail::scrambled_sobol(dimensions, m, 5, 1)) > 0.5);
  CHECK(largest(points - mean_field::detail::scrambled_sobol(dimensions, m, 5, 0)) == 0);
}

TEST_CASE("every dimension of the Sobol sequence is a permutation of its own", "[mean_field]") {
  std::set<std::vector<std::uint32_t>> seen;
  for (std::size_t d = 0; d < mean_field::detail::sobol_dimensions; ++d) {
    const mean_field::detail::SobolRows rows = mean_field::detail::sobol_rows(d);
    seen.insert({std::begin(rows.rows), std::end(rows.rows)});
    // Upper triangular with ones on the diagonal, read from the first row on.
    for (std::size_t r = 0; r < mean_field::detail::SobolRows::digits; ++r) {
      if ((rows.rows[r] & ((2u << r) - 1)) != 1u << r) FAIL_CHECK("row " << r << " of " << d);
    }
  }
  CHECK(seen.size() == mean_field::detail::sobol_dimensions);
  CHECK_THROWS_AS(mean_field::detail::sobol_rows(mean_field::detail::sobol_dimensions),
                  std::logic_error);
}

TEST_CASE("tensor quadrature is exact for polynomials of its degree", "[mean_field]") {
  const Matrix<double> K = kernel(2);
  const Cloud cloud = gauss_hermite_cloud(K, 1, 6);
  CHECK(cloud.a.rows() == 216);
  CHECK(largest(weighted(cloud, cloud.a, cloud.a) - K) < 1e-13);
  const auto mean = [&](int i, int j, int l) {
    double sum = 0;
    for (Eigen::Index r = 0; r < cloud.a.rows(); ++r)
      sum += cloud.weight(r) * std::pow(cloud.a(r, 0), i) * std::pow(cloud.a(r, 1), j) *
             std::pow(cloud.b(r, 0), l);
    return sum;
  };
  const double a = K(0, 0), b = K(1, 1), c = K(0, 1);
  CHECK(mean(2, 2, 0) == Approx(a * b + 2 * c * c).epsilon(1e-12));
  CHECK(mean(4, 2, 0) == Approx(3 * a * a * b + 12 * a * c * c).epsilon(1e-12));
  CHECK(mean(0, 0, 10) == Approx(945).epsilon(1e-12));
  CHECK(mean(0, 0, 12) != Approx(10395).epsilon(1e-3));  // beyond 2 * 6 - 1
  CHECK(std::abs(mean(1, 2, 0)) < 1e-12);
  REQUIRE(cloud.coarser);
  CHECK(cloud.coarser->a.rows() == 27);
  const Cloud signs = gauss_hermite_cloud(K, 2, 6, FeedbackLaw::signs);
  CHECK(signs.a.rows() == 144);
  CHECK(largest(signs.b.cwiseAbs() - Matrix<double>::Ones(144, 2)) == 0);
  CHECK(largest(gauss_hermite_cloud(kernel(1), 1, 200).weight) < 1);
  CHECK(gauss_hermite_cloud(kernel(1), 1, 200).a.allFinite());
}

TEST_CASE("moments of a cloud are the sums that they stand for", "[mean_field]") {
  const Matrix<double> K = kernel(3);
  const Cloud cloud = quasi_random_cloud(K, 2, 3000, 7);
  for (const Activation& psi : all_activations) {
    INFO(psi.name());
    double (*value)(const double&) = value_function(psi);
    Matrix<double> G = Matrix<double>::Zero(3, 3), phi = Matrix<double>::Zero(3, 2);
    for (Eigen::Index r = 0; r < cloud.a.rows(); ++r) {
      Vector<double> p(3);
      for (Eigen::Index i = 0; i < 3; ++i) p(i) = value(cloud.a(r, i));
      G += cloud.weight(r) * p * p.transpose();
      phi += cloud.weight(r) * p * cloud.b.row(r);
    }
    const Moments m = moments(cloud, psi, 1), again = moments(cloud, psi, 3);
    CHECK(largest(m.G - G) < 1e-12);
    CHECK(largest(m.phi - phi) < 1e-12);
    CHECK(m.b_square == Approx(2).epsilon(1e-12));
    CHECK(largest(m.G - again.G) == 0);
    CHECK(largest(m.phi - again.phi) == 0);
    CHECK(largest(first_layer_kernel(cloud, psi, K, 1) - first_layer_kernel(cloud, psi, K, 5)) ==
          0);
  }
  CHECK(largest(first_layer_kernel(cloud, Activation::identity, K) - K) < 1e-12);
}

TEST_CASE("bad clouds are refused in one line", "[mean_field]") {
  const Matrix<double> K = kernel(2);
  Matrix<double> skew = K, indefinite = -K, nan = K;
  skew(0, 1) += 1;
  nan(1, 1) = std::nan("");
  const auto random = [](const Matrix<double>& k, std::size_t outputs, std::size_t N,
                         std::size_t replicates) {
    return [=] { quasi_random_cloud(k, outputs, N, 1, FeedbackLaw::normal, replicates); };
  };
  check_refused(random(skew, 1, 100, 8), "symmetric");
  check_refused(random(indefinite, 1, 100, 8), "positive semidefinite");
  check_refused(random(nan, 1, 100, 8), "finite");
  check_refused(random(Matrix<double>(2, 3), 1, 100, 8), "2 x 3");
  check_refused(random(K, 0, 100, 8), "at least 1 output");
  check_refused(random(K, 1, 0, 8), "number of particles = 0");
  check_refused(random(K, 1, std::size_t{1} << 40, 8), "1 to ");
  check_refused(random(K, 1, 100, 3), "replicates = 3");
  check_refused(random(K, 200, 100, 8), "at most 160 together");
  check_refused([&] { gauss_hermite_cloud(K, 1, 1); }, "nodes = 1");
  check_refused([&] { gauss_hermite_cloud(K, 1, 1000); }, "nodes = 1000");
  check_refused([&] { gauss_hermite_cloud(kernel(6), 1, 28); }, "28 nodes in each of 7");
  check_refused([&] { moments(quasi_random_cloud(K, 1, 100, 1), Activation("cubic")); }, "cubic");
  check_refused(
      [&] { first_layer_kernel(quasi_random_cloud(K, 1, 100, 1), Activation::tanh, kernel(3)); },
      "2 x 2, as the cloud has");
  check_refused([&] { require_valid(LawData{K, Matrix<double>::Zero(2, 1)}); }, "not all 0");
  check_refused([&] { require_valid(LawData{K, Matrix<double>::Ones(3, 1)}); }, "3 x 1");
  check_refused([&] { require_valid(LawData{K, Matrix<double>(2, 0)}); }, "2 x 0");
}
