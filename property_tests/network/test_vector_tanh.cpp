// SPDX-License-Identifier: Apache-2.0
// The fast tanh against MPFR, over all magnitudes.
#include <alignproof/network/vector_tanh.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <alignproof/scalar/mpfr.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

double fast(double a) {
  double value;
  vector_tanh(&a, &value, 1);
  return value;
}

/// In unit roundoffs, relative.
double error_of(double a) {
  const Mpfr exact = tanh(Mpfr(a));
  return to_double(abs((Mpfr(fast(a)) - exact) / exact)) * 0x1p53;
}

}  // namespace

TEST_CASE("vector_tanh errs by at most its stated bound", "[network][property]") {
  const ScopedDigits guard(60);
  double worst = 0;
  for (int exponent = -1000; exponent <= 6; ++exponent) {
    const int points = exponent < -30 ? 3 : 400;
    for (int k = 0; k < points; ++k) {
      const double fraction = 1 + std::fmod(0.6180339887498949 * (k + 1), 1.0);
      worst = std::max(worst, error_of(std::ldexp(fraction, exponent)));
    }
  }
  CHECK(worst <= vector_tanh_error);
  CHECK(worst > 1);  // it is not the correctly rounded one: the bound is about this function
  check_property("anywhere", [] {
    const double a = *rc::gen::map(rc::gen::inRange<std::int64_t>(-20000000, 20000000),
                                   [](std::int64_t k) { return static_cast<double>(k) / 1e6; });
    RC_PRE(a != 0);
    RC_ASSERT(error_of(a) <= vector_tanh_error);
    RC_ASSERT(fast(-a) == -fast(a));
  });
}

TEST_CASE("vector_tanh at the ends of its range", "[network]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(fast(infinity) == 1);
  CHECK(fast(-infinity) == -1);
  CHECK(fast(1e300) == 1);
  CHECK(std::signbit(fast(-0.0)));
  CHECK(fast(0.0) == 0);
  CHECK(fast(5e-324) == 5e-324);
  CHECK(std::isnan(fast(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("vector_tanh gives one value whatever stands beside it", "[network][property]") {
  check_property("any place in any vector", [] {
    const auto tenths = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-300, 300));
    std::vector<double> a(tenths.begin(), tenths.end()), together(a.size());
    for (double& x : a) x /= 10;
    vector_tanh(a.data(), together.data(), a.size());
    for (std::size_t i = 0; i < a.size(); ++i) RC_ASSERT(fast(a[i]) == together[i]);
  });
}
