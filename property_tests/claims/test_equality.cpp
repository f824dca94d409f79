// SPDX-License-Identifier: Apache-2.0
// Equalities at several precisions, as a claim from outside would state them.
#include <alignproof/claims/equality.hpp>

#include <cmath>

#include "property.hpp"

using namespace alignproof;

namespace {

constexpr auto sampled = VerdictKind::sampled, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

/// (1 + sqrt 2)^2 = 3 + 2 sqrt 2, off by `error`. Some roundings of numbers below 6.
Discrepancy square(const Mpfr& error, bool bounded, bool complete = true) {
  const Mpfr root = sqrt(Mpfr(2)), left = (1 + root) * (1 + root), right = 3 + 2 * root + error;
  Discrepancy found{Mpfr(abs(left - right))};
  if (bounded) found.rounding = Mpfr(40 * unit_roundoff<Mpfr>());
  found.complete = complete;
  return found;
}

ClaimRow concluded(const std::vector<std::function<Discrepancy()>>& evaluations,
                   const Precisions& precisions = {.digits = {50, 100}}) {
  Progress silent;
  Study study(Settings{}, silent);
  std::vector<EqualityCase> cases;
  for (const auto& evaluate : evaluations)
    cases.push_back(
        {.name = "case " + std::to_string(cases.size()), .replay = "again", .evaluate = evaluate});
  const Conclusion conclude = plan_equality(study, cases, precisions);
  study.run();
  ClaimRow row;
  conclude(row);
  CHECK(row.results.size() == cases.size());
  CHECK(row.digits == precisions.digits.back());
  return row;
}

VerdictKind kind(const std::function<Discrepancy()>& evaluate) {
  return concluded({evaluate}).verdict.kind();
}

EqualityRecord record(std::vector<double> distance, std::vector<double> rounding = {}) {
  return {"case", "again", std::move(distance), std::move(rounding), true};
}

VerdictKind kind(const EqualityRecord& found) {
  ClaimRow row;
  conclude_equality({found}, {.digits = {50, 100}}, row);
  return row.verdict.kind();
}

}  // namespace

TEST_CASE("an equality that is true is sampled, one that is false at any size is refuted",
          "[claims]") {
  for (bool bounded : {true, false}) {
    CHECK(kind([=] { return square(0, bounded); }) == sampled);
    for (const char* error : {"1", "1e-3", "1e-45", "1e-60", "1e-90"})
      CHECK(kind([=] { return square(Mpfr(error), bounded); }) == refuted);
    CHECK(kind([=] { return square(Mpfr(0) / 0, bounded); }) == refuted);
    // What ended early may show it false, never true.
    CHECK(kind([=] { return square(0, bounded, false); }) == undecided);
    CHECK(kind([=] { return square(1, bounded, false); }) == refuted);
  }
  // Far from the last digit, and shrinking: rounding alone does not explain it.
  CHECK(kind([] { return square(1000 * unit_roundoff<Mpfr>(), true); }) == refuted);
  CHECK(kind([] { return square(1000 * unit_roundoff<Mpfr>(), false); }) == sampled);
}

TEST_CASE("one case of an equality that fails decides its row, and is named with its replay",
          "[claims]") {
  const auto fine = [] { return square(0, true); };
  const auto off = [] { return square(Mpfr("1e-60"), true); };
  CHECK(concluded({fine, fine}).verdict.kind() == sampled);
  const ClaimRow row = concluded({fine, off, fine});
  CHECK(row.verdict.kind() == refuted);
  CHECK_THAT(row.verdict.detail(), Catch::Contains("again"));
  CHECK(row.results[1].verdict.kind() == refuted);
  CHECK(row.results[2].verdict.kind() == sampled);
  CHECK(row.ratio.value() > 1);
  CHECK(concluded({}).verdict.kind() == undecided);
}

TEST_CASE("residuals lie below their bounds at each precision and shrink with the digits",
          "[claims]") {
  CHECK(kind(record({-49, -99}, {-47, -97})) == sampled);
  CHECK(kind(record({-46.9, -99}, {-47, -97})) == refuted);
  CHECK(kind(record({-49, -96.9}, {-47, -97})) == refuted);
  CHECK(kind(record({-55, -101}, {-47, -97})) == refuted);  // below the bounds, hardly shrinking
  CHECK(kind(record({-49, -96.1})) == sampled);
  CHECK(kind(record({-49, -95.9})) == refuted);
  // No number at one of the precisions was no evaluation.
  CHECK(kind(record({INFINITY, -99})) == refuted);
  CHECK(kind(record({-49, INFINITY})) == refuted);
  CHECK(kind(record({INFINITY, INFINITY})) == refuted);
}

TEST_CASE("precisions of an equality are two or more, ascending, and looked at first", "[claims]") {
  for (const std::vector<unsigned>& digits :
       {std::vector<unsigned>{}, {50}, {50, 50}, {100, 50}, {16, 50}, {50, max_digits + 1}}) {
    Progress silent;
    Study study(Settings{}, silent);
    CHECK_THROWS_AS(plan_equality(study, {}, {.digits = digits}), InputError);
  }
  ClaimRow row;
  const Precisions precisions{.digits = {50, 100, 300}};
  CHECK_THROWS_AS(conclude_equality({record({-49, -99})}, precisions, row), InputError);
  CHECK_THROWS_AS(conclude_equality({record({-49, -99, -299}, {-49})}, precisions, row),
                  InputError);
}
