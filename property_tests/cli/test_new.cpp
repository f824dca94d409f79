// SPDX-License-Identifier: Apache-2.0
// `alignproof new`: a whole project or nothing. That projects build and run: structure/outside.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

/// One line that quotes the value, exit 2, and no folder.
void check_refused(const std::string& arguments, const std::string& quoted,
                   const std::string& accepted) {
  const TemporaryFolder scratch;
  INFO("alignproof new " << arguments);
  const std::filesystem::path out = scratch.path() / "out";
  const auto ended = run_program("new " + arguments + " --out " + out.string(), scratch.path());
  CHECK(ended.exit_code == 2);
  CHECK(ended.out.empty());
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  CHECK_THAT(ended.err, Catch::Contains(quoted) && Catch::Contains(accepted));
  CHECK_FALSE(std::filesystem::exists(out));
}

}  // namespace

TEST_CASE("new writes a whole project that speaks of its name alone", "[cli]") {
  const TemporaryFolder scratch;
  for (const std::string kind : {"claim", "rule", "activation"}) {
    INFO(kind);
    const std::string name = "my-" + kind;
    const std::filesystem::path out = scratch.path() / "some where" / name;
    const auto ended =
        run_program("new " + kind + " " + name + " --out '" + out.string() + "'", scratch.path());
    INFO(ended.err);
    REQUIRE(ended.exit_code == 0);
    std::set<std::string> expected = {"CMakeLists.txt", "README.md", name + ".cpp"};
    if (kind == "claim") expected.insert("baseline.json");
    CHECK(names_in(out) == expected);
    // What is printed can be pasted: a blank in the folder's name is quoted.
    CHECK_THAT(ended.out, Catch::Contains("cmake -S '" + out.string() + "'"));
    for (const std::string& file : expected) {
      const std::string text = read_file(out / file);
      INFO(file);
      CHECK_THAT(text, Catch::Contains(name));
      CHECK(text.find("@NAME@") == std::string::npos);
      CHECK(text.find("@VERSION@") == std::string::npos);
    }
    // A second one does not touch the first.
    const std::string before = read_file(out / (name + ".cpp"));
    const auto again =
        run_program("new " + kind + " " + name + "2 --out '" + out.string() + "'", scratch.path());
    CHECK(again.exit_code == 2);
    CHECK_THAT(again.err, Catch::Contains(out.string()) && Catch::Contains("is empty"));
    CHECK(names_in(out) == expected);
    CHECK(read_file(out / (name + ".cpp")) == before);
  }
}

TEST_CASE("new refuses names that would not build or be found", "[cli]") {
  check_refused("claims a", "'claims'", "claim, rule or activation");
  for (const char* name : {"1a", "a.b", "a/b", "../a", "'a b'", "'a,b'", "_a", "\xc3\xa4", "'a\"'",
                           "'a$b'", "a2345678901234567890123456789012345"})
    check_refused(std::string("claim ") + name, "name of the claim = ", "the first one a letter");
  for (const char* name : {"Rule", "a_b", "1"})
    check_refused(std::string("rule ") + name, "name of the rule = ", "lower-case letters");
  for (const char* name : {"Bump", "a23456789012345678901234"})
    check_refused(std::string("activation ") + name,
                  "name of the activation = ", "lower-case letters");
  for (const std::string kind : {"claim", "rule", "activation"})
    for (const char* taken : {"test", "all", "alignproof", "preinstall", "report"})
      check_refused(kind + " " + taken, std::string("'") + taken + "'", "targets of CMake");
  for (const char* taken :
       {"ALL_BUILD", "CMakeFiles", "INSTALL", "Makefile", "RUN_TESTS", "Testing", "ZERO_CHECK"})
    check_refused(std::string("claim ") + taken, std::string("'") + taken + "'",
                  "files of a build");
  check_refused("claim T1", "'T1'", "no other claim has");
  check_refused("rule fa", "'fa'", "no other rule has");
  check_refused("activation tanh", "'tanh'", "no other activation has");
}

TEST_CASE("new writes into an empty folder, and nowhere that it cannot", "[cli]") {
  const TemporaryFolder scratch;
  const std::filesystem::path empty = scratch.path() / "empty", file = scratch.path() / "file";
  std::filesystem::create_directory(empty);
  CHECK(run_program("new claim mine --out " + empty.string(), scratch.path()).exit_code == 0);
  CHECK(names_in(empty).size() == 4);
  const std::filesystem::path taken = scratch.path() / "taken";  // by what no project has
  std::filesystem::create_directory(taken);
  write_file(taken / "notes", "kept");
  CHECK(run_program("new claim mine --out " + taken.string(), scratch.path()).exit_code == 2);
  CHECK(names_in(taken).size() == 1);
  write_file(file, "kept");
  const auto ended = run_program("new claim mine --out " + file.string(), scratch.path());
  CHECK(ended.exit_code == 2);
  CHECK(read_file(file) == "kept");
  for (const char* out : {"-", "''"})
    CHECK(run_program(std::string("new claim mine --out ") + out, scratch.path()).exit_code == 2);
}
