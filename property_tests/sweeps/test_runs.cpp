// SPDX-License-Identifier: Apache-2.0
// Runs against the published loss written out, grids, tables and summaries.
#include <alignproof/sweeps/sweep.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/sweeps/summary.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// reg(t), written out.
double reg_at(const RegressionSpec& spec, std::size_t t) {
  const Penalty& schedule = spec.schedule;
  const auto time = static_cast<double>(t);
  if (t >= schedule.cut) return 0;
  if (schedule.decay == Decay::geometric) return spec.reg * std::pow(schedule.scale, time);
  if (schedule.decay == Decay::inverse_square)
    return spec.reg / std::pow(1 + time / schedule.scale, 2);
  return spec.reg;
}

/// The published loss (1/n) |f - y|^2 and its gradient steps, written out in weights: what eta and
/// lambda must amount to.
RunResult plain(const RegressionSpec& spec, std::size_t steps) {
  const auto n = static_cast<Eigen::Index>(spec.n), d = static_cast<Eigen::Index>(spec.d),
             p = static_cast<Eigen::Index>(spec.width);
  const auto normals = [&](Stream stream, Eigen::Index rows, Eigen::Index cols) {
    Eigen::MatrixXd m(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
      for (Eigen::Index j = 0; j < cols; ++j)
        m(i, j) = standard_normal(spec.seed, stream, static_cast<std::uint32_t>(i),
                                  static_cast<std::uint32_t>(j));
    return m;
  };
  Eigen::MatrixXd X = normals(Stream::X, n, d);
  if (spec.inputs == Inputs::sphere) X.rowwise().normalize();
  if (spec.inputs == Inputs::isometric) X = Eigen::MatrixXd::Identity(n, d);
  const double root_d = std::sqrt(static_cast<double>(d));
  X *= spec.input_norm.value_or(root_d) / (spec.inputs == Inputs::gaussian ? root_d : 1);
  Eigen::MatrixXd W = normals(Stream::W, p, d);
  Eigen::VectorXd beta = normals(Stream::beta, p, 1);
  const Eigen::VectorXd b = normals(Stream::b, p, 1);
  const double root = std::sqrt(static_cast<double>(p));
  const auto psi = [&](double a) {
    return spec.activation == Activation::identity ? a
           : spec.activation == Activation::relu   ? std::max(a, 0.0)
           : spec.activation == Activation::tanh   ? std::tanh(a)
                                                   : 1 / (1 + std::exp(-a));
  };
  const auto slope = [&](double a) {
    const double s = psi(a);
    return spec.activation == Activation::identity ? 1.0
           : spec.activation == Activation::relu   ? (a > 0 ? 1.0 : 0.0)
           : spec.activation == Activation::tanh   ? 1 - s * s
                                                   : s * (1 - s);
  };
  Eigen::VectorXd y;
  if (spec.targets == Targets::network)
    y = (normals(Stream::teacher_W, p, d) * X.transpose()).unaryExpr(psi).transpose() *
        normals(Stream::teacher, p, 1) / root;
  else
    y = X * normals(Stream::teacher, d, 1);
  RunResult result;
  for (std::size_t t = 0;; ++t) {
    const Eigen::MatrixXd A = W * X.transpose(), Psi = A.unaryExpr(psi), D = A.unaryExpr(slope);
    const Eigen::VectorXd e = Psi.transpose() * beta / root - y;
    if (t == steps) {
      result.end.loss = e.squaredNorm() / static_cast<double>(n);
      result.end.alignment = b.dot(beta) / (b.norm() * beta.norm());
      return result;
    }
    const Eigen::VectorXd back = spec.learning == Rule::fa ? b : beta;
    const double rate = spec.step * 2 / static_cast<double>(n);  // of the gradient of the mean
    const Eigen::MatrixXd dW = (D.array() * (back * e.transpose()).array()).matrix() * X / root;
    beta -= rate * (Psi * e / root) + spec.step * reg_at(spec, t) * beta;
    if (spec.learning.hidden_learns()) W -= rate * dW;
  }
}

}  // namespace

TEST_CASE("a run of a sweep is gradient descent on the published loss", "[sweeps]") {
  for (const Activation psi :
       {Activation::identity, Activation::relu, Activation::tanh, Activation::sigmoid})
    for (const char* learning : {"fa", "bp", "shallow"})
      for (const Targets targets : {Targets::linear, Targets::network}) {
        RegressionSpec spec;
        spec.n = 5, spec.d = 7, spec.width = 40, spec.activation = psi,
        spec.learning = learning_rule_from(learning);
        spec.targets = targets, spec.step = 0.02, spec.reg = 0.3, spec.steps = 50, spec.seed = 3;
        const RunResult ours = execute(spec), theirs = plain(spec, 50);
        INFO(to_line(spec));
        CHECK(ours.end.t == 50);
        CHECK(ours.end.loss == Approx(theirs.end.loss).epsilon(1e-9));
        CHECK(ours.end.alignment == Approx(theirs.end.alignment).epsilon(1e-9));
        spec.form = Form::kernel;
        CHECK(execute(spec).end.alignment == Approx(theirs.end.alignment).epsilon(1e-9));
        spec.form = Form::fused, spec.precision = Precision::float32;
        CHECK(execute(spec).end.alignment == Approx(theirs.end.alignment).margin(1e-4));
      }
}

TEST_CASE("inputs, schedules and precisions of a run are what their names say", "[sweeps]") {
  RegressionSpec spec;
  spec.n = 4, spec.d = 6, spec.width = 30, spec.activation = Activation::tanh;
  spec.step = 0.05, spec.reg = 0.8, spec.steps = 30, spec.seed = 5;
  const auto agrees = [&] {
    INFO(to_line(spec));
    const RunResult theirs = plain(spec, 30);
    for (const Form form : {Form::fused, Form::kernel}) {
      spec.form = form;
      const RunResult ours = execute(spec);
      CHECK(ours.end.loss == Approx(theirs.end.loss).epsilon(1e-9));
      CHECK(ours.end.alignment == Approx(theirs.end.alignment).epsilon(1e-9));
    }
    CHECK(spec_from_line(to_line(spec)) == RunSpec(spec));
    return theirs.end.alignment;
  };
  std::set<double> alignments;
  for (const Inputs inputs : {Inputs::gaussian, Inputs::sphere, Inputs::isometric})
    for (const std::optional<double> norm : {std::optional<double>{}, std::optional(1.5)}) {
      spec.inputs = inputs, spec.input_norm = norm;
      alignments.insert(agrees());
    }
  for (const char* schedule :
       {"cut 10", "geometric 0.9", "inverse-square 7", "geometric 0.95 cut 20"}) {
    spec.schedule = schedule_from(schedule);
    CHECK(schedule_from(schedule_in_words(spec.schedule)) == spec.schedule);
    alignments.insert(agrees());
  }
  CHECK(alignments.size() == 10);  // every one of them matters
  const RunResult in_double = execute(spec);
  spec.precision = Precision::mpfr, spec.digits = 40;
  const RunResult in_mpfr = execute(spec);
  CHECK(in_mpfr.end.alignment == Approx(in_double.end.alignment).epsilon(1e-12));
  spec.digits = 80;
  CHECK(execute(spec).end.alignment == in_mpfr.end.alignment);  // to the last bit of a double
  CHECK(spec_from_line(to_line(spec)) == RunSpec(spec));
  spec.activation = Activation::identity, spec.form = Form::reduced;
  const RunResult reduced = execute(spec);  // a sample of its own: compared with itself
  spec.precision = Precision::float64, spec.digits = 0;
  CHECK(execute(spec).end.loss == Approx(reduced.end.loss).epsilon(1e-9));
}

TEST_CASE("more digits carry a run below the rounding floor of doubles", "[sweeps]") {
  RegressionSpec spec;
  spec.n = 2, spec.d = 8, spec.width = 200, spec.activation = Activation::gelu;
  spec.inputs = Inputs::sphere, spec.input_norm = 1, spec.step = 1, spec.steps = 200;
  spec.form = Form::kernel;
  const double floor = execute(spec).end.loss;
  spec.precision = Precision::mpfr, spec.digits = 60;
  const double below = execute(spec).end.loss;
  CHECK((floor == 0 || floor > 1e-36));
  CHECK(below > 0);
  CHECK(below < 1e-70);
}

TEST_CASE("schedules in other words are refused", "[sweeps]") {
  for (const char* words :
       {"", "never", "geometric", "geometric 1.5", "geometric 0", "cut", "cut -1", "cut 1.5",
        "inverse-square -3", "geometric 0.9 cut 3 4", "constant 3", "cut 99999999999999999999"}) {
    INFO(words);
    CHECK_THROWS_AS(schedule_from(words), InputError);
  }
}

TEST_CASE("a run ends when its loss has settled, never before its least number of steps",
          "[sweeps]") {
  CHECK(settled_steps(200) == 5051);     // 70710 / 14 = 5050.7
  CHECK(settled_steps(12800) == 40406);  // 565685 / 14 = 40406.07
  RegressionSpec spec;
  spec.n = 3, spec.d = 4, spec.width = 1, spec.activation = Activation::tanh;
  spec.step = 1e-9;
  CHECK(execute(spec).end.t == 1999);  // N(1) = 357; the loss is first compared with 0
  spec.width = 200;
  CHECK(execute(spec).end.t == 5051);
  // Diverging without end, slowly: the loss moves by more than 1e-3 between any two looks.
  spec.width = 1, spec.activation = Activation::identity, spec.step = 1e-7, spec.reg = 0;
  spec.targets = Targets::linear, spec.n = 2, spec.d = 2, spec.input_norm = 300;
  const RunResult unsettled = execute(spec);
  CHECK(unsettled.end.t == most_steps(1));
  Sweep sweep;
  sweep.runs = {spec};
  CHECK_THAT(table(sweep, {unsettled}), Catch::Contains(",3570,unsettled,"));
}

TEST_CASE("a run that diverges says where, and its line survives", "[sweeps]") {
  RegressionSpec spec;
  spec.n = 3, spec.d = 4, spec.width = 10, spec.activation = Activation::identity;
  spec.step = 1e5, spec.steps = 1000, spec.every = 1;
  const RunResult result = execute(spec);
  REQUIRE(result.diverged);
  CHECK(std::isnan(result.end.alignment));
  CHECK(to_line(result_from_line(to_line(result))) == to_line(result));
}

TEST_CASE("specs and results are read back as they were written", "[sweeps]") {
  RegressionSpec spec;
  spec.step = 0.1, spec.reg = 1e-300, spec.steps = 7, spec.every = 3;
  spec.precision = Precision::float32;
  spec.learning = learning_rule_from("shallow"), spec.seed = 77;
  CHECK(spec_from_line(to_line(spec)) == RunSpec(spec));
  spec.steps.reset(), spec.form = Form::reduced;
  CHECK(spec_from_line(to_line(spec)) == RunSpec(spec));
  RegressionSpec short_run;
  short_run.n = 3, short_run.d = 4, short_run.width = 9, short_run.steps = 7, short_run.every = 3;
  const RunResult result = execute(short_run);
  REQUIRE(result.trace.size() == 3);
  CHECK(result.trace[2].t == 6);
  CHECK(to_line(result_from_line(to_line(result))) == to_line(result));
}

TEST_CASE("a sweep has every rule in kernel form, and says so where it does not", "[sweeps]") {
  const std::string start =
      "name = \"a\"\n[run]\nn = 3\nd = 4\nwidth = 9\nsteps = 400\nstep = 0.3\nreg = 0.05\n";
  const Sweep sweep = read_sweep(
      start +
          "form = \"kernel\"\n"
          "rule = [\"fa\", \"bp\", \"shallow\", \"sign-symmetric\", \"kolen-pollack\"]\n",
      "full");
  REQUIRE(sweep.runs.size() == 5);
  std::vector<double> alignment;
  for (const RunSpec& spec : sweep.runs) {
    CHECK(spec_from_line(to_line(spec)) == spec);
    alignment.push_back(execute(sweep, spec).end.alignment);
  }
  CHECK(alignment[4] > 0.99);  // b - beta shrank by 0.985^400
  for (std::size_t i = 1; i < 4; ++i) CHECK(std::abs(alignment[i]) < 0.99);
  const auto refused = [&](const std::string& more, const std::string& line) {
    CHECK_THROWS_WITH(read_sweep(start + more, "full"), Catch::Contains(line));
  };
  refused("rule = \"kolen-pollack\"\n",
          "rule = 'kolen-pollack' is not accepted: give fa, bp or shallow in fused form");
  refused("rule = \"kolen-pollack\"\nform = \"reduced\"\nactivation = \"identity\"\n",
          "linear networks with rule fa");
  refused("rule = \"dfa\"\n", "give fa, bp, kolen-pollack, shallow");
}

// Lines as they stood in stores before rules were values.
TEST_CASE("stored lines of old runs are read", "[sweeps]") {
  for (const char* rule : {"fa", "bp", "shallow"}) {
    RegressionSpec spec;
    spec.learning = learning_rule_from(rule);
    const std::string line = to_line(spec);
    CHECK_THAT(line, Catch::Contains(std::string("\"rule\":\"") + rule + "\""));
    CHECK(spec_from_line(line) == RunSpec(spec));
  }
  const std::string old =
      R"({"activation":"tanh","inputs":"gaussian","targets":"linear","n":50,"d":150,)"
      R"("input_norm":"sqrt d","width":200,"rule":"shallow","form":"fused","number":"double",)"
      R"("step":0.001,"reg":0.0,"schedule":"constant","dropout":0.0,"steps":"settled","every":0,)"
      R"("seed":1})";
  CHECK(to_line(spec_from_line(old)) == old);
}

TEST_CASE("the grid varies its last key fastest and scales replace values", "[sweeps]") {
  const Sweep sweep = read_sweep(
      "name = \"a\"\n[run]\nwidth = [10, 20]\nreg = [0, 1]\nseeds = 2\n[scale.smoke]\nwidth = 5\n",
      "full");
  REQUIRE(sweep.runs.size() == 8);
  CHECK(std::get<RegressionSpec>(sweep.runs[1]).seed == 2);
  CHECK(std::get<RegressionSpec>(sweep.runs[2]).reg == 1);
  CHECK(std::get<RegressionSpec>(sweep.runs[4]).width == 20);
  const Sweep smoke = read_sweep(
      "name = \"a\"\n[run]\nwidth = [10, 20]\nreg = [0, 1]\nseeds = 2\n[scale.smoke]\nwidth = 5\n",
      "smoke");
  CHECK(smoke.runs.size() == 4);
  CHECK(std::get<RegressionSpec>(smoke.runs[0]).width == 5);
}

namespace {

constexpr const char* few_images = R"(
name = "few"
[run]
experiment = "images"
layers = [2, 3]
rule = ["fa", "bp"]
width = 20
batch = 10
epochs = 2
every = 3
seeds = 2
)";

/// 40 training and 15 test images of 4 x 5 pixels in the format of MNIST.
void write_images(const std::filesystem::path& folder) {
  const auto word = [](std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
  };
  for (const bool test : {false, true}) {
    const std::uint32_t count = test ? 15 : 40;
    std::string images = word(2051) + word(count) + word(4) + word(5),
                labels = word(2049) + word(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      labels += static_cast<char>(i % 10);
      for (std::uint32_t j = 0; j < 20; ++j)
        images += static_cast<char>(random_bits(test, Stream::X, i, j) & 0xff);
    }
    const std::string name = test ? "t10k" : "train";
    write_file(folder / (name + "-images-idx3-ubyte"), images);
    write_file(folder / (name + "-labels-idx1-ubyte"), labels);
  }
}

}  // namespace

TEST_CASE("images are an experiment on any folder of the MNIST format", "[sweeps]") {
  const test::TemporaryFolder scratch;
  write_images(scratch.path());
  const Sweep sweep = read_sweep(few_images, "full", scratch.path());
  REQUIRE(sweep.runs.size() == 8);
  const auto& spec = std::get<ClassificationSpec>(sweep.runs[7]);
  CHECK(spec.train == 40);
  CHECK(spec.test == 15);
  CHECK(spec.network.layers == 3);
  CHECK(spec_from_line(to_line(sweep.runs[7])) == sweep.runs[7]);
  Progress none;
  const std::vector<RunResult> results = execute(sweep, 2, none);
  const ClassifierRun run =
      train_classifier(sweep.images->train, sweep.images->test, spec.network, 1);
  REQUIRE(results[7].trace.size() == run.points.size());
  CHECK(results[7].end.t == 8);
  CHECK(results[7].end.loss == run.points.back().loss);
  CHECK(results[7].end.test_accuracy == run.points.back().test_accuracy);
  CHECK(results[7].end.middle_alignment == run.points.back().middle_cosine);
  for (const RunResult& result : results)
    CHECK(to_line(result_from_line(to_line(result))) == to_line(result));
  SECTION("other images are another grid") {
    std::string labels = read_file(scratch.path() / "t10k-labels-idx1-ubyte");
    labels.back() = 9;
    write_file(scratch.path() / "t10k-labels-idx1-ubyte", labels);
    CHECK(read_sweep(few_images, "full", scratch.path()).runs != sweep.runs);
  }
  SECTION("a folder for an experiment without images is refused") {
    CHECK_THROWS_AS(read_sweep("name = \"a\"\n[run]\n", "full", scratch.path()), InputError);
  }
  SECTION("the tables have a line a run and a line an observation") {
    const std::string lines = table(sweep, results), points = traces(results);
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 9);
    CHECK(std::count(points.begin(), points.end(), '\n') == 1 + 8 * 4);  // 0, 3, 6, 8
  }
}

TEST_CASE("a summary compares with backpropagation run by run", "[sweeps]") {
  Sweep sweep = read_sweep(
      "name = \"a\"\n[run]\nrule = [\"fa\", \"bp\"]\nreg = [0, 1]\nwidth = [10, 20]\nseeds = 3\n",
      "full");
  REQUIRE(sweep.runs.size() == 24);
  std::vector<RunResult> results(24);
  for (std::size_t i = 0; i < 24; ++i) {
    const auto& spec = std::get<RegressionSpec>(sweep.runs[i]);
    // The seeds differ much, the rules by 2, the penalty by 0.25 and a little from seed to seed.
    results[i].end.loss = 100 * static_cast<double>(spec.seed) +
                          (spec.learning == Rule::fa ? 2 : 0) +
                          spec.reg * (0.25 + 0.01 * static_cast<double>(spec.seed));
    results[i].end.alignment = static_cast<double>(spec.width);
  }
  results[0].diverged = true;
  results[0].end.loss = results[0].end.alignment = std::nan("");
  const Simulation s = summarise(sweep, results);
  REQUIRE(s.cells.size() == 8);
  CHECK(s.keys == std::vector<std::string>{"$p$", "rule", "penalty"});
  REQUIRE(s.quantities.size() == 3);
  for (const SimulationCell& cell : s.cells) {
    const bool fa = cell.keys[1] == "FA", penalised = cell.keys[2] == "1.0";
    const bool first = fa && !penalised && cell.keys[0] == "10";
    INFO(cell.keys[0] << cell.keys[1] << cell.keys[2]);
    CHECK(cell.runs == 3);
    CHECK(cell.diverged == (first ? 1 : 0));
    CHECK(cell.values[1].value == (cell.keys[0] == "10" ? 10 : 20));
    const Measurement& difference = cell.values[2];
    if (!fa && !penalised) {
      CHECK(std::isnan(difference.value));
      continue;
    }
    CHECK(difference.value == Approx((fa ? 2 : 0) + (penalised ? 0.27 : 0)));
    REQUIRE(difference.interval);  // much narrower than the spread of the seeds
    CHECK(difference.interval->second - difference.interval->first < 0.1);
  }
  REQUIRE(s.figures.size() == 1);
  CHECK(s.figures[0].log_x);
  REQUIRE(s.figures[0].series.size() == 4);
  for (const Series& series : s.figures[0].series) {
    CHECK(series.x == std::vector<double>{10, 20});
    CHECK(series.low.size() == 2);
  }
}

TEST_CASE("ready sweeps are those of the folder", "[sweeps]") {
  std::set<std::string> files, names;
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/proofs_numeric/simulations"))
    files.insert(entry.path().stem().string());
  for (const auto& [name, text] : ready_sweeps()) {
    names.insert(std::string(name));
    CHECK(read_file(ALIGNPROOF_SOURCE_DIR "/proofs_numeric/simulations/" + std::string(name) +
                    ".toml") == text);
  }
  CHECK(files == names);
}
