// SPDX-License-Identifier: Apache-2.0
// Real numbers as balls of Arb.
#include <alignproof/core/no_fast_math.hpp>

#include "ball.hpp"

#include <limits>
#include <memory>
#include <stdexcept>

#include <arb_hypgeom.h>
#include <flint/flint.h>

namespace alignproof::check {

namespace {

thread_local long working_precision = 128;

}  // namespace

PrecisionScope::PrecisionScope(long bits) : previous_(working_precision) {
  working_precision = bits;
}
PrecisionScope::~PrecisionScope() {
  working_precision = previous_;
}

long precision() {
  return working_precision;
}

Ball Ball::count(std::size_t value) {
  Ball z;
  arb_set_ui(z.get(), value);
  return z;
}

Ball operator+(const Ball& x, const Ball& y) {
  Ball z;
  arb_add(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball operator-(const Ball& x, const Ball& y) {
  Ball z;
  arb_sub(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball operator*(const Ball& x, const Ball& y) {
  Ball z;
  arb_mul(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball operator/(const Ball& x, const Ball& y) {
  Ball z;
  arb_div(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball& operator+=(Ball& x, const Ball& y) {
  arb_add(x.get(), x.get(), y.get(), precision());
  return x;
}

Ball sqrt(const Ball& x) {
  Ball z;
  arb_sqrtpos(z.get(), x.get(), precision());
  return z;
}

Ball abs(const Ball& x) {
  Ball z;
  arb_abs(z.get(), x.get());
  return z;
}

Ball exp(const Ball& x) {
  Ball z;
  arb_exp(z.get(), x.get(), precision());
  return z;
}

Ball expm1(const Ball& x) {
  Ball z;
  arb_expm1(z.get(), x.get(), precision());
  return z;
}

Ball log1p(const Ball& x) {
  Ball z;
  arb_log1p(z.get(), x.get(), precision());
  return z;
}

Ball log(const Ball& x) {
  Ball z;
  arb_log(z.get(), x.get(), precision());
  return z;
}

Ball root(const Ball& x, unsigned k) {
  Ball z;
  arb_root_ui(z.get(), x.get(), k, precision());
  return z;
}

Ball sinh(const Ball& x) {
  Ball z;
  arb_sinh(z.get(), x.get(), precision());
  return z;
}

Ball cosh(const Ball& x) {
  Ball z;
  arb_cosh(z.get(), x.get(), precision());
  return z;
}

Ball tanh(const Ball& x) {
  Ball z;
  arb_tanh(z.get(), x.get(), precision());
  return z;
}

Ball erf(const Ball& x) {
  Ball z;
  arb_hypgeom_erf(z.get(), x.get(), precision());
  return z;
}

Ball erfc(const Ball& x) {
  Ball z;
  arb_hypgeom_erfc(z.get(), x.get(), precision());
  return z;
}

Ball acos(const Ball& x) {
  Ball z;
  arb_acos(z.get(), x.get(), precision());
  return z;
}

Ball asin(const Ball& x) {
  Ball z;
  arb_asin(z.get(), x.get(), precision());
  return z;
}

Ball atan2(const Ball& y, const Ball& x) {
  Ball z;
  arb_atan2(z.get(), y.get(), x.get(), precision());
  return z;
}

Ball pi() {
  Ball z;
  arb_const_pi(z.get(), precision());
  return z;
}

Ball log_2() {
  Ball z;
  arb_const_log2(z.get(), precision());
  return z;
}

Ball midpoint(const Ball& x) {
  Ball z;
  arb_get_mid_arb(z.get(), x.get());
  return z;
}

Ball radius(const Ball& x) {
  Ball z;
  arb_get_rad_arb(z.get(), x.get());
  return z;
}

Ball upper(const Ball& x) {
  Ball z;
  arb_get_ubound_arf(arb_midref(z.get()), x.get(), precision());
  return z;
}

Ball widened(const Ball& x, const Ball& distance) {
  Ball z = x;
  arb_add_error(z.get(), distance.get());
  return z;
}

Ball hull(const Ball& x, const Ball& y) {
  Ball z;
  arb_union(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball unknown() {
  Ball z;
  arb_indeterminate(z.get());
  return z;
}

Ball square(const Ball& x) {
  Ball z;
  arb_sqr(z.get(), x.get(), precision());
  return z;
}

Ball min(const Ball& x, const Ball& y) {
  Ball z;
  arb_min(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball max(const Ball& x, const Ball& y) {
  Ball z;
  arb_max(z.get(), x.get(), y.get(), precision());
  return z;
}

Ball dot(const std::vector<Ball>& x, const std::vector<Ball>& y) {
  Ball sum;
  for (std::size_t i = 0; i < x.size(); ++i)
    arb_addmul(sum.get(), x.at(i).get(), y.at(i).get(), precision());
  return sum;
}

Ball norm(const std::vector<Ball>& x) {
  return sqrt(dot(x, x));
}

namespace {

bool finite(const Ball& x, const Ball& y) {
  return arb_is_finite(x.get()) && arb_is_finite(y.get());
}

}  // namespace

Decision at_least(const Ball& x, const Ball& y) {
  if (!finite(x, y)) return Decision::undecided;
  if (arb_ge(x.get(), y.get())) return Decision::proved;
  return arb_lt(x.get(), y.get()) ? Decision::violated : Decision::undecided;
}

Decision greater(const Ball& x, const Ball& y) {
  if (!finite(x, y)) return Decision::undecided;
  if (arb_gt(x.get(), y.get())) return Decision::proved;
  return arb_le(x.get(), y.get()) ? Decision::violated : Decision::undecided;
}

Decision both(Decision a, Decision b) {
  switch (a) {
    case Decision::proved:
      return b;
    case Decision::undecided:
      return b == Decision::violated ? b : a;
    case Decision::violated:
      return a;
  }
  throw std::logic_error("no such decision");
}

Decision opposite(Decision decision) {
  switch (decision) {
    case Decision::proved:
      return Decision::violated;
    case Decision::violated:
      return Decision::proved;
    case Decision::undecided:
      return Decision::undecided;
  }
  throw std::logic_error("no such decision");
}

std::string text(const Ball& x, int digits) {
  const std::unique_ptr<char, decltype(&flint_free)> decimal(arb_get_str(x.get(), digits, 0),
                                                             &flint_free);
  std::string result = decimal.get();
  // "[1.2345 +/- 4.6e-7]": the radius is only that of the decimals shown when x is much sharper.
  const std::size_t radius = result.find(" +/-");
  if (radius != std::string::npos && radius > 1 && arb_rel_accuracy_bits(x.get()) > 4 * digits)
    result = result.substr(1, radius - 1);
  return result;
}

double about(const Ball& x) {
  if (!arb_is_finite(x.get())) return std::numeric_limits<double>::quiet_NaN();
  return arf_get_d(arb_midref(x.get()), ARF_RND_NEAR);
}

}  // namespace alignproof::check
