// SPDX-License-Identifier: Apache-2.0
// Balls against exact rationals and 300-digit numbers, in every rounding mode; the guard against
// every bad state of the floating-point unit.
#include <alignproof/scalar/ball.hpp>

#include <cfenv>
#include <cmath>
#include <functional>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <vector>

#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/ieee.hpp>
#include <alignproof/scalar/mpfr.hpp>

#include "floating_point_state.hpp"
#include "generators/generators.hpp"
#include "property.hpp"
#include "scalar/upward.hpp"

using namespace alignproof;

namespace alignproof {

/// Failing cases show their balls to the bit.
std::ostream& operator<<(std::ostream& out, const RealBall<double>& x) {
  return out << std::hexfloat << x.mid << " +- " << x.rad << std::defaultfloat;
}

}  // namespace alignproof

namespace {

using Ball = RealBall<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// A double of any size: ordinary, near 1, subnormal, near the overflow threshold, 0.
rc::Gen<double> any_double() {
  return rc::gen::exec([] {
    const int kind = *gen::whole(0, 9);
    if (kind == 0) return 0.0;
    const double fraction =
        1 +
        std::ldexp(static_cast<double>(*gen::whole<std::int64_t>(0, (std::int64_t(1) << 52) - 1)),
                   -52);
    int exponent = *gen::whole(-30, 30);
    if (kind == 1) exponent = *gen::whole(-1074, -1000);
    if (kind == 2) exponent = *gen::whole(960, 1023);
    if (kind == 3) exponent = *gen::whole(-600, 600);
    const double sign = *gen::one_of<double>({1, -1});
    return sign * std::ldexp(kind == 4 ? 1.0 : fraction, exponent);
  });
}

rc::Gen<Ball> any_ball() {
  return rc::gen::exec([] {
    const double mid = *any_double();
    const int kind = *gen::whole(0, 3);
    const double rad = kind == 0   ? 0
                       : kind == 1 ? std::abs(*any_double())
                                   : std::abs(mid) * std::ldexp(1.0, -*gen::whole(0, 60));
    return Ball(mid, rad);
  });
}

Rational exactly(double x) {
  return Rational(x);
}
Rational exactly(const Mpfr& x) {
  Rational value;
  mpfr_get_q(value.backend().data(), x.backend().data());
  return value;
}

/// The point mid + position rad, position in [-1, 1].
Rational point(const Ball& x, const Rational& position) {
  return exactly(x.mid) + position * exactly(x.rad);
}

bool encloses(const Ball& ball, const Rational& x) {
  if (!ball.bounded()) return true;
  return abs(Rational(x - exactly(ball.mid))) <= exactly(ball.rad);
}

const std::vector<Rational>& positions() {
  static const std::vector<Rational> values{-1, Rational(-1) / 3, 0, Rational(5) / 7, 1};
  return values;
}

struct Operation {
  const char* name;
  std::function<Ball(const Ball&, const Ball&)> ball;
  std::function<Rational(const Rational&, const Rational&)> exact;
};

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all{
      {"+", [](const Ball& x, const Ball& y) { return x + y; },
       [](const Rational& x, const Rational& y) { return Rational(x + y); }},
      {"-", [](const Ball& x, const Ball& y) { return x - y; },
       [](const Rational& x, const Rational& y) { return Rational(x - y); }},
      {"*", [](const Ball& x, const Ball& y) { return x * y; },
       [](const Rational& x, const Rational& y) { return Rational(x * y); }},
      {"/", [](const Ball& x, const Ball& y) { return x / y; },
       [](const Rational& x, const Rational& y) { return Rational(x / y); }}};
  return all;
}

/// The largest distance of the exact image from the midpoint, over the corners of x and y.
Rational exact_radius(const Operation& op, const Ball& x, const Ball& y, double mid) {
  Rational worst = 0;
  for (const Rational i : {-1, 1})
    for (const Rational j : {-1, 1}) {
      const Rational gap = abs(Rational(op.exact(point(x, i), point(y, j)) - exactly(mid)));
      if (gap > worst) worst = gap;
    }
  return worst;
}

using RealFunction = Ball (*)(const Ball&);
using MpfrFunction = Mpfr (*)(const Mpfr&);
struct Function {
  const char* name;
  RealFunction ball;
  MpfrFunction exact;
  double from, to;
};
const std::vector<Function>& functions() {
  static const std::vector<Function> all{
      {"sqrt", &Ball::sqrt, [](const Mpfr& x) -> Mpfr { return sqrt(x); }, 0, infinity},
      {"exp", &Ball::exp, &Elementary<Mpfr>::exp, -infinity, infinity},
      {"tanh", &Ball::tanh, &Elementary<Mpfr>::tanh, -infinity, infinity},
      {"log1p", &Ball::log1p, &Elementary<Mpfr>::log1p, -1, infinity},
      {"atan", &Ball::atan, [](const Mpfr& x) -> Mpfr { return atan(x); }, -infinity, infinity},
      {"erf", &Ball::erf, &Elementary<Mpfr>::erf, -infinity, infinity},
      {"erfc", &Ball::erfc, &Elementary<Mpfr>::erfc, -infinity, infinity},
      {"abs", &Ball::abs, [](const Mpfr& x) -> Mpfr { return abs(x); }, -infinity, infinity}};
  return all;
}

}  // namespace

TEST_CASE("ball operations enclose the exact ones in every rounding mode", "[scalar][property]") {
  for (const RoundingMode& mode : rounding_modes())
    check_property(std::string("rounding ") + mode.name, [mode] {
      const Ball x = *any_ball(), y = *any_ball();
      for (const Operation& op : operations()) {
        const Ball z = [&] {
          const ScopedRounding guard(mode);
          return op.ball(x, y);
        }();
        RC_ASSERT(!std::isnan(z.mid));
        RC_ASSERT(z.rad >= 0);
        if (!x.bounded() || !y.bounded()) {
          RC_ASSERT(!z.bounded());
          continue;
        }
        const bool by_zero = op.name[0] == '/' && abs(exactly(y.mid)) <= exactly(y.rad);
        if (by_zero) {
          RC_ASSERT(!z.bounded());
          continue;
        }
        for (const Rational& i : positions())
          for (const Rational& j : positions())
            RC_ASSERT(encloses(z, op.exact(point(x, i), point(y, j))));
      }
    });
}

TEST_CASE("ball radii are tight", "[scalar][property]") {
  check_property("at most the exact radius and eight roundings", [] {
    Ball x = *any_ball(), y = *any_ball();
    // Operands whose results are far from underflow and overflow.
    for (Ball* ball : {&x, &y}) {
      const double size = std::abs(ball->mid);
      RC_PRE(size > 0x1p-400);
      RC_PRE(size < 0x1p400);
      RC_PRE(ball->rad <= size / 2);
    }
    for (const Operation& op : operations()) {
      const Ball z = op.ball(x, y);
      const Rational exact = exact_radius(op, x, y, z.mid);
      // A quotient's radius is bounded through the least divisor: a factor 3 at most for rad <=
      // mid/2.
      const Rational factor = op.name[0] == '/' ? Rational(3) : Rational(1);
      const Rational rounding = exactly(std::abs(z.mid)) * exactly(0x1p-50);
      RC_ASSERT(exactly(z.rad) <=
                exact * factor * Rational(1 + 1e-14) + rounding + exactly(1e-300));
    }
  });
}

TEST_CASE("ball functions enclose MPFR's at 300 digits", "[scalar][property]") {
  for (const RoundingMode& mode : rounding_modes())
    check_property(std::string("rounding ") + mode.name, [mode] {
      const Ball x = *any_ball();
      RC_PRE(x.bounded());
      for (const Function& f : functions()) {
        const Ball z = [&] {
          const ScopedRounding guard(mode);
          return f.ball(x);
        }();
        if (!z.bounded()) continue;
        const ScopedDigits digits(700);  // sums of doubles far apart in size stay exact
        for (const double i : {-1.0, -0.25, 0.0, 0.5, 1.0}) {
          const Mpfr at = Mpfr(x.mid) + Mpfr(i) * Mpfr(x.rad);
          if (at < Mpfr(f.from) || at > Mpfr(f.to)) continue;
          RC_ASSERT(abs(Mpfr(f.exact(at) - Mpfr(z.mid))) <= Mpfr(z.rad));
        }
      }
    });
  check_property("tight at points", [] {
    const double a = *any_double();
    RC_PRE(std::abs(a) < 20);
    for (const Function& f : functions()) {
      if (a < f.from || (f.from == -1 && a <= -1)) continue;
      const Ball z = f.ball(Ball(a));
      RC_ASSERT(z.bounded());
      RC_ASSERT(z.rad <= 0x1p-51 * std::abs(z.mid) + 1e-300);
    }
  });
}

TEST_CASE("balls over Mpfr", "[scalar][property]") {
  check_property("enclose exact rationals and are tight", [] {
    const unsigned digits = *gen::one_of<unsigned>({17, 50, 100});
    const ScopedDigits guard(digits);
    const Ball x = *any_ball(), y = *any_ball();
    RC_PRE(x.bounded() && y.bounded());
    const RealBall<Mpfr> X = ball_cast<Mpfr>(x), Y = ball_cast<Mpfr>(y);
    const Mpfr unit = unit_roundoff<Mpfr>();
    const auto check = [&](const RealBall<Mpfr>& Z, const auto& exact, bool quotient) {
      if (!Z.bounded()) {
        RC_ASSERT(quotient);
        return;
      }
      // A radius below 2^-5000 is that of an exact result, and its exponent no use to a rational.
      const Rational mid = exactly(Z.mid),
                     rad = Z.rad < ldexp(Mpfr(1), -5000) ? Rational(0) : exactly(Z.rad);
      Rational worst = 0;
      for (const Rational& i : positions())
        for (const Rational& j : positions()) {
          const Rational gap = abs(Rational(exact(point(x, i), point(y, j)) - mid));
          RC_ASSERT(gap <= rad);
          if (gap > worst) worst = gap;
        }
      if (quotient) return;
      RC_ASSERT(rad <= worst * Rational(1 + 1e-14) + exactly(Mpfr(abs(Z.mid) * unit * 4)) +
                           exactly(Mpfr(ldexp(Mpfr(1), -4000))));
    };
    check(X + Y, operations()[0].exact, false);
    check(X - Y, operations()[1].exact, false);
    check(X * Y, operations()[2].exact, false);
    check(X / Y, operations()[3].exact, true);
    for (const Rational& i : positions()) RC_ASSERT(encloses(ball_cast<double>(X), point(x, i)));
  });
}

TEST_CASE("balls at the ends of the range", "[scalar]") {
  for (const RoundingMode& mode : rounding_modes()) {
    const ScopedRounding guard(mode);
    INFO(mode.name);
    const Ball huge(1e300), tiny(1e-300), nothing(no_number), everything(infinity);
    CHECK_FALSE((huge * huge).bounded());
    CHECK_FALSE((huge / tiny).bounded());
    CHECK_FALSE((Ball(1.7e308) + Ball(1.7e308)).bounded());
    CHECK_FALSE(Ball::exp(Ball(1e4)).bounded());
    CHECK_FALSE((nothing + Ball(1.0)).bounded());
    CHECK_FALSE((nothing * Ball(0.0)).bounded());
    CHECK_FALSE((everything - everything).bounded());
    CHECK_FALSE((Ball(1.0) / Ball(0.0)).bounded());
    CHECK_FALSE(Ball(1.0, no_number).bounded());
    CHECK_FALSE(Ball(1.0, -1.0).bounded());
    CHECK_FALSE(Ball::sqrt(Ball(-1.0)).bounded());
    CHECK_FALSE(Ball::log1p(Ball(-1.0)).bounded());
    CHECK_FALSE(Ball::between(1.0, 0.0).bounded());
    CHECK((tiny * tiny).bounded());
    CHECK((tiny * tiny).rad > 0);
    CHECK(Ball::tanh(everything).bounded());
    CHECK(nothing.lower() == -infinity);
    CHECK(nothing.upper() == infinity);
    CHECK_FALSE(certainly_less(nothing, Ball(1.0)));
    CHECK_FALSE(certainly_positive(nothing));
  }
}

TEST_CASE("upper and lower bounds of one operation", "[scalar][property]") {
  constexpr double most = std::numeric_limits<double>::max();
  for (const RoundingMode& mode : rounding_modes()) {
    {
      const ScopedRounding guard(mode);
      INFO(mode.name);
      // What an overflow leaves depends on the mode; the bound does not.
      CHECK(raise(most) == infinity);
      CHECK(raise(no_number) == infinity);
      CHECK(mul_up(1e200, 1e200) == infinity);
      CHECK(mul_up(0.0, infinity) == infinity);
      CHECK(div_up(1.0, 0.0) == infinity);
      CHECK(below(no_number) == -infinity);
      CHECK(below(-most) == -infinity);
      CHECK(above(most) == infinity);
      CHECK(gamma_up(1e15, 0x1p-52) == infinity);
    }
    check_property(std::string("rounding ") + mode.name, [mode] {
      const double a = std::abs(*any_double()), b = std::abs(*any_double());
      double sum, product, root, low;
      {
        const ScopedRounding guard(mode);
        sum = add_up(a, b);
        product = mul_up(a, b);
        root = sqrt_up(a);
        low = below(a - b);
      }
      if (sum < infinity) RC_ASSERT(exactly(a) + exactly(b) <= exactly(sum));
      if (product < infinity) RC_ASSERT(exactly(a) * exactly(b) <= exactly(product));
      if (root < infinity) RC_ASSERT(exactly(a) <= exactly(root) * exactly(root));
      if (low > -infinity) RC_ASSERT(exactly(low) <= exactly(a) - exactly(b));
    });
  }
}

TEST_CASE("comparisons decide only what is certain", "[scalar][property]") {
  check_property("against exact ends", [] {
    const Ball x = *any_ball(), y = *any_ball();
    RC_PRE(x.bounded() && y.bounded());
    const Rational gap = point(y, -1) - point(x, 1);
    if (certainly_less(x, y)) RC_ASSERT(gap > 0);
    if (certainly_positive(x)) RC_ASSERT(point(x, -1) > 0);
    if (certainly_negative(x)) RC_ASSERT(point(x, 1) < 0);
    if (certainly_contains(x, y)) RC_ASSERT(encloses(x, point(y, 1)) && encloses(x, point(y, -1)));
    RC_ASSERT(exactly(std::max(x.lower(), -1.7e308)) <= point(x, -1));
    RC_ASSERT(exactly(std::min(x.upper(), 1.7e308)) >= point(x, 1));
    // They do decide where the gap is more than rounding.
    const Rational size =
        abs(exactly(x.mid)) + exactly(x.rad) + abs(exactly(y.mid)) + exactly(y.rad);
    if (gap > size * exactly(0x1p-48) + exactly(1e-300)) RC_ASSERT(certainly_less(x, y));
  });
  const ScopedDigits digits(60);
  const Mpfr pi = pi_of<Mpfr>();
  CHECK(abs(Mpfr(pi - Mpfr(Ball::pi().mid))) <= Mpfr(Ball::pi().rad));
  CHECK(Ball::pi().rad <= 2e-15);
}

TEST_CASE("the guard refuses every bad state of the floating-point unit", "[scalar]") {
  CHECK_NOTHROW(require_ieee_arithmetic("test"));
  for (const RoundingMode& mode : rounding_modes()) {
    if (mode.nearest) continue;
    INFO(mode.name);
    CHECK(refused_under(mode, [] { require_ieee_arithmetic("test"); }));
  }
#if defined(__SSE2__)
  // The control register of the vector unit alone, which std::fegetround does not look at; results
  // flushed to zero; operands taken as zero.
  for (const unsigned bits : {0x2000u, 0x4000u, 0x6000u, 0x8000u, 0x0040u}) {
    INFO(bits);
    CHECK(refused_with_bits(bits, [] { require_ieee_arithmetic("test"); }));
  }
#endif
  CHECK_NOTHROW(require_ieee_arithmetic("test"));
  try {
    const ScopedRounding guard(rounding_modes().back());
    require_ieee_arithmetic("a_name");
    FAIL("not refused");
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    CHECK(message.find("a_name") == 0);
    CHECK(message.find("rounding mode") != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  }
}
