// SPDX-License-Identifier: Apache-2.0
// What becomes of the report that stands in the folder of `verify`.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <span>

#include <sys/stat.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/claims/certificates.hpp>
#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/family.hpp>
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

/// `verify --claims EX --out r` and more options.
Ended verify_part(const fs::path& scratch, const std::string& options = "") {
  return run_in(scratch, std::string(ALIGNPROOF_PROGRAM) + " verify --claims EX --out r" + options);
}

/// Files of these names in the folder, which each say their names.
void write_named(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    fs::create_directories((folder / name).parent_path());
    write_file(folder / name, name);
  }
}

/// All that stands in the folder; files with what is in them.
std::map<std::string, std::string> standing_in(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    all[entry.path().lexically_relative(folder).string()] =
        entry.is_regular_file() ? read_file(entry.path()) : "";
  return all;
}

/// A report of a part with this figure and certificate.
std::string report_naming(const std::string& figure, const std::string& certificate) {
  Report report = small_report();
  report.part = true;
  report.figures = {{figure, "", "", "", "", false, false, {}}};
  report.rows[0].results[0].certificate = certificate;
  return to_json(report);
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

TEST_CASE("what a report names is removed only if it is what a report writes", "[cli][verify]") {
  const std::string long_name(101, 'x');
  for (const std::string& figure :
       {std::string("../other/mine"), std::string("a.b"), std::string("-a"), std::string(),
        std::string("mine.svg\0x", 10), std::string("sub/one"), long_name}) {
    const TemporaryFolder scratch;
    write_named(scratch.path(), {"other/mine.svg", "r/a.b.svg", "r/-a.svg", "r/.svg", "r/mine.svg",
                                 "r/sub/one.svg", "r/" + long_name + ".svg"});
    const auto before = standing_in(scratch.path());
    write_file(scratch.path() / "r" / "report.json", report_naming(figure, ""));
    INFO(figure);
    CHECK(verify_part(scratch.path()).exit_code == 0);
    for (const auto& [name, bytes] : before) CHECK(fs::exists(scratch.path() / name));
  }
  for (const std::string& certificate :
       {std::string("other/a"), std::string("certificates/a/b"), std::string("certificates"),
        std::string("certificates/"), std::string("certificates/.."),
        std::string("certificates/a.b"), std::string("certificates/c\0x", 16),
        std::string("./certificates/c"), "certificates/" + long_name}) {
    const TemporaryFolder scratch;
    write_named(scratch.path() / "r",
                {"other/a/X.npy", "certificates/a/b/X.npy", "certificates/a.b/X.npy",
                 "certificates/c/X.npy", "certificates/" + long_name + "/X.npy"});
    const auto before = standing_in(scratch.path());
    write_file(scratch.path() / "r" / "report.json", report_naming("one", certificate));
    INFO(certificate);
    CHECK(verify_part(scratch.path()).exit_code == 0);
    for (const auto& [name, bytes] : before) CHECK(fs::exists(scratch.path() / name));
  }
}

TEST_CASE("links stay where a report names them, and what they lead to", "[cli][verify]") {
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "r";
  write_named(scratch.path(), {"victim/a/X.npy", "victim/mine.svg"});
  fs::create_directory(folder);
  fs::create_symlink("../victim/mine.svg", folder / "one.svg");
  SECTION("the folder of the certificates") {
    fs::create_directory_symlink("../victim", folder / "certificates");
  }
  SECTION("a certificate") {
    fs::create_directory(folder / "certificates");
    fs::create_directory_symlink("../../victim/a", folder / "certificates" / "a");
  }
  SECTION("a file of it") {
    fs::create_directories(folder / "certificates" / "a");
    fs::create_symlink("../../../victim/a/X.npy", folder / "certificates" / "a" / "X.npy");
  }
  SECTION("an empty folder that is linked") {
    fs::create_directory(scratch.path() / "empty");
    fs::create_directory_symlink("../empty", folder / "certificates");
  }
  const auto before = standing_in(scratch.path());
  write_file(folder / "report.json", report_naming("one", "certificates/a"));
  const Ended ended = verify_part(scratch.path());
  CHECK(ended.exit_code == 0);
  CHECK(ended.err.find("alignproof: ") == std::string::npos);
  for (const auto& [name, bytes] : before)
    CHECK(fs::exists(fs::symlink_status(scratch.path() / name)));
}

TEST_CASE("a certificate is removed whole, or not at all", "[cli][verify]") {
  const TemporaryFolder scratch;
  const auto removed = [&](const std::vector<std::string>& names,
                           const std::function<void(const fs::path&)>& add = {}) {
    const fs::path folder = scratch.path() / "certificates" / "a";
    fs::remove_all(folder);
    fs::create_directories(folder);
    write_named(folder, names);
    if (add) add(folder);
    const auto before = standing_in(folder);
    const bool is_removed = remove_certificate(folder);
    CHECK(is_removed != fs::exists(folder));
    if (!is_removed) CHECK(standing_in(folder) == before);
    return is_removed;
  };
  const std::vector<std::string>
      one = {"certificate.json", "claim.json", "provenance.json", "X.npy", "y.npy", "errors.npy"},
      family = {"family.json", "seed-1/certificate.json", "seed-1/X.npy", "seed-22/beta.npy"};
  const auto with = [](std::vector<std::string> names, const std::string& more) {
    names.push_back(more);
    return names;
  };
  CHECK(removed({}));
  CHECK(removed(one));
  CHECK(removed({"width.json", "X.npy", "y.npy"}));
  CHECK(removed(family));
  for (const char* name : {"notes.txt", "mine.npy", "sub.npy/mine", "family.txt", "seed-1/X.npy",
                           ".alignproof-1-0.tmp"})
    CHECK_FALSE(removed(with(one, name)));
  for (const char* name :
       {"notes.txt", "X.npy", "seed-1/notes.txt", "seed-1/sub.npy/mine", "seed-01/X.npy", "seed-3",
        "seed-1/seed-2/X.npy", "seed-1/family.json", "seed-x/X.npy"})
    CHECK_FALSE(removed(with(family, name)));
  CHECK_FALSE(removed(one, [](const fs::path& f) { mkfifo((f / "b.npy").c_str(), 0600); }));
  CHECK_FALSE(removed(one, [](const fs::path& f) { fs::create_symlink("X.npy", f / "b.npy"); }));
  CHECK_FALSE(removed({}, [](const fs::path& f) { fs::create_directory(f / "family.json"); }));
  CHECK_FALSE(
      removed(family, [](const fs::path& f) { fs::create_symlink("seed-1", f / "seed-3"); }));
  CHECK(remove_certificate(scratch.path() / "certificates" / "none"));
}

TEST_CASE("no work begins where an earlier certificate cannot make way", "[cli][verify]") {
  const TemporaryFolder scratch;
  Settings settings;
  settings.certificates = scratch.path() / "certificates";
  Progress silent;
  const auto refused = [&](const std::string& id, const std::string& words) {
    const auto before = standing_in(scratch.path());
    Study study(settings, silent);
    CertificateCase one;
    one.id = id;
    CHECK_THROWS_WITH(want_certificate(study, one), Contains(words));
    FamilyCase family;
    family.id = id;
    CHECK_THROWS_WITH(want_family(study, family), Contains(words));
    WidthCase width;
    width.id = id;
    CHECK_THROWS_WITH(certify_width(settings, width), Contains(words));
    CHECK(standing_in(scratch.path()) == before);
  };
  write_named(settings.certificates,
              {"a/certificate.json", "a/sub.npy/mine", "b/family.json", "b/notes.txt", "c/X.npy"});
  refused("a", "certificates/a'");
  refused("b", "certificates/b'");
  for (const std::string& id : {std::string("../c"), std::string("c/X.npy"), std::string("c\0", 2),
                                std::string(101, 'c'), std::string()})
    refused(id, "letters, digits");
  fs::create_directory_symlink("certificates", scratch.path() / "linked");
  settings.certificates = scratch.path() / "linked";
  refused("c", "linked/c'");
}

TEST_CASE("verify replaces no files that are not of a report that it can read", "[cli][verify]") {
  std::string later = to_json(small_report());
  const std::string field = "\"schema_version\": ";
  const std::size_t at = later.find(field);
  REQUIRE(at != std::string::npos);
  later.insert(at + field.size(), "9");
  const auto check_refused = [](const std::string& name, const std::string& bytes,
                                const std::string& words) {
    const TemporaryFolder scratch;
    fs::create_directory(scratch.path() / "r");
    write_file(scratch.path() / "r" / name, bytes);
    for (const char* options : {"--claims EX", "--profile full", "--profile smoke"}) {
      const Ended ended =
          run_in(scratch.path(), std::string(ALIGNPROOF_PROGRAM) + " verify --out r " + options);
      INFO(name << ", " << options << ": " << ended.err);
      CHECK(ended.exit_code == 2);
      CHECK(ended.out.empty());
      CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
      CHECK_THAT(ended.err, Contains("folder of the report = 'r', where " + words +
                                     ", is not accepted: give another folder"));
    }
    CHECK(standing_in(scratch.path() / "r") == std::map<std::string, std::string>{{name, bytes}});
  };
  for (const char* name : {"report.tex", "report.html", "report.md", "report.junit.xml"})
    check_refused(name, "mine", fmt::format("a {} stands without a report.json", name));
  for (const std::string& bytes : {std::string("mine"), std::string("{}"), std::string(), later,
                                   to_baseline(findings_of(small_report()))})
    check_refused("report.json", bytes, "report.json cannot be read as a report");
}

TEST_CASE("files that no report named are nothing to verify", "[cli][verify]") {
  const TemporaryFolder scratch;
  write_earlier(scratch.path(), true);
  const fs::path folder = scratch.path() / "r";
  fs::create_directory(folder / "icons.svg");
  fs::permissions(folder / "mine.svg", fs::perms::owner_read);
  CHECK(verify_part(scratch.path()).exit_code == 0);
  CHECK(fs::is_directory(folder / "icons.svg"));
  CHECK(read_file(folder / "mine.svg") == "earlier");
}

TEST_CASE("what is approved is not written over the report", "[cli][verify]") {
  const TemporaryFolder scratch;
  for (const char* made : {"true", "mkdir r", "ln -s r/report.json linked"})
    for (const char* file :
         {"r/report.json", "./r/../r/report.json", "\"$PWD/r/report.json\"", "r/report.html"}) {
      const Ended ended =
          run_in(scratch.path(), std::string(made) + " 2> /dev/null; " + ALIGNPROOF_PROGRAM +
                                     " verify --out r --approve --baseline " + file);
      INFO(file << ": " << ended.err);
      CHECK(ended.exit_code == 2);
      CHECK_THAT(ended.err, Contains("of --out is written there"));
    }
  const Ended linked = run_in(scratch.path(), std::string(ALIGNPROOF_PROGRAM) +
                                                  " verify --out r --approve --baseline linked");
  CHECK(linked.exit_code == 2);
  CHECK_THAT(linked.err, Contains("of --out is written there"));
}

TEST_CASE("the folder is looked at, and held, before data are read", "[cli][verify]") {
  const TemporaryFolder scratch;
  const std::string run =
      std::string(ALIGNPROOF_PROGRAM) + " verify --claims T1-img --csv none.csv --out r";
  const Ended without = run_in(scratch.path(), run);
  CHECK_THAT(without.err, Contains("none.csv"));
  CHECK_FALSE(fs::exists(scratch.path() / "r"));
  write_earlier(scratch.path(), false);
  CHECK_THAT(run_in(scratch.path(), run).err, Contains("a report of all 2 claims"));
  const OutputFolder held(scratch.path() / "r");
  CHECK_THAT(run_in(scratch.path(), run).err, Contains("no other program is writing"));
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
