// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// The second figure of law2 in a study that planned these claims.
std::vector<std::string> laws_in_figure(const std::vector<std::string>& ids) {
  Progress silent;
  Study study(Settings{}, silent);
  for (const std::string& id : ids) claim_named(id).plan(study);
  const auto draw = claim_named("law2").figures.front().plan(study);
  study.fill([](AskedBatch&) {}, make_up_law);
  const std::vector<Figure> figures = draw();
  std::vector<std::string> names;
  for (const Series& series : figures.at(1).series) names.push_back(series.name);
  return names;
}

}  // namespace

TEST_CASE("law2: the exponent, and the solver against the closed form", "[claims]") {
  CHECK(law_kind("law2") == sampled);
  CHECK(law_kind("law2", gaps("isometric, $K = 2I$", &LawRecord::gap, -0.2)) == refuted);
  CHECK(law_kind("law2", one_check_off("solver against closed form")) == refuted);
}

TEST_CASE("the figure of orders shows every law that was asked for, by name", "[claims]") {
  const std::string isometric = "isometric, $K = 2I$", guide = "slope $-1/2$";
  CHECK(laws_in_figure({"law2"}) == std::vector{isometric, guide});
  CHECK(laws_in_figure({"law3", "law1"}) == std::vector<std::string>{"ill conditioned", isometric,
                                                                     "nearly parallel samples",
                                                                     "unit sphere", guide});
}
