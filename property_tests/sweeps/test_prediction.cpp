// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/prediction.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/sweeps/ending.hpp>
#include <alignproof/sweeps/mean_square.hpp>

#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;

namespace {

constexpr const char* small_networks = R"(
name = "small"
[run]
activation = "tanh"
targets = "network"
form = "fused"
number = "double"
n = 5
d = 10
width = [200, 400]
step = 0.1
reg = [0, 0.05]
steps = 400
seeds = 300
)";

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

Sweep sweep_with(const std::vector<std::string>& settings) {
  return read_sweep(small_networks, "full", {}, settings);
}

std::string refused(const std::vector<std::string>& settings) {
  return error_of([&] { planned_prediction(sweep_with(settings), 2, 1); });
}

RunTable table_of(const std::string& lines) {
  RunTable table;
  table.add("table", lines);
  return table;
}

Prediction predicted(const Sweep& plan, std::size_t units, std::size_t jobs = 1) {
  Progress silent;
  return predict(plan, units, jobs, silent);
}

RegressionSpec settling(std::size_t width) {
  RegressionSpec spec;
  spec.width = width;
  return spec;
}

/// The published rule step by step, as its authors state it.
std::size_t published_end(std::size_t width, const std::function<double(std::size_t)>& loss) {
  const double p = static_cast<double>(width);
  const auto least = static_cast<std::size_t>(std::round(std::floor(5000 * std::sqrt(p)) / 14));
  double before = 0;
  bool is_settled = false;
  for (std::size_t t = 1; t < 10 * least; ++t) {
    if (t % 1000 == 999) {
      is_settled = is_settled || std::abs(loss(t) - before) < 1e-3;
      before = loss(t);
    }
    if (is_settled && t >= least) return t;
  }
  return 10 * least;
}

/// The course of this loss, at steps so many apart.
FiniteWidthCourse course_of(const RegressionSpec& spec, std::size_t apart,
                            const std::function<double(std::size_t)>& loss) {
  const double slow = mean_square_convention(spec.step, spec.reg, spec.n).eta /
                      std::sqrt(static_cast<double>(spec.width));
  FiniteWidthCourse course;
  for (std::size_t t = 0; t <= most_steps(spec.width) + apart; t += apart) {
    course.tau.push_back(static_cast<double>(t) * slow);
    course.loss.push_back(loss(t));
    course.cosine.push_back(static_cast<double>(t) * 1e-6);
  }
  return course;
}

/// Falls fast, then restless, and never rests.
double restless(std::size_t t) {
  const auto x = static_cast<double>(t);
  return 2 * std::exp(-x / 300) + 0.5 * std::exp(-x / 8000);
}

/// Falls, rests from 5999 to 6999, and falls again.
double with_a_rest(std::size_t t) {
  const double x = static_cast<double>(t) / 1000;
  return 2 - 0.1 * x + 0.107 * std::sin(x);
}

}  // namespace

TEST_CASE("a run that follows a loss ends where the published rule says", "[sweeps][prediction]") {
  for (const std::size_t width : {1, 50, 200, 777, 12800})
    for (const auto& loss : {restless, with_a_rest, +[](std::size_t) { return 5.0; },
                             +[](std::size_t) { return 0.0; }}) {
      Ending ending(settling(width));
      std::size_t t = 0;
      while (!ending.reached(t)) {
        t = ending.next(t);
        if (ending.looks(t)) ending.look(loss(t));
      }
      CHECK(t == published_end(width, loss));
    }
}

TEST_CASE("a predicted run ends by the rule of runs, if its loss is known finely enough",
          "[sweeps][prediction]") {
  const RegressionSpec spec = settling(200);
  for (const auto& loss : {restless, with_a_rest}) {
    const auto found = predicted_end(spec, course_of(spec, 100, loss));
    REQUIRE(found);
    CHECK(found->end.t == published_end(200, loss));
    CHECK(found->end.alignment == Approx(static_cast<double>(found->end.t) * 1e-6));
    CHECK(found->end.loss == Approx(loss(found->end.t)));
  }
  CHECK(published_end(200, restless) == 33999);
  CHECK(published_end(200, with_a_rest) == 6999);
  // Coarse steps show rests that a loss has not, and hide those that it has.
  CHECK(predicted_end(spec, course_of(spec, 12000, restless))->end.t < 20000);
  CHECK(predicted_end(spec, course_of(spec, 9000, with_a_rest))->end.t > 6999);
  FiniteWidthCourse begun = course_of(spec, 100, restless);
  for (auto* values : {&begun.tau, &begun.loss, &begun.cosine}) values->resize(20);
  CHECK_FALSE(predicted_end(spec, begun));
  RegressionSpec given = spec;
  given.steps = 1234;
  CHECK(predicted_end(given, course_of(spec, 100, restless))->end.t == 1234);
}

TEST_CASE("a prediction refuses what the law does not say", "[sweeps][prediction]") {
  CHECK_THAT(refused({R"(rule = "bp")"}), Contains("rule = 'bp'") && Contains("give fa"));
  CHECK_THAT(refused({R"(rule = ["fa", "shallow"])"}), Contains("'shallow'"));
  CHECK_THAT(refused({"dropout = 0.1"}), Contains("dropout = 0.1") && Contains("give 0"));
  CHECK_THAT(refused({R"(schedule = "geometric 0.99")"}), Contains("give constant"));
  CHECK_THAT(refused({R"(schedule = "cut 100")"}), Contains("'cut 100'"));
  CHECK_THAT(refused({R"(number = ["float", "double"])"}), Contains("alone"));
  CHECK_THAT(refused({"steps = 0"}), Contains("steps = 0"));
  CHECK(refused({}).empty());
  const Sweep sweep = sweep_with({});
  CHECK_THAT(error_of([&] { planned_prediction(sweep, 1, 1); }), Contains("data-sets = 1"));
  CHECK_THAT(error_of([&] { planned_prediction(sweep, 2, 0); }), Contains("seed = 0"));
}

TEST_CASE("a prediction has runs of its sweep, from the seed on", "[sweeps][prediction]") {
  const Sweep sweep = sweep_with({}), plan = planned_prediction(sweep, 3, 2);
  REQUIRE(plan.runs.size() == 4 * 3);
  for (const RunSpec& run : plan.runs) {
    const std::uint64_t seed = std::get<RegressionSpec>(run).seed;
    CHECK((seed >= 2 && seed <= 4));
    CHECK(std::find(sweep.runs.begin(), sweep.runs.end(), run) != sweep.runs.end());
  }
}

TEST_CASE("a prediction and a run of one seed are compared as a pair", "[sweeps][prediction]") {
  const auto lines = [](const char* columns, const std::vector<int>& seeds, double shift) {
    std::string text = fmt::format("activation,reg,width,{}\n", columns);
    for (const int seed : seeds)
      text += fmt::format("tanh,0.1,50,{},{}\n", seed, 0.5 + shift + 0.04 * std::sin(seed * seed));
    return text;
  };
  // Of data that move both alike.
  const RunTable ours = table_of(lines("seed,alignment", {1, 2, 3, 4, 5, 6}, 0.01)),
                 theirs = table_of(lines("seed,alignment", {6, 4, 1, 3, 2, 5}, 0)),
                 others = table_of(lines("seed,alignment", {11, 12, 13, 14, 15, 16}, 0));
  const MeanComparison pairs =
      compare_prediction(ours, theirs, {}, 0.05, 0.05).runs->cells.at(0).means;
  CHECK(pairs.lower == Approx(0.01).margin(1e-6));
  CHECK(pairs.upper == Approx(0.01).margin(1e-6));
  const MeanComparison apart =
      compare_prediction(ours, others, {}, 0.05, 0.05).runs->cells.at(0).means;
  CHECK(apart.upper - apart.lower > 0.03);
}

TEST_CASE("a table of runs has no predictions", "[sweeps][prediction]") {
  const std::string runs = "activation,reg,width,seed,alignment\ntanh,0.1,50,1,0.5\n",
                    predictions =
                        "activation,reg,width,seed,alignment,limit\ntanh,0.1,50,2,0.5,0.6\n";
  CHECK(has_predictions_alone(table_of(predictions)));
  CHECK_FALSE(has_predictions_alone(table_of(runs)));
  RunTable both = table_of(predictions);
  both.add("runs", runs);
  CHECK_FALSE(has_predictions_alone(both));
}

TEST_CASE("a prediction has the same bits on one thread and on two", "[sweeps][prediction]") {
  const Sweep plan = planned_prediction(sweep_with({"width = [50, 70]"}), 2, 1);
  const std::string one = table(predicted(plan, 64, 1)), two = table(predicted(plan, 64, 2));
  CHECK(one == two);
  CHECK(one != table(predicted(planned_prediction(sweep_with({"width = [50, 70]"}), 2, 2), 64)));
}

TEST_CASE("a predicted table is that of the runs, and that of the limit is not",
          "[sweeps][prediction]") {
  const Sweep sweep = sweep_with({});
  Progress silent;
  const RunTable runs = table_of(table(sweep, execute(sweep, 2, silent)));
  const Sweep plan = planned_prediction(sweep, 200, 1);
  const RunTable ours = table_of(table(predicted(plan, 200, 2)));
  const PredictionComparison found = compare_prediction(ours, runs, {}, 0.05, 1e-3);
  REQUIRE(found.runs);
  CHECK_FALSE(found.reference);
  INFO(table(found));
  CHECK(found.runs->cells.size() == 4);
  CHECK(found.runs->count(VerdictKind::holds) == 4);
  CHECK(differences(*found.runs).largest < 0.05);

  // The law for p -> infinity in its place. Without a penalty both are near 0.
  TableCells limits, theirs;
  for (const auto& [cell, values] : ours.limits())
    if (cell.penalty > 0) limits[cell] = values, theirs[cell] = runs.cells().at(cell);
  const TableComparison false_cells = compare_tables(theirs, limits, 0.05, 1e-3);
  INFO(table(false_cells));
  CHECK(false_cells.cells.size() == 2);
  CHECK(false_cells.count(VerdictKind::refuted) >= 1);
  CHECK(false_cells.count(VerdictKind::holds) == 0);
}
