// SPDX-License-Identifier: Apache-2.0
// Work on rows of a matrix on several threads.
#include <alignproof/core/no_fast_math.hpp>

#include "threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include <flint/flint.h>

#include <alignproof/core/floating_point.hpp>

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

/// Threads that stay from one matrix to the next: a step asks for them a dozen times.
class Helpers {
 public:
  ~Helpers() { dismiss(); }

  /// Calls share() on this thread and on up to so many others, all at once. Who is asked while the
  /// helpers are busy does it alone, and so where there are no threads to be had.
  void share_out(std::size_t helpers, const std::function<void()>& share) {
    if (helpers == 0 || !take(helpers, share)) {
      share();
      return;
    }
    called_.notify_all();
    share();
    std::unique_lock lock(mutex_);
    wanted_ = 0;  // who has not come by now is not waited for
    left_.wait(lock, [&] { return working_ == 0; });
    share_ = nullptr;
  }

  /// Ends all threads; the next work has new ones.
  void dismiss() {
    {
      const std::lock_guard lock(mutex_);
      if (share_) return;
      dismissed_ = true;
    }
    called_.notify_all();
    threads_.clear();
    dismissed_ = false;
  }

 private:
  bool take(std::size_t helpers, const std::function<void()>& share) {
    const std::lock_guard lock(mutex_);
    if (share_) return false;
    try {
      while (threads_.size() < helpers) threads_.emplace_back([this] { help(); });
    } catch (const std::system_error&) {
      // ulimit -u, ulimit -v: those that there are do the work.
    }
    share_ = &share, wanted_ = std::min(helpers, threads_.size());
    return true;
  }

  void help() {
    std::unique_lock lock(mutex_);
    for (;;) {
      called_.wait(lock, [&] { return dismissed_ || wanted_ > 0; });
      if (dismissed_) return;
      --wanted_, ++working_;
      const std::function<void()>& share = *share_;
      lock.unlock();
      share();
      lock.lock();
      if (--working_ == 0) left_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable called_, left_;
  const std::function<void()>* share_ = nullptr;  ///< null while there is no work
  std::size_t wanted_ = 0, working_ = 0;
  bool dismissed_ = false;
  std::vector<std::jthread> threads_;
};

Helpers& helpers() {
  static Helpers all;
  return all;
}

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

namespace {

/// Calls body for every index below `count`, on so many threads and at the precision of the caller.
void share_out(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& body) {
  const long bits = precision();
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<std::size_t> next{0};
  std::exception_ptr first_error;
  std::mutex error_mutex;
  helpers().share_out(jobs > 1 ? jobs - 1 : 0, [&] {
    const PrecisionScope scope(bits);
    for (std::size_t index; (index = next.fetch_add(1)) < count;) {
      try {
        body(index);
        if (std::this_thread::get_id() != caller) end_work_of_helper();
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!first_error) first_error = std::current_exception();
        next = count;
      }
    }
  });
  if (!first_error) return;
  helpers().dismiss();  // one may be in the wrong state
  std::rethrow_exception(first_error);
}

}  // namespace

void for_row_blocks(std::size_t rows, std::size_t cols,
                    const std::function<void(const RowBlock&)>& body) {
  const std::size_t size = rows_of_block(cols), count = count_row_blocks(rows, cols);
  share_out(count, std::min(jobs_wanted, count / blocks_a_thread), [&](std::size_t index) {
    body({index, index * size, std::min(rows, (index + 1) * size)});
  });
}

void do_both(const std::function<void()>& first, const std::function<void()>& second) {
  share_out(2, std::min<std::size_t>(jobs_wanted, 2),
            [&](std::size_t index) { index == 0 ? first() : second(); });
}

void for_each_index(std::size_t count, const std::function<void(std::size_t)>& body) {
  for_row_blocks(count, block_entries, [&](const RowBlock& block) {
    for (std::size_t k = block.first; k < block.last; ++k) body(k);
  });
}

}  // namespace alignproof::check
