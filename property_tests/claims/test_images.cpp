// SPDX-License-Identifier: Apache-2.0
// Without a data set the row of the images is undecided and names the package; it is never left out.
#include <alignproof/claims/claim.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("no data set: undecided, with the package to install", "[claims]") {
  Settings settings;
  settings.image_folder.reset();
  Progress silent;
  const Report report = verify(settings, {"T1-img"}, silent);
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].verdict.kind() == VerdictKind::undecided);
  CHECK_THAT(report.rows[0].verdict.detail(), Catch::Contains("dataset-fashion-mnist"));
}
