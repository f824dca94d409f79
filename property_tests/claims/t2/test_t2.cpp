// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

}  // namespace

TEST_CASE("T2: level, exponents, premise and control", "[claims]") {
  CHECK(kind("T2") == holds);
  for (const double level : {4.99, 5.01})
    CHECK(kind("T2", in_records("overparameterised", [=](MadeUp& r, const MadeUpRuns& b) {
                 r.sup_cos = level / std::sqrt(static_cast<double>(b.batch.network.p));
               })) == (level < 5 ? holds : refuted));
  CHECK(kind("T2", in_records("overparameterised",
                              [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 3; })) == refuted);
  // Only the widths without a penalty: their names end in a digit.
  const auto free_widths = [](double MadeUp::*quantity, double exponent, double spread = 0) {
    const Spoil all = power_of_width("width ", quantity, exponent, spread);
    return [all](MadeUpRuns& b) {
      if (b.batch.name.find("kept") == std::string::npos) all(b);
    };
  };
  CHECK(kind("T2", free_widths(&MadeUp::sup_cos, -0.3)) == holds);
  CHECK(kind("T2", free_widths(&MadeUp::sup_cos, -0.2)) == refuted);
  CHECK(kind("T2", free_widths(&MadeUp::sup_cos, -0.25, 0.2)) == undecided);
  CHECK(kind("T2", free_widths(&MadeUp::D, 0.2)) == holds);
  CHECK(kind("T2", free_widths(&MadeUp::D, 0.3)) == refuted);
  CHECK(kind("T2", free_widths(&MadeUp::D, 0.25, 0.2)) == undecided);
  CHECK(kind("T2", in_first("width 512", [](MadeUp& r, const MadeUpRuns&) { r.violation = 4; })) ==
        undecided);
  CHECK(kind("T2", [](MadeUpRuns& b) {
          if (b.batch.name == "width 512") b.limit.largest_eigenvalue = 50;
        }) == undecided);
  // A control that looks like the claim shows that the test sees nothing.
  CHECK(kind("T2", power_of_width("kept", &MadeUp::sup_cos, -0.5)) == undecided);
  CHECK(kind("T2", power_of_width("kept", &MadeUp::D, 0)) == undecided);
  CHECK(kind("T2", in_first("kept", [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 4; })) ==
        undecided);
}

TEST_CASE("T2: a false claim is caught by its numbers, and only then", "[claims]") {
  check_survives("does not depend on $p$", power_of_width("width ", &MadeUp::sup_cos, -0.2));
}
