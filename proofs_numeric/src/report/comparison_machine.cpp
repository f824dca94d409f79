// SPDX-License-Identifier: Apache-2.0
// A comparison for programs: JSON and JUnit.
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <alignproof/report/comparison.hpp>

#include "junit.hpp"
#include "read_prose.hpp"

namespace alignproof::inline report {

namespace {

detail::Outcome outcome_of(Change change) {
  switch (change) {
    case Change::same:
    case Change::within:
    case Change::addition:
    case Change::improvement:
      return detail::Outcome::passed;
    case Change::not_run:
      return detail::Outcome::skipped;
    case Change::regression:
      return detail::Outcome::failed;
  }
  throw std::logic_error("no such change");
}

}  // namespace

std::string to_json(const ReportComparison& comparison) {
  using OrderedJson = nlohmann::ordered_json;
  OrderedJson items = OrderedJson::array(), timings = OrderedJson::array();
  for (const ComparedItem& item : comparison.items)
    items.push_back({{"claim", item.claim},
                     {"what", item.what},
                     {"name", item.name},
                     {"change", to_string(item.change)},
                     {"before", item.before},
                     {"now", item.after},
                     {"why", item.why}});
  for (const auto& [name, before, after] : comparison.timings)
    timings.push_back({{"name", name}, {"before", before}, {"now", after}});
  OrderedJson counts = OrderedJson::object();
  for (const Change change : {Change::same, Change::within, Change::not_run, Change::addition,
                              Change::improvement, Change::regression})
    counts[std::string(to_string(change))] = comparison.count(change);
  const OrderedJson document = {{"comparison_version", 2},
                                {"before", comparison.before},
                                {"now", comparison.after},
                                {"relative_tolerance", comparison.tolerance.relative},
                                {"absolute_tolerance", comparison.tolerance.absolute},
                                {"has_regression", comparison.has_regression()},
                                {"counts", counts},
                                {"remarks", comparison.remarks},
                                {"items", items},
                                {"timings", timings}};
  return document.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string to_junit(const ReportComparison& comparison) {
  std::vector<detail::JunitSuite> suites;
  for (const ComparedItem& item : comparison.items) {
    if (suites.empty() || suites.back().name != item.claim) suites.push_back({item.claim, {}});
    const std::string name = detail::read_prose_to_text(item.name);
    suites.back().cases.push_back({item.claim, item.what + (name.empty() ? "" : ": " + name),
                                   outcome_of(item.change), std::string(to_string(item.change)),
                                   to_line(item), ""});
  }
  return detail::junit_document(suites, {{"before", comparison.before}, {"now", comparison.after}});
}

}  // namespace alignproof::inline report
