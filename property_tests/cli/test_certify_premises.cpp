// SPDX-License-Identifier: Apache-2.0
// certify says whether the theorem speaks of the instance that it proves something about.
#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("certify tells instances of T1 and T3 from those beyond them", "[cli]") {
  const test::TemporaryFolder scratch;
  const auto said = [&](const std::string& options) {
    const auto ended = test::run_program(
        "certify " + options + " --no-check --out " + (scratch.path() / "c").string(),
        scratch.path());
    INFO(ended.err);
    CHECK(ended.exit_code == 3);
    return ended.out;
  };
  const std::string small = "--n 2 --d 10 --width 400 --steps 600 ";
  CHECK_THAT(said(small), Catch::Contains("inside the premises of T1 and T2\n"));
  CHECK_THAT(said(small + "--activation identity"),
             Catch::Contains("beyond the premises of T1 and T2: identity is not bounded"));
  const std::string cut = "--n 2 --d 2 --width 400 --lambda 1 --cut 200 --steps 1200 ";
  CHECK_THAT(said(cut + "--inputs isometric --activation identity"),
             Catch::Contains("inside the premises of T3\n"));
  const std::string sphere = said(cut + "--activation tanh");
  CHECK_THAT(sphere, Catch::Contains("beyond the premises of T3: tanh is not linear; K has "));
}
