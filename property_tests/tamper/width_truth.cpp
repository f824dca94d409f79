// SPDX-License-Identifier: Apache-2.0
// Ground truth about a width certificate. Each number stands where the page has it, so that the
// order and the names are those of the page, not those of the checker.
#include "tamper/width_truth.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

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

struct Constants {
  bool bounded;
  Number L0, L1, L2, L3;
};

Constants constants_of(const Activation& psi) {
  Constants c{false, 0, largest_slope(psi), largest_curvature(psi), 0};
  if (psi == Activation::identity) return c;
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
  const bool linear = c.activation == Activation::identity;

  // The numbers alone.
  add("eta", flag(c.eta > 0));
  add("delta", flag(c.delta > 0 && c.delta < 1));
  add("p", flag(c.p >= 2));
  add("gamma_lower", flag(c.spectra.gamma_lower > 0));
  add("S", flag(c.S > 0));
  add("eps", flag(c.tails.lower >= 0 && c.tails.lower < 1 && c.tails.upper >= 0));
  const WidthShares& d = c.shares;
  Exact sum = 0;
  bool shares_in_order = true;
  for (const double share : {d.G, d.Gmax, d.tr, d.b2, d.b4, d.b3, d.b6, d.Q, d.Q3, d.H, d.E, d.Lb,
                             d.Lbeta, d.row, d.a_row, d.cos_b, d.beta0})
    sum += Exact(share), shares_in_order = shares_in_order && share >= 0;
  for (const double share : {d.G, d.Gmax, d.tr, d.b2, d.H, d.E, d.Lb, d.row})
    shares_in_order = shares_in_order && share > 0;
  if (!linear)
    for (const double share : {d.b4, d.b3, d.b6, d.Q, d.Q3, d.Lbeta})
      shares_in_order = shares_in_order && share > 0;
  if (!psi.bounded) shares_in_order = shares_in_order && d.a_row > 0;
  if (c.claims.kappa) shares_in_order = shares_in_order && d.cos_b > 0 && d.beta0 > 0;
  add("shares", flag(shares_in_order));
  add("sum of the shares", flag(sum <= Exact(c.delta)));
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

  // Section 2.
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
  } else {
    const Number least = 1 - sqrt(Number(n / p)) - l(d.G) / root_p;
    add("Davidson-Szarek", margin(least, 0));
    gmin = gamma * least * least;
    Gs = std::min(st, Number(sqrt(kap) * (1 + sqrt(Number(n / p)) + l(d.Gmax) / root_p)));
  }
  const auto power = [](const Number& x, const Number& exponent) { return pow(x, exponent); };
  const Number third = Number(1) / 3, quarter = Number(1) / 4, sixth = Number(1) / 6;
  const Number s2 = 1 + l(d.b2) / root_p, mean_abs = sqrt(Number(2 / pi()));
  Number s4 = 0, Q = 0, Q3 = 0;
  if (!linear) {
    s4 = power(power(3, quarter) + l(d.b4) * power(p, -quarter), 2);
    const Number B3 = power(power(2 * mean_abs, third) + l(d.b3) * power(p, -third), 3);
    const Number s6 = power(power(15, sixth) + l(d.b6) * power(p, -sixth), 3);
    Q = mean_abs * s2 * s2 + s4 * l(d.Q) / root_p;
    Q3 = mean_abs * B3 + s6 * l(d.Q3) / root_p;
  }
  const Number h0 = L1 * L1 * kap * s2 * sqrt(Number(2 * log(Number(2 * n / d.H)))) / root_p;
  const Number E = sqrt(Number(y2 + st * st)) + Gs * l(d.E);
  const Number lam = sqrt(Number(2 * log(Number(n * n + n))));
  const Number P2 =
      3 * L1 * L1 / p * (std::min(data.K_F, Number(kap * lam)) * st + kap * Gs * l(d.Lb));
  const Number P3 =
      linear ? Number(0)
             : Number(2 * L1 * L1 * L2 * s4 / p *
                      (std::min(kk, Number(kmax * kap * lam)) + kmax * kap * l(d.Lbeta)));

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
  const Number D_lo = lin * S + w * S * S / p + chi * S * S * S / p;
  const Number D_up = D_lo + kap1 * kap1 * S * S, m0 = gmin - h0;
  const Number mu = m0 - D_lo - eta * (c0 + c1 * S + c2 * S * S) * E;
  const Number integral = m0 * S - lin * S * S / 2 - w * power(S, 3) / (3 * p) -
                          chi * power(S, 4) / (4 * p) -
                          eta * E * (c0 * S + c1 * S * S / 2 + c2 * power(S, 3) / 3);
  add("rate", margin(mu, gamma_max / 4));
  add("integral", margin(integral, E));
  add("step", margin(2, eta * (Gs * Gs + h0 + D_up + gamma_max)));

  // What is claimed.
  const Number rho = S * (Gs + kap1 * S / 2), b_max = sqrt(Number(2 * log(Number(2 * p / d.row))));
  add("beta displacement", margin(c.claims.beta_displacement, rho));
  add("A displacement", margin(c.claims.A_displacement, L1 * s2 * kap * S));
  const Number unit = n / (gamma_max * root_p), root_log = sqrt(Number(log(p)));
  add("c1", margin(c.claims.c1 * unit * root_log, b_max * L1 * sqrt(kap) * S / root_p));
  if (psi.bounded) {
    add("c2", margin(c.claims.c2 * unit, sqrt(n) * L0 * S / root_p));
  } else {
    const Number a_max = sqrt(trace_K) + sqrt(kap) * sqrt(Number(2 * log(Number(p / d.a_row))));
    add("c2",
        margin(c.claims.c2 * unit * root_log, (a_max + b_max * kap * S / root_p) * S / root_p));
  }
  if (c.claims.kappa) {
    const Number below = 1 - (l(d.beta0) + rho) / root_p - 1 / (2 * p);
    add("beta(t) is not 0", margin(below, 0));
    const Number above = sqrt(Number(2 * log(Number(2 / Number(d.cos_b))))) + rho;
    add("kappa", below > 0 ? margin(*c.claims.kappa, above / below) : -1);
  }
  return verdict;
}

}  // namespace alignproof::truth
