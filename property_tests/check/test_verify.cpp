// SPDX-License-Identifier: Apache-2.0
// What a verdict says and what it may cost: claims about angles need angles, a run without the
// penalty is bounded from its start, cheap conditions come first, and work has a bound.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/network/data.hpp>

#include "check/budget.hpp"
#include "check/decide_kernel.hpp"
#include "check/limit_kernel.hpp"
#include "check/report.hpp"
#include "check/report_lines.hpp"
#include "check/verify.hpp"
#include "property.hpp"
#include "tamper/certificates.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using check::Ball;
using check::Decision;
using check::Findings;

namespace {

constexpr const char* over_budget = "work within the budget";

Findings verified(const RunCertificate& c) {
  return check::verify(c, 128, 512);
}

/// The conditions that decided.
std::vector<std::string> deciding(const Findings& findings) {
  std::vector<std::string> names;
  for (const check::Condition& condition : findings.conditions)
    if (condition.decision == findings.decision) names.push_back(condition.inequality);
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_refused(const RunCertificate& c, const std::string& inequality) {
  const Findings findings = verified(c);
  INFO(inequality);
  CHECK(findings.decision == Decision::violated);
  CHECK(contains(deciding(findings), inequality));
}

std::string implied(const RunCertificate& c) {
  const Findings findings = verified(c);
  REQUIRE(findings.decision == Decision::proved);
  return test::lines_of(check::report(c, "", findings)).at(3);
}

/// One sample, four linear units, the error `error` at t = 0, where Theorem A closes.
RunCertificate at_rest(const std::vector<double>& b, const std::vector<double>& beta,
                       double error) {
  RunCertificate c;
  Start& s = c.start;
  s.kind = CertificateKind::from_initialisation;
  s.activation = Activation::identity;
  s.eta = 0.5;
  s.X = Array({1, 1}), s.X(0, 0) = 1;
  s.W = Array({4, 1}), s.W.values = {1, 1, 1, 1};
  s.b = Array({4}), s.b.values = b;
  s.beta = Array({4}), s.beta.values = beta;
  s.y = Array({1});
  for (double beta_r : beta) s.y(0) += beta_r / 2;
  s.y(0) -= error;
  const truth::Run x = truth::run(s, {}, 0, true);
  const auto above = [](const truth::Number& value) {
    return value.convert_to<double>() * (1 + 1e-9);
  };
  const auto below = [](const truth::Number& value) {
    return value.convert_to<double>() * (1 - 1e-9);
  };
  c.leg.witness = {below(x.M_min), above(x.M_max), above(x.G_max), above(x.K_norm)};
  const double alpha = 0.5 * c.leg.witness.M_min;
  const truth::Consequence bound = truth::theorem_a(x, c.leg.witness, alpha);
  c.leg.statement = {alpha,
                     above(x.E),
                     above(bound.beta_displacement),
                     above(bound.A_displacement),
                     std::max(-1.0, bound.cos_min.convert_to<double>() - 1e-9),
                     std::min(1.0, bound.cos_max.convert_to<double>() + 1e-9)};
  c.whole_run.beta_displacement = 2 * c.leg.statement.beta_displacement;
  c.whole_run.A_displacement = 2 * c.leg.statement.A_displacement;
  c.whole_run.errors = Array({1, 2});
  c.whole_run.errors(0, 1) = above(x.E);
  return c;
}

const std::vector<double> some_b = {1, -1, 1, -1}, some_beta = {1.25, 1, 1, 1};

/// With T3 and a run without the penalty that does at least one step.
RunCertificate with_twin(tamper::Random& random, truth::Judge& judge) {
  RunCertificate c;
  do c = tamper::random_first_form(random, judge, tamper::Wanted::twin, Activation::tanh);
  while (c.whole_run.alignment->twin.checkpoint == 0 || c.leg.checkpoint < 3);
  return c;
}

}  // namespace

TEST_CASE("T2 is refused where it says nothing or the angle does not exist", "[check]") {
  truth::Judge judge;
  RunCertificate c = at_rest(some_b, some_beta, 1e-3);
  c.whole_run.no_alignment = NoAlignmentClaim{1};
  CHECK_THAT(implied(c), Catch::Contains("T2 on this instance: b and beta(t) are not 0 and |cos"));
  CHECK(judge.judge(c).holds());
  SECTION("kappa = sqrt p, and above") {
    for (double kappa : {2.0, std::nextafter(2.0, 3.0), 4.0, 1e300}) {
      c.whole_run.no_alignment->kappa = kappa;
      check_refused(c, "sqrt p > kappa");
      CHECK_FALSE(judge.judge(c).holds());
    }
    c.whole_run.no_alignment->kappa = std::nextafter(2.0, 1.0);
    CHECK(verified(c).decision == Decision::proved);
  }
  SECTION("b = 0") {
    c = at_rest({0, 0, 0, 0}, some_beta, 1e-3);
    CHECK(verified(c).decision == Decision::proved);
    for (double kappa : {1.0, 1.9, 4.0}) {
      c.whole_run.no_alignment = NoAlignmentClaim{kappa};
      check_refused(c, "|b| > 0");
      CHECK(judge.judge(c).fails());
    }
  }
  SECTION("beta(0) = 0") {
    c = at_rest(some_b, {0, 0, 0, 0}, 1e-3);
    CHECK(verified(c).decision == Decision::proved);
    // The claims about later times are made to look as if they held.
    c.leg.statement.cos_min = -0.1, c.leg.statement.cos_max = 0.1;
    c.whole_run.no_alignment = NoAlignmentClaim{1};
    check_refused(c, "|beta(t)| > 0, t <= T");
    CHECK(judge.judge(c).fails());
  }
  SECTION("beta(t) may vanish later") {
    c = at_rest(some_b, {1e-4, 0, 0, 0}, 1e-3);
    REQUIRE(c.leg.statement.cos_min == -1);
    c.whole_run.no_alignment = NoAlignmentClaim{1.5};
    CHECK(verified(c).decision == Decision::violated);
  }
}

TEST_CASE("what is implied claims nothing that was not checked", "[check]") {
  RunCertificate c = at_rest(some_b, some_beta, 1e-3);
  CHECK_THAT(implied(c), Catch::Contains(" <= cos(b, beta(t)) <= ") && !Catch::Contains("nothing"));
  c.leg.statement.cos_max = 1;
  CHECK_THAT(implied(c), Catch::Contains(" <= cos(b, beta(t)) (a decimal"));
  c.leg.statement.cos_min = -2, c.leg.statement.cos_max = 1e300;
  CHECK_THAT(implied(c), Catch::Contains("; of cos(b, beta(t)) nothing is claimed") &&
                             !Catch::Contains("1e+300"));
  c.leg.statement.cos_max = 0.5;
  CHECK_THAT(implied(c), Catch::Contains("; cos(b, beta(t)) <= "));

  c = at_rest(some_b, some_beta, 1e-3);
  c.whole_run.decay = DecayClaim{1 - 1e-9, 1 + 1e-9};  // K = 1
  CHECK_THAT(implied(c), Catch::Contains("T1 on this instance: |e"));
  // No error at all: T1 holds and says nothing.
  c = at_rest(some_b, some_beta, 0);
  c.whole_run.errors(0, 1) = 0;
  c.whole_run.decay = DecayClaim{1 - 1e-9, 1 + 1e-9};
  CHECK_THAT(implied(c), Catch::Contains("T1 on this instance (e(t) = 0 for all t, so it says"));
}

TEST_CASE("the run without the penalty is bounded from its start", "[check]") {
  tamper::Random random(3);
  truth::Judge judge;
  int lies = 0;
  for (int tried = 0; tried < 60 && lies < 3; ++tried) {
    RunCertificate c = tamper::random_first_form(random, judge, tamper::Wanted::twin,
                                                 tamper::five_activations[tried % 5]);
    REQUIRE(verified(c).decision == Decision::proved);
    CHECK_THAT(implied(c), Catch::Contains("while without the penalty cos(b, beta(t)) <= ") &&
                               Catch::Contains(" for all t >= 0; "));
    Leg& twin = c.whole_run.alignment->twin;
    const truth::Run z = truth::run(c.start, {}, twin.checkpoint, false);
    const truth::Number largest = *std::max_element(z.cosine.begin(), z.cosine.end()),
                        later = truth::theorem_a(z, twin.witness, twin.statement.alpha).cos_max;
    if (!(largest > later + 1e-6)) continue;
    ++lies;
    // True from the checkpoint on, false before it.
    twin.statement.cos_max = truth::Number((largest + later) / 2).convert_to<double>();
    CHECK(judge.judge(c).fails());
    check_refused(c, "twin: cos_max >= cos(b, beta(t)), t <= T");
  }
  CHECK(lies == 3);
}

TEST_CASE("the producer claims of a run without the penalty what holds from t = 0 on", "[check]") {
  DataSpec spec;
  spec.n = 2, spec.d = 30;
  int earlier = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    spec.seed = seed;
    Instance instance = make_instance(
        make_data(spec), {150, Activation::identity, 0.2, {.lambda = 1, .cut = 100}, 800, seed});
    const Proposal proposal = propose_certificate(instance, {}, true_step<double>());
    if (!proposal.certificate || !proposal.certificate->whole_run.alignment) continue;
    CHECK(verified(*proposal.certificate).decision == Decision::proved);
    const Leg& twin = proposal.certificate->whole_run.alignment->twin;
    instance.penalty = {};
    const Problem<double> problem = problem_from<double>(instance);
    KernelState<double> state = initial_kernel(problem, instance);
    run(problem, state, twin.checkpoint, true_step<double>(),
        [&](std::size_t t, const KernelState<double>& now, const Forward<double>&) {
          const double cos = cosine(problem.b, now.beta);
          CHECK(cos < twin.statement.cos_max);
          // Then the bound is of a step before the checkpoint.
          earlier += t < twin.checkpoint && cos > twin.statement.cos_max - 2e-6;
          return true;
        });
  }
  CHECK(earlier > 0);

  Instance instance = make_instance(make_data(spec), {150, Activation::identity, 0.2, {}, 400, 1});
  Search search;
  search.kappa = 13;  // sqrt 150 = 12.2
  const Proposal proposal = propose_certificate(instance, search, true_step<double>());
  REQUIRE(proposal.certificate);
  CHECK_FALSE(proposal.certificate->whole_run.no_alignment);
  CHECK_THAT(proposal.not_claimed.back(), Catch::Contains("is not below sqrt p = 12.25"));
  instance.beta0.values.assign(instance.beta0.values.size(), 0);
  search.kappa = 4;
  const Proposal from_0 = propose_certificate(instance, search, true_step<double>());
  REQUIRE(from_0.certificate);
  CHECK_FALSE(from_0.certificate->whole_run.no_alignment);
  CHECK_THAT(from_0.not_claimed.back(), Catch::Contains("T2: cos(b, beta) is not defined"));
}

TEST_CASE("runs whose gamma is claimed to the last bit are decided at 64 bits", "[check]") {
  DataSpec spec;
  spec.n = 4, spec.d = 20;
  const Instance instance =
      make_instance(make_data(spec), {200, Activation::tanh, 0.2, {}, 400, 1});
  const Proposal proposal = propose_certificate(instance, {}, true_step<double>());
  REQUIRE(proposal.certificate);
  REQUIRE(proposal.certificate->whole_run.decay);
  const Findings few = check::verify(*proposal.certificate, check::first_precision, 512);
  CHECK(few.decision == Decision::proved);
  CHECK(few.bits == 64);
  // The same conditions, by the same margins as far as they are shown.
  const Findings many = check::verify(*proposal.certificate, 128, 512);
  REQUIRE(few.conditions.size() == many.conditions.size());
  for (std::size_t k = 0; k < few.conditions.size(); ++k) {
    CHECK(few.conditions[k].inequality == many.conditions[k].inequality);
    CHECK(few.conditions[k].decision == many.conditions[k].decision);
  }
}

TEST_CASE("cheap conditions come first, and a refuted part is the last", "[check]") {
  tamper::Random random(4);
  truth::Judge judge;
  const RunCertificate good = with_twin(random, judge);
  const Findings whole = verified(good);
  REQUIRE(whole.decision == Decision::proved);
  REQUIRE(whole.bits == 128);
  const auto work_of = [&](const auto& change, const std::string& inequality) {
    RunCertificate c = good;
    c.whole_run.alignment->twin.checkpoint = Leg::largest_checkpoint;
    change(c);
    const Findings findings = verified(c);
    INFO(inequality);
    CHECK(findings.decision == Decision::violated);
    CHECK(contains(deciding(findings), inequality));
    return findings.work;
  };
  const double numbers = work_of([](RunCertificate& c) { c.whole_run.alignment->margin = 3; },
                                 "cos_min > cos_max of the twin + margin");
  const double K_norm = work_of([](RunCertificate& c) { c.leg.witness.K_norm *= 0.5; },
                                "K_norm I - K positive definite");
  const double first_step = work_of([](RunCertificate& c) { c.whole_run.errors(0, 1) *= 0.5; },
                                    "errors of row t >= |e(t)|, t <= T");
  const double second_step = work_of([](RunCertificate& c) { c.whole_run.errors(1, 1) *= 0.5; },
                                     "errors of row t >= |e(t)|, t <= T");
  const double checkpoint = work_of([](RunCertificate& c) { c.leg.statement.alpha = 1e300; },
                                    "M_min - dG - dH - eta Cv E >= alpha");
  CHECK(numbers == 0);
  CHECK(K_norm > 0);
  CHECK(first_step > K_norm);
  const double step = second_step - first_step;
  CHECK(step == Approx(first_step - K_norm));
  CHECK(checkpoint == Approx(first_step + static_cast<double>(good.leg.checkpoint) * step));
  CHECK(checkpoint < whole.work);
}

TEST_CASE("a run without the penalty that is too long is not begun", "[check]") {
  tamper::Random random(4);
  truth::Judge judge;
  RunCertificate c = with_twin(random, judge);
  const double whole = verified(c).work;
  c.whole_run.alignment->twin.checkpoint = Leg::largest_checkpoint;
  const Findings findings = verified(c);
  CHECK(findings.decision == Decision::undecided);
  CHECK(deciding(findings) == std::vector<std::string>{over_budget});
  CHECK_THAT(findings.conditions.back().detail,
             Catch::Contains("10000000 steps of the run without the penalty at 128 bits cost"));
  CHECK(findings.bits == 128);
  CHECK(findings.work < whole);
  CHECK_THAT(test::lines_of(check::report(c, "", findings)).at(2),
             Catch::StartsWith("undecided: ") && !Catch::Contains("implies"));
}

TEST_CASE("what a radius hides is undecided, and more bits decide it", "[check]") {
  // W X^T = 1 + 2^-200 needs more than 128 bits. Nothing ever moves, which is what is claimed.
  RunCertificate c;
  c.start = {.kind = CertificateKind::from_initialisation,
             .activation = Activation::identity,
             .eta = 0.125,
             .penalty = {},
             .X = Array({1, 2}),
             .y = Array({1}),
             .b = Array({1}),
             .W = Array({1, 2}),
             .A = {},
             .beta = Array({1})};
  c.start.X.values = c.start.W.values = {1, 0x1p-100};
  c.start.b.values = {1};
  c.leg.witness = {.M_min = 0.5, .M_max = 2, .G_max = 2, .K_norm = 2};
  c.leg.statement = {.alpha = 0.25, .cos_min = -1, .cos_max = 1};
  c.whole_run.errors = Array({1, 2});
  CHECK(check::verify_at(c, 128).decision == check::Decision::undecided);
  CHECK(check::verify(c, 128, 1024).decision == check::Decision::proved);
  // No number of bits makes a false claim true.
  c.leg.statement.error = -0x1p-30;
  CHECK(check::verify(c, 128, 1024).decision == check::Decision::violated);
}

TEST_CASE("more bits count for more, and none are added beyond the budget", "[check]") {
  check::Budget budget(1000);
  {
    const check::PrecisionScope scope(512);  // 8 times as much as 128 bits
    CHECK(budget.allows(125, "a"));
    budget.spend(100);
    CHECK(budget.spent() == 800);
    CHECK(budget.allows(25, "a"));
    CHECK_FALSE(budget.exhausted());
    CHECK_FALSE(budget.allows(26, "26 things"));
  }
  CHECK(budget.exhausted());
  CHECK_THAT(budget.reason(), Catch::StartsWith("26 things at 512 bits cost 208 units"));
  CHECK_FALSE(budget.allows(1, "b"));  // the end is the end
  CHECK(budget.spent() == 800);

  RunCertificate c = at_rest(some_b, some_beta, 1e-3);
  const auto at = [&](double units) {
    check::Budget limit(units);
    return check::verify_at(c, 128, limit);
  };
  const double work = at(1e9).work;
  CHECK(work > 0);
  CHECK(at(work).conditions.back().inequality != over_budget);
  const Findings short_of = at(work * (1 - 1e-9));
  CHECK(short_of.decision == Decision::undecided);
  CHECK(short_of.conditions.back().inequality == over_budget);
  CHECK(short_of.work == 0);
}

TEST_CASE("many samples of few numbers are not begun", "[check]") {
  Array X({4000, 1});
  for (std::size_t i = 0; i < 4000; ++i) X(i, 0) = 1 + static_cast<double>(i);
  for (Activation activation : {Activation::relu, Activation::tanh, Activation::gelu}) {
    const Findings findings = check::verify(KernelCertificate{activation, X, 1e-300, 1}, 128, 256);
    CHECK(findings.decision == Decision::undecided);
    CHECK(deciding(findings).back() == over_budget);
    CHECK(findings.work == 0);
  }
  // What needs no kernel is decided.
  CHECK(check::verify(KernelCertificate{Activation::identity, X, 0, 0}, 128, 256).decision ==
        Decision::proved);
  RunCertificate c;
  c.start.activation = Activation::identity;
  c.start.eta = 1e-9;
  c.start.X = X;
  c.start.y = Array({4000});
  c.start.b = c.start.beta = Array({1});
  c.start.A = Array({1, 4000});
  c.leg.statement.alpha = 1;
  RunCertificate wide = c;  // cheap enough, but a matrix of 6e6 balls
  wide.start.kind = CertificateKind::from_initialisation;
  wide.start.X = Array({100, 1}), wide.start.y = Array({100});
  wide.start.b = wide.start.beta = Array({60000}), wide.start.W = Array({60000, 1});
  wide.start.A = {};
  wide.whole_run.errors = Array({1, 2});
  const Findings not_begun = verified(wide);
  CHECK(not_begun.decision == Decision::undecided);
  CHECK(deciding(not_begun) == std::vector<std::string>{over_budget});
  CHECK_THAT(not_begun.conditions.back().detail, Catch::Contains("60000 x 100 pre-activations"));
  for (Rule rule : {Rule::fa, Rule::bp}) {
    c.start.rule = rule;
    const Findings findings = verified(c);
    CHECK(findings.decision == Decision::undecided);
    CHECK(deciding(findings) == std::vector<std::string>{over_budget});
    CHECK(findings.work == 0);
  }
}

TEST_CASE("a diagonal out of reach ends the limit kernel", "[check]") {
  // softplus of very long rows that are nearly parallel
  Array X({3, 2});
  X.values = {1e4, 0, 1e4, 10, 1e4, -5};
  const Findings findings =
      check::verify(KernelCertificate{Activation::softplus, X, 1e-3, 1e300}, 128, 256);
  CHECK(findings.decision == Decision::undecided);
  CHECK(findings.bits == 128);  // more bits would only ask for more terms
  CHECK(deciding(findings).back() == over_budget);
  CHECK_THAT(findings.conditions.back().detail, Catch::Contains("entry (0, 0)"));
  CHECK(findings.work < 1e8);
  // One such row among others.
  X.values = {1, 0, 1e4, 10, 0, 1};
  const Findings other =
      check::verify(KernelCertificate{Activation::softplus, X, 1e-3, 1e300}, 128, 256);
  CHECK(other.decision == Decision::undecided);
  CHECK_THAT(other.conditions.back().detail, Catch::Contains("entry (1, 1)"));
}

TEST_CASE("the limit kernel holds whatever is paid for it, and costs no more", "[check]") {
  Array X({4, 3});
  for (std::size_t k = 0; k < X.values.size(); ++k)
    X.values[k] = std::sin(1 + 3 * static_cast<double>(k));
  const check::PrecisionScope scope(128);
  const check::BallMatrix K = check::gram_of_rows(X);
  for (Activation activation : {Activation::tanh, Activation::sigmoid, Activation::softplus}) {
    const check::BallMatrix sharp = check::limit_kernel(activation, K);
    check::Budget ample(1e9);
    check::limit_kernel(activation, K, ample);
    REQUIRE_FALSE(ample.exhausted());
    int unknown = 0;
    for (double share : {0.0, 0.1, 0.3, 0.6, 0.9, 0.999, 1.0}) {
      check::Budget budget(share * ample.spent());
      const check::BallMatrix G = check::limit_kernel(activation, K, budget);
      CHECK(budget.spent() <= share * ample.spent());
      CHECK(budget.exhausted() == (share < 1));
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
          INFO(to_string(activation) << " " << share << " (" << i << ", " << j << ")");
          CHECK(arb_overlaps(G.entry(i, j), sharp.entry(i, j)));
          unknown += !(check::about(check::radius(G.at(i, j))) < 1e-20);
        }
    }
    CHECK(unknown > 30);
  }
}
