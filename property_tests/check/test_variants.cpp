// SPDX-License-Identifier: Apache-2.0
// Theorem A with k outputs and for backpropagation: what the checker accepts is seen in runs, every
// number is needed, and what is false is refused.
#include <filesystem>
#include <functional>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/dynamics/instances.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/network/data.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

constexpr int proved = 0, fails = 1;

int exit_of(const Certificate& certificate) {
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", certificate);
  return CheckReceipt::obtain(ALIGNPROOF_CHECK_PROGRAM, temporary.path() / "c", "").exit_status();
}

std::string last_line(const Certificate& certificate) {
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", certificate);
  return CheckReceipt::obtain(ALIGNPROOF_CHECK_PROGRAM, temporary.path() / "c", "").lines().back();
}

struct Case {
  Instance instance;
  Rule rule = Rule::fa;
};

Case case_of(Activation psi, Rule rule, std::size_t k, std::uint64_t seed) {
  DataSpec spec;
  spec.n = 3, spec.d = 12, spec.k = k, spec.seed = seed;
  return {make_instance(make_data(spec), {300, psi, 0.2, {}, 1500, seed}), rule};
}

Search search_for(const Case& c) {
  Search search;
  search.kind = CertificateKind::from_checkpoint;
  search.rule = c.rule;
  return search;
}

std::optional<Certificate> certificate_of(const Case& c) {
  return propose_certificate(c.instance, search_for(c), true_step<double>()).certificate;
}

/// The run from the checkpoint stays within everything that is claimed.
void require_seen(const Certificate& c, const Case& made) {
  const Problem<double> problem = problem_from<double>(made.instance, made.rule);
  const Matrix<double> A0 = matrix_from<double>(c.start.A),
                       beta0 = matrix_from<double>(c.start.beta);
  KernelState<double> state{A0, beta0, Matrix<double>::Zero(A0.rows(), A0.cols())};
  const Statement& s = c.leg.statement;
  double envelope = s.error;
  run(problem, state, 400, true_step<double>(),
      [&](std::size_t, const KernelState<double>& now, const Forward<double>& at) {
        // Rounding stays far below 1e-11 at these sizes.
        RC_ASSERT(at.e.norm() <= envelope + 1e-11);
        RC_ASSERT((now.beta - beta0).norm() <= s.beta_displacement + 1e-11);
        RC_ASSERT((now.A - A0).norm() <= s.A_displacement + 1e-11);
        const double cos = cosine(problem.b, now.beta);
        RC_ASSERT(s.cos_min - 1e-11 <= cos);
        RC_ASSERT(cos <= s.cos_max + 1e-11);
        envelope *= 1 - problem.eta * s.alpha;
        return true;
      });
}

}  // namespace

TEST_CASE("k outputs and backpropagation: accepted and seen", "[check][property]") {
  std::size_t closed = 0, tried = 0;
  check_property("any activation, rule and number of outputs", [&] {
    const Activation psi =
        *rc::gen::element(Activation::identity, Activation::tanh, Activation::erf, Activation::relu,
                          Activation::softplus);
    const Rule rule = *rc::gen::element(Rule::fa, Rule::bp);
    const std::size_t k = rule == Rule::bp ? *rc::gen::inRange<std::size_t>(1, 4)
                                           : *rc::gen::inRange<std::size_t>(2, 4);
    const Case c = case_of(psi, rule, k, *rc::gen::inRange<std::uint64_t>(1, 100000));
    ++tried;
    const std::optional<Certificate> certificate = certificate_of(c);
    if (!certificate) return;
    ++closed;
    RC_LOG() << last_line(*certificate) << '\n';
    RC_ASSERT(exit_of(*certificate) == proved);
    require_seen(*certificate, c);
  });
  INFO(closed << " of " << tried << " closed");
  if (CaseNumbers::from_environment().many()) CHECK(2 * closed > tried);
}

TEST_CASE("k outputs and backpropagation: every number is checked", "[check]") {
  for (Rule rule : {Rule::fa, Rule::bp})
    for (Activation psi : {Activation::tanh, Activation::relu}) {
      // With relu not every run closes: the first seed that does.
      std::optional<Certificate> good;
      for (std::uint64_t seed = 5; !good && seed < 25; ++seed)
        good = certificate_of(case_of(psi, rule, 2, seed));
      REQUIRE(good);
      REQUIRE(exit_of(*good) == proved);
      const auto refused = [&](const std::function<void(Certificate&)>& change) {
        Certificate c = *good;
        change(c);
        CHECK(exit_of(c) == fails);
      };
      refused([](Certificate& c) { c.leg.statement.alpha = c.leg.witness.M_min; });
      refused([](Certificate& c) { c.leg.witness.M_min *= 1.001; });
      refused([](Certificate& c) { c.leg.witness.M_min = 2 / c.start.eta - c.leg.witness.M_min; });
      refused([](Certificate& c) { c.leg.witness.M_max *= 0.999; });
      refused([](Certificate& c) { c.leg.witness.G_max *= 0.999; });
      refused([](Certificate& c) { c.leg.witness.K_norm *= 0.999; });
      refused([](Certificate& c) { c.leg.statement.error *= 0.999; });
      refused([](Certificate& c) { c.leg.statement.beta_displacement *= 0.999; });
      refused([](Certificate& c) { c.leg.statement.A_displacement *= 0.999; });
      refused([](Certificate& c) { c.leg.statement.cos_min += 1e-4; });
      refused([](Certificate& c) { c.leg.statement.cos_max -= 1e-4; });
      refused([](Certificate& c) { c.radius = 0.1; });
      refused([](Certificate& c) { c.radius = -1e-9; });
      if (psi == Activation::relu) refused([](Certificate& c) { c.start.A(7, 1) = 1e-12; });
      // The other rule is another dynamics; its numbers are not these.
      refused([&](Certificate& c) { c.start.rule = rule == Rule::fa ? Rule::bp : Rule::fa; });
    }
}

TEST_CASE("k outputs and backpropagation: a small neighbourhood", "[check]") {
  for (Rule rule : {Rule::fa, Rule::bp}) {
    const Case made = case_of(Activation::tanh, rule, 2, 5);
    Certificate c = *certificate_of(made);
    // Room for states near by: every number gives way.
    c.radius = 1e-6;
    c.leg.statement.alpha *= 0.9;
    c.leg.witness.M_min *= 0.999;
    for (double* number : {&c.leg.witness.M_max, &c.leg.witness.G_max, &c.leg.statement.error,
                           &c.leg.statement.beta_displacement, &c.leg.statement.A_displacement})
      *number *= 1.4;
    c.leg.statement.cos_min -= 0.02, c.leg.statement.cos_max += 0.02;
    INFO(last_line(c));
    CHECK(exit_of(c) == proved);
    c.radius = 1;
    CHECK(exit_of(c) == fails);
  }
}
