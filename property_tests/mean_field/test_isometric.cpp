// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/isometric.hpp>

#include <cmath>
#include <numbers>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

Vector<double> vector(std::initializer_list<double> values) {
  Vector<double> v(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), v.begin());
  return v;
}

const Activation arctan{"arctan"}, silu{"silu"};
const std::vector<Activation> smooth = {Activation::tanh,
                                        Activation::sigmoid,
                                        Activation::softplus,
                                        Activation::erf,
                                        Activation::gelu,
                                        arctan,
                                        silu};

/// F with F' = 1 / psi', where it is elementary.
struct ClosedFlow {
  Activation psi;
  double (*F)(double);
};
const std::vector<ClosedFlow> closed_flows = {
    {Activation::tanh, [](double x) { return x / 2 + std::sinh(2 * x) / 4; }},
    {Activation::sigmoid, [](double x) { return 2 * x + 2 * std::sinh(x); }},
    {Activation::softplus, [](double x) { return x - std::exp(-x); }},
    {arctan, [](double x) { return x + x * x * x / 3; }},
    {Activation::identity, [](double x) { return x; }}};

double closed_form(const ClosedFlow& flow, double x, double s) {
  const double goal = flow.F(x) + s;
  double low = -1, high = 1;
  while (flow.F(low) > goal) low *= 2;
  while (flow.F(high) < goal) high *= 2;
  for (int k = 0; k < 64; ++k) {
    const double middle = (low + high) / 2;
    (flow.F(middle) < goal ? low : high) = middle;
  }
  return (low + high) / 2;
}

double density(double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

}  // namespace

TEST_CASE("the flow of an activation is that of its closed form", "[mean_field][property]") {
  check_property("F(Phi_s(x)) = F(x) + s", [] {
    const ClosedFlow& flow_of = *rc::gen::elementOf(closed_flows);
    const double x = *rc::gen::inRange(-4000, 4000) / 1000.0;
    const double s = *rc::gen::inRange(-50000, 50000) / 1000.0;
    const double there = flow(flow_of.psi, x, s), expected = closed_form(flow_of, x, s);
    RC_ASSERT(std::abs(there - expected) <= 1e-11 * (1 + std::abs(expected)));
  });
  check_property("Phi_s Phi_r = Phi_(s + r)", [] {
    const Activation psi = *rc::gen::elementOf(smooth);
    const double x = *rc::gen::inRange(-3000, 3000) / 1000.0;
    const double s = *rc::gen::inRange(0, 5000) / 1000.0, r = *rc::gen::inRange(0, 5000) / 1000.0;
    RC_ASSERT(std::abs(flow(psi, flow(psi, x, s), r) - flow(psi, x, s + r)) <= 1e-11);
    RC_ASSERT(std::abs(flow(psi, flow(psi, x, s), -s) - x) <= 1e-9);
  });
}

TEST_CASE("a unit of relu moves while it is active and dies at 0", "[mean_field]") {
  CHECK(flow(Activation::relu, 1, 2) == 3);
  CHECK(flow(Activation::relu, 1, -0.5) == 0.5);
  CHECK(flow(Activation::relu, 1, -2) == 0);
  CHECK(flow(Activation::relu, -1, 5) == -1);
  // q and q2 are closed; here by the trapezoidal rule on either side of the kinks.
  const double gamma = 2;
  IsometricFlow along(Activation::relu, gamma);
  for (double s : {-40.0, -3.0, -0.5, 0.0, 0.7, 4.0}) {
    double q = 0, q2 = 0;
    const double h = 1e-4, start = std::max(0.0, -s / std::sqrt(gamma));
    for (int k = 0; k <= 90000; ++k) {
      // At the kink the limit from above: a unit at 0 itself is dead.
      const double g = start + (k == 0 ? 1e-300 : h * k);
      const double weight = h * (k == 0 ? 0.5 : 1.0) * density(g);
      const double psi = std::max(0.0, flow(Activation::relu, std::sqrt(gamma) * g, s));
      q += weight * psi, q2 += weight * psi * psi;
    }
    CHECK_THAT(along(s).q, Catch::WithinAbs(q, 1e-8));  // h^2 / 12 times the slope at the kink
    CHECK_THAT(along(s).q2, Catch::WithinAbs(q2, 1e-8));
  }
}

TEST_CASE("means along the flow against another quadrature, early and late", "[mean_field]") {
  // The trapezoidal rule in g, by steps far below the width of where tanh along the flow changes,
  // which is about 1/s; so many nodes does the library need there, too.
  const ClosedFlow& tanh = closed_flows.front();
  struct Case {
    double gamma, s, allowed;
    std::size_t panels;
  };
  for (const auto& [gamma, s, allowed, panels] :
       {Case{0.5, 0.3, 1e-12, 100}, Case{3, -2, 1e-11, 100}, Case{0.5, 40, 1e-8, 100},
        Case{0.5, 40, 1e-11, 800}, Case{3, 40, 1e-9, 800}, Case{3, 40, 2e-4, 100}}) {
    INFO(gamma << " " << s << " " << panels);
    IsometricFlow along(Activation::tanh, gamma, {panels, 24, 24});
    double q = 0, q2 = 0;
    const double h = 1e-3;
    for (double g = -9; g <= 9; g += h) {
      const double value = std::tanh(closed_form(tanh, std::sqrt(gamma) * g, s));
      q += h * density(g) * value, q2 += h * density(g) * value * value;
    }
    CHECK_THAT(along(s).q, Catch::WithinAbs(q, allowed));
    CHECK_THAT(along(s).q2, Catch::WithinAbs(q2, allowed));
  }
}

TEST_CASE("isometric data: the published reference values, to 12 digits", "[mean_field]") {
  // Printed by an independent program, which solves the quadrature by an ODE solver, with panels of
  // Gauss and Legendre's rule in both variables and Newton's method on F.
  struct Reference {
    Activation psi;
    double gamma;
    std::vector<double> cosine, error;  // at tau = 1, 3
  };
  const std::vector<Reference> references = {
      {Activation::tanh, 1, {0.659406880858, 0.843675353990}, {1.203517822401, 0.878932501496}},
      {Activation::relu, 2, {0.351456616351, 0.537167550493}, {0.576610223967, 0.363021897140}},
      {Activation::identity,
       2,
       {0.634169860813, 0.863545356962},
       {0.460252528193, 0.225604941948}}};
  const IsometricData ones{1, Vector<double>::Ones(4)};
  for (const Reference& each : references) {
    INFO(each.psi.name());
    for (const auto& solve : {&isometric_law, &isometric_quadrature}) {
      const auto points = solve({each.gamma, ones.y}, each.psi, 1, {1, 3}, {});
      for (std::size_t k = 0; k < 2; ++k) {
        CHECK_THAT(points[k].field.cosine, Catch::WithinAbs(each.cosine[k], 1e-12));
        CHECK_THAT(points[k].field.error, Catch::WithinAbs(each.error[k], 1e-12));
        CHECK(points[k].field.error_estimate < 1e-13);
      }
    }
  }
  for (double tau : {0.1, 1.0, 30.0})
    CHECK_THAT(
        isometric_quadrature({2, ones.y}, Activation::identity, 0.5, {tau}).back().field.cosine,
        Catch::WithinAbs(isometric_cosine(2, 0.5, 2, tau), 1e-13));
}

TEST_CASE("the quadrature is the differential equation where all targets have one size",
          "[mean_field]") {
  for (const Activation& psi : smooth) {
    INFO(psi.name());
    const bool odd = properties(psi).reflection == Reflection::odd;
    const IsometricData data{1.5, odd ? vector({0.7, -0.7, 0.7}) : vector({-0.7, -0.7, -0.7})};
    // The equality is exact at any number of nodes that resolve the path.
    const IsometricOptions options{odd ? FeedbackLaw::signs : FeedbackLaw::normal, {15, 20, 18}};
    const auto ode = isometric_law(data, psi, 0.4, {0, 0.5, 2}, options);
    const auto quadrature = isometric_quadrature(data, psi, 0.4, {0, 0.5, 2}, options);
    for (std::size_t k = 0; k < ode.size(); ++k) {
      CHECK_THAT(ode[k].field.cosine, Catch::WithinAbs(quadrature[k].field.cosine, 1e-11));
      CHECK_THAT(ode[k].M(1), Catch::WithinAbs(quadrature[k].M(1), 1e-11));
      CHECK_THAT(ode[k].field.cosine_after_cut,
                 Catch::WithinAbs(ode[k].field.cosine, 1e-12));  // the cut moves nothing
    }
    CHECK(ode[0].field.cosine == 0);
  }
}

TEST_CASE("as many targets of each sign: a quadrature for every activation", "[mean_field]") {
  const IsometricData data{0.8, vector({0.9, -0.9, -0.9, 0.9})};
  for (const Activation& psi : {Activation::sigmoid, Activation::softplus, Activation::relu}) {
    INFO(psi.name());
    const IsometricOptions options{FeedbackLaw::normal, {20, 14, 16}};
    const auto equation = isometric_law(data, psi, 1, {3}, options).back();
    const auto quadrature = isometric_quadrature(data, psi, 1, {3}, options).back();
    CHECK_THAT(equation.field.cosine, Catch::WithinAbs(quadrature.field.cosine, 1e-11));
    CHECK_THAT(equation.field.error, Catch::WithinAbs(quadrature.field.error, 1e-11));
    CHECK_THAT(equation.field.cosine_after_cut, Catch::WithinAbs(equation.field.cosine, 1e-11));
    CHECK_THAT(equation.M(1), Catch::WithinAbs(-equation.M(0), 1e-11));
    // The curvature is largest along (1, ..., 1), not along the targets.
    if (properties(psi).reflection == Reflection::step) continue;  // and then it falls
    const double eta = 2 / (1 + equation.field.spectrum.maxCoeff());
    const auto onset = isometric_onset(data, psi, 1, eta, 6, options);
    REQUIRE(onset);
    CHECK_THAT(onset->field.tau, Catch::WithinAbs(3, 1e-6));
  }
}

TEST_CASE("isometric data against particles, targets of different sizes", "[mean_field]") {
  const IsometricData data{1.2, vector({1.0, -0.4})};
  for (const Activation& psi : {Activation::tanh, Activation::gelu}) {
    INFO(psi.name());
    const LawData general{data.gamma * Matrix<double>::Identity(2, 2), data.y};
    const auto particles = mean_field_law(
        general, psi, quasi_random_cloud(general.K, 1, 1 << 16, 5), SlowPenalty{}, {0.5, 2});
    const auto points = isometric_law(data, psi, 1, {0.5, 2}, {FeedbackLaw::normal, {50, 16, 18}});
    for (std::size_t k = 0; k < points.size(); ++k) {
      const FieldPoint &a = points[k].field, &b = particles[k];
      const double allowed = 2 * b.error_estimate;  // an interval at 99 %, of one cloud
      CHECK(allowed < 1.5e-3);
      CHECK_THAT(a.cosine, Catch::WithinAbs(b.cosine, allowed));
      CHECK_THAT(a.cosine_after_cut, Catch::WithinAbs(b.cosine_after_cut, allowed));
      CHECK_THAT(a.error, Catch::WithinAbs(b.error, allowed * data.y.norm()));
    }
    const FieldPoint& end = points.back().field;
    CHECK(std::abs(end.cosine - end.cosine_after_cut) > 1e-3);  // here the cut moves it
  }
}

TEST_CASE("the stated error of isometric data covers that of few nodes", "[mean_field]") {
  const IsometricData data{2, vector({1.0, 0.5})};
  const auto best = isometric_law(data, Activation::tanh, 1, {5}).back().field;
  double coarsest = 0;
  for (std::size_t size : {8, 12, 20}) {
    const IsometricOptions few{FeedbackLaw::normal, {size, size / 2, size / 2}};
    const auto point = isometric_law(data, Activation::tanh, 1, {5}, few).back().field;
    const double off = std::abs(point.cosine - best.cosine);
    CHECK(off <= 3 * point.error_estimate);
    coarsest = std::max(coarsest, off);
  }
  CHECK(coarsest > 1e-7);  // there was something to cover
  CHECK(best.error_estimate < 1e-7);
}

TEST_CASE("late times of isometric data: what bounds the alignment", "[mean_field]") {
  const double normal_limit = std::sqrt(2 / std::numbers::pi);
  const IsometricData odd{1, vector({1, -1})}, equal{1, vector({1, 1})};
  const auto approaches = [](const IsometricData& data, const Activation& psi, double limit,
                             FeedbackLaw feedback = FeedbackLaw::normal) {
    INFO(psi.name());
    const auto points = isometric_law(data, psi, 1, {300, 30000}, {feedback, {30, 12, 14}});
    const double off = points[0].field.cosine - limit, off_late = points[1].field.cosine - limit;
    CHECK(std::abs(off_late) < 0.3 * std::abs(off));
    CHECK(std::abs(off_late) < 2e-3);
    CHECK(points[1].field.error_estimate < 1e-4);
  };
  approaches(odd, Activation::tanh, normal_limit);
  approaches(odd, Activation::tanh, 1, FeedbackLaw::signs);
  approaches(equal, Activation::sigmoid, 1 / std::sqrt(std::numbers::pi));
  approaches(odd, Activation::sigmoid, normal_limit);
  approaches(equal, Activation::relu, 1 / std::sqrt(2 * (1 + 1.0 / 2)));
  approaches(odd, Activation::relu, 1 / std::sqrt(1 + 2.0 / 2));
}

TEST_CASE("late times of isometric data: reference values", "[mean_field]") {
  // Moments of sigmoid where M is large, by the trapezoidal rule in g and in log |b|.
  const ClosedFlow& sigmoid = closed_flows.at(1);
  const double M = 350, h = 0.1, h_b = 0.08;
  double g2 = 0, g11 = 0, mixed = 0, phi = 0;
  for (double t = std::log(1e-8); t < std::log(9.0); t += h_b) {
    const double b = std::exp(t), weight = h_b * b * density(b);
    double q = 0, q2 = 0;  // at b M; at -b M they are 1 - q and 1 - 2 q + q2
    for (double g = -9; g <= 9; g += h) {
      const double value = 1 / (1 + std::exp(-closed_form(sigmoid, g, b * M)));
      q += h * density(g) * value, q2 += h * density(g) * value * value;
    }
    g2 += weight * (1 - 2 * q + 2 * q2), g11 += weight * (q * q + (1 - q) * (1 - q));
    mixed += weight * 2 * q * (1 - q), phi += weight * b * (2 * q - 1);
  }
  IsometricFlow along(Activation::sigmoid, 1);
  const Moments at = isometric_moments(along, vector({M, -M}), FeedbackLaw::normal);
  CHECK_THAT(at.G(0, 0), Catch::WithinAbs(g2, 1e-7));
  CHECK_THAT(at.G(0, 1), Catch::WithinAbs(mixed, 1e-7));
  CHECK_THAT(at.phi(0), Catch::WithinAbs(phi, 1e-7));
  const auto equal = isometric_moments(along, vector({M, M}), FeedbackLaw::normal);
  CHECK_THAT(equal.G(0, 1), Catch::WithinAbs(g11, 1e-7));

  const IsometricOptions few{FeedbackLaw::normal, {30, 12, 14}};
  const auto one_sign =
      isometric_quadrature({1, vector({1, 1, 1, 1})}, Activation::sigmoid, 1, {1000}, few);
  const auto both =
      isometric_quadrature({1, vector({1, 1, -1, -1})}, Activation::sigmoid, 1, {1000}, few);
  CHECK_THAT(one_sign.back().field.cosine, Catch::WithinAbs(0.56785, 1e-5));
  CHECK_THAT(both.back().field.cosine, Catch::WithinAbs(0.81010, 1e-5));
}

TEST_CASE("alignment of saturating units rises above its limit and falls again", "[mean_field]") {
  struct Reference {
    Eigen::Index n;
    double tau, cosine;
  };
  for (const auto& [n, tau, cosine] : {Reference{1, 38, 0.811}, {4, 9, 0.877}, {50, 5.2, 0.964}}) {
    INFO(n);
    std::vector<double> times;
    for (int k = -4; k <= 4; ++k) times.push_back(tau * std::exp(0.1 * k));
    times.push_back(40 * tau);
    const auto points = isometric_quadrature({1, Vector<double>::Ones(n)}, Activation::tanh, 1,
                                             times, {FeedbackLaw::normal, {30, 12, 12}});
    const auto largest = std::max_element(
        points.begin(), points.end(),
        [](const auto& a, const auto& b) { return a.field.cosine < b.field.cosine; });
    CHECK_THAT(largest->field.cosine, Catch::WithinAbs(cosine, 5e-4));
    CHECK_THAT(largest->field.tau, Catch::WithinRel(tau, 0.11));
    CHECK(largest->field.cosine > points.front().field.cosine + 1e-4);
    CHECK(largest->field.cosine > points.back().field.cosine + 5e-3);
    CHECK(largest->field.error_estimate < 1e-4);
  }
}

TEST_CASE("the balance of isometric data: phi.m = dV / dLambda", "[mean_field]") {
  const IsometricData data{1.5, vector({1.0, -0.3, 0.6})};
  for (const Activation& psi : {Activation::tanh, Activation::softplus, Activation::relu}) {
    INFO(psi.name());
    const double lambda = 0.5, from = 0.5, to = 2;
    const std::size_t steps = 64;  // Simpson's rule
    std::vector<double> times;
    for (std::size_t k = 0; k <= steps; ++k)
      times.push_back(from + (to - from) * static_cast<double>(k) / static_cast<double>(steps));
    const IsometricOptions options{FeedbackLaw::normal, {40, 14, 14}};
    const auto points = isometric_law(data, psi, lambda, times, options);
    double integral = 0;
    for (std::size_t k = 0; k <= steps; ++k) {
      const FieldPoint& at = points[k].field;
      const double weight = k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2;
      integral += weight * (to - from) / static_cast<double>(3 * steps) * lambda *
                  at.moments.phi.col(0).dot(at.m.col(0));
    }
    IsometricFlow along(psi, data.gamma, options.nodes);
    const double V = isometric_potential(along, points.back().M, options.feedback) -
                     isometric_potential(along, points.front().M, options.feedback);
    CHECK_THAT(V, Catch::WithinRel(integral, 1e-8));
    CHECK_THAT(
        isometric_potential(along, -points.back().M, options.feedback),  // even
        Catch::WithinRel(isometric_potential(along, points.back().M, options.feedback), 1e-10));
  }
}

TEST_CASE("the onset of isometric data is where a step ceases to contract", "[mean_field]") {
  const IsometricData data{2, Vector<double>::Ones(4)};
  const auto onset = isometric_onset(data, Activation::relu, 1, 0.3, 50);
  REQUIRE(onset);
  const auto at = isometric_law(data, Activation::relu, 1, {onset->field.tau}).back().field;
  CHECK_THAT(0.3 * (1 + at.spectrum.maxCoeff()), Catch::WithinAbs(2, 1e-10));
  CHECK_THAT(at.cosine, Catch::WithinAbs(onset->field.cosine, 1e-11));
  CHECK_FALSE(isometric_onset(data, Activation::relu, 1, 0.3, onset->field.tau - 1e-6));
  CHECK_FALSE(isometric_onset({1, data.y}, Activation::tanh, 1, 0.39, 1000));  // bounded by 5
  // The identity's is in closed form.
  const auto linear = isometric_onset(data, Activation::identity, 1, 0.2, 50);
  REQUIRE(linear);
  CHECK_THAT(linear->field.cosine, Catch::WithinAbs(onset_cosine(2, 1, 0.2), 1e-12));
}

TEST_CASE("what isometric data are not is said before any work", "[mean_field]") {
  using Catch::Contains;
  const IsometricData data{1, vector({1, 1})};
  const auto solve = [](const IsometricData& of, const Activation& psi, double lambda,
                        std::vector<double> times) {
    return isometric_quadrature(of, psi, lambda, times);
  };
  CHECK_THROWS_WITH(solve(data, Activation::tanh, 0, {1}), Contains("lambda = 0"));
  CHECK_THROWS_WITH(solve({0, data.y}, Activation::tanh, 1, {1}), Contains("gamma = 0"));
  CHECK_THROWS_WITH(solve(data, Activation::tanh, 1, {-1}), Contains("tau = -1"));
  CHECK_THROWS_WITH(solve(data, Activation::tanh, 1, {2, 1}), Contains("tau = 1"));
  CHECK_THROWS_WITH(solve({1, vector({0, 0})}, Activation::tanh, 1, {1}), Contains("not all 0"));
  CHECK_THROWS_WITH(solve({1, vector({1, 2})}, Activation::tanh, 1, {1}),
                    Contains("[1, 2]") && Contains("of equal size"));
  CHECK_THROWS_WITH(solve({1, vector({1, -1, 1})}, Activation::sigmoid, 1, {1}),
                    Contains("[1, -1, 1]") && Contains("not odd"));
  CHECK_THROWS_AS(isometric_onset(data, Activation::tanh, 1, 0, 1), InputError);
  CHECK_THROWS_AS(flow(Activation::tanh, NAN, 1), InputError);
  CHECK_THROWS_AS(flow(Activation{"unknown"}, 0, 1), InputError);
}
