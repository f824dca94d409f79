// SPDX-License-Identifier: Apache-2.0
// The decision about a width certificate, condition by condition.
#include <alignproof/core/no_fast_math.hpp>

#include "decide_width.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>

#include "apriori.hpp"
#include "limit_kernel.hpp"
#include "matrix.hpp"

namespace alignproof::check {

namespace {

/// The largest precision at which the limit kernel is enclosed.
constexpr long kernel_bits = 256;
/// At which the sum of a few doubles is exact: from 2^-1074 to 2^1024 and what is carried.
constexpr long bits_of_exact_sums = 2200;

Condition require_exact_sum(const WidthShares& shares, double delta) {
  const PrecisionScope scope(bits_of_exact_sums);
  Ball sum;
  for (const WidthLine& line : width_lines) sum += shares.*line.share;
  return require_at_least("delta >= sum of all shares", delta, sum);
}

/// The first line with a share that is not >= 0, or not > 0 where it is in use.
std::optional<std::string> bad_share(const WidthCertificate& c) {
  for (const WidthLine& line : width_lines) {
    const bool used = in_use(c, line);
    if (order_of(c.shares.*line.share) < (used ? 1 : 0))
      return fmt::format("that of {} is {}", line.name, c.shares.*line.share);
  }
  return std::nullopt;
}

/// Those of the certificate alone.
void check_numbers(std::vector<Condition>& conditions, const WidthCertificate& c) {
  conditions.push_back(require_greater("eta > 0", c.eta, 0));
  conditions.push_back(require_greater("delta > 0", c.delta, 0));
  conditions.push_back(require_greater("1 > delta", 1, c.delta));
  conditions.push_back(
      require_at_least(fmt::format("p >= {}", least_width(c)), Ball::count(c.p), least_width(c)));
  conditions.push_back(require_greater("gamma_lower > 0", c.spectra.gamma_lower, 0));
  conditions.push_back(require_greater("S > 0", c.S, 0));
  const std::optional<std::string> bad = bad_share(c);
  conditions.push_back({"shares >= 0, and > 0 of lines in use",
                        bad ? Decision::violated : Decision::proved, bad.value_or("each")});
  conditions.push_back(require_exact_sum(c.shares, c.delta));
  conditions.push_back(require_at_least("eps >= 0", c.tails.lower, 0));
  conditions.push_back(require_greater("1 > eps", 1, c.tails.lower));
  conditions.push_back(require_at_least("eps' >= 0", c.tails.upper, 0));
}

/// Not positive definite means that the smallest eigenvalue of Gbar is at most gamma_upper.
Condition require_gamma_upper(const BallMatrix& Gbar, double gamma_upper) {
  const Definiteness found = positive_definite(Gbar - gamma_upper);
  return {"Gbar - gamma_upper I not positive definite", opposite(found.decision),
          fmt::format("pivot {} of {} is {}", found.column + 1, Gbar.rows(), text(found.pivot))};
}

void check_spectra(std::vector<Condition>& conditions, const WidthSpectra& spectra,
                   const BallMatrix& K, const BallMatrix& Gbar) {
  conditions.push_back(require_definite("K_upper I - K", spectra.K_upper - K));
  conditions.push_back(require_definite("Gbar - gamma_lower I", Gbar - spectra.gamma_lower));
  conditions.push_back(require_gamma_upper(Gbar, spectra.gamma_upper));
  conditions.push_back(require_definite("Gbar_upper I - Gbar", spectra.Gbar_upper - Gbar));
}

/// That lambda_min(G(0)) > 0 with its share of delta: (P.1) and its twin for bounded psi.
void check_gram(std::vector<Condition>& conditions, const WidthCertificate& c, const Sample& x) {
  if (x.linear) {
    conditions.push_back(
        require_greater("1 > (sqrt n + l(d_G)) / sqrt p", least_singular(x, c.shares.G), 0));
  } else if (!x.L0) {
    conditions.push_back(
        require_greater("1 > sqrt(2 V log(n/d_G) / p), V = n + 4 L1^2 K_upper sqrt n / gamma_lower",
                        1, unbounded_eps(x, c.shares.G)));
  } else {
    conditions.push_back(require_at_least("h(eps) >= n L0^2 log(n/d_G) / (p gamma_lower)",
                                          lower_exponent(c.tails.lower),
                                          chernoff(x, c.shares.G, x.gamma_lower)));
    conditions.push_back(
        require_at_least("(1+eps') log(1+eps') - eps' >= n L0^2 log(n/d_Gmax) / (p Gbar_upper)",
                         upper_exponent(c.tails.upper), chernoff(x, c.shares.Gmax, x.Gbar_norm)));
  }
}

/// Of the numbers that the lines of relu rest on; log^2(2p/d) / p falls where log(2p/d) >= 2.
void check_flips(std::vector<Condition>& conditions, const WidthCertificate& c, const Sample& x) {
  conditions.push_back(require_greater("y > 0", c.tails.spread, 0));
  conditions.push_back(require_at_least("S* >= S", c.tails.level, c.S));
  for (const double d : {c.shares.row, c.shares.beta_row})
    conditions.push_back(
        require_at_least("log(2p/d) >= 2 of max |b_r|, max |beta_r|", log(2 * x.p / d), 2));
}

/// (P.5).
void check_motion(std::vector<Condition>& conditions, const Sample& x, const Motion& m,
                  const Ball& S) {
  conditions.push_back(
      require_at_least("mu(S) >= gamma_upper / 4", rate(m, x.eta, S), x.gamma_upper / 4));
  conditions.push_back(
      require_at_least("integral of mu from 0 to S >= E", budget_of_error(m, x.eta, S), m.E));
  conditions.push_back(
      require_at_least("2 >= eta (lambda_max(M(0)) + D_up(S) + gamma_upper)", 2, step(m, x, S)));
}

/// kappa >= ( sqrt(2 log(2/d)) + rho ) / ( sqrt k - (1/(2 sqrt(kp)) + l(d') + rho)/sqrt p ), whose
/// denominator bounds (|beta(0)| - rho) / sqrt p from below.
void check_kappa(std::vector<Condition>& conditions, const Sample& x, const WidthShares& shares,
                 const Ball& rho, double kappa) {
  const Ball lost = 1 / (2 * sqrt(x.k * x.p)) + tail(1, shares.beta0) + rho;
  const Ball shortest = sqrt(x.k) - lost / sqrt(x.p);
  conditions.push_back(require_greater("(|beta(0)| - rho) / sqrt p > 0", shortest, 0));
  conditions.push_back(
      require_at_least("kappa (|beta(0)| - rho) / sqrt p >= |<b, beta(0)>| / |b| + rho",
                       kappa * shortest, tail(2, shares.cos_b) + rho));
}

void check_claims(std::vector<Condition>& conditions, const WidthCertificate& c, const Sample& x,
                  const Motion& m, const Ball& S) {
  const WidthClaims& claims = c.claims;
  const Ball rho = value_at(m.rho, S), root_log = sqrt(log(x.p));
  conditions.push_back(
      require_at_least("beta_displacement >= rho(S)", claims.beta_displacement, rho));
  conditions.push_back(
      require_at_least("A_displacement >= L1 s2 K_upper S", claims.A_displacement, m.A_moved * S));
  conditions.push_back(
      require_at_least("c1 n sqrt(log p) >= gamma_upper sqrt p max_r |w_r(t) - w_r(0)|",
                       claims.c1 * x.n * root_log, x.gamma_upper * m.w_moved * S));
  const bool bounded = x.L0.has_value();
  conditions.push_back(
      require_at_least(fmt::format("c2 n {}>= gamma_upper sqrt p max_r |beta_r(t) - beta_r(0)|",
                                   bounded ? "" : "sqrt(log p) "),
                       bounded ? claims.c2 * x.n : claims.c2 * x.n * root_log,
                       x.gamma_upper * value_at(m.beta_moved, S)));
  if (claims.kappa) check_kappa(conditions, x, c.shares, rho, *claims.kappa);
}

class Decider {
 public:
  Decider(const WidthCertificate& certificate, Budget& budget, Findings& findings)
      : c_(certificate), budget_(budget), findings_(findings), conditions_(findings.conditions) {}

  void decide_all() {
    check_numbers(conditions_, c_);
    if (go_on()) check_data();
  }

 private:
  /// Whether what rests on the inequalities so far is looked at.
  bool go_on() {
    findings_.complete = decide(conditions_) == Decision::proved;
    return findings_.complete;
  }
  void check_data();

  const WidthCertificate& c_;
  Budget& budget_;
  Findings& findings_;
  std::vector<Condition>& conditions_;
};

void Decider::check_data() {
  const double n = static_cast<double>(c_.n()), d = static_cast<double>(c_.d());
  const double matrices = n * n * (d + 64) + 4 * n * n * n;
  if (!budget_.allows(matrices, fmt::format("{} x {} entries", c_.n(), c_.n()))) {
    conditions_.push_back(over_budget(budget_));
    findings_.complete = false;
    return;
  }
  budget_.spend(matrices);
  // Long series pay for few bits of gamma: more of them are never what is missing.
  const PrecisionScope scope(std::min(precision(), kernel_bits));
  const BallMatrix K = gram_of_rows(c_.X), Gbar = limit_kernel(c_.activation, K, budget_);
  check_spectra(conditions_, c_.spectra, K, Gbar);
  if (!go_on()) {
    if (budget_.exhausted()) conditions_.push_back(over_budget(budget_));
    return;
  }
  const Sample x = sample_from(c_, K, Gbar);
  check_gram(conditions_, c_, x);
  if (!x.smooth) check_flips(conditions_, c_, x);
  if (!go_on()) return;
  const GoodStart start = good_start(x, c_.shares, c_.tails);
  const Motion m = motion(x, start, c_.shares, c_.tails);
  check_motion(conditions_, x, m, c_.S);
  if (go_on()) check_claims(conditions_, c_, x, m, c_.S);
}

}  // namespace

Budget budget_of(const WidthCertificate& certificate) {
  return Budget::of_numbers(certificate.X.values.size() + certificate.y.values.size());
}

Findings verify_at(const WidthCertificate& c, long bits, Budget& budget) {
  require_accepted(c.activation);
  require_kernel(c.activation);
  require_variant(c);
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  Decider(c, budget, findings).decide_all();
  findings.decision = decide(findings.conditions);
  findings.work = budget.spent();
  return findings;
}

Findings verify_at(const WidthCertificate& certificate, long bits) {
  Budget budget = budget_of(certificate);
  return verify_at(certificate, bits, budget);
}

Findings verify(const WidthCertificate& certificate, long first_bits, long last_bits) {
  Budget budget = budget_of(certificate);
  return with_rising_precision([&](long bits) { return verify_at(certificate, bits, budget); },
                               budget, first_bits, last_bits);
}

}  // namespace alignproof::check
