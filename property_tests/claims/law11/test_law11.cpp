// SPDX-License-Identifier: Apache-2.0
// law11 concluded from differences that nobody measured.
#include <claims/law11/coupled.hpp>

#include <cmath>

#include "claims/filled.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

/// At p minus at 4p, of alpha p^{-1/2} + gamma / p.
Increments increments(const std::vector<double>& p, double alpha, double gamma) {
  Increments found;
  for (const double width : p) found.push_back(alpha / 2 / std::sqrt(width) + 0.75 * gamma / width);
  return found;
}

/// Runs whose coefficients are spread about alpha with this standard deviation.
void runs(FiniteWidthRecord& record, double alpha, double spread) {
  for (std::size_t tuple = 0; tuple < record.runs.size(); ++tuple)
    record.runs[tuple] =
        increments(record.p, alpha + (tuple % 2 ? spread : -spread), tuple % 4 < 2 ? 1 : -1);
}

bool remembers(const FiniteWidthRecord& record) {
  return record.setting.lambda < 0.5;
}

/// Two predictions, apart by `apart`, of -0.4; without memory -0.1 where beta_0 counts.
void make_up(AskedWork& work, double alpha, double spread, double apart) {
  if (auto* record = work.as<FiniteWidthRecord>()) {
    runs(*record, alpha, spread);
    record->predicted = {increments(record->p, -0.4 - apart / 2, 0.3),
                         increments(record->p, -0.4 + apart / 2, 0.3)};
    record->forgetful = record->predicted;
    if (remembers(*record)) record->forgetful = {increments(record->p, -0.1, 0.3)};
    record->stability = 1.5;
  }
}

FillWork all(double alpha, double spread = 0.05, double apart = 0) {
  return [=](AskedWork& work) { make_up(work, alpha, spread, apart); };
}

FillWork with(const std::function<void(FiniteWidthRecord&)>& spoil) {
  return [=](AskedWork& work) {
    make_up(work, -0.4, 0.05, 0);
    if (auto* record = work.as<FiniteWidthRecord>()) spoil(*record);
  };
}

VerdictKind kind(const FillWork& fill) {
  return filled_row("law11", fill).verdict.kind();
}

/// Which of the claims of this row refuse false claim number k.
std::vector<std::string> refusing(std::size_t k, const FillWork& fill) {
  Progress silent;
  Study study(Settings{}, silent);
  const auto conclude = claim_named("law11").false_claims.at(k).plan(study);
  study.fill([](AskedBatch&) {}, fill);
  return conclude().rejection.caught_by;
}

}  // namespace

TEST_CASE("law11: a coefficient of the root is found whatever else is of order 1/p", "[claims]") {
  const std::vector<double> p = {49, 100, 196, 400};
  for (const double alpha : {-0.4, 0.0, 2.0})
    for (const double gamma : {-3.0, 0.0, 5.0})
      CHECK(root_coefficient(p, increments(p, alpha, gamma)) == Approx(alpha).margin(1e-12));
}

TEST_CASE("law11: the coefficient is the predicted one, is not, or is not known", "[claims]") {
  CHECK(kind(all(-0.4)) == holds);
  CHECK(kind(all(-0.46)) == holds);
  CHECK(kind(all(-0.34)) == holds);
  CHECK(kind(all(-0.6)) == refuted);
  CHECK(kind(all(-0.2)) == refuted);
  CHECK(kind(all(0)) == refuted);
  CHECK(kind(all(-0.5)) == undecided);
  CHECK(kind(all(-0.4, 0.5)) == undecided);
  // A prediction that is uncertain decides nothing.
  CHECK(kind(all(-0.4, 0.05, 0.2)) == undecided);
  CHECK(kind(all(-0.55, 0.05, 0.2)) == undecided);
}

TEST_CASE("law11: every setting counts, and only where it is stable", "[claims]") {
  const std::string names[] = {"tanh, $\\lambda = 1$, $\\tau = 1/2$",
                               "sigmoid, $\\lambda = 1$, $\\tau = 1$",
                               "tanh, $\\lambda = 1/4$, $\\tau = 1/2$"};
  for (const std::string& name : names) {
    const auto at = [&](const std::function<void(FiniteWidthRecord&)>& spoil) {
      return with([=](FiniteWidthRecord& record) {
        if (record.setting.name == name) spoil(record);
      });
    };
    CHECK(kind(at([](FiniteWidthRecord& record) { runs(record, -0.1, 0.05); })) == refuted);
    CHECK(kind(at([](FiniteWidthRecord& record) { record.stability = 2; })) == undecided);
    CHECK(kind(at([](FiniteWidthRecord& record) { record.runs[3][1] = NAN; })) == undecided);
  }
}

TEST_CASE("law11: the law alone and FMF without memory are refused by the coefficient",
          "[claims]") {
  CHECK(refusing(0, all(-0.4)) == std::vector<std::string>{"law11"});
  CHECK(refusing(0, all(0)).empty());
  CHECK(refusing(0, all(-0.4, 3)).empty());
  CHECK(refusing(1, all(-0.4)) == std::vector<std::string>{"law11"});
  CHECK(refusing(1, all(-0.1)).empty());
  CHECK(refusing(1, with([](FiniteWidthRecord& record) {
                   if (remembers(record)) record.runs[0][0] = NAN;
                 }))
            .empty());
}

TEST_CASE("law11: exponents tell FMF from the law where beta_0 is forgotten", "[claims]") {
  const ClaimRow row = filled_row("law11", all(-0.4));
  std::size_t exponents = 0;
  for (const Measurement& m : row.measurements) {
    if (m.name.find("exponent") == std::string::npos) continue;
    ++exponents;
    CHECK(m.name.find("1/4") == std::string::npos);
    if (m.name.find("law") != std::string::npos)
      CHECK(m.value > -0.7);
    else
      CHECK(m.value < -0.7);
  }
  CHECK(exponents == 4);
  CHECK(*row.ratio < 1);
  CHECK(row.tests.size() == 3);
}
