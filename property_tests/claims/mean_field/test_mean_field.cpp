// SPDX-License-Identifier: Apache-2.0
#include <claims/mean_field/gap_exponents.hpp>
#include <claims/mean_field/nearer.hpp>

#include "claims/mean_field/made_up_fields.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("a false law is refused where significantly few networks are nearer to it", "[claims]") {
  const auto caught_at = [](std::size_t nearer) {
    return !refuse_nearer({"law7", "a false law", nearer, 480}, 1e-10).rejection.caught_by.empty();
  };
  CHECK(caught_at(0));
  CHECK(caught_at(120));
  CHECK(caught_at(170));
  CHECK_FALSE(caught_at(180));
  CHECK_FALSE(caught_at(240));
  CHECK_FALSE(caught_at(480));
  const StatisticalTest test = refuse_nearer({"law7", "a false law", 0, 480}, 1e-10).tests.front();
  CHECK(test.power > 0.999);
  CHECK(test.alpha == 2e-10);
}

TEST_CASE("a network that diverged is near to no law", "[claims]") {
  FieldRecord record;
  record.field_case.data.Y = Matrix<double>::Constant(1, 1, 1);
  record.times = {1};
  make_up_course(record);
  NetworkSlowRun run{{{0.5}, {record.course.front().error}, NAN, NAN, std::nullopt}, {0.5}, NAN};
  CHECK(distance(run, record.course, 1) == 0);
  record.runs = {{run}};
  std::vector<FieldPoint> wrong = record.course;
  wrong.front().cosine = 0.6;
  CHECK(nearer_to(record, wrong) == 0);
  CHECK(nearer_to_cosine_after_cut(record, 0.9) == 1);  // it has none
  record.runs.front().front().error = {NAN};
  CHECK(std::isnan(gaps(record).front().front()));
  CHECK(nearer_to(record, wrong) == 1);
}
