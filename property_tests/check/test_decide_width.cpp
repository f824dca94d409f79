// SPDX-License-Identifier: Apache-2.0
// Width certificates: what is true is accepted, what is altered is refused, by 300 digits.
#include <cmath>
#include <filesystem>
#include <functional>

#include <alignproof/core/error.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "check/apriori.hpp"
#include "check/checker.hpp"
#include "check/decide_width.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "tamper/width_certificates.hpp"

using namespace alignproof;
using check::Decision;
namespace fs = std::filesystem;

namespace {

Decision decision_of(const WidthCertificate& c) {
  return check::verify(c, 128, 256).decision;
}

/// Both speak of the same number, so they agree wherever it is not at the boundary.
void require_as_the_truth_says(truth::WidthJudge& judge, const WidthCertificate& c) {
  const truth::Verdict verdict = judge.judge(c);
  const check::Findings findings = check::verify(c, 128, 256);
  INFO(verdict.worst().name << " " << verdict.worst().margin << "; "
                            << findings.conditions.back().inequality << " "
                            << findings.conditions.back().detail);
  if (verdict.holds()) CHECK(findings.decision == Decision::proved);
  if (verdict.fails()) CHECK(findings.decision == Decision::violated);
}

WidthCertificate some_certificate(const Activation& activation, std::size_t k = 1,
                                  Rule rule = Rule::fa) {
  tamper::Random random(3);
  truth::WidthJudge judge;
  return tamper::random_width_certificate(random, judge, activation, k, rule);
}

}  // namespace

TEST_CASE("every number of a width certificate is refused where 300 digits refuse it", "[check]") {
  tamper::Random random(1);
  truth::WidthJudge judge;
  std::size_t refused = 0, turn = 0;
  const std::pair<std::size_t, Rule> variants[] = {
      {1, Rule::fa}, {2, Rule::fa}, {1, Rule::bp}, {40, Rule::bp}};
  for (const Activation& activation : tamper::width_activations) {
    const auto [k, rule] = variants[activation == Activation::relu ? 0 : turn++ % 4];
    const WidthCertificate good =
        tamper::random_width_certificate(random, judge, activation, k, rule);
    INFO(to_string(activation) << ", k = " << k << ", " << to_string(rule));
    CHECK(decision_of(good) == Decision::proved);
    for (const tamper::WidthField& field : tamper::width_fields(good))
      for (const double factor : {-1.0, 0.5, 1 - 1e-9, 1 + 1e-9, 2.0}) {
        WidthCertificate c = good;
        field.of(c) *= factor;
        INFO(field.name << " times " << factor);
        require_as_the_truth_says(judge, c);
        refused += decision_of(c) == Decision::violated;
      }
    for (const double factor : {0.5, 1 - 1e-3, 1 - 1e-9}) {
      WidthCertificate c = good;
      c.p = static_cast<std::size_t>(static_cast<double>(c.p) * factor);
      INFO("p is " << c.p);
      require_as_the_truth_says(judge, c);
    }
  }
  CHECK(refused > 200);
}

TEST_CASE("what holds at a width holds at every larger one", "[check]") {
  for (const Activation& activation : tamper::width_activations)
    for (const auto& [k, rule] :
         {std::pair<std::size_t, Rule>{1, Rule::fa}, {3, Rule::fa}, {3, Rule::bp}}) {
      if (k == 3 && activation == Activation::relu) continue;
      WidthCertificate c = some_certificate(activation, k, rule);
      INFO(to_string(activation) << ", k = " << k << ", p = " << c.p);
      for (const std::size_t factor : {1u, 2u, 10u, 1000u, 1000000u}) {
        c.p *= factor;
        CHECK(decision_of(c) == Decision::proved);
      }
    }
}

TEST_CASE("a step that is too long for lambda_max is refused at any width", "[check]") {
  for (const Activation& activation : {Activation::tanh, Activation::identity}) {
    WidthCertificate c = some_certificate(activation);
    c.p *= 1000000;  // what else depends on eta is small there
    CHECK(decision_of(c) == Decision::proved);
    c.eta = 4 / c.spectra.Gbar_upper;
    CHECK(decision_of(c) == Decision::violated);
  }
}

TEST_CASE("shares are summed exactly", "[check]") {
  WidthCertificate c = some_certificate(Activation::tanh);
  c.claims.kappa = 1e6;
  c.shares.cos_b = c.shares.beta0 = 0x1p-10;
  c.shares.a_row = 0;
  double used = 0;  // lines with a share: those of tanh, and perhaps others
  for (const WidthLine& line : width_lines)
    if (c.shares.*line.share > 0) c.shares.*line.share = 0x1p-10, ++used;
  c.p *= 1000;
  c.tails = {0.5, 1, 0, 0};
  c.delta = used * 0x1p-10;
  const auto sum_is_within = [&] {
    for (const check::Condition& condition : check::verify_at(c, 128).conditions)
      if (condition.inequality == "delta >= sum of all shares") return condition.decision;
    return Decision::undecided;
  };
  CHECK(sum_is_within() == Decision::proved);
  c.shares.a_row = 0x1p-1074;  // not used, and counted all the same
  CHECK(sum_is_within() == Decision::violated);
  c.shares.a_row = 0;
  c.delta = std::nextafter(c.delta, 0);
  CHECK(sum_is_within() == Decision::violated);
}

TEST_CASE("variants of Theorem P that are not decided are refused", "[check]") {
  WidthCertificate c = some_certificate(Activation::tanh);
  c.rule = Rule::bp, c.claims.kappa = 100;  // there is no b
  CHECK_THROWS_AS(decision_of(c), InputError);
  c.rule = Rule::fa;
  c.activation = Activation("arctan");  // no limit kernel
  CHECK_THROWS_AS(decision_of(c), InputError);
  c.activation = Activation("step");
  CHECK_THROWS_AS(decision_of(c), InputError);
  WidthCertificate relu = some_certificate(Activation::relu);
  relu.y = Array({relu.n(), 2});
  CHECK_THROWS_AS(decision_of(relu), InputError);
  relu.y = Array({relu.n()});
  relu.rule = Rule::bp, relu.claims.kappa.reset();
  CHECK_THROWS_AS(decision_of(relu), InputError);
}

TEST_CASE("a width certificate is decided with as many bits as it takes, and as much work",
          "[check]") {
  WidthCertificate c = some_certificate(Activation::erf);
  const check::Findings few = check::verify(c, 32, 32), more = check::verify(c, 32, 256);
  CHECK(few.decision == Decision::undecided);
  CHECK(more.decision == Decision::proved);
  CHECK(more.bits > 32);
  c.X = Array({2000, 1}), c.y = Array({2000});
  const check::Findings large = check::verify(c, 128, 256);
  CHECK(large.decision == Decision::undecided);
  CHECK(large.conditions.back().inequality == "work within the budget");
}

TEST_CASE("a constant of psi in the checker is that of the truth", "[check]") {
  const check::PrecisionScope scope(128);
  const check::Ball half = 0.5;
  // h(1/2) and its twin, by hand.
  CHECK(check::about(check::lower_exponent(half)) == Approx(0.5 + 0.5 * std::log(0.5)));
  CHECK(check::about(check::upper_exponent(half)) == Approx(1.5 * std::log(1.5) - 0.5));
  CHECK(check::about(check::tail(6, 0.25)) == Approx(std::sqrt(2 * std::log(24))));
  CHECK(check::about(check::value_at({1, 2, 3}, 2)) == 17);
  CHECK(check::about(check::integral_to({1, 2, 3}, 2)) == 14);
}

TEST_CASE("width certificate folders are decided by the program", "[check]") {
  const WidthCertificate good = some_certificate(Activation::sigmoid);
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_width_certificate(folder, good);
  const auto receipt_of = [](const fs::path& at) {
    return CheckReceipt::obtain(
        test::checker(), at,
        fs::exists(at / "width.json") ? sha256_of_file(at / "width.json") : std::string());
  };
  const CheckReceipt receipt = receipt_of(folder);
  CHECK(receipt.accepted());
  CHECK_FALSE(receipt.conditional());
  REQUIRE(receipt.lines().size() == 5);
  CHECK(receipt.lines()[3].starts_with(
      "implies: proved: by Theorem P, for every width p >= " + std::to_string(good.p) +
      ", with probability at least 1 - "));
  constexpr int fails = 1, malformed = 2;
  const auto edited = [&](const std::function<void(test::Json&)>& change) {
    const test::TemporaryFolder scratch;
    const fs::path copy = scratch.path() / "c";
    fs::copy(folder, copy);
    test::Json json = test::load(copy / "width.json");
    change(json);
    test::store(copy / "width.json", json);
    const CheckReceipt found = receipt_of(copy);
    CHECK_FALSE(found.accepted());
    return found.exit_status();
  };
  using test::Json;
  CHECK(edited([](Json& j) { j["p"] = 2; }) == fails);
  CHECK(edited([](Json& j) { j["delta"] = "0x1p-60"; }) == fails);
  CHECK(edited([](Json& j) {
          j["claims"]["kappa"] = "0x0p+0";
          j["shares"]["cos_b"] = "0x0p+0";
        }) == fails);
  CHECK(edited([](Json& j) { j["rule"] = "rule"; }) == malformed);
  CHECK(edited([](Json& j) { j["version"] = 2; }) == malformed);
  CHECK(edited([](Json& j) { j["arrays"]["y"]["sha256"] = sha256("something else"); }) ==
        malformed);
}
