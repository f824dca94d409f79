// SPDX-License-Identifier: Apache-2.0
// A violation is confirmed at more digits, without tolerance, or it is not one.
#include <alignproof/claims/run_record.hpp>

#include <alignproof/claims/settings.hpp>
#include <alignproof/network/data.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("a rate that is too fast is violated, in doubles and at 50 digits alike", "[claims]") {
  const Dynamics dynamics;
  NetworkSpec spec;
  spec.p = 60, spec.steps = 20;
  const Instance instance = make_instance(make_data({}), spec);
  // gamma = 4/eta would mean that the error vanishes in one step; a tiny gamma is true of this run
  const double absurd = 4 / instance.eta - 1e-9, tiny = 1e-3;
  const auto measured = [&](double gamma) {
    LimitKernel limit;
    limit.Gbar = Matrix<double>::Identity(5, 5), limit.gamma = gamma;
    return measure_run(instance, Rule::fa, limit, Detail::alignment, dynamics.in_double);
  };
  const RunRecord record = measured(absurd);
  REQUIRE(record.violation == 0u);
  CHECK(violation_confirmed(instance, Rule::fa, absurd, 0, 50, dynamics.in_mpfr));
  CHECK_FALSE(measured(tiny).violation.has_value());
  CHECK_FALSE(violation_confirmed(instance, Rule::fa, tiny, 0, 50, dynamics.in_mpfr));
}
