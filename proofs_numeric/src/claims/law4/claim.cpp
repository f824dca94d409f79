// SPDX-License-Identifier: Apache-2.0
// law4: a penalty that is kept loses stability, later at more digits. One run a precision.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "claims/laws/checks.hpp"
#include "claims/laws/law_case.hpp"
#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr const char* delay_premise = "$\\eta(\\lambda + \\gamma) < 2$";
constexpr unsigned double_digits = 16;

/// One sample with K = gamma and |y| = 2, under a constant penalty.
struct Delay {
  double gamma, lambda, eta;
  std::size_t p;
  unsigned digits;
};
constexpr double y_norm = 2;

/// z where the multiplier 1 - eta (lambda + gamma (1 + z^2)) of the law reaches -1.
double onset(const Delay& d) {
  return std::sqrt((2 / d.eta - d.lambda) / d.gamma - 1);
}

/// ln |m| summed over steps along the law of isometric data, from the start to the onset (all of it
/// negative but for its sign): what the initial transient has been damped by.
double damping_before_onset(const Delay& d) {
  const double z_on = onset(d);
  const auto multiplier = [&](double z) { return 1 - d.eta * (d.lambda + d.gamma * (1 + z * z)); };
  const double zero2 = ((1 / d.eta - d.lambda) / d.gamma) - 1;  // where m = 0
  // Midpoint rule in z, dtau = (gamma z^2 + lambda + gamma) dz / (lambda sqrt(gamma) |y|), refined
  // about the integrable singularity of ln |m| by splitting there.
  const auto integrate = [&](double from, double to) {
    constexpr int parts = 200000;
    double sum = 0;
    for (int k = 0; k < parts; ++k) {
      const double z = from + (to - from) * (k + 0.5) / parts;
      sum -= std::log(std::abs(multiplier(z))) * (d.gamma * z * z + d.lambda + d.gamma);
    }
    return sum * (to - from) / parts;
  };
  const double total = zero2 > 0 && std::sqrt(zero2) < z_on
                           ? integrate(0, std::sqrt(zero2)) + integrate(std::sqrt(zero2), z_on)
                           : integrate(0, z_on);
  return total * std::sqrt(static_cast<double>(d.p)) /
         (d.eta * d.lambda * std::sqrt(d.gamma) * y_norm);
}

/// reports/docs/alignment_law.md: rounding kicks of size 2^-bits |y|, felt at |e*| = eta lambda
/// |y| / 2, collected around the onset.
double delay_by_digits(const Delay& d, double bits) {
  const double z_on = onset(d);
  const double dz = d.eta / std::sqrt(static_cast<double>(d.p)) * d.lambda * std::sqrt(d.gamma) *
                    y_norm / (d.gamma * z_on * z_on + d.lambda + d.gamma);
  const double rate = 2 * d.eta * d.gamma * z_on * dz;  // d ln |m| / dt at the onset
  const double pi = 3.141592653589793;
  return bits * std::log(2.0) - std::log(2 / (d.eta * d.lambda)) - std::log(pi / rate) / 4;
}

struct LostAt {
  double bits = 53;  ///< of the numbers of the run
  std::optional<StabilityLoss> loss;
};

LostAt run_until_lost(const Delay& d, const LinearNetwork& network, std::size_t most) {
  if (d.digits == double_digits)
    return {53, loss_of_stability(reduced_problem<double>(network), most)};
  const ScopedDigits guard(d.digits);
  double bits = -std::log2(to_double(unit_roundoff<Mpfr>()));
  if (!(bits < 1e9)) bits = d.digits * std::log2(10.0);  // 2^-bits is no double
  return {bits, loss_of_stability(reduced_problem<Mpfr>(network), most)};
}

/// Sum of ln |m| at the loss of stability against the predicted one; `nats`: what the O(1) term of
/// the prediction may be.
LawCheck delay_check(const Settings& settings, double nats, const Delay& d) {
  LawCase c;
  c.data = linear_data(settings, Inputs::isometric, 1, 1, std::sqrt(d.gamma));
  c.eta = d.eta, c.lambda = d.lambda;
  c.data.y.values = {y_norm};
  const double width = static_cast<double>(d.p);
  const NetworkSpec spec = network_of(c, d.p, seed_of(settings, 790000));
  const std::size_t most = steps_until(100 / (d.lambda * std::sqrt(d.gamma)), d.eta, width);
  const LostAt lost = run_until_lost(d, sample_linear_network(c.data, spec), most);
  const double by_digits = delay_by_digits(d, lost.bits), exact = damping_before_onset(d);
  const double expected = std::min(by_digits, exact);
  return {.name = fmt::format("$\\gamma={}$ $\\eta={}$ $\\lambda={}$ $p={}$, {} digits{}", d.gamma,
                              d.eta, d.lambda, d.p, d.digits,
                              by_digits < exact ? "" : ", the exact exit"),
          .replay = "",
          .expected = expected,
          .measured = lost.loss ? lost.loss->gain : INFINITY,
          .allowed = nats + expected / std::sqrt(width),
          .inside = d.eta * (d.lambda + d.gamma) < 2};
}

std::vector<LawCheck> delay_checks(const Settings& settings, double nats,
                                   const std::vector<Delay>& delays) {
  std::vector<LawCheck> checks;
  for (const Delay& d : delays) checks.push_back(delay_check(settings, nats, d));
  return checks;
}

void conclude(const std::vector<LawChecks>& all, unsigned most_digits, ClaimRow& row) {
  const LawCheck closest = conclude_checks(all, row);
  PremiseCount stable{delay_premise, 0, 0};
  for (const LawChecks& each : all)
    for (const LawCheck& check : each.checks) ++stable.of, stable.held += check.inside ? 1 : 0;
  row.premises.push_back(stable);
  row.instances -= stable.of - stable.held;
  if (stable.held != stable.of)
    row.verdict = worst({row.verdict, Verdict::undecided("a run is not stable at the start")});
  row.bound = closest.expected, row.bound_label = "predicted $\\sum \\log |m_t|$ at the loss";
  row.measured = closest.measured;
  row.measured_label = "measured, of the run closest to its allowance";
  row.ratio = closest.share();
  row.ratio_label = "|measured - predicted| / allowed";
  row.digits = most_digits;
  row.seeds = 1;
}

Conclusion plan(Study& study) {
  const Settings settings = study.settings();
  const LawSizes sizes = law_sizes(study.profile());
  const std::size_t narrow = 10000, wide = sizes.loss_width;
  const auto want = [&](const std::string& name, double cost, const std::vector<Delay>& delays) {
    return want_checks(
        study, name, LawChecks::Of::single_runs, cost,
        [settings, nats = sizes.nats, delays] { return delay_checks(settings, nats, delays); });
  };
  std::vector<Handle<LawChecks>> all = {want("delays in double", 1e6,
                                             {{2, 1.5, 0.05, narrow, double_digits},
                                              {1, 1, 0.4, narrow, double_digits},
                                              {2, 1.5, 0.05, wide, double_digits},
                                              {1, 1, 0.4, wide, double_digits}})};
  for (unsigned digits : sizes.digits) {
    std::vector<Delay> delays = {{1, 1, 0.4, narrow, digits}};
    if (digits <= 200) delays.push_back({1, 1, 0.4, wide, digits});
    all.push_back(want(fmt::format("delays, {} digits", digits), 2e6 * digits, delays));
  }
  return [all, most_digits = sizes.digits.back()](ClaimRow& row) {
    conclude(done(all), most_digits, row);
  };
}

}  // namespace

Claim law4_claim() {
  return {
      .text =
          {.id = "law4",
           .title = "A penalty kept for ever loses stability, later at more digits",
           .statement =
               "Under a constant penalty the multiplier $m = 1 - \\eta(\\lambda + "
               "\\lambda_{\\max}(K + \\zeta\\zeta^T))$ reaches $-1$; isometric: at $\\cos = "
               "\\sqrt{1 - \\eta\\gamma/(2 - \\eta\\lambda)}$. The loss shows when $\\sum \\log "
               "|m_t|$ since then is $D \\log 10$ less a few units, $D$ the digits, but at the "
               "latest when $\\sum \\log |m_t|$ from the start is 0, exact arithmetic included.",
           .source = law_source,
           .premises = {"isometric data, constant penalty", delay_premise},
           .conclusion = "$\\sum \\log |m_t|$ at the loss is the predicted one",
           .constants = "an $O(1)$ term of the prediction, declared to be at most 6, and "
                        "$p^{-1/2}$ of the sum",
           .method = "Runs on one sample, in double and at more and more digits, one each, until "
                     "$|e(t) - e(t-1)| > |e(t)|$; the prediction is asymptotic, not proved.",
           .falsifier =
               "Runs that are lost before the onset, or far from the prediction. Each is one run, "
               "without a level, so that one that is off makes the row undecided."},
      .place = 150,
      .plan = plan};
}

}  // namespace alignproof::inline claims
