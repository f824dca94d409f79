// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/producer.hpp>

#include <utility>

#include <fmt/format.h>

#include <alignproof/linalg/matrix.hpp>

#include "certificates/digits.hpp"
#include "certificates/give_way.hpp"
#include "certificates/leg_search.hpp"
#include "certificates/radius.hpp"
#include "certificates/whole_run.hpp"

namespace alignproof::inline certificates {

namespace {

std::string refusal(const Instance& instance, const Search& search) {
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  if (!plain && (search.radius != 0 || search.largest_radius))
    return "with k outputs, and for backpropagation, no neighbourhood is searched for";
  if (!plain && search.digits != 0)
    return "with k outputs, and for backpropagation, runs are in doubles only";
  for (const double threshold : search.thresholds)
    if (!(threshold > 0)) return "a threshold is a number > 0";
  if (search.asks_for_more() && !is_initial(search.kind))
    return "rows, the limit and times to thresholds are claimed from the initialisation only";
  if (search.asks_for_more() && (search.radius != 0 || search.largest_radius))
    return "rows, the limit and times to thresholds are claimed of one start, not of a "
           "neighbourhood";
  return "";
}

}  // namespace

namespace {

/// What one run gives, and whether more digits may give more.
struct Attempt {
  Proposal proposal;
  bool rounding = false;
};

Attempt attempt(const Instance& instance, const Search& search, KernelStep<double> advance) {
  Attempt result;
  Proposal& proposal = result.proposal;
  proposal.digits = search.digits;
  LegSearch run = find_leg(instance, search, advance);
  result.rounding = run.rounding;
  proposal.checkpoint = run.checkpoint;
  proposal.M_min = run.M_min;
  proposal.obstacle = run.obstacle;
  if (!run.found) return result;

  const Found& found = *run.found;
  RunCertificate c;
  c.start = {.kind = search.kind,
             .rule = search.rule,
             .activation = instance.activation,
             .eta = instance.eta,
             .penalty = {},
             .X = instance.X,
             .y = instance.y,
             .b = instance.b,
             .W = {},
             .A = {},
             .beta = {}};
  const bool one = instance.k() == 1;
  if (one) c.start.y.shape = {instance.n()}, c.start.b.shape = {instance.p()};
  c.radius = search.radius;
  c.leg = found.leg;
  c.origin = {{"checkpoint", fmt::format("step {}", run.checkpoint)}, {"instance", hash(instance)}};
  if (!is_initial(search.kind)) {
    c.leg.checkpoint = 0;
    c.start.A = array_from(found.state.A);
    c.start.A.shape = {instance.p(), instance.n()};
    c.start.beta = array_from(found.state.beta);
  } else {
    c.start.penalty = instance.penalty;
    c.start.W = instance.W0;
    c.start.beta = instance.beta0;
    if (one) c.start.beta.shape = {instance.p()};
    c.whole_run.errors = enclosed_errors(found.history);
    const bool aligns = is_feedback_alignment(search.rule);
    c.whole_run.beta_displacement =
        up(found.history.beta_displacement + found.leg.statement.beta_displacement) + margin;
    c.whole_run.A_displacement =
        up(found.history.A_displacement + found.leg.statement.A_displacement) + margin;
    if (instance.penalty.lambda == 0) {
      claim_decay(c, instance, proposal.not_claimed);
      if (aligns) claim_no_alignment(c, found, search.kappa, proposal.not_claimed);
    } else if (aligns) {
      claim_alignment(c, instance, search, advance, proposal.not_claimed);
    }
    if (!aligns)
      proposal.not_claimed.push_back(fmt::format("{}: b has no part in backpropagation",
                                                 instance.penalty.lambda == 0 ? "T2" : "T3"));
    if (search.rows) claim_rows(c, instance, found, proposal.not_claimed);
    if (search.limit) claim_limit(c, found);
    claim_times(c, search.thresholds);
  }
  result.rounding = rounding_hides_decay(c, found.history);
  proposal.certificate = std::move(c);
  return result;
}

}  // namespace

unsigned next_digits(const Instance& instance, const Search& search, const Proposal& refused) {
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  if (!plain || !refused.certificate) return 0;
  for (const unsigned digits : more_digits)
    if (digits > refused.digits) return digits;
  return 0;
}

Proposal propose_certificate(const Instance& instance, const Search& search,
                             KernelStep<double> advance) {
  const std::string refused = refusal(instance, search);
  if (!refused.empty()) return {.certificate = {}, .obstacle = refused, .not_claimed = {}};
  if (search.largest_radius) return propose_largest_radius(instance, search, advance);
  Attempt result = attempt(instance, search, advance);
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  for (const unsigned digits : more_digits) {
    if (!plain || search.digits != 0 || !result.rounding) break;
    Search sharper = search;
    sharper.digits = digits;
    Attempt next = attempt(instance, sharper, advance);
    // What was found stays where more digits find nothing.
    if (result.proposal.certificate && !next.proposal.certificate) break;
    result = std::move(next);
  }
  return std::move(result.proposal);
}

}  // namespace alignproof::inline certificates
