// SPDX-License-Identifier: Apache-2.0
// Theorem A's conclusions on instances on which it closes.
#include <alignproof/bounds/theorem_a.hpp>

#include <algorithm>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Runs at 40 digits until the theorem closes, then up to 60 steps more, checking every conclusion
/// at each. Rounding is about 10^-39; the run ends before the envelope comes within 10^9 of it, so
/// no tolerance is needed. Returns whether it closed.
bool check_conclusions(const gen::Case& c) {
  const ScopedDigits guard(40);
  const Instance instance = c.instance();
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance);
  KernelState<Mpfr> state = initial_kernel(problem, instance), start;
  std::optional<CheckpointNumbers<Mpfr>> numbers;
  std::optional<Mpfr> alpha;
  Drift<Mpfr> bound;
  CosineBracket<Mpfr> bracket;
  const Mpfr rounding_floor("1e-30");
  std::size_t closed_at = 0;
  Mpfr envelope = 0;
  run(problem, state, 400, true_step<Mpfr>(),
      [&](std::size_t t, const KernelState<Mpfr>& now, const Forward<Mpfr>& at) {
        if (!alpha) {
          if (at.e.norm() < rounding_floor) return false;
          if (t % 10 != 0) return true;
          numbers = checkpoint_numbers(problem, at, now);
          alpha = find_alpha(*numbers);
          if (!alpha) return true;
          bound = drift(*numbers, Mpfr(numbers->E / *alpha));
          bracket = cosine_bracket(*numbers, bound.beta_displacement);
          closed_at = t, start = now, envelope = numbers->E;
        }
        RC_ASSERT(at.e.norm() <= envelope);
        RC_ASSERT((now.beta - start.beta).norm() <= bound.beta_displacement);
        RC_ASSERT((now.A - start.A).norm() <= bound.A_displacement);
        const Mpfr computed = cosine(problem.b, now.beta);
        const Mpfr cos = computed > 1 ? Mpfr(1) : computed;  // where b is beta, rounding alone
        RC_ASSERT(bracket.min <= cos);
        RC_ASSERT(cos <= bracket.max);
        envelope *= 1 - problem.eta * *alpha;
        return t < closed_at + 60 && envelope > rounding_floor;
      });
  return alpha.has_value();
}

}  // namespace

TEST_CASE("where Theorem A closes, its conclusions hold", "[bounds][property]") {
  const auto cases = rc::gen::exec([] {
    gen::Case c;
    c.data.inputs = *rc::gen::element(Inputs::sphere, Inputs::isometric, Inputs::gaussian);
    c.data.n = *rc::gen::inRange<std::size_t>(1, 4);
    c.data.d = c.data.n + *rc::gen::inRange<std::size_t>(0, 8);
    c.data.seed = *rc::gen::inRange<std::uint64_t>(1, 100000);
    c.network.activation = c.data.activation = *gen::one_of(gen::smooth_activations());
    c.network.p = *rc::gen::inRange<std::size_t>(5, 120);
    c.network.eta = *rc::gen::element(0.1, 0.5, 1.0);
    c.network.steps = 400;
    c.network.seed = *rc::gen::inRange<std::uint64_t>(1, 100000);
    c.network.feedback = *rc::gen::element(Feedback::independent, Feedback::parallel);
    return c;
  });
  gen::check_cases("envelope, displacements and cosine at every step", cases, check_conclusions);
}

TEST_CASE("the cosine bracket contains the cosine of every beta in the ball", "[bounds][property]") {
  check_property("random b, beta and displacements up to rho, all signs", [] {
    const auto size = *rc::gen::inRange<std::size_t>(2, 6);
    const auto vector = [&] {
      Vector<double> v(size);
      for (Eigen::Index i = 0; i < v.size(); ++i) v(i) = *rc::gen::inRange(-1000, 1001) / 250.0;
      return v;
    };
    const Vector<double> b = vector(), beta = vector(), direction = vector();
    const double rho = *rc::gen::inRange(0, 1000) / 300.0;
    const double norm = direction.norm();
    const Vector<double> moved =
        norm > 0 ? Vector<double>(beta + direction * (0.999 * rho / norm)) : beta;
    CheckpointNumbers<double> c{};
    c.b_norm = b.norm(), c.beta_norm = beta.norm(), c.b_dot_beta = b.dot(beta);
    const CosineBracket<double> bracket = cosine_bracket(c, rho);
    const double cos = cosine<double>(b, moved);
    RC_PRE(b.norm() > 0 && moved.norm() > 0);
    RC_ASSERT(bracket.min <= cos + 1e-12);
    RC_ASSERT(cos <= bracket.max + 1e-12);
  });
}

TEST_CASE("ReLU: the theorem applies while no sign can change", "[bounds]") {
  gen::Case c;
  c.network.activation = Activation::relu;
  const Instance instance = c.instance();
  const Problem<double> problem = problem_from<double>(instance);
  const KernelState<double> state = initial_kernel(problem, instance);
  Forward<double> at;
  forward(problem, state, at);
  CheckpointNumbers<double> numbers = *checkpoint_numbers(problem, at, state);
  CHECK(numbers.L2 == 0);
  double R_max = std::numeric_limits<double>::infinity();
  for (Eigen::Index r = 0; r < state.A.rows(); ++r)
    for (Eigen::Index i = 0; i < state.A.cols(); ++i)
      R_max = std::min(R_max, std::abs(state.A(r, i)) * problem.sqrt_p /
                                  (std::abs(problem.b(r, 0)) * problem.K.row(i).norm()));
  CHECK(*numbers.R_max == Approx(R_max));
  // Whatever else closes, alpha stays so large that R = E / alpha does not reach R_max.
  numbers.E = numbers.M_min * R_max / 2;
  if (const std::optional<double> alpha = find_alpha(numbers)) CHECK(numbers.E / *alpha < R_max);
  numbers.E = numbers.M_min * R_max;
  CHECK_FALSE(find_alpha(numbers).has_value());
}
