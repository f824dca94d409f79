// SPDX-License-Identifier: Apache-2.0
// The width of Theorem P in closed form, (P.6): from n, gamma, bounds of |x_i| and |y_i|, delta and
// the constants of psi alone. One output, feedback alignment, psi bounded. Derivation of every
// constant: reports/docs/apriori.md, section 6. Real as in apriori.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <alignproof/bounds/apriori.hpp>

namespace alignproof::inline bounds {

/// What (P.6) knows of an instance.
template <class Real>
struct ClosedFormInput {
  double n = 1;
  Real gamma{};          ///< 0 < gamma <= lambda_min(Gbar); so it is at most L0^2
  Real bound_x{1};       ///< |x_i| <= bound_x
  Real bound_y{};        ///< |y_i| <= bound_y
  double delta = 0.1;    ///< in (0, 1)
  Smoothness<Real> psi;  ///< with L0, L2 and L3
};

/// The terms of (P.6), in its order, by what they serve.
enum class WidthTerm {
  moments,    ///< of b and beta
  remainder,  ///< of a step, and what is linear in S
  beta,       ///< the displacement of beta, for T2
  drift,      ///< of M, from the second order on
};
inline constexpr std::size_t width_term_count = 4;

constexpr std::string_view to_string(WidthTerm term) {
  switch (term) {
    case WidthTerm::moments:
      return "256 Lam^4";
    case WidthTerm::remainder:
      return "576 (cb/L0^2)^2 eb^2 n^2/gamma^2";
    case WidthTerm::beta:
      return "36 L0^2 eb^2 n^2/gamma^2";
    case WidthTerm::drift:
      return "5.5 wb eb^2 n^3/gamma^3";
  }
  return "";
}

/// (P.6), and what holds at every width that is at least each of its terms.
template <class Real>
struct ClosedForm {
  Real Lam{}, eb{}, wb{}, cb{};
  std::array<Real, width_term_count> terms{};
  Real step{};   ///< eta <= step = 2 / ((n + 2) L0^2)
  Real S{};      ///< eta sum_t |e(t)| <= S
  Real c2{};     ///< |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p) for all r
  Real kappa{};  ///< |cos(b, beta(t))| <= kappa / sqrt p

  bool enough(const Real& p) const {
    for (const Real& term : terms)
      if (!Analysis<Real>::at_least(p, term)) return false;
    return true;
  }
};

/// Sixteen lines of the good event have this share of delta each.
inline double closed_form_share(double delta) {
  return delta / 16;
}

/// The constants of psi(x .).
template <class Real>
Smoothness<Real> scaled(const Smoothness<Real>& psi, const Real& x) {
  return {psi.L0, x * psi.L1, x * x * *psi.L2, x * x * x * *psi.L3};
}

/// psi must have L0, L2 and L3.
template <class Real>
ClosedForm<Real> closed_form(const ClosedFormInput<Real>& input) {
  using F = Analysis<Real>;
  const Smoothness<Real> psi = scaled(input.psi, input.bound_x);
  const Real L0 = *psi.L0, L1 = psi.L1, L2 = *psi.L2, L3 = *psi.L3, L11 = L1 * L1;
  const Real n(input.n), per_gamma = n / input.gamma;
  ClosedForm<Real> f;
  f.Lam = gaussian_tail(Real(2) * n, closed_form_share(input.delta));
  f.eb = F::sqrt(input.bound_y * input.bound_y + L0 * L0) + L0 * f.Lam;
  f.wb = Real(10) * L0 * L11 * L2 + Real(12) / Real(10) * L11 * L11 +
         Real(192) / Real(100) * L11 * (Real(2) * L2 * L2 + L1 * L3);
  f.cb = Real(11) / Real(10) * L0 * L11 + Real(45) / Real(100) * L11 * L2 + L0 * L0 * L2 / Real(10);
  const Real Lam2 = f.Lam * f.Lam, e = f.eb * per_gamma, c = f.cb / (L0 * L0);
  f.terms = {Real(256) * Lam2 * Lam2, Real(576) * c * c * e * e, Real(36) * L0 * L0 * e * e,
             Real(5.5) * f.wb * e * e * per_gamma};
  f.step = Real(2) / ((n + Real(2)) * L0 * L0);
  const Real moved = Real(16) / Real(10) * f.eb;
  f.S = moved * F::sqrt(n) / input.gamma;
  f.c2 = moved * L0;
  f.kappa = Real(143) / Real(100) * (f.Lam + Real(165) / Real(100) * L0 * e);
  return f;
}

/// c1 at a width p: |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt p) for all r. It falls with
/// p. (L1 |x_i| appears, not L1: `input` has both.)
template <class Real>
Real closed_form_c1(const ClosedFormInput<Real>& input, const ClosedForm<Real>& f, const Real& p) {
  using F = Analysis<Real>;
  const Real b_max = gaussian_tail(Real(2) * p, closed_form_share(input.delta));
  return Real(16) / Real(10) * input.psi.L1 * input.bound_x * f.eb * b_max / F::sqrt(F::log(p));
}

// ---- The derivation, evaluated ----

/// One inequality in the proof of (P.6): what is used of what it may use, at most 1.
template <class Real>
struct ClosedFormStep {
  std::string_view what;
  std::optional<WidthTerm> term;  ///< that alone keeps it; nothing where several do
  Real used{};
};

inline constexpr std::size_t closed_form_step_count = 7;

/// (P.5) and the steps of its proof at one width, with the worst data.
template <class Real>
struct ClosedFormEvaluation {
  std::array<ClosedFormStep<Real>, closed_form_step_count> steps;
  AprioriSlack<Real> slack;
  std::array<Real, 3> used{};  ///< of the three parts of (P.5), in its order: at most 1
  std::optional<Real> kappa;   ///< of Theorem P, nothing where beta may vanish
  Growth<Real> growth;

  bool steps_certain() const {
    for (const ClosedFormStep<Real>& step : steps)
      if (!Analysis<Real>::at_least(Real(1), step.used)) return false;
    return true;
  }
};

/// A share for each line that bounded psi need.
inline Shares closed_form_shares(double delta) {
  Shares shares;
  for (const Line line : all_lines)
    if (line != Line::a_row) shares[line] = closed_form_share(delta);
  return shares;
}

/// At a width p, with the S of the closed form. `worst` is of |x_i| <= 1, with the constants that
/// `form` was made from. Nothing where eps = 1/16 does not certainly satisfy (P.1).
template <class Real>
std::optional<ClosedFormEvaluation<Real>> evaluate_closed_form(const ClosedForm<Real>& form,
                                                               const AprioriData<Real>& worst,
                                                               const Real& eta, double delta,
                                                               const Real& p) {
  using F = Analysis<Real>;
  const Tails tails{1.0 / 16, 1.0 / 8};
  const Shares shares = closed_form_shares(delta);
  const auto gram = gram_of_bounded(worst, p, shares, tails);
  if (!gram) return std::nullopt;
  const GoodStart<Real> start = good_start(worst, p, shares, *gram);
  const Growth<Real> g = second_order_growth(worst, p, shares, start);
  const Real gamma = worst.gamma, S = form.S, root_p = F::sqrt(p);
  const Real s4_root = fourth_root(Real(3)) + Real(0.25);
  const Real rho = value_at(g.rho, S);
  ClosedFormEvaluation<Real> at;
  at.steps = {{
      {"moments: s4", WidthTerm::moments, start.s4 / (s4_root * s4_root)},
      {"lambda_min(G(0))", std::nullopt,
       chernoff_exponent(worst, p, shares[Line::G], gamma) / lower_tail<Real>(tails.lower)},
      {"|H(0)|", std::nullopt, Real(25) * start.h0 / gamma},
      {"linear part of the drift", std::nullopt, Real(15) * g.D_lo[1] * S / gamma},
      {"remainder of a step", WidthTerm::remainder,
       Real(12) * eta * value_at(g.C_v, S) * g.E / gamma},
      {"displacement of beta", WidthTerm::beta, rho / root_p / (Real(275) / Real(1000))},
      {"drift from the second order on", WidthTerm::drift,
       Real(550) / Real(256) * (g.D_lo[2] + g.D_lo[3] * S) * S * S / gamma},
  }};
  at.slack = apriori_slack(g, gamma, eta, S);
  const Real step = eta * (g.top + value_at(g.D_up, S) + gamma) / Real(2);
  at.used = {gamma / Real(4) / mu_at(g, eta, S), g.E / (at.slack.budget + g.E), step};
  at.kappa = kappa_at(g, p, S);
  at.growth = g;
  return at;
}

// ---- Enclosed ----

/// A width that is enough, and every larger one.
struct ClosedWidth {
  double p = 0;  ///< a whole number, at least each term of (P.6)
  ClosedForm<RealBall<Mpfr>> form;
  RealBall<Mpfr> c1;  ///< at p
};

/// Enclosed at the thread's digits. Throws InputError about psi that is not bounded or has no L2 or
/// L3, and on numbers outside their ranges: n >= 1, 0 < gamma <= L0^2, bound_x > 0, bound_y >= 0,
/// 0 < delta < 1, 0 < eta <= 2 / ((n + 2) L0^2); the
/// ends themselves may be refused, as they need not be doubles.
ClosedWidth closed_form_width(const Activation& psi, std::size_t n, double gamma, double bound_x,
                              double bound_y, double eta, double delta);

}  // namespace alignproof::inline bounds
