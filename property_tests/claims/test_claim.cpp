// SPDX-License-Identifier: Apache-2.0
// A claim from outside the library: its own probe, false claim, figure and settings.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/core/error.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

/// |beta(0)| of a run, which nobody in the library measures.
struct FirstBeta {
  static constexpr bool only_start = true;
  struct Record {
    double first_beta = 0;
  };
  explicit FirstBeta(const RunContext&) {}
  void observe(const Moment& now) {
    if (now.t == 0) record.first_beta = now.state.beta.norm();
  }
  Record finish(const Outcome&) { return record; }
  Record record;
};

using SeenRun = Seen<FirstBeta>;

Batch batch_of(Study& study) {
  Batch batch;
  batch.name = "first beta";
  batch.data = study.data({});
  batch.network.p = 400;
  batch.seeds = study.profile().seeds;
  return batch;
}

/// "|beta(0)| / sqrt p lies within `margin` of 1 with probability at least 1 - delta."
JudgedRuns judged_within(const Runs<SeenRun>& runs, double margin) {
  const double root_p = std::sqrt(static_cast<double>(runs.batch.network.p));
  return judged(runs, [=](const SeenRun& run) {
    return success_if(std::abs(run.first_beta / root_p - 1) <= margin);
  });
}

Premises no_premises(const RunSet&) {
  return {};
}

Claim outside_claim(double margin) {
  Claim claim;
  claim.text.id = "outside";
  claim.text.title = "The first weights have their size";
  claim.plan = [margin](Study& study) -> Conclusion {
    return [share = share_wanted(study.profile()), margin,
            runs = study.want<FirstBeta>(batch_of(study))](ClaimRow& row) {
      conclude_shares(share, {judged_within(*runs, margin)}, no_premises, row);
      row.measured = largest(values(*runs, &SeenRun::first_beta));
    };
  };
  claim.false_claims = {{.place = 1, .plan = [](Study& study) -> std::function<Refused()> {
                           return [share = share_wanted(study.profile()),
                                   runs = study.want<FirstBeta>(batch_of(study))] {
                             return refuse_share(share,
                                                 {"outside", "the first weights are of one length"},
                                                 judged_within(*runs, 1e-6));
                           };
                         }}};
  claim.figures = {
      {.place = 1, .plan = [](Study& study) -> std::function<std::vector<Figure>()> {
         return [runs = study.want<FirstBeta>(batch_of(study))]() -> std::vector<Figure> {
           Figure figure;
           figure.id = "first beta";
           figure.series = {
               {"$|\\beta(0)|$", Series::Style::points, {1}, {runs->records.front().first_beta}}};
           return {figure};
         };
       }}};
  claim.settings = [](const Profile& profile) -> std::vector<SettingLine> {
    return {{"seeds of the outside claim", fmt::format("{}", profile.seeds)}};
  };
  return claim;
}

Report verified(double margin, Refuse refuse = {}) {
  Progress silent;
  const std::vector<Claim> claims = {outside_claim(margin)};
  return verify(Settings{}, claims, silent, refuse);
}

}  // namespace

TEST_CASE("a claim from outside is verified like one of the library's", "[claims]") {
  const Report report = verified(0.2, {.false_claims = true});
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].text.id == "outside");
  CHECK(report.rows[0].verdict.kind() == VerdictKind::holds);
  CHECK(report.rows[0].measured.value() > 19);  // |beta(0)| is about 20
  CHECK(report.rows[0].tests.size() == 1);
  REQUIRE(report.rejections.size() == 1);
  CHECK(report.rejections[0].caught_by == std::vector<std::string>{"outside"});
  CHECK(report.tests.size() == 2);
  REQUIRE(report.figures.size() == 1);
  CHECK(report.figures[0].series[0].y[0] > 15);
  CHECK(std::count(report.settings.begin(), report.settings.end(),
                   SettingLine("seeds of the outside claim", "175")) == 1);
  CHECK(exit_code(verdicts_of(report)) == 0);
}

TEST_CASE("a claim from outside that is false is refuted, with a seed to replay", "[claims]") {
  const Report report = verified(1e-6);
  CHECK(report.rows[0].verdict.kind() == VerdictKind::refuted);
  CHECK_THAT(report.rows[0].results[0].replay, Catch::StartsWith("alignproof simulate"));
  CHECK(report.rejections.empty());  // false claims are tried where that is asked for
  CHECK(exit_code(verdicts_of(report)) == 1);
}

TEST_CASE("what a claim from outside throws says which claim it was", "[claims]") {
  const auto ends_with = [](std::function<Conclusion(Study&)> plan) {
    Claim claim = outside_claim(0.2);
    claim.plan = std::move(plan);
    Progress silent;
    verify(Settings{}, std::vector{claim}, silent);
  };
  const auto conclusion = [](auto error) {
    return [error](Study&) -> Conclusion { return [error](ClaimRow&) { throw error; }; };
  };
  CHECK_THROWS_WITH(ends_with([](Study&) -> Conclusion { throw std::runtime_error("broken"); }),
                    "claim outside: broken");
  CHECK_THROWS_WITH(ends_with(conclusion(std::logic_error("broken"))), "claim outside: broken");
  CHECK_THROWS_WITH(ends_with([](Study&) -> Conclusion { return nullptr; }),
                    "claim outside: its plan returns no conclusion");
  Claim figure = outside_claim(0.2);
  figure.figures[0].plan = [](Study&) { return nullptr; };
  Progress silent;
  CHECK_THROWS_WITH(verify(Settings{}, std::vector{figure}, silent),
                    "claim outside: its plan returns no conclusion");
  // What is asked too early is an error of the claim's author.
  CHECK_THROWS_WITH(ends_with([](Study& study) -> Conclusion {
                      const auto one = study.want("one", 1, [] { return 1; });
                      return [now = *one](ClaimRow&) { static_cast<void>(now); };
                    }),
                    "claim outside: asked for 'one' before the study ran");
  // Input that is not accepted, and a system that lacks something, stay what they were.
  CHECK_THROWS_AS(ends_with(conclusion(InputError("x", "'y'", "z"))), InputError);
  CHECK_THROWS_AS(ends_with(conclusion(std::system_error(1, std::generic_category()))),
                  std::system_error);
}

TEST_CASE("a row keeps the id of its claim", "[claims]") {
  Claim claim = outside_claim(0.2);
  claim.plan = [](Study&) -> Conclusion { return [](ClaimRow& row) { row.text.id = "T1"; }; };
  Progress silent;
  CHECK(verify(Settings{}, std::vector{claim}, silent).rows.at(0).text.id == "outside");
}
