// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/width_producer.hpp>

#include <cmath>

#include <alignproof/core/error.hpp>

#include "check/decide_width.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// n x d numbers between -1 and 1, rows of length about 1.
Array samples(std::size_t n, std::size_t d) {
  Array X({n, d});
  for (std::size_t k = 0; k < n * d; ++k)
    X.values[k] =
        std::sin(1 + 7.0 * static_cast<double>(k * k)) * std::sqrt(2.0 / static_cast<double>(d));
  return X;
}

Array targets(std::size_t n, std::size_t k) {
  Array y(k == 1 ? std::vector{n} : std::vector{n, k});
  for (std::size_t i = 0; i < y.values.size(); ++i)
    y.values[i] = std::cos(3.0 * static_cast<double>(i));
  return y;
}

struct Proposed {
  SufficientWidth found;
  AprioriData<RealBall<Mpfr>> data;
  WidthCertificate certificate;
};

Proposed proposed(const Activation& psi, std::size_t n, std::size_t d, std::size_t k = 1,
                  Rule rule = Rule::fa) {
  const Array X = samples(n, d), y = targets(n, k);
  const AprioriData<RealBall<Mpfr>> data =
      apriori_data(psi, X, y, enclose_limit_kernel(psi, X, width_digits));
  const AprioriVariant variant = apriori_variant(psi, rule, k);
  const auto found = width_sufficient(data, 0.1, variant, 0.1, usual_split());
  REQUIRE(found);
  return {*found, data,
          propose_width_certificate({.activation = psi, .rule = rule, .X = X, .y = y}, data,
                                    variant, *found)};
}

}  // namespace

TEST_CASE("widths of all activations with a limit kernel are proved by the checker",
          "[certificates]") {
  const ScopedDigits digits(width_digits);
  for (const Activation& psi :
       {Activation::identity, Activation::tanh, Activation::sigmoid, Activation::erf,
        Activation::relu, Activation::softplus, Activation::gelu}) {
    const WidthCertificate c = proposed(psi, 3, 30).certificate;
    INFO(to_string(psi) << ", p = " << c.p);
    const check::Findings findings = check::verify(c, 128, 256);
    INFO(findings.conditions.back().inequality << " " << findings.conditions.back().detail);
    CHECK(findings.decision == check::Decision::proved);
    CHECK(c.claims.kappa.has_value());
  }
}

TEST_CASE("widths of k outputs are proved by the checker", "[certificates]") {
  const ScopedDigits digits(width_digits);
  for (const Activation& psi : {Activation::identity, Activation::tanh, Activation::softplus})
    for (const std::size_t k : {2u, 5u}) {
      const WidthCertificate c = proposed(psi, 3, 30, k).certificate;
      INFO(to_string(psi) << ", k = " << k << ", p = " << c.p);
      CHECK(check::verify(c, 128, 256).decision == check::Decision::proved);
    }
}

TEST_CASE("widths of backpropagation are proved by the checker", "[certificates]") {
  const ScopedDigits digits(width_digits);
  for (const Activation& psi : {Activation::identity, Activation::erf, Activation::gelu})
    for (const std::size_t k : {1u, 3u}) {
      const WidthCertificate c = proposed(psi, 3, 30, k, Rule::bp).certificate;
      INFO(to_string(psi) << ", k = " << k << ", p = " << c.p);
      CHECK(check::verify(c, 128, 256).decision == check::Decision::proved);
      CHECK_FALSE(c.claims.kappa.has_value());
    }
}

TEST_CASE("the width that is proposed is the one that was found", "[certificates]") {
  const ScopedDigits digits(width_digits);
  const auto [found, data, c] = proposed(Activation::tanh, 3, 30);
  CHECK(static_cast<double>(c.p) == found.p);
  CHECK((c.S == found.S && c.eta == found.eta && c.delta == found.delta));
  const Mpfr low = c.spectra.gamma_lower, high = c.spectra.gamma_upper;
  CHECK(low < data.gamma.lower());
  CHECK(high > data.gamma.upper());
  CHECK(Mpfr(c.claims.c1) > found.c1.upper());
  CHECK(c.claims.c1 < to_double(found.c1.mid) * (1 + 1e-12));
  CHECK(Mpfr(*c.claims.kappa) > found.kappa->upper());
  for (const Line line : all_lines)
    for (const WidthLine& each : width_lines)
      if (each.name == to_string(line)) CHECK(c.shares.*each.share == found.shares[line]);
}

TEST_CASE("a width beyond the whole numbers of doubles has no certificate", "[certificates]") {
  const ScopedDigits digits(width_digits);
  const auto [found, data, c] = proposed(Activation::tanh, 3, 30);
  SufficientWidth wide = found;
  wide.p = 0x1p60;
  CHECK_THROWS_AS(
      propose_width_certificate({.activation = c.activation, .rule = c.rule, .X = c.X, .y = c.y},
                                data, apriori_variant(c.activation, c.rule, 1), wide),
      InputError);
}
