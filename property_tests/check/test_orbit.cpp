// SPDX-License-Identifier: Apache-2.0
// Theorems A and B in the checker's balls against 300 digits: what it computes holds the exact
// value and is sharp, exact orbits stay inside their radii, and false claims never certify.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>

#include "check/orbit.hpp"
#include "check/theorem_a.hpp"
#include "check/verify.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "tamper/certificates.hpp"
#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using check::Ball;
using check::Decision;
using truth::Number;
using truth::Run;

namespace {

constexpr long bits = 128;

/// Largest relative width that a quantity of a small instance may have at 128 bits after at most 40
/// steps. Radii grow along the orbit; 1e-38 is one rounding.
constexpr double sharp = 1e-18;

void set(Ball& ball, const Number& x) {
  arf_set_mpfr(arb_midref(ball.get()), x.backend().data());
  // What 300 digits lose: balls of Arb are exact where they can be.
  ball = check::widened(ball, check::abs(ball) * 1e-290);
}

/// The ball holds the exact value and nothing far from it.
void check_encloses(const std::string& what, const Ball& ball, const Number& exact, double width) {
  Ball exactly;
  set(exactly, exact);
  INFO(what << ": " << check::text(ball, 30) << " against " << exact.str(30));
  CHECK(arb_overlaps(ball.get(), exactly.get()));
  const double scale = std::max(1e-12, std::abs(exact.convert_to<double>()));
  CHECK(mag_get_d(arb_radref(ball.get())) <= width * scale);
}

const std::vector<RunCertificate>& certificates() {
  static const std::vector<RunCertificate> all = [] {
    tamper::Random random(5);
    truth::Judge judge;
    std::vector<RunCertificate> made;
    for (int copy = 0; copy < 3; ++copy)
      for (tamper::Wanted wanted : tamper::all_wanted)
        made.push_back(tamper::random_certificate(random, judge, wanted));
    return made;
  }();
  return all;
}

check::Orbit run_to(const check::Problem& problem, const RunCertificate& c, std::size_t T) {
  check::Orbit orbit(problem, c.start, c.radius);
  for (std::size_t t = 0; t < T; ++t) orbit.advance(c.start.penalty(t));
  return orbit;
}

}  // namespace

TEST_CASE("300 digits: the rule in two dimensions finds the closed gamma", "[check]") {
  const truth::Numbers K = {Number(0.7), Number(0.25), Number(0.25), Number(1.1)};
  const Number closed = truth::gamma(Activation::erf, K, 2)->value;
  CHECK(abs(closed - *truth::gamma_by_rule(Activation::erf, K, 2)) < 1e-28);
  const Number smallest = truth::gamma(Activation::identity, K, 2)->value;
  CHECK(abs(smallest - *truth::gamma_by_rule(Activation::identity, K, 2)) < 1e-28);
}

TEST_CASE("every quantity of the checkpoint holds its exact value and is sharp", "[check]") {
  for (const RunCertificate& c : certificates()) {
    if (c.radius > 0) continue;
    const check::PrecisionScope scope(bits);
    const Run x = truth::run(c.start, {}, c.leg.checkpoint, true);
    const check::Problem P = check::problem_from(c.start, c.leg.witness.K_norm);
    const check::Orbit orbit = run_to(P, c, c.leg.checkpoint);
    const check::Facts facts = check::facts_at(P, orbit.point(), orbit.radii());
    INFO(to_string(c.start.activation) << " n=" << x.n << " p=" << x.p);
    check_encloses("L1", P.psi.L1, x.L1, 1e-36);
    check_encloses("L2", P.psi.L2, x.L2, 1e-36);
    check_encloses("B2", P.B2, x.B2, 1e-35);
    check_encloses("B4", P.B4, x.B4, 1e-35);
    check_encloses("kmax", P.kmax, x.kmax, 1e-35);
    check_encloses("|k o k|", P.k_o_k, x.k_o_k, 1e-35);
    check_encloses("E", facts.E, x.E, sharp);
    check_encloses("<b, beta>", facts.b_beta, x.b_beta, sharp);
    check_encloses("|beta|", facts.beta_norm, x.beta_norm, sharp);
    // Bounds of an error of the orbit are one-sided: Q from above.
    CHECK(arf_get_d(arb_midref(facts.Q.get()), ARF_RND_NEAR) >=
          x.Q.convert_to<double>() * (1 - 1e-15));
    check_encloses("Q", check::widened(facts.Q, 1e-25), x.Q, sharp);
    const check::Constants found = check::theorem_a(P, facts, c.leg.witness, c.leg.statement.alpha);
    const truth::Consequence exact = truth::theorem_a(x, c.leg.witness, c.leg.statement.alpha);
    const auto at = [&](const char* name, const Ball& ball, const Number& value) {
      // What an upper bound Q adds is far below the width allowed.
      check_encloses(name, check::widened(ball, abs(ball) * 1e-19), value, sharp);
    };
    at("R", found.R, exact.R);
    at("dG", found.dG, exact.dG);
    at("dH", found.dH, exact.dH);
    at("Cv", found.Cv, exact.Cv);
    at("rho", found.rho, exact.beta_displacement);
    at("A displacement", found.A_displacement, exact.A_displacement);
    CHECK(check::at_least(Ball(1e-18), facts.M_shift) == Decision::proved);
  }
}

TEST_CASE("what is known at a distance from the point gives way by as much", "[check]") {
  for (const RunCertificate& c : certificates()) {
    const check::PrecisionScope scope(bits);
    const Run x = truth::run(c.start, {}, c.leg.checkpoint, true);
    const check::Problem P = check::problem_from(c.start, c.leg.witness.K_norm);
    const check::Orbit orbit = run_to(P, c, c.leg.checkpoint);
    const Number a = 1e-3, d = 2e-3;  // distances of A and of beta
    const check::Facts facts =
        check::facts_at(P, orbit.point(), {.e = Ball(1e-3), .beta = Ball(2e-3), .A = Ball(1e-3)});
    const auto at_least = [](const Ball& found, const Number& least) {
      Ball ball;
      set(ball, least * (1 - 1e-15));
      CHECK(check::at_least(found, ball) == Decision::proved);
    };
    const Number K = c.leg.witness.K_norm, root_G = sqrt(x.G_max), q = x.L1 * a / x.root_p;
    at_least(facts.Q, x.Q + sqrt(x.B4) / x.root_p * d);
    at_least(facts.G_shift, 2 * root_G * q * (1 - 1e-6) + q * q);
    at_least(facts.M_shift,
             2 * root_G * q * (1 - 1e-6) + q * q + x.L1 * x.L1 * K * sqrt(x.B2) * d / x.root_p);
    // No sign is certain that an entry at this distance may have lost.
    const Ball here = check::sign_margin(P, orbit.point(), {}, 0);
    const Ball there = check::sign_margin(P, orbit.point(), {.e = 0, .beta = 0, .A = 1e-3}, 0);
    CHECK(check::greater(there, here - Ball(0.999e-3)) != Decision::proved);
  }
}

TEST_CASE("exact orbits stay inside the radii of Theorem B", "[check]") {
  tamper::Random random(7);
  double largest = 0;
  std::size_t sharp_cases = 0;
  for (int k = 0; k < 240; ++k) {
    const tamper::OrbitCase c = tamper::random_orbit_case(random, k % 3 != 0);
    const tamper::Ratios ratios = tamper::exact_ratios(c);
    INFO(k << ": " << to_string(c.start.activation) << " " << c.bits << " bits, radius "
           << c.radius);
    REQUIRE(ratios.largest() <= 1);
    largest = std::max(largest, ratios.largest());
    sharp_cases += ratios.largest() > 0.1;
  }
  // Radii of any size would pass the first test.
  CHECK(largest > 0.5);
  CHECK(sharp_cases > 60);
}

TEST_CASE("radii are those of the page of Theorem B, term by term", "[check]") {
  tamper::Random random(13);
  std::size_t flips = 0;
  for (int k = 0; k < 200; ++k) {
    tamper::OrbitCase c = tamper::random_orbit_case(random, true);
    c.bits = 128;
    flips += c.start.activation == Activation::relu;
    INFO(k << ": " << to_string(c.start.activation) << ", radius " << c.radius);
    CHECK(tamper::page_shortfall(c) <= tamper::page_rounding);
  }
  CHECK(flips > 20);
}

TEST_CASE("a flip counts where beta is exactly 0", "[check]") {
  const tamper::OrbitCase at_0 = tamper::flip_case();
  CHECK(tamper::page_shortfall(at_0) <= tamper::page_rounding);
  CHECK(tamper::page_shortfall(tamper::flip_from_near_0_case()) <= tamper::page_rounding);
  // The radius does not jump as beta of the flipped unit leaves 0.
  const auto radius_at = [&](double moved) {
    const check::PrecisionScope scope(128);
    Start start = at_0.start;
    start.beta(0) += moved;
    const check::Problem P = check::problem_from(start, 1.0001);
    check::Orbit orbit(P, start, at_0.radius);
    orbit.advance(0);
    CHECK((arb_is_zero(orbit.point().beta[0].get()) != 0) == (moved == 0));
    return check::about(orbit.radii().e);
  };
  const double here = radius_at(0);
  CHECK(std::isfinite(here));
  CHECK(radius_at(0x1p-40) == Approx(here).epsilon(1e-9));
  CHECK(radius_at(-0x1p-40) == Approx(here).epsilon(1e-9));
}

TEST_CASE("a pre-activation of exactly 0 has no sign", "[check]") {
  const check::PrecisionScope scope(128);
  Start start = tamper::flip_case().start;
  const check::Problem P = check::problem_from(start, 1.0001);
  start.A(2, 0) = 0;
  CHECK_FALSE(arb_is_finite(check::Orbit(P, start, 0).radii().e.get()));
  // Stepping onto 0: A = 1 - (eta / 2) b e with b = 4.
  start = tamper::flip_case().start;
  start.b(0) = 4;
  const check::Problem Q = check::problem_from(start, 1.0001);
  check::Orbit orbit(Q, start, 0);
  REQUIRE(arb_is_finite(orbit.radii().e.get()));
  orbit.advance(0);
  CHECK(arb_is_zero(orbit.point().A.entry(0, 0)));
  CHECK_FALSE(arb_is_finite(orbit.radii().e.get()));
}

TEST_CASE("starts pushed where it hurts most stay inside the radii of Theorem B", "[check]") {
  tamper::Random random(11);
  const tamper::Climb climbed = tamper::climb(random, 40, 250);
  INFO(climbed.violation.value_or(""));
  CHECK_FALSE(climbed.violation);
  CHECK(climbed.best > 0.9);  // the bounds are nearly attained
}

TEST_CASE("runs a hundred times as long stay inside what is certified", "[check]") {
  truth::Judge judge;
  int followed = 0;
  for (const RunCertificate& c : certificates()) {
    const std::size_t T = std::max<std::size_t>(c.leg.checkpoint, 1);
    const std::size_t cost =
        c.start.activation == Activation::identity || c.start.activation == Activation::relu ? 1
                                                                                             : 25;
    if (100 * T * c.start.p() * c.start.n() * cost > 150'000) continue;
    ++followed;
    INFO(to_string(c.start.activation)
         << " n=" << c.start.n() << " p=" << c.start.p() << " T=" << c.leg.checkpoint);
    const truth::Verdict later = judge.follow(c, {}, 100 * T);
    INFO(later.worst().name << " " << later.worst().margin);
    CHECK_FALSE(later.fails());
  }
  CHECK(followed >= 4);
}

TEST_CASE("false claims never certify, whatever the precision", "[check]") {
  truth::Judge judge;
  std::size_t tried = 0;
  const auto refuse = [&](const RunCertificate& good, const std::string& what, auto&& lie) {
    RunCertificate c = good;
    lie(c);
    INFO(what);
    REQUIRE(judge.judge(c, {}, true).fails());
    for (long precision : {24L, 53L, 128L, 512L}) {
      ++tried;
      CHECK(check::verify_at(c, precision).decision != Decision::proved);
    }
  };
  for (const RunCertificate& good : certificates()) {
    if (good.radius > 0) continue;
    REQUIRE(check::verify(good, 128, 1024).decision == Decision::proved);
    const Run x = truth::run(good.start, {}, good.leg.checkpoint, true);
    refuse(good, "alpha above lambda_min(M)", [&](RunCertificate& c) {
      c.leg.statement.alpha = x.M_min.convert_to<double>() * (1 + 1e-9);
      c.leg.witness.M_min = x.M_min.convert_to<double>() * (1 + 2e-9);
    });
    refuse(good, "M_min above lambda_min(M)", [&](RunCertificate& c) {
      c.leg.witness.M_min = x.M_min.convert_to<double>() * (1 + 1e-12);
    });
    refuse(good, "error below |e(T)|", [&](RunCertificate& c) {
      c.leg.statement.error = x.E.convert_to<double>() * (1 - 1e-12);
    });
    if (good.start.kind == CertificateKind::from_checkpoint) continue;
    const WholeRun& claim = good.whole_run;
    refuse(good, "a row of errors too low", [&](RunCertificate& c) {
      c.whole_run.errors(0, 1) = x.error[0].convert_to<double>() * (1 - 1e-12);
    });
    if (claim.no_alignment)
      refuse(good, "kappa too small", [&](RunCertificate& c) {
        Number level = 0;
        for (const Number& cosine : x.cosine)
          level = std::max(level, Number(abs(cosine) * x.root_p));
        c.whole_run.no_alignment->kappa = level.convert_to<double>() * (1 - 1e-12);
      });
    if (claim.decay) {
      const Number gamma = truth::gamma(good.start.activation, x.K, x.n)->value;
      refuse(good, "gamma_max below gamma", [&](RunCertificate& c) {
        c.whole_run.decay->gamma_max = gamma.convert_to<double>() * (1 - 1e-12);
      });
      refuse(good, "gamma_min above gamma", [&](RunCertificate& c) {
        c.whole_run.decay->gamma_min = gamma.convert_to<double>() * (1 + 1e-12);
      });
    }
    if (good.start.penalty.lambda > 0) {
      refuse(good, "penalty never cut",
             [](RunCertificate& c) { c.start.penalty.cut = Penalty::never; });
      refuse(good, "penalty cut one step late",
             [](RunCertificate& c) { c.start.penalty.cut = c.leg.checkpoint + 1; });
    }
    if (claim.alignment) {
      refuse(good, "a margin that is not there", [&](RunCertificate& c) {
        c.whole_run.alignment->margin =
            (good.leg.statement.cos_min - claim.alignment->twin.statement.cos_max) * (1 + 1e-9);
      });
      refuse(good, "a margin below 0",
             [](RunCertificate& c) { c.whole_run.alignment->margin = -2; });
      RunCertificate without_rate = good;
      without_rate.whole_run.alignment->twin.statement.alpha *= -1;
      CHECK(check::verify(without_rate, 128, 128).decision == Decision::violated);
      refuse(good, "a twin that does less than it does",
             [&](RunCertificate& c) { c.whole_run.alignment->twin.statement.cos_max -= 1e-3; });
    }
  }
  CHECK(tried > 200);
}

namespace {

/// One sample, two units that do not move (b = 0), psi(A) = +-1 or 1 as good as exactly.
RunCertificate saturated(double input) {
  RunCertificate c;
  Start& s = c.start;
  s.kind = CertificateKind::from_initialisation;
  s.eta = 0.5;
  s.X = Array({1, 1}), s.X(0, 0) = input;
  s.y = Array({1}), s.y(0) = 0.1;
  s.b = Array({2});
  s.W = Array({2, 1}), s.W(0, 0) = 1, s.W(1, 0) = 0.5;
  s.beta = Array({2}), s.beta(0) = 0.3, s.beta(1) = 0.2;
  const Run x = truth::run(s, {}, 0, true);
  const auto above = [](const Number& value) { return value.convert_to<double>() * (1 + 1e-9); };
  c.leg.witness = {x.M_min.convert_to<double>() * (1 - 1e-9), above(x.M_max), above(x.G_max),
                   above(x.K_norm)};
  const truth::Consequence bound = truth::theorem_a(x, c.leg.witness, 0.9);
  c.leg.statement = {0.9, above(x.E), above(bound.beta_displacement), 1, -1, 1};
  c.whole_run.beta_displacement = 2 * c.leg.statement.beta_displacement;
  c.whole_run.A_displacement = 2;
  c.whole_run.errors = Array({1, 2});
  c.whole_run.errors(0, 1) = above(x.E);
  return c;
}

}  // namespace

TEST_CASE("gamma of huge inputs is enclosed: a false one is refuted", "[check]") {
  truth::Judge judge;
  for (double input : {1e19, 1e25, 1e100, 1e150}) {
    RunCertificate c = saturated(input);
    INFO(input);
    REQUIRE(judge.judge(c).holds());
    CHECK(check::verify(c, 128, 512).decision == Decision::proved);
    c.whole_run.decay = DecayClaim{1e-45, 1e-3};  // gamma is 1 as good as exactly
    REQUIRE(judge.judge(c, {}, true).fails());
    CHECK(check::verify(c, 128, 512).decision == Decision::violated);
    c.whole_run.decay = DecayClaim{1 - 1e-9, 1 + 1e-9};
    REQUIRE(judge.judge(c, {}, true).holds());
    CHECK(check::verify(c, 128, 512).decision == Decision::proved);
  }
}

TEST_CASE("T1 is refused where the first steps alone are slower", "[check]") {
  truth::Judge judge;
  tamper::Random random(3);
  int slower = 0;
  for (int k = 0; k < 200 && slower < 5; ++k) {
    RunCertificate c = tamper::random_certificate(random, judge, tamper::Wanted::decay);
    // As much as the rate from the checkpoint on allows.
    c.whole_run.decay->gamma_max =
        std::max(c.whole_run.decay->gamma_max, 4 * c.leg.statement.alpha * (1 - 1e-9));
    const truth::Verdict verdict = judge.judge(c, {}, true);
    if (!verdict.fails() || verdict.worst().name != "T1 ratio") continue;
    ++slower;
    for (long precision : {53L, 128L})
      CHECK(check::verify_at(c, precision).decision == Decision::violated);
  }
  CHECK(slower == 5);
}

TEST_CASE("lambda(t) that is no number after the checkpoint certifies nothing", "[check]") {
  truth::Judge judge;
  RunCertificate c = saturated(1e6);
  REQUIRE(check::verify(c, 128, 512).decision == Decision::proved);
  SECTION("0 times an overflow") {
    c.start.penalty.decay = Decay::geometric, c.start.penalty.scale = 1e300;
  }
  SECTION("0 divided by 0") {
    c.start.penalty.decay = Decay::inverse_square, c.start.penalty.scale = -1;
  }
  REQUIRE(judge.judge(c).fails());
  bool accepted = false;
  try {
    const test::TemporaryFolder scratch;
    write_certificate(scratch.path() / "c", c);
    accepted = check::verify(read_certificate(scratch.path() / "c"), 128, 512).decision ==
               Decision::proved;
  } catch (const InputError&) {
    // As good an answer as a rejection.
  }
  CHECK_FALSE(accepted);
}
