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
#include <alignproof/network/activation_properties.hpp>

#include "kernels/fourier.hpp"
#include "kernels/gram.hpp"
#include "scalar/raw_mpfr.hpp"
#include "scalar/upward.hpp"

namespace alignproof {

namespace {

using Ball = RealBall<Mpfr>;

constexpr unsigned most_digits = 5000;
constexpr double most_memory = 3e8;
constexpr unsigned guard_digits = 10;  ///< of closed forms
constexpr unsigned first_digits = 20, last_digits = 80;

Ball number(double exact) {
  return Mpfr(exact);
}

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

struct PairBalls {
  Ball a, b, c, det;  ///< K_ii, K_jj, K_ij, a b - c^2 >= 0

  explicit PairBalls(const PairGram& K)
      : a(once(K.Kii)), b(once(K.Kjj)), c(once(K.Kij)), det(once(K.det)) {}

 private:
  static Ball once(const Mpfr& x) { return x == 0 ? Ball(x) : Ball(x, slack(x)); }
};

Ball identity_entry(const PairGram& K) {
  return PairBalls(K).c;
}

/// pi minus the angle of the point (c, root), root > 0.
Ball supplement(const Ball& c, const Ball& root) {
  return Ball::pi() / number(2) + Ball::atan(c / root);
}

/// (root + (pi - theta) c) / (2 pi), theta the angle of (c, root), root = sqrt(det).
Ball relu_entry(const PairGram& K) {
  if (K.det == 0) return K.Kij > 0 ? PairBalls(K).c / number(2) : number(0);
  const PairBalls x(K);
  const Ball root = Ball::sqrt(x.det);
  return (root + supplement(x.c, root) * x.c) / (number(2) * Ball::pi());
}

/// (2 / pi) arcsin(2 c / sqrt((1 + 2a)(1 + 2b))), as an arc tangent.
Ball erf_entry(const PairGram& K) {
  if (K.Kij == 0) return number(0);
  const PairBalls x(K);
  const Ball rest = number(1) + number(2) * (x.a + x.b) + number(4) * x.det;
  return number(2) * Ball::atan(number(2) * x.c / Ball::sqrt(rest)) / Ball::pi();
}

Ball gelu_entry(const PairGram& K) {
  if (K.Kij == 0 && K.det == 0) return number(0);  // a zero row
  const PairBalls x(K);
  const Ball one = number(1), root = Ball::sqrt(one + x.a + x.b + x.det);
  const auto share = [&](const Ball& own) { return x.c / (one + own) * (x.c / root); };
  return (supplement(x.c, root) * x.c + x.det / root + share(x.a) + share(x.b)) /
         (number(2) * Ball::pi());
}

using Entry = Ball (*)(const PairGram&);

BallMatrix<Mpfr> closed_form(Entry entry, const ExactGram& K, unsigned digits, std::size_t jobs,
                             Progress& progress) {
  const std::size_t n = K.n();
  BallMatrix<Mpfr> Gbar(Matrix<Mpfr>(Matrix<Mpfr>::Zero(n, n)));
  progress.expect(n);
  parallel_for(n, jobs, [&](std::size_t row) {
    const ScopedDigits guard(digits);
    const std::size_t i = n - 1 - row;
    for (std::size_t j = 0; j <= i; ++j) {
      const Ball value = entry(K.pair(i, j));
      Gbar.set(i, j, value), Gbar.set(j, i, value);
    }
    progress.advance();
  });
  return Gbar;
}

// ---- Activations as a closed form or a series ----

/// psi(x) = f(x 2^log2_scale) in its non-trivial part; K is that of the scaled samples.
struct ByFourier {
  Series f;
  long log2_K;  ///< twice log2_scale
  Ball (*entry)(const Ball& Ef, const Ball& Kij);
};

/// Nothing where there is only a series.
Entry closed_entry(Activation activation) {
  switch (activation) {
    case Activation::identity:
      return identity_entry;
    case Activation::relu:
      return relu_entry;
    case Activation::erf:
      return erf_entry;
    case Activation::gelu:
      return gelu_entry;
    case Activation::tanh:
    case Activation::sigmoid:
    case Activation::softplus:
      return nullptr;
  }
  throw std::logic_error("no such activation");
}

ByFourier by_fourier(Activation activation) {
  switch (activation) {
    case Activation::tanh:
      return {Series::tanh, 0, [](const Ball& Ef, const Ball&) { return Ef; }};
    case Activation::sigmoid:  // (1 + tanh(x/2)) / 2
      return {Series::tanh, -2,
              [](const Ball& Ef, const Ball&) { return (number(1) + Ef) / number(4); }};
    case Activation::softplus:  // x/2 + ln(2 cosh(x/2))
      return {Series::log_cosh, -2, [](const Ball& Ef, const Ball& Kij) { return Ef + Kij; }};
    case Activation::identity:
    case Activation::relu:
    case Activation::erf:
    case Activation::gelu:
      break;
  }
  throw std::logic_error("no such series");
}

void fill(EnclosedKernel& result, Activation activation, const Array& X, std::size_t jobs,
          Progress& progress) {
  if (const Entry entry = closed_entry(activation)) {
    const ExactGram K(X);
    result.working = result.digits + guard_digits;
    const ScopedDigits guard(result.working);
    result.method = "closed form, enclosed";
    result.Gbar = closed_form(entry, K, result.working, jobs, progress);
    return;
  }
  const ByFourier how = by_fourier(activation);
  const ExactGram K(X, how.log2_K);
  const FourierPlan plan = plan_fourier(how.f, K, result.digits);
  const ScopedDigits guard(plan.digits);
  result.working = plan.digits;
  result.method = "Fourier series, enclosed";
  result.Gbar = fourier_kernel(plan, K, jobs, progress);
  for (std::size_t i = 0; i < K.n(); ++i)
    for (std::size_t j = 0; j < K.n(); ++j)
      result.Gbar.set(i, j, how.entry(result.Gbar(i, j), PairBalls(K.pair(i, j)).c));
}

// ---- Why gamma is exactly 0; section 6 of the page ----

std::string rows(std::size_t i, std::size_t j, const char* what) {
  return fmt::format("rows {} and {} of X are {}", i + 1, j + 1, what);
}

struct Reason {
  std::string text;
  bool by_rows;  ///< of equal, opposite or zero rows, or n > d
};

std::optional<Reason> reason_singular(Activation activation, const ExactGram& K) {
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

double rounded(const Mpfr& x, mpfr_rnd_t mode) {
  return mpfr_get_d(raw(x), mode);
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

void require_feasible_kernel(std::size_t n, unsigned digits) {
  const double most = std::floor(std::sqrt(most_memory / (digits + 150.0)));
  if (static_cast<double>(n) > most)
    throw InputError("n", fmt::format("{} with {} digits", n, digits),
                     fmt::format("n of at most {:.0f}: n x n balls must fit into memory", most));
}

EnclosedKernel enclose_limit_kernel(Activation activation, const Array& X, unsigned digits,
                                    std::size_t jobs, Progress& progress) {
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

EnclosedKernel enclose_limit_kernel(Activation activation, const Array& X, unsigned digits,
                                    std::size_t jobs) {
  Progress silent;
  return enclose_limit_kernel(activation, X, digits, jobs, silent);
}

LimitKernel limit_kernel(Activation activation, const Array& X, std::size_t jobs) {
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
  limit.gamma = std::max(0.0, rounded(enclosed.gamma.lower(), MPFR_RNDD));
  limit.gamma_upper = rounded(enclosed.gamma.upper(), MPFR_RNDU);
  limit.largest_eigenvalue = rounded(enclosed.largest.upper(), MPFR_RNDU);
  limit.method = enclosed.method;
  limit.definiteness = enclosed.definiteness;
  limit.reason = enclosed.reason;
  return limit;
}

}  // namespace alignproof
