// SPDX-License-Identifier: Apache-2.0
// Work on rows of a matrix on several threads.
#include <alignproof/core/no_fast_math.hpp>

#include "threads.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include <flint/flint.h>

#include <alignproof/core/floating_point.hpp>
#include <alignproof/core/parallel.hpp>

#include "ball.hpp"

namespace alignproof::check {

namespace {

/// Entries of a block: small enough that a block of a few matrices stays in a processor's cache,
/// large enough that handing it out costs nothing.
constexpr std::size_t block_entries = 4096;
/// Blocks that are worth the start of a thread.
constexpr std::size_t blocks_a_thread = 2;

std::size_t jobs_wanted = 1;

std::size_t rows_of_block(std::size_t cols) {
  return std::max<std::size_t>(1, block_entries / std::max<std::size_t>(1, cols));
}

/// What Arb keeps for a thread is given back when the thread ends.
struct LibraryMemory {
  ~LibraryMemory() { flint_cleanup(); }
};

}  // namespace

void use_threads(std::size_t jobs) {
  jobs_wanted = std::max<std::size_t>(1, jobs);
}

std::size_t threads_in_use() {
  return jobs_wanted;
}

std::size_t count_row_blocks(std::size_t rows, std::size_t cols) {
  const std::size_t size = rows_of_block(cols);
  return (rows + size - 1) / size;
}

void end_work_of_helper() {
  static thread_local const LibraryMemory memory;
  static_cast<void>(memory);
  if (const char* fault = floating_point_fault()) throw std::runtime_error(fault);
}

void for_row_blocks(std::size_t rows, std::size_t cols,
                    const std::function<void(const RowBlock&)>& body) {
  const std::size_t size = rows_of_block(cols), count = count_row_blocks(rows, cols);
  const std::size_t jobs = std::min(jobs_wanted, count / blocks_a_thread);
  const long bits = precision();
  const std::thread::id caller = std::this_thread::get_id();
  parallel_for(count, std::max<std::size_t>(1, jobs), [&](std::size_t index) {
    const PrecisionScope scope(bits);
    body({index, index * size, std::min(rows, (index + 1) * size)});
    if (std::this_thread::get_id() != caller) end_work_of_helper();
  });
}

void for_each_index(std::size_t count, const std::function<void(std::size_t)>& body) {
  for_row_blocks(count, block_entries, [&](const RowBlock& block) {
    for (std::size_t k = block.first; k < block.last; ++k) body(k);
  });
}

}  // namespace alignproof::check
