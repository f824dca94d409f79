// SPDX-License-Identifier: Apache-2.0
// The checker's integer arithmetic for few bits against plain balls: products hold every product of
// points of their operands, polynomials hold psi and psi', and threads change nothing.
#include <algorithm>
#include <atomic>
#include <cfenv>
#include <cmath>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "check/activation.hpp"
#include "check/fixed_product.hpp"
#include "check/limit_kernel.hpp"
#include "check/matrix.hpp"
#include "check/orbit.hpp"
#include "check/rows.hpp"
#include "check/taylor_table.hpp"
#include "check/threads.hpp"
#include "check/upper_bound.hpp"
#include "check/verify.hpp"
#include "property.hpp"
#include "tamper/draws.hpp"
#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using check::Ball;
using check::BallMatrix;
using tamper::Random;
using tamper::uniform;
using tamper::whole;

namespace {

/// Enough bits for products and sums of everything below to be exact.
constexpr slong exact_bits = 20000;

/// What numbers of a matrix are like.
struct Scales {
  const char* name;
  double spread;         ///< exponents of 2 are drawn between -spread and spread
  double shift;          ///< and this is added to them
  double radius_spread;  ///< of the radii relative to the midpoints
  double exact, zero;    ///< shares
};

constexpr Scales all_scales[] = {
    {"ordinary", 2, 0, 60, 0.3, 0.05},       {"exact", 2, 0, 0, 1, 0.1},
    {"huge ratios", 900, 0, 60, 0.5, 0.1},   {"denormals", 30, -1040, 30, 0.5, 0.2},
    {"radii far larger", 5, 0, 300, 0, 0.5}, {"near overflow of doubles", 20, 1000, 50, 0.5, 0},
    {"beyond doubles", 20, 5e5, 50, 0.5, 0}, {"all zero", 0, 0, 0, 1, 1}};

void draw(Random& random, const Scales& scales, arb_ptr x) {
  const auto exponent = [&](double spread) {
    return static_cast<slong>(uniform(random, -spread, spread + 1));
  };
  arb_zero(x);
  if (uniform(random, 0, 1) >= scales.zero) {
    arf_set_d(arb_midref(x), uniform(random, -1, 1));
    if (whole(random, 0, 1) == 0) {  // more digits than a double has
      arf_t more;
      arf_init(more);
      arf_set_d(more, uniform(random, -1, 1));
      arf_mul_2exp_si(more, more, -whole(random, 30, 200));
      arf_add(arb_midref(x), arb_midref(x), more, ARF_PREC_EXACT, ARF_RND_DOWN);
      arf_clear(more);
    }
    arf_mul_2exp_si(arb_midref(x), arb_midref(x),
                    exponent(scales.spread) + static_cast<slong>(scales.shift));
  }
  if (uniform(random, 0, 1) >= scales.exact)
    mag_set_ui_2exp_si(arb_radref(x), whole(random, 1, 1000),
                       exponent(scales.radius_spread) - 10 + static_cast<slong>(scales.shift));
}

BallMatrix drawn(Random& random, const Scales& scales, std::size_t rows, std::size_t cols) {
  BallMatrix A(rows, cols);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t i = 0; i < cols; ++i) draw(random, scales, A.entry(r, i));
  return A;
}

/// A matrix of points of the balls, most of them at the ends.
BallMatrix points_of(Random& random, const BallMatrix& A) {
  BallMatrix points(A.rows(), A.cols());
  arf_t radius;
  arf_init(radius);
  for (std::size_t r = 0; r < A.rows(); ++r)
    for (std::size_t i = 0; i < A.cols(); ++i) {
      arf_set_mag(radius, arb_radref(A.entry(r, i)));
      const std::size_t where = whole(random, 0, 4);
      if (where == 0) arf_mul_2exp_si(radius, radius, -3);
      if (where % 2 == 0) arf_neg(radius, radius);
      arf_add(arb_midref(points.entry(r, i)), arb_midref(A.entry(r, i)), radius, ARF_PREC_EXACT,
              ARF_RND_DOWN);
    }
  arf_clear(radius);
  return points;
}

/// Sum of X_ri Y_rj, exactly, for the numbers of which all exponents are moderate.
Ball exact_entry(const BallMatrix& X, std::size_t i, const BallMatrix& Y, std::size_t j) {
  Ball sum;
  for (std::size_t r = 0; r < X.rows(); ++r)
    arb_addmul(sum.get(), X.entry(r, i), Y.entry(r, j), exact_bits);
  REQUIRE(arb_is_exact(sum.get()));
  return sum;
}

/// Sum of w_r X_ri X_rj, likewise.
Ball exact_entry(const BallMatrix& X, const BallMatrix& w, std::size_t i, std::size_t j) {
  BallMatrix w_X(X.rows(), X.cols());
  for (std::size_t r = 0; r < X.rows(); ++r)
    arb_mul(w_X.entry(r, i), w.entry(r, 0), X.entry(r, i), exact_bits);
  return exact_entry(w_X, i, X, j);
}

/// |X_ri| |Y_rj|, the largest of each times each other, with the radii: what the products may lose.
double log2_of_scale(const BallMatrix& X, std::size_t i, const BallMatrix& Y, std::size_t j) {
  check::UpperBound x, y;
  for (std::size_t r = 0; r < X.rows(); ++r) x.reach(X.entry(r, i)), y.reach(Y.entry(r, j));
  const Ball product = x.value() * y.value();
  return arb_is_zero(product.get()) ? -HUGE_VAL
                                    : arf_abs_bound_lt_2exp_si(arb_midref(product.get()));
}

}  // namespace

TEST_CASE("products by integers hold all products of points of their balls", "[check]") {
  Random random(11);
  int sharp = 0, compared = 0;
  for (const Scales& left : all_scales)
    for (const Scales& right : all_scales)
      for (long bits : {24L, 53L, 64L}) {
        const std::size_t p = whole(random, 1, 40), n = whole(random, 1, 4),
                          m = whole(random, 1, 4);
        INFO(left.name << " times " << right.name << ", " << p << " terms, " << bits << " bits");
        const check::PrecisionScope scope(bits);
        const BallMatrix X = drawn(random, left, p, n), Y = drawn(random, right, p, m);
        BallMatrix by_columns(n, m), by_rows(n, m), square(n, n);
        REQUIRE(check::fixed_transposed_product(by_columns, X, Y));
        REQUIRE(check::fixed_product(by_rows, check::transposed(X), Y));
        REQUIRE(check::fixed_transposed_product(square, X, X));
        for (int draw = 0; draw < 3; ++draw) {
          const BallMatrix x = points_of(random, X), y = points_of(random, Y);
          for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < m; ++j) {
              const Ball exact = exact_entry(x, i, y, j);
              CHECK(arb_contains(by_columns.entry(i, j), exact.get()));
              CHECK(arb_contains(by_rows.entry(i, j), exact.get()));
            }
            for (std::size_t j = 0; j < n; ++j)
              CHECK(arb_contains(square.entry(i, j), exact_entry(x, i, x, j).get()));
          }
        }
        // Not by being wide: no wider than the radii make it, and 2^-50 of the largest product.
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < m; ++j) {
            if (left.exact < 1 || right.exact < 1 || bits < 64) continue;
            ++compared;
            const double scale = log2_of_scale(X, i, Y, j);
            const arb_srcptr entry = by_columns.entry(i, j);
            if (std::isinf(scale))
              CHECK(arb_is_zero(entry));
            else if (mag_cmp_2exp_si(arb_radref(entry), static_cast<slong>(scale) - 50) < 0)
              ++sharp;
          }
      }
  CHECK(compared > 4);
  CHECK(sharp > 0);
}

TEST_CASE("products of a factor hold all products of points of its balls", "[check]") {
  Random random(13);
  int sharp = 0, compared = 0;
  for (const Scales& left : all_scales)
    for (const Scales& right : all_scales)
      for (long bits : {24L, 53L, 64L}) {
        const std::size_t p = whole(random, 1, 40), n = whole(random, 1, 6),
                          m = whole(random, 1, 4);
        INFO(left.name << " times " << right.name << ", " << p << " x " << n << ", " << bits
                       << " bits");
        const check::PrecisionScope scope(bits);
        const BallMatrix X = drawn(random, left, p, n), Y = drawn(random, right, p, m),
                         B = drawn(random, right, n, m), w = drawn(random, right, p, 1);
        const auto columns = check::fixed_columns(X);
        REQUIRE(columns);
        BallMatrix X_B(p, m), X_Y(n, m), X_X(n, n), X_w_X(n, n);
        // The units of a column of zeros, or of others far from it, are no reason to refuse.
        REQUIRE(check::fixed_product(X_B, *columns, B));
        REQUIRE(check::fixed_transposed_product(X_Y, *columns, Y));
        check::fixed_gram(X_X, *columns);
        REQUIRE(check::fixed_weighted_gram(X_w_X, *columns, w));
        for (int draw = 0; draw < 3; ++draw) {
          const BallMatrix x = points_of(random, X), y = points_of(random, Y),
                           b = points_of(random, B), weight = points_of(random, w);
          const BallMatrix rows = check::transposed(x);
          for (std::size_t j = 0; j < m; ++j) {
            for (std::size_t r = 0; r < p; ++r)
              CHECK(arb_contains(X_B.entry(r, j), exact_entry(rows, r, b, j).get()));
            for (std::size_t i = 0; i < n; ++i)
              CHECK(arb_contains(X_Y.entry(i, j), exact_entry(x, i, y, j).get()));
          }
          for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) {
              CHECK(arb_contains(X_X.entry(i, j), exact_entry(x, i, x, j).get()));
              CHECK(arb_contains(X_w_X.entry(i, j), exact_entry(x, weight, i, j).get()));
            }
        }
        if (left.exact < 1 || right.exact < 1 || left.zero == 1 || right.zero == 1 || bits < 64)
          continue;
        // Numbers below 8, at most 40 of them, cut at 2^-56 of the largest.
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < n; ++j)
            ++compared, sharp += mag_cmp_2exp_si(arb_radref(X_w_X.entry(i, j)), -40) < 0;
        for (std::size_t r = 0; r < p; ++r)
          for (std::size_t j = 0; j < m; ++j)
            ++compared, sharp += mag_cmp_2exp_si(arb_radref(X_B.entry(r, j)), -44) < 0;
      }
  CHECK(compared > 4);
  CHECK(sharp == compared);
}

TEST_CASE("a factor with far more columns than rows is cut to what its sums can hold", "[check]") {
  const check::PrecisionScope scope(64);
  const std::size_t n = 5000;
  Ball just_below = 1;  // all bits of an entry are 1
  arb_sub(just_below.get(), just_below.get(), Ball(0x1p-64).get(), 64);
  BallMatrix A(1, n), B(n, 1), C(1, 1);
  for (std::size_t i = 0; i < n; ++i) A.set(0, i, just_below), B.set(i, 0, just_below);
  check::set_product(C, check::Factor(A), B);
  Ball exact;
  for (std::size_t i = 0; i < n; ++i)
    arb_addmul(exact.get(), just_below.get(), just_below.get(), exact_bits);
  CHECK(arb_contains(C.entry(0, 0), exact.get()));
  CHECK(mag_cmp_2exp_si(arb_radref(C.entry(0, 0)), -40) < 0);
}

TEST_CASE("a weighted Gram matrix of balls is that of integers", "[check]") {
  Random random(5);
  const Scales exact{"exact", 1, 0, 0, 1, 0};
  const BallMatrix X = drawn(random, exact, 50, 3), w = drawn(random, exact, 50, 1);
  for (const long bits : {64L, 128L}) {
    const check::PrecisionScope scope(bits);
    const BallMatrix C = check::weighted_gram(check::Factor(X), w);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) {
        CHECK(arb_contains(C.entry(i, j), exact_entry(X, w, i, j).get()));
        CHECK(mag_cmp_2exp_si(arb_radref(C.entry(i, j)), bits == 64 ? -40 : -100) < 0);
      }
  }
}

TEST_CASE("what a product cancels to is not lost", "[check]") {
  // <(x, -1), (1, 1)> = x - 1 for x just above 1: nothing else of the sum hides what was cut.
  for (const long bits : {24L, 53L, 64L})
    for (const slong digit : {-61, -62, -63, -64, -65, -100, -1000}) {
      INFO("1 + 2^" << digit << " at " << bits << " bits");
      const check::PrecisionScope scope(bits);
      Ball tiny = 1;
      arb_mul_2exp_si(tiny.get(), tiny.get(), digit);
      BallMatrix X(2, 1), Y(2, 1), C(1, 1), D(1, 1);
      arf_add(arb_midref(X.entry(0, 0)), arb_midref(Ball(1).get()), arb_midref(tiny.get()),
              ARF_PREC_EXACT, ARF_RND_DOWN);
      X.set(1, 0, -1), Y.set(0, 0, 1), Y.set(1, 0, 1);
      REQUIRE(check::fixed_transposed_product(C, X, Y));
      REQUIRE(check::fixed_product(D, check::transposed(Y), X));
      CHECK(arb_contains(C.entry(0, 0), tiny.get()));
      CHECK(arb_contains(D.entry(0, 0), tiny.get()));
      // Radii of either factor beside one another: (1 +- tiny) (1 +- tiny) - 1.
      X.set(0, 0, 1), Y.set(0, 0, check::widened(1, tiny));
      REQUIRE(check::fixed_transposed_product(C, X, Y));
      CHECK(arb_contains(C.entry(0, 0), tiny.get()));
    }
}

TEST_CASE("long products by integers are sharp where their balls are", "[check]") {
  Random random(3);
  const check::PrecisionScope scope(64);
  const Scales exact{"exact", 1, 0, 0, 1, 0};
  BallMatrix ones(3000, 1), count(1, 1);
  for (std::size_t r = 0; r < ones.rows(); ++r) ones.set(r, 0, 1);
  REQUIRE(check::fixed_transposed_product(count, ones, ones));
  CHECK(arb_contains_si(count.entry(0, 0), 3000));
  const BallMatrix X = drawn(random, exact, 3000, 2), Y = drawn(random, exact, 3000, 2);
  BallMatrix C(2, 2);
  REQUIRE(check::fixed_transposed_product(C, X, Y));
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j) {
      CHECK(arb_contains(C.entry(i, j), exact_entry(X, i, Y, j).get()));
      // 3000 terms of size 4 at most, cut at 2^-56 of the largest.
      CHECK(mag_cmp_2exp_si(arb_radref(C.entry(i, j)), -56 + 12 + 4) < 0);
    }
}

TEST_CASE("what integers cannot hold is left to the balls", "[check]") {
  const check::PrecisionScope scope(64);
  const auto refused = [](const Ball& entry) {
    BallMatrix A(2, 2), C(2, 2);
    for (std::size_t i = 0; i < 2; ++i) A.set(i, i, 1);
    A.set(1, 0, entry);
    CHECK(!check::fixed_product(C, A, A));
    CHECK(!check::fixed_transposed_product(C, A, A));
    BallMatrix plain(2, 2);
    arb_mat_mul(plain.get(), A.get(), A.get(), 64);
    const BallMatrix found = check::product(A, A);
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        CHECK(arb_is_finite(found.entry(i, j)) == arb_is_finite(plain.entry(i, j)));
  };
  refused(check::unknown());
  Ball infinite;
  arb_pos_inf(infinite.get());
  refused(infinite);
  for (const slong exponent : {slong{1} << 41, -(slong{1} << 41), WORD_MAX / 2, -(WORD_MAX / 2)}) {
    Ball far = 1, wide = 1;
    arb_mul_2exp_si(far.get(), far.get(), exponent);
    arb_mul_2exp_si(far.get(), far.get(), exponent);  // beyond what a word holds, with the largest
    refused(far);
    mag_set_ui_2exp_si(arb_radref(wide.get()), 1, exponent);
    refused(wide);
  }
}

TEST_CASE("the tables of psi accept points near 0 whose exponents fit a word", "[check]") {
  const check::PrecisionScope scope(64);
  const auto power = [](slong exponent, int times) {
    Ball x = 1;
    for (int k = 0; k < times; ++k) arb_mul_2exp_si(x.get(), x.get(), exponent);
    return x;
  };
  CHECK(check::TaylorTable::accepts(Ball().get()));
  CHECK(check::TaylorTable::accepts(power(-(slong{1} << 40), 1).get()));
  CHECK(!check::TaylorTable::accepts(power(4, 1).get()));
  CHECK(!check::TaylorTable::accepts(power(WORD_MAX / 2, 3).get()));
  CHECK(!check::TaylorTable::accepts(power(-(WORD_MAX / 2), 3).get()));
  CHECK(!check::TaylorTable::accepts(check::unknown().get()));
  CHECK(!check::TaylorTable::accepts(check::widened(1, power(-60, 1)).get()));
}

TEST_CASE("the tables of psi and psi' hold the truth and are sharp", "[check]") {
  Random random(7);
  for (const Activation& psi : all_activations)
    for (long bits : {24L, 53L, 64L}) {
      INFO(to_string(psi) << " at " << bits << " bits");
      const check::PrecisionScope scope(bits);
      // Middles and ends of the cells, their neighbours, the ends of the table, tiny and far.
      std::vector<Ball> points = {
          0,  0x1p-1074, -0x1p-300, 0x1p-69, -0x1p-68, 15.99999, -15.99999, std::nextafter(16.0, 0),
          16, -16,       40,        -700,    1e300};
      for (int k = 0; k < 60; ++k) {
        const double cell = static_cast<double>(whole(random, 0, 1000)) - 500;
        points.push_back(cell / 32);
        points.push_back((cell + 0.5) / 32);
        points.push_back(std::nextafter((cell + 0.5) / 32, -100));
        points.push_back(uniform(random, -5, 5));
        Ball fine = uniform(random, -5, 5);  // more digits than a double has
        arb_add(fine.get(), fine.get(), Ball(uniform(random, 0, 0x1p-60)).get(), 200);
        points.push_back(fine);
      }
      BallMatrix A(points.size(), 1), Psi(points.size(), 1), D(points.size(), 1);
      for (std::size_t r = 0; r < points.size(); ++r) A.set(r, 0, points[r]);
      check::activate(psi, A, Psi, D);
      for (std::size_t r = 0; r < points.size(); ++r) {
        INFO("a = " << check::text(points[r], 25));
        Ball value, slope;
        truth::Number a;
        arf_get_mpfr(a.backend().data(), arb_midref(points[r].get()), MPFR_RNDN);
        arf_set_mpfr(arb_midref(value.get()), truth::psi(psi, a).backend().data());
        arf_set_mpfr(arb_midref(slope.get()), truth::psi_prime(psi, a).backend().data());
        mag_set_ui_2exp_si(arb_radref(value.get()), 1, -900);
        mag_set_ui_2exp_si(arb_radref(slope.get()), 1, -900);
        if (psi == Activation("relu") && check::about(points[r]) == 0) continue;
        CHECK(arb_overlaps(Psi.entry(r, 0), value.get()));
        CHECK(arb_overlaps(D.entry(r, 0), slope.get()));
        const double wide = std::ldexp(1 + std::abs(check::about(points[r])),
                                       bits < 64 ? 4 - static_cast<int>(bits) : -54);
        // Beyond, e^|a| is out of reach of doubles, and balls say less: the truth is all they hold.
        if (std::abs(check::about(points[r])) > 1000) continue;
        CHECK(mag_get_d(arb_radref(Psi.entry(r, 0))) <= wide);
        CHECK(mag_get_d(arb_radref(D.entry(r, 0))) <= wide);
      }
    }
}

namespace {

struct Threads {
  explicit Threads(std::size_t jobs) { check::use_threads(jobs); }
  ~Threads() { check::use_threads(1); }
};

/// Every bit of an orbit after a few steps.
std::vector<Ball> bits_of_orbit(const Start& start, std::size_t jobs, long bits) {
  const Threads threads(jobs);
  const check::PrecisionScope scope(bits);
  const check::Problem problem = check::problem_from(start, 100);
  check::Orbit orbit(problem, start, 1e-9);
  check::RowMotion rows(orbit);
  for (int t = 0; t < 2; ++t) rows.add_step(orbit), orbit.advance(0.125);
  const check::Point& z = orbit.point();
  std::vector<Ball> all = {orbit.radii().e, orbit.radii().beta,        orbit.radii().A,
                           orbit.error(),   orbit.beta_displacement(), orbit.A_displacement(),
                           z.sqrt_g};
  for (const Ball& moved : rows.at(orbit).w) all.push_back(moved);
  for (const BallMatrix* A : {&z.A, &z.Psi, &z.D, &z.G})
    for (std::size_t r = 0; r < A->rows(); ++r)
      for (std::size_t i = 0; i < A->cols(); ++i) all.push_back(A->at(r, i));
  return all;
}

}  // namespace

TEST_CASE("the checker's orbit has the same bits on any number of threads", "[check]") {
  Random random(23);
  for (const Activation& psi : {Activation("tanh"), Activation("relu"), Activation("gelu")})
    for (long bits : {64L, 128L}) {
      Start s;
      s.kind = CertificateKind::from_checkpoint;
      s.activation = psi;
      s.eta = 0.25;
      const std::size_t n = 4, p = 6000;
      s.X = tamper::gaussian(random, {n, 3}, 0.5);
      s.y = tamper::gaussian(random, {n}, 1), s.b = tamper::gaussian(random, {p}, 1);
      s.beta = tamper::gaussian(random, {p}, 1), s.A = tamper::gaussian(random, {p, n}, 1);
      const std::vector<Ball> one = bits_of_orbit(s, 1, bits);
      REQUIRE(arb_is_finite(one[2].get()));
      for (std::size_t jobs : {2, 3, 8}) {
        const std::vector<Ball> several = bits_of_orbit(s, jobs, bits);
        INFO(to_string(psi) << ", " << jobs << " threads, " << bits << " bits");
        CHECK(std::equal(one.begin(), one.end(), several.begin(), several.end(),
                         [](const Ball& x, const Ball& y) {
                           return arb_equal(x.get(), y.get()) ||
                                  (!arb_is_finite(x.get()) && !arb_is_finite(y.get()));
                         }));
      }
    }
}

TEST_CASE("the checker's limit kernel has the same bits on any number of threads", "[check]") {
  Random random(29);
  const check::PrecisionScope scope(128);
  // A repeated row, for which no sum is taken, stands between others.
  Array X = tamper::gaussian(random, {7, 4}, 0.7);
  for (std::size_t j = 0; j < 4; ++j) X(3, j) = X(1, j);
  const BallMatrix K = check::gram_of_rows(X);
  for (const Activation& psi : {Activation("tanh"), Activation("softplus")}) {
    const BallMatrix one = check::limit_kernel(psi, K);
    for (std::size_t jobs : {2, 3, 8}) {
      INFO(to_string(psi) << ", " << jobs << " threads");
      const Threads threads(jobs);
      const BallMatrix several = check::limit_kernel(psi, K);
      for (std::size_t i = 0; i < 7; ++i)
        for (std::size_t j = 0; j < 7; ++j) {
          CHECK(arb_is_finite(one.entry(i, j)));
          CHECK(arb_equal(one.entry(i, j), several.entry(i, j)));
        }
    }
  }
}

TEST_CASE("a helping thread whose doubles are not to nearest ends the check", "[check]") {
  const Threads threads(2);
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<bool> helped = false;
  const auto work = [&](bool spoil) {
    check::for_row_blocks(4096 * 64, 1, [&](const check::RowBlock&) {
      if (std::this_thread::get_id() == caller) {
        // Until the other thread has come: it may have a processor to wait for.
        for (long k = 0; !helped && k < 100'000'000; ++k) std::this_thread::yield();
        return;
      }
      if (spoil) std::fesetround(FE_UPWARD);
      helped = true;
    });
  };
  CHECK_NOTHROW(work(false));
  helped = false;
  CHECK_THROWS_WITH(work(true), Catch::Contains("rounding mode"));
  CHECK(std::fegetround() == FE_TONEAREST);
  // The next work has another thread.
  helped = false;
  CHECK_NOTHROW(work(false));
}

TEST_CASE("blocks are done once each, by whomever and whenever they are asked for", "[check]") {
  const Threads threads(3);
  std::vector<std::atomic<int>> done(2000);
  for (int round = 1; round <= 50; ++round) {
    check::for_row_blocks(done.size(), 4096, [&](const check::RowBlock& block) {
      for (std::size_t r = block.first; r < block.last; ++r) ++done[r];
      // Work within work is done by the thread that asks for it.
      if (block.index % 500 == 0)
        check::for_each_index(10, [&](std::size_t k) { ++done[k], --done[k]; });
    });
    CHECK(std::all_of(done.begin(), done.end(), [&](const auto& times) { return times == round; }));
  }
  CHECK_THROWS_WITH(check::for_each_index(100,
                                          [](std::size_t k) {
                                            if (k == 57) throw std::runtime_error("57");
                                          }),
                    "57");
}

TEST_CASE("several threads may ask for help at once", "[check]") {
  const Threads threads(2);
  std::vector<std::size_t> sums(3);
  {
    std::vector<std::jthread> callers;
    for (std::size_t& sum : sums)
      callers.emplace_back([&sum] {
        for (int round = 0; round < 20; ++round) {
          std::vector<std::size_t> squares(300);
          check::for_each_index(squares.size(), [&](std::size_t k) { squares[k] = k * k; });
          for (const std::size_t square : squares) sum += square;
        }
      });
  }
  for (const std::size_t sum : sums) CHECK(sum == 20u * (299u * 300u * 599u / 6));
}
