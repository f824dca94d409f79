// SPDX-License-Identifier: Apache-2.0
// Ground truth about a certificate: every condition of its claim evaluated at the exact orbit with
// 300 digits and plain loops. No mathematics of the checker or of the producer is used.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/multiprecision/mpfr.hpp>

#include <alignproof/format/certificate.hpp>

namespace alignproof::truth {

using Number = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<300, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;
using Numbers = std::vector<Number>;

/// psi and psi' by their formulas, and the constants of reports/docs/activations.md.
Number psi(const Activation& activation, const Number& a);
Number psi_prime(const Activation& activation, const Number& a);
Number largest_slope(const Activation& activation);      ///< L1
Number largest_curvature(const Activation& activation);  ///< L2; 0 for relu, whose signs are frozen
/// L3, as the largest psi''' on a fine grid; 0 for relu.
Number largest_third_derivative(const Activation& activation);

/// lambda(t) by the definition in instance.hpp, in doubles.
double penalty_at(const Penalty& penalty, std::size_t t);

/// Added to the stored start: to W or A (row-major), and to beta. Empty for none.
struct Shift {
  std::vector<double> first, beta;
};

double norm(const std::vector<double>& x);

/// The dynamics from the initial data, in index notation; W enters through A, and what it moves is
/// summed up beside.
class Orbit {
 public:
  Orbit(const Start& start, const Shift& shift);

  void step(double lambda);

  std::size_t n, d, p, k;
  bool fa;  ///< the error returns through b, and not through beta
  Number eta, root_p;
  Numbers X;        ///< n x d
  Numbers W_moved;  ///< p x d, W(t) - W(0)
  Numbers K;        ///< n x n
  Numbers y, b;     ///< n x k, p x k
  Numbers A;        ///< p x n
  Numbers beta;     ///< p x k
  Numbers e;        ///< n x k, of the present A and beta

 private:
  void forward();

  Activation activation_;
};

/// Eigenvalues of a symmetric n x n matrix, ascending, by Jacobi rotations.
Numbers eigenvalues(Numbers S, std::size_t n);

/// What a certificate speaks of, at one exact run to its checkpoint.
struct Run {
  std::size_t n = 0, p = 0, k = 1;
  bool fa = true;
  bool plain() const { return fa && k == 1; }
  Number eta, root_p, L1, L2;
  // each at t = 0, ..., T
  Numbers error;       ///< |e(t)|
  Numbers beta_moved;  ///< |beta(t) - beta(0)|
  Numbers A_moved;     ///< |A(t) - A(0)|_F
  Numbers cosine;      ///< cos(b, beta(t)), 1 where it is undefined
  // of each hidden unit r: |w_r(t) - w_r(0)| and |beta_r(t) - beta_r(0)|
  Numbers w_most, beta_most;  ///< the largest over t = 0, ..., T
  Numbers w_last, beta_last;  ///< at T
  Numbers size_c, size_psi;   ///< |c_r|, c = b or beta, and |psi(a_r)| at T
  Numbers beta;               ///< beta(T)
  // at T
  /// The eigenvalues themselves; with k outputs and BP |I - eta M| = 1 - eta M_min, |M| = M_max.
  Number M_min, M_max, G_max, K_norm;
  Number E, B2, B4, Q, Q3, kmax, k_o_k, c_max;
  Number linear_drift, L3;  ///< of the drift of second order; plain runs
  Number b_beta, b_norm, beta_norm;
  Numbers K;
  Numbers k_norm;
  Numbers size_a, reach;  ///< relu: |a_ri| and |c_r| k_i, entry by entry
};

Run run(const Start& start, const Shift& shift, std::size_t T, bool with_penalty);

/// What Theorem A gives for a rate and a witness, at a run's checkpoint.
struct Consequence {
  Number R, dG, dH, Cv, beta_displacement, A_displacement;
  Number cos_min = -1, cos_max = 1;
  Number share;  ///< BP: L1^2 |K| R^2 / p, which must be below 1
};

/// rho = R (sqrt(G_max) + share q) bounds |beta(t) - beta(T)|: by (A.13) with the share 1, and by
/// (A.31) with 1/2, which the formal checker uses.
inline constexpr double share_of_A13 = 1, share_of_A31 = 0.5;

Consequence theorem_a(const Run& run, const SpectralWitness& witness, double alpha,
                      double share = share_of_A13);

/// What the bootstrap and the drift of second order give for the S of a leg.
struct SharpConsequence : Consequence {
  Number mu, budget;  ///< mu(S), and its integral from 0 to S
  Number rise;        ///< kap^2 S^2
};

SharpConsequence sharp_consequence(const Run& run, const Leg& leg);

/// The same by the form of the leg, of which nothing but R, the displacements and the cosine.
Consequence consequence(const Run& run, const Leg& leg);

/// The limit kernel, n x n: its eigenvalues up to `error`.
struct LimitKernel {
  Numbers G;
  Number error;
};

/// As `gamma` below.
std::optional<LimitKernel> limit_kernel(const Activation& activation, const Numbers& K,
                                        std::size_t n);

/// The smallest eigenvalue of the limit kernel, up to `error`.
struct Gamma {
  Number value, error;
};

/// Closed forms; for tanh and sigmoid the trapezoidal rule in two dimensions (30 digits), or the
/// step function where inputs are huge; nothing in between and for softplus and gelu.
std::optional<Gamma> gamma(const Activation& activation, const Numbers& K, std::size_t n);
/// By the trapezoidal rule for every smooth activation: to test the rule.
std::optional<Number> gamma_by_rule(const Activation& activation, const Numbers& K, std::size_t n);

/// One inequality: > 0 if it holds, relative to the size of its terms; 0 at equality.
struct Condition {
  std::string name;
  double margin;
};

/// |margin| below it decides nothing: near the boundary.
inline constexpr double boundary = 1e-15;

struct Verdict {
  std::vector<Condition> conditions;

  const Condition& worst() const;
  bool holds() const { return worst().margin > boundary; }
  bool fails() const { return worst().margin < -boundary; }
};

/// Evaluates certificates; exact runs are kept, since many certificates share one.
class Judge {
 public:
  explicit Judge(double share = share_of_A13);
  ~Judge();

  /// All conditions of the claim at the stored start plus shift. At radius 0 and without a shift
  /// these decide the claim; else they are necessary. `gamma` is costly and evaluated only if every
  /// other condition holds or `all` is set.
  Verdict judge(const RunCertificate& certificate, const Shift& shift = {}, bool all = false);

  /// What is claimed of the steps after the checkpoint, run for `steps` more: consequences of
  /// Theorem A and of nothing else.
  Verdict follow(const RunCertificate& certificate, const Shift& shift, std::size_t steps);

 private:
  struct Memory;
  double share_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace alignproof::truth
