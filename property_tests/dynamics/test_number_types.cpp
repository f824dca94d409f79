// SPDX-License-Identifier: Apache-2.0
// The rows of the number types.
#include <alignproof/dynamics/number_types.hpp>

#include <cstdlib>
#include <set>

#include "property.hpp"

using namespace alignproof;

namespace {

template <class Real>
void check_row() {
  CHECK((NumberType<Real>::in_full || NumberType<Real>::in_reduced));
  CHECK(NumberType<Real>::bytes() >= sizeof(float));
}

template <class... Real>
std::set<std::string_view> names(NumberList<Real...>) {
  std::set<std::string_view> all;
  (all.insert(NumberType<Real>::name), ...);
  CHECK(all.size() == sizeof...(Real));
  (check_row<Real>(), ...);
  return all;
}

}  // namespace

TEST_CASE("the number types have names of their own, and some form to run in", "[numbers]") {
  CHECK(names(NumberTypes{}) ==
        std::set<std::string_view>{"float", "double", "mpfr", "bin_float", "exact", "ball"});
}

TEST_CASE("the decimal of a number reads back to it", "[numbers][property]") {
  check_property("double", [] {
    const double x = *rc::gen::arbitrary<double>();
    RC_ASSERT(std::strtod(NumberType<double>::decimal(x).c_str(), nullptr) == x);
    const auto y = static_cast<float>(x);
    RC_ASSERT(std::strtof(NumberType<float>::decimal(y).c_str(), nullptr) == y);
    const ScopedDigits guard(40);
    const Mpfr third = Mpfr(x) / 3;
    RC_ASSERT(Mpfr(NumberType<Mpfr>::decimal(third)) == third);
    RC_ASSERT(NumberType<Exact>::decimal(Exact(x)) == NumberType<double>::decimal(x));
  });
}

TEST_CASE("more digits take more bytes", "[numbers]") {
  const auto bytes = [](unsigned digits) {
    const ScopedDigits guard(digits);
    return NumberType<Mpfr>::bytes();
  };
  CHECK(bytes(1000) > bytes(50) + 390);
  CHECK(NumberType<Exact>::bytes_of_run(40) > 1e15);
  CHECK(NumberType<double>::bytes_of_run(1e9) == 0);
}
