// SPDX-License-Identifier: Apache-2.0
// The limit kernel as balls. Derivations: reports/docs/limit_kernel_enclosed.md.
#include <alignproof/core/no_fast_math.hpp>

#include "limit_kernel.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace alignproof::check {

namespace {

using Closed = Ball (*)(const Ball& Kii, const Ball& Kij, const Ball& Kjj);

Ball clamp(const Ball& x) {
  return min(1, max(-1, x));
}

/// |x||x'| (sin th + (pi - th) cos th) / (2 pi)
Ball relu_kernel(const Ball& Kii, const Ball& Kij, const Ball& Kjj) {
  const Ball scale = sqrt(Kii * Kjj);
  if (!arb_is_positive(scale.get()))  // a zero row, or too little is known of it
    return arb_is_zero(scale.get()) ? Ball(0.0) : unknown();
  // The derivative in the cosine is pi - theta, between 0 and pi.
  const Ball ratio = Kij / scale, cosine = clamp(midpoint(ratio)), theta = acos(cosine);
  const Ball value = sqrt(1 - square(cosine)) + (pi() - theta) * cosine;
  return scale * widened(value, pi() * radius(ratio)) / (2 * pi());
}

/// (2/pi) asin( 2 x.x' / sqrt((1 + 2 |x|^2)(1 + 2 |x'|^2)) )
Ball erf_kernel(const Ball& Kii, const Ball& Kij, const Ball& Kjj) {
  return 2 * asin(clamp(2 * Kij / sqrt((1 + 2 * Kii) * (1 + 2 * Kjj)))) / pi();
}

/// [c (pi - theta) + (a b - c^2 + c^2 / (1 + a) + c^2 / (1 + b)) / sqrt Delta] / (2 pi),
/// Delta = (1 + a)(1 + b) - c^2, pi - theta = the angle of the point (-c, sqrt Delta)
Ball gelu_kernel(const Ball& Kii, const Ball& Kij, const Ball& Kjj) {
  const Ball area = max(0, Kii * Kjj - square(Kij)), root = sqrt(1 + Kii + Kjj + area);
  const Ball angle = atan2(root, 0 - Kij);
  const Ball fractions = square(Kij) / (1 + Kii) + square(Kij) / (1 + Kjj);
  return (Kij * angle + (area + fractions) / root) / (2 * pi());
}

BallMatrix closed_form(const BallMatrix& K, Closed kernel) {
  BallMatrix G(K.rows(), K.rows());
  for (std::size_t i = 0; i < K.rows(); ++i)
    for (std::size_t j = 0; j < K.rows(); ++j)
      G.set(i, j, kernel(K.at(i, i), K.at(i, j), K.at(j, j)));
  return G;
}

// ---- tanh and ln cosh by antiperiodic series ----

BallMatrix unknown_matrix(std::size_t n) {
  BallMatrix G(n, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) G.set(i, j, unknown());
  return G;
}

/// E psi(u) psi(v) for psi = tanh, E (ln 2 + psi(u)) (ln 2 + psi(v)) for ln cosh.
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
                                         : Series::mean_of_product(series[i], series[i], variance));
    if (effort.budget != nullptr && !arb_is_finite(G.entry(i, i))) {
      effort.budget->give_up(fmt::format(
          "entry ({0}, {0}) of the limit kernel is out of reach: its series is too long", i));
      return unknown_matrix(n);
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const Ball c = C.at(i, j), spread = max(0, C.at(i, i) + C.at(j, j) - 2 * abs(c));
      const double close = std::ldexp(about(C.at(i, i)), 8 - static_cast<int>(effort.bits));
      Ball entry =
          about(spread) <= close ? unknown() : Series::mean_of_product(series[i], series[j], c);
      if (!arb_is_finite(entry.get())) {
        // 2 psi(u) psi(v) = psi(u)^2 + psi(v)^2 - (psi(u) - psi(v))^2, and psi is 1-Lipschitz.
        entry = (G.at(i, i) + G.at(j, j)) / 2 - spread / 4;
        entry = widened(entry, upper(spread / 4));
        if (psi == Summand::tanh && !arb_is_positive(c.get()))
          entry = arb_is_negative(c.get()) ? 0 - entry : unknown();
      }
      G.set(i, j, entry);
      G.set(j, i, entry);
    }
  return G;
}

BallMatrix quarter(const BallMatrix& K) {
  return K / 4;  // exact: a power of 2
}

/// sigmoid(x) = 1/2 + tanh(x/2) / 2
BallMatrix sigmoid_kernel(const BallMatrix& K, const Effort& effort) {
  BallMatrix G = by_series(Summand::tanh, quarter(K), effort);
  for (std::size_t i = 0; i < K.rows(); ++i)
    for (std::size_t j = 0; j < K.rows(); ++j) G.set(i, j, (1 + G.at(i, j)) / 4);
  return G;
}

/// softplus(x) = x/2 + ln 2 + ln cosh(x/2)
BallMatrix softplus_kernel(const BallMatrix& K, const Effort& effort) {
  return by_series(Summand::ln_cosh, quarter(K), effort) + quarter(K);
}

}  // namespace

BallMatrix limit_kernel(Activation activation, const BallMatrix& K, const Effort& effort) {
  switch (activation) {
    case Activation::identity:
      return K;
    case Activation::relu:
      return closed_form(K, relu_kernel);
    case Activation::erf:
      return closed_form(K, erf_kernel);
    case Activation::gelu:
      return closed_form(K, gelu_kernel);
    case Activation::tanh:
      return by_series(Summand::tanh, K, effort);
    case Activation::sigmoid:
      return sigmoid_kernel(K, effort);
    case Activation::softplus:
      return softplus_kernel(K, effort);
  }
  throw std::logic_error("no such activation");
}

BallMatrix limit_kernel(Activation activation, const BallMatrix& K) {
  return limit_kernel(activation, K, {.bits = static_cast<double>(precision())});
}

BallMatrix limit_kernel(Activation activation, const BallMatrix& K, Budget& budget) {
  return limit_kernel(activation, K, {.bits = static_cast<double>(precision()), .budget = &budget});
}

}  // namespace alignproof::check
