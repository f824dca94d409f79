// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/law_producer.hpp>

#include <cmath>
#include <functional>
#include <limits>

#include <alignproof/core/error.hpp>

#include "check/decide_law.hpp"
#include "property.hpp"
#include "tamper/law_truth.hpp"

using namespace alignproof;

namespace {

LawStatement statement(const Activation& psi, std::size_t n, double gamma, double tau) {
  LawStatement s{.activation = psi, .y = Array({n}), .gamma = gamma, .tau = tau};
  for (double& y : s.y.values) y = 1;
  return s;
}

}  // namespace

TEST_CASE("values of the isometric law are proposed and proved", "[certificates]") {
  struct Known {
    Activation psi;
    double gamma, tau, cosine, error;
  };
  // By adaptive quadratures in Python, n = 4, lambda = ybar = 1; of the identity the cubic.
  for (const Known& known : {Known{Activation::tanh, 1, 1, 0.659406880858, 1.203517822401},
                             {Activation::tanh, 1, 3, 0.843675353990, 0.878932501496},
                             {Activation::erf, 1, 1, 0.669416959001, 1.110566462517},
                             {Activation::relu, 2, 1, 0.351456616351, 0.576610223967},
                             {Activation::relu, 2, 3, 0.537167550493, 0.363021897140},
                             {Activation::identity, 2, 1, 0.634169860813, 0.460252528193},
                             {Activation::identity, 2, 3, 0.863545356962, 0.225604941948}}) {
    INFO(to_string(known.psi) << ", tau = " << known.tau);
    const LawCertificate c =
        propose_law_certificate(statement(known.psi, 4, known.gamma, known.tau));
    const check::Findings findings = check::verify(c, 128, 256);
    INFO(findings.conditions.back().inequality << " " << findings.conditions.back().detail);
    CHECK(findings.decision == check::Decision::proved);
    CHECK(std::abs(c.values.cosine.lower - known.cosine) < 2e-12);
    CHECK(std::abs(c.values.error.upper - known.error) < 3e-12);
    for (const LawQuantity& quantity : law_quantities) {
      const LawBounds& bounds = c.values.*quantity.bounds;
      CHECK(bounds.lower < bounds.upper);
      CHECK(bounds.upper - bounds.lower < 1.001e-12 * bounds.upper);
    }
  }
}

TEST_CASE("a proposed value of the law is that of plain quadratures", "[certificates]") {
  for (const Activation& psi : {Activation::identity, Activation::tanh, Activation::erf,
                                Activation::sigmoid, Activation::relu})
    for (const unsigned digits : {9u, 13u}) {
      LawStatement s = statement(psi, 7, 0.5, digits > 9 ? 0.01 : 0.7);
      s.lambda = 0.25, s.digits = digits;
      const LawCertificate c = propose_law_certificate(s);
      INFO(to_string(psi) << ", tau = " << s.tau);
      CHECK(check::verify(c, 128, 256).decision == check::Decision::proved);
      if (digits > 9) continue;  // more than the truth is asked for
      const truth::LawTruth v = truth::law_truth(c, false);
      const std::pair<double, LawBounds> values[] = {{v.cosine, c.values.cosine},
                                                     {v.error, c.values.error},
                                                     {v.smallest, c.values.smallest},
                                                     {v.largest, c.values.largest}};
      for (const auto& [value, bounds] : values)
        CHECK((bounds.lower < value && value < bounds.upper));
      CHECK(c.values.M.lower == Approx(v.M).epsilon(1e-11));
    }
}

TEST_CASE("laws from very early to very late are proposed and proved", "[certificates]") {
  for (const auto& [psi, gamma, tau] : {std::tuple{Activation::sigmoid, 1.0, 1e-4},
                                        {Activation::tanh, 0.04, 20.0},
                                        {Activation::erf, 0.04, 10.0},
                                        {Activation::erf, 0.5, 1e-5},
                                        {Activation::relu, 1.0, 1e-7},
                                        {Activation::relu, 3.0, 1e6},
                                        {Activation::identity, 1e-6, 1.0},
                                        {Activation::identity, 1e6, 100.0}}) {
    LawStatement s = statement(psi, 2, gamma, tau);
    const LawCertificate c = propose_law_certificate(s);
    const check::Findings findings = check::verify(c, 128, 256);
    INFO(to_string(psi) << ", tau = " << tau << ": " << findings.conditions.back().inequality << " "
                        << findings.conditions.back().detail);
    CHECK(findings.decision == check::Decision::proved);
  }
}

TEST_CASE("a law certificate is proposed of what it can say", "[certificates]") {
  const auto refuses = [](const std::function<void(LawStatement&)>& change) {
    LawStatement s = statement(Activation::relu, 3, 1, 1);
    change(s);
    CHECK_THROWS_AS(propose_law_certificate(s), InputError);
  };
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()}) {
    refuses([&](LawStatement& s) { s.gamma = bad; });
    refuses([&](LawStatement& s) { s.lambda = bad; });
    refuses([&](LawStatement& s) { s.tau = bad; });
  }
  refuses([](LawStatement& s) { s.digits = 0; });
  refuses([](LawStatement& s) { s.digits = most_law_digits + 1; });
  refuses([](LawStatement& s) { s.activation = Activation::gelu; });
  refuses([](LawStatement& s) { s.y = Array({0}); });
  refuses([](LawStatement& s) { s.y.values.assign(3, 0.0); });
  refuses([](LawStatement& s) { s.y.values[1] = -1; });
  refuses([](LawStatement& s) { s.y.values[1] = 2; });
  LawStatement mixed = statement(Activation::tanh, 3, 1, 1e-3);
  mixed.y.values[1] = -1;
  CHECK(check::verify(propose_law_certificate(mixed), 128, 256).decision ==
        check::Decision::proved);
  mixed.tau = 1e9;
  CHECK_THROWS_AS(propose_law_certificate(mixed), InputError);
}
