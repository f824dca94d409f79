// SPDX-License-Identifier: Apache-2.0
#include "certificates/radius.hpp"

#include <cmath>
#include <utility>

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
                                double ratio) {
  constexpr double smallest = 1e-12, largest = 1e3;
  search.radius = 0, search.largest_radius = false;
  Proposal best = propose_certificate(instance, search, advance);
  if (!best.certificate) return best;
  const RunCertificate wanted = *best.certificate;
  search.digits = best.digits;
  const auto holds = [&](double radius) {
    search.radius = radius;
    Proposal proposal = propose_certificate(instance, search, advance);
    if (!claims_as_much(proposal, wanted)) return false;
    best = std::move(proposal);
    return true;
  };
  double low = smallest, high = largest;
  if (!holds(low)) return best;
  while (high > low * ratio) {
    const double middle = std::sqrt(low * high);
    (holds(middle) ? low : high) = middle;
  }
  return best;
}

}  // namespace alignproof::inline certificates
