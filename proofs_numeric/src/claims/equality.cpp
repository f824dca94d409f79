// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/equality.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace alignproof::inline claims {

namespace {

/// log10 of a number >= 0, also far below the range of doubles; zero counts as the last digit, and
/// what is no number is above every bound.
double log10_of(const Mpfr& a, unsigned digits) {
  if (!(a >= 0)) return INFINITY;
  return a > 0 ? to_double(log10(a)) : -static_cast<double>(digits);
}

void require(const Precisions& precisions) {
  const auto& digits = precisions.digits;
  const bool ascending =
      std::adjacent_find(digits.begin(), digits.end(), std::greater_equal<>()) == digits.end();
  if (digits.size() < 2 || !ascending || digits.front() < min_digits || digits.back() > max_digits)
    throw InputError("digits of an equality", fmt::format("'{}'", fmt::join(digits, ", ")),
                     fmt::format("two or more, ascending, from {} to {}", min_digits, max_digits));
}

void require(const EqualityRecord& record, const Precisions& precisions) {
  const std::size_t wanted = precisions.digits.size();
  if (record.distance.size() != wanted ||
      (!record.rounding.empty() && record.rounding.size() != wanted))
    throw InputError("equality",
                     fmt::format("'{}' with {} distances and {} bounds of rounding", record.name,
                                 record.distance.size(), record.rounding.size()),
                     fmt::format("{} distances and as many bounds, or none", wanted));
}

double expected_shrinkage(const Precisions& precisions) {
  return static_cast<double>(precisions.digits.back()) -
         static_cast<double>(precisions.digits.front());
}

double shrinkage(const EqualityRecord& record) {
  return record.distance.front() - record.distance.back();
}

bool looks_like_rounding(const EqualityRecord& record, const Precisions& precisions) {
  bool fine = shrinkage(record) >= expected_shrinkage(precisions) - precisions.digits_lost;
  for (double distance : record.distance) fine = fine && distance < INFINITY;
  for (std::size_t k = 0; k < record.rounding.size(); ++k)
    fine = fine && record.distance[k] <= record.rounding[k];
  return fine;
}

Verdict verdict_of(const EqualityRecord& record, const Precisions& precisions) {
  const std::string words =
      fmt::format("10^{:.1f} at {} digits, 10^{:.1f} at {}", record.distance.front(),
                  precisions.digits.front(), record.distance.back(), precisions.digits.back());
  if (!looks_like_rounding(record, precisions))
    return Verdict::refuted(words + "; " + record.replay);
  return record.complete ? Verdict::sampled(words)
                         : Verdict::undecided("the evaluation ended early; " + record.replay);
}

/// The case that comes closest to its bound of rounding stands in the row.
void show_rounding(const std::vector<EqualityRecord>& records, ClaimRow& row) {
  const auto share = [](const EqualityRecord& r) { return r.distance.back() - r.rounding.back(); };
  const auto closest =
      std::max_element(records.begin(), records.end(),
                       [&](const auto& a, const auto& b) { return share(a) < share(b); });
  double most = -INFINITY;
  for (const EqualityRecord& record : records) most = std::max(most, record.distance.back());
  row.measured = std::pow(10, most);
  row.measured_label = fmt::format("largest residual at {} digits", row.digits);
  row.bound = std::pow(10, closest->rounding.back());
  row.bound_label = "derived rounding bound of the case that comes closest";
  row.ratio = std::pow(10, share(*closest));
  row.ratio_label = "largest residual / bound over the cases";
}

void show_shrinkage(double least, const Precisions& precisions, ClaimRow& row) {
  row.bound = std::pow(10, -expected_shrinkage(precisions) + precisions.digits_lost);
  row.bound_label = fmt::format("shrinkage from {} to {} digits", precisions.digits.front(),
                                precisions.digits.back());
  row.measured = std::pow(10, -least);
  row.measured_label = "largest quotient of the gaps at the two precisions";
  row.ratio = *row.measured / *row.bound;
}

}  // namespace

void EqualityRecord::add(unsigned digits, const Discrepancy& found) {
  distance.push_back(log10_of(found.distance, digits));
  if (found.rounding) rounding.push_back(log10_of(*found.rounding, digits));
  complete = complete && found.complete;
}

void conclude_equality(const std::vector<EqualityRecord>& records, const Precisions& precisions,
                       ClaimRow& row) {
  require(precisions);
  std::vector<Verdict> verdicts;
  double least = INFINITY;
  bool all_bounded = !records.empty();
  for (const EqualityRecord& record : records) {
    require(record, precisions);
    verdicts.push_back(verdict_of(record, precisions));
    row.results.push_back({record.name, verdicts.back(), record.replay});
    least = std::min(least, shrinkage(record));
    all_bounded = all_bounded && !record.rounding.empty();
  }
  row.instances = row.seeds = records.size();
  row.digits = precisions.digits.back();
  row.verdict = worst(verdicts);
  if (row.verdict.kind() == VerdictKind::sampled)
    row.verdict = Verdict::sampled(
        fmt::format("{} cases, residuals shrink by 10^{:.1f} or more from {} to {} digits",
                    verdicts.size(), least, precisions.digits.front(), precisions.digits.back()));
  if (all_bounded)
    show_rounding(records, row);
  else if (!records.empty())
    show_shrinkage(least, precisions, row);
}

Conclusion plan_equality(Study& study, const std::vector<EqualityCase>& cases,
                         const Precisions& precisions) {
  require(precisions);
  std::vector<Handle<EqualityRecord>> handles;
  for (const EqualityCase& c : cases)
    handles.push_back(study.want("equality " + c.name, c.cost, [c, digits = precisions.digits] {
      EqualityRecord record{c.name, c.replay, {}, {}, true};
      for (unsigned each : digits) {
        const ScopedDigits guard(each);
        record.add(each, c.evaluate());
      }
      return record;
    }));
  return [handles, precisions](ClaimRow& row) {
    std::vector<EqualityRecord> records;
    for (const Handle<EqualityRecord>& record : handles) records.push_back(*record);
    conclude_equality(records, precisions, row);
  };
}

}  // namespace alignproof::inline claims
