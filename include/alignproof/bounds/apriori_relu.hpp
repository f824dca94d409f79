// SPDX-License-Identifier: Apache-2.0
// Theorem P for relu, one output, feedback alignment. Where no sign changes the network is smooth;
// where signs may change their number is bounded by the good event, up to one level S* of eta
// sum |e| that is chosen beforehand. Statement and proof: reports/docs/apriori_unbounded.md.
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include <alignproof/bounds/apriori_unbounded.hpp>

namespace alignproof::inline bounds {

/// Between 0 and S* flips are counted at so many levels.
inline constexpr double flip_levels = 32;

inline const std::vector<Line> relu_lines{
    Line::G,    Line::Gmax,     Line::tr,    Line::b2,     Line::b4,     Line::b3,      Line::Q,
    Line::H,    Line::E,        Line::Lb,    Line::row,    Line::a_row,  Line::cos_b,   Line::beta0,
    Line::flip, Line::beta_row, Line::o_row, Line::o_mean, Line::flip_b, Line::flip_psi};

/// The data with constants of relu where no sign changes.
template <class Real>
AprioriData<Real> frozen(AprioriData<Real> data) {
  data.psi.L2 = Real(0);
  return data;
}

/// What the good event says of flips, in the letters of the page.
template <class Real>
struct FlipBounds {
  Real slope, base;  ///< (U.9): |pull o F(S)| <= slope (S + S*/J) + base for 0 <= S <= S*
  Real P;            ///< (U.11): |k o P|
  Real F2;           ///< (U.10): |k o F2|
};

template <class Real>
FlipBounds<Real> flip_bounds(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                             const GoodStart<Real>& s, const Tails& tails) {
  using F = Analysis<Real>;
  const auto log_union = [](const Real& m, double d) { return F::log(m / Real(d)); };
  const Real n(data.n), S(tails.level), y(tails.spread), root_p = F::sqrt(p);
  const Real b_max = gaussian_tail(Real(Real(2) * p), shares[Line::row]);
  const Real beta_max = gaussian_tail(Real(Real(2) * p), shares[Line::beta_row]);
  // (U.8): a sum of mean <= m of independent terms in [0, w] is at most excess m + w log(1/d) / y.
  const Real excess = (F::exp(y) - Real(1)) / y, one_over = Real(1) / (y * p);
  const Real rate = excess * F::sqrt(Real(2) / F::pi()) / root_p;
  FlipBounds<Real> f;
  f.slope = rate * data.flip * s.Q;
  f.base = data.pull * b_max * beta_max * log_union(n * Real(flip_levels), shares[Line::flip]) *
           one_over;
  f.F2 = rate * data.turn * s.m3 * S +
         data.K_F * b_max * b_max * log_union(n, shares[Line::flip_b]) * one_over;
  const Real root_tau = F::sqrt(data.tau0), root_kap = F::sqrt(data.kap);
  const Real o_max = root_tau + root_kap * gaussian_tail(Real(n * p), shares[Line::o_row]);
  const Real o_mean =
      s.s2 * s.s2 * root_tau + s.s4 * root_kap * gaussian_tail(n, shares[Line::o_mean]) / root_p;
  f.P = rate * data.turn * o_mean * S +
        data.K_F * b_max * o_max * log_union(n, shares[Line::flip_psi]) * one_over +
        data.aspect * S / root_p * f.F2;
  return f;
}

/// The good event; nothing where the width is too small.
template <class Real>
std::optional<GoodStart<Real>> relu_start(const AprioriData<Real>& data, const Real& p,
                                          const Shares& shares) {
  const std::optional<GramBounds<Real>> gram = gram_of_lipschitz(data, p, shares);
  if (!gram) return std::nullopt;
  GoodStart<Real> s = good_start(data, p, shares, *gram);
  s.m3 = mean_b3(p, shares[Line::b3]);
  return s;
}

/// (U.12) to (U.14) for S <= S*, from any bounds of what flips below S*.
template <class Real>
Growth<Real> growth_with_flips(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                               const GoodStart<Real>& s, const FlipBounds<Real>& f,
                               const Real& S_star) {
  const Real root_p = Analysis<Real>::sqrt(p), zero(0), two(2);
  const Real kap1 = gram_pace(data, p, s);
  Growth<Real> g = growth_without_drift(frozen(data), p, shares, s);
  g.S_max = S_star;
  const Real both = two * f.P / root_p + data.kap * S_star * f.F2 / p;
  g.C_v[0] = g.C_v[0] + f.slope + both;
  std::vector<Part<Real>> parts;
  parts.push_back({"flips in H", {f.base + f.slope * S_star / Real(flip_levels), f.slope}});
  parts.push_back({"linear in b", {zero, linear_in_b(data, p, shares, s)}});
  parts.push_back({"flips in G", {zero, Real(4) * f.P / root_p}});
  parts.push_back({"flips and change of beta", {zero, both}});
  parts.push_back({"quadratic, change of A and beta", {zero, zero, kap1 * kap1 / two}});
  add_drift(g, parts, Real(kap1 * kap1));
  return g;
}

/// The same on the good event, with S* = tails.level.
template <class Real>
Growth<Real> relu_growth(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                         const GoodStart<Real>& s, const Tails& tails) {
  return growth_with_flips(data, p, shares, s, flip_bounds(data, p, shares, s, tails),
                           Real(tails.level));
}

/// S* and y, guessed: y nearly minimises (U.9), and S* is the least level at which the budget of
/// (P.5) is met; 0 where there is none.
inline Tails relu_tails(const AprioriData<double>& data, double p, const Shares& shares) {
  const std::optional<GoodStart<double>> s = relu_start(data, p, shares);
  if (!s || !(s->gram.g_min > s->h0)) return {};
  const double least = s->E / (s->gram.g_min - s->h0);
  Tails tails;
  tails.level = 1.3 * least, tails.spread = 1e-9;
  // As y -> 0: slope S is the mean, and base y the weight.
  const FlipBounds<double> f = flip_bounds(data, p, shares, *s, tails);
  tails.spread = std::fmin(1, std::sqrt(2 * f.base * tails.spread / (f.slope * tails.level)));
  // Concave in S: the growth at S* = S has coefficients that rise with S.
  const auto budget = [&](double S) {
    tails.level = S;
    const Growth<double> g = relu_growth(data, p, shares, *s, tails);
    return apriori_slack(g, data.gamma_max, data.eta, S).budget;
  };
  double low = least, high = 4 * least;
  for (int k = 0; k < 40; ++k) {
    const double third = (high - low) / 3;
    const bool rises = budget(low + third) < budget(high - third);
    (rises ? low : high) = rises ? low + third : high - third;
  }
  double met = high, unmet = least;
  if (!(budget(met) >= 0)) return {};
  for (int k = 0; k < 40; ++k) {
    const double mid = unmet + (met - unmet) / 2;
    (budget(mid) >= 0 ? met : unmet) = mid;
  }
  tails.level = met * (1 + 1e-9);
  return tails;
}

}  // namespace alignproof::inline bounds
