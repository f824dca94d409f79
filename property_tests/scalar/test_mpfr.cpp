// SPDX-License-Identifier: Apache-2.0
#include <alignproof/scalar/mpfr.hpp>

#include <cmath>
#include <thread>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("every double is the same number in Mpfr at any digits", "[scalar][property]") {
  check_property("there and back", [] {
    const double value = *rc::gen::arbitrary<double>();
    const ScopedDigits guard(*rc::gen::element(17u, 50u, 300u));
    RC_ASSERT(to_double(Mpfr(value)) == value);
  });
}

TEST_CASE("digits are scoped and belong to the thread", "[scalar]") {
  const unsigned before = Mpfr::thread_default_precision();
  {
    const ScopedDigits fifty(50);
    double other = 0;
    std::thread([&] {
      const ScopedDigits hundred(100);
      other = to_double(log10(unit_roundoff<Mpfr>()));
    }).join();
    CHECK(other == Approx(-100).margin(2));
    CHECK(to_double(log10(unit_roundoff<Mpfr>())) == Approx(-50).margin(2));
    CHECK(Mpfr::thread_default_precision() == 50);
  }
  CHECK(Mpfr::thread_default_precision() == before);
}

TEST_CASE("digits out of range are refused", "[scalar]") {
  CHECK_THROWS_WITH(ScopedDigits(16), Catch::Contains("digits = 16 is not accepted"));
  CHECK_THROWS_WITH(ScopedDigits(10001), Catch::Contains("10001"));
}

TEST_CASE("the unit roundoff is that of the arithmetic", "[scalar]") {
  CHECK(1.0 + unit_roundoff<double>() == 1.0);
  CHECK(1.0 + 2 * unit_roundoff<double>() > 1.0);
  const ScopedDigits guard(60);
  const Mpfr one = 1, u = unit_roundoff<Mpfr>();
  CHECK(one + 2 * u > one);
  CHECK(one + u / 2 == one);
}
