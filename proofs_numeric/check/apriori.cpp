// SPDX-License-Identifier: Apache-2.0
// Theorem P at one width, as balls; notation and proofs: reports/docs/apriori.md.
#include <alignproof/core/no_fast_math.hpp>

#include "apriori.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "rule.hpp"

namespace alignproof::check {

namespace {

std::optional<Ball> if_any(const Bound& L) {
  const Ball* value = std::get_if<Ball>(&L);
  return value ? std::optional(*value) : std::nullopt;
}

Ball trace(const BallMatrix& A) {
  Ball sum;
  for (std::size_t i = 0; i < A.rows(); ++i) sum += A.at(i, i);
  return sum;
}

}  // namespace

bool is_bounded(const Activation& psi) {
  return std::holds_alternative<Ball>(row_of(psi).L0());
}

void require_variant(const WidthCertificate& c) {
  const ActivationRow& psi = row_of(c.activation);
  const bool bp = is_backpropagation(c.rule), relu = psi.bounds().frozen_signs;
  const auto refuse = [&](const char* what, const std::string& value, const std::string& accepted) {
    throw InputError(fmt::format("{} of a width certificate", what), value, accepted);
  };
  if (bp && c.claims.kappa) refuse("kappa", "a number", "null for bp, of which T2 does not speak");
  if (bp && relu) refuse("activation", "'relu'", "another one for bp");
  if (relu && c.k() != 1) refuse("outputs", fmt::format("{}", c.k()), "1 for relu");
  const Bound L3 = psi.L3();
  if (const NoBound* none = std::get_if<NoBound>(&L3); none && !relu && !bp)
    refuse("activation", fmt::format("'{}'", to_string(c.activation)),
           fmt::format("one with a bound L3: {}", none->reason));
}

double least_width(const WidthCertificate& c) {
  return c.k() == 1 && !is_backpropagation(c.rule) ? 2 : 3;
}

namespace {

/// What the lines of relu ask of K; unknown where a K_ii may be 0.
struct OfFlips {
  Ball flip, pull, turn, aspect;
};

OfFlips of_flips(const BallMatrix& K, const std::vector<Ball>& k) {
  OfFlips sums;
  for (std::size_t i = 0; i < k.size(); ++i) {
    std::vector<Ball> others;
    for (std::size_t j = 0; j < k.size(); ++j)
      if (j != i) others.push_back(K.at(i, j));
    const Ball k_other = norm(others), both = 2 * (square(k[i]) + square(k_other));
    const Ball h = (k[i] + k_other) / (2 * sqrt(K.at(i, i)));
    sums.flip += both * square(h);
    sums.pull += both;
    sums.turn += square(k[i] * h);
    sums.aspect = max(sums.aspect, square(k[i]) / K.at(i, i));
  }
  return {sqrt(sums.flip), sqrt(sums.pull), sqrt(sums.turn), sums.aspect};
}

}  // namespace

Sample sample_from(const WidthCertificate& c, const BallMatrix& K, const BallMatrix& Gbar) {
  const ActivationRow& row = row_of(c.activation);
  const std::vector<Ball> k = row_norms(K);
  std::vector<Ball> k_squared, y;
  Ball kmax = 0;
  for (const Ball& k_i : k) kmax = max(kmax, k_i), k_squared.push_back(square(k_i));
  for (const double y_i : c.y.values) y.emplace_back(y_i);
  const ActivationBounds psi = row.bounds();
  const OfFlips flips = of_flips(K, k);
  return {.L1 = psi.L1,
          .L2 = psi.L2,
          .L0 = if_any(row.L0()),
          .L3 = if_any(row.L3()),
          .psi_0 = abs(row.activate(0).psi),
          .linear = row.symmetry.linear,
          .n = Ball::count(c.n()),
          .p = Ball::count(c.p),
          .k = Ball::count(c.k()),
          .eta = c.eta,
          .bp = is_backpropagation(c.rule),
          .one_output = c.k() == 1,
          .smooth = !psi.frozen_signs,
          .K_norm = c.spectra.K_upper,
          .kmax = kmax,
          .k_o_k = norm(k_squared),
          .K_F = norm(k),
          .K_trace = trace(K),
          .flip = flips.flip,
          .pull = flips.pull,
          .turn = flips.turn,
          .aspect = flips.aspect,
          .gamma_lower = c.spectra.gamma_lower,
          .gamma_upper = c.spectra.gamma_upper,
          .Gbar_norm = c.spectra.Gbar_upper,
          .Gbar_trace = trace(Gbar),
          .y = norm(y)};
}

Ball tail(const Ball& m, double d) {
  return sqrt(2 * log(m / d));
}

Ball lower_exponent(const Ball& eps) {
  return eps + (1 - eps) * log1p(0 - eps);
}

Ball upper_exponent(const Ball& eps) {
  return (1 + eps) * log1p(eps) - eps;
}

Ball chernoff(const Sample& x, double d, const Ball& lambda) {
  return x.n * square(*x.L0) * log(x.n / d) / (x.p * lambda);
}

Ball unbounded_eps(const Sample& x, double d) {
  const Ball c = square(x.L1) * x.K_norm / x.gamma_lower;
  return sqrt(2 * (x.n + 4 * c * sqrt(x.n)) * log(x.n / d) / x.p);
}

Ball least_singular(const Sample& x, double d) {
  return 1 - (sqrt(x.n) + tail(1, d)) / sqrt(x.p);
}

namespace {

/// The lines G, tr and Gmax.
void bound_gram(GoodStart& s, const Sample& x, const WidthShares& d, const WidthTails& tails) {
  const Ball moved = x.L1 * sqrt(x.K_norm / x.p);
  s.root_T = sqrt(x.Gbar_trace) + moved * tail(1, d.tr);
  if (x.L0) {
    s.root_T = min(s.root_T, sqrt(x.n) * *x.L0);
    s.G_min = (1 - Ball(tails.lower)) * x.gamma_lower;
    s.root_G = min(s.root_T, sqrt((1 + Ball(tails.upper)) * x.Gbar_norm));
  } else if (x.linear) {
    // G(0) = K^(1/2) Z^T Z K^(1/2) / p with Z Gaussian, p x n (Davidson and Szarek).
    s.G_min = x.gamma_lower * square(max(0, least_singular(x, d.G)));
    s.root_G = min(s.root_T, sqrt(x.K_norm) * (2 - least_singular(x, d.Gmax)));
  } else {
    // E |G(0) - Gbar|_F^2 <= E |psi|^4 / p, where |psi|^2 has the mean tr Gbar, and the variance is
    // bounded by Poincare's inequality.
    const Ball fourth = square(x.Gbar_trace) + 4 * square(x.L1) * x.K_norm * x.Gbar_trace;
    s.G_min = (1 - unbounded_eps(x, d.G)) * x.gamma_lower;
    s.root_G = min(s.root_T, sqrt(x.Gbar_norm + sqrt(fourth / x.p)) + moved * tail(1, d.Gmax));
  }
}

/// The lines b2, b3, b4, b6, row, Q and Q3.
void bound_moments(GoodStart& s, const Sample& x, const WidthShares& d) {
  const Ball sqrt_p = sqrt(x.p), mean_abs = sqrt(2 / pi());
  s.s2 = 1 + tail(1, d.b2) / sqrt_p;
  s.b_max = tail(2 * x.p, d.row);
  if (x.linear) return;
  s.s4 = square(root(3, 4) + tail(1, d.b4) / root(x.p, 4));
  s.Q = mean_abs * square(s.s2) + s.s4 * tail(1, d.Q) / sqrt_p;
  const Ball root_b3 = root(2 * mean_abs, 3) + tail(1, d.b3) / root(x.p, 3);
  s.b3 = root_b3 * square(root_b3);
  if (!x.smooth) return;
  const Ball b6 = root(15, 6) + tail(1, d.b6) / root(x.p, 6);
  s.Q3 = mean_abs * s.b3 + b6 * square(b6) * tail(1, d.Q3) / sqrt_p;
}

/// The same with k outputs: suprema over directions by Chevet's inequality, or by traces.
void bound_moments_of_outputs(GoodStart& s, const Sample& x, const WidthShares& d) {
  const Ball sqrt_p = sqrt(x.p), sqrt_k = sqrt(x.k);
  s.s2 = min(sqrt_k, 1 + sqrt_k / sqrt_p) + tail(1, d.b2) / sqrt_p;
  s.b_max = min(sqrt_k + tail(x.p, d.row), sqrt_k * tail(2 * x.k * x.p, d.row));
  if (x.linear) return;
  const Ball root4_p = root(x.p, 4);
  s.s4 = square(min(root(x.k * (x.k + 2), 4), root(3, 4) + sqrt_k / root4_p) +
                tail(1, d.b4) / root4_p);
  if (x.bp) return;
  const Ball mean_b_max = sqrt_k + sqrt(2 * log(x.p));
  // >= sqrt(mean (beta_r.u)^2 (b_r.v)^2) for all unit u, v.
  const Ball pairs = min(x.k, 1 + sqrt_k / sqrt_p * (mean_b_max + sqrt(2 * log(2 * x.p)))) +
                     (mean_b_max * tail(1, d.Q3) + s.b_max * tail(1, d.Q)) / sqrt_p;
  s.Q = pairs * s.s2;
  s.Q3 = pairs * s.s4;
}

}  // namespace

GoodStart good_start(const Sample& x, const WidthShares& d, const WidthTails& tails) {
  GoodStart s;
  bound_gram(s, x, d, tails);
  if (x.bp || !x.one_output)
    bound_moments_of_outputs(s, x, d);
  else
    bound_moments(s, x, d);
  // Of BP H is positive semidefinite.
  if (!x.bp)
    s.h0 = square(x.L1) * x.K_norm * s.s2 * sqrt(x.k) * tail(2 * x.n * x.k, d.H) / sqrt(x.p);
  s.E = sqrt(square(x.y) + x.k * square(s.root_T)) + s.root_G * tail(1, d.E);
  return s;
}

Ball value_at(const Polynomial& f, const Ball& S) {
  Ball value;
  for (std::size_t k = f.size(); k-- > 0;) value = value * S + f[k];
  return value;
}

Ball integral_to(const Polynomial& f, const Ball& S) {
  Polynomial F = {0};
  for (std::size_t k = 0; k < f.size(); ++k) F.push_back(f[k] / Ball::count(k + 1));
  return value_at(F, S);
}

namespace {

Polynomial sum(Polynomial f, const Polynomial& g) {
  f.resize(std::max(f.size(), g.size()));
  for (std::size_t k = 0; k < g.size(); ++k) f[k] += g[k];
  return f;
}

Polynomial times(const Polynomial& f, const Polynomial& g) {
  Polynomial product(f.size() + g.size() - 1);
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t j = 0; j < g.size(); ++j) product[i + j] += f[i] * g[j];
  return product;
}

/// sqrt(2 log(rows + columns)), of the mean norm of a Gaussian series of matrices.
Ball series(const Ball& rows, const Ball& columns) {
  return sqrt(2 * log(rows + columns));
}

/// (P.2) and (P.3): the parts of the drift that are linear in S have mean 0.
Ball linear_drift(const Sample& x, const GoodStart& s, const WidthShares& d) {
  const Ball n = x.n, k = x.k, nk = n * k;
  const Ball mean_in_b = min(sqrt(k) * x.K_F * s.root_T,
                             x.K_norm * max(sqrt(k) * s.root_G, s.root_T) * series(square(n), nk));
  // Of BP the part of H that is linear in S adds to a positive semidefinite matrix.
  const Ball in_b =
      (x.bp ? 2 : 3) * square(x.L1) * (mean_in_b + x.K_norm * s.root_G * tail(1, d.Lb));
  if (x.linear || !x.smooth || x.bp) return in_b / x.p;
  const Ball directions =
      x.one_output ? Ball(1) : min(k * sqrt(k), sqrt(k * square(1 + tail(2 * k, 1)) + 1));
  const Ball mean_in_beta =
      min(directions * x.k_o_k, k * x.kmax * x.K_norm * series(square(nk), nk));
  const Ball in_beta =
      2 * square(x.L1) * x.L2 * s.s4 * (mean_in_beta + x.kmax * x.K_norm * tail(1, d.Lbeta));
  return (in_b + in_beta) / x.p;
}

/// w and chi of (P.4).
Ball quadratic_drift(const Sample& x, const GoodStart& s) {
  const Ball L1 = x.L1, L2 = x.L2;
  const Ball of_beta = square(square(L1) * s.s2 * x.K_norm) / 2;
  if (x.linear || !x.smooth) return of_beta;
  const Ball of_G = square(L1) * L2 * s.s4 * s.root_G * (x.kmax * x.K_norm + x.k_o_k);
  const Ball of_D = square(L1) * x.K_norm * square(x.kmax) * (2 * square(L2) + L1 * *x.L3) * s.Q3;
  const Ball mixed = 2 * square(L1) * L2 * x.K_norm * x.kmax * s.s4 * s.root_G;
  return of_G + of_beta + of_D + mixed;
}

Ball cubic_drift(const Sample& x, const GoodStart& s, const Ball& kap1) {
  return x.linear || !x.smooth ? Ball(0.0) : square(x.L1) * x.L2 * x.K_norm * x.kmax * s.s4 * kap1;
}

/// sqrt p |beta_r(t) - beta_r(0)| for all r.
Polynomial beta_row(const Sample& x, const WidthShares& d, const Ball& b_max) {
  if (x.L0) return {0, sqrt(x.n) * *x.L0};
  // |psi(a_r)| <= sqrt n |psi(0)| + L1 |a_r|, where |a_r(0)| is sqrt(|K|)-Lipschitz in w_r.
  const Ball a_max = sqrt(x.K_trace) + sqrt(x.K_norm) * tail(x.p, d.a_row);
  return {0, sqrt(x.n) * x.psi_0 + x.L1 * a_max, square(x.L1) * b_max * x.K_norm / sqrt(x.p)};
}

/// Of relu, what adds to D_lo and Cv as signs may change, up to the level S* of eta sum |e|
/// (reports/docs/apriori_unbounded.md).
struct Flips {
  Ball at_0, slope;  ///< of D_lo
  Ball remainder;    ///< of Cv
};

Flips flips(const Sample& x, const GoodStart& s, const WidthShares& d, const WidthTails& tails) {
  constexpr double levels = 32;
  const Ball S = tails.level, y = tails.spread, sqrt_p = sqrt(x.p);
  const Ball beta_max = tail(2 * x.p, d.beta_row), root_tau = sqrt(x.Gbar_trace);
  const Ball o_max = root_tau + sqrt(x.K_norm) * tail(x.n * x.p, d.o_row);
  const Ball o_mean =
      square(s.s2) * root_tau + s.s4 * sqrt(x.K_norm) * tail(x.n, d.o_mean) / sqrt_p;
  // (U.8): sums of independent terms in [0, w] of mean m are at most excess m + w log(1/d) / y.
  const Ball mean = expm1(y) / y * sqrt(2 / pi()) / sqrt_p, one = 1 / (y * x.p);
  const Ball slope = mean * x.flip * s.Q;
  const Ball base = x.pull * s.b_max * beta_max * log(x.n * levels / d.flip) * one;
  const Ball F2 = mean * x.turn * s.b3 * S + x.K_F * square(s.b_max) * log(x.n / d.flip_b) * one;
  const Ball P = mean * x.turn * o_mean * S +
                 x.K_F * s.b_max * o_max * log(x.n / d.flip_psi) * one + x.aspect * S / sqrt_p * F2;
  const Ball mixed = 2 * P / sqrt_p + x.K_norm * S * F2 / x.p;
  return {slope * S / levels + base, slope + 4 * P / sqrt_p + mixed, slope + mixed};
}

/// C_v of smooth psi: the remainder of a step is at most eta^2 C_v |e|^2.
Polynomial remainder(const Sample& x, const GoodStart& s, const Ball& kap1) {
  if (x.linear || !x.smooth) return {kap1 * s.root_G, square(kap1)};
  const Ball sqrt_p = sqrt(x.p), v2 = square(x.L1) * x.L2 * x.k_o_k / (2 * sqrt_p);
  return {kap1 * s.root_G + v2 * s.Q, square(kap1) + v2 * s.s4 * s.root_G / sqrt_p,
          v2 * s.s4 * kap1 / (2 * sqrt_p)};
}

}  // namespace

namespace {

/// Backpropagation: A and beta drive each other, so that bounds grow like sinh and cosh - 1 of
/// sqrt(L1^2 |K| / p) S, which (P.5) keeps below 0.82: there they are at most c1 x and c2 x^2.
Motion motion_of_bp(const Sample& x, const GoodStart& s, const WidthShares& d) {
  const Ball c1 = Ball(1116) / 1000, c2 = Ball(529) / 1000, c3 = Ball(434) / 1000;
  const Ball L1 = x.L1, L2 = x.linear ? Ball(0.0) : x.L2, L11 = square(L1), K = x.K_norm;
  const Ball sqrt_p = sqrt(x.p), sqrt_K = sqrt(K), Gs = s.root_G, root_s4 = sqrt(s.s4);
  const Ball kap1 = L11 * s.s2 * K / sqrt_p, om = L11 * K / x.p;
  const Ball psi_max =
      x.L0 ? sqrt(x.n) * *x.L0
           : sqrt(x.n) * x.psi_0 + L1 * (sqrt(x.K_trace) + sqrt_K * tail(x.p, d.a_row));
  // sqrt p |beta_r(t) - beta_r(0)| <= row S for all r.
  const Ball row = c1 * psi_max + c3 * L1 * sqrt_K * s.b_max, over = row / sqrt_p;
  const Polynomial rho = {0, c1 * Gs, c2 * kap1}, q = {0, c1 * kap1, c2 * om * Gs};
  const Polynomial beta_norm = {s.s2, rho[1] / sqrt_p, rho[2] / sqrt_p};
  const Polynomial fourth = {s.s4, 2 * root_s4 * over, square(over)};
  Motion m;
  m.m0 = s.G_min;
  m.top = square(Gs) + L11 * K * square(s.s2);
  m.E = s.E;
  m.D_lo = {0, linear_drift(x, s, d),
            (c1 * L11 * K * square(Gs) + L11 * L2 * s.s4 * Gs * (K * x.kmax + x.k_o_k)) / x.p,
            2 * Gs / x.p *
                (L11 * K * c2 * kap1 / 3 +
                 L11 * L2 * over * (K * x.kmax * s.s2 / 6 + x.k_o_k * root_s4 / 2)),
            Gs * L11 * L2 * x.k_o_k * square(over) / (4 * x.p)};
  // |H(t)| <= L1^2 |K| |beta(t)|^2 / p, of which |H(0)| is in top.
  Polynomial H = times(beta_norm, beta_norm);
  H[0] = 0;
  for (Ball& coefficient : H) coefficient = L11 * K * coefficient;
  m.D_up = sum(m.D_lo, sum(times(q, q), H));
  Polynomial pace = {Gs, q[1], q[2]};
  for (Ball& coefficient : pace) coefficient = L11 * K / sqrt_p * coefficient;
  Polynomial bent = fourth;
  for (Ball& coefficient : bent) coefficient = L11 * L2 * x.k_o_k / (2 * sqrt_p) * coefficient;
  m.Cv = times(beta_norm, sum(pace, bent));
  m.rho = rho;
  m.A_moved = c1 * L1 * K * s.s2 + c3 * sqrt_K * Gs;
  m.w_moved = L1 * sqrt_K * s.b_max + Ball(82) / 100 * row;
  m.beta_moved = {0, x.L0 ? sqrt(x.n) * *x.L0 : row};
  return m;
}

}  // namespace

Motion motion(const Sample& x, const GoodStart& s, const WidthShares& d, const WidthTails& tails) {
  if (x.bp) return motion_of_bp(x, s, d);
  const Ball kap1 = square(x.L1) * s.s2 * x.K_norm / sqrt(x.p);
  Motion m;
  m.m0 = s.G_min - s.h0;
  m.top = square(s.root_G) + s.h0;
  m.E = s.E;
  m.D_lo = {0, linear_drift(x, s, d), quadratic_drift(x, s) / x.p, cubic_drift(x, s, kap1) / x.p};
  m.Cv = remainder(x, s, kap1);
  if (!x.smooth) {
    const Flips f = flips(x, s, d, tails);
    m.D_lo[0] += f.at_0, m.D_lo[1] += f.slope, m.Cv[0] += f.remainder;
  }
  // The part dPsi^T dPsi / p is positive semidefinite.
  m.D_up = m.D_lo;
  m.D_up[2] += square(kap1);
  m.rho = {0, s.root_G, kap1 / 2};
  m.A_moved = x.L1 * s.s2 * x.K_norm;
  m.w_moved = s.b_max * x.L1 * sqrt(x.K_norm);
  m.beta_moved = beta_row(x, d, s.b_max);
  return m;
}

Ball rate(const Motion& m, const Ball& eta, const Ball& S) {
  return m.m0 - value_at(m.D_lo, S) - eta * value_at(m.Cv, S) * m.E;
}

Ball budget_of_error(const Motion& m, const Ball& eta, const Ball& S) {
  return m.m0 * S - integral_to(m.D_lo, S) - eta * integral_to(m.Cv, S) * m.E;
}

Ball step(const Motion& m, const Sample& x, const Ball& S) {
  return x.eta * (m.top + value_at(m.D_up, S) + x.gamma_upper);
}

bool in_use(const WidthCertificate& c, const WidthLine& line) {
  using Share = double WidthShares::*;
  const auto among = [&](std::initializer_list<Share> shares) {
    return std::find(shares.begin(), shares.end(), line.share) != shares.end();
  };
  using W = WidthShares;
  const ActivationRow& row = row_of(c.activation);
  const bool linear = row.symmetry.linear, relu = row.bounds().frozen_signs;
  if (is_backpropagation(c.rule)) {
    if (among({&W::b4})) return !linear;
    if (among({&W::a_row})) return !is_bounded(c.activation);
    return among({&W::G, &W::Gmax, &W::tr, &W::b2, &W::E, &W::Lb, &W::row});
  }
  if (among({&W::cos_b, &W::beta0})) return c.claims.kappa.has_value();
  if (among({&W::b4, &W::Q})) return !linear;
  if (among({&W::Q3, &W::Lbeta})) return !linear && !relu;
  if (among({&W::b3})) return !linear && c.k() == 1;
  if (among({&W::b6})) return !linear && !relu && c.k() == 1;
  if (among({&W::a_row})) return !is_bounded(c.activation);
  if (among({&W::beta_row, &W::o_row, &W::o_mean, &W::flip, &W::flip_b, &W::flip_psi})) return relu;
  return true;
}

}  // namespace alignproof::check
