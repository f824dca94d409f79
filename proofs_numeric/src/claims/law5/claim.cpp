// SPDX-License-Identifier: Apache-2.0
// law5: rates before the onset, of the law and of runs.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "claims/laws/checks.hpp"
#include "claims/laws/law_case.hpp"

namespace alignproof::inline claims {

namespace {

/// Slope of log y on log x between two points.
double slope(double x0, double y0, double x1, double y1) {
  return std::log(y1 / y0) / std::log(x1 / x0);
}

/// Exponents and constants of the law of one case, far out.
std::vector<LawCheck> constants_of(const LawCase& c) {
  const Matrix<double> K = gram(c.data);
  const Vector<double> y = vector_from<double>(c.data.y);
  const Conditioning at = conditioning(K, y, c.lambda);
  const double per_tau = c.lambda * std::sqrt(at.least_Y);
  // N = (3L)^{2/3} a hundred times what C's spread asks for.
  const double L = std::max(1e6, std::pow(100 * at.most, 1.5));
  const auto points = alignment_law(K, y, c.lambda, std::vector{L / per_tau, 10 * L / per_tau});
  const double N = points[1].zeta * points[1].zeta * at.least_Y / y.squaredNorm();
  const double second_order = 4 * (at.mean + at.variance / at.mean) / std::pow(3 * L, 2.0 / 3);
  const auto check = [&](const char* what, double expected, double measured, double allowed) {
    return LawCheck{.name = c.name + ", " + what,
                    .replay = "",
                    .expected = expected,
                    .measured = measured,
                    .allowed = allowed};
  };
  return {
      check("$|e| \\sim t^{-2/3}$", -2.0 / 3,
            slope(points[0].tau, points[0].error, points[1].tau, points[1].error), second_order),
      check("$1 - \\cos \\sim t^{-2/3}$", -2.0 / 3,
            slope(points[0].tau, 1 - points[0].cosine, points[1].tau, 1 - points[1].cosine),
            second_order),
      check("$N/(3L)^{2/3}$", 1, N / std::pow(30 * L, 2.0 / 3), second_order),
      check("$2N(1 - \\cos)$", 1, 2 * N * (1 - points[1].cosine), second_order),
      check("$2N(1 - \\cos)/(1 + V)$ after a cut", 1,
            2 * N * (1 - points[1].cosine_after_cut) / (1 + at.variance),
            second_order * (1 + at.variance))};
}

std::vector<LawCheck> rate_checks(const Settings& settings) {
  std::vector<LawCheck> checks;
  for (const LawCase& c : general_cases(settings)) {
    if (c.name.starts_with("nearly")) continue;  // N >> lambda / lambda_min lies beyond any run
    for (LawCheck& check : constants_of(c)) checks.push_back(std::move(check));
  }
  return checks;
}

/// Of a run inside the window where the rates exist.
std::vector<LawCheck> rate_run_checks(const Settings& settings, const Data& data) {
  LawCase c;
  c.data = data, c.eta = 0.008, c.lambda = 1;
  const Matrix<double> K = gram(data);
  const Vector<double> y = vector_from<double>(data.y);
  const Conditioning at = conditioning(K, y, c.lambda);
  const auto tau_of = [&](double N) {
    return (N * std::sqrt(N) / 3 + at.mean * std::sqrt(N)) / (c.lambda * std::sqrt(at.least_Y));
  };
  const std::vector<double> times = {tau_of(25), tau_of(100)};
  c.tau = times.back();
  const std::size_t p = 4000;
  const std::uint64_t seed = seed_of(settings, 795000);
  const SlowRun run = run_on_slow_time(
      reduced_problem<double>(sample_linear_network(data, network_of(c, p, seed))), times, 0);
  const auto law = alignment_law(K, y, c.lambda, times);
  const double error = slope(times[0], run.error[0], times[1], run.error[1]);
  const double angle = slope(times[0], 1 - run.cosine[0], times[1], 1 - run.cosine[1]);
  const auto checked = [&](const char* what, double measured, double expected, double allowed) {
    return LawCheck{
        .name = fmt::format("{}, $p = {}$, $\\eta = {}$: {}", data.name, p, c.eta, what),
        .replay = replay(c, p, seed),
        .expected = expected,
        .measured = measured,
        .allowed = allowed};
  };
  // What width does: order p^{-1/2}, here 1/63.
  const double margin = 0.03;
  return {checked("exponent of $|e|$ against the law's", error,
                  slope(times[0], law[0].error, times[1], law[1].error), margin),
          checked("exponent of $1 - \\cos$ against the law's", angle,
                  slope(times[0], 1 - law[0].cosine, times[1], 1 - law[1].cosine), margin),
          checked("exponent of $|e|$ against $-2/3$", error, -2.0 / 3, 0.05),
          checked("exponent of $1 - \\cos$ against $-2/3$", angle, -2.0 / 3, 0.05)};
}

/// Shared with the false claim.
Handle<LawChecks> want_constants(Study& study) {
  return want_checks(study, "constants of the law", LawChecks::Of::law, 1e5,
                     [settings = study.settings()] { return rate_checks(settings); });
}

std::vector<Handle<LawChecks>> want_rates(Study& study) {
  const Settings settings = study.settings();
  const auto on_two_samples = [&settings](Inputs inputs, std::size_t d) {
    return [settings, inputs, d] {
      return rate_run_checks(settings, make_data({inputs, Targets::linear, 2, d, settings.seed,
                                                  Activation::identity}));
    };
  };
  return {want_constants(study),
          want_checks(study, "rates of a run, isometric", LawChecks::Of::single_runs, 3e8,
                      on_two_samples(Inputs::isometric, 2)),
          want_checks(study, "rates of a run, unit sphere", LawChecks::Of::single_runs, 3e8,
                      on_two_samples(Inputs::sphere, 20))};
}

Conclusion plan(Study& study) {
  return [all = want_rates(study)](ClaimRow& row) { conclude_closest(done(all), row); };
}

/// "Under a constant penalty |e| falls like t^{-1/2}."
Refused refuse(const LawChecks& constants) {
  Rejection rate{
      Rejection::Kind::false_claim, "under a constant penalty $|e|$ falls like $t^{-1/2}$", {}, ""};
  for (const LawCheck& check : constants.checks) {
    if (check.name.find("|e|") == std::string::npos) continue;
    if (std::abs(check.measured + 0.5) > check.allowed) rate.caught_by = {"law5"};
    rate.detail = fmt::format("exponent {:.4f}, within {:.1g}", check.measured, check.allowed);
  }
  return {rate, {}};
}

std::function<Refused()> falls_like_a_square_root(Study& study) {
  return [constants = want_constants(study)] { return refuse(*constants); };
}

}  // namespace

Claim law5_claim() {
  return {
      .text =
          {.id = "law5",
           .title = "Rates before the onset",
           .statement =
               "Under a constant penalty, for every positive definite K, with $N = (3\\lambda "
               "\\sqrt{Y}\\tau)^{2/3}$, $Y = y^T K^{-1} y$: $|e| \\sim \\lambda|K^{-1}y|/N$, $1 - "
               "\\cos \\sim 1/(2N)$, and after a cut $(1 + V)/(2N)$, $V$ the variance of "
               "$\\lambda K^{-1}$ in the state $K^{-1/2}y$.",
           .source = law_source,
           .premises = {"K positive definite",
                        "$\\lambda/\\lambda_{\\min}(K) \\ll N \\ll 2/\\eta$"},
           .conclusion = "exponents $-2/3$ and the constants, within the second order",
           .constants = "none: proved for the law",
           .method =
               "The solver for two kernels at $L = \\lambda\\sqrt{Y}\\tau$ from $10^6$ on; for two "
               "data sets of two samples a run each at $p = 4000$ and $\\eta = 0.008$ where $N$ "
               "grows from 25 to 100.",
           .falsifier = "An exponent or a constant of the law further off than the second order. A "
                        "run that is off, being one, makes the row undecided."},
      .place = 160,
      .plan = plan,
      .false_claims = {{.place = 100, .plan = falls_like_a_square_root}}};
}

}  // namespace alignproof::inline claims
