// SPDX-License-Identifier: Apache-2.0
// P: Theorem P, T1 and T2 from an explicit width on with an explicit probability, tested at that
// width.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/claims/violation.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/statistics/fit.hpp>

#include "claims/p/instances.hpp"
#include "claims/p/kernel_course.hpp"
#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

using SeenRun =
    Seen<DecayProbe, DisplacementProbe, AlignmentProbe, KernelCourseProbe, GoodEventProbe>;
using SeenRuns = Runs<SeenRun>;

constexpr const char* smooth_premise =
    "$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz and $\\psi''$ is $L_3$-Lipschitz; $\\psi$ "
    "bounded or "
    "the identity";

/// Those of T1, with what Theorem P asks of psi.
Premises p_premises(const RunSet& runs) {
  const Activation& psi = runs.batch.network.activation;
  const Smoothness<double> constants = smoothness<double>(psi);
  Premises found = t1_premises(runs);
  for (Premise& each : found)
    if (each.words == premise::smooth)
      each = {smooth_premise,
              constants.L2 && constants.L3 && (constants.L0 || properties(psi).linear),
              std::string(to_string(psi))};
  return found;
}

/// Each line of the good event is refuted at this level: so many of them stand beside one another.
constexpr double line_level = 1e-10;

/// Shares of seeds are judged at this level: with that of the profile the tests of P would bring
/// the alphas of a run above 1e-6.
constexpr double share_level = 1e-9;

// ---------------------------------------------------------------- what is promised of a run

/// What a run used of a bound: at most 1, or the bound is broken.
struct Use {
  const char* name;
  double used, bound;

  double share() const { return used / bound; }
};

/// Largest fall(t) or rise(t) over D(S_t); 0 at t = 0.
double drift_used(const std::vector<double>& S, const std::vector<double>& moved,
                  const std::array<double, 5>& D) {
  double most = 0;
  for (std::size_t t = 1; t < S.size(); ++t)
    most = largest_so_far(most, moved[t] / value_at(D, S[t]));
  return most;
}

std::vector<Use> uses(const SufficientRuns& promised, double gamma, const SeenRun& r) {
  return {{"$\\eta\\sum_t |e(t)|$", r.S.empty() ? 0 : r.S.back(), promised.S},
          {"$\\sup_t |\\beta(t) - \\beta(0)|$", r.D, promised.beta_moved},
          {"$\\sup_t |A(t) - A(0)|_F$", r.A_moved, promised.A_moved},
          {"$\\sup_t \\max_r |w_r(t) - w_r(0)|$", r.w_displacement, promised.w_row(gamma)},
          {"$\\sup_t \\max_r |\\beta_r(t) - \\beta_r(0)|$", r.beta_displacement,
           promised.beta_row(gamma)},
          {"$\\sqrt{p}\\sup_t |\\cos(b, \\beta(t))|$", std::sqrt(promised.p()) * r.sup_cos,
           promised.kappa},
          {"what $\\lambda_{\\min}(M)$ lost, over $D_{lo}(S_t)$",
           drift_used(r.S, r.fall, promised.D_lo), 1},
          {"what $\\lambda_{\\max}(M)$ gained, over $D_{up}(S_t)$",
           drift_used(r.S, r.rise, promised.D_up), 1}};
}

/// T1 at every step that could be judged, and every bound.
SeedOutcome outcome_of(const SufficientRuns& promised, double gamma, const SeenRun& r) {
  for (const Use& use : uses(promised, gamma, r))
    if (!(use.used <= use.bound)) return SeedOutcome::failure;
  return decay_outcome(r);
}

// ---------------------------------------------------------------- conclusion

class Conclude {
 public:
  explicit Conclude(Study& study) : settings_(study.settings()), promised_(sufficient_runs(study)) {
    for (const SufficientRuns& each : promised_)
      runs_.push_back(study.want<DecayProbe, DisplacementProbe, AlignmentProbe, KernelCourseProbe,
                                 GoodEventProbe>(each.batch));
  }

  void operator()(ClaimRow& row) const {
    std::vector<Verdict> verdicts;
    row.bound_label = "$S$ of (P.5)", row.measured_label = "largest $\\eta\\sum_t |e(t)|$";
    for (std::size_t k = 0; k < runs_.size(); ++k) {
      const SufficientRuns& promised = promised_[k];
      const SeenRuns& runs = *runs_[k];
      const JudgedRuns outcomes =
          judged(runs, [&](const SeenRun& r) { return outcome_of(promised, runs.gamma(), r); });
      conclude_shares({1 - promised.delta, share_level}, {outcomes}, p_premises, row);
      row.results.back().name = name_of(promised);
      confirm_first_violation(settings_, runs, row);
      verdicts.push_back(row.verdict);
      verdicts.push_back(look_at_lines(promised, runs, row));
      measure(promised, runs, row);
    }
    row.verdict = worst(verdicts);
  }

 private:
  /// Refuted where a line fails significantly more often than its share; else it adds nothing.
  Verdict look_at_lines(const SufficientRuns& promised, const SeenRuns& runs, ClaimRow& row) const {
    const std::string where = name_of(promised);
    std::string failed, refuted;
    std::size_t good = 0;
    for (const SeenRun& r : runs.records)
      good += std::all_of(promised.lines.begin(), promised.lines.end(),
                          [&](const EventLine& line) { return line.holds(r); });
    for (const EventLine& line : promised.lines) {
      const std::size_t times = count(runs, [&](const SeenRun& r) { return !line.holds(r); });
      if (times == 0) continue;
      const std::string words =
          fmt::format("line {} fails at {} of {} seeds, allowed {:.3g}", to_string(line.line),
                      times, runs.records.size(), line.share);
      failed += "; " + words;
      if (clopper_pearson(times, runs.records.size(), line_level).lower > line.share)
        refuted += (refuted.empty() ? "" : "; ") + words;
    }
    const auto seeds = static_cast<double>(runs.records.size());
    row.measurements.push_back({"share of seeds on the good event, " + where,
                                static_cast<double>(good) / seeds, std::nullopt,
                                "without (P.2) and (P.3)" + failed});
    row.tests.push_back({row.text.id, "lines of the good event: " + where, runs.records.size(),
                         line_level * static_cast<double>(promised.lines.size()),
                         "a line that always fails is refuted", 1});
    if (refuted.empty()) return Verdict::holds("");
    return Verdict::refuted(where + ": " + refuted + "; " +
                            replay_line(runs.batch, runs.records.front().seed));
  }

  void measure(const SufficientRuns& promised, const SeenRuns& runs, ClaimRow& row) const {
    const std::string where = ", " + name_of(promised);
    row.measurements.push_back({"width from which on P holds" + where, promised.width, std::nullopt,
                                "enclosed; (P.5) verified in balls by the library"});
    std::map<std::string, Use> most;
    for (const SeenRun& r : runs.records)
      for (const Use& use : uses(promised, runs.gamma(), r)) {
        const auto [at, first] = most.emplace(use.name, use);
        if (!first) at->second.used = largest_so_far(at->second.used, use.used);
      }
    for (const auto& [name, use] : most) {
      const std::string of =
          use.bound == 1 ? "" : fmt::format("{:.4g} of {:.4g}, ", use.used, use.bound);
      row.measurements.push_back({"share used of the bound of " + name + where, use.share(),
                                  std::nullopt, of + "largest over seeds"});
      if (name != uses(promised, 1, {}).front().name) continue;
      if (!row.ratio || use.share() > *row.ratio)
        row.bound = use.bound, row.measured = use.used, row.ratio = use.share();
    }
    const double sup = largest(values(runs, &SeenRun::sup_ratio));
    row.measurements.push_back(
        {"share of the measured rate that is promised" + where,
         share_promised(runs.batch.network.eta * runs.gamma(), sup), std::nullopt,
         "$(\\eta\\gamma/4) / (1 - \\sup_t |e(t+1)|/|e(t)|)$, largest over seeds"});
  }

  const Settings& settings_;
  std::vector<SufficientRuns> promised_;
  std::vector<Handle<SeenRuns>> runs_;
};

// ---------------------------------------------------------------- false claims

/// The batch with the most seeds.
SufficientRuns most_seeds(Study& study) {
  const std::vector<SufficientRuns>& all = sufficient_runs(study);
  return *std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.batch.seeds < b.batch.seeds;
  });
}

/// gamma in place of gamma/4: M is near Gbar = gamma I, and its smallest eigenvalue below gamma in
/// most runs.
std::function<Refused()> at_the_limit_rate(Study& study) {
  const SufficientRuns promised = most_seeds(study);
  return [delta = promised.delta, runs = study.want<DecayProbe>(promised.batch)] {
    return refuse_share(
        {1 - delta, share_level}, {"P", "P with $\\gamma$ in place of $\\gamma/4$"},
        judged(*runs, [&](const Seen<DecayProbe>& r) {
          return success_if(!r.diverged_at &&
                            r.sup_ratio <= 1 - runs->batch.network.eta * runs->gamma());
        }));
  };
}

/// Some width is needed: with one unit and several samples the error does not decay.
std::function<Refused()> when_narrow(Study& study) {
  SufficientRuns promised = most_seeds(study);
  promised.batch.name = "one unit";
  promised.batch.network.p = 1;
  return [delta = promised.delta, runs = study.want<DecayProbe>(promised.batch)] {
    return refuse_share({1 - delta, share_level}, {"P", "P at $p = 1$, without (P.5)"},
                        judged(*runs, [](const Seen<DecayProbe>& r) { return decay_outcome(r); }));
  };
}

}  // namespace

Claim p_claim() {
  return {
      .text =
          {.id = "P",
           .title = "T1 and T2 from an explicit width on",
           .statement =
               "If (P.5) of apriori.md holds at a width, then at it and at every larger one, with "
               "probability at "
               "least $1 - \\delta$ over the initialisation, for all $t$ and $r$: $|e(t+1)| \\le "
               "(1 - \\eta\\gamma/4)|e(t)|$, $\\eta\\sum_t |e(t)| \\le S$, $|\\beta(t) - "
               "\\beta(0)| \\le S(G_s + \\kappa_1 S/2)$, $|A(t) - A(0)|_F \\le L_1 s_2 |K| S$, "
               "$|w_r(t) - w_r(0)| \\le c_1 n\\sqrt{\\log p}/(\\gamma\\sqrt{p})$, "
               "$|\\beta_r(t) - \\beta_r(0)| \\le c_2 n/(\\gamma\\sqrt{p})$ and $|\\cos(b, "
               "\\beta(t))| \\le \\kappa/\\sqrt{p}$.",
           .source = "ours, reports/docs/apriori.md; widths: reports/docs/width.md",
           .premises = {smooth_premise, premise::positive, premise::initial, premise::no_penalty,
                        premise::step},
           .conclusion =
               "at the least width that was found, and at four times it: all of this, on a "
               "share $1 - \\delta$ of seeds; and each line of the good event fails no "
               "more often than its share of $\\delta$",
           .constants =
               "All explicit. The width is enclosed and (P.5) is verified in balls; the row "
               "prints what the runs use of each bound.",
           .method =
               "Runs in doubles from independent initialisations at widths that the theorem finds "
               "sufficient. Each width has its own $\\delta$, which its number of seeds can "
               "decide: a "
               "share of 1/2 is shown at level 1e-9 if none of 30 seeds fails. Decay at every step "
               "judged, bounds at every step, the drift of "
               "$M$ against $D_{lo}(S_t)$ and $D_{up}(S_t)$, the lines of the good event at $t = "
               "0$ but (P.2) and (P.3), whose suprema are tests of their own. A sample of steps "
               "and "
               "seeds: the theorem is proved on paper, and of a data set by a width certificate "
               "(rows T1 and T2).",
           .falsifier =
               "Significantly more than a share $\\delta$ of seeds that break a bound at a "
               "sufficient width, or a line that fails significantly more often than its share."},
      .place = 105,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 75, .plan = at_the_limit_rate},
                       {.place = 76, .plan = when_narrow}},
      .settings = [](const Profile& profile) -> std::vector<SettingLine> {
        return {{"networks, 1 - delta and seeds of P", line_of_sufficient(profile)}};
      }};
}

}  // namespace alignproof::inline claims
