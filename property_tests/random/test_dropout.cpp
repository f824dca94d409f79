// SPDX-License-Identifier: Apache-2.0
#include <alignproof/random/dropout.hpp>

#include <cmath>
#include <vector>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("sixteen bits a sample decide what dropout leaves out", "[random][dropout][property]") {
  check_property("dropout", [] {
    const Dropout dropout{*rc::gen::element(0.0, 1e-5, 0.25, 0.3, 0.999), 5};
    const auto units = *rc::gen::inRange<std::size_t>(1, 9),
               samples = *rc::gen::inRange<std::size_t>(1, 14),
               t = *rc::gen::inRange<std::size_t>(0, 5);
    const DropoutMask mask(dropout, units, samples);
    const double below = std::round(65536 * dropout.rate);
    RC_ASSERT(mask.drops() == (below > 0));
    RC_ASSERT(mask.kept_share() == 1 - below / 65536);
    for (std::size_t r = 0; r < units; ++r) {
      std::size_t next = 0;
      mask.for_each_sample(t, r, [&](std::size_t i, bool kept) {
        RC_ASSERT(i == next++);
        const std::uint64_t bits =
            random_bits(5, Stream::dropout, static_cast<std::uint32_t>(t),
                        static_cast<std::uint32_t>(r * ((samples + 3) / 4) + i / 4));
        RC_ASSERT(kept == (static_cast<double>(bits >> (16 * (i % 4)) & 0xffff) >= below));
      });
      RC_ASSERT(next == samples);
    }
  });
}

TEST_CASE("a number just at the rate keeps its unit, one below it does not", "[random][dropout]") {
  const std::uint64_t bits = random_bits(5, Stream::dropout, 3, 2);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto number = static_cast<double>(bits >> (16 * i) & 0xffff);
    const auto kept_at = [&](double below) {
      bool found = false;
      DropoutMask({below / 65536, 5}, 3, 4).for_each_sample(3, 2, [&](std::size_t j, bool kept) {
        if (j == i) found = kept;
      });
      return found;
    };
    CHECK(kept_at(number));
    CHECK(!kept_at(number + 1));
  }
}

TEST_CASE("a rate of dropout that no mask has is refused", "[random][dropout]") {
  for (const double rate : {-0.1, 1.0, 1 - 0x1p-18, std::nan(""), HUGE_VAL}) {
    CHECK(!is_dropout_rate(rate));
    CHECK_THROWS_WITH(DropoutMask({rate, 1}, 2, 2), Catch::Contains("give a number in [0, 1)"));
  }
  CHECK(is_dropout_rate(1 - 0x1p-16));
  // The counters of a step have 32 bits.
  CHECK_THROWS_WITH(DropoutMask({0.5, 1}, std::size_t{1} << 31, 5), Catch::StartsWith("width = "));
  CHECK(!DropoutMask({0, 1}, std::size_t{1} << 31, 5).drops());
}
