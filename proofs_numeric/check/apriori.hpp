// SPDX-License-Identifier: Apache-2.0
// Theorem P: what is known of a run whose initialisation is drawn at random, at one width p, as
// balls; in the notation of reports/docs/apriori.md. Every number here falls as p grows, but for
// lower bounds, which rise: what is checked at p holds at every larger width.
#pragma once

#include <optional>
#include <vector>

#include <alignproof/format/width_certificate.hpp>

#include "activation.hpp"
#include "ball.hpp"
#include "matrix.hpp"

namespace alignproof::check {

/// Throws InputError, naming what is accepted, unless Theorem P is evaluated here for the rule, the
/// number of outputs and the activation.
void require_variant(const WidthCertificate& certificate);

/// |psi| <= L0 for some L0.
bool is_bounded(const Activation& psi);

/// The least width from which on every bound falls: 2, with k outputs 3.
double least_width(const WidthCertificate& certificate);

/// Whether what the certificate claims rests on this line: its share has to be > 0.
bool in_use(const WidthCertificate& certificate, const WidthLine& line);

/// What the theorem asks of X, y and psi. Bounds of spectra are those of the certificate, which
/// have to be proved: everything else rests on them.
struct Sample {
  Ball L1, L2;
  std::optional<Ball> L0, L3;
  Ball psi_0;   ///< |psi(0)|
  bool linear;  ///< psi(x) = x
  Ball n, p, k, eta;
  bool bp, one_output, smooth;  ///< not smooth: relu
  Ball K_norm, kmax, k_o_k, K_F, K_trace;
  Ball flip, pull, turn, aspect;  ///< of K, for relu
  Ball gamma_lower, gamma_upper, Gbar_norm, Gbar_trace;
  Ball y;  ///< |y|_F
};

Sample sample_from(const WidthCertificate& certificate, const BallMatrix& K,
                   const BallMatrix& Gbar);

/// sqrt(2 log(m / d)): each of m Gaussians, or of m functions of Gaussians that are 1-Lipschitz,
/// exceeds its mean by no more, except with probability d.
Ball tail(const Ball& m, double d);

/// h(eps) = eps + (1 - eps) log(1 - eps), and its twin (1 + eps) log(1 + eps) - eps.
Ball lower_exponent(const Ball& eps);
Ball upper_exponent(const Ball& eps);
/// n L0^2 log(n / d) / (p lambda), which they have to reach; for bounded psi.
Ball chernoff(const Sample& sample, double d, const Ball& lambda);

/// eps of lambda_min(G(0)) >= (1 - eps) gamma for psi that is neither bounded nor linear.
Ball unbounded_eps(const Sample& sample, double d);
/// 1 - (sqrt n + l(d)) / sqrt p, of the smallest singular value, for psi(x) = x.
Ball least_singular(const Sample& sample, double d);

/// Bounds at t = 0 that hold together with probability at least 1 minus the shares in use. With k
/// outputs s2 is that of |b| / sqrt p, and mean b^4, |beta| b^2, ... of the worst directions.
struct GoodStart {
  Ball G_min;   ///< <= lambda_min(G(0))
  Ball root_T;  ///< >= sqrt(tr G(0)); st
  Ball root_G;  ///< >= sqrt(lambda_max(G(0))); Gs
  Ball s2, s4;  ///< >= sqrt(mean b^2), sqrt(mean b^4)
  Ball b_max;   ///< >= max |b_r|
  Ball b3;      ///< >= mean |b|^3
  Ball Q, Q3;   ///< >= mean |beta| b^2, mean |beta| |b|^3
  Ball h0;      ///< >= |H(0)|
  Ball E;       ///< >= |e(0)|
};

GoodStart good_start(const Sample& sample, const WidthShares& shares, const WidthTails& tails);

/// c_0 + c_1 S + c_2 S^2 + ...
using Polynomial = std::vector<Ball>;
Ball value_at(const Polynomial& f, const Ball& S);
/// From 0 to S.
Ball integral_to(const Polynomial& f, const Ball& S);

/// How far a run can move while eta sum_t |e(t)| <= S.
struct Motion {
  Ball m0, top;           ///< m0 <= lambda_min(M(0)), lambda_max(M(0)) <= top
  Ball E;                 ///< >= |e(0)|
  Polynomial D_lo, D_up;  ///< m0 - D_lo(S) <= lambda_min(M(t)), lambda_max(M(t)) <= top + D_up(S)
  Polynomial Cv;          ///< the remainder of a step is at most eta^2 Cv(S) |e|^2
  Polynomial rho;         ///< >= |beta(t) - beta(0)|
  Ball A_moved;           ///< A_moved S >= |A(t) - A(0)|_F
  Ball w_moved;           ///< w_moved S >= sqrt p |w_r(t) - w_r(0)| for all r
  Polynomial beta_moved;  ///< >= sqrt p |beta_r(t) - beta_r(0)| for all r
};

Motion motion(const Sample& sample, const GoodStart& start, const WidthShares& shares,
              const WidthTails& tails);

/// mu(S) = m0 - D_lo(S) - eta Cv(S) E, its integral from 0 to S, and eta (top + D_up(S) +
/// gamma_upper): the left sides of (P.5).
Ball rate(const Motion& motion, const Ball& eta, const Ball& S);
Ball budget_of_error(const Motion& motion, const Ball& eta, const Ball& S);
Ball step(const Motion& motion, const Sample& sample, const Ball& S);

}  // namespace alignproof::check
