// SPDX-License-Identifier: Apache-2.0
// FMF(p) against the recursion it stands for, taken step by step; against the three vectors to
// which a linear network reduces; against the law of infinite width; and without a penalty.
#include <alignproof/mean_field/finite_width.hpp>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/mean_field/law.hpp>
#include <alignproof/random/normal.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

Matrix<double> normals(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed, Stream stream) {
  Matrix<double> z(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j)
      z(i, j) = standard_normal(seed, stream, static_cast<std::uint32_t>(i),
                                static_cast<std::uint32_t>(j));
  return z;
}

/// n samples of this squared norm in d dimensions with normal targets.
LawData sphere(Eigen::Index n, Eigen::Index d, double square, Eigen::Index outputs,
               std::uint64_t seed) {
  const Matrix<double> X =
      normals(n, d, seed, Stream::X).rowwise().normalized() * std::sqrt(square);
  return {X * X.transpose(), normals(n, outputs, seed, Stream::teacher)};
}

/// A row of the published table of linear networks: 50 normal samples in 150 dimensions.
LawData published_linear(std::uint64_t seed) {
  const Matrix<double> X = normals(50, 150, seed, Stream::X);
  return {X * X.transpose(), X * normals(150, 1, seed, Stream::teacher)};
}

struct Seen {
  std::vector<double> cosine, loss;
};

/// The recursion of the header, step by step, with as many units as the cloud has.
Seen recursion(const LawData& data, const Activation& psi, const FiniteWidth& width,
               const FiniteWidthCloud& cloud, std::size_t steps) {
  Seen seen;
  const double N = static_cast<double>(cloud.a.rows()), k = static_cast<double>(data.Y.cols());
  Matrix<double> a = cloud.a, h = Matrix<double>::Zero(a.rows(), data.Y.cols());
  double c = 1;
  for (std::size_t t = 0; t <= steps; ++t) {
    Matrix<double> values(a.rows(), a.cols()), slopes(a.rows(), a.cols());
    activate(psi, a, values, slopes);
    const Matrix<double> e =
        c * (values.transpose() * cloud.beta0) / std::sqrt(N) + values.transpose() * h / N - data.Y;
    const double square = k * c * c +
                          2 * c * cloud.beta0.cwiseProduct(h).sum() / std::sqrt(N) / width.p +
                          h.squaredNorm() / N / width.p;
    seen.cosine.push_back(cloud.b.cwiseProduct(h).sum() / N / std::sqrt(width.p * k * square));
    seen.loss.push_back(e.squaredNorm() / static_cast<double>(data.Y.rows()));
    h = (1 - width.eta * width.lambda) * h - width.eta * values * e;
    a -= width.eta / std::sqrt(width.p) * slopes.cwiseProduct(cloud.b * e.transpose()) * data.K;
    c *= 1 - width.eta * width.lambda;
  }
  return seen;
}

FiniteWidthOptions until(double tau, double tolerance) {
  FiniteWidthOptions options;
  options.tau = tau, options.tolerance = tolerance;
  return options;
}

double farthest(const FiniteWidthCourse& course, const Seen& seen, double delta) {
  double worst = 0;
  for (std::size_t t = 0; t < seen.cosine.size(); ++t) {
    const double tau = std::min(static_cast<double>(t) * delta, course.tau.back());
    worst = std::max(worst, std::abs(course.cosine_at(tau) - seen.cosine[t]));
  }
  return worst;
}

}  // namespace

TEST_CASE("FMF(p) follows the recursion at the scale p", "[mean_field]") {
  struct Case {
    const char* psi;
    double p, lambda, eta;
    Eigen::Index outputs;
  };
  for (const Case& c : {Case{"tanh", 400, 1, 0.2, 1}, Case{"tanh", 100, 0, 0.5, 1},
                        Case{"sigmoid", 900, 0.3, 0.4, 3}, Case{"identity", 400, 1, 0.1, 1},
                        Case{"softplus", 400, 0.5, 0.05, 2}, Case{"relu", 400, 1, 0.1, 1},
                        Case{"erf", 2500, 10, 0.02, 1}}) {
    CAPTURE(c.psi, c.p, c.lambda, c.eta);
    const Activation psi(c.psi);
    const LawData data = sphere(4, 12, 2, c.outputs, 3);
    const FiniteWidth width{c.p, c.lambda, c.eta};
    const FiniteWidthCloud cloud =
        finite_width_cloud(data.K, static_cast<std::size_t>(c.outputs), 200, 5);
    const double delta = c.eta / std::sqrt(c.p);
    const auto steps = static_cast<std::size_t>(std::lround(1 / delta));
    const Seen seen = recursion(data, psi, width, cloud, steps);
    double before = INFINITY;
    for (const double tolerance : {1e-3, 1e-5}) {
      const auto course = finite_width_law(data, psi, width, cloud, until(1, tolerance));
      CHECK(course.tau.back() == Approx(1).epsilon(1e-12));
      const double off = farthest(course, seen, delta);
      CHECK(off < 10 * tolerance);
      CHECK(std::abs(course.loss.back() - seen.loss.back()) <
            10 * tolerance * data.Y.squaredNorm());
      CHECK((off < before / 3 || off < 1e-10));
      before = off;
    }
    // Where no step is long enough to be skipped, it is the recursion itself.
    const auto exact = finite_width_law(data, psi, width, cloud, until(1, 1e-30));
    REQUIRE(exact.tau.size() == steps + 1);
    CHECK(farthest(exact, seen, delta) < 1e-12);
  }
}

TEST_CASE("the cost of FMF(p) hardly depends on p", "[mean_field]") {
  const LawData data = sphere(4, 12, 2, 1, 3);
  const auto cloud = finite_width_cloud(data.K, 1, 200, 5);
  for (const double p : {1e4, 1e8, 1e12}) {
    const auto course =
        finite_width_law(data, Activation::tanh, {p, 1, 0.2}, cloud, until(1, 1e-4));
    CHECK(course.tau.size() < 30 * std::log(p));
  }
}

TEST_CASE("FMF(p) has the same bits on any number of threads", "[mean_field]") {
  const LawData data = sphere(4, 12, 2, 2, 8);
  const auto cloud = finite_width_cloud(data.K, 2, 1500, 5);
  FiniteWidthOptions options = until(1, 1e-3);
  const auto one = finite_width_law(data, Activation::tanh, {400, 1, 0.2}, cloud, options);
  options.jobs = 3;
  const auto three = finite_width_law(data, Activation::tanh, {400, 1, 0.2}, cloud, options);
  CHECK(one.tau == three.tau);
  CHECK(one.cosine == three.cosine);
  CHECK(one.loss == three.loss);
}

// a = a_0 - b zeta and h = a_0.u + b w, so that E psi h = K u - zeta w and f_0 does not move.
TEST_CASE("linear networks: a small cloud has FMF(p) exactly", "[mean_field]") {
  const LawData data = sphere(6, 9, 1.5, 1, 11);
  const FiniteWidth width{1600, 0.7, 0.2};
  const double root = std::sqrt(width.p), kept = 1 - width.eta * width.lambda;
  for (const std::size_t units : {finite_width_units(Activation::identity, 6), std::size_t{500}}) {
    const auto cloud = finite_width_cloud(data.K, 1, units, 21);
    const Vector<double> f0 =
        cloud.a.transpose() * cloud.beta0 / std::sqrt(static_cast<double>(units));
    Vector<double> zeta = Vector<double>::Zero(6), u = zeta;
    double w = 0, c = 1;
    for (int t = 0; t < 400; ++t) {
      const Vector<double> e = c * f0 + data.K * u - zeta * w - data.Y;
      const double along = zeta.dot(e);
      u = kept * u - width.eta * e;
      w = kept * w + width.eta * along;
      zeta += width.eta / root * data.K * e;
      c *= kept;
    }
    const Vector<double> e = c * f0 + data.K * u - zeta * w - data.Y;
    const double square = c * c + (2 * c * f0.dot(u) + u.dot(data.K * u) + w * w) / width.p;
    const auto course = finite_width_law(data, Activation::identity, width, cloud,
                                         until(400 * width.eta / root, 1e-30));
    CHECK(course.cosine.back() == Approx(w / std::sqrt(width.p * square)).epsilon(1e-10));
    CHECK(course.loss.back() == Approx(e.squaredNorm() / 6).epsilon(1e-9));
  }
}

TEST_CASE("FMF(p) tends to the alignment law as p grows", "[mean_field]") {
  const LawData data = sphere(5, 20, 2, 1, 17);
  const auto cloud = finite_width_cloud(data.K, 1, 40, 2);
  for (const double lambda : {0.3, 3.0}) {
    const LawPoint law = alignment_law(data.K, data.Y.col(0), lambda, {1.0}).front();
    double before = 0;
    for (const double p : {1e6, 1e8, 1e10}) {
      const auto course =
          finite_width_law(data, Activation::identity, {p, lambda, 0.05}, cloud, until(1, 1e-8));
      const double off = std::abs(course.cosine.back() - law.cosine);
      CAPTURE(lambda, p, off);
      // Order p^{-1/2}: a tenth from one width to the next.
      if (before > 0) CHECK(off / before == Approx(0.1).epsilon(0.05));
      before = off;
      CHECK(course.largest.back() == Approx(law.curvature).epsilon(10 / std::sqrt(p)));
      CHECK(course.loss.back() == Approx(law.error * law.error / 5).epsilon(10 / std::sqrt(p)));
    }
  }
}

TEST_CASE("FMF(p) of other activations tends to the law of the same units", "[mean_field]") {
  const LawData data = sphere(3, 12, 2, 2, 17);
  for (const char* name : {"tanh", "sigmoid"}) {
    const Activation psi(name);
    const Cloud units = quasi_random_cloud(data.K, 2, 256, 5, FeedbackLaw::normal, 1);
    const auto cloud = finite_width_cloud(units, 3);
    LawOptions options;
    options.tolerance = 1e-9, options.estimate_error = false;
    const FieldPoint law = mean_field_law(data, psi, units, {0.8}, {1.0}, options).front();
    double before = 0;
    for (const double p : {1e6, 1e8}) {
      const auto course = finite_width_law(data, psi, {p, 0.8, 0.1}, cloud, until(1, 1e-7));
      const double off = std::abs(course.cosine.back() - law.cosine);
      CAPTURE(name, p, off);
      CHECK(off < 3 / std::sqrt(p));
      if (before > 0) CHECK(off / before == Approx(0.1).epsilon(0.1));
      before = off;
      CHECK(course.largest.back() == Approx(law.spectrum.maxCoeff()).epsilon(10 / std::sqrt(p)));
      CHECK(course.loss.back() == Approx(law.error * law.error / 3).epsilon(10 / std::sqrt(p)));
    }
  }
}

TEST_CASE("the step of the network counts at order p^{-1/2}", "[mean_field]") {
  const LawData data = sphere(4, 12, 2, 1, 3);
  const auto cloud = finite_width_cloud(data.K, 1, 200, 5);
  double scaled = 0;
  for (const double p : {1e6, 1e8}) {
    const auto at = [&](double eta) {
      return finite_width_law(data, Activation::tanh, {p, 1, eta}, cloud, until(0.5, 1e-7))
          .cosine.back();
    };
    const double difference = (at(0.5) - at(0.01)) * std::sqrt(p);
    CHECK(std::abs(difference) > 0.01);
    if (scaled != 0) CHECK(difference == Approx(scaled).epsilon(0.05));
    scaled = difference;
  }
}

TEST_CASE("without a penalty the cosine is of order 1/p with the constant of first order",
          "[mean_field]") {
  struct Case {
    const char* psi;
    std::vector<double> widths;
    double rest;  ///< times the power of p that is left out: 1/p, and p^{-1/2} where units cross a
                  ///< kink
    double power;
  };
  for (const auto& [name, widths, rest, power] :
       {Case{"tanh", {1e4, 1e6}, 200, 1}, Case{"sigmoid", {1e4, 1e6}, 200, 1},
        Case{"relu", {1e6, 1e8}, 20, 0.5}}) {
    const Activation psi(name);
    // Several samples of several outputs, at rest long before the end.
    const LawData data = sphere(3, 12, 1, 2, 4);
    const auto cloud = finite_width_cloud(data.K, 2, 1000, 6);
    double before = INFINITY;
    for (const double p : widths) {
      double mean = 0;
      const auto starts = balanced_starts(cloud, psi);
      for (const FiniteWidthCloud& start : starts) {
        FiniteWidthOptions options = until(400 / std::sqrt(p), 1e-7);
        mean += finite_width_law(data, psi, {p, 0, 0.05}, start, options).cosine.back() /
                static_cast<double>(starts.size());
      }
      const double first = unpenalised_cosine(data, psi, p, 0.05, cloud);
      CAPTURE(p, mean, first);
      const double off = std::abs(mean / first - 1);
      CHECK(off < rest / std::pow(p, power) + 5e-4);
      CHECK(off < before);
      before = off;
    }
  }
}

TEST_CASE("networks that start from beta = 0 have nothing to remember", "[mean_field]") {
  const LawData data = sphere(4, 12, 2, 1, 3);
  auto cloud = finite_width_cloud(data.K, 1, 400, 5);
  cloud.beta0.setZero(), cloud.beta0_square = 0;
  const auto course =
      finite_width_law(data, Activation::tanh, {100, 0.1, 0.2}, cloud, until(0.2, 1e-4));
  CHECK(course.cosine.front() == 0);
  CHECK(course.loss.front() == data.Y.squaredNorm() / 4);
  // beta is a sum of psi(a) from the first step on.
  CHECK(course.cosine[2] > 0.01);
}

TEST_CASE("the stopping rule sees no flat place where steps are long", "[mean_field]") {
  // The rule looks at the loss after 999, 1999, ... steps and ends where two differ by less than
  // 10^-3, but not before 40406.
  const double p = 12800, eta = 4e-5, lambda = 7.5, delta = eta / std::sqrt(p);
  const auto ends = [&](const FiniteWidthCourse& course, const auto& loss) {
    double before = 0;
    for (double t = 999; t * delta <= course.tau.back(); t += 1000) {
      const double now = loss(course, t * delta);
      if (std::abs(now - before) < 1e-3) return std::max(t, 40406.0);
      before = now;
    }
    return double(INFINITY);
  };
  const auto along_chords = [](const FiniteWidthCourse& course, double tau) {
    const auto after = std::upper_bound(course.tau.begin(), course.tau.end(), tau);
    const auto i = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
        after - course.tau.begin(), 1, static_cast<std::ptrdiff_t>(course.tau.size()) - 1));
    const double share = (tau - course.tau[i - 1]) / (course.tau[i] - course.tau[i - 1]);
    return course.loss[i - 1] + share * (course.loss[i] - course.loss[i - 1]);
  };
  const auto cubic = [](const FiniteWidthCourse& course, double tau) {
    return course.loss_at(tau);
  };
  std::size_t faked = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    const LawData data = published_linear(seed);
    const auto cloud =
        finite_width_cloud(data.K, 1, finite_width_units(Activation::identity, 50), seed);
    FiniteWidthOptions options = until(0.1, 1e-5);
    options.largest_step = 400 * delta;
    const auto fine =
        finite_width_law(data, Activation::identity, {p, lambda, eta}, cloud, options);
    const double end = ends(fine, along_chords);
    REQUIRE(std::isfinite(end));
    const auto coarse =
        finite_width_law(data, Activation::identity, {p, lambda, eta}, cloud, until(0.1, 1e-4));
    CAPTURE(seed, end, coarse.tau.size(), fine.tau.size());
    // The cosine at the end is what is predicted.
    const auto error = [&](double other) {
      return std::abs(coarse.cosine_at(std::min(other * delta, 0.1)) - fine.cosine_at(end * delta));
    };
    CHECK(error(ends(coarse, cubic)) < 0.005);
    const auto rough =
        finite_width_law(data, Activation::identity, {p, lambda, eta}, cloud, until(0.1, 1e-2));
    faked += error(ends(rough, along_chords)) > 0.1;
  }
  CHECK(faked > 0);
}

TEST_CASE("between steps a course is a cubic, exact for parabolas", "[mean_field]") {
  const FiniteWidthCourse course{
      {0, 0.1, 0.5, 0.6, 2}, {0, 0.01, 0.25, 0.36, 4}, {1, 1, 1, 1, 1}, {}};
  for (const double x : {0.0, 0.05, 0.1, 0.3, 0.55, 1.0, 1.9, 2.0}) {
    CHECK(course.cosine_at(x) == Approx(x * x).margin(1e-14));
    CHECK(course.loss_at(x) == Approx(1));
  }
  CHECK_THROWS_AS(course.cosine_at(2.1), InputError);
  CHECK_THROWS_AS(course.loss_at(-0.1), InputError);
}

TEST_CASE("clouds have their moments exactly", "[mean_field]") {
  const LawData data = sphere(4, 3, 2, 2, 9);  // K is singular
  const auto cloud = finite_width_cloud(data.K, 2, 300, 1);
  const Matrix<double> I = Matrix<double>::Identity(2, 2);
  CHECK((cloud.a.transpose() * cloud.a / 300 - data.K).norm() < 1e-13);
  CHECK((cloud.b.transpose() * cloud.b / 300 - I).norm() < 1e-13);
  CHECK((cloud.a.transpose() * cloud.b).norm() < 1e-11);
  CHECK((cloud.b.transpose() * cloud.beta0).norm() < 1e-11);
  CHECK((cloud.beta0.transpose() * cloud.beta0 / 300 - I).norm() < 0.5);
  const auto other = with_other_start(cloud, 2);
  CHECK(other.a == cloud.a);
  CHECK(other.beta0 != cloud.beta0);

  const LawData regular = sphere(4, 12, 2, 2, 9);
  const auto whole = finite_width_cloud(regular.K, 2, 300, 1);
  Matrix<double> values(300, 4), slopes(300, 4), second = Matrix<double>::Zero(8, 8);
  activate(Activation::tanh, whole.a, values, slopes);
  const auto starts = balanced_starts(whole, Activation::tanh);
  REQUIRE(starts.size() == 16);
  Vector<double> first = Vector<double>::Zero(8);
  for (const FiniteWidthCloud& start : starts) {
    const Matrix<double> f0 = values.transpose() * start.beta0 / std::sqrt(300);
    const Vector<double> f = Eigen::Map<const Vector<double>>(f0.data(), 8);
    first += f / 16;
    second += f * f.transpose() / 16;
  }
  const Matrix<double> G = values.transpose() * values / 300;
  Matrix<double> expected = Matrix<double>::Zero(8, 8);
  expected.topLeftCorner(4, 4) = G;
  expected.bottomRightCorner(4, 4) = G;
  CHECK(first.norm() < 1e-13);
  CHECK((second - expected).norm() < 1e-12);
}

TEST_CASE("bad input of FMF(p) is refused before any work", "[mean_field]") {
  const LawData data = sphere(4, 12, 2, 1, 3);
  const auto cloud = finite_width_cloud(data.K, 1, 40, 5);
  const auto asked = [&](FiniteWidth width, FiniteWidthOptions options) {
    return [&data, &cloud, width, options] {
      finite_width_law(data, Activation::tanh, width, cloud, options);
    };
  };
  const FiniteWidth good{100, 1, 0.2};
  CHECK_NOTHROW(asked(good, until(0, 1e-3))());
  for (const FiniteWidth& width : {FiniteWidth{0, 1, 0.2},
                                   {NAN, 1, 0.2},
                                   {100, -1, 0.2},
                                   {100, 1, 0},
                                   {100, 5, 0.2},
                                   {100, 1, INFINITY}})
    CHECK_THROWS_AS(asked(width, until(1, 1e-3))(), InputError);
  CHECK_THROWS_AS(asked(good, until(-1, 1e-3))(), InputError);
  CHECK_THROWS_AS(asked(good, until(1, 0))(), InputError);
  FiniteWidthOptions backwards = until(1, 1e-3);
  backwards.times = {0.5, 0.2};
  CHECK_THROWS_AS(asked(good, backwards)(), InputError);
  backwards.times = {0.5, 1.5};
  CHECK_THROWS_AS(asked(good, backwards)(), InputError);
  CHECK_THROWS_AS(finite_width_cloud(data.K, 1, 6, 1), InputError);
  CHECK_THROWS_AS(finite_width_cloud(data.K, 1, 41, 1), InputError);
  CHECK_THROWS_AS(finite_width_cloud(data.K, 0, 40, 1), InputError);
  CHECK_THROWS_AS(finite_width_cloud(-data.K, 1, 40, 1), InputError);
  CHECK_THROWS_AS(finite_width_cloud(data.K.topRows(2), 1, 40, 1), InputError);
  Cloud uneven = quasi_random_cloud(data.K, 1, 64, 1, FeedbackLaw::normal, 1);
  CHECK_NOTHROW(finite_width_cloud(uneven, 1));
  uneven.weight(0) *= 2;
  CHECK_THROWS_AS(finite_width_cloud(uneven, 1), InputError);
  const LawData other = sphere(3, 12, 2, 1, 3);
  CHECK_THROWS_AS(finite_width_law(other, Activation::tanh, good, cloud, until(1, 1e-3)),
                  InputError);
  LawData not_finite = data;
  not_finite.Y(0) = NAN;
  CHECK_THROWS_AS(finite_width_law(not_finite, Activation::tanh, good, cloud, until(1, 1e-3)),
                  InputError);
  CHECK_THROWS_AS(unpenalised_cosine(data, Activation::tanh, 100, 9, cloud), InputError);
  CHECK_THROWS_AS(unpenalised_cosine(data, Activation::tanh, 0, 0.1, cloud), InputError);
}

TEST_CASE("a course has the times that are asked for, and ends where it is told to",
          "[mean_field]") {
  const LawData data = sphere(4, 12, 2, 1, 3);
  const auto cloud = finite_width_cloud(data.K, 1, 40, 5);
  FiniteWidthOptions options = until(1, 1e-3);
  options.times = {0, 0.1234, 0.5, 0.50001, 1};
  const auto course = finite_width_law(data, Activation::tanh, {400, 1, 0.2}, cloud, options);
  for (const double time : options.times)
    CHECK(std::any_of(course.tau.begin(), course.tau.end(),
                      [time](double tau) { return std::abs(tau - time) < 1e-10; }));
  CHECK(std::is_sorted(course.tau.begin(), course.tau.end()));
  options.done = [](const FiniteWidthCourse& so_far) { return so_far.tau.back() >= 0.3; };
  const auto shorter = finite_width_law(data, Activation::tanh, {400, 1, 0.2}, cloud, options);
  CHECK(shorter.tau.back() >= 0.3);
  CHECK(shorter.tau.back() < 0.5);
  CHECK(std::equal(shorter.tau.begin(), shorter.tau.end(), course.tau.begin()));
}
