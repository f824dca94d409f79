// SPDX-License-Identifier: Apache-2.0
// What is refused before any work: words that no command knows, options that would be ignored in
// their combination, and values with which nothing can be done.
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include <alignproof/network/data.hpp>

#include "cli/commands.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// One line on standard error alone, with these words; a command that did its work first would have
/// made the folder `out`.
void check_usage(const std::string& arguments, const std::string& words) {
  const TemporaryFolder scratch;
  const Ended ended = run_in(scratch.path(), "timeout 20 " ALIGNPROOF_PROGRAM " " + arguments);
  INFO("alignproof " << arguments << ": " << ended.out << ended.err);
  CHECK(ended.exit_code == 2);
  CHECK(ended.out.empty());
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  CHECK_THAT(ended.err, Catch::StartsWith("alignproof: ") && Catch::Contains(words) &&
                            !Catch::Contains("internal error"));
  CHECK_FALSE(std::filesystem::exists(scratch.path() / "out"));
}

}  // namespace

TEST_CASE("every command says in one form what is wrong with its options", "[cli]") {
  const TemporaryFolder scratch;
  for (const std::string& command : all_commands(scratch.path())) {
    const std::string see = "alignproof " + command + " --help";
    check_usage(command + " --frobnicate", "option = '--frobnicate' is not accepted: give");
    check_usage(command + " --frobnicate", see);
    check_usage(command + " --help=3", "--help = '3' is not accepted: give the option alone");
    std::string flag, valued;
    for (const auto& [name, takes] : options_of_command(command, scratch.path()))
      (takes ? valued : flag) = name;
    if (!flag.empty())
      check_usage(command + " " + flag + "=no",
                  flag + " = 'no' is not accepted: give the option alone: it takes no value");
    if (valued.empty()) continue;
    // Also where an option or a word that is required is missing.
    const std::string misspelt = valued + valued.back();
    check_usage(command + " " + misspelt, "'" + misspelt + "' is not accepted: give " + valued);
  }
}

TEST_CASE("every option without a value says in one short line what kind of value it takes",
          "[cli]") {
  constexpr std::size_t longest = 160;
  const TemporaryFolder scratch;
  std::size_t options = 0;
  for (const std::string& command : all_commands(scratch.path())) {
    const std::string see = " (see alignproof " + command + " --help)\n";
    for (const auto& [name, takes] : options_of_command(command, scratch.path())) {
      if (!takes) continue;
      ++options;
      for (const char* value : {"", " ''", "="}) {
        const std::string arguments = command + " " + name + value;
        const std::string said = run_program(arguments, scratch.path()).err;
        INFO(arguments << ": " << said);
        CHECK_THAT(said,
                   Catch::StartsWith("alignproof: " + name + " = '' is not accepted: give ") &&
                       !Catch::Contains("\\x") && !Catch::Contains("give a value"));
        CHECK(std::count(said.begin(), said.end(), '\n') == 1);
        CHECK(said.size() <= longest + 1);
        if (*value != '=') CHECK_THAT(said, Catch::EndsWith(see));
      }
    }
  }
  CHECK(options > 200);
}

TEST_CASE("a word that a command lacks, or that is given as an option, is named", "[cli]") {
  for (const auto& [arguments, words] : std::vector<std::pair<const char*, const char*>>{
           {"merge", "OUT is missing: give the store that takes all runs, and behind it those of"},
           {"merge a", "PARTS is missing: give the stores of the parts, behind the one that"},
           {"merge a b --out m",
            "option = '--out' is not accepted: give OUT without a name, as in alignproof merge OUT "
            "PARTS"},
           {"explain --claim T1", "give CLAIM without a name, as in alignproof explain CLAIM"},
           {"show", "STORE is missing: give the file of a store"},
           {"sweep", "CONFIGURATION is missing: give a TOML file, or the name of a ready"},
           {"export-coq --out a.v", "FOLDER is missing: give a folder"}})
    check_usage(arguments, words);
}

TEST_CASE("what the parser refuses is quoted, with what is accepted", "[cli]") {
  for (const auto& [arguments, words] : std::vector<std::pair<const char*, const char*>>{
           {"", "a command is missing: give verify, simulate, "},
           {"certify", "--out is missing: give a folder"},
           {"certify --ou x", "option = '--ou' is not accepted: give --out"},
           {"compare a.json", "NEW is missing: give "},
           {"certify --n three --out out", "--n = 'three' is not accepted: give a whole number"},
           {"certify --eta fast --out out", "--eta = 'fast' is not accepted: give a number"},
           {"simulate --form big",
            "--form = 'big' is not accepted: give kernel, weight or reduced"},
           {"show --format xml s", "--format = 'xml' is not accepted: give text or html"},
           {"simulate --n 3 --n 4", "--n = '3 4' is not accepted: give one value"},
           {"simulate --npy a", "--npy = 'a' is not accepted: give 2 values, X y"},
           {"law --kernel K --csv a",
            "option = '--csv' with --kernel is not accepted: give one of"},
           {"kernel --no-check", "option = '--no-check' without --certify is not accepted: give "},
           {"simulate stray", "word = 'stray' is not accepted: give options, and no other word"},
           {"explain T1 T2", "word = 'T2' is not accepted: give options, and as words CLAIM"}})
    check_usage(arguments, words);
}

TEST_CASE("an option that would be ignored is refused by its name", "[cli]") {
  const std::string run = "certify --n 2 --d 6 --width 60 --steps 400 --out out ";
  std::vector<std::pair<std::string, std::string>> cases = {
      {run + "--kappa 3 --rule bp", "'--kappa'"},
      {run + "--kappa 3 --from checkpoint", "'--kappa'"},
      {run + "--kappa 3 --lambda 1 --cut 100", "'--kappa'"},
      {run + "--margin 0.1", "'--margin'"},
      {run + "--cut 100", "'--cut'"},
      {run + "--decay geometric --decay-scale 0.5", "'--decay'"},
      {run + "--no-check --formal-checker program", "'--formal-checker'"},
      {run + "--radius 1e-3 --rule bp", "fa together with radius = 0.001"},
      {run + "--radius largest --outputs 2", "1 together with radius = 'largest'"},
      {run + "--radius largest --rows", "--radius: they speak of one start"},
      {"kernel --n 2 --seeds 30", "'--seeds'"},
      {"kernel --n 2 --widths 3,4", "'--widths'"},
      {"width --n 2 --d 9 --steps 3", "'--steps'"},
      {"width --n 2 --d 9 --seed 3", "'--seed'"},
      {"width --n 2 --d 9 --width 3", "'--width'"},
      {"width --n 2 --d 9 --cut 3", "'--cut'"},
      {"width --theorem t3 --activation identity --inputs isometric --lambda 1 --runs 3",
       "'--runs'"},
      {"width --theorem t3 --activation identity --inputs isometric --lambda 1 --seed 3",
       "'--seed' is not accepted: give it with --runs"},
      {"width --theorem t3 --activation identity --inputs isometric --lambda 1 --steps 3",
       "'--steps' is not accepted: give none"},
      {"verify --approve", "'--approve' without --baseline"},
      {"verify --profile smoke --approve --baseline out", "'--approve' with --profile smoke"},
      {"verify --profile smoke --claims EX --approve --baseline out",
       "'--approve' with --profile smoke is not accepted: give a whole run"},
      {"verify --claims EX --approve --baseline out", "'--approve' with --claims"},
      {"verify --profile smoke --claims T2 --formal-checker none",
       "'--formal-checker' with --profile smoke is not accepted: give another profile, or T1 or"},
      {"verify --claims EX --d 3", "'--d' with --claims EX is not accepted: give T2, T3N, TA or"},
      {"verify --profile smoke --d 3", "'--d' with --profile smoke"},
      {"verify --claims EX --formal-checker none", "'--formal-checker' with --claims EX"},
      {"verify --claims T1-img --teacher-width 3", "give it with --targets network"},
      {"simulate --cut 5", "'--cut' is not accepted: give it with --lambda"},
      {"simulate --decay geometric", "'--decay' is not accepted: give it with --lambda"},
      {"simulate --lambda 1 --decay-scale 0.5", "give it with --decay geometric or inverse-square"},
      {"simulate --teacher-width 3", "'--teacher-width' is not accepted: give it with --targets"},
      {"simulate --targets zero --target-scale 3", "give it with --targets other than zero"},
      {run + "--zero-error --target-scale 3", "'--target-scale' is not accepted: give it without"},
      {run + "--zero-error --targets network", "'--targets'"},
      {run + "--teacher-width 3", "'--teacher-width'"},
      {"law --teacher-width 3", "'--teacher-width'"},
      {"law --layers 3 --activation identity --seed 4", "'--seed' is not accepted: give it with"},
      {"law --tau 0 --points 3", "'--points' is not accepted: give it with --tau above 0"},
      {"law --cut 100 --tau 1", "cut = 100 is not accepted: give a slow time before --tau 1"},
      {"width --teacher-width 10", "'--teacher-width'"},
      {"width --from-constants --gamma 0.1 --outputs 2", "'--outputs' with --from-constants"},
      {"width --theorem t3 --activation identity --lambda 1 --decay-scale 2", "'--decay-scale'"},
      {"kernel --n 2 --outputs 2", "'--outputs'"},
      {"kernel --n 2 --inputs isometric --data-seed 3", "'--data-seed'"},
      {"reproduce --predict rules --instructions portable", "--instructions = 'portable'"}};
  for (const char* unread :
       {"--targets zero", "--target-scale 2", "--teacher-width 3", "--width 3", "--eta 0.1",
        "--feedback parallel", "--zero-error", "--lambda 1", "--decay constant", "--decay-scale 1",
        "--cut 3", "--steps 3", "--seed 3", "--initial-scale 2"})
    cases.emplace_back(std::string("kernel --n 2 --d 3 ") + unread,
                       "'" + std::string(unread).substr(0, std::string(unread).find(' ')) + "'");
  for (const auto& [arguments, words] : cases) check_usage(arguments, words);
}

TEST_CASE("with --zero-error the column --target of a table is not X", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "t.csv", "y,a,b,c\n1,0.5,0.25,0.1\n0,0.25,-0.5,0.3\n");
  const std::string run = "certify --zero-error --csv " + (scratch.path() / "t.csv").string() +
                          " --width 60 --steps 4 --no-check --out ";
  for (const auto& [option, folder, shape] :
       {std::tuple("--target 1", "target", "(2, 3)"), {"--outputs 2", "outputs", "(2, 2)"}}) {
    const std::filesystem::path out = scratch.path() / folder;
    const Ended ended = run_program(run + out.string() + " " + option, scratch.path());
    INFO(option << ": " << ended.out << ended.err);
    REQUIRE(ended.exit_code != 2);
    CHECK_THAT(read_file(out / "X.npy"), Catch::Contains(shape));
  }
}

TEST_CASE("the line of an instance has no option that would be ignored", "[cli]") {
  DataSpec data;
  data.teacher_width = 7;
  CHECK(options_of(data).find("--teacher-width") == std::string::npos);
  data.targets = Targets::zero, data.target_scale = 3;
  CHECK(options_of(data).find("--target-scale") == std::string::npos);
  NetworkSpec network;
  network.penalty = {0, 5, Decay::geometric, 0.5};
  CHECK(options_of(network).find("--cut") == std::string::npos);
  CHECK(options_of(network).find("--decay") == std::string::npos);
}

TEST_CASE("what is wrong is named as it was typed, and with its file", "[cli]") {
  const TemporaryFolder scratch;
  const std::string bad = (scratch.path() / "bad.json").string();
  write_file(bad, "{\"a\": 1}");
  for (const auto& [arguments, words] : std::vector<std::pair<std::string, std::string>>{
           {"sweep " + bad, bad + ": configuration = 'Error while parsing"},
           {"reproduce --predict " + bad, bad + ": configuration = 'Error"},
           {"sweep rules --scale tiny", "--scale = 'tiny' is not accepted: give smoke, small"},
           {"show " + bad, "'" + bad + "' is not accepted: give an undamaged store that a sweep"},
           {"show .", "store = '.' is not accepted: give the plain file of a store"},
           {"show nowhere", "give a file that exists"},
           {"simulate --width 0", "width = 0 is not accepted"},
           {"simulate --lambda 1 --decay geometric", "decay-scale = 1 is not accepted"},
           {"simulate --eta 1e400", "--eta = '1e400' is not accepted: give 0, or a number of size"},
           {"simulate --eta 1e-400", "--eta = '1e-400' is not accepted"},
           {"simulate --number exact", "activation = 'tanh' is not accepted: give identity or"},
           {"simulate --form reduced --width 100000000000", "activation = 'tanh'"},
           {"certify --out out --margin 0.1", "give it with --lambda, --rule fa and --from"}})
    check_usage(arguments, words);
}

TEST_CASE("values with which nothing can be certified are refused before the work", "[cli]") {
  // Hours of work, were it done.
  const std::string run = "certify --n 40 --d 100 --width 20000 --steps 100000 --out out ";
  for (const auto& [options, words] : std::vector<std::pair<const char*, const char*>>{
           {"--first 100001", "first = 100001 is not accepted: give a step up to --steps 100000"},
           {"--lambda 1", "cut = never is not accepted: give with --lambda a step up to --steps"},
           {"--lambda 1 --cut 100001",
            "cut = 100001 is not accepted: give with --lambda a step up"},
           {"--lambda 1 --decay geometric --decay-scale 0.9", "cut = never is not accepted"},
           {"--lambda 1 --cut 3 --margin 2", "margin = 2 is not accepted: give a number below 2"},
           {"--kappa 142", "kappa = 142 is not accepted: give a number below sqrt p = 141.421"},
           {"--seeds 3 --kappa 142", "kappa = 142 is not accepted"},
           {"--seeds 3 --activation silu", "activation = 'silu' is not accepted: give one with a"},
           {"--seeds 3 --activation arctan", "activation = 'arctan' is not accepted"}})
    check_usage(run + options, words);
  check_usage("certify --n 2 --d 6 --width 16 --steps 400 --seeds 2 --out out",
              "kappa = 4 is not accepted: give a number below sqrt p = 4");
}

TEST_CASE("law refuses numbers whose squares overflow, or that it could not follow", "[cli]") {
  for (const char* activation : {"identity", "tanh"}) {
    const std::string law = std::string("law --n 3 --d 4 --points 2 --activation ") + activation;
    for (const char* scale : {"1e-120", "1e120", "1e30"})
      check_usage(law + " --target-scale " + scale,
                  "target-scale = " + std::string(scale).insert(2, scale[2] == '-' ? "" : "+") +
                      ", with which max |y_i| is ");
    for (const char* scale : {"1e-60", "1e+60"})
      check_usage(law + " --input-scale " + scale,
                  "input-scale = " + std::string(scale) + ", with which max |K_ij| is ");
  }
}

TEST_CASE("what is no report has the fields named that it lacks", "[cli][compare]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "empty.json", "{}");
  const std::string file = (scratch.path() / "empty.json").string();
  check_usage("compare " + file + " " + file, "which has \"schema_version\" and \"claims\"");
  check_usage("verify --claims KF --out out --baseline " + file, "\"baseline_version\"");
}

TEST_CASE("a baseline that lacks something says once what, and how it is renewed", "[cli]") {
  const TemporaryFolder scratch;
  const std::string report = (scratch.path() / "report").string(),
                    file = (scratch.path() / "baseline.json").string(),
                    verify = "verify --claims EX --out " + report + " --baseline ";
  const Ended now =
      run_program(verify + ALIGNPROOF_SOURCE_DIR "/reports/baselines/quick.json", scratch.path());
  CHECK(now.exit_code == 0);
  CHECK_THAT(now.err, !Catch::Contains("baseline: "));
  write_file(file, R"({"EX": {"verdict": "exact"}})");
  const Ended first = run_program(verify + file, scratch.path());
  const std::string said =
      "baseline: a baseline of version 1 has no constants: verdicts alone are compared; verify "
      "--baseline FILE --approve renews it\n";
  INFO(first.err);
  const std::size_t at = first.err.find(said);
  REQUIRE(at != std::string::npos);
  CHECK(first.err.find("\nbaseline: ", at) == std::string::npos);
}

TEST_CASE("a folder of a seed that is none of the family is no part of it", "[cli]") {
  const TemporaryFolder scratch;
  const std::string make = "certify --n 2 --d 6 --width 60 --eta 0.5 --steps 1 --seeds 2 --out " +
                           (scratch.path() / "family").string();
  CHECK(run_program(make, scratch.path()).exit_code == 3);
  std::filesystem::create_directory(scratch.path() / "family" / "seed-9");
  const Ended ended = run_program(make, scratch.path());
  INFO(ended.out << ended.err);
  CHECK(ended.exit_code == 2);
  CHECK_THAT(ended.err, Catch::Contains("'seed-9' in it is not accepted: give one with no other "
                                        "folders than seed-1 to seed-2"));
}
