// SPDX-License-Identifier: Apache-2.0
#include <claims/law10/learning_time.hpp>

#include "claims/mean_field/made_up_fields.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

const std::string fa = "feedback alignment on its slow time",
                  own = "backpropagation on its own slow time";

/// Runs that follow the law on a slow time of their own, faster by (p / least width)^power.
FillWork faster(const std::string& name, double power) {
  return with_field(name, [=](FieldRecord& record) {
    for (std::size_t w = 0; w < record.runs.size(); ++w) {
      const double factor = std::pow(record.widths[w] / record.widths.front(), power);
      for (NetworkSlowRun& run : record.runs[w])
        for (std::size_t k = 0; k < record.times.size(); ++k)
          run.error[k] = made_up_error(record, record.times[k] * factor);
    }
  });
}

}  // namespace

TEST_CASE("law10: steps grow like sqrt p and like p, and distances fall", "[claims]") {
  CHECK(field_kind("law10") == holds);
  for (const double power : {-0.35, 0.35}) CHECK(field_kind("law10", faster(fa, power)) == refuted);
  CHECK(field_kind("law10", faster(own, 0.35)) == refuted);
  for (const std::string& name : {fa, own})
    CHECK(field_kind("law10", with_field(name, [](FieldRecord& r) {  // never below the level
                       for (NetworkSlowRun& run : r.runs.back()) run.error.back() = r.y_norm();
                     })) == refuted);
  CHECK(field_kind("law10", with_field(bp_on_tau,
                                       [](FieldRecord& r) { keep_at_start(r, -0.2); })) == refuted);
  CHECK(field_kind("law10", with_field(own, [](FieldRecord& r) {
                     beside_law(r, power_of_p(r, -0.2));
                   })) == refuted);
}

TEST_CASE("law10: backpropagation that is not stable at the start counts as no instance",
          "[claims]") {
  for (const std::string& name : {bp_on_tau, own}) {
    const ClaimRow row =
        filled_row("law10", with_field(name, [](FieldRecord& r) { r.first_layer = 2; }));
    CHECK(row.verdict.kind() == undecided);
    CHECK(row.instances + 1 == filled_row("law10", make_up_fields).instances);
  }
}

TEST_CASE("law10: that backpropagation learns on the slow time of feedback alignment is refused",
          "[claims]") {
  CHECK(caught("law10", 0, make_up_fields));
  CHECK_FALSE(caught("law10", 0, with_field(bp_on_tau, [](FieldRecord& r) {
                       beside_law(r, power_of_p(r, -0.5));
                     })));
}

TEST_CASE("law10: the time after which an error stays below a level", "[claims]") {
  const std::vector<double> times = {0, 1, 2, 3};
  const auto time = [&](std::vector<double> error) {
    NetworkSlowRun run;
    run.error = std::move(error);
    return time_below(run, times, 1, 0.01);
  };
  CHECK(time({3, 2, 0.5, 0.1}) == Approx(1 + 2.0 / 3));
  CHECK(time({3, 0.5, 2, 0.5}) == Approx(2 + 2.0 / 3));  // not the first time
  CHECK(time({0.9, 0.5, 0.4, 0.3}) == 0.01);
  CHECK(time({3, 2, 0.5, 1}) == INFINITY);
  CHECK(time({3, 2, 0.5, NAN}) == INFINITY);
}
