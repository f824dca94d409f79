// SPDX-License-Identifier: Apache-2.0
// Sufficient widths: search in doubles, verification in balls.
#include <alignproof/bounds/width.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/bounds/apriori_backpropagation.hpp>
#include <alignproof/bounds/apriori_outputs.hpp>
#include <alignproof/bounds/apriori_relu.hpp>
#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/linalg/ball_spectrum.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "scalar/outward.hpp"

namespace alignproof::inline bounds {

namespace {

using Ball = RealBall<Mpfr>;

constexpr double infinity = std::numeric_limits<double>::infinity();

Ball number(double exact) {
  return Mpfr(exact);
}

// ---- From X, y and psi to the data of the condition ----

/// A ball around what a few dozen roundings at the thread's digits have left of a constant.
Ball around(const Mpfr& constant) {
  return {constant, abs(constant) * unit_roundoff<Mpfr>() * Mpfr(0x1p20)};
}

std::optional<Ball> around(const std::optional<Mpfr>& constant) {
  return constant ? std::optional(around(*constant)) : std::nullopt;
}

Ball value_at_zero(const Activation& psi) {
  return around(Mpfr(abs(activation_over<Mpfr>(psi).psi(Mpfr(0)))));
}

/// A homogeneous psi is known by its values at 1 and -1. Other ones may jump by more.
bool is_relu(const Activation& psi) {
  const auto at = [&](double x) { return activation_over<double>(psi).psi(x); };
  return properties(psi).homogeneous && at(1) == 1 && at(-1) == 0;
}

AprioriData<Ball> data_of(const Activation& psi, double n, double k) {
  AprioriData<Ball> data;
  data.n = n, data.k = k;
  data.psi = enclosed_smoothness(psi);
  data.linear = properties(psi).linear;
  data.psi_0 = value_at_zero(psi);
  return data;
}

/// The squares of what flips of sample i add, and its aspect; k2 = k_i^2.
void add_flips(AprioriData<Ball>& data, Eigen::Index i, const BallMatrix<Mpfr>& K, const Ball& k2) {
  Ball rest;  // k'_i^2
  for (Eigen::Index j = 0; j < K.cols(); ++j)
    if (j != i) rest = rest + K(i, j) * K(i, j);
  const Ball reach = Ball::sqrt(k2) + Ball::sqrt(rest);
  const Ball h2 = reach * reach / (number(4) * K(i, i)), pull2 = number(2) * (k2 + rest);
  const Ball aspect = k2 / K(i, i);
  data.flip = data.flip + pull2 * h2, data.pull = data.pull + pull2;
  data.turn = data.turn + k2 * h2;
  if (i == 0 || aspect.upper() > data.aspect.upper()) data.aspect = aspect;
}

Ball sum_of_squares(const Array& array) {
  Ball sum;
  for (const double entry : array.values) sum = sum + number(entry) * number(entry);
  return sum;
}

// ---- The search, in doubles ----

/// The least x in (0, most] with f(x) >= level for rising f, a little above it; nothing beyond.
template <class F>
std::optional<double> least_with(const F& f, double level, double most) {
  if (!(f(most) >= level)) return std::nullopt;
  double low = 0, high = most;
  for (int k = 0; k < 200 && high - low > 1e-14 * high; ++k) {
    // Of both scales: exponents may differ by hundreds.
    const double mid = low == 0 || high / low > 4
                           ? (low == 0 ? high / 16 : std::sqrt(low) * std::sqrt(high))
                           : low + (high - low) / 2;
    (f(mid) >= level ? high : low) = mid;
  }
  return std::min(high * (1 + 1e-10), most);
}

/// A relative slack that rounding in doubles cannot use up.
constexpr double spare = 1e-11;

/// The least S at which (P.5) holds in doubles, if it does.
std::optional<double> least_S(const Growth<double>& g, double gamma_max, double eta) {
  if (!(mu_at(g, eta, 0.0) > gamma_max / 4)) return std::nullopt;
  // mu falls: between the least and the largest S the budget rises.
  double most = g.E / (gamma_max / 4) * (1 + spare);  // there the budget is met wherever mu allows
  if (!(mu_at(g, eta, most) >= gamma_max / 4 * (1 + spare))) {
    double low = 0;
    for (int k = 0; k < 200 && most - low > 1e-15 * most; ++k) {
      const double mid = low + (most - low) / 2;
      (mu_at(g, eta, mid) >= gamma_max / 4 * (1 + spare) ? low : most) = mid;
    }
    most = low;
  }
  if (g.S_max) most = std::min(most, *g.S_max);
  if (!(most > 0)) return std::nullopt;
  const auto budget = [&](double S) { return apriori_slack(g, gamma_max, eta, S).budget; };
  const std::optional<double> S = least_with(budget, spare * g.E, most);
  if (!S || !(apriori_slack(g, gamma_max, eta, *S).step >= 2 * spare)) return std::nullopt;
  return S;
}

struct Found {
  Tails tails;
  double S;
};

std::optional<Found> closes(const AprioriData<double>& data, double eta,
                            const AprioriVariant& variant, const Shares& shares, double p) {
  AprioriData<double> with_eta = data;
  with_eta.eta = eta;
  const Tails tails = variant.tails(with_eta, p, shares);
  const std::optional<Growth<double>> g = variant.in_doubles(data, p, shares, tails);
  if (!g) return std::nullopt;
  const std::optional<double> S = least_S(*g, data.gamma_max, eta);
  if (!S) return std::nullopt;
  return Found{tails, *S};
}

/// Least p at which it closes, to this relative tolerance; `begin` is where the search begins.
double least_width(const AprioriData<double>& data, double eta, const AprioriVariant& variant,
                   const Shares& shares, double begin, double tolerance) {
  const auto does = [&](double log_p) {
    return closes(data, eta, variant, shares, std::exp(log_p)).has_value();
  };
  const double last = std::log(largest_width);
  double high = std::log(begin), step = 0.5;
  while (!does(high)) {
    if (high >= last) return infinity;
    high = std::min(high + step, last), step *= 2;
  }
  double low = high - 0.5;
  for (step = 0.5; low > 0 && does(low); step *= 2) high = low, low -= step;
  if (low <= 0) low = 0;
  while (high - low > tolerance) {
    const double mid = low + (high - low) / 2;
    (does(mid) ? high : low) = mid;
  }
  return std::exp(high);
}

bool only_concluded(Line line) {
  switch (line) {
    case Line::row:
    case Line::a_row:
    case Line::cos_b:
    case Line::beta0:
      return true;
    case Line::beta_row:
    case Line::o_row:
    case Line::o_mean:
    case Line::flip:
    case Line::flip_b:
    case Line::flip_psi:
    case Line::G:
    case Line::Gmax:
    case Line::tr:
    case Line::b2:
    case Line::b4:
    case Line::b3:
    case Line::b6:
    case Line::Q:
    case Line::Q3:
    case Line::H:
    case Line::E:
    case Line::Lb:
    case Line::Lbeta:
      return false;
  }
  return false;
}

void require_step_and_delta(const AprioriData<Ball>& data, double eta, Rule rule, double delta) {
  if (!(delta > 0 && delta < 1)) throw InputError("delta", quoted(delta), "a number in (0, 1)");
  const double most = largest_step(data, rule);
  if (!(eta > 0 && eta < most))
    throw InputError(
        "eta", quoted(eta),
        fmt::format("0 < eta < {:.6g} = 2/(lambda_max(Gbar) + {}gamma), so that a step contracts",
                    most * (1 - 1e-6), through_beta(rule) ? "L1^2 |K| + " : ""));
}

/// Those of G(0), e(0) and rows, which every variant has.
std::vector<Line> common_lines(const Activation& psi) {
  std::vector<Line> lines{Line::G, Line::Gmax, Line::tr, Line::b2, Line::E, Line::row};
  if (!smoothness<double>(psi).L0) lines.push_back(Line::a_row);
  return lines;
}

std::vector<Line> lines_of_outputs(const Activation& psi, DriftBound drift) {
  std::vector<Line> lines = common_lines(psi);
  lines.insert(lines.end(), {Line::H, Line::cos_b, Line::beta0});
  const bool linear = properties(psi).linear, second = drift == DriftBound::second_order;
  if (!linear) lines.insert(lines.end(), {Line::b4, Line::Q, Line::Q3});
  if (second) lines.push_back(Line::Lb);
  if (second && !linear) lines.push_back(Line::Lbeta);
  return lines;
}

std::vector<Line> lines_of_backpropagation(const Activation& psi) {
  std::vector<Line> lines = common_lines(psi);
  lines.push_back(Line::Lb);
  if (!properties(psi).linear) lines.push_back(Line::b4);
  return lines;
}

void require_drift(const Activation& psi, DriftBound drift) {
  const Smoothness<double> s = smoothness<double>(psi);
  if (!s.L2)
    throw InputError("activation", fmt::format("'{}'", to_string(psi)),
                     "for this bound one whose derivative is Lipschitz");
  if (drift == DriftBound::second_order && !s.L3)
    throw InputError("activation", fmt::format("'{}'", to_string(psi)),
                     "for the drift to second order one whose second derivative is Lipschitz");
}

Tails tails_at(const AprioriData<double>& data, double p, const Shares& shares) {
  return data.psi.L0 ? chernoff_tails(data, p, shares) : Tails{0, 0};
}

template <class Real>
std::optional<GramBounds<Real>> gram_at(const AprioriData<Real>& data, const Real& p,
                                        const Shares& shares, const Tails& tails) {
  if (data.linear) return gram_of_linear(data, p, shares);
  return data.psi.L0 ? gram_of_bounded(data, p, shares, tails) : gram_of_lipschitz(data, p, shares);
}

template <class Real>
Growth<Real> growth_by(DriftBound drift, const AprioriData<Real>& data, const Real& p,
                       const Shares& shares, const GoodStart<Real>& start) {
  switch (drift) {
    case DriftBound::second_order:
      return second_order_growth(data, p, shares, start);
    case DriftBound::norms:
      return first_order_growth(data, p, shares, start);
  }
  throw std::logic_error("no such bound of the drift");
}

std::string name_of(DriftBound drift) {
  switch (drift) {
    case DriftBound::second_order:
      return "P";
    case DriftBound::norms:
      return "P1";
  }
  throw std::logic_error("no such bound of the drift");
}

/// From where on the moments of k outputs fall with p.
constexpr double least_width_of_outputs = 3;

std::vector<Line> lines_of_one_output(const Activation& psi, DriftBound drift) {
  std::vector<Line> lines{Line::G, Line::Gmax, Line::tr,    Line::b2,   Line::H,
                          Line::E, Line::row,  Line::cos_b, Line::beta0};
  const bool linear = properties(psi).linear;
  if (!smoothness<double>(psi).L0) lines.push_back(Line::a_row);
  if (!linear) lines.insert(lines.end(), {Line::b4, Line::Q});
  if (drift == DriftBound::second_order) {
    lines.push_back(Line::Lb);
    if (!linear) lines.insert(lines.end(), {Line::Lbeta, Line::b3, Line::b6, Line::Q3});
  }
  return lines;
}

}  // namespace

// ---- Data ----

Smoothness<Ball> enclosed_smoothness(const Activation& psi) {
  const Smoothness<Mpfr> s = smoothness<Mpfr>(psi);
  return {around(s.L0), around(s.L1), around(s.L2), around(s.L3)};
}

AprioriData<Ball> apriori_data(const Activation& psi, const Array& X, const Array& y,
                               const EnclosedKernel& kernel) {
  switch (kernel.definiteness) {
    case Definiteness::positive_definite:
      break;
    case Definiteness::singular:
      throw InputError("gamma", fmt::format("0 ({})", kernel.reason),
                       "data whose limit kernel is positive definite");
    case Definiteness::undecided:
      throw InputError("gamma", "a ball around 0",
                       "data whose limit kernel is positive definite at the digits used");
  }
  const auto n = static_cast<Eigen::Index>(X.rows());
  AprioriData<Ball> data =
      data_of(psi, static_cast<double>(X.rows()), static_cast<double>(y.cols()));
  const BallMatrix<Mpfr> x(matrix_from<Mpfr>(X));
  const BallMatrix<Mpfr> K = x * x.transpose();
  data.kap = extreme_eigenvalues(K).max;
  Ball fourth;
  for (Eigen::Index i = 0; i < n; ++i) {
    Ball row;  // k_i^2
    for (Eigen::Index j = 0; j < n; ++j) row = row + K(i, j) * K(i, j);
    data.K_F = data.K_F + row;
    fourth = fourth + row * row;
    add_flips(data, i, K, row);
    if (i == 0 || row.upper() > data.k_max.upper()) data.k_max = row;
    data.tr_K = data.tr_K + K(i, i);
    data.tau0 = data.tau0 + kernel.Gbar(i, i);
  }
  data.K_F = Ball::sqrt(data.K_F), data.k_max = Ball::sqrt(data.k_max);
  data.kk = Ball::sqrt(fourth);
  data.flip = Ball::sqrt(data.flip), data.pull = Ball::sqrt(data.pull);
  data.turn = Ball::sqrt(data.turn);
  data.gamma = data.gamma_max = kernel.gamma, data.Gam = kernel.largest;
  data.y = Ball::sqrt(sum_of_squares(y));
  return data;
}

AprioriData<Ball> worst_data(const Activation& psi, std::size_t n, double gamma, double bound_x,
                             double bound_y) {
  AprioriData<Ball> data = data_of(psi, static_cast<double>(n), 1);
  if (!data.psi.L2)
    throw InputError("activation", fmt::format("'{}'", to_string(psi)),
                     "one whose derivative is Lipschitz, where the data are not known");
  const Ball samples = number(data.n), x = number(bound_x), x2 = x * x;
  const Ball root_n = Ball::sqrt(samples), nx2 = samples * x2;
  data.kap = data.K_F = data.tr_K = nx2;
  data.k_max = root_n * x2;
  data.kk = samples * root_n * x2 * x2;
  // (E psi(u)^2)^(1/2) <= |psi(0)| + L1 (E u^2)^(1/2).
  const Ball size = data.psi_0 + data.psi.L1 * x;
  const Ball most = data.psi.L0 ? Analysis<Ball>::lesser(*data.psi.L0, size) : size;
  data.Gam = data.tau0 = samples * most * most;
  data.gamma = data.gamma_max = number(gamma);
  data.y = root_n * number(bound_y);
  return data;
}

AprioriData<double> in_doubles(const AprioriData<Ball>& data) {
  const auto mid = [](const Ball& x) { return to_double(x.mid); };
  const auto maybe = [&](const std::optional<Ball>& x) {
    return x ? std::optional(mid(*x)) : std::nullopt;
  };
  AprioriData<double> d;
  d.n = data.n, d.k = data.k, d.linear = data.linear;
  d.psi = {maybe(data.psi.L0), mid(data.psi.L1), maybe(data.psi.L2), maybe(data.psi.L3)};
  d.psi_0 = mid(data.psi_0);
  d.kap = mid(data.kap), d.k_max = mid(data.k_max), d.kk = mid(data.kk);
  d.K_F = mid(data.K_F), d.tr_K = mid(data.tr_K);
  d.gamma = mid(data.gamma), d.gamma_max = mid(data.gamma_max);
  d.Gam = mid(data.Gam), d.tau0 = mid(data.tau0), d.y = mid(data.y);
  d.flip = mid(data.flip), d.pull = mid(data.pull);
  d.turn = mid(data.turn), d.aspect = mid(data.aspect);
  return d;
}

double largest_step(const AprioriData<Ball>& data, Rule rule) {
  Ball top = data.Gam + data.gamma_max;
  if (through_beta(rule)) top = top + data.psi.L1 * data.psi.L1 * data.kap;
  return below(number(2) / top);
}

// ---- Variants ----

Tails chernoff_tails(const AprioriData<double>& data, double p, const Shares& shares) {
  const double below = chernoff_exponent(data, p, shares[Line::G], data.gamma);
  const double above = chernoff_exponent(data, p, shares[Line::Gmax], data.Gam);
  const auto lower = least_with([](double eps) { return lower_tail<double>(eps); },
                                below * (1 + 1e-9), std::nextafter(1.0, 0.0));
  double most = 1;
  while (upper_tail<double>(most) < above && most < 1e300) most *= 2;
  const auto upper =
      least_with([](double eps) { return upper_tail<double>(eps); }, above * (1 + 1e-9), 2 * most);
  return {lower.value_or(1), upper.value_or(1)};
}

AprioriVariant one_output_variant(const Activation& psi, DriftBound drift) {
  require_drift(psi, drift);
  return make_variant(
      name_of(drift), lines_of_one_output(psi, drift), tails_at,
      [drift]<class Real>(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                          const Tails& tails) -> std::optional<Growth<Real>> {
        if (data.k != 1) throw std::logic_error("the variant of one output, for more");
        const std::optional<GramBounds<Real>> gram = gram_at(data, p, shares, tails);
        if (!gram) return std::nullopt;
        return growth_by(drift, data, p, shares, good_start(data, p, shares, *gram));
      });
}

AprioriVariant outputs_variant(const Activation& psi, DriftBound drift) {
  require_drift(psi, drift);
  return make_variant(
      name_of(drift), lines_of_outputs(psi, drift), tails_at,
      [drift]<class Real>(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                          const Tails& tails) -> std::optional<Growth<Real>> {
        if (!Analysis<Real>::at_least(p, Real(least_width_of_outputs))) return std::nullopt;
        const std::optional<GramBounds<Real>> gram = gram_at(data, p, shares, tails);
        if (!gram) return std::nullopt;
        return growth_by(drift, data, p, shares, outputs_good_start(data, p, shares, *gram));
      });
}

AprioriVariant backpropagation_variant(const Activation& psi) {
  require_drift(psi, DriftBound::norms);
  AprioriVariant variant = make_variant(
      "P", lines_of_backpropagation(psi), tails_at,
      []<class Real>(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                     const Tails& tails) -> std::optional<Growth<Real>> {
        if (!Analysis<Real>::at_least(p, Real(least_width_of_outputs))) return std::nullopt;
        const std::optional<GramBounds<Real>> gram = gram_at(data, p, shares, tails);
        if (!gram) return std::nullopt;
        return backpropagation_growth(data, p, shares,
                                      backpropagation_start(data, p, shares, *gram));
      });
  variant.rule = Rule::bp;
  return variant;
}

AprioriVariant relu_variant() {
  return make_variant(
      "P", relu_lines, &relu_tails,
      []<class Real>(const AprioriData<Real>& data, const Real& p, const Shares& shares,
                     const Tails& tails) -> std::optional<Growth<Real>> {
        const std::optional<GoodStart<Real>> start = relu_start(data, p, shares);
        if (!start || !(tails.level > 0 && tails.spread > 0)) return std::nullopt;
        return relu_growth(data, p, shares, *start, tails);
      });
}

AprioriVariant apriori_variant(const Activation& psi, Rule rule, std::size_t outputs) {
  if (is_relu(psi)) {
    if (through_beta(rule))
      throw InputError("rule", fmt::format("'{}'", to_string(rule)),
                       "fa: no other width of relu is known");
    if (outputs != 1)
      throw InputError("outputs", fmt::format("{}", outputs), "1: no other width of relu is known");
    return relu_variant();
  }
  const DriftBound drift =
      smoothness<double>(psi).L3 ? DriftBound::second_order : DriftBound::norms;
  switch (rule) {
    case Rule::fa:
      return outputs == 1 ? one_output_variant(psi, drift) : outputs_variant(psi, drift);
    case Rule::bp:
      return backpropagation_variant(psi);
  }
  throw std::logic_error("no such rule");
}

// ---- Shares of delta ----

Split usual_split() {
  Split split;
  split.weight.fill(0.18 / 11);  // of the eleven other lines of a bounded psi
  const auto set = [&](Line line, double weight) {
    split.weight[static_cast<std::size_t>(line)] = weight;
  };
  set(Line::G, 0.12), set(Line::H, 0.18), set(Line::E, 0.2), set(Line::Lb, 0.2);
  set(Line::Lbeta, 0.12);
  return split;
}

Shares shares_of(const Split& split, const std::vector<Line>& lines, double delta) {
  double sum = 0;
  for (const Line line : lines) sum += split.weight[static_cast<std::size_t>(line)];
  Shares shares;
  for (const Line line : lines)
    shares[line] = delta * (split.weight[static_cast<std::size_t>(line)] / sum) * (1 - 0x1p-40);
  return shares;
}

double width_guess(const AprioriData<double>& data, double eta, const AprioriVariant& variant,
                   double delta, const Split& split) {
  return least_width(data, eta, variant, shares_of(split, variant.lines, delta), 1e4, 1e-9);
}

Split optimised_split(const AprioriData<double>& data, double eta, const AprioriVariant& variant,
                      double delta, const Split& from) {
  std::vector<Line> moved;
  double kept = 0, sum = 0;
  for (const Line line : variant.lines) {
    if (only_concluded(line)) {
      kept += 0.01;
    } else {
      moved.push_back(line);
      sum += from.weight[static_cast<std::size_t>(line)];
    }
  }
  // The moved weights are relative to each other; together they have what the others leave.
  const auto settled = [&](const Split& split) {
    double all = 0;
    for (const Line line : moved) all += split.weight[static_cast<std::size_t>(line)];
    Split result;
    for (const Line line : variant.lines)
      result.weight[static_cast<std::size_t>(line)] =
          only_concluded(line) ? 0.01
                               : (1 - kept) * split.weight[static_cast<std::size_t>(line)] / all;
    return result;
  };
  Split best = settled(from);
  double least = width_guess(data, eta, variant, delta, best);
  if (!std::isfinite(least)) return best;
  for (const double factor : {4.0, 2.0, 1.3}) {
    for (bool better = true; better;) {
      better = false;
      for (const Line line : moved)
        for (const double by : {factor, 1 / factor}) {
          Split tried = best;
          tried.weight[static_cast<std::size_t>(line)] *= by;
          tried = settled(tried);
          const Shares shares = shares_of(tried, variant.lines, delta);
          const double goal = least * (1 - 1e-4);
          if (!closes(data, eta, variant, shares, goal)) continue;
          least = least_width(data, eta, variant, shares, goal, 1e-6);
          best = tried, better = true;
        }
    }
  }
  return best;
}

// ---- Widths ----

std::optional<SufficientWidth> verify_width(const AprioriData<Ball>& data, double eta,
                                            const AprioriVariant& variant, double delta,
                                            const Shares& shares, const Tails& tails, double p,
                                            double S) {
  if (!(p >= 2 && std::floor(p) == p && S > 0) || !within<Ball>(shares, delta)) return std::nullopt;
  for (const Line line : variant.lines)
    if (!(shares[line] > 0)) return std::nullopt;
  const Ball width = number(p), step = number(eta), moved = number(S);
  std::optional<Growth<Ball>> growth = variant.in_balls(data, width, shares, tails);
  if (!growth) return std::nullopt;
  SufficientWidth w;
  w.p = p, w.eta = eta, w.delta = delta, w.S = S, w.shares = shares, w.tails = tails;
  w.slack = apriori_slack(*growth, data.gamma_max, step, moved);
  if (!w.slack.certain()) return std::nullopt;
  if (growth->S_max && !Analysis<Ball>::at_least(*growth->S_max, moved)) return std::nullopt;
  w.growth = std::move(*growth);
  w.rate = number(1) - step * data.gamma / number(4);
  w.rho = value_at(w.growth.rho, moved);
  w.A_displacement = w.growth.A_moved * moved;
  const Ball per_sample = data.gamma_max * Ball::sqrt(width) / number(data.n);
  const Ball root_log = Ball::sqrt(Analysis<Ball>::log(width));
  w.c1 = w.growth.w_row * moved * per_sample / root_log;
  w.c2 = value_at(w.growth.beta_row, moved) * per_sample;
  if (!data.psi.L0) w.c2 = w.c2 / root_log;
  if (shares[Line::cos_b] > 0) w.kappa = kappa_at(w.growth, width, moved);
  return w;
}

std::optional<SufficientWidth> width_sufficient(const AprioriData<Ball>& data, double eta,
                                                const AprioriVariant& variant, double delta,
                                                const Split& split) {
  const ScopedDigits digits(width_digits);
  require_step_and_delta(data, eta, variant.rule, delta);
  const AprioriData<double> guess = in_doubles(data);
  const Shares shares = shares_of(split, variant.lines, delta);
  const double least = least_width(guess, eta, variant, shares, 1e4, 1e-12);
  if (!std::isfinite(least)) return std::nullopt;
  double p = std::max(2.0, std::ceil(least)), further = 1;
  for (int k = 0; k < 60 && p <= largest_width; ++k) {
    if (const std::optional<Found> found = closes(guess, eta, variant, shares, p))
      if (auto width = verify_width(data, eta, variant, delta, shares, found->tails, p, found->S))
        return width;
    p = std::ceil(std::max(p + further, p * (1 + 1e-15 * further))), further *= 2;
  }
  return std::nullopt;
}

std::optional<SufficientWidth> width_sufficient(const AprioriData<Ball>& data, double eta,
                                                const AprioriVariant& variant, double delta) {
  const ScopedDigits digits(width_digits);
  require_step_and_delta(data, eta, variant.rule, delta);
  const Split split = optimised_split(in_doubles(data), eta, variant, delta, usual_split());
  return width_sufficient(data, eta, variant, delta, split);
}

}  // namespace alignproof::inline bounds
