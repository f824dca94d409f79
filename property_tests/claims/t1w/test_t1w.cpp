// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/probes/decay.hpp>

#include <map>

#include "claims/filled.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

using Where = std::function<bool(std::size_t n, std::size_t p)>;

const LimitKernel& kernel_of(const Array& X) {
  static std::map<std::vector<double>, LimitKernel> known;
  const auto found = known.find(X.values);
  if (found != known.end()) return found->second;
  return known.emplace(X.values, limit_kernel(Activation::tanh, X)).first->second;
}

/// All seeds decay but where `fails` says so.
ClaimRow concluded(
    const Where& fails, const FillBatch& spoil = [](AskedBatch&) {}) {
  return filled_row(
      claim_named("T1w"), [](AskedWork&) {},
      [&](AskedBatch& asked) {
        asked.limit = kernel_of(asked.batch.data.X);
        for (DecayProbe::Record& record : *asked.column<DecayProbe>()) {
          record.judged = record.judged_free = record.free_steps = 50;
          if (fails(asked.batch.data.X.rows(), asked.batch.network.p)) record.violation = 4;
        }
        spoil(asked);
      },
      {});
}

std::pair<double, double> bracket_of_2(const ClaimRow& row) {
  for (const Measurement& m : row.measurements)
    if (m.name == "$p^*$ at $n = 2$") return *m.interval;
  throw std::logic_error("no bracket");
}

bool nowhere(std::size_t, std::size_t) {
  return false;
}

}  // namespace

TEST_CASE("T1w: the claimed width decides, and the bracket ends where all wider ones hold",
          "[claims]") {
  CHECK(concluded(nowhere).verdict.kind() == holds);
  const ClaimRow narrow = concluded([](std::size_t, std::size_t p) { return p <= 16; });
  CHECK(narrow.verdict.kind() == holds);
  CHECK(bracket_of_2(narrow) == std::pair(16.0, 32.0));
  // What held below a width that fails says nothing.
  const ClaimRow gap = concluded([](std::size_t, std::size_t p) { return p == 64; });
  CHECK(bracket_of_2(gap) == std::pair(64.0, 128.0));
  const ClaimRow at_claimed =
      concluded([](std::size_t n, std::size_t p) { return n == 2 && p > 130; });
  CHECK(at_claimed.verdict.kind() == refuted);
  const ClaimRow outside = concluded(nowhere, [](AskedBatch& asked) {
    if (asked.batch.data.X.rows() == 3) asked.limit.largest_eigenvalue = 50;
  });
  CHECK(outside.verdict.kind() == undecided);
  CHECK(outside.instances == 2);
}

TEST_CASE("T1w: a refuted width shows a seed that fails", "[claims]") {
  const ClaimRow row = concluded(nowhere, [](AskedBatch& asked) {
    auto& records = *asked.column<DecayProbe>();
    for (std::size_t s = 1; s < records.size(); ++s) records[s].violation = 4;
    for (std::size_t s = 0; s < records.size(); ++s) asked.runs[s].seed = 7000 + s;
  });
  CHECK(row.verdict.kind() == refuted);
  for (const InstanceResult& result : row.results)
    CHECK_THAT(result.replay, Catch::Contains("--seed 7001"));
}
