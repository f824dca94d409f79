// SPDX-License-Identifier: Apache-2.0
#include "certificates/whole_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/linalg/matrix.hpp>

#include "certificates/give_way.hpp"

namespace alignproof::inline certificates {

Array enclosed_errors(const History& history) {
  Array errors({history.error.size(), 2});
  const double floor =
      history.rounding * (1 + *std::max_element(history.error.begin(), history.error.end()));
  for (std::size_t t = 0; t < history.error.size(); ++t) {
    const double distance = floor + up(history.error_distance[t]);
    errors(t, 0) = std::max(0.0, history.error[t] * (1 - margin) - distance);
    errors(t, 1) = history.error[t] * (1 + margin) + distance;
  }
  return errors;
}

void claim_decay(RunCertificate& c, const Instance& instance,
                 std::vector<std::string>& not_claimed) {
  LimitKernel kernel;
  try {
    kernel = limit_kernel(instance.activation, instance.X);
  } catch (const InputError& error) {  // inputs too long
    not_claimed.push_back(fmt::format("T1: {}", error.what()));
    return;
  }
  // One double beyond the enclosure, and no closer to singular than the checker's 256 bits resolve.
  const double resolved = 0x1p-190 * kernel.Gbar.norm();
  const DecayClaim claim{
      std::nextafter(kernel.gamma - resolved, 0.0),
      std::nextafter(kernel.gamma_upper + resolved, std::numeric_limits<double>::infinity())};
  const double factor = 1 - instance.eta * claim.gamma_max / 4;
  const Array& errors = c.whole_run.errors;
  std::optional<std::size_t> failing;
  for (std::size_t t = 0; t + 1 < errors.rows() && !failing; ++t)
    if (errors(t + 1, 1) > factor * errors(t, 0)) failing = t;
  if (!(claim.gamma_min > 0))
    not_claimed.push_back(
        kernel.definiteness == Definiteness::singular
            ? fmt::format("T1: gamma = 0: {}", kernel.reason)
            : fmt::format("T1: gamma lies between 0 and {:.3g}", kernel.gamma_upper));
  else if (failing)
    not_claimed.push_back(
        fmt::format("T1: |e({})| / |e({})| = {:.6g} exceeds 1 - eta gamma/4 = {:.6g}", *failing + 1,
                    *failing, errors(*failing + 1, 1) / errors(*failing, 0), factor));
  else if (c.leg.statement.alpha < up(claim.gamma_max / 4))
    not_claimed.push_back(fmt::format("T1: alpha = {:.6g} is below gamma/4 = {:.6g}",
                                      c.leg.statement.alpha, claim.gamma_max / 4));
  else
    c.whole_run.decay = claim;
}

void claim_no_alignment(RunCertificate& c, const Found& found, double kappa,
                        std::vector<std::string>& not_claimed) {
  const double root_p = std::sqrt(static_cast<double>(c.start.p()));
  double largest = std::max(std::abs(c.leg.statement.cos_min), std::abs(c.leg.statement.cos_max));
  for (double cosine : found.history.cosine) largest = std::max(largest, std::abs(cosine));
  const double level = kappa / root_p;
  if (!found.history.angles)
    not_claimed.push_back("T2: cos(b, beta) is not defined at every step, as b or beta is 0");
  else if (!(level < 1))
    not_claimed.push_back(fmt::format(
        "T2: kappa = {:.4g} is not below sqrt p = {:.4g}, so it would say nothing", kappa, root_p));
  else if (up(largest) <= level)
    c.whole_run.no_alignment = {kappa};
  else
    not_claimed.push_back(fmt::format(
        "T2: |cos(b, beta)| reaches {:.4g}, above kappa/sqrt p = {:.4g}", largest, level));
}

namespace {

/// >= eta sum |e(t)| over all t >= T.
double bound_of_error_sum(const Leg& leg) {
  switch (leg.form) {
    case ClosingForm::rate:
      return leg.statement.error / leg.statement.alpha;
    case ClosingForm::bootstrap:
    case ClosingForm::second_order_drift:
      return leg.S;
  }
  throw std::logic_error("no such form");
}

/// What doubles lose of numbers of this size along a run.
double floor_of(double size) {
  return 1e-12 * (1 + size);
}

/// Both constants such that T1 holds as published of these bounds.
PublishedDisplacements published_of(const Array& bounds, std::size_t n, double gamma_max) {
  const double p = static_cast<double>(bounds.rows());
  double w = 0, beta = 0;
  for (std::size_t r = 0; r < bounds.rows(); ++r)
    w = std::max(w, bounds(r, 0)), beta = std::max(beta, bounds(r, 1));
  const double scale = up(gamma_max * std::sqrt(p) / static_cast<double>(n));
  return {up(scale * w / std::sqrt(std::log(p))), up(scale * beta)};
}

/// The least t after T at which the rate of the statement has brought |e| down to the threshold.
std::size_t time_by_rate(const RunCertificate& c, double threshold) {
  const Statement& s = c.leg.statement;
  const double steps = up(std::log(threshold / s.error) / std::log1p(-c.start.eta * s.alpha));
  return c.leg.checkpoint + static_cast<std::size_t>(std::ceil(std::max(steps, 1.0)));
}

}  // namespace

void claim_rows(RunCertificate& c, const Instance& instance, const Found& found,
                std::vector<std::string>& not_claimed) {
  const Problem<double> problem = problem_from<double>(instance, c.start.rule);
  const KernelState<double>& state = found.state;
  Forward<double> at;
  forward(problem, state, at);
  const double L1 = smoothness<double>(problem.psi).L1, K = c.leg.witness.K_norm;
  const double S_p = bound_of_error_sum(c.leg) / problem.sqrt_p;
  const Vector<double> w = (state.Z * problem.X).rowwise().norm();
  const Vector<double> beta = (state.beta - matrix_from<double>(instance.beta0)).rowwise().norm();
  const Vector<double> psi = at.Psi.rowwise().norm();
  // What the error returns through for all t >= T: for backpropagation beta, which still moves.
  const bool aligns = is_feedback_alignment(c.start.rule);
  const double rho = aligns ? 0 : c.leg.statement.beta_displacement;
  const Vector<double> fed = (aligns ? problem.b : state.beta).rowwise().norm().array() + rho;
  RowClaim claim{Array({instance.p(), 2}), {}};
  const History& history = found.history;
  const double w_floor = floor_of(history.w_rows.maxCoeff()),
               beta_floor = floor_of(history.beta_rows.maxCoeff());
  for (std::size_t r = 0; r < instance.p(); ++r) {
    const auto k = static_cast<Eigen::Index>(r);
    const double w_after = fed(k) * L1 * std::sqrt(K) * S_p,
                 beta_after = S_p * (psi(k) + L1 * L1 * fed(k) * K * S_p / 2);
    claim.bounds(r, 0) = up(std::max(history.w_rows(k), w(k) + w_after)) + w_floor;
    claim.bounds(r, 1) = up(std::max(history.beta_rows(k), beta(k) + beta_after)) + beta_floor;
  }
  if (c.whole_run.decay && instance.p() > 1)
    claim.published = published_of(claim.bounds, instance.n(), c.whole_run.decay->gamma_max);
  else
    not_claimed.push_back(c.whole_run.decay ? "T1 as published: log p = 0"
                                            : "T1 as published: T1 itself is not claimed");
  c.whole_run.rows = std::move(claim);
}

void claim_limit(RunCertificate& c, const Found& found) {
  LimitClaim claim{array_from(found.state.beta), 0};
  claim.centre.shape = c.start.beta.shape;
  claim.distance = up(c.leg.statement.beta_displacement) + floor_of(found.state.beta.norm());
  c.whole_run.limit = std::move(claim);
}

void claim_times(RunCertificate& c, const std::vector<double>& thresholds) {
  const Array& errors = c.whole_run.errors;
  const std::size_t T = c.leg.checkpoint;
  for (const double threshold : thresholds) {
    TimeClaim claim{threshold, 0, T + 1};
    while (claim.lower <= T && errors(claim.lower, 0) > threshold) ++claim.lower;
    while (claim.upper > 0 && errors(claim.upper - 1, 1) <= threshold) --claim.upper;
    if (claim.upper > T) claim.upper = time_by_rate(c, threshold);
    c.whole_run.times.push_back(claim);
  }
}

void claim_alignment(RunCertificate& c, Instance instance, const Search& search,
                     KernelStep<double> advance, Progress& progress,
                     std::vector<std::string>& not_claimed) {
  instance.penalty = {};
  const LegSearch twin = find_leg(instance, search, advance, progress);
  if (!twin.found) {
    not_claimed.push_back("T3: without the penalty nothing closes: " + twin.obstacle);
    return;
  }
  const History& history = twin.found->history;
  if (!history.angles) {
    not_claimed.push_back("T3: cos(b, beta) is not defined at every step, as b or beta is 0");
    return;
  }
  // The largest cosine of the whole run without the penalty, not only after its checkpoint.
  Leg leg = twin.found->leg;
  for (double cosine : history.cosine)
    leg.statement.cos_max = std::max(leg.statement.cos_max, std::min(1.0, cosine + margin));
  const double with = c.leg.statement.cos_min, without = leg.statement.cos_max;
  if (with > without + search.margin)
    c.whole_run.alignment = {search.margin, leg};
  else
    not_claimed.push_back(
        fmt::format("T3: cos >= {:.4g} with the penalty, <= {:.4g} without: not apart by {:.4g}",
                    with, without, search.margin));
}

}  // namespace alignproof::inline certificates
