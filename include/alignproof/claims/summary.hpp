// SPDX-License-Identifier: Apache-2.0
// Small summaries in which what is no number does not get lost among numbers: once NaN, always NaN.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <alignproof/claims/batch.hpp>

namespace alignproof::inline claims {

/// Along a run.
inline double largest_so_far(double so_far, double value) {
  return std::isnan(so_far) || value <= so_far ? so_far : value;
}
inline double smallest_so_far(double so_far, double value) {
  return std::isnan(so_far) || value >= so_far ? so_far : value;
}

double largest(const std::vector<double>& v);
double smallest(const std::vector<double>& v);
/// Empirical quantile; NaN where a value is not finite.
double quantile_of(const std::vector<double>& v, double q);

/// quantity(record) of each run: a function or a pointer to a member of the record.
template <class Record, class Quantity>
std::vector<double> values(const Runs<Record>& runs, const Quantity& quantity) {
  std::vector<double> v;
  for (const Record& record : runs.records) v.push_back(std::invoke(quantity, record));
  return v;
}

/// How many runs satisfy the predicate.
template <class Record, class Predicate>
std::size_t count(const Runs<Record>& runs, const Predicate& predicate) {
  return static_cast<std::size_t>(
      std::count_if(runs.records.begin(), runs.records.end(), predicate));
}

}  // namespace alignproof::inline claims
