// SPDX-License-Identifier: Apache-2.0
// Work on rows of a matrix on several threads. What a body writes belongs to its rows, or to its
// block; blocks do not depend on how many threads there are, so neither does any result.
#pragma once

#include <cstddef>
#include <functional>

namespace alignproof::check {

/// How many threads check from now on; 1 until it is called.
void use_threads(std::size_t jobs);
std::size_t threads_in_use();

/// The last words of work that a helping thread has done: gives back what Arb keeps for the thread,
/// and throws std::runtime_error if its floating-point unit is not in the state that the verdict
/// asks for, since main looks at that of its own thread only.
void end_work_of_helper();

/// Rows [first, last) are block `index`.
struct RowBlock {
  std::size_t index, first, last;
};

/// In how many blocks so many rows of so many entries are taken.
std::size_t count_row_blocks(std::size_t rows, std::size_t cols);

/// Calls body for every block, at the precision of the caller. Throws std::runtime_error if the
/// floating-point unit of a thread is not in the state that the verdict asks for.
void for_row_blocks(std::size_t rows, std::size_t cols,
                    const std::function<void(const RowBlock&)>& body);

/// The same for every index below `count`, each of which is work enough for a block.
void for_each_index(std::size_t count, const std::function<void(std::size_t)>& body);

/// Calls both, at once where there are threads.
void do_both(const std::function<void()>& first, const std::function<void()>& second);

}  // namespace alignproof::check
