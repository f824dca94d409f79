// SPDX-License-Identifier: Apache-2.0
// What becomes of the report that stands in the folder of `verify`.
#include <filesystem>
#include <span>

#include <nlohmann/json.hpp>

#include <alignproof/claims/claim.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/report/formats.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "report/compared_reports.hpp"

using namespace alignproof;
using namespace alignproof::test;
using alignproof::testing::small_report;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// A report with two figures and two certificates, in the folder `r` of the scratch folder.
void write_earlier(const fs::path& scratch, bool part) {
  Report report = small_report();
  report.part = part;
  report.figures = {{"one", "", "", "", "", false, false, {}}};
  Simulation simulation;
  simulation.figures = {{"../two", "", "", "", "", false, false, {}},
                        {"three", "", "", "", "", false, false, {}}};
  report.simulations = {simulation};
  report.rows[0].results[0].certificate = "certificates/erf";
  report.rows[0].results[1].certificate = "certificates/../../other";
  report.rows[1].results = {{"c", Verdict::exact(""), "", "certificates/mixed"}};
  fs::create_directories(scratch / "r" / "certificates" / "erf");
  fs::create_directories(scratch / "r" / "certificates" / "mixed");
  fs::create_directories(scratch / "other");
  write_file(scratch / "r" / "report.json", to_json(report));
  for (const char* name :
       {"r/one.svg", "r/three.svg", "r/mine.svg", "two.svg", "r/certificates/erf/certificate.json",
        "r/certificates/erf/X.npy", "r/certificates/mixed/certificate.json",
        "r/certificates/mixed/mine.txt", "other/X.npy"})
    write_file(scratch / name, "earlier");
}

}  // namespace

TEST_CASE("a part does not replace a report of everything", "[cli][verify]") {
  const TemporaryFolder scratch;
  write_earlier(scratch.path(), false);
  const std::string whole = read_file(scratch.path() / "r" / "report.json");
  for (const char* options : {"--claims EX", "--profile smoke", "--profile full --claims TA"}) {
    const Ended ended =
        run_in(scratch.path(), std::string(ALIGNPROOF_PROGRAM) + " verify " + options + " --out r");
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(ended.err ==
          "alignproof: folder of the report = 'r', where a report of all 2 claims stands, is not "
          "accepted: give another folder for a part of them\n");
  }
  CHECK(read_file(scratch.path() / "r" / "report.json") == whole);
  CHECK(is_file(scratch.path() / "r" / "one.svg"));
  // Nor does it by default: it has a folder of its own.
  const Ended ended =
      run_in(scratch.path(), std::string(ALIGNPROOF_PROGRAM) + " verify --claims EX");
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Contains("Report: alignproof-part/report.html"));
  CHECK_FALSE(fs::exists(scratch.path() / "alignproof-report"));
  const auto json =
      nlohmann::json::parse(read_file(scratch.path() / "alignproof-part" / "report.json"));
  CHECK(json.at("part") == true);
}

TEST_CASE("nothing of an earlier report stays as if it were of the new one", "[cli][verify]") {
  const TemporaryFolder scratch;
  write_earlier(scratch.path(), true);
  const Ended ended =
      run_in(scratch.path(), std::string(ALIGNPROOF_PROGRAM) + " verify --claims EX --out r");
  INFO(ended.err);
  CHECK(ended.exit_code == 0);
  const fs::path folder = scratch.path() / "r";
  for (const char* name : {"one.svg", "three.svg", "certificates/erf"})
    CHECK_FALSE(fs::exists(folder / name));
  // What others put there stays, and so does what a report names outside of its folder.
  for (const char* name : {"mine.svg", "certificates/mixed/mine.txt",
                           "certificates/mixed/certificate.json", "../two.svg", "../other/X.npy"})
    CHECK(is_file(folder / name));
  const auto json = nlohmann::json::parse(read_file(folder / "report.json"));
  CHECK(json.at("claims").size() == 1);
}

TEST_CASE("a report names its certificates with their hashes", "[cli][verify]") {
  const TemporaryFolder scratch;
  Settings settings;
  settings.certificates = scratch.path() / "certificates";
  Claim claim;
  claim.text.id = "own";
  claim.plan = [](Study&) -> Conclusion {
    return [](ClaimRow& row) {
      for (const std::string id : {"one", "two", "three"})
        row.results.push_back({id, Verdict::exact(""), "", "certificates/" + id});
      row.results.push_back({"none", Verdict::exact(""), ""});
    };
  };
  std::vector<std::string> hashes;
  for (const char* name : {"one/certificate.json", "two/width.json", "three/family.json"}) {
    const fs::path file = settings.certificates / name;
    fs::create_directories(file.parent_path());
    write_file(file, name);
    hashes.push_back(sha256_of_file(file));
  }
  hashes.emplace_back("");
  Progress silent;
  const Report report = verify(settings, std::span(&claim, 1), silent);
  std::vector<std::string> found;
  for (const InstanceResult& result : report.rows.at(0).results)
    found.push_back(result.certificate_hash);
  CHECK(found == hashes);
  const auto json = nlohmann::json::parse(to_json(report));
  const auto& results = json.at("claims").at(0).at("results");
  CHECK(results.at(1).at("certificate") ==
        nlohmann::json{{"folder", "certificates/two"}, {"sha256", hashes[1]}});
  CHECK(results.at(3).at("certificate").is_null());
}

TEST_CASE("where the programs are not on the PATH, verify says how they get there",
          "[cli][verify]") {
  const TemporaryFolder scratch;
  const std::string programs = fs::path(ALIGNPROOF_PROGRAM).parent_path().string(),
                    run = std::string(ALIGNPROOF_PROGRAM) + " verify --claims EX --out r";
  const Ended without = run_in(scratch.path(), run);
  CHECK_THAT(without.out, Contains("For the commands: export PATH=" + programs + ":\"$PATH\"\n"));
  const Ended with = run_in(scratch.path(), "export PATH=" + programs + ":\"$PATH\"\n" + run);
  CHECK_THAT(with.out, !Contains("PATH"));
  // What is kept says it without a path of this machine.
  const std::string page = read_file(scratch.path() / "r" / "report.html");
  CHECK_THAT(page, Contains("Commands need the folder of the programs on the PATH") &&
                       !Contains(programs));
  CHECK_THAT(read_file(scratch.path() / "r" / "report.md"), Contains("programs on the PATH"));
  CHECK_THAT(read_file(scratch.path() / "r" / "report.tex"), Contains("programs on the PATH"));
}
