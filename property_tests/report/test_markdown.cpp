// SPDX-License-Identifier: Apache-2.0
// The report in Markdown, as GitHub reads it.

#include <alignproof/report/formats.hpp>

#include "lines.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::test::lines_of;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string to_markdown(const Report& report) {
  return report_format("markdown").write(report);
}

/// The bars of a line that separate cells: not behind a backslash.
std::size_t bars(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '|')
      ++count;
  return count;
}

/// The next fence, if the line is one, with at least so many backticks.
bool is_fence(const std::string& line) {
  const auto at = line.find_first_not_of(' ');
  return at != std::string::npos && line.compare(at, 3, "```") == 0;
}

/// What a reader of Markdown relies on, whatever the words are: every line of a table has as many
/// cells as its head, HTML is only ours, no formula is begun, and no line begins a list, a heading
/// or a fence that is not ours.
void require_markdown(const std::string& text) {
  std::size_t columns = 0;
  std::string fence;
  std::size_t details = 0;
  for (const std::string& line : lines_of(text)) {
    for (const char c : line) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    if (!fence.empty()) {  // a command line, as it is
      if (line.substr(std::min(line.find_first_not_of(' '), line.size())) == fence) fence.clear();
      continue;
    }
    if (is_fence(line)) {
      const auto at = line.find('`');
      fence = line.substr(at, line.find_first_not_of('`', at) - at);
      RC_ASSERT(line.ends_with(fence + "sh"));
      continue;
    }
    if (line.starts_with("| ")) {
      if (columns == 0) columns = bars(line);
      RC_ASSERT(bars(line) == columns);
      RC_ASSERT(line.ends_with(" |"));
    } else {
      columns = 0;
    }
    std::string rest = line;
    for (const std::string ours :
         {"<details>", "</details>", "<summary>", "</summary>", "<span>", "</span>"})
      for (std::size_t at; (at = rest.find(ours)) != std::string::npos;) {
        // Between the tags of a span stands one dollar sign.
        if (ours == "<span>") RC_ASSERT(rest.compare(at, 14, "<span>$</span>") == 0);
        if (ours == "<span>") rest.erase(at + 6, 1);
        if (ours == "<details>") ++details;
        if (ours == "</details>") --details;
        rest.erase(at, ours.size());
      }
    RC_ASSERT(rest.find_first_of("<>$") == std::string::npos);
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (rest[i] == '\\') {
        ++i;
        continue;
      }
      RC_ASSERT(std::string_view("`[]~_").find(rest[i]) == std::string_view::npos);
      if (rest[i] == '#') RC_ASSERT(rest.find_first_not_of('#') > i);  // a heading of ours
    }
    RC_ASSERT(!line.starts_with("- - ") && !line.starts_with("- + ") && !line.starts_with("- 1. "));
  }
  RC_ASSERT(fence.empty());
  RC_ASSERT(details == 0u);
}

Report one_row() {
  Report report;
  report.profile = "quick";
  report.seed = 7;
  report.command = "alignproof verify --profile quick --seed 7";
  ClaimRow row;
  row.text.id = "T1a";
  row.text.title = "The norm $|x|$ is conditioned";
  row.verdict = Verdict::holds("0.9 at level 1e-8");
  row.bound = 0.75, row.measured = 1e-10;
  row.measured_label = "$\\lambda_{\\min}(G(0))$";
  row.instances = 2, row.seeds = 12345678;
  row.premises = {{"$\\gamma > 0$", 2, 2}};
  row.results = {
      {"fine", Verdict::sampled(""), "alignproof simulate --fine"},
      {"csv a|b$c.csv", Verdict::refuted("step 3"), "alignproof simulate --csv 'a|b$c.csv'"}};
  report.rows = {row};
  return report;
}

}  // namespace

TEST_CASE("markdown keeps its tables, lists and markup whatever the words are",
          "[report][markdown][property]") {
  check_property("reports", [] { require_markdown(to_markdown(testing::random_report())); });
}

TEST_CASE("markdown has the table, then what needs care with the line that runs it again",
          "[report][markdown]") {
  CHECK(to_markdown(one_row()) == R"(# alignproof, profile quick, seed 7

1 claim: 1 holds

```sh
alignproof verify --profile quick --seed 7
```

Commands need the folder of the programs on the PATH: build/bin, where they were built.

| claim | title | verdict | bound | measured | ratio | instances | seeds | digits |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
| T1a | The norm \|x\| is conditioned | holds | 0.75 | 1e-10 | – | 2 | 12345678 | 16 |

## Verdicts in words

### T1a The norm \|x\| is conditioned

**holds (0.9 at level 1e-8)**

- measured: λₘᵢₙ(G(0))
- premise γ &gt; 0: 2 of 2
- csv a\|b<span>$</span>c.csv: refuted (step 3)

  ```sh
  alignproof simulate --csv 'a|b$c.csv'
  ```
)");
}

TEST_CASE("markdown folds the evidence away, and says in the first lines what was not caught",
          "[report][markdown]") {
  Report report = one_row();
  testing::add_evidence(report);
  const std::string all = to_markdown(report);
  CHECK_THAT(all, Contains("\n1 claim: 1 holds; **1 of 3 falsehoods NOT caught**\n"));
  CHECK_THAT(all, Contains("\n<details>\n<summary>Statistical tests</summary>\n\n| claim | what") &&
                      Contains("\n| T2 | exponent of 50% &amp; more | above −1/4 | 60 | 2.346e-05 "
                               "| 0.8 |\n") &&
                      Contains("false by chance: at most 2.347e-05.\n\n</details>\n"));
  CHECK_THAT(all, Contains("<summary>2 of 3 planted errors and false claims caught, 1 NOT caught."
                           "</summary>\n\n| kind |") &&
                      Contains("| false claim | T3 for every λ | **NOT caught** | a &amp; b |\n"));
  report.rows[0].verdict = Verdict::undecided("why");
  CHECK_THAT(to_markdown(report),
             Contains("| **undecided** |") && Contains("\n**undecided (why)**"));
  report.rows[0].results.assign(100, {"bad", Verdict::refuted("step 3"), ""});
  CHECK_THAT(to_markdown(report), Contains("- ... and 92 more\n"));
}

TEST_CASE("markdown shows words that look like lists, fences and blanks as words",
          "[report][markdown]") {
  Report report = one_row();
  for (const auto& [name, shown] : {std::pair<std::string, std::string>{"1. first", "1\\. first"},
                                    {"2) second", "2\\) second"},
                                    {"- item", "\\- item"},
                                    {"+ item", "\\+ item"},
                                    {"0.5 of 1.5", "0\\.5 of 1.5"},
                                    {"  two\n\n lines ", "two lines"},
                                    {"![x](y) *b* _i_ ~s~ #1 `c` \\",
                                     "\\!\\[x\\](y) \\*b\\* \\_i\\_ \\~s\\~ \\#1 \\`c\\` \\\\"}}) {
    report.rows[0].results = {{name, Verdict::refuted("r"), "echo ```` \n x"}};
    INFO(name);
    CHECK_THAT(to_markdown(report),
               Contains("\n- " + shown + ": refuted (r)\n\n  `````sh\n  echo ```` x\n  `````\n"));
  }
}
