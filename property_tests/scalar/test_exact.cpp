// SPDX-License-Identifier: Apache-2.0
// The field Q(sqrt m): its axioms, its order, and no rounding anywhere.
#include <alignproof/scalar/exact.hpp>

#include <limits>

#include <alignproof/scalar/mpfr.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

/// u + v sqrt(m) with small rationals.
Exact element(int m) {
  const auto rational = [] {
    const int numerator = *rc::gen::inRange(-50, 51), denominator = *rc::gen::inRange(1, 12);
    return Exact(numerator) / Exact(denominator);
  };
  return rational() + rational() * sqrt(Exact(m));
}

Mpfr value(const Exact& x) {
  const auto quotient = [](const Rational& q) {
    return Mpfr(numerator(q).str()) / Mpfr(denominator(q).str());
  };
  return quotient(x.rational_part()) + quotient(x.root_part()) * sqrt(Mpfr(x.radicand()));
}

}  // namespace

TEST_CASE("Q(sqrt m) is a field", "[scalar][property]") {
  check_property("axioms hold with equality", [] {
    const int m = *rc::gen::element(2, 3, 5, 7, 12, 4);
    const Exact x = element(m), y = element(m), z = element(m);
    RC_ASSERT(x + y == y + x);
    RC_ASSERT((x + y) + z == x + (y + z));
    RC_ASSERT((x * y) * z == x * (y * z));
    RC_ASSERT(x * (y + z) == x * y + x * z);
    RC_ASSERT(x - x == Exact(0));
    if (y != Exact(0)) RC_ASSERT((x / y) * y == x);
    if (y != Exact(0)) RC_ASSERT(y / y == Exact(1));
  });
}

TEST_CASE("the order of Q(sqrt m) is that of the reals", "[scalar][property]") {
  const ScopedDigits guard(80);
  check_property("against 80 digits", [] {
    const int m = *rc::gen::element(2, 3, 5, 7);
    const Exact x = element(m), y = element(m);
    RC_ASSERT((x < y) == (value(x) < value(y) - Mpfr("1e-70")));
    RC_ASSERT(x.sign() == (value(x) > Mpfr("1e-70")) - (value(x) < Mpfr("-1e-70")));
    const double there = to_double(x);
    RC_ASSERT(abs(Mpfr(there) - value(x)) <= Mpfr("1e-15") * abs(value(x)));
  });
  // A difference that doubles do not see: 99/70 - sqrt 2 is 7e-5, its tenth convergent far less.
  const Exact root = sqrt(Exact(2)), near = Exact(131836323) / Exact(93222358);
  CHECK(near != root);
  CHECK(near > root);
  CHECK(to_double(near - root) == Approx(4.0683e-17).epsilon(1e-3));
}

TEST_CASE("doubles come in exactly, roots of whole numbers too", "[scalar][property]") {
  check_property("every finite double", [] {
    const double value = *rc::gen::arbitrary<double>();
    RC_ASSERT(to_double(Exact(value)) == value);
    RC_ASSERT(Exact(value) - Exact(value) == Exact(0));
  });
  CHECK(Exact(0.1) != Exact(1) / Exact(10));
  CHECK(sqrt(Exact(49)) == Exact(7));
  CHECK(sqrt(Exact(49)).radicand() == 0);
  for (int m : {0, 1, 2, 3, 8, 1000, 65536}) CHECK(sqrt(Exact(m)) * sqrt(Exact(m)) == Exact(m));
}

TEST_CASE("what has no exact answer is refused", "[scalar]") {
  CHECK_THROWS_AS(Exact(std::numeric_limits<double>::infinity()), InputError);
  CHECK_THROWS_AS(Exact(std::numeric_limits<double>::quiet_NaN()), InputError);
  CHECK_THROWS_AS(sqrt(Exact(-1)), std::domain_error);
  CHECK_THROWS_AS(sqrt(Exact(0.5)), std::domain_error);
  CHECK_THROWS_AS(Exact(1) / Exact(0), std::domain_error);
  CHECK_THROWS_AS(sqrt(Exact(2)) + sqrt(Exact(3)), std::logic_error);
}
