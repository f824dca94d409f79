// SPDX-License-Identifier: Apache-2.0
// certify says whether the theorem speaks of the instance that it proves something about.
#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("certify tells instances of T1 and T3 from those beyond them", "[cli]") {
  const test::TemporaryFolder scratch;
  int folders = 0;
  const auto said = [&](const std::string& options) {
    const std::string folder = (scratch.path() / std::to_string(++folders)).string();
    const auto ended =
        test::run_program("certify " + options + " --no-check --out " + folder, scratch.path());
    INFO(ended.err);
    CHECK(ended.exit_code == 3);
    return ended.out;
  };
  const std::string small = "--n 2 --d 10 --width 400 --steps 600 ";
  CHECK_THAT(said(small), Catch::Contains("inside the premises of T1 and T2\n"));
  CHECK_THAT(said(small + "--activation identity"),
             Catch::Contains("beyond the premises of T1 and T2: identity is not bounded"));
  const std::string arctan = said("--n 3 --d 20 --width 800 --steps 400 --activation arctan");
  CHECK_THAT(arctan, Catch::Contains("not claimed: T1: activation = 'arctan'") &&
                         Catch::Contains("premises of T1 and T2 not decided: arctan has no limit"));
  const std::string cut = "--n 3 --d 30 --width 200 --lambda 1 --cut 200 --steps 1500 ";
  CHECK_THAT(said(cut + "--inputs isometric --activation identity"),
             Catch::Contains("inside the premises of T3\n"));
  const std::string sphere = said(cut + "--activation tanh");
  CHECK_THAT(sphere, Catch::Contains("inside the premises of T3N\n"));
  CHECK_THAT(said(cut + "--activation identity"),
             Catch::Contains("beyond the premises of T3: K has "));
}
