// SPDX-License-Identifier: Apache-2.0
#include <claims/p_closed/closed_form_count.hpp>

#include "claims/filled.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto sampled = VerdictKind::sampled, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

/// All instances hold but where the second activation's count is spoilt.
FillWork counts(const std::function<void(ClosedFormCount&)>& spoil) {
  return [spoil, seen = 0](AskedWork& work) mutable {
    ClosedFormCount& count = *work.as<ClosedFormCount>();
    count.psi = "psi", count.instances = count.holds = 10, count.parts = {0.5, 0.25, 0.125};
    if (++seen == 2) spoil(count);
  };
}

ClaimRow with_second(const std::function<void(ClosedFormCount&)>& spoil) {
  return filled_row("P-closed", counts(spoil));
}

}  // namespace

TEST_CASE("P-closed: a false condition refutes, one not enclosed leaves it open", "[claims]") {
  const auto kind = [](const auto& spoil) { return with_second(spoil).verdict.kind(); };
  CHECK(kind([](ClosedFormCount&) {}) == sampled);
  CHECK(kind([](ClosedFormCount& count) { count.holds = 9; }) == undecided);
  CHECK(kind([](ClosedFormCount& count) { count.holds = 9, count.fails = 1; }) == refuted);
}

TEST_CASE("P-closed: the closest margin is that of all activations", "[claims]") {
  const ClaimRow row = with_second([](ClosedFormCount& count) { count.parts[2] = 0.75; });
  CHECK(*row.measured == 0.75);
  CHECK(*row.ratio == 0.75);
  CHECK(row.instances == 10 * row.results.size());
  CHECK(row.results.size() >= 4);
}

TEST_CASE("P-closed: a term left out is refused by an instance at which (P.5) is false",
          "[claims]") {
  CHECK(refused_by("P-closed", counts([](ClosedFormCount&) {})).rejection.caught_by.empty());
  const auto caught = refused_by(
      "P-closed", counts([](ClosedFormCount& count) { count.holds = 9, count.fails = 1; }));
  CHECK(caught.rejection.caught_by == std::vector<std::string>{"P-closed"});
}
