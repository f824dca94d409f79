// SPDX-License-Identifier: Apache-2.0
// Every number of the double sum is positive, so that its relative error is counted, not watched.
// Numbers in brackets are those of reports/docs/kernels.md. One unit: each bound is used by the
// next, in the order of that page.
#include "kernels/fourier.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "scalar/raw_mpfr.hpp"
#include "scalar/upward.hpp"

namespace alignproof::inline kernels {

namespace {

using Ball = RealBall<Mpfr>;
using std::numbers::pi;

constexpr double longest = 1e100;
constexpr long most_coefficients = 200000;
constexpr double most_terms = 1e8;

/// A number that was rounded once.
Ball rounded_once(const Mpfr& x) {
  return {x, slack(x)};
}

Ball within(const Ball& radius) {
  return {Mpfr(0), radius.upper()};
}

// ---- The plan, in doubles ----

/// Half the number of standard deviations that a Gaussian tail of e^-goal takes, with the
/// polynomial of (4.4).
double tail_start(double goal) {
  double zeta = 10;
  for (int step = 0; step < 20; ++step)
    zeta = std::sqrt(2 * (goal + 2 + std::log(4 * zeta * (1 + zeta) * (1 + zeta))));
  return zeta;
}

/// The shortest antiperiod whose remainder (4.3) or (4.4) is below e^-goal min(1, s).
double antiperiod(double s, double goal) {
  const double zeta = tail_start(goal);
  if (zeta <= 1.99 * s) return zeta * s;
  const double polynomial = 16 * std::pow(2.5 + 2 * s, 3) * std::max(1.0, s);
  return s * s + (goal + 2 + std::log(polynomial)) / 2;
}

/// Terms of a row with antiperiod L whose tail (3.4) is below e^-goal when the other variable
/// leaves the variance c.
long terms_for(Series f, double L, double c, double goal) {
  const double powers = f == Series::tanh ? 1 : 3;
  double a = 1, wanted = goal;
  for (int step = 0; step < 5; ++step) {
    a = 2 * wanted / (pi / 2 + std::sqrt(pi * pi / 4 + 2 * c * wanted));
    wanted = goal + powers * std::log1p(1 / a);
  }
  const double terms = a * L / (2 * pi);
  return terms < 1e9 ? static_cast<long>(std::ceil(terms)) + 1 : 1000000000;
}

double last_frequency(const RowPlan& row, long terms) {
  return pi * static_cast<double>(2 * terms - 1) / row.L;
}

/// What is left of u when v is known, as a variance; of u itself if v = 0.
double conditional_variance(const Mpfr& det, const Mpfr& own, const Mpfr& other) {
  return Mpfr(other > 0 ? Mpfr(det / other) : own).convert_to<double>();
}

struct PairPlan {
  long terms_i, terms_j;
  double window;       ///< R of (3.5)
  double count;        ///< of the relative error, (5.2): it is at most count u
  double evaluations;  ///< terms of the double sum, about
};

PairPlan plan_pair(Series f, const RowPlan& row_i, const RowPlan& row_j, const PairGram& K,
                   double goal, double window_goal) {
  const double sizes = std::log(std::max(1.0, row_i.s)) + std::log(std::max(1.0, row_j.s));
  const double constants = sizes + (f == Series::tanh ? 3 : 8), wanted = goal + constants;
  PairPlan plan;
  plan.terms_i = terms_for(f, row_i.L, conditional_variance(K.det, K.Kii, K.Kjj), wanted);
  plan.terms_j = terms_for(f, row_j.L, conditional_variance(K.det, K.Kjj, K.Kii), wanted);
  plan.window = std::sqrt(2 * (window_goal + constants));

  const double a_i = last_frequency(row_i, plan.terms_i), a_j = last_frequency(row_j, plan.terms_j);
  const double Y = a_i * row_i.s + a_j * row_j.s, z = pi / 2 * std::max(a_i, a_j);
  const auto M = static_cast<double>(std::max(plan.terms_i, plan.terms_j));
  plan.count = 60 * Y * Y + 2 * M * M + 22 * M + 20 * z + 200;
  const auto inside = [&](const RowPlan& row, long terms) {
    const double wide = (plan.window + 1) * row.L / (pi * std::max(row.s, 1e-100));
    return std::min(static_cast<double>(terms), wide + 1);
  };
  plan.evaluations = static_cast<double>(std::min(plan.terms_i, plan.terms_j)) *
                     std::max(inside(row_i, plan.terms_i), inside(row_j, plan.terms_j));
  return plan;
}

/// The diagonal by 1 - E tanh', which loses the digits of E tanh^2 = shrinkage(s) or so.
bool by_single_sum(Series f, const RowPlan& row) {
  return f == Series::tanh && row.s >= 1.0 / 16;
}

double shrinkage(Series f, const RowPlan& row) {
  return by_single_sum(f, row) ? std::min(1.0, row.s * row.s) : 1;
}

void require_feasible(const PairPlan& pair, std::size_t i, std::size_t j, const RowPlan& row_i,
                      const RowPlan& row_j) {
  if (std::max(pair.terms_i, pair.terms_j) <= most_coefficients && pair.evaluations <= most_terms)
    return;
  throw InputError(fmt::format("|x| of samples {} and {}", i + 1, j + 1),
                   fmt::format("{:.6g} and {:.6g}", row_i.s, row_j.s),
                   "shorter ones or fewer digits: nearly parallel samples of this length need too "
                   "many terms");
}

// ---- Rows at full precision ----

/// c e^(-alpha^2 K / 2) with alpha = pi k / L, k = 1, 3, 5, ...
struct Row {
  Mpfr K, h;                    ///< K_ii; pi / L
  Mpfr hhK;                     ///< h^2 K
  std::vector<Mpfr> alpha;      ///< pi k / L
  std::vector<Mpfr> c;          ///< a_k of tanh (3.2), a_k / alpha of ln(2 cosh)
  std::vector<Mpfr> alpha2K;    ///< alpha^2 K
  Ball s, remainder;            ///< |x_i|; bound of E |D(u)| (1 + |u|/s)^2, section 4
  Ball constant, gaussian_sum;  ///< of ln(2 cosh): ln 2 + sum c; sum c e^(-alpha^2 K / 2)
};

/// The smaller of (4.3) and (4.4), where that holds.
Ball remainder_of(const Ball& s, const Ball& L) {
  const Ball two_s = number(2) * s, zeta = L / s;
  const Ball root = number(2.5) + two_s, one_more = number(1) + zeta;
  const Ball shifted = number(16) * s * root * root * root * Ball::exp(number(2) * (s * s - L));
  if (!certainly_less(zeta, two_s) || !certainly_less(number(2), zeta)) return shifted;
  const Ball cut = number(4) * zeta * one_more * one_more * Ball::exp(-(zeta * zeta / number(2)));
  return cut.upper() < shifted.upper() ? cut : shifted;
}

/// (3.4): a bound of sum alpha a_k e^(-c alpha^2 / 2) over the frequencies above a.
Ball frequency_tail(const Ball& a, const Ball& c) {
  const Ball pi = Ball::pi(), decay = pi * a / number(2) + c * a * a / number(2);
  const Ball below_one = number(1) - Ball::exp(-(pi * a));
  return number(4) / pi * (a + number(2) / pi) * Ball::exp(-decay) / below_one;
}

Ball frequency_ball(const RowPlan& plan, long terms) {
  return Ball::pi() * number(static_cast<double>(2 * terms - 1)) / number(plan.L);
}

/// ln 2 + sum c_k of ln(2 cosh), by (3.7).
Ball series_constant(double L) {
  const Ball one = number(1), e = Ball::exp(number(-L));
  const auto quotient = [&](double m) {
    const Ball root =
        Ball::exp(number((0.5 - m) * L)) * (one - e) / (one + Ball::exp(number(-2 * m * L)));
    return Ball::log1p(root * root);
  };
  return number(L) / number(2) + Ball::log1p(e) - quotient(1) +
         Ball::between(Mpfr(0), quotient(2).upper());
}

/// sum over k of weight_k e^(-alpha_k^2 K / 2), k < terms.
template <class Weight>
Mpfr gaussian_sum(const Row& row, long terms, Weight weight) {
  Mpfr sum = 0;
  for (long k = 0; k < terms; ++k) sum += weight(k) * exp(Mpfr(row.alpha2K[k] / -2));
  return sum;
}

/// A sum of positive numbers with relative error at most count u.
Ball counted(const Mpfr& sum, double count) {
  const Mpfr u = Format<Mpfr>::two_u();  // twice the unit roundoff
  return {sum, mul_up(mul_up(Mpfr(count), u), sum)};
}

/// (5.3)
double single_count(const RowPlan& plan) {
  const double a = last_frequency(plan, plan.gaussian_terms), Y = a * plan.s;
  return 60 * Y * Y + 20 * a * pi / 2 + 2 * static_cast<double>(plan.gaussian_terms) + 200;
}

Row make_row(Series f, const RowPlan& plan, const Mpfr& K) {
  Row row;
  row.K = K;
  const Mpfr L(plan.L), pi = Ball::pi().mid;
  row.h = pi / L;
  row.hhK = row.h * row.h * K;
  for (long k = 0; k < std::max(plan.terms, plan.gaussian_terms); ++k) {
    const Mpfr alpha = row.h * Mpfr(2 * k + 1);
    Mpfr c = Mpfr(2) * row.h / sinh(Mpfr(pi * alpha / 2));
    if (f == Series::log_cosh) c /= alpha;
    row.alpha.push_back(alpha);
    row.c.push_back(std::move(c));
    row.alpha2K.push_back(Mpfr(alpha * alpha) * K);
  }
  row.s = Ball::sqrt(rounded_once(K));
  row.remainder = remainder_of(row.s, number(plan.L));
  if (f == Series::log_cosh) {
    const Ball a = frequency_ball(plan, plan.gaussian_terms);
    row.constant = series_constant(plan.L);
    row.gaussian_sum =
        counted(gaussian_sum(row, plan.gaussian_terms, [&](long k) { return row.c[k]; }),
                single_count(plan)) +
        within(frequency_tail(a, rounded_once(K)) / (a * a));
  }
  return row;
}

// ---- The double sum ----

/// q = e^-y and p = 1 - q for y >= 0, both with small relative errors.
void decay_and_rest(Mpfr& p, Mpfr& q, const Mpfr& y) {
  mpfr_neg(raw(p), raw(y), MPFR_RNDN);
  if (mpfr_cmp_d(raw(y), 0.5) < 0) {
    mpfr_expm1(raw(p), raw(p), MPFR_RNDN);
    mpfr_neg(raw(p), raw(p), MPFR_RNDN);
    mpfr_ui_sub(raw(q), 1, raw(p), MPFR_RNDN);
  } else {
    mpfr_exp(raw(q), raw(p), MPFR_RNDN);
    mpfr_ui_sub(raw(p), 1, raw(q), MPFR_RNDN);
  }
}

/// First and last index l < terms with |beta_l s - center| <= R + 1; empty if last < first. R is
/// what counts, so that doubles will do.
struct Window {
  long first, last;
};

Window window_about(double center, const RowPlan& row, long terms, double R) {
  const auto most = static_cast<double>(terms - 1);
  const double per_index = 2 * pi * row.s / row.L;  // beta_l s = per_index (l + 1/2)
  if (per_index * (most + 1) < 1e-3) return {0, center <= R + 1 ? terms - 1 : -1};
  const double low = (center - R - 1) / per_index - 0.5, high = (center + R + 1) / per_index - 0.5;
  if (low > most || high < 0) return {0, -1};
  return {static_cast<long>(std::ceil(std::max(low, 0.0))),
          static_cast<long>(std::floor(std::min(high, most)))};
}

/// sum over k, l of c_k c_l e^(-(alpha^2 Kii + beta^2 Kjj) / 2) times sinh(alpha beta |Kij|) for
/// tanh, cosh for ln(2 cosh); by the recurrences (5.1).
Mpfr double_sum(Series f, const Row& outer, long outer_terms, const Row& inner,
                const RowPlan& inner_plan, long inner_terms, const Mpfr& Kij, double R) {
  const bool odd = f == Series::tanh;
  Mpfr total = 0, partial, cross, step, t, y, g, ratio, w, p, q, p2, q2;
  const Mpfr size = abs(Kij);
  const double reach =  // |rho| s of the outer variable
      inner.K > 0 ? Mpfr(size / sqrt(inner.K)).convert_to<double>() : 0;
  mpfr_mul_si(raw(t), raw(inner.hhK), -4, MPFR_RNDN);
  mpfr_exp(raw(w), raw(t), MPFR_RNDN);
  for (long k = 0; k < outer_terms; ++k) {
    const Window range =
        window_about(outer.alpha[k].convert_to<double>() * reach, inner_plan, inner_terms, R);
    if (range.last < range.first) continue;
    const long l0 = range.first;
    mpfr_mul(raw(cross), raw(outer.alpha[k]), raw(size), MPFR_RNDN);
    mpfr_mul_2ui(raw(cross), raw(cross), 1, MPFR_RNDN);        // 2 alpha |Kij|
    mpfr_mul(raw(step), raw(cross), raw(inner.h), MPFR_RNDN);  // 2 alpha h |Kij|

    // g = e^-Q at the first l, and its first quotient.
    mpfr_mul(raw(t), raw(cross), raw(inner.alpha[l0]), MPFR_RNDN);
    mpfr_sub(raw(t), raw(t), raw(outer.alpha2K[k]), MPFR_RNDN);
    mpfr_sub(raw(t), raw(t), raw(inner.alpha2K[l0]), MPFR_RNDN);
    mpfr_div_2ui(raw(t), raw(t), 1, MPFR_RNDN);
    mpfr_exp(raw(g), raw(t), MPFR_RNDN);
    mpfr_mul_si(raw(t), raw(inner.hhK), 4 * l0 + 4, MPFR_RNDN);
    mpfr_sub(raw(t), raw(step), raw(t), MPFR_RNDN);
    mpfr_exp(raw(ratio), raw(t), MPFR_RNDN);

    // q = e^(-2 alpha beta |Kij|), p = 1 - q, at the first l and for a step of 2 in l.
    decay_and_rest(p, q, step);
    mpfr_add_ui(raw(t), raw(q), 1, MPFR_RNDN);
    mpfr_mul(raw(p2), raw(p), raw(t), MPFR_RNDN);
    mpfr_sqr(raw(q2), raw(q), MPFR_RNDN);
    if (l0 > 0) {
      mpfr_mul_si(raw(y), raw(step), 2 * l0 + 1, MPFR_RNDN);
      decay_and_rest(p, q, y);
    }

    mpfr_set_zero(raw(partial), 1);
    for (long l = l0; l <= range.last; ++l) {
      mpfr_mul(raw(t), raw(inner.c[l]), raw(g), MPFR_RNDN);
      mpfr_mul(raw(g), raw(g), raw(ratio), MPFR_RNDN);
      mpfr_mul(raw(ratio), raw(ratio), raw(w), MPFR_RNDN);
      if (odd) {
        mpfr_mul(raw(t), raw(t), raw(p), MPFR_RNDN);
        mpfr_mul(raw(y), raw(q), raw(p2), MPFR_RNDN);
        mpfr_add(raw(p), raw(p), raw(y), MPFR_RNDN);
      } else {
        mpfr_mul(raw(y), raw(t), raw(q), MPFR_RNDN);
        mpfr_add(raw(t), raw(t), raw(y), MPFR_RNDN);
      }
      mpfr_mul(raw(q), raw(q), raw(q2), MPFR_RNDN);
      mpfr_add(raw(partial), raw(partial), raw(t), MPFR_RNDN);
    }
    mpfr_mul(raw(t), raw(partial), raw(outer.c[k]), MPFR_RNDN);
    mpfr_add(raw(total), raw(total), raw(t), MPFR_RNDN);
  }
  mpfr_div_2ui(raw(total), raw(total), 1, MPFR_RNDN);
  return total;
}

Ball variance_left(const Mpfr& det, const Mpfr& own, const Mpfr& other) {
  return other > 0 ? rounded_once(det) / rounded_once(other) : rounded_once(own);
}

/// Bound of everything that the double sum leaves out of the series, (3.5) and (3.6).
Ball left_out(Series f, const PairPlan& plan, const RowPlan& plan_i, const RowPlan& plan_j,
              const PairGram& K) {
  const Ball a_i = frequency_ball(plan_i, plan.terms_i), a_j = frequency_ball(plan_j, plan.terms_j);
  const Ball tail_i = frequency_tail(a_i, variance_left(K.det, K.Kii, K.Kjj));
  const Ball tail_j = frequency_tail(a_j, variance_left(K.det, K.Kjj, K.Kii));
  const Ball R = number(plan.window), outside = Ball::exp(-(R * R / number(2)));
  if (f == Series::tanh) return Ball::abs(rounded_once(K.Kij)) * (tail_i + tail_j + outside);
  const Ball half_i = number(plan_i.L) / number(2), half_j = number(plan_j.L) / number(2);
  return half_j * tail_i / (a_i * a_i) + half_i * tail_j / (a_j * a_j) + half_i * half_j * outside;
}

/// |f - its series| in the mean over the pair, (4.1) and (4.2).
Ball series_remainder(Series f, const Row& x, const Row& y) {
  const Ball one = number(1);
  if (f == Series::log_cosh)
    return x.s * (one + y.s) * x.remainder + y.s * (one + x.s) * y.remainder;
  const auto least = [&](const Ball& s) { return certainly_less(s, one) ? s : one; };
  return least(y.s) * x.remainder + least(x.s) * y.remainder;
}

class Evaluation {
 public:
  Evaluation(const FourierPlan& plan, const ExactGram& K) : plan_(plan), K_(K) {}

  void add_row(std::size_t i) {
    if (rows_.size() < K_.n()) rows_.resize(K_.n());
    rows_[i] = make_row(plan_.f, plan_.rows[i], K_.pair(i, i).Kii);
  }

  Ball diagonal(std::size_t i) const {
    return by_single_sum(plan_.f, plan_.rows[i]) ? long_diagonal(i) : by_double_sum(i, i);
  }

  Ball by_double_sum(std::size_t i, std::size_t j) const {
    const PairGram K = K_.pair(i, j);
    const bool odd = plan_.f == Series::tanh;
    if (odd && K.Kij == 0) return number(0);
    const RowPlan &plan_i = plan_.rows[i], &plan_j = plan_.rows[j];
    const Row &row_i = rows_[i], &row_j = rows_[j];
    const PairPlan pair = plan_pair(plan_.f, plan_i, plan_j, K, plan_.goal, plan_.window_goal);
    const bool i_outside = pair.terms_i <= pair.terms_j;
    const Mpfr sum = i_outside ? double_sum(plan_.f, row_i, pair.terms_i, row_j, plan_j,
                                            pair.terms_j, K.Kij, pair.window)
                               : double_sum(plan_.f, row_j, pair.terms_j, row_i, plan_i,
                                            pair.terms_i, K.Kij, pair.window);
    const Ball series = counted(sum, pair.count);
    const Ball unknown = within(left_out(plan_.f, pair, plan_i, plan_j, K)) +
                         within(series_remainder(plan_.f, row_i, row_j));
    if (odd) return (K.Kij < 0 ? -series : series) + unknown;
    return row_i.constant * row_j.constant - row_i.constant * row_j.gaussian_sum -
           row_j.constant * row_i.gaussian_sum + series + unknown;
  }

 private:
  /// E tanh^2 = 1 - E tanh', (3.8).
  Ball long_diagonal(std::size_t i) const {
    const Row& row = rows_[i];
    const RowPlan& plan = plan_.rows[i];
    const Mpfr slope = gaussian_sum(row, plan.gaussian_terms,
                                    [&](long k) { return Mpfr(row.alpha[k] * row.c[k]); });
    const Ball tail =
        frequency_tail(frequency_ball(plan, plan.gaussian_terms), rounded_once(row.K));
    return number(1) - counted(slope, single_count(plan)) + within(tail) +
           within(row.remainder / row.s);
  }

  const FourierPlan& plan_;
  const ExactGram& K_;
  std::vector<Row> rows_;
};

}  // namespace

FourierPlan plan_fourier(Series f, const ExactGram& K, unsigned digits) {
  const ScopedDigits few(20);
  const double margin = digits * std::numbers::ln10 + 4;
  FourierPlan plan{f, margin, digits, {}, margin};
  double lost = 100;  // how many units in the last place, relative to the scale of an entry
  for (std::size_t i = 0; i < K.n(); ++i) {
    RowPlan row;
    const Mpfr Kii = K.pair(i, i).Kii;
    const Mpfr s = sqrt(Kii);
    if (s > longest)
      throw InputError(fmt::format("|x| of sample {}", i + 1), fmt::format("{}", s.str(6)),
                       fmt::format("at most {:g}", longest));
    row.s = s.convert_to<double>();
    const double shrunk = shrinkage(f, row);
    row.L = antiperiod(row.s, margin - std::log(shrunk));
    const double sizes = 2 * std::log(std::max(1.0, row.s)) - std::log(shrunk) + 8;
    row.gaussian_terms = terms_for(f, row.L, row.s * row.s, margin + sizes);
    lost = std::max(lost, single_count(row) / shrunk);
    plan.rows.push_back(row);
  }
  double cancelled = 1;  // by the constants of ln(2 cosh), which are of size L / 2
  for (const RowPlan& row : plan.rows)
    if (f == Series::log_cosh) cancelled = std::max(cancelled, row.L / std::max(1.0, row.s));
  for (std::size_t i = 0; i < K.n(); ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const PairGram pair = K.pair(i, j);
      const bool repeated = i != j && (pair.equal || pair.opposite) && f == Series::tanh;
      if ((i == j && by_single_sum(f, plan.rows[i])) || repeated) continue;
      if (f == Series::tanh && pair.Kij == 0) continue;
      RowPlan &row_i = plan.rows[i], &row_j = plan.rows[j];
      const PairPlan needs = plan_pair(f, row_i, row_j, pair, margin, margin);
      require_feasible(needs, i, j, row_i, row_j);
      row_i.terms = std::max(row_i.terms, needs.terms_i);
      row_j.terms = std::max(row_j.terms, needs.terms_j);
      lost = std::max(lost, needs.count);
    }
  plan.digits =
      digits + 3 + static_cast<unsigned>(std::ceil(std::log10(lost * cancelled * cancelled)));
  return plan;
}

BallMatrix<Mpfr> fourier_kernel(const FourierPlan& plan, const ExactGram& K, std::size_t jobs,
                                Progress& progress) {
  const std::size_t n = K.n();
  BallMatrix<Mpfr> result(Matrix<Mpfr>(Matrix<Mpfr>::Zero(n, n)));
  Evaluation evaluation(plan, K);
  for (std::size_t i = 0; i < n; ++i) evaluation.add_row(i);
  progress.expect(n * (n + 1) / 2);
  const auto set = [&](std::size_t i, std::size_t j, const Ball& entry) {
    result.set(i, j, entry);
    if (i != j) result.set(j, i, entry);
    progress.advance();
  };
  parallel_for(n, jobs, [&](std::size_t i) {
    const ScopedDigits digits(plan.digits);
    set(i, i, evaluation.diagonal(i));
  });
  parallel_for(n, jobs, [&](std::size_t row) {
    const ScopedDigits digits(plan.digits);
    const std::size_t i = n - 1 - row;  // the longest first
    for (std::size_t j = 0; j < i; ++j) {
      const PairGram pair = K.pair(i, j);
      if (pair.equal)
        set(i, j, result(i, i));
      else if (pair.opposite && plan.f == Series::tanh)
        set(i, j, -result(i, i));
      else
        set(i, j, evaluation.by_double_sum(i, j));
    }
  });
  return result;
}

}  // namespace alignproof::inline kernels
