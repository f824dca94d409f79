// SPDX-License-Identifier: Apache-2.0
#include <alignproof/network/activation.hpp>

#include <alignproof/scalar/mpfr.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

struct Values {
  Mpfr psi, derivative;
};

Values at(Activation kind, const Mpfr& a) {
  Matrix<Mpfr> A(1, 1), Psi, D;
  A(0, 0) = a;
  activate(kind, A, Psi, D);
  return {Psi(0, 0), D(0, 0)};
}

/// Doubles that reach the flat tails, zero and the steep middle.
double point() {
  return *rc::gen::map(rc::gen::inRange(-8000, 8001), [](int k) { return k / 1000.0; });
}

}  // namespace

TEST_CASE("psi' is the derivative of psi", "[network]") {
  const ScopedDigits guard(60);
  rc::prop("a central difference of 10^-20 agrees to 10^-30", [] {
    const Activation kind =
        *rc::gen::element(Activation::identity, Activation::tanh, Activation::relu);
    const Mpfr a = point(), h("1e-20");
    RC_PRE(kind != Activation::relu || a != 0);
    const Mpfr slope = (at(kind, a + h).psi - at(kind, a - h).psi) / (2 * h);
    // |psi'''| <= 2 and h^2 / 6 leave less than 10^-39; rounding at 60 digits leaves 10^-39
    RC_ASSERT(abs(slope - at(kind, a).derivative) < Mpfr("1e-38"));
  });
}

TEST_CASE("L1 and L2 bound psi' and its differences, and are attained", "[network]") {
  const ScopedDigits guard(60);
  rc::prop("no pair of points exceeds the constants", [] {
    const Activation kind = *rc::gen::element(Activation::identity, Activation::tanh);
    const Smoothness<Mpfr> psi = smoothness<Mpfr>(kind);
    const Mpfr a = point(), b = point();
    RC_ASSERT(abs(at(kind, a).derivative) <= psi.L1);
    RC_ASSERT(abs(at(kind, a).derivative - at(kind, b).derivative) <= *psi.L2 * abs(a - b));
  });
  const Mpfr steepest = atanh(1 / sqrt(Mpfr(3))), h("1e-12");
  const Mpfr slope = abs(at(Activation::tanh, steepest + h).derivative -
                         at(Activation::tanh, steepest - h).derivative) /
                     (2 * h);
  CHECK(to_double(slope / *smoothness<Mpfr>(Activation::tanh).L2) == Approx(1).epsilon(1e-9));
  CHECK_FALSE(smoothness<double>(Activation::relu).L2.has_value());
}
