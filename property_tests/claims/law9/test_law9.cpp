// SPDX-License-Identifier: Apache-2.0
#include "claims/mean_field/made_up_fields.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

using SpoilRun = std::function<void(OnsetRun&)>;

VerdictKind with_run(const std::string& name, const SpoilRun& spoil) {
  return field_kind("law9", with_onset(name, [=](OnsetRecord& r) { spoil(r.runs.back()); }));
}

const std::string beyond = "tanh, $\\eta(\\lambda + nL_0^2) > 2$";

FillWork bounded(const std::string& name, const std::function<void(FieldRecord&)>& spoil) {
  return with_field("networks of a bounded activation, " + name, spoil);
}

}  // namespace

TEST_CASE("law9: a network that is not at the onset, or not lost when it should, is undecided",
          "[claims]") {
  CHECK(field_kind("law9") == sampled);
  for (const std::string& name : {std::string("softplus"), std::string("relu"), beyond}) {
    INFO(name);
    CHECK(with_run(name, [](OnsetRun& run) { run.cosine += 6 / std::sqrt(run.p); }) == undecided);
    CHECK(with_run(name, [](OnsetRun& run) { run.cosine += 4 / std::sqrt(run.p); }) == sampled);
    CHECK(with_run(name, [](OnsetRun& run) { run.lost.reset(); }) == undecided);
    CHECK(with_run(name, [](OnsetRun& run) { run.gain = 60; }) == undecided);
    CHECK(with_run(name, [](OnsetRun& run) { run.lost = 1e-3; }) == undecided);  // before the onset
    CHECK(field_kind("law9", with_onset(name, [](OnsetRecord& r) {
                       r.onset.reset();
                       r.runs.clear();
                     })) == undecided);
  }
}

TEST_CASE("law9: kinks may disturb more than rounding, smooth activations may not", "[claims]") {
  const auto early = [](OnsetRun& run) { run.gain = 10; };
  CHECK(with_run("relu", early) == sampled);
  CHECK(with_run("softplus", early) == undecided);
  CHECK(with_run(beyond, early) == undecided);
}

TEST_CASE("law9: a bounded law below its floor or above its bound refutes, a network does not",
          "[claims]") {
  for (const char* name : {"tanh", "erf", "sigmoid"}) {
    INFO(name);
    CHECK(field_kind("law9", bounded(name, [](FieldRecord& r) {
                       r.course[1].error = 0.28 * r.y_norm();  // the floor is 2 |Y| / 7
                     })) == refuted);
    CHECK(field_kind("law9", bounded(name, [](FieldRecord& r) {
                       r.course[1].spectrum(0) = 2.01;
                     })) == refuted);
    CHECK(field_kind("law9", bounded(name, [](FieldRecord& r) {
                       r.runs.front()[2].error[3] = NAN;
                     })) == undecided);
    CHECK(field_kind("law9", bounded(name, [](FieldRecord& r) {
                       r.runs.front()[1].cosine[3] += 0.26;  // 5 / sqrt p = 0.25
                     })) == undecided);
    CHECK(field_kind("law9", bounded(name, [](FieldRecord& r) {
                       // Law and network alike, so that nothing but the floor is missed.
                       for (NetworkSlowRun& run : r.runs.front()) run.error[1] = 0.2 * r.y_norm();
                       r.course[1].error = 2 * r.y_norm() / 7;
                     })) == undecided);
  }
  CHECK(field_kind("law9",
                   with_made_up<LawChecks>("checks of floor that is attained", [](LawChecks& all) {
                     all.checks.front().measured = 1.02;
                   })) == refuted);
}

TEST_CASE("law9: an onset without the penalty and a floor for softplus are refused", "[claims]") {
  CHECK(caught("law9", 0, make_up_fields));
  CHECK_FALSE(caught("law9", 0, with_onset("softplus", [](OnsetRecord& r) {
                       r.runs.back().gain_without_penalty = 30;
                     })));
  CHECK_FALSE(caught("law9", 0, with_onset("softplus", [](OnsetRecord& r) { r.runs.clear(); })));
  CHECK(caught("law9", 1, make_up_fields));
  CHECK_FALSE(caught("law9", 1, with_onset("softplus", [](OnsetRecord& r) {
                       r.onset->error = r.field_case.data.Y.norm();
                     })));
}
