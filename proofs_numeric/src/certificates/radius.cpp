// SPDX-License-Identifier: Apache-2.0
#include "certificates/radius.hpp"

#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificates/attempt.hpp"

namespace alignproof::inline certificates {

namespace {

/// All theorems that `of` claims, `other` claims too.
bool claims_as_much(const Proposal& other, const RunCertificate& of) {
  if (!other.certificate) return false;
  const WholeRun &run = other.certificate->whole_run, &wanted = of.whole_run;
  return (!wanted.decay || run.decay) && (!wanted.no_alignment || run.no_alignment) &&
         (!wanted.alignment || run.alignment);
}

}  // namespace

Proposal propose_largest_radius(const Instance& instance, Search search, KernelStep<double> advance,
                                Progress& progress, double ratio) {
  constexpr double smallest = 1e-12, largest = 1e3;
  search.radius = 0, search.largest_radius = false;
  Proposal best = propose_certificate(instance, search, advance, progress);
  if (!best.certificate) return best;
  const RunCertificate wanted = *best.certificate;
  search.digits = best.digits;
  const auto halvings = static_cast<std::size_t>(
      std::ceil(std::log2(std::log(largest / smallest) / std::log(ratio))));
  progress.expect((1 + halvings) * most_steps(instance));
  std::string obstacle;
  const auto holds = [&](double radius) {
    search.radius = radius;
    Proposal proposal = attempt(instance, search, advance, progress).proposal;
    if (!claims_as_much(proposal, wanted)) {
      obstacle = proposal.certificate ? fmt::format("{}", fmt::join(proposal.not_claimed, "; "))
                                      : proposal.obstacle;
      return false;
    }
    best = std::move(proposal);
    return true;
  };
  double low = smallest, high = largest;
  if (!holds(low)) {
    progress.advance(halvings * most_steps(instance));
    best.not_claimed.push_back(
        fmt::format("a neighbourhood: the same theorems hold at no radius of {:.0e} or more: {}",
                    smallest, obstacle));
    return best;
  }
  for (std::size_t k = 0; k < halvings; ++k) {
    const double middle = std::sqrt(low * high);
    (holds(middle) ? low : high) = middle;
  }
  return best;
}

}  // namespace alignproof::inline certificates
