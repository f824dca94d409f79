// SPDX-License-Identifier: Apache-2.0
// Several processes started by mpirun: who they are, and what they tell rank 0.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::cli {

/// Whether the command is to run in this process: all but sweep run in one. Where mpirun started
/// several, the first throws InputError and the others are told to be quiet.
bool is_for_this_process(const std::string& command);

/// What a rank has computed.
struct RankResult {
  std::size_t place = 0;
  double seconds = 0;
  RunResult result;
};

/// Without mpirun there is one rank, and MPI is not started.
class Ranks {
 public:
  /// Throws InputError if mpirun started several of a program built without MPI.
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  std::size_t rank() const { return rank_; }
  std::size_t size() const { return size_; }
  /// How many of them share this machine.
  std::size_t on_this_machine() const;

  /// Every rank calls it with its error, or nothing, and with what all of them must have in common.
  /// Rank 0 throws its own error, or InputError about the first rank that is in trouble or differs;
  /// whether all may go on, the others are told.
  bool agree(const std::optional<std::string>& trouble, const std::string& common);
  /// Rank 0's value, everywhere.
  std::vector<std::size_t> share(std::vector<std::size_t> values);
  /// To rank 0; from any thread.
  void send(const RankResult& result);
  /// At rank 0, from one thread: a result that has arrived, if there is one.
  std::optional<RankResult> receive();
  /// Ends all ranks.
  [[noreturn]] void abort(int exit_code);

 private:
  std::size_t rank_ = 0, size_ = 1;
  bool started_ = false;
  std::mutex mutex_;
};

}  // namespace alignproof::cli
