// SPDX-License-Identifier: Apache-2.0
// Limit kernels against rigorous integration in Arb, quadratures in doubles, Monte Carlo, limits of
// small and large samples, identities, more digits; degenerate and bad input.
#include <alignproof/kernels/limit_kernel.hpp>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/spectrum.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/random/normal.hpp>

#include "../property.hpp"
#include "generators/with_kernel.hpp"
#include "reference/arb_expectation.hpp"
#include "reference/trapezoid_kernel.hpp"

namespace {

using namespace alignproof;
using Ball = RealBall<Mpfr>;

Array rows_of(const std::vector<std::vector<double>>& rows) {
  Array X({rows.size(), rows.front().size()});
  for (std::size_t i = 0; i < X.rows(); ++i)
    for (std::size_t j = 0; j < X.cols(); ++j) X(i, j) = rows[i][j];
  return X;
}

/// Two samples in the plane; the exact standard deviations and correlation of the doubles stored
/// differ from those asked for by rounding.
Array pair_of(double su, double sv, double rho) {
  return rows_of({{su, 0}, {sv * rho, sv * std::sqrt((1 - rho) * (1 + rho))}});
}

Array random_inputs(std::uint64_t seed, std::size_t n, std::size_t d, double scale = 1) {
  Array X({n, d});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j)
      X(i, j) = scale * standard_normal(seed, Stream::X, i, j) / std::sqrt(static_cast<double>(d));
  return X;
}

Matrix<double> gram(const Array& X) {
  const Matrix<double> x = matrix_from<double>(X);
  return x * x.transpose();
}

Matrix<double> kernel(Activation activation, const Array& X, unsigned digits = 20) {
  return enclose_limit_kernel(activation, X, digits).Gbar.mid.unaryExpr([](const Mpfr& x) {
    return x.convert_to<double>();
  });
}

double entry(Activation activation, double su, double sv, double rho) {
  return kernel(activation, pair_of(su, sv, rho))(0, 1);
}

bool meet(const Ball& x, const Ball& y) {
  return !certainly_less(x, y) && !certainly_less(y, x);
}

/// Two exact numbers contain each other as well.
bool contains(const Ball& outer, const Ball& inner) {
  return certainly_contains(outer, inner) || (outer.mid == inner.mid && inner.rad <= outer.rad);
}

/// m(s) of limit_kernel.hpp.
double scale_of(const Activation& activation, double s) {
  if (activation == Activation::tanh || activation == Activation::erf) return std::min(1.0, s);
  if (activation == Activation::sigmoid) return 1;
  if (activation == Activation::softplus) return std::max(1.0, s);
  return s;
}

/// The promise about radii.
bool as_tight_as_promised(const EnclosedKernel& kernel, Activation activation, const Array& X) {
  const Matrix<double> x = matrix_from<double>(X);
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index j = 0; j < x.rows(); ++j) {
      const double si = x.row(i).stableNorm(), sj = x.row(j).stableNorm();
      const Mpfr scale = Mpfr(scale_of(activation, si)) * Mpfr(scale_of(activation, sj));
      const Mpfr most = pow(Mpfr(10), -static_cast<int>(kernel.digits)) * scale * Mpfr(1 + 1e-12);
      if (!(kernel.Gbar.rad(i, j) <= most)) return false;
    }
  return true;
}

// ---- Quadratures in doubles ----

/// Composite Gauss-Legendre, 20 points a panel: nodes and weights on (0, end).
std::vector<std::pair<double, double>> gauss_legendre(double end, double panel) {
  using Rule = boost::math::quadrature::gauss<double, 20>;
  std::vector<std::pair<double, double>> nodes;
  const int panels = static_cast<int>(std::ceil(end / panel));
  const double half = end / panels / 2;
  for (int i = 0; i < panels; ++i)
    for (std::size_t k = 0; k < Rule::abscissa().size(); ++k)
      for (double sign : {-1.0, 1.0})
        nodes.emplace_back(half * (2 * i + 1 + sign * Rule::abscissa()[k]),
                           half * Rule::weights()[k]);
  return nodes;
}

/// E relu(u) relu(v) as the integral of u v times the joint density over the positive quadrant.
double relu_by_quadrant(double su, double sv, double rho) {
  const double c2 = (1 - rho) * (1 + rho);
  const auto nodes = gauss_legendre(9, std::sqrt(c2));
  double sum = 0;
  for (const auto& [s, ws] : nodes) {
    double row = 0;
    for (const auto& [t, wt] : nodes)
      row += wt * t * std::exp(-(s * s - 2 * rho * s * t + t * t) / (2 * c2));
    sum += ws * s * row;
  }
  return su * sv * sum / (2 * M_PI * std::sqrt(c2));
}

/// E psi(u) psi(v) for independent z1, z2 and u, v = s (cos(a) z1 +- sin(a) z2), rho = cos 2a.
double by_gauss_legendre(double (*psi)(double), double su, double sv, double rho) {
  const double c = std::sqrt((1 + rho) / 2), s = std::sqrt((1 - rho) / 2);
  const auto nodes = gauss_legendre(9, 2.25 / std::max({1.0, su, sv}));
  double sum = 0;
  for (const auto& [x, wx] : nodes) {
    double row = 0;
    for (const auto& [y, wy] : nodes) {
      const double p = c * x + s * y, m = c * x - s * y;  // four signs of (x, y)
      row += wy * std::exp(-y * y / 2) *
             (psi(su * p) * psi(sv * m) + psi(su * m) * psi(sv * p) + psi(-su * p) * psi(-sv * m) +
              psi(-su * m) * psi(-sv * p));
    }
    sum += wx * std::exp(-x * x / 2) * row;
  }
  return sum / (2 * M_PI);
}

/// psi(x) + psi(-x) = 0; psi(x) - psi(-x) = x; psi(x) + psi(-x) = 1.
enum class Mirrored { odd, ramp, step };

struct Named {
  Activation activation;
  double (*psi)(double);
  Mirrored reflection;
  double slope;  ///< sup |psi'|
};

const std::vector<Named> named_kernels{
    {Activation::identity, [](double x) { return x; }, Mirrored::odd, 1},
    {Activation::relu, [](double x) { return x > 0 ? x : 0; }, Mirrored::ramp, 1},
    {Activation::erf, [](double x) { return std::erf(x); }, Mirrored::odd, 2 / std::sqrt(M_PI)},
    {Activation::gelu, [](double x) { return x * std::erfc(-x / M_SQRT2) / 2; }, Mirrored::ramp,
     1.13},
    {Activation::tanh, [](double x) { return std::tanh(x); }, Mirrored::odd, 1},
    {Activation::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, Mirrored::step, 0.25},
    {Activation::softplus, [](double x) { return std::log1p(std::exp(x)); }, Mirrored::ramp, 1}};

/// z with P(|N(0, 1)| > z) = 1e-11.
constexpr double z_level = 6.81;

}  // namespace

TEST_CASE("limit kernels meet rigorous integrals: correlated samples", "[kernels]") {
  // Correlation 0.105: Mehler's series converges at once.
  const Array X = rows_of({{0.25, 0.125}, {-0.375, 1}});
  const ScopedDigits guard(60);
  for (const Activation psi : gen::activations_with_kernel()) {
    const EnclosedKernel enclosed = enclose_limit_kernel(psi, X, 25);
    std::vector<std::vector<reference::Arb>> c;
    const auto K = [&](std::size_t i, std::size_t j) {  // exact: few bits
      double sum = 0;
      for (std::size_t k = 0; k < 2; ++k) sum += X(i, k) * X(j, k);
      return reference::Arb(sum);
    };
    for (std::size_t i = 0; i < 2; ++i)
      c.push_back(reference::hermite_coefficients(psi, sqrt(K(i, i)), 18));
    const auto rho = K(0, 1) / sqrt(K(0, 0) * K(1, 1));
    const Ball truth = reference::to_ball(reference::mehler_sum(c[0], c[1], rho, 2.75));
    INFO(to_string(psi) << ": " << truth.mid << " +- " << truth.rad << " and "
                        << enclosed.Gbar.mid(0, 1));
    CHECK(truth.rad <= Mpfr(1e-16));
    CHECK(meet(enclosed.Gbar(0, 1), truth));
  }
}

TEST_CASE("limit kernels meet rigorous integrals: parallel samples and the diagonal", "[kernels]") {
  const ScopedDigits guard(60);
  // |x| = 5 t for the multiples t of (3, 4).
  for (const double s : {0.0078125, 0.0625, 0.25, 1.0, 2.5})
    for (const double factor : {1.0, -1.0, 2.0, -0.5, 0.0}) {
      const Array X = rows_of({{3 * s, 4 * s}, {3 * s * factor, 4 * s * factor}});
      for (const Activation psi : gen::activations_with_kernel()) {
        if (s > 1 && factor != 1 && factor != -0.5) continue;
        const EnclosedKernel enclosed = enclose_limit_kernel(psi, X, 24);
        const Ball truth = reference::to_ball(reference::parallel_expectation(
            psi, reference::Arb(5 * s), reference::Arb(5 * s * factor)));
        INFO(to_string(psi) << " " << 5 * s << " times " << factor << ": " << truth.mid << " +- "
                            << truth.rad << " and " << enclosed.Gbar.mid(0, 1));
        CHECK(truth.rad <= Mpfr(1e-24));
        CHECK(meet(enclosed.Gbar(0, 1), truth));
        CHECK(as_tight_as_promised(enclosed, psi, X));
      }
    }
}

TEST_CASE("limit kernels agree with quadratures in doubles", "[kernels]") {
  const auto plain_tanh = [](double x) { return std::tanh(x); };
  for (double su : {0.01, 1.0, 2.5})
    for (double sv : {0.3, 4.0})
      for (double rho : {-0.999999, -0.5, 0.0, 0.08, 0.9}) {
        INFO("su " << su << ", sv " << sv << ", rho " << rho);
        const double odd = reference::expectation(plain_tanh, {su, sv, rho});
        CHECK(std::abs(entry(Activation::tanh, su, sv, rho) - odd) <= 1e-14);
        const reference::GaussianPair halved{su / 2, sv / 2, rho};
        CHECK(std::abs(entry(Activation::sigmoid, su, sv, rho) -
                       (1 + reference::expectation(plain_tanh, halved)) / 4) <= 1e-14);
        const double even = reference::expectation(reference::log_cosh, halved);
        CHECK(std::abs(entry(Activation::softplus, su, sv, rho) - (su * sv * rho / 4 + even)) <=
              1e-13);
      }
  CHECK(std::abs(entry(Activation::tanh, 12, 12, 0.1) -
                 reference::expectation(plain_tanh, {12, 12, 0.1})) <= 5e-14);
  for (const auto& [activation, psi, reflection, slope] : named_kernels)
    for (double su : {0.01, 1.0, 3.0})
      for (double rho : {-0.999, -0.5, 0.0, 0.9}) {
        const double expected = activation == Activation::relu ? relu_by_quadrant(su, 2, rho)
                                                               : by_gauss_legendre(psi, su, 2, rho);
        INFO(to_string(activation) << ", su " << su << ", rho " << rho);
        CHECK(std::abs(entry(activation, su, 2, rho) - expected) <= 1e-14 * std::max(1.0, 2 * su));
      }
}

TEST_CASE("limit kernels of large and of tiny inputs", "[kernels]") {
  // |x| -> infinity: sign, whose kernel is (2 / pi) asin(rho). E sign(u) (sign - tanh)(v) is at
  // most the mean of 2 / (1 + e^(2 |v|)), which is below 1 / s.
  for (double s : {1e2, 1e5, 1e12}) {
    const double sign = 2 / M_PI * std::asin(0.5);
    CHECK(std::abs(entry(Activation::tanh, s, s, 0.5) - sign) <= 2 / s + 1e-15);
    CHECK(std::abs(entry(Activation::sigmoid, s, s, 0.5) - (1 + sign) / 4) <= 1 / s + 1e-15);
  }
  // |x| -> 0: the identity, relative error at most |x_i|^2 + |x_j|^2.
  for (double s : {1e-4, 1e-9, 1e-150}) {
    const Array X = rows_of({{s, 0}, {0.5 * s, 2 * s}});
    const Matrix<double> G = kernel(Activation::tanh, X), K = gram(X);
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j)
        CHECK(std::abs(G(i, j) / K(i, j) - 1) <= K(i, i) + K(j, j) + 1e-15);
  }
  const double mixed = entry(Activation::tanh, 1e-5, 100, 0.5);
  CHECK(mixed == Approx(1e-5 * std::sqrt(2 / M_PI) * 0.5).epsilon(1e-4));
  CHECK(entry(Activation::softplus, 60, 60, 0.5) ==
        Approx(entry(Activation::relu, 60, 60, 0.5)).epsilon(1e-3));
  const double huge = entry(Activation::gelu, 1e150, 1e153, -0.5);
  CHECK(huge == Approx(entry(Activation::relu, 1e150, 1e153, -0.5)).epsilon(1e-13));
  // psi(0)^2 + psi'(0)^2 K_ij + psi(0) psi''(0) (K_ii + K_jj) / 2 + order |x|^4.
  CHECK(entry(Activation::sigmoid, 1e-4, 2e-4, -0.5) - 0.25 == Approx(-1e-8 / 16).margin(1e-15));
  CHECK(entry(Activation::softplus, 1e-4, 2e-4, -0.5) - M_LN2 * M_LN2 ==
        Approx(-1e-8 / 4 + M_LN2 * 5e-8 / 8).margin(1e-15));
  for (const Activation activation : gen::activations_with_kernel())
    CHECK(std::isfinite(entry(activation, 1e-150, 1e-150, 0.5)));
}

TEST_CASE("the enclosure at 20 digits contains the one at more, gamma likewise", "[kernels]") {
  const auto check = [](Activation psi, const Array& X, unsigned more) {
    const EnclosedKernel coarse = enclose_limit_kernel(psi, X, 20);
    const EnclosedKernel fine = enclose_limit_kernel(psi, X, more);
    const ScopedDigits guard(fine.working);
    INFO(to_string(psi) << ", gamma " << fine.gamma.mid);
    for (Eigen::Index i = 0; i < fine.Gbar.rows(); ++i)
      for (Eigen::Index j = 0; j <= i; ++j) CHECK(contains(coarse.Gbar(i, j), fine.Gbar(i, j)));
    CHECK(contains(coarse.gamma, fine.gamma));
    CHECK(contains(coarse.largest, fine.largest));
    CHECK(as_tight_as_promised(coarse, psi, X));
    CHECK(as_tight_as_promised(fine, psi, X));
    CHECK(coarse.gamma.rad <= Mpfr(1e-18) * (1 + coarse.largest.mid));
    for (Eigen::Index i = 0; i < fine.Gbar.rows(); ++i)
      for (Eigen::Index j = 0; j < i; ++j)
        CHECK((fine.Gbar.mid(i, j) == fine.Gbar.mid(j, i) &&
               fine.Gbar.rad(i, j) == fine.Gbar.rad(j, i)));
  };
  for (const Activation psi : gen::activations_with_kernel()) {
    check(psi, random_inputs(3, 2, 5, 3), 100);
    check(psi, random_inputs(5, 4, 6, 15), 50);
    // Nearly parallel, opposite and zero rows of unlike lengths.
    check(psi, rows_of({{1, 0.5}, {1 + 0x1p-30, 0.5}, {-1, -0.5}, {0, 0}, {30, -7}}), 40);
  }
}

// By the central limit theorem for N = 100000 draws (six entries, seven activations, one fixed
// seed), each entry is off by more than z_level standard errors with probability about 1e-11.
TEST_CASE("every kernel is the expectation it claims to be, by Monte Carlo", "[kernels]") {
  constexpr int N = 100000, n = 3;
  const Array X = random_inputs(4, n, 2, 1.5);
  const Matrix<double> x = matrix_from<double>(X);
  for (const auto& [activation, psi, reflection, slope] : named_kernels) {
    const Matrix<double> Gbar = kernel(activation, X);
    Matrix<double> sum = Matrix<double>::Zero(n, n), squares = sum;
    for (int r = 0; r < N; ++r) {
      const Vector<double> w{
          {standard_normal(7, Stream::W, r, 0), standard_normal(7, Stream::W, r, 1)}};
      const Vector<double> feature = (x * w).unaryExpr(psi);
      const Matrix<double> product = feature * feature.transpose();
      sum += product;
      squares += product.cwiseProduct(product);
    }
    for (int i = 0; i < n; ++i)
      for (int j = 0; j <= i; ++j) {
        const double mean = sum(i, j) / N, variance = squares(i, j) / N - mean * mean;
        INFO(to_string(activation)
             << " (" << i << ", " << j << "): " << mean << " for " << Gbar(i, j));
        CHECK(std::abs(mean - Gbar(i, j)) <= z_level * std::sqrt(variance / N));
      }
  }
}

TEST_CASE("zero, parallel and opposite rows", "[kernels]") {
  const Array X = rows_of({{1, 2, -0.5}, {0, 0, 0}, {2, 4, -1}, {-1, -2, 0.5}});
  const Matrix<double> K = gram(X);
  for (const auto& [activation, psi, reflection, slope] : named_kernels) {
    INFO(to_string(activation));
    const Matrix<double> Gbar = kernel(activation, X);
    REQUIRE(Gbar.allFinite());
    for (int i = 0; i < 4; ++i)  // psi(0) E psi(u)
      if (psi(0) == 0)
        CHECK(Gbar(1, i) == 0);
      else
        CHECK(Gbar(1, i) ==
              Approx(by_gauss_legendre(psi, std::sqrt(K(i, i)), 0, 1)).epsilon(1e-14));
    const double reflected[] = {-Gbar(0, 0), Gbar(0, 0) - K(0, 0) / 2, 0.5 - Gbar(0, 0)};
    const double expected = reflected[static_cast<int>(reflection)];
    CHECK(Gbar(0, 3) == Approx(expected).epsilon(1e-14).margin(1e-14));
    if (activation == Activation::relu) {
      CHECK(Gbar(0, 3) == 0);
      CHECK(Gbar(0, 2) == Approx(2 * Gbar(0, 0)).epsilon(1e-15));
    }
  }
  CHECK(kernel(Activation::sigmoid, Array({2, 2})) == Matrix<double>::Constant(2, 2, 0.25));
  CHECK(kernel(Activation::softplus, Array({2, 2})).isApproxToConstant(M_LN2 * M_LN2, 1e-15));
  CHECK(kernel(Activation::gelu, Array({2, 2})) == Matrix<double>::Zero(2, 2));
}

/// What the formula of psi says.
struct Formula {
  bool identity, odd, positive_at_0, homogeneous;
};

Formula formula_of(const Activation& psi) {
  const bool identity = psi == Activation::identity;
  return {.identity = identity,
          .odd = identity || psi == Activation::tanh || psi == Activation::erf,
          .positive_at_0 = psi == Activation::sigmoid || psi == Activation::softplus,
          .homogeneous = identity || psi == Activation::relu};
}

TEST_CASE("gamma = 0 is found with its reason, and only where it holds", "[kernels]") {
  const auto reason = [](Activation psi, const Array& X) {
    const EnclosedKernel kernel = enclose_limit_kernel(psi, X, 20);
    CHECK((kernel.definiteness == Definiteness::singular) == !kernel.reason.empty());
    if (kernel.definiteness == Definiteness::singular)
      CHECK((kernel.gamma.mid == 0 && kernel.gamma.rad == 0));
    else
      CHECK(kernel.definiteness == Definiteness::positive_definite);
    return kernel.reason;
  };
  const Array equal = rows_of({{1, 2}, {3, 1}, {1, 2}});
  const Array opposite = rows_of({{1, 2}, {3, 1}, {-1, -2}});
  const Array zero = rows_of({{1, 2}, {0, 0}});
  const Array multiple = rows_of({{1, 2}, {0.5, 1}});
  const Array two_pairs = rows_of({{1, 2}, {-1, -2}, {3, 1}, {-3, -1}});
  const Array pair_and_zero = rows_of({{1, 2}, {-1, -2}, {0, 0}});
  const Array line = rows_of({{1}, {-1}, {2}, {-2}});
  for (const Activation psi : gen::activations_with_kernel()) {
    INFO(to_string(psi));
    const auto [identity, odd, positive_at_0, homogeneous] = formula_of(psi);
    if (!identity) CHECK(reason(psi, equal) == "rows 1 and 3 of X are equal");
    if (!identity)
      CHECK(reason(psi, opposite) == (odd ? "rows 1 and 3 of X are opposite and psi is odd" : ""));
    CHECK(reason(psi, zero) == (positive_at_0 ? "" : "row 2 of X is zero and psi(0) = 0"));
    CHECK(reason(psi, multiple) ==
          (homogeneous ? "rows 1 and 2 of X are multiples of each other and psi is homogeneous"
                       : ""));
  }
  CHECK(reason(Activation::identity, equal) == "identity with n = 3 > d = 2");
  CHECK(reason(Activation::sigmoid, two_pairs) ==
        "psi(x) + psi(-x) = 1 for 2 pairs of opposite rows");
  CHECK(reason(Activation::sigmoid, pair_and_zero) ==
        "psi(x) + psi(-x) = 1 for 1 pairs of opposite rows and a zero row");
  CHECK(reason(Activation::softplus, two_pairs).empty());
  CHECK(reason(Activation::softplus, pair_and_zero).empty());
  for (const Activation psi : {Activation::softplus, Activation::gelu})
    CHECK(reason(psi, line) == "psi(x) - psi(-x) = x for 2 > d = 1 pairs of opposite rows");

  // The reason is true: the enclosure of the least eigenvalue itself contains 0.
  for (const Activation psi : gen::activations_with_kernel()) {
    const EnclosedKernel kernel = enclose_limit_kernel(psi, line, 30);
    const LimitKernel limit = limit_kernel(psi, equal);
    CHECK(limit.definiteness == Definiteness::singular);
    CHECK((limit.gamma == 0 && limit.gamma_upper == 0));
    CHECK(std::abs(extreme_eigenvalues(limit.Gbar).min) <= 1e-14 * (1 + limit.largest_eigenvalue));
    if (kernel.definiteness == Definiteness::singular)
      CHECK(
          std::abs(extreme_eigenvalues(Matrix<double>(kernel.Gbar.mid.unaryExpr([](const Mpfr& x) {
                     return x.convert_to<double>();
                   }))).min) <= 1e-14);
  }
}

TEST_CASE("nearly parallel rows: gamma is found positive, and called near 0", "[kernels]") {
  const Array X = rows_of({{1, 0.5, 0}, {1 + 0x1p-26, 0.5 + 0x1p-27, 0}, {0, 1, 1}});
  for (const Activation psi : {Activation::tanh, Activation::erf, Activation::sigmoid}) {
    INFO(to_string(psi));
    const EnclosedKernel kernel = enclose_limit_kernel(psi, X, 30);
    CHECK(kernel.definiteness == Definiteness::positive_definite);
    CHECK(kernel.near_singular());
    const LimitKernel limit = limit_kernel(psi, X);
    CHECK(limit.gamma > 0);
    CHECK(limit.gamma_upper <= limit.gamma * (1 + 4e-15));
    const ScopedDigits guard(kernel.working);
    CHECK((Mpfr(limit.gamma) <= kernel.gamma.upper() &&
           Mpfr(limit.gamma_upper) >= kernel.gamma.lower()));
  }
  CHECK_FALSE(enclose_limit_kernel(Activation::tanh, pair_of(1, 1, 0.5), 20).near_singular());
}

TEST_CASE("identities of limit kernels", "[kernels][property]") {
  check_property("positive semidefinite, reflected, bounded by the slope", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000000);
    const auto n = *rc::gen::inRange<std::size_t>(1, 3), d = *rc::gen::inRange<std::size_t>(1, 4);
    const double size = std::ldexp(1.0, *rc::gen::inRange(-3, 4));
    const Array X = random_inputs(seed, n, d, size);
    Array flipped = X;
    for (std::size_t j = 0; j < d; ++j) flipped(0, j) *= -1;
    const Matrix<double> K = gram(X);
    const auto index = *rc::gen::inRange<std::size_t>(0, named_kernels.size());
    const auto& [activation, psi, reflection, slope] = named_kernels[index];
    const EnclosedKernel enclosed = enclose_limit_kernel(activation, X, 17);
    const Matrix<double> Gbar =
        enclosed.Gbar.mid.unaryExpr([](const Mpfr& x) { return x.convert_to<double>(); });
    RC_ASSERT(enclosed.gamma.upper() >= 0);
    const Matrix<double> other = kernel(activation, flipped, 17);
    // psi reflected in the first argument; for a ramp E u psi(v) = K_ij E psi'(v) = K_ij / 2.
    for (std::size_t j = 1; j < n; ++j) {
      const double expected = reflection == Mirrored::odd    ? -Gbar(0, j)
                              : reflection == Mirrored::ramp ? Gbar(0, j) - K(0, j) / 2
                                                             : 0.5 - Gbar(0, j);
      RC_ASSERT(std::abs(other(0, j) - expected) <= 1e-15 * (1 + K.trace()));
    }
    // |psi(u)| <= |psi(0)| + slope |u|, in quadratic mean
    for (std::size_t i = 0; i < n; ++i) {
      const double most = psi(0) + slope * std::sqrt(K(i, i));
      RC_ASSERT(Gbar(i, i) <= most * most * (1 + 1e-13));
    }
  });
}

TEST_CASE("limit kernels do not depend on the number of threads", "[kernels]") {
  const Array X = random_inputs(9, 7, 4);
  for (const Activation psi : {Activation::tanh, Activation::softplus, Activation::gelu}) {
    const EnclosedKernel alone = enclose_limit_kernel(psi, X, 20);
    const EnclosedKernel together = enclose_limit_kernel(psi, X, 20, 3);
    CHECK(alone.Gbar.mid == together.Gbar.mid);
    CHECK(alone.Gbar.rad == together.Gbar.rad);
  }
}

TEST_CASE("limit_kernel rounds gamma outwards", "[kernels]") {
  const Array X = random_inputs(11, 4, 8);
  for (const Activation psi : gen::activations_with_kernel()) {
    INFO(to_string(psi));
    const LimitKernel limit = limit_kernel(psi, X);
    const EnclosedKernel fine = enclose_limit_kernel(psi, X, 40);
    const ScopedDigits guard(fine.working);
    const bool series =
        psi == Activation::tanh || psi == Activation::sigmoid || psi == Activation::softplus;
    CHECK(limit.method == (series ? "Fourier series, enclosed" : "closed form, enclosed"));
    CHECK(limit.definiteness == Definiteness::positive_definite);
    CHECK(Mpfr(limit.gamma) <= fine.gamma.lower());
    CHECK(Mpfr(limit.gamma_upper) >= fine.gamma.upper());
    CHECK(limit.gamma_upper <= limit.gamma * (1 + 4e-15));
    CHECK(Mpfr(limit.largest_eigenvalue) >= fine.largest.upper());
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        CHECK(limit.Gbar(i, j) == fine.Gbar.mid(i, j).convert_to<double>());
  }
}

TEST_CASE("limit kernels refuse what they cannot enclose, in one line", "[kernels]") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const auto refuses = [](Activation psi, const Array& X, unsigned digits, const char* words) {
    INFO(to_string(psi));
    CHECK_THROWS_WITH(enclose_limit_kernel(psi, X, digits),
                      Catch::Contains(words) && !Catch::Contains("\n"));
  };
  for (const Activation psi : gen::activations_with_kernel()) {
    refuses(psi, Array({0, 2}), 20, "shape of X = 0 x 2");
    refuses(psi, Array({3}), 20, "shape of X = 1 axes");
    refuses(psi, rows_of({{1, 2}, {nan, 1}}), 20, "X(2, 1) = nan");
    refuses(psi, rows_of({{1, inf}}), 20, "X(1, 2) = inf");
    refuses(psi, rows_of({{1, 2}}), 16, "digits = 16");
    refuses(psi, rows_of({{1, 2}}), 5001, "digits = 5001");
    refuses(psi, Array({2000, 1}), 30, "n = 2000 with 30 digits");
  }
  refuses(Activation::tanh, rows_of({{1e101, 1}}), 20, "|x| of sample 1");
  refuses(Activation::tanh, rows_of({{1e5, 1e5}, {2e5, 2e5}}), 20, "|x| of samples 2 and 1");
  refuses(Activation::softplus, rows_of({{1e6, 1}}), 20, "|x| of samples 1 and 1");
}
