// SPDX-License-Identifier: Apache-2.0
// The law for every activation against the linear law, against the law as it is written down
// (plain_law.hpp), and against laws that are nearly it.
#include <alignproof/mean_field/law.hpp>

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/mean_field/stability.hpp>

#include "mean_field/plain_law.hpp"
#include "property.hpp"

using namespace alignproof;
using plain_law::Law;
using plain_law::PlainLaw;

namespace {

/// Rows of norm sqrt 2, in general position.
LawData example(Eigen::Index n, Eigen::Index k = 1) {
  Matrix<double> X(n, n + 1), Y(n, k);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j <= n; ++j)
      X(i, j) = std::cos(static_cast<double>(2 + 5 * i + 3 * j * j + i * j));
    X.row(i) *= std::sqrt(2.0) / X.row(i).norm();
    for (Eigen::Index c = 0; c < k; ++c)
      Y(i, c) = 1.2 * std::sin(static_cast<double>(1 + 2 * i + 5 * c + i * i * c));
  }
  return {X * X.transpose(), Y};
}

plain_law::Particles particles_of(const Cloud& cloud) {
  using plain_law::Wide;
  return {cloud.a.cast<Wide>(), cloud.b.cast<Wide>(), cloud.weight.cast<Wide>()};
}

LawOptions exactly(double tolerance = 1e-12) {
  LawOptions options;
  options.tolerance = tolerance;
  options.estimate_error = false;
  return options;
}

std::function<plain_law::Wide(plain_law::Wide)> in_wide(const SlowPenalty& penalty) {
  return [penalty](plain_law::Wide tau) {
    return static_cast<plain_law::Wide>(penalty(static_cast<double>(tau)));
  };
}

/// The largest of the differences that error_estimate speaks of.
double distance(const FieldPoint& a, const plain_law::State& b, const Matrix<double>& Y) {
  const auto apart = [](double x, plain_law::Wide y) {
    return std::abs(x - static_cast<double>(y));
  };
  return std::max({apart(a.cosine, b.cosine), apart(a.signal, b.signal),
                   apart(a.cosine_after_cut, b.cosine_after_cut),
                   apart(a.error, b.error) / Y.norm()});
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

TEST_CASE("for linear psi the linear law falls out", "[mean_field]") {
  for (Eigen::Index n : {1, 3, 8}) {
    const LawData data = example(n);
    const Cloud cloud = quasi_random_cloud(data.K, 1, 64, 2, FeedbackLaw::normal, 1);
    const std::vector<double> times = {0, 0.3, 1, 7};
    const auto linear = alignment_law(data.K, data.Y.col(0), 0.7, times);
    const auto ours =
        mean_field_law(data, Activation::identity, cloud, {.lambda = 0.7}, times, exactly(1e-13));
    for (std::size_t t = 0; t < times.size(); ++t) {
      INFO("n " << n << ", tau " << times[t]);
      CHECK(std::abs(ours[t].cosine - linear[t].cosine) < 1e-10);
      CHECK(std::abs(ours[t].cosine_after_cut - linear[t].cosine_after_cut) < 1e-10);
      CHECK(std::abs(ours[t].error - linear[t].error) < 1e-10);
      CHECK(std::abs(ours[t].spectrum.maxCoeff() - linear[t].curvature) < 1e-10);
    }
  }
  const Matrix<double> K = 1.7 * Matrix<double>::Identity(4, 4);
  Matrix<double> y(4, 1);
  y << 1, -2, 0.5, 1;
  const Cloud cloud = quasi_random_cloud(K, 1, 64, 2, FeedbackLaw::normal, 1);
  const FieldPoint point =
      mean_field_law({K, y}, Activation::identity, cloud, {.lambda = 0.4}, {3}, exactly(1e-13))[0];
  CHECK(std::abs(point.cosine - isometric_cosine(1.7, 0.4, y.norm(), 3)) < 1e-10);
}

TEST_CASE("quadrature and particles find the law as it is written down", "[mean_field]") {
  const LawData data = example(2);
  const SlowPenalty penalty{.lambda = 0.8};
  const Cloud nodes = gauss_hermite_cloud(data.K, 1, 40);
  const Cloud random = quasi_random_cloud(data.K, 1, 1 << 14, 11);
  const plain_law::Particles grid = plain_law::grid(data.K, 1, 0.3L, 5.6L);
  const plain_law::Particles wide = plain_law::grid(data.K, 1, 0.4L, 5.6L);
  for (const Activation& psi : all_activations) {
    if (!smoothness<double>(psi).L2) continue;
    INFO(psi.name());
    const PlainLaw plain(data.K, data.Y, psi.name());
    const auto truth = plain.at(grid, in_wide(penalty), 0.5L, 8);
    const auto rough = plain.at(wide, in_wide(penalty), 0.5L, 8);
    // What the grid errs by, about; and its steps.
    const double own = std::max(static_cast<double>(std::abs(truth.cosine - rough.cosine)),
                                static_cast<double>(std::abs(truth.error - rough.error))) +
                       2e-6;
    const FieldPoint quadrature = mean_field_law(data, psi, nodes, penalty, {0.5})[0];
    const FieldPoint particles = mean_field_law(data, psi, random, penalty, {0.5})[0];
    CHECK(own < 1e-3);
    CHECK(distance(quadrature, truth, data.Y) <= quadrature.error_estimate + own);
    CHECK(distance(particles, truth, data.Y) <= particles.error_estimate + own);
    CHECK(quadrature.error_estimate < 5e-3);
    CHECK(particles.error_estimate < 5e-3);
  }
}

TEST_CASE("near laws are false: K inside the product, H at leading order", "[mean_field]") {
  const LawData data = example(2);
  const Cloud cloud = gauss_hermite_cloud(data.K, 1, 9);
  const SlowPenalty penalty{.lambda = 0.8};
  for (std::string_view name : {"tanh", "sigmoid"}) {
    const FieldPoint ours =
        mean_field_law(data, Activation(name), cloud, penalty, {1.5}, exactly())[0];
    const auto apart = [&](Law law) {
      return distance(
          ours,
          PlainLaw(data.K, data.Y, name, law).at(particles_of(cloud), in_wide(penalty), 1.5L, 150),
          data.Y);
    };
    INFO(name);
    CHECK(apart(Law::right) < 1e-8);
    CHECK(apart(Law::kernel_inside) > 1e-4);
    CHECK(apart(Law::with_H) > 1e-4);
  }
}

TEST_CASE("several outputs, every activation: the same particles, the same law", "[mean_field]") {
  const LawData data = example(3, 3);
  const Cloud cloud = quasi_random_cloud(data.K, 3, 400, 4, FeedbackLaw::normal, 1);
  const SlowPenalty penalty{.lambda = 1.1};
  for (const Activation& psi : all_activations) {
    if (!smoothness<double>(psi).L2) continue;
    INFO(psi.name());
    const FieldPoint ours = mean_field_law(data, psi, cloud, penalty, {0.8}, exactly())[0];
    const PlainLaw plain(data.K, data.Y, psi.name());
    const plain_law::State truth = plain.at(particles_of(cloud), in_wide(penalty), 0.8L, 100);
    CHECK(distance(ours, truth, data.Y) < 1e-8);
    CHECK((ours.e - truth.e.cast<double>()).norm() < 1e-8);
    CHECK((ours.moments.G - truth.G.cast<double>()).norm() < 1e-8);
    CHECK((ours.moments.phi - truth.phi.cast<double>()).norm() < 1e-8);
    CHECK(std::abs(ours.Lambda - 0.88) < 1e-12);
    // After the cut e(t) = (1 - eta G)^t e: many steps of it.
    plain_law::M e = truth.e;
    const plain_law::Wide eta = 1 / truth.G.norm();
    for (int t = 0; t < 200000; ++t) {
      e -= eta * (truth.G * e);
      e /= e.norm();
    }
    CHECK(std::abs(ours.signal_after_cut -
                   static_cast<double>(plain.signal(truth, truth.after, e))) < 1e-6);
  }
}

TEST_CASE("penalties that fall, and cuts", "[mean_field]") {
  const LawData data = example(3);
  const Cloud cloud = quasi_random_cloud(data.K, 1, 200, 4, FeedbackLaw::signs, 1);
  for (const SlowPenalty& penalty :
       {SlowPenalty{.lambda = 0.9}, SlowPenalty{2, Decay::geometric, 0.4},
        SlowPenalty{1.5, Decay::inverse_square, 0.7}}) {
    const auto ours =
        mean_field_law(data, Activation::softplus, cloud, penalty, {0.5, 2}, exactly());
    const PlainLaw plain(data.K, data.Y, "softplus");
    for (const FieldPoint& point : ours) {
      const auto truth = plain.at(particles_of(cloud), in_wide(penalty), point.tau, 400);
      CHECK(distance(point, truth, data.Y) < 1e-8);
      CHECK(std::abs(point.lambda - penalty(point.tau)) == 0);
      CHECK(std::abs(penalty.tau(point.Lambda) - point.tau) < 1e-12);
      CHECK(std::abs(penalty.at_Lambda(point.Lambda) - point.lambda) < 1e-12);
      // Lambda is the integral of lambda, by Simpson's rule.
      double sum = 0;
      for (int s = 0; s <= 2000; ++s)
        sum += penalty(point.tau * s / 2000) * (s == 0 || s == 2000 ? 1 : s % 2 ? 4 : 2);
      CHECK(std::abs(sum * point.tau / 6000 - point.Lambda) < 1e-10);
    }
    SlowPenalty cut = penalty;
    cut.cut = 0.5;
    const auto after = mean_field_law(data, Activation::softplus, cloud, cut, {0.5, 2}, exactly());
    for (const FieldPoint& point : after) {
      CHECK(point.error == 0);
      CHECK(point.lambda == 0);
      CHECK(std::abs(point.cosine - ours[0].cosine_after_cut) < 1e-14);
      CHECK(std::abs(point.signal - ours[0].signal_after_cut) < 1e-14);
      CHECK(point.Lambda == ours[0].Lambda);
    }
  }
  // lambda -> 0: the law goes to where Lambda ends, and a cut changes nothing there.
  const FieldPoint late = mean_field_law(
      data, Activation::tanh, cloud, SlowPenalty{1, Decay::inverse_square, 1}, {1e7}, exactly())[0];
  CHECK(late.Lambda == Approx(1).epsilon(1e-6));
  CHECK(std::abs(late.cosine - late.cosine_after_cut) < 1e-6);
}

TEST_CASE("units that cross, die and slide at the kink of relu", "[mean_field]") {
  // Euler's method with very many steps is pulled back and forth where a unit slides; it errs by
  // O(h), which two numbers of steps take away.
  for (Eigen::Index k : {1, 2}) {
    const LawData data = example(3, k);
    const Cloud cloud =
        quasi_random_cloud(data.K, static_cast<std::size_t>(k), 200, 4, FeedbackLaw::normal, 1);
    const SlowPenalty penalty{.lambda = 1};
    const FieldPoint ours =
        mean_field_law(data, Activation::relu, cloud, penalty, {2}, exactly(1e-9))[0];
    const PlainLaw plain(data.K, data.Y, "relu");
    const auto rough = plain.at(particles_of(cloud), in_wide(penalty), 2, 4000, true);
    const auto fine = plain.at(particles_of(cloud), in_wide(penalty), 2, 16000, true);
    CHECK(distance(ours, rough, data.Y) < 2e-3);
    CHECK(distance(ours, fine, data.Y) < 5e-4);
    CHECK(distance(ours, fine, data.Y) < 0.5 * distance(ours, rough, data.Y));
    // Some slide: they stay within a step of the kink for a tenth of the time.
    const auto before = plain.at(particles_of(cloud), in_wide(penalty), 1.8L, 3600, true);
    Eigen::Index slide = 0, moved = 0;
    for (Eigen::Index i = 0; i < fine.a.size(); ++i) {
      slide += std::abs(fine.a.data()[i]) < 2e-3L && std::abs(before.a.data()[i]) < 2e-3L;
      moved += (fine.a.data()[i] > 0) != (cloud.a.data()[i] > 0);
    }
    CHECK(slide > 0);
    CHECK(moved > 20);
  }
  // The error that is told is the one that is made, to a factor.
  const LawData data = example(3);
  const Cloud cloud = quasi_random_cloud(data.K, 1, 4000, 4, FeedbackLaw::normal, 1);
  const auto at = [&](double tolerance) {
    LawOptions options;
    options.tolerance = tolerance;
    return mean_field_law(data, Activation::relu, cloud, {}, {2}, options)[0];
  };
  const FieldPoint coarse = at(1e-3), fine = at(1e-8);
  CHECK(std::abs(coarse.cosine - fine.cosine) <= coarse.error_estimate + fine.error_estimate);
  CHECK(fine.error_estimate < 1e-5);
}

TEST_CASE("backpropagation on its own slow time", "[mean_field]") {
  const LawData data = example(3, 2);
  const Cloud cloud = quasi_random_cloud(data.K, 2, 200, 4, FeedbackLaw::normal, 1);
  const SlowPenalty penalty{.lambda = 0.9};
  const auto ours =
      backpropagation_law(data, Activation::tanh, cloud, penalty, {0, 1, 3}, exactly());
  for (const FieldPoint& point : ours) {
    const auto truth = PlainLaw(data.K, data.Y, "tanh", Law::backpropagation)
                           .at(particles_of(cloud), in_wide(penalty), point.tau, 200);
    CHECK(std::abs(point.error - static_cast<double>(truth.error)) < 1e-8);
    CHECK(point.cosine == 1);
    CHECK(point.signal == 1);
  }
  // What feedback alignment has at the start too, where only beta was learned.
  const auto feedback = mean_field_law(data, Activation::tanh, cloud, penalty, {0, 1}, exactly());
  CHECK(feedback[0].error == ours[0].error);
  CHECK(feedback[0].cosine == Approx(0).margin(1e-12));
  CHECK(std::abs(feedback[1].error - ours[1].error) > 1e-3);
}

TEST_CASE("the slope at the start", "[mean_field]") {
  // Of clouds in which a and b are independent to all digits: products of rules.
  for (std::size_t k : {1, 2}) {
    const LawData data = example(2, static_cast<Eigen::Index>(k));
    const Cloud cloud = gauss_hermite_cloud(data.K, k, 12);
    for (const Activation& psi : all_activations) {
      if (!smoothness<double>(psi).L2) continue;
      INFO(psi.name() << ", k " << k);
      const auto at = mean_field_law(data, psi, cloud, {.lambda = 0.6}, {1e-4, 2e-4}, exactly());
      // cos / Lambda at Lambda -> 0, without what is of first order there.
      const double slope = slope_at_start(data, psi, cloud, 0.6);
      CHECK(slope > 0);
      CHECK(2 * at[0].cosine / at[0].Lambda - at[1].cosine / at[1].Lambda ==
            Approx(slope).epsilon(1e-6));
    }
  }
}

TEST_CASE("the features set a ceiling to the cosine, and one direction of y attains it",
          "[mean_field]") {
  const LawData data = example(3, 1);
  const Cloud cloud = quasi_random_cloud(data.K, 1, 2000, 4, FeedbackLaw::normal, 1);
  for (const Activation& psi : {Activation::identity, Activation::tanh, Activation::relu}) {
    INFO(psi.name());
    for (const FieldPoint& at : mean_field_law(data, psi, cloud, {}, {0.1, 1, 4})) {
      const Matrix<double>& G = at.moments.G;
      const Vector<double> phi = at.moments.phi.col(0), u = G.ldlt().solve(phi);
      const double ceiling = phi.dot(u) / at.moments.b_square;
      CHECK(at.cosine * at.cosine <= ceiling * (1 + 1e-10));
      CHECK(ceiling <= 1 + 1e-10);
      const Matrix<double> best = at.lambda * u + G * u;
      CHECK(std::pow(observe(at.moments, best, at.lambda).cosine, 2) ==
            Approx(ceiling).epsilon(1e-8));
    }
  }
}

TEST_CASE("the least eigenvalue of G stays above its floor", "[mean_field]") {
  for (Eigen::Index k : {1, 3}) {
    const LawData data = example(3, k);
    for (FeedbackLaw feedback : {FeedbackLaw::normal, FeedbackLaw::signs})
      for (const Activation& psi : all_activations) {
        const Cloud cloud =
            quasi_random_cloud(data.K, static_cast<std::size_t>(k), 2000, 4, feedback, 1);
        INFO(psi.name() << ", k " << k);
        const auto points =
            mean_field_law(data, psi, cloud, {.lambda = 0.6}, {0, 0.01, 0.5, 5}, exactly(1e-6));
        for (const FieldPoint& point : points)
          CHECK(point.spectrum(0) >= point.least_eigenvalue * (1 - 1e-12));
        CHECK(points[0].least_eigenvalue == Approx(points[0].spectrum(0)).epsilon(1e-3));
        CHECK(points[1].least_eigenvalue > 0);
        CHECK(points[3].least_eigenvalue < points[0].least_eigenvalue);
        // Signs move every unit, so that the floor is gone at last.
        if (feedback == FeedbackLaw::normal) CHECK(points[3].least_eigenvalue > 0);
      }
  }
}

TEST_CASE("the law has the same bits on any number of threads", "[mean_field]") {
  const LawData data = example(3, 2);
  const Cloud cloud = quasi_random_cloud(data.K, 2, 1 << 13, 4);
  for (std::string_view name : {"tanh", "relu"}) {
    std::vector<FieldPoint> first;
    for (std::size_t jobs : {1, 2, 3, 7}) {
      LawOptions options;
      options.jobs = jobs;
      options.tolerance = 1e-4;
      const auto points = mean_field_law(data, Activation(name), cloud, {}, {0.2, 0.5}, options);
      if (first.empty()) first = points;
      for (std::size_t t = 0; t < points.size(); ++t) {
        CHECK(points[t].cosine == first[t].cosine);
        CHECK(points[t].error_estimate == first[t].error_estimate);
        CHECK((points[t].moments.G - first[t].moments.G).norm() == 0);
        CHECK((points[t].e - first[t].e).norm() == 0);
      }
    }
  }
}

TEST_CASE("what the replicates say of the error is so", "[mean_field]") {
  const LawData data = example(2);
  const FieldPoint truth =
      mean_field_law(data, Activation::sigmoid, gauss_hermite_cloud(data.K, 1, 40), {}, {2})[0];
  REQUIRE(truth.error_estimate < 1e-5);
  std::size_t outside = 0;
  double largest = 0, least = 1;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const FieldPoint point = mean_field_law(data, Activation::sigmoid,
                                            quasi_random_cloud(data.K, 1, 2048, seed), {}, {2})[0];
    const double apart = std::abs(point.cosine - truth.cosine);
    outside += apart > point.error_estimate;
    largest = std::max(largest, apart / point.error_estimate);
    least = std::min(least, point.error_estimate);
  }
  CHECK(outside <= 2);   // of 40 intervals at 99 %
  CHECK(largest > 0.2);  // and they are not wide for nothing
  CHECK(least > 1e-5);
}

TEST_CASE("what the law does not speak of is refused in one line", "[mean_field]") {
  const LawData data = example(2);
  const Cloud cloud = quasi_random_cloud(data.K, 1, 100, 1);
  const auto law = [&](const SlowPenalty& penalty, std::vector<double> times = {1},
                       Activation psi = Activation::tanh, double tolerance = 1e-3) {
    return [&data, &cloud, penalty, times, psi, tolerance] {
      LawOptions options;
      options.tolerance = tolerance;
      mean_field_law(data, psi, cloud, penalty, times, options);
    };
  };
  const double nan = std::nan("");
  check_refused(law({.lambda = 0}), "lambda = 0");
  check_refused(law({.lambda = -1}), "lambda = -1");
  check_refused(law({.lambda = nan}), "lambda = ");
  check_refused(law({1, Decay::geometric, 1.5}), "decay-scale = 1.5");
  check_refused(law({1, Decay::geometric, 1}), "decay-scale = 1");
  check_refused(law({1, Decay::inverse_square, 0}), "decay-scale = 0");
  check_refused(law({.cut = 0}), "cut = 0");
  check_refused(law({}, {-1}), "tau = -1");
  check_refused(law({}, {2, 1}), "a number >= 2, the time before");
  check_refused(law({}, {nan}), "tau = ");
  check_refused(law({}, {HUGE_VAL}), "tau = inf");
  check_refused(law({}, {1}, Activation("cubic")), "cubic");
  check_refused(law({}, {1}, Activation::tanh, 0), "tolerance = 0");
  const auto other = [&](const LawData& with, const Cloud& of) {
    return [with, of] { mean_field_law(with, Activation::tanh, of, {}, {1}); };
  };
  check_refused(other(example(3), cloud), "N x 3");
  check_refused(other({data.K, Matrix<double>::Zero(2, 1)}, cloud), "not all 0");
  Cloud bad = cloud;
  bad.weight *= 2;
  check_refused(other(data, bad), "of sum 2");
  bad = cloud;
  bad.a(3, 1) = nan;
  check_refused(other(data, bad), "particle");
  bad = cloud;
  bad.replicates = 7;
  check_refused(other(data, bad), "replicates = 7");
  check_refused(
      [&] { mean_field_law(data, Activation::relu, gauss_hermite_cloud(data.K, 1, 8), {}, {1}); },
      "quasi-random particles");
  check_refused([&] { backpropagation_law(data, Activation::relu, cloud, {}, {1}); },
                "Lipschitz derivative");
  check_refused([&] { slope_at_start(data, Activation::tanh, cloud, 0); }, "lambda = 0");
  check_refused([&] { observe(moments(cloud, Activation::tanh), data.Y, -1); }, "lambda = -1");
  check_refused([&] { observe(moments(cloud, Activation::tanh), example(3).Y, 1); }, "Y 3 x 1");
  // A kernel with a repeated sample is fine as long as there is a penalty.
  const Matrix<double> twice = Matrix<double>::Ones(2, 2);
  const FieldPoint point = mean_field_law({twice, data.Y}, Activation::tanh,
                                          quasi_random_cloud(twice, 1, 100, 1), {}, {1})[0];
  CHECK(point.cosine > 0);
  CHECK(point.least_eigenvalue == 0);
}
