// SPDX-License-Identifier: Apache-2.0
// (P.6) implies (P.5), T2 and every step of its own derivation; each of its terms is needed.
#include <alignproof/bounds/apriori_closed_form.hpp>

#include <cmath>

#include <alignproof/bounds/width.hpp>
#include <alignproof/core/error.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

using Ball = RealBall<Mpfr>;

Ball ball(double x) {
  return Mpfr(x);
}

/// |x_i| <= 1: the numbers of K at their worst.
AprioriData<Ball> worst_of(const ClosedFormInput<Ball>& input) {
  AprioriData<Ball> data;
  const Ball n = ball(input.n), root_n = Ball::sqrt(n);
  data.n = input.n, data.psi = input.psi;
  data.kap = data.K_F = data.tr_K = n;
  data.k_max = root_n, data.kk = n * root_n;
  data.gamma = data.gamma_max = input.gamma;
  data.Gam = data.tau0 = n * *input.psi.L0 * *input.psi.L0;
  data.y = root_n * input.bound_y;
  return data;
}

/// The largest of the terms, with one of them multiplied by a factor.
Ball width_with(const ClosedForm<Ball>& form, std::size_t lowered, double factor) {
  Mpfr p = 1;
  for (std::size_t k = 0; k < form.terms.size(); ++k)
    p = std::max(p, Mpfr(form.terms[k].upper() * Mpfr(k == lowered ? factor : 1)));
  return p;
}

Ball width_of(const ClosedForm<Ball>& form) {
  return width_with(form, form.terms.size(), 1);
}

ClosedFormInput<Ball> input_of(const Activation& psi, double n, double gamma, double delta,
                               double Y) {
  ClosedFormInput<Ball> input;
  input.n = n, input.gamma = ball(gamma), input.bound_y = ball(Y), input.delta = delta;
  input.psi = enclosed_smoothness(psi);
  return input;
}

double power_of_ten(double low, double high) {
  return std::pow(10, low + (high - low) * *gen::whole(0, 1000) / 1000.0);
}

/// Constants of psi need not belong to a psi: the derivation asks for nothing but gamma <= L0^2.
/// The ends of the ranges come often, as there a term stands alone.
ClosedFormInput<Ball> drawn_input() {
  const auto seldom = [](int of) { return *gen::whole(1, of) == 1; };
  ClosedFormInput<Ball> input;
  input.n = seldom(4) ? 1000 : std::round(power_of_ten(0, 3));
  input.delta = 0.9 * power_of_ten(-12, 0);
  input.bound_y = ball(seldom(4) ? 0 : power_of_ten(-2, 2));
  const double L0 = power_of_ten(-1, 1);
  const auto or_0 = [&] { return seldom(3) ? 0 : power_of_ten(-2, 2); };
  input.psi = {ball(L0), ball(power_of_ten(-2, 2)), ball(or_0()), ball(or_0())};
  input.gamma = ball(L0 * L0 * (seldom(3) ? 1 - 1e-15 : power_of_ten(-6, 0)));
  return input;
}

const std::vector<Activation>& bounded_activations() {
  static const std::vector<Activation> all{Activation::tanh, Activation::sigmoid, Activation::erf,
                                           Activation("arctan")};
  return all;
}

void check_conclusions(const ClosedFormEvaluation<Ball>& at, const ClosedForm<Ball>& form) {
  for (const ClosedFormStep<Ball>& step : at.steps) {
    INFO(step.what << " uses " << to_double(step.used.mid));
    RC_ASSERT(Analysis<Ball>::at_least(ball(1), step.used));
  }
  RC_ASSERT(at.slack.certain());
  for (const Ball& used : at.used) RC_ASSERT(Analysis<Ball>::at_least(ball(1), used));
  RC_ASSERT(at.kappa.has_value());
  RC_ASSERT(Analysis<Ball>::at_least(form.kappa, *at.kappa));
}

}  // namespace

TEST_CASE("from the closed form on, condition (P.5) and every step of the derivation hold",
          "[bounds][property]") {
  check_property("at the width and at 2, 10 and 1000 times it", [] {
    const ScopedDigits guard(40);
    const ClosedFormInput<Ball> input = drawn_input();
    const ClosedForm<Ball> form = closed_form(input);
    const AprioriData<Ball> worst = worst_of(input);
    const Ball eta = ball(to_double(form.step.lower()) * *rc::gen::element(1 - 1e-12, 0.1, 1e-3));
    for (const double factor : {1.0, 2.0, 10.0, 1000.0}) {
      const Ball p = width_of(form) * ball(factor);
      RC_ASSERT(form.enough(Ball(p.upper())));
      const auto at = evaluate_closed_form(form, worst, eta, input.delta, p);
      RC_ASSERT(at.has_value());
      check_conclusions(*at, form);
    }
  });
}

TEST_CASE("each term of the closed form is needed by the step that it serves", "[bounds]") {
  const ScopedDigits guard(40);
  for (std::size_t k = 0; k < width_term_count; ++k) {
    bool noticed = false;
    for (const Activation& psi : bounded_activations())
      for (const double n : {1.0, 8.0, 1000.0})
        for (const double gamma : {0.99, 0.1, 1e-3, 1e-6})
          for (const double delta : {0.5, 1e-12}) {
            const ClosedFormInput<Ball> input = input_of(psi, n, gamma, delta, 1);
            const ClosedForm<Ball> form = closed_form(input);
            const Ball eta = ball(to_double(form.step.lower()) * (1 - 1e-12));
            const auto at =
                evaluate_closed_form(form, worst_of(input), eta, delta, width_with(form, k, 0.5));
            if (!at) continue;
            for (const ClosedFormStep<Ball>& step : at->steps)
              noticed |=
                  step.term == static_cast<WidthTerm>(k) && certainly_less(ball(1), step.used);
          }
    INFO(to_string(static_cast<WidthTerm>(k)));
    CHECK(noticed);
  }
}

TEST_CASE("without its largest term the closed form is too small for (P.5)", "[bounds]") {
  const ScopedDigits guard(40);
  for (const Activation& psi : bounded_activations()) {
    const ClosedFormInput<Ball> input = input_of(psi, 1000, 1e-4, 0.1, 1);
    const ClosedForm<Ball> form = closed_form(input);
    const auto at =
        evaluate_closed_form(form, worst_of(input), ball(1e-4), 0.1,
                             width_with(form, static_cast<std::size_t>(WidthTerm::drift), 0));
    CHECK((!at || certainly_negative(at->slack.rate)));
  }
}

TEST_CASE("inputs of another length are those of an activation on another scale", "[bounds]") {
  const ScopedDigits guard(40);
  for (const double x : {0.5, 3.0}) {
    ClosedFormInput<Ball> input = input_of(Activation::tanh, 7, 0.05, 0.01, 2);
    input.bound_x = ball(x);
    const ClosedForm<Ball> form = closed_form(input);
    ClosedFormInput<Ball> unit = input;
    unit.bound_x = ball(1), unit.psi = scaled(input.psi, input.bound_x);
    const Ball p = width_of(form), eta = ball(0.1);
    const auto at = evaluate_closed_form(form, worst_of(unit), eta, 0.01, p);
    const auto direct =
        evaluate_closed_form(form, worst_data(Activation::tanh, 7, 0.05, x, 2), eta, 0.01, p);
    REQUIRE(at);
    REQUIRE(direct);
    const auto same = [](const Ball& a, const Ball& b) {
      return to_double(Mpfr(abs(a.mid - b.mid) / abs(a.mid))) < 1e-30;
    };
    CHECK(same(at->slack.rate, direct->slack.rate));
    CHECK(same(at->slack.budget, direct->slack.budget));
    CHECK(same(at->slack.step, direct->slack.step));
    // Rows of W are not scaled: |w_r(t) - w_r(0)| of X itself.
    const Ball per_sample = input.gamma * Ball::sqrt(p) / ball(7);
    const Ball root_log = Ball::sqrt(Analysis<Ball>::log(p));
    CHECK(same(closed_form_c1(input, form, p),
               direct->growth.w_row * form.S * per_sample / root_log));
    CHECK(same(form.c2, value_at(direct->growth.beta_row, form.S) * per_sample));
  }
}

TEST_CASE("the closed form of a named activation is whole and enclosed", "[bounds]") {
  const ScopedDigits guard(40);
  const ClosedWidth width = closed_form_width(Activation::tanh, 5, 0.27, 1, 1, 0.2, 0.1);
  CHECK(width.p == std::floor(width.p));
  CHECK(width.form.enough(ball(width.p)));
  CHECK_FALSE(width.form.enough(ball(width.p - 1)));
  ClosedFormInput<double> in_doubles;
  in_doubles.n = 5, in_doubles.gamma = 0.27, in_doubles.bound_y = 1, in_doubles.delta = 0.1;
  in_doubles.psi = smoothness<double>(Activation::tanh);
  const ClosedForm<double> guess = closed_form(in_doubles);
  for (std::size_t k = 0; k < guess.terms.size(); ++k)
    CHECK(guess.terms[k] == Approx(to_double(width.form.terms[k].mid)).epsilon(1e-12));
  // wb and cb by hand: L0 = L1 = 1, L2 = 4 / (3 sqrt 3), L2^2 = 16/27, L3 = 2.
  const double L2 = 4 / (3 * std::sqrt(3.0));
  CHECK(guess.wb == Approx(10 * L2 + 1.2 + 1.92 * (32.0 / 27 + 2)).epsilon(1e-13));
  CHECK(guess.cb == Approx(1.1 + 0.55 * L2).epsilon(1e-13));
}

TEST_CASE("the closed form refuses what it does not speak of", "[bounds]") {
  const ScopedDigits guard(40);
  const auto refused = [](const char* words, const Activation& psi, std::size_t n, double gamma,
                          double x, double y, double eta, double delta) {
    CHECK_THROWS_WITH(closed_form_width(psi, n, gamma, x, y, eta, delta), Catch::Contains(words));
  };
  const Activation tanh = Activation::tanh;
  CHECK_NOTHROW(closed_form_width(tanh, 3, 0.1, 1, 1, 0.1, 0.1));
  refused("'softplus'", Activation::softplus, 3, 0.1, 1, 1, 0.1, 0.1);
  refused("'relu'", Activation::relu, 3, 0.1, 1, 1, 0.1, 0.1);
  refused("n = 0", tanh, 0, 0.1, 1, 1, 0.1, 0.1);
  refused("gamma = 1.5", tanh, 3, 1.5, 1, 1, 0.1, 0.1);
  refused("gamma = 0", tanh, 3, 0, 1, 1, 0.1, 0.1);
  refused("gamma = 1e-200", tanh, 3, 1e-200, 1, 1, 0.1, 0.1);
  refused("|x_i| = 0", tanh, 3, 0.1, 0, 1, 0.1, 0.1);
  refused("|y_i| = -1", tanh, 3, 0.1, 1, -1, 0.1, 0.1);
  refused("eta = 0.5", tanh, 3, 0.1, 1, 1, 0.5, 0.1);
  refused("delta = 1", tanh, 3, 0.1, 1, 1, 0.1, 1);
}
