// SPDX-License-Identifier: Apache-2.0
// Sweeps as a user meets them: in parts, damaged, misused, and always with the same table.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <alignproof/network/idx.hpp>

#include "cli/short_sweeps.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("a sweep's table does not depend on threads and parts", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch);
  const std::string whole = table_of(scratch, configuration, "whole", "--jobs 1");
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 49);
  CHECK(table_of(scratch, configuration, "threads", "--jobs 3") == whole);
  std::string parts;
  for (int i = 1; i <= 3; ++i) {
    const std::string part = (scratch.path() / ("part" + std::to_string(i) + ".sqlite")).string();
    const auto ended = run_program(
        "sweep " + configuration + " --shard " + std::to_string(i) + "/3 --store " + part,
        scratch.path());
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.out, Catch::Contains("16 of 48 runs done"));
    if (i > 1) parts += " " + part;
  }
  const std::string all = (scratch.path() / "all.sqlite").string();
  const auto incomplete = run_program("merge " + all + parts, scratch.path());
  CHECK(incomplete.exit_code == 3);
  CHECK_THAT(incomplete.out, Catch::Contains("16 of 48 runs are missing"));
  const auto merged = run_program("merge " + all + " " + (scratch.path() / "part1.sqlite").string(),
                                  scratch.path());
  CHECK(merged.exit_code == 0);
  CHECK(read_file(scratch.path() / "all.csv") == whole);
}

TEST_CASE("a sweep refuses a store that is not its own, and changes nothing in it",
          "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch);
  table_of(scratch, configuration, "mine");
  const std::filesystem::path store = scratch.path() / "mine.sqlite";
  const std::string begun = read_file(store);
  const auto refused = [&](const std::string& why) {
    const std::string bytes = read_file(store);
    const auto ended =
        run_program("sweep " + configuration + " --store " + store.string(), scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK(read_file(store) == bytes);
  };
  SECTION("another configuration") {
    std::string other = short_runs;
    other.replace(other.find("0.05"), 4, "0.06");
    write_file(configuration, other);
    refused("configuration = ");
  }
  SECTION("fewer runs") {
    std::string other = short_runs;
    other.replace(other.find("seeds = 2"), 9, "seeds = 1");
    write_file(configuration, other);
    refused("configuration = ");
  }
  SECTION("a result that was altered") {
    std::string altered = begun;
    // Wherever it stands: a page that was split keeps bytes of rows that have moved.
    const std::string result = "{\"end\":[400,0.";
    REQUIRE(altered.find(result) != std::string::npos);
    for (std::size_t at = altered.find(result); at != std::string::npos;
         at = altered.find(result, at + 1))
      altered[at + 14] = altered[at + 14] == '1' ? '2' : '1';
    write_file(store, altered);
    refused("altered");
  }
  SECTION("pages lost") {
    write_file(store, begun.substr(0, begun.size() / 2));
    refused("undamaged");
  }
  SECTION("something else") {
    write_file(store, "not a store, but long enough to be read as the head of one, or so it seems");
    refused("undamaged");
  }
}

TEST_CASE("a store is not written over by its table", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  CHECK(run_program("sweep " + configuration + " --store " + path("runs.csv"), scratch.path())
            .exit_code == 0);
  CHECK(std::filesystem::exists(path("runs.csv.csv")));
  CHECK(run_program("sweep " + configuration + " --store " + path("runs-0.7"), scratch.path())
            .exit_code == 0);
  CHECK(std::filesystem::exists(path("runs-0.7.csv")));
  const std::string bytes = read_file(path("runs.csv"));
  std::filesystem::create_symlink(path("runs.csv"), path("runs.sqlite"));
  for (const std::string& command : {"sweep " + configuration + " --store " + path("runs.sqlite"),
                                     "merge " + path("runs.sqlite") + " " + path("runs-0.7")}) {
    const auto ended = run_program(command, scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains("its table is written there"));
    CHECK(read_file(path("runs.csv")) == bytes);
  }
}

TEST_CASE("what a sweep reads is not written over", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  table_of(scratch, configuration, "few");
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  const std::string few = read_file(path("few.sqlite"));
  // A store that has the name of a table.
  for (const char* name : {"new.csv", "new-traces.csv"})
    for (const std::string& arguments : {"sweep " + configuration + " --seeds 4 --store " +
                                             path("new.sqlite") + " --reuse " + path(name),
                                         "merge " + path("new.sqlite") + " " + path(name)}) {
      write_file(path(name), few);
      const auto ended = run_program(arguments, scratch.path());
      INFO(arguments << ": " << ended.err);
      CHECK(ended.exit_code == 2);
      CHECK_THAT(ended.err, Catch::Contains("which is written"));
      CHECK(read_file(path(name)) == few);
      CHECK(!std::filesystem::exists(path("new.sqlite")));
      std::filesystem::remove(path(name));
    }
  // A folder where a table would be, an empty file, one store twice; nothing is begun or changed.
  std::filesystem::create_directories(path("new-traces.csv"));
  write_file(path("empty.sqlite"), "");
  for (const auto& [arguments, why] :
       {std::pair{"sweep " + configuration + " --store " + path("new.sqlite"),
                  "new-traces.csv is no folder"},
        std::pair{"sweep " + configuration + " --store " + path("x.sqlite") + " --reuse " +
                      path("empty.sqlite"),
                  "that a sweep has made"},
        std::pair{"merge " + path("x.sqlite") + " " + path("few.sqlite") + " " + path("few.sqlite"),
                  "each file once"},
        std::pair{"merge " + path("x.sqlite") + " " + path("few.sqlite") + " nowhere.sqlite",
                  "a file that exists"},
        std::pair{"merge '' " + path("few.sqlite"), "the store that takes all runs"}}) {
    const auto ended = run_program(arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why) && Catch::Contains("is not accepted"));
    CHECK(!std::filesystem::exists(path("new.sqlite")));
    CHECK(!std::filesystem::exists(path("x.sqlite")));
  }
  CHECK(std::filesystem::file_size(path("empty.sqlite")) == 0);
  CHECK(read_file(path("few.sqlite")) == few);
}

TEST_CASE("verify shows one store of a name", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  table_of(scratch, configuration, "a");
  const std::string store = (scratch.path() / "a.sqlite").string();
  const auto twice = run_program("verify --claims KF --sweeps " + store + "," + store + " --out " +
                                     (scratch.path() / "report").string(),
                                 scratch.path());
  CHECK(twice.exit_code == 2);
  CHECK_THAT(twice.err, Catch::Contains("one store of the name few"));
}

TEST_CASE("names that SQLite reads otherwise are files", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const auto ended = run_program("sweep " + configuration + " --store :memory:", scratch.path());
  const std::filesystem::path here = std::filesystem::current_path();
  CHECK(ended.exit_code == 0);
  CHECK(std::filesystem::exists(here / ":memory:"));
  std::filesystem::remove(here / ":memory:");
  std::filesystem::remove(here / ":memory:.csv");
  std::filesystem::remove(here / ":memory:-traces.csv");
}

TEST_CASE("a sweep does not need its standard error", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const std::string command = ALIGNPROOF_PROGRAM " sweep " + configuration + " --store " +
                              (scratch.path() / "deaf.sqlite").string();
  CHECK(WEXITSTATUS(std::system((command + " > /dev/null 2> /dev/full").c_str())) == 0);
  CHECK(WEXITSTATUS(std::system((command + "x > /dev/full 2> /dev/full").c_str())) == 2);
}

TEST_CASE("settings replace values of the configuration and of its scale", "[cli][sweep]") {
  const TemporaryFolder scratch;
  std::string text = few_runs;
  const std::string plain =
      table_of(scratch, with_configuration(scratch, text.c_str()), "plain", "--scale smoke");
  text += "[scale.smoke]\nwidth = 4\nrule = \"bp\"\n";
  const std::string configuration = with_configuration(scratch, text.c_str());
  CHECK(table_of(scratch, configuration, "smoke", "--scale smoke") != plain);
  CHECK(table_of(scratch, configuration, "set",
                 "--scale smoke --set 'width = [5, 8]' --set 'rule=\"fa\"'") == plain);
  for (const auto& [setting, why] :
       {std::array{"", "give KEY=VALUE"}, std::array{"# 5", "give KEY = VALUE"},
        std::array{"wdth = 5", "'wdth'"}, std::array{"width = ", "setting 'width = '"},
        std::array{"width = -5", "width = -5"}, std::array{"run.width = 5", "'run'"}}) {
    const auto ended =
        run_program("sweep " + configuration + " --store " +
                        (scratch.path() / "no.sqlite").string() + " --set '" + setting + "'",
                    scratch.path());
    INFO(ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why) && Catch::Contains("is not accepted"));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}

TEST_CASE("bad configurations are refused in one line", "[cli][sweep]") {
  const TemporaryFolder scratch;
  for (const auto& [was, becomes, why] :
       {std::array{"\"relu\"", "\"gelu\"", "activation = gelu"},
        std::array{"step = 0.05", "step = -1", "step = -1"},
        std::array{"step = 0.05", "step = 1e308", "step = 1e+308"},
        std::array{"name = \"short\"", "name = \"short\"\ntitle = \"in $\"", "title = 'in $'"},
        std::array{"targets = \"network\"", "targets = \"zero\"", "targets = 'zero'"},
        std::array{"steps = 400", "steps = \"often\"", "steps = "},
        std::array{"seeds = 2", "seeds = 0", "seeds = 0"},
        std::array{"every = 100", "evry = 100", "'evry'"},
        std::array{"reg = [0, 0.1]", "reg = [0, 0]", "each value once"},
        std::array{"reg = [0, 0.1]", "reg = []", "at least one value"},
        std::array{"reg = [0, 0.1]", "form = \"reduced\"", "form = 'reduced'"},
        std::array{"reg = [0, 0.1]", "dropout = 1", "dropout = 1"},
        std::array{"reg = [0, 0.1]", "schedule = \"later\"", "schedule = 'later'"},
        std::array{"number = \"float\"", "number = \"mpfr 50\"", "form = \"kernel\" has it"},
        std::array{"number = \"float\"", "number = \"mpfr 5\"", "number = 'mpfr 5'"},
        std::array{"n = 4", "inputs = \"repeated\"\nn = 1", "inputs = 'repeated'"},
        std::array{"reg = [0, 0.1]", "experiment = \"magic\"", "experiment = 'magic'"},
        std::array{"reg = [0, 0.1]", "epochs = 3", "'epochs'"},
        std::array{"[run]", "[run", "in line 3"},
        std::array{"[run]", "scale = 3\n[run]", "scale = 3"},
        std::array{"\"short\"", "\"../up\"", "name = "}}) {
    std::string text = short_runs;
    text.replace(text.find(was), std::string(was).size(), becomes);
    const std::string configuration = with_configuration(scratch, text.c_str());
    const auto ended = run_program("sweep " + configuration, scratch.path());
    INFO(becomes << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why) && Catch::Contains("is not accepted"));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}

TEST_CASE("every ready configuration runs at its smallest scale", "[cli][sweep]") {
  const TemporaryFolder scratch;
  int configurations = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/proofs_numeric/simulations")) {
    if (entry.path().extension() != ".toml") continue;
    ++configurations;
    if (entry.path().stem().string().starts_with("images") && !fashion_mnist_folder()) continue;
    const std::string table =
        table_of(scratch, entry.path().string(), entry.path().stem().string(), "--scale smoke");
    CHECK(table.find("nan") == std::string::npos);
  }
  CHECK(configurations == 10);
}
