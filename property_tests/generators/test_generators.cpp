// SPDX-License-Identifier: Apache-2.0
// The harness itself: shrinking, one replay line, kept cases first, premises counted, every nasty
// case generated.
#include <map>

#include <alignproof/dynamics/instantiations.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("a case survives its replay line, to the bit", "[generators][property]") {
  gen::check_cases("line and back", gen::nasty_case(), [](const gen::Case& c) {
    const gen::Case again = gen::case_from(gen::line(c));
    RC_ASSERT(gen::line(again) == gen::line(c));
    RC_ASSERT(hash(again.instance()) == hash(c.instance()));
    return true;
  });
}

TEST_CASE("the command runs a replay line", "[generators][property]") {
  const test::TemporaryFolder scratch;
  check_property("simulate accepts it", [&] {
    gen::Case c = *gen::nasty_case();
    const std::string line = gen::line(c);
    const auto ended = test::run_program(line.substr(line.find("simulate")), scratch.path());
    RC_ASSERT(ended.exit_code == 0);
  });
}

TEST_CASE("a failing property shrinks to the smallest case, which is kept and tried first",
          "[generators]") {
  const test::TemporaryFolder scratch;
  const auto narrow = [](const gen::Case& c) {
    RC_ASSERT(c.network.p < 5);
    return true;
  };
  const gen::Outcome failed = gen::try_cases("narrow", gen::nasty_case(), narrow, scratch.path());
  REQUIRE(failed.failure.has_value());
  const std::string kept = read_file(scratch.path() / "narrow.cases");
  const gen::Case smallest = gen::case_from(kept);
  CHECK(smallest.network.p == 5);
  CHECK(smallest.data.n == 1);
  CHECK(smallest.network.steps == 1);
  CHECK_THAT(*failed.failure, Catch::Contains(kept.substr(0, kept.size() - 1)));

  // Generated cases alone would pass now; the kept one does not.
  const auto only_one_unit = gen::nasty_case({.p = 1});
  const gen::Outcome again = gen::try_cases("narrow", only_one_unit, narrow, scratch.path());
  REQUIRE(again.failure.has_value());
  CHECK_THAT(*again.failure, Catch::StartsWith("kept case fails: " + kept.substr(0, 20)));
  CHECK(again.tried == 0);
  CHECK_FALSE(gen::try_cases("other name", only_one_unit, narrow, scratch.path()).failure);
}

TEST_CASE("a property whose premise hardly ever holds fails", "[generators]") {
  const test::TemporaryFolder scratch;
  const auto outcome = gen::try_cases(
      "rare", gen::nasty_case(), [](const gen::Case& c) { return c.network.p == 33; },
      scratch.path());
  REQUIRE(outcome.failure.has_value());
  CHECK_THAT(*outcome.failure, Catch::Contains("fewer than one in five"));
}

TEST_CASE("every nasty case is generated", "[generators]") {
  std::map<std::string, int> seen;
  const int total = 600;
  int tried = 0;
  const auto note = [&](const gen::Case& c) {
    const Instance instance = c.instance();
    const Problem<double> problem = problem_from<double>(instance);
    ++tried;
    seen["n = 1"] += c.data.n == 1;
    seen["p = 1"] += c.network.p == 1;
    seen["d < n"] += c.data.d < c.data.n;
    seen["singular K"] +=
        c.data.d < c.data.n || (c.data.inputs == Inputs::repeated && c.data.n > 1);
    seen["nearly singular K"] += c.data.inputs == Inputs::nearly_parallel && c.data.n > 1;
    seen["huge scale"] += c.data.input_scale > 1 || c.network.initial_scale > 1;
    seen["tiny scale"] += c.data.input_scale < 1e-6 || c.network.initial_scale < 1e-6;
    seen["y = 0"] += problem.y.norm() == 0;
    seen["b parallel to beta"] += problem.b == matrix_from<double>(instance.beta0);
    seen["b orthogonal to beta"] += c.network.feedback == Feedback::orthogonal;
    seen["a penalty that never ends"] +=
        c.network.penalty.lambda > 0 && c.network.penalty.cut == Penalty::never;
    seen["a penalty that decays"] += c.network.penalty.decay != Decay::constant;
    seen["several outputs"] += instance.k() > 1;
    Forward<double> at;
    forward(problem, initial_kernel(problem, instance), at);
    seen["e(0) = 0"] += at.e.norm() <= 1e-12 * (1 + problem.y.norm());
    const Matrix<double> M =
        error_operator(problem, at, problem.b, matrix_from<double>(instance.beta0));
    const double edge = c.network.eta * M.operatorNorm() / 2;
    seen["eta at the edge"] += c.rule == Rule::fa && edge > 0.9 && edge < 1.1;
  };
  for (int k = 0; k < total; ++k)
    note(rc::gen::noShrink(gen::nasty_case())(rc::Random(static_cast<std::uint64_t>(k)), 50)
             .value());
  CHECK(tried == total);
  for (const auto& [what, times] : seen) {
    INFO(what << ": " << times << " of " << total);
    CHECK(times >= total / 50);
  }
}
