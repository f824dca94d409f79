// SPDX-License-Identifier: Apache-2.0
// Limit kernels in closed form and by Fourier series, enclosed; formulas and proofs:
// reports/docs/kernels.md.
#include <alignproof/kernels/limit_kernel.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/ball_spectrum.hpp>
#include <alignproof/network/activation_definition.hpp>

#include "kernels/fourier.hpp"
#include "kernels/gram.hpp"
#include "scalar/outward.hpp"
#include "scalar/raw_mpfr.hpp"
#include "scalar/upward.hpp"

namespace alignproof::inline kernels {

namespace {

using Ball = RealBall<Mpfr>;

constexpr unsigned most_digits = 5000;
constexpr double most_memory = 3e8;
constexpr unsigned guard_digits = 10;  ///< of closed forms
constexpr unsigned first_digits = 20, last_digits = 80;

void require_inputs(const Array& X, unsigned digits) {
  if (X.shape.size() != 2 || X.rows() == 0 || X.cols() == 0)
    throw InputError("shape of X",
                     X.shape.size() == 2 ? fmt::format("{} x {}", X.rows(), X.cols())
                                         : fmt::format("{} axes", X.shape.size()),
                     "n x d, both at least 1");
  for (std::size_t i = 0; i < X.values.size(); ++i)
    if (!std::isfinite(X.values[i]))
      throw InputError(fmt::format("X({}, {})", i / X.cols() + 1, i % X.cols() + 1),
                       quoted(X.values[i]), "finite numbers");
  if (digits < min_digits || digits > most_digits)
    throw InputError("digits", fmt::format("{}", digits),
                     fmt::format("{} to {}", min_digits, most_digits));
  require_feasible_kernel(X.rows(), digits);
}

// ---- Closed forms, of numbers that were each rounded once ----

GaussianPair in_balls(const PairGram& K) {
  const auto once = [](const Mpfr& x) { return x == 0 ? Ball(x) : Ball(x, slack(x)); };
  return {once(K.Kii), once(K.Kij), once(K.Kjj), once(K.det)};
}

BallMatrix<Mpfr> closed_form(ClosedKernel entry, const ExactGram& K, unsigned digits,
                             std::size_t jobs, Progress& progress) {
  const std::size_t n = K.n();
  BallMatrix<Mpfr> Gbar(Matrix<Mpfr>(Matrix<Mpfr>::Zero(n, n)));
  progress.expect(n);
  parallel_for(n, jobs, [&](std::size_t row) {
    const ScopedDigits guard(digits);
    const std::size_t i = n - 1 - row;
    for (std::size_t j = 0; j <= i; ++j) {
      const Ball value = entry(in_balls(K.pair(i, j)));
      Gbar.set(i, j, value), Gbar.set(j, i, value);
    }
    progress.advance();
  });
  return Gbar;
}

// ---- As a closed form or a series ----

void fill_closed(EnclosedKernel& result, ClosedKernel entry, const Array& X, std::size_t jobs,
                 Progress& progress) {
  const ExactGram K(X);
  result.working = result.digits + guard_digits;
  const ScopedDigits guard(result.working);
  result.method = "closed form, enclosed";
  result.Gbar = closed_form(entry, K, result.working, jobs, progress);
}

void fill_series(EnclosedKernel& result, const SeriesKernel& how, const Array& X, std::size_t jobs,
                 Progress& progress) {
  const ExactGram K(X, how.log2_K);
  const FourierPlan plan = plan_fourier(how.f, K, result.digits);
  const ScopedDigits guard(plan.digits);
  result.working = plan.digits;
  result.method = "Fourier series, enclosed";
  result.Gbar = fourier_kernel(plan, K, jobs, progress);
  for (std::size_t i = 0; i < K.n(); ++i)
    for (std::size_t j = 0; j < K.n(); ++j)
      result.Gbar.set(i, j, how.entry(result.Gbar(i, j), in_balls(K.pair(i, j)).c));
}

void fill(EnclosedKernel& result, const Activation& activation, const Array& X, std::size_t jobs,
          Progress& progress) {
  const Kernel& kernel = definition_of(activation).kernel;
  if (const auto* entry = std::get_if<ClosedKernel>(&kernel))
    return fill_closed(result, *entry, X, jobs, progress);
  fill_series(result, std::get<SeriesKernel>(kernel), X, jobs, progress);
}

// ---- Why gamma is exactly 0; section 6 of the page ----

std::string rows(std::size_t i, std::size_t j, const char* what) {
  return fmt::format("rows {} and {} of X are {}", i + 1, j + 1, what);
}

struct Reason {
  std::string text;
  bool by_rows;  ///< of equal, opposite or zero rows, or n > d
};

std::optional<Reason> reason_singular(const Activation& activation, const ExactGram& K) {
  const ActivationProperties psi = properties(activation);
  if (psi.linear && K.n() > K.d())
    return Reason{fmt::format("identity with n = {} > d = {}", K.n(), K.d()), true};
  bool zero_row = false;
  for (std::size_t i = 0; i < K.n(); ++i)
    if (K.zero(i)) {
      zero_row = true;
      if (psi.zero_at_zero)
        return Reason{fmt::format("row {} of X is zero and psi(0) = 0", i + 1), true};
    }
  std::size_t opposite = 0;
  for (std::size_t i = 0; i < K.n(); ++i)
    for (std::size_t j = i + 1; j < K.n(); ++j) {
      const PairGram pair = K.pair(i, j);
      if (pair.equal) return Reason{rows(i, j, "equal"), true};
      if (pair.opposite && psi.reflection == Reflection::odd)
        return Reason{rows(i, j, "opposite and psi is odd"), true};
      if (pair.det == 0 && psi.homogeneous && (psi.linear || pair.Kij > 0))
        return Reason{rows(i, j, "multiples of each other and psi is homogeneous"), false};
      opposite += pair.opposite;
    }
  if (psi.reflection == Reflection::step && opposite + zero_row >= 2)
    return Reason{fmt::format("psi(x) + psi(-x) = 1 for {} pairs of opposite rows{}", opposite,
                              zero_row ? " and a zero row" : ""),
                  false};
  if (psi.reflection == Reflection::ramp && opposite > K.d())
    return Reason{
        fmt::format("psi(x) - psi(-x) = x for {} > d = {} pairs of opposite rows", opposite, K.d()),
        false};
  return std::nullopt;
}

bool known_to_15_digits(const Ball& x) {
  return x.rad <= Mpfr(1e-15) * abs(x.mid);
}

}  // namespace

std::string_view to_string(Definiteness definiteness) {
  switch (definiteness) {
    case Definiteness::positive_definite:
      return "positive definite";
    case Definiteness::singular:
      return "singular";
    case Definiteness::undecided:
      return "undecided";
  }
  return "undecided";
}

bool EnclosedKernel::near_singular() const {
  return definiteness == Definiteness::positive_definite &&
         certainly_less(gamma, number(1e-8) * largest);
}

void require_kernel(const Activation& activation) {
  const std::optional<Missing> missing = missing_kernel(activation);
  if (missing)
    throw InputError("activation", fmt::format("'{}'", to_string(activation)),
                     fmt::format("one with a limit kernel, which {} lacks: {}",
                                 to_string(activation), missing->reason));
}

void require_feasible_kernel(std::size_t n, unsigned digits) {
  const double most = std::floor(std::sqrt(most_memory / (digits + 150.0)));
  if (static_cast<double>(n) > most)
    throw InputError("n", fmt::format("{} with {} digits", n, digits),
                     fmt::format("n of at most {:.0f}: n x n balls must fit into memory", most));
}

EnclosedKernel enclose_limit_kernel(const Activation& activation, const Array& X, unsigned digits,
                                    std::size_t jobs, Progress& progress) {
  require_kernel(activation);
  require_inputs(X, digits);
  EnclosedKernel result;
  result.digits = digits;
  fill(result, activation, X, jobs, progress);
  const ScopedDigits guard(result.working);
  const ExtremeBalls<Mpfr> eigenvalues = extreme_eigenvalues(result.Gbar);
  result.gamma = eigenvalues.min, result.largest = eigenvalues.max;
  if (const auto reason = reason_singular(activation, ExactGram(X))) {
    result.definiteness = Definiteness::singular;
    result.reason = reason->text, result.zero_by_rows = reason->by_rows;
    result.gamma = number(0);
  } else if (certainly_positive(result.gamma)) {
    result.definiteness = Definiteness::positive_definite;
  }
  return result;
}

EnclosedKernel enclose_limit_kernel(const Activation& activation, const Array& X, unsigned digits,
                                    std::size_t jobs) {
  Progress silent;
  return enclose_limit_kernel(activation, X, digits, jobs, silent);
}

LimitKernel limit_kernel(const Activation& activation, const Array& X, std::size_t jobs) {
  EnclosedKernel enclosed = enclose_limit_kernel(activation, X, first_digits, jobs);
  for (unsigned digits = 2 * first_digits; digits <= last_digits; digits *= 2) {
    const bool decided = enclosed.definiteness == Definiteness::singular ||
                         (enclosed.definiteness == Definiteness::positive_definite &&
                          known_to_15_digits(enclosed.gamma));
    if (decided) break;
    enclosed = enclose_limit_kernel(activation, X, digits, jobs);
  }
  const ScopedDigits guard(enclosed.working);
  LimitKernel limit;
  limit.Gbar = enclosed.Gbar.mid.unaryExpr([](const Mpfr& x) { return rounded(x, MPFR_RNDN); });
  limit.gamma = std::max(0.0, below(enclosed.gamma));
  limit.gamma_upper = above(enclosed.gamma);
  limit.largest_eigenvalue = above(enclosed.largest);
  limit.method = enclosed.method;
  limit.definiteness = enclosed.definiteness;
  limit.reason = enclosed.reason;
  return limit;
}

}  // namespace alignproof::inline kernels
