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
#include "check/orbit_outputs.hpp"
#include "check/rows.hpp"
#include "check/verify.hpp"
#include "format/temporary_folder.hpp"
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

/// One output and feedback alignment, and every other network.
std::vector<tamper::Network> all_networks() {
  std::vector<tamper::Network> networks = {{}};
  networks.insert(networks.end(), std::begin(tamper::other_networks),
                  std::end(tamper::other_networks));
  return networks;
}

/// What the producer proposes, with everything asked for.
std::vector<RunCertificate> proposed() {
  tamper::Random random(31);
  truth::Judge judge;
  std::vector<RunCertificate> made;
  for (int k = 0; k < 24; ++k) {
    const Wanted wanted = k % 3 == 0 ? Wanted::penalty : Wanted::no_penalty;
    const tamper::Network network =
        k < 12 ? tamper::Network{} : tamper::other_networks[k % std::size(tamper::other_networks)];
    const RunCertificate base =
        tamper::random_certificate(random, judge, wanted, tamper::five_activations[k % 5], network);
    Search search;
    search.rule = network.rule;
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
  const std::vector<tamper::Network> networks = all_networks();
  for (int k = 0; k < 14; ++k) {
    RunCertificate c = tamper::random_certificate(
        random, judge, k % 2 == 0 ? Wanted::decay : Wanted::penalty,
        tamper::five_activations[k % 5],
        k < 6 ? tamper::Network{} : networks[static_cast<std::size_t>(k) % networks.size()]);
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

/// |beta_r - x_r| of the exact orbit.
Number row_of_beta(const truth::Orbit& orbit, const truth::Numbers& x, std::size_t r) {
  truth::Numbers moved;
  for (std::size_t rc = r * orbit.k; rc < (r + 1) * orbit.k; ++rc)
    moved.push_back(orbit.beta[rc] - x[rc]);
  return norm(moved);
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
  std::size_t reached = 0, published = 0, other = 0;
  for (const RunCertificate& c : certificates) {
    INFO(to_string(c.start.activation)
         << " n=" << c.start.n() << " p=" << c.start.p() << " T=" << c.leg.checkpoint << " "
         << to_string(c.start.rule) << " k=" << c.start.k());
    REQUIRE(check::verify(c, 128, 512).decision == Decision::proved);
    CHECK_FALSE(truth::Judge().judge(c).fails());  // gamma is enclosed to the last double
    other += !c.start.plain();
    const test::TemporaryFolder temporary;
    write_certificate(temporary.path() / "c", c);
    CHECK(version_of(c) == 3);
    CHECK(read_certificate(temporary.path() / "c").whole_run.rows->bounds ==
          c.whole_run.rows->bounds);
    const WholeRun& run = c.whole_run;
    truth::Orbit orbit(c.start, {});
    const truth::Numbers beta0 = orbit.beta;
    published += run.rows->published.has_value();
    for (std::size_t t = 0; t <= c.leg.checkpoint + 200; ++t) {
      const Number error = norm(orbit.e);
      for (std::size_t r = 0; r < orbit.p; ++r) {
        CHECK(row_of_W(orbit, r) <= run.rows->bounds(r, 0));
        CHECK(row_of_beta(orbit, beta0, r) <= run.rows->bounds(r, 1));
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
    for (std::size_t rc = 0; rc < orbit.beta.size(); ++rc)
      from_centre.push_back(orbit.beta[rc] - run.limit->centre.values[rc]);
    CHECK(norm(from_centre) <= run.limit->distance + 2 * rest);
  }
  CHECK(reached > 1000);
  CHECK(published > 1);
  CHECK(other > 6);
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

namespace {

double e_of(const check::Orbit& orbit, std::size_t i, std::size_t) {
  return check::about(orbit.point().e[i]);
}
double e_of(const check::OutputsOrbit& orbit, std::size_t i, std::size_t o) {
  return check::about(orbit.point().e.at(i, o));
}
double beta_of(const check::Orbit& orbit, std::size_t r, std::size_t) {
  return check::about(orbit.point().beta[r]);
}
double beta_of(const check::OutputsOrbit& orbit, std::size_t r, std::size_t o) {
  return check::about(orbit.point().beta.at(r, o));
}

/// Follows one orbit, compares all rows at all steps, and says how many that were.
template <class AnyOrbit>
std::size_t compare_rows(const tamper::OrbitCase& c, AnyOrbit orbit, double K_norm) {
  const auto near = [](double value) { return Approx(value).epsilon(1e-6).margin(1e-11); };
  const auto& P = orbit.problem();
  const std::size_t n = P.n, p = P.p, k = c.start.k();
  const bool fa = is_feedback_alignment(c.start.rule);
  truth::Orbit exact(c.start, c.shift);
  check::RowMotion motion(orbit);
  const AnyOrbit start = orbit;
  const double d_start = check::about(orbit.radii().beta);
  const truth::Numbers beta0 = exact.beta;
  std::vector<double> Z(p * n);
  const auto sent_through = [&](std::size_t r, std::size_t o) {
    return fa ? c.start.b.values[r * k + o] : beta_of(orbit, r, o);
  };
  std::size_t compared = 0;
  for (std::size_t t = 0; t <= c.lambda.size(); ++t) {
    const double a = check::about(orbit.radii().A), d = check::about(orbit.radii().beta);
    if (!std::isfinite(a)) break;
    const check::RowDisplacements moved = motion.at(orbit);
    const double S = 0.7, rho = 0.3, L1 = check::about(P.psi.L1), root_p = std::sqrt(double(p));
    const check::RowDisplacements after = check::row_displacements_after(orbit, S, rho);
    for (std::size_t r = 0; r < p; ++r) {
      INFO(to_string(c.start.activation) << ", " << to_string(c.start.rule) << ", " << k
                                         << " outputs, t = " << t << ", row " << r);
      CHECK(contains(moved.w[r], row_of_W(exact, r)));
      CHECK(contains(moved.beta[r], row_of_beta(exact, beta0, r)));
      double square = 0, z2 = 0, psi2 = 0, beta2 = 0, sent2 = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double z = Z[r * n + i];
        square += z * check::about(orbit.point().A.at(r, i) - start.point().A.at(r, i));
        z2 += z * z, psi2 += std::pow(check::about(orbit.point().Psi.at(r, i)), 2);
      }
      for (std::size_t o = 0; o < k; ++o) {
        beta2 += std::pow(beta_of(orbit, r, o) - beta_of(start, r, o), 2);
        sent2 += std::pow(sent_through(r, o), 2);
      }
      CHECK(check::about(check::upper(moved.w[r])) ==
            near(std::sqrt(std::max(0.0, square + std::sqrt(z2) * a)) + a / std::sqrt(K_norm)));
      CHECK(check::about(check::upper(moved.beta[r])) == near(std::sqrt(beta2) + d + d_start));
      const double sent = std::sqrt(sent2) + (fa ? 0 : d + rho);
      CHECK(check::about(after.w[r]) == near(sent * L1 * std::sqrt(K_norm) * S / root_p));
      CHECK(check::about(after.beta[r]) ==
            near(S / root_p *
                 (std::sqrt(psi2) + L1 * a + L1 * L1 * sent * K_norm * S / (2 * root_p))));
      ++compared;
    }
    if (t == c.lambda.size()) break;
    for (std::size_t r = 0; r < p; ++r)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t o = 0; o < k; ++o)
          Z[r * n + i] -= c.start.eta / root_p * sent_through(r, o) *
                          check::about(orbit.point().D.at(r, i)) * e_of(orbit, i, o);
    motion.add_step(orbit);
    orbit.advance(c.lambda[t]);
    exact.step(c.lambda[t]);
  }
  return compared;
}

}  // namespace

TEST_CASE("displacements of rows are those of the page and hold the exact ones", "[check]") {
  tamper::Random random(35);
  const check::PrecisionScope scope(128);
  std::size_t of_one = 0, of_bp = 0, of_outputs = 0;
  for (int k = 0; k < 100; ++k) {
    const tamper::OrbitCase c = tamper::random_orbit_case(random, k % 2 == 0, k >= 40);
    const truth::Orbit exact(c.start, c.shift);
    const double K_norm =
        truth::eigenvalues(exact.K, exact.n).back().convert_to<double>() * (1 + 1e-9);
    if (k < 40) {
      const check::Problem P = check::problem_from(c.start, K_norm);
      of_one += compare_rows(c, check::Orbit(P, c.start, c.radius), K_norm);
    } else {
      const check::OutputsProblem P = check::outputs_problem_from(c.start, K_norm);
      const std::size_t compared =
          compare_rows(c, check::OutputsOrbit(P, c.start, c.radius), K_norm);
      (is_feedback_alignment(c.start.rule) ? of_outputs : of_bp) += compared;
    }
  }
  CHECK(of_one > 700);
  CHECK(of_bp > 300);
  CHECK(of_outputs > 300);
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
