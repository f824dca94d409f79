// SPDX-License-Identifier: Apache-2.0
#include <alignproof/network/activation.hpp>

#include <alignproof/bounds/rounding.hpp>
#include <alignproof/scalar/bin_float.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>

#include "generators/generators.hpp"
#include "property.hpp"
#include "reference/plain.hpp"

using namespace alignproof;

namespace {

template <class Real>
struct Values {
  Real psi, derivative;
};

template <class Real>
Values<Real> at(Activation kind, const Real& a) {
  Matrix<Real> A(1, 1), Psi, D;
  A(0, 0) = a;
  activate(kind, A, Psi, D);
  return {Psi(0, 0), D(0, 0)};
}

/// Doubles that reach the flat tails, zero and the steep middle.
double point() {
  return *gen::whole(-40000, 40000) / 1000.0;
}

}  // namespace

TEST_CASE("psi and psi' agree with their textbook formulas", "[network][property]") {
  const ScopedDigits guard(60);
  check_property("at 60 digits", [] {
    const Activation kind = *gen::one_of(gen::every_activation());
    const Mpfr a = point();
    const Values<Mpfr> here = at(kind, a);
    RC_ASSERT(abs(here.psi - reference::psi(kind, a)) <= Mpfr("1e-57") * (1 + abs(a)));
    RC_ASSERT(abs(here.derivative - reference::psi_prime(kind, a)) <= Mpfr("1e-57") * (1 + abs(a)));
  });
}

TEST_CASE("psi' is the derivative of psi", "[network][property]") {
  const ScopedDigits guard(60);
  check_property("a central difference of 10^-20 agrees to 10^-37", [] {
    const Activation kind = *gen::one_of(gen::every_activation());
    const Mpfr a = point(), h("1e-20");
    RC_PRE(kind != Activation::relu || a != 0);
    const Mpfr slope = (at<Mpfr>(kind, a + h).psi - at<Mpfr>(kind, a - h).psi) / (2 * h);
    // |psi'''| <= 2.3 and h^2 / 6 leave 10^-39; rounding of numbers up to 40 leaves 10^-38
    RC_ASSERT(abs(slope - at(kind, a).derivative) < Mpfr("1e-37"));
  });
}

namespace {

/// The computed psi and psi' against 60 digits, within the derived rounding.
template <class Real>
void check_rounding(Activation kind, double a) {
  const ActivationRounding r = activation_rounding<Real>(kind);
  const Smoothness<Mpfr> psi = smoothness<Mpfr>(kind);
  const Mpfr u = to_double(unit_roundoff<Real>());
  const Real x(a);
  const auto wide = [](const Real& value) -> Mpfr {
    if constexpr (std::is_floating_point_v<Real>)
      return Mpfr(static_cast<double>(value));
    else
      return Mpfr(value.str(0, std::ios_base::scientific));
  };
  const Values<Mpfr> exact = at(kind, wide(x));
  const Values<Real> computed = at(kind, x);
  RC_ASSERT(abs(wide(computed.psi) - exact.psi) <=
            u * (r.relative * abs(exact.psi) + r.absolute) + Mpfr("1e-300"));
  RC_ASSERT(abs(wide(computed.derivative) - exact.derivative) <=
            u * psi.L1 * r.slope + Mpfr("1e-300"));
}

}  // namespace

TEST_CASE("psi and psi' lose to rounding what is derived, at most", "[network][property]") {
  const ScopedDigits guard(150);
  check_property("double",
                 [] { check_rounding<double>(*gen::one_of(gen::every_activation()), point()); });
  check_property("float", [] {
    // Below e^-87 float has no normal numbers: there underflow has room of its own (rounding.md).
    const double a = *gen::whole(-8000, 8000) / 1000.0;
    check_rounding<float>(*gen::one_of(gen::every_activation()), a);
  });
  check_property("cpp_bin_float", [] {
    check_rounding<BinFloat100>(*gen::one_of(gen::every_activation()), point());
  });
}

TEST_CASE("L0, L1 and L2 bound psi, psi' and its differences", "[network][property]") {
  const ScopedDigits guard(60);
  check_property("no pair of points exceeds the constants", [] {
    const Activation kind = *gen::one_of(gen::smooth_activations());
    const Smoothness<Mpfr> psi = smoothness<Mpfr>(kind);
    const Mpfr a = point(), b = point();
    if (psi.L0) RC_ASSERT(abs(at(kind, a).psi) <= *psi.L0);
    RC_ASSERT(abs(at(kind, a).derivative) <= psi.L1);
    RC_ASSERT(abs(at(kind, a).derivative - at(kind, b).derivative) <= *psi.L2 * abs(a - b));
  });
  CHECK_FALSE(smoothness<double>(Activation::relu).L2.has_value());
}

TEST_CASE("an exact number type has no transcendental functions", "[network]") {
  for (Activation kind : all_activations) {
    INFO(to_string(kind));
    const bool algebraic = kind == Activation::identity || kind == Activation::relu;
    CHECK(bounded_and_smooth(kind) == (smoothness<double>(kind).L0 && smoothness<double>(kind).L2));
    if (algebraic) continue;
    CHECK_THROWS_WITH(at(kind, Exact(1)), Catch::Contains(std::string(to_string(kind))) &&
                                              Catch::Contains("identity or relu"));
  }
}
