// SPDX-License-Identifier: Apache-2.0
// EX: the identities once more, without any rounding.
#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>

#include "claims/ex/exact_runs.hpp"

namespace alignproof::inline claims {

namespace {

/// Where the identities fail; empty if nowhere.
std::string difference(const ExactRecord& record) {
  if (record.recursion_fails)
    return fmt::format("the recursion fails at step {}; ", *record.recursion_fails);
  if (record.forms_differ)
    return fmt::format("the forms differ at step {}; ", *record.forms_differ);
  return "";
}

Verdict verdict_of(const ExactRecord& record) {
  const std::string words = fmt::format("{} steps", record.steps);
  const std::string witness = difference(record);
  if (!witness.empty()) return Verdict::refuted(witness + record.replay);
  return record.steps < record.wanted_steps ? Verdict::undecided("the run diverged after " + words)
                                            : Verdict::exact(words);
}

void conclude(const std::vector<Handle<ExactRecord>>& runs, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  std::size_t irrational = 0, steps = 0, differences = 0;
  for (const Handle<ExactRecord>& run : runs) {
    verdicts.push_back(verdict_of(*run));
    row.results.push_back({run->name, verdicts.back(), run->replay});
    irrational += run->irrational, steps += run->steps;
    differences += difference(*run).empty() ? 0 : 1;
  }
  row.instances = row.seeds = verdicts.size();
  row.digits = 0;
  row.verdict = worst(verdicts);
  if (row.verdict.kind() == VerdictKind::exact)
    row.verdict = Verdict::exact(
        fmt::format("{} of {} instances, {} steps", verdicts.size(), verdicts.size(), steps));
  row.bound = 0, row.bound_label = "instances that may differ";
  row.measured = static_cast<double>(differences);
  row.measured_label = "instances that differ";
  row.measurements = {{"instances with an irrational $\\sqrt{p}$", static_cast<double>(irrational),
                       std::nullopt, "computed in $Q(\\sqrt{p})$"}};
}

Conclusion plan(Study& study) {
  return [runs = want_exact_runs(study)](ClaimRow& row) { conclude(runs, row); };
}

}  // namespace

Claim ex_claim() {
  return {
      .text = {.id = "EX",
               .title = "The identities without rounding",
               .statement = "Error recursion and kernel form as in ID and KF, with equality in "
                            "exact arithmetic.",
               .source = "ours, reports/docs/dynamics.md",
               .premises = {"$\\psi$ identity or ReLU"},
               .conclusion = "$A(t) = W(t)X^\\top$, the same $\\beta$ in both forms, and both "
                             "sides of the recursion equal, at every step",
               .constants = "none",
               .method = "Every number of a run is a rational, or lies in $Q(\\sqrt{p})$ where $p$ "
                         "is no square; equality is decided, not estimated. The numbers grow in "
                         "length by a factor of about 2.4 every step, hence few steps.",
               .falsifier = "Any difference at all."},
      .place = 210,
      .self_test = true,
      .plan = plan};
}

}  // namespace alignproof::inline claims
