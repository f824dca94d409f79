// SPDX-License-Identifier: Apache-2.0
// What may be said of a report: nothing is implied by a certificate that is not proved.
#include <alignproof/core/no_fast_math.hpp>

#include "facts.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace alignproof::check {

namespace {

Fact checked(const Report& report) {
  return {"checked",
          fmt::format("in ball arithmetic of {} bits, {}", report.findings.bits, report.source)};
}

Fact implies(const Implication& implied) {
  return {"implies",
          fmt::format("proved{}: {}",
                      implied.conditional ? " (conditional on the state at the checkpoint)" : "",
                      implied.reason),
          implied.statements, " (a decimal stands for the double nearest to it)"};
}

/// All inequalities with the decision about the whole.
Fact open(const char* name, const char* words, const Findings& findings) {
  Fact fact{name, fmt::format("{} (at {} bits) ", words, findings.bits)};
  for (const Condition& condition : findings.conditions)
    if (condition.decision == findings.decision)
      fact.items.push_back(fmt::format("{}: {}", condition.inequality, condition.detail));
  return fact;
}

}  // namespace

std::string_view to_string(Decision decision) {
  switch (decision) {
    case Decision::proved:
      return "proved";
    case Decision::violated:
      return "violated";
    case Decision::undecided:
      return "undecided";
  }
  throw std::logic_error("no such decision");
}

std::vector<Fact> facts_of(const Report& report) {
  std::vector<Fact> facts = {{"object", report.object}, {"read", report.read}};
  switch (report.findings.decision) {
    case Decision::proved:
      facts.push_back(checked(report));
      facts.push_back(implies(report.implication));
      facts.push_back({"trusted", report.trusted});
      return facts;
    case Decision::violated:
      facts.push_back(open("fails", "the certificate does not prove its claim:", report.findings));
      return facts;
    case Decision::undecided:
      facts.push_back(open("undecided", "left open:", report.findings));
      return facts;
  }
  throw std::logic_error("no such decision");
}

std::string in_one_line(const Fact& fact) {
  return fmt::format("{}{}{}", fact.text, fmt::join(fact.items, "; "), fact.end);
}

}  // namespace alignproof::check
