// SPDX-License-Identifier: Apache-2.0
// Where the command writes, and what it says before any work of where it cannot.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cli/run_program.hpp"
#include "cli/short_sweeps.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using test::Ended;
using test::run_program;
using test::TemporaryFolder;

namespace fs = std::filesystem;

namespace {

constexpr const char* short_run = "simulate --n 2 --d 3 --width 10 --steps 3";
constexpr const char* header = "t,error,loss,cosine";

/// A line of bash in the folder, where $A is the program; what it prints and its exit code.
Ended bash(const std::string& line, const TemporaryFolder& scratch) {
  return test::run_in(scratch.path(), "A=" ALIGNPROOF_PROGRAM "\n" + line);
}

/// Refused in one line that has these words. A command that does its work first would take hours.
void check_refused(const std::string& arguments, const std::string& words,
                   const TemporaryFolder& scratch) {
  INFO("alignproof " << arguments);
  const Ended ended = bash("timeout 60 $A " + arguments, scratch);
  CHECK(ended.exit_code == 2);
  CHECK(ended.out.empty());
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  CHECK_THAT(ended.err, Contains(words) && !Contains("internal error"));
}

}  // namespace

TEST_CASE("devices and pipes are written to", "[cli][output]") {
  const TemporaryFolder scratch;
  const std::string run = std::string("$A ") + short_run;
  const std::string csv = bash(run, scratch).out;
  REQUIRE_THAT(csv, StartsWith(header));
  // As /dev/stdout is, which a fault would replace.
  fs::create_symlink("/proc/self/fd/1", scratch.path() / "stdout");
  for (const char* name : {"-", "stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    INFO(name);
    CHECK(bash(run + " --out " + name, scratch).out == csv);
    // Where standard output is a file, it is written to where it stands.
    bash("(echo before; " + run + " --out " + name + "; echo after) > all", scratch);
    CHECK(read_file(scratch.path() / "all") == "before\n" + csv + "after\n");
  }
  CHECK_FALSE(fs::exists(scratch.path() / "-"));
  CHECK(bash("mkfifo f; cat f & " + run + " --out f; wait; test -p f", scratch).out == csv);
  CHECK(bash(run + " --out >(cat); wait $!", scratch).out == csv);
  for (const auto& [name, minor] : {std::pair{"null", 3u}, std::pair{"full", 7u}})
    if (mknod((scratch.path() / name).c_str(), S_IFCHR | 0666, makedev(1, minor)) != 0) {
      REQUIRE(geteuid() != 0);
      fs::create_symlink(std::string("/dev/") + name, scratch.path() / name);
    }
  for (const std::string& command : {run, std::string("$A kernel --n 2 --d 3 --digits 20")}) {
    CHECK(bash(command + " --out null", scratch).exit_code == 0);
    const Ended full = bash(command + " --out full", scratch);
    CHECK(full.exit_code == 2);
    CHECK_THAT(full.err, Contains("'full'") && Contains("No space left on device"));
  }
  CHECK(fs::is_character_file(scratch.path() / "null"));
  CHECK(fs::is_character_file(scratch.path() / "full"));
}

TEST_CASE("the kernel alone goes to standard output, the words about it elsewhere",
          "[cli][output]") {
  const TemporaryFolder scratch;
  const Ended ended = bash("$A kernel --n 2 --d 3 --digits 20 --out -", scratch);
  CHECK(ended.exit_code == 0);
  CHECK(bash("$A kernel --n 2 --d 3 --digits 20 --out f", scratch).out == ended.err);
  CHECK(read_file(scratch.path() / "f") == ended.out);
  // A closed standard output is not the file that is opened next.
  const Ended closed = bash("$A kernel --n 2 --d 3 --digits 20 --out g >&-", scratch);
  CHECK(closed.exit_code == 2);
  CHECK(read_file(scratch.path() / "g") == ended.out);
}

TEST_CASE("a reader that ends, ends the program quietly", "[cli][output]") {
  const TemporaryFolder scratch;
  for (const char* before : {"", "trap '' PIPE; "}) {
    const Ended ended =
        bash(std::string(before) + "$A " + short_run + "0000 | head -n 1; echo ${PIPESTATUS[0]}",
             scratch);
    CHECK_THAT(ended.out, StartsWith(header) && Catch::EndsWith("\n141\n"));
    CHECK(ended.err.empty());
  }
  // What is written to files is there whoever reads the words.
  bash("$A law --n 3 --d 4 --points 2 --out l | true; $A kernel --n 2 --d 3 --out g | true",
       scratch);
  CHECK(fs::exists(scratch.path() / "l" / "law.csv"));
  CHECK(fs::exists(scratch.path() / "g"));
  for (const char* command : {short_run, "explain T1", "--help", "sweep --help", "--version"}) {
    INFO(command);
    const Ended full = bash(std::string("$A ") + command + " > /dev/full", scratch);
    CHECK(full.exit_code == 2);
    CHECK_THAT(full.err, StartsWith("alignproof: standard output cannot be written"));
    CHECK(bash(std::string("$A ") + command + " >&-", scratch).exit_code == 2);
  }
}

TEST_CASE("a file is whole or as it was, in whichever call the program dies", "[cli][output]") {
  const TemporaryFolder scratch;
  const std::string run = std::string("$A ") + short_run + " --out file";
  REQUIRE(bash(run, scratch).exit_code == 0);
  const fs::path file = scratch.path() / "file";
  const std::string whole = read_file(file);
  for (const bool is_there : {false, true})
    for (const char* kind : {"kill", "torn", "full"})
      for (int call = 1; call <= 4; ++call) {
        fs::remove(file);
        if (is_there) write_file(file, "old");
        const std::string fault = kind + (" " + std::to_string(call));
        INFO(fault << (is_there ? ", replaced" : ", new"));
        const Ended ended = bash(
            "ALIGNPROOF_FAULT='" + fault + "' LD_PRELOAD=" + ALIGNPROOF_FAILING_DISK + " " + run,
            scratch);
        const std::string now = fs::exists(file) ? read_file(file) : "";
        CHECK((now == whole || now == (is_there ? "old" : "")));
        if (call == 1) CHECK(now != whole);
        if (ended.exit_code == 0) CHECK(now == whole);
        std::size_t more = 0;
        for (const auto& entry : fs::directory_iterator(scratch.path()))
          more += entry.path().extension() == ".tmp";
        CHECK(more <= (is_there ? 1u : 0u));  // between its two names, where an old one is replaced
        bash("rm -f .*.tmp", scratch);
      }
}

TEST_CASE("what cannot be written is found before the work", "[cli][output]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "file", "mine");
  write_files(scratch.path() / "full", {{"mine", ""}});
  for (const char* name : {"report.json", "law.csv", "cells.csv", "old.svg"})
    fs::create_directories(scratch.path() / "blocked" / name);
  write_file(scratch.path() / "theirs.csv",
             "width,alignment,reg,activation\n50,0.1,0,tanh\n50,0.2,0,tanh\n");
  REQUIRE(mkfifo((scratch.path() / "pipe").c_str(), 0600) == 0);
  const std::string long_name(300, 'x');
  const std::string endless = "--steps 100000000000000 --width 5";
  for (const auto& [out, words] :
       {std::pair<std::string, std::string>{"full", "a folder stands there"},
        {"none/file", "No such file or directory"},
        {"file/", "Not a directory"},
        {"new/", "names a folder"},
        {"''", "''"},
        {long_name, "File name too long"}}) {
    check_refused("simulate " + endless + " --out " + out, words, scratch);
    check_refused("kernel --n 100 --d 100 --digits 1000 --out " + out, words, scratch);
  }
  for (const auto& [out, words] : {std::pair<std::string, std::string>{"file", "Not a directory"},
                                   {"file/below", "Not a directory"},
                                   {"''", "''"},
                                   {"-", "several files are written"},
                                   {long_name, "File name too long"}}) {
    check_refused("certify --first 100000000000 " + endless + "0 --out " + out, words, scratch);
    check_refused("kernel --n 100 --d 100 --digits 1000 --certify " + out, words, scratch);
    check_refused("law --widths 1000000000000,1000000000001 --out " + out, words, scratch);
    check_refused("verify --profile full --out " + out, words, scratch);
    check_refused("reproduce --reference theirs.csv --out " + out, words, scratch);
  }
  check_refused("certify " + endless + " --out full", "does not exist or is empty", scratch);
  check_refused("kernel --n 100 --d 100 --digits 1000 --certify full", "does not exist or is empty",
                scratch);
  check_refused("law --widths 1000000000000,1000000000001 --out blocked", "law.csv", scratch);
  check_refused("verify --profile full --out blocked", "a folder stands there", scratch);
  check_refused("reproduce --reference theirs.csv --out blocked", "cells.csv", scratch);
  check_refused("verify --profile full --out new --baseline none/b.json --approve",
                "No such file or directory", scratch);
  check_refused("sweep rules --store none/s.sqlite", "No such file or directory", scratch);
  check_refused("sweep rules --store full", "full", scratch);
  check_refused("sweep rules --store pipe", "'pipe'", scratch);
  check_refused("sweep rules --store ''", "''", scratch);
  check_refused("sweep rules --store " + std::string(246, 'x') + ".sqlite", "File name too long",
                scratch);
  CHECK(read_file(scratch.path() / "file") == "mine");
  CHECK_FALSE(fs::exists(scratch.path() / "new"));
}

TEST_CASE("paths that cannot be looked at are bad input, with the cause", "[cli][output]") {
  const TemporaryFolder scratch;
  fs::create_symlink("loop", scratch.path() / "loop");
  write_file(scratch.path() / "theirs.csv",
             "width,alignment,reg,activation\n50,0.1,0,tanh\n50,0.2,0,tanh\n");
  for (const std::string& path : {std::string("loop"), std::string("loop/below"),
                                  std::string(300, 'x'), std::string(300, 'x') + "/below"})
    for (const char* command :
         {"simulate --data ", "sweep ", "sweep rules --scale smoke --store ",
          "sweep rules --scale smoke --reuse ", "sweep images --scale smoke --data ",
          "merge new.sqlite ", "reproduce --reference ", "reproduce --reference theirs.csv --runs ",
          "verify --claims KF --baseline ", "verify --claims KF --data ",
          "verify --claims KF --sweeps ", "verify --claims KF --out ", "certify --out ",
          "law --kernel ", "law --csv ", "simulate --csv "})
      check_refused(command + path, "alignproof: ", scratch);
  const Ended folder_gone =
      bash("mkdir gone; cd gone; rmdir ../gone; $A sweep rules --scale smoke", scratch);
  CHECK(folder_gone.exit_code == 2);
  CHECK(std::count(folder_gone.err.begin(), folder_gone.err.end(), '\n') == 1);
}

TEST_CASE("one program at a time writes to a folder", "[cli][output]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "theirs.csv",
             "width,alignment,reg,activation\n50,0.1,0,tanh\n50,0.2,0,tanh\n");
  {
    const OutputFolder held(scratch.path() / "r");
    for (const char* command :
         {"verify --claims KF --out ", "law --n 3 --d 4 --out ", "kernel --n 2 --d 3 --certify ",
          "certify --n 3 --d 30 --width 200 --steps 10 --out ",
          "reproduce --reference theirs.csv --runs theirs.csv --out "})
      check_refused(std::string(command) + "r", "'r' is not accepted: give a folder to which no",
                    scratch);
  }
  const Ended both = bash(
      "for k in 1 2 3 4; do $A verify --claims KF --out both > out.$k 2> err.$k; echo $? > code.$k "
      "& done; wait; cat code.*; cat err.* | grep -v %",
      scratch);
  CHECK(both.out.find('1') == std::string::npos);
  CHECK(both.out.find('3') == std::string::npos);
  CHECK(both.out.find('4') == std::string::npos);
  CHECK(both.out.find('0') != std::string::npos);
}

TEST_CASE("commands other than sweep run in one process", "[cli][output]") {
  const TemporaryFolder scratch;
  for (const char* command :
       {"verify --claims KF --out r", "simulate --steps 1", "certify --out r", "kernel --n 2",
        "law --n 2", "explain", "doctor", "merge a b", "reproduce --reference a.csv"})
    for (const auto& [size, rank] :
         {std::pair{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"}, {"PMI_SIZE", "PMI_RANK"}}) {
      const std::string line = std::string(size) + "=2 " + rank + "=";
      INFO(line << ": " << command);
      const Ended first = bash(line + "0 $A " + command, scratch);
      CHECK(first.exit_code == 2);
      CHECK(first.out.empty());
      CHECK_THAT(first.err, StartsWith("alignproof: mpirun = 2 processes is not accepted: give"));
      const Ended second = bash(line + "1 $A " + command, scratch);
      CHECK(second.exit_code == 0);
      CHECK(second.out + second.err == "");
    }
  CHECK_FALSE(fs::exists(scratch.path() / "r"));
}

TEST_CASE("lists are words with commas and take nothing else", "[cli][output]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "few.toml", test::few_runs);
  REQUIRE(bash("$A sweep few.toml --store a.sqlite", scratch).exit_code == 0);
  for (const char* order :
       {"--reuse=a.sqlite few.toml", "--reuse a.sqlite few.toml", "few.toml --reuse a.sqlite",
        "--reuse=a.sqlite -- few.toml", "--reuse a.sqlite few.toml --scale full",
        "--reuse=a.sqlite few.toml --scale full"}) {
    INFO(order);
    const Ended ended =
        bash(std::string("rm -f b.sqlite; $A sweep --store b.sqlite ") + order, scratch);
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.err, Contains("6 runs taken over from a.sqlite"));
  }
  check_refused("sweep few.toml --store c.sqlite --reuse a.sqlite a.sqlite", "a.sqlite", scratch);
  check_refused("sweep few.toml --store c.sqlite --reuse a.sqlite,,a.sqlite",
                "'a.sqlite,,a.sqlite' is not accepted", scratch);
  for (const char* command :
       {"verify --claims", "verify --sweeps", "reproduce --reference few.toml --runs",
        "law --widths", "kernel --concentration --widths", "sweep few.toml --reuse"}) {
    check_refused(std::string(command) + " ''", "'' is not accepted", scratch);
    check_refused(std::string(command) + " 1000,", "'1000,' is not accepted", scratch);
    check_refused(std::string(command) + " 1000 2000", "", scratch);
  }
  check_refused("law --widths 1e3,2000", "'1e3' is not accepted: give a whole number", scratch);
  const Ended twice =
      bash("$A explain > a; $A law --n 2 --d 3 --widths 100 --widths 200 --seeds 60", scratch);
  CHECK(twice.exit_code == 0);
  CHECK_THAT(twice.out, Contains("1e+02") && Contains("2e+02"));
}

TEST_CASE("results never replace what is read", "[cli][output]") {
  const TemporaryFolder scratch;
  const std::string table = "1,2,3\n4,5,6\n7,8,9.5\n", law = "1,0,3\n0,1,6\n";
  write_file(scratch.path() / "in.csv", table);
  fs::create_symlink("in.csv", scratch.path() / "link.csv");
  fs::create_hard_link(scratch.path() / "in.csv", scratch.path() / "hard.csv");
  for (const char* out : {"in.csv", "./in.csv", "link.csv", "hard.csv"})
    for (const char* command : {"simulate --width 3 --steps 1", "kernel"})
      check_refused(std::string(command) + " --csv in.csv --out " + out, "which is read", scratch);
  fs::create_directory(scratch.path() / "K");
  write_file(scratch.path() / "K" / "law.csv", law);
  check_refused("law --kernel K/law.csv --out K", "which is read", scratch);
  CHECK(read_file(scratch.path() / "in.csv") == table);
  CHECK(read_file(scratch.path() / "K" / "law.csv") == law);
  // The table beside a store of this name would replace the configuration.
  const std::string configuration = test::few_runs;
  write_file(scratch.path() / "rules.csv", configuration);
  check_refused("sweep rules.csv --store rules.sqlite", "rules.csv", scratch);
  CHECK(read_file(scratch.path() / "rules.csv") == configuration);
}

TEST_CASE("an option with nothing behind its = does not take the next word", "[cli][output]") {
  const TemporaryFolder scratch;
  for (const auto& [arguments, kind] : std::vector<std::pair<const char*, std::string>>{
           {"sweep --reuse= rules --scale smoke", "values separated by commas"},
           {"sweep --store= rules", "the file of a store"},
           {"verify --claims= TA", "values separated by commas"},
           {"simulate --n 2 --d 2 --width 3 --steps 1 --out= file", "a file, or -"},
           {"sweep rules --shard= 1/2", "i/N"}})
    check_refused(arguments, "= '' is not accepted: give after the = " + kind, scratch);
  CHECK_FALSE(fs::exists(scratch.path() / "file"));
  check_refused("simulate --n 2 --d 2 --width 3 --steps 1 --out --seed=3",
                "'--seed=3' is not accepted: give a file", scratch);
}

TEST_CASE("unknown options are named, with the one that is near", "[cli][output]") {
  const TemporaryFolder scratch;
  check_refused("simulate --widht 3", "option = '--widht' is not accepted: give --width", scratch);
  check_refused("simulate --lamda=1", "'--lamda=1' is not accepted: give --lambda", scratch);
  check_refused("simulate --xyzzy", "'--xyzzy' is not accepted: give an option of", scratch);
  check_refused("--verson", "'--verson' is not accepted: give --version", scratch);
  check_refused("simulate -n 3", "'-n' is not accepted", scratch);
  check_refused("simulate extra", "extra", scratch);
  check_refused("simulate --width=1e3", "'1e3' is not accepted: give a whole number", scratch);
  check_refused("simulate --n 3 --n 4", "--n", scratch);
  check_refused("simulate --width=", "--width", scratch);
  check_refused("explain ''", "'' is not accepted", scratch);
  check_refused("", "a command is missing", scratch);
}

TEST_CASE("progress fits the terminal, or is plain", "[cli][output]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "short.toml", test::short_runs);
  const auto on_terminal = [&](const std::string& settings) {
    bash("rm -f t.sqlite; " + settings +
             " script -qec \"$A sweep short.toml --store t.sqlite\" typescript > /dev/null",
         scratch);
    return read_file(scratch.path() / "typescript");
  };
  for (const char* plain : {"TERM=dumb", "TERM=", "env -u TERM", "TERM=xterm NO_COLOR=1"}) {
    const std::string shown = on_terminal(plain);
    INFO(plain << ": " << shown);
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK_THAT(shown, Contains("short: ") && Contains(" %, "));
  }
  for (const std::size_t columns : {20u, 33u, 60u, 8u}) {
    const std::string shown = on_terminal("COLUMNS=" + std::to_string(columns) + " TERM=xterm");
    std::size_t longest = 0, lines = 0;
    for (std::size_t at = shown.find("\r\x1b[K"); at != std::string::npos;) {
      const std::size_t begin = at + 4;
      at = shown.find("\r\x1b[K", begin);
      if (at == std::string::npos) break;
      longest = std::max(longest, at - begin), ++lines;
    }
    INFO(shown);
    CHECK(lines > 0);
    CHECK(longest < columns);
  }
}
