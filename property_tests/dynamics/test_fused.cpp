// SPDX-License-Identifier: Apache-2.0
// The fused pass against the plain kernel form, within what rounding can do to each.
#include <alignproof/dynamics/fused.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/network/vector_tanh.hpp>
#include <alignproof/random/normal.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

constexpr Activation fused_activations[] = {Activation::identity, Activation::relu,
                                            Activation::tanh, Activation::sigmoid};

Instance any_instance(Activation psi, std::size_t most_width) {
  DataSpec data;
  data.inputs = Inputs::gaussian;
  data.n = static_cast<std::size_t>(*rc::gen::inRange(1, 12));
  data.d = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
  data.seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
  NetworkSpec network;
  network.p = *rc::gen::inRange<std::size_t>(1, most_width);
  network.activation = psi;
  network.eta = 0.1, network.steps = 20;
  network.penalty.lambda = *rc::gen::element(0.0, 0.5, 3.0);
  network.seed = data.seed;
  return make_instance(make_data(data), network);
}

template <class Real>
bool same_bits(const Matrix<Real>& a, const Matrix<Real>& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Real)) == 0;
}

/// One fused step from every state of a plain run lands where the plain step does, up to the
/// derived bound of either.
template <class Real>
void follows_the_plain_step(Activation psi, Rule rule, Instructions instructions) {
  // Up to more than a chunk of the widest tiles now and then.
  const Instance instance = any_instance(psi, *rc::gen::element(90u, 90u, 90u, 2500u));
  const Problem<Real> problem = problem_from<Real>(instance, rule);
  KernelState<Real> state = initial_kernel(problem, instance);
  Forward<Real> at, next;
  forward(problem, state, at);
  for (std::size_t t = 0; t < instance.steps; ++t) {
    // A run begins at time 0, where this constant penalty is what it is at t.
    FusedRun<Real> run(problem, state, {}, instructions);
    const KernelState<Real> before = state;
    step(problem, at, t, state);
    forward(problem, state, next);
    if (diverged(next)) return;  // the fused run stops there, and rounding has no bound
    const StepRounding<Real> bound = step_rounding(problem, before, at, state, next);
    RC_ASSERT((run.error() - at.e).norm() <= Real(2) * bound.e);
    run.advance(1);
    RC_ASSERT((run.beta() - state.beta).norm() <= Real(2) * bound.beta);
    RC_ASSERT((run.A() - state.A).norm() <= Real(2) * bound.A);
    RC_ASSERT((run.error() - next.e).norm() <= Real(2) * bound.e_next);
    at = next;
  }
}

template <class Real>
Real fused_value(Activation psi, Real a, Instructions instructions) {
  Real value;
  fused_activation(psi, &a, &value, 1, instructions);
  return value;
}

template <class Real>
double error_of(Activation psi, Real a, Instructions instructions) {
  const Mpfr x(static_cast<double>(a));
  const Mpfr exact = psi == Activation::tanh ? Mpfr(tanh(x)) : Mpfr(1 / (1 + exp(Mpfr(-x))));
  const Mpfr off = (Mpfr(static_cast<double>(fused_value(psi, a, instructions))) - exact) / exact;
  return to_double(abs(off)) / static_cast<double>(unit_roundoff<Real>());
}

template <class Real>
double largest_error(Activation psi, int least_exponent, double most, Instructions instructions) {
  double worst = 0;
  for (int exponent = least_exponent; std::ldexp(1, exponent) < most; ++exponent)
    for (int k = 0; k < 300; ++k) {
      const double size = std::ldexp(1 + std::fmod(0.6180339887498949 * (k + 1), 1.0), exponent);
      if (size > most) continue;
      worst = std::max(worst, error_of(psi, static_cast<Real>(size), instructions));
      worst = std::max(worst, error_of(psi, static_cast<Real>(-size), instructions));
    }
  return worst;
}

}  // namespace

TEST_CASE("a fused step is the plain step up to rounding", "[dynamics][fused][property]") {
  for (const Activation psi : fused_activations)
    for (const Rule rule : {Rule::fa, Rule::bp}) {
      for (const Instructions instructions : available_instructions()) {
        // Each name once: Catch2 runs but the first section of a name.
        const std::string name =
            fmt::format("{} {} {}", to_string(psi), to_string(rule), to_string(instructions));
        check_property(name + " double",
                       [&] { follows_the_plain_step<double>(psi, rule, instructions); });
        check_property(name + " float",
                       [&] { follows_the_plain_step<float>(psi, rule, instructions); });
      }
    }
}

TEST_CASE("a fused run has the same bits on any number of threads, in any portions",
          "[dynamics][fused][property]") {
  check_property("threads and portions", [] {
    const Instance instance =
        any_instance(*rc::gen::elementOf(std::vector<Activation>(std::begin(fused_activations),
                                                                 std::end(fused_activations))),
                     2000);
    const Problem<float> problem = problem_from<float>(instance);
    const KernelState<float> state = initial_kernel(problem, instance);
    const auto instructions = *rc::gen::elementOf(available_instructions());
    FusedRun<float> alone(problem, state, {}, instructions),
        together(problem, state, {}, instructions);
    alone.advance(12);
    const auto first = *rc::gen::inRange<std::size_t>(0, 13);
    together.advance(first, 3);
    together.advance(12 - first, 2);
    RC_ASSERT(together.t() == 12u);
    RC_ASSERT(same_bits(alone.A(), together.A()));
    RC_ASSERT(same_bits(alone.beta(), together.beta()));
    RC_ASSERT(same_bits(alone.error(), together.error()));
  });
}

// Every unit is treated alike by both; only the order in which units are added to f differs.
TEST_CASE("vectors of 32 and of 64 bytes do the same to every unit",
          "[dynamics][fused][property]") {
  const auto available = available_instructions();
  if (available.back() != Instructions::avx512) {
    WARN("this processor has no vectors of 64 bytes");
    return;
  }
  check_property("one step from a state without error in f", [] {
    Instance instance = any_instance(Activation::tanh, 90);
    for (double& weight : instance.beta0.values) weight = 0;  // f = 0 in any order
    const Problem<float> problem = problem_from<float>(instance);
    const KernelState<float> state = initial_kernel(problem, instance);
    FusedRun<float> narrow(problem, state, {}, Instructions::avx2),
        wide(problem, state, {}, Instructions::avx512);
    narrow.advance(1), wide.advance(1);
    RC_ASSERT(same_bits(narrow.A(), wide.A()));
    RC_ASSERT(same_bits(narrow.beta(), wide.beta()));
  });
}

TEST_CASE("with fixed hidden units beta alone learns", "[dynamics][fused][property]") {
  check_property("A stays", [] {
    const Instance instance = any_instance(Activation::tanh, 90);
    const Problem<double> problem = problem_from<double>(instance, learning_rule_from("shallow"));
    const KernelState<double> state = initial_kernel(problem, instance);
    FusedRun<double> run(problem, state);
    run.advance(5);
    RC_ASSERT(same_bits(run.A(), state.A));
    RC_ASSERT(!same_bits(run.beta(), state.beta));
  });
}

TEST_CASE("a fused run with dropout is the plain step on masked hidden values",
          "[dynamics][fused][property]") {
  for (const Activation psi : fused_activations)
    check_property(std::string(to_string(psi)), [psi] {
      const Instance instance = any_instance(psi, 60);
      const Rule rule = *rc::gen::element(Rule::fa, Rule::bp);
      const Problem<double> problem = problem_from<double>(instance, rule);
      KernelState<double> state = initial_kernel(problem, instance);
      const Dropout dropout{*rc::gen::element(0.1, 0.5, 0.9), 7};
      FusedRun<double> run(problem, state, dropout);
      const double below = std::round(dropout.rate * 65536);
      for (std::size_t t = 0; t < 6; ++t) {
        Forward<double> at;
        forward(problem, state, at);
        const double size = 1 + at.e.norm();
        RC_ASSERT((run.error() - at.e).norm() <= 1e-11 * size);
        // Written out: what a unit says, and its slope, times the mask.
        Matrix<double> mask(state.A.rows(), state.A.cols());
        const auto n = static_cast<std::uint32_t>(mask.cols());
        for (std::uint32_t r = 0; r < mask.rows(); ++r)
          for (std::uint32_t i = 0; i < n; ++i) {
            const std::uint64_t bits = random_bits(
                7, Stream::dropout, static_cast<std::uint32_t>(t), r * ((n + 3) / 4) + i / 4);
            const auto number = static_cast<double>(bits >> (16 * (i % 4)) & 0xffff);
            mask(r, i) = number < below ? 0 : 65536 / (65536 - below);
          }
        const Matrix<double> values = at.Psi.cwiseProduct(mask), slopes = at.D.cwiseProduct(mask);
        const Matrix<double> e =
            values.transpose() * state.beta / problem.sqrt_p - Matrix<double>(problem.y);
        const Matrix<double> back = rule == Rule::fa ? Matrix<double>(problem.b) : state.beta;
        const double rate = problem.eta / problem.sqrt_p;
        const Matrix<double> change =
            (slopes.array() * (back * e.transpose()).array()).matrix() * problem.K;
        state.beta = state.beta * (1 - problem.eta * problem.penalty(t)) - rate * (values * e);
        state.A -= rate * change;
        run.advance(1, 1 + t % 2);
        RC_ASSERT((run.A() - state.A).norm() <= 1e-11 * (size + state.A.norm()));
        RC_ASSERT((run.beta() - state.beta).norm() <= 1e-11 * (size + state.beta.norm()));
      }
    });
}

TEST_CASE("rates of dropout below 0 or from 1 on are refused", "[dynamics][fused]") {
  const Instance instance = make_instance(make_data({}), {});
  const Problem<double> problem = problem_from<double>(instance);
  const KernelState<double> state = initial_kernel(problem, instance);
  for (const double rate : {-0.1, 1.0, 1 - 1e-6, std::nan("")})
    CHECK_THROWS_AS(FusedRun<double>(problem, state, {rate, 1}), InputError);
  FusedRun<double> none(problem, state, {0, 1}), plain(problem, state);
  none.advance(3), plain.advance(3);
  CHECK(same_bits(none.A(), plain.A()));
}

TEST_CASE("a fused run stops where it diverges", "[dynamics][fused]") {
  NetworkSpec network;
  network.activation = Activation::identity, network.eta = 1e6, network.p = 30;
  const Instance instance = make_instance(make_data({}), network);
  const Problem<double> problem = problem_from<double>(instance);
  FusedRun<double> run(problem, initial_kernel(problem, instance));
  run.advance(1000, 2);
  REQUIRE(run.diverged_at());
  CHECK(*run.diverged_at() == run.t());
  CHECK(run.t() < 1000);
}

TEST_CASE("a fused run refuses what it has no pass for", "[dynamics][fused]") {
  NetworkSpec network;
  network.activation = Activation::gelu, network.p = 5;
  const Instance gelu = make_instance(make_data({}), network);
  const Problem<double> problem = problem_from<double>(gelu);
  CHECK_THROWS_AS(FusedRun<double>(problem, initial_kernel(problem, gelu)), InputError);
  DataSpec two;
  two.targets = Targets::classes, two.k = 2;
  network.activation = Activation::tanh;
  const Instance outputs = make_instance(make_data(two), network);
  const Problem<double> of_two = problem_from<double>(outputs);
  CHECK_THROWS_AS(FusedRun<double>(of_two, initial_kernel(of_two, outputs)), InputError);
}

TEST_CASE("fused activations err by at most their stated bound", "[dynamics][fused]") {
  const ScopedDigits guard(60);
  for (const Instructions set : available_instructions())
    for (const double worst : {largest_error<double>(Activation::tanh, -60, 30, set),
                               largest_error<float>(Activation::tanh, -60, 30, set),
                               largest_error<double>(Activation::sigmoid, -60, 700, set),
                               largest_error<float>(Activation::sigmoid, -60, 86, set)}) {
      INFO(to_string(set));
      CHECK(worst <= fused_activation_error);
      CHECK(worst > 0.6);
    }
}

TEST_CASE("fused activations at the ends of their range", "[dynamics][fused]") {
  const float infinity = std::numeric_limits<float>::infinity(),
              nothing = std::numeric_limits<float>::quiet_NaN();
  for (const Instructions set : available_instructions()) {
    INFO(to_string(set));
    CHECK(fused_value(Activation::tanh, infinity, set) == 1);
    CHECK(fused_value(Activation::tanh, -infinity, set) == -1);
    CHECK(std::signbit(fused_value(Activation::tanh, -0.0f, set)));
    CHECK(fused_value(Activation::sigmoid, infinity, set) == 1);
    CHECK(fused_value(Activation::sigmoid, 0.0f, set) == 0.5f);
    CHECK(fused_value(Activation::sigmoid, -infinity, set) < 1e-37f);
    for (const Activation psi : fused_activations)
      CHECK(std::isnan(fused_value(psi, nothing, set)));
  }
}

// The function has but 2^32 arguments: against the double one, whose error bound is proved.
TEST_CASE("tanh in float at every tenth float", "[dynamics][fused]") {
  double worst = 0;
  constexpr std::size_t size = 1 << 16;
  std::vector<float> a(size), values(size);
  std::vector<double> exact(size);
  for (std::uint64_t start = 0; start <= 0x7f800000; start += 10 * size) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t bits = start + 10 * i;
      a[i] = bits <= 0x7f800000 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits)) : 1.0f;
      exact[i] = static_cast<double>(a[i]);
    }
    fused_activation(Activation::tanh, a.data(), values.data(), size);
    vector_tanh(exact.data(), exact.data(), size);
    for (std::size_t i = 0; i < size; ++i)
      if (exact[i] > 1e-37)  // above the subnormal range of float
        worst = std::max(worst, std::abs(static_cast<double>(values[i]) / exact[i] - 1) * 0x1p24);
  }
  CHECK(worst <= fused_activation_error - 0.01);
  CHECK(worst > 1);
}
