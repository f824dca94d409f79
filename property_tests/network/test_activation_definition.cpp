// SPDX-License-Identifier: Apache-2.0
// An activation from outside the library, with parts left out; and what is said where one is
// needed.
#include <alignproof/network/activation_definition.hpp>

#include <algorithm>
#include <cmath>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/portable.hpp>
#include <alignproof/dynamics/rigorous_step.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/ball_activation.hpp>
#include <alignproof/network/data.hpp>

#include "check/activation.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// psi(x) = x / (1 + |x|)
struct Softsign {
  static constexpr std::string_view name = "softsign";
  static constexpr Reflection reflection = Reflection::odd;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = true, algebraic = true;

  template <class Real>
  static Real above(const Real& a) {
    return Real(1) + (a > Real(0) ? a : Real(-a));
  }
  template <class Real>
  static Real psi(const Real& a) {
    return a / above(a);
  }
  template <class Real>
  static Real slope(const Real& a, const Real&) {
    return Real(1) / (above(a) * above(a));
  }
  template <class Real>
  static Real L0() {
    return Real(1);
  }
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  template <class Real>
  static Real L2() {
    return Real(2);
  }
  static constexpr Missing L3{"psi'' jumps at 0"};
  template <class Real>
  static ActivationRounding rounding() {
    return {3, 0, 6};
  }
  static Balls balls() { return Missing{"nobody derived its errors"}; }
  static Portable portable() { return Missing{"nobody wrote it in MPFR"}; }
  static Kernel kernel() { return Missing{"nobody found it"}; }
};

Activation softsign() {
  static const Activation registered = [] {
    register_activation<Softsign>();
    return activation_from("softsign");
  }();
  return registered;
}

Instance instance_of(const Activation& psi) {
  return make_instance(make_data({Inputs::gaussian, Targets::linear, 3, 5, 1}),
                       {20, psi, 0.1, {}, 30, 1});
}

/// The line that `call` throws.
template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a registered activation runs as one of the suite does", "[network]") {
  const Instance instance = instance_of(softsign());
  const Problem<double> problem = problem_from<double>(instance);
  WeightState<double> state = initial_weights<double>(instance);
  Forward<double> at;
  forward(problem, state, at);
  for (Eigen::Index i = 0; i < at.Psi.size(); ++i) {
    const double a = pre_activations(problem, state).data()[i];
    CHECK(at.Psi.data()[i] == a / (1 + std::abs(a)));
  }
  const double before = at.e.norm();
  for (std::size_t t = 0; t < 30; ++t) {
    step(problem, at, t, state);
    forward(problem, state, at);
  }
  CHECK(at.e.norm() < before);
  CHECK(network_output(softsign(), instance.W0, instance.beta0, instance.X).values.size() == 3);
  CHECK(properties(softsign()).reflection == Reflection::odd);
  CHECK(smoothness<double>(softsign()).L2 == 2.0);
  CHECK_FALSE(smoothness<double>(softsign()).L3.has_value());
  CHECK(accepted_activations().ends_with(" or softsign"));
  for (const Activation& psi : activations_of_suite()) CHECK(psi != softsign());
}

TEST_CASE("whatever needs a part that is missing says so in one line", "[network]") {
  const Activation psi = softsign();
  const Instance instance = instance_of(psi);
  Matrix<double> A = Matrix<double>::Zero(1, 1), Psi, D;
  const std::string balls =
      "activation = 'softsign' is not accepted: give one with ball versions, which softsign lacks: "
      "nobody derived its errors";
  CHECK(refusal([&] { activate_points(psi, A, Psi, D); }) == balls);
  CHECK(refusal([&] { activation_bounds<double>(psi); }) == balls);
  CHECK(refusal([&] { rigorous_problem_from<double>(instance); }) == balls);
  CHECK(refusal([&] { portable_run(instance, Rule::fa); }) ==
        "activation = 'softsign' is not accepted: give one with portable values, which softsign "
        "lacks: nobody wrote it in MPFR");
  CHECK(refusal([&] { limit_kernel(psi, instance.X); }) ==
        "activation = 'softsign' is not accepted: give one with a limit kernel, which softsign "
        "lacks: nobody found it");
  for (const char* name : {"silu", "arctan"}) {
    const std::string line = refusal([&] { limit_kernel(Activation(name), instance.X); });
    CHECK_THAT(line, Catch::Contains(name) && Catch::Contains("no closed form"));
  }
}

TEST_CASE("the checker does not know what was registered in the library", "[network][check]") {
  const std::string line = refusal([] { check::require_accepted(softsign()); });
  CHECK_THAT(line, Catch::Contains("'softsign'") && Catch::Contains("arctan"));
  CHECK_THAT(line, !Catch::Contains("\n"));
}

TEST_CASE("names of activations", "[network]") {
  for (const char* name : {"", "2x", "Tanh", "a b", "tanh\n", "a_name_of_twenty_4_chars"})
    CHECK_THAT(refusal([&] { Activation{name}; }), Catch::Contains("a letter first"));
  CHECK(Activation("a_name_of_twenty-3chars").name() == "a_name_of_twenty-3chars");
  CHECK_THAT(refusal([] { properties(Activation("swish")); }), Catch::Contains("gelu, silu"));
  for (const char* name : {"swish", "", "Tanh", "two\nlines"})
    CHECK_THAT(refusal([&] { activation_from(name); }),
               Catch::Contains("identity, tanh, relu") && !Catch::Contains("\n"));
  CHECK(refusal([] { register_activation<Softsign>(), register_activation<Softsign>(); }) != "");
  ActivationDefinition taken = define_activation<Softsign>();
  taken.name = Activation::tanh;
  CHECK_THAT(refusal([&] { register_activation(taken); }), Catch::Contains("not taken"));
}

TEST_CASE("a definition that contradicts its values is refused", "[network]") {
  const auto part = [](const auto& change) {
    ActivationDefinition definition = define_activation<Softsign>();
    definition.name = Activation("wrong");
    change(definition, std::get<ActivationOver<double>>(definition.over));
    return refusal([&] { register_activation(definition); });
  };
  using Definition = ActivationDefinition;
  using Over = ActivationOver<double>;
  const auto names = [](const char* words) {
    return Catch::Contains(std::string("a definition whose ") + words + " agrees with psi");
  };
  CHECK_THAT(part([](Definition& d, Over&) { d.properties.zero_at_zero = false; }),
             names("psi(0)"));
  CHECK_THAT(part([](Definition& d, Over&) { d.properties.linear = true; }), names("linear"));
  CHECK_THAT(part([](Definition& d, Over&) { d.properties.homogeneous = true; }),
             names("homogeneous"));
  for (const Reflection other : {Reflection::step, Reflection::ramp})
    CHECK_THAT(part([&](Definition& d, Over&) { d.properties.reflection = other; }),
               names("reflection"));
  const auto with_constants = [&](Smoothness<double> (*constants)()) {
    return part([&](Definition&, Over& over) { over.smoothness = constants; });
  };
  CHECK_THAT(with_constants([] { return Smoothness<double>{0.9, 1, 2, {}}; }), names("L0"));
  CHECK_THAT(with_constants([] { return Smoothness<double>{1, 0.9, 2, {}}; }), names("L1"));
  CHECK_THAT(with_constants([] { return Smoothness<double>{1, 1, 1.8, {}}; }), names("L2"));
  CHECK_THAT(with_constants([] {
               return Smoothness<double>{{}, 1, 2, {}};
             }),
             names("bounded_and_smooth"));
  CHECK_THAT(part([](Definition&, Over& over) {
               over.apply = [](const Matrix<double>& A, Matrix<double>& Psi, Matrix<double>& D) {
                 Psi = A.unaryExpr([](double a) { return a / (1 + std::abs(a)); });
                 D = A.unaryExpr([](double a) { return 1 / (1 + std::abs(a)); });
               };
             }),
             names("psi'"));
  CHECK_THAT(part([](Definition&, Over& over) {
               over.psi = [](const double& a) { return a / (2 + std::abs(a)); };
             }),
             names("psi over matrices"));
}

namespace {

template <double (*psi)(const double&), double (*slope)(double)>
void apply_by_values(const Matrix<double>& A, Matrix<double>& Psi, Matrix<double>& D) {
  Psi = A.unaryExpr([](double a) { return psi(a); });
  D = A.unaryExpr([](double a) { return slope(a); });
}

double clip(const double& a) {
  return std::clamp(a, -1.0, 1.0);
}
double clip_slope(double a) {
  return std::abs(a) < 1 ? 1 : 0;
}
double late_clip(const double& a) {
  return std::clamp(a, -30.0, 30.0);
}
double late_clip_slope(double a) {
  return std::abs(a) < 30 ? 1 : 0;
}
double slow(const double& a) {
  return std::asinh(a);
}
double slow_slope(double a) {
  return 1 / std::sqrt(1 + a * a);
}

template <double (*psi)(const double&), double (*slope)(double)>
std::string refusal_by_values(bool linear, Smoothness<double> (*constants)()) {
  ActivationDefinition definition = define_activation<Softsign>();
  definition.name = Activation("wrong");
  definition.properties.linear = linear;
  definition.properties.bounded_and_smooth = !linear;
  auto& over = std::get<ActivationOver<double>>(definition.over);
  over.psi = psi;
  over.apply = &apply_by_values<psi, slope>;
  over.smoothness = constants;
  return refusal([&] { register_activation(definition); });
}

}  // namespace

TEST_CASE("what a definition says is looked at between points and far from 0 as well",
          "[network]") {
  const auto names = [](const char* words) {
    return Catch::Contains(std::string("a definition whose ") + words + " agrees with psi");
  };
  // psi' is constant but for a jump: L2 is not 0, there is none.
  CHECK_THAT((refusal_by_values<clip, clip_slope>(false,
                                                  [] {
                                                    return Smoothness<double>{1, 1, 0, {}};
                                                  })),
             names("L2"));
  // Linear on [-30, 30] alone.
  CHECK_THAT(
      (refusal_by_values<late_clip, late_clip_slope>(true,
                                                     [] {
                                                       return Smoothness<double>{{}, 1, 0, {}};
                                                     })),
      names("linear"));
  // asinh is below 3.7 up to 20, and not bounded.
  CHECK_THAT((refusal_by_values<slow, slow_slope>(false,
                                                  [] {
                                                    return Smoothness<double>{3.7, 1, 1, {}};
                                                  })),
             names("L0"));
}

TEST_CASE("balls with other constants than psi's are refused", "[network]") {
  const auto with_balls = [](double L1, double L2) {
    ActivationDefinition definition = define_activation<Softsign>();
    definition.name = Activation("wrong");
    definition.balls = BallForm{nullptr, L1, L2};
    return refusal([&] { register_activation(definition); });
  };
  CHECK_THAT(with_balls(0.5, 2), Catch::Contains("whose L1 of balls"));
  CHECK_THAT(with_balls(1, 1), Catch::Contains("whose L2 of balls"));
}

TEST_CASE("a fused form or a limit kernel of another activation is refused", "[network]") {
  const auto with = [](const auto& change) {
    ActivationDefinition definition = define_activation<Softsign>();
    definition.name = Activation("wrong");
    change(definition);
    return refusal([&] { register_activation(definition); });
  };
  CHECK_THAT(with([](auto& d) { d.properties.fused = FusedForm::tanh; }),
             Catch::Contains("whose fused form agrees"));
  const ClosedKernel itself = [](const GaussianPair& K) { return K.c; };
  CHECK_THAT(with([&](auto& d) { d.kernel = itself; }),
             Catch::Contains("whose limit kernel agrees"));
  // Of psi(x) = x it is the right one, so that what is wrong beside it is found.
  CHECK_THAT(with([&](auto& d) {
               auto& over = std::get<ActivationOver<double>>(d.over);
               over.psi = [](const double& a) { return a; };
               over.apply = [](const Matrix<double>& A, Matrix<double>& Psi, Matrix<double>& D) {
                 Psi = A, D = Matrix<double>::Ones(A.rows(), A.cols());
               };
               over.smoothness = [] { return Smoothness<double>{{}, 1, 0, {}}; };
               d.kernel = itself, d.properties.fused = FusedForm::identity;
             }),
             Catch::Contains("whose bounded_and_smooth agrees"));
}
