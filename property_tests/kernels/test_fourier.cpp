// SPDX-License-Identifier: Apache-2.0
// The bounds behind the Fourier series do not rest on the plan: plans far too coarse must give
// balls that still contain the truth. Exact inner products.
#include <cmath>
#include <vector>

#include "../property.hpp"
#include "kernels/fourier.hpp"
#include "kernels/gram.hpp"

namespace {

using namespace alignproof;

Array samples() {
  Array X({5, 2});
  // Short, ordinary and long; the last but one is nearly parallel to the longest.
  X.values = {0.25, 0.125, -0.5, 1, 3, 2.5, -4.5, 6.03125, -6, 8};
  return X;
}

struct Misses {
  std::size_t wrong = 0;  ///< entries that do not contain the truth
  double sharpest = 0;    ///< largest true error, in radii
};

/// Evaluates a coarse plan and compares it with a fine one.
Misses compare(const FourierPlan& coarse, const ExactGram& K, const BallMatrix<Mpfr>& fine) {
  const ScopedDigits guard(coarse.digits);
  Progress silent;
  const BallMatrix<Mpfr> found = fourier_kernel(coarse, K, 1, silent);
  Misses outcome;
  for (Eigen::Index i = 0; i < found.rows(); ++i)
    for (Eigen::Index j = 0; j <= i; ++j) {
      const Mpfr error = abs(Mpfr(found.mid(i, j) - fine.mid(i, j)));
      outcome.wrong += !(error + fine.rad(i, j) <= found.rad(i, j));
      outcome.sharpest =
          std::max(outcome.sharpest, Mpfr(error / found.rad(i, j)).convert_to<double>());
    }
  return outcome;
}

}  // namespace

TEST_CASE("a plan that is too coarse gives wide balls, not wrong ones", "[kernels]") {
  const Array X = samples();
  const ExactGram K(X);
  Progress silent;
  for (const Series f : {Series::tanh, Series::log_cosh}) {
    const FourierPlan good = plan_fourier(f, K, 24);
    const BallMatrix<Mpfr> fine = [&] {
      const ScopedDigits guard(good.digits);
      return fourier_kernel(good, K, 1, silent);
    }();
    INFO((f == Series::tanh ? "tanh" : "log cosh"));
    const auto sharpest_of = [&](auto spoil) {
      FourierPlan plan = good;
      double sharpest = 0;
      for (const double factor : {0.2, 0.5, 0.8}) {
        plan = good;
        spoil(plan, factor);
        const Misses outcome = compare(plan, K, fine);
        CHECK(outcome.wrong == 0);
        sharpest = std::max(sharpest, outcome.sharpest);
      }
      return sharpest;
    };
    // Antiperiods too short: the remainder of section 4.
    CHECK(sharpest_of([](FourierPlan& plan, double factor) {
            for (RowPlan& row : plan.rows) row.L *= factor;
          }) > 1e-3);
    for (const std::size_t parity : {0u, 1u})
      CHECK(sharpest_of([&](FourierPlan& plan, double factor) {
              for (std::size_t i = parity; i < plan.rows.size(); i += 2) plan.rows[i].L *= factor;
            }) > 1e-3);
    // Too few terms in the double sum, too narrow a window: section 3.
    CHECK(sharpest_of([](FourierPlan& plan, double factor) { plan.goal *= factor; }) > 1e-4);
    CHECK(sharpest_of([](FourierPlan& plan, double factor) { plan.window_goal = 3 * factor - 2; }) >
          1e-7);
    // Too few terms in the sums over one row.
    CHECK(sharpest_of([](FourierPlan& plan, double factor) {
            for (RowPlan& row : plan.rows)
              row.gaussian_terms =
                  static_cast<long>(std::ceil(factor * static_cast<double>(row.gaussian_terms)));
          }) > 1e-4);
    // Too few digits: the counts of section 5.
    CHECK(sharpest_of([](FourierPlan& plan, double factor) {
            plan.digits = std::max(17u, static_cast<unsigned>(factor * plan.digits));
          }) > 1e-7);
  }
}

TEST_CASE("inner products of doubles are exact", "[kernels][property]") {
  Array X({3, 3});
  X.values = {1e-150, 1e150, 3, 0x1p-1074, 0x1p-1000, -1, 1e-150, 1e150, 3 + 0x1p-51};
  const ExactGram K(X);
  const ScopedDigits guard(2000);
  const auto dot = [&](std::size_t i, std::size_t j) {
    Mpfr sum = 0;
    for (std::size_t k = 0; k < 3; ++k) sum += Mpfr(X(i, k)) * Mpfr(X(j, k));
    return sum;
  };
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      const PairGram pair = K.pair(i, j);
      CHECK(pair.Kij == dot(i, j));
      CHECK(pair.det == dot(i, i) * dot(j, j) - dot(i, j) * dot(i, j));
      CHECK(pair.equal == (i == j));
      CHECK_FALSE(pair.opposite);
    }
  CHECK(K.pair(0, 2).det > 0);  // nearly parallel: 10^-300 of the products of lengths

  check_property("equal, opposite and parallel rows are told from near ones", [] {
    Array Y({2, 3});
    const int kind = *rc::gen::inRange(0, 4);
    const double factor = kind == 0 ? 1 : kind == 1 ? -1 : *rc::gen::element(0.5, -4.0, 3.0);
    for (std::size_t j = 0; j < 3; ++j) {
      Y(0, j) = *rc::gen::inRange(-100, 100) / 64.0;
      Y(1, j) = factor * Y(0, j);
    }
    const bool zero = Y(0, 0) == 0 && Y(0, 1) == 0 && Y(0, 2) == 0;
    RC_PRE(!zero);
    if (kind == 3) Y(1, 0) += 0x1p-40, Y(1, 1) += Y(0, 1) == 0 && Y(0, 2) == 0 ? 1 : 0;
    const PairGram pair = ExactGram(Y).pair(0, 1);
    RC_ASSERT(pair.equal == (kind == 0));
    RC_ASSERT(pair.opposite == (kind == 1));
    RC_ASSERT((pair.det == 0) == (kind != 3));
    RC_ASSERT((pair.Kij == 0) == false || kind == 3);
  });
}
