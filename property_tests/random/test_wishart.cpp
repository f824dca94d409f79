// SPDX-License-Identifier: Apache-2.0
// Chi against its definition at 60 digits and its distribution; Bartlett's factor against Gram
// matrices of explicit normals; both against pinned bits.
#include <alignproof/random/wishart.hpp>

#include <Eigen/Dense>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>

#include "../property.hpp"
#include "random/primitives.hpp"

namespace {

using namespace alignproof;
using Real60 = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<60, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;
using Samples = std::vector<double>;

constexpr double u = 0x1p-53;  ///< unit roundoff

// There are fewer than 150 statistical checks: all together raise a false alarm with probability
// below 150 * 5e-10 = 7.5e-8. The seeds are fixed, so the outcome is the same in every run.
constexpr double level = 5e-10;
constexpr double miss = 1e-6;  ///< probability of missing what `power` is stated for

/// Marsaglia and Tsang's method as they write it, without any rearrangement.
Real60 reference_chi(std::uint64_t seed, std::uint32_t row, std::uint32_t column,
                     std::uint64_t degrees, double& t) {
  const Real60 d = Real60(degrees) / 2 - Real60(1) / 3, c = 1 / sqrt(9 * d);
  for (std::uint32_t attempt = 0;; ++attempt) {
    const auto bits = random::detail::random_block(seed, Stream::wishart, row, column, attempt);
    const Real60 x = normal_quantile(random::detail::uniform_from(bits.first));
    const Real60 v = pow(1 + c * x, 3);
    if (v > 0 && log(Real60(random::detail::uniform_from(bits.second))) <
                     x * x / 2 + d - d * v + d * log(v)) {
      t = static_cast<double>(c * x);
      return sqrt(2 * d * v);
    }
  }
}

void append_bits(std::string& bytes, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int k = 0; k < 8; ++k) bytes += static_cast<char>(bits >> (8 * k) & 0xff);
}

std::string factor_hash(std::size_t m, std::uint64_t p, std::uint64_t seed) {
  std::string bytes;
  for (double value : bartlett_factor(m, p, seed).values) append_bits(bytes, value);
  return sha256(bytes);
}

// ------------------------------------------------------------------ one sample, known law

/// Squares of `count` chi variables at different places.
Samples chi_squares(std::uint64_t degrees, std::uint32_t count) {
  Samples x(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const double value = chi(11, Stream::wishart, i, i / 3, degrees);
    x[i] = value * value;
  }
  return x;
}

/// The law of chi^2, or N(n, 2n) beyond 10^9 degrees: at most 2e-6 / sqrt(n / 10^12) apart by the
/// theorem of Berry and Esseen, with Shevtsova's constant 0.4748 and E|z^2 - 1|^3 = 8.7.
class Law {
 public:
  explicit Law(std::uint64_t degrees) : n_(static_cast<double>(degrees)) {}

  double below(double x) const {
    if (normal()) return 0.5 * std::erfc((n_ - x) / std::sqrt(4 * n_));
    return cdf(boost::math::chi_squared(n_), x);
  }

  double quantile(double share) const {
    if (normal()) return n_ + std::sqrt(2 * n_) * normal_quantile(share);
    return boost::math::quantile(boost::math::chi_squared(n_), share);
  }

  double apart() const { return normal() ? 2 / std::sqrt(n_) : 0; }

 private:
  bool normal() const { return n_ > 1e9; }

  double n_;
};

double distance(Samples x, const Law& law) {
  std::sort(x.begin(), x.end());
  const auto N = static_cast<double>(x.size());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double F = law.below(x[i]), before = static_cast<double>(i);
    largest = std::max({largest, (before + 1) / N - F, F - before / N});
  }
  return largest;
}

/// Dvoretzky, Kiefer, Wolfowitz with Massart's constant.
double distance_bound(double N) {
  return std::sqrt(std::log(2 / level) / (2 * N));
}

/// A law at this distance is missed with probability at most `miss`: the one-sided inequality.
double distance_seen(double N) {
  return distance_bound(N) + std::sqrt(std::log(2 / miss) / (2 * N));
}

/// The largest distance of the law from itself scaled by 1 + shift.
double distance_of_scaled(const Law& law, double shift) {
  double largest = 0;
  for (int k = 1; k < 1000; ++k) {
    const double x = law.quantile(k / 1000.0);
    largest = std::max(largest, std::abs(law.below(x * (1 + shift)) - k / 1000.0));
  }
  return largest;
}

/// The smallest shift of scale whose law is at a distance that the test sees.
double scale_seen(const Law& law, double N) {
  double low = 0, high = 1;
  while (distance_of_scaled(law, high) < distance_seen(N)) high *= 2;
  for (int k = 0; k < 50; ++k) {
    const double middle = (low + high) / 2;
    (distance_of_scaled(law, middle) < distance_seen(N) ? low : high) = middle;
  }
  return high;
}

bool has_law(const Samples& x, std::uint64_t degrees) {
  const Law law(degrees);
  return distance(x, law) <= distance_bound(static_cast<double>(x.size())) + law.apart();
}

/// The sum of N chi^2 is chi^2 with N * degrees: Laurent and Massart (2000), both sides.
bool has_mean(const Samples& x, std::uint64_t degrees) {
  const double log_level = std::log(2 / level), n = static_cast<double>(degrees);
  const double total = static_cast<double>(x.size()) * n;
  double excess = 0;
  for (double value : x) excess += value - n;
  return excess <= 2 * std::sqrt(total * log_level) + 2 * log_level &&
         -excess <= 2 * std::sqrt(total * log_level);
}

/// y = (x - n)^2 / (2 n) has mean 1 and E y^2 = 3 + 12/n. Below: Maurer's inequality for y >= 0.
/// Above: Bernstein's for y cut off at L, which some y exceeds with probability below level / 3 by
/// Laurent and Massart's bound.
bool has_variance(const Samples& x, std::uint64_t degrees) {
  const double n = static_cast<double>(degrees), N = static_cast<double>(x.size());
  const double log_level = std::log(3 / level), log_rare = std::log(6 * N / level);
  const double deviation = 2 * std::sqrt(n * log_rare) + 2 * log_rare;
  const double L = deviation * deviation / (2 * n);
  double sum = 0;
  for (double value : x) sum += (value - n) * (value - n) / (2 * n);
  const double spread = std::sqrt(2 * N * (3 + 12 / n) * log_level);
  return N - sum <= spread && sum - N <= spread + L * log_level / 3;
}

// ------------------------------------------------------------------ two samples

/// The largest distance of two empirical distribution functions, in steps of 1 / N.
std::size_t steps_between(Samples a, Samples b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::size_t i = 0, j = 0, largest = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    largest = std::max(largest, i > j ? i - j : j - i);
  }
  return largest;
}

/// Two samples of N from one continuous law are k steps apart or more with probability at most
/// 2 C(2N, N - k) / C(2N, N), by reflection on either side: exact for every N. The first k for
/// which this is below the level.
std::size_t steps_allowed(std::size_t N) {
  for (std::size_t k = 1; k <= N; ++k) {
    double log_share = std::log(2.0);
    for (std::size_t i = 1; i <= k; ++i)
      log_share += std::log(static_cast<double>(N - k + i) / static_cast<double>(N + i));
    if (log_share <= std::log(level)) return k;
  }
  return N + 1;
}

/// Laws at this distance are missed with probability at most `miss`.
double pair_distance_seen(std::size_t N) {
  const auto n = static_cast<double>(N);
  return static_cast<double>(steps_allowed(N)) / n + 2 * std::sqrt(std::log(2 / miss) / (2 * n));
}

struct Size {
  std::size_t m;
  std::uint64_t p;
};

Eigen::MatrixXd gram_of_factor(Size size, std::uint64_t seed) {
  const Array factor = bartlett_factor(size.m, size.p, seed);
  Eigen::MatrixXd T(factor.rows(), factor.cols());
  for (std::size_t i = 0; i < factor.rows(); ++i)
    for (std::size_t j = 0; j < factor.cols(); ++j)
      T(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = factor(i, j);
  return T * T.transpose();
}

/// Z^T Z of explicit weights, from a stream of their own.
Eigen::MatrixXd gram_of_weights(Size size, std::uint64_t seed) {
  Eigen::MatrixXd Z(size.p, size.m);
  for (Eigen::Index i = 0; i < Z.rows(); ++i)
    for (Eigen::Index j = 0; j < Z.cols(); ++j)
      Z(i, j) = standard_normal(seed, Stream::W, static_cast<std::uint32_t>(i),
                                static_cast<std::uint32_t>(j));
  return Z.transpose() * Z;
}

/// What is compared: entries, the spectrum, and how they hang together.
std::map<std::string, double> statistics(const Eigen::MatrixXd& G, Size size) {
  const auto last = static_cast<Eigen::Index>(size.m) - 1;
  const auto rank = static_cast<Eigen::Index>(std::min<std::uint64_t>(size.m, size.p));
  std::map<std::string, double> values{{"first diagonal entry", G(0, 0)}};
  if (last == 0) return values;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(G, Eigen::EigenvaluesOnly);
  const Eigen::VectorXd eigenvalues = solver.eigenvalues().tail(rank);
  values["last diagonal entry"] = G(last, last);
  values["entry (1, 0)"] = G(1, 0);
  values["last row, first column"] = G(last, 0);
  values["last row, column before"] = G(last, last - 1);
  values["difference of diagonal entries"] = G(0, 0) - G(last, last);
  values["sum of all entries"] = G.sum();
  values["trace"] = G.trace();
  values["pseudodeterminant"] = eigenvalues.prod();
  values["leading minor"] = G.topLeftCorner(rank, rank).determinant();
  values["largest eigenvalue"] = eigenvalues(rank - 1);
  values["smallest nonzero eigenvalue"] = eigenvalues(0);
  return values;
}

using Table = std::map<std::string, Samples>;

template <class Gram>
Table table_of(Gram gram, Size size, std::size_t N, std::uint64_t first_seed) {
  Table table;
  for (std::size_t i = 0; i < N; ++i)
    for (const auto& [name, value] : statistics(gram(size, first_seed + i), size))
      table[name].push_back(value);
  return table;
}

std::vector<std::string> differences(const Table& a, const Table& b) {
  std::vector<std::string> found;
  for (const auto& [name, sample] : a)
    if (steps_between(sample, b.at(name)) >= steps_allowed(sample.size())) found.push_back(name);
  return found;
}

constexpr std::size_t pairs = 10000;

}  // namespace

TEST_CASE("logarithm is within its derived bound of MPFR on all that chi asks for") {
  std::vector<double> points;
  for (double x = 0x1p-53; x < 16; x *= 1.003) points.push_back(x);
  for (int k = 1; k <= 53; ++k) points.push_back(1 - std::ldexp(1.0, -k));
  for (double x : points) {
    const Real60 exact = log(Real60(x));
    const double error = static_cast<double>((random::detail::logarithm(x) - exact) / exact) / u;
    INFO("x = " << quoted(x) << ", error " << error << " u");
    REQUIRE(std::abs(error) <= 8);
  }
}

TEST_CASE("log1p_remainder is within its derived bound of MPFR") {
  for (double size = 0x1p-80; size < 3.5; size *= 1.01)
    for (double t : {size, -size, size < 1 ? size - 1 : 1.0}) {
      if (t <= -1) continue;
      const Real60 T = t, L = log(1 + T), exact = L - T + T * T / 2 - T * T * T / 3;
      const double l = static_cast<double>(L), a = std::abs(t);
      const double definition = 8 * std::abs(l) + (t > 0.5) + std::abs(l - t) + a * a / 2 +
                                std::abs(l - t + a * a / 2) + a * a * a;
      INFO("t = " << quoted(t));
      if (a < 1e-8) {  // 60 digits do not hold it: the first terms do
        const double first = -std::pow(t, 4) * (0.25 - t / 5 + t * t / 6);
        REQUIRE(std::abs(random::detail::log1p_remainder(t) / first - 1) <= 16 * u);
        continue;
      }
      const double error = static_cast<double>(abs(random::detail::log1p_remainder(t) - exact)) / u;
      const double r = std::abs(static_cast<double>(exact));
      REQUIRE(error <= (a <= 0.5 ? 11 * r : definition + r));
    }
}

TEST_CASE("an attempt takes a Philox block of its own", "[random][property]") {
  check_property("attempt 0 starts with random_bits", [](std::uint64_t seed, std::uint32_t row) {
    const auto block = random::detail::random_block(seed, Stream::wishart, row, 5, 0);
    RC_ASSERT(block.first == random_bits(seed, Stream::wishart, row, 5));
  });
  std::vector<std::uint64_t> bits;
  for (std::uint32_t row = 0; row < 100; ++row)
    for (std::uint32_t column = 0; column < 100; ++column)
      for (std::uint32_t attempt = 0; attempt < 4; ++attempt) {
        const auto block = random::detail::random_block(1, Stream::wishart, row, column, attempt);
        bits.insert(bits.end(), {block.first, block.second});
      }
  std::sort(bits.begin(), bits.end());
  CHECK(std::adjacent_find(bits.begin(), bits.end()) == bits.end());
}

TEST_CASE("chi takes the decisions of Marsaglia and Tsang's method at 60 digits, and its values") {
  std::vector<std::uint64_t> all_degrees{2, 3, 4, 5, 6, 7, 8, 10, 17, 100, 12345, 1000000};
  for (std::uint64_t n = 10000000; n <= most_degrees; n *= 10) all_degrees.push_back(n);
  for (std::uint64_t degrees : all_degrees)
    for (std::uint32_t i = 0; i < 500; ++i) {
      double t = 0;
      const Real60 exact = reference_chi(degrees, i, 3, degrees, t);
      const double computed = chi(degrees, Stream::wishart, i, 3, degrees);
      const double error = static_cast<double>((computed - exact) / exact) / u;
      INFO(degrees << " degrees, row " << i << ", error " << error << " u");
      REQUIRE(std::abs(error) <= 4.5 + 3 * std::abs(t) / (1 + t));
    }
  for (std::uint32_t i = 0; i < 100; ++i)
    CHECK(chi(3, Stream::wishart, i, 0, 1) == std::abs(standard_normal(3, Stream::wishart, i, 0)));
}

TEST_CASE("chi^2 has the distribution, the mean and the variance of its law") {
  constexpr std::uint32_t N = 20000;
  for (std::uint64_t degrees :
       {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{5}, std::uint64_t{10},
        std::uint64_t{100}, std::uint64_t{1000000}, std::uint64_t{1000000000000}}) {
    INFO(degrees << " degrees");
    const Samples x = chi_squares(degrees, N);
    CHECK(has_law(x, degrees));
    CHECK(has_mean(x, degrees));
    CHECK(has_variance(x, degrees));

    // Power. This relative shift of scale is seen but with probability `miss`.
    const double n = static_cast<double>(degrees);
    const double shift = scale_seen(Law(degrees), N);
    INFO("shift of scale seen " << shift);
    CHECK(shift <= 0.2 / std::sqrt(n));
    for (double factor : {1 + shift, 1 / (1 + shift)}) {
      Samples scaled = x;
      for (double& value : scaled) value *= factor;
      CHECK_FALSE(has_law(scaled, degrees));
    }
  }
}

TEST_CASE("one degree of freedom more or less is seen up to 100 degrees") {
  for (std::uint64_t degrees : {2, 3, 5, 10, 100}) {
    INFO(degrees << " degrees");
    CHECK_FALSE(has_mean(chi_squares(degrees, 20000), degrees + 1));
    CHECK_FALSE(has_mean(chi_squares(degrees, 20000), degrees - 1));
  }
}

TEST_CASE("the exact level of two samples") {
  CHECK(steps_between({1, 2}, {3, 4}) == 2);
  CHECK(steps_between({1, 3}, {2, 4}) == 1);
  CHECK(steps_between({1, 1}, {1, 1}) == 0);
  // Never beyond the bound 2 exp(-k^2 / (N + k)), near the asymptotic one 2 exp(-k^2 / N).
  for (std::size_t N : {100, 2000, 10000}) {
    const auto k = static_cast<double>(steps_allowed(N)), n = static_cast<double>(N);
    CHECK(k >= std::floor(std::sqrt(n * std::log(2 / level)) * 0.98));
    CHECK(k * k / (n + k) <= std::log(2 / level) * 1.02);
  }
}

TEST_CASE("T T^T has the law of Z^T Z with explicit weights") {
  for (Size size : {Size{1, 1}, {1, 4}, {2, 1}, {2, 2}, {3, 2}, {3, 3}, {5, 3}, {4, 9}, {3, 20}}) {
    INFO("m = " << size.m << ", p = " << size.p);
    const Table factors = table_of(gram_of_factor, size, pairs, 1000000);
    const Table weights = table_of(gram_of_weights, size, pairs, 2000000);
    CHECK(differences(factors, weights) == std::vector<std::string>{});

    // The exact law of a diagonal entry, which neither sample had a part in.
    CHECK(has_law(factors.at("first diagonal entry"), size.p));
    if (size.m > 1) CHECK(has_law(factors.at("last diagonal entry"), size.p));
  }
}

TEST_CASE("the two-sample tests see a wrong degree, a wrong scale and a wrong order") {
  const Size size{4, 9};
  const Table weights = table_of(gram_of_weights, size, pairs, 2000000);
  const auto altered = [&](auto change) {
    return differences(
        table_of(
            [&](Size s, std::uint64_t seed) {
              Array T = bartlett_factor(s.m, s.p, seed);
              change(T, seed);
              const Eigen::Map<
                  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
                  map(T.values.data(), static_cast<Eigen::Index>(T.rows()),
                      static_cast<Eigen::Index>(T.cols()));
              return Eigen::MatrixXd(map * map.transpose());
            },
            size, pairs, 1000000),
        weights);
  };
  // A distance of 0.12 between the laws of any one statistic is seen but with probability `miss`.
  CHECK(pair_distance_seen(pairs) < 0.12);
  CHECK(altered([](Array&, std::uint64_t) {}).empty());
  CHECK_FALSE(altered([](Array& T, std::uint64_t) {
                for (double& value : T.values) value *= 1.06;
              }).empty());
  CHECK_FALSE(altered([&](Array& T, std::uint64_t seed) {
                for (std::uint32_t i = 0; i < size.m; ++i)
                  T(i, i) = chi(seed, Stream::wishart, i, i, size.p - i - 1);
              }).empty());
  CHECK_FALSE(altered([&](Array& T, std::uint64_t seed) {
                for (std::uint32_t i = 0; i < size.m; ++i)
                  T(i, i) = chi(seed, Stream::wishart, i, i, size.p);
              }).empty());
  CHECK_FALSE(altered([&](Array& T, std::uint64_t) {
                for (std::size_t i = 0; i < size.m; ++i)
                  for (std::size_t j = 0; j < i; ++j) std::swap(T(i, j), T(j, i));
              }).empty());
  CHECK_FALSE(altered([&](Array& T, std::uint64_t) {
                for (std::size_t i = 0; i < size.m / 2; ++i)
                  std::swap(T(i, i), T(size.m - 1 - i, size.m - 1 - i));
              }).empty());
}

TEST_CASE("bartlett_factor is lower trapezoidal and takes its entries from its places",
          "[random][property]") {
  check_property("shape and places", [](std::uint64_t seed) {
    const auto m = *rc::gen::inRange<std::size_t>(1, 12);
    const auto p = *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(1, 12),
                                   rc::gen::inRange<std::uint64_t>(1, most_degrees + 1));
    const Array T = bartlett_factor(m, p, seed);
    RC_ASSERT(T.shape == (std::vector<std::size_t>{m, std::min<std::uint64_t>(m, p)}));
    for (std::uint32_t i = 0; i < T.rows(); ++i)
      for (std::uint32_t j = 0; j < T.cols(); ++j)
        RC_ASSERT(T(i, j) == (j > i    ? 0
                              : j == i ? chi(seed, Stream::wishart, i, i, p - i)
                                       : standard_normal(seed, Stream::wishart, i, j)));
  });
}

TEST_CASE("chi and bartlett_factor reject sizes out of range") {
  for (std::uint64_t bad : {std::uint64_t{0}, most_degrees + 1, ~std::uint64_t{0}}) {
    CHECK_THROWS_WITH(chi(1, Stream::wishart, 0, 0, bad),
                      Catch::Contains("degrees = " + std::to_string(bad) + " is not"));
    CHECK_THROWS_WITH(bartlett_factor(3, bad, 1),
                      Catch::Contains("p = " + std::to_string(bad) + " is not"));
  }
  CHECK_THROWS_AS(bartlett_factor(0, 3, 1), InputError);
  CHECK_THROWS_WITH(bartlett_factor(20001, 1, 1), Catch::Contains("m = 20001 is not"));
  CHECK(bartlett_factor(20000, 1, 1).rows() == 20000);
  const double largest = chi(1, Stream::wishart, 0, 0, most_degrees);
  CHECK(std::abs(largest - std::sqrt(1e15)) < 8);
}

TEST_CASE("Wishart factors never change") {
  CHECK(factor_hash(40, 1000000000000, 1) ==
        "45e9299aed11c6eaf1c3670e599674894507f2467aef64f2910a88ff8bf217ca");
  CHECK(factor_hash(40, 40, 2) ==
        "45dee7eac2becc72ddb443a20ac4e121c6a8ebb54ac982c888554c3ffea68f67");
  CHECK(factor_hash(30, 7, 3) ==
        "4110422195fad969fcaa573e3e10ab6e8bfcb2fc06595aebf47a215aca34c5bd");
}
