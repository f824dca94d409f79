// SPDX-License-Identifier: Apache-2.0
// A comparison for a terminal of 80 columns.
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/comparison.hpp>

#include "read_prose.hpp"
#include "words.hpp"

namespace alignproof::inline report {

namespace {

constexpr std::size_t columns = 80, claim_width = 10, verdict_width = 26;

std::string wrapped_at(const std::string& text, std::size_t margin, const std::string& head) {
  std::string out;
  for (const std::string& line : detail::wrapped(text, columns - margin))
    out += (out.empty() ? detail::pad_right(head, margin) : std::string(margin, ' ')) + line + "\n";
  return out;
}

std::string count_of(std::size_t count) {
  return count == 0 ? "–" : std::to_string(count);
}

/// How many things of a claim became what.
struct Counts {
  std::string verdict;
  std::map<Change, std::size_t> changes;

  bool all_same() const { return changes.size() == 1 && changes.contains(Change::same); }
  bool all_not_run() const { return changes.size() == 1 && changes.contains(Change::not_run); }
};

std::string counts_line(const std::string& claim, const std::string& verdict,
                        const std::vector<std::string>& cells) {
  std::string line =
      detail::pad_right(detail::shortened(claim, claim_width - 1), claim_width) +
      detail::pad_right(detail::shortened(verdict, verdict_width - 1), verdict_width);
  for (const std::string& cell : cells) line += detail::pad_left(cell, 8);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string verdict_change(const ComparedItem& item) {
  const auto kind = [](const std::string& words) { return words.substr(0, words.find(' ')); };
  if (item.before.empty()) return "new: " + kind(item.after);
  if (item.after.empty()) return kind(item.before) + " → missing";
  return kind(item.before) == kind(item.after)
             ? kind(item.before)
             : fmt::format("{} → {}", kind(item.before), kind(item.after));
}

/// A line for each claim in which something is another than before.
std::string table_of_claims(const ReportComparison& comparison) {
  std::vector<std::string> order;
  std::map<std::string, Counts> claims;
  for (const ComparedItem& item : comparison.items) {
    if (!claims.contains(item.claim)) order.push_back(item.claim);
    Counts& counts = claims[item.claim];
    ++counts.changes[item.change];
    if (item.what == "verdict" && item.name.empty()) counts.verdict = verdict_change(item);
  }
  std::string out = counts_line("claim", "verdict", {"same", "within", "new", "better", "worse"}) +
                    std::string(columns, '-') + "\n";
  std::size_t untouched = 0;
  std::erase_if(order, [&](const std::string& id) { return claims[id].all_not_run(); });
  for (const std::string& id : order) {
    Counts& counts = claims[id];
    if (counts.all_same()) {
      ++untouched;
      continue;
    }
    std::vector<std::string> cells;
    for (const Change change :
         {Change::same, Change::within, Change::addition, Change::improvement, Change::regression})
      cells.push_back(count_of(counts.changes[change]));
    out += counts_line(id, counts.verdict, cells);
  }
  if (untouched > 0)
    out += wrapped_at(fmt::format("{}{} the same in all that was compared.",
                                  untouched == order.size() ? "All of " : "",
                                  untouched == 1 ? "1 is" : fmt::format("{} are", untouched)),
                      0, "");
  return out;
}

/// A regression of a claim that has many fills no screen: the rest is counted.
constexpr std::size_t most_listed = 12;

std::string listed(const ReportComparison& comparison, Change change, const char* heading) {
  if (comparison.count(change) == 0) return "";
  std::string out = fmt::format("\n{} ({})\n", heading, comparison.count(change));
  std::map<std::string, std::size_t> seen;
  for (const ComparedItem& item : comparison.items) {
    if (item.change != change || ++seen[item.claim] > most_listed) continue;
    const std::string name = detail::read_prose_to_text(item.name);
    out += wrapped_at(item.what + (name.empty() ? "" : ": " + name), claim_width + 2,
                      "  " + detail::shortened(item.claim, claim_width - 1));
    std::string step = item.after.empty()    ? item.before
                       : item.before.empty() ? item.after
                                             : item.before + " → " + item.after;
    out += wrapped_at(fmt::format("{}; {}", step, item.why), claim_width + 4, "");
  }
  for (const auto& [claim, count] : seen)
    if (count > most_listed)
      out += fmt::format("  {}: {} more, which --format json lists\n",
                         detail::shortened(claim, claim_width), count - most_listed);
  return out;
}

/// What one of the two did not look at, in one line for each: claims by name, falsehoods counted.
std::string not_run_in_text(const ReportComparison& comparison) {
  std::string out;
  for (const bool is_now : {true, false}) {
    std::vector<std::string> names;
    std::size_t falsehoods = 0;
    for (const ComparedItem& item : comparison.items) {
      if (item.change != Change::not_run || item.after.empty() != is_now) continue;
      if (item.what == "falsehood")
        ++falsehoods;
      else
        names.push_back(item.claim);
    }
    const std::size_t count = names.size() + falsehoods;
    if (falsehoods > 0)
      names.push_back(fmt::format("{} falsehood{}", falsehoods, falsehoods == 1 ? "" : "s"));
    if (count > 0)
      out += "\n" + wrapped_at(fmt::format("Not run {} ({}): {}", is_now ? "now" : "before", count,
                                           fmt::join(names, ", ")),
                               0, "");
  }
  return out;
}

std::string timings_in_text(const ReportComparison& comparison) {
  if (comparison.timings.empty()) return "";
  std::string out = "\nMachine and time (never a regression)\n";
  for (const auto& [name, before, after] : comparison.timings)
    out += wrapped_at(before == after ? before : before + " → " + after, 16,
                      "  " + detail::shortened(name, 13));
  return out;
}

std::string in_all(const ReportComparison& comparison) {
  const std::size_t worse = comparison.count(Change::regression),
                    left_out = comparison.count(Change::not_run);
  const std::string found = worse == 0   ? "No regression"
                            : worse == 1 ? "1 REGRESSION"
                                         : fmt::format("{} REGRESSIONS", worse);
  return "\n" +
         wrapped_at(fmt::format(
                        "{} in {} things compared: {} the same, {} within intervals, {} "
                        "better, {} new.{}",
                        found, comparison.compared(), comparison.count(Change::same),
                        comparison.count(Change::within), comparison.count(Change::improvement),
                        comparison.count(Change::addition),
                        left_out == 0 ? "" : fmt::format(" Not run in one of them: {}.", left_out)),
                    0, "");
}

}  // namespace

std::string to_text(const ReportComparison& comparison) {
  std::string out =
      wrapped_at(comparison.before, 8, "before") + wrapped_at(comparison.after, 8, "now") +
      wrapped_at(fmt::format("numbers are the same up to {:g} relative or {:g} absolute",
                             comparison.tolerance.relative, comparison.tolerance.absolute),
                 8, "");
  for (const std::string& remark : comparison.remarks) out += wrapped_at(remark, 8, "note");
  out += "\n" + table_of_claims(comparison) +
         listed(comparison, Change::regression, "Regressions") +
         listed(comparison, Change::improvement, "Improvements") +
         listed(comparison, Change::within, "Moved, but within intervals that overlap") +
         listed(comparison, Change::addition, "New") + not_run_in_text(comparison) +
         timings_in_text(comparison);
  return out + in_all(comparison);
}

}  // namespace alignproof::inline report
