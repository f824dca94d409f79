// SPDX-License-Identifier: Apache-2.0
// Sufficient widths: reference values, what is verified about them, and what follows at larger
// ones.
#include <alignproof/bounds/width.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/spectrum.hpp>
#include <alignproof/network/data.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

using Ball = RealBall<Mpfr>;

AprioriData<Ball> data_of(const Activation& psi, std::size_t n, std::size_t d) {
  DataSpec spec;
  spec.n = n, spec.d = d;
  const Data data = make_data(spec);
  return apriori_data(psi, data.X, data.y, enclose_limit_kernel(psi, data.X, 30));
}

/// Everything again at another width, with the same S, eps and shares.
std::optional<SufficientWidth> again_at(const AprioriData<Ball>& data,
                                        const AprioriVariant& variant, const SufficientWidth& w,
                                        double p) {
  return verify_width(data, w.eta, variant, w.delta, w.shares, w.tails, p, w.S);
}

}  // namespace

// From an evaluation of the condition in another language, in doubles, with the usual split and a
// share for every line, on the same X and y.
TEST_CASE("sufficient widths agree with reference values", "[bounds]") {
  const ScopedDigits digits(width_digits);
  struct Reference {
    const char* psi;
    std::size_t n, d;
    double delta, p, S, kappa;
  };
  // kappa there has an 1/sqrt p that falls away and no 1/(2p): they agree to a part in a thousand.
  for (const Reference& r : std::initializer_list<Reference>{
           {"tanh", 3, 30, 0.1, 25817, 16.150441445206177, 17.985},
           {"tanh", 3, 30, 0.01, 35444, 18.69381533460721, 20.735},
           {"tanh", 3, 30, 1e-6, 72415, 25.80265316236304, 28.583},
           {"erf", 3, 30, 0.1, 30020, 14.561002138377354, 17.418},
           {"sigmoid", 3, 30, 0.1, 67695, 138.77787258518734, 265.608},
           {"tanh", 5, 100, 0.1, 35949, 19.058030530793406, 20.482},
           {"erf", 5, 100, 1e-6, 105160, 25.894054138255854, 30.128},
           {"tanh", 10, 100, 0.1, 164288, 32.035904567724785, 34.091}}) {
    INFO(r.psi << " n = " << r.n << ", delta = " << r.delta);
    const Activation psi(r.psi);
    const AprioriData<Ball> data = data_of(psi, r.n, r.d);
    const auto usual = width_sufficient(
        data, 0.2, one_output_variant(psi, DriftBound::second_order), r.delta, usual_split());
    REQUIRE(usual.has_value());
    CHECK(std::abs(usual->p - r.p) <= 2);
    CHECK(usual->S == Approx(r.S).epsilon(1e-3));
    REQUIRE(usual->kappa.has_value());
    CHECK(to_double(usual->kappa->mid) == Approx(r.kappa).epsilon(2e-3));
  }
  // The identity has fewer lines than the reference counts, so that it needs less, by up to 5 %.
  for (const auto& [n, d, delta, p] :
       {std::tuple(3u, 30u, 0.1, 1852.0), std::tuple(5u, 100u, 0.01, 3061.0),
        std::tuple(10u, 100u, 0.1, 8151.0)}) {
    const AprioriData<Ball> data = data_of(Activation::identity, n, d);
    const auto found = width_sufficient(
        data, 0.2, one_output_variant(Activation::identity, DriftBound::second_order), delta,
        usual_split());
    REQUIRE(found.has_value());
    CHECK(found->p <= p);
    CHECK(found->p >= 0.95 * p);
  }
  // Constants alone: the worst K.
  const AprioriData<Ball> worst = worst_data(Activation::tanh, 5, 0.27, 1, 1);
  const auto at_worst =
      width_sufficient(worst, 0.2, one_output_variant(Activation::tanh, DriftBound::second_order),
                       0.1, usual_split());
  REQUIRE(at_worst.has_value());
  CHECK(std::abs(at_worst->p - 4050456) <= 10);
}

TEST_CASE("a better split of delta asks for less width", "[bounds]") {
  const ScopedDigits digits(width_digits);
  for (const char* name : {"tanh", "erf", "sigmoid", "identity"})
    for (const DriftBound drift : {DriftBound::second_order, DriftBound::norms}) {
      const Activation psi(name);
      const AprioriData<Ball> data = data_of(psi, 3, 30);
      const AprioriVariant variant = one_output_variant(psi, drift);
      const auto usual = width_sufficient(data, 0.2, variant, 0.1, usual_split()),
                 best = width_sufficient(data, 0.2, variant, 0.1);
      REQUIRE(usual.has_value());
      REQUIRE(best.has_value());
      INFO(name << ": " << usual->p << ", " << best->p);
      CHECK(best->p < 0.985 * usual->p);
      CHECK(within<Ball>(best->shares, 0.1));
      for (const Line line : variant.lines) CHECK(best->shares[line] > 0);
    }
}

TEST_CASE("a width that is verified holds at every larger one, and not far below",
          "[bounds][property]") {
  check_property("a width that is verified holds at every larger one, and not far below", [] {
    const ScopedDigits digits(width_digits);
    const auto psi = *gen::one_of<Activation>(
        {Activation::tanh, Activation::sigmoid, Activation::erf, Activation::identity});
    const auto n = *gen::whole<std::size_t>(1, 30);
    const auto exponent = [](double low, double high) {
      return std::pow(10, low + (high - low) * *gen::whole(0, 100) / 100.0);
    };
    const AprioriData<Ball> data =
        worst_data(psi, n, exponent(-4, -1.6), exponent(-0.5, 0.5), exponent(-2, 1));
    const double eta = largest_step(data) * exponent(-3, -0.1), delta = 0.9 * exponent(-12, 0);
    const auto drift = *gen::one_of<DriftBound>({DriftBound::second_order, DriftBound::norms});
    const AprioriVariant variant = one_output_variant(psi, drift);
    const auto found = width_sufficient(data, eta, variant, delta, usual_split());
    RC_ASSERT(found.has_value());
    const SufficientWidth& w = *found;
    RC_ASSERT(w.slack.certain());
    RC_ASSERT(std::floor(w.p) == w.p);
    for (const double factor : {1 + exponent(-6, 0), 10.0, 1e6, 1e100}) {
      const auto wider = again_at(data, variant, w, std::ceil(w.p * factor));
      RC_ASSERT(wider.has_value());
      // The constants of the conclusions serve every larger width.
      RC_ASSERT(wider->c1.lower() <= w.c1.upper());
      RC_ASSERT(wider->c2.lower() <= w.c2.upper());
      RC_ASSERT(wider->rho.lower() <= w.rho.upper());
      RC_ASSERT(wider->A_displacement.lower() <= w.A_displacement.upper());
      if (w.kappa) RC_ASSERT(wider->kappa && wider->kappa->lower() <= w.kappa->upper());
    }
    // It is the least one in doubles: a tenth of a per mille below, no S and no eps do.
    const AprioriData<double> guess = in_doubles(data);
    const double least = width_guess(guess, eta, variant, delta, usual_split());
    RC_ASSERT(w.p >= least * (1 - 1e-8) - 1);
    RC_ASSERT(w.p <= least * (1 + 1e-4) + 2);
    // And T1's rate is the one it claims.
    const double rate = 1 - eta * guess.gamma / 4;
    RC_ASSERT(std::abs(to_double(w.rate.mid) - rate) <= 1e-12);
  });
}

TEST_CASE("what is not verified is no width", "[bounds]") {
  const ScopedDigits digits(width_digits);
  const AprioriData<Ball> data = data_of(Activation::tanh, 3, 30);
  const AprioriVariant variant = one_output_variant(Activation::tanh, DriftBound::second_order);
  const auto found = width_sufficient(data, 0.2, variant, 0.1);
  REQUIRE(found.has_value());
  const SufficientWidth& w = *found;
  const auto verified = [&](double delta, const Shares& shares, const Tails& tails, double p,
                            double S) {
    return verify_width(data, 0.2, variant, delta, shares, tails, p, S).has_value();
  };
  CHECK(verified(0.1, w.shares, w.tails, w.p, w.S));
  CHECK_FALSE(verified(0.1, w.shares, w.tails, std::floor(0.999 * w.p), w.S));
  CHECK_FALSE(verified(0.1, w.shares, w.tails, w.p + 0.5, w.S));
  CHECK_FALSE(verified(0.1, w.shares, w.tails, w.p, 0.99 * w.S));  // too little budget
  CHECK_FALSE(verified(0.1, w.shares, w.tails, w.p, 1.1 * w.S));   // too little rate
  CHECK_FALSE(verified(0.1, w.shares, w.tails, w.p, -w.S));
  CHECK_FALSE(verified(0.0999, w.shares, w.tails, w.p, w.S));
  CHECK_FALSE(verified(0.1, w.shares, {0.99 * w.tails.lower, w.tails.upper}, w.p, w.S));
  Shares without = w.shares;
  without[Line::Lbeta] = 0;
  CHECK_FALSE(verified(0.1, without, w.tails, w.p, w.S));
}

TEST_CASE("widths at the edges of their inputs", "[bounds]") {
  const ScopedDigits digits(width_digits);
  const AprioriData<Ball> data = data_of(Activation::tanh, 3, 30);
  const AprioriVariant variant = one_output_variant(Activation::tanh, DriftBound::second_order);
  for (const double delta : {0.0, 1.0, -1.0, std::nan("")})
    CHECK_THROWS_WITH(width_sufficient(data, 0.2, variant, delta), Catch::Contains("delta"));
  const double most = largest_step(data);
  for (const double eta : {0.0, -1.0, most, 4.0, std::nan("")})
    CHECK_THROWS_WITH(width_sufficient(data, eta, variant, 0.1),
                      Catch::Contains("eta") && Catch::Contains("2/(lambda_max(Gbar) + gamma)"));
  // Near its limits the widths are large, but there are some.
  const auto near = width_sufficient(data, most * (1 - 1e-6), variant, 0.1);
  REQUIRE(near.has_value());
  CHECK(near->p > 1e9);
  const auto rare = width_sufficient(data, 0.2, variant, 1e-300);
  REQUIRE(rare.has_value());
  CHECK(rare->p > 1e6);
  // A gamma so small that no width up to 10^300 will do.
  CHECK_FALSE(width_sufficient(worst_data(Activation::tanh, 3, 1e-150, 1, 1), 0.2, variant, 0.1)
                  .has_value());
  // Widths beyond 2^53 are whole numbers too.
  const auto huge =
      width_sufficient(worst_data(Activation::tanh, 3, 1e-20, 1, 1), 0.2, variant, 0.1);
  REQUIRE(huge.has_value());
  CHECK(huge->p > 1e55);
  CHECK(huge->slack.certain());

  DataSpec repeated;
  repeated.inputs = Inputs::repeated;
  const Data singular = make_data(repeated);
  CHECK_THROWS_WITH(apriori_data(Activation::tanh, singular.X, singular.y,
                                 enclose_limit_kernel(Activation::tanh, singular.X, 30)),
                    Catch::Contains("gamma = 0 (rows 1 and 5 of X are equal)"));
}

TEST_CASE("the numbers of K are those of K", "[bounds]") {
  const ScopedDigits digits(width_digits);
  DataSpec spec;
  spec.n = 4, spec.d = 7, spec.inputs = Inputs::gaussian;
  const Data drawn = make_data(spec);
  const AprioriData<Ball> data = apriori_data(Activation::tanh, drawn.X, drawn.y,
                                              enclose_limit_kernel(Activation::tanh, drawn.X, 30));
  const Matrix<double> X = matrix_from<double>(drawn.X), K = X * X.transpose();
  const Vector<double> rows = K.rowwise().norm();
  const auto close = [](const Ball& x, double value) {
    CHECK(to_double(x.mid) == Approx(value).epsilon(1e-12));
    CHECK(to_double(x.rad) < 1e-25 * value);
  };
  close(data.kap, extreme_eigenvalues<double>(K).max);
  close(data.k_max, rows.maxCoeff());
  close(data.kk, rows.cwiseAbs2().norm());
  close(data.K_F, K.norm());
  close(data.tr_K, K.trace());
  close(data.y, vector_from<double>(drawn.y).norm());
  CHECK(to_double(data.tau0.mid) <= 4);
  CHECK(to_double(data.tau0.mid) >= to_double(data.Gam.mid));
}
