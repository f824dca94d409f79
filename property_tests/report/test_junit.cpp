// SPDX-License-Identifier: Apache-2.0
// The report as JUnit XML.
#include <nlohmann/json.hpp>

#include <alignproof/report/writers.hpp>

#include "markup.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::testing::count;
using Catch::Matchers::Contains;
using testing::Element;
using testing::MarkupReader;

namespace {

/// What XML forbids and the reader of markup does not look at. nlohmann's writer knows UTF-8.
std::string complaint(const std::string& xml) {
  try {
    nlohmann::json(xml).dump();
  } catch (const nlohmann::json::exception&) {
    return "bytes that are not UTF-8";
  }
  for (const char* not_a_character : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    if (count(xml, not_a_character) > 0) return "a code point that is no character";
  std::size_t known = 0;
  for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
    known += count(xml, entity);
  if (known != count(xml, "&")) return "an unknown entity";
  return count(xml, "]]>") > 0 ? "]]> in text" : "";
}

/// Any bytes, also those that no encoding has.
std::string bytes() {
  static const std::vector<std::string> awkward = {"\xff",
                                                   "\xc0\x80",
                                                   "\xe0\x80\x80",
                                                   "\xf0\x80\x80\x80",
                                                   "\xed\xa0\x80",
                                                   "\xe2\x82",
                                                   "\xf4\x90\x80\x80",
                                                   "\xef\xbf\xbf",
                                                   "\xf0\x9f\x98",
                                                   "\x80",
                                                   "雪",
                                                   "😀",
                                                   "\x7f",
                                                   "]]>"};
  std::string all = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (const auto& part :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(awkward)))
    all += part;
  return all + *testing::words();
}

Report random_report() {
  Report report = testing::random_report();
  report.profile += bytes();
  for (ClaimRow& row : report.rows) {
    row.text.id += bytes();
    row.verdict = Verdict::refuted(bytes());
    row.results.push_back({bytes(), Verdict::undecided(bytes()), bytes()});
  }
  for (Rejection& rejection : report.rejections)
    if (!rejection.caught_by.empty()) rejection.caught_by.push_back(bytes());
  return report;
}

struct Counts {
  std::size_t tests = 0, failures = 0, skipped = 0;

  bool operator==(const Counts&) const = default;
};

Counts stated(const Element& element) {
  const auto number = [&](const char* key) { return std::stoul(element.attributes.at(key)); };
  RC_ASSERT(number("errors") == 0u);
  return {number("tests"), number("failures"), number("skipped")};
}

void add(Counts& counts, const Element& element) {
  counts.tests += element.name == "testcase" ? 1u : 0u;
  counts.failures += element.name == "failure" ? 1u : 0u;
  counts.skipped += element.name == "skipped" ? 1u : 0u;
}

Report report_with(const Verdict& row, const Verdict& instance) {
  Report report;
  report.profile = "quick";
  report.seed = 7;
  ClaimRow claim;
  claim.text.id = "T1'";
  claim.text.title = "Decay of $|e(t)|$";
  claim.verdict = row;
  claim.results = {{"n=5 <tanh>", instance, "alignproof simulate --seed 3"}};
  report.rows = {claim};
  return report;
}

}  // namespace

TEST_CASE("any report is XML, whatever its bytes", "[report][junit][property]") {
  check_property("random reports", [] {
    const std::string xml = to_junit(random_report());
    const std::string wrong = complaint(xml);
    if (!wrong.empty()) RC_FAIL(wrong);
    RC_ASSERT(MarkupReader::elements_of(xml).front().name == "testsuites");
  });
}

TEST_CASE("the check of XML sees errors", "[report][junit]") {
  for (const char* bad : {"\xff", "\xef\xbf\xbf", "\xed\xa0\x80", "&nbsp;", "]]>"})
    CHECK(complaint(bad) != "");
  CHECK(complaint("größe 雪 😀 &lt;&#39;") == "");
}

TEST_CASE("every suite counts its cases", "[report][junit][property]") {
  check_property("random reports", [] {
    const Report report = random_report();
    const auto elements = MarkupReader::elements_of(to_junit(report));
    std::vector<Counts> said, found;
    Counts all;
    for (const Element& element : elements) {
      if (element.name == "testsuite") {
        said.push_back(stated(element));
        found.emplace_back();
      }
      add(all, element);
      if (!found.empty()) add(found.back(), element);
    }
    RC_ASSERT(said == found);
    RC_ASSERT(stated(elements.front()) == all);
    RC_ASSERT(said.size() == report.rows.size() + (report.rejections.empty() ? 0u : 1u));
    for (std::size_t i = 0; i < report.rows.size(); ++i)
      RC_ASSERT(said[i].tests == report.rows[i].results.size() + 1);
    if (!report.rejections.empty()) RC_ASSERT(said.back().tests == report.rejections.size());
  });
}

TEST_CASE("a verdict passes, fails, or is neither", "[report][junit]") {
  const auto with = [](const Verdict& verdict) {
    return to_junit(report_with(Verdict::holds("0.9"), verdict));
  };
  const std::string head = "<testcase classname=\"T1&#39;\" name=\"n=5 &lt;tanh&gt;\">";
  for (const Verdict& verdict :
       {Verdict::exact("40 steps"), Verdict::holds("0.9"), Verdict::sampled("12")}) {
    const std::string xml = with(verdict);
    CHECK_THAT(xml, Contains(head + "<system-out>" + verdict.text() +
                             "\nalignproof simulate --seed 3</system-out></testcase>"));
    CHECK_THAT(xml, Contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\""));
  }
  for (const Verdict& verdict : {Verdict::refuted("step 3"), Verdict::invalid("step 3")}) {
    const std::string kind(to_string(verdict.kind()));
    const std::string xml = with(verdict);
    CHECK_THAT(xml, Contains(head + "<failure message=\"" + kind + " (step 3)\" type=\"" + kind +
                             "\">alignproof simulate --seed 3</failure></testcase>"));
    CHECK_THAT(xml, Contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""));
  }
  const std::string xml = with(Verdict::undecided("too few"));
  CHECK_THAT(xml, Contains(head + "<skipped message=\"undecided (too few)\">"));
  CHECK_THAT(xml, Contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""));
  CHECK_THAT(to_junit(report_with(Verdict::refuted("w"), Verdict::holds(""))),
             Contains("name=\"the claim\"><failure message=\"refuted (w)\""));
}

TEST_CASE("a suite names its claim and the run", "[report][junit]") {
  const std::string xml = to_junit(report_with(Verdict::holds(""), Verdict::holds("")));
  CHECK_THAT(xml, Contains("<testsuite name=\"T1&#39; Decay of |e(t)|\" tests=\"2\""));
  CHECK_THAT(xml, Contains("<property name=\"profile\" value=\"quick\"/>"));
  CHECK_THAT(xml, Contains("<property name=\"seed\" value=\"7\"/>"));
}

TEST_CASE("what nothing caught is a failure", "[report][junit]") {
  Report report;
  CHECK_THAT(to_junit(report), !Contains("rejections"));
  testing::add_evidence(report);
  const std::string xml = to_junit(report);
  CHECK_THAT(xml, Contains("<testsuite name=\"rejections\" tests=\"3\" failures=\"1\""));
  CHECK_THAT(xml, Contains("<testcase classname=\"planted error\" name=\"sign of η\"><system-out>"
                           "caught by ID, T1&#39;\nresidual 10⁻³</system-out></testcase>"));
  CHECK_THAT(xml, Contains("<testcase classname=\"false claim\" name=\"T3 for every λ\"><failure "
                           "message=\"NOT caught\" type=\"NOT caught\">a &amp; b</failure>"));
}

TEST_CASE("characters that XML forbids are replaced, not dropped", "[report][junit]") {
  const auto name = [](const std::string& word) {
    Report report = report_with(Verdict::holds(""), Verdict::holds(""));
    report.rows[0].results[0].name = word;
    return to_junit(report);
  };
  CHECK_THAT(name("a\x1b[1m\tb\n\x7f."), Contains("name=\"a [1m b  .\""));
  CHECK_THAT(name("a\xff\xc0\x80z"), Contains("name=\"a���z\""));
  CHECK_THAT(name("\xed\xa0\x80\xef\xbf\xbf."), Contains("name=\"������.\""));
  CHECK_THAT(name("größe ≤ 雪😀"), Contains("name=\"größe ≤ 雪😀\""));
  CHECK_THAT(name("cut \xe9\x9b"), Contains("name=\"cut ��\""));
}

TEST_CASE("two runs with one seed give the same XML", "[report][junit][property]") {
  check_property("the environment leaves no trace", [] {
    Report report = random_report();
    const std::string xml = to_junit(report);
    report.environment = {{"host", "b"}, {"wall time", "3 s"}};
    RC_ASSERT(to_junit(report) == xml);
    for (const auto& element : MarkupReader::elements_of(xml))
      for (const char* key : {"time", "timestamp", "hostname"})
        RC_ASSERT(element.attributes.count(key) == 0u);
  });
}
