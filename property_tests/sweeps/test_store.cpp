// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/store.hpp>

#include <vector>

#include <alignproof/core/error.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("stores are joined only where they agree", "[sweeps]") {
  const test::TemporaryFolder scratch;
  const Sweep sweep = read_sweep("name = \"a\"\n[run]\nwidth = [10, 20]\n", "full");
  RunStore whole(scratch.path() / "whole", sweep, "engine");
  RunResult first, other;
  first.end.loss = 1, other.end.loss = 2;
  whole.add(0, first, 1);
  RunStore part(scratch.path() / "part", sweep, "engine");
  part.add(0, first, 5), part.add(1, other, 5);
  whole.merge(part);
  CHECK(whole.done() == std::vector<bool>{true, true});
  CHECK(whole.finished()[1].end.loss == 2);
  SECTION("another result of the same run") {
    RunStore contrary(scratch.path() / "contrary", sweep, "engine");
    contrary.add(0, other, 1);
    CHECK_THROWS_AS(whole.merge(contrary), InputError);
    CHECK(whole.finished()[0].end.loss == 1);
  }
  SECTION("another engine") {
    RunStore elsewhere(scratch.path() / "elsewhere", sweep, "another engine");
    CHECK_THROWS_AS(whole.merge(elsewhere), InputError);
  }
  SECTION("another grid") {
    const Sweep wider = read_sweep("name = \"a\"\n[run]\nwidth = [10, 30]\n", "full");
    RunStore another(scratch.path() / "another", wider, "engine");
    CHECK_THROWS_AS(whole.merge(another), InputError);
    CHECK(whole.take(another) == 0);
    // All or none: the first of these runs is new there, the second has another result there.
    const Sweep turned = read_sweep("name = \"a\"\n[run]\nwidth = [30, 10]\n", "full");
    RunStore third(scratch.path() / "third", turned, "engine");
    third.add(0, first, 1), third.add(1, other, 1);
    another.add(0, first, 1);
    CHECK_THROWS_AS(another.take(third), InputError);
    CHECK(another.done() == std::vector<bool>{true, false});
  }
}
