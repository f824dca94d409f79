// SPDX-License-Identifier: Apache-2.0
// Exponents of a quantity in the width or in the number of samples: one slope a tuple of runs, the
// exact interval of their median.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/refused.hpp>
#include <alignproof/claims/study.hpp>
#include <alignproof/claims/three_way.hpp>
#include <alignproof/format/report.hpp>
#include <alignproof/statistics/fit.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof::inline claims {

enum class Variable { width, samples };
double value_of(Variable variable, const Batch& batch);

/// A run has a place on a power law: it did not diverge, and its quantity is positive.
bool has_exponent(const Run& run, double quantity);

/// Of quantity(runs, record), or of a member of the record; nothing if a run diverged or the
/// quantity is not positive somewhere.
template <class Record, class Quantity>
std::optional<MedianSlope> exponent_over(const std::vector<Handle<Runs<Record>>>& batches,
                                         Variable variable, const Quantity& quantity,
                                         double level) {
  std::vector<double> x;
  std::vector<std::vector<double>> y;
  for (const Handle<Runs<Record>>& runs : batches) {
    x.push_back(value_of(variable, runs->batch));
    y.emplace_back();
    for (const Record& record : runs->records) {
      if constexpr (std::is_invocable_v<Quantity, const Runs<Record>&, const Record&>)
        y.back().push_back(std::invoke(quantity, *runs, record));
      else
        y.back().push_back(std::invoke(quantity, record));
      if (!has_exponent(record, y.back().back())) return std::nullopt;
    }
  }
  return median_slope(x, y, level);
}

/// "The exponent is below `limit`": holds, refuted or undecided, by the limits of the interval.
VerdictKind below(const MedianSlope& slope, double limit);
/// "It lies between": the same on both sides.
VerdictKind between(const MedianSlope& slope, double low, double high);

/// What such a test may say wrongly. Its power is the smaller of two: refuting `alternative`, the
/// exponent of a named false claim, and holding if the exponent is `claimed`; both fixed
/// beforehand.
StatisticalTest exponent_test(const std::string& claim, const std::string& what,
                              const MedianSlope& slope, double limit, double claimed,
                              double alternative);

Measurement measured_exponent(const std::string& name, const MedianSlope& slope,
                              const std::string& note);

/// How much more a quantity would grow over the widths with one exponent than with another: below 1
/// is safe.
double growth_ratio(const Batch& first, const Batch& last, double exponent, double allowed);
inline constexpr const char* growth_ratio_label =
    "$p_{\\max}/p_{\\min}$ to the power measured - bound: growth over the widths against what the "
    "margin allows";

/// "The exponent is at most `limit`" (or `at_least` that), which is false; -1/2 is the true one.
struct RefusedExponent {
  std::string id;
  std::string name;
  double limit = 0;
  bool at_least = false;
};
Refused refuse_exponent(const RefusedExponent& claim, const std::optional<MedianSlope>& slope);

}  // namespace alignproof::inline claims
