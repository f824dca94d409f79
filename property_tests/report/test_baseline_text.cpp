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
