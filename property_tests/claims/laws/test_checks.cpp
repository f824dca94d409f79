// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

using Of = LawChecks::Of;

LawCheck check(double measured) {
  return {.name = "check", .replay = "again", .expected = 1, .measured = measured, .allowed = 0.1};
}

ClaimRow concluded(const std::vector<LawChecks>& all) {
  ClaimRow row;
  conclude_checks(all, row);
  return row;
}

VerdictKind kind(const std::vector<LawChecks>& all) {
  return concluded(all).verdict.kind();
}

}  // namespace

TEST_CASE("a check on one run refutes nothing, one of the law does", "[claims]") {
  const auto with = [](Of of, double measured) {
    return kind({{"fine", Of::law, {check(1)}}, {"looked at", of, {check(1), check(measured)}}});
  };
  for (Of of : {Of::law, Of::single_runs}) {
    const VerdictKind off = of == Of::law ? refuted : undecided;
    CHECK(with(of, 1.05) == sampled);
    CHECK(with(of, 2) == off);
    CHECK(with(of, NAN) == off);
    CHECK(with(of, INFINITY) == off);
  }
}

TEST_CASE("every list of checks counts, whichever is the last", "[claims]") {
  const LawChecks fine{"fine", Of::law, {check(1)}}, off{"off", Of::law, {check(2)}};
  CHECK(kind({fine, fine}) == sampled);
  CHECK(kind({fine, off}) == refuted);
  CHECK(kind({off, fine}) == refuted);
  const ClaimRow row = concluded({off, fine});
  CHECK(row.instances == 2);
  CHECK_THAT(row.verdict.detail(), Catch::Contains("0 of 1 off, 1 of 1 fine"));
}

TEST_CASE("of a long list of checks only what fails is shown", "[claims]") {
  LawChecks many{"many", Of::law, std::vector<LawCheck>(30, check(1.05))};
  CHECK(concluded({many}).results.empty());
  many.checks[17] = check(3);
  const ClaimRow row = concluded({many});
  CHECK(row.results.size() == 1);
  CHECK_THAT(row.results.front().verdict.detail(), Catch::Contains("again"));
}

TEST_CASE("checks do not mend a row that is refuted by what came before them", "[claims]") {
  ClaimRow row;
  row.verdict = Verdict::refuted("an exponent");
  row.results = {{"exponent", row.verdict, ""}};
  conclude_checks({{"fine", Of::law, {check(1)}}}, row);
  CHECK(row.verdict.kind() == refuted);
  row.verdict = Verdict::holds("an exponent");
  conclude_checks({{"fine", Of::law, {check(1)}}}, row);
  CHECK(row.verdict.kind() == sampled);
  CHECK_THAT(row.verdict.detail(), Catch::StartsWith("holds (an exponent); 1 of 1 fine"));
}
