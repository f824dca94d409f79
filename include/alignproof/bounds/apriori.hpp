// SPDX-License-Identifier: Apache-2.0
// Theorem P: T1 and T2 for every width from an explicit one on. A good event of Gaussian
// initialisations, a bound of how far the kernel can move on it, and condition (P.5) on three
// numbers. Statement and proof: reports/docs/apriori.md. Real is double, where it finds widths, or
// RealBall<Mpfr>, where it encloses what is claimed (digits are the thread's).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <alignproof/bounds/analysis.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof::inline bounds {

/// The lines of the good event (section 3 of the page); each fails with probability at most its
/// share of delta. For k outputs and backpropagation some have another form: apriori_outputs.hpp.
enum class Line {
  G,      ///< lambda_min(G(0)) from below
  Gmax,   ///< lambda_max(G(0))
  tr,     ///< tr G(0)
  b2,     ///< mean b_r^2
  b4,     ///< mean b_r^4
  b3,     ///< mean |b_r|^3
  b6,     ///< mean b_r^6
  Q,      ///< mean |beta_r| b_r^2
  Q3,     ///< mean |beta_r| |b_r|^3
  H,      ///< |H(0)|
  E,      ///< |e(0)|
  Lb,     ///< the parts of the drift that are linear in b
  Lbeta,  ///< the part that is linear in beta
  row,    ///< max_r |b_r|
  a_row,  ///< max_r |a_r(0)|, for psi that is not bounded
  cos_b,  ///< |<b, beta(0)>| / |b|
  beta0,  ///< |beta(0)| from below
  // Of relu alone (apriori_relu.hpp):
  beta_row,  ///< max_r |beta_r(0)|
  o_row,     ///< max_r |psi(o_r)|, o_r the part of a_r that is independent of a_ri
  o_mean,    ///< mean b_r^2 |psi(o_r)|
  flip,      ///< mean |beta_r b_r| over what may change its sign
  flip_b,    ///< mean b_r^2 over it
  flip_psi,  ///< mean |b_r| |psi_r| over it
};

inline constexpr Line all_lines[] = {
    Line::G,     Line::Gmax,   Line::tr,    Line::b2,     Line::b4,      Line::b3,
    Line::b6,    Line::Q,      Line::Q3,    Line::H,      Line::E,       Line::Lb,
    Line::Lbeta, Line::row,    Line::a_row, Line::cos_b,  Line::beta0,   Line::beta_row,
    Line::o_row, Line::o_mean, Line::flip,  Line::flip_b, Line::flip_psi};
inline constexpr std::size_t line_count = std::size(all_lines);

constexpr std::string_view to_string(Line line) {
  switch (line) {
    case Line::G:
      return "G";
    case Line::Gmax:
      return "Gmax";
    case Line::tr:
      return "tr";
    case Line::b2:
      return "b2";
    case Line::b4:
      return "b4";
    case Line::b3:
      return "b3";
    case Line::b6:
      return "b6";
    case Line::Q:
      return "Q";
    case Line::Q3:
      return "Q3";
    case Line::H:
      return "H";
    case Line::E:
      return "E";
    case Line::Lb:
      return "Lb";
    case Line::Lbeta:
      return "Lbeta";
    case Line::row:
      return "row";
    case Line::a_row:
      return "a_row";
    case Line::cos_b:
      return "cos_b";
    case Line::beta0:
      return "beta0";
    case Line::beta_row:
      return "beta_row";
    case Line::o_row:
      return "o_row";
    case Line::o_mean:
      return "o_mean";
    case Line::flip:
      return "flip";
    case Line::flip_b:
      return "flip_b";
    case Line::flip_psi:
      return "flip_psi";
  }
  return "";
}

/// A share of delta for each line; 0 where a variant does not use the line.
struct Shares {
  std::array<double, line_count> of{};

  double operator[](Line line) const { return of[static_cast<std::size_t>(line)]; }
  double& operator[](Line line) { return of[static_cast<std::size_t>(line)]; }
};

/// Whether the shares are >= 0 and their sum certainly is at most delta.
template <class Real>
bool within(const Shares& shares, double delta) {
  Real sum(0);
  for (const double share : shares.of) {
    if (!(share >= 0)) return false;
    sum = sum + Real(share);
  }
  return Analysis<Real>::at_least(Real(delta), sum);
}

/// What the condition knows of X, y and psi. Any bound on its safe side may stand for a number.
template <class Real>
struct AprioriData {
  double n = 0, k = 1;   ///< samples, outputs
  Smoothness<Real> psi;  ///< L0 absent where psi is not bounded, L2 for relu, L3 without it
  bool linear = false;   ///< psi(x) = x
  Real psi_0{};          ///< |psi(0)|
  Real kap{};            ///< >= |K|
  Real k_max{};          ///< largest |row of K|
  Real kk{};             ///< |k o k| = (sum_i k_i^4)^(1/2)
  Real K_F{}, tr_K{};
  Real gamma{};        ///< <= lambda_min(Gbar)
  Real gamma_max{};    ///< >= lambda_min(Gbar)
  Real Gam{}, tau0{};  ///< >= lambda_max(Gbar), >= tr Gbar
  Real y{};            ///< |y|_F
  /// Of relu, with k_i = |row i of K|, k'_i the same without K_ii and h_i = (k_i + k'_i) / (2 sqrt
  /// K_ii): (sum 2 (k_i^2 + k'_i^2) h_i^2)^(1/2), the same without h_i, (sum k_i^2 h_i^2)^(1/2) and
  /// max k_i^2 / K_ii.
  Real flip{}, pull{}, turn{}, aspect{};
  double eta = 0;  ///< for guesses of S* alone
};

/// What the good event says of G(0).
template <class Real>
struct GramBounds {
  Real g_min;    ///< lambda_min(G(0)) >= g_min
  Real root_tr;  ///< st: sqrt(tr G(0)) <= root_tr
  Real root_g;   ///< Gs: sqrt(lambda_max(G(0))) <= root_g
};

/// What the good event bounds at t = 0, in the letters of the page.
template <class Real>
struct GoodStart {
  GramBounds<Real> gram;
  Real s2, s4;  ///< sqrt(mean b^2), sqrt(mean b^4)
  Real m3, s6;  ///< mean |b|^3, sqrt(mean b^6)
  Real Q, Q3;   ///< mean |beta| b^2, mean |beta| |b|^3
  Real h0;      ///< |H(0)|
  Real E;       ///< |e(0)|
};

/// A part of what the smallest eigenvalue of M can lose while eta sum |e| <= S: a polynomial in S.
template <class Real>
struct Part {
  std::string_view name;
  std::array<Real, 5> cost{};
};

/// What the movement of a run can be while eta sum_t |e(t)| <= S. Every variant of the theorem ends
/// in one. All coefficients are >= 0 and none grows with the width p, but for m0, which does not
/// fall: hence (P.5) at p implies it at every larger width.
template <class Real>
struct Growth {
  Real m0{};                       ///< lambda_min(M(0)) >= m0
  Real top{};                      ///< lambda_max(M(0)) <= top = Gs^2 + h0
  Real E{};                        ///< |e(0)|
  std::optional<Real> S_max{};     ///< for S <= S_max alone, if there is one
  std::array<Real, 5> D_lo{};      ///< lambda_min(M) falls by at most D_lo(S)
  std::array<Real, 5> D_up{};      ///< lambda_max(M) grows by at most D_up(S)
  std::array<Real, 5> C_v{};       ///< |v| <= eta^2 C_v(S) |e|^2
  std::array<Real, 4> rho{};       ///< |beta(t) - beta(0)| <= rho(S)
  Real A_moved{};                  ///< |A(t) - A(0)|_F <= A_moved S
  Real w_row{};                    ///< max_r |w_r(t) - w_r(0)| <= w_row S
  std::array<Real, 3> beta_row{};  ///< max_r |beta_r(t) - beta_r(0)| <= beta_row(S)
  Real cos_b{};                    ///< |<b, beta(0)>| / |b| <= cos_b
  Real beta0{};                    ///< |beta(0)| >= sqrt(k p) - beta0
  Real root_k{1};                  ///< sqrt k
  std::vector<Part<Real>> parts;   ///< what gamma - m0 + D_lo is made of
};

/// Condition (P.5): it holds where all three are >= 0.
template <class Real>
struct AprioriSlack {
  Real rate;    ///< mu(S) - gamma_max / 4
  Real budget;  ///< integral of mu from 0 to S, minus E
  Real step;    ///< 2 - eta (top + D_up(S) + gamma_max)

  bool certain() const {
    const Real zero(0);
    return Analysis<Real>::at_least(rate, zero) && Analysis<Real>::at_least(budget, zero) &&
           Analysis<Real>::at_least(step, zero);
  }
};

/// mu(S) = m0 - D_lo(S) - eta C_v(S) E, which falls with S.
template <class Real>
Real mu_at(const Growth<Real>& g, const Real& eta, const Real& S) {
  return g.m0 - value_at(g.D_lo, S) - eta * value_at(g.C_v, S) * g.E;
}

/// (P.5) at S > 0.
template <class Real>
AprioriSlack<Real> apriori_slack(const Growth<Real>& g, const Real& gamma_max, const Real& eta,
                                 const Real& S) {
  return {mu_at(g, eta, S) - gamma_max / Real(4),
          g.m0 * S - integral_to(g.D_lo, S) - eta * g.E * integral_to(g.C_v, S) - g.E,
          Real(2) - eta * (g.top + value_at(g.D_up, S) + gamma_max)};
}

/// kappa of T2: |cos(b, beta(t))| <= kappa / sqrt p for all t; nothing where beta may vanish.
template <class Real>
std::optional<Real> kappa_at(const Growth<Real>& g, const Real& p, const Real& S) {
  const Real rho = value_at(g.rho, S);
  const Real shortest = g.root_k - (g.beta0 + rho) / Analysis<Real>::sqrt(p);
  if (Analysis<Real>::at_least(Real(0), shortest)) return std::nullopt;
  return (g.cos_b + rho) / shortest;
}

// ---- The lines of the good event ----

/// l(d) = sqrt(2 log(1/d)): a Gaussian, or a 1-Lipschitz function of Gaussians, exceeds its mean by
/// as much with probability at most d.
template <class Real>
Real gaussian_tail(double d) {
  return Analysis<Real>::sqrt(Real(2) * Analysis<Real>::log(Real(1) / Real(d)));
}

/// sqrt(2 log(m/d)): a union of m of these.
template <class Real>
Real gaussian_tail(const Real& m, double d) {
  return Analysis<Real>::sqrt(Real(2) * Analysis<Real>::log(m / Real(d)));
}

/// Free numbers of the good event, found in doubles: eps and eps' of (P.1), whose promise is
/// verified by gram_of_bounded.
struct Tails {
  double lower = 1, upper = 1;
  double level = 0, spread = 0;  ///< S* and y of relu, which need no verification
};

/// At most h(eps) = eps + (1 - eps) log(1 - eps), 0 <= eps < 1. Below 2^-10 the first two terms of
/// its series, all of whose terms are positive, since there the formula cancels.
template <class Real>
Real lower_tail(double eps) {
  const Real e(eps);
  if (eps < 0x1p-10) return e * e / Real(2) + e * e * e / Real(6);
  return e + (Real(1) - e) * Analysis<Real>::log1p(-e);
}

/// At most (1 + eps) log(1 + eps) - eps, eps >= 0. Below 2^-10 the first two terms of its series,
/// which alternates and falls.
template <class Real>
Real upper_tail(double eps) {
  const Real e(eps);
  if (eps < 0x1p-10) return e * e / Real(2) - e * e * e / Real(6);
  return (Real(1) + e) * Analysis<Real>::log1p(e) - e;
}

/// The right side of (P.1): n L0^2 log(n/d) / (p lambda).
template <class Real>
Real chernoff_exponent(const AprioriData<Real>& data, const Real& p, double d, const Real& lambda) {
  const Real n(data.n), L0 = *data.psi.L0;
  return n * L0 * L0 * Analysis<Real>::log(n / Real(d)) / (p * lambda);
}

/// sqrt(tr G(0)): |Psi|_F is L1 sqrt(kap)-Lipschitz in W.
template <class Real>
Real root_trace(const AprioriData<Real>& data, const Real& p, const Shares& shares) {
  using F = Analysis<Real>;
  const Real root = F::sqrt(data.tau0) +
                    data.psi.L1 * F::sqrt(data.kap / p) * gaussian_tail<Real>(shares[Line::tr]);
  return data.psi.L0 ? F::lesser(root, *data.psi.L0 * F::sqrt(Real(data.n))) : root;
}

/// Lines G, tr, Gmax for bounded psi; nothing where `tails` do not certainly satisfy (P.1).
template <class Real>
std::optional<GramBounds<Real>> gram_of_bounded(const AprioriData<Real>& data, const Real& p,
                                                const Shares& shares, const Tails& tails) {
  using F = Analysis<Real>;
  if (!(tails.lower >= 0 && tails.lower < 1 && tails.upper >= 0)) return std::nullopt;
  const Real below = chernoff_exponent(data, p, shares[Line::G], data.gamma);
  const Real above = chernoff_exponent(data, p, shares[Line::Gmax], data.Gam);
  if (!F::at_least(lower_tail<Real>(tails.lower), below)) return std::nullopt;
  if (!F::at_least(upper_tail<Real>(tails.upper), above)) return std::nullopt;
  const Real root_tr = root_trace(data, p, shares);
  return GramBounds<Real>{(Real(1) - Real(tails.lower)) * data.gamma, root_tr,
                          F::lesser(root_tr, F::sqrt((Real(1) + Real(tails.upper)) * data.Gam))};
}

/// The same for psi(x) = x, where G(0) = K^(1/2) (Wishart / p) K^(1/2) and Gbar = K; nothing where
/// the smallest singular value is not bounded away from 0.
template <class Real>
std::optional<GramBounds<Real>> gram_of_linear(const AprioriData<Real>& data, const Real& p,
                                               const Shares& shares) {
  using F = Analysis<Real>;
  const Real root_p = F::sqrt(p), root_n = F::sqrt(Real(data.n));
  const Real least = Real(1) - (root_n + gaussian_tail<Real>(shares[Line::G])) / root_p;
  if (!F::at_least(least, Real(0))) return std::nullopt;
  const Real root_tr = root_trace(data, p, shares);
  const Real most = Real(1) + (root_n + gaussian_tail<Real>(shares[Line::Gmax])) / root_p;
  return GramBounds<Real>{data.gamma * least * least, root_tr,
                          F::lesser(root_tr, F::sqrt(data.kap) * most)};
}

/// sqrt(mean b^2) of p standard Gaussians.
template <class Real>
Real root_mean_b2(const Real& p, double d) {
  return Real(1) + gaussian_tail<Real>(d) / Analysis<Real>::sqrt(p);
}

/// sqrt(mean b^4).
template <class Real>
Real root_mean_b4(const Real& p, double d) {
  const Real root = fourth_root(Real(3)) + gaussian_tail<Real>(d) / fourth_root(p);
  return root * root;
}

/// mean |b|^3.
template <class Real>
Real mean_b3(const Real& p, double d) {
  using F = Analysis<Real>;
  const Real third = Real(2) * F::sqrt(Real(2) / F::pi());
  const Real root = F::cbrt(third) + gaussian_tail<Real>(d) / F::cbrt(p);
  return root * root * root;
}

/// sqrt(mean b^6).
template <class Real>
Real root_mean_b6(const Real& p, double d) {
  using F = Analysis<Real>;
  const Real root = F::sqrt(F::cbrt(Real(15))) + gaussian_tail<Real>(d) / F::sqrt(F::cbrt(p));
  return root * root * root;
}

/// Line E, of k outputs.
template <class Real>
Real initial_error(const AprioriData<Real>& data, const Shares& shares,
                   const GramBounds<Real>& gram) {
  return Analysis<Real>::sqrt(data.y * data.y + Real(data.k) * gram.root_tr * gram.root_tr) +
         gram.root_g * gaussian_tail<Real>(shares[Line::E]);
}

/// Line H, of k outputs: a Gaussian series of nk x nk matrices; s2 >= |b| / sqrt p.
template <class Real>
Real initial_H(const AprioriData<Real>& data, const Real& p, const Shares& shares, const Real& s2) {
  using F = Analysis<Real>;
  const Real L1 = data.psi.L1;
  return L1 * L1 * data.kap * s2 * F::sqrt(Real(data.k) / p) *
         gaussian_tail(Real(2 * data.n * data.k), shares[Line::H]);
}

/// The rest of the good event, one output, feedback alignment. Where psi is linear the moments that
/// belong to psi'' and psi''' are 0 and their lines are not used.
template <class Real>
GoodStart<Real> good_start(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                           const GramBounds<Real>& gram) {
  using F = Analysis<Real>;
  const Real root_p = F::sqrt(p), root_2_pi = F::sqrt(Real(2) / F::pi());
  GoodStart<Real> s{gram, {}, {}, {}, {}, {}, {}, {}, {}};
  s.s2 = root_mean_b2(p, shares[Line::b2]);
  if (!data.linear) {
    s.s4 = root_mean_b4(p, shares[Line::b4]);
    s.Q = root_2_pi * s.s2 * s.s2 + s.s4 * gaussian_tail<Real>(shares[Line::Q]) / root_p;
  }
  if (!data.linear && data.psi.L3) {
    s.m3 = mean_b3(p, shares[Line::b3]);
    s.s6 = root_mean_b6(p, shares[Line::b6]);
    s.Q3 = root_2_pi * s.m3 + s.s6 * gaussian_tail<Real>(shares[Line::Q3]) / root_p;
  }
  s.h0 = initial_H(data, p, shares, s.s2);
  s.E = initial_error(data, shares, gram);
  return s;
}

// ---- How far the kernel can move ----

/// kap1 = L1^2 s2 kap / sqrt p: sqrt(lambda_max G) moves by at most kap1 S.
template <class Real>
Real gram_pace(const AprioriData<Real>& data, const Real& p, const GoodStart<Real>& s) {
  return data.psi.L1 * data.psi.L1 * s.s2 * data.kap / Analysis<Real>::sqrt(p);
}

/// max_r |b_r| of p rows of k standard Gaussians.
template <class Real>
Real largest_row(double k, const Real& p, double d) {
  const Real root_k = Analysis<Real>::sqrt(Real(k));
  return Analysis<Real>::lesser(root_k + gaussian_tail(p, d),
                                root_k * gaussian_tail(Real(Real(2 * k) * p), d));
}

/// max_r |psi_r|, row r of Psi(0).
template <class Real>
Real largest_psi_row(const AprioriData<Real>& data, const Real& p, const Shares& shares) {
  using F = Analysis<Real>;
  const Real root_n = F::sqrt(Real(data.n));
  if (data.psi.L0) return root_n * *data.psi.L0;
  // |psi(a_r)| <= sqrt(n) |psi(0)| + L1 |a_r|, and |a_r| is sqrt(kap)-Lipschitz in w_r.
  const Real a_max = F::sqrt(data.tr_K) + F::sqrt(data.kap) * gaussian_tail(p, shares[Line::a_row]);
  return root_n * data.psi_0 + data.psi.L1 * a_max;
}

/// sqrt(2 log(rows + columns)), of the expectation of a Gaussian series of such matrices.
template <class Real>
Real series_factor(double rows, double columns) {
  return gaussian_tail(Real(rows + columns), 1);
}

/// p times (P.2) without its factor: the tensor sum_r psi_r (x) B_r (x) b_r, divided by
/// L1^2 sqrt p, for k outputs. Its norm as n^2 x nk matrix has this mean at most, and is
/// kap Gs-Lipschitz in b.
template <class Real>
Real tensor_in_b(const AprioriData<Real>& data, const Shares& shares,
                 const GramBounds<Real>& gram) {
  using F = Analysis<Real>;
  const double n = data.n, k = data.k;
  const Real root_k = F::sqrt(Real(k));
  return F::lesser(root_k * data.K_F * gram.root_tr,
                   data.kap * F::greater(root_k * gram.root_g, gram.root_tr) *
                       series_factor<Real>(n * n, n * k)) +
         data.kap * gram.root_g * gaussian_tail<Real>(shares[Line::Lb]);
}

/// (P.3) without its factor 2 L1^2 L2 s4 / p, for k outputs.
template <class Real>
Real tensor_in_beta(const AprioriData<Real>& data, const Shares& shares) {
  using F = Analysis<Real>;
  const double n = data.n, k = data.k;
  const Real both = data.k_max * data.kap, one(1);
  // Chevet's inequality over the outputs; for few outputs the Hilbert-Schmidt norm is less.
  const Real chevet = one + gaussian_tail(Real(2 * k), 1);
  const Real factor =
      F::lesser(Real(k) * F::sqrt(Real(k)), F::sqrt(Real(k) * chevet * chevet + one));
  return F::lesser(factor * data.kk, Real(k) * both * series_factor<Real>(n * n * k * k, n * k)) +
         both * gaussian_tail<Real>(shares[Line::Lbeta]);
}

/// What does not depend on how the drift is bounded: C_v, rho, rows and T2.
template <class Real>
Growth<Real> growth_without_drift(const AprioriData<Real>& data, const Real& p,
                                  const Shares& shares, const GoodStart<Real>& s) {
  using F = Analysis<Real>;
  const Real L1 = data.psi.L1, L2 = *data.psi.L2, root_p = F::sqrt(p), two(2);
  const Real kap1 = gram_pace(data, p, s), Gs = s.gram.root_g, root_k = F::sqrt(Real(data.k));
  const Real v2 = L1 * L1 * L2 * data.kk / (two * root_p), v4 = v2 * s.s4 / root_p;
  Growth<Real> g;
  g.m0 = s.gram.g_min - s.h0;
  g.top = Gs * Gs + s.h0;
  g.E = s.E;
  g.C_v = {kap1 * Gs + v2 * s.Q, kap1 * kap1 + v4 * Gs, v4 * kap1 / two};
  g.rho = {Real(0), Gs, kap1 / two};
  g.A_moved = L1 * s.s2 * data.kap;
  const Real b_max = largest_row(data.k, p, shares[Line::row]);
  g.w_row = b_max * L1 * F::sqrt(data.kap) / root_p;
  g.beta_row = {Real(0), largest_psi_row(data, p, shares) / root_p};
  if (!data.psi.L0) g.beta_row[2] = L1 * L1 * b_max * data.kap / p;
  g.cos_b = gaussian_tail(two, shares[Line::cos_b]);
  g.beta0 = Real(1) / (two * root_k * root_p) + gaussian_tail<Real>(shares[Line::beta0]);
  g.root_k = root_k;
  g.parts = {{"gamma - lambda_min(G(0))", {data.gamma - s.gram.g_min}}, {"|H(0)|", {s.h0}}};
  return g;
}

/// D_lo as the sum of its parts, and D_up as D_lo and what a positive semidefinite part adds.
template <class Real>
void add_drift(Growth<Real>& g, const std::vector<Part<Real>>& parts, const Real& semidefinite) {
  for (const Part<Real>& part : parts) {
    for (std::size_t k = 0; k < g.D_lo.size(); ++k) g.D_lo[k] = g.D_lo[k] + part.cost[k];
    g.parts.push_back(part);
  }
  g.D_up = g.D_lo;
  g.D_up[2] = g.D_up[2] + semidefinite;
}

/// (P.2), over S: the part of the drift that is linear in b and sigma.
template <class Real>
Real linear_in_b(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                 const GoodStart<Real>& s) {
  return Real(3) * data.psi.L1 * data.psi.L1 / p * tensor_in_b(data, shares, s.gram);
}

/// (P.2), (P.3) and (P.4): the part of the drift that is linear in S has mean 0 and is O(1/p).
/// Needs L2 and L3.
template <class Real>
Growth<Real> second_order_growth(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                                 const GoodStart<Real>& s) {
  Growth<Real> g = growth_without_drift(data, p, shares, s);
  const Real L1 = data.psi.L1, L2 = *data.psi.L2, L3 = *data.psi.L3, two(2), zero(0);
  const Real L11 = L1 * L1, kap1 = gram_pace(data, p, s), Gs = s.gram.root_g;
  const Real kap = data.kap, k_max = data.k_max;
  std::vector<Part<Real>> parts;
  parts.push_back({"linear in b", {zero, linear_in_b(data, p, shares, s)}});
  parts.push_back({"quadratic, change of A and beta", {zero, zero, kap1 * kap1 / two}});
  if (!data.linear) {
    const Real in_beta = two * L11 * L2 * s.s4 / p * tensor_in_beta(data, shares);
    const Real in_G = L11 * L2 * s.s4 * Gs * (k_max * kap + data.kk) / p;
    const Real in_D = L11 * kap * k_max * k_max * (two * L2 * L2 + L1 * L3) * s.Q3 / p;
    const Real mixed = two * L11 * L2 * kap * k_max * s.s4 / p;
    parts.push_back({"linear in beta", {zero, in_beta}});
    parts.push_back({"quadratic, change of psi in G", {zero, zero, in_G}});
    parts.push_back({"quadratic, change of psi' in H", {zero, zero, in_D}});
    parts.push_back({"quadratic, change of psi' and beta", {zero, zero, mixed * Gs}});
    parts.push_back({"cubic", {zero, zero, zero, mixed * kap1 / two}});
  }
  add_drift(g, parts, Real(kap1 * kap1));
  return g;
}

/// Variant P1, without L3: the norm bounds (A.31) to (A.33) at the moments of the good event.
template <class Real>
Growth<Real> first_order_growth(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                                const GoodStart<Real>& s) {
  Growth<Real> g = growth_without_drift(data, p, shares, s);
  const Real L1 = data.psi.L1, L2 = *data.psi.L2, zero(0);
  const Real kap1 = gram_pace(data, p, s);
  const Real h2 = Real(2) * L1 * L1 * L2 * data.k_max * data.kap / Analysis<Real>::sqrt(p);
  std::vector<Part<Real>> parts;
  parts.push_back({"change of G, and of beta in H", {zero, Real(3) * kap1 * s.gram.root_g}});
  parts.push_back({"change of psi' in H", {zero, h2 * s.Q}});
  parts.push_back({"quadratic", {zero, zero, Real(1.5) * kap1 * kap1}});
  add_drift(g, parts, zero);
  return g;
}

}  // namespace alignproof::inline bounds
