// SPDX-License-Identifier: Apache-2.0
#include <claims/law8/courses.hpp>

#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

FieldPoint point_of(double tau, double cosine, double after_cut) {
  FieldPoint point;
  point.tau = tau, point.cosine = cosine, point.cosine_after_cut = after_cut;
  point.error_estimate = 1e-6;
  return point;
}

/// True courses, of which a test spoils something.
FillWork with_courses(const std::function<void(IsometricCourses&)>& spoil) {
  return [spoil](AskedWork& work) {
    make_up_law(work);
    if (auto* all = work.as<IsometricCourses>()) {
      all->unequal = point_of(3, 0.7, 0.65);
      all->equal = {point_of(1, 0.66, 0.66), point_of(9, 0.88, 0.88), point_of(90, 0.83, 0.83),
                    point_of(900, 0.80, 0.80)};
      spoil(*all);
    }
  };
}
FillWork true_courses() {
  return with_courses([](IsometricCourses&) {});
}
FillWork true_courses_with(const FillWork& others) {
  return [others, courses = true_courses()](AskedWork& work) {
    others(work);
    if (work.as<IsometricCourses>()) courses(work);
  };
}

/// By what the false claim of this number is caught.
std::vector<std::string> caught(std::size_t k, const FillWork& fill) {
  Progress silent;
  Study study(Settings{}, silent);
  const auto conclude = claim_named("law8").false_claims.at(k).plan(study);
  study.fill([](AskedBatch&) {}, fill);
  return conclude().rejection.caught_by;
}

const std::vector<std::string> by_law8 = {"law8"};

}  // namespace

TEST_CASE("law8: every list of checks counts, and a course of tanh that falls again", "[claims]") {
  CHECK(law_kind("law8", true_courses()) == sampled);
  for (const char* name : {"quadrature against differential equation", "late limits"})
    CHECK(law_kind("law8", true_courses_with(one_check_off(name))) == refuted);
  CHECK(law_kind("law8", true_courses_with(one_check_off("particles and networks"))) == undecided);
  CHECK(law_kind("law8", with_courses([](IsometricCourses& all) {
                   all.equal.back().cosine = 0.9;  // it goes on rising
                 })) == refuted);
}

TEST_CASE("what is false about isometric data is refused by courses of tanh", "[claims]") {
  for (std::size_t k = 0; k < 3; ++k) CHECK(caught(k, true_courses()) == by_law8);
  CHECK(caught(0, with_courses([](IsometricCourses& all) {
                 all.unequal.cosine_after_cut = all.unequal.cosine;
               }))
            .empty());
  const FillWork rising =
      with_courses([](IsometricCourses& all) { all.equal.back().cosine = 0.96; });
  CHECK(caught(1, rising).empty());
  CHECK(caught(2, rising).empty());
  CHECK(caught(2, with_courses([](IsometricCourses& all) {
                 for (FieldPoint& point : all.equal) point.cosine += 0.12;  // it falls to 0.92
               }))
            .empty());
  // A fall within the errors of the evaluator is none.
  CHECK(caught(1, with_courses([](IsometricCourses& all) {
                 for (FieldPoint& point : all.equal) point.error_estimate = 0.05;
               }))
            .empty());
}
