// SPDX-License-Identifier: Apache-2.0
// Double against 100 digits within the derived bounds.
#include <alignproof/bounds/rounding.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

template <class Real>
Matrix<Mpfr> exactly(const Matrix<Real>& m) {
  return m.unaryExpr([](const Real& a) -> Mpfr { return Mpfr(static_cast<double>(a)); });
}

/// Beyond this squares leave the range of float: such runs have diverged.
constexpr float largest_size = 1e15f;

/// Every step of a run in Real, made again at 100 digits from the same state. Returns how tight the
/// bound of e(t+1) was at best: the largest error / bound.
template <class Real>
double check_steps(const Instance& instance, Rule rule) {
  const ScopedDigits guard(100);
  const Problem<Real> problem = problem_from<Real>(instance, rule);
  Problem<Mpfr> exact = problem_from<Mpfr>(instance, rule);
  if constexpr (std::is_same_v<Real,
                               float>) {  // float rounds the data once and is then its own instance
    exact.X = exactly(problem.X), exact.y = exactly(problem.y), exact.b = exactly(problem.b);
    exact.K = exact.X * exact.X.transpose();
    exact.eta = static_cast<double>(problem.eta);
  }
  KernelState<Real> state = initial_kernel(problem, instance), before;
  Forward<Real> at_before;
  double tightest = 0;
  run(problem, state, instance.steps, true_step<Real>(),
      [&](std::size_t t, const KernelState<Real>& now, const Forward<Real>& at) {
        if (!(now.beta.norm() < largest_size && at.e.norm() < largest_size)) return false;
        if (t > 0) {
          const StepRounding<Real> bound = step_rounding(problem, before, at_before, now, at);
          KernelState<Mpfr> twin{exactly(before.A), exactly(before.beta), exactly(before.Z),
                                 exactly(before.b)};
          Forward<Mpfr> exact_at;
          forward(exact, twin, exact_at);
          RC_ASSERT((exactly(at_before.e) - exact_at.e).norm() <=
                    Mpfr(static_cast<double>(bound.e)));
          step(exact, exact_at, t - 1, twin);
          RC_ASSERT((exactly(now.beta) - twin.beta).norm() <=
                    Mpfr(static_cast<double>(bound.beta)));
          RC_ASSERT((exactly(now.A) - twin.A).norm() <= Mpfr(static_cast<double>(bound.A)));
          forward(exact, twin, exact_at);
          const Mpfr off = (exactly(at.e) - exact_at.e).norm();
          RC_ASSERT(off <= Mpfr(static_cast<double>(bound.e_next)));
          tightest = std::max(tightest, to_double(off) / static_cast<double>(bound.e_next));
        }
        before = now, at_before = at;
        return true;
      });
  return tightest;
}

template <class Real>
double check_steps(const gen::Case& c) {
  return check_steps<Real>(c.instance(), c.rule);
}

/// One sample, one input, p units that are alike.
struct Sizes {
  Activation psi;
  Rule rule;
  double X, W0, beta, b, y, eta;
  std::size_t p = 1;
};

template <class Real>
void check_sizes(const Sizes& s) {
  Instance instance;
  instance.X = Array({1, 1}), instance.y = Array({1});
  instance.W0 = Array({s.p, 1}), instance.beta0 = Array({s.p}), instance.b = Array({s.p});
  instance.X.values = {s.X}, instance.y.values = {s.y};
  std::fill(instance.W0.values.begin(), instance.W0.values.end(), s.W0);
  std::fill(instance.beta0.values.begin(), instance.beta0.values.end(), s.beta);
  std::fill(instance.b.values.begin(), instance.b.values.end(), s.b);
  instance.activation = s.psi, instance.eta = s.eta, instance.steps = 1;
  INFO(to_string(s.psi) << " X = " << s.X << " b = " << s.b << " y = " << s.y);
  CHECK_NOTHROW(check_steps<Real>(instance, s.rule));
  const Problem<Real> problem = problem_from<Real>(instance, s.rule);
  Transition<Real> step_made;
  KernelState<Real> state = initial_kernel(problem, instance);
  step_made.before = state;
  forward(problem, state, step_made.at);
  step(problem, step_made.at, 0, state);
  forward(problem, state, step_made.next);
  step_made.after = state;
  CHECK(recursion_residual(problem, step_made, 0).norm() <= recursion_rounding(problem, step_made));
}

}  // namespace

TEST_CASE("a step in double stays within the derived rounding bounds", "[bounds][property]") {
  double tightest = 0;
  gen::check_cases("double against 100 digits", gen::nasty_case(), [&](const gen::Case& c) {
    tightest = std::max(tightest, check_steps<double>(c));
    return true;
  });
  if (CaseNumbers::from_environment().many())
    CHECK(tightest > 0.01);  // a bound that nothing comes near proves nothing: some step must use a
                             // hundredth of it
}

TEST_CASE("a step in float stays within the derived rounding bounds", "[bounds][property]") {
  double tightest = 0;
  gen::check_cases("float against 100 digits", gen::small_case(gen::every_activation()),
                   [&](const gen::Case& c) {
                     tightest = std::max(tightest, check_steps<float>(c));
                     return true;
                   });
  if (CaseNumbers::from_environment().many()) CHECK(tightest > 0.01);
}

TEST_CASE("the rounding bounds hold where numbers underflow", "[bounds]") {
  // Found by the tests above. Sigmoid of -1030 underflows, so that all of Psi and e is 0 in double.
  check_steps<double>(gen::case_from(
      "alignproof simulate --inputs isometric --targets zero --n 1 --d 1 --data-seed 1 "
      "--teacher-width 7 --input-scale 32 --width 1 --activation sigmoid --eta 0.2 --steps 1 "
      "--seed 469 --initial-scale 32 --rule fa"));
  // beta and e vanish together, at 1e-16 within twelve steps; soon their squares are 0 in float.
  const gen::Case c = gen::case_from(
      "alignproof simulate --inputs sphere --targets zero --n 1 --d 9 --data-seed 370015 "
      "--teacher-width 7 --width 1 --activation identity --eta 2.273594143587411 --steps 20 --seed "
      "401195 --rule fa");
  check_steps<float>(c);
  const Instance instance = c.instance();
  const Problem<float> problem = problem_from<float>(instance, c.rule);
  KernelState<float> state = initial_kernel(problem, instance), before;
  Forward<float> at_before;
  std::size_t lost = 0;
  run(problem, state, instance.steps, true_step<float>(),
      [&](std::size_t t, const KernelState<float>& now, const Forward<float>& at) {
        if (t > 0 && at.e(0) != 0 && at_before.e.norm() == 0) {
          ++lost;
          const StepRounding<float> s = step_rounding(problem, before, at_before, now, at);
          for (const float factor : {0.0f, 0.5f, 2.0f})
            CHECK(decays(at_before.e.norm(), at.e.norm(), s, factor) == Comparison::below_rounding);
        }
        before = now, at_before = at;
        return true;
      });
  CHECK(lost > 0);
}

TEST_CASE("the rounding bounds hold where sizes are far apart", "[bounds]") {
  constexpr Activation identity = Activation::identity, tanh = Activation::tanh,
                       sigmoid = Activation::sigmoid;
  constexpr Rule fa = Rule::fa, bp = Rule::bp;
  // K underflows, and what it loses is multiplied by |back| |e|.
  check_sizes<float>({sigmoid, bp, 2e-23, 0, 1e14, 0, 0, 0.1});
  check_sizes<float>({identity, fa, 2e-23, 0, 1, 1e5, -1e14, 0.1});
  // psi'(A) o (back e^T) underflows, and is multiplied by K.
  check_sizes<float>({tanh, fa, 3e8, 0, 0, 1e-22, -6e-23, 0.1});
  check_sizes<float>({identity, fa, 1e10, 0, 0, 1e-22, -6e-23, 0.1});
  check_sizes<double>({identity, fa, 1e77, 0, 0, 1e-160, -2e-163, 0.1});
  // back eta / sqrt p and e eta / sqrt p underflow, and eta / sqrt p itself.
  check_sizes<float>({identity, fa, 1e3, 0, 0, 6e-26, -1e14, 1e-20});
  check_sizes<float>({identity, fa, 1e18, 1, 0, 1e-18, -6e-10, 1e-36});
  check_sizes<double>({identity, fa, 1e150, 1, 0, 1e-150, -2e-24, 1e-300});
  check_sizes<float>({identity, fa, 1, 1e9, 0, 1, -1e14, 1.4e-45, 4});
  // M e underflows, and is multiplied by eta.
  check_sizes<float>({identity, bp, 1, 0, 1e-11, 0, 1e-24, 1e28});
  // The square of |Psi| overflows, and identity loses nothing of it.
  check_sizes<float>({identity, fa, 1e3, 0, 0, 1e7, 1e10, 1e5});
}

TEST_CASE("the second-order term in double stays within its rounding bound", "[bounds][property]") {
  gen::check_cases("v against 100 digits", gen::nasty_case(), [](const gen::Case& c) {
    const ScopedDigits guard(100);
    const Instance instance = c.instance();
    const Problem<double> problem = problem_from<double>(instance, c.rule);
    const Problem<Mpfr> wide = problem_from<Mpfr>(instance, c.rule);
    KernelState<double> state = initial_kernel(problem, instance);
    bool moved = false;
    for (std::size_t t = 0; t < std::min<std::size_t>(instance.steps, 4); ++t) {
      Transition<double> s;
      s.before = state;
      forward(problem, state, s.at);
      step(problem, s.at, t, state);
      forward(problem, state, s.next);
      s.after = state;
      if (!(s.next.e.norm() < largest_size && state.beta.norm() < largest_size)) break;
      Transition<Mpfr> exact;  // the two computed states, their forward values without rounding
      exact.before = {exactly(s.before.A), exactly(s.before.beta), exactly(s.before.Z),
                      exactly(s.before.b)};
      exact.after = {exactly(s.after.A), exactly(s.after.beta), exactly(s.after.Z),
                     exactly(s.after.b)};
      forward(wide, exact.before, exact.at);
      forward(wide, exact.after, exact.next);
      const Mpfr off = (exactly(second_order(problem, s)) - second_order(wide, exact)).norm();
      RC_ASSERT(off <= Mpfr(second_order_rounding(problem, s)));
      moved = moved || s.at.e.norm() > 0;
    }
    return moved;
  });
}

TEST_CASE("the same instance bit for bit in double and at any digits", "[bounds][property]") {
  check_property("arrays and eta", [] {
    const gen::Case c = *gen::small_case(gen::every_activation());
    const Instance instance = c.instance();
    const ScopedDigits guard(*rc::gen::element(17u, 50u, 300u));
    const Problem<double> in_double = problem_from<double>(instance, c.rule);
    const Problem<Mpfr> at_digits = problem_from<Mpfr>(instance, c.rule);
    RC_ASSERT(exactly(in_double.X) == at_digits.X);
    RC_ASSERT(exactly(in_double.y) == at_digits.y);
    RC_ASSERT(exactly(in_double.b) == at_digits.b);
    RC_ASSERT(Mpfr(in_double.eta) == at_digits.eta);
    const Matrix<double> beta = initial_weights<double>(instance).beta;
    RC_ASSERT(exactly(beta) == initial_weights<Mpfr>(instance).beta);
  });
}

TEST_CASE("decay is judged only where rounding allows", "[bounds]") {
  const StepRounding<double> s{1e-3, 0, 0, 1e-3, 1e-15, 0};
  CHECK(decays(1.0, 0.5, s, 0.9) == Comparison::yes);
  CHECK(decays(1.0, 0.95, s, 0.9) == Comparison::no);
  CHECK(decays(1.0, 0.9, s, 0.9) == Comparison::below_rounding);
  CHECK(decays(1.0, 0.95, s, 0.9, 0.1) == Comparison::yes);
  const StepRounding<double> short_norms{0, 0, 0, 0, 0, 1e-3};  // norms may be short by 1e-3
  CHECK(decays(1.0, 0.89, short_norms, 0.9) == Comparison::yes);
  CHECK(decays(1.0, 0.91, short_norms, 0.9) == Comparison::no);
  CHECK(decays(1.0, 0.8985, short_norms, 0.9) == Comparison::below_rounding);
  CHECK(decays(1.0, 0.9015, short_norms, 0.9) == Comparison::below_rounding);
}
