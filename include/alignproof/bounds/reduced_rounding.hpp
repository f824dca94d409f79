// SPDX-License-Identifier: Apache-2.0
// What rounding can do to a whole run of the reduced form: a running bound of computed minus exact,
// from the rounding of S, K, f0, h and the Gram matrices on. Derived, no tuned tolerance:
// reports/docs/rounding.md. For number types that hold a double exactly.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <alignproof/bounds/rounding.hpp>
#include <alignproof/dynamics/reduced.hpp>

namespace alignproof::inline bounds {

/// A bound that is no number, from 0 times infinity, says nothing: infinity does.
template <class Real>
Real bound_or_infinity(const Real& x) {
  return x == x ? x : Real(std::numeric_limits<double>::infinity());
}

/// A quantity known by the norm of what was computed and by a bound of its distance from what is
/// exact. Norms are Frobenius norms, so that those of a product and of a trace are at most the
/// product of norms.
template <class Real>
struct Rounded {
  Real size = Real(0);  ///< |computed|, or what bounds it
  Real off = Real(0);   ///< |computed - exact| is at most this

  friend Rounded operator+(const Rounded& x, const Rounded& y) {
    return {x.size + y.size, x.off + y.off};
  }
  /// XY - xy = X (Y - y) + (X - x) y, and |y| <= |Y| + |Y - y|.
  friend Rounded operator*(const Rounded& x, const Rounded& y) {
    return {x.size * y.size, bound_or_infinity(Real(x.size * y.off + x.off * (y.size + y.off)))};
  }
};

/// The same after `count` roundings of every term. Twice gamma_count: the other half covers what
/// the norms and the bounds themselves lose, as long as steps times (n^2 + k^2) u is small. However
/// small the terms, they have room for what they lose to underflow.
template <class Real>
Rounded<Real> rounded(const Rounded<Real>& x, Eigen::Index count) {
  return {x.size, x.off + Real(2) * gamma_of(Real(static_cast<double>(count))) *
                              (x.size + norm_loss<Real>(1))};
}

/// What the fixed quantities of a run have lost.
template <class Real>
struct ReducedProblemRounding {
  Rounded<Real> K, S, f0, h, y, bb, bb0, b0b0;
  Real curvature;  ///< at least the largest eigenvalue of the exact S
};

/// `problem` is reduced_problem<Real>(network).
template <class Real>
ReducedProblemRounding<Real> reduced_problem_rounding(const LinearNetwork& network,
                                                      const ReducedProblem<Real>& problem) {
  using std::sqrt;
  const Instance& weights = network.weights;
  const auto norm = [](const Array& a) { return Rounded<Real>{norm_bound(matrix_from<Real>(a))}; };
  const auto units = static_cast<Eigen::Index>(weights.p());
  const auto d = static_cast<Eigen::Index>(weights.d());
  const Rounded<Real> X = norm(weights.X), beta0 = norm(weights.beta0), b = norm(weights.b);
  // |A0|_F is sqrt(p tr S) up to rounding.
  const Real root = sqrt(problem.p), size = root * (root_of_square(Real(problem.S.trace())) +
                                                    norm_loss<Real>((units + 1) * problem.n()));
  const Rounded<Real> A0{size, rounded(norm(weights.W0) * X, d).off};
  const auto of = [](const Matrix<Real>& computed, const Rounded<Real>& terms,
                     const Real& divisor) {
    return Rounded<Real>{norm_bound(computed), terms.off / divisor};
  };
  const Real one(1);
  ReducedProblemRounding<Real> r;
  r.K = of(problem.K, rounded(X * X, d), one);
  r.S = of(problem.S, rounded(A0 * A0, units + 1), problem.p);
  r.f0 = of(problem.f0, rounded(A0 * beta0, units + 3), root);
  r.h = of(problem.h, rounded(A0 * b, units + 3), root);
  r.y = {norm_bound(problem.y)};
  r.bb = of(problem.bb, rounded(b * b, units), one);
  r.bb0 = of(problem.bb0, rounded(b * beta0, units), one);
  r.b0b0 = of(problem.b0b0, rounded(beta0 * beta0, units), one);
  r.curvature = problem.S.cwiseAbs().rowwise().sum().maxCoeff() + r.S.off;
  return r;
}

/// Distances of the computed state from the exact run, at one time.
template <class Real>
struct ReducedDrift {
  Real c = Real(0), u = Real(0), s = Real(0), w = Real(0);  ///< 0 at t = 0
};

/// And of what the network computes there.
template <class Real>
struct ReducedForwardRounding {
  Rounded<Real> z, b_beta, e;
  Real e_fixed_u;  ///< the part of e.off that does not come from S (u computed - u exact)
};

template <class Real>
ReducedForwardRounding<Real> reduced_forward_rounding(const ReducedProblem<Real>& problem,
                                                      const ReducedProblemRounding<Real>& fixed,
                                                      const ReducedState<Real>& state,
                                                      const ReducedDrift<Real>& drift,
                                                      const ReducedForward<Real>& at) {
  using std::abs;
  const Eigen::Index n = problem.n(), k = problem.k();
  const Rounded<Real> c{abs(state.c), drift.c}, u{norm_bound(state.u), drift.u};
  const Rounded<Real> s{norm_bound(state.s), drift.s}, w{norm_bound(state.w), drift.w};
  const Rounded<Real> still{u.size, Real(0)};  // S u apart: the step takes it with its sign
  ReducedForwardRounding<Real> r;
  r.z = {norm_bound(at.z), rounded(fixed.K * s, n).off};
  r.b_beta = {norm_bound(at.b_beta),
              rounded(c * fixed.bb0 + fixed.h * u + fixed.bb * w, n + k + 4).off};
  const Rounded<Real> per_unit{r.b_beta.size / problem.p, r.b_beta.off / problem.p};
  const Rounded<Real> sum = c * fixed.f0 + fixed.y + fixed.h * w + r.z * per_unit + fixed.S * still;
  r.e_fixed_u = rounded(sum, n + 2 * k + 8).off;
  // S u: what is left of its product rule, S of the exact run.
  r.e = {norm_bound(at.e),
         bound_or_infinity(Real(r.e_fixed_u + (fixed.S.size + fixed.S.off) * u.off))};
  return r;
}

/// The drift at t + 1, from that at t and the forward values there. The exact S is positive
/// semidefinite, so that (1 - eta lambda) I - eta S stretches nothing by more than
/// max(1 - eta lambda, eta lambda_max(S) - (1 - eta lambda)).
template <class Real>
ReducedDrift<Real> reduced_step_rounding(const ReducedProblem<Real>& problem,
                                         const ReducedProblemRounding<Real>& fixed, std::size_t t,
                                         const ReducedState<Real>& state,
                                         const ReducedDrift<Real>& drift,
                                         const ReducedForwardRounding<Real>& at) {
  using std::abs;
  const Real one(1);
  const Rounded<Real> kept{one - problem.eta * Real(problem.penalty(t)),
                           Real(2) * gamma_of(Real(2))};
  const Rounded<Real> eta{problem.eta, Real(0)}, scale{problem.eta / problem.p, Real(0)};
  const Rounded<Real> c{abs(state.c), drift.c}, s{norm_bound(state.s), drift.s};
  const Rounded<Real> w{norm_bound(state.w), drift.w};
  // What is off in u apart: `stretch` takes it.
  const Rounded<Real> u{norm_bound(state.u), Real(0)}, e{at.e.size, at.e_fixed_u};
  const Real stretch = std::max(Real(kept.size + kept.off),
                                Real(problem.eta * fixed.curvature - (kept.size - kept.off)));
  ReducedDrift<Real> next;
  next.c = rounded(kept * c, 1).off;
  next.u = bound_or_infinity(Real(stretch * drift.u + rounded(kept * u + eta * e, 3).off));
  next.s = rounded(s + eta * at.e, 3).off;
  next.w = rounded(kept * w + scale * at.z * at.e, problem.n() + 4).off;
  return next;
}

/// |beta_gram computed - exact| in the trace, for c = state.c, or state.c - 1 with the same drift.
template <class Real>
Rounded<Real> beta_square_rounding(const ReducedProblem<Real>& problem,
                                   const ReducedProblemRounding<Real>& fixed,
                                   const ReducedState<Real>& state, const ReducedDrift<Real>& drift,
                                   const Real& c_value) {
  using std::abs;
  const Rounded<Real> c = rounded(Rounded<Real>{abs(c_value), drift.c}, 1);
  const Rounded<Real> u{norm_bound(state.u), drift.u}, w{norm_bound(state.w), drift.w};
  const Rounded<Real> b0b0{problem.b0b0.trace(), fixed.b0b0.off};  // a trace, not a norm
  const Rounded<Real> half = (fixed.bb0 * w + fixed.f0 * u) * c + u * fixed.h * w;
  const Rounded<Real> sum = b0b0 * c * c + u * fixed.S * u + w * fixed.bb * w + half + half;
  return {beta_gram(problem, state, c_value).trace(),
          rounded(sum, 2 * problem.n() + 3 * problem.k() + 10).off};
}

/// |cosine computed - exact|. Both cosines are what `cosine` says of (b, beta); |computed| + 1
/// where |beta| is below its rounding.
template <class Real>
Real cosine_rounding(const ReducedProblem<Real>& problem, const ReducedProblemRounding<Real>& fixed,
                     const ReducedState<Real>& state, const ReducedDrift<Real>& drift,
                     const ReducedForward<Real>& at,
                     const ReducedForwardRounding<Real>& at_rounding) {
  using std::abs, std::sqrt;
  const Real k(static_cast<double>(problem.k()));
  const Real computed = abs(cosine(problem, state, at));
  // At least |computed| + 1 exactly, however small the computed cosine is.
  const Real anything = (computed + Real(1)) * (Real(1) + Real(4) * unit_roundoff<Real>());
  const Rounded<Real> beta = beta_square_rounding(problem, fixed, state, drift, state.c);
  const Rounded<Real> b{problem.bb.trace(), sqrt(k) * fixed.bb.off};
  if (!(beta.size > Real(0)) || !(b.size > Real(0))) return anything;
  const Real a = beta.off / beta.size + b.off / b.size;  // relative, of |beta|^2 |b|^2
  if (!(a < Real(1))) return anything;
  const Real inner =
      sqrt(k) * (at_rounding.b_beta.off + Real(2) * gamma_of(k) * at_rounding.b_beta.size);
  const Real off =
      inner / (sqrt(beta.size) * sqrt(b.size) * sqrt(Real(1) - a)) +
      computed * (a / (Real(2) * (Real(1) - a)) + Real(2) * gamma_of(Real(k + Real(8))));
  return std::min(off, anything);
}

}  // namespace alignproof::inline bounds
