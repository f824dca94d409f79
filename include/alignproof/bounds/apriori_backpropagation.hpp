// SPDX-License-Identifier: Apache-2.0
// Theorem P for backpropagation, any number of outputs: T1 for every width from an explicit one on.
// Needs L1 and L2 alone. Statement and proof: reports/docs/apriori_outputs.md.
#pragma once

#include <alignproof/bounds/apriori_outputs.hpp>

namespace alignproof::inline bounds {

/// A polynomial of degree 2, and the product of two of them.
template <class Real>
using Quadratic = std::array<Real, 3>;

template <class Real>
std::array<Real, 5> product(const Quadratic<Real>& f, const Quadratic<Real>& g) {
  std::array<Real, 5> result{};
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t j = 0; j < g.size(); ++j) result[i + j] = result[i + j] + f[i] * g[j];
  return result;
}

/// sinh x <= c1 x, cosh x - 1 <= c2 x^2 for 0 <= x <= x_max, x_max^2 = 3 / (4 c1); c3 >= c2 x_max.
/// Condition (P.5) implies L1 sqrt(kap / p) S <= x_max.
template <class Real>
struct Hyperbolic {
  Real c1 = Real(1116) / Real(1000), c2 = Real(529) / Real(1000), c3 = Real(434) / Real(1000);
  Real x_max = Real(82) / Real(100);
};

/// What the good event bounds at t = 0, in the letters of the page.
template <class Real>
struct BackpropagationStart {
  GramBounds<Real> gram;
  OutputMoments<Real> beta;  ///< of beta(0)
  Real psi_row;              ///< max_r |psi_r|
  Real E;                    ///< |e(0)|
};

template <class Real>
BackpropagationStart<Real> backpropagation_start(const AprioriData<Real>& data, const Real& p,
                                                 const Shares& shares,
                                                 const GramBounds<Real>& gram) {
  return {gram, output_moments(data.k, p, shares), largest_psi_row(data, p, shares),
          initial_error(data, shares, gram)};
}

/// p >= 3, gamma <= gamma_max, g_min <= gamma. cos_b, beta0 and root_k have no meaning: T2 is of
/// feedback alignment.
template <class Real>
Growth<Real> backpropagation_growth(const AprioriData<Real>& data, const Real& p,
                                    const Shares& shares, const BackpropagationStart<Real>& s) {
  using F = Analysis<Real>;
  const Hyperbolic<Real> h;
  const Real L1 = data.psi.L1, L2 = data.linear ? Real(0) : *data.psi.L2, L11 = L1 * L1;
  const Real kap = data.kap, kk = data.kk, both = kap * data.k_max, root_p = F::sqrt(p);
  const Real Gs = s.gram.root_g, s2 = s.beta.s2, s4 = s.beta.s4, zero(0), two(2);
  const Real w2 = L11 * kap / p, kap1 = L11 * s2 * kap / root_p, w = L1 * F::sqrt(kap);
  const Real delta =
      h.c1 * s.psi_row + h.c3 * w * s.beta.row;  // |beta_r| moves by delta S / sqrt p

  Growth<Real> g;
  g.m0 = s.gram.g_min;
  g.top = Gs * Gs + L11 * kap * s2 * s2;
  g.E = s.E;
  const Quadratic<Real> rho{zero, h.c1 * Gs, h.c2 * kap1};
  const Quadratic<Real> q{zero, h.c1 * kap1, h.c2 * w2 * Gs};
  g.rho = {rho[0], rho[1], rho[2]};

  std::vector<Part<Real>> parts;
  parts.push_back({"linear in beta", {zero, two * L11 / p * tensor_in_b(data, shares, s.gram)}});
  parts.push_back({"quadratic, change of beta in A",
                   {zero, zero, h.c1 * w2 * Gs * Gs, two * Gs * w2 * h.c2 * kap1 / Real(3)}});
  if (!data.linear) {
    const Real pace = two * Gs * L11 * L2 / p;  // of the change of psi
    const Real cubic = delta * (both * s2 / Real(6) + kk * F::sqrt(s4) / two) / root_p;
    parts.push_back({"quadratic, change of psi in G",
                     {zero, zero, pace * s4 * (both + kk) / two, pace * cubic,
                      pace * kk * delta * delta / (Real(8) * p)}});
  }
  g.parts = {{"gamma - lambda_min(G(0))", {data.gamma - s.gram.g_min}}};
  add_drift(g, parts, zero);

  // |H(t)| <= L1^2 kap |beta(t)|^2 / p, and dPsi^T dPsi / p adds q^2 to G.
  const Quadratic<Real> reach{s2, rho[1] / root_p, rho[2] / root_p};  // |beta(t)| / sqrt p
  const std::array<Real, 5> reach2 = product(reach, reach), q2 = product(q, q);
  for (std::size_t k = 1; k < q2.size(); ++k) g.D_up[k] = g.D_up[k] + q2[k] + L11 * kap * reach2[k];

  Quadratic<Real> change;  // of psi in one step, and its curvature
  for (std::size_t k = 0; k < q.size(); ++k) change[k] = L11 * kap / root_p * q[k];
  change[0] = L11 * kap / root_p * Gs;
  if (!data.linear) {
    const Real v2 = L11 * L2 * kk / (two * root_p), moved = delta / root_p;
    change[0] = change[0] + v2 * s4;
    change[1] = change[1] + two * v2 * F::sqrt(s4) * moved;
    change[2] = change[2] + v2 * moved * moved;
  }
  g.C_v = product(reach, change);

  g.A_moved = h.c1 * L1 * kap * s2 + h.c3 * F::sqrt(kap) * Gs;
  g.w_row = (w * s.beta.row + h.x_max * delta) / root_p;
  g.beta_row = {zero, data.psi.L0 ? F::lesser(s.psi_row, delta) / root_p : delta / root_p};
  return g;
}

}  // namespace alignproof::inline bounds
