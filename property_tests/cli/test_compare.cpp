// SPDX-License-Identifier: Apache-2.0
// compare and history as a user runs them: what they print, write and return.
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "report/compared_reports.hpp"

using namespace alignproof;
using alignproof::test::Ended;
using alignproof::test::TemporaryFolder;
using alignproof::testing::small_report;
using Catch::Matchers::Contains;

namespace {

/// Files of a scratch folder, and the program run beside them.
class Scratch {
 public:
  Scratch() {
    write("old.json", to_json(small_report()));
    Report worse = small_report(), slow = small_report();
    worse.rows[0].verdict = Verdict::undecided("too few");
    write("worse.json", to_json(worse));
    slow.environment[1].second = "5000.0 s";
    write("slow.json", to_json(slow));
  }
  void write(const std::string& name, const std::string& text) const {
    write_file(folder_.path() / name, text);
  }
  std::string read(const std::string& name) const { return read_file(folder_.path() / name); }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  /// Words that end in .json, .xml or .html are files of the folder.
  Ended run(const std::string& words) const {
    std::string line;
    std::istringstream in(words);
    for (std::string word; in >> word;) {
      const bool is_file =
          word.ends_with(".json") || word.ends_with(".xml") || word.ends_with(".html");
      line += (line.empty() ? "" : " ") + (is_file ? file(word) : word);
    }
    return test::run_program(line, folder_.path());
  }
  void check_refused(const std::string& words, const std::string& said) const {
    const Ended ended = run(words);
    INFO(words << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Contains(said));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("compare ends with 1 on a regression, in that direction only", "[cli][compare]") {
  const Scratch scratch;
  const Ended worse = scratch.run("compare old.json worse.json");
  CHECK(worse.exit_code == 1);
  CHECK_THAT(worse.out, Contains("1 REGRESSION") && Contains("holds → undecided"));
  const Ended better = scratch.run("compare worse.json old.json");
  CHECK(better.exit_code == 0);
  CHECK_THAT(better.out, Contains("No regression") && Contains("Improvements (1)"));
  const Ended slow = scratch.run("compare old.json slow.json");
  CHECK(slow.exit_code == 0);
  CHECK_THAT(slow.out, Contains("50.0 s → 5000.0 s"));
  CHECK(scratch.run("compare old.json worse.json --claims T2").exit_code == 0);

  const Ended json = scratch.run("compare old.json worse.json --format json");
  CHECK(json.exit_code == 1);
  CHECK(nlohmann::json::parse(json.out).at("has_regression") == true);
  const Ended junit = scratch.run("compare old.json worse.json --format junit --out c.xml");
  CHECK(junit.exit_code == 1);
  CHECK(junit.out.empty());
  CHECK_THAT(scratch.read("c.xml"), Contains("failures=\"1\""));

  Report moved = small_report();
  moved.rows[0].measurements[0].value = 0.3003;
  scratch.write("moved.json", to_json(moved));
  CHECK(scratch.run("compare old.json moved.json").exit_code == 1);
  CHECK(scratch.run("compare old.json moved.json --relative 0.0009").exit_code == 1);
  CHECK(scratch.run("compare old.json moved.json --relative 0.0011").exit_code == 0);
  CHECK(scratch.run("compare old.json moved.json --absolute 0.0004").exit_code == 0);
}

TEST_CASE("compare refuses what is no report, in one line", "[cli][compare]") {
  const Scratch scratch;
  const std::string whole = scratch.read("old.json");
  scratch.write("cut.json", whole.substr(0, whole.size() / 2));
  scratch.check_refused("compare old.json cut.json", scratch.file("cut.json") + ": content");
  scratch.check_refused("compare cut.json old.json", scratch.file("cut.json") + ": content");
  std::string later = whole;
  later.replace(later.find("\"schema_version\": 5"), 19, "\"schema_version\": 7");
  scratch.write("later.json", later);
  scratch.check_refused("compare old.json later.json", "schema_version = 7");
  scratch.write("baseline.json", R"({"baseline_version": 3, "claims": {}})");
  scratch.check_refused("compare baseline.json old.json", "baseline_version = 3");
  scratch.check_refused("compare old.json none.json", "none.json");
  scratch.check_refused("compare old.json", "NEW");
  scratch.check_refused("compare old.json old.json --relative -1", "relative = -1");
  scratch.check_refused("compare old.json old.json --absolute nan", "nan");
  scratch.check_refused("compare old.json old.json --claims T9",
                        "claim = 'T9' is not accepted: give one of T1, T2");
  scratch.check_refused("compare old.json worse.json --approve --claims T1", "with --claims");
  scratch.check_refused("compare old.json worse.json --out old.json", "which is read");
  scratch.check_refused("compare old.json old.json --approve", "which is read");
  scratch.check_refused("compare old.json worse.json --out /no/such/folder", "/no/such/folder");
  CHECK(scratch.read("old.json") == whole);
}

TEST_CASE("a folder of a report means its report.json", "[cli][compare][history]") {
  const Scratch scratch;
  for (const std::string name : {"before", "after"}) {
    std::filesystem::create_directory(scratch.file(name));
    scratch.write(name + "/report.json",
                  scratch.read(name == "before" ? "old.json" : "worse.json"));
  }
  const std::string before = scratch.file("before"), after = scratch.file("after");
  CHECK(scratch.run("compare " + before + " " + after).out ==
        scratch.run("compare before/report.json after/report.json").out);
  const Ended page = scratch.run("history " + before + " " + after + " --out -");
  CHECK_THAT(page.out, Contains("2 reports, before to after"));
  // The right program refuses a run by such a baseline: its verdicts are others.
  const Ended run =
      scratch.run("verify --claims EX --out " + scratch.file("r") + " --baseline " + before);
  CHECK(run.exit_code == 1);
  CHECK_THAT(run.err, Contains("differs from the baseline: EX: verdict"));
  std::filesystem::create_directory(scratch.file("empty"));
  for (const std::string& words :
       {"compare " + scratch.file("empty") + " old.json", "history " + scratch.file("empty"),
        "verify --claims EX --baseline " + scratch.file("empty")})
    scratch.check_refused(words, "a file, or a folder that has a report.json");
  scratch.check_refused("verify --approve --baseline " + before,
                        "a file that is written, not a folder");
}

TEST_CASE("compare --approve makes the new report the old one", "[cli][compare]") {
  const Scratch scratch;
  const Ended ended = scratch.run("compare old.json worse.json --approve");
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Contains("1 REGRESSION"));
  CHECK_THAT(ended.err, Contains("baseline written: ") && Contains("old.json"));
  CHECK(scratch.read("old.json") == scratch.read("worse.json"));
  CHECK(scratch.run("compare old.json worse.json").exit_code == 0);

  // A baseline stays a baseline; one of version 1 gets constants.
  scratch.write("baseline.json", R"({"T1": {"verdict": "holds"}, "T9": {"verdict": "exact"}})");
  CHECK(scratch.run("compare baseline.json worse.json").exit_code == 1);
  CHECK(scratch.run("compare baseline.json worse.json --approve").exit_code == 0);
  CHECK(nlohmann::json::parse(scratch.read("baseline.json")).at("baseline_version") == 2);
  CHECK(scratch.run("compare baseline.json worse.json").exit_code == 0);
  scratch.check_refused("compare worse.json baseline.json --approve", "is written over a report");
}

TEST_CASE("a part replaces nothing, and exit code 0 says that something was compared",
          "[cli][compare]") {
  const Scratch scratch;
  const auto write_part = [&](const std::string& name, std::size_t left_out) {
    Report part = small_report();
    part.part = true, part.command += " --claims " + part.rows[1 - left_out].text.id;
    part.rows.erase(part.rows.begin() + static_cast<std::ptrdiff_t>(left_out));
    part.rejections.clear();
    scratch.write(name, to_json(part));
  };
  write_part("first.json", 1), write_part("second.json", 0);
  scratch.write("baseline.json", R"({"T1": {"verdict": "holds"}, "T2": {"verdict": "exact"}})");
  for (const char* old : {"old.json", "second.json", "baseline.json"}) {
    const std::string before = scratch.read(old);
    scratch.check_refused("compare " + std::string(old) + " first.json --approve",
                          "give a whole report, so that no verdict is lost");
    CHECK(scratch.read(old) == before);
  }
  CHECK(scratch.run("compare old.json first.json").exit_code == 0);
  CHECK(scratch.run("compare old.json first.json --claims T1").exit_code == 0);
  for (const char* words :
       {"compare old.json first.json --claims T2", "compare first.json old.json --claims T1,T2",
        "compare old.json first.json --claims T2,T1"})
    scratch.check_refused(words,
                          "claims = 'T2', which " + scratch.file("first.json") +
                              " did not run is not accepted: give claims that both reports ran");
  scratch.check_refused("compare first.json second.json", "which ran nothing that OLD ran");
  // From a report of everything it is missing.
  Report less = small_report();
  less.rows.pop_back();
  scratch.write("less.json", to_json(less));
  CHECK(scratch.run("compare old.json less.json --claims T2").exit_code == 1);
  scratch.check_refused("compare less.json old.json --claims T2", "claims = 'T2', which ");
  less.rows.clear();
  for (const bool is_part : {false, true}) {
    less.part = is_part;
    scratch.write("none.json", to_json(less));
    for (const char* words : {"compare old.json none.json", "compare none.json none.json"})
      scratch.check_refused(words, "claims = [] is not accepted: give a report of at least one");
  }
}

TEST_CASE("history writes one page of several reports", "[cli][history]") {
  const Scratch scratch;
  const Ended ended = scratch.run("history old.json worse.json --out page.html");
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Contains("from 2 reports"));
  const std::string page = scratch.read("page.html");
  CHECK_THAT(page, Contains("2 reports, old.json to worse.json"));
  CHECK(scratch.run("history old.json worse.json --out -").out == page);
  CHECK_THAT(scratch.run("history old.json worse.json --labels v1,v2 --out -").out,
             Contains("2 reports, v1 to v2"));
  scratch.check_refused("history old.json worse.json --labels v1", "1 of them");
  scratch.check_refused("history old.json worse.json --labels v1,v1",
                        "'v1', twice is not accepted: give each report a name of its own");
  CHECK_THAT(scratch.run("history old.json --out page.html").out, Contains("from 1 report\n"));
  scratch.check_refused("history old.json --out old.json", "which is read");
  scratch.check_refused("history none.json", "none.json");
  scratch.write("baseline.json", R"({"T1": {"verdict": "holds"}})");
  scratch.check_refused("history baseline.json", "a baseline");
}
