// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/law_summary.hpp>

#include <algorithm>
#include <cmath>

#include "property.hpp"

using namespace alignproof;

namespace {

/// 41 runs a width; the cosine is above the law by about p^{-1/2}, after the cut by 2 p^{-1/2}.
WidthRuns made_up(double law, double law_after) {
  WidthRuns runs;
  for (const double p : {100.0, 10000.0}) {
    runs.p.push_back(p);
    runs.runs.emplace_back();
    for (int s = -20; s <= 20; ++s) {
      const double distance = (1 + 0.01 * s) / std::sqrt(p);
      runs.runs.back().push_back(
          {{0, law + distance}, {1, 0.5}, law_after + 2 * distance, 0.25, {}});
    }
  }
  return runs;
}

}  // namespace

TEST_CASE("the distance from the law has its medians and its order", "[sweeps][law]") {
  const LawPoint law{2, 0.5, 0.6, 0.1, 1, 1};
  const WidthRuns runs = made_up(0.5, 0.6);
  const LawOrder during = law_order(runs, law, LawCosine::with_penalty, 1e-6);
  CHECK(during.law == 0.5);
  CHECK(during.cosine[0] == Approx(0.6));
  CHECK(during.gap[0] == Approx(0.1));
  CHECK(during.gap[1] == Approx(0.01));
  CHECK(during.order.exponent == Approx(-0.5));
  CHECK(during.order.tuples == 41);
  CHECK(during.order.level == 1e-6);
  const LawOrder after = law_order(runs, law, LawCosine::after_cut, 1e-6);
  CHECK(after.law == 0.6);
  CHECK(after.gap[1] == Approx(0.02));

  const Figure figure = law_distance("words", runs.p, during, after);
  REQUIRE(figure.series.size() == 3);
  CHECK((figure.log_x && figure.log_y));
  CHECK(figure.series[1].y == after.gap);
  CHECK(figure.series[2].y[1] == Approx(figure.series[2].y[0] / 10));  // the guide has slope -1/2
}

TEST_CASE("the course of the law stands beside one run of each width", "[sweeps][law]") {
  const std::vector<LawPoint> law = {{1, 0.4, 0.5, 0.2, 1, 1}, {2, 0.5, 0.6, 0.1, 1, 1}};
  const WidthRuns runs = made_up(0.5, 0.6);
  const Figure figure = law_course("words", law, runs);
  REQUIRE(figure.series.size() == 4);
  CHECK(figure.caption == "words");
  CHECK(figure.series[0].x == std::vector<double>{1, 2});
  CHECK(figure.series[1].y == std::vector<double>{0.5, 0.6});
  CHECK(figure.series[3].name == "$p = 10^{4}$");
  CHECK(figure.series[3].y == runs.runs[1][0].cosine);
  CHECK(table(law) ==
        "tau,cosine,cosine_after_cut,error,curvature\n"
        "1,0.40000000000000002,0.5,0.20000000000000001,1\n2,0.5,0.59999999999999998,"
        "0.10000000000000001,1\n");
  const std::string lines = table(runs);
  CHECK_THAT(lines,
             Catch::StartsWith("width,run,cosine,error,cosine_after_cut,error_after_cut\n100,0,"));
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 83);
}
