// SPDX-License-Identifier: Apache-2.0
// Means of tanh, ln cosh and sech^2 of Gaussian variables by antiperiodic (periodic) sums.
#include <alignproof/core/no_fast_math.hpp>

#include "antiperiodic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alignproof::check {

namespace {

constexpr double pi_d = 3.14159265358979323846, ln2_d = 0.69314718055994530942;
/// Bits for bounds of remainders: few, as they are tiny.
constexpr long coarse = 64;
/// Terms of one series beyond which nothing is attempted.
constexpr double longest_series = 2e6;
/// Work in units of a multiplication: a term of a double sum; of a row of it the choice of its
/// terms, its start and its remainder; a term of a series (sinh, exp).
constexpr double inner_work = 4, window_work = 60, row_work = 250, term_work = 130;

/// A choice must be a number of the range in which it means something.
double within(double low, double x, double high) {
  return std::isnan(x) ? low : std::clamp(x, low, high);
}

/// Bounds sum_{k = M, M + r, ...} k q^k / (1 - q^(2 k)), q = exp(-x): k / (1 - q^(2 k)) is at most
/// k + 1 / (2 x).
Ball geometric_tail(const Ball& x, double M, double r) {
  const Ball ratio = exp(0 - r * x), gap = 0 - expm1(0 - r * x);
  return exp(0 - M * x) * (M + 1 / (2 * x) + r * ratio / gap) / gap;
}

bool paid_for(const Effort& effort, double work) {
  if (effort.budget == nullptr) return true;
  if (!effort.budget->allows(work, "the series of the limit kernel")) return false;
  effort.budget->spend(work);
  return true;
}

/// What weights that fall slowly, over about L terms, add up to.
double spread(double L) {
  return std::max(0.0, std::log(L / 50));
}

/// What the terms from M on and the images of sech^2 in the periodic sum amount to, (L.8).
Ball sech2_error(const Ball& variance, double L, double theta, double M) {
  const PrecisionScope scope(coarse);
  const Ball step = 2 * pi() / Ball(L), first = pi() * step / 2;
  const Ball rest =
      4 * first * geometric_tail(first, M, 1) * exp(0 - square(step * M) * variance / 2);
  const Ball fall = 2 * Ball(theta) * L;
  const Ball images = 16 * exp(2 * square(Ball(theta)) * variance - fall) / (0 - expm1(0 - fall));
  return 2 * rest / Ball(L) + images;
}

}  // namespace

Ball mean_sech2(const Ball& variance, const Effort& effort) {
  const double s = within(0, about(sqrt(variance)), 1e300);
  const double wanted = (effort.bits + 10) * ln2_d + 2 * std::log(std::max(1.0, 1 / (s + 1e-9)));
  // 16 exp(2 theta^2 s^2 - 2 theta L) is smallest at theta = L / (2 s^2), or at 1.
  const double near = (wanted + 2.8) / 2 + s * s, far = s * std::sqrt(2 * (wanted + 2.8));
  const double L = within(1e-3, effort.antiperiod * (s * s < wanted / 2 ? near : far), 1e305);
  const double theta = within(1e-305, s > 0 ? L / 2 / s / s : 1, 1);
  const Ball step = 2 * pi() / Ball(L);  // omega_1
  const double x = 2 * pi_d / L, damping = x * s * x * s / 2;
  const auto small = [&](double k) {
    return std::log(4 / L * (pi_d * x / 2 * k + 1)) - pi_d * x / 2 * k - damping * k * k <
           -wanted - spread(L);
  };
  double terms = 1;
  while (!small(terms) && terms < longest_series) terms *= 2;
  for (double part = terms / 4; part >= 1; part /= 2)
    if (small(terms - part)) terms -= part;
  terms = std::floor(within(0, effort.terms * terms, longest_series));
  if (!paid_for(effort, term_work * terms)) return unknown();

  Ball sum = 1;
  const Ball half = variance / 2;
  for (double k = 1; k <= terms; ++k) {
    const Ball omega = step * k, xi = pi() * omega / 2;
    sum += 2 * xi / sinh(xi) * exp(0 - square(omega) * half);
  }
  return widened(2 * sum / Ball(L), upper(sech2_error(variance, L, theta, terms + 1)));
}

Series::Series(Summand psi, const Ball& variance, const Effort& effort)
    : psi_(psi), effort_(effort), variance_(variance), deviation_(sqrt(variance)) {
  s_ = within(0, about(deviation_), 1e300);
  floor_ = -(effort.bits + 10) * ln2_d;
  // The bounds of (L.6) in doubles: sqrt(2) exp(4 s^2 - 2 L) for small s, else
  // exp((8/3) theta^2 s^2 - 2 theta L), smallest at theta = 3 L / (8 s^2), or at 1.
  const double wanted = -floor_ + 2;
  const double near = wanted / 2 + (s_ < 0.5 ? 2 * s_ * s_ : 4 * s_ * s_ / 3);
  const double far = s_ * std::sqrt(8 * wanted / 3);
  const bool tails_matter = s_ * s_ > 3 * wanted / 8;
  L_ = within(1e-3, effort.antiperiod * (tails_matter ? far : near), 1e305);
  theta_ = within(1e-305, s_ > 0 ? 3 * (L_ / s_) / (8 * s_) : 1, 1);
  step_ = pi() / Ball(L_);
}

Ball Series::alpha(std::size_t index) const {
  return step_ * static_cast<double>(2 * index + 1);
}

double Series::log_weight(std::size_t index) const {
  const double k = 2 * static_cast<double>(index) + 1, x = pi_d / L_;
  const double z = pi_d * x * k / 2;
  const double log_sinh = z + std::log(-std::expm1(-2 * z) / 2);
  const double power = psi_ == Summand::tanh ? std::log(x * k) : 0;
  return std::log(2 * std::max(1.0, s_)) + std::log(x) + power - log_sinh;
}

std::size_t Series::count(double floor, double gap) const {
  const auto small = [&](double terms) {
    const double y = pi_d * (2 * terms + 1) * (s_ / L_);
    return log_weight(static_cast<std::size_t>(terms)) - y * y * gap / 2 < floor;
  };
  double terms = 1;
  while (!small(terms) && terms < longest_series) terms *= 2;
  for (double part = terms / 4; part >= 1; part /= 2)
    if (small(terms - part)) terms -= part;
  return static_cast<std::size_t>(within(0, effort_.terms * terms, longest_series));
}

void Series::extend(std::size_t terms) {
  const Ball half = variance_ / 2;
  while (c_.size() < terms) {
    const Ball alpha = this->alpha(c_.size());
    const Ball a = 2 * step_ / sinh(pi() * alpha / 2);
    c_.push_back(psi_ == Summand::tanh ? a : a / alpha);
    damped_.push_back(c_.back() * exp(0 - square(alpha) * half));
    weight_.push_back(psi_ == Summand::tanh ? a * alpha : a);
  }
}

double Series::work_to_extend(std::size_t terms) const {
  return terms > c_.size() ? term_work * static_cast<double>(terms - c_.size()) : 0;
}

std::vector<Ball> Series::tails(std::size_t terms) const {
  std::vector<Ball> sums(terms + 1);
  const double M = 2 * static_cast<double>(terms) + 1;
  // a_k alpha_k = 4 (pi/L)^2 k q^k / (1 - q^(2 k)), q = exp(-pi^2 / (2 L)).
  const Ball rest = 4 * square(step_) * geometric_tail(pi() * step_ / 2, M, 2);
  sums[terms] = psi_ == Summand::tanh ? rest : rest / alpha(terms);
  for (std::size_t j = terms; j-- > 0;) sums[j] = weight_[j] + sums[j + 1];
  return sums;
}

Ball Series::distance() const {
  const PrecisionScope scope(coarse);
  const Ball theta = theta_;
  Ball far = sqrt(sqrt(8)) *
             exp(Ball(8) / 3 * square(theta) * variance_ - 2 * theta * Ball(L_));  // 2^(3/4) ...
  if (psi_ == Summand::ln_cosh) return upper(far / theta);
  far = 2 * far;
  const Ball near = sqrt(2 * expm1(8 * variance_)) / cosh(2 * Ball(L_));
  return upper(arb_is_finite(near.get()) ? min(near, far) : far);
}

Ball Series::size() const {
  const Ball fourth = sqrt(sqrt(3)) * deviation_;
  return upper(psi_ == Summand::tanh ? min(1, fourth) : log_2() + fourth);
}

Ball Series::mean() {
  if (psi_ == Summand::tanh) return 0;
  if (mean_) return *mean_;
  const std::size_t terms = count(floor_, 0);
  if (!paid_for(effort_, work_to_extend(terms))) return unknown();
  extend(terms);
  const std::vector<Ball> rest = tails(terms);
  Ball sum;
  for (std::size_t k = 0; k < terms; ++k) sum += c_[k] - damped_[k];
  mean_ = widened(sum, rest[terms] / alpha(terms));  // sum of a_k / alpha_k
  return *mean_;
}

bool MeanOfProduct::choose_windows(double rho, double gap) {
  const Series &u = *u_, &v = *v_;
  const double du = pi_d * (u.s_ / u.L_), dv = pi_d * (v.s_ / v.L_), terms = u.effort_.terms;
  // The weights of tanh add up to at most 1, those of ln cosh to about ln L.
  const double most = std::log(std::max(1.0, v.s_)) +
                      (v.psi_ == Summand::tanh ? 0 : std::log(1 + std::log(1 + v.L_)));
  double total = 0;
  const std::size_t rows = u.count(u.floor_ - most - spread(u.L_), gap);
  for (std::size_t k = 0; k < rows; ++k) {
    const double x = du * (2 * static_cast<double>(k) + 1);
    const double left = u.log_weight(k) - x * x * gap / 2 - u.floor_;
    Window w;
    if (left + most > 0) {
      // exponent = -x^2 gap / 2 - (y - rho x)^2 / 2 with y = beta s'
      const double reach = terms * std::sqrt(2 * (left + most)), middle = rho * x;
      const double lowest = (within(0, (middle - reach) / dv, 1e9) - 1) / 2;
      const double highest = (within(0, (middle + reach) / dv, 1e9) + 1) / 2;
      w.last = std::min(static_cast<std::size_t>(within(0, std::ceil(highest), 1e9)),
                        v.count(-left - spread(v.L_), 0));
      w.first = std::min(static_cast<std::size_t>(within(0, std::floor(lowest), 1e9)), w.last);
    }
    rows_.push_back(w);
    total += static_cast<double>(w.last - w.first) + 10;
    if (total > Series::most_terms) return false;
  }
  return true;
}

MeanOfProduct::MeanOfProduct(Series& u, Series& v, const Ball& covariance)
    : u_(&u), v_(&v), covariance_(covariance) {
  const bool apart = arb_is_zero(u.variance_.get()) || arb_is_zero(v.variance_.get());
  if (!apart && !prepare_sum(u, v)) {
    rows_ = {};
    return;
  }
  if (u.psi_ == Summand::ln_cosh) u_mean_ = u.mean(), v_mean_ = v.mean();
  case_ = apart ? Case::independent : Case::summed;
}

bool MeanOfProduct::prepare_sum(Series& u, Series& v) {
  const Ball size = abs(covariance_), product = u.deviation_ * v.deviation_;
  // 1 - |rho| and 1 - rho^2, times variances; >= 0 by Cauchy-Schwarz.
  slack_ = max(0, product - size);
  peak_ = max(0, (u.variance_ - square(covariance_) / v.variance_) / 2);
  const double gap = within(0, about(slack_ * (product + size) / square(product)), 1);
  const double rho = within(0, about(size / product), 1);

  if (u.effort_.budget != nullptr && u.effort_.budget->exhausted()) return false;
  const bool few = choose_windows(rho, gap);
  if (!paid_for(u.effort_, window_work * static_cast<double>(rows_.size())) || !few) return false;
  double terms = 0;
  for (const Window& w : rows_) {
    columns_ = std::max(columns_, w.last);
    terms += static_cast<double>(w.last - w.first);
  }
  if (static_cast<double>(std::max(columns_, rows_.size())) >= longest_series) return false;
  const double work = inner_work * terms + row_work * static_cast<double>(rows_.size()) +
                      u.work_to_extend(rows_.size()) + v.work_to_extend(columns_);
  if (!paid_for(u.effort_, work)) return false;
  u.extend(rows_.size()), v.extend(columns_);
  return true;
}

Ball MeanOfProduct::value() const {
  const Series &u = *u_, &v = *v_;
  const bool odd = u.psi_ == Summand::tanh;
  Ball sum, omitted;
  switch (case_) {
    case Case::out_of_reach:
      return unknown();
    case Case::independent:
      if (odd) return 0;
      break;
    case Case::summed: {
      const Ball size = abs(covariance_);
      const std::vector<Ball> u_rest = u.tails(rows_.size()), v_rest = v.tails(columns_);

      Ball s, c, s_step, c_step, s_next, c_next, inner;
      for (std::size_t k = 0; k < rows_.size(); ++k) {
        const Ball alpha = u.alpha(k);
        const auto [first, last] = rows_[k];
        // sinh(alpha beta K), or cosh(alpha beta K) - 1 = 2 sinh(alpha beta K / 2)^2.
        const Ball t = (odd ? alpha : alpha / 2) * v.step_ * covariance_;
        arb_sinh_cosh(s.get(), c.get(), (t * static_cast<double>(2 * first + 1)).get(),
                      precision());
        arb_sinh_cosh(s_step.get(), c_step.get(), (2 * t).get(), precision());
        arb_zero(inner.get());
        for (std::size_t l = first; l < last; ++l) {
          if (odd) {
            arb_addmul(inner.get(), v.damped_[l].get(), s.get(), precision());
          } else {
            arb_mul(s_next.get(), s.get(), s.get(), precision());
            arb_addmul(inner.get(), v.damped_[l].get(), s_next.get(), precision());
          }
          arb_mul(s_next.get(), s.get(), c_step.get(), precision());
          arb_addmul(s_next.get(), c.get(), s_step.get(), precision());
          arb_mul(c_next.get(), c.get(), c_step.get(), precision());
          arb_addmul(c_next.get(), s.get(), s_step.get(), precision());
          arb_swap(s.get(), s_next.get());
          arb_swap(c.get(), c_next.get());
        }
        arb_addmul(sum.get(), u.damped_[k].get(), inner.get(), precision());

        // Left out: |K| times weights times exp(Q), Q concave in beta with its peak at
        // beta = alpha |K| / K_vv.
        const PrecisionScope scope(coarse);
        const Ball highest = 0 - square(alpha) * peak_;
        const auto bound = [&](std::size_t l, bool below) {
          const Ball beta = v.alpha(l), here = beta * v.variance_, there = alpha * size;
          if (!(below ? arb_le(here.get(), there.get()) : arb_ge(here.get(), there.get())))
            return exp(highest);
          const Ball between = alpha * u.deviation_ - beta * v.deviation_;
          return exp(0 - square(between) / 2 - alpha * beta * slack_);
        };
        Ball row = bound(last, false) * v_rest[last];
        if (first > 0) row += bound(first - 1, true) * (v_rest[0] - v_rest[first]);
        omitted += u.weight_[k] * row;
      }
      const PrecisionScope scope(coarse);
      const Ball highest = 0 - square(u.alpha(rows_.size())) * peak_;
      omitted += u_rest[rows_.size()] * exp(highest) * v_rest[0];
      omitted = omitted * size;
      break;
    }
  }
  if (!odd) sum = 2 * sum + (log_2() + u_mean_) * (log_2() + v_mean_);
  return widened(sum, upper(omitted + u.size() * v.distance() + v.size() * u.distance()));
}

}  // namespace alignproof::check
