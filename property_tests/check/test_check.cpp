// SPDX-License-Identifier: Apache-2.0
// alignproof-check accepts what Theorem A proves, up to a relative 1e-9 of its bounds, and nothing
// else. The bounds come from a second computation in long double (closing_instance.hpp).
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>

#include "check/checker.hpp"
#include "check/closing_instance.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::Derived;
using test::Quantities;
using test::Real;
using test::Spec;
namespace fs = std::filesystem;

namespace {

constexpr int proved = 0, fails = 1, malformed = 2, undecided = 3;
constexpr Real nudge = 1e-9L;

CheckReceipt check_folder(const fs::path& folder) {
  return CheckReceipt::obtain(test::checker(), folder, "");
}

CheckReceipt check(const RunCertificate& certificate) {
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", certificate);
  return check_folder(temporary.path() / "c");
}

int exit_of(const RunCertificate& certificate) {
  return check(certificate).exit_status();
}

/// The one line that starts with `start`.
std::string line(const CheckReceipt& receipt, const std::string& start) {
  for (const std::string& text : receipt.lines())
    if (text.starts_with(start)) return text;
  return "";
}

RunCertificate changed(RunCertificate certificate,
                       const std::function<void(RunCertificate&)>& change) {
  change(certificate);
  return certificate;
}

const std::vector<Spec>& specs() {
  static const std::vector<Spec> all = {
      {.n = 2, .d = 3, .p = 200, .activation = Activation::tanh, .eta = 0.2, .seed = 1},
      {.n = 3, .d = 5, .p = 700, .activation = Activation::identity, .eta = 0.2, .seed = 2},
      {.n = 4, .d = 8, .p = 2000, .activation = Activation::tanh, .eta = 0.3, .seed = 3},
      {.n = 1, .d = 2, .p = 300, .activation = Activation::tanh, .eta = 0.5, .seed = 4}};
  return all;
}

/// Certificates that close, made once.
const std::vector<RunCertificate>& closing() {
  static const std::vector<RunCertificate> all = [] {
    std::vector<RunCertificate> certificates;
    for (const Spec& spec : specs()) certificates.push_back(test::closing_certificate(spec));
    return certificates;
  }();
  return all;
}

Real bound_of(Real value, Real direction) {
  return value + direction * nudge * std::fabs(value);
}

/// Accepts `exact` moved by a relative 1e-9 to the safe side and rejects it on the other.
void require_tight(const RunCertificate& certificate, double& (*field)(RunCertificate&), Real exact,
                   Real safe_direction) {
  const auto with = [&](Real direction) {
    return exit_of(changed(certificate, [&](RunCertificate& c) {
      field(c) = static_cast<double>(bound_of(exact, direction));
    }));
  };
  CHECK(with(safe_direction) == proved);
  CHECK(with(-safe_direction) == fails);
}

/// beta = along * b, and targets for which every e_i is `error`.
void set_state(Start& s, Real along, Real error) {
  for (std::size_t r = 0; r < s.b.rows(); ++r) s.beta(r) = static_cast<double>(along * s.b(r));
  test::set_error(s, error);
}

}  // namespace

TEST_CASE("certificates of converging runs are accepted", "[check]") {
  for (const RunCertificate& certificate : closing()) {
    const CheckReceipt receipt = check(certificate);
    REQUIRE(receipt.exit_status() == proved);
    REQUIRE(receipt.lines().size() == 5);
    const char* starts[] = {"object: ", "read: ", "checked: ", "implies: ", "trusted: "};
    for (std::size_t i = 0; i < 5; ++i) CHECK(receipt.lines()[i].starts_with(starts[i]));
    CHECK_THAT(receipt.lines()[3],
               Catch::Contains("proved (conditional on the state at the checkpoint)") &&
                   Catch::Contains(quoted(certificate.leg.statement.alpha)) &&
                   Catch::Contains(quoted(certificate.leg.statement.cos_max)));
  }
}

TEST_CASE("random instances close and are accepted", "[check][property]") {
  check_property("any small size, either activation", [] {
    Spec spec;
    spec.n = *rc::gen::inRange<std::size_t>(2, 5);
    spec.d = spec.n + *rc::gen::inRange<std::size_t>(2, 6);
    spec.p = *rc::gen::inRange<std::size_t>(200, 800);
    spec.activation = *rc::gen::element(Activation::tanh, Activation::identity);
    spec.seed = *rc::gen::inRange<std::uint64_t>(1, 1000000);
    const Real fraction = Real(*rc::gen::inRange(20, 80)) / 100;
    RunCertificate certificate = test::closing_certificate(spec, fraction);
    RC_ASSERT(exit_of(certificate) == proved);
    certificate.leg.statement.alpha = static_cast<double>(certificate.leg.witness.M_min);
    RC_ASSERT(exit_of(certificate) == fails);
  });
}

TEST_CASE("what is claimed for all time is seen for some time", "[check]") {
  for (const RunCertificate& certificate : closing()) {
    const Statement& claim = certificate.leg.statement;
    Start state = certificate.start;
    const auto distance = [](const Array& x, const Array& y) {
      Real sum = 0;
      for (std::size_t i = 0; i < x.values.size(); ++i)
        sum += std::pow(Real(x.values[i]) - y.values[i], Real(2));
      return std::sqrt(sum);
    };
    for (int t = 0; t <= 100; ++t, test::step(state)) {
      // Rounding of the states to double is far below the envelope over these steps.
      const Real envelope = std::pow(1 - Real(state.eta) * claim.alpha, Real(t)) * claim.error;
      REQUIRE(test::error_norm(state) <= envelope + 1e-14L);
      REQUIRE(distance(state.beta, certificate.start.beta) <= claim.beta_displacement);
      REQUIRE(distance(state.A, certificate.start.A) <= claim.A_displacement);
      const Quantities x = test::quantities(state);
      REQUIRE(claim.cos_min <= x.b_beta / (x.b_norm * x.beta_norm));
      REQUIRE(x.b_beta / (x.b_norm * x.beta_norm) <= claim.cos_max);
    }
  }
}

TEST_CASE("every number of the statement is tight", "[check]") {
  for (const RunCertificate& c : closing()) {
    const Quantities x = test::quantities(c.start);
    const Derived bound = test::derive(x, c.leg.witness, c.start.eta, c.leg.statement.alpha);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.error; }, x.E, +1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.beta_displacement; },
        bound.beta_displacement, +1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.A_displacement; },
        bound.A_displacement, +1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.cos_min; }, bound.cos_min, -1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.cos_max; }, bound.cos_max, +1);
  }
}

TEST_CASE("every bound of the spectra is tight", "[check]") {
  for (RunCertificate c : closing()) {
    const Quantities x = test::quantities(c.start);
    // The displacements depend on G_max and K_norm: leave them room.
    c.leg.statement.beta_displacement *= 1.001;
    c.leg.statement.A_displacement *= 1.001;
    c.leg.statement.cos_min -= 1e-3;
    c.leg.statement.cos_max += 1e-3;
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.witness.M_min; }, x.M_min, -1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.witness.M_max; }, x.M_max, +1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.witness.G_max; }, x.G_max, +1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.witness.K_norm; }, x.K_norm, +1);
  }
}

TEST_CASE("the rate is tight", "[check]") {
  for (const RunCertificate& c : closing()) {
    const Quantities x = test::quantities(c.start);
    const auto at_rate = [&](Real alpha, Real slack) {
      // Every other number follows the rate.
      return exit_of(test::certify(c.start, alpha / x.M_min, slack));
    };
    const SpectralWitness w = test::certify(c.start, 0.5L, 1e-12L).leg.witness;
    const Real alpha =
        test::root([&](Real a) { return test::derive(x, w, c.start.eta, a).rate_margin; },
                   c.leg.statement.alpha, x.M_min);
    CHECK(at_rate(bound_of(alpha, -1), 1e-12L) == proved);
    CHECK(at_rate(bound_of(alpha, +1), 1e-12L) == fails);
  }
}

TEST_CASE("the step size is tight", "[check]") {
  int closed = 0;
  for (const RunCertificate& c : closing()) {
    // At a checkpoint any step size defines a dynamics; the step condition allows about
    // 2 / M_max, more than twice what eta (M_max + dG + dH) <= 1 would.
    const Quantities x = test::quantities(c.start);
    const auto step_margin = [&](Real eta) {
      return test::derive(x, c.leg.witness, eta, c.leg.statement.alpha).step_margin;
    };
    const Real eta = test::root(step_margin, c.start.eta, 4 / x.M_max);
    if (test::derive(x, c.leg.witness, eta, c.leg.statement.alpha).rate_margin <= 1e-6L) continue;
    ++closed;
    CHECK(eta * x.M_max > 1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.start.eta; }, eta, -1);
  }
  CHECK(closed == 4);
}

TEST_CASE("the instances exercise every term", "[check]") {
  // Otherwise "tight" could pass with a term missing: each is far above the nudge of 1e-9.
  for (const RunCertificate& c : closing()) {
    const Quantities x = test::quantities(c.start);
    const Derived bound = test::derive(x, c.leg.witness, c.start.eta, c.leg.statement.alpha);
    for (Real part : {bound.dG, bound.dH, c.start.eta * bound.Cv * x.E})
      CHECK(part > 1e-7L * x.M_min);
  }
}

TEST_CASE("tampered certificates with right hashes do not prove their claim", "[check]") {
  const auto rejected = [](const RunCertificate& c, const std::string& inequality) {
    const CheckReceipt receipt = check(c);
    CHECK(receipt.exit_status() == fails);
    CHECK_THAT(line(receipt, "fails: "), Catch::Contains(inequality));
    CHECK(line(receipt, "implies: ").empty());
  };
  for (const RunCertificate& good : closing()) {
    const auto tampered = [&](const std::function<void(RunCertificate&)>& change) {
      return changed(good, change);
    };
    rejected(tampered([](RunCertificate& c) { c.leg.statement.alpha *= 2; }), "M_min - dG - dH");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.alpha = 0; }), "alpha > 0");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.alpha *= -1; }), "alpha > 0");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.error *= 0.99; }), "error >= E");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.beta_displacement *= 0.99; }),
             "beta_displacement");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.A_displacement *= 0.99; }),
             "A_displacement");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.cos_min += 0.01; }), "cos_min");
    rejected(tampered([](RunCertificate& c) { c.leg.statement.cos_max -= 0.01; }), "cos_max");
    rejected(tampered([](RunCertificate& c) { c.leg.witness.M_min *= 1.01; }), "M - M_min I");
    rejected(tampered([](RunCertificate& c) { c.leg.witness.M_max *= 0.99; }), "M_max I - M");
    rejected(tampered([](RunCertificate& c) { c.leg.witness.G_max *= 0.99; }), "G_max I - G");
    rejected(tampered([](RunCertificate& c) { c.leg.witness.G_max *= -1; }), "G_max I - G");
    rejected(tampered([](RunCertificate& c) { c.leg.witness.K_norm *= 0.99; }), "K_norm I - K");
    rejected(tampered([](RunCertificate& c) { c.leg.witness.M_min = -1; }), "M_min - dG - dH");
    rejected(tampered([](RunCertificate& c) { c.start.eta *= 100; }), "2 - eta alpha");
    rejected(tampered([](RunCertificate& c) { c.start.eta = 0; }), "eta > 0");
    rejected(tampered([](RunCertificate& c) { c.start.eta *= -1; }), "eta > 0");
    rejected(tampered([](RunCertificate& c) { c.start.beta(7) += 100; }), "error >= E");
    rejected(tampered([](RunCertificate& c) { c.start.y(0) += 10; }), "error >= E");
  }
}

TEST_CASE("the cosine when nothing is known of it", "[check]") {
  RunCertificate c = closing().front();
  const auto claim = [&](double low, double high) {
    c.leg.statement.cos_min = low;
    c.leg.statement.cos_max = high;
    return check(c);
  };
  SECTION("trivial claims hold for any data, and wider ones") {
    CHECK(claim(-1, 1).exit_status() == proved);
    CHECK(claim(-2, 1e300).exit_status() == proved);
    CHECK(claim(1, -1).exit_status() == fails);
  }
  SECTION("b = 0 leaves it undefined") {
    for (double& b : c.start.b.values) b = 0;
    // With b = 0 only beta moves: M = G.
    c = test::certify(c.start, 0.5L);
    CHECK_THAT(line(claim(-1, 1), "implies: "),
               Catch::Contains("; of cos(b, beta(t)) nothing is claimed (a decimal"));
    CHECK(claim(-1, 1).exit_status() == proved);
    CHECK(claim(-0.5, 1).exit_status() == fails);
    CHECK(claim(-1, 0.5).exit_status() == fails);
  }
  SECTION("beta = 0 may vanish again") {
    set_state(c.start, 0, 1e-6L);
    c = test::certify(c.start, 0.5L);
    CHECK(claim(-1, 1).exit_status() == proved);
    CHECK(claim(-0.999, 1).exit_status() == fails);
  }
  SECTION("a ball of radius rho = 2 |beta| around beta holds 0 and every direction") {
    set_state(c.start, 0, 1e-6L);
    const RunCertificate at_zero = test::certify(c.start, 0.5L);
    const Real b_norm = test::quantities(c.start).b_norm;
    set_state(c.start, Real(at_zero.leg.statement.beta_displacement) / (2 * b_norm), 1e-6L);
    c = test::certify(c.start, 0.5L);
    CHECK(claim(-1, 1).exit_status() == proved);
    CHECK(claim(-0.5, 1).exit_status() == fails);
    CHECK(claim(-1, 0.5).exit_status() == fails);
  }
}

TEST_CASE("the cosine bracket is sound and tight for all signs", "[check]") {
  // beta shifted along b moves the cosine through both signs; y follows, so that e stays small.
  int closed = 0;
  for (Real along : {-0.3L, -0.1L, -0.02L, 0.0L, 0.02L, 1.0L, 3.0L}) {
    RunCertificate c = closing().front();
    Start& s = c.start;
    const Real before = test::quantities(s).b_beta / test::quantities(s).B2 / Real(s.b.rows());
    for (std::size_t r = 0; r < s.b.rows(); ++r)
      s.beta(r) += static_cast<double>((along - before) * s.b(r));
    test::set_error(s, 1e-4L);
    if (test::quantities(s).M_min <= 0) continue;
    c = test::certify(s, 0.3L);
    const Derived bound =
        test::derive(test::quantities(s), c.leg.witness, s.eta, c.leg.statement.alpha);
    if (bound.rate_margin <= 0 || bound.step_margin <= 0) continue;
    ++closed;
    INFO("along " << static_cast<double>(along));
    CHECK(exit_of(c) == proved);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.cos_min; }, bound.cos_min, -1);
    require_tight(
        c, [](RunCertificate& k) -> double& { return k.leg.statement.cos_max; }, bound.cos_max, +1);
  }
  CHECK(closed == 7);
}
