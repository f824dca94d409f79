// SPDX-License-Identifier: Apache-2.0
// Products of ball matrices against exact rationals, norms and spectra against 100 digits.
#include <alignproof/linalg/ball_matrix.hpp>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

#include <alignproof/linalg/ball_spectrum.hpp>
#include <alignproof/linalg/spectrum.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>

#include "floating_point_state.hpp"
#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

using Balls = BallMatrix<double>;

/// Entries of about 2^scale, over 2^spread; radii of about 2^-radius of that, none for 0.
struct Spec {
  int scale, spread, radius;
};

double entry(int scale, int spread) {
  const auto whole = *gen::whole<std::int64_t>(-(std::int64_t(1) << 52), std::int64_t(1) << 52);
  const int moved = spread == 0 ? 0 : *gen::whole(-spread, spread);
  return std::ldexp(static_cast<double>(whole), scale - 52 + moved);
}

Balls some_matrix(Eigen::Index rows, Eigen::Index cols, const Spec& spec) {
  Balls A{Matrix<double>(Matrix<double>::Zero(rows, cols))};
  for (Eigen::Index k = 0; k < rows * cols; ++k) {
    A.mid.data()[k] = entry(spec.scale, spec.spread);
    if (spec.radius != 0) A.rad.data()[k] = std::abs(entry(spec.scale - spec.radius, 0));
  }
  return A;
}

Spec some_spec() {
  const int scale = *gen::one_of<int>({0, 0, 0, -537, -600, 400});
  return {scale, *gen::one_of<int>({0, 30}), *gen::one_of<int>({0, 10, 50})};
}

/// Midpoint plus `side` radii.
Rational point(const Balls& A, Eigen::Index i, Eigen::Index j, int side) {
  return Rational(A.mid(i, j)) + side * Rational(A.rad(i, j));
}

bool encloses(const Balls& A, Eigen::Index i, Eigen::Index j, const Rational& x) {
  return !A(i, j).bounded() || abs(Rational(x - Rational(A.mid(i, j)))) <= Rational(A.rad(i, j));
}

Matrix<Mpfr> exactly(const Matrix<double>& A) {
  return A.cast<Mpfr>();
}

/// To the digits of the thread.
Extremes<Mpfr> reference(const Matrix<Mpfr>& S) {
  const Eigen::SelfAdjointEigenSolver<Matrix<Mpfr>> solver(S, Eigen::EigenvaluesOnly);
  return {solver.eigenvalues().minCoeff(), solver.eigenvalues().maxCoeff()};
}

Matrix<double> random_matrix(Eigen::Index rows, Eigen::Index cols, unsigned seed) {
  std::srand(seed);
  return Matrix<double>::Random(rows, cols);
}

void check_spectrum(const Matrix<double>& S, double tight) {
  const ScopedDigits digits(100);
  const ExtremeBalls<double> balls = extreme_eigenvalues(Balls(S));
  const Extremes<Mpfr> exact = reference(exactly(S));
  CHECK(abs(Mpfr(exact.min - Mpfr(balls.min.mid))) <= Mpfr(balls.min.rad));
  CHECK(abs(Mpfr(exact.max - Mpfr(balls.max.mid))) <= Mpfr(balls.max.rad));
  CHECK(balls.min.rad <= tight * S.norm() + 1e-300);
  CHECK(balls.max.rad <= tight * S.norm() + 1e-300);
}

}  // namespace

TEST_CASE("products of ball matrices enclose the exact ones", "[linalg][property]") {
  for (const RoundingMode& mode : rounding_modes())
    check_property(std::string("rounding ") + mode.name, [mode] {
      const int m = *gen::whole(1, 3), k = *gen::whole(1, 12), n = *gen::whole(1, 3);
      const Spec left = some_spec(), right = some_spec();
      const Balls A = some_matrix(m, k, left), B = some_matrix(k, n, right);
      const Balls C = [&] {
        const ScopedRounding guard(mode);
        return A * B;
      }();
      for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) {
          if (!C(i, j).bounded()) {
            RC_ASSERT(left.scale + right.scale > 700);
            continue;
          }
          // Midpoints, and the corners that make every term largest or smallest.
          for (const int a : {-1, 0, 1})
            for (const int b : {-1, 0, 1}) {
              Rational sum = 0;
              for (int l = 0; l < k; ++l)
                sum += point(A, i, l, B.mid(l, j) < 0 ? -a : a) *
                       point(B, l, j, A.mid(i, l) < 0 ? -b : b);
              RC_ASSERT(encloses(C, i, j, sum));
            }
          if (left.scale != 0 || right.scale != 0) continue;
          // Tight: |A| rB + rA (|B| + rB), and 2 (k + 3) roundings of |A| |B|.
          Rational radius = 0, size = 0;
          for (int l = 0; l < k; ++l) {
            const Rational a = abs(Rational(A.mid(i, l))), b = abs(Rational(B.mid(l, j)));
            const Rational ra(A.rad(i, l)), rb(B.rad(l, j));
            radius += a * rb + ra * (b + rb);
            size += a * b;
          }
          RC_ASSERT(Rational(C.rad(i, j)) <= radius * Rational(1 + 1e-13) +
                                                 size * Rational((k + 3) * 0x1p-52) +
                                                 Rational(1e-300));
        }
    });
}

TEST_CASE("long sums, in doubles and in Mpfr", "[linalg]") {
  for (const int k : {1, 64, 1000}) {
    const Balls A(random_matrix(2, k, 1)), B(random_matrix(k, 2, 2));
    const Balls C = A * B;
    const ScopedDigits digits(60);
    const BallMatrix<Mpfr> left(exactly(A.mid)), right(exactly(B.mid));
    const BallMatrix<Mpfr> fine = left * right;
    const ScopedDigits more(300);
    const Matrix<Mpfr> exact = exactly(A.mid) * exactly(B.mid);
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j) {
        CHECK(abs(Mpfr(exact(i, j) - Mpfr(C.mid(i, j)))) <= Mpfr(C.rad(i, j)));
        CHECK(abs(Mpfr(exact(i, j) - fine.mid(i, j))) <= fine.rad(i, j));
        CHECK(fine.rad(i, j) <= Mpfr(1e-50) * Mpfr(k));
        CHECK(C.rad(i, j) <= (k + 3.0) * k * 0x1p-52);
      }
  }
}

TEST_CASE("sums, entrywise products, scaling of ball matrices", "[linalg][property]") {
  check_property("enclose the corners", [] {
    const Balls A = some_matrix(2, 3, some_spec()), B = some_matrix(2, 3, some_spec());
    const RealBall<double> s(entry(0, 10), std::abs(entry(-20, 10)));
    const Balls sum = A + B, difference = A - B, product = cwise_product(A, B), scaled = s * A;
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j)
        for (const int a : {-1, 1})
          for (const int b : {-1, 1}) {
            const Rational x = point(A, i, j, a), y = point(B, i, j, b);
            RC_ASSERT(encloses(sum, i, j, x + y));
            RC_ASSERT(encloses(difference, i, j, x - y));
            RC_ASSERT(encloses(product, i, j, x * y));
            RC_ASSERT(encloses(scaled, i, j, x * (Rational(s.mid) + b * Rational(s.rad))));
          }
    RC_ASSERT(!certainly_contains(A, A + B) || B.mid.isZero());
  });
  const Balls square(random_matrix(2, 2, 1)), wide(random_matrix(2, 3, 1));
  CHECK_THROWS_AS(square + wide, InputError);
  CHECK_THROWS_AS(wide * wide, InputError);
  CHECK_THROWS_AS(cwise_product(square, wide), InputError);
  CHECK_THROWS_AS(Balls(square.mid, wide.mid), InputError);
}

TEST_CASE("no finite ball where a product may overflow or is no number", "[linalg]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const RoundingMode& mode : rounding_modes()) {
    INFO(mode.name);
    const ScopedRounding guard(mode);
    Matrix<double> a(1, 2), b(2, 1);
    a << 1.5e308, -1e308;
    b << 4, 4;  // overflows on the way and, in some modes, comes back to a finite number
    CHECK_FALSE((Balls(a) * Balls(b))(0, 0).bounded());
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity})
      for (const double other : {0.0, 1.0}) {
        a << bad, 1;
        b << other, 1;
        CHECK_FALSE((Balls(a) * Balls(b))(0, 0).bounded());
        CHECK_FALSE((Balls(b.transpose()) * Balls(a.transpose()))(0, 0).bounded());
      }
    const Matrix<double> one = Matrix<double>::Ones(1, 1), zero = Matrix<double>::Zero(1, 1);
    CHECK_FALSE((Balls(one, infinity * one) * Balls(zero))(0, 0).bounded());
  }
}

TEST_CASE("norms of ball matrices are upper bounds, and tight", "[linalg][property]") {
  check_property("Frobenius and absolute norm", [] {
    const int m = *gen::whole(1, 6), n = *gen::whole(1, 6);
    const Balls A = some_matrix(m, n, {0, 0, *gen::one_of<int>({0, 10})});
    const ScopedDigits digits(100);
    const Matrix<Mpfr> size = exactly(A.mid).cwiseAbs() + exactly(A.rad);
    const Mpfr exact = size.norm();
    RC_ASSERT(exact <= Mpfr(frobenius_upper(A)));
    RC_ASSERT(Mpfr(frobenius_upper(A)) <= exact * Mpfr(1 + 1e-13) + Mpfr(1e-140));
    const Mpfr spectral = sqrt(Mpfr(abs(reference(size.transpose() * size).max)));
    RC_ASSERT(spectral <= Mpfr(absolute_norm_upper(A)) + Mpfr("1e-90"));
    RC_ASSERT(absolute_norm_upper(A) <= frobenius_upper(A));
  });
}

TEST_CASE("extreme eigenvalues lie in their balls", "[linalg]") {
  for (unsigned seed = 1; seed <= 4; ++seed)
    for (const int n : {1, 2, 5, 20}) {
      INFO("seed " << seed << ", n " << n);
      Matrix<double> X = random_matrix(n, n, seed);
      check_spectrum(X + X.transpose(), 1e-14 * n * n);
      X.col(0) *= 1e-9;  // nearly singular
      const Matrix<double> gram = X.transpose() * X;
      check_spectrum(Matrix<double>(gram.selfadjointView<Eigen::Lower>()), 1e-14 * n * n);
    }
  // Repeated eigenvalues.
  const Matrix<double> one = Matrix<double>::Identity(6, 6), ones = Matrix<double>::Ones(6, 6);
  check_spectrum(one, 1e-13);
  check_spectrum(0 * one, 1e-13);
  check_spectrum(one + ones, 1e-13);
  Matrix<double> blocks = Matrix<double>::Zero(4, 4);
  blocks.topLeftCorner(2, 2) << 2, 1, 1, 2;
  blocks.bottomRightCorner(2, 2) << 2, 1, 1, 2;
  check_spectrum(blocks, 1e-13);
}

TEST_CASE("eigenvalues of a ball of matrices", "[linalg][property]") {
  check_property("every corner lies inside, and radii count once", [] {
    const int n = *gen::whole(1, 5);
    const Balls S = some_matrix(n, n, {0, 0, *gen::one_of<int>({10, 40})});
    const ExtremeBalls<double> balls = extreme_eigenvalues(S);
    const ScopedDigits digits(100);
    Matrix<Mpfr> corner(n, n);
    Vector<double> moved = Vector<double>::Zero(n);
    for (int i = 0; i < n; ++i)
      for (int j = 0; j <= i; ++j) {
        const int side = *gen::whole(-1, 1);
        corner(i, j) = corner(j, i) = Mpfr(S.mid(i, j)) + Mpfr(side) * Mpfr(S.rad(i, j));
        moved(i) += S.rad(i, j);
        if (i != j) moved(j) += S.rad(i, j);
      }
    const Extremes<Mpfr> exact = reference(corner);
    RC_ASSERT(abs(Mpfr(exact.min - Mpfr(balls.min.mid))) <= Mpfr(balls.min.rad));
    RC_ASSERT(abs(Mpfr(exact.max - Mpfr(balls.max.mid))) <= Mpfr(balls.max.rad));
    RC_ASSERT(balls.max.rad <= moved.maxCoeff() * 1.001 + 1e-13 * n * n);
  });
  // One matrix whose row sum of radii is attained: nothing less than Weyl's bound will do.
  const Matrix<double> ones = Matrix<double>::Ones(3, 3);
  const RealBall<double> max = extreme_eigenvalues(Balls(ones, 0.5 * ones)).max;
  CHECK(max.lower() <= 1.5);
  CHECK(max.upper() >= 4.5);

  Balls bad(random_matrix(3, 3, 1));
  bad.mid(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(extreme_eigenvalues(bad).min.bounded());
  CHECK_FALSE(spectral_norm(bad).bounded());
  CHECK_THROWS_AS(extreme_eigenvalues(Balls(random_matrix(2, 3, 1))), InputError);
  const Balls small(random_matrix(2, 2, 1));
  for (const RoundingMode& mode : rounding_modes())
    if (!mode.nearest) {
      CHECK(refused_under(mode, [&] { extreme_eigenvalues(small); }));
      CHECK(refused_under(mode, [&] { spectral_norm(small); }));
    }
}

TEST_CASE("spectral norms, in doubles and in Mpfr", "[linalg]") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {3, 7}, {40, 4}, {6, 6}}) {
    const Matrix<double> A = random_matrix(rows, cols, 7);
    const RealBall<double> norm = spectral_norm(Balls(A));
    const ScopedDigits digits(100);
    const Matrix<Mpfr> B = exactly(A);
    const Mpfr exact = sqrt(reference(B.transpose() * B).max);
    CHECK(abs(Mpfr(exact - Mpfr(norm.mid))) <= Mpfr(norm.rad));
    CHECK(norm.rad <= 1e-12 * norm.mid);
    const ScopedDigits few(60);
    const RealBall<Mpfr> fine = spectral_norm(BallMatrix<Mpfr>(exactly(A)));
    CHECK(abs(Mpfr(exact - fine.mid)) <= fine.rad);
    CHECK(fine.rad <= Mpfr(1e-50));
  }
}
