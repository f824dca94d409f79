// SPDX-License-Identifier: Apache-2.0
#include "certificates/whole_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

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

void claim_alignment(RunCertificate& c, Instance instance, const Search& search,
                     KernelStep<double> advance, std::vector<std::string>& not_claimed) {
  instance.penalty = {};
  const LegSearch twin = find_leg(instance, search, advance);
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
