// SPDX-License-Identifier: Apache-2.0
// The page of many reports: its strips, its curves, and that it needs nothing else.
#include <alignproof/core/error.hpp>
#include <alignproof/report/history.hpp>

#include "compared_reports.hpp"
#include "markup.hpp"
#include "property.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::testing::altered;
using alignproof::testing::count;
using alignproof::testing::small_report;
using Catch::Matchers::Contains;
using testing::MarkupReader;

namespace {

std::vector<HistoryEntry> four_reports() {
  return {{"a", altered([](Report& r) { r.rows[0].verdict = Verdict::undecided(""); })},
          {"b<c", findings_of(small_report())},
          {"other profile", altered([](Report& r) {
             r.profile = "full";
             r.rows[0].measurements[0].value = 1000;
           })},
          {"d", altered([](Report& r) {
             r.rows[0].measurements[0].value = 0.75;
             r.rows[0].measurements[1].interval = {-0.7, -0.45};
             r.rows[0].ratio = 1.5, r.rows[0].measured = 0.75;
             r.rows.pop_back();
           })}};
}

}  // namespace

TEST_CASE("the page of many reports has a strip a claim and a curve a constant",
          "[report][history]") {
  const std::string page = history_to_html(four_reports());
  CHECK_THAT(page, Contains("<title>alignproof: 4 reports, a to d</title>") &&
                       Contains("2 claims. From the first report to the last 0 became weaker, 1 "
                                "stronger, 0 came and 1 went.") &&
                       Contains("constants of profile <b>quick</b>"));
  // Verdicts of all four, in words and one by one.
  CHECK(count(page, "<svg class=\"strip\"") == 2);
  CHECK_THAT(page, Contains("aria-label=\"1 undecided, then 3 holds\"") &&
                       Contains("aria-label=\"3 exact, then 1 absent\"") &&
                       Contains("<g class=\"undecided\"><title>a: undecided</title>") &&
                       Contains("<title>b&lt;c: holds</title>"));
  // What moved or went is a curve: gamma, the exponent, measured and ratio of T1, measured of T2.
  CHECK(count(page, "<svg class=\"spark\"") == 5);
  CHECK_THAT(page, Contains("aria-label=\"γ: 0.3 at a, 0.75 at d\"") &&
                       Contains("<title>d: 0.75; moved by +150 %</title>") &&
                       Contains("<title>d: −0.5 [−0.7, −0.45]; intervals overlap</title>") &&
                       Contains("<title>d: 1.5; crossed 1</title>"));
  CHECK(count(page, "<circle class=\"worse\"") == 3 + 1);  // and the one that explains it
  CHECK(count(page, "<path class=\"range\"") == 2);        // before and after the gap
  CHECK(count(page, "class=\"one\"") == 1);
  CHECK_THAT(page, Contains("last in b&lt;c"));
  // What did not is a number: the bound of T1.
  CHECK(count(page, "constant that did not move</summary>") == 1);
  // Constants of the other profile are left out, and that is said.
  CHECK_THAT(page,
             !Contains("1000") && Contains("1 report of another profile or seed is left out"));
  // Reports, with what became of them.
  CHECK(count(page, "<tr><td class=\"number\">") == 4);
  CHECK_THAT(page, Contains("<td>1 better</td>") && Contains("50.0 s"));
}

TEST_CASE("a claim is compared with the last report that ran it", "[report][history]") {
  const Findings whole = findings_of(small_report());
  const auto part = [](std::size_t left_out) {
    return altered([&](Report& r) {
      r.part = true, r.command = "alignproof verify --claims " + r.rows[1 - left_out].text.id;
      r.rows.erase(r.rows.begin() + static_cast<std::ptrdiff_t>(left_out));
      r.rejections.clear();
    });
  };
  const auto last = [](Report& r) { r.rows[0].measurements[0].value = 0.75; };
  // Behind one part, or behind parts that ran all but it in turn.
  for (const std::vector<Findings>& between :
       {std::vector<Findings>{}, {part(0)}, {part(0), part(0)}, {part(1), part(0)}}) {
    std::vector<HistoryEntry> entries = {{"first", whole}};
    for (const Findings& findings : between)
      entries.push_back({std::to_string(entries.size()), findings});
    entries.push_back({"last", altered(last)});
    const std::string page = history_to_html(entries);
    INFO(between.size());
    CHECK_THAT(page, Contains("<title>last: 0.75; moved by +150 %</title>") &&
                         Contains("<td>1 worse</td>"));
  }
  // What a report of everything lacks is missing, also behind a part that was not asked for it.
  const auto lacking = [](Report& r) { r.rows.erase(r.rows.begin()), r.rejections.clear(); };
  CHECK_THAT(history_to_html({{"a", whole}, {"b", part(0)}, {"c", altered(lacking)}}),
             Contains("<td>2 worse</td>"));
  // Once is enough.
  CHECK_THAT(history_to_html({{"a", altered(lacking)}, {"b", part(0)}, {"c", altered(lacking)}}),
             !Contains("worse</td>"));
}

TEST_CASE("curves have a scale, breaks and rings of their own", "[report][history]") {
  const auto gamma = [](double value) {
    return altered([&](Report& r) { r.rows[0].measurements[0].value = value; });
  };
  const std::string page = history_to_html({{"1", gamma(0)},
                                            {"2", gamma(10)},
                                            {"3", gamma(std::nan(""))},
                                            {"4", gamma(5)},
                                            {"5", gamma(5)}});
  // From the bottom to the top, a break, and twice the middle.
  CHECK_THAT(page, Contains("<path class=\"run\" d=\"M4,30L39.5,4\"/>") &&
                       Contains("<path class=\"run\" d=\"M110.5,17L146,17\"/>"));
  CHECK_THAT(page, Contains("<circle class=\"worse\" cx=\"39.5\" cy=\"4\"") &&
                       Contains("<circle class=\"better\" cx=\"110.5\" cy=\"17\"") &&
                       Contains("<circle class=\"end\" cx=\"146\" cy=\"17\""));
}

TEST_CASE("any reports make a well-formed page that needs nothing else",
          "[report][history][property]") {
  check_property("random reports", [] {
    std::vector<HistoryEntry> entries;
    const int reports = *rc::gen::inRange(1, 5);
    for (int i = 0; i < reports; ++i) try {
        Report report = alignproof::testing::random_report();
        report.profile = "quick", report.seed = 1;
        if (i > 0 && *rc::gen::arbitrary<bool>()) report.seed = 2;
        entries.push_back({*alignproof::testing::words(), findings_of(report)});
      } catch (const InputError&) {  // intervals the wrong way round, claims of one name
      }
    if (entries.empty()) return;
    const std::string page = history_to_html(entries);
    for (const auto& element : MarkupReader::elements_of(page)) {
      RC_ASSERT((element.name != "script" && element.name != "link" && element.name != "img"));
      for (const auto& [key, value] : element.attributes) {
        RC_ASSERT((key != "src" && !key.starts_with("on")));
        RC_ASSERT((key != "href" || value.starts_with("#")));
        RC_ASSERT(value.find("nan") == std::string::npos || key == "aria-label");
      }
    }
  });
  const std::string page = history_to_html(four_reports());
  CHECK_THAT(page, Contains("prefers-color-scheme: dark") && Contains("@media print") &&
                       Contains("@media (max-width") && !Contains("url(") && !Contains("http"));
}
