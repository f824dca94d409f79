// SPDX-License-Identifier: Apache-2.0
// A second checker beside alignproof-check: which one is asked, and what is said of its answer.
#include <fstream>
#include <regex>

#include <nlohmann/json.hpp>

#include <alignproof/format/files.hpp>

#include "cli/run_program.hpp"
#include "core/formal_stub.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

namespace fs = std::filesystem;

const std::string small = "certify --n 2 --d 10 --width 60 --steps 400 ";

/// Runs the command with a stub of the formal checker, chosen by an option.
Ended with_stub(const TemporaryFolder& scratch, const std::string& command, const std::string& act,
                const std::string& said_version = version()) {
  const fs::path stub = write_stub(scratch.path() / "a stub", act, said_version);
  fs::remove_all(scratch.path() / "out");
  return run_program(command + " --formal-checker " + shell_word(stub.string()) + " --out " +
                         (scratch.path() / "out").string(),
                     scratch.path());
}

/// A copy of the two programs in a folder of their own, where there is no formal checker yet.
fs::path programs_in(const TemporaryFolder& folder) {
  fs::copy_file(ALIGNPROOF_PROGRAM, folder.path() / "alignproof");
  fs::copy_file(ALIGNPROOF_CHECK_PROGRAM, folder.path() / "alignproof-check");
  return folder.path() / "alignproof";
}

Ended run(const fs::path& program, const std::string& arguments) {
  return run_in(program.parent_path(), program.string() + " " + arguments);
}

}  // namespace

TEST_CASE("certify asks both checkers and says by which its certificate is proved", "[cli]") {
  const TemporaryFolder scratch;
  const auto both = with_stub(scratch, small, stub::accepts);
  CHECK(both.exit_code == 0);
  CHECK_THAT(both.out, Catch::EndsWith("trusted: t\n\nproved (checker, formal)\n"));
  const auto alone = with_stub(scratch, small, stub::cannot_decide);
  CHECK(alone.exit_code == 0);
  CHECK_THAT(alone.out,
             Catch::EndsWith("\nproved (checker; formal: undecided: left open: (A.10))\n"));
  const auto none = run_program(
      small + "--formal-checker none --out " + (scratch.path() / "none").string(), scratch.path());
  CHECK(none.exit_code == 0);
  CHECK_THAT(none.out, Catch::EndsWith("\nproved (checker)\n"));
}

TEST_CASE("checkers that disagree, or a formal one that breaks, are an internal error", "[cli]") {
  const TemporaryFolder scratch;
  for (const std::string& act : {stub::calls_malformed, stub::breaks, stub::crashes,
                                 std::string("exit 0"), std::string("exit 1")}) {
    const auto ended = with_stub(scratch, small, act);
    INFO(act << ": " << ended.err);
    CHECK(ended.exit_code == 4);
    CHECK_THAT(ended.err,
               Catch::StartsWith("alignproof: internal error: the ") &&
                   Catch::Contains("certificate in '" + (scratch.path() / "out").string() + "'"));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    // A person can look at it.
    CHECK(fs::exists(scratch.path() / "out" / "certificate.json"));
    CHECK_THAT(ended.out, !Catch::Contains("\nproved"));
  }
  // alignproof-check twice is one route.
  const auto twice = run_program(small + "--formal-checker " ALIGNPROOF_CHECK_PROGRAM " --out " +
                                     (scratch.path() / "twice").string(),
                                 scratch.path());
  CHECK(twice.exit_code == 4);
  CHECK_THAT(twice.err, Catch::Contains("the formal checker gives no verdict"));
  const auto verified =
      with_stub(scratch, "verify --claims T2 --profile quick", stub::calls_malformed);
  CHECK(verified.exit_code == 4);
  CHECK_THAT(verified.err, Catch::Contains("the two checkers disagree about the certificate in '" +
                                           (scratch.path() / "out/certificates").string()));
}

TEST_CASE("a formal checker that cannot be asked is refused before any work", "[cli]") {
  const TemporaryFolder scratch;
  const auto old = with_stub(scratch, small, stub::accepts, "0.0.1");
  CHECK(old.exit_code == 2);
  CHECK_THAT(old.err, Catch::StartsWith("alignproof: formal-checker = '") &&
                          Catch::Contains("which has version '0.0.1', is not accepted: give "
                                          "alignproof-check-formal " +
                                          version() + ", or --formal-checker none"));
  CHECK_FALSE(fs::exists(scratch.path() / "out"));
  for (const char* command : {"certify --n 2", "verify --claims T1"}) {
    const auto missing = run_program(std::string(command) + " --formal-checker " +
                                         (scratch.path() / "missing").string() + " --out " +
                                         (scratch.path() / "out").string(),
                                     scratch.path());
    INFO(command);
    CHECK(missing.exit_code == 2);
    const std::string said = std::regex_replace(missing.err, std::regex("\\s+"), " ");
    CHECK_THAT(said, Catch::Contains("missing', which does not exist, is not accepted"));
    CHECK_FALSE(fs::exists(scratch.path() / "out"));
  }
}

TEST_CASE("the formal checker beside alignproof-check is asked, and doctor names it", "[cli]") {
  const TemporaryFolder folder;
  const fs::path program = programs_in(folder);
  const std::string out = " --out " + (folder.path() / "cert").string();
  const auto without = run(program, "doctor");
  CHECK(without.exit_code == 0);
  CHECK_THAT(without.out, Catch::Contains("alignproof-check-formal not found: certificates are "
                                          "proved by alignproof-check alone\n"));
  CHECK_THAT(run(program, small + out + "1").out, Catch::EndsWith("\nproved (checker)\n"));

  const fs::path formal = folder.path() / "alignproof-check-formal";
  write_stub(formal, stub::accepts);
  const auto with = run(program, "doctor");
  CHECK(with.exit_code == 0);
  CHECK_THAT(with.out, Catch::Contains("alignproof-check-formal " + formal.string() + "\n"));
  CHECK_THAT(run(program, small + out + "2").out, Catch::EndsWith("\nproved (checker, formal)\n"));
  CHECK_THAT(run(program, small + "--formal-checker none" + out + "3").out,
             Catch::EndsWith("\nproved (checker)\n"));

  write_stub(formal, stub::accepts, "0.0.1");
  const auto old = run(program, "doctor");
  CHECK(old.exit_code == 2);
  CHECK_THAT(old.err, Catch::Contains("alignproof-check-formal: '") &&
                          Catch::Contains("which has version '0.0.1'"));
  const auto refused = run(program, small + out + "4");
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Catch::StartsWith("alignproof: alignproof-check-formal = '"));
}

TEST_CASE("verify says in its report by which routes instances are proved", "[cli]") {
  const TemporaryFolder scratch;
  const auto row_of = [&](const std::string& act, const std::string& formal_setting) {
    const Ended ended = act.empty()
                            ? run_program("verify --claims TA --formal-checker none --out " +
                                              (scratch.path() / "out").string(),
                                          scratch.path())
                            : with_stub(scratch, "verify --claims TA", act);
    INFO(ended.err);
    const auto report = nlohmann::json::parse(read_file(scratch.path() / "out" / "report.json"));
    const auto settings = report["settings"].dump();
    CHECK_THAT(settings, Catch::Contains(formal_setting));
    CHECK_THAT(ended.out, Catch::Contains("alignproof-check-formal (proved sound"));
    return report["claims"][0];
  };
  // The formal checker reads version 2: a family, a sharp form and rows are not put to it; nor are,
  // in profile quick, four long runs.
  const auto is_read = [](const nlohmann::json& result) {
    const std::string all = result.dump();
    for (const char* other : {"sharply-from-0", "proved on ", "tanh-k3", "tanh-bp", "\"sigmoid",
                              "\"images"})
      if (all.find(other) != std::string::npos) return false;
    return true;
  };
  const auto routes = [&](const nlohmann::json& row, bool read) {
    std::vector<std::string> all;
    for (const auto& result : row["results"])
      if (result["verdict"]["kind"] == "proved" && is_read(result) == read)
        all.push_back(result["verdict"]["routes"].dump());
    return all;
  };
  const auto held = [](const nlohmann::json& row, const std::string& words) {
    for (const auto& count : row["premise_counts"])
      if (std::string(count["premise"]).starts_with(words)) return count["held"].get<std::size_t>();
    FAIL("no such count");
    return std::size_t{0};
  };
  const auto none = row_of("", "alignproof-check alone");
  const std::size_t proved = held(none, "alignproof-check (");
  const std::size_t unread = routes(none, false).size();
  REQUIRE(unread == 8);
  REQUIRE(proved > unread);
  const std::vector<std::string> by_checker(unread, R"(["checker"])");
  CHECK(routes(none, false) == by_checker);
  CHECK(routes(none, true) == std::vector<std::string>(proved - unread, R"(["checker"])"));
  CHECK(held(none, "alignproof-check-formal (") == 0);
  const auto both = row_of(stub::accepts, "alignproof-check and alignproof-check-formal");
  CHECK(routes(both, false) == by_checker);
  CHECK(routes(both, true) == std::vector<std::string>(proved - unread, R"(["checker","formal"])"));
  CHECK(held(both, "alignproof-check-formal (") == proved - unread);
  const auto open = row_of(stub::cannot_decide, "alignproof-check and alignproof-check-formal");
  CHECK(routes(open, false) == by_checker);
  CHECK(routes(open, true) == std::vector<std::string>(proved - unread, R"(["checker"])"));
  for (const auto& result : open["results"])
    if (result["verdict"]["kind"] == "proved" && is_read(result))
      CHECK(result["verdict"]["not_formal"] == "undecided: left open: (A.10)");
}

TEST_CASE("certify and export-coq write theorems for Coq, and refuse what they cannot write",
          "[cli]") {
  const TemporaryFolder scratch;
  const std::string folder = (scratch.path() / "cert").string(),
                    file = (scratch.path() / "cert.v").string();
  const auto certified = run_program(
      "certify --from checkpoint --n 2 --d 5 --width 40 --eta 0.5 "
      "--steps 400 --no-check --out " +
          folder + " --export-coq " + file,
      scratch.path());
  INFO(certified.err);
  CHECK(certified.exit_code == 3);
  CHECK_THAT(certified.out, Catch::Contains("theorem for Coq: " + file +
                                            ", route bigz\nits axioms: sig_not_dec") &&
                                Catch::Contains("PrimInt63"));
  const auto again = run_program("export-coq " + folder + " --out -", scratch.path());
  CHECK(again.exit_code == 0);
  CHECK(again.out == read_file(file));
  CHECK_THAT(again.err, Catch::StartsWith("theorem for Coq: -, route bigz"));
  const auto pairs = run_program(
      "export-coq " + folder + " --coq-integers z --out " + folder + "_z.v", scratch.path());
  CHECK(pairs.exit_code == 0);
  CHECK_THAT(pairs.out,
             Catch::Contains("route z\nits axioms: sig_not_dec") && !Catch::Contains("PrimInt63"));
  const auto refused = [&](const std::string& command, const std::string& why) {
    const auto ended = run_program(command, scratch.path());
    INFO(command << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  };
  const std::string other = " --out " + folder + "-other --export-coq " + file;
  refused("export-coq " + folder + "x --out " + file, "certificate");
  refused("export-coq " + folder + " --out " + file + " --coq-integers int", "give bigz or z");
  for (const char* name : {"a-b.v", "1.v", "theorem", "a.vo"})
    refused("export-coq " + folder + " --out " + (scratch.path() / name).string(),
            "file for Coq = '" + std::string(name) + "' is not accepted: give a name that coqc");
  refused("certify --n 2" + other + " --coq-integers q", "give bigz or z");
  refused("certify --n 2 --out " + folder + "-other --coq-integers z", "export-coq");
  refused("certify --n 2 --out " + folder + "-other --export-coq -", "export-coq = '-'");
  // Before any work.
  refused("certify --n 2 --activation silu" + other, "activation = 'silu' is not accepted");
  refused("certify --n 100 --width 1000" + other, "n p (T + 1) = 100000 is not accepted");
  refused("certify --n 2 --outputs 2 --targets classes --from checkpoint" + other, "outputs = 2");
  CHECK_FALSE(fs::exists(folder + "-other"));
}
