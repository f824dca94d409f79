// SPDX-License-Identifier: Apache-2.0
// The solver's steps follow the recursion, whose own step is delta = eta / sqrt p, without taking
// each of its steps. A sum of delta v over an interval is that of the polynomial through v at the
// steps of the solver, and a forward difference of h is that of the parabola through three of them;
// for steps of delta itself both are the recursion. Derivation:
// reports/docs/alignment_law_nonlinear.md, section 4.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/mean_field/finite_width.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/LU>

#include <alignproof/core/error.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline mean_field {

namespace {

using Index = Eigen::Index;

Index index(std::size_t i) {
  return static_cast<Index>(i);
}

Matrix<double> normals(Index rows, Index columns, std::uint64_t seed, Stream stream) {
  Matrix<double> z(rows, columns);
  for (Index j = 0; j < columns; ++j)
    for (Index i = 0; i < rows; ++i)
      z(i, j) = standard_normal(seed, stream, static_cast<std::uint32_t>(i),
                                static_cast<std::uint32_t>(j));
  return z;
}

/// z times the inverse root of its mean square: the mean of rows z z^T becomes I.
void whiten(Matrix<double>& z) {
  const Matrix<double> square = z.transpose() * z / static_cast<double>(z.rows());
  const Matrix<double> root = cholesky_factor(square);
  z = root.triangularView<Eigen::Lower>().solve(z.transpose()).transpose().eval();
}

/// R with R^T R = K, of which K need not have full rank.
Matrix<double> root_of(const Matrix<double>& K) {
  if (K.rows() != K.cols() || K.rows() == 0)
    throw InputError("K", fmt::format("{} x {}", K.rows(), K.cols()), "a square matrix");
  if (!K.allFinite()) throw InputError("K", "not finite", "numbers");
  const double skew = (K - K.transpose()).cwiseAbs().maxCoeff();
  if (skew > 1e-9 * K.cwiseAbs().maxCoeff())
    throw InputError("K", fmt::format("{} off its transpose", skew), "a symmetric matrix");
  const Eigensystem system = eigensystem(K);
  const Vector<double>& values = system.values;
  if (values(0) < -1e-9 * std::abs(values(values.size() - 1)))
    throw InputError("K", fmt::format("with the eigenvalue {}", values(0)),
                     "a positive semidefinite matrix");
  return values.cwiseMax(0.0).cwiseSqrt().asDiagonal() * system.vectors.transpose();
}

Matrix<double> start_orthogonal_to(const Matrix<double>& b, std::uint64_t seed) {
  Matrix<double> beta0 = normals(b.rows(), b.cols(), seed, Stream::beta);
  const Matrix<double> along = b.transpose() * beta0 / static_cast<double>(b.rows());
  beta0 -= b * along;
  return beta0;
}

}  // namespace

FiniteWidthCloud finite_width_cloud(const Matrix<double>& K, std::size_t outputs, std::size_t units,
                                    std::uint64_t seed) {
  const Matrix<double> root = root_of(K);
  if (outputs == 0) throw InputError("outputs", "0", "at least 1");
  const std::size_t least = 2 * std::max(static_cast<std::size_t>(K.rows()), outputs);
  if (units < least || units % 2 != 0)
    throw InputError("units", fmt::format("{}", units),
                     fmt::format("an even number, at least {}", least));
  const Index half = index(units / 2);
  Matrix<double> z = normals(half, K.rows(), seed, Stream::W);
  whiten(z);
  z = (z * root).eval();
  Matrix<double> b = normals(half, index(outputs), seed, Stream::b);
  whiten(b);
  FiniteWidthCloud cloud;
  cloud.a.resize(2 * half, K.rows());
  cloud.a << z, z;
  cloud.b.resize(2 * half, b.cols());
  cloud.b << b, -b;
  return with_other_start(std::move(cloud), seed);
}

FiniteWidthCloud finite_width_cloud(const Cloud& cloud, std::uint64_t seed) {
  if (cloud.weight.size() == 0 || cloud.weight.maxCoeff() != cloud.weight.minCoeff())
    throw InputError("cloud", "units of different weights", "units of equal weights");
  return with_other_start({cloud.a, cloud.b, {}}, seed);
}

FiniteWidthCloud with_other_start(FiniteWidthCloud cloud, std::uint64_t seed) {
  cloud.beta0 = start_orthogonal_to(cloud.b, seed);
  return cloud;
}

std::vector<FiniteWidthCloud> balanced_starts(const FiniteWidthCloud& cloud,
                                              const Activation& psi) {
  Matrix<double> values, slopes;
  activate(psi, cloud.a, values, slopes);
  const double units = static_cast<double>(cloud.a.rows());
  const Eigensystem system = eigensystem(values.transpose() * values / units);
  const Vector<double>& spectrum = system.values;
  if (!(spectrum(0) > 1e-12 * spectrum(spectrum.size() - 1)))
    throw InputError("K", fmt::format("a G with the eigenvalue {}", spectrum(0)),
                     "data whose G = E psi psi^T is positive definite");
  // Psi G^{-1/2} u / sqrt N has the f_0 = G^{1/2} u.
  const double size = std::sqrt(static_cast<double>(values.cols() * cloud.b.cols()) / units);
  const Matrix<double> whitened =
      values * system.vectors * spectrum.cwiseSqrt().cwiseInverse().asDiagonal();
  std::vector<FiniteWidthCloud> starts;
  for (Index c = 0; c < cloud.b.cols(); ++c)
    for (Index i = 0; i < values.cols(); ++i)
      for (const double sign : {size, -size}) {
        starts.push_back(cloud);
        starts.back().beta0.setZero();
        starts.back().beta0.col(c) = sign * whitened.col(i);
      }
  return starts;
}

std::size_t finite_width_units(const Activation& psi, std::size_t n, std::size_t outputs) {
  if (properties(psi).linear) return 2 * (n + outputs);
  return std::max<std::size_t>(8000, 20 * (n + outputs));
}

namespace {

/// Value at x of the cubic between the points around it, with the slopes there of the parabolas
/// through three points.
double interpolate(const std::vector<double>& at, const std::vector<double>& values, double x) {
  if (at.empty() || !(x >= at.front()) || !(x <= at.back() * (1 + 1e-12)))
    throw InputError("tau", fmt::format("{}", x),
                     at.empty() ? std::string("a course with a step")
                                : fmt::format("a number in [0, {}]", at.back()));
  if (at.size() == 1) return values[0];
  const std::size_t last = at.size() - 1;
  const auto after = std::upper_bound(at.begin(), at.end(), x);
  const std::size_t i =
      std::min(last, static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, after - at.begin())));
  const auto chord = [&](std::size_t j) {
    return (values[j] - values[j - 1]) / (at[j] - at[j - 1]);
  };
  const auto slope = [&](std::size_t j) {
    if (last == 1) return chord(1);
    const std::size_t m = std::clamp<std::size_t>(j, 1, last - 1);
    const double left = at[m] - at[m - 1], right = at[m + 1] - at[m];
    const double bend = (chord(m + 1) - chord(m)) / (left + right);
    return chord(m) + bend * (2 * at[j] - at[m] - at[m - 1]);
  };
  const double width = at[i] - at[i - 1], s = std::min(1.0, (x - at[i - 1]) / width);
  const double c = chord(i), from = slope(i - 1) - c, to = slope(i) - c;
  return values[i - 1] + (x - at[i - 1]) * c + width * s * (1 - s) * (from * (1 - s) - to * s);
}

}  // namespace

double FiniteWidthCourse::cosine_at(double x) const {
  return interpolate(tau, cosine, x);
}
double FiniteWidthCourse::loss_at(double x) const {
  return interpolate(tau, loss, x);
}

namespace {

/// Units that are advanced together: their arrays stay in the cache, and sums over all units are
/// sums over blocks in their order, whichever thread had them.
constexpr Index units_a_block = 256;

struct Block {
  Matrix<double> b, beta0;
  Matrix<double> a, h;         ///< at the last step
  Matrix<double> h_before;     ///< at the one before
  Matrix<double> v, v_before;  ///< da / d tau there
  Matrix<double> r;            ///< psi(a).e at the last step
  // At the step that is tried:
  Matrix<double> a_new, h_new, v_new, r_new, psi, slope;
  // Its sums over the units of the block:
  Matrix<double> G, start, product;
  double psi_square = 0, shift_square = 0, along = 0, memory = 0, h_square = 0;
};

/// Where the solver stands.
struct Moment {
  double tau = 0, c = 1;
  Matrix<double> e;  ///< n x k
  double cosine = 0, largest = 0;
};

/// Parabola through the last three moments, at tau.
template <class Value>
auto extrapolated(const std::array<Moment, 3>& last, double tau, Value Moment::*what) {
  const double t0 = last[0].tau, t1 = last[1].tau, t2 = last[2].tau;
  const double w0 = (tau - t1) * (tau - t2) / ((t0 - t1) * (t0 - t2));
  const double w1 = (tau - t0) * (tau - t2) / ((t1 - t0) * (t1 - t2));
  const double w2 = (tau - t0) * (tau - t1) / ((t2 - t0) * (t2 - t1));
  return Value(w0 * last[0].*what + w1 * last[1].*what + w2 * last[2].*what);
}

class Solver {
 public:
  Solver(const Matrix<double>& K, const Matrix<double>& Y, const Activation& psi,
         const FiniteWidth& width, const FiniteWidthCloud& cloud, std::size_t jobs)
      : K_(K),
        Y_(Y),
        psi_(psi),
        width_(width),
        root_p_(std::sqrt(width.p)),
        units_(static_cast<double>(cloud.a.rows())),
        beta0_square_(cloud.beta0_square),
        jobs_(jobs),
        blocks_(static_cast<std::size_t>((cloud.a.rows() + units_a_block - 1) / units_a_block)) {
    for (std::size_t q = 0; q < blocks_.size(); ++q) {
      const Index first = index(q) * units_a_block;
      const Index rows = std::min(units_a_block, cloud.a.rows() - first);
      Block& block = blocks_[q];
      block.a = block.a_new = cloud.a.middleRows(first, rows);
      block.b = cloud.b.middleRows(first, rows);
      block.beta0 = cloud.beta0.middleRows(first, rows);
      block.h = block.h_before = block.h_new = Matrix<double>::Zero(rows, Y.cols());
      block.G = Matrix<double>::Zero(K.rows(), K.rows());
    }
    parallel_for(blocks_.size(), jobs_, [&](std::size_t q) { sums_of(blocks_[q]); });
    sum();
    now_.e = start_ / std::sqrt(units_) + product_ / units_ - Y_;
    parallel_for(blocks_.size(), jobs_, [&](std::size_t q) { velocity(blocks_[q], now_.e); });
    finish(now_);
    commit(now_);
  }

  double delta() const { return width_.eta / root_p_; }
  const Moment& now() const { return now_; }
  /// Too few steps lie behind it for a longer one.
  bool starting() const { return moments_ < last_.size(); }

  /// The recursion's own step, which has no error; returns what a longer one would be judged by.
  double advance_once(double tolerance) {
    Moment next;
    next.tau = now_.tau + delta();
    next.c = memory(next.tau);
    const double keep = 1 - width_.eta * width_.lambda;
    parallel_for(blocks_.size(), jobs_, [&](std::size_t q) {
      Block& block = blocks_[q];
      block.a_new = block.a + delta() * block.v;
      block.h_new = keep * block.h - width_.eta * block.r;
      sums_of(block);
    });
    sum();
    next.e = next.c / std::sqrt(units_) * start_ + product_ / units_ - Y_;
    parallel_for(blocks_.size(), jobs_, [&](std::size_t q) { velocity(blocks_[q], next.e); });
    finish(next);
    const double error = surprise(next) / tolerance;
    commit(next);
    return error;
  }

  /// Tries a step to `tau`, longer than the recursion's: its error over `tolerance`. It is taken if
  /// that is at most 1.
  double try_step(double tau, double tolerance) {
    const double dt = tau - now_.tau, before = now_.tau - last_[1].tau, d = delta();
    Moment next;
    next.tau = tau;
    next.c = memory(tau);
    const double kappa = (dt + d) / (dt + before);
    const double divisor = 1 + kappa + dt * root_p_ * width_.lambda;
    const double gain = dt * root_p_ / divisor;
    const double bend = dt * (dt - d) / (2 * before);
    parallel_for(blocks_.size(), jobs_, [&](std::size_t q) {
      Block& block = blocks_[q];
      block.a_new = block.a + (dt + bend) * block.v - bend * block.v_before;
      block.h_new = ((1 + kappa) / divisor + kappa * dt / (before * divisor)) * block.h -
                    (kappa * dt / (before * divisor)) * block.h_before;
      sums_of(block);
    });
    sum();
    Matrix<double> system = gain / units_ * G_;
    system.diagonal().array() += 1;
    next.e = Eigen::PartialPivLU<Matrix<double>>(system).solve(
        Matrix<double>(next.c / std::sqrt(units_) * start_ + product_ / units_ - Y_));
    // What the parabola through three velocities adds to the line through two: of third order.
    const double cubic = dt * (dt - d) * ((2 * dt - d) / 6 + before / 2) / (dt + before);
    parallel_for(blocks_.size(), jobs_, [&](std::size_t q) {
      Block& block = blocks_[q];
      velocity(block, next.e);
      block.h_new -= gain * block.r_new;
      const Matrix<double> shift =
          (cubic / dt) * (block.v_new - block.v) - (cubic / before) * (block.v - block.v_before);
      block.shift_square = shift.cwiseProduct(block.slope).squaredNorm();
      block.a_new += shift;
    });
    double shift_square = 0, psi_square = 0;
    for (const Block& block : blocks_) {
      shift_square += block.shift_square;
      psi_square += block.psi_square;
    }
    finish(next);
    const double error = std::max(std::sqrt(shift_square / psi_square), surprise(next)) / tolerance;
    if (error <= 1) commit(next);
    return error;
  }

 private:
  double memory(double tau) const {
    return std::exp(tau / delta() * std::log1p(-width_.eta * width_.lambda));
  }

  void sums_of(Block& block) const {
    activate(psi_, block.a_new, block.psi, block.slope);
    block.G.setZero();
    block.G.selfadjointView<Eigen::Lower>().rankUpdate(block.psi.transpose());
    block.start = block.psi.transpose() * block.beta0;
    block.product = block.psi.transpose() * block.h_new;
    block.psi_square = block.G.trace();
  }

  void sum() {
    G_ = blocks_[0].G;
    start_ = blocks_[0].start;
    product_ = blocks_[0].product;
    for (std::size_t q = 1; q < blocks_.size(); ++q) {
      G_ += blocks_[q].G;
      start_ += blocks_[q].start;
      product_ += blocks_[q].product;
    }
    G_ = Matrix<double>(G_.selfadjointView<Eigen::Lower>());
  }

  void velocity(Block& block, const Matrix<double>& e) const {
    block.r_new = block.psi * e;
    const Matrix<double> force = block.slope.cwiseProduct(block.b * e.transpose());
    block.v_new.noalias() = -force * K_;
  }

  /// Cosine and largest eigenvalue at the step that is tried.
  void finish(Moment& next) {
    double along = 0, overlap = 0, h_square = 0;
    for (const Block& block : blocks_) {
      along += block.b.cwiseProduct(block.h_new).sum();
      overlap += block.beta0.cwiseProduct(block.h_new).sum();
      h_square += block.h_new.squaredNorm();
    }
    along /= units_;
    overlap /= std::sqrt(units_);
    h_square /= units_;
    const double outputs = static_cast<double>(Y_.cols());
    const double beta_square = outputs * beta0_square_ * next.c * next.c +
                               2 * next.c * overlap / width_.p + h_square / width_.p;
    next.cosine = beta_square > 0 ? along / root_p_ / std::sqrt(outputs * beta_square) : 0;
    next.largest = eigenvalues(G_ / units_).maxCoeff();
  }

  /// How far e and the cosine are from what the three moments before promise. A step's error is of
  /// the same order in its length, and about a fifth of that.
  double surprise(const Moment& next) const {
    if (starting()) return std::numeric_limits<double>::infinity();
    const double size = Y_.norm() > 0 ? Y_.norm() : 1;
    const Matrix<double> e = next.e - extrapolated(last_, next.tau, &Moment::e);
    const double cosine = next.cosine - extrapolated(last_, next.tau, &Moment::cosine);
    return std::max(e.norm() / size, std::abs(cosine)) / 5;
  }

  void commit(const Moment& next) {
    for (Block& block : blocks_) {
      block.a.swap(block.a_new);
      block.h_before.swap(block.h);
      block.h.swap(block.h_new);
      block.v_before.swap(block.v);
      block.v.swap(block.v_new);
      block.r.swap(block.r_new);
    }
    last_ = {next, last_[0], last_[1]};
    ++moments_;
    now_ = next;
  }

  Matrix<double> K_, Y_;
  Activation psi_;
  FiniteWidth width_;
  double root_p_, units_, beta0_square_;
  std::size_t jobs_;
  std::vector<Block> blocks_;
  Matrix<double> G_, start_, product_;  ///< sums over all units
  Moment now_;
  std::array<Moment, 3> last_;  ///< the newest first
  std::size_t moments_ = 0;
};

void require(bool holds, const char* what, const std::string& given, const std::string& accepted) {
  if (!holds) throw InputError(what, given, accepted);
}

void require_fit(const LawData& data, const FiniteWidthCloud& cloud) {
  const Matrix<double>&K = data.K, &Y = data.Y;
  root_of(K);
  require(Y.rows() == K.rows() && Y.cols() > 0, "y", fmt::format("{} x {}", Y.rows(), Y.cols()),
          fmt::format("{} x k, with as many rows as K has", K.rows()));
  require(Y.allFinite(), "y", "not finite", "numbers");
  require(cloud.a.cols() == K.rows() && cloud.b.cols() == Y.cols() &&
              cloud.beta0.cols() == Y.cols() && cloud.a.rows() == cloud.b.rows() &&
              cloud.a.rows() == cloud.beta0.rows() && cloud.a.rows() > 0,
          "cloud",
          fmt::format("a {} x {}, b {} x {}, beta0 {} x {}", cloud.a.rows(), cloud.a.cols(),
                      cloud.b.rows(), cloud.b.cols(), cloud.beta0.rows(), cloud.beta0.cols()),
          fmt::format("N x {}, N x {}, N x {}", K.rows(), Y.cols(), Y.cols()));
  require(cloud.a.allFinite() && cloud.b.allFinite() && cloud.beta0.allFinite(), "cloud",
          "not finite", "numbers");
}

void require_valid(const FiniteWidth& width, const FiniteWidthOptions& options) {
  const auto number = [](double x) { return fmt::format("{}", x); };
  const auto finite = [](double x) { return std::isfinite(x); };
  require(finite(width.p) && width.p >= 1, "width", number(width.p), "a number >= 1");
  require(finite(width.lambda) && width.lambda >= 0, "lambda", number(width.lambda),
          "a number >= 0");
  require(finite(width.eta) && width.eta > 0, "eta", number(width.eta), "a number > 0");
  require(width.eta * width.lambda < 1, "eta", number(width.eta),
          fmt::format("a number below 1/lambda = {}", 1 / width.lambda));
  require(finite(options.tau) && options.tau >= 0, "tau", number(options.tau), "a number >= 0");
  require(options.tolerance > 0, "tolerance", number(options.tolerance), "a number > 0");
  require(options.largest_step > 0, "largest step", number(options.largest_step), "a number > 0");
  double before = 0;
  for (double time : options.times) {
    require(time >= before && time <= options.tau, "tau", number(time),
            fmt::format("a number in [{}, {}]", before, options.tau));
    before = time;
  }
}

}  // namespace

FiniteWidthCourse finite_width_law(const LawData& data, const Activation& psi,
                                   const FiniteWidth& width, const FiniteWidthCloud& cloud,
                                   const FiniteWidthOptions& options) {
  const Matrix<double>&K = data.K, &Y = data.Y;
  require_fit(data, cloud);
  require_valid(width, options);
  Solver solver(K, Y, psi, width, cloud, options.jobs);
  FiniteWidthCourse course;
  const auto record = [&] {
    const Moment& now = solver.now();
    course.tau.push_back(now.tau);
    course.cosine.push_back(now.cosine);
    course.loss.push_back(now.e.squaredNorm() / static_cast<double>(Y.rows()));
    course.largest.push_back(now.largest);
    return options.done && options.done(course);
  };
  if (record()) return course;

  std::vector<double> targets = options.times;
  targets.push_back(options.tau);
  const double delta = solver.delta();
  double dt = delta;
  for (const double target : targets) {
    // A step to the target and not to the rounding beside it.
    const double rounding = 1e-9 * std::min(delta, target);
    while (target - solver.now().tau > rounding) {
      const double left = target - solver.now().tau;
      dt = std::min(dt, options.largest_step);
      double taken = left < dt ? left : left < 2 * dt ? left / 2 : dt, error;
      if (solver.starting() || (taken < 1.5 * delta && left >= delta - rounding)) {
        taken = delta;
        error = solver.advance_once(options.tolerance);
      } else if (left < delta - rounding) {
        // Less than a step of the network is left: there is no shorter one to give way to.
        error = solver.try_step(target, std::numeric_limits<double>::infinity());
      } else {
        error =
            solver.try_step(taken == left ? target : solver.now().tau + taken, options.tolerance);
        if (!(error <= 1)) {
          dt = std::max(delta, taken * std::max(0.2, 0.9 / std::cbrt(error)));
          continue;
        }
      }
      if (taken >= delta)
        dt = std::max(delta, taken * std::clamp(0.9 / std::cbrt(error), 0.2, 1.6));
      if (record()) return course;
    }
  }
  return course;
}

double unpenalised_cosine(const LawData& data, const Activation& psi, double p, double eta,
                          const FiniteWidthCloud& cloud) {
  require_fit(data, cloud);
  require(std::isfinite(p) && p >= 1, "width", fmt::format("{}", p), "a number >= 1");
  Matrix<double> values, slopes;
  activate(psi, cloud.a, values, slopes);
  const double units = static_cast<double>(cloud.a.rows());
  const Eigensystem system = eigensystem(values.transpose() * values / units);
  const Vector<double>& g = system.values;
  const Index n = g.size(), outputs = data.Y.cols();
  require(g(0) > 1e-12 * g(n - 1), "K", fmt::format("a G with the eigenvalue {}", g(0)),
          "data whose G = E psi psi^T is positive definite");
  require(eta >= 0 && eta * g(n - 1) < 2, "eta", fmt::format("{}", eta),
          fmt::format("a number in [0, {})", 2 / g(n - 1)));
  // eta^2 sum over s < t of (1 - eta g_i)^t (1 - eta g_j)^s, made symmetric.
  Matrix<double> sums(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      sums(i, j) = (1 / (g(i) * g(j)) - eta / (g(i) + g(j) - eta * g(i) * g(j))) / 2;
  const Matrix<double>& basis = system.vectors;
  const Matrix<double> Y = basis.transpose() * data.Y;
  double total = 0;
  for (Index c = 0; c < outputs; ++c)
    for (Index d = 0; d < outputs; ++d) {
      const Vector<double> back = cloud.b.col(c).cwiseProduct(cloud.b.col(d)) / units;
      const Matrix<double> Theta =
          data.K.cwiseProduct(slopes.transpose() * back.asDiagonal() * slopes);
      // E e(0) e(0)^T of the two outputs.
      Matrix<double> start = Y.col(c) * Y.col(d).transpose();
      if (c == d) start.diagonal() += g;
      total += (basis.transpose() * Theta * basis).cwiseProduct(sums).cwiseProduct(start).sum();
    }
  return total / (p * static_cast<double>(outputs));
}

}  // namespace alignproof::inline mean_field
