// SPDX-License-Identifier: Apache-2.0
// The alignment law against closed forms, against an integrator that shares no code with it, and
// against the dynamics of wide networks.
#include <alignproof/dynamics/alignment_law.hpp>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

using Wide = long double;

/// Fixed seeds: the same cases in every run.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : bits_(seed) {}

  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(bits_() >> 11) * 0x1p-53;
  }
  double power_of_ten(double low, double high) { return std::pow(10, uniform(low, high)); }
  Eigen::Index whole(int low, int high) {
    return low + static_cast<Eigen::Index>(bits_() % static_cast<std::uint64_t>(high - low + 1));
  }
  double sign() { return bits_() % 2 ? 1 : -1; }
  Vector<double> vector(Eigen::Index n) {
    Vector<double> v(n);
    for (double& x : v)
      x = std::sqrt(-2 * std::log(1 - uniform(0, 1))) * std::cos(uniform(0, 6.283185307179586));
    return v;
  }
  Matrix<double> rotation(Eigen::Index n) {
    Matrix<double> m(n, n);
    for (Eigen::Index j = 0; j < n; ++j) m.col(j) = vector(n);
    return Eigen::HouseholderQR<Matrix<double>>(m).householderQ();
  }
  Matrix<double> with_eigenvalues(const Vector<double>& k) {
    const Matrix<double> Q = rotation(k.size());
    const Matrix<double> K = Q * k.asDiagonal() * Q.transpose();
    return (K + K.transpose()) / 2;
  }

 private:
  std::mt19937_64 bits_;
};

double relative(double a, double b) {
  return std::abs(a - b) / std::max(std::abs(b), 1e-300);
}

/// sigma of the law at `tau` from `sigma` at `from`, by the classical Runge-Kutta method in the
/// coordinates in which the law is stated.
Vector<Wide> integrate(const Matrix<double>& K, const Vector<double>& y,
                       const std::function<double(double)>& lambda, double from, double tau,
                       std::size_t steps, Vector<Wide> sigma) {
  const Matrix<Wide> wide = K.cast<Wide>();
  const Vector<Wide> target = y.cast<Wide>();
  const auto velocity = [&](const Vector<Wide>& at, Wide when) -> Vector<Wide> {
    const Vector<Wide> zeta = wide * at;
    const Wide now = lambda(static_cast<double>(when));
    Matrix<Wide> B = wide + zeta * zeta.transpose();
    B.diagonal().array() += now;
    return B.ldlt().solve(target) * -now;
  };
  const Wide h = (static_cast<Wide>(tau) - from) / static_cast<Wide>(steps);
  for (std::size_t s = 0; s < steps; ++s) {
    const Wide t = from + h * static_cast<Wide>(s);
    const Vector<Wide> a = velocity(sigma, t), b = velocity(sigma + a * (h / 2), t + h / 2);
    const Vector<Wide> c = velocity(sigma + b * (h / 2), t + h / 2);
    const Vector<Wide> d = velocity(sigma + c * h, t + h);
    sigma += (a + b * 2 + c * 2 + d) * (h / 6);
  }
  return sigma;
}

/// What the law says at a state: e = -lambda B^-1 y, or its direction for the cosine after a cut.
LawPoint point_at(const Matrix<double>& K, const Vector<double>& y, double lambda, double tau,
                  const Vector<Wide>& sigma) {
  const Matrix<Wide> wide = K.cast<Wide>();
  const Vector<Wide> zeta = wide * sigma;
  const auto direction = [&](Wide shift) -> Vector<Wide> {
    Matrix<Wide> B = wide + zeta * zeta.transpose();
    B.diagonal().array() += shift;
    return -B.ldlt().solve(y.cast<Wide>());
  };
  const auto cosine = [&](const Vector<Wide>& e) {
    const Wide q = zeta.dot(e);
    return static_cast<double>(q / std::sqrt(e.dot(wide * e) + q * q));
  };
  const Matrix<double> kernel = (wide + zeta * zeta.transpose()).cast<double>();
  return {tau,
          cosine(direction(lambda)),
          cosine(direction(0)),
          static_cast<double>(lambda * direction(lambda).norm()),
          Eigen::SelfAdjointEigenSolver<Matrix<double>>(kernel).eigenvalues().maxCoeff(),
          static_cast<double>(zeta.norm())};
}

void check_same(const LawPoint& a, const LawPoint& b, double tolerance) {
  CHECK(relative(a.cosine, b.cosine) <= tolerance);
  CHECK(relative(a.cosine_after_cut, b.cosine_after_cut) <= tolerance);
  CHECK(relative(a.error, b.error) <= tolerance);
  CHECK(relative(a.curvature, b.curvature) <= tolerance);
  CHECK(relative(a.zeta, b.zeta) <= tolerance);
}

/// A network of width p with this kernel: X = K^(1/2).
ReducedProblem<double> network_with(const Matrix<double>& K, const Vector<double>& y, double lambda,
                                    double eta, std::size_t p, std::uint64_t seed) {
  const Matrix<double> root = Eigen::SelfAdjointEigenSolver<Matrix<double>>(K).operatorSqrt();
  Data data{"given kernel", "", array_from(root), array_from(y)};
  data.X.shape = {static_cast<std::size_t>(K.rows()), static_cast<std::size_t>(K.rows())};
  data.X.values.resize(static_cast<std::size_t>(K.size()));
  NetworkSpec spec;
  spec.p = p, spec.activation = Activation::identity, spec.eta = eta, spec.seed = seed;
  spec.penalty.lambda = lambda;
  return reduced_problem<double>(sample_linear_network(data, spec));
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Problem4 {
  Matrix<double> K;
  Vector<double> y;
  double lambda, eta, tau;
};

/// Random kernels of condition number up to 10^6, stable up to tau with a margin: eta (lambda +
/// lambda_max(K + zeta zeta^T)) <= 1.2, where -1 is passed at 2.
Problem4 random_problem(Draw& draw, double worst_condition) {
  for (;;) {
    const Eigen::Index n = draw.whole(2, 4);
    Vector<double> k(n);
    for (double& x : k) x = draw.power_of_ten(-std::log10(worst_condition), 0) * 2;
    k(0) = 2, k(1) = 2 / worst_condition;
    const Problem4 a{draw.with_eigenvalues(k), draw.vector(n).normalized() * draw.uniform(0.5, 3),
                     draw.uniform(0.5, 2), draw.uniform(0.1, 0.3), draw.uniform(0.5, 2.5)};
    const LawPoint end = alignment_law(a.K, a.y, a.lambda, {a.tau}).back();
    if (a.eta * (a.lambda + end.curvature) <= 1.2) return a;
  }
}

}  // namespace

TEST_CASE("isometric data: the solver gives the closed form to 12 digits", "[dynamics]") {
  Draw draw(1);
  for (int trial = 0; trial < 300; ++trial) {
    const Eigen::Index n = draw.whole(1, 5);
    const double gamma = draw.power_of_ten(-6, 6), lambda = gamma * draw.power_of_ten(-4, 4);
    const double size = draw.power_of_ten(-6, 6);
    const Vector<double> y = draw.vector(n).normalized() * size;
    // Where z has any order from 10^-5 to 10^3.
    const double z_there = draw.power_of_ten(-5, 3);
    const double tau = (gamma * std::pow(z_there, 3) / 3 + (lambda + gamma) * z_there) /
                       (lambda * std::sqrt(gamma) * size);
    const LawPoint point =
        alignment_law(gamma * Matrix<double>::Identity(n, n), y, lambda, {tau}).back();
    const double z = isometric_z(gamma, lambda, y.norm(), tau);
    INFO("gamma " << gamma << ", lambda " << lambda << ", |y| " << size << ", z " << z_there);
    CHECK(relative(z, z_there) <= 1e-13);
    CHECK(relative(isometric_cosine(gamma, lambda, y.norm(), tau), z / std::sqrt(1 + z * z)) <=
          1e-15);
    CHECK(relative(point.zeta, std::sqrt(gamma) * z) <= 1e-12);
    CHECK(relative(point.cosine, z / std::sqrt(1 + z * z)) <= 1e-12);
    CHECK(relative(point.cosine_after_cut, z / std::sqrt(1 + z * z)) <= 1e-12);
    CHECK(relative(point.curvature, gamma * (1 + z * z)) <= 3e-12);  // z twice
    // e is y up to 1 / (1 + z^2), almost all of which cancels.
    CHECK(relative(point.error, lambda * y.norm() / (lambda + gamma * (1 + z * z))) <=
          3e-12 + 16 * 0x1p-53 * (1 + z * z));
  }
}

TEST_CASE("any kernel: the solver agrees with another integrator", "[dynamics]") {
  Draw draw(2);
  for (int trial = 0; trial < 40; ++trial) {
    const Eigen::Index n = draw.whole(1, 5);
    Vector<double> k(n);
    for (double& x : k) x = draw.power_of_ten(-4, 1);
    const Matrix<double> K = draw.with_eigenvalues(k);
    const Vector<double> y = draw.vector(n);
    const double lambda = draw.power_of_ten(-1, 1), middle = draw.uniform(0.1, 1);
    const double tau = middle + draw.uniform(0.1, 3);
    const auto constant = [lambda](double) { return lambda; };
    const auto points = alignment_law(K, y, lambda, {0, middle, tau, tau});
    REQUIRE(points.size() == 4);
    INFO("trial " << trial);
    const Vector<Wide> zero = Vector<Wide>::Zero(n);
    check_same(points[2],
               point_at(K, y, lambda, tau, integrate(K, y, constant, 0, tau, 2000, zero)), 1e-9);
    check_same(points[1],
               point_at(K, y, lambda, middle, integrate(K, y, constant, 0, middle, 2000, zero)),
               1e-9);
    check_same(points[3], points[2], 0);
    CHECK(points[2].tau == tau);
    CHECK(points[0].cosine == 0);
    CHECK(points[0].zeta == 0);
    CHECK(relative(points[0].curvature, k.maxCoeff()) <= 1e-12);
    check_same(alignment_law(K, y, constant, {tau}).back(), points[2], 1e-10);
  }
}

TEST_CASE("a penalty that moves is solved as its pieces are", "[dynamics]") {
  Draw draw(3);
  for (int trial = 0; trial < 15; ++trial) {
    const Eigen::Index n = draw.whole(2, 4);
    Vector<double> k(n);
    for (double& x : k) x = draw.power_of_ten(-1, 1);
    const Matrix<double> K = draw.with_eigenvalues(k);
    const Vector<double> y = draw.vector(n);
    // Three constant pieces, one of them none at all, then one that falls.
    const double first = draw.uniform(0.2, 2), third = draw.uniform(0.2, 2);
    const auto lambda = [=](double tau) {
      return tau < 0.5 ? first : tau < 1 ? 0 : tau < 1.5 ? third : third * std::exp(1.5 - tau);
    };
    const auto points = alignment_law(K, y, lambda, {0.75, 1.25, 2.5});
    Vector<Wide> sigma = Vector<Wide>::Zero(n);
    sigma = integrate(
        K, y, [=](double) { return first; }, 0, 0.5, 500, sigma);
    INFO("trial " << trial);
    const LawPoint at_rest = point_at(K, y, 0, 0.75, sigma);
    CHECK(relative(points[0].zeta, at_rest.zeta) <= 1e-9);
    CHECK(points[0].error == 0);
    CHECK(relative(points[0].cosine, at_rest.cosine_after_cut) <= 1e-9);
    CHECK(relative(points[0].cosine_after_cut, at_rest.cosine_after_cut) <= 1e-9);
    sigma = integrate(
        K, y, [=](double) { return third; }, 1, 1.25, 500, sigma);
    check_same(points[1], point_at(K, y, third, 1.25, sigma), 1e-9);
    sigma = integrate(
        K, y, [=](double) { return third; }, 1.25, 1.5, 500, sigma);
    sigma = integrate(
        K, y, [=](double tau) { return third * std::exp(1.5 - tau); }, 1.5, 2.5, 500, sigma);
    check_same(points[2], point_at(K, y, third * std::exp(-1.0), 2.5, sigma), 1e-9);
  }
}

TEST_CASE("isometric data under a moving penalty keep their closed form piece by piece",
          "[dynamics]") {
  // gamma z^3/3 + (lambda + gamma) z grows by lambda sqrt(gamma) |y| dtau on a piece.
  Draw draw(4);
  for (int trial = 0; trial < 50; ++trial) {
    const double gamma = draw.power_of_ten(-1, 1), size = draw.power_of_ten(-1, 1);
    const double first = draw.uniform(0.1, 3), second = draw.uniform(0.1, 3);
    const double z1 = isometric_z(gamma, first, size, 1);
    // The second piece as if it had been on from the start, at the time at which it reaches z1.
    const double from =
        (gamma * z1 * z1 * z1 / 3 + (second + gamma) * z1) / (second * std::sqrt(gamma) * size);
    const double z2 = isometric_z(gamma, second, size, from + 2);
    const Vector<double> y = draw.vector(3).normalized() * size;
    const auto points = alignment_law(gamma * Matrix<double>::Identity(3, 3), y,
                                      [=](double tau) { return tau < 1 ? first : second; }, {1, 3});
    CHECK(relative(points[0].zeta, std::sqrt(gamma) * z1) <= 1e-10);
    CHECK(relative(points[1].zeta, std::sqrt(gamma) * z2) <= 1e-10);
  }
}

TEST_CASE("the law has its scalings and does not see the basis", "[dynamics]") {
  Draw draw(5);
  for (int trial = 0; trial < 50; ++trial) {
    const Eigen::Index n = draw.whole(1, 5);
    Vector<double> k(n);
    for (double& x : k) x = draw.power_of_ten(-3, 1);
    const Matrix<double> K = draw.with_eigenvalues(k), Q = draw.rotation(n);
    const Vector<double> y = draw.vector(n);
    const double lambda = draw.power_of_ten(-1, 1), tau = draw.power_of_ten(-1, 1);
    const LawPoint plain = alignment_law(K, y, lambda, {tau}).back();
    const double a = draw.power_of_ten(-4, 4), c = draw.power_of_ten(-4, 4);
    // K, lambda -> a K, a lambda: sigma is sqrt(a) times faster.
    const LawPoint larger = alignment_law(a * K, y, a * lambda, {tau / std::sqrt(a)}).back();
    check_same({0, larger.cosine, larger.cosine_after_cut, larger.error, larger.curvature / a,
                larger.zeta / std::sqrt(a)},
               plain, 1e-10);
    // y -> c y, c of either sign: c times faster, the same path.
    const LawPoint faster = alignment_law(K, -c * y, lambda, {tau / c}).back();
    check_same({0, faster.cosine, faster.cosine_after_cut, faster.error / c, faster.curvature,
                faster.zeta},
               plain, 1e-10);
    const Matrix<double> rotated = Q * K * Q.transpose();
    check_same(alignment_law((rotated + rotated.transpose()) / 2, Q * y, lambda, {tau}).back(),
               plain, 1e-10);
  }
}

TEST_CASE("directions without data do not move and do not count", "[dynamics]") {
  Draw draw(6);
  for (int trial = 0; trial < 30; ++trial) {
    const Matrix<double> K = draw.with_eigenvalues(Vector<double>{{0.4, 2}});
    const Vector<double> y = draw.vector(2), outside = draw.vector(2);
    const Matrix<double> Q = draw.rotation(4);
    Matrix<double> padded = Matrix<double>::Zero(4, 4);
    padded.topLeftCorner(2, 2) = K;
    Vector<double> both(4);
    both << y, outside;
    const LawPoint plain = alignment_law(K, y, 1.0, {2}).back();
    const Matrix<double> singular = Q * padded * Q.transpose();
    LawPoint point =
        alignment_law((singular + singular.transpose()) / 2, Q * both, 1.0, {2}).back();
    CHECK(relative(point.error, std::hypot(plain.error, outside.norm())) <= 1e-10);
    point.error = plain.error;
    check_same(point, plain, 1e-10);
  }
  // A direction with little data does both, if y has enough of it.
  const Matrix<double> hardly = Vector<double>{{1, 1e-8}}.asDiagonal();
  const Vector<double> y{{1, 1e-4}};
  const auto one = [](double) { return 1.0; };
  check_same(
      alignment_law(hardly, y, 1.0, {2}).back(),
      point_at(hardly, y, 1, 2, integrate(hardly, y, one, 0, 2, 2000, Vector<Wide>::Zero(2))),
      1e-9);
  const LawPoint nothing =
      alignment_law(Matrix<double>::Identity(2, 2), Vector<double>::Zero(2), 1.0, {1}).back();
  CHECK(nothing.cosine == 0);
  CHECK(nothing.cosine_after_cut == 0);
  CHECK(nothing.error == 0);
}

TEST_CASE("wide networks follow the law, and ten times closer at a hundred times the width",
          "[dynamics]") {
  // |cos - law| <= C / sqrt p with constants that the theorem leaves open. Measured on other
  // kernels up to condition number 10^6 the mean supremum over time was 0.7 to 1.35 of 1 / sqrt p
  // (reports/docs/alignment_law.md); C allows for 20 times that, and the errors' size.
  constexpr double C = 25;
  Draw draw(7);
  std::vector<double> cosine_ratio, error_ratio, cosine_off;
  for (int trial = 0; trial < 11; ++trial) {
    const Problem4 a = random_problem(draw, trial % 3 == 0 ? 1e6 : trial % 3 == 1 ? 100 : 3);
    // Whole steps at p = 10^6, hence at 10^8.
    const double tau = std::round(a.tau * 1000 / a.eta) * a.eta / 1000;
    const LawPoint law = alignment_law(a.K, a.y, a.lambda, {tau}).back();
    const auto off = [&](std::size_t p) {
      const auto problem = network_with(a.K, a.y, a.lambda, a.eta, p, 100 + trial);
      const SlowRun run = run_on_slow_time(problem, {tau * (1 - 1e-12)}, 0);
      REQUIRE_FALSE(run.diverged_at.has_value());
      INFO("trial " << trial << ", p " << p << ", cos " << run.cosine[0] << ", law " << law.cosine
                    << ", |e| " << run.error[0] << ", law " << law.error);
      const double root = std::sqrt(static_cast<double>(p));
      CHECK(std::abs(run.cosine[0] - law.cosine) <= C / root);
      CHECK(std::abs(run.error[0] - law.error) <= C * a.y.norm() / root);
      return std::pair{std::abs(run.cosine[0] - law.cosine), std::abs(run.error[0] - law.error)};
    };
    // The same seed: the same directions of chance at both widths.
    const auto near = off(1000000), nearer = off(100000000);
    cosine_ratio.push_back(near.first / nearer.first);
    error_ratio.push_back(near.second / nearer.second);
    cosine_off.push_back(near.first * 1000);
  }
  CHECK(std::abs(median(cosine_ratio) / 10 - 1) <= 0.1);
  CHECK(std::abs(median(error_ratio) / 10 - 1) <= 0.1);
  CHECK(median(cosine_off) > 0.05);  // there is a difference of that order
}

TEST_CASE("after the cut the network stays where the law says", "[dynamics]") {
  Draw draw(8);
  std::vector<double> ratio;
  for (int trial = 0; trial < 9; ++trial) {
    const Problem4 a = random_problem(draw, 3);
    const double tau = std::round(a.tau * 1000 / a.eta) * a.eta / 1000;
    const LawPoint law = alignment_law(a.K, a.y, a.lambda, {tau}).back();
    const auto off = [&](std::size_t p) {
      const auto problem = network_with(a.K, a.y, a.lambda, a.eta, p, 200 + trial);
      // The least eigenvalue is 2/3: 50 e-folds.
      const auto after = static_cast<std::size_t>(75 / a.eta);
      const SlowRun run = run_on_slow_time(problem, {tau * (1 - 1e-12)}, after);
      REQUIRE_FALSE(run.diverged_at.has_value());
      CHECK(run.error_after_cut <= 1e-13 * a.y.norm());
      CHECK(std::abs(run.after_cut - law.cosine_after_cut) <= 25 / std::sqrt(p));
      return std::abs(run.after_cut - law.cosine_after_cut);
    };
    ratio.push_back(off(1000000) / off(100000000));
  }
  CHECK(std::abs(median(ratio) / 10 - 1) <= 0.1);
}

TEST_CASE("in the normal form no coordinate ever changes its side", "[dynamics]") {
  // xi = -K^(-1/2) zeta, v = K^(-1/2) y: xi_i v_i > 0 for tau > 0, so -(q_i.zeta)(q_i.y) > 0, and
  // |xi| grows. By another integrator, and in a network up to what chance leaves.
  Draw draw(9);
  for (int trial = 0; trial < 12; ++trial) {
    const Problem4 a = random_problem(draw, trial % 2 ? 1e4 : 5);
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> spectrum(a.K);
    const auto check_sides = [&](const Vector<double>& zeta, double slack) {
      const Vector<double> products = -(spectrum.eigenvectors().transpose() * zeta)
                                           .cwiseProduct(spectrum.eigenvectors().transpose() * a.y);
      CHECK(products.minCoeff() > -slack);
      return products.minCoeff();
    };
    Vector<Wide> sigma = Vector<Wide>::Zero(a.K.rows());
    double before = 0;
    for (int part = 0; part < 10; ++part) {
      sigma = integrate(
          a.K, a.y, [&](double) { return a.lambda; }, 0, a.tau / 10, 60, sigma);
      check_sides(a.K * sigma.cast<double>(), 0);
      const double N = static_cast<double>(sigma.dot(a.K.cast<Wide>() * sigma));  // |xi|^2
      CHECK(N > before);
      before = N;
      const LawPoint law = point_at(a.K, a.y, a.lambda, a.tau * (part + 1) / 10, sigma);
      CHECK(law.cosine > 0);
      CHECK(law.cosine <= std::sqrt(N / (1 + N)) * (1 + 1e-12));
      CHECK(law.cosine_after_cut > 0);
    }
    // And the solver has the same path.
    const LawPoint end = alignment_law(a.K, a.y, a.lambda, {a.tau}).back();
    check_same(end, point_at(a.K, a.y, a.lambda, a.tau, sigma), 1e-7);

    const auto problem = network_with(a.K, a.y, a.lambda, a.eta, 1000000, 300 + trial);
    ReducedState<double> state = initial_reduced(problem);
    run(problem, state, steps_until(a.tau, a.eta, problem.p),
        [&](std::size_t t, const auto&, const ReducedForward<double>& at) {
          if (t % 500 == 499)
            check_sides(at.z.col(0) / std::sqrt(problem.p), 25 / std::sqrt(problem.p));
          return true;
        });
  }
}

TEST_CASE("after a cut the law is never below what is guaranteed", "[dynamics]") {
  Draw draw(10);
  double tightest = 0, uniform_tightest = 0;
  for (int trial = 0; trial < 600; ++trial) {
    const Eigen::Index n = draw.whole(2, 5);
    const double kappa = draw.power_of_ten(0, draw.uniform(0, 6)), gamma = draw.power_of_ten(-3, 3);
    Vector<double> k(n);
    for (double& x : k) x = gamma * std::pow(kappa, draw.uniform(0, 1));
    k(0) = gamma, k(n - 1) = gamma * kappa;
    const Matrix<double> Q = draw.rotation(n);
    Matrix<double> K = Q * k.asDiagonal() * Q.transpose();
    K = ((K + K.transpose()) / 2).eval();
    // Adversarial: v with any share of its length on the ends of the spectrum.
    Vector<double> along = draw.vector(n);
    if (trial % 2) along(0) *= draw.power_of_ten(-3, 3);
    if (trial % 3) along(n - 1) *= draw.power_of_ten(-3, 3);
    const Vector<double> v = along.normalized();
    const Vector<double> y = Q * Vector<double>(k.cwiseSqrt().cwiseProduct(v));
    const double lambda = gamma * kappa * draw.power_of_ten(-6, 3);
    // L = lambda sqrt(Y) T with Y = 1.
    const double T = draw.power_of_ten(-2, 4) / lambda;
    const Conditioning own = conditioning(K, y, lambda);
    const Conditioning any = conditioning(gamma * (1 - 1e-9), kappa * (1 + 1e-8), lambda, y.norm());
    INFO("trial " << trial << ", kappa " << kappa << ", lambda / gamma " << lambda / gamma << ", L "
                  << lambda * T);
    const double truth = alignment_law(K, y, lambda, {T}).back().cosine_after_cut;
    const double bound = guaranteed_cosine(own, lambda, T);
    const double uniform = guaranteed_cosine(any, lambda, T);
    CHECK(bound > 0);
    CHECK(bound <= truth * (1 + 1e-8));
    CHECK(uniform <= truth * (1 + 1e-8));
    // For every K and y of these numbers, so no more than for these.
    CHECK(uniform <= bound * (1 + 1e-6));
    if (kappa > 2) {
      tightest = std::max(tightest, bound / truth);
      uniform_tightest = std::max(uniform_tightest, uniform / truth);
    }
    CHECK(own.least <= own.mean);
    CHECK(own.mean <= own.most * (1 + 1e-12));
    CHECK(relative(own.least, 1 + lambda / (gamma * kappa)) <= 1e-8);
    CHECK(own.variance <= (own.mean - own.least) * (own.most - own.mean) * (1 + 1e-6) +
                              1e-12 * own.most * own.most);
  }
  CHECK(tightest > 0.9);  // a bound that nothing comes near proves nothing
  CHECK(uniform_tightest > 0.5);
}

TEST_CASE("for isometric data the guaranteed cosine is the law's, and it tends to 1",
          "[dynamics]") {
  Draw draw(11);
  for (int trial = 0; trial < 200; ++trial) {
    const double gamma = draw.power_of_ten(-4, 4), lambda = gamma * draw.power_of_ten(-4, 4);
    const double size = draw.power_of_ten(-3, 3);
    const double T = draw.power_of_ten(-2, 5) / (lambda * size / std::sqrt(gamma));
    const double truth = isometric_cosine(gamma, lambda, size, T);
    CHECK(relative(guaranteed_cosine(conditioning(gamma, 1, lambda, size), lambda, T), truth) <=
          1e-12);
    const Vector<double> y = draw.vector(3).normalized() * size;
    const Conditioning own = conditioning(gamma * Matrix<double>::Identity(3, 3), y, lambda);
    // Rounding leaves a variance of about 1e-32 c^2 of C, which costs its root at most.
    CHECK(relative(guaranteed_cosine(own, lambda, T), truth) <= 1e-7);
  }
  const Conditioning conditioned = conditioning(1, 10, 0.1, 1);
  double before = 0;
  for (double T = 1; T < 1e14; T *= 10) {
    const double now = guaranteed_cosine(conditioned, 0.1, T);
    CHECK(now >= before);
    before = now;
  }
  CHECK(before > 1 - 1e-6);
  CHECK(guaranteed_cosine(conditioned, 0.1, 0) == 0);
  CHECK(guaranteed_cosine(conditioned, 0, 1) == 0);
}

TEST_CASE("the Jacobian is the derivative of a step", "[dynamics]") {
  // A step of (u, w, s) is a polynomial of degree 3 in them: central differences err by h^2.
  const ScopedDigits digits(60);
  Draw draw(12);
  for (int trial = 0; trial < 20; ++trial) {
    const Problem4 a = random_problem(draw, 10);
    const auto problem = network_with(a.K, a.y, a.lambda, a.eta, 30 + 100 * trial, trial);
    ReducedProblem<Mpfr> wide;
    const auto widen = [](const Matrix<double>& m) -> Matrix<Mpfr> {
      return m.unaryExpr([](double x) -> Mpfr { return Mpfr(x); });
    };
    wide.K = widen(problem.K), wide.S = widen(problem.S), wide.f0 = widen(problem.f0);
    wide.h = widen(problem.h), wide.y = widen(problem.y), wide.bb = widen(problem.bb);
    wide.bb0 = widen(problem.bb0), wide.b0b0 = widen(problem.b0b0);
    wide.eta = problem.eta, wide.p = problem.p, wide.penalty = problem.penalty;
    ReducedState<double> state = initial_reduced(problem);
    ReducedForward<double> at;
    for (std::size_t t = 0; t < 25; ++t) {
      forward(problem, state, at);
      step(problem, at, t, state);
    }
    forward(problem, state, at);
    const Matrix<double> J = jacobian(problem, at, 25);
    const Eigen::Index n = problem.n(), all = 2 * n + 1;
    REQUIRE(J.rows() == all);
    REQUIRE(J.cols() == all);
    const auto after = [&](Eigen::Index moved, const Mpfr& by) {
      ReducedState<Mpfr> s{Mpfr(state.c), widen(state.u), widen(state.s), widen(state.w)};
      (moved < n ? s.u(moved, 0) : moved == n ? s.w(0, 0) : s.s(moved - n - 1, 0)) += by;
      ReducedForward<Mpfr> forward_at;
      forward(wide, s, forward_at);
      step(wide, forward_at, 25, s);
      Vector<Mpfr> stacked(all);
      stacked << s.u.col(0), s.w(0, 0), s.s.col(0);
      return stacked;
    };
    const Mpfr h("1e-20");
    for (Eigen::Index j = 0; j < all; ++j) {
      const Vector<Mpfr> slope = (after(j, h) - after(j, -h)) / Mpfr(2 * h);
      for (Eigen::Index i = 0; i < all; ++i) {
        INFO("entry " << i << ", " << j);
        CHECK(std::abs(J(i, j) - to_double(slope(i))) <= 1e-12 * J.cwiseAbs().maxCoeff());
      }
    }
  }
}

TEST_CASE("stability is lost where the law's cosine reaches the onset", "[dynamics]") {
  struct Onset {
    double gamma, lambda, eta, y_norm;
  };
  for (const Onset& a : {Onset{1, 1, 0.4, 2}, Onset{0.5, 0.5, 0.8, 4}, Onset{2, 0.2, 0.3, 5}}) {
    const double onset = onset_cosine(a.gamma, a.lambda, a.eta);
    const double z = onset / std::sqrt(1 - onset * onset);
    // At the onset the curvature is 2 / eta, by definition.
    CHECK(relative(a.eta * (a.lambda + a.gamma * (1 + z * z)), 2) <= 1e-12);
    for (const std::size_t p : {std::size_t{1000000}, std::size_t{100000000}}) {
      const auto problem =
          network_with(a.gamma * Matrix<double>::Identity(3, 3),
                       Vector<double>{{1, -2, 2}} * (a.y_norm / 3), a.lambda, a.eta, p, 5);
      const double root = std::sqrt(static_cast<double>(p));
      const std::size_t every = p / 100000;
      double before = 0, cosine_before = 0;
      std::optional<double> crossing;
      ReducedState<double> state = initial_reduced(problem);
      run(problem, state, static_cast<std::size_t>(20 * root / a.eta),
          [&](std::size_t t, const auto& now, const ReducedForward<double>& at) {
            if (t % every) return true;
            const Eigen::EigenSolver<Matrix<double>> solver(jacobian(problem, at, t), false);
            const double least = solver.eigenvalues().real().minCoeff();
            const double cos = cosine(problem, now, at);
            if (least < -1)
              crossing = cosine_before + (cos - cosine_before) * (-1 - before) / (least - before);
            before = least, cosine_before = cos;
            return !crossing.has_value();
          });
      INFO("gamma " << a.gamma << ", p " << p << ", onset " << onset);
      REQUIRE(crossing.has_value());
      // Measured in slow time: 2 to 16 of 1 / sqrt p (reports/docs/alignment_law.md), where
      // the cosine grows by less than 1 a unit.
      CHECK(std::abs(*crossing - onset) <= 16 / root);
    }
  }
  CHECK(onset_cosine(2, 1, 1) == 0);    // 1 - eta (lambda + gamma) < -1 at the start
  CHECK(onset_cosine(1, 2.5, 1) == 0);  // even without data
}

TEST_CASE("more digits lose stability later, by the growth that hides the rounding", "[dynamics]") {
  const auto in_double =
      network_with(Matrix<double>::Identity(2, 2), Vector<double>{{1.2, -1.6}}, 1, 0.4, 10000, 3);
  const auto at = [&](unsigned count) {
    const ScopedDigits digits(count);
    const Matrix<double> identity = Matrix<double>::Identity(2, 2);
    Data data{"given kernel", "", array_from(identity), array_from(in_double.y)};
    NetworkSpec spec;
    spec.p = 10000, spec.activation = Activation::identity, spec.eta = 0.4, spec.seed = 3;
    spec.penalty.lambda = 1;
    return loss_of_stability(reduced_problem<Mpfr>(sample_linear_network(data, spec)), 20000);
  };
  const auto plain = loss_of_stability(in_double, 20000);
  const auto thirty = at(30), sixty = at(60);
  REQUIRE(plain.has_value());
  REQUIRE(thirty.has_value());
  REQUIRE(sixty.has_value());
  CHECK(plain->step < thirty->step);
  CHECK(thirty->step < sixty->step);
  CHECK(plain->cosine < thirty->cosine);
  CHECK(thirty->cosine < sixty->cosine);
  CHECK(plain->cosine > onset_cosine(1, 1, 0.4));  // the delay
  CHECK(relative(thirty->tau, 0.4 * static_cast<double>(thirty->step) / 100) <= 1e-15);
  // 30 digits more are 30 ln 10 more of growth, up to one step's and the luck of a rounding.
  CHECK(std::abs(sixty->gain - thirty->gain - 30 * std::log(10.0)) <= 5);
  // All that it grew from: the rounding 10^-60, times |y| / |e| and what is summed about the onset.
  INFO("gain " << sixty->gain);
  CHECK(std::abs(sixty->gain - 60 * std::log(10.0)) <= 8);
  CHECK_FALSE(loss_of_stability(in_double, plain->step - 1).has_value());
}

TEST_CASE("slow runs say when they diverged, and stop where they are told", "[dynamics]") {
  CHECK(steps_until(0, 0.1, 100) == 0);
  CHECK(steps_until(1, 0.1, 100) == 100);
  CHECK(steps_until(1.0001, 0.1, 100) == 101);
  const SlowRun run = run_on_slow_time(
      network_with(Matrix<double>::Identity(2, 2), Vector<double>{{1, 1}}, 0.1, 5, 100, 1),
      {0, 1000}, 10);
  REQUIRE(run.diverged_at.has_value());
  CHECK(std::isfinite(run.cosine[0]));
  CHECK(std::isnan(run.cosine[1]));
  CHECK(std::isnan(run.after_cut));
}

namespace {

/// The left sides of theorem D1, each divided by what its right side has beside the constant;
/// largest over a run.
struct Tracking {
  double sigma = 0, error = 0, cosine = 0;
};

/// Runs with a schedule on the slow time and, beside it, the law in the variable Lambda, lambda
/// constant over each step (midpoint rule).
Tracking tracking(ReducedProblem<double> problem, const std::function<double(double)>& lambda,
                  double tau, double contraction) {
  const double root = std::sqrt(problem.p), eta = problem.eta;
  problem.penalty = [&](std::size_t t) { return lambda(eta * static_cast<double>(t) / root); };
  const Vector<double> y = problem.y.col(0);
  const auto solve = [&](const Vector<double>& sigma, double lam, const Vector<double>& right) {
    const Vector<double> zeta = problem.K * sigma;
    Matrix<double> B = problem.K + zeta * zeta.transpose();
    B.diagonal().array() += lam;
    return Vector<double>(B.ldlt().solve(right));
  };
  Tracking worst;
  Vector<double> sigma = Vector<double>::Zero(problem.n());
  double transient = 1, driven = 0;  // q'^t and the sum of (D1b)
  ReducedState<double> state = initial_reduced(problem);
  run(problem, state, steps_until(tau, eta, problem.p),
      [&](std::size_t t, const ReducedState<double>& now, const ReducedForward<double>& at) {
        const double lam = problem.penalty(t), next = problem.penalty(t + 1);
        const Vector<double> own = now.s.col(0) / root, e = at.e.col(0);
        const double drift = root * (own - sigma).norm();
        const double off = (e + lam * solve(own, lam, y)).norm() / (transient + driven);
        const Vector<double> u = -solve(sigma, 0, y + e);
        const double omega = (problem.K * sigma).dot(u);
        const double law = omega / std::sqrt(u.dot(problem.K * u) + omega * omega);
        const double forgotten = 1 / root + std::abs(now.c) * root;
        worst.sigma = std::max(worst.sigma, drift);
        if (transient + driven > 1e-9) worst.error = std::max(worst.error, off);  // not rounding
        if (forgotten < 1)
          worst.cosine =
              std::max(worst.cosine, std::abs(cosine(problem, now, at) - law) / forgotten);
        transient *= contraction;
        driven = contraction * driven + std::abs(next - lam) + lam / root;
        const double h = eta * lam / root;
        const Vector<double> half = sigma - h / 2 * solve(sigma, lam, y);
        sigma -= h * solve(half, lam, y);
        return true;
      });
  return worst;
}

}  // namespace

TEST_CASE("theorem D1: runs track the law at distance p^{-1/2}, on every schedule", "[dynamics]") {
  Draw draw(41);
  const Matrix<double> K = draw.with_eigenvalues(Vector<double>{{0.5, 1, 2}});
  const Vector<double> y = draw.vector(3);
  const double eta = 0.1;
  const double contraction = (1 + 1 - eta * 0.5) / 2;  // q' of the proof, eta k_min = 0.05
  const std::function<double(double)> schedules[] = {
      [](double tau) { return tau < 1.5 ? 1.0 : 0.0; },
      [](double tau) { return std::exp(-tau / 2); },
      [](double tau) { return tau < 1     ? 0.5
                              : tau < 1.2 ? 0.0
                                          : 1 / (1 + tau) / (1 + tau); }};
  for (const auto& lambda : schedules) {
    const auto at_width = [&](std::size_t p) {
      Tracking worst;
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Tracking one = tracking(network_with(K, y, 1, eta, p, seed), lambda, 4, contraction);
        worst = {std::max(worst.sigma, one.sigma), std::max(worst.error, one.error),
                 std::max(worst.cosine, one.cosine)};
      }
      return worst;
    };
    const Tracking narrow = at_width(10000), wide = at_width(1000000);
    INFO("sigma " << narrow.sigma << " " << wide.sigma << ", error " << narrow.error << " "
                  << wide.error << ", cosine " << narrow.cosine << " " << wide.cosine);
    // Ten times as large at the wider network if something were off by more than p^{-1/2}.
    CHECK(wide.sigma < 1.5 * narrow.sigma);
    CHECK(wide.error < 1.5 * narrow.error);
    CHECK(wide.cosine < 1.5 * narrow.cosine);
    CHECK(wide.sigma < 5);
    CHECK(wide.error < 5);
    CHECK(wide.cosine < 5);
  }
}

TEST_CASE("a penalty may damp beta more slowly than the error is damped", "[dynamics]") {
  // |1 - eta lambda| <= |I - eta (lambda + K)| is false: only < 1 is true and needed.
  const double eta = 1, lambda = 0.1, K = 0.5;
  CHECK(std::abs(1 - eta * lambda) > std::abs(1 - eta * (lambda + K)));
  const ReducedProblem<double> problem =
      network_with(Matrix<double>{{K}}, Vector<double>::Ones(1), lambda, eta, 1000000, 1);
  ReducedState<double> state = initial_reduced(problem);
  double c_at_100 = 0;
  run(problem, state, 100,
      [&](std::size_t, const ReducedState<double>& now, const ReducedForward<double>&) {
        c_at_100 = now.c;
        return true;
      });
  CHECK(c_at_100 == Approx(std::pow(0.9, 100)).epsilon(1e-12));  // not 0.4^100
}

TEST_CASE("the law refuses what it cannot mean", "[dynamics]") {
  using Catch::Contains;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const Matrix<double> K = Matrix<double>::Identity(2, 2);
  const Vector<double> y = Vector<double>::Ones(2);
  const std::vector<double> times{0, 1};
  const auto with_K = [&](const Matrix<double>& wrong) {
    return [&, wrong] { alignment_law(wrong, y, 1.0, times); };
  };
  CHECK_THROWS_WITH(with_K(Matrix<double>{{1, 2}, {2, 1}})(), Contains("positive semidefinite"));
  CHECK_THROWS_WITH(with_K(-K)(), Contains("positive semidefinite"));
  CHECK_THROWS_WITH(with_K(Matrix<double>{{1, 0.1}, {0, 1}})(), Contains("symmetric"));
  CHECK_THROWS_WITH(with_K(Matrix<double>{{1, nan}, {nan, 1}})(), Contains("not finite"));
  CHECK_THROWS_WITH(with_K(Matrix<double>{{infinity, 0}, {0, 1}})(), Contains("not finite"));
  CHECK_THROWS_WITH(with_K(Matrix<double>::Ones(2, 3))(), Contains("2 x 3") && Contains("square"));
  CHECK_THROWS_WITH(with_K(Matrix<double>(0, 0))(), Contains("0 x 0"));
  CHECK_THROWS_WITH(with_K(Matrix<double>::Identity(3, 3))(), Contains("2 entries"));
  CHECK_THROWS_WITH(alignment_law(K, Vector<double>{{1, nan}}, 1.0, times), Contains("not finite"));
  for (const double tau : {-1.0, nan, infinity})
    CHECK_THROWS_WITH(alignment_law(K, y, 1.0, {tau}), Contains("tau") && Contains(">= 0"));
  CHECK_THROWS_WITH(alignment_law(K, y, 1.0, {2, 1}), Contains("tau = 1") && Contains(">= 2"));
  for (const double lambda : {0.0, -1.0, nan, infinity})
    CHECK_THROWS_WITH(alignment_law(K, y, lambda, times), Contains("lambda"));
  // Off by rounding only: fine.
  CHECK_NOTHROW(with_K(Matrix<double>{{1, 1e-15}, {0, 1}})());
  CHECK_NOTHROW(with_K(Matrix<double>{{1, 1}, {1, 1 - 1e-15}})());
  CHECK(alignment_law(K, y, 1.0, {}).empty());

  for (const double wrong : {0.0, -1.0, nan, infinity}) {
    CHECK_THROWS_WITH(isometric_z(wrong, 1, 1, 1), Contains("gamma"));
    CHECK_THROWS_WITH(onset_cosine(wrong, 1, 1), Contains("gamma"));
    CHECK_THROWS_WITH(onset_cosine(1, 1, wrong), Contains("eta"));
    CHECK_THROWS_WITH(conditioning(wrong, 1, 1, 1), Contains("gamma"));
  }
  for (const double wrong : {-1.0, nan, infinity}) {
    CHECK_THROWS_WITH(isometric_z(1, wrong, 1, 1), Contains("lambda"));
    CHECK_THROWS_WITH(isometric_cosine(1, 1, wrong, 1), Contains("|y|"));
    CHECK_THROWS_WITH(isometric_cosine(1, 1, 1, wrong), Contains("tau"));
    CHECK_THROWS_WITH(onset_cosine(1, wrong, 1), Contains("lambda"));
    CHECK_THROWS_WITH(conditioning(1, 1, wrong, 1), Contains("lambda"));
    CHECK_THROWS_WITH(conditioning(1, 1, 1, wrong), Contains("|y|"));
    CHECK_THROWS_WITH(guaranteed_cosine(Conditioning{}, wrong, 1), Contains("lambda"));
    CHECK_THROWS_WITH(guaranteed_cosine(Conditioning{}, 1, wrong), Contains("T"));
    CHECK_THROWS_WITH(conditioning(K, y, wrong), Contains("lambda"));
  }
  CHECK_THROWS_WITH(conditioning(1, 0.5, 1, 1), Contains("condition number"));
  CHECK_THROWS_WITH(conditioning(Matrix<double>{{1, 0}, {0, 0}}, y, 1.0),
                    Contains("positive definite"));
}
