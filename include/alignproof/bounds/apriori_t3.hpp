// SPDX-License-Identifier: Apache-2.0
// T3 for every width from an explicit one on: isometric data K = gamma I, psi = identity, one
// output, feedback alignment, a penalty lambda for N = ceil(tau sqrt p / eta) steps and none after.
// A good event of Gaussian initialisations, and on it a lower bound of cos(b, beta(t)) for all
// t >= N. Statement, proof and letters: reports/docs/apriori_t3.md. Real is double, where it
// guesses, or RealBall<Mpfr>, where it encloses what is claimed (digits are the thread's).
// Everything is dimensionless.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include <alignproof/bounds/analysis.hpp>

namespace alignproof::inline bounds {

/// The numbers that the theorem takes. All are > 0.
template <class Real>
struct CutPenalty {
  Real n;       ///< samples
  Real gamma;   ///< X X^T = gamma I
  Real y;       ///< |y|
  Real lambda;  ///< penalty until the cut
  Real eta;     ///< step size
  Real tau;     ///< slow time eta t / sqrt p of the cut
  Real k0() const { return lambda + gamma; }
};

inline bool is_positive(double x) {
  return x > 0;
}
inline bool is_positive(const RealBall<Mpfr>& x) {
  return certainly_positive(x);
}

/// Phi(z) = gamma z^3 / 3 + (lambda + gamma) z, which the alignment law equates to
/// lambda sqrt(gamma) |y| tau.
template <class Real>
Real law_cubic(const CutPenalty<Real>& c, const Real& z) {
  return (c.gamma * z * z / Real(3) + c.k0()) * z;
}

/// What is known at t = 0: upper bounds, but for b_low. S = A0^T A0 / p, h = A0^T b / sqrt p.
template <class Real>
struct AlignmentStart {
  Real root_p;
  Real S;       ///< |S - gamma I|
  Real root_S;  ///< sqrt(|S|)
  Real b_up;    ///< mean b_r^2
  Real b_low;   ///< mean b_r^2, from below
  Real b_off;   ///< |mean b_r^2 - 1|
  Real h;       ///< |h|
  Real h_b;     ///< |h| sqrt p / |b|
  Real E;       ///< |e(0)|; also at least |y|
  Real a;       ///< |<b, beta(0)>| / sqrt p
  Real a_b;     ///< |<b, beta(0)>| / |b|
  Real beta;    ///< |beta(0)|
};

/// Lines of the good event, each with an equal share of delta: both ends of the singular values of
/// A0 and of |b|, and |h|, |e(0)|, <b, beta(0)>, |beta(0)|.
inline constexpr int alignment_lines = 8;

/// Decimal digits of the balls in which a bound is verified.
inline constexpr unsigned alignment_digits = 40;

/// The good event at width p; it fails with probability at most delta.
template <class Real>
AlignmentStart<Real> good_alignment_start(const CutPenalty<Real>& c, const Real& p,
                                          const Real& delta) {
  using F = Analysis<Real>;
  const Real one(1), two(2);
  const Real l = F::sqrt(two * F::log(Real(alignment_lines) / delta));
  const Real root_p = F::sqrt(p), root_gamma = F::sqrt(c.gamma), root_n = F::sqrt(c.n);
  const Real s = (root_n + l) / root_p, chi = F::sqrt(two) * l / root_p;
  AlignmentStart<Real> start;
  start.root_p = root_p;
  start.S = c.gamma * s * (two + s);
  start.root_S = root_gamma * (one + s);
  start.b_off = chi + l * l / p;
  start.b_up = one + start.b_off;
  start.b_low = one - chi;
  start.h_b = root_gamma * (root_n + l);
  start.h = F::sqrt(start.b_up) * start.h_b;
  start.E = F::sqrt(c.y * c.y + c.n * start.root_S * start.root_S) + start.root_S * l;
  start.a_b = l;
  start.a = F::sqrt(start.b_up) * l;
  start.beta = root_p + l;
  return start;
}

/// The exact recursion is e(t+1) = (I - eta (lambda + gamma + zeta zeta^T)) e - eta lambda y +
/// eta P e. A bound of |P| while |zeta| <= sqrt(gamma) Z, |<b, beta>| <= sqrt p A, |e| <= E and
/// |1 - eta lambda| <= kept, in its parts.
template <class Real>
struct Disturbance {
  Real S, h, b, a, step_h, step_b;
  Real sum() const { return S + h + b + a + step_h + step_b; }
};

template <class Real>
Disturbance<Real> disturbance(const CutPenalty<Real>& c, const AlignmentStart<Real>& start,
                              const Real& Z, const Real& A, const Real& E, const Real& kept) {
  const Real root_gamma = Analysis<Real>::sqrt(c.gamma);
  const Real slow = c.eta * c.gamma / start.root_p;
  return {start.S,
          Real(2) * start.h * root_gamma * Z / start.root_p,
          start.b_off * c.gamma * Z * Z,
          kept * c.gamma * A / start.root_p,
          slow * start.h * E / start.root_p,
          slow * start.b_up * root_gamma * Z * E};
}

/// eta sum |e(t) - e*(t)| before the cut, e* = -lambda (lambda + gamma + zeta zeta^T)^{-1} y, in
/// its parts.
template <class Real>
struct SlowError {
  Real start;        ///< of e(0)
  Real disturbance;  ///< of P
  Real moving;       ///< of the movement of e*
  Real sum() const { return start + disturbance + moving; }
};

/// Bounds for t <= N that follow from |P| <= eps and |zeta| <= sqrt(gamma) Z.
template <class Real>
struct BeforeCut {
  Real T;          ///< eta N / sqrt p is at most this
  Real e_inf;      ///< |e(t)| <= (1 - eta (lambda + gamma - eps))^t E + e_inf
  Real sum_e;      ///< eta sum |e|
  Real A;          ///< |<b, beta>| / sqrt p
  Real eps_moved;  ///< what drives e - e*, relative to |e|
  SlowError<Real> slow;
  Real rho;         ///< (sqrt(gamma) / sqrt p) eta sum |e - e*|: what z may lose on the law
  Real Z_perp;      ///< |zeta perpendicular to y| <= sqrt(gamma) Z_perp
  Real law_target;  ///< |<zeta, y>| <= sqrt(gamma) |y| (Phi^{-1}(law_target) + rho)
  Disturbance<Real> P;
};

template <class Real>
BeforeCut<Real> before_cut(const CutPenalty<Real>& c, const AlignmentStart<Real>& start,
                           const Real& eps, const Real& Z) {
  using F = Analysis<Real>;
  const Real one(1), root_gamma = F::sqrt(c.gamma), root_p = start.root_p, k0 = c.k0();
  const Real pull = c.lambda * c.y, rate = k0 - eps;
  BeforeCut<Real> s;
  s.T = c.tau + c.eta / root_p;
  s.e_inf = pull / rate;
  s.sum_e = start.E / rate + s.e_inf * s.T * root_p;
  s.A = start.a +
        (start.b_up * root_gamma * Z + start.h / root_p) * (start.E / rate + s.e_inf / c.lambda);
  s.P = disturbance(c, start, Z, s.A, start.E, Real(one - c.eta * c.lambda));
  const Real moved = Real(2) * c.gamma * root_gamma * Z * pull / (k0 * k0 * root_p);
  s.eps_moved = eps + moved;
  s.slow = {(start.E + pull / k0) / k0, eps * s.sum_e / k0, moved * s.sum_e / k0};
  s.rho = root_gamma / root_p * s.slow.sum();
  const Real r = c.gamma * s.rho * s.rho / k0;
  s.Z_perp = s.rho * F::exp(r * (one + r));
  const Real grown = one + c.gamma * s.Z_perp * s.Z_perp / k0;
  const Real jump = root_gamma * pull * c.eta * grown / (root_p * k0);
  s.law_target = root_gamma * pull * s.T * grown *
                 (one + F::sqrt(c.gamma / k0) * jump + c.gamma * jump * jump / k0);
  return s;
}

/// Bounds for t >= N that follow from |P| <= eps there and |e(N)| <= E_N.
template <class Real>
struct AfterCut {
  Real sum_e;  ///< eta sum |e|
  Real Z, Z_perp, A;
  Disturbance<Real> P;
};

template <class Real>
AfterCut<Real> after_cut(const CutPenalty<Real>& c, const AlignmentStart<Real>& start,
                         const BeforeCut<Real>& before, const Real& Z, const Real& E_N,
                         const Real& eps) {
  const Real root_gamma = Analysis<Real>::sqrt(c.gamma);
  AfterCut<Real> s;
  s.sum_e = E_N / (c.gamma - eps);
  const Real moved = root_gamma * s.sum_e / start.root_p;
  s.Z = Z + moved, s.Z_perp = before.Z_perp + moved;
  s.A = before.A + (start.b_up * root_gamma * s.Z + start.h / start.root_p) * s.sum_e;
  s.P = disturbance(c, start, s.Z, s.A, E_N, Real(1));
  return s;
}

/// Found in doubles; whether they do is verified by `alignment_bound`.
struct AlignmentGuess {
  double eps = 0;        ///< |P| <= eps for t < N
  double Z = 0;          ///< |zeta| <= sqrt(gamma) Z for t <= N
  double z = 0;          ///< -<zeta(N), y> >= sqrt(gamma) |y| z
  double eps_after = 0;  ///< |P| <= eps_after for t >= N
};

/// What holds on the good event, for every t >= N.
template <class Real>
struct AlignmentBound {
  std::string_view fails;  ///< the first condition that is not certain; empty: all are
  BeforeCut<Real> before;
  AfterCut<Real> after;
  Real forgotten;  ///< at least (1 - eta lambda)^N
  Real z;
  Real E_N;     ///< |e(N)|
  Real along;   ///< eta sum w_s <e, -y/|y|> >= along, w_s what is left of a step at t
  Real across;  ///< eta sum w_s |e perpendicular to y| <= across
  Real lag;     ///< of <b, beta> behind z: zeta(s) was less than zeta(N)
  Real ratio;   ///< (b part of beta) / (the rest) >= ratio
  Real cosine;  ///< ratio / sqrt(1 + ratio^2)
};

/// Enclosed at p, with the guess. If no condition fails at p, none fails at a larger width with the
/// same guess, and the cosine there is not smaller.
template <class Real>
AlignmentBound<Real> alignment_bound(const CutPenalty<Real>& c, const AlignmentStart<Real>& start,
                                     const AlignmentGuess& guess) {
  using F = Analysis<Real>;
  const Real zero(0), one(1), two(2), k0 = c.k0(), root_p = start.root_p;
  const Real root_gamma = F::sqrt(c.gamma), pull = c.lambda * c.y;
  const Real eps(guess.eps), Z(guess.Z), z(guess.z), eps_after(guess.eps_after);
  AlignmentBound<Real> bound;
  const auto holds = [&bound](bool certain, std::string_view condition) {
    if (!certain && bound.fails.empty()) bound.fails = condition;
    return certain;
  };

  // Before the cut.
  if (!holds(is_positive(start.b_low), "mean b^2 > 0") ||
      !holds(is_positive(c.gamma - eps) && F::at_least(eps, zero), "eps < gamma"))
    return bound;
  bound.before = before_cut(c, start, eps, Z);
  const BeforeCut<Real>& b = bound.before;
  const Real across_2 = Z * Z - b.Z_perp * b.Z_perp;
  if (!holds(F::at_least(eps, b.P.sum()), "|P| <= eps before the cut") ||
      !holds(F::at_least(across_2, zero), "|zeta| <= sqrt(gamma) Z"))
    return bound;
  const Real reached = F::sqrt(across_2) - b.rho;
  const Real r2 = b.rho * b.rho;
  if (!holds(F::at_least(reached, zero) && F::at_least(law_cubic(c, reached), b.law_target),
             "|zeta| <= sqrt(gamma) Z") ||
      !holds(F::at_least(two, c.eta * (two * k0 + c.gamma * Z * Z)),
             "eta (2 (lambda + gamma) + |zeta|^2) <= 2") ||
      !holds(F::at_least(two * k0 * F::sqrt(k0) * root_p, c.eta * c.gamma * pull),
             "zeta keeps its sign across y") ||
      !holds(F::at_least(c.lambda * c.tau * root_p, one), "lambda tau sqrt p >= 1") ||
      !holds(is_positive(z) &&
                 F::at_least(root_gamma * pull * c.tau,
                             law_cubic(c, Real(z + b.rho)) + two / Real(3) * c.gamma * r2 * b.rho),
             "z reaches a level > 0"))
    return bound;
  bound.z = z;
  bound.forgotten = F::exp(-(c.lambda * c.tau * root_p));
  const Real left = bound.forgotten / (c.gamma - eps);
  const Real kick = b.eps_moved / eps * start.E + pull / k0;  // |e - e*| at t = 0, at least
  const Real settled = b.eps_moved * b.e_inf / k0;            // |e - e*| in the end
  const Real turned = pull * root_gamma * b.Z_perp / (two * k0 * F::sqrt(k0));  // e* across y
  const Real off_N = settled + kick * bound.forgotten;
  bound.E_N =
      pull * (one + c.gamma * b.Z_perp * b.Z_perp / k0) / (k0 + c.gamma * z * z) + turned + off_N;

  // After it.
  if (!holds(is_positive(c.gamma - eps_after), "eps < gamma after the cut")) return bound;
  bound.after = after_cut(c, start, b, Z, bound.E_N, eps_after);
  const AfterCut<Real>& a = bound.after;
  if (!holds(F::at_least(eps_after, a.P.sum()), "|P| <= eps after the cut") ||
      !holds(F::at_least(two, c.eta * c.gamma * (two + a.Z * a.Z)),
             "eta (2 gamma + |zeta|^2) <= 2 after the cut") ||
      !holds(F::at_least(z * root_p, root_gamma * a.sum_e), "z stays positive"))
    return bound;

  // The cosine.
  bound.across = settled / c.lambda + kick * left + turned / c.lambda +
                 (off_N + turned + (c.gamma * a.Z * a.Z_perp + eps_after) * a.sum_e) / c.gamma;
  const Real u = b.e_inf / c.lambda + start.E * left + a.sum_e;
  bound.lag = root_gamma / root_p *
              (b.e_inf * b.e_inf / (c.lambda * c.lambda) + a.sum_e * a.sum_e / two +
               left * start.E * (b.sum_e + b.e_inf / (k0 - eps)));
  const Real behind = bound.lag + a.Z_perp * bound.across;  // times sqrt(gamma)
  const Real pushed =
      c.y - bound.E_N - bound.forgotten * (start.E + c.y) - start.S * u -
      start.h * root_gamma * a.Z * u / root_p -
      root_gamma * a.Z *
          (start.b_up * root_gamma * behind + start.h * u / root_p + bound.forgotten * start.a);
  bound.along = pushed / (c.gamma * (one + start.b_up * a.Z * a.Z));
  if (!holds(is_positive(bound.along), "e stays along y")) return bound;
  const Real tilt = bound.across / bound.along;
  const Real towards =
      F::sqrt(start.b_low) * z - start.h_b / (root_gamma * root_p) -
      (F::sqrt(start.b_up) * behind + start.h_b * bound.across / (root_gamma * root_p) +
       bound.forgotten * start.a_b / root_gamma) /
          bound.along;
  const Real apart = start.root_S / root_gamma * F::sqrt(one + tilt * tilt) +
                     bound.forgotten * start.beta / (root_gamma * bound.along);
  bound.ratio = towards / apart;
  if (!holds(is_positive(bound.ratio), "<b, beta> > 0")) return bound;
  bound.cosine = bound.ratio / F::sqrt(one + bound.ratio * bound.ratio);
  return bound;
}

/// eps, Z, z and eps_after in doubles, each a little on its safe side; nothing where there are
/// none.
std::optional<AlignmentGuess> guess_alignment(const CutPenalty<double>& c,
                                              const AlignmentStart<double>& start);

/// The guaranteed cosine at p, with what it is made of: searched in doubles, enclosed in balls.
/// `fails` names the condition that fails.
AlignmentBound<RealBall<Mpfr>> guaranteed_alignment(const CutPenalty<double>& c, double p,
                                                    double delta);

/// The least width found from which on the cosine is at least `level` with probability at least
/// 1 - delta, verified in balls; nothing up to 2^53. Throws InputError unless 0 < level < what the
/// alignment law says and 0 < delta < 1.
std::optional<double> sufficient_alignment_width(const CutPenalty<double>& c, double delta,
                                                 double level);

/// Throws InputError unless n is whole and >= 1, all numbers are finite and > 0, and eta leaves the
/// law's own run stable: eta (2 (lambda + gamma) + gamma z^2) < 2 at its end.
void require_valid(const CutPenalty<double>& c);

}  // namespace alignproof::inline bounds
