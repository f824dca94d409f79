// SPDX-License-Identifier: Apache-2.0
// A sweep over its store: what is lacking is run, on threads and ranks, and kept; whenever that is
// interrupted, the same call goes on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/sweeps/ranks.hpp>
#include <alignproof/sweeps/store_files.hpp>

namespace alignproof::inline sweeps {

/// Part `index` of `of`, from 1.
struct Shard {
  std::size_t index = 1, of = 1;
};

/// "2/8"; "" is all of it. Throws InputError on anything else.
Shard shard_from(const std::string& text);

/// What is asked of a sweep.
struct SweepWork {
  std::filesystem::path store;
  Shard shard;
  std::size_t jobs = 1;                      ///< threads of this rank, fewer where memory is short
  std::vector<std::filesystem::path> reuse;  ///< stores whose runs of the grid are taken over
};

/// Progress of a sweep: called at rank 0 only, from several threads. A unit is a millionth of the
/// whole cost, so the time left is in proportion to the work left.
class SweepProgress : public Progress {
 public:
  /// Before the first run: so many runs are taken over from that store.
  virtual void took_over(std::size_t /*runs*/, const std::filesystem::path& /*from*/) {}
};

/// Collective. Runs what the store lacks of this part, keeps it there, and writes the tables beside
/// the store once all runs of the grid are there. Nothing is returned on other ranks than 0. Throws
/// InputError, before any run, if a file cannot be read or written, a run does not fit in memory,
/// or ranks have another grid or make other bits.
std::optional<StoredRuns> run_sweep(const Sweep& sweep, const SweepWork& work, Ranks& ranks,
                                    SweepProgress& progress);

/// What a run takes in memory, at least, in bytes.
double bytes_of(const RunSpec& spec);

}  // namespace alignproof::inline sweeps
