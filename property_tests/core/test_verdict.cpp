// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <alignproof/core/error.hpp>
#include <alignproof/core/verdict.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("the worst verdict stands: invalid > refuted > undecided > sampled > holds > exact",
          "[core][property]") {
  const std::vector<Verdict> ordered = {Verdict::exact(""),   Verdict::holds(""),
                                        Verdict::sampled(""), Verdict::undecided(""),
                                        Verdict::refuted(""), Verdict::invalid("")};
  check_property("worst() of any selection is its last in the order", [&] {
    const auto picks =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6)));
    std::vector<Verdict> chosen;
    for (int k : picks) chosen.push_back(ordered[static_cast<std::size_t>(k)]);
    RC_ASSERT(
        worst(chosen).kind() ==
        ordered[static_cast<std::size_t>(*std::max_element(picks.begin(), picks.end()))].kind());
  });
  CHECK(worst({}).kind() == VerdictKind::undecided);
}

TEST_CASE("exit codes: 2 before 1 before 3 before 0", "[core]") {
  const Verdict fine = Verdict::sampled(""), refuted = Verdict::refuted(""),
                undecided = Verdict::undecided(""), invalid = Verdict::invalid("");
  CHECK(exit_code({fine}) == 0);
  CHECK(exit_code({fine, undecided}) == 3);
  CHECK(exit_code({undecided, refuted, fine}) == 1);
  CHECK(exit_code({refuted, invalid, undecided}) == 2);
  CHECK(exit_code({}) == 3);
}

namespace {

/// A shell script in the place of the checker.
VerdictKind kind_after(const std::string& script) {
  return Verdict::proved(CheckReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/" + script, ".", "5eed"))
      .kind();
}

}  // namespace

TEST_CASE("proved comes from a checker that says so of this certificate and from nothing else",
          "[core]") {
  CHECK(kind_after("says_proved") == VerdictKind::proved);
  CHECK(kind_after("says_proved_exits_1") == VerdictKind::undecided);
  CHECK(kind_after("killed_by_signal") == VerdictKind::undecided);
  CHECK(kind_after("no_such_program") == VerdictKind::undecided);
  const std::string checker = ALIGNPROOF_TEST_DATA "/core/says_proved";
  const Verdict other = Verdict::proved(CheckReceipt::obtain(checker, ".", "another hash"));
  CHECK(other.kind() == VerdictKind::undecided);
  CHECK_THAT(other.detail(), Catch::Contains("altered since"));
  CHECK(Verdict::proved(CheckReceipt::obtain(checker, ".", "")).kind() == VerdictKind::undecided);
  CHECK(Verdict::proved(CheckReceipt::obtain("/bin/true", ".", "5eed")).kind() ==
        VerdictKind::undecided);
  const Verdict proved = Verdict::proved(CheckReceipt::obtain(checker, ".", "5eed"));
  CHECK_THAT(proved.text(), Catch::Contains("conditional on the state at the checkpoint"));
  CHECK(proved.label() == "proved*");
  const Verdict whole = Verdict::proved(
      CheckReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/says_proved_from_start", ".", "5eed"));
  CHECK(whole.text() == "proved");
  CHECK(whole.label() == "proved");
}

TEST_CASE("errors quote the value and say what is accepted", "[core]") {
  CHECK(std::string(InputError("eta", "-1", "a finite number > 0").what()) ==
        "eta = -1 is not accepted: give a finite number > 0");
}
