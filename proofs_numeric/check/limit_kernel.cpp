// SPDX-License-Identifier: Apache-2.0
// The limit kernel as balls. Derivations: reports/docs/limit_kernel_enclosed.md.
#include <alignproof/core/no_fast_math.hpp>

#include "limit_kernel.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "threads.hpp"

namespace alignproof::check {

Ball clamp(const Ball& x) {
  return min(1, max(-1, x));
}

BallMatrix closed_form(const BallMatrix& K, ClosedKernel kernel) {
  BallMatrix G(K.rows(), K.rows());
  for (std::size_t i = 0; i < K.rows(); ++i)
    for (std::size_t j = 0; j < K.rows(); ++j)
      G.set(i, j, kernel(K.at(i, i), K.at(i, j), K.at(j, j)));
  return G;
}

// ---- tanh and ln cosh by antiperiodic series ----

namespace {

BallMatrix unknown_matrix(std::size_t n) {
  BallMatrix G(n, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) G.set(i, j, unknown());
  return G;
}

/// E (u -+ v)^2, with the sign that makes it smaller.
Ball spread_of(const BallMatrix& C, std::size_t i, std::size_t j) {
  return max(0, C.at(i, i) + C.at(j, j) - 2 * abs(C.at(i, j)));
}

/// The lower triangle of G by sums, unknown where u and v are too close for them. What the sums
/// share is made ready in their order, then each is taken by itself.
void set_products(BallMatrix& G, std::vector<Series>& series, const BallMatrix& C,
                  const Effort& effort) {
  /// Rows of sums that are made ready at once: few enough to be held.
  constexpr std::size_t rows_at_once = 1'000'000;
  struct Entry {
    std::size_t i, j;
    MeanOfProduct mean;
  };
  std::vector<Entry> ready;
  std::size_t rows = 0;
  const auto take_sums = [&] {
    for_each_index(ready.size(),
                   [&](std::size_t k) { G.set(ready[k].i, ready[k].j, ready[k].mean.value()); });
    ready.clear(), rows = 0;
  };
  for (std::size_t i = 0; i < C.rows(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double close = std::ldexp(about(C.at(i, i)), 8 - static_cast<int>(effort.bits));
      if (about(spread_of(C, i, j)) <= close) {
        G.set(i, j, unknown());
        continue;
      }
      ready.push_back({i, j, {series[i], series[j], C.at(i, j)}});
      rows += ready.back().mean.rows();
      if (rows > rows_at_once) take_sums();
    }
  take_sums();
}

}  // namespace

BallMatrix by_series(Summand psi, const BallMatrix& C, const Effort& effort) {
  const std::size_t n = C.rows();
  std::vector<Series> series;
  for (std::size_t i = 0; i < n; ++i) series.emplace_back(psi, C.at(i, i), effort);
  BallMatrix G(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    const Ball variance = C.at(i, i);
    // Of a small variance 1 - E sech^2 would be the difference of nearly equal numbers.
    const bool small = about(variance) < 0x1p-8;
    G.set(i, i,
          psi == Summand::tanh && !small ? 1 - mean_sech2(variance, effort)
                                         : MeanOfProduct(series[i], series[i], variance).value());
    if (effort.budget != nullptr && !arb_is_finite(G.entry(i, i))) {
      effort.budget->give_up(fmt::format(
          "entry ({0}, {0}) of the limit kernel is out of reach: its series is too long", i));
      return unknown_matrix(n);
    }
  }
  set_products(G, series, C, effort);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      Ball entry = G.at(i, j);
      if (!arb_is_finite(entry.get())) {
        // 2 psi(u) psi(v) = psi(u)^2 + psi(v)^2 - (psi(u) - psi(v))^2, and psi is 1-Lipschitz.
        const Ball c = C.at(i, j), spread = spread_of(C, i, j);
        entry = (G.at(i, i) + G.at(j, j)) / 2 - spread / 4;
        entry = widened(entry, upper(spread / 4));
        if (psi == Summand::tanh && !arb_is_positive(c.get()))
          entry = arb_is_negative(c.get()) ? 0 - entry : unknown();
        G.set(i, j, entry);
      }
      G.set(j, i, entry);
    }
  return G;
}

BallMatrix quarter(const BallMatrix& K) {
  return K / 4;  // exact: a power of 2
}

BallMatrix limit_kernel(const Activation& activation, const BallMatrix& K, const Effort& effort) {
  require_kernel(activation);
  return std::get<KernelOf>(row_of(activation).kernel)(K, effort);
}

BallMatrix limit_kernel(const Activation& activation, const BallMatrix& K) {
  return limit_kernel(activation, K, {.bits = static_cast<double>(precision())});
}

BallMatrix limit_kernel(const Activation& activation, const BallMatrix& K, Budget& budget) {
  return limit_kernel(activation, K, {.bits = static_cast<double>(precision()), .budget = &budget});
}

}  // namespace alignproof::check
