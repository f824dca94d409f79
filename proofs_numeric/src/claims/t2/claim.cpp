// SPDX-License-Identifier: Apache-2.0
// T2: without regularisation beta does not align with b.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/p/proved_widths.hpp"
#include "claims/ta/instances.hpp"
#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

// ---------------------------------------------------------------- sizes and runs

struct ControlSizes {
  std::vector<std::size_t> widths = {128, 512, 2048};
  std::size_t seeds = 30;
};

ControlSizes control_sizes(const Profile& profile) {
  ControlSizes sizes;
  if (profile.scale == Scale::standard || profile.scale == Scale::full) sizes.seeds = 60;
  return sizes;
}

/// The control: a penalty that is kept, for a fixed slow time eta T / sqrt p. It must violate the
/// claim.
std::vector<Batch> kept_penalty(Study& study) {
  const Profile& profile = study.profile();
  const ControlSizes sizes = control_sizes(profile);
  std::vector<Batch> batches;
  for (std::size_t p : sizes.widths) {
    Batch batch = across_widths(study).front();
    batch.name = fmt::format("width {}, penalty kept", p);
    batch.network.p = p;
    batch.network.penalty = {profile.lambda, Penalty::never};
    batch.network.steps = static_cast<std::size_t>(std::sqrt(static_cast<double>(p)) / profile.eta);
    batch.seeds = sizes.seeds;
    batch.first_seed = 100000 + 10000 * batches.size();
    batches.push_back(batch);
  }
  return batches;
}

using SeenRun = Seen<DecayProbe, DisplacementProbe, AlignmentProbe>;
using SeenRuns = Runs<SeenRun>;
using Batches = std::vector<Handle<SeenRuns>>;

Batches looked_at(Study& study, const std::vector<Batch>& batches) {
  return study.want<DecayProbe, DisplacementProbe, AlignmentProbe>(batches);
}

// ---------------------------------------------------------------- conclusion

/// Of the cosine and of D, over the widths; nothing if a run diverged.
struct Exponents {
  std::optional<MedianSlope> cosine, moved;
  Exponents(const Batches& batches, double level)
      : cosine(exponent_over(batches, Variable::width, &SeenRun::sup_cos, level)),
        moved(exponent_over(batches, Variable::width, &SeenRun::D, level)) {}
  explicit operator bool() const { return cosine && moved; }
};

class Conclude {
 public:
  explicit Conclude(Study& study)
      : profile_(study.profile()),
        runs_(study.want<AlignmentProbe>(overparameterised(study))),
        widths_(looked_at(study, across_widths(study))),
        samples_(looked_at(study, across_samples(study))),
        controls_(looked_at(study, kept_penalty(study))),
        certified_(want_certified(study, "T2")),
        proved_(want_widths(study, Proved::no_alignment)) {}

  void operator()(ClaimRow& row) const {
    conclude_level(row);
    PremiseCount decay{"the decay of T1 held at every judged step", 0, 0};
    for (const Handle<SeenRuns>& runs : widths_) {
      decay.of += runs->records.size();
      decay.held += count(*runs, [](const SeenRun& r) { return !r.diverged_at && !r.violation; });
      measure(*runs, row);
    }
    const std::string outside = outside_premises(widths_, row);
    row.premises.push_back(decay);
    row.instances += widths_.size();
    const Exponents found(widths_, profile_.level), control(controls_, profile_.level);
    if (!found || !control) {
      row.verdict = worst({row.verdict, Verdict::undecided("a run diverged: no exponent")});
      return;
    }
    measure(found, control, row);
    const double margin = profile_.growth_margin;
    row.tests.push_back(exponent_test(row.text.id, "exponent of $\\sup_t |\\cos|$ in $p$",
                                      *found.cosine, -0.5 + margin, -0.5, 0));
    row.tests.push_back(
        exponent_test(row.text.id, "exponent of $\\sup_t D$ in $p$", *found.moved, margin, 0, 0.5));
    row.bound = -0.5 + margin;
    row.bound_label =
        "largest exponent of $\\sup_t |\\cos|$ in $p$ that passes: $-1/2$ plus the margin $1/4$";
    row.measured = found.cosine->upper;
    row.measured_label = "upper limit of the exponent";
    row.ratio_label = growth_ratio_label;
    row.ratio = growth_ratio(widths_.front()->batch, widths_.back()->batch, found.cosine->upper,
                             *row.bound);
    conclude(found, control, outside, decay, row);
    certified_(row);
    proved_(row);
  }

 private:
  /// The declared level: a share 1 - delta of seeds stays below kappa / sqrt p.
  void conclude_level(ClaimRow& row) const {
    using Cosines = Seen<AlignmentProbe>;
    conclude_shares(
        share_wanted(profile_),
        judged(runs_,
               [&](const Runs<Cosines>& b, const Cosines& r) {
                 const auto p = static_cast<double>(b.batch.network.p);
                 return success_if(!r.diverged_at && r.sup_cos <= profile_.kappa / std::sqrt(p));
               }),
        t1_premises, row);
  }

  static void measure(const SeenRuns& runs, ClaimRow& row) {
    const std::size_t p = runs.batch.network.p;
    const double root = std::sqrt(static_cast<double>(p));
    row.measurements.push_back({fmt::format("$\\sqrt{{p}} \\sup_t |\\cos|$ at $p = {}$", p),
                                root * quantile_of(values(runs, &SeenRun::sup_cos), 0.9),
                                std::nullopt, "0.9 quantile over seeds"});
    row.measurements.push_back({fmt::format("$\\sup_t D$ at $p = {}$", p),
                                quantile_of(values(runs, &SeenRun::D), 0.9), std::nullopt,
                                "0.9 quantile over seeds"});
  }

  void measure(const Exponents& found, const Exponents& control, ClaimRow& row) const {
    row.measurements.push_back(measured_exponent(
        "exponent of $\\sup_t |\\cos|$ in $p$", *found.cosine,
        "$-1/2$ as $p \\to \\infty$; below it here, since a drift of order $1/p$ adds to the "
        "cosine of narrow networks"));
    row.measurements.push_back(
        measured_exponent("exponent of $\\sup_t D$ in $p$", *found.moved, "0: bounded"));
    row.measurements.push_back(measured_exponent("exponent of $\\sup_t |\\cos|$, penalty kept",
                                                 *control.cosine,
                                                 "control: must differ from $-1/2$"));
    row.measurements.push_back(measured_exponent("exponent of $\\sup_t D$, penalty kept",
                                                 *control.moved, "control: $1/2$ expected"));
    const auto in_n = [&](const char* name, double SeenRun::*quantity, const char* note) {
      if (const auto slope = exponent_over(samples_, Variable::samples, quantity, profile_.level))
        row.measurements.push_back(measured_exponent(name, *slope, note));
    };
    in_n("exponent of $\\sup_t D$ in $n$", &SeenRun::D,
         "the bound $c_2 n/\\gamma$ allows 1 and that of $1/\\gamma$");
    in_n("exponent of $\\sup_t |\\cos|$ in $n$", &SeenRun::sup_cos, "measured, not tested");
  }

  void conclude(const Exponents& found, const Exponents& control, const std::string& outside,
                const PremiseCount& decay, ClaimRow& row) const {
    const double margin = profile_.growth_margin;
    const MedianSlope &cosine = *found.cosine, &moved = *found.moved;
    const std::string words = fmt::format(
        "|cos| ~ p^{:.3f} [{:.3f}, {:.3f}], D ~ p^{:.3f} [{:.3f}, {:.3f}] at level {}; |cos| <= "
        "{}/sqrt p: {}",
        cosine.exponent, cosine.lower, cosine.upper, moved.exponent, moved.lower, moved.upper,
        profile_.level, profile_.kappa, row.verdict.text());
    const VerdictKind kinds[] = {below(cosine, -0.5 + margin), below(moved, margin),
                                 row.verdict.kind()};
    const auto seen = [&](VerdictKind kind) {
      return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
    };
    if (!outside.empty())
      row.verdict = Verdict::undecided(fmt::format("outside the premises: {}; {}", outside, words));
    else if (decay.held < decay.of)
      row.verdict = Verdict::undecided(
          fmt::format("the premise held on {} of {} runs only; {}", decay.held, decay.of, words));
    else
      row.verdict =
          three_way_verdict(three_way(!seen(VerdictKind::refuted) && !seen(VerdictKind::undecided),
                                      seen(VerdictKind::refuted)),
                            words, replay_of_last(widths_));
    // A test that the control passes too has no power: it must see alignment where there is some.
    if (row.verdict.kind() == VerdictKind::holds &&
        !(control.cosine->lower > -0.5 + margin && control.moved->lower > margin))
      row.verdict =
          Verdict::undecided("the control with a kept penalty was not told apart; " + words);
  }

  const Profile& profile_;
  std::vector<Handle<Runs<Seen<AlignmentProbe>>>> runs_;
  Batches widths_, samples_, controls_;
  Conclusion certified_, proved_;
};

// ---------------------------------------------------------------- false claim

std::function<Refused()> aligned_at_every_width(Study& study) {
  return [level = study.profile().level, margin = study.profile().growth_margin,
          runs = study.want<AlignmentProbe>(across_widths(study))] {
    return refuse_exponent(
        {"T2", "$|\\cos|$ stays at a level that does not depend on $p$, $\\lambda = 0$", -margin,
         true},
        exponent_over(runs, Variable::width, &Seen<AlignmentProbe>::sup_cos, level));
  };
}

// ---------------------------------------------------------------- figure

Figure draw(const Batches& widths) {
  Figure figure{"widths",
                "Cosine and displacement against width",
                "0.9 quantiles over seeds, $\\lambda = 0$. The dashed lines have slope $-1/2$ "
                "through the first point of their curve.",
                "width $p$",
                "",
                true,
                true,
                {}};
  const auto add = [&](std::string name, double SeenRun::*quantity) {
    Series s{std::move(name), Series::Style::line_and_points, {}, {}};
    for (const Handle<SeenRuns>& runs : widths) {
      s.x.push_back(static_cast<double>(runs->batch.network.p));
      s.y.push_back(quantile_of(values(*runs, quantity), 0.9));
    }
    figure.series.push_back(s);
  };
  add("$\\sup_t |\\cos(b, \\beta(t))|$", &SeenRun::sup_cos);
  const Series& cosine = figure.series.front();
  Series guide{"slope $-1/2$", Series::Style::dashed, cosine.x, {}};
  for (double p : cosine.x) guide.y.push_back(cosine.y.front() * std::sqrt(cosine.x.front() / p));
  figure.series.push_back(guide);
  add("$\\sup_t \\max_r |\\beta_r(t) - \\beta_r(0)|$", &SeenRun::beta_displacement);
  add("$\\sup_t \\max_r |w_r(t) - w_r(0)|$", &SeenRun::w_displacement);
  add("$\\sup_t |\\beta(t) - \\beta(0)|$", &SeenRun::D);
  return figure;
}

std::function<std::vector<Figure>()> width_figure(Study& study) {
  return [widths = looked_at(study, across_widths(study))] { return std::vector{draw(widths)}; };
}

}  // namespace

Claim t2_claim() {
  return {
      .text =
          {.id = "T2",
           .title = "No alignment without regularisation",
           .statement = "Under T1, with $D = |\\beta(t) - \\beta(0)|$: $|\\cos(b, \\beta(t))| \\le "
                        "(|\\langle b, \\beta(0)\\rangle|/|b| + D)/(|\\beta(0)| - D)$, "
                        "so that the cosine is of order $1/\\sqrt{p}$ for all $t$.",
           .source = std::string(paper) + ", alignment theorem without regularisation; of an "
                                          "instance, Coq: T2_on_instance, check_run_sound",
           .premises = {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
                        premise::no_penalty, premise::step, "$p$ large enough"},
           .conclusion =
               "$\\sup_t D$ and $\\sqrt{p}\\sup_t |\\cos|$ do not grow with $p$: the upper limits "
               "of their exponents are below the margin 1/4; $|\\cos| \\le \\kappa/\\sqrt{p}$ at "
               "the declared level $\\kappa$",
           .constants = "The bound of $D$ is open; its size and its exponent in $p$ are measured.",
           .method =
               "The inequality itself is geometry and cannot fail. Tested is its content: power "
               "laws of $\\sup_t |\\cos|$ and $\\sup_t D$ in $p$, "
               "one slope a tuple of runs, exact interval of the median slope, against a margin of "
               "half the alternative's exponent; and the share of seeds below the declared level. "
               "Runs with a kept penalty are the control and must violate both. What the verdict "
               "says "
               "is proved, with a probability and for every width from one on, is Theorem P on one "
               "data set (row P), by a certificate that alignproof-check accepts.",
           .falsifier = "An exponent of $\\sup_t|\\cos|$ significantly above $-1/2$ plus the "
                        "margin, or of $\\sup_t D$ above the margin."},
      .place = 100,
      .needs_checker = true,
      .reads_data = true,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 30, .plan = aligned_at_every_width}},
      .figures = {{.place = 20, .plan = width_figure}},
      .settings = [](const Profile& profile) -> std::vector<SettingLine> {
        const ControlSizes control = control_sizes(profile);
        return {line_of_widths(profile),
                {"widths of the control of T2",
                 fmt::format("{}, {} seeds each", fmt::join(control.widths, ", "), control.seeds)},
                line_of_samples(profile)};
      }};
}

}  // namespace alignproof::inline claims
