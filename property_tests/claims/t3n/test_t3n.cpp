// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <alignproof/claims/certificates.hpp>
#include <alignproof/claims/cut_law.hpp>

#include "claims/made_up.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

CutLaw law_of(const Batch& batch) {
  const FoundCutLaw found = cut_law(batch.data, batch.network);
  INFO(found.why_none);
  REQUIRE(found.law);
  return *found.law;
}

/// The least cosine after the cut of every run on the batch with this name, in units of the law's
/// c*.
Spoil times_the_law(const std::string& name, double factor) {
  return [=](MadeUpRuns& b) {
    if (b.batch.name != name) return;
    const double cosine = factor * law_of(b.batch).least_cosine;
    for (MadeUp& r : b.records) r.min_cos_after = cosine;
  };
}

Spoil in_erf(std::function<void(MadeUp&)> change) {
  return in_records("erf, cut", [change](MadeUp& r, const MadeUpRuns&) { change(r); });
}

}  // namespace

TEST_CASE("T3N: half of the law's cosine is the level, of every network", "[claims]") {
  CHECK(kind("T3N") == holds);
  for (const char* name : {"tanh, cut", "sigmoid, cut", "tanh on samples of unequal length, cut"}) {
    INFO(name);
    CHECK(kind("T3N", times_the_law(name, 0.501)) == holds);
    CHECK(kind("T3N", times_the_law(name, 0.499)) == refuted);
  }
}

TEST_CASE("T3N: a run that does not converge does not count", "[claims]") {
  CHECK(kind("T3N", in_erf([](MadeUp& r) { r.E_end = 0.9e-3; })) == holds);
  CHECK(kind("T3N", in_erf([](MadeUp& r) { r.E_end = 1.1e-3; })) == refuted);
  CHECK(kind("T3N", in_erf([](MadeUp& r) { r.sup_ratio = 1; })) == refuted);
  CHECK(kind("T3N", in_erf([](MadeUp& r) { r.diverged_at = 3; })) == refuted);
  CHECK(kind("T3N", in_erf([](MadeUp& r) { r.min_cos_after = NAN; })) == refuted);
}

TEST_CASE("T3N: relu is shown and not judged", "[claims]") {
  const ClaimRow row = concluded(
      "T3N", in_records("relu, cut", [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 3; }));
  CHECK(row.verdict.kind() == holds);
  CHECK(row.instances == 4);
  CHECK(std::count_if(row.measurements.begin(), row.measurements.end(), [](const Measurement& m) {
          return m.name.find("relu") != std::string::npos && m.value == 0;
        }) == 1);
}

TEST_CASE("T3N: a batch outside the premises is undecided", "[claims]") {
  Settings settings = made_up_settings();
  settings.profile.lambda = 4;  // the step is too large for it
  const ClaimRow row = concluded("T3N", {}, settings);
  CHECK(row.verdict.kind() == undecided);
  CHECK(row.instances == 0);
  CHECK_THAT(row.verdict.detail(), Catch::Contains("outside the premises: eta (lambda + "));
}

TEST_CASE("T3N shows its tightest instance", "[claims]") {
  const ClaimRow row = concluded("T3N", times_the_law("sigmoid, cut", 0.501));
  REQUIRE(row.ratio);
  CHECK(*row.ratio == Approx(1 / 1.002));
  CHECK(*row.bound == Approx(*row.ratio * *row.measured));
}

TEST_CASE("T3N: the three false claims are caught by their numbers, and only then", "[claims]") {
  check_survives("level of $1.25 c^*$", times_the_law("tanh, cut", 1.26));
  CHECK(survivors(times_the_law("tanh, cut", 1.24)).empty());
  check_survives("tanh aligns without",
                 in_records("tanh, no", [](MadeUp& r, const MadeUpRuns&) { r.cos_end = 0.6; }));
  check_survives("whatever", in_records("too large", [](MadeUp& r, const MadeUpRuns& b) {
                   r.min_cos_after = 0.501 * law_of(b.batch).cosine;
                 }));
  CHECK(survivors(in_records("too large", [](MadeUp& r, const MadeUpRuns& b) {
          r.min_cos_after = 0.499 * law_of(b.batch).cosine;
        })).empty());
}

TEST_CASE("certificates of nonlinear networks count for T3N, those of linear ones for T3",
          "[claims]") {
  const TemporaryFolder certificates;
  Settings settings;
  settings.certificates = certificates.path();
  const auto asked_by = [&](const std::string& id) {
    Progress silent;
    Study study(settings, silent);
    claim_named(id).plan(study);
    std::string ids;
    study.fill([](AskedBatch&) {},
               [&](AskedWork& work) {
                 if (work.as<CertificateRecord>()) ids += work.name() + ";";
               });
    return ids;
  };
  CHECK(asked_by("T3") == "certificate identity-cut;certificate isometric-cut;");
  CHECK(asked_by("T3N") ==
        "certificate erf-cut;certificate relu-cut;certificate sigmoid-cut;certificate tanh-cut;");
}

TEST_CASE("what the law says of a cut penalty is what one wide network does", "[claims]") {
  // The penalty that aligns, and a cut after which the cosine is negative.
  Batch batch;
  batch.data =
      make_data({Inputs::gaussian, Targets::network, 2, 2, 220, Activation::sigmoid, 200, 1, 2, 4});
  batch.network.p = 20000, batch.network.activation = Activation::sigmoid;
  batch.network.eta = 0.9, batch.network.penalty = {1, 472}, batch.network.steps = 772;
  const CutLaw law = law_of(batch);
  CHECK(law.cosine > 0.2);
  CHECK(law.cosine_after_cut < -0.2);
  CHECK(law.step_use < 2);
  const auto run = look_at<AlignmentProbe>(make_instance(batch.data, batch.network), Rule::fa,
                                           limit_kernel(Activation::sigmoid, batch.data.X));
  CHECK_FALSE(run.diverged_at);
  CHECK(run.cos_at_cut == Approx(law.cosine).margin(0.03));
  CHECK(run.cos_end == Approx(law.cosine_after_cut).margin(0.03));
}
