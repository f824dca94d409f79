// SPDX-License-Identifier: Apache-2.0
// Whether initial data are those of a seed, as reports/docs/random.md defines them.
#include <alignproof/core/no_fast_math.hpp>

#include "seeded.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace alignproof::check {

namespace {

/// Streams of the arrays.
constexpr std::uint32_t stream_of_W = 0, stream_of_beta = 1, stream_of_b = 2;

using Words = std::array<std::uint32_t, 4>;

std::uint32_t upper_half(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32);
}
std::uint32_t lower_half(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}

/// Ten rounds of Salmon, Moraes, Dror and Shaw (2011); the key grows between them by the golden
/// ratio and by sqrt 3 - 1, in units of 2^-32.
Words philox(Words x, std::uint64_t seed) {
  std::uint32_t key0 = lower_half(seed), key1 = upper_half(seed);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * x[0],
                        product1 = std::uint64_t{0xCD9E8D57} * x[2];
    x = {upper_half(product1) ^ x[1] ^ key0, lower_half(product1),
         upper_half(product0) ^ x[3] ^ key1, lower_half(product0)};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return x;
}

/// (2k + 1) 2^-53, k the upper 52 bits.
Ball uniform_from(std::uint64_t bits) {
  Ball u;
  arb_set_ui(u.get(), 2 * (bits >> 12) + 1);
  arb_mul_2exp_si(u.get(), u.get(), -53);
  return u;
}

/// The normal law's probability of what is below x.
Ball below(const Ball& x) {
  return erfc(0 - x / sqrt(2)) / 2;
}

constexpr long least_bits = 128;

/// What an entry costs: two values of erfc.
constexpr double work_of_entry = 300;

}  // namespace

std::uint64_t philox_bits(std::uint64_t seed, std::uint32_t stream, std::uint32_t row,
                          std::uint32_t column) {
  const Words x = philox({stream, row, column, 0}, seed);
  return x[0] | std::uint64_t{x[1]} << 32;
}

Condition require_seeded(const std::string& name, const Array& array, std::uint64_t seed,
                         std::uint32_t stream) {
  // Far out in the tails 41 roundoffs are a small part of the probability there.
  const PrecisionScope scope(std::max(precision(), least_bits));
  const Ball tolerance = 41 * Ball(0x1p-53);
  Condition condition{fmt::format("{} of the seed", name), Decision::proved,
                      fmt::format("{} entries", array.values.size())};
  for (std::size_t r = 0; r < array.rows(); ++r)
    for (std::size_t j = 0; j < array.cols(); ++j) {
      const Ball x = array.values[r * array.cols() + j], slack = tolerance * abs(x);
      const Ball u = uniform_from(
          philox_bits(seed, stream, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(j)));
      const Decision here = both(at_least(u, below(x - slack)), at_least(below(x + slack), u));
      if (both(condition.decision, here) == condition.decision) continue;
      condition.decision = here;
      condition.detail = fmt::format(
          "entry ({}, {}) is {}, where the normal law has {} below the "
          "number of the seed and {} below this one",
          r, j, text(x), text(u), text(below(x)));
    }
  return condition;
}

void check_seeded(std::vector<Condition>& conditions, const Start& start, std::uint64_t seed,
                  Budget& budget) {
  const auto check = [&](const char* name, const Array& array, std::uint32_t stream) {
    const double work = work_of_entry * static_cast<double>(array.values.size());
    if (!budget.allows(work, fmt::format("{} against the seed", name))) {
      conditions.push_back(over_budget(budget));
      return;
    }
    budget.spend(work);
    conditions.push_back(require_seeded(name, array, seed, stream));
  };
  switch (start.kind) {
    case CertificateKind::from_initialisation:
      check("W(0)", start.W, stream_of_W);
      check("beta(0)", start.beta, stream_of_beta);
      break;
    case CertificateKind::from_checkpoint:
      break;
  }
  check("b", start.b, stream_of_b);
}

}  // namespace alignproof::check
