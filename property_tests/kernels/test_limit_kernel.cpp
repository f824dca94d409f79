// SPDX-License-Identifier: Apache-2.0
// Limit kernels against independent integrals (Fourier side, Gauss-Legendre), limits of small and
// large samples, identities, bad input.
#include <alignproof/kernels/limit_kernel.hpp>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/spectrum.hpp>
#include <alignproof/random/normal.hpp>

#include "../property.hpp"

namespace {

using namespace alignproof;
using Kernel = Matrix<double> (*)(const Matrix<double>&);

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

/// psi(x) = int_0^inf sin(w x) hat(w) dw gives
///   E psi(u) psi(v) = int int hat(w) hat(w') [e^{-V(u w - v w') / 2} - e^{-V(u w + v w') / 2}] / 2
/// with V the variance: no whitening, no trapezoidal rule, no psi.
template <class Hat>
double fourier_expectation(double su, double sv, double rho, Hat hat, double end) {
  const double panel = 1.5 / std::max({1.0, su, sv});
  const auto nodes = gauss_legendre(end, panel);
  std::vector<double> weighted;
  for (const auto& [w, weight] : nodes) weighted.push_back(weight * hat(w));
  double sum = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    double row = 0;
    const double a = su * nodes[i].first;
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      const double b = sv * nodes[j].first, squares = a * a + b * b, cross = 2 * rho * a * b;
      row +=
          weighted[j] * (std::exp(-(squares - cross) / 2) - std::exp(-(squares + cross) / 2)) / 2;
    }
    sum += weighted[i] * row;
  }
  return sum;
}

double tanh_by_fourier(double su, double sv, double rho) {
  return fourier_expectation(
      su, sv, rho, [](double w) { return 1 / std::sinh(M_PI * w / 2); }, 24);
}

double erf_by_fourier(double su, double sv, double rho) {
  const auto hat = [](double w) { return 2 / (M_PI * w) * std::exp(-w * w / 4); };
  return fourier_expectation(su, sv, rho, hat, 12.5);
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

/// E psi(u) psi(v) for independent z1, z2 and u, v = s (cos(a) z1 +- sin(a) z2), rho = cos 2a, by
/// Gauss-Legendre: neither the coordinates nor the rule of the library, nor its splits of psi.
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

Matrix<double> pair_gram(double su, double sv, double rho) {
  Matrix<double> K(2, 2);
  K << su * su, rho * su * sv, rho * su * sv, sv * sv;
  return K;
}

Matrix<double> random_inputs(std::uint64_t seed, int n, int d) {
  Matrix<double> X(n, d);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < d; ++j) X(i, j) = standard_normal(seed, Stream::X, i, j) / std::sqrt(d);
  return X;
}

double lambda_min(const Matrix<double>& G) {
  return extreme_eigenvalues(G).min;
}

/// psi(x) + psi(-x) = 0; psi(x) - psi(-x) = x; psi(x) + psi(-x) = 1.
enum class Reflection { odd, ramp, step };

struct Named {
  const char* name;
  Activation activation;
  Kernel kernel;
  double (*psi)(double);
  Reflection reflection;
  double slope;  ///< sup |psi'|
};

double softplus_plainly(double x) {
  return std::log1p(std::exp(x));
}

double gelu_plainly(double x) {
  return x * std::erfc(-x / M_SQRT2) / 2;
}

const std::vector<Named> kernels{
    {"identity", Activation::identity, limit_kernel_identity, [](double x) { return x; },
     Reflection::odd, 1},
    {"relu", Activation::relu, limit_kernel_relu, [](double x) { return x > 0 ? x : 0; },
     Reflection::ramp, 1},
    {"erf", Activation::erf, limit_kernel_erf, [](double x) { return std::erf(x); },
     Reflection::odd, 2 / std::sqrt(M_PI)},
    {"gelu", Activation::gelu, limit_kernel_gelu, gelu_plainly, Reflection::ramp, 1.13},
    {"tanh", Activation::tanh, limit_kernel_tanh, [](double x) { return std::tanh(x); },
     Reflection::odd, 1},
    {"sigmoid", Activation::sigmoid, limit_kernel_sigmoid,
     [](double x) { return 1 / (1 + std::exp(-x)); }, Reflection::step, 0.25},
    {"softplus", Activation::softplus, limit_kernel_softplus, softplus_plainly, Reflection::ramp,
     1}};

/// z with P(|N(0, 1)| > z) = 1e-11.
constexpr double z_level = 6.81;

}  // namespace

TEST_CASE("tanh kernel agrees with the integral on the Fourier side", "[kernels]") {
  for (double su : {0.01, 0.3, 1.0, 2.5})
    for (double sv : {0.3, 1.0, 4.0})
      for (double rho : {-1.0, -0.999999, -0.5, 0.0, 0.08, 0.9, 1.0}) {
        const double expected = tanh_by_fourier(su, sv, rho);
        const auto Gbar = limit_kernel_tanh(pair_gram(su, sv, rho));
        INFO("su " << su << ", sv " << sv << ", rho " << rho << ", error "
                   << Gbar(0, 1) - expected);
        CHECK(std::abs(Gbar(0, 1) - expected) <= 1e-14);
        CHECK(Gbar(0, 1) == Gbar(1, 0));
      }
  const auto wide = limit_kernel_tanh(pair_gram(12, 12, 0.1));
  CHECK(std::abs(wide(0, 1) - tanh_by_fourier(12, 12, 0.1)) <= 5e-14);
}

TEST_CASE("tanh kernel of large and of tiny inputs", "[kernels]") {
  // |x| -> infinity: sign, whose kernel is (2 / pi) asin(rho), up to a term of order 1 / |x|^2.
  const auto large = limit_kernel_tanh(pair_gram(100, 100, 0.5));
  CHECK(large(0, 1) == Approx(1.0 / 3).margin(1e-4));
  // |x| -> 0: identity, relative error of order |x|^2.
  const auto tiny = limit_kernel_tanh(pair_gram(1e-6, 2e-6, 0.5));
  CHECK(tiny(0, 1) == Approx(1e-12).epsilon(1e-11));
  CHECK(tiny(1, 1) == Approx(4e-12).epsilon(1e-10));
  CHECK(limit_kernel_tanh(pair_gram(1e-150, 1e-150, 0.5)).allFinite());
  const auto mixed = limit_kernel_tanh(pair_gram(1e-5, 100, 0.5));
  CHECK(mixed(0, 1) == Approx(1e-5 * std::sqrt(2 / M_PI) * 0.5).epsilon(1e-4));
}

TEST_CASE("every smooth kernel agrees with the integral over the plane", "[kernels]") {
  for (const auto& [name, activation, kernel, psi, reflection, slope] : kernels) {
    if (activation == Activation::relu) continue;  // relu_by_quadrant
    for (double su : {0.01, 1.0, 3.0})
      for (double sv : {0.3, 2.0})
        for (double rho : {-1.0, -0.999, -0.5, 0.0, 0.9, 1.0}) {
          const auto Gbar = kernel(pair_gram(su, sv, rho));
          const double expected = by_gauss_legendre(psi, su, sv, rho);
          INFO(name << ", su " << su << ", sv " << sv << ", rho " << rho << ", error "
                    << Gbar(0, 1) - expected);
          CHECK(std::abs(Gbar(0, 1) - expected) <= 1e-14 * std::max(1.0, su * sv));
          CHECK(Gbar(0, 1) == Gbar(1, 0));
        }
  }
}

TEST_CASE("sigmoid, softplus and gelu kernels of large and of tiny inputs", "[kernels]") {
  // |x| -> infinity: the step function, and ReLU up to a term of order 1. E (psi - relu)^2 -> 0.
  const auto large = pair_gram(60, 60, 0.5);
  CHECK(limit_kernel_sigmoid(large)(0, 1) == Approx(1.0 / 3).margin(1e-3));
  CHECK(limit_kernel_sigmoid(large)(0, 0) == Approx(0.5).epsilon(2e-2));
  CHECK(limit_kernel_softplus(large)(0, 1) == Approx(limit_kernel_relu(large)(0, 1)).epsilon(1e-3));
  CHECK(limit_kernel_gelu(large)(0, 1) == Approx(limit_kernel_relu(large)(0, 1)).epsilon(1e-3));
  const auto huge = pair_gram(1e150, 1e153, -0.5);
  CHECK(limit_kernel_gelu(huge)(0, 1) == Approx(limit_kernel_relu(huge)(0, 1)).epsilon(1e-13));

  // |x| -> 0: psi(0)^2 + psi'(0)^2 K_ij + psi(0) psi''(0) (K_ii + K_jj) / 2 + order |x|^4.
  const auto small = pair_gram(1e-4, 2e-4, -0.5);
  CHECK(limit_kernel_sigmoid(small)(0, 1) - 0.25 == Approx(-1e-8 / 16).margin(1e-15));
  CHECK(limit_kernel_softplus(small)(0, 1) - M_LN2 * M_LN2 ==
        Approx(-1e-8 / 4 + M_LN2 * 5e-8 / 8).margin(1e-15));
  CHECK(limit_kernel_gelu(small)(0, 1) == Approx(-1e-8 / 4).epsilon(1e-7));
  // Tiny u, large v: psi(u) = 1/2 + u/4, E sigmoid(v) = 1/2, E u sigmoid(v) = K_ij E sigmoid'(v),
  // and sigmoid' is nearly a unit mass at 0.
  const auto mixed = pair_gram(1e-5, 100, 0.5);
  CHECK(limit_kernel_sigmoid(mixed)(0, 1) - 0.25 ==
        Approx(0.25e-5 * 0.5 / std::sqrt(2 * M_PI)).epsilon(1e-3));
  for (Kernel kernel : {limit_kernel_sigmoid, limit_kernel_softplus, limit_kernel_gelu})
    CHECK(kernel(pair_gram(1e-150, 1e-150, 0.5)).allFinite());
}

TEST_CASE("closed forms agree with independent integrals", "[kernels]") {
  for (double su : {0.3, 1.0, 2.0})
    for (double rho : {-0.9, -0.3, 0.0, 0.6, 0.95}) {
      INFO("su " << su << ", rho " << rho);
      const auto K = pair_gram(su, 1.5, rho);
      CHECK(std::abs(limit_kernel_erf(K)(0, 1) - erf_by_fourier(su, 1.5, rho)) <= 1e-14);
      CHECK(std::abs(limit_kernel_relu(K)(0, 1) - relu_by_quadrant(su, 1.5, rho)) <= 1e-14);
      CHECK(limit_kernel_identity(K) == K);
    }
}

// By the central limit theorem for N = 200000 draws (six entries, seven activations, one
// fixed seed), each entry is off by more than z_level standard errors with probability about 1e-11.
TEST_CASE("every kernel is the expectation it claims to be, by Monte Carlo", "[kernels]") {
  constexpr int N = 200000, n = 3, d = 2;
  const Matrix<double> X = random_inputs(4, n, d) * 1.5;
  for (const auto& [name, activation, kernel, psi, reflection, slope] : kernels) {
    const auto Gbar = kernel(X * X.transpose());
    Matrix<double> sum = Matrix<double>::Zero(n, n), squares = sum;
    for (int r = 0; r < N; ++r) {
      const Vector<double> w{
          {standard_normal(7, Stream::W, r, 0), standard_normal(7, Stream::W, r, 1)}};
      const Vector<double> feature = (X * w).unaryExpr(psi);
      const Matrix<double> product = feature * feature.transpose();
      sum += product;
      squares += product.cwiseProduct(product);
    }
    for (int i = 0; i < n; ++i)
      for (int j = 0; j <= i; ++j) {
        const double mean = sum(i, j) / N, variance = squares(i, j) / N - mean * mean;
        INFO(name << " (" << i << ", " << j << "): " << mean << " for " << Gbar(i, j));
        CHECK(std::abs(mean - Gbar(i, j)) <= z_level * std::sqrt(variance / N));
      }
  }
}

TEST_CASE("zero, parallel and antiparallel rows", "[kernels]") {
  Matrix<double> X(4, 3);
  X << 1, 2, -0.5, 0, 0, 0, 2, 4, -1, -1, -2, 0.5;  // x2 = 2 x0, x3 = -x0
  const Matrix<double> K = X * X.transpose();
  for (const auto& [name, activation, kernel, psi, reflection, slope] : kernels) {
    INFO(name);
    const auto Gbar = kernel(K);
    REQUIRE(Gbar.allFinite());
    CHECK(Gbar == Gbar.transpose());
    for (int i = 0; i < 4; ++i)  // psi(0) E psi(u)
      if (psi(0) == 0)
        CHECK(Gbar(1, i) == 0);
      else
        CHECK(Gbar(1, i) ==
              Approx(by_gauss_legendre(psi, std::sqrt(K(i, i)), 0, 1)).epsilon(1e-14));
    switch (reflection) {
      case Reflection::odd:
        CHECK(Gbar(0, 3) == Approx(-Gbar(0, 0)).epsilon(1e-14));
        CHECK(Gbar(2, 3) == Approx(-Gbar(0, 2)).epsilon(1e-14));
        break;
      case Reflection::ramp:
        CHECK(Gbar(0, 3) == Approx(Gbar(0, 0) - K(0, 0) / 2).epsilon(1e-14).margin(1e-14));
        CHECK(Gbar(2, 3) == Approx(Gbar(0, 2) - K(0, 2) / 2).epsilon(1e-14).margin(1e-14));
        break;
      case Reflection::step:
        CHECK(Gbar(0, 3) == Approx(0.5 - Gbar(0, 0)).epsilon(1e-14));
        CHECK(Gbar(2, 3) == Approx(0.5 - Gbar(0, 2)).epsilon(1e-14));
        break;
    }
    if (activation == Activation::relu) {
      CHECK(Gbar(0, 3) == Approx(0).margin(1e-15));
      CHECK(Gbar(0, 2) == Approx(2 * Gbar(0, 0)).epsilon(1e-15));
    }
  }
  // All rows zero.
  CHECK(limit_kernel_sigmoid(Matrix<double>::Zero(2, 2)) == Matrix<double>::Constant(2, 2, 0.25));
  CHECK(limit_kernel_softplus(Matrix<double>::Zero(2, 2)).isApproxToConstant(M_LN2 * M_LN2, 1e-15));
  CHECK(limit_kernel_gelu(Matrix<double>::Zero(2, 2)) == Matrix<double>::Zero(2, 2));
  // Rounding may leave |rho| just above 1: clamped.
  Matrix<double> over(2, 2);
  over << 1, 1 + 1e-15, 1 + 1e-15, 1;
  CHECK(limit_kernel_tanh(over)(0, 1) == Approx(limit_kernel_tanh(over)(0, 0)).epsilon(1e-13));
  CHECK(limit_kernel_relu(over)(0, 1) == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("identities of limit kernels", "[kernels]") {
  rc::prop("symmetric, positive semidefinite, reflected, bounded by the slope", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000000);
    const int n = *rc::gen::inRange(1, 6), d = *rc::gen::inRange(1, 5);
    const Matrix<double> X = random_inputs(seed, n, d);
    Matrix<double> scaled = X;
    for (int i = 0; i < n; ++i) scaled.row(i) *= std::ldexp(1.0, *rc::gen::inRange(-2, 3));
    Matrix<double> flipped = X;
    flipped.row(0) *= -1;
    const Matrix<double> K = X * X.transpose();
    for (const auto& [name, activation, kernel, psi, reflection, slope] : kernels) {
      const Matrix<double> Gbar = kernel(K), other = kernel(flipped * flipped.transpose());
      RC_ASSERT(Gbar == Gbar.transpose());
      RC_ASSERT(lambda_min(Gbar) >= -1e-13 * (1 + K.trace()));
      if (activation == Activation::relu) {
        const Matrix<double> D =
            (scaled.rowwise().norm().array() / X.rowwise().norm().array()).matrix().asDiagonal();
        RC_ASSERT(kernel(scaled * scaled.transpose()).isApprox(D * Gbar * D, 1e-13));
      }
      // psi reflected in the first argument; for a ramp E u psi(v) = K_ij E psi'(v) = K_ij / 2.
      for (int j = 1; j < n; ++j) {
        const double expected = reflection == Reflection::odd    ? -Gbar(0, j)
                                : reflection == Reflection::ramp ? Gbar(0, j) - K(0, j) / 2
                                                                 : 0.5 - Gbar(0, j);
        RC_ASSERT(std::abs(other(0, j) - expected) <= 1e-13 * (1 + K.trace()));
      }
      // |psi(u)| <= |psi(0)| + slope |u|, in quadratic mean
      for (int i = 0; i < n; ++i) {
        const double most = psi(0) + slope * std::sqrt(K(i, i));
        RC_ASSERT(Gbar(i, i) <= most * most * (1 + 1e-13));
      }
    }
  });
}

TEST_CASE("limit_kernel returns Gbar, gamma and how it was found", "[kernels]") {
  const Matrix<double> X = random_inputs(11, 5, 8);
  const Matrix<double> K = X * X.transpose();
  for (const auto& [name, activation, kernel, psi, reflection, slope] : kernels) {
    INFO(name);
    const auto limit = limit_kernel(activation, K);
    const bool closed = activation != Activation::tanh && activation != Activation::sigmoid &&
                        activation != Activation::softplus;
    CHECK(limit.Gbar == kernel(K));
    CHECK(limit.method == (closed ? "closed form" : "quadrature (not enclosed)"));
    CHECK(limit.gamma > 0);
    // gamma is the least eigenvalue: the shifted matrix is singular, and positive semidefinite.
    const Matrix<double> shifted = limit.Gbar - limit.gamma * Matrix<double>::Identity(5, 5);
    CHECK(std::abs(shifted.determinant()) <= 1e-14);
    CHECK(lambda_min(shifted) >= -1e-14);
  }
  // Two equal samples: Gbar is singular.
  Matrix<double> twice(2, 2);
  twice << 1, 1, 1, 1;
  CHECK(limit_kernel(Activation::tanh, twice).gamma == Approx(0).margin(1e-14));
}

TEST_CASE("limit kernels reject what is not a Gram matrix", "[kernels]") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const auto matrix = [](double a, double b, double c, double d) {
    Matrix<double> K(2, 2);
    K << a, b, c, d;
    return K;
  };
  for (const auto& [name, activation, kernel, psi, reflection, slope] : kernels) {
    INFO(name);
    CHECK_THROWS_WITH(kernel(Matrix<double>::Zero(2, 3)), Catch::Contains("shape of K = 2 x 3"));
    CHECK_THROWS_WITH(kernel(Matrix<double>(0, 0)), Catch::Contains("shape of K = 0 x 0"));
    CHECK_THROWS_WITH(kernel(matrix(1, 0, 0, -2)), Catch::Contains("K(1, 1) = -2"));
    CHECK_THROWS_WITH(kernel(matrix(inf, 0, 0, 1)), Catch::Contains("K(0, 0) = inf"));
    CHECK_THROWS_WITH(kernel(matrix(1, 2, 2, 1)), Catch::Contains("K(1, 0) = 2"));
    CHECK_THROWS_WITH(kernel(matrix(1, 0.25, 0.5, 1)), Catch::Contains("K(0, 1) = 0.25"));
    CHECK_THROWS_AS(kernel(matrix(1, nan, 0, 1)), InputError);
    CHECK_THROWS_AS(kernel(matrix(1, 0, nan, 1)), InputError);
    CHECK_THROWS_AS(kernel(matrix(nan, 0, 0, 1)), InputError);
  }
  CHECK_THROWS_WITH(limit_kernel_tanh(matrix(1, 0, 0, 3e4)), Catch::Contains("K(1, 1) = 30000"));
  CHECK_NOTHROW(limit_kernel_sigmoid(matrix(1, 0, 0, 3e4)));
  for (Kernel kernel : {limit_kernel_sigmoid, limit_kernel_softplus})
    CHECK_THROWS_WITH(kernel(matrix(1, 0, 0, 9e4)), Catch::Contains("K(1, 1) = 90000") &&
                                                        Catch::Contains("at most 80000") &&
                                                        !Catch::Contains("\n"));
}
