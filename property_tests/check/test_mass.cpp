// SPDX-License-Identifier: Apache-2.0
// The Gaussian probability of a ball, enclosed, against exact values and the non-central chi^2 law
// of Boost in 50 digits.
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/network/data.hpp>

#include "check/mass.hpp"
#include "check/report.hpp"
#include "check/verify.hpp"
#include "property.hpp"

using namespace alignproof;
using check::Ball;
using Fifty = boost::multiprecision::cpp_bin_float_50;

namespace {

/// lower <= log(exact) <= upper, up to a relative 1e-40 of the exact one; how far apart both are.
double gap_around(const check::LogMass& mass, const Fifty& exact) {
  const Ball log_exact = [&] {
    Ball x;
    arb_set_str(x.get(), log(exact).str(45).c_str(), 200);
    return x;
  }();
  RC_ASSERT(at_least(log_exact + 1e-30, mass.lower) == check::Decision::proved);
  RC_ASSERT(at_least(mass.upper + 1e-30, log_exact) == check::Decision::proved);
  return about(mass.upper - mass.lower);
}

Start start_with(const Array& X, const Array& W) {
  Start start;
  start.X = X, start.W = W;
  start.beta = Array({W.rows()});
  start.b = Array({W.rows()});
  return start;
}

}  // namespace

TEST_CASE("The probability of a ball lies between its bounds", "[check][property]") {
  const check::PrecisionScope scope(200);
  check_property("non-central chi^2 law", [] {
    const auto m = *rc::gen::inRange<std::size_t>(1, 9);
    const double square = *rc::gen::inRange(0, 400) / 16.0;
    const double r = *rc::gen::inRange(1, 64) / 64.0;
    const boost::math::non_central_chi_squared_distribution<Fifty> law(static_cast<double>(m),
                                                                       square);
    const double gap =
        gap_around(check::log_mass_of_ball(m, square, r), cdf(law, Fifty(r) * Fifty(r)));
    // As the page states it: r^2/2 (1 + |z0|^2 / m).
    RC_ASSERT(gap <= r * r / 2 * (1 + square / static_cast<double>(m)) * (1 + 1e-12));
  });
  check_property("m = 2 around 0: 1 - e^(-r^2/2)", [] {
    const double r = *rc::gen::inRange(1, 40) / 16.0;
    using boost::multiprecision::expm1;
    gap_around(check::log_mass_of_ball(2, 0, r), Fifty(-expm1(Fifty(-Fifty(r) * r / 2))));
  });
}

TEST_CASE("Nothing beyond the span of the samples counts", "[check][property]") {
  const check::PrecisionScope scope(200);
  const Array X = [] {
    Array x({2, 3});
    x(0, 0) = 1, x(0, 1) = 0.5, x(1, 1) = 2;
    return x;
  }();
  Array W({4, 3});
  for (std::size_t k = 0; k < W.values.size(); ++k) W.values[k] = 0.25 * static_cast<double>(k % 5);
  const check::LogMass before = check::log_mass_of_neighbourhood(start_with(X, W), 0.125);
  // p n + p dimensions: |W(0)|^2 within the span of the first two axes.
  Ball within;
  for (std::size_t r = 0; r < 4; ++r) within += square(Ball(W(r, 0))) + square(Ball(W(r, 1)));
  const check::LogMass of_W = check::log_mass_of_ball(8, within, 0.125),
                       of_beta = check::log_mass_of_ball(4, 0, 0.125);
  CHECK(std::abs(about(before.lower - of_W.lower - of_beta.lower)) < 1e-40);
  CHECK(std::abs(about(before.upper - of_W.upper - of_beta.upper)) < 1e-40);
  for (std::size_t r = 0; r < 4; ++r) W(r, 2) += 7;
  const check::LogMass after = check::log_mass_of_neighbourhood(start_with(X, W), 0.125);
  CHECK(std::abs(about(before.lower - after.lower)) < 1e-40);
  // Of equal samples the span is not looked for: all of W counts.
  Array twice({2, 3});
  twice(0, 0) = twice(1, 0) = 1;
  const check::LogMass whole = check::log_mass_of_neighbourhood(start_with(twice, W), 0.125);
  Ball all;
  for (const double w : W.values) all += square(Ball(w));
  const check::LogMass twelve = check::log_mass_of_ball(12, all, 0.125);
  CHECK(std::abs(about(whole.lower - twelve.lower - of_beta.lower)) < 1e-40);
}

TEST_CASE("The report of a neighbourhood says how likely it is, and of one start nothing",
          "[check]") {
  NetworkSpec network{.p = 60, .eta = 0.5, .penalty = {}};
  network.steps = 300;
  const Instance instance = make_instance(make_data({.n = 2, .d = 6}), network);
  for (const double radius : {0.0, 1e-6}) {
    const Proposal proposal =
        propose_certificate(instance, {.radius = radius}, true_step<double>());
    REQUIRE(proposal.certificate);
    const check::Findings findings = check::verify(*proposal.certificate, 128, 256);
    REQUIRE(findings.decision == check::Decision::proved);
    bool said = false;
    for (const std::string& statement :
         report(*proposal.certificate, std::string(64, '0'), findings).implication.statements)
      said = said || statement.find("have the probability 10^x, x in [-") != std::string::npos;
    CHECK(said == (radius > 0));
    if (radius == 0) continue;
    REQUIRE(findings.mass);
    // 2 n p numbers in all, each within about a millionth: e^-2500.
    CHECK(about(findings.mass->upper) < -2000);
    CHECK(about(findings.mass->lower) > -4000);
  }
}
