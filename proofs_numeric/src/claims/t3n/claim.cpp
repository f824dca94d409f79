// SPDX-License-Identifier: Apache-2.0
// T3N: T3 for nonlinear networks. Theorem and proof: reports/docs/alignment_law_nonlinear.md,
// section 8.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/cut_law.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/ta/instances.hpp"

namespace alignproof::inline claims {

namespace {

// ---------------------------------------------------------------- sizes

/// Of the tests of shares: so many rows stand in a run that each takes little of its level.
constexpr double run_level = 1e-10;
constexpr double declared_part = 0.5;  ///< of the law's c*, by which a run of finite width counts
constexpr double fallen = 1e-3;        ///< of |e(0)|, below which |e| must be at the end

struct Sizes {
  std::size_t p = 256;
  std::size_t seeds = 219;  ///< the least number whose unbroken success clears 0.9 at run_level
  double lambda;
};

Sizes sizes_of(const Profile& profile) {
  Sizes sizes{.lambda = profile.lambda};
  switch (profile.scale) {
    case Scale::self_test:
      sizes.p = 128, sizes.seeds = 12;
      break;
    case Scale::quick:
      break;
    case Scale::standard:
      sizes.p = 1024, sizes.seeds = 500;
      break;
    case Scale::full:
      sizes.p = 4096, sizes.seeds = 1000;
      break;
  }
  return sizes;
}

// ---------------------------------------------------------------- runs

/// A network with a penalty up to this slow time, and its steps after that.
struct Course {
  Activation psi;
  double eta, slow_time;
  std::size_t steps_after;
};

NetworkSpec network_of(const Sizes& sizes, const Course& course) {
  const double root_p = std::sqrt(static_cast<double>(sizes.p));
  const auto cut = static_cast<std::size_t>(std::ceil(course.slow_time * root_p / course.eta));
  NetworkSpec network;
  network.p = sizes.p, network.activation = course.psi, network.eta = course.eta;
  network.penalty = {sizes.lambda, cut};
  network.steps = cut + course.steps_after;
  return network;
}

Batch batch_of(const std::string& name, const Data& data, const Sizes& sizes,
               const Course& course) {
  Batch batch;
  batch.name = name;
  batch.data = data;
  batch.data.name += fmt::format(", {}", to_string(course.psi));
  batch.network = network_of(sizes, course);
  batch.seeds = sizes.seeds;
  return batch;
}

const Data& sphere(Study& study) {
  return study.data({Inputs::sphere, Targets::linear, 3, 30, study.settings().seed});
}

/// Not judged, or refuted by fewer.
Batch fewer(Batch batch) {
  batch.seeds = std::min<std::size_t>(batch.seeds, 120);
  return batch;
}

std::vector<Batch> nonlinear(Study& study) {
  const Sizes sizes = sizes_of(study.profile());
  const Data& unequal =
      study.data({Inputs::gaussian, Targets::linear, 3, 6, study.settings().seed});
  // Where G has a small eigenvalue, as with the sigmoid, alignment and convergence take longer.
  return {batch_of("tanh, cut", sphere(study), sizes, {Activation::tanh, 0.5, 2, 120}),
          batch_of("sigmoid, cut", sphere(study), sizes, {Activation::sigmoid, 0.9, 8, 450}),
          batch_of("erf, cut", sphere(study), sizes, {Activation::erf, 0.5, 2, 120}),
          batch_of("tanh on samples of unequal length, cut", unequal, sizes,
                   {Activation::tanh, 0.5, 2, 300})};
}

Batch with_relu(Study& study) {
  return fewer(batch_of("relu, cut", sphere(study), sizes_of(study.profile()),
                        {Activation::relu, 0.25, 1.5, 120}));
}

/// Two samples of which one is short, fitted with sigmoids: what aligns under the penalty is not
/// what fits the targets.
Batch turning(Study& study) {
  const Data& data = study.data(
      {Inputs::gaussian, Targets::network, 2, 2, 220, Activation::sigmoid, 200, 1, 2, 4});
  return fewer(batch_of("penalty too large for its data, cut", data, sizes_of(study.profile()),
                        {Activation::sigmoid, 0.9, 3, 300}));
}

using SeenRun = Seen<DecayProbe, AlignmentProbe>;
using CutRuns = Runs<SeenRun>;

bool converges(const SeenRun& run) {
  return !run.diverged_at && run.sup_ratio < 1 && run.E_end <= fallen * run.E0;
}

JudgedRuns judged_at(const CutRuns& runs, double level) {
  return judged(runs, [=](const SeenRun& run) {
    return success_if(converges(run) && run.min_cos_after >= level);
  });
}

/// Where there is no law no run reaches its level; the premises say why there is none.
CutLaw law_of(const Batch& batch) {
  return cut_law(batch.data, batch.network).law.value_or(CutLaw{.least_cosine = INFINITY});
}

Premises premises_of(const RunSet& runs) {
  return premises_of_cut(runs.batch.data, runs.batch.network, runs.batch.rule);
}

// ---------------------------------------------------------------- conclusion

class Conclude {
 public:
  explicit Conclude(Study& study)
      : share_{1 - study.profile().delta, run_level},
        runs_(study.want<DecayProbe, AlignmentProbe>(nonlinear(study))),
        relu_(study.want<DecayProbe, AlignmentProbe>(with_relu(study))),
        turning_(study.want<DecayProbe, AlignmentProbe>(turning(study))),
        certified_(want_certified(study, "T3N")) {}

  void operator()(ClaimRow& row) const {
    std::vector<JudgedRuns> outcomes;
    std::vector<Measurement> measured;
    for (const Handle<CutRuns>& runs : runs_) {
      const CutLaw law = law_of(runs->batch);
      const double level = declared_part * law.least_cosine,
                   least = smallest(values(*runs, &SeenRun::min_cos_after));
      outcomes.push_back(judged_at(*runs, level));
      measured.push_back(beside_law(*runs, law));
      if (!row.ratio || !(level / least <= *row.ratio))
        row.bound = level, row.measured = least, row.ratio = level / least;
    }
    conclude_shares(share_, outcomes, premises_of, row);
    row.bound_label = "declared level $c^*/2$, tightest instance";
    row.measured_label = "$\\min \\inf_{t \\ge T} \\cos(b, \\beta(t))$ over seeds";
    row.ratio_label = "bound / measured, the bound being a lower one";
    row.measurements.insert(row.measurements.begin(), measured.begin(), measured.end());
    row.measurements.push_back(of_relu());
    row.measurements.push_back(beside_law(*turning_, law_of(turning_->batch)));
    certified_(row);
  }

 private:
  static Measurement beside_law(const CutRuns& runs, const CutLaw& law) {
    const std::vector<double> least = values(runs, &SeenRun::min_cos_after);
    return {fmt::format("$\\inf_{{t \\ge T}} \\cos$, {}", runs.batch.name), quantile_of(least, 0.5),
            std::pair(smallest(least), largest(least)),
            fmt::format("median and range over seeds; law: {:.4f} at the cut, $c^* = {:.4f}$, "
                        "{:.4f} at the end, {:.3g} to first order in $\\Lambda$",
                        law.cosine, law.least_cosine, law.cosine_after_cut, law.leading)};
  }

  /// Nothing is judged by it: psi' jumps, and the theorem does not speak of it.
  Measurement of_relu() const {
    const CutLaw law = law_of(relu_->batch);
    const Seeds seeds = count_seeds(judged_at(*relu_, declared_part * law.least_cosine).outcomes);
    return {"share of runs of relu, beyond the theorem, that converge at or above $c^*/2$",
            static_cast<double>(seeds.successes) / static_cast<double>(seeds.trials), std::nullopt,
            fmt::format("{} seeds, $c^* = {:.4f}$", seeds.trials, law.least_cosine)};
  }

  ShareClaim share_;
  std::vector<Handle<CutRuns>> runs_;
  Handle<CutRuns> relu_, turning_;  ///< outside the premises: shown, not judged
  Conclusion certified_;
};

// ---------------------------------------------------------------- false claims

ShareClaim share_of(const Study& study) {
  return {1 - study.profile().delta, run_level};
}

/// Something that the law says. Where there is no law nothing is refused.
double by_law(const Batch& batch, double CutLaw::*number) {
  const FoundCutLaw found = cut_law(batch.data, batch.network);
  return found.law ? *found.law.*number : -INFINITY;
}

std::function<Refused()> keeps_more_than_the_law(Study& study) {
  return [share = share_of(study),
          runs = study.want<DecayProbe, AlignmentProbe>(nonlinear(study).front())] {
    return refuse_share(share, {"T3N", "T3N with a level of $1.25 c^*$"},
                        judged_at(*runs, 1.25 * by_law(runs->batch, &CutLaw::least_cosine)));
  };
}

std::function<Refused()> aligns_without_penalty(Study& study) {
  const Batch aligned = nonlinear(study).front();
  Batch batch = fewer(aligned);
  batch.name = "tanh, no penalty";
  batch.network.penalty = {};
  return [share = share_of(study), aligned, runs = study.want<DecayProbe, AlignmentProbe>(batch)] {
    const double level = declared_part * by_law(aligned, &CutLaw::least_cosine);
    return refuse_share(share, {"T3N", "a network of tanh aligns without a penalty"},
                        judged(*runs, [&](const SeenRun& run) {
                          return success_if(converges(run) && run.cos_end >= level);
                        }));
  };
}

/// The cosine under the penalty says nothing of the one after it.
std::function<Refused()> keeps_whatever_the_penalty(Study& study) {
  return [share = share_of(study), runs = study.want<DecayProbe, AlignmentProbe>(turning(study))] {
    const double level = declared_part * by_law(runs->batch, &CutLaw::cosine);
    return refuse_share(
        share,
        {"T3N", "after a cut half of the cosine stays, whatever $\\lambda$, $K$ and $y$ are"},
        judged_at(*runs, level));
  };
}

}  // namespace

Claim t3n_claim() {
  return {
      .text =
          {.id = "T3N",
           .title = "Alignment of a nonlinear network with a penalty that is cut",
           .statement =
               "Two-layer network, $\\psi'$ bounded and Lipschitz, $K > 0$, $\\lambda(t) = "
               "\\lambda$ for $t < T$ and 0 after, $\\Lambda_c = \\eta\\lambda T/\\sqrt{p}$. Let "
               "$c^*$ be the infimum of the alignment law's cosine over all times after the cut. "
               "If $c^* > 0$, as for all small $\\lambda$ and $\\Lambda_c$, then for every $c < "
               "c^*$ and large $p$, with high probability the error converges to zero and "
               "$\\cos(b, \\beta(t)) \\ge c$ for all $t > T$.",
           .source = "ours, reports/docs/alignment_law_nonlinear.md, section 8",
           .premises = {premise::lipschitz, premise::independent_data, premise::initial,
                        premise::cut, premise::field_step, premise::keeps_sign, "$p$ large"},
           .conclusion = "$\\inf_{t \\ge T} \\cos(b, \\beta(t)) \\ge c^*/2$, and the error "
                         "converges",
           .constants = "$c^*$ is the law's, solved with quasi-random particles; the width from "
                        "which on it holds is open. Small $\\lambda$ and $\\Lambda_c$ are explicit "
                        "in the derivation.",
           .method =
               "Networks of tanh, sigmoid and erf: a seed succeeds if the cosine stays at or above "
               "$c^*/2$ from the cut on, the error shrinks at every judged step after it and has "
               "fallen to a thousandth at the end; Clopper-Pearson limits for the share. Up to "
               "the last step run, not for all $t$: that is for the certificates. relu is "
               "run and not judged.",
           .falsifier = "Significantly more than a share $\\delta$ of seeds that do not align, or "
                        "that do not converge after the cut."},
      .place = 185,
      .needs_checker = true,
      .reads_data = true,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 112, .plan = keeps_more_than_the_law},
                       {.place = 113, .plan = aligns_without_penalty},
                       {.place = 114, .plan = keeps_whatever_the_penalty}},
      .settings = [](const Profile& profile) -> std::vector<SettingLine> {
        return {{"width of T3N", fmt::format("{}", sizes_of(profile).p)}};
      }};
}

}  // namespace alignproof::inline claims
