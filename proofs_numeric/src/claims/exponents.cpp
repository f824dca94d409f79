// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/exponents.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace alignproof::inline claims {

double value_of(Variable variable, const Batch& batch) {
  return static_cast<double>(variable == Variable::width ? batch.network.p : batch.data.X.rows());
}

bool has_exponent(const Run& run, double quantity) {
  return !run.diverged_at && quantity > 0 && std::isfinite(quantity);
}

VerdictKind below(const MedianSlope& slope, double limit) {
  return three_way(slope.upper<limit, slope.lower> limit);
}

VerdictKind between(const MedianSlope& slope, double low, double high) {
  return three_way(slope.upper < high && slope.lower > low,
                   slope.lower > high || slope.upper < low);
}

StatisticalTest exponent_test(const std::string& claim, const std::string& what,
                              const MedianSlope& slope, double limit, double claimed,
                              double alternative) {
  const double power = std::min(power_of_lower_above(slope, alternative, limit),
                                power_of_upper_below(slope, claimed, limit));
  return {claim,
          what,
          slope.tuples,
          2 * slope.level,
          fmt::format("an exponent of {:g} is refuted at the margin {:g}, one of {:g} holds",
                      alternative, limit, claimed),
          power};
}

Measurement measured_exponent(const std::string& name, const MedianSlope& slope,
                              const std::string& note) {
  return {
      name, slope.exponent, std::pair(slope.lower, slope.upper), note,
      IntervalKind::instance};  // the slope over these widths and data, not that of p -> infinity
}

double growth_ratio(const Batch& first, const Batch& last, double exponent, double allowed) {
  const double factor = static_cast<double>(last.network.p) / static_cast<double>(first.network.p);
  return std::pow(factor, exponent - allowed);
}

Refused refuse_exponent(const RefusedExponent& claim, const std::optional<MedianSlope>& slope) {
  Refused refused{{Rejection::Kind::false_claim, claim.name, {}, "a run diverged"}, {}};
  if (!slope) return refused;
  const bool caught = claim.at_least ? slope->upper < claim.limit : slope->lower > claim.limit;
  if (caught) refused.rejection.caught_by = {claim.id};
  refused.rejection.detail =
      fmt::format("exponent in [{:.2f}, {:.2f}], claimed {} {:.2f}", slope->lower, slope->upper,
                  claim.at_least ? ">=" : "<=", claim.limit);
  refused.tests = {{claim.id, "false claim: " + claim.name, slope->tuples, 2 * slope->level,
                    "an exponent of -0.5, the true one, refutes it",
                    claim.at_least ? power_of_upper_below(*slope, -0.5, claim.limit)
                                   : power_of_lower_above(*slope, -0.5, claim.limit)}};
  return refused;
}

}  // namespace alignproof::inline claims
