// SPDX-License-Identifier: Apache-2.0
// T1: exponential error decay of overparameterised networks.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/probes/course.hpp>
#include <alignproof/claims/probes/start.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/claims/violation.hpp>

#include "claims/p/proved_widths.hpp"
#include "claims/series.hpp"
#include "claims/ta/instances.hpp"
#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

// ---------------------------------------------------------------- runs

std::size_t bp_seeds(const Profile& profile) {
  switch (profile.scale) {
    case Scale::self_test:
      return 1;
    case Scale::quick:
      return 20;
    case Scale::standard:
    case Scale::full:
      return 50;
  }
  throw std::logic_error("no such scale");
}

/// The same initialisations and data as T1's, rule BP.
std::vector<Batch> backpropagated(Study& study) {
  std::vector<Batch> batches = overparameterised(study);
  for (Batch& batch : batches) {
    batch.name = "backpropagation: " + batch.data.name;
    batch.rule = Rule::bp;
    batch.seeds = bp_seeds(study.profile());
  }
  return batches;
}

using SeenRun = Seen<StartProbe, DecayProbe>;
using SeenRuns = Runs<SeenRun>;
using Decayed = Seen<DecayProbe>;

/// Steps to a thousandth of the first error, NaN if there were not enough.
double steps_to_thousandth(const DecayProbe::Record& run) {
  return run.thousandth ? static_cast<double>(*run.thousandth) : std::nan("");
}

double share_judged(const SeenRun& run) {
  return static_cast<double>(run.judged) / static_cast<double>(run.judged + run.below_rounding);
}

// ---------------------------------------------------------------- conclusion

class Conclude {
 public:
  explicit Conclude(Study& study)
      : settings_(study.settings()),
        runs_(study.want<StartProbe, DecayProbe>(overparameterised(study))),
        bp_(study.want<DecayProbe>(backpropagated(study))),
        certified_(want_certified(study, "T1")),
        proved_(want_widths(study, Proved::decay)) {}

  void operator()(ClaimRow& row) const {
    conclude_shares(
        share_wanted(settings_.profile),
        judged(runs_, [](const SeenRuns&, const SeenRun& run) { return decay_outcome(run); }),
        t1_premises, row);
    PremiseCount start{"$\\lambda_{\\min}(G(0)) \\ge 3\\gamma/4$ (T1a)", 0, 0},
        small{"$|H(0)| \\le \\gamma/8$ (T1b)", 0, 0};
    double worst_use = -1;
    for (std::size_t k = 0; k < runs_.size(); ++k) {
      const SeenRuns& runs = *runs_[k];
      const double gamma = runs.gamma();
      start.of += runs.records.size(), small.of += runs.records.size();
      start.held += count(runs, [&](const SeenRun& r) { return r.G0_min >= 0.75 * gamma; });
      small.held += count(runs, [&](const SeenRun& r) { return r.H0_norm <= gamma / 8; });
      const double eta = settings_.profile.eta, sup = largest(values(runs, &SeenRun::sup_ratio));
      const double use = share_promised(eta * gamma, sup);
      if (use > worst_use) {
        worst_use = use;
        row.bound = 1 - eta * gamma / 4;
        row.measured = sup;
        row.ratio = use;
      }
      measure(runs, *bp_[k], row);
      confirm_first_violation(settings_, runs, row);
    }
    row.premises.push_back(start);
    row.premises.push_back(small);
    row.bound_label = "$1 - \\eta\\gamma/4$";
    row.measured_label = "$\\sup_t |e(t+1)|/|e(t)|$";
    row.ratio_label =
        "$(\\eta\\gamma/4) / (1 - \\sup)$: the share of the measured rate that the bound promises";
    certified_(row);
    proved_(row);
  }

 private:
  void measure(const SeenRuns& runs, const Runs<Decayed>& bp, ClaimRow& row) const {
    const Batch& batch = runs.batch;
    const double gamma = runs.gamma(), eta = settings_.profile.eta;
    const std::string where = " on " + name_of(batch);
    row.measurements.push_back({"$\\gamma$" + where, gamma, std::nullopt, runs.limit.method});
    row.measurements.push_back({"$\\eta(\\lambda_{\\max}(\\bar G) + \\gamma)$" + where,
                                step_use(batch.network, runs.limit), std::nullopt,
                                "an upper bound; the premise asks for less than 2"});
    row.measurements.push_back({"share of steps judged" + where,
                                smallest(values(runs, share_judged)), std::nullopt,
                                "smallest over seeds; the rest is below rounding"});
    const std::vector<double> rates =
        values(runs, [&](const SeenRun& r) { return r.fitted_rate / (eta * gamma); });
    row.measurements.push_back({"fitted rate / $\\eta\\gamma$" + where, quantile_of(rates, 0.5),
                                std::pair(quantile_of(rates, 0.05), quantile_of(rates, 0.95)),
                                "median, 5 % and 95 % of seeds"});
    std::vector<double> quotient;
    for (std::size_t s = 0; s < std::min(bp.records.size(), runs.records.size()); ++s)
      quotient.push_back(steps_to_thousandth(runs.records[s]) / steps_to_thousandth(bp.records[s]));
    std::erase_if(quotient, [](double q) { return !std::isfinite(q); });
    if (!quotient.empty())
      row.measurements.push_back(
          {"steps to $|e(0)|/1000$, FA over BP" + where, quantile_of(quotient, 0.5),
           std::pair(smallest(quotient), largest(quotient)),
           fmt::format("median and range of {} paired runs", quotient.size())});
    const double scale = gamma * gamma * static_cast<double>(batch.network.p) /
                         std::pow(static_cast<double>(batch.data.X.rows()), 2);
    row.measurements.push_back({"$p \\gamma^2 / n^2$" + where, scale, std::nullopt,
                                "the width asks for $C_1/\\delta$ here; $C_1$ is open"});
  }

  const Settings& settings_;
  std::vector<Handle<SeenRuns>> runs_;
  std::vector<Handle<Runs<Decayed>>> bp_;
  Conclusion certified_, proved_;
};

// ---------------------------------------------------------------- false claims

/// The error shrinks by 1 - share eta gamma at every step.
std::function<Refused()> at_rate(Study& study, const char* name, double share, const Batch& batch) {
  return [name, share, wanted = share_wanted(study.profile()), eta = study.profile().eta,
          runs = study.want<DecayProbe>(batch)] {
    return refuse_share(
        wanted, {"T1", name}, judged(*runs, [&](const Decayed& r) {
          return success_if(!r.diverged_at && r.sup_ratio <= 1 - share * eta * runs->gamma());
        }));
  };
}

std::function<Refused()> at_twice_the_limit_rate(Study& study) {
  return at_rate(study, "decay at twice the limit rate, $1 - 2\\eta\\gamma$", 2,
                 overparameterised(study).front());
}

/// At a width far below what T1 asks for.
std::function<Refused()> when_narrow(Study& study) {
  Batch batch = overparameterised(study).front();
  batch.name = "narrow";
  batch.network.p = 32;
  batch.network.steps = 60;
  return at_rate(study, "T1 at the limit rate, without the factor $1/4$, at small $p$", 1, batch);
}

/// At a step size outside T1's premises the runs fail at every width: where M is near Gbar the
/// error along its largest eigenvector is multiplied by 1 - eta lambda_max(Gbar) < -1.
std::function<Refused()> at_a_large_step(Study& study) {
  Batch batch = overparameterised(study).front();
  batch.name = "large step";
  batch.network.eta = 4;
  batch.network.steps = 5;
  return [wanted = share_wanted(study.profile()), runs = study.want<DecayProbe>(batch)] {
    return refuse_share(wanted, {"T1", "T1 without its premise on the step size, at $\\eta = 4$"},
                        judged(*runs, [](const Decayed& r) { return decay_outcome(r); }));
  };
}

// ---------------------------------------------------------------- figure

Series envelope(std::string name, double E, double factor, std::size_t size) {
  Series s{std::move(name), Series::Style::dashed, counting(size), {}};
  for (std::size_t t = 0; t < size; ++t)
    s.y.push_back(E * std::pow(factor, static_cast<double>(t)));
  return s;
}

/// One initialisation, with both rules.
std::function<std::vector<Figure>()> decay_figure(Study& study) {
  Batch first = overparameterised(study).front(), first_bp = backpropagated(study).front();
  first.seeds = first_bp.seeds = 1;
  return [eta = study.profile().eta, fa = study.want<CourseProbe>(first),
          bp = study.want<CourseProbe>(first_bp)]() -> std::vector<Figure> {
    const std::vector<double>&error = fa->records.front().error,
          &bp_error = bp->records.front().error;
    const double eta_gamma = eta * fa->gamma();
    Figure figure{"error-decay",
                  "The error decays faster than the theorem promises",
                  fmt::format("{}, tanh, $p = {}$, $\\eta = {}$, one initialisation.",
                              fa->batch.data.name, fa->batch.network.p, fa->batch.network.eta),
                  "step $t$",
                  "$|e(t)|$",
                  false,
                  true,
                  {}};
    using Style = Series::Style;
    figure.series = {{"feedback alignment", Style::line, counting(error.size()), error},
                     {"backpropagation", Style::line, counting(bp_error.size()), bp_error},
                     envelope("T1: $(1 - \\eta\\gamma/4)^t |e(0)|$", error.front(),
                              1 - eta_gamma / 4, error.size()),
                     envelope("limit rate: $(1 - \\eta\\gamma)^t |e(0)|$", error.front(),
                              1 - eta_gamma, error.size())};
    return {figure};
  };
}

}  // namespace

Claim t1_claim() {
  return {
      .text =
          {.id = "T1",
           .title = "Exponential error decay",
           .statement =
               "For $p \\ge \\max(C_1 n^2/(\\delta\\gamma^2), C_2 n^4 \\log p/\\gamma^4)$, with "
               "probability at least $1 - \\delta$ "
               "over the initialisation, for all $t$ and $r$: $|e(t+1)| \\le (1 - "
               "\\eta\\gamma/4)|e(t)|$, "
               "$|w_r(t) - w_r(0)| \\le c_1 n \\sqrt{\\log p}/(\\gamma\\sqrt{p})$, $|\\beta_r(t) - "
               "\\beta_r(0)| \\le c_2 n/(\\gamma\\sqrt{p})$.",
           .source = std::string(paper) + ", convergence theorem for two-layer networks; of an "
                                          "instance, Coq: T1_on_instance, check_run_sound",
           .premises = {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
                        premise::no_penalty, premise::step,
                        "$p$ large enough; $C_1$, $C_2$ are open"},
           .conclusion = "$|e(t+1)| \\le (1 - \\eta\\gamma/4)|e(t)|$ at every step judged, which "
                         "must be half of them at least",
           .constants = "$c_1$, $c_2$: see T1c. $C_1$, $C_2$: the row reports $p\\gamma^2/n^2$ at "
                        "which the claim was seen to hold.",
           .method =
               "Runs in doubles from independent initialisations; a step is judged only where the "
               "derived rounding bound can tell. "
               "Each seed succeeds or fails; the row holds if the Clopper-Pearson lower limit "
               "reaches $1 - \\delta$. "
               "A sample of steps and seeds: nothing here is proved for all $t$; see TA for that.",
           .falsifier = "Significantly more than a share $\\delta$ of seeds with a step at which "
                        "the error shrinks by less than $1 - \\eta\\gamma/4$, at this width."},
      .place = 10,
      .needs_checker = true,
      .self_test = true,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 20, .plan = at_twice_the_limit_rate},
                       {.place = 60, .plan = when_narrow},
                       {.place = 70, .plan = at_a_large_step}},
      .figures = {{.place = 10, .plan = decay_figure}},
      .settings = [](const Profile& profile) -> std::vector<SettingLine> {
        return {{"width of T1", fmt::format("{}", theory_sizes(profile).p)}};
      }};
}

}  // namespace alignproof::inline claims
