// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/run_sweep.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::inline sweeps {

namespace {

double bytes_of(const RegressionSpec& run) {
  if (run.form == Form::reduced) return 0;
  const auto n = static_cast<double>(run.n), p = static_cast<double>(run.width),
             d = static_cast<double>(run.d);
  const double number = run.precision == Precision::float32 ? sizeof(float) : sizeof(double);
  return p * (d * sizeof(double) + 2 * n * number);  // W, and A and Psi
}

double bytes_of(const ClassificationSpec& run) {
  const auto p = static_cast<double>(run.network.width);
  constexpr double pixels = 784;
  return sizeof(float) * p * (pixels + (run.network.layers == 3 ? 2 * p : 0));  // W, and V and B
}

/// As many threads as have room for their runs. Throws InputError where a single run has none.
std::size_t jobs_that_fit(const Sweep& sweep, std::size_t jobs) {
  double largest = 1;
  for (const RunSpec& run : sweep.runs) largest = std::max(largest, alignproof::bytes_of(run));
  require_memory(largest, "the largest run", "smaller n, d or width");
  return static_cast<std::size_t>(
      std::max(1.0, std::min(static_cast<double>(jobs), allowed_memory() / largest)));
}

/// Places of the grid that the store lacks of this part, the longest run first.
std::vector<std::size_t> lacking(const RunStore& store, const Shard& shard) {
  const std::vector<std::size_t> order = longest_first(store.sweep());
  const std::vector<bool> done = store.done();
  std::vector<std::size_t> places;
  for (std::size_t k = shard.index - 1; k < order.size(); k += shard.of)
    if (!done[order[k]]) places.push_back(order[k]);
  return places;
}

/// The same on ranks that read the same grid and make the same bits.
std::string identity(const Sweep& sweep) {
  std::string lines;
  for (const RunSpec& run : sweep.runs) lines += to_line(run) + "\n";
  return fmt::format("{}, grid {}", engine(sweep), sha256(lines).substr(0, 12));
}

/// Tells a progress, in millionths of the whole cost, which share of which run is done.
class CostMeter {
 public:
  CostMeter(const Sweep& sweep, const std::vector<std::size_t>& places, Progress& progress)
      : sweep_(sweep), progress_(progress), share_(sweep.runs.size(), 0.0) {
    for (const std::size_t place : places) whole_ += cost(sweep.runs[place]);
    progress_.expect(static_cast<std::size_t>(units));
  }
  /// So much of this run is done. From any thread.
  void at(std::size_t place, double share) {
    const std::lock_guard lock(mutex_);
    if (share <= share_[place]) return;
    cost_ += (share - share_[place]) * cost(sweep_.runs[place]);
    share_[place] = share;
    const auto told = static_cast<std::size_t>(std::min(1.0, cost_ / whole_) * units + 0.5);
    if (told > told_) progress_.advance(told - told_), told_ = told;
  }

 private:
  static constexpr double units = 1e6;
  const Sweep& sweep_;
  Progress& progress_;
  std::vector<double> share_;
  double whole_ = 0, cost_ = 0;
  std::size_t told_ = 0;
  std::mutex mutex_;
};

/// The runs that are lacking, as this rank does its share of them: each size-th.
class RankWork {
 public:
  /// `store` and `meter` are there at rank 0 alone, which keeps all results.
  RankWork(const Sweep& sweep, const std::vector<std::size_t>& places, Ranks& ranks,
           RunStore* store, CostMeter* meter)
      : sweep_(sweep), ranks_(ranks), store_(store), meter_(meter) {
    for (std::size_t k = ranks.rank(); k < places.size(); k += ranks.size())
      mine_.push_back(places[k]);
    others_ = places.size() - mine_.size();
  }

  void run(std::size_t jobs) {
    if (!store_ || ranks_.size() == 1)
      compute(jobs);
    else
      compute_and_receive(jobs);
  }

 private:
  void compute(std::size_t jobs) {
    parallel_for(mine_.size(), jobs, [&](std::size_t k) {
      const auto start = std::chrono::steady_clock::now();
      RankResult done{mine_[k], 0, execute(sweep_, sweep_.runs[mine_[k]], [&](double share) {
                        if (meter_) meter_->at(mine_[k], share);
                      })};
      done.seconds =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      keep(done);
    });
  }

  void keep(const RankResult& done) {
    if (!store_) return ranks_.send(done);
    store_->add(done.place, done.result, done.seconds);
    meter_->at(done.place, 1);
  }

  /// Rank 0 takes the results of others while its own threads compute.
  void compute_and_receive(std::size_t jobs) {
    std::atomic<bool> failed = false;
    std::exception_ptr failure;
    std::jthread computing([&] {
      try {
        compute(jobs);
      } catch (...) {
        failure = std::current_exception();
        failed = true;
      }
    });
    try {
      receive(failed);
    } catch (...) {  // the store: the others, and our threads, must not go on for nothing
      ranks_.end_all(std::current_exception());
    }
    computing.join();
    if (failure) std::rethrow_exception(failure);
  }

  /// Until all have come, or work on this rank has failed.
  void receive(const std::atomic<bool>& failed) {
    while (others_ > 0 && !failed) {
      if (const auto done = ranks_.receive()) {
        keep(*done);
        --others_;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }
  }

  const Sweep& sweep_;
  Ranks& ranks_;
  RunStore* store_;
  CostMeter* meter_;
  std::vector<std::size_t> mine_;
  std::size_t others_ = 0;  ///< results that other ranks will send
};

/// At rank 0, before any run: the store, with what other stores have of its grid.
void open_store(std::optional<RunStore>& store, const Sweep& sweep, const SweepWork& work,
                SweepProgress& progress) {
  jobs_that_fit(sweep, work.jobs);
  require_tables(work.store);
  require_other_files(work.store, work.reuse);
  const auto others = stores_at(work.reuse);  // all that can be read, before any is made
  std::vector<std::size_t> taken;
  fill_store(store, work.store, sweep, engine(sweep), [&](RunStore& filled) {
    for (const auto& other : others) taken.push_back(filled.take(*other));
  });
  for (std::size_t i = 0; i < work.reuse.size(); ++i) progress.took_over(taken[i], work.reuse[i]);
}

}  // namespace

Shard shard_from(const std::string& text) {
  if (text.empty()) return {};
  Shard shard;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%zu/%zu%c", &shard.index, &shard.of, &rest) != 2 ||
      shard.index < 1 || shard.index > shard.of || shard.of > 1000000 ||
      fmt::format("{}/{}", shard.index, shard.of) != text)
    throw InputError("shard", fmt::format("'{}'", text), "i/N with 1 <= i <= N, as 2/8");
  return shard;
}

double bytes_of(const RunSpec& spec) {
  return std::visit([](const auto& run) { return bytes_of(run); }, spec);
}

std::optional<StoredRuns> run_sweep(const Sweep& sweep, const SweepWork& work, Ranks& ranks,
                                    SweepProgress& progress) {
  std::optional<RunStore> store;
  std::exception_ptr failure;
  if (ranks.rank() == 0) try {
      open_store(store, sweep, work, progress);
    } catch (...) {
      failure = std::current_exception();
    }
  if (!ranks.agree(failure, identity(sweep))) return std::nullopt;
  const std::vector<std::size_t> places =
      ranks.share(store ? lacking(*store, work.shard) : std::vector<std::size_t>{});
  std::optional<CostMeter> meter;
  if (store) meter.emplace(sweep, places, progress);
  try {
    RankWork(sweep, places, ranks, store ? &*store : nullptr, meter ? &*meter : nullptr)
        .run(jobs_that_fit(sweep, work.jobs));
  } catch (...) {
    ranks.end_all(std::current_exception());
  }
  if (!store) return std::nullopt;
  return finish_store(*store, work.store);
}

}  // namespace alignproof::inline sweeps
