// SPDX-License-Identifier: Apache-2.0
// The runs of one sweep in an SQLite file, one row a run. A run is stored whole or not at all,
// whenever the program ends.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/sweeps/sweep.hpp>

struct sqlite3;

namespace alignproof::inline sweeps {

class RunStore {
 public:
  /// Opens the store of this sweep for results of this engine, or creates it. Nobody else can open
  /// it until this object is gone. Throws InputError, and changes nothing, if the file is no store,
  /// is damaged, is open elsewhere, or belongs to another grid or another engine.
  RunStore(const std::filesystem::path& file, const Sweep& sweep, const std::string& engine);
  /// Opens a store that exists, of whatever engine.
  explicit RunStore(const std::filesystem::path& file);
  ~RunStore();
  RunStore(const RunStore&) = delete;
  RunStore& operator=(const RunStore&) = delete;

  /// The grid; `runs[i]` is at place i.
  const Sweep& sweep() const { return sweep_; }
  const std::string& engine() const { return engine_; }
  /// Whether the run at each place is stored.
  std::vector<bool> done() const;
  /// May be called from several threads. Throws InputError if it cannot be written: what is stored
  /// remains.
  void add(std::size_t place, const RunResult& result, double seconds);
  /// Takes over the runs of this grid that another store has, whatever its grid; all or none of
  /// them. Returns how many were new. Throws InputError if engines differ, or a run has another
  /// result there.
  std::size_t take(const RunStore& other);
  /// The same of a store that must have the same grid.
  void merge(const RunStore& other);
  /// Every result, in the order of the grid. Throws InputError unless all are there.
  std::vector<RunResult> finished() const;
  /// Every result, in the order of the grid; nothing where a run is not done.
  std::vector<std::optional<RunResult>> so_far() const;
  bool empty() const;  ///< no run is done

 private:
  void open(bool create);
  [[noreturn]] void refuse(const std::string& accepted) const;
  void insert(std::size_t place, const std::string& result, double seconds);
  std::vector<std::string> results() const;  ///< by place, empty where there is none

  std::filesystem::path file_;
  Sweep sweep_;
  std::string engine_;  ///< that made its results
  mutable std::mutex mutex_;
  sqlite3* database_ = nullptr;
};

}  // namespace alignproof::inline sweeps
