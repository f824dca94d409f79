// SPDX-License-Identifier: Apache-2.0
// Theorem B for k outputs and for backpropagation: exact orbits of 300 digits stay inside the radii
// of the checker, which are those of the page; certificates from the initialisation are accepted
// and seen, and what is false is refused.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>

#include "check/orbit.hpp"
#include "check/orbit_outputs.hpp"
#include "check/verify.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "tamper/certificates.hpp"
#include "tamper/draws.hpp"
#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using check::Ball;
using check::BallMatrix;
using check::Decision;
using truth::Number;
using truth::Run;

namespace {

bool is_fa(Rule rule) {
  return rule == Rule::fa;
}

std::string name_of(const Start& s) {
  return std::string(to_string(s.rule)) + ", " + std::to_string(s.k()) + " outputs, " +
         std::string(to_string(s.activation));
}

/// Of every kind of claim and every other network that can make it.
const std::vector<RunCertificate>& certificates() {
  static const std::vector<RunCertificate> all = [] {
    tamper::Random random(17);
    truth::Judge judge;
    std::vector<RunCertificate> made;
    for (tamper::Wanted wanted : {tamper::Wanted::no_penalty, tamper::Wanted::decay,
                                  tamper::Wanted::penalty, tamper::Wanted::twin})
      for (const tamper::Network& network : tamper::other_networks)
        if (wanted != tamper::Wanted::twin || is_fa(network.rule))
          made.push_back(tamper::random_certificate(
              random, judge, wanted, tamper::five_activations[made.size() % 5], network));
    return made;
  }();
  return all;
}

}  // namespace

TEST_CASE("k outputs and backpropagation: exact orbits stay inside the radii", "[check]") {
  tamper::Random random(19);
  double largest = 0;
  std::size_t sharp_cases = 0, by_bp = 0, with_penalty = 0, of_relu = 0;
  for (int k = 0; k < 300; ++k) {
    const tamper::OrbitCase c = tamper::random_orbit_case(random, k % 3 != 0, true);
    const tamper::Ratios ratios = tamper::exact_ratios(c);
    INFO(k << ": " << name_of(c.start) << ", " << c.bits << " bits, radius " << c.radius);
    REQUIRE(ratios.largest() <= 1);
    largest = std::max(largest, ratios.largest());
    sharp_cases += ratios.largest() > 0.1;
    by_bp += !is_fa(c.start.rule);
    with_penalty += c.lambda[0] > 0;
    of_relu += c.start.activation == Activation::relu && ratios.largest() > 0;
  }
  // Radii of any size would pass the first test.
  CHECK(largest > 0.5);
  CHECK(sharp_cases > 60);
  CHECK(std::min(by_bp, with_penalty) > 100);
  CHECK(of_relu > 20);
}

TEST_CASE("k outputs and backpropagation: radii are those of the page, term by term", "[check]") {
  tamper::Random random(23);
  std::size_t of_relu = 0;
  for (int k = 0; k < 150; ++k) {
    tamper::OrbitCase c = tamper::random_orbit_case(random, true, true);
    c.bits = 128;
    of_relu += c.start.activation == Activation::relu;
    INFO(k << ": " << name_of(c.start) << ", radius " << c.radius);
    CHECK(tamper::page_shortfall(c) <= tamper::page_rounding);
  }
  CHECK(of_relu > 20);
}

TEST_CASE("k outputs and backpropagation: starts pushed where it hurts most", "[check]") {
  tamper::Random random(29);
  const tamper::Climb climbed = tamper::climb(random, 40, 250, true);
  INFO(climbed.violation.value_or(""));
  CHECK_FALSE(climbed.violation);
  CHECK(climbed.best > 0.9);  // the bounds are nearly attained
}

TEST_CASE("one output and feedback alignment have the radii of Theorem B", "[check]") {
  tamper::Random random(31);
  const check::PrecisionScope scope(128);
  int compared = 0;
  for (int k = 0; k < 200; ++k) {
    const tamper::OrbitCase c = tamper::random_orbit_case(random, true);
    const check::Problem P = check::problem_from(c.start, 100);
    const check::OutputsProblem Q = check::outputs_problem_from(c.start, 100);
    check::Orbit one(P, c.start, c.radius);
    check::OutputsOrbit outputs(Q, c.start, c.radius);
    one.advance(c.lambda[0]), outputs.advance(c.lambda[0]);
    INFO(k << ": " << to_string(c.start.activation) << " n=" << c.start.n());
    const check::Radii &a = one.radii(), &b = outputs.radii();
    REQUIRE((arb_is_finite(a.e.get()) != 0) == (arb_is_finite(b.e.get()) != 0));
    if (!arb_is_finite(a.e.get())) continue;
    ++compared;
    CHECK(check::about(b.A) == Approx(check::about(a.A)).epsilon(1e-8));
    CHECK(check::about(b.beta) == Approx(check::about(a.beta)).epsilon(1e-8));
    // |dPsi| is the spectral norm here, the Frobenius norm there: the same for one sample. psi' at
    // the new point stands here as a divided difference, there as its value at the old one, with a
    // price for it (B.12'): the same where psi is linear.
    if (c.start.n() == 1 && c.start.activation == Activation::identity)
      CHECK(check::about(b.e) == Approx(check::about(a.e)).epsilon(1e-8));
    CHECK(check::about(b.e) <= check::about(a.e) * (1 + 1e-8));
    CHECK(check::about(b.e) >= check::about(a.e) / 2);
  }
  CHECK(compared > 150);
}

TEST_CASE("displacements of an orbit have the radii of both of its ends", "[check]") {
  tamper::Random random(41);
  const check::PrecisionScope scope(128);
  const auto upper = [](const Ball& x) { return check::about(x) + mag_get_d(arb_radref(x.get())); };
  const auto distance = [](const BallMatrix& a, const BallMatrix& b) {
    double sum = 0;
    for (std::size_t r = 0; r < a.rows(); ++r)
      for (std::size_t i = 0; i < a.cols(); ++i)
        sum += std::pow(check::about(a.at(r, i) - b.at(r, i)), 2);
    return std::sqrt(sum);
  };
  int compared = 0;
  for (int k = 0; k < 60; ++k) {
    const tamper::OrbitCase c = tamper::random_orbit_case(random, true, true);
    const check::OutputsProblem P = check::outputs_problem_from(c.start, 100);
    check::OutputsOrbit orbit(P, c.start, c.radius);
    const BallMatrix A = orbit.point().A, beta = orbit.point().beta;
    const double A_start = check::about(orbit.radii().A);
    const double beta_start = check::about(orbit.radii().beta);
    orbit.advance(c.lambda[0]);
    const check::Radii& radii = orbit.radii();
    if (!arb_is_finite(radii.A.get()) || !arb_is_finite(radii.beta.get())) continue;
    ++compared;
    INFO(k << ": " << name_of(c.start) << ", radius " << c.radius);
    CHECK(upper(orbit.beta_displacement()) >=
          (distance(orbit.point().beta, beta) + check::about(radii.beta) + beta_start) *
              (1 - 1e-9));
    CHECK(upper(orbit.A_displacement()) >=
          (distance(orbit.point().A, A) + check::about(radii.A) + A_start) * (1 - 1e-9));
  }
  CHECK(compared > 40);
}

TEST_CASE("the operator of the error is that of (A.25), entry by entry", "[check]") {
  tamper::Random random(37);
  const check::PrecisionScope scope(128);
  for (const Rule rule : {Rule::fa, Rule::bp}) {
    Start s;
    s.rule = rule;
    s.kind = CertificateKind::from_checkpoint;
    s.eta = 0.1;
    const std::size_t n = 3, p = 5, k = 2;
    s.X = tamper::gaussian(random, {n, 4}, 1);
    s.y = tamper::gaussian(random, {n, k}, 1);
    s.b = tamper::gaussian(random, {p, k}, 1);
    s.beta = tamper::gaussian(random, {p, k}, 1);
    s.A = tamper::gaussian(random, {p, n}, 1);
    const check::OutputsProblem P = check::outputs_problem_from(s, 100);
    const check::OutputsPoint z =
        check::outputs_point_at(P, check::matrix_from(s.A), check::matrix_from(s.beta));
    const BallMatrix M =
        check::error_operator(P, z.G, check::products_of_rows(z.D, z.beta),
                              check::products_of_rows(z.D, check::returned_through(P, z)));
    const truth::Orbit at(s, {});
    const truth::Numbers& c = is_fa(rule) ? at.b : at.beta;
    double asymmetry = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t row = 0; row < k; ++row)
          for (std::size_t col = 0; col < k; ++col) {
            Number exact = 0;
            for (std::size_t r = 0; r < p; ++r) {
              const Number a_i = at.A[r * n + i], a_j = at.A[r * n + j];
              exact += at.K[i * n + j] * truth::psi_prime(s.activation, a_i) *
                       truth::psi_prime(s.activation, a_j) * at.beta[r * k + row] * c[r * k + col];
              if (row == col)
                exact += truth::psi(s.activation, a_i) * truth::psi(s.activation, a_j);
            }
            const double found = check::about(M.at(i * k + row, j * k + col));
            CHECK(found == Approx(Number(exact / p).convert_to<double>()).epsilon(1e-13));
            asymmetry =
                std::max(asymmetry, std::abs(found - check::about(M.at(i * k + col, j * k + row))));
          }
    // Outputs that change places would be seen.
    CHECK((asymmetry > 0.01) == is_fa(rule));
  }
}

TEST_CASE("k outputs and backpropagation: certificates from the initialisation", "[check]") {
  truth::Judge judge;
  std::size_t decays = 0, cosines = 0, twins = 0, penalties = 0;
  for (const RunCertificate& c : certificates()) {
    INFO(name_of(c.start) << ", n=" << c.start.n() << " p=" << c.start.p()
                          << " T=" << c.leg.checkpoint);
    CHECK(judge.judge(c, {}, true).holds());
    CHECK(check::verify(c, 128, 1024).decision == Decision::proved);
    const truth::Verdict later = judge.follow(c, {}, 40);
    INFO(later.worst().name << " " << later.worst().margin);
    CHECK_FALSE(later.fails());
    CHECK(version_of(c) == 3);
    const test::TemporaryFolder temporary;
    write_certificate(temporary.path() / "c", c);
    const RunCertificate read = read_certificate(temporary.path() / "c");
    CHECK(read.start.b == c.start.b);
    CHECK(read.start.rule == c.start.rule);
    decays += c.whole_run.decay.has_value();
    cosines += c.whole_run.no_alignment.has_value();
    twins += c.whole_run.alignment.has_value();
    penalties += c.start.penalty.lambda > 0;
  }
  CHECK(decays >= 4);
  CHECK(cosines >= 2);
  CHECK(twins >= 2);
  CHECK(penalties >= 6);
}

TEST_CASE("k outputs and backpropagation: false claims never certify", "[check]") {
  truth::Judge judge;
  std::size_t tried = 0, beta_frozen = 0;
  const auto refuse = [&](const RunCertificate& good, const std::string& what, auto&& lie) {
    RunCertificate c = good;
    lie(c);
    INFO(what << ": " << name_of(good.start));
    REQUIRE(judge.judge(c, {}, true).fails());
    for (long precision : {24L, 53L, 128L, 512L}) {
      ++tried;
      CHECK(check::verify_at(c, precision).decision != Decision::proved);
    }
  };
  for (const RunCertificate& good : certificates()) {
    const Run x = truth::run(good.start, {}, good.leg.checkpoint, true);
    refuse(good, "M_min above (1 - |I - eta M|) / eta", [&](RunCertificate& c) {
      c.leg.witness.M_min = x.M_min.convert_to<double>() * (1 + 1e-12);
    });
    refuse(good, "M_max below |M|", [&](RunCertificate& c) {
      c.leg.witness.M_max = x.M_max.convert_to<double>() * (1 - 1e-12);
    });
    refuse(good, "error below |e(T)|", [&](RunCertificate& c) {
      c.leg.statement.error = x.E.convert_to<double>() * (1 - 1e-12);
    });
    refuse(good, "a row of errors too low", [&](RunCertificate& c) {
      c.whole_run.errors(0, 1) = x.error[0].convert_to<double>() * (1 - 1e-12);
    });
    refuse(good, "a displacement too small", [&](RunCertificate& c) {
      c.whole_run.beta_displacement = x.beta_moved.back().convert_to<double>() * (1 - 1e-9);
    });
    if (good.leg.checkpoint > 0) {
      refuse(good, "the other rule", [&](RunCertificate& c) {
        c.start.rule = is_fa(c.start.rule) ? Rule::bp : Rule::fa;
        c.whole_run.no_alignment.reset(), c.whole_run.alignment.reset();
      });
      if (!is_fa(good.start.rule) && good.leg.checkpoint > 1) {
        // Backpropagation through beta(0) at every step is feedback alignment with b = beta(0).
        ++beta_frozen;
        refuse(good, "beta frozen in the step of A", [&](RunCertificate& c) {
          c.start.rule = Rule::fa;
          c.start.b = c.start.beta;
        });
      }
    }
    if (good.start.penalty.lambda > 0)
      refuse(good, "penalty cut one step late",
             [](RunCertificate& c) { c.start.penalty.cut = c.leg.checkpoint + 1; });
    if (good.whole_run.alignment)
      refuse(good, "a twin that does less than it does",
             [&](RunCertificate& c) { c.whole_run.alignment->twin.statement.cos_max -= 1e-3; });
  }
  CHECK(tried > 200);
  CHECK(beta_frozen >= 3);
}

TEST_CASE("what is said of one output and feedback alignment alone is refused of others",
          "[check]") {
  for (const RunCertificate& good : certificates()) {
    const auto violated = [&](auto&& change) {
      RunCertificate c = good;
      change(c);
      CHECK(check::verify(c, 128, 128).decision == Decision::violated);
    };
    violated([](RunCertificate& c) {
      c.leg.form = ClosingForm::bootstrap;
      c.leg.S = 1e6;
    });
    if (is_fa(good.start.rule)) continue;
    violated([](RunCertificate& c) { c.whole_run.no_alignment = NoAlignmentClaim{0.99}; });
    RunCertificate c = good;
    c.whole_run.no_alignment = NoAlignmentClaim{0.99};
    const test::TemporaryFolder temporary;
    CHECK_THROWS_AS(write_certificate(temporary.path() / "c", c), InputError);
  }
}
