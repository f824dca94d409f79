// SPDX-License-Identifier: Apache-2.0
// Law certificates: what is true is accepted, what is altered is refused, by quadratures that share
// nothing with the checker's.
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>

#include <arb_hypgeom.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/sha256.hpp>

#include "check/checker.hpp"
#include "check/decide_law.hpp"
#include "check/erf_flow.hpp"
#include "check/error_functions.hpp"
#include "check/flow_means.hpp"
#include "check/isometric_law.hpp"
#include "check/normal_rule.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "tamper/law_truth.hpp"

using namespace alignproof;
using check::Ball;
using check::Decision;
namespace fs = std::filesystem;

namespace {

Decision decision_of(const LawCertificate& c) {
  return check::verify(c, 128, 128).decision;
}

constexpr double half_width = 1e-12;  ///< of the bounds, relative

LawBounds around(double value, double relative) {
  return {value * (1 - relative), value * (1 + relative)};
}

LawCertificate statement(const Activation& psi, std::size_t n, double gamma, double tau) {
  LawCertificate c;
  c.activation = psi, c.gamma = gamma, c.lambda = 0.75, c.tau = tau;
  c.y = Array({n});
  for (double& y : c.y.values) y = -1.25;
  return c;
}

/// What the truth says, with little room.
LawCertificate true_certificate(LawCertificate c) {
  const truth::LawTruth v = truth::law_truth(c);
  c.values = {.M = around(v.M, 5e-16),
              .cosine = around(v.cosine, half_width),
              .error = around(v.error, half_width),
              .smallest = around(v.smallest, half_width),
              .largest = around(v.largest, half_width)};
  return c;
}

const LawCertificate& some(const Activation& psi) {
  static const LawCertificate identity =
                                  true_certificate(statement(Activation::identity, 3, 2, 0.5)),
                              tanh = true_certificate(statement(Activation::tanh, 3, 0.5, 0.5)),
                              erf = true_certificate(statement(Activation::erf, 3, 0.05, 0.4)),
                              sigmoid = true_certificate(statement(Activation::sigmoid, 3, 2, 2)),
                              relu = true_certificate(statement(Activation::relu, 3, 2, 1.5));
  for (const LawCertificate* c : {&identity, &tanh, &erf, &sigmoid, &relu})
    if (c->activation == psi) return *c;
  throw std::logic_error("no such certificate");
}

const Activation enclosed[] = {Activation::identity, Activation::tanh, Activation::erf,
                               Activation::sigmoid, Activation::relu};

/// The middle of a ball is near, and the exact value in it.
void check_encloses(const Ball& ball, const Ball& exact, double radius) {
  INFO(check::text(ball, 25) << " for " << check::text(exact, 25));
  CHECK(check::at_least(check::radius(ball), check::abs(ball - exact)) != Decision::violated);
  CHECK(arb_overlaps(ball.get(), exact.get()));
  CHECK(check::greater(check::radius(ball), radius) != Decision::proved);
}

}  // namespace

TEST_CASE("every bound of a law certificate is refused beyond the truth", "[check]") {
  for (const Activation& psi : enclosed) {
    const LawCertificate& good = some(psi);
    INFO(to_string(psi));
    CHECK(decision_of(good) == Decision::proved);
    for (const LawQuantity& quantity : law_quantities) {
      const auto moved = [&](double lower, double upper) {
        LawCertificate c = good;
        LawBounds& bounds = c.values.*quantity.bounds;
        bounds = {bounds.lower * (1 + lower), bounds.upper * (1 + upper)};
        INFO(quantity.name << " moved by " << lower << ", " << upper);
        return decision_of(c);
      };
      CHECK(moved(5e-12, 5e-12) == Decision::violated);
      CHECK(moved(-5e-12, -5e-12) == Decision::violated);
      CHECK(moved(-5e-14, 5e-14) == Decision::proved);
    }
  }
}

TEST_CASE("values of another law are refused", "[check]") {
  for (const Activation& psi : enclosed) {
    const LawCertificate& good = some(psi);
    const auto altered = [&](const std::function<void(LawCertificate&)>& change) {
      LawCertificate c = good;
      change(c);
      CHECK(decision_of(c) == Decision::violated);
      if (psi != Activation::identity && psi != Activation::relu) return;  // the truth takes long
      const truth::LawTruth v = truth::law_truth(c, false);
      CHECK((v.M < good.values.M.lower * (1 - 1e-8) || v.M > good.values.M.upper * (1 + 1e-8)));
    };
    INFO(to_string(psi));
    for (const double factor : {1 - 1e-6, 1 + 1e-6}) {
      altered([&](LawCertificate& c) { c.gamma *= factor; });
      altered([&](LawCertificate& c) { c.lambda *= factor; });
      altered([&](LawCertificate& c) { c.tau *= factor; });
      altered([&](LawCertificate& c) {
        for (double& y : c.y.values) y *= factor;
      });
    }
    altered([&](LawCertificate& c) { c.y = Array({4}), c.y.values.assign(4, good.y.values[0]); });
  }
  LawCertificate other = some(Activation::tanh);
  other.activation = Activation::identity;
  CHECK(decision_of(other) == Decision::violated);
}

TEST_CASE("the bracket of M decides about tau alone", "[check]") {
  // Wide bounds of everything else.
  LawCertificate c = some(Activation::relu);
  const double M = c.values.M.lower;
  for (const LawQuantity& quantity : law_quantities) {
    LawBounds& bounds = c.values.*quantity.bounds;
    bounds = {bounds.lower * 0.5, bounds.upper * 2};
  }
  c.values.M = around(M, 1e-9);
  CHECK(decision_of(c) == Decision::proved);
  c.values.M = {M * (1 + 3e-9), M * (1 + 4e-9)};
  CHECK(decision_of(c) == Decision::violated);
  c.values.M = {M * (1 - 4e-9), M * (1 - 3e-9)};
  CHECK(decision_of(c) == Decision::violated);
  // True, and too wide to tell the other values from it.
  c = some(Activation::relu);
  c.values.M = {M * 0.99, M * 1.01};
  CHECK(decision_of(c) == Decision::undecided);
  c = some(Activation::sigmoid);
  c.values.M = {c.values.M.lower * 0.99, c.values.M.upper * 1.01};
  CHECK(decision_of(c) == Decision::undecided);
}

TEST_CASE("premises of the isometric law are asked", "[check]") {
  for (const Activation& psi : enclosed) {
    INFO(to_string(psi));
    const LawCertificate& good = some(psi);
    const auto with = [&](const std::function<void(LawCertificate&)>& change) {
      LawCertificate c = good;
      change(c);
      return decision_of(c);
    };
    const bool odd = psi != Activation::sigmoid && psi != Activation::relu;
    CHECK(with([](LawCertificate& c) { c.y.values[1] *= -1; }) ==
          (odd ? Decision::proved : Decision::violated));
    CHECK(with([](LawCertificate& c) {
            for (double& y : c.y.values) y *= -1;
          }) == Decision::proved);
    CHECK(with([](LawCertificate& c) { c.y.values[2] = std::nextafter(c.y.values[2], 0); }) ==
          Decision::violated);
    CHECK(with([](LawCertificate& c) { c.y.values[0] = std::nextafter(c.y.values[0], 0); }) ==
          Decision::violated);
    CHECK(with([](LawCertificate& c) { c.y = Array({3}); }) == Decision::violated);
    for (const double bad : {0.0, -0.0, -1.0}) {
      CHECK(with([&](LawCertificate& c) { c.gamma = bad; }) == Decision::violated);
      CHECK(with([&](LawCertificate& c) { c.lambda = bad; }) == Decision::violated);
      CHECK(with([&](LawCertificate& c) { c.tau = bad; }) == Decision::violated);
    }
    CHECK(with([](LawCertificate& c) { c.values.M.lower = -1; }) == Decision::violated);
    CHECK(with([](LawCertificate& c) { std::swap(c.values.M.lower, c.values.M.upper); }) ==
          Decision::violated);
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
      for (const auto& number :
           {std::function<double&(LawCertificate&)>([](auto& c) -> double& { return c.gamma; }),
            {[](auto& c) -> double& { return c.lambda; }},
            {[](auto& c) -> double& { return c.tau; }},
            {[](auto& c) -> double& { return c.values.M.upper; }},
            {[](auto& c) -> double& { return c.values.cosine.lower; }}})
        CHECK(with([&](LawCertificate& c) { number(c) = bad; }) != Decision::proved);
  }
  LawCertificate c = some(Activation::tanh);
  for (const char* other : {"silu", "gelu", "softplus", "arctan", "step"}) {
    c.activation = Activation(other);
    CHECK_THROWS_AS(decision_of(c), InputError);
  }
}

TEST_CASE("one sample has one eigenvalue", "[check]") {
  LawCertificate c = true_certificate(statement(Activation::relu, 1, 2, 1));
  CHECK(decision_of(c) == Decision::proved);
  CHECK(c.values.smallest.lower == c.values.largest.lower);
  c.values.smallest.upper = c.values.smallest.lower;
  CHECK(decision_of(c) == Decision::violated);
}

TEST_CASE("a law certificate is decided with as many bits as it takes, and as much work",
          "[check]") {
  const LawCertificate& c = some(Activation::sigmoid);
  const check::Findings few = check::verify(c, 32, 32), more = check::verify(c, 32, 256);
  CHECK(few.decision == Decision::undecided);
  CHECK(more.decision == Decision::proved);
  CHECK(more.bits == 128);
  CHECK(more.work > few.work);
  for (const auto& change : {std::function<void(LawCertificate&)>([](auto& c) { c.gamma = 1e9; }),
                             {[](auto& c) { c.values.M.lower = c.values.M.upper = 1e9; }},
                             {[](auto& c) { c.gamma = 1e300, c.values.M.upper = 1e300; }}}) {
    LawCertificate large = some(Activation::tanh);
    change(large);
    const check::Findings found = check::verify(large, 128, 256);
    CHECK(found.decision == Decision::undecided);
    CHECK(found.conditions.back().inequality == "work within the budget");
  }
}

TEST_CASE("enclosures of the isometric law at two precisions overlap", "[check]") {
  const auto overlap = [](const Ball& x, const Ball& y) {
    INFO(check::text(x, 40) << " and " << check::text(y, 40));
    CHECK(arb_overlaps(x.get(), y.get()));
    CHECK(arb_rel_accuracy_bits(y.get()) > 40);
  };
  for (const Activation& psi : enclosed)
    for (const double gamma : {0.01, 1.0}) {
      INFO(to_string(psi) << ", gamma = " << gamma);
      const Ball M = 0.2;
      const auto at = [&](long bits) {
        const check::PrecisionScope scope(bits);
        check::Budget budget(1e9);
        return check::isometric_law(psi, gamma, M, M, budget);
      };
      const check::IsometricLaw coarse = at(64), fine = at(128);
      for (const auto which : {&check::IsometricMoments::g2, &check::IsometricMoments::g11,
                               &check::IsometricMoments::phi})
        overlap(coarse.between.*which, fine.between.*which);
      for (const auto which : {&check::IsometricIntegrals::g2, &check::IsometricIntegrals::g11}) {
        overlap(coarse.to_low.*which, fine.to_low.*which);
        overlap(coarse.to_high.*which, fine.to_high.*which);
      }
    }
}

TEST_CASE("all M of a bracket are enclosed", "[check]") {
  const check::PrecisionScope scope(64);
  for (const Activation& psi : enclosed) {
    INFO(to_string(psi));
    check::Budget budget(1e9);
    const auto over = [&](double low, double high) {
      return check::isometric_law(psi, 1.5, low, high, budget);
    };
    const check::IsometricLaw wide = over(0.25, 1);
    for (const double M : {0.25, 0.5, 1.0}) {
      const check::IsometricLaw at = over(M, M);
      for (const auto which : {&check::IsometricMoments::g2, &check::IsometricMoments::g11,
                               &check::IsometricMoments::phi})
        CHECK(arb_overlaps((wide.between.*which).get(), (at.between.*which).get()));
      if (M == 0.5) continue;
      const check::IsometricIntegrals& to = M == 1 ? wide.to_high : wide.to_low;
      for (const auto which : {&check::IsometricIntegrals::g2, &check::IsometricIntegrals::g11})
        CHECK(arb_overlaps((to.*which).get(), (at.to_low.*which).get()));
    }
  }
}

TEST_CASE("means over a normal variable, with rules that are good or bad", "[check]") {
  const check::PrecisionScope scope(128);
  for (const double strip : {0.4, 2.0}) {
    // f(b) = exp(-(b^2 + w^2)/2) is at most 1 on |Im b| <= w.
    const double w = strip;
    const Ball height = check::exp(Ball(-w * w / 2));
    const auto compare = [&](const check::Panels& panels, double radius) {
      const check::NormalRule rule = check::normal_rule(panels, strip);
      Ball even, odd, course, mass;
      for (const auto& point : rule.points) {
        const Ball f = check::exp(0 - (check::square(point.b) + w * w) / 2);
        even += point.even * f, odd += point.odd * f, course += point.course * f;
        mass += point.even;
      }
      INFO("strip " << strip << ", " << panels.count() << " points");
      check_encloses(check::widened(even, rule.even_error), height / check::sqrt(2), radius);
      check_encloses(check::widened(odd, rule.odd_error), height / check::sqrt(2 * check::pi()),
                     radius);
      Ball asinh_1;
      arb_asinh(asinh_1.get(), Ball(1.0).get(), check::precision());
      check_encloses(check::widened(course, rule.course_error), height * asinh_1, radius);
      check_encloses(check::widened(mass, rule.even_error), 1, radius);
    };
    compare(check::panels_for(strip, 0x1p-64), 0x1p-62);
    compare(check::panels_for(strip, 0x1p-20), 0x1p-18);
    const double everything = std::numeric_limits<double>::infinity();
    for (const std::size_t points : {2u, 3u, 5u}) compare({3, {points, points}}, everything);
    compare({1, {8}}, everything);  // what is beyond 1 is missed
    compare({8, {1}}, everything);
  }
  // A pole just beyond the strip: E 1/(a^2 + b^2) = sqrt(pi/2) exp(a^2/2) erfc(a/sqrt 2) / a.
  for (const double strip : {0.4, 2.0}) {
    const Ball a = strip * 1.0625, a2 = check::square(a), height = a2 - strip * strip;
    const Ball exact = height * check::sqrt(check::pi() / 2) * check::exp(a2 / 2) *
                       check::erfc(a / check::sqrt(2)) / a;
    for (const std::size_t points : {3u, 10u, 30u}) {
      const check::NormalRule rule = check::normal_rule({8, {points, points, points}}, strip);
      Ball even;
      for (const auto& point : rule.points)
        even += point.even * height / (a2 + check::square(point.b));
      INFO("a pole beyond " << strip << ", " << points << " points");
      check_encloses(check::widened(even, rule.even_error), exact, 1e9);
    }
  }
  // Without points nothing is known.
  const check::NormalRule none = check::normal_rule({}, 1);
  CHECK_FALSE(arb_is_finite(none.even_error.get()));
  CHECK_FALSE(arb_is_finite(none.odd_error.get()));
  CHECK_FALSE(arb_is_finite(none.course_error.get()));
}

TEST_CASE("erf and the integral of exp(t^2) by Taylor polynomials", "[check]") {
  const double everything = std::numeric_limits<double>::infinity();
  for (const long bits : {24L, 64L, 128L}) {
    const check::PrecisionScope scope(bits);
    check::ErrorFunctions functions;
    // In the middle between two of the points they are worst.
    for (const double x : {0.0, 0.03125, 0.09, 0.40625, 1.0, 2.15625, -2.15625, 5.09375, 9.97}) {
      INFO(bits << " bits, x = " << x);
      const check::PrecisionScope exact(bits + 200);
      Ball erfi;
      arb_hypgeom_erfi(erfi.get(), Ball(x).get(), check::precision());
      const Ball growing = erfi * check::sqrt(check::pi()) / 2, error = check::erf(x);
      const double unit = std::ldexp(1, 8 - static_cast<int>(bits));
      const check::PrecisionScope again(bits);
      check_encloses(functions.erf(x), error, unit);
      check_encloses(functions.growing(Ball(x)), growing, unit * std::exp(x * x));
      CHECK(functions.growing(x) ==
            Approx(check::about(growing)).epsilon(bits < 53 ? 1e-5 : 1e-13).margin(1e-300));
    }
    // A wide ball is enclosed if it keeps to the reach of one polynomial, and nothing is said of
    // a wider one.
    const Ball wide = check::widened(1, 0.01);
    for (const double x : {0.99, 1.0, 1.01}) {
      check_encloses(functions.erf(wide), check::erf(x), everything);
      CHECK(arb_contains(functions.erf(wide).get(), check::midpoint(check::erf(x)).get()));
    }
    CHECK_FALSE(arb_is_finite(functions.erf(check::widened(1, 0.04)).get()));
    CHECK_FALSE(arb_is_finite(functions.growing(Ball(27)).get()));
    CHECK(arb_overlaps(functions.erf(27).get(), Ball(1).get()));
  }
}

TEST_CASE("what a Taylor polynomial leaves out is in its ball", "[check]") {
  // With few terms, so that the rest is far more than rounding.
  const double everything = std::numeric_limits<double>::infinity();
  const check::PrecisionScope few(8);
  check::ErrorFunctions functions;
  const check::PrecisionScope many(256);
  for (const double x : {0.03, 0.28, 1.03, 3.03, 6.03}) {
    INFO("x = " << x);
    Ball erfi;
    arb_hypgeom_erfi(erfi.get(), Ball(x).get(), check::precision());
    check_encloses(functions.growing(Ball(x)), erfi * check::sqrt(check::pi()) / 2, everything);
    check_encloses(functions.erf(x), check::erf(x), everything);
  }
}

TEST_CASE("means along the flow of erf, with rules that are good or bad", "[check]") {
  const check::PrecisionScope scope(128);
  for (const double gamma : {0.02, 1.0, 4.0})
    for (const double s : {0.0, 0.3, 3.0}) {
      const check::FlowMeans fine = check::ErfFlow(gamma, s, 0x1p-64).at(s);
      // By plain sums over g: x' = erf'(x) in steps of time, by Runge and Kutta's method.
      double q = 0, q2 = 0;
      constexpr int per_unit = 80;
      for (int k = -8 * per_unit; k <= 8 * per_unit; ++k) {
        const double z = static_cast<double>(k) / per_unit;
        double x = std::sqrt(gamma) * z;
        const int steps = s > 0 ? 400 : 0;
        const auto rate = [](double at) {
          return 2 / std::sqrt(std::acos(-1.0)) * std::exp(-at * at);
        };
        for (int j = 0; j < steps; ++j) {
          const double h = s / steps, k1 = rate(x), k2 = rate(x + h / 2 * k1),
                       k3 = rate(x + h / 2 * k2), k4 = rate(x + h * k3);
          x += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
        const double weight = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)) / per_unit;
        q += weight * std::erf(x), q2 += weight * std::erf(x) * std::erf(x);
      }
      INFO("gamma = " << gamma << ", s = " << s);
      CHECK(check::about(fine.q) == Approx(q).margin(1e-8));
      CHECK(check::about(fine.q2) == Approx(q2).margin(1e-8));
      CHECK(check::about(check::radius(fine.q)) < 0x1p-62);
      CHECK(check::about(check::radius(fine.q2)) < 0x1p-62);
      for (const double tolerance : {2.0, 0.5, 1e-2, 1e-4, 1e-9})
        for (const double largest : {s, 0.0}) {
          const check::FlowMeans coarse = check::ErfFlow(gamma, largest, tolerance).at(s);
          INFO("tolerance " << tolerance << ", chosen for s = " << largest);
          check_encloses(coarse.q, fine.q, std::numeric_limits<double>::infinity());
          check_encloses(coarse.q2, fine.q2, std::numeric_limits<double>::infinity());
          if (largest == s) CHECK(check::about(check::radius(coarse.q)) <= 2 * tolerance);
        }
    }
}

TEST_CASE("the strip of the flow of erf is wide enough up to a known s", "[check]") {
  const check::PrecisionScope scope(128);
  // Half width w = 1/2: w exp(M^2/4) / (e erf'(0)) with M = 3/(2 w) - w = 5/2.
  const double most = 0.5 * std::exp(2.5 * 2.5 / 4 - 1) * std::sqrt(std::acos(-1.0)) / 2;
  check::ErfFlow flow(1, 0.1, 1e-9);
  CHECK(arb_is_finite(flow.at(most * (1 - 1e-12)).q.get()));
  CHECK_FALSE(arb_is_finite(flow.at(most * (1 + 1e-12)).q.get()));
}

TEST_CASE("means along the flow of erf to more digits than a guess has", "[check]") {
  const check::PrecisionScope scope(128);
  // By a sum over g in steps of 1/40 and of 1/56, 40 digits, in MPFR: gamma = 1.
  const Ball s = Ball(3) / 10;
  const check::FlowMeans means = check::ErfFlow(1, 0.3, 0x1p-80).at(s);
  Ball q, q2;
  arb_set_str(q.get(), "0.16767320308134023573429262 +/- 1e-26", 128);
  arb_set_str(q2.get(), "0.48459711543893827106215919 +/- 1e-26", 128);
  check_encloses(means.q, q, 0x1p-77);
  check_encloses(means.q2, q2, 0x1p-77);
}

TEST_CASE("means along the flow of tanh, with rules that are good or bad", "[check]") {
  const check::PrecisionScope scope(128);
  for (const double gamma : {0.02, 1.0, 4.0})
    for (const double s : {0.0, 0.3, 3.0}) {
      const check::FlowMeans fine = check::TanhFlow(gamma, s, 0x1p-64).at(s);
      // By plain sums over g.
      double q = 0, q2 = 0;
      for (int k = -160; k <= 160; ++k) {
        const double z = k / 20.0, g = std::sqrt(gamma) * z;
        double x = g;
        for (int j = 0; j < 200; ++j) {
          const double wanted = g / 2 + std::sinh(2 * g) / 4 + s;
          const double step =
              (x / 2 + std::sinh(2 * x) / 4 - wanted) / (0.5 + std::cosh(2 * x) / 2);
          x -= std::clamp(step, -1.0, 1.0);
        }
        const double weight = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)) / 20;
        q += weight * std::tanh(x), q2 += weight * std::tanh(x) * std::tanh(x);
      }
      INFO("gamma = " << gamma << ", s = " << s);
      CHECK(check::about(fine.q) == Approx(q).margin(1e-11));
      CHECK(check::about(fine.q2) == Approx(q2).margin(1e-11));
      CHECK(check::about(check::radius(fine.q)) < 0x1p-62);
      CHECK(check::about(check::radius(fine.q2)) < 0x1p-62);
      for (const double tolerance : {2.0, 0.5, 1e-2, 1e-4, 1e-9})
        for (const double largest : {s, 0.0}) {
          const check::FlowMeans coarse = check::TanhFlow(gamma, largest, tolerance).at(s);
          INFO("tolerance " << tolerance << ", chosen for s = " << largest);
          check_encloses(coarse.q, fine.q, std::numeric_limits<double>::infinity());
          check_encloses(coarse.q2, fine.q2, std::numeric_limits<double>::infinity());
          if (largest == s) CHECK(check::about(check::radius(coarse.q)) <= 2 * tolerance);
        }
    }
}

TEST_CASE("means along the flow of tanh to more digits than a guess has", "[check]") {
  const check::PrecisionScope scope(128);
  // By a sum over g in steps of 1/40 and of 1/56, 32 digits, in Python with mpmath: gamma = 1.
  const Ball s = Ball(3) / 10;
  const check::FlowMeans means = check::TanhFlow(1, 0.3, 0x1p-80).at(s);
  Ball q, q2;
  arb_set_str(q.get(), "0.13747313714681525426759098 +/- 1e-26", 128);
  arb_set_str(q2.get(), "0.40742724459222371030080134 +/- 1e-26", 128);
  check_encloses(means.q, q, 0x1p-77);
  check_encloses(means.q2, q2, 0x1p-77);
}

TEST_CASE("law certificate folders are decided by the program", "[check]") {
  const LawCertificate& good = some(Activation::relu);
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_law_certificate(folder, good);
  const auto receipt_of = [](const fs::path& at) {
    return CheckReceipt::obtain(
        test::checker(), at,
        fs::exists(at / "law.json") ? sha256_of_file(at / "law.json") : std::string());
  };
  const CheckReceipt receipt = receipt_of(folder);
  CHECK(receipt.accepted());
  CHECK_FALSE(receipt.conditional());
  REQUIRE(receipt.lines().size() == 5);
  CHECK(receipt.lines()[3].starts_with(
      "implies: proved: the law at tau = 1.5 has cos(b, beta) in ["));
  constexpr int fails = 1, malformed = 2;
  const auto edited = [&](const std::function<void(test::Json&)>& change) {
    const test::TemporaryFolder scratch;
    const fs::path copy = scratch.path() / "c";
    fs::copy(folder, copy);
    test::Json json = test::load(copy / "law.json");
    change(json);
    test::store(copy / "law.json", json);
    const CheckReceipt found = receipt_of(copy);
    CHECK_FALSE(found.accepted());
    return found.exit_status();
  };
  using test::Json;
  CHECK(edited([](Json& j) { j["lambda"] = "0x0p+0"; }) == fails);
  CHECK(edited([](Json& j) { j["tau"] = "0x1p+0"; }) == fails);
  CHECK(edited([](Json& j) { j["values"]["cosine"]["upper"] = "0x1p-60"; }) == fails);
  CHECK(edited([](Json& j) { j["gamma"] = "nan"; }) == malformed);
  CHECK(edited([](Json& j) { j["activation"] = "gelu"; }) == malformed);
  CHECK(edited([](Json& j) { j["version"] = 2; }) == malformed);
  CHECK(edited([](Json& j) { j["n"] = 2; }) == malformed);
  CHECK(edited([](Json& j) { j["arrays"]["y"]["sha256"] = sha256("something else"); }) ==
        malformed);
}
