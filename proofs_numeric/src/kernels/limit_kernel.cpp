// SPDX-License-Identifier: Apache-2.0
// Limit kernels in closed form and by quadrature; formulas and error reasoning:
// reports/docs/kernels.md.
#include <alignproof/kernels/limit_kernel.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <numbers>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof {
namespace {

using std::numbers::pi;
using Index = Eigen::Index;
using Values = Eigen::ArrayXd;

/// Two Gaussians u = su z1, v = sv (rho z1 + rho_c z2) with z1, z2 independent N(0, 1).
struct Pair {
  double su, sv;      ///< standard deviations |x_i|, |x_j|
  double rho, rho_c;  ///< correlation in [-1, 1] and sqrt(1 - rho^2)
};

std::string entry(const char* name, Index i, Index j) {
  return fmt::format("{}({}, {})", name, i, j);
}

void require_gram(const Matrix<double>& K) {
  if (K.rows() != K.cols() || K.rows() == 0)
    throw InputError("shape of K", fmt::format("{} x {}", K.rows(), K.cols()),
                     "a square matrix, at least 1 x 1");
  // The two bounds below leave room for a K computed in single precision.
  constexpr double slack = 1e-6;
  for (Index i = 0; i < K.rows(); ++i) {
    if (!(K(i, i) >= 0) || !std::isfinite(K(i, i)))
      throw InputError(entry("K", i, i), quoted(K(i, i)), "a finite number >= 0");
    for (Index j = 0; j < i; ++j) {
      const double most = std::sqrt(K(i, i)) * std::sqrt(K(j, j));
      if (!(std::abs(K(i, j)) <= (1 + slack) * most))
        throw InputError(entry("K", i, j), quoted(K(i, j)),
                         fmt::format("at most sqrt(K_ii K_jj) = {} in size", quoted(most)));
      if (!(std::abs(K(i, j) - K(j, i)) <= slack * most))
        throw InputError(
            entry("K", j, i), quoted(K(j, i)),
            fmt::format("a symmetric matrix: {} = {}", entry("K", i, j), quoted(K(i, j))));
    }
  }
}

/// The pair (i, j), its first Gaussian the wider one. Exactly parallel on the diagonal and for a
/// zero row, whose v = 0 any rho describes.
Pair pair_at(const Matrix<double>& K, Index i, Index j) {
  const double si = std::sqrt(K(i, i)), sj = std::sqrt(K(j, j));
  const double su = std::max(si, sj), sv = std::min(si, sj);
  if (i == j || sv == 0) return {su, sv, 1, 0};
  // Rounding may put a (anti)parallel pair just outside [-1, 1].
  const double rho = std::clamp(K(i, j) / si / sj, -1.0, 1.0);
  return {su, sv, rho, std::sqrt((1 - rho) * (1 + rho))};
}

/// Gbar from a function of one pair, filled from the lower triangle.
template <class Expectation>
Matrix<double> kernel_of_pairs(const Matrix<double>& K, Expectation expectation) {
  require_gram(K);
  Matrix<double> Gbar(K.rows(), K.cols());
  for (Index i = 0; i < K.rows(); ++i)
    for (Index j = 0; j <= i; ++j) Gbar(i, j) = Gbar(j, i) = expectation(pair_at(K, i, j));
  return Gbar;
}

double relu_expectation(const Pair& g) {
  const double angle = std::atan2(g.rho_c, g.rho);
  return g.su * g.sv * (g.rho_c + (pi - angle) * g.rho) / (2 * pi);
}

double erf_expectation(const Pair& g) {
  const double a = 2 * g.su * g.su, b = 2 * g.sv * g.sv;
  return 2 / pi * std::asin(2 * g.su * g.sv * g.rho / (std::sqrt(1 + a) * std::sqrt(1 + b)));
}

/// relu_expectation with 1 + su^2 + sv^2 added to the square of the length that opens the angle.
double gelu_expectation(const Pair& g) {
  const double cross = g.su * g.sv * g.rho, area = g.su * g.sv * g.rho_c;
  const double root = std::hypot(area, std::hypot(1, g.su, g.sv));
  const double angle = std::atan2(root, cross);
  // Quotients before products: nothing overflows unless the kernel does.
  const auto share = [&](double s) { return cross / (1 + s * s) * (cross / root); };
  return ((pi - angle) * cross + area * (area / root) + share(g.su) + share(g.sv)) / (2 * pi);
}

constexpr double normal_range = 8.5;   ///< P(|z| > 8.5) = 1.9e-17
constexpr double decay_goal = 38;      ///< e^-38 = 3e-17
constexpr double largest_norm2 = 2e4;  ///< s about 141: beyond it the grids take minutes
constexpr double agreement = 1e-13;    ///< relative to the size of the integrand
constexpr int most_halvings = 4;

/// The trapezoidal step for a factor tanh(s z) or log cosh(s z) under the normal density. Moving
/// the line of integration up by c <= pi / (2 s), the distance of the singularities, multiplies the
/// error by exp(c^2 / 2 - 2 pi c / h); beyond c = sqrt(2 decay_goal) the density itself is the
/// limit.
double step_for(double s) {
  const double at_density = std::sqrt(2 * decay_goal);
  const double c = s * at_density <= pi / 2 ? at_density : pi / (2 * s);
  return 2 * pi * c / (decay_goal + c * c / 2);
}

/// Points and weights of a rule for the normal density in one dimension.
struct Grid {
  Values z, weight;
};

/// Points z = first h, (first + 1) h, ... up to the range, weights h phi(z).
Grid grid_from(Index first, double h) {
  const auto last = static_cast<Index>(std::ceil(normal_range / h));
  const auto ends = std::pair(static_cast<double>(first), static_cast<double>(last));
  const Values z = Values::LinSpaced(last - first + 1, ends.first, ends.second) * h;
  return {z, (-0.5 * z.square()).exp() * (h / std::sqrt(2 * pi))};
}

Grid whole_grid(double h) {
  return grid_from(-static_cast<Index>(std::ceil(normal_range / h)), h);
}

/// For a factor that does not depend on z.
Grid one_point() {
  return {Values::Zero(1), Values::Ones(1)};
}

/// sum_l weight_l tanh(a + b_l) for many a against one grid, without a tanh in the inner loop.
class TanhRow {
 public:
  static double factor(double x) { return std::tanh(x); }

  TanhRow(const Values& b, const Values& weight)
      : weight_(weight), narrow_(b.abs().maxCoeff() < 1) {
    part_ = narrow_ ? Values(b.tanh()) : Values((b / 4).exp());
  }

  double sum(double a) const {
    if (narrow_) {  // tanh(a + b) = (ta + tb) / (1 + ta tb): relatively exact for small arguments
      const double ta = std::tanh(a);
      return (weight_ * (ta + part_) / (1 + ta * part_)).sum();
    }
    // tanh(x) = 1 - 2 / (1 + e^{2x}), and e^{2x} = (e^{a/4} e^{b/4})^8: the eighth power is taken
    // last, so that neither factor overflows and infinity or 0 come out only where they are right.
    const double ea = std::exp(a / 4);
    return (weight_ * (1 - 2 / (1 + (ea * part_).square().square().square()))).sum();
  }

 private:
  const Values& weight_;
  bool narrow_;
  Values part_;
};

/// The same for log(2 cosh x) = |x| + log(1 + e^{-2|x|}), the antiderivative of tanh.
class LogCoshRow {
 public:
  static double factor(double x) { return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))); }

  LogCoshRow(const Values& b, const Values& weight) : weight_(weight), b_(b) {}

  double sum(double a) const {
    const Values x = (a + b_).abs();
    return (weight_ * (x + (1 + (-2 * x).exp()).log())).sum();
  }

 private:
  const Values& weight_;
  Values b_;
};

/// The rule with steps h1, h2 for E factor(u) factor(v), whose integrand is even under
/// (z1, z2) -> (-z1, -z2): twice the half z1 > 0, and z1 = 0. A (anti)parallel pair depends on z1
/// alone.
template <class Row>
double trapezoid(const Pair& g, double h1, double h2) {
  Grid outer = grid_from(0, h1);
  outer.weight(0) /= 2;
  const Grid inner = g.rho_c == 0 ? one_point() : whole_grid(h2);
  const Row row(g.sv * g.rho_c * inner.z, inner.weight);
  double sum = 0;
  for (Index k = 0; k < outer.z.size(); ++k)
    sum += outer.weight(k) * Row::factor(g.su * outer.z(k)) * row.sum(g.sv * g.rho * outer.z(k));
  return 2 * sum;
}

template <class Row>
double settled(const Pair& g, double tolerance) {
  double h1 = step_for(g.su), h2 = step_for(g.sv * g.rho_c);
  double coarse = trapezoid<Row>(g, h1, h2);
  for (int halving = 0; halving < most_halvings; ++halving) {
    const double fine = trapezoid<Row>(g, h1 /= 2, h2 /= 2);
    if (std::abs(fine - coarse) <= tolerance) return fine;
    coarse = fine;
  }
  throw std::runtime_error(
      fmt::format("limit kernel: the trapezoidal rule did not settle to {} for standard deviations "
                  "{}, {}, correlation {}",
                  tolerance, g.su, g.sv, g.rho));
}

double tanh_expectation(const Pair& g) {
  if (g.sv == 0) return 0;
  return settled<TanhRow>(g, agreement * std::min(1.0, g.su) * std::min(1.0, g.sv));
}

// sigmoid(x) = (1 + tanh(x/2)) / 2 and softplus(x) = x/2 + log(2 cosh(x/2)): the products of an odd
// and an even part have mean 0.

Pair halved(const Pair& g) {
  return {g.su / 2, g.sv / 2, g.rho, g.rho_c};
}

double sigmoid_expectation(const Pair& g) {
  return (1 + tanh_expectation(halved(g))) / 4;
}

double softplus_expectation(const Pair& g) {
  const Pair h = halved(g);
  return h.su * h.sv * h.rho +
         settled<LogCoshRow>(h, agreement * std::max(1.0, h.su) * std::max(1.0, h.sv));
}

void require_at_most(const Matrix<double>& K, double most) {
  for (Index i = 0; i < K.rows(); ++i)
    if (K(i, i) > most)
      throw InputError(entry("K", i, i), quoted(K(i, i)),
                       fmt::format("at most {}: the grid grows with |x|", most));
}

Matrix<double> kernel_of(Activation activation, const Matrix<double>& K) {
  switch (activation) {
    case Activation::identity:
      return limit_kernel_identity(K);
    case Activation::tanh:
      return limit_kernel_tanh(K);
    case Activation::relu:
      return limit_kernel_relu(K);
    case Activation::sigmoid:
      return limit_kernel_sigmoid(K);
    case Activation::softplus:
      return limit_kernel_softplus(K);
    case Activation::erf:
      return limit_kernel_erf(K);
    case Activation::gelu:
      return limit_kernel_gelu(K);
  }
  throw InputError("activation", fmt::format("{}", static_cast<int>(activation)),
                   "one of the enumeration");
}

bool by_quadrature(Activation activation) {
  return activation == Activation::tanh || activation == Activation::sigmoid ||
         activation == Activation::softplus;
}

}  // namespace

Matrix<double> limit_kernel_identity(const Matrix<double>& K) {
  require_gram(K);
  return K;
}

Matrix<double> limit_kernel_relu(const Matrix<double>& K) {
  return kernel_of_pairs(K, relu_expectation);
}

Matrix<double> limit_kernel_erf(const Matrix<double>& K) {
  return kernel_of_pairs(K, erf_expectation);
}

Matrix<double> limit_kernel_gelu(const Matrix<double>& K) {
  return kernel_of_pairs(K, gelu_expectation);
}

Matrix<double> limit_kernel_tanh(const Matrix<double>& K) {
  require_gram(K);
  require_at_most(K, largest_norm2);
  return kernel_of_pairs(K, tanh_expectation);
}

Matrix<double> limit_kernel_sigmoid(const Matrix<double>& K) {
  require_gram(K);
  require_at_most(K, 4 * largest_norm2);
  return kernel_of_pairs(K, sigmoid_expectation);
}

Matrix<double> limit_kernel_softplus(const Matrix<double>& K) {
  require_gram(K);
  require_at_most(K, 4 * largest_norm2);
  return kernel_of_pairs(K, softplus_expectation);
}

LimitKernel limit_kernel(Activation activation, const Matrix<double>& K) {
  LimitKernel limit;
  limit.Gbar = kernel_of(activation, K);
  limit.gamma = extreme_eigenvalues(limit.Gbar).min;
  limit.method = by_quadrature(activation) ? "quadrature (not enclosed)" : "closed form";
  return limit;
}

}  // namespace alignproof
