// SPDX-License-Identifier: Apache-2.0
// The checker's own numbers of a seed: those of the library, written a second time, and nothing
// that is off by more than the stated error is taken for them.
#include <cmath>
#include <vector>

#include <alignproof/network/data.hpp>
#include <alignproof/random/normal.hpp>

#include "check/seeded.hpp"
#include "property.hpp"

using namespace alignproof;
using check::Decision;

namespace {

/// At few bits too: they are not what decides this.
check::Decision decision_of(const Start& start, std::uint64_t seed) {
  const check::PrecisionScope scope(53);
  check::Budget budget = check::Budget::of_numbers(start.W.values.size());
  std::vector<check::Condition> conditions;
  check_seeded(conditions, start, seed, budget);
  return decide(conditions);
}

Start start_of(std::uint64_t seed) {
  const Data data = make_data({.n = 2, .d = 3, .seed = 5});
  const Instance instance = make_instance(data, {.p = 20, .penalty = {}, .seed = seed});
  Start start;
  start.kind = CertificateKind::from_initialisation;
  start.X = instance.X, start.y = instance.y, start.b = instance.b;
  start.W = instance.W0, start.beta = instance.beta0;
  return start;
}

}  // namespace

TEST_CASE("Philox of the checker gives the published words, and those of the library",
          "[check][property]") {
  // The known answer of its authors for key 0 and counter 0: 6627e8d5 e169c58d ...
  CHECK(check::philox_bits(0, 0, 0, 0) == 0xe169c58d6627e8d5u);
  check_property("a place has the same bits in library and checker", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto row = *rc::gen::arbitrary<std::uint32_t>();
    const auto column = *rc::gen::arbitrary<std::uint32_t>();
    const auto stream = *rc::gen::element(Stream::W, Stream::beta, Stream::b);
    RC_ASSERT(check::philox_bits(seed, static_cast<std::uint32_t>(stream), row, column) ==
              random_bits(seed, stream, row, column));
  });
}

TEST_CASE("Initial data of a seed are known as its own", "[check][property]") {
  for (const std::uint64_t seed : {0ull, 1ull, 17ull, 123456789012345ull}) {
    const Start start = start_of(seed);
    CHECK(decision_of(start, seed) == Decision::proved);
    CHECK(decision_of(start, seed + 1) == Decision::violated);
  }
  check_property("an entry that is off by 90 roundoffs or more is not", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    Start start = start_of(seed);
    const int which = *rc::gen::inRange(0, 3);
    Array& array = which == 0 ? start.W : which == 1 ? start.beta : start.b;
    double& entry = array.values[*rc::gen::inRange<std::size_t>(0, array.values.size())];
    const double roundoffs = *rc::gen::element(90.0, -90.0, 1e4, -1e6, 1e15);
    entry += entry * roundoffs * 0x1p-53;
    RC_ASSERT(decision_of(start, seed) == Decision::violated);
  });
  check_property("an entry of another place, stream or sign is not", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    Start start = start_of(seed);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        std::swap(start.W.values[0], start.W.values[*rc::gen::inRange<std::size_t>(1, 60)]);
        break;
      case 1:
        std::swap(start.beta, start.b);
        break;
      case 2:
        start.beta.values[*rc::gen::inRange<std::size_t>(0, 20)] *= -1;
        break;
      default:
        start.b.values[*rc::gen::inRange<std::size_t>(0, 20)] = 0;
    }
    RC_ASSERT(decision_of(start, seed) == Decision::violated);
  });
}

TEST_CASE("From a checkpoint the feedback alone is that of the seed", "[check][property]") {
  Start start = start_of(3);
  start.kind = CertificateKind::from_checkpoint;
  start.beta.values.assign(20, 1.0);
  CHECK(decision_of(start, 3) == Decision::proved);
  start.b.values[7] += 1;
  CHECK(decision_of(start, 3) == Decision::violated);
}

TEST_CASE("What the budget does not allow is left open", "[check]") {
  const check::PrecisionScope scope(128);
  check::Budget budget(1000);
  std::vector<check::Condition> conditions;
  check_seeded(conditions, start_of(3), 3, budget);
  CHECK(decide(conditions) == Decision::undecided);
}
