// SPDX-License-Identifier: Apache-2.0
// What people read fits a terminal of 80 columns, from every command.
#include <string>
#include <vector>

#include <alignproof/core/columns.hpp>

#include "cli/commands.hpp"
#include "cli/short_sweeps.hpp"
#include "format/temporary_folder.hpp"
#include "lines.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// A command to copy stands behind two blanks; a path is one word, and its line is as long as it.
bool is_to_copy(const std::string& line) {
  if (line.starts_with("  ")) return true;
  const std::string last = line.substr(line.rfind(' ') + 1);
  return last.find('/') != std::string::npos && text_width(last) > 40;
}

void check_columns(const TemporaryFolder& scratch, const std::string& arguments, int exit_code) {
  const Ended ended = run_in(scratch.path(), ALIGNPROOF_PROGRAM " " + arguments);
  INFO("alignproof " << arguments << "\n" << ended.out << ended.err);
  CHECK(ended.exit_code == exit_code);
  CHECK_FALSE((ended.out + ended.err).empty());
  for (const std::string& text : {ended.out, ended.err}) {
    for (const std::string& line : lines_of(text)) {
      INFO(line);
      CHECK((text_width(line) <= terminal_columns || is_to_copy(line)));
    }
  }
}

}  // namespace

TEST_CASE("what certify says fits 80 columns, whatever it finds", "[cli]") {
  const TemporaryFolder scratch;
  const std::string small = "certify --n 2 --d 6 --eta 0.5 --width ";
  check_columns(scratch, small + "60 --steps 400 --rows --limit --threshold 0.1 --out rows", 0);
  check_columns(scratch, small + "60 --steps 400 --radius largest --kappa 0.001 --out around", 0);
  check_columns(scratch, small + "60 --steps 400 --seeds 2 --out family", 0);
  check_columns(scratch, small + "60 --steps 400 --activation silu --out silu", 0);
  check_columns(scratch, small + "60 --steps 5 --activation relu --out none", 3);
  check_columns(scratch, small + "60 --steps 1 --seeds 2 --out nowhere", 3);
  check_columns(scratch, small + "20 --steps 400 --from checkpoint --out a --export-coq a.v", 0);
  check_columns(scratch, "export-coq a --out b.v", 0);
  check_columns(scratch,
                "certify --n 3 --d 30 --width 200 --activation identity --lambda 1 --cut 200 "
                "--steps 600 --no-check --out T3",
                3);
}

TEST_CASE("what law, kernel and width say fits 80 columns", "[cli]") {
  const TemporaryFolder scratch;
  for (const char* law : {" --points 2", " --inputs isometric",
                          " --activation relu --n 1 --tau 0.5 --decay inverse-square",
                          " --activation tanh --n 1 --tau 0.5 --finite-width 1000",
                          " --activation tanh --n 1 --rule bp",
                          " --activation tanh --n 1 --layers 3 --rule dfa --tau 0.5",
                          " --n 2 --tau 0.5 --widths 30,300 --seeds 60",
                          " --activation tanh --inputs isometric --n 2 --tau 0.5 --certify law"})
    check_columns(scratch, "law" + std::string(law), 0);
  for (const char* kernel : {"", " --inputs repeated", " --activation relu --digits 60",
                             " --certify kernel", " --concentration --widths 8,16 --seeds 60"})
    check_columns(scratch, "kernel --n 2 --d 3" + std::string(kernel), 0);
  for (const char* width :
       {"--n 2 --d 9", "--n 2 --d 9 --measure --steps 5 --widths 4,8 --seeds 300",
        "--n 2 --d 9 --certify width", "--from-constants --n 5 --gamma 0.27",
        "--theorem t3 --activation identity --inputs isometric --n 2 --d 2 --lambda 1 --at "
        "1000000"})
    check_columns(scratch, "width " + std::string(width), 0);
}

TEST_CASE("what the other commands say fits 80 columns", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "short.toml", short_runs);
  write_file(scratch.path() / "runs.csv",
             "width,alignment,reg,activation\n100,0.5,0.2,identity\n100,0.6,0.2,identity\n");
  check_columns(scratch, "sweep short.toml --store a.sqlite", 0);
  check_columns(scratch, "merge all.sqlite a.sqlite", 0);
  check_columns(scratch, "show a.sqlite", 0);
  check_columns(scratch, "verify --claims EX --out r", 0);
  check_columns(scratch, "compare r/report.json r/report.json", 0);
  check_columns(scratch, "history r/report.json r/report.json --labels one,two", 0);
  check_columns(scratch, "reproduce --reference runs.csv --runs runs.csv", 3);
  check_columns(scratch, "simulate --eta 40 --width 5 --steps 1000 --out trace.csv", 0);
  check_columns(scratch, "doctor", 0);
  check_columns(scratch, "new claim a-claim-of-my-own", 0);
  const Ended all = run_in(scratch.path(), ALIGNPROOF_PROGRAM " explain");
  check_columns(scratch, "explain", 0);
  for (const std::string& line : lines_of(all.out))
    if (!line.starts_with(" "))
      check_columns(scratch, "explain \"" + line.substr(0, line.find(' ')) + "\"", 0);
}
