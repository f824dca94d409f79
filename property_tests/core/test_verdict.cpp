// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <alignproof/core/columns.hpp>
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
  // Documents that do not say it of the one certificate that was meant, and no document.
  for (const char* script :
       {"another_program_says_proved", "says_proved_of_two", "says_proved_but_undecided",
        "says_proved_of_another_hash", "says_proved_in_lines"}) {
    INFO(script);
    CHECK(kind_after(script) == VerdictKind::undecided);
  }
  const std::string checker = ALIGNPROOF_TEST_DATA "/core/says_proved";
  const Verdict other = Verdict::proved(CheckReceipt::obtain(checker, ".", "another hash"));
  CHECK(other.kind() == VerdictKind::undecided);
  CHECK_THAT(other.detail(), Catch::Contains("altered since"));
  CHECK(Verdict::proved(CheckReceipt::obtain(checker, ".", "")).kind() == VerdictKind::undecided);
  CHECK(Verdict::proved(CheckReceipt::obtain("/bin/true", ".", "5eed")).kind() ==
        VerdictKind::undecided);
  const Verdict proved = Verdict::proved(CheckReceipt::obtain(checker, ".", "5eed"));
  CHECK(proved.text() == "proved (checker; conditional on the state at the checkpoint)");
  CHECK(proved.label() == "proved*");
  const Verdict whole = Verdict::proved(
      CheckReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/says_proved_from_start", ".", "5eed"));
  CHECK(whole.text() == "proved (checker)");
  CHECK(whole.label() == "proved");
}

namespace {

CheckReceipt checker_says(const std::string& script) {
  return CheckReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/" + script, "folder", "5eed");
}

FormalReceipt formal_says(const std::string& script) {
  return FormalReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/" + script, "folder", "5eed");
}

Verdict of_both(const std::string& checker, const std::string& formal) {
  return Verdict::proved(checker_says(checker), formal_says(formal));
}

}  // namespace

TEST_CASE("the formal checker adds its route, or why it cannot decide, and proves nothing alone",
          "[core]") {
  const Verdict both = of_both("says_proved_from_start", "formally_proved_from_start");
  CHECK(both.text() == "proved (checker, formal)");
  CHECK(both.routes() == std::vector{Route::checker, Route::formal});
  CHECK(both.label() == "proved");
  CHECK(of_both("says_proved", "formally_proved").text() ==
        "proved (checker, formal; conditional on the state at the checkpoint)");
  const Verdict alone = of_both("says_proved_from_start", "says_undecided");
  CHECK(alone.text() == "proved (checker; formal: undecided: no evaluator of gelu)");
  CHECK(alone.routes() == std::vector{Route::checker});
  CHECK(alone.not_formal() == "undecided: no evaluator of gelu");
  CHECK(alone.label() == "proved");
  const Verdict only_formal = of_both("says_undecided", "formally_proved_from_start");
  CHECK(only_formal.kind() == VerdictKind::undecided);
  CHECK(only_formal.routes().empty());
  CHECK_THAT(only_formal.detail(), Catch::EndsWith("; alignproof-check-formal proves it"));
  // Neither decides; the folder that one calls malformed the other does not call proved.
  CHECK(of_both("says_undecided", "says_undecided").kind() == VerdictKind::undecided);
  CHECK(of_both("says_fails", "says_malformed").kind() == VerdictKind::undecided);
}

TEST_CASE("checkers that contradict each other, or a formal one that breaks, leave no verdict",
          "[core]") {
  const std::string proved = "says_proved_from_start", formally = "formally_proved_from_start";
  for (const auto& [checker, formal] :
       std::vector<std::pair<std::string, std::string>>{{proved, "says_malformed"},
                                                        {proved, "says_fails"},
                                                        {proved, "says_internal_error"},
                                                        {proved, "killed_by_signal"},
                                                        {proved, "no_such_program"},
                                                        {proved, "formally_proved"},
                                                        {"says_proved", formally},
                                                        {"says_fails", formally},
                                                        {"says_malformed", formally},
                                                        {"killed_by_signal", formally},
                                                        {"says_undecided", "says_internal_error"},
                                                        {"says_fails", "killed_by_signal"}}) {
    INFO(checker << " against " << formal);
    CHECK_THROWS_AS(of_both(checker, formal), Disagreement);
    CHECK_THROWS_WITH(of_both(checker, formal), Catch::Contains("certificate in 'folder'"));
  }
  // Another certificate than was meant.
  const auto other =
      FormalReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/" + formally, "folder", "another");
  CHECK_THROWS_AS(Verdict::proved(checker_says(proved), other), Disagreement);
}

TEST_CASE("one checker in the place of the other is not two", "[core]") {
  const std::string checker = "says_proved_from_start", formal = "formally_proved_from_start";
  CHECK(checker_says(checker).accepted());
  CHECK_FALSE(checker_says(formal).accepted());
  CHECK(formal_says(formal).accepted());
  CHECK_FALSE(formal_says(checker).accepted());
  CHECK_FALSE(formal_says("says_proved_in_lines").accepted());
  CHECK_THROWS_WITH(of_both(checker, checker),
                    Catch::StartsWith("the formal checker gives no verdict about the certificate"));
  CHECK_THROWS_AS(of_both(formal, formal), Disagreement);
}

TEST_CASE("a receipt has a line for each fact, and text for people", "[core]") {
  const CheckReceipt receipt = checker_says("says_proved_from_start");
  CHECK(receipt.lines() ==
        std::vector<std::string>{"object: o", "read: certificate.json with SHA-256 5eed",
                                 "checked: in ball arithmetic of 128 bits",
                                 "implies: proved: by Theorems A and B", "trusted: t"});
  CHECK(receipt.text() == std::vector<std::string>{"for people"});
  CHECK_FALSE(receipt.conditional());
  CHECK(checker_says("says_proved").conditional());
  // Of the other checker, and of a program that prints no document, the lines are folded.
  CHECK(formal_says("formally_proved_from_start").text() ==
        std::vector<std::string>{"object: o", "read: certificate.json with SHA-256 5eed",
                                 "checked: by the checker that Coq's extraction wrote, from X",
                                 "implies: proved: by Theorem A", "trusted: t"});
  CHECK(checker_says("says_fails").text() == std::vector<std::string>{"fails: (A.10) by 0.5"});
}

TEST_CASE("text in columns", "[core]") {
  const std::string text = "alpha beta\ngamma\x7f delta";
  CHECK(wrapped(text, 10) == std::vector<std::string>{"alpha beta", "gamma", "delta"});
  CHECK(wrapped("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrapped("\xce\xb1\xce\xb2\xce\xb3 \xce\xb4", 2) ==
        std::vector<std::string>{"\xce\xb1\xce\xb2", "\xce\xb3", "\xce\xb4"});
  CHECK(wrapped("", 5).empty());
  const auto behind = wrapped_behind("head:", std::string(70, 'x') + " " + text, 8);
  CHECK(behind == std::vector<std::string>{"head:   " + std::string(70, 'x'),
                                           "        alpha beta gamma delta"});
  CHECK(wrapped_behind("head:", "", 8) == std::vector<std::string>{"head:   "});
  CHECK(pad_left("ab", 4) == "  ab");
  CHECK(pad_right("abc", 2) == "abc");
}

TEST_CASE("several that are proved have the routes of all and a condition of any", "[core]") {
  const Verdict both = of_both("says_proved_from_start", "formally_proved_from_start"),
                alone = of_both("says_proved_from_start", "says_undecided"),
                conditional = of_both("says_proved", "formally_proved");
  CHECK(worst({both, both}).text() == "proved (checker, formal)");
  CHECK(worst({both, alone}).text() == alone.text());
  CHECK(worst({alone, both}).text() == alone.text());
  CHECK(worst({both, conditional}).label() == "proved*");
  CHECK(worst({both, Verdict::sampled("cases")}).text() == "sampled (cases)");
}

TEST_CASE("errors quote the value and say what is accepted", "[core]") {
  CHECK(std::string(InputError("eta", "-1", "a finite number > 0").what()) ==
        "eta = -1 is not accepted: give a finite number > 0");
}
