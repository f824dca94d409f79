// SPDX-License-Identifier: Apache-2.0
// L0 to L3 of the library and of the checker hold at every real number: a proof by subdivision in
// ball arithmetic. psi', psi'' and psi''' are coefficients of Arb's power series of psi: no formula
// of the library is repeated here.
#include <alignproof/network/activation.hpp>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_poly.h>

#include "check/activation.hpp"
#include "check/ball.hpp"
#include "property.hpp"

using namespace alignproof;
using check::at_least;
using check::Ball;
using check::Decision;
using check::precision;

namespace {

constexpr double nudge = 1e-13;  ///< relative: what the rounding of a constant may take or give
constexpr double range = 40;     ///< beyond it the tails below
constexpr double narrowest = 0x1p-40;

const Activation silu("silu"), arctan("arctan");

/// f(x + h) modulo h^5.
class Series {
 public:
  static constexpr slong order = 5;

  Series() { arb_poly_init(value_); }
  Series(const Ball& constant) : Series() { arb_poly_set_coeff_arb(value_, 0, constant.get()); }
  Series(double constant) : Series(Ball(constant)) {}
  Series(const Series& other) : Series() { arb_poly_set(value_, other.value_); }
  Series& operator=(const Series&) = delete;
  ~Series() { arb_poly_clear(value_); }

  static Series variable(const Ball& x) {
    Series z(x);
    arb_poly_set_coeff_si(z.value_, 1, 1);
    return z;
  }

  using Function = void(arb_poly_t, const arb_poly_t, slong, slong);
  static Series of(Function* function, const Series& x) {
    Series z;
    function(z.value_, x.value_, order, precision());
    return z;
  }

  Ball derivative(int k) const {
    constexpr std::array factorial{1, 1, 2, 6, 24};
    Ball z;
    arb_poly_get_coeff_arb(z.get(), value_, k);
    return z * Ball(factorial.at(k));
  }

  friend Series operator+(const Series& x, const Series& y) {
    Series z;
    arb_poly_add(z.value_, x.value_, y.value_, precision());
    return z;
  }
  friend Series operator-(const Series& x, const Series& y) {
    Series z;
    arb_poly_sub(z.value_, x.value_, y.value_, precision());
    return z;
  }
  friend Series operator*(const Series& x, const Series& y) {
    Series z;
    arb_poly_mullow(z.value_, x.value_, y.value_, order, precision());
    return z;
  }
  friend Series operator/(const Series& x, const Series& y) {
    Series z;
    arb_poly_div_series(z.value_, x.value_, y.value_, order, precision());
    return z;
  }

 private:
  arb_poly_t value_;
};

Series exp(const Series& x) {
  return Series::of(arb_poly_exp_series, x);
}
Series erfc(const Series& x) {
  return Series::of(arb_hypgeom_erfc_series, x);
}

Series psi_series(Activation psi, const Ball& ball) {
  const Series x = Series::variable(ball);
  if (psi == Activation::tanh) return 1 - 2 / (1 + exp(2 * x));
  if (psi == Activation::sigmoid) return 1 / (1 + exp(0 - x));
  if (psi == Activation::softplus)  // e^-x is small where psi' nears its supremum: few boxes there
    return x + Series::of(arb_poly_log_series, 1 + exp(0 - x));
  if (psi == Activation::erf) return Series::of(arb_hypgeom_erf_series, x);
  if (psi == Activation::gelu) return x * erfc(0 - x / sqrt(Ball(2))) / 2;
  if (psi == silu) return x / (1 + exp(0 - x));
  if (psi == arctan) return Series::of(arb_poly_atan_series, x);
  throw std::logic_error("no series");
}

Ball derivative(Activation psi, int k, const Ball& x) {
  return psi_series(psi, x).derivative(k);
}

/// 1 - psi without cancellation; at -x it is 1 + psi(x) of an odd psi, and psi(x) of the sigmoid.
Ball complement(Activation psi, const Ball& x) {
  const auto of = [](const Series& series) { return series.derivative(0); };
  if (psi == Activation::tanh) return of(2 / (1 + exp(2 * Series(x))));
  if (psi == Activation::sigmoid) return of(1 / (1 + exp(Series(x))));
  return of(erfc(Series(x)));
}

Ball around(double centre, double radius) {
  Ball x(centre);
  mag_set_d(arb_radref(x.get()), radius);
  return x;
}

/// `statement(centre, radius)` on all of [-range, range], split where it is undecided. Centres and
/// radii are range times dyadic fractions: exact.
Decision everywhere(const std::function<Decision(double, double)>& statement) {
  std::vector<std::pair<double, double>> boxes{{0, range}};
  while (!boxes.empty()) {
    const auto [centre, radius] = boxes.back();
    boxes.pop_back();
    const Decision decision = statement(centre, radius);
    if (decision == Decision::violated) return decision;
    if (decision == Decision::proved) continue;
    if (radius < narrowest) return decision;
    for (double side : {-1, 1}) boxes.emplace_back(centre + side * radius / 2, radius / 2);
  }
  return Decision::proved;
}

/// |psi^(k)| <= bound on [-range, range], in the mean-value form: psi^(k)(m) + psi^(k+1)(X) (X -
/// m). Its excess is quadratic in the width, as is the slack beside a maximum: boxes there need not
/// shrink below the distance from it.
Decision derivative_at_most(Activation psi, int k, const Ball& bound) {
  return everywhere([&](double centre, double radius) {
    const Ball value = derivative(psi, k, Ball(centre));
    if (at_least(bound, abs(value)) == Decision::violated) return Decision::violated;
    const Ball slope = derivative(psi, k + 1, around(centre, radius));
    return at_least(bound, abs(value + slope * around(0, radius)));
  });
}

/// |psi| <= bound on [-range, range]. Both sides as differences from 1: psi rounds to 1.
Decision value_at_most(Activation psi, double bound) {
  return everywhere([&](double centre, double radius) {
    const auto side = [&](double sign) {
      const Ball gap = complement(psi, around(sign * centre, radius));
      return at_least(gap + (Ball(bound) - Ball(1)), Ball());
    };
    return check::both(side(1), side(-1));
  });
}

struct Tail {
  Ball slope, curvature, third;  ///< of |psi'|, |psi''| and |psi'''| over |x| >= range
};

/// With r = range and |x| >= r, phi the normal density, every bound falling in |x|:
///   tanh      psi' = 4 / (e^x + e^-x)^2 <= 4 e^-2r, |psi''| = 2 |psi| psi' <= 8 e^-2r
///   sigmoid   psi' = 1 / ((1 + e^-x)(1 + e^x)) <= e^-r, |psi''| = psi' |1 - 2 psi| <= e^-r
///   softplus  0 < psi' = sigmoid < 1, |psi''| = sigmoid' <= e^-r
///   erf       psi' = (2 / sqrt pi) e^-x^2, |psi''| = 2 |x| psi', falling for x^2 > 1/2
///   gelu      psi' = Phi(x) + x phi(x): |psi'| <= 1 + r phi(r), as |x| phi(x) falls for x^2 > 1;
///             |psi''| = |2 - x^2| phi(x) <= r^2 phi(r), as x^2 phi(x) falls for x^2 > 2
///   silu      s = sigmoid(x), s' = s (1 - s) <= e^-|x|: |psi'| <= s + |x| s' <= 1 + r e^-r,
///             |psi''| = s' |2 + x (1 - 2 s)| <= (2 + r) e^-r, as |x| e^-|x| falls for |x| > 1
///   arctan    psi' = 1 / (1 + x^2), |psi''| = 2 |x| psi'^2 <= 2 psi' / |x|
/// and |psi'''|: tanh (1 - t^2) |6 t^2 - 2| <= 4 psi'; sigmoid s' |1 - 6 s'|; softplus s' |1 - 2
/// s|; erf |4 x^2 - 2| psi'; gelu |x| |x^2 - 4| phi; silu |3 s'' + x s'''| <= (3 + |x|) s'; arctan
/// |6 x^2 - 2| psi'^3 <= 6 psi'^2 <= 6 psi' / x^2.
Tail tail(Activation psi) {
  const auto e = [](double exponent) { return exp(Series(exponent)).derivative(0); };
  const Ball r(range);
  Ball pi;
  arb_const_pi(pi.get(), precision());
  if (psi == Activation::tanh)
    return {Ball(4) * e(-2 * range), Ball(8) * e(-2 * range), Ball(16) * e(-2 * range)};
  if (psi == Activation::sigmoid) return {e(-range), e(-range), e(-range)};
  if (psi == Activation::softplus) return {Ball(1), e(-range), e(-range)};
  if (psi == Activation::erf) {
    const Ball slope = Ball(2) / sqrt(pi) * e(-range * range);
    return {slope, Ball(2) * r * slope, Ball(4) * r * r * slope};
  }
  if (psi == Activation::gelu) {
    const Ball phi = e(-range * range / 2) / sqrt(Ball(2) * pi);
    return {Ball(1) + r * phi, r * r * phi, r * r * r * phi};
  }
  if (psi == silu)
    return {Ball(1) + r * e(-range), (Ball(2) + r) * e(-range), (Ball(3) + r) * e(-range)};
  if (psi == arctan) {
    const Ball slope = Ball(1) / (Ball(1) + r * r);
    return {slope, Ball(2) * slope / r, Ball(6) * slope / (r * r)};
  }
  throw std::logic_error("no tail");
}

struct Extrema {
  Activation psi;
  /// Where |psi'|, |psi''| and |psi'''| are largest (or 1 - 1e-17 of it).
  double slope_at, curvature_at, third_at;
};

const double inflection = std::atanh(1 / std::sqrt(3.0));  ///< where tanh''' = 0

const std::vector<Extrema> smooth{
    {Activation::tanh, 0, inflection, 0},
    {Activation::sigmoid, 0, 2 * inflection, 0},
    {Activation::softplus, range, 0, 2 * inflection},
    {Activation::erf, 0, M_SQRT1_2, 0},
    {Activation::gelu, M_SQRT2, 0, std::sqrt((7 - std::sqrt(33.0)) / 2)},
    {silu, 2.399357280515468, 0, 1.0319582417807491},
    {arctan, 0, 1 / std::sqrt(3.0), 0}};

/// L1, L2, L3 of the library and of the checker, and how sharp L3 is.
struct Constants {
  const char* side;
  std::array<Ball, 4> L;
  double sharp;
};

std::array<Constants, 2> constants_of(Activation psi) {
  const auto library = smoothness<double>(psi);
  const check::ActivationBounds checker = check::activation_bounds(psi);
  // L3 of silu is a bound of seven digits, in the checker of four.
  const bool rounded = psi == silu;
  return {Constants{"library",
                    {Ball(), library.L1, library.L2.value(), library.L3.value()},
                    rounded ? 1e-7 : nudge},
          Constants{"checker",
                    {Ball(), checker.L1, checker.L2, std::get<Ball>(check::row_of(psi).L3())},
                    rounded ? 1e-4 : nudge}};
}

}  // namespace

TEST_CASE("L1, L2 and L3 bound psi', psi'' and psi''' at every real number, and are attained",
          "[network]") {
  for (const auto& [psi, slope_at, curvature_at, third_at] : smooth) {
    const Tail beyond = tail(psi);
    for (const auto& [side, L, sharp] : constants_of(psi)) {
      INFO(to_string(psi) << " of the " << side);
      CHECK(at_least(L[1], beyond.slope) == Decision::proved);
      CHECK(at_least(L[2], beyond.curvature) == Decision::proved);
      CHECK(at_least(L[3], beyond.third) == Decision::proved);
      for (int k : {1, 2, 3}) {
        INFO("derivative " << k);
        CHECK(derivative_at_most(psi, k, L[k] * (1 + nudge)) == Decision::proved);
        const Ball largest =
            abs(derivative(psi, k, Ball(std::array{0.0, slope_at, curvature_at, third_at}.at(k))));
        CHECK(at_least(largest, L[k] * (1 - (k == 3 ? sharp : nudge))) == Decision::proved);
        // The proof would notice a constant that is too small.
        CHECK(derivative_at_most(psi, k, L[k] * (1 - std::max(1e-6, 2 * sharp))) ==
              Decision::violated);
      }
    }
  }
}

// Beyond the range 1 - |psi| > 0 still, for e^x > 0 and erfc > 0.
TEST_CASE("L0 bounds psi at every real number, and is approached", "[network]") {
  for (Activation psi : {Activation::tanh, Activation::sigmoid, Activation::erf}) {
    INFO(to_string(psi));
    const std::optional<double> L0 = smoothness<double>(psi).L0;
    REQUIRE(L0.has_value());
    CHECK(*L0 >= 1);
    CHECK(value_at_most(psi, *L0) == Decision::proved);
    CHECK(check::about(std::get<Ball>(check::row_of(psi).L0())) == *L0);
    CHECK(at_least(derivative(psi, 0, Ball(range)), Ball(*L0) * (1 - nudge)) == Decision::proved);
    CHECK(value_at_most(psi, *L0 - 1e-6) == Decision::violated);
  }
  // softplus(x) = x + log(1 + e^-x) > x; gelu(x) = x - x Phi(-x) > x - 1 by Mills' ratio, and
  // silu(x) = x - x sigmoid(-x) > x - 1.
  for (Activation psi :
       {Activation::identity, Activation::relu, Activation::softplus, Activation::gelu, silu}) {
    INFO(to_string(psi));
    CHECK_FALSE(smoothness<double>(psi).L0.has_value());
    CHECK_FALSE(std::holds_alternative<Ball>(check::row_of(psi).L0()));
  }
}

TEST_CASE("the constants of the piecewise linear activations", "[network]") {
  CHECK(smoothness<double>(Activation::identity).L1 == 1);
  CHECK(smoothness<double>(Activation::identity).L2 == 0.0);
  CHECK(smoothness<double>(Activation::relu).L1 == 1);
  CHECK_FALSE(smoothness<double>(Activation::relu).L2.has_value());
  CHECK(smoothness<double>(Activation::identity).L3 == 0.0);
  CHECK_FALSE(smoothness<double>(Activation::relu).L3.has_value());
  CHECK(check::about(std::get<Ball>(check::row_of(Activation::identity).L3())) == 0);
  CHECK_FALSE(std::holds_alternative<Ball>(check::row_of(Activation::relu).L3()));
}

// arctan increases towards pi/2.
TEST_CASE("L0 of arctan is the half of pi", "[network]") {
  CHECK(smoothness<double>(arctan).L0 == M_PI / 2);
  CHECK(std::atan(1e30) == M_PI / 2);
  CHECK(check::about(std::get<Ball>(check::row_of(arctan).L0())) == M_PI / 2);
}
