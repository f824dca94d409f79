// SPDX-License-Identifier: Apache-2.0
// Approved findings: the file, what it is compared with, and how it is renewed.
#include <string>

#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>

#include "compared_reports.hpp"
#include "property.hpp"

using namespace alignproof;
using alignproof::testing::altered;
using alignproof::testing::small_report;
using Catch::Matchers::Contains;

namespace {

Findings baseline(const std::string& text) {
  return read_findings(text, "baseline.json");
}

/// All that differs beyond tolerance and intervals, one line each.
std::vector<std::string> differences(const Findings& before, const Findings& after) {
  std::vector<std::string> lines;
  for (const ComparedItem& item : compare(before, after).items)
    if (item.change != Change::same && item.change != Change::within)
      lines.push_back(to_line(item));
  return lines;
}

}  // namespace

TEST_CASE("a baseline holds the verdicts and constants of a report", "[report][baseline]") {
  const Findings before = baseline(to_baseline(findings_of(small_report())));
  CHECK(before.profile == "quick");
  CHECK(before.seed == 1u);
  CHECK(differences(before, findings_of(small_report())).empty());
  CHECK(differences(before, altered([](Report& r) {
                      r.rows[0].verdict = Verdict::holds("other words");
                      r.rows[0].measurements[1].value = -0.41;
                    }))
            .empty());
  CHECK(differences(before, altered([](Report& r) {
                      r.rows[0].measurements[0].value = 0.31;
                      r.rows[0].measurements[1].interval = {-0.39, -0.2};
                      r.rows[0].results[1].verdict = Verdict::undecided("c");
                      r.rejections[0].caught_by = {"T1"};
                    })) ==
        std::vector<std::string>{
            "T1: instance: two: sampled before, undecided now (weaker: c)",
            "T1: constant: γ: 0.3 before, 0.31 now (moved by +3.33 %)",
            "T1: constant: exponent: -0.5 [-0.6, -0.4] before, -0.5 [-0.39, -0.2] now (intervals "
            "no longer overlap)",
            "refused: falsehood: eta twice: T1, T2 before, T1 now (caught by fewer)"});
  CHECK(differences(before, altered([](Report& r) { r.rows.pop_back(), r.rejections.clear(); }))
            .size() == 2);
  CHECK_THROWS_WITH(altered([](Report& r) { r.rows.clear(); }), Catch::Contains("claims = []"));
  // Infinite ends and what was not measured.
  const auto open = [](Report& r) {
    r.rows[0].measurements[1].interval = {-HUGE_VAL, -0.4};
    r.rows[0].bound = std::nan("");
  };
  const Findings read = baseline(to_baseline(altered(open)));
  CHECK(differences(read, altered(open)).empty());
  REQUIRE(read.claim("T1"));
  CHECK(read.claim("T1")->constants.size() == 4);
}

TEST_CASE("a baseline of version 1 is read, one of a later version refused", "[report][baseline]") {
  const std::string first = R"({"T1": {"instances": {"one": "holds", "two": "sampled"},
      "verdict": "holds"}, "T2": {"verdict": "exact"}, "refused": {"eta twice": "T1, T2"}})";
  const Findings before = baseline(first), now = findings_of(small_report());
  CHECK(differences(before, now).empty());
  CHECK_THAT(compare(before, now).remarks.at(0), Contains("version 1 has no constants"));
  CHECK(differences(before, altered([](Report& r) { r.rows[1].verdict = Verdict::holds(""); })) ==
        std::vector<std::string>{"T2: verdict: exact before, holds now (weaker)"});
  // Constants come with the approval.
  CHECK(nlohmann::json::parse(to_baseline(now, before)).at("baseline_version") == 2);
  CHECK_THROWS_WITH(baseline("{}"), Contains("\"baseline_version\" and \"claims\""));
  CHECK_THROWS_WITH(baseline(R"({"baseline_version": 3, "claims": {}})"),
                    Contains("baseline_version = 3") && Contains("2, or a baseline of version 1"));
  CHECK_THROWS_WITH(baseline(R"({"T1": {"verdict": "true"}})"), Contains("proved, exact"));
  CHECK_THROWS_AS(baseline(R"({"T1": "holds"})"), InputError);
}

TEST_CASE("a baseline with a NUL in it, or text behind it, is refused", "[report][baseline]") {
  const std::string approved = R"({"T1": {"verdict": "holds"}})";
  CHECK(baseline(approved).claims.size() == 1);
  for (const std::string& more :
       {std::string(1, '\0'), std::string("\0, \"T2\"", 7), std::string("}")})
    CHECK_THROWS_AS(baseline(approved + more), InputError);
}

TEST_CASE("an approval changes what moved and nothing else", "[report][baseline]") {
  const std::string before = to_baseline(findings_of(small_report()));
  // Another machine rounds otherwise.
  const auto rounded = [](Report& r) {
    r.rows[0].measurements[0].value = std::nextafter(0.3, 1.0);
    r.rows[0].measurements[1].interval = {std::nextafter(-0.6, 0.0), -0.4};
  };
  CHECK(to_baseline(altered(rounded), baseline(before)) == before);
  CHECK(to_baseline(altered(rounded)) != before);
  const std::string after = to_baseline(altered([](Report& r) {
                                          r.rows[0].measurements[0].value = 0.31;
                                          r.rows[0].measurements[1].value = -0.45;
                                          r.rows[1].verdict = Verdict::holds("");
                                        }),
                                        baseline(before));
  const auto json = nlohmann::json::parse(after);
  CHECK(json.at("claims").at("T1").at("constants").at("$\\gamma$") == 0.31);
  CHECK(json.at("claims").at("T1").at("constants").at("exponent").at(0) == -0.45);
  CHECK(json.at("claims").at("T2").at("verdict") == "holds");
}

TEST_CASE("a baseline is not asked of rows that somebody brought", "[report][baseline]") {
  const auto brought = [](Report& r) {
    r.rows.push_back(r.rows[1]);
    r.rows.back().text.id = "mine";
    r.rejections.push_back({Rejection::Kind::false_claim, "mine is false", {"mine"}, ""});
  };
  const Findings ours = baseline(to_baseline(findings_of(small_report()))), now = altered(brought);
  CHECK(differences(ours, now).size() == 2);
  CHECK(differences(ours, known_to(ours, now, {"mine"})).empty());
  // What the baseline has is compared, and so is everything if it has nothing of the run.
  CHECK(differences(ours, known_to(ours, now, {})).size() == 2);
  const Findings both = baseline(to_baseline(now));
  CHECK(differences(both, known_to(both, altered([&](Report& r) {
                                     brought(r);
                                     r.rows[2].verdict = Verdict::refuted("");
                                   }),
                                   {"mine"}))
            .size() == 1);
  Findings alone = now;
  alone.claims.erase(alone.claims.begin(), alone.claims.begin() + 2);
  CHECK(known_to(ours, alone, {"mine"}).claims.size() == 1);
  // A false claim of ours that is missing in the run is missed.
  const Findings less = known_to(ours, altered([&](Report& r) {
                                   brought(r);
                                   r.rejections.clear();
                                 }),
                                 {"mine"});
  CHECK(differences(ours, less).size() == 1);
}

TEST_CASE("brought rows are approved beside others", "[report][baseline]") {
  const Findings before = findings_of(small_report()), now = altered([](Report&r) {
                                                         r.rows.erase(r.rows.begin());
                                                         r.rows[0].verdict = Verdict::sampled("");
                                                         r.rows.push_back(r.rows[0]);
                                                         r.rows[1].text.id = "other";
                                                         r.rejections.clear();
                                                       });
  const Findings after = baseline(to_baseline(replaced_in(before, now)));
  CHECK(after.claims.size() == 3);
  CHECK(after.claim("T1")->verdict.kind == VerdictKind::holds);
  CHECK(after.claim("T2")->verdict.kind == VerdictKind::sampled);
  CHECK(after.refused == before.refused);
}
