// SPDX-License-Identifier: Apache-2.0
// T1 on real images.
#include <fmt/format.h>

#include <alignproof/format/files.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/idx.hpp>

#include "common.hpp"

namespace alignproof {

std::optional<Data> image_data(const Settings& settings, std::size_t n) {
  if (!settings.image_folder) return std::nullopt;
  Data data;
  std::tie(data.X, data.y) = two_class_problem(read_image_folder(*settings.image_folder), n, 0, 1);
  data.name = fmt::format("images of classes 0 and 1, n={} d={}", n, data.X.cols());
  data.options = fmt::format("--data {} --n {}", shell_word(settings.image_folder->string()), n);
  return data;
}

std::string no_data_set() {
  return fmt::format("no image data set found: install the Debian package {} or give --data DIR",
                     fashion_mnist_package);
}

namespace {

constexpr const char* image_batch = "images";

void plan_images(Study& study) {
  const std::optional<Data> data = image_data(study.settings(), study.profile().image_count);
  if (!data) return;
  const Profile& profile = study.profile();
  Batch batch;
  batch.name = image_batch;
  batch.data = *data;
  batch.network = {profile.p_image, Activation::tanh, profile.eta, {}, profile.image_steps, 0};
  batch.seeds = profile.image_seeds;
  study.want(batch);
}

void conclude_images(const Study& study, ClaimRow& row) {
  row.bound_label = "$1 - \\eta\\gamma/4$";
  row.measured_label = "$\\sup_t |e(t+1)|/|e(t)|$";
  if (!study.settings().image_folder) {
    row.verdict = Verdict::undecided(no_data_set());
    return;
  }
  const BatchResult& result = study.result(image_batch);
  const std::size_t failures = count(result, [](const RunRecord& r) { return !decayed(r); });
  const double eta_gamma = study.profile().eta * result.gamma();
  const double sup = largest(values(result, [](const RunRecord& r) { return r.sup_ratio; }));
  row.instances = 1;
  row.seeds = result.records.size();
  row.bound = 1 - eta_gamma / 4;
  row.measured = sup;
  row.ratio = (eta_gamma / 4) / (1 - sup);
  row.ratio_label =
      "$(\\eta\\gamma/4) / (1 - \\sup)$: the share of the measured rate that the bound promises";
  const Premises premises = t1_premises(result);
  count_premises(premises, row);
  row.premises.insert(
      row.premises.end(),
      {{"$\\lambda_{\\min}(G(0)) \\ge 3\\gamma/4$ (T1a)",
        count(result, [&](const RunRecord& r) { return r.G0_min >= 0.75 * result.gamma(); }),
        row.seeds},
       {"$|H(0)| \\le \\gamma/8$ (T1b)",
        count(result, [&](const RunRecord& r) { return r.H0_norm <= result.gamma() / 8; }),
        row.seeds}});
  const std::vector<double> cosines = values(result, [](const RunRecord& r) { return r.sup_cos; });
  row.measurements = {
      {"$\\gamma$", result.gamma(), std::nullopt, result.limit.method},
      {"$\\sup_t |\\cos(b, \\beta(t))|$", quantile_of(cosines, 0.5),
       std::pair(smallest(cosines), largest(cosines)), "median and range over seeds"}};
  std::string replay = replay_line(result.batch, result.records.front().seed);
  for (const RunRecord& r : result.records)
    if (r.violation || r.diverged_at) replay = replay_line(result.batch, r.seed);
  if (!inside(premises)) {
    row.verdict = Verdict::undecided("outside the premises: " + failing(premises));
    row.instances = 0;
    row.ratio.reset();
    return;
  }
  // A violation does not refute a statement that holds with a probability and for large p only.
  row.verdict = failures == 0
                    ? Verdict::sampled(fmt::format("no counterexample in {} seeds", row.seeds))
                    : Verdict::undecided(
                          fmt::format("the decay fails for {} of {} seeds", failures, row.seeds));
  row.results = {{fmt::format("{}, p={}", result.batch.data.name, result.batch.network.p),
                  row.verdict, replay}};
  add_certified(study, row);
}

}  // namespace

std::vector<OldClaim> image_claims() {
  return {
      {{"T1-img",
        "T1 on real images",
        "$|e(t+1)| \\le (1 - \\eta\\gamma/4)|e(t)|$ for images as inputs and two classes as $\\pm "
        "1$.",
        std::string(paper) + ", applied to data",
        {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
         premise::no_penalty, premise::step, "$p$ large enough"},
        "the inequality at every step",
        "as T1",
        "As T1 on images from IDX files (Debian's dataset-fashion-mnist, or --data DIR), centred "
        "and scaled by one factor; a few seeds, so a sample.",
        "A seed with a step at which the decay fails makes the row undecided: T1 speaks of large "
        "$p$."},
       [](Study& study) {
         plan_images(study);
         plan_certificates(study);
       },
       conclude_images}};
}

}  // namespace alignproof
