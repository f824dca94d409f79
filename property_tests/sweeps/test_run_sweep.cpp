// SPDX-License-Identifier: Apache-2.0
// A sweep over its store, on one rank and on several, without a command or MPI.
#include <alignproof/sweeps/run_sweep.hpp>

#include <algorithm>
#include <atomic>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "sweeps/threads_as_ranks.hpp"

using namespace alignproof;
using namespace alignproof::test;
using Catch::Matchers::Contains;

namespace {

constexpr const char* six_runs = R"(
name = "six"
[run]
activation = "relu"
n = 2
d = 3
width = [5, 8]
step = 0.05
steps = 20
every = 10
seeds = 3
)";

struct Told : SweepProgress {
  std::atomic<std::size_t> expected = 0, advanced = 0;
  std::vector<std::size_t> taken;

  void expect(std::size_t units) override { expected += units; }
  void advance(std::size_t units) override { advanced += units; }
  void took_over(std::size_t runs, const std::filesystem::path&) override { taken.push_back(runs); }
};

std::optional<StoredRuns> run_alone(const Sweep& sweep, const SweepWork& work,
                                    SweepProgress&& progress = {}) {
  Communicator alone;
  Ranks ranks(alone);
  return run_sweep(sweep, work, ranks, progress);
}

std::string message_of(const std::exception_ptr& thrown) {
  if (!thrown) return "";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a sweep on several ranks has the tables of one, and tells its progress",
          "[sweeps][ranks]") {
  const TemporaryFolder scratch;
  const Sweep sweep = read_sweep(six_runs, "full");
  const auto alone = run_alone(sweep, {scratch.path() / "alone.sqlite", {}, 2, {}});
  REQUIRE((alone && alone->tables));
  CHECK(alone->done == 6);
  CHECK(alone->of == 6);
  Room room(3);
  Told told;
  std::atomic<int> outcomes = 0;
  const auto thrown = on_ranks(room, [&](Ranks& ranks) {
    SweepProgress silent;
    const auto stored = run_sweep(sweep, {scratch.path() / "three.sqlite", {}, 1, {}}, ranks,
                                  ranks.rank() == 0 ? static_cast<SweepProgress&>(told) : silent);
    outcomes += stored.has_value();
    if (ranks.rank() == 0 && stored && stored->tables) outcomes += 10;
  });
  for (const auto& failure : thrown) CHECK(message_of(failure) == "");
  CHECK(outcomes == 11);  // at rank 0 alone
  CHECK(told.expected == 1000000);
  CHECK(told.advanced == 1000000);
  for (const char* end : {".csv", "-traces.csv"})
    CHECK(read_file(scratch.path() / ("three" + std::string(end))) ==
          read_file(scratch.path() / ("alone" + std::string(end))));
}

TEST_CASE("ranks agree, or rank 0 says which does not", "[sweeps][ranks]") {
  const auto failures = [](const std::function<std::exception_ptr(std::size_t)>& failure_of,
                           const std::function<std::string(std::size_t)>& common_of, int go_on) {
    Room room(3);
    std::atomic<int> going = 0;
    auto thrown = on_ranks(room, [&](Ranks& ranks) {
      going += ranks.agree(failure_of(ranks.rank()), common_of(ranks.rank()));
    });
    CHECK(going == go_on);
    CHECK_FALSE(thrown[1]);
    CHECK_FALSE(thrown[2]);
    return message_of(thrown[0]);
  };
  const auto fine = [](std::size_t) { return std::exception_ptr(); };
  const auto same = [](std::size_t) { return "grid 1"; };
  const auto trouble_at = [](std::size_t at) {
    return [at](std::size_t rank) {
      return rank == at ? std::make_exception_ptr(std::runtime_error("no disk")) : nullptr;
    };
  };
  CHECK(failures(fine, same, 3) == "");
  CHECK(failures(
            fine, [](std::size_t rank) { return rank == 2 ? "grid 2" : "grid 1"; }, 0) ==
        "rank 2 = 'grid 2' is not accepted: give what rank 0 has (grid 1)");
  CHECK(failures(trouble_at(1), same, 0) ==
        "rank 1 = 'no disk' is not accepted: give what rank 0 has (grid 1)");
  CHECK(failures(trouble_at(0), same, 0) == "no disk");  // its own, as it is
  // However long it is, every byte counts.
  const std::string one(5000, 'a'), other = one + "b";
  CHECK_THAT(failures(
                 fine, [&](std::size_t rank) { return rank == 1 ? other : one; }, 0),
             Catch::StartsWith("rank 1 = 'aaa"));
}

TEST_CASE("what ranks tell one another arrives as it was", "[sweeps][ranks]") {
  Room room(3);
  const std::vector<std::size_t> numbers = {7, 0, 18446744073709551615u};
  std::vector<RankResult> arrived;
  const auto thrown = on_ranks(room, [&](Ranks& ranks) {
    const auto shared = ranks.share(ranks.rank() == 0 ? numbers : std::vector<std::size_t>{3});
    if (shared != numbers) throw std::runtime_error("other numbers");
    if (!ranks.share({}).empty()) throw std::runtime_error("numbers");
    if (ranks.rank() != 0) {
      RankResult result{ranks.rank(), 0.25, {}};
      result.result.end.alignment = 0.1, result.result.trace.resize(3);
      ranks.send(result);
      return;
    }
    while (arrived.size() < 2)
      if (const auto result = ranks.receive()) arrived.push_back(*result);
  });
  for (const auto& failure : thrown) CHECK(message_of(failure) == "");
  REQUIRE(arrived.size() == 2);
  for (const RankResult& result : arrived) {
    CHECK((result.place == 1 || result.place == 2));
    CHECK(result.seconds == 0.25);
    CHECK(result.result.end.alignment == 0.1);
    CHECK(result.result.trace.size() == 3);
  }
}

TEST_CASE("a failure before or in the runs ends every rank", "[sweeps][ranks]") {
  const TemporaryFolder scratch;
  const Sweep sweep = read_sweep(six_runs, "full");
  // The store cannot be made: rank 0 says so, the others stop quietly.
  Room quiet(3);
  const auto refused = on_ranks(quiet, [&](Ranks& ranks) {
    SweepProgress silent;
    run_sweep(sweep, {scratch.path() / "no" / "where.sqlite", {}, 1, {}}, ranks, silent);
  });
  CHECK_THAT(message_of(refused[0]), Contains("is not accepted"));
  CHECK_FALSE(refused[1]);
  CHECK(quiet.ended == 0);
  // Another grid on one rank: nothing is begun but the empty store.
  Room differing(2);
  Sweep other = read_sweep(six_runs, "full", {}, {"step = 0.06"});
  const auto apart = on_ranks(differing, [&](Ranks& ranks) {
    SweepProgress silent;
    run_sweep(ranks.rank() == 0 ? sweep : other, {scratch.path() / "a.sqlite", {}, 1, {}}, ranks,
              silent);
  });
  CHECK_THAT(message_of(apart[0]), Contains("rank 1 = ") && Contains("what rank 0 has"));
  CHECK(RunStore(scratch.path() / "a.sqlite").empty());
  // A run that no rank can do.
  Sweep broken = sweep;
  for (RunSpec& run : broken.runs) {
    auto& spec = std::get<RegressionSpec>(run);
    spec.form = Form::reduced;  // of relu there is none
  }
  Room room(3);
  const auto thrown = on_ranks(room, [&](Ranks& ranks) {
    SweepProgress silent;
    run_sweep(broken, {scratch.path() / "b.sqlite", {}, 1, {}}, ranks, silent);
  });
  // Rank 0 may hear of another's end before its own failure: then it ends twice, for threads go on.
  CHECK(room.ended >= 3);
  for (const auto& failure : thrown) CHECK(failure);
}

TEST_CASE("a sweep is done in parts, goes on, and takes over", "[sweeps]") {
  const TemporaryFolder scratch;
  const auto path = [&](const char* name) { return scratch.path() / name; };
  const Sweep sweep = read_sweep(six_runs, "full");
  const auto first = run_alone(sweep, {path("1.sqlite"), {1, 3}, 1, {}});
  REQUIRE(first);
  CHECK(first->done == 2);
  CHECK_FALSE(first->tables);
  CHECK_FALSE(std::filesystem::exists(path("1.csv")));
  {
    const RunStore store(path("1.sqlite"));
    const auto so_far = store.so_far();
    REQUIRE(so_far.size() == 6);
    CHECK(std::count_if(so_far.begin(), so_far.end(),
                        [](const auto& r) { return r.has_value(); }) == 2);
    CHECK_THROWS_AS(store.finished(), InputError);
  }
  Told told;
  Communicator alone;
  Ranks ranks(alone);
  const auto whole =
      run_sweep(sweep, {path("whole.sqlite"), {}, 1, {path("1.sqlite")}}, ranks, told);
  CHECK(told.taken == std::vector<std::size_t>{2});
  REQUIRE((whole && whole->tables));
  CHECK(whole->tables->results.size() == 6);
  CHECK(whole->tables->runs == path("whole.csv"));
  CHECK(whole->tables->traces == path("whole-traces.csv"));
  run_alone(sweep, {path("2.sqlite"), {2, 3}, 1, {}});
  const auto incomplete = merge_stores(path("all.sqlite"), {path("1.sqlite"), path("2.sqlite")});
  CHECK(incomplete.done == 4);
  CHECK_FALSE(incomplete.tables);
  const auto goes_on = run_alone(sweep, {path("all.sqlite"), {}, 1, {}});
  CHECK(goes_on->done == 6);
  CHECK(read_file(path("all.csv")) == read_file(path("whole.csv")));
  CHECK_THROWS_AS(merge_stores(path("1.sqlite"), {path("1.sqlite")}), InputError);
  CHECK_THROWS_AS(merge_stores(path("x.sqlite"), {path("1.sqlite"), path("1.sqlite")}), InputError);
}

TEST_CASE("a part of a sweep is i/N with 1 <= i <= N", "[sweeps]") {
  const Shard all = shard_from(""), part = shard_from("2/8");
  CHECK((all.index == 1 && all.of == 1));
  CHECK((part.index == 2 && part.of == 8));
  for (const char* bad : {"0/2", "3/2", "1", "1/", "/2", "1/2x", " 1/2", "01/2", "-1/2", "1/0"})
    CHECK_THROWS_AS(shard_from(bad), InputError);
}

TEST_CASE("tables stand beside their store under its name", "[sweeps]") {
  CHECK(table_beside("f/a.sqlite", "") == "f/a.csv");
  CHECK(table_beside("f/a.sqlite", "-traces") == "f/a-traces.csv");
  CHECK(table_beside("a-0.7", "") == "a-0.7.csv");
  const Sweep sweep = read_sweep(six_runs, "small");
  CHECK(default_store(sweep, {}) == "six-small.sqlite");
  CHECK(default_store(sweep, 9) == "six-small-9.sqlite");
}

TEST_CASE("the memory of a run is that of its matrices", "[sweeps]") {
  RegressionSpec run;
  run.n = 10, run.d = 7, run.width = 1000, run.precision = Precision::float64;
  CHECK(bytes_of(RunSpec(run)) == 8 * 1000 * (7 + 20));
  run.precision = Precision::float32;
  CHECK(bytes_of(RunSpec(run)) == 8 * 1000 * (7 + 10));
  run.form = Form::reduced;
  CHECK(bytes_of(RunSpec(run)) == 0);
  ClassificationSpec images;
  images.network.width = 10;
  CHECK(bytes_of(RunSpec(images)) == 4 * 10 * 784);
}
