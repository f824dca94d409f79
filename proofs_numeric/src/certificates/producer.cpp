// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/producer.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <alignproof/linalg/matrix.hpp>

#include "certificates/attempt.hpp"
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

/// Of this many steps at most; the last of them are done when it ends.
class Portion : public Progress {
 public:
  Portion(Progress& whole, std::size_t units) : whole_(whole), left_(units) {}
  ~Portion() override { whole_.advance(left_); }
  void advance(std::size_t units) override {
    units = std::min(units, left_);
    left_ -= units;
    whole_.advance(units);
  }

 private:
  Progress& whole_;
  std::size_t left_;
};

}  // namespace

std::size_t most_steps(const Instance& instance) {
  const std::size_t runs = instance.penalty.lambda == 0 ? 1 : 2;  // beside it the one without
  return runs * (instance.steps + 1);
}

Attempt attempt(const Instance& instance, const Search& search, KernelStep<double> advance,
                Progress& progress) {
  Portion steps(progress, most_steps(instance));
  Attempt result;
  Proposal& proposal = result.proposal;
  proposal.digits = search.digits;
  LegSearch run = find_leg(instance, search, advance, steps);
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
      claim_alignment(c, instance, search, advance, steps, proposal.not_claimed);
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

std::optional<Search> next_search(const Instance& instance, Search search,
                                  const Proposal& refused) {
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  if (!plain || !refused.certificate) return std::nullopt;
  const double radius = refused.certificate->radius;
  if (search.largest_radius && radius > 0) {
    search.largest_radius = false, search.radius = radius / 2, search.digits = refused.digits;
    return search;
  }
  // What doubles lose is nothing beside the distances of a neighbourhood as large as this.
  constexpr double large = 1e-9;
  if (radius > large) return std::nullopt;
  for (const unsigned digits : more_digits)
    if (digits > refused.digits) {
      search.digits = digits;
      return search;
    }
  return std::nullopt;
}

Proposal propose_certificate(const Instance& instance, const Search& search,
                             KernelStep<double> advance, Progress& progress) {
  const std::string refused = refusal(instance, search);
  if (!refused.empty()) return {.certificate = {}, .obstacle = refused, .not_claimed = {}};
  if (search.largest_radius) return propose_largest_radius(instance, search, advance, progress);
  progress.expect(most_steps(instance));
  Attempt result = attempt(instance, search, advance, progress);
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  for (const unsigned digits : more_digits) {
    if (!plain || search.digits != 0 || !result.rounding) break;
    Search sharper = search;
    sharper.digits = digits;
    progress.expect(most_steps(instance));
    Attempt next = attempt(instance, sharper, advance, progress);
    // What was found stays where more digits find nothing.
    if (result.proposal.certificate && !next.proposal.certificate) break;
    result = std::move(next);
  }
  return std::move(result.proposal);
}

Proposal propose_certificate(const Instance& instance, const Search& search,
                             KernelStep<double> advance) {
  Progress silent;
  return propose_certificate(instance, search, advance, silent);
}

}  // namespace alignproof::inline certificates
