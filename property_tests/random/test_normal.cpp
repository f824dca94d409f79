// SPDX-License-Identifier: Apache-2.0
// Philox against published vectors and a second implementation, the quantile against MPFR's erfc,
// the numbers against their distribution, the bits against a pinned hash.
#include <alignproof/random/normal.hpp>

#include <Random123/philox.h>
#include <mpfr.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>

#include "../property.hpp"
#include "random/primitives.hpp"

namespace {

using namespace alignproof;

constexpr double u = 0x1p-53;  ///< unit roundoff
constexpr std::array all_streams{Stream::W,      Stream::beta,    Stream::b,
                                 Stream::X,      Stream::teacher, Stream::teacher_W,
                                 Stream::choice, Stream::wishart};

using Words4 = std::array<std::uint32_t, 4>;

/// Philox4x32-10 written from its definition (Salmon et al., SC 2011), sharing nothing with
/// Random123.
Words4 reference_philox(Words4 counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};
  }
  return counter;
}

struct KnownAnswer {
  Words4 counter;
  std::array<std::uint32_t, 2> key;
  Words4 expected;
};

/// The three vectors for philox4x32 with ten rounds in Random123's kat_vectors.
const std::vector<KnownAnswer> known_answers{
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};

/// The relative error of x as a quantile of p in units of u: (Phi(x) - p) / (phi(x) x), one Newton
/// step, whose own error is of second order. Phi by MPFR's erfc at 160 bits, on the smaller side.
class QuantileError {
 public:
  QuantileError() { mpfr_inits2(160, x_, p_, phi_, t_, nullptr); }
  ~QuantileError() { mpfr_clears(x_, p_, phi_, t_, nullptr); }
  QuantileError(const QuantileError&) = delete;
  QuantileError& operator=(const QuantileError&) = delete;

  double operator()(double p, double x) {
    mpfr_set_d(p_, p, MPFR_RNDN);
    if (p > 0.5) {  // exact at 160 bits
      mpfr_ui_sub(p_, 1, p_, MPFR_RNDN);
      x = -x;
    }
    mpfr_set_d(x_, x, MPFR_RNDN);
    mpfr_sqr(phi_, x_, MPFR_RNDN);  // phi(x) = exp(-x^2 / 2) / sqrt(2 pi)
    mpfr_div_si(phi_, phi_, -2, MPFR_RNDN);
    mpfr_exp(phi_, phi_, MPFR_RNDN);
    mpfr_const_pi(t_, MPFR_RNDN);
    mpfr_mul_ui(t_, t_, 2, MPFR_RNDN);
    mpfr_sqrt(t_, t_, MPFR_RNDN);
    mpfr_div(phi_, phi_, t_, MPFR_RNDN);
    mpfr_mul(phi_, phi_, x_, MPFR_RNDN);
    mpfr_sqrt_ui(t_, 2, MPFR_RNDN);  // Phi(x) = erfc(-x / sqrt 2) / 2
    mpfr_div(t_, x_, t_, MPFR_RNDN);
    mpfr_neg(t_, t_, MPFR_RNDN);
    mpfr_erfc(t_, t_, MPFR_RNDN);
    mpfr_div_ui(t_, t_, 2, MPFR_RNDN);
    mpfr_sub(t_, t_, p_, MPFR_RNDN);
    mpfr_div(t_, t_, phi_, MPFR_RNDN);
    return mpfr_get_d(t_, MPFR_RNDN) / u;
  }

 private:
  mpfr_t x_, p_, phi_, t_;
};

/// The bound derived in reports/docs/random.md.
constexpr double quantile_bound = 40;

/// The error in units of u over probabilities, the largest and the mean of its size.
std::pair<double, double> errors_over(const std::vector<double>& probabilities) {
  QuantileError error;
  double largest = 0, sum = 0;
  for (double p : probabilities) {
    const double e = std::abs(error(p, normal_quantile(p)));
    INFO("p = " << quoted(p) << ", error " << e << " u");
    REQUIRE(e <= quantile_bound);
    largest = std::max(largest, e);
    sum += e;
  }
  return {largest, sum / static_cast<double>(probabilities.size())};
}

/// `count` points around p, from a few ulp to a few per mille away: region ends are there.
std::vector<double> around(double p, int count) {
  std::vector<double> points{p};
  double up = p, down = p;
  for (int i = 0; i < count; ++i) {
    points.push_back(up = std::nextafter(up, 1));
    points.push_back(down = std::nextafter(down, 0));
    points.push_back(p * (1 + 1e-5 * i));
    points.push_back(p * (1 - 1e-5 * i));
  }
  return points;
}

/// N values of one arrangement: along a row, a column, the streams and rows, or the seeds.
std::vector<double> sample(int arrangement, std::uint32_t count) {
  std::vector<double> z(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto stream = all_streams[i % all_streams.size()];
    z[i] = arrangement == 0   ? standard_normal(1, Stream::W, 0, i)
           : arrangement == 1 ? standard_normal(1, Stream::X, i, 0)
           : arrangement == 2 ? standard_normal(2, stream, i / all_streams.size(), 3)
                              : standard_normal(i, Stream::b, 5, 0);
  }
  return z;
}

/// Little-endian bytes, whatever the processor's order.
void append_bits(std::string& bytes, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int k = 0; k < 8; ++k) bytes += static_cast<char>(bits >> (8 * k) & 0xff);
}

std::string first_normals(std::uint32_t count) {
  std::string bytes;
  for (std::uint32_t i = 0; i < count; ++i)
    append_bits(bytes, standard_normal(1, Stream::W, i / 100, i % 100));
  return bytes;
}

/// Quantiles down to the smallest normal number: the first normals never reach the far tail.
std::string tail_quantiles() {
  std::string bytes;
  for (int k = 2; k <= 1022; ++k) append_bits(bytes, normal_quantile(std::ldexp(1.37, -k)));
  return bytes;
}

}  // namespace

TEST_CASE("Philox4x32-10 gives the known answers") {
  const r123::Philox4x32 library;
  for (const auto& [counter, key, expected] : known_answers) {
    CHECK(reference_philox(counter, key) == expected);
    const auto words =
        library({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    for (std::size_t i = 0; i < 4; ++i) CHECK(words[i] == expected[i]);
  }
  CHECK(random_bits(0, Stream::W, 0, 0) == 0xe169c58d6627e8d5u);
}

TEST_CASE("random_bits is Philox at (stream, row, column, 0) under the seed", "[random][property]") {
  check_property("agrees with a second implementation",
                 [](std::uint64_t seed, std::uint32_t row, std::uint32_t column) {
                   const auto stream = *rc::gen::elementOf(all_streams);
                   const auto words = reference_philox(
                       {static_cast<std::uint32_t>(stream), row, column, 0},
                       {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
                   RC_ASSERT(random_bits(seed, stream, row, column) ==
                             (words[0] | static_cast<std::uint64_t>(words[1]) << 32));
                 });
}

TEST_CASE("distinct (seed, stream, row, column) give distinct bits") {
  // Below 2^18 values of 64 bits: two random ones agree with probability below 2^-29.
  std::vector<std::uint64_t> bits;
  for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32})
    for (Stream stream : all_streams)
      for (std::uint32_t row = 0; row < 100; ++row)
        for (std::uint32_t column = 0; column < 100; ++column)
          bits.push_back(random_bits(seed, stream, row, column));
  std::sort(bits.begin(), bits.end());
  CHECK(std::adjacent_find(bits.begin(), bits.end()) == bits.end());
}

TEST_CASE("uniform is an odd multiple of 2^-53 made of the upper 52 bits", "[random][property]") {
  check_property("in (0, 1)", [](std::uint64_t seed, std::uint32_t row, std::uint32_t column) {
    const double value = uniform(seed, Stream::beta, row, column);
    const auto scaled = static_cast<std::uint64_t>(value * 0x1p53);
    RC_ASSERT(static_cast<double>(scaled) == value * 0x1p53);
    RC_ASSERT(scaled % 2 == 1u);
    RC_ASSERT(scaled / 2 == random_bits(seed, Stream::beta, row, column) >> 12);
    RC_ASSERT(value > 0 && value < 1);
    RC_ASSERT(standard_normal(seed, Stream::beta, row, column) == normal_quantile(value));
  });
}

TEST_CASE("normal_quantile is within its derived bound of MPFR, tails included") {
  std::vector<double> probabilities;
  for (int i = 1; i < 2999; ++i) probabilities.push_back(i / 2999.0);
  for (double p = 0x1p-53; p < 0.5; p *= 1.02) {
    probabilities.push_back(p);
    probabilities.push_back(1 - p);
  }
  for (double p = std::numeric_limits<double>::denorm_min(); p < 0x1p-53; p *= 2)
    probabilities.push_back(p);
  for (double end : {0.075, 0.925, std::exp(-25.0), 0.5, 0x1p-1022, 0.25})
    for (double p : around(end, 50))
      if (p != 0.5) probabilities.push_back(p);  // the quantile 0 has no relative error
  const auto [largest, mean] = errors_over(probabilities);
  INFO("largest error " << largest << " u, mean " << mean << " u");
  // Rounding errors are far below their worst case; a wrong digit in a coefficient would not be.
  CHECK(largest <= 8);
  CHECK(mean <= 1.5);
}

TEST_CASE("normal_quantile at known points") {
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(0.975) == Approx(1.959963984540054235524594).epsilon(1e-15));
  CHECK(normal_quantile(0.841344746068542948585) == Approx(1).epsilon(1e-15));
  CHECK(normal_quantile(0x1p-53) == Approx(-8.209536151601386).epsilon(1e-14));
}

TEST_CASE("normal_quantile is odd about 1/2, bit for bit", "[random][property]") {
  // 1 - p is exact for every multiple of 2^-53.
  check_property("at the points of uniform", [](std::uint64_t seed, std::uint32_t row) {
    const double p = uniform(seed, Stream::choice, row, 0);
    RC_ASSERT(normal_quantile(1 - p) == -normal_quantile(p));
  });
  for (double p = 0x1p-53; p < 0.5; p *= 2) CHECK(normal_quantile(1 - p) == -normal_quantile(p));
}

TEST_CASE("normal_quantile rejects what is not in (0, 1)") {
  for (double p : {0.0, 1.0, -0.25, 1.5, std::numeric_limits<double>::infinity()})
    CHECK_THROWS_WITH(normal_quantile(p),
                      Catch::Contains("probability = " + quoted(p) + " is not"));
  CHECK_THROWS_AS(normal_quantile(std::nan("")), InputError);
}

// Each bound fails with probability below 1e-9 for independent normals, by a finite-sample
// inequality; the seeds are fixed, so the outcome is the same in every run.
TEST_CASE("standard_normal has the moments and the distribution of N(0, 1)") {
  constexpr std::uint32_t N = 50000;
  const double x = std::log(4e9);  // e^-x is a quarter of 1e-9
  for (int arrangement : {0, 1, 2, 3}) {
    INFO("arrangement " << arrangement);
    auto z = sample(arrangement, N);
    double sum = 0, squares = 0, products = 0;
    for (std::uint32_t i = 0; i < N; ++i) {
      sum += z[i];
      squares += z[i] * z[i];
      if (i % 2 == 1) products += z[i - 1] * z[i];
    }
    CHECK(std::abs(sum) / std::sqrt(N) <= 6.3);  // 2 (1 - Phi(6.3)) = 3e-10
    // Laurent and Massart (2000) for chi^2, and for z z' = (s^2 - t^2) / 2 with independent s, t.
    CHECK(squares - N <= 2 * std::sqrt(N * x) + 2 * x);
    CHECK(N - squares <= 2 * std::sqrt(N * x));
    CHECK(std::abs(products) <= 2 * std::sqrt(N / 2 * x) + x);
    // Dvoretzky, Kiefer, Wolfowitz with Massart's constant.
    std::sort(z.begin(), z.end());
    double distance = 0;
    for (std::uint32_t i = 0; i < N; ++i) {
      const double F = 0.5 * std::erfc(-z[i] / std::sqrt(2.0));
      distance = std::max({distance, (i + 1.0) / N - F, F - static_cast<double>(i) / N});
    }
    CHECK(distance <= std::sqrt(std::log(2e9) / (2 * N)));
  }
}

TEST_CASE("many normals at once are the same numbers as one at a time", "[random][property]") {
  check_property("rows of standard_normals are those of standard_normal", [](std::uint64_t seed) {
    const Stream stream = all_streams[*rc::gen::inRange<std::size_t>(0, all_streams.size())];
    const auto first = *rc::gen::arbitrary<std::uint32_t>();
    const auto columns = *rc::gen::inRange<std::uint32_t>(1, 40);
    std::vector<double> values(*rc::gen::inRange<std::size_t>(0, 700));
    standard_normals(seed, stream, first, columns, values);
    for (std::uint32_t k = 0; k < values.size(); ++k)
      RC_ASSERT(values[k] == standard_normal(seed, stream, first + k / columns, k % columns));
  });
}

TEST_CASE("many quantiles at once are those of one at a time, where regions meet and in far tails",
          "[random]") {
  std::vector<double> probabilities;
  // Odd multiples of 2^-53 about the ends of the regions: |q| = 0.425, r = 5, and both ends.
  for (double middle : {0x1p-53, 0x1p-52, 1e-15, 1.3e-12, 1.3887943864964021e-11, 1e-10, 0.03,
                        0.075, 0.25, 0.5})
    for (int step = -300; step <= 300; ++step) {
      const auto odd = 2 * static_cast<std::int64_t>(std::floor(middle * 0x1p52)) + 1 + 2 * step;
      if (odd < 1) continue;
      const double p = static_cast<double>(odd) * 0x1p-53;
      probabilities.push_back(p), probabilities.push_back(1 - p);
    }
  std::vector<double> together(probabilities.size());
  random::detail::normal_quantiles(probabilities, together);
  for (std::size_t i = 0; i < together.size(); ++i) {
    INFO(probabilities[i]);
    REQUIRE(together[i] == normal_quantile(probabilities[i]));
  }
  random::detail::normal_quantiles(probabilities, probabilities);  // in place
  CHECK(probabilities == together);
}

TEST_CASE("the first 1000 normals and the tail quantiles never change") {
  CHECK(sha256(tail_quantiles()) ==
        "f455f862b59ff0c7dee44bf23ac52b7b9111cb35521b12164a8d5b4a1f54794c");
  CHECK(sha256(first_normals(1000)) ==
        "b692d81c7a1d7f2a3339aead7fac489a86f90ad16a87df163956606a2818ed32");
}
