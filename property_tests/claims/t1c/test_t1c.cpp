// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

Spoil times_power_of_samples(double MadeUp::*quantity, double exponent) {
  return in_records("samples ", [=](MadeUp& r, const MadeUpRuns& b) {
    r.*quantity *= std::pow(static_cast<double>(b.batch.data.X.rows()), exponent);
  });
}

}  // namespace

TEST_CASE("T1c: each constant, in p and in n, and the premise", "[claims]") {
  CHECK(kind("T1c") == holds);
  const auto wider = [](double MadeUp::*quantity, double exponent) {
    return in_records("width ", [=](MadeUp& r, const MadeUpRuns& b) {
      r.*quantity *= std::pow(static_cast<double>(b.batch.network.p), exponent);
    });
  };
  for (double MadeUp::*quantity : {&MadeUp::w_displacement, &MadeUp::beta_displacement}) {
    CHECK(kind("T1c", wider(quantity, 0.2)) == holds);
    CHECK(kind("T1c", wider(quantity, 0.3)) == refuted);
    CHECK(kind("T1c", times_power_of_samples(quantity, 0.3)) == refuted);
    CHECK(kind("T1c", in_records("width 128", [=](MadeUp& r, const MadeUpRuns&) {
                 r.*quantity = 0;
               })) == undecided);
  }
  for (const char* part : {"width 512", "samples 4"})
    CHECK(kind("T1c", in_first(part, [](MadeUp& r, const MadeUpRuns&) { r.violation = 4; })) ==
          undecided);
  CHECK(kind("T1c", [](MadeUpRuns& b) {
          if (b.batch.name == "width 512") b.limit.largest_eigenvalue = 50;
        }) == undecided);
}

TEST_CASE("T1c: a false claim is caught by its numbers, and only then", "[claims]") {
  check_survives("of order $1/p$", power_of_width("width ", &MadeUp::beta_displacement, -0.8));
}
