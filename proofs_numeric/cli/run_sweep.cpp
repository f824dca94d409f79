// SPDX-License-Identifier: Apache-2.0
#include "run_sweep.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

#include "progress_bar.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

std::vector<std::size_t> lacking(const RunStore& store, const Shard& shard) {
  const std::vector<std::size_t> order = longest_first(store.sweep());
  const std::vector<bool> done = store.done();
  std::vector<std::size_t> places;
  for (std::size_t k = shard.index - 1; k < order.size(); k += shard.of)
    if (!done[order[k]]) places.push_back(order[k]);
  return places;
}

/// Of one run, at least.
double bytes_of(const RunSpec& spec) {
  if (const auto* run = std::get_if<RegressionSpec>(&spec)) {
    const auto n = static_cast<double>(run->n), p = static_cast<double>(run->width),
               d = static_cast<double>(run->d);
    if (run->form == Form::reduced) return 0;
    const double number = run->precision == Precision::float32 ? sizeof(float) : sizeof(double);
    return p * (d * sizeof(double) + 2 * n * number);  // W, and A and Psi
  }
  const auto& network = std::get<ClassificationSpec>(spec).network;
  const auto p = static_cast<double>(network.width);
  constexpr double pixels = 784;
  return sizeof(float) * p * (pixels + (network.layers == 3 ? 2 * p : 0));  // W, and V and B
}

/// As many threads as have room for their runs. Throws InputError where a single run has none.
std::size_t jobs_that_fit(const Sweep& sweep, std::size_t jobs) {
  double largest = 1;
  for (const RunSpec& run : sweep.runs) largest = std::max(largest, bytes_of(run));
  require_memory(largest, "the largest run", "smaller n, d or width");
  return static_cast<std::size_t>(
      std::max(1.0, std::min(static_cast<double>(jobs), allowed_memory() / largest)));
}

/// The same on ranks that read the same grid and make the same bits.
std::string identity(const Sweep& sweep) {
  std::string lines;
  for (const RunSpec& run : sweep.runs) lines += to_line(run) + "\n";
  return fmt::format("{}, grid {}", engine(sweep), sha256(lines).substr(0, 12));
}

/// Takes results until all have come, or work on this rank has failed.
void take(Ranks& ranks, std::size_t expected, const std::atomic<bool>& failed,
          const std::function<void(const RankResult&)>& keep) {
  while (expected > 0 && !failed) {
    if (const auto result = ranks.receive()) {
      keep(*result);
      --expected;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

/// A bar in millionths of the whole cost, so that the time left follows the work left.
class CostBar {
 public:
  CostBar(const Sweep& sweep, const std::vector<std::size_t>& places)
      : sweep_(sweep), bar_(sweep.name), share_(sweep.runs.size(), 0.0) {
    for (const std::size_t place : places) whole_ += cost(sweep.runs[place]);
    bar_.expect(static_cast<std::size_t>(units));
  }
  /// So much of this run is done. From any thread.
  void at(std::size_t place, double share) {
    const std::lock_guard lock(mutex_);
    if (share <= share_[place]) return;
    cost_ += (share - share_[place]) * cost(sweep_.runs[place]);
    share_[place] = share;
    const auto shown = static_cast<std::size_t>(std::min(1.0, cost_ / whole_) * units + 0.5);
    if (shown > shown_) bar_.advance(shown - shown_), shown_ = shown;
  }

 private:
  static constexpr double units = 1e6;
  const Sweep& sweep_;
  ProgressBar bar_;
  std::vector<double> share_;
  double whole_ = 0, cost_ = 0;
  std::size_t shown_ = 0;
  std::mutex mutex_;
};

/// Says what is being thrown and ends all ranks: the others would wait for this one for ever.
[[noreturn]] void end_all(Ranks& ranks) {
  try {
    throw;
  } catch (const InputError& error) {
    to_stderr("alignproof: {}\n", error.what());
  } catch (const std::bad_alloc&) {
    to_stderr("alignproof: rank {}: a run does not fit in memory\n", ranks.rank());
  } catch (const std::exception& error) {
    to_stderr("alignproof: rank {}: {}{}\n", ranks.rank(),
              lacks_threads(error) ? "" : "internal error: ", error.what());
    ranks.abort(lacks_threads(error) ? 2 : 4);
  }
  ranks.abort(2);
}

/// Every rank does each size-th of the places; rank 0 keeps them all.
void work(const Sweep& sweep, const std::vector<std::size_t>& places, std::size_t jobs,
          Ranks& ranks, RunStore* store) {
  std::vector<std::size_t> mine;
  for (std::size_t k = ranks.rank(); k < places.size(); k += ranks.size())
    mine.push_back(places[k]);
  std::optional<CostBar> bar;
  if (store) bar.emplace(sweep, places);
  const auto keep = [&](const RankResult& r) {
    if (!store) return ranks.send(r);
    store->add(r.place, r.result, r.seconds);
    bar->at(r.place, 1);
  };
  const auto compute = [&] {
    parallel_for(mine.size(), jobs, [&](std::size_t k) {
      const auto start = std::chrono::steady_clock::now();
      RankResult r{mine[k], 0, execute(sweep, sweep.runs[mine[k]], [&](double share) {
                     if (bar) bar->at(mine[k], share);
                   })};
      r.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      keep(r);
    });
  };
  if (!store || ranks.size() == 1) return compute();
  std::atomic<bool> failed = false;
  std::exception_ptr failure;
  std::jthread computing([&] {
    try {
      compute();
    } catch (...) {
      failure = std::current_exception();
      failed = true;
    }
  });
  try {
    take(ranks, places.size() - mine.size(), failed, keep);
  } catch (...) {  // the store; others would wait for ever
    end_all(ranks);
  }
  computing.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

std::string configuration_text(const std::string& file_or_name) {
  std::vector<std::string_view> names;
  for (const auto& [name, text] : ready_sweeps()) {
    if (name == file_or_name) return std::string(text);
    names.push_back(name);
  }
  const fs::file_type type = type_at(file_or_name);
  if (type == fs::file_type::not_found || type == fs::file_type::directory)
    throw InputError("configuration", fmt::format("'{}'", file_or_name),
                     fmt::format("a TOML file that exists, or {}", fmt::join(names, ", ")));
  return read_file(file_or_name);
}

fs::path table_beside(const fs::path& store, const std::string& more) {
  fs::path stem = store.filename();
  if (stem.extension() == ".sqlite") stem = stem.stem();
  fs::path table = store;
  table.replace_filename(stem.string() + more + ".csv");
  std::error_code error;  // what does not exist is not the store
  if (fs::is_directory(table, error))
    throw InputError("store", fmt::format("'{}'", store.string()),
                     fmt::format("a store beside which {} is no folder", table.string()));
  if (fs::equivalent(table, store, error))
    throw InputError(
        "store", fmt::format("'{}'", store.string()),
        fmt::format("a store that is not {}: its table is written there", table.string()));
  return table;
}

void require_tables(const fs::path& store) {
  for (const char* more : {"", "-traces"}) require_writable_file(table_beside(store, more));
}

void require_other_files(const fs::path& store, const std::vector<fs::path>& from) {
  std::error_code error;  // what does not exist is no other
  for (auto file = from.begin(); file != from.end(); ++file) {
    const std::string name = fmt::format("'{}'", file->string());
    if (fs::equivalent(store, *file, error))
      throw InputError("store", name, "files other than the store that takes the runs");
    for (const char* more : {"", "-traces"})
      if (const fs::path table = table_beside(store, more); fs::equivalent(table, *file, error))
        throw InputError("store", name,
                         fmt::format("files other than {}, which is written", table.string()));
    for (auto before = from.begin(); before != file; ++before)
      if (fs::equivalent(*before, *file, error)) throw InputError("store", name, "each file once");
  }
}

std::vector<std::unique_ptr<RunStore>> stores_at(const std::vector<fs::path>& files) {
  std::vector<std::unique_ptr<RunStore>> stores;
  for (const fs::path& file : files) stores.push_back(std::make_unique<RunStore>(file));
  return stores;
}

void fill_store(std::optional<RunStore>& store, const fs::path& file, const Sweep& sweep,
                const std::string& engine, const std::function<void(RunStore&)>& fill) {
  const bool is_new = type_at(file) == fs::file_type::not_found;
  store.emplace(file, sweep, engine);
  const bool was_begun = is_new && store->empty();
  try {
    fill(*store);
  } catch (const InputError&) {
    std::error_code ignored;
    if (was_begun) store.reset(), fs::remove(file, ignored);
    throw;
  }
}

std::string default_store(const Sweep& sweep, const std::optional<std::int64_t>& seeds) {
  return fmt::format("{}-{}{}.sqlite", sweep.name, sweep.scale,
                     seeds ? fmt::format("-{}", *seeds) : "");
}

std::optional<std::vector<RunResult>> run_sweep(const Sweep& sweep, const fs::path& file,
                                                const Shard& shard, std::size_t jobs, Ranks& ranks,
                                                const std::vector<fs::path>& reuse) {
  std::optional<RunStore> store;
  std::optional<std::string> trouble;
  std::exception_ptr failure;
  if (ranks.rank() == 0) try {
      jobs_that_fit(sweep, jobs);
      require_tables(file);
      require_other_files(file, reuse);
      const auto others = stores_at(reuse);  // all that can be read, before any is made
      std::vector<std::size_t> taken;
      fill_store(store, file, sweep, engine(sweep), [&](RunStore& filled) {
        for (const auto& other : others) taken.push_back(filled.take(*other));
      });
      for (std::size_t i = 0; i < reuse.size(); ++i)
        to_stderr("{} runs taken over from {}\n", taken[i], reuse[i].string());
    } catch (const InputError& error) {
      trouble = error.what(), failure = std::current_exception();
    }
  if (!ranks.agree(trouble, identity(sweep))) {
    if (failure) std::rethrow_exception(failure);
    return std::nullopt;
  }
  const std::vector<std::size_t> places =
      ranks.share(store ? lacking(*store, shard) : std::vector<std::size_t>{});
  try {
    work(sweep, places, jobs_that_fit(sweep, jobs), ranks, store ? &*store : nullptr);
  } catch (...) {
    if (ranks.size() == 1) throw;
    end_all(ranks);
  }
  if (!store) return std::nullopt;
  const std::vector<bool> done = store->done();
  if (const auto count = std::count(done.begin(), done.end(), true);
      static_cast<std::size_t>(count) < done.size()) {
    fmt::print("{} of {} runs done, in {} (see alignproof merge)\n", count, done.size(),
               file.string());
    return std::nullopt;
  }
  return write_tables(*store, file);
}

std::vector<RunResult> write_tables(const RunStore& store, const fs::path& file) {
  const std::vector<RunResult> results = store.finished();
  const fs::path lines = table_beside(file, "");
  write_file(lines, table(store.sweep(), results));
  const fs::path beside = table_beside(file, "-traces");
  const std::string points = traces(results);
  if (!points.empty()) write_file(beside, points);
  fmt::print("{} runs, all done. Table: {}\n", results.size(), lines.string());
  if (!points.empty()) fmt::print("Traces: {}\n", beside.string());
  return results;
}

}  // namespace alignproof::cli
