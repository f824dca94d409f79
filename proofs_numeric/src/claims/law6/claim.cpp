// SPDX-License-Identifier: Apache-2.0
// law6: which decaying penalties keep convergence and alignment.
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "claims/laws/checks.hpp"
#include "claims/laws/exponents.hpp"
#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

namespace {

/// A general case with each of the schedules, to a slow time at which lambda is small or 0.
std::vector<LawCase> schedule_cases(const Settings& settings) {
  LawCase cut = general_cases(settings).front();
  cut.name = "cut", cut.tau = 2;
  LawCase geometric = cut;
  geometric.name = "geometric, $\\lambda e^{-\\tau/2}$";
  geometric.decay = Decay::geometric, geometric.scale = 2, geometric.tau = 8;
  geometric.steps_after = 0;
  LawCase square = geometric;
  square.name = "inverse square, $\\lambda/(1 + \\tau/2)^2$";
  square.decay = Decay::inverse_square;
  return {cut, geometric, square};
}

/// lambda / sqrt(1 + tau/2) vanishes, with an infinite sum: eta gamma (1 + z^2) where one run on
/// one sample is lost, which should be at the ceiling, 2.
LawCheck ceiling_check(const Settings& settings, std::size_t p) {
  const double eta = 0.05, gamma = 2, lambda = 1;
  LawCase c;
  c.data = linear_data(settings, Inputs::isometric, 1, 1, std::sqrt(gamma));
  c.data.y.values = {2};
  c.eta = eta, c.lambda = lambda;
  const Vector<double> y = vector_from<double>(c.data.y);
  const double width = static_cast<double>(p), scale = 2 * std::sqrt(width) / eta;
  ReducedProblem<double> problem = reduced_problem<double>(
      sample_linear_network(c.data, network_of(c, p, seed_of(settings, 796000))));
  problem.penalty = [=](std::size_t t) {
    return lambda / std::sqrt(1 + static_cast<double>(t) / scale);
  };
  const double z_on = std::sqrt(2 / (eta * gamma) - 1);
  const double Lambda = (gamma * z_on * z_on * z_on / 3 + (gamma + lambda) * z_on) /
                        (std::sqrt(gamma) * y.norm());  // reached by then, for every schedule
  const double tau = 2 * (std::pow(Lambda / (4 * lambda) + 1, 2) - 1);
  const std::optional<StabilityLoss> loss =
      loss_of_stability(problem, 2 * steps_until(tau, eta, width));
  const double curvature =
      loss ? gamma / (1 - loss->cosine * loss->cosine) * eta : 0;  // 1 + z^2 = 1/(1 - cos^2)
  return {.name = fmt::format("$\\lambda/\\sqrt{{1 + \\tau/2}}$, $p = {}$: lost at the ceiling, "
                              "$\\eta\\gamma(1 + z^2)$ there",
                              p),
          .replay = "",
          .expected = 2,
          .measured = curvature,
          .allowed = 0.1};
}

void conclude(const Profile& profile, const std::vector<Handle<LawRecord>>& records,
              const LawChecks& ceiling, ClaimRow& row) {
  std::vector<GapExponent> exponents;
  for (const Handle<LawRecord>& each : records) {
    const LawRecord& record = *each;
    const LawCase& c = record.law_case;
    const bool is_cut = c.steps_after > 0;
    exponents.push_back({c.name, &record, is_cut ? &record.gap_after : &record.gap});
    row.measurements.push_back(
        {"law: " + c.name, is_cut ? record.end().cosine_after_cut : record.end().cosine,
         std::nullopt,
         fmt::format("$|e| = {:.3g}$ at $\\tau = {}${}", is_cut ? 0.0 : record.end().error, c.tau,
                     is_cut ? ", then cut" : "")});
  }
  conclude_exponents(profile, exponents, row);
  conclude_checks({ceiling}, row);
}

Conclusion plan(Study& study) {
  const LawSizes sizes = law_sizes(study.profile());
  std::vector<Handle<LawRecord>> records;
  for (const LawCase& c : schedule_cases(study.settings()))
    records.push_back(want_law(study, c, sizes.schedule_widths, sizes.seeds()));
  const Handle<LawChecks> ceiling = want_checks(
      study, "penalties of infinite sum", LawChecks::Of::single_runs, 5e7,
      [settings = study.settings()] {
        return std::vector{ceiling_check(settings, 10000), ceiling_check(settings, 1000000)};
      });
  return [profile = study.profile(), records, ceiling](ClaimRow& row) {
    conclude(profile, records, *ceiling, row);
  };
}

}  // namespace

Claim law6_claim() {
  return {
      .text =
          {.id = "law6",
           .title = "Which decaying penalties keep convergence and alignment",
           .statement =
               "With $\\Lambda = \\eta\\sum_t \\lambda(t)/\\sqrt{p}$ and $\\lambda$ of bounded "
               "variation: if $\\Lambda < \\infty$ stays below the ceiling, $e \\to 0$ at the rate "
               "of $\\lambda$ and the cosine tends to the one after a cut at $\\sigma(\\Lambda)$ "
               "once $\\beta(0)$ is forgotten; if $\\Lambda = \\infty$ stability is lost at the "
               "ceiling, however slowly $\\lambda$ vanishes.",
           .source = law_source,
           .premises = law_premises(),
           .conclusion =
               "$|\\cos - $law$|$ of order $p^{-1/2}$ for cut, geometric and inverse-square "
               "penalties on the slow time; $\\lambda/\\sqrt{1 + \\tau/2}$ is lost where "
               "$\\eta\\gamma(1 + z^2) = 2$",
           .constants = "none",
           .method = "Exponents in $p$ as for law1, on one data set; two runs on one sample with "
                     "one penalty of infinite sum.",
           .falsifier = "An exponent significantly above the margin. A run of infinite sum that is "
                        "not lost, being one, makes the row undecided."},
      .place = 170,
      .plan = plan};
}

}  // namespace alignproof::inline claims
