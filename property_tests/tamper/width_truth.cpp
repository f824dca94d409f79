// SPDX-License-Identifier: Apache-2.0
// Ground truth about a width certificate. Each number stands where the page has it, so that the
// order and the names are those of the page, not those of the checker.
#include "tamper/width_truth.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace alignproof::truth {

namespace {

/// Enough digits that sums of doubles are exact.
using Exact = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<700, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

Number pi() {
  static const Number value = 4 * atan(Number(1));
  return value;
}

double rounded(const Number& x) {
  return isnan(x) ? -1e300 : x.convert_to<double>();
}

/// left >= right, relative to the larger.
double margin(const Number& left, const Number& right) {
  if (!isfinite(left) || !isfinite(right)) return -1e300;
  const Number size = std::max(Number(abs(left)), Number(abs(right)));
  return size == 0 ? 0 : rounded((left - right) / size);
}

double flag(bool holds) {
  return holds ? 1 : -1;
}

/// sqrt(2 log(1/d)).
Number l(const Number& d) {
  return sqrt(Number(-2 * log(d)));
}

/// Which form of the theorem, and the constants of psi.
struct Constants {
  bool linear = false, relu = false, bounded = false;
  Number L0 = 0, L1, L2, L3 = 0, psi_0 = 0;
};

Constants constants_of(const Activation& psi) {
  Constants c;
  c.L1 = largest_slope(psi), c.L2 = largest_curvature(psi);
  c.psi_0 = truth::psi(psi, 0);
  c.linear = psi == Activation::identity, c.relu = psi == Activation::relu;
  if (c.linear || c.relu) return c;
  if (psi == Activation::softplus) {
    c.L3 = 1 / (6 * sqrt(Number(3)));
    return c;
  }
  if (psi == Activation::gelu) {
    const Number x2 = (7 - sqrt(Number(33))) / 2;
    c.L3 = sqrt(x2) * (4 - x2) * exp(Number(-x2 / 2)) / sqrt(Number(2 * pi()));
    return c;
  }
  c.bounded = true;
  c.L0 = 1;
  if (psi == Activation::tanh)
    c.L3 = 2;
  else if (psi == Activation::sigmoid)
    c.L3 = Number(1) / 8;
  else if (psi == Activation::erf)
    c.L3 = 4 / sqrt(pi());
  else
    throw std::logic_error("an activation whose widths the truth does not know");
  return c;
}

/// What (P.5) for backpropagation is made of.
struct ForBp {
  Constants psi;
  Number n, p, eta, S, kap, gamma_max, kmax, kk, trace_K, gmin, Gs, s2, s4, E, b_max, P2;
  double a_row;
};

Verdict judge_bp(const ForBp& z, const WidthClaims& claims, Verdict verdict) {
  const auto add = [&](const char* name, double m) { verdict.conditions.push_back({name, m}); };
  const auto& [psi, n, p, eta, S, kap, gamma_max, kmax, kk, trace_K, gmin, Gs, s2, s4, E, b_max, P2,
               a_row] = z;
  const Number c1 = Number(279) / 250, c2 = Number(529) / 1000, c3 = Number(217) / 500;
  const Number L1 = psi.L1, L2 = psi.linear ? Number(0) : psi.L2, root_p = sqrt(p);
  const Number om = L1 * L1 * kap / p, kap1 = L1 * L1 * s2 * kap / root_p;
  const Number a_max =
      sqrt(trace_K) + sqrt(kap) * sqrt(Number(psi.bounded ? 0 : 2 * log(Number(p / a_row))));
  const Number psi_max =
      psi.bounded ? Number(sqrt(n) * psi.L0) : Number(sqrt(n) * psi.psi_0 + L1 * a_max);
  const Number dl = c1 * psi_max + c3 * L1 * sqrt(kap) * b_max;
  const auto rho = [&](const Number& x) { return Number(c1 * Gs * x + c2 * kap1 * x * x); };
  const auto q = [&](const Number& x) { return Number(c1 * kap1 * x + c2 * om * Gs * x * x); };
  const auto D_lo = [&](const Number& x) {
    const Number second = c1 * L1 * L1 * kap * Gs * Gs + L1 * L1 * L2 * s4 * Gs * (kap * kmax + kk);
    const Number third = L1 * L1 * kap * c2 * kap1 / 3 +
                         L1 * L1 * L2 * dl * (kap * kmax * s2 / 6 + kk * sqrt(s4) / 2) / root_p;
    return Number(P2 * x + second * x * x / p + 2 * Gs * third * x * x * x / p +
                  Gs * L1 * L1 * L2 * kk * dl * dl * x * x * x * x / (4 * p * p));
  };
  const auto mu = [&](const Number& x) {
    const Number norm = s2 + rho(x) / root_p, fourth = sqrt(s4) + dl * x / root_p;
    const Number v = norm * (L1 * L1 * kap / root_p * (Gs + q(x)) +
                             L1 * L1 * L2 * kk / (2 * root_p) * fourth * fourth);
    return Number(gmin - D_lo(x) - eta * v * E);
  };
  // Boole's rule is exact: mu is a polynomial of degree 4.
  const Number integral = S / 90 *
                          (7 * mu(0) + 32 * mu(Number(S / 4)) + 12 * mu(Number(S / 2)) +
                           32 * mu(Number(3 * S / 4)) + 7 * mu(S));
  const Number grown =
      D_lo(S) + q(S) * q(S) + L1 * L1 * kap * (2 * s2 * rho(S) / root_p + rho(S) * rho(S) / p);
  add("rate", margin(mu(S), gamma_max / 4));
  add("integral", margin(integral, E));
  add("step", margin(2, eta * (Gs * Gs + L1 * L1 * kap * s2 * s2 + grown + gamma_max)));
  add("beta displacement", margin(claims.beta_displacement, rho(S)));
  add("A displacement",
      margin(claims.A_displacement, (c1 * L1 * kap * s2 + c3 * sqrt(kap) * Gs) * S));
  const Number unit = n / (gamma_max * root_p), with_log = unit * sqrt(Number(log(p)));
  const Number row = (L1 * sqrt(kap) * b_max + Number(41) / 50 * dl) * S / root_p;
  add("c1", margin(claims.c1 * with_log, row));
  if (psi.bounded)
    add("c2", margin(claims.c2 * unit, sqrt(n) * psi.L0 * S / root_p));
  else
    add("c2", margin(claims.c2 * with_log, dl * S / root_p));
  return verdict;
}

}  // namespace

const WidthJudge::Data& WidthJudge::data_of(const WidthCertificate& c) {
  std::string key = fmt::format("{} {} ", c.activation.name(), c.n());
  key.append(reinterpret_cast<const char*>(c.X.values.data()), c.X.values.size() * sizeof(double));
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  const std::size_t n = c.n(), d = c.d();
  Numbers K(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t m = 0; m < d; ++m) K[i * n + j] += Number(c.X(i, m)) * Number(c.X(j, m));
  Data data;
  Number k4 = 0, K2 = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Number k2 = 0;
    for (std::size_t j = 0; j < n; ++j) k2 += K[i * n + j] * K[i * n + j];
    // Of relu: k_i and its part without K_ii.
    const Number K_ii = K[i * n + i], k = sqrt(k2), rest = sqrt(Number(k2 - K_ii * K_ii));
    const Number h = (k + rest) / (2 * sqrt(K_ii)), both = 2 * (k2 + rest * rest);
    data.flip2 += both * h * h, data.pull2 += both, data.turn2 += k2 * h * h;
    data.aspect = std::max(data.aspect, Number(k2 / K_ii));
    data.kmax = std::max(data.kmax, Number(sqrt(k2)));
    k4 += k2 * k2, K2 += k2;
  }
  data.k_o_k = sqrt(k4), data.K_F = sqrt(K2);
  data.K_eigenvalues = eigenvalues(K, n);
  const std::optional<LimitKernel> kernel = limit_kernel(c.activation, K, n);
  if (!kernel) throw std::logic_error("a limit kernel that the truth does not know");
  data.Gbar_eigenvalues = eigenvalues(kernel->G, n);
  return known_.emplace(key, std::move(data)).first->second;
}

Verdict WidthJudge::judge(const WidthCertificate& c) {
  Verdict verdict;
  const auto add = [&](const char* name, double m) { verdict.conditions.push_back({name, m}); };
  const Constants psi = constants_of(c.activation);

  // The numbers alone.
  const bool one = c.k() == 1;
  add("eta", flag(c.eta > 0));
  add("delta", flag(c.delta > 0 && c.delta < 1));
  add("p", flag(c.p >= (one && is_feedback_alignment(c.rule) ? 2u : 3u)));
  add("gamma_lower", flag(c.spectra.gamma_lower > 0));
  add("S", flag(c.S > 0));
  add("eps", flag(c.tails.lower >= 0 && c.tails.lower < 1 && c.tails.upper >= 0));
  const WidthShares& d = c.shares;
  const bool bp = !is_feedback_alignment(c.rule);
  std::vector<double> used = {d.G, d.Gmax, d.tr, d.b2, d.E, d.Lb, d.row};
  if (!bp) used.push_back(d.H);
  if (bp && !psi.linear) used.push_back(d.b4);
  if (!bp && !psi.linear) {
    used.insert(used.end(), {d.b4, d.Q});
    if (one) used.push_back(d.b3);
    if (psi.relu)
      used.insert(used.end(), {d.beta_row, d.o_row, d.o_mean, d.flip, d.flip_b, d.flip_psi});
    else
      used.insert(used.end(), {d.Q3, d.Lbeta});
    if (one && !psi.relu) used.push_back(d.b6);
  }
  if (!psi.bounded) used.push_back(d.a_row);
  if (c.claims.kappa) used.insert(used.end(), {d.cos_b, d.beta0});
  const std::vector<double> all = {d.G,     d.Gmax,   d.tr,    d.b2,     d.b4,      d.b3,
                                   d.b6,    d.Q,      d.Q3,    d.H,      d.E,       d.Lb,
                                   d.Lbeta, d.row,    d.a_row, d.cos_b,  d.beta0,   d.beta_row,
                                   d.o_row, d.o_mean, d.flip,  d.flip_b, d.flip_psi};
  Exact sum = 0;
  for (const double share : all) sum += Exact(share);
  add("shares", flag(*std::min_element(all.begin(), all.end()) >= 0 &&
                     *std::min_element(used.begin(), used.end()) > 0));
  add("sum of the shares", flag(sum <= Exact(c.delta)));
  if (psi.relu) {
    add("y", flag(c.tails.spread > 0));
    add("S*", flag(c.tails.level >= c.S));
  }
  if (verdict.worst().margin < 0) return verdict;

  // Section 1.
  const Data& data = data_of(c);
  const Number n = Number(static_cast<double>(c.n())), p = Number(static_cast<double>(c.p));
  const Number root_p = sqrt(p), eta = c.eta, S = c.S;
  const Number kap = c.spectra.K_upper, gamma = c.spectra.gamma_lower,
               gamma_max = c.spectra.gamma_upper, Gam = c.spectra.Gbar_upper;
  const Number &kmax = data.kmax, &kk = data.k_o_k;
  const Number L0 = psi.L0, L1 = psi.L1, L2 = psi.L2, L3 = psi.L3;
  Number tau0 = 0, trace_K = 0, y2 = 0;
  for (const double y : c.y.values) y2 += Number(y) * Number(y);
  for (const Number& x : data.Gbar_eigenvalues) tau0 += x;
  for (const Number& x : data.K_eigenvalues) trace_K += x;
  add("kap", margin(kap, data.K_eigenvalues.back()));
  add("gamma below", margin(data.Gbar_eigenvalues.front(), gamma));
  add("gamma above", margin(gamma_max, data.Gbar_eigenvalues.front()));
  add("Gam", margin(Gam, data.Gbar_eigenvalues.back()));
  if (verdict.worst().margin < -boundary) return verdict;

  // Section 2; of psi without a bound apriori_unbounded.md.
  const Number k = Number(static_cast<double>(c.k()));
  Number gmin, Gs, st = sqrt(tau0) + L1 * sqrt(Number(kap / p)) * l(d.tr);
  if (psi.bounded) {
    const Number e = c.tails.lower, f = c.tails.upper;
    st = std::min(st, Number(sqrt(n) * L0));
    gmin = (1 - e) * gamma;
    Gs = std::min(st, Number(sqrt(Number((1 + f) * Gam))));
    add("P.1",
        margin(e + (1 - e) * log(Number(1 - e)), n * L0 * L0 * log(Number(n / d.G)) / (p * gamma)));
    add("P.1, above", margin((1 + f) * log(Number(1 + f)) - f,
                             n * L0 * L0 * log(Number(n / d.Gmax)) / (p * Gam)));
  } else if (psi.linear) {
    const Number least = 1 - sqrt(Number(n / p)) - l(d.G) / root_p;
    add("Davidson-Szarek", margin(least, 0));
    gmin = gamma * least * least;
    Gs = std::min(st, Number(sqrt(kap) * (1 + sqrt(Number(n / p)) + l(d.Gmax) / root_p)));
  } else {
    const Number V = n + 4 * sqrt(n) * L1 * L1 * kap / gamma;
    const Number eps = sqrt(Number(2 * V * log(Number(n / d.G)) / p));
    add("U.2", margin(1, eps));
    gmin = gamma - eps * gamma;
    const Number off = sqrt(Number(tau0 * tau0 + 4 * L1 * L1 * kap * tau0)) / root_p;
    Gs = std::min(st, Number(sqrt(Number(Gam + off)) + L1 * sqrt(Number(kap / p)) * l(d.Gmax)));
  }
  const auto power = [](const Number& x, const Number& exponent) { return pow(x, exponent); };
  const auto root_log = [](const Number& x) { return sqrt(Number(2 * log(x))); };
  const Number third = Number(1) / 3, quarter = Number(1) / 4, sixth = Number(1) / 6;
  const Number mean_abs = sqrt(Number(2 / pi()));
  Number s2 = 1 + l(d.b2) / root_p, b_max = root_log(2 * p / d.row), s4 = 0, B3 = 0, Q = 0, Q3 = 0;
  if (!bp && one && !psi.linear) {
    s4 = power(power(3, quarter) + l(d.b4) * power(p, -quarter), 2);
    Q = mean_abs * s2 * s2 + s4 * l(d.Q) / root_p;
    B3 = power(power(2 * mean_abs, third) + l(d.b3) * power(p, -third), 3);
    if (!psi.relu) {
      const Number s6 = power(power(15, sixth) + l(d.b6) * power(p, -sixth), 3);
      Q3 = mean_abs * B3 + s6 * l(d.Q3) / root_p;
    }
  }
  if (bp || !one) {
    const Number root_k = sqrt(k), k_over_p = sqrt(Number(k / p));
    s2 = std::min(root_k, Number(1 + k_over_p)) + l(d.b2) / root_p;
    b_max = std::min(Number(root_k + root_log(p / d.row)),
                     Number(root_k * root_log(2 * k * p / d.row)));
    if (!psi.linear) {
      s4 = power(std::min(power(k * (k + 2), quarter),
                          Number(power(3, quarter) + root_k * power(p, -quarter))) +
                     l(d.b4) * power(p, -quarter),
                 2);
    }
    if (!psi.linear && !bp) {
      const Number mp = root_k + root_log(p);
      const Number c22 = std::min(k, Number(1 + k_over_p * (mp + root_log(2 * p)))) +
                         (mp * l(d.Q3) + b_max * l(d.Q)) / root_p;
      Q = c22 * s2, Q3 = c22 * s4;
    }
  }
  const Number h0 =
      bp ? Number(0) : Number(L1 * L1 * kap * s2 * sqrt(k) * root_log(2 * n * k / d.H) / root_p);
  const Number E = sqrt(Number(y2 + k * st * st)) + Gs * l(d.E);
  const Number sqrt_k = sqrt(k);
  const Number P2 =
      (bp ? 2 : 3) * L1 * L1 / p *
      (std::min(Number(sqrt_k * data.K_F * st),
                Number(kap * std::max(Number(sqrt_k * Gs), st) * root_log(n * n + n * k))) +
       kap * Gs * l(d.Lb));
  Number P3 = 0;
  if (!psi.linear && !psi.relu && !bp) {
    const Number way = one ? Number(1)
                           : std::min(power(k, Number(1.5)),
                                      Number(sqrt(Number(k * power(1 + root_log(2 * k), 2) + 1))));
    P3 = 2 * L1 * L1 * L2 * s4 / p *
         (std::min(Number(way * kk), Number(k * kmax * kap * root_log(n * n * k * k + n * k))) +
          kmax * kap * l(d.Lbeta));
  }

  if (bp)
    return judge_bp({psi, n, p, eta, S, kap, gamma_max, kmax, kk, trace_K, gmin, Gs, s2, s4, E,
                     b_max, P2, d.a_row},
                    c.claims, std::move(verdict));

  // Sections 3 and 4.
  const Number kap1 = L1 * L1 * s2 * kap / root_p;
  const Number w = L1 * L1 * L2 * s4 * Gs * (kmax * kap + kk) +
                   power(L1, 4) * s2 * s2 * kap * kap / 2 +
                   L1 * L1 * kap * kmax * kmax * (2 * L2 * L2 + L1 * L3) * Q3 +
                   2 * L1 * L1 * L2 * kap * kmax * s4 * Gs;
  const Number chi = L1 * L1 * L2 * kap * kmax * s4 * kap1;
  const Number lin = P2 + P3, v2 = L1 * L1 * L2 * kk / (2 * root_p);
  const Number c0 = kap1 * Gs + v2 * Q, c1 = kap1 * kap1 + v2 * s4 * Gs / root_p,
               c2 = v2 * s4 * kap1 / (2 * root_p);
  // What relu adds, as signs may change: to D_lo at 0 and for each S, to Cv at 0.
  Number at_0 = 0, for_S = 0, in_Cv = 0;
  if (psi.relu) {
    add("U, row", margin(log(Number(2 * p / d.row)), 2));
    add("U, beta_row", margin(log(Number(2 * p / d.beta_row)), 2));
    const Number y = c.tails.spread, star = c.tails.level, x = (exp(y) - 1) / y;
    const Number beta_max = root_log(2 * p / d.beta_row);
    const Number omax = sqrt(tau0) + sqrt(kap) * root_log(n * p / d.o_row);
    const Number omean = s2 * s2 * sqrt(tau0) + s4 * sqrt(kap) * root_log(n / d.o_mean) / root_p;
    const Number slope = x * mean_abs * sqrt(data.flip2) * Q / root_p;
    const Number base =
        sqrt(data.pull2) * b_max * beta_max * log(Number(32 * n / d.flip)) / (y * p);
    const Number turn = sqrt(data.turn2);
    const Number F2 = x * mean_abs * turn * B3 * star / root_p +
                      data.K_F * b_max * b_max * log(Number(n / d.flip_b)) / (y * p);
    const Number P = x * mean_abs * turn * omean * star / root_p +
                     data.K_F * b_max * omax * log(Number(n / d.flip_psi)) / (y * p) +
                     data.aspect * star / root_p * F2;
    at_0 = slope * star / 32 + base;
    for_S = slope + 6 * P / root_p + kap * star * F2 / p;
    in_Cv = slope + 2 * P / root_p + kap * star * F2 / p;
  }
  const Number D_lo = at_0 + for_S * S + lin * S + w * S * S / p + chi * S * S * S / p;
  const Number D_up = D_lo + kap1 * kap1 * S * S, m0 = gmin - h0;
  const Number mu = m0 - D_lo - eta * (in_Cv + c0 + c1 * S + c2 * S * S) * E;
  const Number integral = m0 * S - at_0 * S - (for_S + lin) * S * S / 2 -
                          w * power(S, 3) / (3 * p) - chi * power(S, 4) / (4 * p) -
                          eta * E * ((in_Cv + c0) * S + c1 * S * S / 2 + c2 * power(S, 3) / 3);
  add("rate", margin(mu, gamma_max / 4));
  add("integral", margin(integral, E));
  add("step", margin(2, eta * (Gs * Gs + h0 + D_up + gamma_max)));

  // What is claimed.
  const Number rho = S * (Gs + kap1 * S / 2);
  add("beta displacement", margin(c.claims.beta_displacement, rho));
  add("A displacement", margin(c.claims.A_displacement, L1 * s2 * kap * S));
  const Number unit = n / (gamma_max * root_p), with_log = unit * sqrt(Number(log(p)));
  add("c1", margin(c.claims.c1 * with_log, b_max * L1 * sqrt(kap) * S / root_p));
  if (psi.bounded) {
    add("c2", margin(c.claims.c2 * unit, sqrt(n) * L0 * S / root_p));
  } else {
    const Number a_max = sqrt(trace_K) + sqrt(kap) * root_log(p / d.a_row);
    const Number psi_max = sqrt(n) * psi.psi_0 + L1 * a_max + L1 * L1 * b_max * kap * S / root_p;
    add("c2", margin(c.claims.c2 * with_log, psi_max * S / root_p));
  }
  if (c.claims.kappa) {
    const Number below = sqrt_k - (1 / (2 * sqrt(Number(k * p))) + l(d.beta0) + rho) / root_p;
    add("beta(t) is not 0", margin(below, 0));
    const Number above = root_log(2 / Number(d.cos_b)) + rho;
    add("kappa", below > 0 ? margin(*c.claims.kappa, above / below) : -1);
  }
  return verdict;
}

}  // namespace alignproof::truth
