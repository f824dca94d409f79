// SPDX-License-Identifier: Apache-2.0
// The structure of Theorem P's condition: it is monotone in the width, the same template gives the
// same numbers in doubles and in balls, its parts add up, and its inputs have edges.
#include <alignproof/bounds/apriori.hpp>

#include <cmath>
#include <limits>

#include <alignproof/bounds/width.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

using Ball = RealBall<Mpfr>;

double power_of_ten(double low, double high) {
  return std::pow(10, low + (high - low) * *gen::whole(0, 1000) / 1000.0);
}

struct Drawn {
  Activation psi = Activation::tanh;
  DriftBound drift = DriftBound::second_order;
  AprioriData<Ball> data;
  double p = 0, delta = 0, eta = 0, S = 0;
  Shares shares;
  Tails tails;

  AprioriVariant variant() const { return one_output_variant(psi, drift); }
};

/// Norms of K need not belong to a K: the condition asks for nothing of the kind. The width is at
/// least the one at which (P.1), or the smallest singular value, leaves something of gamma.
Drawn drawn() {
  Drawn x;
  x.psi = *gen::one_of<Activation>(
      {Activation::tanh, Activation::sigmoid, Activation::erf, Activation::identity});
  x.drift = *gen::one_of<DriftBound>({DriftBound::second_order, DriftBound::norms});
  const auto n = static_cast<std::size_t>(power_of_ten(0, 3));
  x.data = worst_data(x.psi, n, power_of_ten(-4, -1), power_of_ten(-1, 1), power_of_ten(-2, 2));
  x.data.k_max = x.data.k_max * Ball(Mpfr(power_of_ten(-1, 0)));
  x.data.kk = x.data.kk * Ball(Mpfr(power_of_ten(-1, 0)));
  x.data.K_F = x.data.K_F * Ball(Mpfr(power_of_ten(-1, 0)));
  x.delta = 0.9 * power_of_ten(-14, 0);
  x.eta = largest_step(x.data) * power_of_ten(-3, -0.01);
  x.shares = shares_of(usual_split(), x.variant().lines, x.delta);
  const AprioriData<double> data = in_doubles(x.data);
  const double L0 = data.psi.L0.value_or(1), l = std::log(data.n / x.shares[Line::G]);
  const double least = data.linear ? 2 * (data.n + 2 * l) : data.n * L0 * L0 * l / data.gamma;
  x.p = std::ceil(3 * least * power_of_ten(0, 12));
  x.S = power_of_ten(-2, 4);
  x.tails = x.variant().tails(data, x.p, x.shares);
  return x;
}

template <class Values>
void require_not_larger(const Values& wide, const Values& narrow) {
  for (std::size_t k = 0; k < wide.size(); ++k) RC_ASSERT(wide[k] <= narrow[k] * (1 + 1e-14));
}

void require_close(const Ball& ball, double value, double scale) {
  RC_ASSERT(ball.bounded());
  RC_ASSERT(std::abs(to_double(ball.mid) - value) <= 1e-11 * scale + 1e-300);
  RC_ASSERT(to_double(ball.rad) <= 1e-25 * scale);
}

template <class Balls, class Values>
void require_all_close(const Balls& balls, const Values& values) {
  for (std::size_t k = 0; k < balls.size(); ++k)
    require_close(balls[k], values[k], std::abs(values[k]));
}

}  // namespace

TEST_CASE("(P.5) at a width implies it at every larger one", "[bounds][property]") {
  check_property("(P.5) at a width implies it at every larger one", [] {
    const ScopedDigits digits(width_digits);
    const Drawn x = drawn();
    const AprioriVariant variant = x.variant();
    const AprioriData<double> data = in_doubles(x.data);
    const double larger = std::ceil(x.p * power_of_ten(0.001, 6));
    // The same eps serves: what (P.1) asks of it falls with p.
    const auto at_p = variant.in_doubles(data, x.p, x.shares, x.tails),
               wider = variant.in_doubles(data, larger, x.shares, x.tails);
    RC_ASSERT(at_p.has_value());
    RC_ASSERT(wider.has_value());
    RC_ASSERT(wider->m0 >= at_p->m0 - 1e-14 * std::abs(at_p->m0));
    require_not_larger(
        std::array{wider->top, wider->E, wider->A_moved, wider->w_row, wider->cos_b, wider->beta0},
        std::array{at_p->top, at_p->E, at_p->A_moved, at_p->w_row, at_p->cos_b, at_p->beta0});
    require_not_larger(wider->D_lo, at_p->D_lo);
    require_not_larger(wider->D_up, at_p->D_up);
    require_not_larger(wider->C_v, at_p->C_v);
    require_not_larger(wider->rho, at_p->rho);
    require_not_larger(wider->beta_row, at_p->beta_row);
    const AprioriSlack<double> a = apriori_slack(*at_p, data.gamma_max, x.eta, x.S),
                               b = apriori_slack(*wider, data.gamma_max, x.eta, x.S);
    const double size = std::abs(a.budget) + at_p->m0 * x.S + at_p->E;
    RC_ASSERT(b.rate >= a.rate - 1e-12 * (std::abs(a.rate) + std::abs(data.gamma)));
    RC_ASSERT(b.budget >= a.budget - 1e-12 * size);
    RC_ASSERT(b.step >= a.step - 1e-12 * (2 + std::abs(a.step)));
    // mu falls with S, so the rate asked for at S holds before.
    RC_ASSERT(mu_at(*at_p, x.eta, x.S / 2) >= mu_at(*at_p, x.eta, x.S));
  });
}

TEST_CASE("the condition is the same in doubles and in balls", "[bounds][property]") {
  check_property("the condition is the same in doubles and in balls", [] {
    const ScopedDigits digits(width_digits);
    const Drawn x = drawn();
    const AprioriVariant variant = x.variant();
    const AprioriData<double> data = in_doubles(x.data);
    const auto rounded = variant.in_doubles(data, x.p, x.shares, x.tails);
    const auto enclosed = variant.in_balls(x.data, Ball(Mpfr(x.p)), x.shares, x.tails);
    RC_ASSERT(rounded.has_value());
    RC_ASSERT(enclosed.has_value());
    const double gamma = data.gamma + std::abs(rounded->m0);
    require_close(enclosed->m0, rounded->m0, gamma);
    require_close(enclosed->top, rounded->top, rounded->top);
    require_close(enclosed->E, rounded->E, rounded->E);
    require_all_close(enclosed->D_lo, rounded->D_lo);
    require_all_close(enclosed->D_up, rounded->D_up);
    require_all_close(enclosed->C_v, rounded->C_v);
    require_all_close(enclosed->rho, rounded->rho);
    require_all_close(enclosed->beta_row, rounded->beta_row);
    require_close(enclosed->w_row, rounded->w_row, rounded->w_row);
    const Ball S = Mpfr(x.S), eta = Mpfr(x.eta);
    const AprioriSlack<Ball> a = apriori_slack(*enclosed, x.data.gamma_max, eta, S);
    const AprioriSlack<double> b = apriori_slack(*rounded, data.gamma_max, x.eta, x.S);
    const double lost =
        value_at(rounded->D_lo, x.S) + x.eta * value_at(rounded->C_v, x.S) * rounded->E + gamma;
    require_close(a.rate, b.rate, lost);
    require_close(a.budget, b.budget, lost * x.S + rounded->E);
    require_close(a.step, b.step,
                  2 + x.eta * (rounded->top + value_at(rounded->D_up, x.S) + data.gamma_max));
  });
}

TEST_CASE("an uncertain input makes the condition uncertain, never wrong", "[bounds][property]") {
  check_property("an uncertain input makes the condition uncertain, never wrong", [] {
    const ScopedDigits digits(width_digits);
    Drawn x = drawn();
    const AprioriVariant variant = x.variant();
    const auto exact = variant.in_balls(x.data, Ball(Mpfr(x.p)), x.shares, x.tails);
    RC_ASSERT(exact.has_value());
    // gamma, K and y within a part in a thousand: the exact ones are points of these balls.
    AprioriData<Ball> wide = x.data;
    for (Ball* number : {&wide.gamma_max, &wide.kap, &wide.k_max, &wide.kk, &wide.K_F, &wide.y})
      *number = Ball(number->mid, abs(number->mid) / Mpfr(1000));
    const auto inexact = variant.in_balls(wide, Ball(Mpfr(x.p)), x.shares, x.tails);
    RC_ASSERT(inexact.has_value());
    const Ball S = Mpfr(x.S), eta = Mpfr(x.eta);
    const AprioriSlack<Ball> a = apriori_slack(*exact, x.data.gamma_max, eta, S),
                             b = apriori_slack(*inexact, wide.gamma_max, eta, S);
    RC_ASSERT(certainly_contains(b.rate, a.rate));
    RC_ASSERT(certainly_contains(b.budget, a.budget));
    RC_ASSERT(certainly_contains(b.step, a.step));
    RC_ASSERT(!b.certain() || a.certain());
  });
}

TEST_CASE("what gamma loses is the sum of its parts", "[bounds][property]") {
  check_property("what gamma loses is the sum of its parts", [] {
    const ScopedDigits digits(width_digits);
    const Drawn x = drawn();
    const auto g = x.variant().in_doubles(in_doubles(x.data), x.p, x.shares, x.tails);
    RC_ASSERT(g.has_value());
    double sum = 0;
    for (const Part<double>& part : g->parts) {
      const double cost = value_at(part.cost, x.S);
      RC_ASSERT(cost >= 0);
      sum += cost;
    }
    const double gamma = in_doubles(x.data).gamma, lost = gamma - g->m0 + value_at(g->D_lo, x.S);
    RC_ASSERT(std::abs(sum - lost) <= 1e-12 * (sum + gamma));
    RC_ASSERT(value_at(g->D_up, x.S) >= value_at(g->D_lo, x.S));
  });
}

TEST_CASE("the exponents of matrix Chernoff are bounded from below", "[bounds][property]") {
  check_property("the exponents of matrix Chernoff are bounded from below", [] {
    const ScopedDigits digits(120);
    const double eps = 0.999999 * power_of_ten(-20, 0);
    const Ball e = Mpfr(eps), one = Mpfr(1);
    const Ball h = e + (one - e) * Ball::log1p(-e), twin = (one + e) * Ball::log1p(e) - e;
    const double lower = lower_tail<double>(eps), upper = upper_tail<double>(eps);
    // A part in a million is what the cut series leave; from 2^-10 on the formula itself rounds.
    RC_ASSERT(std::abs(lower / to_double(h.mid) - 1) < 1e-6);
    RC_ASSERT(std::abs(upper / to_double(twin.mid) - 1) < 1e-6);
    RC_ASSERT(lower_tail<Ball>(eps).lower() <= h.upper());
    RC_ASSERT(upper_tail<Ball>(eps).lower() <= twin.upper());
    // Also for eps' beyond 1.
    const double large = power_of_ten(0, 10);
    const Ball l = Mpfr(large), exact = (one + l) * Ball::log1p(l) - l;
    RC_ASSERT(std::abs(upper_tail<double>(large) / to_double(exact.mid) - 1) < 1e-12);
  });
  check_property("the eps that is found satisfies (P.1) in balls, and a smaller one does not", [] {
    const ScopedDigits digits(width_digits);
    Drawn x = drawn();
    RC_PRE(!x.data.linear);
    const Ball p = Mpfr(x.p);
    RC_ASSERT(gram_of_bounded(x.data, p, x.shares, x.tails).has_value());
    const auto less = [&](double of_lower, double of_upper) {
      return gram_of_bounded(x.data, p, x.shares,
                             {x.tails.lower * of_lower, x.tails.upper * of_upper});
    };
    RC_ASSERT(!less(0.99, 1));
    RC_ASSERT(!less(1, 0.99));
  });
}

TEST_CASE("the condition at the edges of its inputs", "[bounds]") {
  const ScopedDigits digits(width_digits);
  const AprioriData<Ball> data = worst_data(Activation::tanh, 3, 0.3, 1, 1);
  const AprioriVariant variant = one_output_variant(Activation::tanh, DriftBound::second_order);
  const Shares shares = shares_of(usual_split(), variant.lines, 0.1);
  const auto grows = [&](double p, const Tails& tails) {
    return variant.in_balls(data, Ball(Mpfr(p)), shares, tails).has_value();
  };
  CHECK(grows(1e300, variant.tails(in_doubles(data), 1e300, shares)));
  CHECK(grows(1e6, {0.99, 100}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Tails& tails : {Tails{1, 1}, Tails{-1e-300, 1}, Tails{0, 1}, Tails{nan, 1},
                             Tails{0.5, nan}, Tails{0.5, -1}, Tails{0.5, 0}})
    CHECK_FALSE(grows(1e6, tails));
  // (P.1) has no solution: nothing of gamma is left.
  CHECK(variant.tails(in_doubles(data), 10, shares).lower == 1);
  CHECK_FALSE(grows(10, variant.tails(in_doubles(data), 10, shares)));

  // The identity where n and the tail exceed p.
  const AprioriData<Ball> linear = worst_data(Activation::identity, 50, 0.3, 1, 1);
  const AprioriVariant of_linear =
      one_output_variant(Activation::identity, DriftBound::second_order);
  const Shares fewer = shares_of(usual_split(), of_linear.lines, 0.1);
  CHECK_FALSE(of_linear.in_balls(linear, Ball(Mpfr(50)), fewer, {}).has_value());
  CHECK(of_linear.in_balls(linear, Ball(Mpfr(5000)), fewer, {}).has_value());

  // Shares: the exact sum decides, not the rounded one.
  Shares two;
  two[Line::G] = std::nextafter(0.1, 0);  // 0.1 - 1.39e-17
  two[Line::H] = 1e-17;
  CHECK(within<Ball>(two, 0.1));
  two[Line::H] = 2e-17;
  CHECK(two[Line::G] + two[Line::H] == 0.1);
  CHECK_FALSE(within<Ball>(two, 0.1));
  for (const double bad : {-1e-30, nan}) {
    two[Line::H] = bad;
    CHECK_FALSE(within<Ball>(two, 0.1));
  }

  // T2 says nothing where beta may vanish.
  Growth<double> g;
  g.rho = {0, 1}, g.cos_b = 1, g.beta0 = 0.5;
  CHECK_FALSE(kappa_at(g, 100.0, 9.5).has_value());
  REQUIRE(kappa_at(g, 100.0, 4.5).has_value());
  CHECK(*kappa_at(g, 100.0, 4.5) == Approx(11));
}

TEST_CASE("psi that a bound does not speak of is refused", "[bounds]") {
  for (const DriftBound drift : {DriftBound::second_order, DriftBound::norms})
    CHECK_THROWS_WITH(one_output_variant(Activation::relu, drift),
                      Catch::Contains("activation = 'relu'"));
  CHECK_THROWS_WITH(worst_data(Activation::relu, 3, 0.1, 1, 1),
                    Catch::Contains("activation = 'relu'"));
}
