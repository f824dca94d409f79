// SPDX-License-Identifier: Apache-2.0
// Claims of rows, of the limit of beta and of times: exact runs stay inside them far beyond the
// checkpoint, every number the checker compares is the page's, and a little more than what follows
// is refused.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/dynamics/step.hpp>

#include "check/orbit.hpp"
#include "check/rows.hpp"
#include "check/verify.hpp"
#include "property.hpp"
#include "tamper/certificates.hpp"
#include "tamper/new_claims.hpp"
#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using check::Ball;
using check::Decision;
using tamper::Wanted;
using truth::Number;

namespace {

Instance instance_of(const Start& start) {
  Instance x;
  x.activation = start.activation, x.eta = start.eta, x.penalty = start.penalty;
  x.X = start.X, x.y = start.y, x.b = start.b, x.W0 = start.W, x.beta0 = start.beta;
  x.steps = 60;
  return x;
}

/// What the producer proposes, with everything asked for.
std::vector<RunCertificate> proposed() {
  tamper::Random random(31);
  truth::Judge judge;
  std::vector<RunCertificate> made;
  for (int k = 0; k < 15; ++k) {
    const Wanted wanted = k % 3 == 0 ? Wanted::penalty : Wanted::no_penalty;
    const RunCertificate base =
        tamper::random_certificate(random, judge, wanted, tamper::five_activations[k % 5]);
    Search search;
    search.first = base.leg.checkpoint, search.stride = 1, search.share = 0.05, search.width = 2;
    search.rows = search.limit = true;
    const double last = base.whole_run.errors(base.leg.checkpoint, 1);
    search.thresholds = {base.whole_run.errors(0, 1), 2 * last, last / 3, last * 1e-9};
    const Proposal proposal =
        propose_certificate(instance_of(base.start), search, true_step<double>());
    if (proposal.certificate) made.push_back(*proposal.certificate);
  }
  return made;
}

/// Certificates whose every number is as tight as the truth allows, up to 1e-3 of it.
std::vector<RunCertificate> tight() {
  tamper::Random random(33);
  truth::Judge judge;
  std::vector<RunCertificate> made;
  for (int k = 0; k < 8; ++k) {
    RunCertificate c =
        tamper::random_certificate(random, judge, k % 2 == 0 ? Wanted::decay : Wanted::penalty,
                                   tamper::five_activations[k % 5]);
    tamper::add_new_claims(c, random);
    made.push_back(c);
  }
  return made;
}

Number norm(const truth::Numbers& x) {
  Number sum = 0;
  for (const Number& x_i : x) sum += x_i * x_i;
  return sqrt(sum);
}

Number row_of_W(const truth::Orbit& orbit, std::size_t r) {
  const auto begin = orbit.W_moved.begin() + static_cast<std::ptrdiff_t>(r * orbit.d);
  return norm({begin, begin + static_cast<std::ptrdiff_t>(orbit.d)});
}

bool contains(const Ball& ball, const Number& x) {
  Ball exact;
  arf_set_mpfr(arb_midref(exact.get()), x.backend().data());
  return arb_overlaps(ball.get(), check::widened(exact, check::abs(exact) * 1e-250).get()) != 0;
}

/// Refused, and that in what is being looked at.
void check_refused(const RunCertificate& c, const std::string& words) {
  const check::Findings findings = check::verify(c, 128, 512);
  INFO(words);
  CHECK(findings.decision == Decision::violated);
  const auto& last =
      *std::find_if(findings.conditions.begin(), findings.conditions.end(),
                    [&](const check::Condition& x) { return x.decision == findings.decision; });
  CHECK_THAT(last.inequality, Catch::Contains(words));
}

}  // namespace

TEST_CASE("exact runs stay inside rows, limit and times for hundreds of steps", "[check]") {
  const std::vector<RunCertificate> certificates = proposed();
  REQUIRE(certificates.size() >= 10);
  std::size_t reached = 0, published = 0;
  for (const RunCertificate& c : certificates) {
    INFO(to_string(c.start.activation)
         << " n=" << c.start.n() << " p=" << c.start.p() << " T=" << c.leg.checkpoint);
    REQUIRE(check::verify(c, 128, 512).decision == Decision::proved);
    CHECK_FALSE(truth::Judge().judge(c).fails());  // gamma is enclosed to the last double
    const WholeRun& run = c.whole_run;
    truth::Orbit orbit(c.start, {});
    const truth::Numbers beta0 = orbit.beta;
    published += run.rows->published.has_value();
    for (std::size_t t = 0; t <= c.leg.checkpoint + 200; ++t) {
      const Number error = norm(orbit.e);
      for (std::size_t r = 0; r < orbit.p; ++r) {
        CHECK(row_of_W(orbit, r) <= run.rows->bounds(r, 0));
        CHECK(abs(Number(orbit.beta[r] - beta0[r])) <= run.rows->bounds(r, 1));
      }
      for (const TimeClaim& time : run.times) {
        if (t < time.lower) CHECK(error > time.threshold);
        if (t < time.upper) continue;
        CHECK(error <= time.threshold);
        ++reached;
      }
      orbit.step(truth::penalty_at(c.start.penalty, t));
    }
    // What beta has still to go.
    const double rest =
        std::pow(1 - c.start.eta * c.leg.statement.alpha, 200) * c.leg.statement.beta_displacement;
    truth::Numbers from_centre;
    for (std::size_t r = 0; r < orbit.p; ++r)
      from_centre.push_back(orbit.beta[r] - run.limit->centre.values[r]);
    CHECK(norm(from_centre) <= run.limit->distance + 2 * rest);
  }
  CHECK(reached > 1000);
  CHECK(published > 1);
}

TEST_CASE("one step more than what follows of rows, limit and times is refused", "[check]") {
  std::size_t later = 0, earlier = 0;
  for (const RunCertificate& c : tight()) {
    INFO(to_string(c.start.activation)
         << " n=" << c.start.n() << " p=" << c.start.p() << " T=" << c.leg.checkpoint);
    REQUIRE(check::verify(c, 128, 512).decision == Decision::proved);
    const auto refused = [&](const char* words,
                             const std::function<void(RunCertificate&)>& change) {
      RunCertificate other = c;
      change(other);
      check_refused(other, words);
    };
    for (std::size_t r = 0; r < c.start.p(); ++r)
      for (std::size_t column : {0u, 1u})
        refused("rows of rows.npy",
                [&](RunCertificate& other) { other.whole_run.rows->bounds(r, column) *= 0.998; });
    refused("distance", [](RunCertificate& other) { other.whole_run.limit->distance *= 0.998; });
    if (c.whole_run.rows->published) {
      refused("c1 n", [](RunCertificate& other) { other.whole_run.rows->published->c1 *= 0.998; });
      refused("c2 n", [](RunCertificate& other) { other.whole_run.rows->published->c2 *= 0.998; });
    }
    for (std::size_t k = 0; k < c.whole_run.times.size(); ++k) {
      refused(c.whole_run.times[k].lower > c.leg.checkpoint ? "T + 1 >= lower" : "threshold, t < l",
              [&](RunCertificate& other) { ++other.whole_run.times[k].lower; });
      if (c.whole_run.times[k].upper == 0) continue;
      (c.whole_run.times[k].upper > c.leg.checkpoint ? later : earlier) += 1;
      RunCertificate other = c;
      --other.whole_run.times[k].upper;
      check_refused(other, "threshold");
    }
  }
  CHECK(later > 0);
  CHECK(earlier > 0);
}

TEST_CASE("displacements of rows are those of the page and hold the exact ones", "[check]") {
  tamper::Random random(35);
  const auto near = [](double value) { return Approx(value).epsilon(1e-6).margin(1e-11); };
  std::size_t compared = 0;
  for (int k = 0; k < 60; ++k) {
    tamper::OrbitCase c = tamper::random_orbit_case(random, k % 2 == 0);
    const check::PrecisionScope scope(128);
    truth::Orbit exact(c.start, c.shift);
    const double K_norm =
        truth::eigenvalues(exact.K, exact.n).back().convert_to<double>() * (1 + 1e-9);
    const check::Problem P = check::problem_from(c.start, K_norm);
    check::Orbit orbit(P, c.start, c.radius);
    check::RowMotion motion(orbit);
    const check::Point start = orbit.point();
    const double d_start = check::about(orbit.radii().beta);
    const truth::Numbers beta0 = exact.beta;
    std::vector<double> Z(P.p * P.n);
    for (std::size_t t = 0; t <= c.lambda.size(); ++t) {
      const double a = check::about(orbit.radii().A), d = check::about(orbit.radii().beta);
      if (!std::isfinite(a)) break;
      const check::RowDisplacements moved = motion.at(orbit);
      const double S = 0.7, L1 = check::about(P.psi.L1), root_p = std::sqrt(double(P.p));
      const check::RowDisplacements after = check::row_displacements_after(orbit, S);
      for (std::size_t r = 0; r < P.p; ++r) {
        INFO(k << ": " << to_string(c.start.activation) << ", t = " << t << ", row " << r);
        CHECK(contains(moved.w[r], row_of_W(exact, r)));
        CHECK(contains(moved.beta[r], abs(Number(exact.beta[r] - beta0[r]))));
        double square = 0, z2 = 0, psi2 = 0;
        for (std::size_t i = 0; i < P.n; ++i) {
          const double z = Z[r * P.n + i];
          square += z * check::about(orbit.point().A.at(r, i) - start.A.at(r, i)), z2 += z * z;
          psi2 += std::pow(check::about(orbit.point().Psi.at(r, i)), 2);
        }
        CHECK(check::about(check::upper(moved.w[r])) ==
              near(std::sqrt(std::max(0.0, square + std::sqrt(z2) * a)) + a / std::sqrt(K_norm)));
        CHECK(check::about(check::upper(moved.beta[r])) ==
              near(std::abs(check::about(orbit.point().beta[r] - start.beta[r])) + d + d_start));
        const double b = std::abs(c.start.b.values[r]);
        CHECK(check::about(after.w[r]) == near(b * L1 * std::sqrt(K_norm) * S / root_p));
        CHECK(check::about(after.beta[r]) ==
              near(S / root_p *
                   (std::sqrt(psi2) + L1 * a + L1 * L1 * b * K_norm * S / (2 * root_p))));
        ++compared;
      }
      if (t == c.lambda.size()) break;
      for (std::size_t r = 0; r < P.p; ++r)
        for (std::size_t i = 0; i < P.n; ++i)
          Z[r * P.n + i] -= c.start.eta / root_p * c.start.b.values[r] *
                            check::about(orbit.point().D.at(r, i)) *
                            check::about(orbit.point().e[i]);
      motion.add_step(orbit);
      orbit.advance(c.lambda[t]);
      exact.step(c.lambda[t]);
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("claims of rows and times cost work that the budget knows", "[check]") {
  RunCertificate c = tight().front();
  const double with = check::verify_at(c, 128).work;
  c.whole_run.rows.reset();
  const double without_rows = check::verify_at(c, 128).work;
  c.whole_run.times.clear();
  CHECK(with > without_rows);
  CHECK(without_rows > check::verify_at(c, 128).work);
}
