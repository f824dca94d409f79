// SPDX-License-Identifier: Apache-2.0
// The limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), and gamma =
// lambda_min(Gbar), enclosed at any number of digits. Proofs: reports/docs/kernels.md.
#pragma once

#include <string>

#include <alignproof/core/parallel.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/ball_matrix.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline kernels {

enum class Definiteness {
  positive_definite,  ///< the enclosure of gamma is above 0
  singular,           ///< gamma = 0 exactly, for a reason found in X
  undecided,          ///< gamma >= 0, and 0 lies in its enclosure
};

std::string_view to_string(Definiteness definiteness);

/// Gbar of an X of exact doubles, n x n, with every number enclosed.
struct EnclosedKernel {
  BallMatrix<Mpfr> Gbar;
  RealBall<Mpfr> gamma, largest;  ///< extreme eigenvalues; gamma is exactly 0 if singular
  Definiteness definiteness = Definiteness::undecided;
  std::string reason;  ///< why gamma = 0, e.g. "rows 1 and 3 of X are equal"; empty otherwise
  /// Singular for two rows that are equal or opposite, a row that is 0, or n > d: alignproof-check
  /// sees that too, and can prove that gamma = 0.
  bool zero_by_rows = false;
  std::string method;    ///< "closed form, enclosed" or "Fourier series, enclosed"
  unsigned digits = 0;   ///< proved of every entry, see below
  unsigned working = 0;  ///< digits that the balls were computed with

  /// Positive definite, but gamma is certainly below 1e-8 largest.
  bool near_singular() const;
};

/// Every entry is enclosed with a radius of at most 10^-digits m(|x_i|) m(|x_j|), where m(s) is s
/// for identity, relu and gelu, min(1, s) for tanh and erf, 1 for sigmoid, max(1, s) for softplus.
/// X is n x d. Throws InputError unless X is a matrix with entries, all finite; unless
/// min_digits <= digits <= 5000; where n^2 (digits + 150) > 3e8, which would not fit into memory;
/// for tanh, sigmoid and softplus on samples longer than 1e100 and on nearly parallel ones that are
/// very long (from |x| about 1000 on at 30 digits; softplus needs that of every sample). Rows are
/// shared among `jobs` threads; the result does not depend on their number.
EnclosedKernel enclose_limit_kernel(const Activation& activation, const Array& X, unsigned digits,
                                    std::size_t jobs = 1);
EnclosedKernel enclose_limit_kernel(const Activation& activation, const Array& X, unsigned digits,
                                    std::size_t jobs, Progress& progress);

/// Throws InputError, with the reason, on an activation without a limit kernel, as the others do.
void require_kernel(const Activation& activation);

/// Throws InputError as above if n samples are too many.
void require_feasible_kernel(std::size_t n, unsigned digits);

/// The same for use in doubles.
struct LimitKernel {
  Matrix<double> Gbar;  ///< nearest doubles
  double gamma = 0;  ///< a lower bound of lambda_min(Gbar), never negative; positive if proved so
  std::string method;
  double gamma_upper = 0;         ///< an upper bound
  double largest_eigenvalue = 0;  ///< an upper bound
  Definiteness definiteness = Definiteness::undecided;
  std::string reason;  ///< as above
};

/// Begins with 20 digits and doubles them, up to 80, until gamma is decided to be positive and
/// known to 15 digits, or known to be 0. Throws as enclose_limit_kernel does.
LimitKernel limit_kernel(const Activation& activation, const Array& X, std::size_t jobs = 1);

}  // namespace alignproof::inline kernels
