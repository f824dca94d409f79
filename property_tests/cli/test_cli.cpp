// SPDX-License-Identifier: Apache-2.0
// The command as a user meets it: exit codes, one-line errors that quote the value, nothing
// half-written.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <alignproof/report/formats.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

void check_refused(const std::string& arguments, const std::string& quoted_value,
                   const std::string& accepted) {
  const TemporaryFolder scratch;
  INFO("alignproof " << arguments);
  const auto ended = run_program(arguments, scratch.path());
  CHECK(ended.exit_code == 2);
  CHECK(ended.out.empty());
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  CHECK_THAT(ended.err, Catch::Contains(quoted_value));
  CHECK_THAT(ended.err, Catch::Contains(accepted));
}

}  // namespace

TEST_CASE("bad input: one line that quotes the value, exit 2", "[cli]") {
  check_refused("simulate --width 0", "width = 0", ">= 1");
  check_refused("simulate --width -3", "width = -3", ">= 1");
  check_refused("simulate --n 0", "n = 0", ">= 1");
  check_refused("simulate --eta 0", "eta = 0", "> 0");
  check_refused("simulate --eta -1", "eta = -1", "> 0");
  check_refused("simulate --eta nan", "eta = nan", "finite");
  check_refused("simulate --eta inf", "eta = inf", "finite");
  check_refused("simulate --lambda -0.5", "lambda = -0.5", ">= 0");
  check_refused("simulate --lambda 5 --eta 0.2", "eta lambda = 1", "lambda < 1/eta");
  check_refused("simulate --number mpfr --digits 5", "digits = 5", "17 to 10000");
  check_refused("simulate --number mpfr --digits 100000", "digits = 100000", "17 to 10000");
  check_refused("simulate --activation swish", "'swish'", "identity, tanh, relu");
  check_refused("simulate --rule hebb", "'hebb'", "give fa, bp, ");
  check_refused("simulate --inputs cube", "'cube'", "sphere");
  check_refused("simulate --steps many", "'many'", "whole number");
  check_refused("simulate --seed 9223372036854775808", "'9223372036854775808'",
                "at most 18 digits");
  check_refused("simulate --seed 010", "'010'", "whole number");
  check_refused("simulate --seed ''", "''", "whole number");
  check_refused("simulate --lambda ''", "''", "number");
  check_refused("simulate --lambda 1 --cut -5", "cut = -5", ">= 0");
  check_refused("simulate --data /tmp --inputs sphere", "--inputs", "--data");
  check_refused("verify --claims KF,KF", "'KF,KF'", "once");
  check_refused("verify --claims T1-img --data /no/such/folder", "/no/such/folder",
                "folder that holds");
  check_refused("certify --out ''", "''", "folder");
  check_refused("explai T1", "'explai'", "explain");
  check_refused("simulate --data /no/such/folder", "/no/such/folder", "");
  check_refused("simulate --out /proc/no/trace.csv --steps 1", "/proc/no/trace.csv", "written");
  check_refused("verify --claims T9", "'T9'", "T1a");
  check_refused("verify --profile huge", "'huge'", "quick");
  check_refused("verify --seed -1", "seed = -1", "from 0");
  check_refused("verify --jobs 0", "jobs = 0", "1 to");
  check_refused("verify --out /proc/no/report --claims KF", "/proc/no/report", "can be made");
  check_refused("explain T9", "'T9'", "T1a");
  check_refused("certify --out /proc/no/cert --width 200", "/proc/no", "can be made");
  check_refused("dance", "dance", "--help");
  check_refused("simulate --lambda 1 --decay linear", "'linear'", "geometric");
  check_refused("simulate --lambda 1 --decay geometric --decay-scale 1.5", "decay-scale = 1.5",
                "between 0 and 1");
  check_refused("simulate --lambda 1 --decay inverse-square --decay-scale 0", "decay-scale = 0",
                "> 0");
  check_refused("simulate --lambda 1 --decay-scale 2", "'--decay-scale'", "--decay geometric");
  check_refused("simulate --outputs 0", "outputs = 0", ">= 1");
  check_refused("simulate --targets classes", "outputs = 1", "at least 2");
  check_refused("simulate --feedback sideways", "'sideways'", "parallel");
  check_refused("simulate --initial-scale 0", "0", "> 0");
  check_refused("simulate --number exact --width 3 --steps 2", "tanh", "identity or relu");
  check_refused("simulate --csv /no/such.csv", "/no/such.csv", "");
  check_refused("simulate --csv ''", "''", "table of numbers");
  check_refused("simulate --data ''", "''", "folder of IDX images");
  check_refused("simulate --csv a.csv --d 3", "--csv", "--d");
  check_refused("simulate --csv a.csv --n 0", "n = 0", ">= 1");
  check_refused("simulate --data /tmp --input-scale 2", "--data", "--input-scale");
  check_refused("simulate --number double --digits 30", "30 with double", "mpfr");
  check_refused("simulate --activation \"$(printf 'two\\nlines')\"", "two\\x0alines", "identity");
  check_refused("simulate --width \"$(printf '1\\n2')\"", "1\\x0a2", "whole number");
  check_refused("verify --claims KF --approve", "approve", "--baseline");
  check_refused("verify --claims KF --baseline /no/such.json", "/no/such.json", "exists");
}

TEST_CASE("output that cannot be written is an error", "[cli]") {
  for (const char* command : {"simulate --width 10 --steps 3", "explain T1"}) {
    INFO(command);
    // standard output is closed
    const std::string line = std::string(ALIGNPROOF_PROGRAM) + " " + command + " >&- 2> /dev/null";
    const int status = std::system(line.c_str());
    CHECK(WEXITSTATUS(status) == 2);
  }
}

TEST_CASE("simulate writes a trace that another number type confirms", "[cli]") {
  const TemporaryFolder scratch;
  const std::string options = "simulate --n 3 --d 6 --width 30 --steps 20 --every 10";
  const auto in_double = run_program(options, scratch.path());
  const auto at_digits = run_program(options + " --number mpfr --digits 40", scratch.path());
  const auto weights = run_program(options + " --form weight", scratch.path());
  REQUIRE(in_double.exit_code == 0);
  REQUIRE(at_digits.exit_code == 0);
  const auto errors = [](const std::string& csv) {
    std::istringstream lines(csv);
    std::string line;
    std::vector<double> e;
    std::getline(lines, line);
    CHECK(line == "t,error,loss,cosine,signal_cosine,beta_displacement");
    while (std::getline(lines, line)) e.push_back(std::stod(line.substr(line.find(',') + 1)));
    return e;
  };
  const std::vector<double> a = errors(in_double.out), b = errors(at_digits.out),
                            c = errors(weights.out);
  REQUIRE(a.size() == 3);
  REQUIRE(b.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(a[k] == Approx(b[k]).epsilon(1e-12));
    CHECK(a[k] == Approx(c[k]).epsilon(1e-12));
  }
}

TEST_CASE("a run that diverges says at which step and exits with 0", "[cli]") {
  const TemporaryFolder scratch;
  for (const char* number : {"double", "float"}) {
    const auto ended =
        run_program(std::string("simulate --eta 40 --width 50 --steps 100000 --number ") + number,
                    scratch.path());
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.err, Catch::Contains("diverged") && Catch::Contains("at step"));
    CHECK_THAT(ended.out, !Catch::Contains("nan") && !Catch::Contains("inf"));
  }
}

TEST_CASE("each number type runs in the forms of its row, and is refused in the others", "[cli]") {
  const TemporaryFolder scratch;
  const std::string run = "simulate --activation identity --n 2 --d 2 --width 3 --steps 2 ";
  for (const auto& [number, full, reduced] :
       {std::tuple{"float", true, true}, std::tuple{"double", true, true},
        std::tuple{"mpfr", true, true}, std::tuple{"bin_float", true, false},
        std::tuple{"exact", true, true}, std::tuple{"ball", false, true}})
    for (const char* form : {"kernel", "weight", "reduced"}) {
      const bool fine = std::string(form) == "reduced" ? reduced : full;
      const auto ended = run_program(
          run + "--number " + std::string(number) + " --form " + std::string(form), scratch.path());
      INFO(number << " " << form << ": " << ended.err);
      CHECK(ended.exit_code == (fine ? 0 : 2));
      CHECK(ended.out.empty() == !fine);
      if (!fine)
        CHECK_THAT(ended.err, Catch::Contains("number = " + std::string(number)) &&
                                  Catch::Contains("in " + std::string(form) + " form"));
    }
  for (const auto& [options, words] : std::vector<std::pair<std::string, std::string>>{
           {"--number long",
            "'long' is not accepted: give float, double, mpfr, bin_float, exact or "
            "ball"},
           {"--number double --digits 30", "digits together with --number mpfr or ball only"},
           {"--number mpfr --digits 3", "digits = 3"},
           {"--form kernel --weights wishart", "weights = wishart"}}) {
    const auto ended = run_program(run + options, scratch.path());
    INFO(options << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(words));
  }
}

TEST_CASE("a report appears whole or not at all", "[cli]") {
  const TemporaryFolder scratch;
  const auto folder = scratch.path() / "report";
  const auto ended = run_program("verify --claims KF --out " + folder.string(), scratch.path());
  CHECK(ended.exit_code == 0);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  std::vector<std::string> files;
  for (const ReportFormat& format : report_formats())
    if (!format.file.empty()) files.emplace_back(format.file);
  std::sort(files.begin(), files.end());
  CHECK(names == files);

  std::ofstream(scratch.path() / "occupied") << "a file, not a folder";
  const auto refused = run_program(
      "verify --claims KF --out " + (scratch.path() / "occupied").string(), scratch.path());
  CHECK(refused.exit_code == 2);
  CHECK(read_file(scratch.path() / "occupied") == "a file, not a folder");
}

TEST_CASE("certify proves T1, T2 and T3 from the initialisation, or says why not", "[cli]") {
  const TemporaryFolder scratch;
  const auto folder = (scratch.path() / "cert").string();
  const auto certify = [&](const std::string& options, const char* name) {
    return run_program("certify --n 3 --d 30 --width 200 " + options + " --out " + folder + name,
                       scratch.path());
  };
  const auto checks = [&](const char* name) {
    return std::system(
               (std::string(ALIGNPROOF_CHECK_PROGRAM) + " " + folder + name + " > /dev/null")
                   .c_str()) == 0;
  };
  const auto free = certify("--steps 600", "free");
  CHECK(free.exit_code == 0);
  CHECK_THAT(free.out, Catch::Contains("T1 on this instance") &&
                           Catch::Contains("T2 on this instance") &&
                           Catch::Contains("\nproved (checker"));
  CHECK(checks("free"));
  const auto cut = certify("--activation identity --lambda 1 --cut 200 --steps 600", "cut");
  CHECK(cut.exit_code == 0);
  CHECK_THAT(cut.out,
             Catch::Contains("T3 on this instance") && Catch::Contains("\nproved (checker"));
  CHECK(checks("cut"));

  const auto near = certify("--from checkpoint --radius 1e-3 --steps 600", "near");
  CHECK(near.exit_code == 0);
  CHECK_THAT(near.out, Catch::Contains("\nproved (checker") &&
                           Catch::Contains("conditional on the state at the checkpoint)\n") &&
                           Catch::Contains("within 0.001 of each"));

  const auto unchecked = certify("--steps 600 --no-check", "unchecked");
  CHECK(unchecked.exit_code == 3);
  CHECK_THAT(unchecked.out, Catch::Contains("not checked") && !Catch::Contains("proved"));
  CHECK(checks("unchecked"));

  const auto impossible = certify("--steps 600 --kappa 0.001", "impossible");
  CHECK(impossible.exit_code == 0);
  CHECK_THAT(impossible.out, Catch::Contains("not claimed: T2: |cos(b, beta)| reaches") &&
                                 !Catch::Contains("T2 on this instance"));

  const auto early = certify("--activation relu --steps 5", "early");
  CHECK(early.exit_code == 3);
  CHECK_THAT(early.out, Catch::StartsWith("undecided: "));
  CHECK_FALSE(std::filesystem::exists(folder + "early"));
}

TEST_CASE("certify closes at t = 0 by a sharp form, and says by which", "[cli]") {
  const TemporaryFolder scratch;
  const auto certify = [&](const std::string& form, const char* name) {
    return run_program("certify --n 3 --d 30 --width 4096 --steps 1 " + form + " --out " +
                           (scratch.path() / name).string(),
                       scratch.path());
  };
  for (const char* form : {"--form drift", "--form best", ""}) {
    const auto found = certify(form, *form == 0 ? "any" : form + 7);
    INFO(form);
    CHECK(found.exit_code == 0);
    CHECK_THAT(found.out, Catch::Contains("by the drift of second order: eta sum |e(t)| <= S = ") &&
                              Catch::Contains("T1 on this instance"));
  }
  const auto wide = certify("--form rate", "rate");
  CHECK(wide.exit_code == 3);
  CHECK_FALSE(std::filesystem::exists(scratch.path() / "rate"));
  const auto none = certify("--form sharp", "none");
  CHECK(none.exit_code == 2);
  CHECK_THAT(none.err,
             Catch::Contains("'sharp' is not accepted: give rate, bootstrap, drift or best"));
  const auto coq = certify("--form drift --export-coq " + (scratch.path() / "c.v").string(), "coq");
  CHECK(coq.exit_code == 2);
  CHECK_THAT(coq.err, Catch::Contains("'drift'") && Catch::Contains("rate with --export-coq"));
}

TEST_CASE("explain and doctor end well", "[cli]") {
  const TemporaryFolder scratch;
  CHECK(run_program("explain T1a", scratch.path()).exit_code == 0);
  CHECK(run_program("explain", scratch.path()).exit_code == 0);
  const auto doctor = run_program("doctor", scratch.path());
  CHECK(doctor.exit_code == 0);
  CHECK_THAT(doctor.out, Catch::Contains("to nearest") && Catch::Contains("subnormal"));
}

TEST_CASE("every option that takes a number refuses a word and says so", "[cli]") {
  const TemporaryFolder scratch;
  std::size_t options = 0;
  for (const char* command : {"verify", "simulate", "certify", "law", "kernel", "sweep", "compare",
                              "history", "reproduce"}) {
    const std::string help = run_program(std::string(command) + " --help", scratch.path()).out;
    const std::regex option("\n +(--[a-z-]+) (INT|UINT|FLOAT)");
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) {
      const std::string words = std::string(command) + " " + (*at)[1].str() + " ten";
      const auto ended = run_program(words, scratch.path());
      INFO(words << ": " << ended.err);
      CHECK(ended.exit_code == 2);
      CHECK_THAT(ended.err, Catch::Contains("'ten' is not accepted: give a"));
      ++options;
    }
  }
  CHECK(options > 30);
}
