// SPDX-License-Identifier: Apache-2.0
// The rigorous step against the exact one at 300 digits: enclosure and tightness, in doubles and in
// Mpfr; activations over balls; bad input and bad states of the floating-point unit.
#include <alignproof/dynamics/rigorous_step.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <alignproof/dynamics/mpfr.hpp>

#include "floating_point_state.hpp"
#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Exact, with at least the bits of the thread: Boost rounds some operations to those of an
/// operand.
Mpfr widened(double a) {
  return Mpfr(a);
}
Mpfr widened(const Mpfr& a) {
  Mpfr wide(0);
  mpfr_set(wide.backend().data(), a.backend().data(), MPFR_RNDN);
  return wide;
}

template <class Real>
Matrix<Mpfr> to_mpfr(const Matrix<Real>& A) {
  Matrix<Mpfr> result(A.rows(), A.cols());
  for (Eigen::Index k = 0; k < A.size(); ++k) result.data()[k] = widened(A.data()[k]);
  return result;
}

Mpfr norm(const Matrix<Mpfr>& A) {
  return A.size() == 0 ? Mpfr(0) : Mpfr(A.norm());
}

template <class Real>
bool encloses(const BallMatrix<Real>& ball, const Matrix<Mpfr>& exact) {
  for (Eigen::Index k = 0; k < exact.size(); ++k) {
    const Real& rad = ball.rad.data()[k];
    if (!(rad <= std::numeric_limits<Real>::max())) continue;
    if (!(abs(Mpfr(exact.data()[k] - Mpfr(ball.mid.data()[k]))) <= Mpfr(rad))) return false;
  }
  return true;
}

/// The definition, to the digits of the thread; e by the way.
KernelState<Mpfr> exact_step(const Problem<Mpfr>& problem, std::size_t t, KernelState<Mpfr> state,
                             Matrix<Mpfr>& e) {
  Forward<Mpfr> at;
  forward(problem, state, at);
  e = at.e;
  step(problem, at, t, state);
  return state;
}

KernelState<Mpfr> exact_state(const Matrix<Mpfr>& A, const Matrix<Mpfr>& beta,
                              const Matrix<Mpfr>& b) {
  return {A, beta, Matrix<Mpfr>::Zero(A.rows(), A.cols()), b};
}

rc::Gen<gen::Case> one_output(bool huge_and_tiny) {
  return gen::nasty_case({gen::every_activation(), 20, 6, 1, huge_and_tiny});
}

/// A run over balls holds the run at 300 digits, e included. False if there was nothing to hold.
template <class Real>
bool balls_hold(const gen::Case& c) {
  const Instance instance = c.instance();
  const auto problem = rigorous_problem_from<Real>(instance);
  BallState<Real> state = initial_balls<Real>(instance);
  RigorousForward<Real> at;
  const unsigned digits_before = Mpfr::thread_default_precision();
  KernelState<Mpfr> exact;
  bool bounded = true;
  for (std::size_t t = 0; t < instance.steps; ++t) {
    {
      const ScopedDigits digits(std::max(digits_before, 17u));
      rigorous_forward(problem, state, at);
      rigorous_step(problem, at, t, state);
    }
    const ScopedDigits digits(300);
    const Problem<Mpfr> reference = problem_from<Mpfr>(instance);
    if (t == 0) exact = initial_kernel(reference, instance);
    Matrix<Mpfr> e;
    exact = exact_step(reference, t, exact, e);
    RC_ASSERT(encloses(at.e, e));
    RC_ASSERT(encloses(state.A, exact.A));
    RC_ASSERT(encloses(state.beta, exact.beta));
    bounded = bounded && state.A.rad.maxCoeff() <= std::numeric_limits<Real>::max();
  }
  return bounded;
}

/// Every step of a pseudo-orbit against the exact step from its state.
template <class Real>
bool residuals_hold(const gen::Case& c, bool tight) {
  const Instance instance = c.instance();
  const auto problem = rigorous_problem_from<Real>(instance);
  const BallState<Real> balls = initial_balls<Real>(instance);
  PseudoState<Real> state{balls.A.mid, balls.beta.mid};
  RigorousForward<Real> at;
  const Mpfr u = Mpfr(unit_roundoff<Real>());
  bool bounded = true;
  for (std::size_t t = 0; t < instance.steps; ++t) {
    const PseudoState<Real> start = state;
    rigorous_forward(problem, state, at);
    const StepResidual<Real> residual = rigorous_step(problem, at, t, state);
    const Real most = std::numeric_limits<Real>::max();
    bounded = bounded && residual.rho_A <= most && residual.rho_beta <= most;
    if (!bounded) return false;
    const ScopedDigits digits(300);
    const KernelState<Mpfr> before =
        exact_state(to_mpfr(start.A), to_mpfr(start.beta), to_mpfr(problem.b));
    Matrix<Mpfr> e;
    const KernelState<Mpfr> exact = exact_step(problem_from<Mpfr>(instance), t, before, e);
    RC_ASSERT(encloses(at.e, e));
    RC_ASSERT(norm(to_mpfr(state.A) - exact.A) <= Mpfr(residual.rho_A));
    RC_ASSERT(norm(to_mpfr(state.beta) - exact.beta) <= Mpfr(residual.rho_beta));
    if (!tight) continue;
    // A few roundings of the states and a few hundred of what the step adds.
    const Mpfr n(static_cast<double>(instance.n())), size_A = norm(exact.A) + norm(before.A);
    const Mpfr K = norm(to_mpfr(problem.K.mid)), b = norm(to_mpfr(problem.b)),
               rate = Mpfr(instance.eta) / sqrt(Mpfr(static_cast<double>(instance.p())));
    const Mpfr Psi = Mpfr(at.Psi_norm), beta = norm(before.beta),
               f = Psi * beta * rate / Mpfr(instance.eta), y = norm(to_mpfr(problem.y));
    const Mpfr terms = (Mpfr(6) * n + Mpfr(200)) * u;
    RC_ASSERT(Mpfr(residual.rho_A) <= Mpfr(4) * u * size_A +
                                          terms * Mpfr(2) * rate * b * K * (norm(e) + f + y) +
                                          Mpfr(1e-280));
    RC_ASSERT(Mpfr(residual.rho_beta) <= Mpfr(8) * u * (beta + norm(exact.beta)) +
                                             terms * rate * Psi * (norm(e) + f + y) + Mpfr(1e-280));
  }
  return bounded;
}

}  // namespace

TEST_CASE("a run over balls holds the exact run", "[dynamics][property]") {
  gen::check_cases("balls of doubles hold 300 digits", one_output(false),
                   [](const gen::Case& c) { return balls_hold<double>(c); });
  gen::check_cases("also at huge and tiny scales", one_output(true), [](const gen::Case& c) {
    balls_hold<double>(c);
    return true;
  });
}

TEST_CASE("residuals of a pseudo-orbit hold, and are tight", "[dynamics][property]") {
  gen::check_cases("residuals in doubles", one_output(false),
                   [](const gen::Case& c) { return residuals_hold<double>(c, true); });
  gen::check_cases("residuals at huge and tiny scales", one_output(true), [](const gen::Case& c) {
    residuals_hold<double>(c, false);
    return true;
  });
}

TEST_CASE("the rigorous step in Mpfr", "[dynamics][property]") {
  const auto cases = gen::nasty_case({gen::every_activation(), 6, 3, 1, false});
  gen::check_cases("residuals at 50 digits", cases, [](const gen::Case& c) {
    const ScopedDigits digits(50);
    return residuals_hold<Mpfr>(c, true);
  });
  gen::check_cases("balls at 50 digits", cases, [](const gen::Case& c) {
    const ScopedDigits digits(50);
    return balls_hold<Mpfr>(c);
  });
}

TEST_CASE("every activation is bounded in Mpfr", "[dynamics]") {
  for (const Activation psi : all_activations) {
    INFO(to_string(psi));
    gen::Case c;
    c.data = {Inputs::gaussian, Targets::linear, 3, 5};
    c.network.p = 5;
    c.network.eta = 0.1;
    c.network.steps = 2;
    c.network.activation = psi;
    const ScopedDigits digits(50);
    CHECK(balls_hold<Mpfr>(c));
    CHECK(residuals_hold<Mpfr>(c, true));
  }
}

TEST_CASE("more rows than a block", "[dynamics]") {
  for (const std::size_t p : {127, 128, 129, 1000}) {
    gen::Case c;
    c.data = {Inputs::gaussian, Targets::linear, 3, 5};
    c.network.p = p;
    c.network.eta = 0.1;
    c.network.steps = 2;
    CHECK(balls_hold<double>(c));
    CHECK(residuals_hold<double>(c, true));
  }
}

TEST_CASE("activations over balls enclose psi and psi'", "[network][property]") {
  for (const Activation psi : all_activations)
    check_property(std::string(to_string(psi)), [psi] {
      Matrix<double> mid(3, 2), rad(3, 2);
      for (Eigen::Index k = 0; k < mid.size(); ++k) {
        const double fraction = *gen::whole(-1000000, 1000000) / 1e6;
        mid.data()[k] =
            std::ldexp(fraction, *gen::one_of<int>({-1060, -300, -20, 0, 0, 2, 4, 6, 40, 600}));
        rad.data()[k] = *gen::one_of<double>({0, 1e-300, 1e-12, 1e-3, 1, 1}) *
                        *gen::one_of<double>({1, std::abs(mid.data()[k])});
      }
      BallMatrix<double> Psi, D;
      const BallMatrix<double> A(mid, rad);
      activate(psi, A, Psi, D);
      const ScopedDigits digits(400);
      const ActivationBounds<double> bounds = activation_bounds<double>(psi);
      for (const double side : {-1.0, -0.3, 0.0, 0.6, 1.0}) {
        const Matrix<Mpfr> at = to_mpfr(mid) + Mpfr(side) * to_mpfr(rad);
        Matrix<Mpfr> values, slopes;
        activate(psi, at, values, slopes);
        RC_ASSERT(encloses(Psi, values));
        RC_ASSERT(encloses(D, slopes));
      }
      for (Eigen::Index k = 0; k < mid.size(); ++k) {
        const double r = rad.data()[k];
        RC_ASSERT(Psi.rad.data()[k] <=
                  1.13 * r + 12 * 0x1p-53 * std::abs(Psi.mid.data()[k]) + 1e-300);
        RC_ASSERT(psi == Activation::relu ||
                  D.rad.data()[k] <= bounds.L2 * r * 1.001 + 30 * 0x1p-53);
      }
    });
}

TEST_CASE("a rigorous step refuses what it cannot vouch for", "[dynamics]") {
  gen::Case c;
  c.data = {Inputs::gaussian, Targets::linear, 3, 5};
  c.network.p = 8;
  c.network.eta = 0.1;
  const Instance instance = c.instance();
  const auto problem = rigorous_problem_from<double>(instance);
  const BallState<double> balls = initial_balls<double>(instance);
  const PseudoState<double> start{balls.A.mid, balls.beta.mid};
  RigorousForward<double> at;
  rigorous_forward(problem, start, at);
  const auto everything = [&] {
    PseudoState<double> state = start;
    BallState<double> ball = balls;
    RigorousForward<double> now = at;
    std::vector<std::function<void()>> calls{[&] { rigorous_problem_from<double>(instance); },
                                             [&] { initial_balls<double>(instance); },
                                             [&] { rigorous_forward(problem, state, now); },
                                             [&] { rigorous_forward(problem, ball, now); },
                                             [&] { rigorous_step(problem, at, 0, state); },
                                             [&] { rigorous_step(problem, at, 0, ball); }};
    int refused = 0;
    for (const auto& call : calls) {
      try {
        call();
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
    return refused;
  };
  CHECK(everything() == 0);
  for (const RoundingMode& mode : rounding_modes()) {
    if (mode.nearest) continue;
    const ScopedRounding guard(mode);
    CHECK(everything() == 6);
  }
#if defined(__SSE2__)
  for (const unsigned bits : {0x8000u, 0x0040u}) {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | bits);
    const int refused = everything();
    _mm_setcsr(before);
    CHECK(refused == 6);
  }
#endif
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e305}) {
    PseudoState<double> state = start;
    state.A(1, 1) = bad;
    if (bad == 1e305) state.beta(1, 0) = bad;
    rigorous_forward(problem, state, at);
    const StepResidual<double> residual = rigorous_step(problem, at, 0, state);
    CHECK_FALSE(residual.rho_A + residual.rho_beta <= 1e300);
    BallState<double> ball = balls;
    ball.A.mid(1, 1) = bad;
    if (bad == 1e305) ball.beta.mid(1, 0) = bad;
    rigorous_forward(problem, ball, at);
    rigorous_step(problem, at, 0, ball);
    CHECK_FALSE(ball.A(1, 1).bounded());
  }
  PseudoState<double> wrong = start;
  wrong.beta.conservativeResize(7, 1);
  CHECK_THROWS_AS(rigorous_forward(problem, wrong, at), InputError);
}
