// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/shares.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

}  // namespace

TEST_CASE("a share of seeds: holds, refuted or undecided by its limits", "[claims]") {
  const ShareClaim share{0.9, 1e-8};
  const auto verdict = [&](std::size_t successes, std::size_t unjudged) {
    return probability_verdict(share, {successes, unjudged, 175}, "witness");
  };
  CHECK(verdict(175, 0).kind() == holds);
  CHECK(verdict(174, 0).kind() == undecided);
  CHECK(verdict(174, 1).kind() == undecided);  // not judged is no success
  CHECK(verdict(150, 0).kind() == undecided);
  CHECK(verdict(100, 0).kind() == refuted);
  CHECK_THAT(verdict(100, 0).detail(), Catch::Contains("witness"));
  CHECK(verdict(100, 75).kind() == undecided);  // and no failure
  CHECK(verdict(0, 175).kind() == undecided);
}

TEST_CASE("a seed outside the premises is no trial", "[claims]") {
  using enum SeedOutcome;
  const Seeds seeds = count_seeds(
      {outside, outside, outside, failure, failure, success, success, success, success, success});
  CHECK(seeds.trials == 7);
  CHECK(seeds.successes == 5);
  CHECK(probability_verdict({0.9, 1e-8}, {0, 0, 0}, "").kind() == undecided);
}
