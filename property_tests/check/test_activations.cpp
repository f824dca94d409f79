// SPDX-License-Identifier: Apache-2.0
// The checker's activations against the truth with 300 digits, and what it refuses to speak of.
#include "check/activation.hpp"

#include <cmath>

#include <alignproof/core/error.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/network/activation_definition.hpp>

#include "check/decide_kernel.hpp"
#include "check/limit_kernel.hpp"
#include "property.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using check::Ball;

namespace {

/// Whether the ball holds the number.
bool holds(const Ball& ball, const truth::Number& exact) {
  Ball point;
  arf_set_mpfr(arb_midref(point.get()), exact.backend().data());
  mag_set_ui_2exp_si(arb_radref(point.get()), 1, -900);  // what 300 digits lose
  return arb_overlaps(ball.get(), point.get()) != 0;
}

double radius_of(const Ball& ball) {
  return check::about(check::radius(ball));
}

Array row_of_two() {
  Array X({1, 2});
  X(0, 0) = 1, X(0, 1) = 0.5;
  return X;
}

}  // namespace

TEST_CASE("the checker's psi, psi', L1 and L2 hold the truth and are sharp", "[check]") {
  const check::PrecisionScope scope(200);
  for (const Activation& psi : all_activations) {
    INFO(to_string(psi));
    CHECK_NOTHROW(check::require_accepted(psi));
    for (int k = -400; k <= 400; ++k) {
      const double a = k == 0 ? 0x1p-1000 : std::ldexp(k, k % 7 - 4);
      const check::Activated at = check::activate(psi, a);
      REQUIRE(holds(at.psi, truth::psi(psi, a)));
      REQUIRE(holds(at.dpsi, truth::psi_prime(psi, a)));
      REQUIRE(radius_of(at.psi) <= 1e-55 * (1 + std::abs(a)));
      REQUIRE(radius_of(at.dpsi) <= 1e-50 * (1 + std::abs(a)));
    }
    const check::ActivationBounds bounds = check::activation_bounds(psi);
    CHECK(holds(bounds.L1, truth::largest_slope(psi)));
    CHECK(holds(bounds.L2, truth::largest_curvature(psi)));
    CHECK(radius_of(bounds.L1) < 1e-55);
    CHECK(radius_of(bounds.L2) < 1e-55);
    // What has a bound is the same on both sides; its value: network/test_activation_constants.cpp.
    CHECK(std::holds_alternative<Ball>(check::row_of(psi).L0()) ==
          smoothness<double>(psi).L0.has_value());
    CHECK(std::holds_alternative<Ball>(check::row_of(psi).L3()) ==
          smoothness<double>(psi).L3.has_value());
    CHECK(bounds.frozen_signs == !smoothness<double>(psi).L2.has_value());
  }
}

TEST_CASE("a certificate about gamma of an activation without a kernel is refused", "[check]") {
  for (const Activation& psi : all_activations) {
    INFO(to_string(psi));
    const KernelCertificate c{psi, row_of_two(), -1, 10};
    const bool missing = std::holds_alternative<check::NoKernel>(check::row_of(psi).kernel);
    CHECK(missing == missing_kernel(psi).has_value());
    if (!missing) {
      CHECK(check::verify(c, 128, 128).decision == check::Decision::proved);
      continue;
    }
    CHECK_THROWS_WITH(check::verify(c, 128, 128), Catch::Contains(std::string(to_string(psi))) &&
                                                      Catch::Contains("limit kernel is enclosed") &&
                                                      !Catch::Contains("\n"));
    CHECK_THROWS_AS(check::limit_kernel(psi, check::BallMatrix(1, 1)), InputError);
  }
  CHECK_THROWS_WITH(
      check::verify(KernelCertificate{Activation("step"), row_of_two(), -1, 10}, 128, 128),
      Catch::Contains("'step'") && Catch::Contains("identity"));
  RunCertificate c;
  c.start.activation = Activation("step");
  CHECK_THROWS_WITH(check::verify(c, 128, 128), Catch::Contains("'step'"));
  c.start.activation = Activation("silu");
  c.whole_run.decay = DecayClaim{};
  CHECK_THROWS_WITH(check::verify(c, 128, 128), Catch::Contains("limit kernel is enclosed"));
}

TEST_CASE("a row that its own values contradict is found out", "[check]") {
  for (const Activation& psi : all_activations) {
    INFO(to_string(psi));
    CHECK(check::fault_of(check::row_of(psi)) == nullptr);
  }
  using check::Activated;
  const auto fault = [](const char* name, const auto& change) {
    check::ActivationRow row = check::row_of(Activation(name));
    change(row);
    const char* found = check::fault_of(row);
    return std::string(found ? found : "none");
  };
  CHECK(fault("tanh", [](auto& row) {
          row.bounds = [] { return check::ActivationBounds{0.5, 1, false}; };
        }) == "L1");
  CHECK(fault("arctan", [](auto& row) {
          row.bounds = [] { return check::ActivationBounds{1, 0.5, false}; };
        }) == "L2");
  CHECK(fault("tanh", [](auto& row) { row.L0 = [] { return check::Bound(Ball(0.9)); }; }) == "L0");
  CHECK(fault("tanh", [](auto& row) { row.L3 = [] { return check::Bound(Ball(1.5)); }; }) == "L3");
  CHECK(fault("sigmoid", [](auto& row) { row.symmetry.odd = true; }) == "odd");
  CHECK(fault("relu", [](auto& row) { row.symmetry.linear = true; }) == "linear");
  CHECK(fault("softplus", [](auto& row) { row.symmetry.zero_at_zero = true; }) == "psi(0)");
  CHECK(fault("silu", [](auto& row) {
          row.activate = [](const Ball& a) { return Activated{a / (1 + exp(0 - a)), 1}; };
        }) == "psi' of psi");
  // psi' jumps at -1 and 1, between the points that are looked at: L2 is not 0, there is none.
  const auto clip = [](auto& row) {
    row.activate = [](const Ball& a) {
      const Ball size = abs(a);
      const check::Decision inside = check::greater(1, size);
      if (inside == check::Decision::proved) return Activated{a, 1};
      if (inside == check::Decision::violated)
        return Activated{arb_is_positive(a.get()) ? Ball(1) : Ball(-1), 0};
      return Activated{check::unknown(), hull(Ball(0.0), Ball(1))};
    };
    row.bounds = [] { return check::ActivationBounds{1, 0, false}; };
    row.series = check::NoSeries{};
  };
  CHECK(fault("tanh", clip) == "L2");
  // For relu signs are frozen, and for nothing else may psi' jump at 0.
  CHECK(fault("relu", [](auto& row) {
          row.bounds = [] { return check::ActivationBounds{1, 0, false}; };
        }) != "none");
}
