// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

VerdictKind with_level(double level, double uniform) {
  return law_kind("T3K", [=](AskedWork& work) {
    make_up_law(work);
    if (auto* levels = work.as<std::vector<LevelSample>>())
      levels->at(7).level = level, levels->at(7).uniform = uniform;
  });
}

ClaimRow with_runs(std::size_t below, double cosine) {
  return filled_row("T3K", with_law("unit sphere", [=](LawRecord& law) {
                      for (std::size_t s = 0; s < below; ++s) law.after.back()[s] = cosine;
                    }));
}

}  // namespace

TEST_CASE("T3K: a law below one of its levels refutes", "[claims]") {
  CHECK(with_level(0.6, 0.6) == sampled);
  CHECK(with_level(0.6 * (1 + 1e-8), 0.4) == refuted);
  CHECK(with_level(0.5, 0.6 * (1 + 1e-8)) == refuted);
}

TEST_CASE("T3K: runs below the guaranteed level decide nothing if few, and refute if many",
          "[claims]") {
  const auto kind = [](std::size_t below, double cosine) {
    const ClaimRow row = with_runs(below, cosine);
    CHECK(row.tests.size() == 1);
    CHECK(row.results.size() == 2);
    return row.verdict.kind();
  };
  CHECK(kind(0, 0.1) == sampled);
  CHECK(kind(1, 0.1) == undecided);
  CHECK(kind(1, NAN) == undecided);
  CHECK(kind(120, 0.1) == refuted);
}
