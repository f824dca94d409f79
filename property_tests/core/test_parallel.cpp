// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/parallel.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("parallel_for calls every index once, for any number of jobs", "[core][property]") {
  check_property("each index exactly once", [] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 200);
    const auto jobs = *rc::gen::inRange<std::size_t>(1, 9);
    std::vector<std::atomic<int>> calls(count);
    parallel_for(count, jobs, [&](std::size_t i) { ++calls[i]; });
    for (const auto& c : calls) RC_ASSERT(c == 1);
  });
}

TEST_CASE("parallel_for passes on the exception of a body", "[core]") {
  const auto body = [](std::size_t i) {
    if (i == 7) throw std::runtime_error("seven");
  };
  CHECK_THROWS_WITH(parallel_for(100, 4, body), "seven");
  CHECK_THROWS_WITH(parallel_for(100, 1, body), "seven");
}
