// SPDX-License-Identifier: Apache-2.0
#include <claims/rf/floor_run.hpp>

#include "claims/filled.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

void make_up(AskedWork& work) {
  auto& run = *work.as<FloorRecord>();
  run.floor = -static_cast<double>(run.digits) + 2, run.last = run.floor - 1;
  run.contraction = 0.5;
}

}  // namespace

TEST_CASE("RF: below a floor that sinks with the digits", "[claims]") {
  const auto with = [](double last, double floor, double contraction) {
    return filled_row("RF",
                      [=](AskedWork& work) {
                        make_up(work);
                        auto& run = *work.as<FloorRecord>();
                        if (run.digits == 100)
                          run.last = last, run.floor = floor, run.contraction = contraction;
                      })
        .verdict.kind();
  };
  CHECK(with(-99, -98, 0.5) == VerdictKind::sampled);
  CHECK(with(-97.9, -98, 0.5) == VerdictKind::refuted);
  CHECK(with(-99, -98, 1) == VerdictKind::refuted);
  CHECK(with(-92, -91.9, 0.5) == VerdictKind::refuted);
  CHECK(with(-99, -92, 0.5) == VerdictKind::sampled);
}

TEST_CASE("the figure of floors shows every precision down to its own", "[claims]") {
  Progress silent;
  Study study(Settings{}, silent);
  const auto draw = claim_named("RF").figures.front().plan(study);
  study.fill([](AskedBatch&) {},
             [](AskedWork& work) {
               make_up(work);
               auto& run = *work.as<FloorRecord>();
               for (int t = 0; t < 1000; ++t) run.log_error.push_back(-t);
             });
  const std::vector<Figure> figures = draw();
  REQUIRE(figures.size() == 1);
  const std::vector<Series>& series = figures.front().series;
  REQUIRE(series.size() == 5);  // double, three precisions, the floor of double
  for (std::size_t k = 0; k < 4; ++k) {
    const double digits = std::vector{16.0, 50.0, 100.0, 300.0}[k];
    CHECK(series[k].y.size() == static_cast<std::size_t>(digits) - 2 + 100);
  }
  CHECK(series.back().y == std::vector<double>{-14, -14});
}
