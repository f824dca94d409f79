// SPDX-License-Identifier: Apache-2.0
#include <alignproof/dynamics/law_run.hpp>

#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>

#include <alignproof/dynamics/reduced_instantiations.hpp>

namespace alignproof::inline dynamics {

std::size_t steps_until(double tau, double eta, double p) {
  return static_cast<std::size_t>(std::ceil(tau * std::sqrt(p) / eta));
}

SlowRun run_on_slow_time(ReducedProblem<double> problem, const std::vector<double>& times,
                         std::size_t steps_after) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  SlowRun result{std::vector<double>(times.size(), none), std::vector<double>(times.size(), none),
                 none, none, std::nullopt};
  std::vector<std::size_t> stops;
  for (double tau : times) stops.push_back(steps_until(tau, problem.eta, problem.p));
  const std::size_t cut = stops.empty() ? 0 : stops.back();
  ReducedState<double> state = initial_reduced(problem);
  std::size_t next = 0;
  const auto observe = [&](std::size_t t, const ReducedState<double>& now,
                           const ReducedForward<double>& at) {
    for (; next < stops.size() && t == stops[next]; ++next) {
      result.cosine[next] = cosine(problem, now, at);
      result.error[next] = at.e.norm();
    }
    return true;
  };
  const auto before = problem.penalty;
  problem.penalty = [before, cut](std::size_t t) { return t < cut ? before(t) : 0.0; };
  const auto last = [&](std::size_t t, const ReducedState<double>& now,
                        const ReducedForward<double>& at) {
    observe(t, now, at);
    if (t == cut + steps_after) {
      result.after_cut = cosine(problem, now, at);
      result.error_after_cut = at.e.norm();
    }
    return true;
  };
  result.diverged_at = run(problem, state, cut + steps_after, last).diverged_at;
  return result;
}

Matrix<double> jacobian(const ReducedProblem<double>& problem, const ReducedForward<double>& at,
                        std::size_t t) {
  const Eigen::Index n = problem.n();
  const double kept = 1 - problem.eta * problem.penalty(t), b_beta = at.b_beta(0, 0) / problem.p;
  const Vector<double> z = at.z.col(0), h = problem.h.col(0), e = at.e.col(0);
  Matrix<double> e_by(n, 2 * n + 1);  // of e by (u, w, s)
  e_by.leftCols(n) = z * h.transpose() / problem.p - problem.S;
  e_by.col(n) = h - z * (problem.bb(0, 0) / problem.p);
  e_by.rightCols(n) = -problem.K * b_beta;
  Matrix<double> J = Matrix<double>::Zero(2 * n + 1, 2 * n + 1);
  J.topRows(n) = problem.eta * e_by;
  J.row(n) = (problem.eta / problem.p) * (z.transpose() * e_by);
  J.row(n).tail(n) += (problem.eta / problem.p) * (e.transpose() * problem.K);
  J.bottomRows(n) = problem.eta * e_by;
  J.diagonal().head(n + 1).array() += kept;
  J.diagonal().tail(n).array() += 1;
  return J;
}

namespace {

Matrix<double> in_double(const Matrix<double>& m) {
  return m;
}
Matrix<double> in_double(const Matrix<Mpfr>& m) {
  return m.unaryExpr([](const Mpfr& x) { return to_double(x); });
}

template <class Real>
ReducedProblem<double> in_double(const ReducedProblem<Real>& a) {
  return {in_double(a.K),   in_double(a.S),  in_double(a.f0),  in_double(a.h),
          in_double(a.y),   in_double(a.bb), in_double(a.bb0), in_double(a.b0b0),
          to_double(a.eta), to_double(a.p),  a.penalty};
}

}  // namespace

template <class Real>
std::optional<StabilityLoss> loss_of_stability(const ReducedProblem<Real>& problem,
                                               std::size_t most_steps) {
  const ReducedProblem<double> rounded = in_double(problem);
  const double trace = rounded.S.trace();
  ReducedState<Real> state = initial_reduced(problem);
  std::optional<StabilityLoss> loss;
  StabilityLoss now;
  Matrix<Real> before = problem.y;
  run(problem, state, most_steps,
      [&](std::size_t t, const ReducedState<Real>& at_state, const ReducedForward<Real>& at) {
        const ReducedForward<double> here{in_double(at.z), in_double(at.b_beta), in_double(at.e)};
        // Above the curvature by little for n = 1, and never below it by more than finite width
        // does: eigenvalues are asked for where they may be near -1.
        const double most = trace + here.z.squaredNorm() / rounded.p + problem.penalty(t);
        if (rounded.eta * most > 1.7) {
          const Eigen::EigenSolver<Matrix<double>> solver(jacobian(rounded, here, t), false);
          const double m = solver.eigenvalues().real().minCoeff();
          if (m < -1) {
            if (Real((at.e - before).squaredNorm()) > Real(at.e.squaredNorm())) {
              now.step = t;
              now.tau = rounded.eta * static_cast<double>(t) / std::sqrt(rounded.p);
              loss = now;
              return false;
            }
            now.gain += std::log(-m);
          }
        }
        now.cosine = std::max(now.cosine, to_double(cosine(problem, at_state, at)));
        before = at.e;
        return true;
      });
  return loss;
}

template std::optional<StabilityLoss> loss_of_stability<double>(const ReducedProblem<double>&,
                                                                std::size_t);
template std::optional<StabilityLoss> loss_of_stability<Mpfr>(const ReducedProblem<Mpfr>&,
                                                              std::size_t);

}  // namespace alignproof::inline dynamics
