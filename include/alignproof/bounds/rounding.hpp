// SPDX-License-Identifier: Apache-2.0
// What rounding can do to one step of the kernel form: derived bounds, no tuned tolerance.
// Derivation: reports/docs/rounding.md. The one assumption is that the type's elementary functions
// err by at most `Elementary::error` unit roundoffs, which for libm is documented, not proved:
// nothing that is called `proved` uses these bounds.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include <alignproof/dynamics/recursion.hpp>

namespace alignproof::inline bounds {

template <class Real>
ActivationRounding activation_rounding(const Activation& psi) {
  return activation_over<Real>(psi).rounding;
}

/// m, the least positive number of the type: what a product or a quotient loses at most where it
/// underflows. 0 for types whose exponents no run exhausts.
template <class Real>
Real least_positive() {
  if constexpr (std::is_floating_point_v<Real>) return std::numeric_limits<Real>::denorm_min();
  return Real(0);
}

/// What the norm of `size` entries can lose because squares underflow.
template <class Real>
Real norm_loss(Eigen::Index size) {
  using std::sqrt;
  return sqrt(Real(static_cast<double>(size))) * sqrt(least_positive<Real>());
}

/// At least |M|_F, up to relative roundings. A relative loss of M, taken from this, also covers
/// what entries lose where they underflow.
template <class Derived>
typename Derived::Scalar norm_bound(const Eigen::MatrixBase<Derived>& M) {
  return M.norm() + norm_loss<typename Derived::Scalar>(M.size());
}

/// u times (relative |Psi| + absolute sqrt(p n)): what the computed Psi as a whole has lost, from
/// the bound of its norm.
template <class Real>
Real psi_rounding(const Activation& psi, const Matrix<Real>& Psi, const Real& Psi_norm) {
  using std::sqrt;
  const ActivationRounding r = activation_rounding<Real>(psi);
  if (r.relative == 0) return Real(0);  // identity, relu
  return unit_roundoff<Real>() * (Real(r.relative) * Psi_norm +
                                  Real(r.absolute) * sqrt(Real(static_cast<double>(Psi.size()))));
}

/// Bounds on computed minus exact, both taken from the same computed state at t.
template <class Real>
struct StepRounding {
  Real e;       ///< |e(t) computed - e of the state at t|
  Real beta;    ///< |beta(t+1) computed - exact step of the state at t|
  Real A;       ///< |A(t+1) computed - exact step of the state at t|_F
  Real e_next;  ///< |e(t+1) computed - e of the exact step|
  Real own;     ///< relative error of computed norms and of a comparison's own arithmetic
  Real norm;    ///< what |e(t)| and |e(t+1)| have lost to underflow
};

/// gamma_k = k u / (1 - k u): the relative error of k roundings in a row.
template <class Real>
Real gamma_of(const Real& k) {
  const Real ku = k * unit_roundoff<Real>();
  return ku / (Real(1) - ku);
}

/// |e computed - e of (A, beta)|, with Psi and e as computed, from bounds of norms.
template <class Real>
Real forward_rounding(const Problem<Real>& problem, const Forward<Real>& at, const Real& beta_norm,
                      const Real& Psi_norm) {
  const Real terms(static_cast<double>(problem.p()) + 7);
  return (gamma_of(terms) * Psi_norm + Real(2) * psi_rounding(problem.psi, at.Psi, Psi_norm)) *
             beta_norm / problem.sqrt_p +
         gamma_of(Real(2)) * norm_bound(at.e);
}
template <class Real>
Real forward_rounding(const Problem<Real>& problem, const Forward<Real>& at,
                      const Real& beta_norm) {
  return forward_rounding(problem, at, beta_norm, norm_bound(at.Psi));
}

/// At least tr K, to which |K|_F is at most equal; K_ij loses d m to underflow.
template <class Real>
Real trace_bound(const Problem<Real>& problem) {
  return problem.K.trace() +
         Real(static_cast<double>(problem.n() * problem.d())) * least_positive<Real>();
}

/// For the step t -> t + 1 from `state`, whose forward values are `at`; `next` and `next_beta`
/// belong to the computed state at t + 1. The factor 2 at the end covers what the norms themselves
/// lose to rounding. Throws InputError on a rule that is none of the theorems': what it loses when
/// it computes back and b is not bounded here.
template <class Real>
StepRounding<Real> step_rounding(const Problem<Real>& problem, const KernelState<Real>& state,
                                 const Forward<Real>& at, const KernelState<Real>& next_state,
                                 const Forward<Real>& next) {
  using std::sqrt;
  require_theorem_rule(problem.rule);
  const Real L1 = smoothness<Real>(problem.psi).L1, m = least_positive<Real>();
  const Real n(static_cast<double>(problem.n())), d(static_cast<double>(problem.d()));
  const Real k(static_cast<double>(problem.k())), p(static_cast<double>(problem.p()));
  const Real slope(activation_rounding<Real>(problem.psi).slope);
  const Real scale = problem.eta / problem.sqrt_p;
  const Real beta_norm = norm_bound(state.beta), next_norm = norm_bound(next_state.beta);
  const Real back = norm_bound(feedback(problem, state.b, state.beta));
  const Real error = norm_bound(at.e), trace_K = trace_bound(problem);
  // Norms of p x n entries take most of the time: each is computed once.
  const Real Psi_norm = norm_bound(at.Psi), next_Psi_norm = norm_bound(next.Psi);
  // What psi'(A) o (back e^T) eta / sqrt p loses to underflow, in m.
  const Real in_N = error * (L1 * back + (L1 + Real(1)) * sqrt(Real(p * k))) +
                    (k * L1 + Real(1)) * sqrt(Real(p * n));
  StepRounding<Real> s;
  s.e = forward_rounding(problem, at, beta_norm, Psi_norm);
  s.beta = gamma_of(Real(n + Real(6))) * (beta_norm + next_norm) +
           scale * (Psi_norm * (gamma_of(Real(n + Real(8))) * error + s.e) +
                    psi_rounding(problem.psi, at.Psi, Psi_norm) * error) +
           Psi_norm * (error + sqrt(Real(n * k))) * m;
  s.A = gamma_of(Real(n + Real(2))) * (norm_bound(state.A) + norm_bound(next_state.A)) +
        scale * back * trace_K *
            (gamma_of(Real(n + d + k + slope + Real(12))) * L1 * error + L1 * s.e) +
        (in_N * trace_K + scale * L1 * back * error * (n * d)) * m;
  s.e_next = ((next_Psi_norm + L1 * s.A) * s.beta + L1 * (next_norm + s.beta) * s.A) /
                 problem.sqrt_p +
             forward_rounding(problem, next, next_norm, next_Psi_norm);
  s.own = gamma_of(Real(n * k + Real(32)));
  s.norm = norm_loss<Real>(at.e.size());
  for (Real* bound : {&s.e, &s.beta, &s.A, &s.e_next, &s.norm}) *bound *= Real(2);
  return s;
}

/// A comparison of real numbers of which only roundings are known.
enum class Comparison { yes, no, below_rounding };

/// Is |e(t+1)| <= factor |e(t)| + offset for the exact step from the computed state at t?
template <class Real>
Comparison decays(const Real& e, const Real& e_next, const StepRounding<Real>& s,
                  const Real& factor, const Real& offset = Real(0)) {
  const Real own = s.own * (e + e_next + offset) + (Real(1) + factor) * s.norm;
  if (e_next + s.e_next + own <= factor * (e - s.e) + offset) return Comparison::yes;
  if (e_next - s.e_next - own > factor * (e + s.e) + offset) return Comparison::no;
  return Comparison::below_rounding;
}

/// |v computed - v of the two computed states|, for second_order().
template <class Real>
Real second_order_rounding(const Problem<Real>& problem, const Transition<Real>& s) {
  const Real L1 = smoothness<Real>(problem.psi).L1;
  const Real slope(activation_rounding<Real>(problem.psi).slope),
      p(static_cast<double>(problem.p()));
  const Real dPsi = norm_bound(s.next.Psi - s.at.Psi), dA = norm_bound(s.after.A - s.before.A);
  const Real dbeta = norm_bound(s.after.beta - s.before.beta), beta = norm_bound(s.before.beta);
  const Real Psi = norm_bound(s.at.Psi), next_Psi = norm_bound(s.next.Psi);
  const Real in_Psi = gamma_of(Real(1)) * (Psi + next_Psi) +
                      psi_rounding(problem.psi, s.at.Psi, Psi) +
                      psi_rounding(problem.psi, s.next.Psi, next_Psi);
  const Real in_dA = gamma_of(Real(slope + Real(4))) * L1 * dA;
  const Real summed = dPsi * dbeta + (dPsi + L1 * dA) * beta;
  return Real(2) *
         ((gamma_of(Real(p + Real(6))) * summed + in_Psi * (dbeta + beta) + in_dA * beta) /
              problem.sqrt_p +
          gamma_of(Real(1)) * norm_loss<Real>(s.at.e.size()));
}

/// |recursion_residual computed|, which is zero without rounding.
template <class Real>
Real recursion_rounding(const Problem<Real>& problem, const Transition<Real>& s) {
  const ActivationRounding psi = activation_rounding<Real>(problem.psi);
  const Real c(psi.relative + 2 * psi.slope), p(static_cast<double>(problem.p()));
  const Real k(static_cast<double>(problem.k())), d(static_cast<double>(problem.d()));
  const Real n(static_cast<double>(problem.n() * problem.k()));  // of all errors
  const Real beta = norm_bound(s.before.beta), e = norm_bound(s.at.e);
  const Real back = norm_bound(feedback(problem, s.before.b, s.before.beta));
  const Real trace_K = trace_bound(problem);
  const Real Psi = norm_bound(s.at.Psi), Psi2 = Psi * Psi / p;
  const Real L1 = smoothness<Real>(problem.psi).L1;
  const Real H = L1 * L1 * trace_K * beta * back / p;
  const Real M_rounding = gamma_of(Real(p + n + d + c + Real(20))) * (Psi2 + H) +
                          Real(2) * psi_rounding(problem.psi, s.at.Psi, Psi) * Psi / p;
  // What M loses to underflow, in m.
  const Real in_M =
      Real(4) * n + k * (L1 * L1 + L1 + Real(1)) * trace_K + n * d * L1 * L1 * beta * back / p;
  const StepRounding<Real> step = step_rounding(problem, s.before, s.at, s.after, s.next);
  // The rounding of the step, seen from the state before it.
  const Real moved = Real(2) * (Psi * step.beta + L1 * beta * step.A) / problem.sqrt_p;
  const Real rest =
      gamma_of(Real(10)) * (norm_bound(s.next.e) + Real(2) * e + Real(2) * norm_bound(problem.y) +
                            problem.eta * (Psi2 + H) * e);
  const Real in_Me = (in_M * e + n * n) * least_positive<Real>();
  return Real(2) * (problem.eta * (M_rounding * e + in_Me) + rest) + step.e + step.e_next +
         problem.eta * (Psi2 + H) * step.e + second_order_rounding(problem, s) + moved;
}

}  // namespace alignproof::inline bounds
