// SPDX-License-Identifier: Apache-2.0
// Onset, its absence, and floors.
#include <alignproof/mean_field/stability.hpp>

#include <cmath>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

LawData isometric(Eigen::Index n, double gamma) {
  Matrix<double> Y(n, 1);
  for (Eigen::Index i = 0; i < n; ++i) Y(i, 0) = 1 + 0.1 * static_cast<double>(i % 3);
  return {gamma * Matrix<double>::Identity(n, n), Y};
}

}  // namespace

TEST_CASE("the onset is where the linear law has it, and where G says it is", "[mean_field]") {
  const LawData data = isometric(3, 1.3);
  const Cloud cloud = quasi_random_cloud(data.K, 1, 64, 2, FeedbackLaw::normal, 1);
  LawOptions options;
  options.tolerance = 1e-12;
  options.estimate_error = false;
  const SlowPenalty penalty{.lambda = 0.8};
  const auto linear = onset(data, Activation::identity, cloud, penalty, 0.4, 50, options);
  REQUIRE(linear);
  CHECK(std::abs(linear->cosine - onset_cosine(1.3, 0.8, 0.4)) < 1e-10);
  CHECK(std::abs(isometric_cosine(1.3, 0.8, data.Y.norm(), linear->tau) - linear->cosine) < 1e-9);
  CHECK_FALSE(onset(data, Activation::identity, cloud, penalty, 0.4, 0.99 * linear->tau, options));
  CHECK(onset(data, Activation::identity, cloud, penalty, 0.4, 1.01 * linear->tau, options));

  options.tolerance = 1e-8;
  for (const Activation& psi : {Activation::softplus, Activation::relu, Activation::gelu}) {
    INFO(psi.name());
    const Cloud particles = quasi_random_cloud(data.K, 1, 500, 2, FeedbackLaw::normal, 1);
    for (const SlowPenalty& falls : {penalty, SlowPenalty{3, Decay::inverse_square, 5}}) {
      const auto found = onset(data, psi, particles, falls, 0.35, 200, options);
      REQUIRE(found);
      CHECK(0.35 * (falls(found->tau) + found->spectrum.maxCoeff()) == Approx(2).epsilon(1e-9));
      // The law itself there, and no earlier time.
      std::vector<double> times;
      for (int k = 0; k <= 20; ++k) times.push_back(found->tau * k / 20);
      const auto path = mean_field_law(data, psi, particles, falls, times, options);
      CHECK(path.back().cosine == Approx(found->cosine).epsilon(1e-5));
      for (std::size_t k = 0; k + 1 < path.size(); ++k)
        CHECK(0.35 * (path[k].lambda + path[k].spectrum.maxCoeff()) < 2);
    }
  }
  // Unstable from the start.
  const auto at_once = onset(data, Activation::identity, cloud, penalty, 2.2, 50, options);
  REQUIRE(at_once);
  CHECK(at_once->tau == 0);
}

TEST_CASE("bounded activations never lose stability below a learning rate", "[mean_field]") {
  const LawData data = isometric(4, 2);
  const SlowPenalty penalty{.lambda = 1};
  CHECK(never_unstable(Activation::tanh, 4, penalty, 0.39));
  CHECK_FALSE(never_unstable(Activation::tanh, 4, penalty, 0.41));
  CHECK(never_unstable(Activation::erf, 4, penalty, 0.39));
  CHECK_FALSE(never_unstable(Activation::relu, 4, penalty, 1e-6));
  CHECK_FALSE(never_unstable(Activation::softplus, 4, penalty, 1e-6));
  LawOptions options;
  options.estimate_error = false;
  const Cloud cloud = quasi_random_cloud(data.K, 1, 500, 2, FeedbackLaw::normal, 1);
  CHECK_FALSE(onset(data, Activation::tanh, cloud, penalty, 0.39, 300, options));
  // n L0^2 is attained in the limit: a rate well above it is passed, and so is its floor nearly.
  LawData same = data;
  same.Y.setOnes();
  CHECK(onset(same, Activation::tanh, cloud, penalty, 0.5, 3000, options));
  for (const Activation& psi : {Activation::tanh, Activation::sigmoid, Activation::erf}) {
    const double floor = error_floor(same, psi, 1);
    CHECK(floor > 0);
    const auto path = mean_field_law(same, psi, cloud, penalty, {0, 1, 10, 1000}, options);
    for (const FieldPoint& point : path) CHECK(point.error >= floor);
    CHECK(path.back().error < 2 * floor);  // a floor that is near
  }
  CHECK(error_floor(data, Activation::relu, 1) == 0);
  CHECK(error_floor(data, Activation::tanh, 1) == Approx(data.Y.norm() / 5));
}

TEST_CASE("the floor of the least eigenvalue of G is that of its proof", "[mean_field]") {
  LawData data = isometric(2, 1);
  const auto bound = [&](double gamma, double drift) {
    return least_eigenvalue_bound(data, Activation::tanh, FeedbackLaw::normal, gamma, drift);
  };
  // kappa = drift here. Every eps is a bound, and the best of a fine grid is not far below ours.
  for (double gamma : {0.01, 0.3, 2.0})
    for (double kappa : {0.01, 0.2, 1.0, 7.0}) {
      double best = std::pow(std::max(0.0, std::sqrt(gamma) - kappa), 2);
      for (int k = 1; k <= 20000; ++k) {
        const double eps = std::sqrt(3.0) * std::min(1.0, std::sqrt(gamma) / kappa) * k / 20000;
        const double left = std::sqrt(gamma) - eps / std::sqrt(3.0) * kappa;
        best = std::max(best, std::erf(eps / std::sqrt(2.0)) * left * left);
      }
      INFO(gamma << " " << kappa);
      CHECK(bound(gamma, kappa) == Approx(best).epsilon(1e-6));
      if (kappa >= 2 / std::sqrt(3.0) * std::sqrt(gamma))
        CHECK(bound(gamma, kappa) >= 0.196 * std::pow(gamma, 1.5) / kappa);
    }
  // Two outputs: |b|^2 / 2 is exponential, and eps^2 / 4 bounds each E b_c^2 below eps.
  LawData two = data;
  two.Y = Matrix<double>::Ones(2, 2);
  double best = 0;
  for (int k = 1; k <= 20000; ++k) {
    const double eps = 1.0 * k / 20000, left = 0.5 - eps / 2;
    best = std::max(best, (1 - std::exp(-eps * eps / 2)) * left * left);
  }
  CHECK(least_eigenvalue_bound(two, Activation::tanh, FeedbackLaw::normal, 0.25, 1) ==
        Approx(best).epsilon(1e-6));
  CHECK(bound(0.3, 0) == Approx(0.3).epsilon(1e-6));
  CHECK(bound(0, 1) == 0);
  // kappa = L1^2 |K| drift, whatever they are.
  const LawData twice = isometric(2, 2);
  const double L1 = smoothness<double>(Activation::gelu).L1;
  CHECK(least_eigenvalue_bound(twice, Activation::gelu, FeedbackLaw::normal, 0.3, 0.2) ==
        Approx(bound(0.3, L1 * L1 * 2 * 0.2)));
  // Signs all have |b| = sqrt k.
  const auto signs = [&](double gamma, double drift) {
    return least_eigenvalue_bound(data, Activation::tanh, FeedbackLaw::signs, gamma, drift);
  };
  CHECK(signs(0.25, 0.3) == Approx(0.04));
  CHECK(signs(0.25, 0.6) == 0);
}

TEST_CASE("stability is asked with numbers that make sense", "[mean_field]") {
  const LawData data = isometric(2, 1);
  const Cloud cloud = quasi_random_cloud(data.K, 1, 100, 1);
  CHECK_THROWS_AS(onset(data, Activation::tanh, cloud, {}, 0, 1), InputError);
  CHECK_THROWS_AS(onset(data, Activation::tanh, cloud, {}, 0.1, -1), InputError);
  CHECK_THROWS_AS(onset(data, Activation::tanh, cloud, {.lambda = 0}, 0.1, 1), InputError);
  CHECK_THROWS_AS(never_unstable(Activation::tanh, 0, {}, 0.1), InputError);
  CHECK_THROWS_AS(never_unstable(Activation::tanh, 2, {}, HUGE_VAL), InputError);
  CHECK_THROWS_AS(error_floor(data, Activation::tanh, 0), InputError);
  CHECK_THROWS_AS(least_eigenvalue_bound(data, Activation::tanh, FeedbackLaw::normal, -1, 1),
                  InputError);
  CHECK_THROWS_AS(least_eigenvalue_bound(data, Activation::tanh, FeedbackLaw::normal, 1, HUGE_VAL),
                  InputError);
}
