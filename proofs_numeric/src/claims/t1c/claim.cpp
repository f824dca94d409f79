// SPDX-License-Identifier: Apache-2.0
// T1c: the weights stay near their initial values, a step of the proof of T1.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/probes/displacement.hpp>

#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

using SeenRun = Seen<DecayProbe, DisplacementProbe>;
using SeenRuns = Runs<SeenRun>;

/// The constants that the displacement bounds would need for this run.
double c1(const SeenRuns& b, const SeenRun& r) {
  const auto n = static_cast<double>(b.batch.data.X.rows()),
             p = static_cast<double>(b.batch.network.p);
  return r.w_displacement * b.gamma() * std::sqrt(p) / (n * std::sqrt(std::log(p)));
}
double c2(const SeenRuns& b, const SeenRun& r) {
  const auto n = static_cast<double>(b.batch.data.X.rows()),
             p = static_cast<double>(b.batch.network.p);
  return r.beta_displacement * b.gamma() * std::sqrt(p) / n;
}

/// Adds a batch to what T1c says about c1 and c2: largest constants, and whether the premise held.
void constants_at(const SeenRuns& runs, const std::string& where, PremiseCount& decay,
                  ClaimRow& row) {
  double top1 = 0, top2 = 0;
  for (const SeenRun& r : runs.records) {
    ++decay.of;
    if (!decayed(r)) continue;  // the lemma says nothing about this run
    ++decay.held;
    top1 = std::max(top1, c1(runs, r));
    top2 = std::max(top2, c2(runs, r));
  }
  row.measurements.push_back({"$c_1$ at " + where, top1, std::nullopt, "largest over seeds"});
  row.measurements.push_back({"$c_2$ at " + where, top2, std::nullopt, "largest over seeds"});
}

/// What the exponents say together, collected one by one.
struct Exponents {
  double level, margin;
  ClaimRow& row;
  std::vector<Verdict> verdicts = {};
  std::string words = {};

  void judge(const std::vector<Handle<SeenRuns>>& batches, Variable variable, const char* name,
             double (*quantity)(const SeenRuns&, const SeenRun&)) {
    const auto slope = exponent_over(batches, variable, quantity, level);
    if (!slope) return verdicts.push_back(Verdict::undecided("a displacement is 0: no exponent"));
    const char* in = variable == Variable::width ? "p" : "n";
    const std::string label = fmt::format("exponent of $c_{}$ in ${}$", name, in);
    row.measurements.push_back(measured_exponent(label, *slope, "0 is no growth, 1/4 the margin"));
    row.tests.push_back(exponent_test(row.text.id, label, *slope, margin, 0, 0.5));
    row.measured = std::max(row.measured.value_or(slope->upper), slope->upper);
    const std::string text = fmt::format("c{} ~ {}^{:.2f} [{:.2f}, {:.2f}]", name, in,
                                         slope->exponent, slope->lower, slope->upper);
    words += (words.empty() ? "" : ", ") + text;
    verdicts.push_back(three_way_verdict(below(*slope, margin), text));
  }
};

class Conclude {
 public:
  explicit Conclude(Study& study)
      : profile_(study.profile()),
        widths_(study.want<DecayProbe, DisplacementProbe>(across_widths(study))),
        samples_(study.want<DecayProbe, DisplacementProbe>(across_samples(study))) {}

  void operator()(ClaimRow& row) const {
    PremiseCount decay{"the decay of T1 held at every judged step", 0, 0};
    for (const Handle<SeenRuns>& runs : widths_)
      constants_at(*runs, fmt::format("$p = {}$", runs->batch.network.p), decay, row);
    for (const Handle<SeenRuns>& runs : samples_)
      constants_at(
          *runs,
          fmt::format("$n = {}$, $p = {}$", runs->batch.data.X.rows(), runs->batch.network.p),
          decay, row);
    const std::string outside = outside_premises(widths_, row) + outside_premises(samples_, row);
    row.premises.push_back(decay);
    row.instances = widths_.size() + samples_.size();
    row.seeds = widths_.front()->records.size();
    row.bound_label = "largest exponent of $c_1$, $c_2$ in $p$ and in $n$ (margin)";
    row.bound = profile_.growth_margin;
    row.measured_label = "largest upper limit of an exponent";
    if (!outside.empty())
      row.verdict = Verdict::undecided("outside the premises: " + outside);
    else if (decay.held < decay.of)
      row.verdict = Verdict::undecided(
          fmt::format("the premise held on {} of {} runs only", decay.held, decay.of));
    else
      conclude_exponents(row);
  }

 private:
  void conclude_exponents(ClaimRow& row) const {
    Exponents exponents{profile_.level, profile_.growth_margin, row};
    exponents.judge(widths_, Variable::width, "1", c1);
    exponents.judge(widths_, Variable::width, "2", c2);
    exponents.judge(samples_, Variable::samples, "1", c1);
    exponents.judge(samples_, Variable::samples, "2", c2);
    row.ratio_label = growth_ratio_label;
    if (row.measured)
      row.ratio = growth_ratio(widths_.front()->batch, widths_.back()->batch, *row.measured,
                               profile_.growth_margin);
    row.verdict = three_way_verdict(worst(exponents.verdicts).kind(),
                                    exponents.words + fmt::format(" at level {}", profile_.level),
                                    replay_of_last(widths_));
  }

  const Profile& profile_;
  std::vector<Handle<SeenRuns>> widths_, samples_;
};

std::function<Refused()> displaced_less(Study& study) {
  return [level = study.profile().level, margin = study.profile().growth_margin,
          runs = study.want<DisplacementProbe>(across_widths(study))] {
    return refuse_exponent(
        {"T1c", "displacement $|\\beta_r(t) - \\beta_r(0)|$ of order $1/p$", -1 + margin, false},
        exponent_over(runs, Variable::width, &Seen<DisplacementProbe>::beta_displacement, level));
  };
}

}  // namespace

Claim t1c_claim() {
  return {
      .text = {.id = "T1c",
               .title = "Weights stay near their initial values",
               .statement = "If the error decays as in T1 up to $t$, then at $t + 1$: $|w_r - "
                            "w_r(0)| \\le c_1 n\\sqrt{\\log p}/(\\gamma\\sqrt{p})$ and "
                            "$|\\beta_r - \\beta_r(0)| \\le c_2 n/(\\gamma\\sqrt{p})$.",
               .source = std::string(paper) + ", step of the proof of T1",
               .premises = {premise::smooth, premise::bounded_data, premise::positive,
                            premise::initial, premise::no_penalty, premise::step,
                            "the decay of T1 held at every judged step"},
               .conclusion = "$c_1$ and $c_2$ grow by less than $p^{1/4}$ and $n^{1/4}$: the upper "
                             "limits of their exponents are below the margin",
               .constants = "$c_1$, $c_2$ exist trivially at one width; measured at each, with the "
                            "exponents of their growth in $p$ and in $n$.",
               .method = "One least-squares slope a tuple of runs across widths, or across sample "
                         "sizes; the median slope has an exact interval by order statistics, held "
                         "against a margin fixed beforehand.",
               .falsifier = "An exponent of $c_1$ or $c_2$ in $p$ or $n$ significantly above the "
                            "margin."},
      .place = 60,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 40, .plan = displaced_less}},
      .settings = [](const Profile& profile) -> std::vector<SettingLine> {
        return {line_of_widths(profile), line_of_samples(profile)};
      }};
}

}  // namespace alignproof::inline claims
