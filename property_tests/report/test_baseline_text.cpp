// SPDX-License-Identifier: Apache-2.0
// A file of approved verdicts is JSON to its last byte.
#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/report/writers.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("approved verdicts with a NUL in them are refused", "[report]") {
  const std::string approved = R"({"T1": {"verdict": "holds"}})";
  CHECK(changed_verdicts(approved, approved).empty());
  for (const std::string& more :
       {std::string(1, '\0'), std::string("\0, \"T2\"", 7), std::string("}")})
    CHECK_THROWS_AS(changed_verdicts(approved + more, approved), InputError);
}

TEST_CASE("a baseline is not asked of rows that somebody brought", "[report]") {
  const std::string ours = R"({"T1": {"verdict": "holds"}, "refused": {"x": "T1"}})",
                    now = R"({"T1": {"verdict": "holds"}, "mine": {"verdict": "refuted"},
                              "refused": {"x": "T1", "mine is false": "mine"}})";
  CHECK(changed_verdicts(ours, now).size() == 2);
  CHECK(changed_verdicts(ours, known_verdicts(ours, now, {"mine"})).empty());
  // What the baseline has is compared, and so is everything if it has nothing of the run.
  CHECK(changed_verdicts(ours, known_verdicts(ours, now, {})).size() == 2);
  const std::string other = R"({"T1": {"verdict": "refuted"}, "mine": {"verdict": "holds"}})",
                    alone = R"({"mine": {"verdict": "holds"}})";
  CHECK(changed_verdicts(other, known_verdicts(other, now, {"mine"}), true).size() == 2);
  CHECK(changed_verdicts(ours, known_verdicts(ours, alone, {"mine"}), true).size() == 1);
  // A false claim of ours that is missing in the run is missed.
  const std::string less = R"({"T1": {"verdict": "holds"}, "refused": {}})";
  CHECK(changed_verdicts(ours, known_verdicts(ours, less, {"mine"})).size() == 1);
}

TEST_CASE("brought rows are approved beside others", "[report]") {
  const std::string before = R"({"T1": {"verdict": "holds"},
                                 "mine": {"instances": {"a": "holds"}, "verdict": "holds"}})",
                    now = R"({"mine": {"verdict": "exact"}, "other": {"verdict": "sampled"}})";
  const std::string after = replaced_verdicts(before, now);
  CHECK(changed_verdicts(after, R"({"T1": {"verdict": "holds"}, "mine": {"verdict": "exact"},
                                    "other": {"verdict": "sampled"}})")
            .empty());
  CHECK_THROWS_AS(replaced_verdicts("[]", now), InputError);
}
