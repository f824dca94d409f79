// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/parallel.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace alignproof::inline core {

void parallel_for(std::size_t count, std::size_t jobs,
                  const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr first_error;
  std::mutex error_mutex;
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < count;) {
      try {
        body(i);
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!first_error) first_error = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::jthread> helpers;
  try {
    for (std::size_t j = 1; j < std::min(jobs, count); ++j) helpers.emplace_back(work);
  } catch (const std::exception&) {
    // No more threads are to be had (ulimit -u, ulimit -v): those that there are do the work.
  }
  work();
  helpers.clear();
  if (first_error) std::rethrow_exception(first_error);
}

}  // namespace alignproof::inline core
