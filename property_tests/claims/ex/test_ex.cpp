// SPDX-License-Identifier: Apache-2.0
#include <claims/ex/exact_runs.hpp>

#include "claims/filled.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

VerdictKind with_first(const std::function<void(ExactRecord&)>& spoil) {
  bool first = true;
  return filled_row("EX",
                    [&](AskedWork& work) {
                      auto& run = *work.as<ExactRecord>();
                      run.steps = run.wanted_steps;
                      if (first) spoil(run);
                      first = false;
                    })
      .verdict.kind();
}

}  // namespace

TEST_CASE("EX: a difference refutes, in the recursion and between the forms", "[claims]") {
  CHECK(with_first([](ExactRecord&) {}) == VerdictKind::exact);
  CHECK(with_first([](ExactRecord& run) { run.recursion_fails = 2; }) == VerdictKind::refuted);
  CHECK(with_first([](ExactRecord& run) { run.forms_differ = 2; }) == VerdictKind::refuted);
  CHECK(with_first([](ExactRecord& run) { run.steps -= 1; }) == VerdictKind::undecided);
}
