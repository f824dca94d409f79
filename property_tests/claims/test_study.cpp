// SPDX-License-Identifier: Apache-2.0
// Cases over many properties meet every pair of values.
#include <alignproof/claims/study.hpp>

#include <map>
#include <set>
#include <string>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("choices under different names meet in every pair", "[claims]") {
  // The names and sizes that the identities and the exact runs use; half as many cases as in full.
  const std::map<std::string, std::size_t> sizes = {{"n", 4},       {"p", 6},    {"inputs", 3},
                                                    {"outputs", 2}, {"rule", 3}, {"penalty", 5},
                                                    {"psi", 3},     {"d", 5},    {"targets", 2}};
  for (const auto& [a, a_size] : sizes)
    for (const auto& [b, b_size] : sizes) {
      if (a >= b) continue;
      std::set<std::pair<std::size_t, std::size_t>> met;
      for (std::size_t k = 0; k < 210; ++k)
        met.insert({choice(k, a, a_size), choice(k, b, b_size)});
      INFO(a << " and " << b);
      CHECK(met.size() == a_size * b_size);
    }
}

TEST_CASE("a replay line holds everything that its batch does not take from defaults", "[claims]") {
  DataSpec data;
  data.k = 2, data.teacher_width = 9, data.input_scale = 0.5;
  Batch batch;
  batch.data = make_data(data);
  batch.network.penalty = {0.25, 7, Decay::geometric, 0.5};
  batch.network.feedback = Feedback::parallel, batch.network.initial_scale = 2;
  batch.network.zero_error = true, batch.rule = Rule::bp;
  const std::string line = replay_line(batch, 42);
  for (const char* part :
       {"--outputs 2", "--teacher-width 9", "--input-scale 0.5", "--lambda 0.25", "--cut 7",
        "--decay geometric", "--decay-scale 0.5", "--feedback parallel", "--initial-scale 2",
        "--zero-error", "--rule bp", "--seed 42"})
    CHECK_THAT(line, Catch::Contains(part));
}
