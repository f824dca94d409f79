// SPDX-License-Identifier: Apache-2.0
// A comparison for programs: JSON and JUnit.
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <alignproof/report/comparison.hpp>

#include "junit.hpp"
#include "read_prose.hpp"

namespace alignproof::inline report {

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
  for (const Change change :
       {Change::same, Change::within, Change::addition, Change::improvement, Change::regression})
    counts[std::string(to_string(change))] = comparison.count(change);
  const OrderedJson document = {{"comparison_version", 1},
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
    suites.back().cases.push_back(
        {item.claim, item.what + (name.empty() ? "" : ": " + name),
         item.change == Change::regression ? detail::Outcome::failed : detail::Outcome::passed,
         std::string(to_string(item.change)), to_line(item), ""});
  }
  return detail::junit_document(suites, {{"before", comparison.before}, {"now", comparison.after}});
}

}  // namespace alignproof::inline report
