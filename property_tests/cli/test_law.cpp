// SPDX-License-Identifier: Apache-2.0
// `alignproof law` and the reduced form of `simulate` as a user meets them.
#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/network/data_source.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

TEST_CASE("law prints the law, measures widths and writes its files", "[cli]") {
  const TemporaryFolder scratch;
  const std::string out = (scratch.path() / "law").string();
  const auto ended = run_program(
      "law --inputs isometric --n 2 --d 2 --lambda 1.5 --eta 0.05 --tau 1.2 --widths 1000,10000 "
      "--seeds 20 --out " +
          out,
      scratch.path());
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("closed") && Catch::Contains("stability is lost at") &&
                            Catch::Contains("-0.5 is proved"));
  for (const std::string& line : {std::string("law.csv"), std::string("widths.csv")})
    CHECK_THAT(read_file(out + "/" + line), Catch::Contains("cosine"));
  CHECK_THAT(read_file(out + "/law.svg"), Catch::Contains("<svg"));
  CHECK_THAT(read_file(out + "/law-order.svg"), Catch::Contains("<svg"));
  // The same whatever the number of threads is.
  const auto alone = run_program(
      "law --inputs isometric --n 2 --d 2 --lambda 1.5 --eta 0.05 --tau 1.2 --widths 1000,10000 "
      "--seeds 20 --jobs 1",
      scratch.path());
  CHECK(alone.out == ended.out);
}

TEST_CASE("law takes K itself and agrees with the data that it came from", "[cli]") {
  const TemporaryFolder scratch;
  const std::string file = (scratch.path() / "K.csv").string();
  write_file(file, "2,1,1\n1,3,-1\n");
  const auto from_K = run_program("law --points 1 --kernel " + file, scratch.path());
  CHECK(from_K.exit_code == 0);
  CHECK_THAT(from_K.out, Catch::Contains("eigenvalues 1.38197 to 3.61803"));
}

TEST_CASE("law refuses bad input in one line", "[cli]") {
  const TemporaryFolder scratch;
  const std::string file = (scratch.path() / "K.csv").string();
  const auto refused = [&](const std::string& arguments, const std::string& value) {
    const auto ended = run_program(arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(value));
  };
  // Before anything is drawn.
  for (const char* activation : {"identity", "tanh"})
    refused(fmt::format("law --n 100000000 --activation {}", activation), "these data");
  refused("law --lambda 0", "lambda = 0");
  refused("law --lambda 1e300", "lambda = 1e+300");
  refused("law --eta 1e101", "eta = 1e+101");
  refused("law --lambda -1", "lambda = -1");
  refused("law --tau -0.5", "tau = -0.5");
  refused("law --tau nan", "tau = nan");
  refused("law --eta 0", "eta = 0");
  refused("law --outputs 2 --targets classes", "outputs = 2");
  refused("law --widths 1000", "widths = 1000");
  refused("law --widths 10,10", "width = 10");
  refused("law --activation tanh --widths 10,20,10", "width = 10");
  refused("law --widths 10,0", "width = 0");
  refused("law --tau 200 --widths 10,1000000000000000", "width = 1000000000000000");
  refused("law --widths 10,100 --seeds 3", "seeds = 3");
  // Whatever else says where data come from, of every source there is.
  for (const DataSource& source : data_sources()) {
    const std::string option(source.option);
    if (!option.empty())
      refused("law --kernel " + file + " " + option + " t" + (source.paths > 1 ? " t" : ""),
              "'" + option + "' with --kernel is not accepted");
  }
  for (const char* other : {"--n 3", "--target 1", "--inputs sphere", "--data-seed 2"})
    refused("law --kernel " + file + " " + other, "with --kernel is not accepted");
  write_file(file, "1,2,1\n2,1,1\n");
  refused("law --kernel " + file, "eigenvalue -0.99999999");
  write_file(file, "1,0.5,1\n0.25,1,1\n");
  refused("law --kernel " + file, "symmetric");
  write_file(file, "1,2\n");
  CHECK(run_program("law --kernel " + file, scratch.path()).exit_code == 0);
  write_file(file, "1,2,3,4\n1,2,3,4\n");
  refused("law --kernel " + file, "2 rows of 4 numbers");
}

namespace {

/// The fields of a line of a table.
std::vector<double> numbers_of(const std::string& line) {
  std::vector<double> found;
  std::istringstream fields(line);
  for (std::string field; std::getline(fields, field, ',');) found.push_back(std::stod(field));
  return found;
}

std::vector<std::vector<double>> table_of(const std::string& file) {
  std::istringstream lines(read_file(file));
  std::vector<std::vector<double>> rows;
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line);) rows.push_back(numbers_of(line));
  return rows;
}

/// Of law.csv.
namespace column {
constexpr std::size_t tau = 0, Lambda = 1, lambda = 2, cosine = 3, cosine_after_cut = 4, signal = 5,
                      error = 7, largest = 10, stability = 11, error_estimate = 12,
                      memory_cosine = 13;
}

struct Asked {
  std::string out;                        ///< what was printed
  std::vector<std::vector<double>> rows;  ///< of law.csv
};

Asked ask(const std::string& arguments, const TemporaryFolder& scratch) {
  const std::string folder = (scratch.path() / "asked").string();
  const auto ended = run_program("law " + arguments + " --out " + folder, scratch.path());
  INFO(arguments << ": " << ended.err);
  REQUIRE(ended.exit_code == 0);
  std::istringstream lines(ended.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  return {ended.out, table_of(folder + "/law.csv")};
}

}  // namespace

TEST_CASE("law keeps to 80 columns whatever the numbers are", "[cli]") {
  const TemporaryFolder scratch;
  for (const char* activation : {"identity", "tanh"})
    for (const char* numbers : {"--lambda 1e100", "--lambda 1e-100", "--eta 1e100 --tau 1e-100"}) {
      const Asked asked = ask(fmt::format("--n 3 --d 6 --points 2 --particles 64 --outputs {} "
                                          "--activation {} {}",
                                          activation[0] == 't' ? 2 : 1, activation, numbers),
                              scratch);
      CHECK(asked.rows.size() == 2);
    }
  const Asked linear = ask("--n 3 --d 6 --points 2 --lambda 1e100", scratch);
  CHECK_THAT(linear.out, Catch::Contains(" 2e+99 lost"));
}

TEST_CASE("law of every activation: evaluators agree within the errors that they state", "[cli]") {
  const TemporaryFolder scratch;
  const std::string file = (scratch.path() / "K.csv").string();
  write_file(file, "2,0.5,1\n0.5,1,-2\n");
  const std::string of = "--activation tanh --points 2 --tau 1.5 --kernel " + file + " ";
  const Asked nodes = ask(of, scratch),
              particles = ask(of + "--evaluator particles --particles 20000", scratch);
  CHECK_THAT(nodes.out, Catch::Contains("Gauss-Hermite"));
  CHECK_THAT(particles.out, Catch::Contains("quasi-random particles"));
  for (std::size_t k = 0; k < 2; ++k) {
    const double allowed =
        nodes.rows[k][column::error_estimate] + particles.rows[k][column::error_estimate];
    CHECK(allowed < 1e-2);
    for (const std::size_t at : {column::cosine, column::cosine_after_cut, column::signal})
      CHECK(std::abs(nodes.rows[k][at] - particles.rows[k][at]) < allowed);
    CHECK(nodes.rows[k][column::signal] == Approx(nodes.rows[k][column::cosine]).epsilon(1e-12));
  }
  const std::string one = "--activation tanh --points 2 --n 1 --input-scale 2 ";
  const Asked closed_one = ask(one, scratch),
              nodes_one = ask(one + "--evaluator quadrature", scratch);
  CHECK_THAT(closed_one.out, Catch::Contains("closed form"));
  CHECK(std::abs(closed_one.rows[1][column::cosine] - nodes_one.rows[1][column::cosine]) <
        nodes_one.rows[1][column::error_estimate] + 1e-9);
  // The reference values of isometric data, n = 4, all y = 1, lambda = 1, tau = 1 and 3.
  write_file(file, "1,0,0,0,1\n0,1,0,0,1\n0,0,1,0,1\n0,0,0,1,1\n");
  const Asked closed = ask("--activation tanh --points 3 --tau 3 --kernel " + file, scratch);
  CHECK_THAT(closed.out, Catch::Contains("closed form of isometric data") &&
                             Catch::Contains("Stability is never lost"));
  CHECK(std::abs(closed.rows[0][column::cosine] - 0.659406880858) < 1e-9);
  CHECK(std::abs(closed.rows[2][column::cosine] - 0.843675353990) < 1e-9);
  CHECK(std::abs(closed.rows[2][column::error] - 0.878932501496) < 1e-9);
}

TEST_CASE("law of the identity by particles is the linear law", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of = "--n 4 --d 6 --points 3 ";
  const Asked linear = ask(of, scratch),
              field = ask(of + "--evaluator particles --particles 1000", scratch);
  for (std::size_t k = 0; k < 3; ++k) {
    // tau, cosine, cosine_after_cut, error, curvature.
    CHECK(std::abs(linear.rows[k][1] - field.rows[k][column::cosine]) < 1e-5);
    CHECK(std::abs(linear.rows[k][2] - field.rows[k][column::cosine_after_cut]) < 1e-5);
    CHECK(std::abs(linear.rows[k][3] - field.rows[k][column::error]) < 1e-5);
    CHECK(std::abs(linear.rows[k][4] - field.rows[k][column::largest]) < 1e-4);
  }
}

TEST_CASE("law says where stability is lost", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of = "--activation softplus --n 3 --d 4 --particles 2000 --eta ";
  const Asked lost = ask(of + "0.3 --tau 8 --points 8", scratch);
  CHECK_THAT(lost.out, Catch::Contains("Stability is lost at tau = "));
  const double at = std::stod(lost.out.substr(lost.out.find("lost at tau = ") + 14));
  for (const auto& row : lost.rows)
    CHECK((row[column::tau] >= at) == (row[column::stability] >= 2));
  const Asked there = ask(of + "0.3 --points 1 --tau " + std::to_string(at), scratch);
  CHECK(std::abs(there.rows[0][column::stability] - 2) < 1e-4);
  // The same of isometric data in closed form, and where it was never there.
  const std::string isometric = "--activation softplus --inputs isometric --n 6 --d 6 ";
  const Asked closed = ask(isometric + "--eta 0.3 --tau 8 --points 2", scratch);
  const double first = std::stod(closed.out.substr(closed.out.find("lost at tau = ") + 14));
  const Asked closed_there =
      ask(isometric + "--eta 0.3 --points 1 --tau " + std::to_string(first), scratch);
  CHECK(std::abs(closed_there.rows[0][column::stability] - 2) < 1e-4);
  CHECK_THAT(ask(isometric + "--eta 0.4 --tau 8 --points 2", scratch).out,
             Catch::Contains("no stability from the start"));
  const Asked kept = ask(of + "0.1 --points 2", scratch);
  CHECK_THAT(kept.out, Catch::Contains("not lost at these times"));
}

TEST_CASE("law of several outputs has two angles", "[cli]") {
  const TemporaryFolder scratch;
  const Asked three =
      ask("--activation erf --n 4 --d 6 --outputs 3 --points 2 --particles 4000", scratch);
  CHECK_THAT(three.out, Catch::Contains("k = 3") && Catch::Contains("signal"));
  CHECK(std::abs(three.rows[1][column::signal] - three.rows[1][column::cosine]) > 1e-3);
  // The columns behind K are y.
  const std::string file = (scratch.path() / "K.csv").string();
  write_file(file, "2,0.5,1,3\n0.5,1,-2,1\n");
  CHECK_THAT(ask("--activation erf --points 1 --particles 1000 --kernel " + file, scratch).out,
             Catch::Contains("k = 2"));
}

TEST_CASE("law knows feedback of signs, which ends in full alignment", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of = "--activation tanh --n 1 --tau 30 --points 1 ";
  const Asked normal = ask(of, scratch), signs = ask(of + "--feedback signs", scratch),
              nodes = ask(of + "--feedback signs --evaluator quadrature", scratch);
  // Signs tend to 1, normal feedback to sqrt(2 / pi).
  CHECK(std::abs(normal.rows[0][column::cosine] - std::sqrt(2 / 3.14159265358979)) < 0.01);
  CHECK(signs.rows[0][column::cosine] > 0.95);
  CHECK(std::abs(nodes.rows[0][column::cosine] - signs.rows[0][column::cosine]) < 0.01);
}

TEST_CASE("law takes penalties that fall or are cut on the slow time", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of = "--activation tanh --n 2 --d 3 --points 4 --tau 2 --particles 2000 ";
  const Asked kept = ask(of, scratch), cut = ask(of + "--cut 1", scratch),
              falls = ask(of + "--decay inverse-square --decay-scale 1", scratch),
              slower = ask(of + "--decay geometric --decay-scale 0.9", scratch);
  CHECK_THAT(cut.out, Catch::Contains("lambda = 1 until tau = 1"));
  CHECK(cut.rows[0][column::cosine] == kept.rows[0][column::cosine]);
  // From the cut on nothing moves.
  CHECK(cut.rows[3][column::cosine] ==
        Approx(kept.rows[1][column::cosine_after_cut]).epsilon(1e-6));
  CHECK(cut.rows[3][column::error] == 0);
  CHECK(falls.rows[3][column::lambda] == Approx(1.0 / 9).epsilon(1e-12));
  CHECK(falls.rows[3][column::Lambda] == Approx(1 - 1.0 / 3).epsilon(1e-9));
  CHECK(slower.rows[3][column::lambda] == Approx(0.81).epsilon(1e-12));
}

TEST_CASE("law compares with runs of any activation", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of =
      "--activation erf --n 2 --d 3 --points 2 --tau 1 --widths 50,800 --seeds 20 "
      "--steps-after 100 --particles 4000 ";
  const Asked runs = ask(of, scratch);
  CHECK_THAT(runs.out, Catch::Contains("-0.5 by theorem") && Catch::Contains("after the cut"));
  const std::string out = (scratch.path() / "asked").string();
  CHECK(table_of(out + "/widths.csv").size() == 40);
  CHECK_THAT(read_file(out + "/law-order.svg"), Catch::Contains("<svg"));
  CHECK_THAT(read_file(out + "/law.svg"), Catch::Contains("<svg"));
  double mean = 0;  // over the wider networks
  for (const auto& row : table_of(out + "/widths.csv")) mean += row[0] == 800 ? row[2] / 20 : 0;
  CHECK(std::abs(mean - runs.rows[1][column::cosine]) < 0.05);
  CHECK(ask(of + "--jobs 1", scratch).out == runs.out);
  CHECK_THAT(ask("--activation relu --n 2 --d 3 --points 1 --tau 0.5 --widths 20,40 --seeds 20 "
                 "--particles 4000",
                 scratch)
                 .out,
             Catch::Contains("numerical only"));
}

TEST_CASE("law says of an exponent that it is known only where the theorem speaks of it", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of =
      "--activation tanh --n 2 --d 20 --points 1 --tau 0.5 --widths 20,40 --seeds 20 "
      "--particles 4000 ";
  const auto unsettled = Catch::Contains("not decayed after the cut");
  const auto unstable = Catch::Contains("stability is lost before");
  CHECK_THAT(ask(of + "--steps-after 10", scratch).out, unsettled && !unstable);
  CHECK_THAT(ask(of, scratch).out, !unsettled && !unstable);
  CHECK_THAT(ask("--activation softplus --n 2 --d 3 --lambda 1 --eta 0.9 --points 4 --tau 2 "
                 "--widths 20,40 --seeds 20 --particles 4000",
                 scratch)
                 .out,
             unstable || Catch::Contains("runs diverged"));
  // Backpropagation begins with H = Theta.
  const std::string bp = "--activation tanh --rule bp --n 1 --d 3 --lambda 1 --tau 1 --points 1 ";
  CHECK_THAT(ask(bp + "--input-scale 3 --eta 0.95", scratch).out,
             Catch::Contains("outside of the theorem") && !Catch::Contains("never lost") &&
                 !Catch::Contains("that of beta alone"));
  CHECK_THAT(ask(bp + "--eta 0.1", scratch).out, Catch::Contains("that of beta alone"));
}

TEST_CASE("law of backpropagation is on its own time", "[cli]") {
  const TemporaryFolder scratch;
  const Asked bp =
      ask("--activation tanh --rule bp --n 2 --d 3 --points 2 --tau 1 --widths 50,400 --seeds 20 "
          "--particles 4000",
          scratch);
  CHECK_THAT(bp.out, Catch::Contains("tau = eta t / p") && Catch::Contains("that of beta alone") &&
                         Catch::Contains("not proved"));
  CHECK(bp.rows[1][column::error] < bp.rows[0][column::error]);
  double mean = 0;
  for (const auto& row : table_of((scratch.path() / "asked" / "widths.csv").string()))
    mean += row[0] == 400 ? row[3] / 20 : 0;
  CHECK(mean == Approx(bp.rows[1][column::error]).epsilon(0.05));
}

TEST_CASE("law with memory stands beside the law", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of =
      "--activation identity --n 2 --d 3 --points 2 --particles 1000 --finite-width ";
  const Asked narrow = ask(of + "20", scratch), wide = ask(of + "1000000", scratch);
  CHECK_THAT(narrow.out, Catch::Contains("networks of width 20"));
  const auto gap = [](const Asked& asked) {
    return std::abs(asked.rows[1][column::memory_cosine] - asked.rows[1][column::cosine]);
  };
  CHECK(gap(wide) < 0.01);
  CHECK(gap(narrow) > 2 * gap(wide));
}

TEST_CASE("law of three layers says its errors", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of =
      "--activation tanh --layers 3 --n 2 --d 3 --points 1 --tau 0.5 "
      "--particles 512 --widths 30,60 --seeds 3 --rule ";
  const Asked fa = ask(of + "fa", scratch), dfa = ask(of + "dfa", scratch);
  CHECK_THAT(fa.out, Catch::Contains("3 layers, rule fa"));
  CHECK(fa.rows != dfa.rows);
  CHECK((fa.rows[0][1] > 0 && fa.rows[0][1] < 1));
}

TEST_CASE("law refuses what would be ignored, and what it cannot do, in one line", "[cli]") {
  const TemporaryFolder scratch;
  const auto refused = [&](const std::string& arguments, const std::string& value) {
    const auto ended = run_program("law " + arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(value));
  };
  const std::string tanh = "--activation tanh ";
  refused("--activation cosine", "'cosine'");
  refused(tanh + "--lambda 0", "lambda = 0");
  refused(tanh + "--tau -1", "tau = -1");
  refused(tanh + "--cut 0", "cut = 0");
  refused(tanh + "--cut -1", "cut = -1");
  refused(tanh + "--decay linear", "linear");
  refused(tanh + "--decay geometric --decay-scale 1.5", "1.5");
  refused(tanh + "--decay-scale 2", "'--decay-scale'");
  refused(tanh + "--evaluator exact", "'exact'");
  refused(tanh + "--evaluator quadrature --n 4", "n = 4");
  refused(tanh + "--evaluator quadrature --n 4", "particles");
  refused(tanh + "--evaluator quadrature --n 3 --outputs 8", "8 outputs");
  refused(tanh + "--evaluator quadrature --particles 10", "'--particles'");
  refused(tanh + "--particles 0", "particles = 0");
  refused(tanh + "--feedback random", "'random'");
  refused(tanh + "--feedback signs --rule bp", "'--feedback'");
  refused(tanh + "--rule shallow", "'shallow'");
  refused(tanh + "--rule dfa", "'dfa'");
  refused(tanh + "--layers 4", "layers = 4");
  refused(tanh + "--layers 3 --rule bp", "bp");
  refused(tanh + "--layers 3 --outputs 2", "outputs = 2");
  refused(tanh + "--layers 3 --cut 1", "'--cut'");
  refused(tanh + "--layers 3 --feedback signs", "'--feedback'");
  refused(tanh + "--layers 3 --evaluator particles", "'--evaluator'");
  refused(tanh + "--layers 3 --widths 10000", "width = 10000");
  refused("--activation relu --layers 3", "'relu' with 3 layers");
  refused("--activation relu --rule bp", "relu");
  refused("--activation relu --n 2 --evaluator quadrature", "relu");
  for (const char* other : {"--rule bp", "--feedback signs", "--cut 1", "--layers 3",
                            "--decay geometric --decay-scale 0.5"})
    refused(tanh + "--finite-width 100 " + other, "'--finite-width'");
  refused(tanh + "--finite-width 0", "finite-width = 0");
  refused(tanh + "--seeds 60", "'--seeds'");
  refused(tanh + "--steps-after 60", "'--steps-after'");
  refused(tanh + "--rule bp --widths 10,20 --steps-after 60", "'--steps-after'");
  refused(tanh + "--n 2 --seed 3", "'--seed'");
  refused("--seed 3", "'--seed'");
  refused(tanh + "--widths 10,1000000000", "width = 1000000000");
  refused(tanh + "--rule bp --tau 100 --widths 10,100000000", "10^9 steps");
  refused(tanh + "--targets zero", "Y = 0");
  const std::string file = (scratch.path() / "K.csv").string();
  write_file(file, "1,2,1\n2,1,1\n");
  refused(tanh + "--kernel " + file, "eigenvalue");
  write_file(file, "1,2\n2,1\n");
  refused(tanh + "--kernel " + file, "2 rows of 2 numbers");
  write_file(file, "1,1,1\n1,1,1\n");  // singular, which the law takes
  CHECK(run_program("law --points 1 --activation tanh --particles 1000 --kernel " + file,
                    scratch.path())
            .exit_code == 0);
}

TEST_CASE("the reduced form runs at any width and refuses what it cannot", "[cli]") {
  const TemporaryFolder scratch;
  const auto wide = run_program(
      "simulate --form reduced --weights wishart --activation identity --lambda 1 --width "
      "1000000000000 --steps 5 --every 5",
      scratch.path());
  CHECK(wide.exit_code == 0);
  CHECK_THAT(wide.out, Catch::Contains("\n5,"));
  const auto balls = run_program(
      "simulate --form reduced --number ball --activation identity --steps 3", scratch.path());
  CHECK_THAT(balls.out, Catch::Contains("cosine_lower"));
  const auto refused = [&](const std::string& arguments, const std::string& value) {
    const auto ended = run_program("simulate " + arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(value));
  };
  refused("--form reduced", "activation");
  refused("--form reduced --activation identity --rule bp", "rule = bp");
  refused("--weights wishart", "weights = wishart");
  refused("--number ball", "number = ball");
  refused("--form reduced --activation identity --width 1000000000000", "width 1000000000000");
  refused("--form reduced --weights wishart --activation identity --width 10000000000000000",
          "10000000000000000");
}

TEST_CASE("law certifies a value, and refuses what the certificate would not say", "[cli]") {
  const TemporaryFolder scratch;
  const std::string of = "law --inputs isometric --n 2 --activation relu --certify " +
                         (scratch.path() / "c").string() + " ";
  const auto proved = run_program(of, scratch.path());
  INFO(proved.err);
  CHECK(proved.exit_code == 0);
  CHECK_THAT(proved.out,
             Catch::Contains(
                 "\nimplies:   proved:\n           - the law at tau = 2 has cos(b, beta) in ["));
  for (const char* option : {"--d 3", "--outputs 2", "--input-scale 2", "--target-scale 3",
                             "--targets zero", "--data-seed 4", "--eta 0.1", "--widths 10,20"}) {
    const auto ended = run_program(of + option, scratch.path());
    INFO(option << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains("without --certify"));
  }
  for (const char* option : {"--gamma 1e-300", "--ybar 0", "--lambda 1e-300", "--tau 1e9"}) {
    const auto ended = run_program(of + option, scratch.path());
    INFO(option << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains("1e-8 to 1e8"));
  }
}
