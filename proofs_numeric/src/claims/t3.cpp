// SPDX-License-Identifier: Apache-2.0
// T3: alignment of a linear network whose penalty is cut after a while.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common.hpp"

namespace alignproof {

Batch regularised(const Settings& settings) {
  const Profile& profile = settings.profile;
  const double root_p = std::sqrt(static_cast<double>(profile.p_alignment));
  const auto cut = static_cast<std::size_t>(std::ceil(profile.slow_time * root_p / profile.eta));
  Batch batch;
  batch.name = "alignment";
  batch.data = isometric_data(settings);
  batch.network = {profile.p_alignment,   Activation::identity,          profile.eta,
                   {profile.lambda, cut}, cut + profile.steps_after_cut, 0};
  batch.seeds = profile.seeds;
  batch.detail = Detail::alignment;
  return batch;
}

/// The same instances with lambda = 0.
Batch twin(const Settings& settings) {
  Batch batch = regularised(settings);
  batch.name = "alignment, lambda = 0 twin";
  batch.network.penalty = {};
  return batch;
}

namespace {

/// One run of each with its whole course, for the figure.
Batch with_course(Batch batch) {
  batch.name += ", course";
  batch.seeds = 1;
  batch.detail = Detail::all;
  return batch;
}

double norm(const Array& y) {
  double sum = 0;
  for (double value : y.values) sum += value * value;
  return std::sqrt(sum);
}

/// The alignment law for K = gamma I: gamma z^3/3 + (lambda + gamma) z = lambda sqrt(gamma) |y|
/// tau, cos = z / sqrt(1 + z^2). The left side increases in z, so Newton from above converges.
double alignment_law(double gamma, double lambda, double y_norm, double tau) {
  const double right = lambda * std::sqrt(gamma) * y_norm * tau;
  double z = right / (lambda + gamma);
  for (int k = 0; k < 100; ++k)
    z -= (gamma * z * z * z / 3 + (lambda + gamma) * z - right) / (gamma * z * z + lambda + gamma);
  return z / std::sqrt(1 + z * z);
}

bool aligned(const Profile& profile, const RunRecord& run, const RunRecord& twin_run) {
  const bool converged = !run.diverged_at && !run.violation && run.E_end <= 1e-6 * run.E0;
  return converged && run.min_cos_after >= profile.aligned &&
         run.min_cos_after >= twin_run.sup_cos + profile.twin_margin;
}

void conclude_t3(const Study& study, ClaimRow& row) {
  const Profile& profile = study.profile();
  const Batch batch = regularised(study.settings());
  const BatchResult& result = study.result(batch.name);
  const BatchResult& twins = study.result(twin(study.settings()).name);
  conclude_probability(
      study, {batch},
      [&](const BatchResult& b, const RunRecord& r) {
        return success_if(
            aligned(profile, r, twins.records[static_cast<std::size_t>(&r - b.records.data())]));
      },
      row);
  confirm_first_violation(study, batch, row);
  const Matrix<double> X = matrix_from<double>(batch.data.X);
  const Matrix<double> off =
      X * X.transpose() - result.gamma() * Matrix<double>::Identity(X.rows(), X.rows());
  const PremiseCount linear{"two-layer linear network",
                            batch.network.activation == Activation::identity ? 1u : 0u, 1};
  const PremiseCount isometric{"isometric data $K = \\gamma I$", off.norm() <= 1e-12 ? 1u : 0u, 1};
  const PremiseCount cut{"penalty cut: $\\lambda(t) = 0$ for $t \\ge T$",
                         batch.network.penalty(batch.network.steps) == 0 ? 1u : 0u, 1};
  PremiseCount decay{
      "T1' at every judged step",
      count(result, [](const RunRecord& r) { return !r.violation && !r.diverged_at; }),
      result.records.size()};
  row.premises = {linear, isometric, cut, decay};
  const std::vector<double> least =
      values(result, [](const RunRecord& r) { return r.min_cos_after; });
  const std::vector<double> at_cut =
      values(result, [](const RunRecord& r) { return r.cos_at_cut; });
  const std::vector<double> without = values(twins, [](const RunRecord& r) { return r.sup_cos; });
  const double tau = batch.network.eta * static_cast<double>(batch.network.penalty.cut) /
                     std::sqrt(static_cast<double>(batch.network.p));
  row.bound = profile.aligned;
  row.bound_label = "declared level $c$";
  row.measured = smallest(least);
  row.measured_label = "$\\min \\inf_{t \\ge T} \\cos(b, \\beta(t))$ over seeds";
  row.ratio = profile.aligned / *row.measured;
  row.ratio_label = "bound / measured, the bound being a lower one";
  const std::vector<Measurement> measured = {
      {"$\\cos$ at the cut", quantile_of(at_cut, 0.5), std::pair(smallest(at_cut), largest(at_cut)),
       "median and range over seeds"},
      {"$\\inf_{t \\ge T} \\cos$", quantile_of(least, 0.5),
       std::pair(smallest(least), largest(least)), "median and range over seeds"},
      {"$\\cos$ by the alignment law, $p \\to \\infty$",
       alignment_law(result.gamma(), profile.lambda, norm(batch.data.y), tau), std::nullopt,
       "ours: $\\gamma z^3/3 + (\\lambda + \\gamma)z = \\lambda\\sqrt{\\gamma}|y|\\tau$, $\\cos = "
       "z/\\sqrt{1 + z^2}$"},
      {"$\\sup_t |\\cos|$ of the twins with $\\lambda = 0$", quantile_of(without, 0.5),
       std::pair(smallest(without), largest(without)), "median and range over seeds"},
      {"largest $|e|/|e(0)|$ at the end",
       largest(values(result, [](const RunRecord& r) { return r.E_end / r.E0; })), std::nullopt,
       fmt::format("{} steps after the cut", profile.steps_after_cut)}};
  row.measurements.insert(row.measurements.begin(), measured.begin(), measured.end());
  add_certified(study, row);
}

}  // namespace

std::vector<Claim> t3_claims() {
  return {{{"T3",
            "Alignment with a penalty that is cut",
            "Two-layer linear network, $\\lambda(t) = \\lambda$ for $t < T$ and 0 after, $K = "
            "\\gamma I$: for suitable $\\lambda$ and $T$ and large $p$, "
            "with high probability the error converges to zero after $T$ and $\\cos(b, \\beta(t)) "
            "\\ge c > 0$ for all $t > T$.",
            std::string(paper) + ", alignment theorem with regularisation",
            {"two-layer linear network", "isometric data $K = \\gamma I$",
             "penalty cut: $\\lambda(t) = 0$ for $t \\ge T$", "$p$ large"},
            "$\\inf_{t \\ge T} \\cos(b, \\beta(t)) \\ge c$, above the twin with $\\lambda = 0$ by "
            "a margin, and the error converges",
            "$c$, $\\lambda$, $T$ are open: the level is declared before the run, the value that "
            "our alignment law predicts stands beside it.",
            "Seeds succeed if the cosine stays above $c$ and above the same instance with "
            "$\\lambda = 0$ by the margin, T1' holds at every judged step and "
            "the error has fallen by $10^6$ at the end; Clopper-Pearson limits for the share. Up "
            "to the last step run, not for all $t$.",
            "Significantly more than a share $\\delta$ of seeds that do not align, or that do not "
            "converge after the cut."},
           [](Study& study) {
             for (const Batch& batch : {regularised(study.settings()), twin(study.settings())}) {
               study.want(batch);
               study.want(with_course(batch));
             }
             plan_certificates(study);
           },
           conclude_t3}};
}

}  // namespace alignproof
