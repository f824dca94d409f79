// SPDX-License-Identifier: Apache-2.0
// T1 on real data: images, or whatever the user gives.
#include <alignproof/claims/claim.hpp>

#include <limits>

#include <fmt/format.h>

#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/own_data.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/start.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/ta/instances.hpp"

namespace alignproof::inline claims {

namespace {

using SeenRun = Seen<DecayProbe, StartProbe, AlignmentProbe>;

Batch batch_on(const Data& data, const Profile& profile) {
  Batch batch;
  batch.name = "images";
  batch.data = data;
  batch.network = {profile.p_image, Activation::tanh, profile.eta, {}, profile.image_steps, 0};
  batch.seeds = profile.image_seeds;
  return batch;
}

// ---------------------------------------------------------------- words

/// "10 of the 150 samples that were given"
std::string how_many(std::size_t n, const Samples& samples) {
  if (samples.count == std::numeric_limits<std::uint32_t>::max())
    return fmt::format("{} samples made from random numbers", n);
  return n == samples.count ? fmt::format("the {} samples that were given", n)
                            : fmt::format(
                                  "{} of the {} samples that were given (which: "
                                  "reports/docs/data.md)",
                                  n, samples.count);
}

/// Where the row is about other data than the images that it is about by itself.
void say_whose(const Settings& settings, const Data& data, ClaimText& text) {
  if (is_usual(*settings.data)) return;
  text.title = "T1 on your data";
  text.statement = "$|e(t+1)| \\le (1 - \\eta\\gamma/4)|e(t)|$ for samples of your data.";
  text.method = fmt::format("As T1 on {}; a few seeds, so a sample.",
                            how_many(data.X.rows(), settings.data->samples()));
}

// ---------------------------------------------------------------- conclusion

class Conclude {
 public:
  Conclude(Study& study, const Data& data)
      : settings_(study.settings()),
        runs_(study.want<DecayProbe, StartProbe, AlignmentProbe>(batch_on(data, study.profile()))),
        certified_(want_certified(study, "T1-img")) {}

  void operator()(ClaimRow& row) const {
    const Runs<SeenRun>& runs = *runs_;
    say_whose(settings_, runs.batch.data, row.text);
    const double eta_gamma = runs.batch.network.eta * runs.gamma();
    const double sup = largest(values(runs, &SeenRun::sup_ratio));
    row.instances = 1;
    row.seeds = runs.records.size();
    row.bound = 1 - eta_gamma / 4;
    // Where no step could be judged nothing was measured.
    if (sup > 0) row.measured = sup, row.ratio = share_promised(eta_gamma, sup);
    row.ratio_label =
        "$(\\eta\\gamma/4) / (1 - \\sup)$: the share of the measured rate that the bound promises";
    const Premises premises = t1_premises(runs);
    count_premises(premises, row);
    row.premises.insert(
        row.premises.end(),
        {{"$\\lambda_{\\min}(G(0)) \\ge 3\\gamma/4$ (T1a)",
          count(runs, [&](const SeenRun& r) { return r.G0_min >= 0.75 * runs.gamma(); }),
          row.seeds},
         {"$|H(0)| \\le \\gamma/8$ (T1b)",
          count(runs, [&](const SeenRun& r) { return r.H0_norm <= runs.gamma() / 8; }),
          row.seeds}});
    const std::vector<double> cosines = values(runs, &SeenRun::sup_cos);
    row.measurements = {
        {"$\\gamma$", runs.gamma(), std::nullopt, runs.limit.method},
        {"$\\sup_t |\\cos(b, \\beta(t))|$", quantile_of(cosines, 0.5),
         std::pair(smallest(cosines), largest(cosines)), "median and range over seeds"}};
    if (!inside(premises)) {
      row.verdict = Verdict::undecided("outside the premises: " + failing(premises));
      row.instances = 0;
      row.ratio.reset();
      return;
    }
    row.verdict = verdict();
    row.results = {{fmt::format("{}, p={}", runs.batch.data.name, runs.batch.network.p),
                    row.verdict, replay_line(runs.batch, worst_seed())}};
    certified_(row);
  }

 private:
  /// A violation does not refute a statement that holds with a probability and for large p only.
  Verdict verdict() const {
    const Seeds seeds =
        count_seeds(judged(*runs_, [](const SeenRun& r) { return decay_outcome(r); }).outcomes);
    const std::size_t failures = seeds.trials - seeds.successes - seeds.unjudged;
    if (seeds.successes == seeds.trials)
      return Verdict::sampled(fmt::format("no counterexample in {} seeds", seeds.trials));
    std::string words;
    if (failures > 0)
      words = fmt::format("the decay fails for {} of {} seeds", failures, seeds.trials);
    if (seeds.unjudged > 0)
      words += fmt::format("{}for {} of {} seeds too few steps are above rounding to judge",
                           words.empty() ? "" : "; ", seeds.unjudged, seeds.trials);
    return Verdict::undecided(words);
  }

  /// The last that failed, or the first of all.
  std::uint64_t worst_seed() const {
    std::uint64_t seed = runs_->records.front().seed;
    for (const SeenRun& r : runs_->records)
      if (r.violation || r.diverged_at) seed = r.seed;
    return seed;
  }

  const Settings& settings_;
  Handle<Runs<SeenRun>> runs_;
  Conclusion certified_;
};

Conclusion plan(Study& study) {
  Conclusion conclude = [](ClaimRow& row) { row.verdict = Verdict::undecided(no_data_set()); };
  if (const std::optional<Data>& data = study.own_data(study.profile().image_count))
    conclude = Conclude(study, *data);
  return [conclude](ClaimRow& row) {
    row.bound_label = "$1 - \\eta\\gamma/4$";
    row.measured_label = "$\\sup_t |e(t+1)|/|e(t)|$";
    conclude(row);
  };
}

}  // namespace

Claim images_claim() {
  return {
      .text =
          {.id = "T1-img",
           .title = "T1 on real images",
           .statement = "$|e(t+1)| \\le (1 - \\eta\\gamma/4)|e(t)|$ for images as inputs and two "
                        "classes as $\\pm 1$.",
           .source = std::string(paper) + ", applied to data",
           .premises = {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
                        premise::no_penalty, premise::step, "$p$ large enough"},
           .conclusion = "the inequality at every step",
           .constants = "as T1",
           .method =
               "As T1 on images from IDX files (Debian's dataset-fashion-mnist, or --data DIR), "
               "centred and scaled by one factor; a few seeds, so a sample.",
           .falsifier = "A seed with a step at which the decay fails makes the row undecided: T1 "
                        "speaks of large $p$."},
      .place = 240,
      .needs_checker = true,
      .reads_data = true,
      .plan = plan};
}

}  // namespace alignproof::inline claims
