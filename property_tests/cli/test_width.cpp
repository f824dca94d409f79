// SPDX-License-Identifier: Apache-2.0
// `alignproof width` as a user meets it.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

nlohmann::json json_of(const std::string& arguments, const TemporaryFolder& scratch) {
  const auto ended = run_program("width --format json " + arguments, scratch.path());
  INFO(arguments << ": " << ended.err);
  REQUIRE(ended.exit_code == 0);
  return nlohmann::json::parse(ended.out);
}

double lower(const nlohmann::json& enclosure) {
  return std::stod(enclosure.at("lower").get<std::string>());
}
double upper(const nlohmann::json& enclosure) {
  return std::stod(enclosure.at("upper").get<std::string>());
}

}  // namespace

TEST_CASE("width prints a sufficient width and what it is made of", "[cli]") {
  const TemporaryFolder scratch;
  const auto text = run_program("width --n 3 --d 30", scratch.path());
  CHECK(text.exit_code == 0);
  CHECK(text.err.empty());
  CHECK_THAT(text.out, Catch::Contains("usual split       25817 = 2^14.66") &&
                           Catch::Contains("sufficient width N  230") &&
                           Catch::Contains("gamma               [0.322857445, 0.322857446]") &&
                           Catch::Contains("published, C1 = 1: n^2/(delta gamma^2)") &&
                           Catch::Contains("closed form, of n, gamma, |x_i|, |y_i|") &&
                           Catch::Contains("left: mu(S)") && !Catch::Contains("proved"));
  std::istringstream lines(text.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);

  const auto help = run_program("width --help", scratch.path());
  CHECK_THAT(help.out, Catch::Contains("Examples:") && Catch::Contains("--from-constants"));
}

TEST_CASE("width keeps numbers and words apart, in 80 columns, whatever the scale", "[cli]") {
  const TemporaryFolder scratch;
  const auto tiny = run_program("width --n 3 --d 30 --input-scale 1e-50", scratch.path());
  CHECK(tiny.exit_code == 0);
  CHECK_THAT(tiny.out, Catch::Contains("] |w_r - w_r(0)|") && Catch::Contains("] |cos| <= ") &&
                           !Catch::Contains(" 0.000000 "));
  const auto none = run_program("width --n 2 --d 20 --measure --widths 1 --steps 200 2> /dev/null",
                                scratch.path());
  CHECK_THAT(none.out, Catch::Contains("steps: above 1: at no width of the grid\n"));
  for (const auto& ended : {tiny, none}) {
    std::istringstream lines(ended.out);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  }
}

TEST_CASE("width in JSON", "[cli]") {
  const TemporaryFolder scratch;
  const auto json = json_of("--n 5 --d 100 --activation erf --delta 0.01", scratch);
  const double p = json.at("sufficient_width"), S = json.at("S"), gamma = lower(json.at("gamma"));
  CHECK(p < json.at("usual_split"));
  CHECK(p < json.at("by_norms"));
  CHECK(p < json.at("closed_form"));
  CHECK(lower(json.at("rate")) <= 1 - 0.2 * gamma / 4);
  CHECK(upper(json.at("rate")) >= 1 - 0.2 * gamma / 4 - 1e-15);
  // The costs are all that gamma loses, and a quarter is left.
  double lost = 0, left = 0;
  for (const auto& cost : json.at("costs"))
    (cost.at("term") == "left: mu(S)" ? left : lost) += lower(cost.at("of_gamma"));
  CHECK(lost + left == Approx(1).margin(1e-12));
  CHECK(left >= 0.25);
  // (P.5) is met.
  for (const char* part : {"rate", "budget", "step"}) CHECK(lower(json.at("slack").at(part)) >= 0);
  // c2 is what S, n and p make of it, psi being bounded by 1.
  CHECK(upper(json.at("c2")) == Approx(S * gamma / std::sqrt(5.0)).epsilon(1e-12));
  double shares = 0;
  for (const auto& share : json.at("shares")) shares += share.get<double>();
  CHECK(shares == Approx(0.01).epsilon(1e-9));
  CHECK(shares <= 0.01);

  // Of relu the level S* that S must not exceed, and y.
  const auto relu = json_of("--n 2 --d 20 --activation relu", scratch);
  CHECK(relu.at("tails").at("level").get<double>() >= relu.at("S").get<double>());
  CHECK(relu.at("tails").at("spread").get<double>() > 0);
}

TEST_CASE("width from constants alone is more than from data that have them", "[cli]") {
  const TemporaryFolder scratch;
  const auto data = json_of("--n 5 --d 100", scratch);
  const std::string gamma = data.at("gamma").at("lower").get<std::string>();
  const auto constants =
      json_of("--from-constants --n 5 --gamma " + gamma + " --bound-x 1 --bound-y 3", scratch);
  CHECK(constants.at("sufficient_width") > data.at("sufficient_width"));
  CHECK(constants.at("closed_form") > constants.at("sufficient_width"));
  // Twice the samples and longer ones ask for more.
  const auto more = json_of("--from-constants --n 10 --eta 0.1 --gamma " + gamma, scratch);
  CHECK(more.at("sufficient_width") > constants.at("sufficient_width"));
}

TEST_CASE("width --measure brackets the least width at which T1 is seen to hold", "[cli]") {
  const TemporaryFolder scratch;
  const auto json = json_of(
      "--n 2 --d 20 --measure --widths 1,16,64,256 --seeds 200 --steps 30 2> /dev/null", scratch);
  const auto& measured = json.at("measured");
  CHECK(measured.at("widths").size() == 4);
  CHECK(measured.at("widths")[0].at("verdict") == "refuted");
  CHECK(measured.at("widths")[3].at("verdict") == "holds");
  CHECK(measured.at("refuted_at") >= 1);
  CHECK(measured.at("holds_at") <= 256);
  // What suffices for certain lies above what is seen to hold.
  CHECK(json.at("sufficient_width") > measured.at("holds_at"));
}

TEST_CASE("width --out draws the width against delta and n", "[cli]") {
  const TemporaryFolder scratch;
  const std::string out = (scratch.path() / "widths").string();
  const auto ended = run_program("width --n 4 --d 40 --out " + out, scratch.path());
  REQUIRE(ended.exit_code == 0);
  for (const char* name : {"width-delta.svg", "width-samples.svg"})
    CHECK_THAT(read_file(std::filesystem::path(out) / name),
               Catch::Contains("<svg") && Catch::Contains("Theorem P, exponent "));
  const std::string csv = read_file(std::filesystem::path(out) / "widths.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 12 + 4);
  CHECK_THAT(csv, Catch::StartsWith("n,delta,sufficient,first,second\n4,0.5,"));

  // Where no width is found there is no slope.
  const std::string none = (scratch.path() / "none").string();
  CHECK(run_program("width --n 2 --d 9 --target-scale 1e150 --out " + none, scratch.path())
            .exit_code == 3);
  CHECK_THAT(read_file(std::filesystem::path(none) / "width-delta.svg"),
             Catch::Contains("exponent 1.00") && !Catch::Contains("Theorem P, exponent"));
}

TEST_CASE("width refuses in one line what is not accepted", "[cli]") {
  const TemporaryFolder scratch;
  const auto refuses = [&](const std::string& arguments, const std::string& words) {
    const auto ended = run_program("width " + arguments, scratch.path());
    INFO(arguments << ": " << ended.out << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Catch::Contains(words));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  };
  for (const char* delta : {"0", "1", "-0.1", "nan", "2"})
    refuses(std::string("--delta ") + delta, "give a number between 0 and 1");
  refuses("--eta 0", "eta = 0 ");
  refuses("--eta -1", "eta = -1 ");
  refuses("--n 3 --d 30 --eta 3", "give 0 < eta < 2.5193");
  refuses("--inputs repeated", "rows 1 and 5 of X are equal");
  refuses("--activation arctan", "a limit kernel, which arctan lacks");
  refuses("--activation nothing", "nothing");
  refuses("--rule kolen-pollack", "kolen-pollack");
  refuses("--rule nothing", "nothing");
  refuses("--theorem t4", "t4");
  refuses("--gamma 0.3", "--from-constants");
  refuses("--from-constants", "--gamma");
  refuses("--from-constants --gamma 0", "gamma = 0 ");
  refuses("--from-constants --gamma 1.5", "gamma = 1.5 is not accepted: give at most 1");
  refuses("--from-constants --gamma 0.3 --bound-x 0", "bound-x = 0 ");
  refuses("--from-constants --gamma 0.3 --bound-y -1", "bound-y = -1 ");
  refuses("--from-constants --gamma 0.3 --outputs 2", "'--outputs' with --from-constants");
  refuses("--from-constants --gamma 0.3 --measure", "--measure");
  refuses("--from-constants --gamma 0.3 --certify folder", "--certify");
  refuses("--widths 1,2", "--measure");
  refuses("--measure --widths 4,2", "widths that rise");
  refuses("--measure --seeds 10", "seeds = 10 ");
  refuses("--measure --delta 1e-6", "delta = 1e-06 ");
  refuses("--measure --lambda 1", "lambda = 1 ");
  refuses("--lambda 0.5", "lambda = 0.5 ");
  for (const char* theorem : {"", " --theorem t3 --inputs isometric --activation identity"}) {
    refuses(std::string("--initial-scale 2") + theorem, "initial-scale = 2 ");
    refuses(std::string("--feedback parallel") + theorem, "feedback = 'parallel' ");
    refuses(std::string("--zero-error") + theorem, "zero-error = y = f(0) ");
  }
  refuses("--theorem t3 --inputs isometric --activation identity --cut 9", "cut = 9 ");
  refuses("--theorem t3 --inputs isometric --activation identity --lambda 1 --decay geometric",
          "decay = 'geometric' ");
  for (const char* data :
       {"--csv no-such-table.csv", "--inputs gaussian", "--d 30", "--target-scale 2"})
    refuses(std::string("--from-constants --gamma 0.3 ") + data,
            " with --from-constants is not accepted");
  for (const char* of_t3 : {"--tau 2", "--level 0.3", "--at 100", "--runs 3",
                            "--from-constants --gamma 0.3 --y-norm 1"})
    refuses(of_t3, "give with it --theorem t3");
  refuses(
      "--theorem t3 --activation identity --lambda 1 --from-constants --gamma 1 --y-norm 1 "
      "--bound-y 2",
      "'--bound-y' with --theorem t3");
  refuses("--out -", "folder");
}

TEST_CASE("width states the probability as it was asked for", "[cli]") {
  const TemporaryFolder scratch;
  const std::string tiny = run_program("width --n 3 --d 30 --delta 1e-300", scratch.path()).out;
  CHECK_THAT(tiny, Catch::StartsWith("T1 and T2 for every p >= N, with probability >= 1 - delta "
                                     "over W(0), beta(0), b\n"));
  CHECK_THAT(tiny, Catch::Contains("0.2, 1e-300"));
  CHECK_THAT(run_program("width --n 3 --d 30 --rule bp", scratch.path()).out,
             Catch::StartsWith("T1 for every p >= N, with probability >= 1 - delta over W(0), "
                               "beta(0)\n"));
}

TEST_CASE("width says that it is undecided where no width will do", "[cli]") {
  const TemporaryFolder scratch;
  const std::string arguments = "width --from-constants --n 3 --gamma 1e-150";
  const auto text = run_program(arguments, scratch.path());
  CHECK(text.exit_code == 3);
  CHECK_THAT(text.out, Catch::Contains("none up to 1e300: undecided"));
  const auto json = run_program(arguments + " --format json", scratch.path());
  CHECK(json.exit_code == 3);
  CHECK(nlohmann::json::parse(json.out).at("sufficient_width").is_null());
}
