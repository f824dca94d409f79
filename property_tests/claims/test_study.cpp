// SPDX-License-Identifier: Apache-2.0
// Work that is asked for is done once, whoever asks, and comes back typed. Cases over many
// properties meet every pair of values.
#include <alignproof/claims/study.hpp>

#include <atomic>
#include <map>
#include <set>
#include <string>

#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/probes/start.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("choices under different names meet in every pair", "[claims]") {
  // The names and sizes that the identities and the exact runs use; half as many cases as in full.
  const std::map<std::string, std::size_t> sizes = {{"n", 4},       {"p", 6},    {"inputs", 3},
                                                    {"outputs", 2}, {"rule", 3}, {"penalty", 5},
                                                    {"psi", 3},     {"d", 5},    {"targets", 2}};
  for (const auto& [a, a_size] : sizes)
    for (const auto& [b, b_size] : sizes) {
      if (a >= b) continue;
      std::set<std::pair<std::size_t, std::size_t>> met;
      for (std::size_t k = 0; k < 210; ++k)
        met.insert({choice(k, a, a_size), choice(k, b, b_size)});
      INFO(a << " and " << b);
      CHECK(met.size() == a_size * b_size);
    }
}

TEST_CASE("a replay line holds everything that its batch does not take from defaults", "[claims]") {
  DataSpec data;
  data.k = 2, data.input_scale = 0.5;
  data.targets = Targets::network, data.teacher_width = 9;
  Batch batch;
  batch.data = make_data(data);
  batch.network.penalty = {0.25, 7, Decay::geometric, 0.5};
  batch.network.feedback = Feedback::parallel, batch.network.initial_scale = 2;
  batch.network.zero_error = true, batch.rule = Rule::bp;
  const std::string line = replay_line(batch, 42);
  for (const char* part :
       {"--outputs 2", "--teacher-width 9", "--input-scale 0.5", "--lambda 0.25", "--cut 7",
        "--decay geometric", "--decay-scale 0.5", "--feedback parallel", "--initial-scale 2",
        "--zero-error", "--rule bp", "--seed 42"})
    CHECK_THAT(line, Catch::Contains(part));
}

namespace {

Progress silent;

/// Counts the runs that it looks at, and how many times it looks.
struct Counting {
  static inline std::atomic<int> runs = 0, looks = 0;
  struct Record {
    int looks = 0;
  };
  explicit Counting(const RunContext&) { ++runs; }
  void observe(const Moment&) { ++looks, ++record.looks; }
  Record finish(const Outcome&) { return record; }
  Record record;
};

/// A second probe, of the start alone; it knows nothing of the library's own.
struct FirstError {
  static constexpr bool only_start = true;
  struct Record {
    double first_error = 0;
    int first_looks = 0;
  };
  explicit FirstError(const RunContext&) {}
  void observe(const Moment& now) {
    if (now.t == 0) record.first_error = now.at.e.norm();
    ++record.first_looks;
  }
  Record finish(const Outcome&) { return record; }
  Record record;
};

Batch small_batch(std::string name) {
  Batch batch;
  batch.name = std::move(name);
  batch.data = make_data({});
  batch.network.p = 20, batch.network.steps = 5, batch.seeds = 3;
  return batch;
}

}  // namespace

TEST_CASE("a handle that is asked before the study ran says so", "[claims]") {
  Study study(Settings{}, silent);
  const auto runs = study.want<DecayProbe>(small_batch("too early"));
  const auto number = study.want("a number", 1, [] { return 42; });
  CHECK_THROWS_AS(*runs, std::logic_error);
  CHECK_THROWS_WITH(runs->records.size(), Catch::Contains("'too early'"));
  CHECK_THROWS_WITH(*number, Catch::Contains("'a number'"));
  study.run();
  CHECK(runs->records.size() == 3);
  CHECK(*number == 42);
  CHECK_THROWS_AS(study.want("late", 1, [] { return 1; }), std::logic_error);
  CHECK_THROWS_AS(study.want<DecayProbe>(small_batch("late")), std::logic_error);
}

TEST_CASE("equal batches are run once, whatever they are called, and every probe looks",
          "[claims]") {
  Counting::runs = Counting::looks = 0;
  Study study(Settings{}, silent);
  Batch more = small_batch("two");
  more.seeds = 4;
  const auto one = study.want<Counting>(small_batch("one"));
  const auto two = study.want<Counting, DecayProbe>(more);
  const auto again = study.want<DecayProbe, AlignmentProbe>(small_batch("three"));
  study.run();
  CHECK(Counting::runs.load() == 4);  // the seeds of `more`, each looked at once
  CHECK(Counting::looks.load() == 4 * 6);
  REQUIRE(one->records.size() == 3);
  REQUIRE(two->records.size() == 4);
  CHECK(one->batch.name == "one");
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(one->records[s].seed == two->records[s].seed);
    CHECK(one->records[s].looks == 6);
    CHECK(two->records[s].E0 == again->records[s].E0);
    CHECK(again->records[s].sup_cos > 0);
  }
}

TEST_CASE("batches that differ in one thing are run apart", "[claims]") {
  const Batch batch = small_batch("");
  CHECK(same_runs(batch, small_batch("another name")));
  const auto differs = [&](const std::function<void(Batch&)>& change) {
    Batch other = batch;
    change(other);
    return !same_runs(batch, other) && !same_runs(other, batch);
  };
  CHECK(differs([](Batch& b) { b.first_seed = 1; }));
  CHECK(differs([](Batch& b) { b.rule = Rule::bp; }));
  CHECK(differs([](Batch& b) { b.data.X.values[3] += 1; }));
  CHECK(differs([](Batch& b) { b.data.y.values[0] += 1; }));
  CHECK(differs([](Batch& b) { b.network.p = 21; }));
  CHECK(differs([](Batch& b) { b.network.eta *= 2; }));
  CHECK(differs([](Batch& b) { b.network.steps = 6; }));
  CHECK(differs([](Batch& b) { b.network.activation = Activation::relu; }));
  CHECK(differs([](Batch& b) { b.network.penalty.lambda = 1; }));
  CHECK(differs([](Batch& b) { b.network.feedback = Feedback::parallel; }));
  CHECK(differs([](Batch& b) { b.network.initial_scale = 2; }));
  CHECK(differs([](Batch& b) { b.network.zero_error = true; }));
  CHECK(differs(
      [](Batch& b) { b.step = std::make_shared<const KernelStep<double>>(true_step<double>()); }));
}

TEST_CASE("a probe of somebody else sees the run, and one of the start ends it there", "[claims]") {
  Study study(Settings{}, silent);
  const auto start = study.want<FirstError>(small_batch("start"));
  Batch longer = small_batch("longer");
  longer.network.p = 30;
  const auto both = study.want<FirstError, DecayProbe>(longer);
  study.run();
  for (const auto& run : start->records) {
    CHECK(run.first_error > 0);
    CHECK(run.first_looks == 1);
  }
  for (const auto& run : both->records) {
    CHECK(run.first_error == run.E0);
    CHECK(run.first_looks == 6);  // it is told of all that others want to see
  }
  NetworkSpec network = longer.network;
  network.seed = both->records[1].seed;
  const Seen<FirstError> alone =
      look_at<FirstError>(make_instance(longer.data, network), Rule::fa, both->limit);
  CHECK(alone.first_error == both->records[1].first_error);
}

TEST_CASE("work is done once under its name, and a name has one type", "[claims]") {
  Study study(Settings{}, silent);
  std::atomic<int> done = 0;
  const auto count = [&done] { return int(++done); };
  const auto first = study.want("work", 1, count);
  const auto second = study.want("work", 1, count);
  CHECK_THROWS_WITH(study.want("work", 1, [] { return std::string("words"); }),
                    Catch::Contains("'work'"));
  const auto parts = study.want_parts<std::vector<int>>(
      "parts", {1, 2, 3}, std::vector<int>(3, 0),
      [](std::vector<int>& v, std::size_t k) { v[k] = static_cast<int>(k) + 1; });
  study.run();
  CHECK(done.load() == 1);
  CHECK(*first == 1);
  CHECK(*second == 1);
  CHECK(*parts == std::vector<int>{1, 2, 3});
}

TEST_CASE("data and kernels are made once a study", "[claims]") {
  Study study(Settings{}, silent);
  const Data& data = study.data({});
  CHECK(&data == &study.data({}));
  DataSpec other;
  other.activation = Activation::relu;  // of the teacher: no option of the command line says it
  CHECK(&data != &study.data(other));
  CHECK(data.X == make_data({}).X);
  CHECK(&study.limit_kernel(Activation::tanh, data.X) ==
        &study.limit_kernel(Activation::tanh, make_data({}).X));
}
