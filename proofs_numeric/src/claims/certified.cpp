// SPDX-License-Identifier: Apache-2.0
// Theorem A on instances, proved by the separate checker; real images.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/idx.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

// ---------------------------------------------------------------- images

/// Two classes of real images, or nothing if no data set was found.
std::optional<Data> image_data(const Settings& settings) {
  if (!settings.image_folder) return std::nullopt;
  const std::size_t n = settings.profile.image_count;
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

constexpr const char* image_batch = "images";

void plan_images(Study& study) {
  const std::optional<Data> data = image_data(study.settings());
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
  row.premises = {
      {"$\\psi$, $\\psi'$, $\\psi''$ bounded",
       bounded_and_smooth(result.batch.network.activation) ? 1u : 0u, 1},
      {"$\\gamma > 0$ (limit kernel, not enclosed)", result.gamma_positive() ? 1u : 0u, 1},
      {"$\\lambda_{\\min}(G(0)) \\ge 3\\gamma/4$ (T1a)",
       count(result, [&](const RunRecord& r) { return r.G0_min >= 0.75 * result.gamma(); }),
       row.seeds},
      {"$|H(0)| \\le \\gamma/8$ (T1b)",
       count(result, [&](const RunRecord& r) { return r.H0_norm <= result.gamma() / 8; }),
       row.seeds}};
  const std::vector<double> cosines = values(result, [](const RunRecord& r) { return r.sup_cos; });
  row.measurements = {
      {"$\\gamma$", result.gamma(), std::nullopt, result.limit.method},
      {"$\\sup_t |\\cos(b, \\beta(t))|$", quantile(cosines, 0.5),
       std::pair(smallest(cosines), largest(cosines)), "median and range over seeds"}};
  std::string replay = replay_line(result.batch, result.records.front().seed);
  for (const RunRecord& r : result.records)
    if (r.violation || r.diverged_at) replay = replay_line(result.batch, r.seed);
  if (!result.gamma_positive()) {
    row.verdict = Verdict::undecided(
        fmt::format("the premise gamma > 0 fails: gamma = {:.3g}", result.gamma()));
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
}

// ---------------------------------------------------------------- certificates

struct CertificateCase {
  std::string id;  ///< also the folder's name
  Data data;
  NetworkSpec network;
  std::size_t first = 0;  ///< earliest checkpoint looked at
};

std::vector<CertificateCase> certificate_cases(const Settings& settings) {
  const Profile& profile = settings.profile;
  const std::vector<Data> data = theory_data(settings);
  const std::uint64_t seed = seed_of(settings, 0);
  std::vector<CertificateCase> cases = {
      {"tanh-sphere", data[0], {1024, Activation::tanh, profile.eta, {}, 400, seed}},
      {"tanh-gaussian", data[1], {1024, Activation::tanh, profile.eta, {}, 400, seed}},
      // The same instance with a penalty that is cut and without: alignment for all time, and none.
      {"identity-cut",
       isometric_data(settings),
       {1024, Activation::identity, profile.eta, {profile.lambda, 250}, 500, seed},
       300},
      {"identity-twin",
       isometric_data(settings),
       {1024, Activation::identity, profile.eta, {}, 500, seed},
       300}};
  if (const std::optional<Data> images = image_data(settings))
    cases.push_back(
        {"tanh-images", *images, {1024, Activation::tanh, profile.eta, {}, 2000, seed}});
  return cases;
}

void certify(const Settings& settings, const CertificateCase& c, CertificateRecord& record) {
  const std::filesystem::path folder = settings.certificates / c.id;
  // An earlier run's certificate goes first: none may stand beside a report that does not mention
  // it.
  if (std::filesystem::exists(folder / "certificate.json")) std::filesystem::remove_all(folder);
  const Instance instance = make_instance(c.data, c.network);
  const Matrix<double> X = matrix_from<double>(c.data.X);
  record.gamma = limit_kernel(c.network.activation, X * X.transpose()).gamma;
  const Proposal proposal = propose_certificate(instance, c.first, 10, settings.dynamics.in_double);
  record.checkpoint = proposal.checkpoint;
  record.M_min = proposal.M_min;
  if (!proposal.certificate) {
    record.verdict = Verdict::undecided(proposal.obstacle);
    return;
  }
  write_certificate(folder, *proposal.certificate);
  record.verdict = Verdict::proved(
      CheckReceipt::obtain(settings.checker, folder, sha256_of_file(folder / "certificate.json")));
  const Statement& statement = proposal.certificate->statement;
  record.alpha = statement.alpha;
  record.cos_min = statement.cos_min;
  record.cos_max = statement.cos_max;
}

void plan_certificates(Study& study) {
  for (const CertificateCase& c : certificate_cases(study.settings())) {
    CertificateRecord& record = study.certificates[c.id];
    record.name = fmt::format("{}: {}, p={} {}", c.id, c.data.name, c.network.p,
                              to_string(c.network.activation));
    Batch batch;
    batch.data = c.data, batch.network = c.network;
    record.replay = replay_line(batch, c.network.seed);
    record.replay.replace(record.replay.find("simulate"), 8, "certify");
    record.replay += fmt::format(" --first {} --out {}", c.first, c.id);
    const double cost = 3.0 * static_cast<double>(c.network.p * c.data.X.rows() * c.network.steps);
    study.want("certificate " + c.id, cost,
               [&study, c, &record] { certify(study.settings(), c, record); });
  }
}

void conclude_certificates(const Study& study, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  std::size_t proved = 0;
  row.bound_label = "$\\gamma/4$";
  row.measured_label = "certified rate $\\alpha$";
  row.ratio_label = "$(\\gamma/4)/\\alpha$, worst instance";
  for (const auto& [id, record] : study.certificates) {
    verdicts.push_back(record.verdict);
    row.results.push_back({fmt::format("{}, from step {}", record.name, record.checkpoint),
                           record.verdict, record.replay});
    if (record.verdict.kind() != VerdictKind::proved) continue;
    ++proved;
    const double ratio = record.gamma / 4 / record.alpha;
    if (!row.ratio || ratio > *row.ratio)
      row.bound = record.gamma / 4, row.measured = record.alpha, row.ratio = ratio;
    row.measurements.push_back({"$\\alpha/\\lambda_{\\min}(M)$, " + id, record.alpha / record.M_min,
                                std::nullopt,
                                fmt::format("checkpoint at step {}", record.checkpoint)});
    row.measurements.push_back({"$\\cos(b, \\beta(t))$ for all $t$ from the checkpoint, " + id,
                                (record.cos_min + record.cos_max) / 2,
                                std::pair(record.cos_min, record.cos_max), "enclosed, proved"});
  }
  row.instances = verdicts.size();
  row.seeds = 1;
  row.premises = {
      {"$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz", verdicts.size(), verdicts.size()},
      {"the two inequalities of Theorem A close at the checkpoint", proved, verdicts.size()}};
  if (!study.settings().image_folder) {
    verdicts.push_back(Verdict::undecided(no_data_set()));
    row.results.push_back({"tanh-images", verdicts.back(), ""});
  }
  row.verdict = worst(verdicts);
}

}  // namespace

std::vector<Claim> certificate_claims() {
  return {
      {{"TA",
        "Convergence for all time, from a checkpoint",
        "If at a checkpoint $\\lambda_{\\min}(M) - \\Delta_G - \\Delta_H - \\eta C_v E \\ge "
        "\\alpha$ and "
        "$\\eta(\\lambda_{\\max}(M) + \\Delta_G + \\Delta_H) \\le 2 - \\eta\\alpha - \\eta^2 C_v "
        "E$, then for all $t$ after it "
        "$|e(t)| \\le (1 - \\eta\\alpha)^t E$, and the weights and the cosine stay in explicit "
        "bounds.",
        "ours, Theorem A of reports/docs/theorem_a.md",
        {"$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz",
         "$\\lambda = 0$ from the checkpoint on", "one output"},
        "exponential decay at rate $\\alpha$ and a bracket of $\\cos(b, \\beta(t))$, for all $t$",
        "all explicit; the certified $\\alpha$ is printed beside $\\gamma/4$",
        "The dynamics run in doubles until the inequalities close; the state there is written as a "
        "certificate, and alignproof-check, a separate program "
        "with ball arithmetic, proves or refuses it. The statement starts at the state in the "
        "file: it says nothing about how that state was reached.",
        "A run that leaves the bounds of an accepted certificate. A refused certificate makes the "
        "row undecided: the proposal was wrong, not the theorem."},
       plan_certificates,
       conclude_certificates},
      {{"T1-img",
        "T1 on real images",
        "$|e(t+1)| \\le (1 - \\eta\\gamma/4)|e(t)|$ for images as inputs and two classes as $\\pm "
        "1$.",
        std::string(paper) + ", applied to data",
        {"premises of T1"},
        "the inequality at every step",
        "as T1",
        "As T1 on images from IDX files (Debian's dataset-fashion-mnist, or --data DIR), centred "
        "and scaled by one factor; a few seeds, so a sample.",
        "A seed with a step at which the decay fails makes the row undecided: T1 speaks of large "
        "$p$."},
       plan_images,
       conclude_images}};
}

}  // namespace alignproof
