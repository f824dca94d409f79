// SPDX-License-Identifier: Apache-2.0
// L0, L1, L2 hold at every real number: a proof by subdivision in ball arithmetic. psi', psi'' and
// psi''' are coefficients of Arb's power series of psi: no formula of the library is repeated here.
#include <alignproof/network/activation.hpp>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_poly.h>

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

/// f(x + h) modulo h^4.
class Series {
 public:
  static constexpr slong order = 4;

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
    constexpr std::array factorial{1, 1, 2, 6};
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
  switch (psi) {
    case Activation::tanh:
      return 1 - 2 / (1 + exp(2 * x));
    case Activation::sigmoid:
      return 1 / (1 + exp(0 - x));
    case Activation::softplus:  // e^-x is small where psi' nears its supremum: few boxes there
      return x + Series::of(arb_poly_log_series, 1 + exp(0 - x));
    case Activation::erf:
      return Series::of(arb_hypgeom_erf_series, x);
    case Activation::gelu:
      return x * erfc(0 - x / sqrt(Ball(2))) / 2;
    case Activation::identity:
    case Activation::relu:
      break;
  }
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
  Ball slope, curvature;  ///< of |psi'| and |psi''| over |x| >= range
};

/// With r = range and |x| >= r, phi the normal density, every bound falling in |x|:
///   tanh      psi' = 4 / (e^x + e^-x)^2 <= 4 e^-2r, |psi''| = 2 |psi| psi' <= 8 e^-2r
///   sigmoid   psi' = 1 / ((1 + e^-x)(1 + e^x)) <= e^-r, |psi''| = psi' |1 - 2 psi| <= e^-r
///   softplus  0 < psi' = sigmoid < 1, |psi''| = sigmoid' <= e^-r
///   erf       psi' = (2 / sqrt pi) e^-x^2, |psi''| = 2 |x| psi', falling for x^2 > 1/2
///   gelu      psi' = Phi(x) + x phi(x): |psi'| <= 1 + r phi(r), as |x| phi(x) falls for x^2 > 1;
///             |psi''| = |2 - x^2| phi(x) <= r^2 phi(r), as x^2 phi(x) falls for x^2 > 2
Tail tail(Activation psi) {
  const auto e = [](double exponent) { return exp(Series(exponent)).derivative(0); };
  const Ball r(range);
  Ball pi;
  arb_const_pi(pi.get(), precision());
  switch (psi) {
    case Activation::tanh:
      return {Ball(4) * e(-2 * range), Ball(8) * e(-2 * range)};
    case Activation::sigmoid:
      return {e(-range), e(-range)};
    case Activation::softplus:
      return {Ball(1), e(-range)};
    case Activation::erf: {
      const Ball slope = Ball(2) / sqrt(pi) * e(-range * range);
      return {slope, Ball(2) * r * slope};
    }
    case Activation::gelu: {
      const Ball phi = e(-range * range / 2) / sqrt(Ball(2) * pi);
      return {Ball(1) + r * phi, r * r * phi};
    }
    case Activation::identity:
    case Activation::relu:
      break;
  }
  throw std::logic_error("no tail");
}

struct Extrema {
  Activation psi;
  double slope_at, curvature_at;  ///< where |psi'| and |psi''| are largest (or 1 - 1e-17 of it)
};

const double inflection = std::atanh(1 / std::sqrt(3.0));  ///< where tanh''' = 0

const std::vector<Extrema> smooth{{Activation::tanh, 0, inflection},
                                  {Activation::sigmoid, 0, 2 * inflection},
                                  {Activation::softplus, range, 0},
                                  {Activation::erf, 0, M_SQRT1_2},
                                  {Activation::gelu, M_SQRT2, 0}};

Ball times(double constant, double factor) {
  return Ball(constant) * Ball(factor);
}

}  // namespace

TEST_CASE("L1 and L2 bound psi' and psi'' at every real number, and are attained", "[network]") {
  for (const auto& [psi, slope_at, curvature_at] : smooth) {
    INFO(to_string(psi));
    const auto constants = smoothness<double>(psi);
    REQUIRE(constants.L2.has_value());
    const std::array<double, 3> L{0, constants.L1, *constants.L2};
    const Tail beyond = tail(psi);
    CHECK(at_least(Ball(L[1]), beyond.slope) == Decision::proved);
    CHECK(at_least(Ball(L[2]), beyond.curvature) == Decision::proved);
    for (int k : {1, 2}) {
      INFO("derivative " << k);
      CHECK(derivative_at_most(psi, k, times(L[k], 1 + nudge)) == Decision::proved);
      const Ball largest = abs(derivative(psi, k, Ball(k == 1 ? slope_at : curvature_at)));
      CHECK(at_least(largest, times(L[k], 1 - nudge)) == Decision::proved);
      // The proof would notice a constant that is too small.
      CHECK(derivative_at_most(psi, k, times(L[k], 1 - 1e-6)) == Decision::violated);
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
    CHECK(at_least(derivative(psi, 0, Ball(range)), times(*L0, 1 - nudge)) == Decision::proved);
    CHECK(value_at_most(psi, *L0 - 1e-6) == Decision::violated);
  }
  // softplus(x) = x + log(1 + e^-x) > x, and gelu(x) = x - x Phi(-x) > x - 1 by Mills' ratio.
  for (Activation psi :
       {Activation::identity, Activation::relu, Activation::softplus, Activation::gelu}) {
    INFO(to_string(psi));
    CHECK_FALSE(smoothness<double>(psi).L0.has_value());
  }
}

TEST_CASE("the constants of the piecewise linear activations", "[network]") {
  CHECK(smoothness<double>(Activation::identity).L1 == 1);
  CHECK(smoothness<double>(Activation::identity).L2 == 0.0);
  CHECK(smoothness<double>(Activation::relu).L1 == 1);
  CHECK_FALSE(smoothness<double>(Activation::relu).L2.has_value());
}
