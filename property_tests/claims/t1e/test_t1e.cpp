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

TEST_CASE("T1e: the bound of the remainder, and its order", "[claims]") {
  CHECK(kind("T1e") == holds);
  const auto in_runs = [](std::function<void(MadeUp&)> change) {
    return in_records("overparameterised", [change](MadeUp& r, const MadeUpRuns&) { change(r); });
  };
  CHECK(kind("T1e", in_runs([](MadeUp& r) { r.sup_v = 0.999; })) == holds);
  CHECK(kind("T1e", in_runs([](MadeUp& r) { r.sup_v = 1.001; })) == refuted);
  CHECK(kind("T1e", in_runs([](MadeUp& r) { r.diverged_at = 3; })) == refuted);
  CHECK(kind("T1e", in_runs([](MadeUp& r) { r.sup_v = 0; })) == refuted);
  // One step far above its bound is a counterexample; one within rounding of it is a failed seed.
  const auto one = [](double share) {
    return in_first("overparameterised: sphere",
                    [share](MadeUp& r, const MadeUpRuns&) { r.sup_v = share; });
  };
  CHECK(kind("T1e", one(1.5)) == refuted);
  CHECK(kind("T1e", one(1.01)) == undecided);
  const auto order = [](double exponent, double spread = 0) {
    return kind("T1e", [=](MadeUpRuns& b) {
      if (b.batch.name.find("step size") == std::string::npos) return;
      for (std::size_t s = 0; s < b.records.size(); ++s) {
        const double place =
            static_cast<double>(s) / static_cast<double>(b.records.size() - 1) - 0.5;
        b.records[s].v0 = std::pow(b.batch.network.eta, exponent + spread * place);
      }
    });
  };
  CHECK(order(1.95) == holds);
  CHECK(order(2.05) == holds);
  CHECK(order(1.85) == refuted);
  CHECK(order(2.15) == refuted);
  CHECK(order(1.9, 0.1) == undecided);
  CHECK(order(2.1, 0.1) == undecided);
  CHECK(kind("T1e", in_first("step size", [](MadeUp& r, const MadeUpRuns&) { r.v0 = 0; })) ==
        undecided);
}
