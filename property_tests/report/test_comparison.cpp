// SPDX-License-Identifier: Apache-2.0
// Reports that differ in one thing each, compared in both directions.
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "compared_reports.hpp"
#include "markup.hpp"
#include "property.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::testing::altered;
using alignproof::testing::small_report;
using Catch::Matchers::Contains;

namespace {

/// All that is not the same, one line each: "regression T1: verdict: holds before, ...".
std::vector<std::string> changes(const Findings& before, const Findings& after,
                                 const Tolerance& tolerance = {}) {
  std::vector<std::string> lines;
  for (const ComparedItem& item : compare(before, after, tolerance).items)
    if (item.change != Change::same)
      lines.push_back(std::string(to_string(item.change)) + " " + to_line(item));
  return lines;
}

using Lines = std::vector<std::string>;

/// What is said of the change, and of the way back.
template <class Alter>
void check_both(const Alter& alter, const Lines& there, const Lines& back) {
  const Findings before = findings_of(small_report()), after = altered(alter);
  CHECK(changes(before, after) == there);
  CHECK(changes(after, before) == back);
}

std::size_t columns_of(const std::string& line) {
  std::size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1u : 0u;
  return count;
}

}  // namespace

TEST_CASE("a report is as it was", "[report][compare]") {
  const Findings same = findings_of(small_report());
  const ReportComparison comparison = compare(same, same);
  CHECK(comparison.count(Change::same) == comparison.items.size());
  // Verdicts, instances, constants, extents: 1 + 2 + 5 + 4, and 1 + 0 + 3 + 3; one falsehood.
  CHECK(comparison.items.size() == 12 + 7 + 1);
  CHECK(comparison.remarks.empty());
  CHECK_FALSE(comparison.has_regression());
}

TEST_CASE("a weaker verdict is a regression, a stronger one an improvement", "[report][compare]") {
  constexpr VerdictKind order[] = {
      VerdictKind::proved,    VerdictKind::exact,   VerdictKind::holds,  VerdictKind::sampled,
      VerdictKind::undecided, VerdictKind::refuted, VerdictKind::invalid};
  const auto of = [](VerdictKind kind) {
    Findings findings = findings_of(small_report());
    findings.claims[0].verdict = {kind, false, {}, ""};
    return findings;
  };
  for (std::size_t i = 0; i < std::size(order); ++i)
    for (std::size_t j = 0; j < std::size(order); ++j) {
      const ReportComparison comparison = compare(of(order[i]), of(order[j]));
      INFO(to_string(order[i]) << " to " << to_string(order[j]));
      CHECK(comparison.items[0].change == (i < j   ? Change::regression
                                           : i > j ? Change::improvement
                                                   : Change::same));
      CHECK(comparison.has_regression() == (i < j));
    }
  check_both([](Report& r) { r.rows[0].verdict = Verdict::undecided("too few seeds"); },
             {"regression T1: verdict: holds before, undecided now (weaker: too few seeds)"},
             {"improvement T1: verdict: undecided before, holds now (stronger)"});
  check_both([](Report& r) { r.rows[0].results[1].verdict = Verdict::refuted(""); },
             {"regression T1: instance: two: sampled before, refuted now (weaker)"},
             {"improvement T1: instance: two: refuted before, sampled now (stronger)"});
  // Other words are no other verdict.
  check_both([](Report& r) { r.rows[0].verdict = Verdict::holds("other words"); }, {}, {});
}

TEST_CASE("of two that are proved, one is weaker by its condition or its routes",
          "[report][compare]") {
  const auto proved = [](bool conditional, const std::vector<std::string>& routes) {
    Findings findings = findings_of(small_report());
    findings.claims[0].verdict = {VerdictKind::proved, conditional, routes, ""};
    return findings;
  };
  const Findings both = proved(false, {"checker", "formal"}), one = proved(false, {"checker"}),
                 late = proved(true, {"checker", "formal"});
  CHECK(changes(both, one) == Lines{"regression T1: verdict: proved (checker, formal) before, "
                                    "proved (checker) now (a route less)"});
  CHECK(changes(one, both).at(0).starts_with("improvement"));
  CHECK_THAT(changes(both, late).at(0), Contains("regression") && Contains("from a checkpoint on"));
  CHECK(changes(late, both).at(0).starts_with("improvement"));
  // The condition weighs more than a route.
  CHECK(changes(late, one).at(0).starts_with("improvement"));
  // A baseline says nothing of routes.
  Findings baseline = one;
  baseline.source = Findings::Source::baseline;
  baseline.version = Findings::baseline_version;
  CHECK(changes(both, baseline).empty());
}

TEST_CASE("a constant may move within the tolerance and no further", "[report][compare]") {
  const auto gamma = [](double value) {
    return altered([&](Report& r) { r.rows[0].measurements[0].value = value; });
  };
  const Findings before = gamma(0.3);
  CHECK(changes(before, gamma(0.3 * (1 + 0.9e-6))).empty());
  const Findings far = gamma(0.3 * (1 + 1.1e-6));
  CHECK_THAT(changes(before, far).at(0), Contains("regression T1: constant: γ: 0.3 before"));
  // To which side it moved, nobody knows to be better.
  CHECK(changes(far, before).at(0).starts_with("regression"));
  CHECK(changes(before, far, {.relative = 2e-6, .absolute = 0}).empty());
  CHECK(changes(before, far, {.relative = 0, .absolute = 1e-6}).empty());
  CHECK(changes(before, gamma(std::nextafter(0.3, 1.0)), {.relative = 0, .absolute = 0}).size() ==
        1);
  CHECK(changes(gamma(1e-20), gamma(5e-10)).empty());
  CHECK(changes(gamma(0), gamma(2e-9)).size() == 1);
  // Numbers that look alike are told apart.
  CHECK_THAT(changes(before, far).at(0), Contains("0.3000003"));
}

TEST_CASE("with intervals a constant moved if they no longer overlap", "[report][compare]") {
  const auto exponent = [](double value, std::optional<std::pair<double, double>> interval) {
    return altered([&](Report& r) {
      r.rows[0].measurements[1] = {"exponent", value, interval, "", IntervalKind::confidence};
    });
  };
  const Findings before = findings_of(small_report());
  const auto change = [&](const Findings& from, const Findings& to) {
    const Lines lines = changes(from, to);
    return lines.empty() ? "" : lines.at(0).substr(0, lines.at(0).find(' '));
  };
  const Findings touching = exponent(-0.3, std::pair{-0.4, -0.2}),
                 beyond = exponent(-0.3, std::pair{-0.399, -0.2}), lost = exponent(-0.5, {}),
                 inside = exponent(-0.5, std::pair{-0.51, -0.49});
  CHECK(change(before, before) == "");
  CHECK(change(before, touching) == "within");
  CHECK(change(touching, before) == "within");
  CHECK(change(before, beyond) == "regression");
  CHECK(change(beyond, before) == "regression");
  CHECK(change(before, inside) == "within");
  CHECK(change(before, lost) == "regression");
  CHECK_THAT(changes(before, lost).at(0), Contains("without its interval"));
  CHECK(change(lost, before) == "improvement");
  CHECK(change(lost, beyond) == "regression");  // the interval is another number's
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(change(before, exponent(3, std::pair{-infinity, 5.0})) == "within");
  // Not measured.
  const auto none = exponent(std::nan(""), {});
  CHECK(change(before, none) == "regression");
  CHECK(change(none, before) == "improvement");
  CHECK(change(none, none) == "");
  const auto only_ends = exponent(std::nan(""), std::pair{0.0, 1.0});
  CHECK(change(only_ends, only_ends) == "");
}

TEST_CASE("what depends on the machine is no regression and in no baseline", "[report][compare]") {
  const auto lost_at = [](double time, const char* note) {
    return altered([&](Report& r) { r.rows[0].measurements[0] = {"lost", time, {}, note}; });
  };
  const char* const note = "depends on the machine, whose rounding it grows from";
  const Findings before = lost_at(1.6037, note), after = lost_at(1.6169, note);
  CHECK(changes(before, after) == Lines{"within T1: constant: lost: 1.6037 before, 1.6169 now "
                                        "(depends on the machine)"});
  CHECK(changes(before, before).empty());
  // An earlier report may not have said so yet.
  CHECK(changes(lost_at(1.6037, ""), after).at(0).starts_with("within"));
  CHECK(changes(lost_at(1.6037, ""), lost_at(1.6169, "on this machine"))
            .at(0)
            .starts_with("regression"));
  CHECK(changes(before, lost_at(std::nan(""), note)).at(0).starts_with("regression"));
  const Findings baseline = read_findings(to_baseline(before), "baseline.json");
  CHECK(baseline.claim("T1")->constants.size() == 4);
  CHECK(changes(baseline, after).empty());
}

TEST_CASE("a ratio says to which side a measured constant moved", "[report][compare]") {
  const auto row = [](double bound, double measured, double ratio) {
    return [=](Report& r) {
      r.rows[0].bound = bound, r.rows[0].measured = measured, r.rows[0].ratio = ratio;
    };
  };
  check_both(row(0.5, 0.3, 0.6),
             {"regression T1: constant: measured: 0.25 before, 0.3 now (moved by +20 %)",
              "regression T1: constant: ratio: 0.5 before, 0.6 now (nearer to its bound)"},
             {"improvement T1: constant: measured: 0.3 before, 0.25 now (farther from its bound)",
              "improvement T1: constant: ratio: 0.6 before, 0.5 now (farther from its bound)"});
  // A ratio that is better because the bound is another one excuses nothing.
  check_both(row(1, 0.25, 0.25),
             {"regression T1: constant: bound: 0.5 before, 1 now (moved by +100 %)",
              "improvement T1: constant: ratio: 0.5 before, 0.25 now (farther from its bound)"},
             {"regression T1: constant: bound: 1 before, 0.5 now (moved by -50 %)",
              "regression T1: constant: ratio: 0.25 before, 0.5 now (nearer to its bound)"});
  CHECK(changes(findings_of(small_report()), altered(row(1, 0.3, 0.3)))
            .at(1)
            .starts_with("regression T1: constant: measured"));
  // Crossing 1 is told whatever the tolerance.
  const Findings below = altered(row(0.5, 0.5, 1)), above = altered(row(0.5, 0.5, 1 + 1e-12));
  CHECK(changes(below, above) ==
        Lines{"regression T1: constant: ratio: 1 before, 1.000000000001 now (crossed 1)"});
  CHECK(changes(above, below).at(0).starts_with("improvement"));
  // Without a ratio nobody knows.
  const Findings two = findings_of(small_report()),
                 one = altered([](Report&r) { r.rows[1].measured = 1; });
  CHECK(changes(two, one).at(0).starts_with("regression T2: constant: measured"));
  CHECK(changes(one, two).at(0).starts_with("regression T2: constant: measured"));
}

TEST_CASE("what is missing is a regression, what is new is none", "[report][compare]") {
  check_both([](Report& r) { r.rows.pop_back(); },
             {"regression T2: verdict: exact before, missing now"},
             {"new T2: verdict: exact now, new"});
  check_both([](Report& r) { r.rows[0].results.pop_back(); },
             {"regression T1: instance: two: sampled before, missing now"},
             {"new T1: instance: two: sampled now, new"});
  check_both([](Report& r) { r.rows[0].measurements.pop_back(); },
             {"regression T1: constant: exponent: -0.5 [-0.6, -0.4] before, missing now"},
             {"new T1: constant: exponent: -0.5 [-0.6, -0.4] now, new"});
  check_both([](Report& r) { r.rejections.clear(); },
             {"regression refused: falsehood: eta twice: T1, T2 before, missing now"},
             {"new refused: falsehood: eta twice: T1, T2 now, new"});
  // A new claim has nothing to be worse than.
  const Findings fewer = altered([](Report&r) { r.rows.pop_back(); }),
                 refuted = altered([](Report&r) { r.rows[1].verdict = Verdict::refuted(""); });
  CHECK_FALSE(compare(fewer, refuted).has_regression());
}

TEST_CASE("fewer seeds, premises or catches are a regression", "[report][compare]") {
  check_both([](Report& r) { r.rows[0].seeds = 100; },
             {"regression T1: extent: seeds: 175 before, 100 now (fewer)"},
             {"improvement T1: extent: seeds: 100 before, 175 now (more)"});
  check_both([](Report& r) { r.rows[0].premises[0].held = 1; },
             {"regression T1: extent: instances with the premise η is small: 2 before, 1 now "
              "(fewer)"},
             {"improvement T1: extent: instances with the premise η is small: 1 before, 2 now "
              "(more)"});
  check_both([](Report& r) { r.rejections[0].caught_by = {"T2"}; },
             {"regression refused: falsehood: eta twice: T1, T2 before, T2 now (caught by fewer)"},
             {"improvement refused: falsehood: eta twice: T2 before, T1, T2 now (caught by more)"});
  // Another row in place of one is one less.
  check_both(
      [](Report& r) {
        r.rejections[0].caught_by = {"T2", "T3"};
      },
      {"regression refused: falsehood: eta twice: T1, T2 before, T2, T3 now (caught by "
       "fewer)"},
      {"regression refused: falsehood: eta twice: T2, T3 before, T1, T2 now (caught by "
       "fewer)"});
}

TEST_CASE("what was not run is no regression, and is named in one line", "[report][compare]") {
  const Findings whole = findings_of(small_report());
  // Of a run that was asked for some claims.
  const Findings some =
      altered([](Report& r) { r.part = true, r.rows.pop_back(), r.rejections.clear(); });
  CHECK(changes(whole, some) ==
        Lines{"not_run T2: verdict: exact before, not run now",
              "not_run refused: falsehood: eta twice: T1, T2 before, not run now"});
  CHECK(changes(some, whole) ==
        Lines{"not_run T2: verdict: exact now, not run before",
              "not_run refused: falsehood: eta twice: T1, T2 now, not run before"});
  const ReportComparison there = compare(whole, some), back = compare(some, whole);
  CHECK_FALSE(there.has_regression());
  CHECK(there.compared() == 12);
  CHECK_THAT(to_text(there), Contains("\nNot run now (2): T2, 1 falsehood\n") &&
                                 Contains("No regression in 12 things compared") &&
                                 !Contains("T2        ") && !Contains("before ("));
  CHECK_THAT(to_text(back), Contains("\nNot run before (2): T2, 1 falsehood\n"));
  CHECK_THAT(to_junit(there),
             Contains("<skipped message=\"T2: verdict: exact before, not run now"));
  const Findings settled = altered([](Report& r) {
    r.part = true, r.settings = {{"seeds", "9"}, {"width", "3"}};
  });
  CHECK(compare(whole, settled).remarks == Lines{"setting 'seeds': '175' before, '9' now"});
  CHECK(compare(settled, whole).remarks == Lines{"setting 'seeds': '9' before, '175' now"});
  // Of a profile that has a row for each claim.
  const Findings smoke = altered([](Report& r) {
    r.part = true, r.profile = "smoke", r.rows[1].ran = false, r.rejections.clear();
    r.rows[1].verdict = Verdict::undecided("not looked at in profile smoke");
  });
  CHECK(changes(whole, smoke).size() == 2);
  CHECK(changes(whole, smoke).at(0) == "not_run T2: verdict: exact before, not run now");
  CHECK(changes(smoke, whole).at(0) == "not_run T2: verdict: exact now, not run before");
  CHECK(changes(smoke, smoke).empty());
  CHECK(changes(some, smoke).empty());
  // A run of everything lacks what it lacks, in another profile too, and after a part.
  const Findings less = altered([](Report& r) { r.rows.pop_back(), r.profile = "full"; });
  CHECK(changes(whole, less) == Lines{"regression T2: verdict: exact before, missing now"});
  const Findings other = altered([](Report& r) { r.part = true, r.rows.erase(r.rows.begin()); });
  CHECK(changes(other, less).at(0) == "regression T2: verdict: exact before, missing now");
  // Before version 5 the command and the words of a verdict say it.
  const auto as_before = [](const Report& report) {
    auto json = nlohmann::ordered_json::parse(to_json(report));
    json["schema_version"] = 4;
    json.erase("part");
    for (auto& claim : json["claims"]) claim.erase("ran");
    return read_findings(json.dump(), "old.json");
  };
  Report old = small_report();
  old.command += " --claims T1", old.rows.pop_back(), old.rejections.clear();
  CHECK(as_before(old).part);
  old.command = "alignproof verify", old.profile = "smoke";
  CHECK(as_before(old).part);
  old.rows[0].verdict = Verdict::undecided("not looked at in profile smoke");
  CHECK_FALSE(as_before(old).claims[0].ran);
  CHECK_FALSE(as_before(small_report()).part);
}

TEST_CASE("a part lacks nothing that it was asked for", "[report][compare]") {
  const auto part = [](const std::string& asked, const auto& alter) {
    return altered([&](Report& r) {
      r.part = true, r.command = "alignproof verify --profile " + r.profile + asked;
      r.rejections.clear();
      alter(r);
    });
  };
  const auto nothing = [](Report&) {};
  const auto without_T1 = [](Report& r) { r.rows.erase(r.rows.begin()); };
  const Lines missing = {"regression T1: verdict: holds before, missing now"},
              not_run = {"not_run T1: verdict: holds before, not run now"};
  const Findings whole = part("", [](Report&r) { r.part = false; }),
                 both = part(" --claims T1,T2", nothing);
  for (const char* asked : {" --claims T1,T2", " --claims T2,T1 --d 3", " --claims 'T1,T2' --d 3"})
    for (const Findings& before : {whole, both})
      CHECK(changes(before, part(asked, without_T1)) == missing);
  for (const char* asked : {" --claims T2", " --claims T1',T2", " --claims T2 --sweeps T1"})
    for (const Findings& before : {whole, both})
      CHECK(changes(before, part(asked, without_T1)) == not_run);
  // Profile smoke has a row for each claim; what ran in it before runs in it now.
  const auto smoke = [&](const std::string& asked, const auto& alter) {
    return part(asked, [&](Report& r) { r.profile = "smoke", alter(r); });
  };
  const auto left_out = [](Report& r) { r.rows[0].ran = false; };
  const Findings before = smoke("", nothing);
  CHECK(changes(before, before).empty());
  CHECK(changes(before, smoke("", without_T1)) == missing);
  CHECK(changes(before, smoke("", left_out)) == missing);
  CHECK(changes(before, smoke(" --claims T2", without_T1)) == not_run);
  CHECK(changes(whole, smoke("", left_out)) == not_run);
}

TEST_CASE("only an interval of what every seed has excuses or accuses", "[report][compare]") {
  const auto with = [](double value, IntervalKind kind, std::uint64_t seed) {
    return altered([&](Report& r) {
      r.seed = seed;
      r.rows[0].measurements = {
          {"c", value, std::pair{value - 0.1, value + 0.1}, "median and range", kind}};
    });
  };
  const auto moved = [&](IntervalKind kind, double by, std::uint64_t seed) {
    const Lines lines = changes(with(1, kind, 1), with(1 + by, kind, seed));
    return lines.empty() ? "" : lines.at(0).substr(0, lines.at(0).find(' '));
  };
  CHECK(moved(IntervalKind::confidence, 0.5, 2) == "regression");
  CHECK(moved(IntervalKind::confidence, 0.1, 2) == "within");
  for (const IntervalKind kind : {IntervalKind::instance, IntervalKind::spread})
    for (const double by : {0.1, 0.5}) CHECK(moved(kind, by, 2) == "");
  // With the same seed the instance is the same, and what lies in its interval may move in it.
  CHECK(moved(IntervalKind::instance, 0.1, 1) == "within");
  CHECK(moved(IntervalKind::instance, 0.5, 1) == "regression");
  // A range says nothing of how exactly its median is known.
  CHECK(moved(IntervalKind::spread, 0.1, 1) == "regression");
  CHECK(moved(IntervalKind::spread, 1e-8, 1) == "");
  const auto wider = altered([](Report& r) {
    r.rows[0].measurements = {{"c", 1, std::pair{0.0, 2.0}, "", IntervalKind::spread}};
  });
  CHECK(changes(with(1, IntervalKind::spread, 1), wider).at(0).starts_with("within"));
  // Of two that say something else the weaker is meant; who says nothing agrees.
  CHECK(changes(with(1, IntervalKind::confidence, 1), with(2, IntervalKind::spread, 2)).empty());
  CHECK(changes(with(1, IntervalKind::spread, 1), with(2, IntervalKind::confidence, 2)).empty());
  const Findings baseline =
      read_findings(to_baseline(with(1, IntervalKind::spread, 1)), "baseline.json");
  CHECK(changes(baseline, with(2, IntervalKind::spread, 2)).empty());
  CHECK(changes(baseline, with(1, IntervalKind::spread, 1)).empty());
  CHECK(changes(baseline, with(2, IntervalKind::confidence, 2)).size() == 1);
}

TEST_CASE("timings stand apart", "[report][compare]") {
  const Findings before = findings_of(small_report()),
                 slow = altered([](Report&r) { r.environment[1].second = "5000.0 s"; });
  const ReportComparison comparison = compare(before, slow);
  CHECK(comparison.count(Change::same) == comparison.items.size());
  REQUIRE(comparison.timings.size() == 2);
  CHECK(comparison.timings[1] == std::array<std::string, 3>{"wall time", "50.0 s", "5000.0 s"});
  CHECK_THAT(to_text(comparison), Contains("never a regression") && Contains("50.0 s → 5000.0 s") &&
                                      Contains("No regression"));
}

TEST_CASE("another profile or seed is said, and less is compared", "[report][compare]") {
  const auto alter = [](Report& r) {
    r.rows[0].measurements[0].value = 7;  // no interval
    r.rows[0].measurements[1].value = 0, r.rows[0].measurements[1].interval = {-0.1, 0.1};
    r.rows[0].results[0].name = "another draw";
    r.rows[0].results[1].verdict = Verdict::undecided("");
    r.rows[0].ratio = 2, r.rows[0].seeds = 3;
  };
  const Findings before = findings_of(small_report());
  CHECK(changes(before, altered(alter)).size() == 7);
  const Findings seed = altered([&](Report& r) { alter(r), r.seed = 2; });
  CHECK(changes(before, seed) ==
        Lines{"regression T1: instance: two: sampled before, undecided now (weaker)",
              "regression T1: constant: ratio: 0.5 before, 2 now (crossed 1)",
              "regression T1: constant: exponent: -0.5 [-0.6, -0.4] before, 0 [-0.1, 0.1] now "
              "(intervals no longer overlap)",
              "regression T1: extent: seeds: 175 before, 3 now (fewer)"});
  CHECK_THAT(compare(before, seed).remarks.at(0), Contains("other seed: 1 before, 2 now"));
  const Findings profile = altered(
      [&](Report& r) { alter(r), r.profile = "standard", r.rows[1].verdict = Verdict::holds(""); });
  CHECK(changes(before, profile) ==
        Lines{"regression T1: constant: ratio: 0.5 before, 2 now (crossed 1)",
              "regression T2: verdict: exact before, holds now (weaker)"});
  CHECK_THAT(compare(before, profile).remarks.at(0),
             Contains("other profile: quick before, standard now"));
  // Less than a crossing is not asked of other sizes.
  CHECK(changes(before, altered([](Report& r) { r.profile = "full", r.rows[0].ratio = 0.9; }))
            .empty());
  // Settings and versions that differ are said, and are no regression.
  const ReportComparison other = compare(before, altered([](Report& r) {
                                           r.settings[0].second = "9";
                                           r.versions[0].second = "0.2.0";
                                         }));
  CHECK(other.remarks == Lines{"setting 'seeds': '175' before, '9' now",
                               "version 'alignproof': '0.1.0' before, '0.2.0' now"});
  CHECK_FALSE(other.has_regression());
}

TEST_CASE("reports of earlier schema versions are read, of later ones refused",
          "[report][compare]") {
  const auto with_version = [](int version) {
    auto json = nlohmann::ordered_json::parse(to_json(small_report()));
    json["schema_version"] = version;
    if (version < 5) {
      json.erase("part");
      for (auto& claim : json["claims"]) {
        claim.erase("ran");
        for (auto& m : claim["measurements"]) m.erase("interval_kind");
        for (auto& result : claim["results"]) result.erase("certificate");
      }
    }
    if (version < 4)
      for (auto& claim : json["claims"]) {
        claim["verdict"].erase("routes");
        claim["verdict"].erase("not_formal");
        for (auto& result : claim["results"]) result["verdict"].erase("routes");
      }
    if (version < 3) json.erase("simulations");
    if (version < 2) json.erase("rejections");
    return json.dump();
  };
  const Findings now = read_findings(with_version(5), "new.json");
  for (const int version : {2, 3, 4}) {
    const Findings before = read_findings(with_version(version), "old.json");
    CHECK(changes(before, now).empty());
    CHECK(compare(before, now).remarks.at(0) == "other format: report of schema version " +
                                                    std::to_string(version) +
                                                    " before, report of schema version 5 now");
  }
  CHECK(changes(read_findings(with_version(1), "old.json"), now) ==
        Lines{"new refused: falsehood: eta twice: T1, T2 now, new"});
  for (const int version : {0, 6, -1})
    CHECK_THROWS_WITH(read_findings(with_version(version), "new.json"),
                      Contains("new.json: schema_version = " + std::to_string(version)) &&
                          Contains("version 1 to 5"));
}

TEST_CASE("a report that is not whole is refused", "[report][compare]") {
  const std::string whole = to_json(small_report());
  const std::size_t step = whole.size() / 50;
  for (std::size_t length = 0; length + 3 < whole.size(); length += step) {
    INFO(length);
    CHECK_THROWS_WITH(read_findings(whole.substr(0, length), "cut.json"), Contains("cut.json"));
  }
  const auto without = [&](const nlohmann::ordered_json::json_pointer& parent, const char* field) {
    auto json = nlohmann::ordered_json::parse(whole);
    REQUIRE(json.at(parent).erase(field) == 1);
    CHECK_THROWS_WITH(read_findings(json.dump(), "less.json"), Contains(field));
  };
  using Pointer = nlohmann::ordered_json::json_pointer;
  for (const char* field : {"profile", "seed", "claims", "rejections", "settings", "environment"})
    without(Pointer(""), field);
  for (const char* field : {"id", "verdict", "bound", "ratio", "measurements", "results", "seeds"})
    without(Pointer("/claims/0"), field);
  without(Pointer("/claims/0/measurements/0"), "value");
  const auto with = [&](const char* where, const nlohmann::ordered_json& value) {
    auto json = nlohmann::ordered_json::parse(whole);
    json.at(Pointer(where)) = value;
    INFO(where);
    CHECK_THROWS_AS(read_findings(json.dump(), "wrong.json"), InputError);
  };
  with("/seed", -1);
  with("/claims", "none");
  with("/claims/1/id", "T1");
  with("/claims/0/verdict/kind", "true");
  with("/claims/0/measurements/1/interval", {1});
  with("/claims/0/measurements/1/interval", {2, 1});
  with("/claims/0/measurements/0/value", "0.3");
  with("/claims/0/results/0/name", 3);
  with("/schema_version", "5");
  with("/part", "no");
  with("/claims/0/ran", 1);
  with("/claims/0/measurements/1/interval_kind", "wide");
  with("/claims/0/measurements/1/interval_kind", nullptr);
  with("/claims", nlohmann::ordered_json::array());
  // From version 5 on a report says what it ran; one of everything ran all.
  without(Pointer(""), "part");
  without(Pointer("/claims/0"), "ran");
  without(Pointer("/claims/0/measurements/1"), "interval_kind");
  CHECK_THROWS_WITH(
      altered([](Report& r) { r.rows[1].ran = false; }),
      Contains("claims: 1: ran = false is not accepted: give true, since the part of this"));
  CHECK_FALSE(altered([](Report& r) { r.part = true, r.rows[1].ran = false; }).claims[1].ran);
  CHECK_THROWS_AS(read_findings("[]", "list.json"), InputError);
  // What else it may be.
  const std::string wanted =
      " is not accepted: give report.json of verify, or a baseline of verify --approve";
  CHECK_THROWS_WITH(read_findings("\n<!DOCTYPE html>", "r.html"), "r.html = a page" + wanted);
  CHECK_THROWS_WITH(read_findings(R"({"format": "alignproof-certificate"})", "c.json"),
                    "c.json = a file of format \"alignproof-certificate\"" + wanted);
  const Findings same = findings_of(small_report());
  CHECK_THROWS_WITH(read_findings(to_json(compare(same, same)), "c.json"),
                    "c.json = a comparison" + wanted);
  CHECK_THROWS_AS(read_findings("{} {}", "two.json"), InputError);
}

TEST_CASE("names that occur twice are compared in their order", "[report][compare]") {
  const auto twice = [](double first, double second) {
    return altered([&](Report& r) {
      r.rows[0].measurements = {{"c", first, std::nullopt, ""}, {"c", second, std::nullopt, ""}};
    });
  };
  CHECK(changes(twice(1, 2), twice(1, 2)).empty());
  CHECK_THAT(changes(twice(1, 2), twice(1, 3)).at(0), Contains("c (2): 2 before, 3 now"));
}

TEST_CASE("names that are no prose are shown as they stand", "[report][compare]") {
  const auto with = [](const Verdict& verdict) {
    return altered([&](Report& r) { r.rows[0].results[0] = {"/data/5$ \\x", verdict, ""}; });
  };
  ReportComparison comparison = compare(with(Verdict::holds("")), with(Verdict::sampled("")));
  CHECK_THAT(to_text(comparison), Contains("instance: /data/5$ \\x"));
  CHECK_THAT(to_junit(comparison), Contains("T1: instance: /data/5$ \\x: holds before"));
}

TEST_CASE("claims that are asked for are compared alone", "[report][compare]") {
  const Findings before = findings_of(small_report()), after = altered([](Report&r) {
                                                         r.rows[1].verdict = Verdict::refuted("");
                                                         r.rejections.clear();
                                                       });
  CHECK_FALSE(compare(before, after, {}, {"T1"}).has_regression());
  CHECK(compare(before, after, {}, {"T2"}).count(Change::regression) == 1);
  CHECK_THROWS_WITH(compare(before, after, {}, {"T9"}),
                    "claim = 'T9' is not accepted: give one of T1, T2");
}

TEST_CASE("comparisons of any two reports can be written", "[report][compare][property]") {
  check_property("random reports", [] {
    std::optional<Findings> found[2];
    for (auto& each : found) try {
        each = findings_of(alignproof::testing::random_report());
      } catch (const InputError&) {  // intervals the wrong way round, claims of one name
      }
    if (!found[0] || !found[1]) return;
    const ReportComparison comparison = compare(*found[0], *found[1]);
    std::istringstream in(to_text(comparison));
    for (std::string line; std::getline(in, line);) {
      RC_ASSERT(columns_of(line) <= 80u);
      for (const char c : line) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
    }
    alignproof::testing::MarkupReader::elements_of(to_junit(comparison));
    RC_ASSERT(nlohmann::json::parse(to_json(comparison)).at("items").size() ==
              comparison.items.size());
    // Nothing is worse than itself.
    const ReportComparison itself = compare(*found[0], *found[0]);
    RC_ASSERT(itself.count(Change::same) == itself.items.size());
    // What is lost one way is won the other.
    const ReportComparison back = compare(*found[1], *found[0]);
    RC_ASSERT(back.count(Change::same) == comparison.count(Change::same));
    RC_ASSERT(back.count(Change::within) == comparison.count(Change::within));
  });
}

TEST_CASE("a comparison as a table, as JSON and as JUnit", "[report][compare]") {
  const Findings before = findings_of(small_report()),
                 after = altered([](Report&r) {
                   r.rows[0].verdict = Verdict::undecided("too few");
                   r.rows[0].measurements[1] = {"exponent", -0.45, std::pair{-0.6, -0.3}, "",
                                                IntervalKind::confidence};
                 });
  ReportComparison comparison = compare(before, after);
  comparison.before = "old.json", comparison.after = "new.json";
  CHECK(to_text(comparison) ==
        "before  old.json\n"
        "now     new.json\n"
        "        numbers are the same up to 1e-06 relative or 1e-09 absolute\n"
        "\n"
        "claim     verdict                       same  within     new  better   worse\n"
        "--------------------------------------------------------------------------------\n"
        "T1        holds → undecided               10       1       –       –       1\n"
        "2 are the same in all that was compared.\n"
        "\n"
        "Regressions (1)\n"
        "  T1        verdict\n"
        "              holds → undecided; weaker: too few\n"
        "\n"
        "Moved, but within intervals that overlap (1)\n"
        "  T1        constant: exponent\n"
        "              -0.5 [-0.6, -0.4] → -0.45 [-0.6, -0.3]; intervals overlap\n"
        "\n"
        "Machine and time (never a regression)\n"
        "  host          here\n"
        "  wall time     50.0 s\n"
        "\n"
        "1 REGRESSION in 20 things compared: 18 the same, 1 within intervals, 0 better, 0\n"
        "new.\n");
  const auto json = nlohmann::json::parse(to_json(comparison));
  CHECK(json.at("comparison_version") == 2);
  CHECK(json.at("has_regression") == true);
  CHECK(json.at("counts") == nlohmann::json{{"same", 18},
                                            {"within", 1},
                                            {"not_run", 0},
                                            {"new", 0},
                                            {"improvement", 0},
                                            {"regression", 1}});
  CHECK(json.at("items").at(0) == nlohmann::json{{"claim", "T1"},
                                                 {"what", "verdict"},
                                                 {"name", ""},
                                                 {"change", "regression"},
                                                 {"before", "holds"},
                                                 {"now", "undecided"},
                                                 {"why", "weaker: too few"}});
  const std::string junit = to_junit(comparison);
  CHECK_THAT(junit,
             Contains(R"(<testsuites name="alignproof" tests="20" failures="1" errors="0")") &&
                 Contains("<failure message=\"T1: verdict: holds before, undecided now") &&
                 Contains(R"(<testsuite name="refused" tests="1" failures="0")"));
}

TEST_CASE("the JSON of a comparison has exactly the fields of its schema", "[report][compare]") {
  const auto schema = nlohmann::json::parse(
      read_file(ALIGNPROOF_SOURCE_DIR "/reports/schema/comparison.schema.json"));
  const auto document =
      nlohmann::json::parse(to_json(compare(findings_of(small_report()), altered([](Report& r) {
                                              r.rows[0].measured = 0.3, r.rows[0].seeds = 9,
                                              r.rejections.clear();
                                            }))));
  const auto check_fields = [](const nlohmann::json& rule, const nlohmann::json& object) {
    std::set<std::string> known, found;
    for (const auto& name : rule.at("required")) known.insert(name.get<std::string>());
    for (const auto& [name, value] : object.items()) found.insert(name);
    CHECK(found == known);
    CHECK(rule.at("properties").size() == known.size());
  };
  const auto& fields = schema.at("properties");
  check_fields(schema, document);
  check_fields(fields.at("counts"), document.at("counts"));
  const auto& item = fields.at("items").at("items");
  for (const auto& each : document.at("items")) {
    check_fields(item, each);
    for (const char* listed : {"what", "change"}) {
      const auto& words = item.at("properties").at(listed).at("enum");
      CHECK(std::find(words.begin(), words.end(), each.at(listed)) != words.end());
    }
  }
  REQUIRE(document.at("timings").size() == 2);
  check_fields(fields.at("timings").at("items"), document.at("timings").at(0));
}
