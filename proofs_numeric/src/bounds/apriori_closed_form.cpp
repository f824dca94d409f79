// SPDX-License-Identifier: Apache-2.0
#include <alignproof/bounds/apriori_closed_form.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <alignproof/bounds/width.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>

namespace alignproof::inline bounds {

namespace {

using Ball = RealBall<Mpfr>;

void require_bounded(const Activation& psi) {
  const Smoothness<double> s = smoothness<double>(psi);
  if (!(s.L0 && s.L2 && s.L3))
    throw InputError("activation", fmt::format("'{}'", to_string(psi)),
                     "one with |psi|, |psi'|, |psi''| and |psi'''| bounded, for the closed form");
}

void require(bool accepted, const char* what, double value, const std::string& wanted) {
  if (!accepted || !std::isfinite(value)) throw InputError(what, quoted(value), wanted);
}

/// The least whole double that is certainly at least each term.
double least_width(const ClosedForm<Ball>& form, double gamma) {
  double p = 1;
  for (const Ball& term : form.terms) p = std::max(p, std::ceil(to_double(term.upper())));
  while (std::isfinite(p) && !form.enough(Ball(Mpfr(p))))
    p = std::ceil(std::nextafter(p, std::numeric_limits<double>::infinity()));
  if (!(p <= largest_width))
    throw InputError("gamma", quoted(gamma), "one for which the width is at most 1e300");
  return p;
}

}  // namespace

ClosedWidth closed_form_width(const Activation& psi, std::size_t n, double gamma, double bound_x,
                              double bound_y, double eta, double delta) {
  require_bounded(psi);
  const auto samples = static_cast<double>(n);
  require(n >= 1, "n", samples, "a whole number >= 1");
  require(bound_x > 0, "bound of |x_i|", bound_x, "a finite number > 0");
  require(bound_y >= 0, "bound of |y_i|", bound_y, "a finite number >= 0");
  require(delta > 0 && delta < 1, "delta", delta, "a number in (0, 1)");
  ClosedFormInput<Ball> input;
  input.n = samples, input.delta = delta;
  input.gamma = Mpfr(gamma), input.bound_x = Mpfr(bound_x), input.bound_y = Mpfr(bound_y);
  input.psi = enclosed_smoothness(psi);
  const Ball L0 = *input.psi.L0;
  require(gamma > 0 && Analysis<Ball>::at_least(L0 * L0, input.gamma), "gamma", gamma,
          fmt::format("0 < gamma < {:.6g} = sup |psi|^2, which bounds lambda_min(Gbar)",
                      to_double((L0 * L0).mid)));
  ClosedWidth width;
  width.form = closed_form(input);
  require(eta > 0 && Analysis<Ball>::at_least(width.form.step, Ball(Mpfr(eta))), "eta", eta,
          fmt::format("0 < eta < {:.6g} = 2 / ((n + 2) sup |psi|^2), for the closed form",
                      to_double(width.form.step.mid)));
  width.p = least_width(width.form, gamma);
  width.c1 = closed_form_c1(input, width.form, Ball(Mpfr(width.p)));
  return width;
}

}  // namespace alignproof::inline bounds
