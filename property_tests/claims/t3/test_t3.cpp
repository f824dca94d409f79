// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

Spoil in_aligned(std::function<void(MadeUp&)> change) {
  return [change](MadeUpRuns& b) {
    if (b.batch.name == "alignment")
      for (MadeUp& r : b.records) change(r);
  };
}

}  // namespace

TEST_CASE("T3: convergence, level and convergence by a millionth", "[claims]") {
  CHECK(kind("T3") == holds);
  CHECK(kind("T3", in_aligned([](MadeUp& r) { r.E_end = 0.9e-6; })) == holds);
  CHECK(kind("T3", in_aligned([](MadeUp& r) { r.E_end = 1.1e-6; })) == refuted);
  CHECK(kind("T3", in_aligned([](MadeUp& r) { r.min_cos_after = 0.501; })) == holds);
  CHECK(kind("T3", in_aligned([](MadeUp& r) { r.min_cos_after = 0.499; })) == refuted);
  CHECK(kind("T3", in_aligned([](MadeUp& r) { r.diverged_at = 3; })) == refuted);
  // Not confirmed at 50 digits, hence not refuted; nor does the row hold.
  CHECK(kind("T3", in_aligned([](MadeUp& r) { r.violation = 0; })) == undecided);
  CHECK(kind("T3", [](MadeUpRuns& b) {
          if (b.batch.name == "alignment") b.limit.largest_eigenvalue = 1.1;
        }) == undecided);
}

TEST_CASE("T3 needs its margin over the twin without a penalty", "[claims]") {
  const auto twin_at = [](double cosine) {
    return in_records("twin", [=](MadeUp& r, const MadeUpRuns&) { r.sup_cos = cosine; });
  };
  CHECK(kind("T3", twin_at(0.59)) == holds);
  CHECK(kind("T3", twin_at(0.61)) == refuted);  // 0.8 with the penalty, the margin is 0.2
}

TEST_CASE("T3: a false claim is caught by its numbers, and only then", "[claims]") {
  check_survives("aligns without a penalty",
                 in_records("twin", [](MadeUp& r, const MadeUpRuns&) { r.cos_end = 0.6; }));
  check_survives("sign flipped", in_records("flipped", [](MadeUp& r, const MadeUpRuns&) {
                   r.min_cos_after = 0.6;
                 }));
}
