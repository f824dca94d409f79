// SPDX-License-Identifier: Apache-2.0
// T3: alignment of a linear network whose penalty is cut after a while.
#include <alignproof/claims/claim.hpp>

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <alignproof/bounds/apriori_t3.hpp>
#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/course.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/claims/violation.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>

#include "claims/series.hpp"
#include "claims/ta/instances.hpp"

namespace alignproof::inline claims {

namespace {

// ---------------------------------------------------------------- sizes

struct Sizes {
  std::size_t p = 1000;
  double lambda = 1;
  double slow_time = 1.8;  ///< eta T / sqrt p at the cut
  std::size_t steps_after_cut = 100;
  double aligned = 0.5;      ///< declared c
  double twin_margin = 0.2;  ///< by which c must exceed the same instance with lambda = 0
};

Sizes sizes_of(const Profile& profile) {
  Sizes sizes;
  switch (profile.scale) {
    case Scale::self_test:
      sizes.p = 256;
      break;
    case Scale::quick:
      break;
    case Scale::standard:
      sizes.p = 4000;
      break;
    case Scale::full:
      sizes.p = 16000;
      break;
  }
  return sizes;
}

// ---------------------------------------------------------------- runs

/// n orthonormal samples (K = I) and a penalty that is cut.
Batch regularised(Study& study, const Sizes& sizes) {
  const Profile& profile = study.profile();
  const double root_p = std::sqrt(static_cast<double>(sizes.p));
  const auto cut = static_cast<std::size_t>(std::ceil(sizes.slow_time * root_p / profile.eta));
  Batch batch;
  batch.name = "alignment";
  batch.data = study.data(
      {Inputs::isometric, Targets::linear, 5, 5, study.settings().seed, Activation::identity});
  batch.network = {
      sizes.p, Activation::identity, profile.eta, {sizes.lambda, cut}, cut + sizes.steps_after_cut,
      0};
  batch.seeds = profile.seeds;
  return batch;
}

/// The same instances with lambda = 0.
Batch twin(Batch batch) {
  batch.name = "alignment, lambda = 0 twin";
  batch.network.penalty = {};
  return batch;
}

using SeenRun = Seen<DecayProbe, AlignmentProbe>;
using AlignedRuns = Runs<SeenRun>;

double norm(const Array& y) {
  double sum = 0;
  for (double value : y.values) sum += value * value;
  return std::sqrt(sum);
}

/// The width from which on the bound of the cosine reaches the level; nothing where the theorem
/// says nothing of it.
std::optional<double> sufficient_width(const CutPenalty<double>& c, double delta, double level) {
  try {
    return sufficient_alignment_width(c, delta, level);
  } catch (const InputError&) {
    return std::nullopt;  // the level is beyond the law, or the step is too large
  }
}

// ---------------------------------------------------------------- conclusion

class Conclude {
 public:
  explicit Conclude(Study& study)
      : settings_(study.settings()),
        sizes_(sizes_of(study.profile())),
        runs_(study.want<DecayProbe, AlignmentProbe>(regularised(study, sizes_))),
        twins_(study.want<DecayProbe, AlignmentProbe>(twin(regularised(study, sizes_)))),
        certified_(want_certified(study, "T3")) {}

  void operator()(ClaimRow& row) const {
    const AlignedRuns& runs = *runs_;
    const JudgedRuns outcomes = judged(runs, [&](const SeenRun& run) {
      return success_if(aligned(run, twins_->records[index_of(run)]));
    });
    conclude_shares(share_wanted(settings_.profile), {outcomes}, t3_premises, row);
    confirm_first_violation(settings_, runs, row);
    row.premises.push_back(
        {"T1' at every judged step",
         count(runs, [](const SeenRun& r) { return !r.violation && !r.diverged_at; }),
         runs.records.size()});
    const std::vector<double> least = values(runs, &SeenRun::min_cos_after);
    row.bound = sizes_.aligned;
    row.bound_label = "declared level $c$";
    row.measured = smallest(least);
    row.measured_label = "$\\min \\inf_{t \\ge T} \\cos(b, \\beta(t))$ over seeds";
    row.ratio = sizes_.aligned / *row.measured;
    row.ratio_label = "bound / measured, the bound being a lower one";
    const std::vector<Measurement> measured = measurements(least);
    row.measurements.insert(row.measurements.begin(), measured.begin(), measured.end());
    if (const std::optional<Measurement> width = a_priori_width())
      row.measurements.push_back(*width);
    certified_(row);
  }

 private:
  std::size_t index_of(const SeenRun& run) const {
    return static_cast<std::size_t>(&run - runs_->records.data());
  }

  bool aligned(const SeenRun& run, const SeenRun& twin_run) const {
    const bool converged = !run.diverged_at && !run.violation && run.E_end <= 1e-6 * run.E0;
    return converged && run.min_cos_after >= sizes_.aligned &&
           run.min_cos_after >= twin_run.sup_cos + sizes_.twin_margin;
  }

  std::vector<Measurement> measurements(const std::vector<double>& least) const {
    const Batch& batch = runs_->batch;
    const std::vector<double> at_cut = values(*runs_, &SeenRun::cos_at_cut),
                              without = values(*twins_, &SeenRun::sup_cos);
    const double tau = batch.network.eta * static_cast<double>(batch.network.penalty.cut) /
                       std::sqrt(static_cast<double>(batch.network.p));
    return {{"$\\cos$ at the cut", quantile_of(at_cut, 0.5),
             std::pair(smallest(at_cut), largest(at_cut)), "median and range over seeds"},
            {"$\\inf_{t \\ge T} \\cos$", quantile_of(least, 0.5),
             std::pair(smallest(least), largest(least)), "median and range over seeds"},
            {"$\\cos$ by the alignment law, $p \\to \\infty$",
             isometric_cosine(runs_->gamma(), sizes_.lambda, norm(batch.data.y), tau), std::nullopt,
             "ours: $\\gamma z^3/3 + (\\lambda + \\gamma)z = \\lambda\\sqrt{\\gamma}|y|\\tau$, "
             "$\\cos = z/\\sqrt{1 + z^2}$"},
            {"$\\sup_t |\\cos|$ of the twins with $\\lambda = 0$", quantile_of(without, 0.5),
             std::pair(smallest(without), largest(without)), "median and range over seeds"},
            {"largest $|e|/|e(0)|$ at the end",
             largest(values(*runs_, [](const SeenRun& r) { return r.E_end / r.E0; })), std::nullopt,
             fmt::format("{} steps after the cut", sizes_.steps_after_cut)}};
  }

  /// Stands beside what is measured, and nothing is judged by it.
  std::optional<Measurement> a_priori_width() const {
    const Batch& batch = runs_->batch;
    const CutPenalty<double> c{static_cast<double>(batch.data.X.rows()),
                               runs_->gamma(),
                               norm(batch.data.y),
                               sizes_.lambda,
                               batch.network.eta,
                               sizes_.slow_time};
    const double delta = settings_.profile.delta;
    const std::optional<double> p = sufficient_width(c, delta, sizes_.aligned);
    if (!p) return std::nullopt;
    return Measurement{
        "$p$ from which on our bound gives $\\cos \\ge c$", *p, std::nullopt,
        fmt::format("enclosed, not certified: for every larger $p$, with probability $\\ge "
                    "{}$, for all $t \\ge T$",
                    1 - delta)};
  }

  const Settings& settings_;
  Sizes sizes_;
  Handle<AlignedRuns> runs_, twins_;
  Conclusion certified_;
};

// ---------------------------------------------------------------- false claims

std::function<Refused()> aligns_without_penalty(Study& study) {
  const Sizes sizes = sizes_of(study.profile());
  return [sizes, share = share_wanted(study.profile()),
          runs = study.want<AlignmentProbe>(twin(regularised(study, sizes)))] {
    return refuse_share(share, {"T3", "feedback alignment aligns without a penalty"},
                        judged(*runs, [&](const Seen<AlignmentProbe>& r) {
                          return success_if(!r.diverged_at && r.cos_end >= sizes.aligned);
                        }));
  };
}

/// T3's runs with the penalty's sign flipped, and a penalty so small that beta, which it now makes
/// grow, stays finite: what must fail is the alignment.
std::function<Refused()> aligns_with_flipped_penalty(Study& study) {
  const Sizes sizes = sizes_of(study.profile());
  Batch batch = regularised(study, sizes);
  batch.name = "alignment, penalty's sign flipped";
  batch.seeds = std::min<std::size_t>(batch.seeds, 100);
  batch.network.penalty.lambda = 0.02;
  batch.step = std::make_shared<const KernelStep<double>>(step_with_negative_penalty());
  return [sizes, share = share_wanted(study.profile()), runs = study.want<AlignmentProbe>(batch)] {
    return refuse_share(share, {"T3", "T3 with the penalty's sign flipped"},
                        judged(*runs, [&](const Seen<AlignmentProbe>& r) {
                          return success_if(!r.diverged_at && r.min_cos_after >= sizes.aligned);
                        }));
  };
}

// ---------------------------------------------------------------- figure

/// One run with its whole course beside the same without a penalty.
std::function<std::vector<Figure>()> alignment_figure(Study& study) {
  const Sizes sizes = sizes_of(study.profile());
  Batch batch = regularised(study, sizes);
  batch.seeds = 1;
  return [sizes, with = study.want<CourseProbe>(batch),
          without = study.want<CourseProbe>(twin(batch))]() -> std::vector<Figure> {
    const std::vector<double>&aligned = with->records.front().cos,
          &twin_cos = without->records.front().cos;
    const NetworkSpec& network = with->batch.network;
    const auto cut = static_cast<double>(network.penalty.cut);
    Figure figure{
        "alignment",
        "A penalty aligns the weights, and the alignment survives its cut",
        fmt::format("{}, identity, $p = {}$, $\\lambda = {}$ up to step {}.", with->batch.data.name,
                    network.p, network.penalty.lambda, network.penalty.cut),
        "step $t$",
        "$\\cos(b, \\beta(t))$",
        false,
        false,
        {}};
    using Style = Series::Style;
    figure.series = {
        {"penalty cut at $T$", Style::line, counting(aligned.size()), aligned},
        {"same instance, $\\lambda = 0$", Style::line, counting(twin_cos.size()), twin_cos},
        {"cut", Style::dashed, {cut, cut}, {0, 1}},
        {"declared level $c$",
         Style::dashed,
         {cut, static_cast<double>(aligned.size() - 1)},
         {sizes.aligned, sizes.aligned}}};
    return {figure};
  };
}

}  // namespace

Claim t3_claim() {
  return {
      .text =
          {.id = "T3",
           .title = "Alignment with a penalty that is cut",
           .statement =
               "Two-layer linear network, $\\lambda(t) = \\lambda$ for $t < T$ and 0 after, $K = "
               "\\gamma I$ or nearly so: for suitable $\\lambda$ and $T$ and large $p$, "
               "with high probability the error converges to zero after $T$ and $\\cos(b, "
               "\\beta(t)) "
               "\\ge c > 0$ for all $t > T$.",
           .source = std::string(paper) + ", alignment theorem with regularisation; of an "
                                          "instance, Coq: T3_on_instance, check_run_sound",
           .premises = {premise::linear, premise::isometric, premise::initial, premise::cut,
                        premise::law_step, "$p$ large"},
           .conclusion = "$\\inf_{t \\ge T} \\cos(b, \\beta(t)) \\ge c$, above the twin with "
                         "$\\lambda = 0$ by a margin, and the error converges",
           .constants = "$c$, $\\lambda$, $T$ are open: the level is declared before the run, the "
                        "value that our alignment law predicts stands beside it, and so does the "
                        "width from which on our bound reaches it (enclosed, not certified).",
           .method = "Seeds succeed if the cosine stays above $c$ and above the same instance with "
                     "$\\lambda = 0$ by the margin, T1' holds at every judged step and "
                     "the error has fallen by $10^6$ at the end; Clopper-Pearson limits for the "
                     "share. Up "
                     "to the last step run, not for all $t$.",
           .falsifier = "Significantly more than a share $\\delta$ of seeds that do not align, or "
                        "that do not converge after the cut."},
      .place = 110,
      .needs_checker = true,
      .self_test = true,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 10, .plan = aligns_without_penalty},
                       {.place = 50, .plan = aligns_with_flipped_penalty}},
      .figures = {{.place = 30, .plan = alignment_figure}},
      .settings = [](const Profile& profile) -> std::vector<SettingLine> {
        return {{"width of T3", fmt::format("{}", sizes_of(profile).p)}};
      }};
}

}  // namespace alignproof::inline claims
