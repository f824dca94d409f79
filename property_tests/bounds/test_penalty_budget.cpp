// SPDX-License-Identifier: Apache-2.0
// T1' with an explicit budget: within it every step obeys the inequality, and no bound of its proof
// is passed.
#include <alignproof/bounds/penalty_budget.hpp>

#include <algorithm>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// A quarter of the rate at the start is asked for, as T1 asks for a quarter of gamma.
std::optional<PenaltyBudget<Mpfr>> quarter_rate_budget(const PenaltyStart<Mpfr>& start,
                                                       Mpfr& rate) {
  rate = start.least / 4;
  return rate > 0 ? penalty_budget(start, rate) : std::nullopt;
}

/// The case's penalty is cut where its sum would pass the budget; the run goes on to its end. Some
/// bounds are attained (n = 1, linear; the first step from e(0) = 0), so at 40 digits they get what
/// 80 steps of roundings of numbers below 10^3 can do.
bool check_budget(const gen::Case& c) {
  const ScopedDigits guard(40);
  const Instance instance = c.instance();
  Problem<Mpfr> problem = problem_from<Mpfr>(instance);
  KernelState<Mpfr> state = initial_kernel(problem, instance), first;
  Forward<Mpfr> at_start;
  forward(problem, state, at_start);
  const auto start = penalty_start(problem, at_start, state);
  if (!start || !(start->y_norm > 0)) return false;
  Mpfr rate;
  const auto budget = quarter_rate_budget(*start, rate);
  if (!budget || !(budget->sum > 0)) return false;

  Mpfr total = 0;
  const Penalty whole = problem.penalty;
  std::size_t cut = 0;
  while (cut < instance.steps && total + problem.eta * Mpfr(whole(cut)) <= budget->sum)
    total += problem.eta * Mpfr(whole(cut++));
  problem.penalty.cut = std::min(cut, whole.cut);

  const Mpfr rounding_floor("1e-30"), rounding("1e-34"), eta = problem.eta, y = problem.y.norm();
  first = state;
  Mpfr before = 0, S = 0, spent = 0, kept = 1;
  run(problem, state, instance.steps, true_step<Mpfr>(),
      [&](std::size_t t, const KernelState<Mpfr>& now, const Forward<Mpfr>& at) {
        const Mpfr e = at.e.norm();
        if (t > 0) {
          const Mpfr lambda = problem.penalty(t - 1);
          const Mpfr left = 1 - eta * lambda;
          const Mpfr previous_S = S;
          S += eta * before, spent += eta * lambda * y, kept *= left;
          RC_ASSERT(e <= (left - eta * rate) * before + eta * lambda * y + rounding);
          RC_ASSERT(e <= (left - eta * rate_left(*start, previous_S)) * before + eta * lambda * y +
                             rounding);
          const Drift<Mpfr> bound = drift(start->c, S);
          RC_ASSERT((now.beta - kept * first.beta).norm() <= bound.beta_displacement + rounding);
          RC_ASSERT((now.A - first.A).norm() <= bound.A_displacement + rounding);
        }
        RC_ASSERT(S <= budget->S + rounding);
        RC_ASSERT(rate * S <= start->c.E + spent + rounding);
        before = e;
        return t == 0 || e > rounding_floor;
      });
  return problem.penalty.cut > 0;
}

}  // namespace

TEST_CASE("within its budget a penalty leaves the decay", "[bounds][property]") {
  const auto cases = rc::gen::exec([] {
    gen::Case c;
    c.data.inputs = *rc::gen::element(Inputs::sphere, Inputs::isometric, Inputs::gaussian);
    c.data.n = *gen::whole<std::size_t>(1, 3);
    c.data.d = c.data.n + *gen::whole<std::size_t>(0, 8);
    c.data.seed = *gen::whole<std::uint64_t>(1, 100000);
    c.network.activation = c.data.activation = *gen::one_of(gen::smooth_activations());
    c.network.p = *gen::whole<std::size_t>(5, 60);
    c.network.eta = *rc::gen::element(0.1, 0.3);
    c.network.seed = *gen::whole<std::uint64_t>(1, 100000);
    c.network.feedback = *rc::gen::element(Feedback::independent, Feedback::parallel);
    // At so small a width |e(0)| alone would be too large; from e(0) = 0 only the penalty spends.
    c.network.zero_error = true;
    c.network.penalty.lambda = *rc::gen::element(0.01, 0.1, 1.0);
    c.network.penalty.decay = *rc::gen::element(Decay::constant, Decay::geometric);
    if (c.network.penalty.decay == Decay::geometric) c.network.penalty.scale = 0.9;
    c.network.steps = 80;
    return c;
  });
  gen::check_cases("the inequality, the sums and the displacements at every step", cases,
                   check_budget);
}

TEST_CASE("a budget is what the integral of the rate leaves over", "[bounds]") {
  // K = 0: nothing moves, the rate is lambda_min(G) for ever less eta Cv E = 0.
  PenaltyStart<double> start{};
  start.c.eta = 0.5, start.c.sqrt_p = 8, start.c.E = 3;
  start.c.G_max = 1, start.c.B2 = 1, start.c.B4 = 3, start.c.Q = 0.8, start.c.L1 = 1;
  start.least = 0.5, start.most = 1, start.y_norm = 2, start.lambda_max = 1;
  const auto unmoved = penalty_budget(start, 0.125);
  REQUIRE(unmoved);
  CHECK(unmoved->sum > 1e11);

  // Linear: q = K S / sqrt p with K = 2, so D(S) = (2 q + q^2) + q (1 + q) = 3 q + 2 q^2, and
  // eta Cv E = 0.5 * 2 (1 + q) / 8 * 3.
  start.c.K_norm = 2, start.c.L2 = 0;
  const auto mu = [](double S) {
    const double q = S / 4;
    return 0.5 - 3 * q - 2 * q * q - 0.375 * (1 + q);
  };
  const double rate = 0.0625;
  CHECK(rate_left(start, 0.1) == Approx(mu(0.1)).epsilon(1e-12));
  const auto budget = penalty_budget(start, rate);
  REQUIRE(budget);
  CHECK(mu(budget->S) == Approx(rate).epsilon(1e-9));
  const double q = budget->S / 4;
  // integral of mu over [0, S] = 4 the integral over q
  const double integral = 4 * (0.125 * q - 3.375 * q * q / 2 - 2 * q * q * q / 3);
  CHECK(budget->sum == Approx((integral - 3) / 2).epsilon(1e-3));
  CHECK(budget->sum < (integral - 3) / 2);

  start.lambda_max = 1.5;  // eta (1 + 0.5 + 2 * 1.5) > 2
  CHECK_FALSE(penalty_budget(start, rate));
  start.lambda_max = 1;
  CHECK_FALSE(penalty_budget(start, 0.126));  // mu(0) is smaller
}
