// SPDX-License-Identifier: Apache-2.0
// Many reports as one page that needs nothing else, in the style of the report.
#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/report/history.hpp>

#include "history_svg.hpp"
#include "html_parts.hpp"
#include "read_prose.hpp"
#include "words.hpp"

namespace alignproof::embedded {

// Made from reports/templates by cmake/embed.cmake.
extern const std::string_view history_html;
extern const std::string_view history_css;
extern const std::string_view report_css;

}  // namespace alignproof::embedded

namespace alignproof::inline report {

namespace {

using detail::escape_html;

/// What was found of each claim when it was last looked at: of the last report of everything, and
/// of the parts since then.
class LastFound {
 public:
  void add(const Findings& findings) {
    Findings found = findings;
    std::erase_if(found.claims, [](const ClaimFindings& claim) { return !claim.ran; });
    if (!found.part) pieces_.clear();
    for (Findings& piece : pieces_) keep(piece, found, false);
    std::erase_if(pieces_,
                  [](const Findings& piece) { return piece.part && piece.claims.empty(); });
    pieces_.push_back(std::move(found));
  }

  bool is_empty() const { return pieces_.empty(); }

  /// What became of it. Falsehoods, and what no report had, are compared with the oldest piece:
  /// only that may be of everything.
  std::vector<ComparedItem> compare_with(const Findings& now, const Tolerance& tolerance) const {
    std::vector<ComparedItem> items;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      Findings its = now;
      if (i > 0) keep(its, pieces_[i], true), its.refused.clear();
      for (std::size_t j = 1; j < pieces_.size(); ++j)
        if (i == 0) keep(its, pieces_[j], false);
      for (ComparedItem& item : compare(pieces_[i], its, tolerance).items)
        items.push_back(std::move(item));
    }
    return items;
  }

 private:
  /// Of the claims those alone that the others have, or those that they have not.
  static void keep(Findings& findings, const Findings& others, bool had) {
    std::erase_if(findings.claims, [&](const ClaimFindings& claim) {
      return (others.claim(claim.id) != nullptr) != had;
    });
  }

  std::vector<Findings> pieces_;
};

/// What was found, with what became of it since each claim was last looked at.
class History {
 public:
  History(const std::vector<HistoryEntry>& entries, const Tolerance& tolerance)
      : entries_(entries) {
    LastFound before;
    for (const HistoryEntry& entry : entries) {
      auto& moved = movements_.emplace_back();
      if (!is_drawn(entry)) continue;
      for (const ComparedItem& item : before.compare_with(entry.findings, tolerance))
        if (item.what == "constant") moved[{item.claim, item.name}] = {item.change, item.why};
      before.add(entry.findings);
    }
  }

  const std::vector<HistoryEntry>& entries() const { return entries_; }
  const Findings& last() const { return entries_.back().findings; }

  /// Constants are comparable with those of the last report.
  bool is_drawn(const HistoryEntry& entry) const {
    return entry.findings.profile == last().profile && entry.findings.seed == last().seed;
  }

  /// Of the last report, then those that only earlier ones have.
  std::vector<const ClaimFindings*> claims() const {
    std::vector<const ClaimFindings*> all;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
      for (const ClaimFindings& claim : entry->findings.claims)
        if (std::none_of(all.begin(), all.end(), [&](const auto* c) { return c->id == claim.id; }))
          all.push_back(&claim);
    return all;
  }

  /// Of the reports that are drawn, in the same order.
  std::vector<std::string> constants_of(const std::string& id) const {
    std::vector<std::string> names;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      const ClaimFindings* const claim = entry->findings.claim(id);
      if (!claim || !is_drawn(*entry)) continue;
      for (const Constant& constant : claim->constants)
        if (std::find(names.begin(), names.end(), constant.name) == names.end())
          names.push_back(constant.name);
    }
    return names;
  }

  std::vector<detail::StripCell> strip(const std::string& id) const {
    std::vector<detail::StripCell> cells;
    for (const auto& [label, findings] : entries_) {
      const ClaimFindings* const claim = findings.claim(id);
      const bool ran = claim && claim->ran;
      cells.push_back({label, ran ? std::optional(claim->verdict.kind) : std::nullopt});
    }
    return cells;
  }

  std::vector<detail::SparkPoint> points(const std::string& id, const std::string& name) const {
    std::vector<detail::SparkPoint> points;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      auto& point = points.emplace_back(detail::SparkPoint{entries_[i].label, {}, {}});
      const ClaimFindings* const claim = entries_[i].findings.claim(id);
      if (!claim || !is_drawn(entries_[i])) continue;
      for (const Constant& constant : claim->constants)
        if (constant.name == name && constant.value) point.constant = constant;
      const auto moved = movements_[i].find({id, name});
      if (moved != movements_[i].end()) point.since = moved->second;
    }
    return points;
  }

 private:
  const std::vector<HistoryEntry>& entries_;
  std::vector<std::map<std::pair<std::string, std::string>, Movement>> movements_;
};

const detail::SparkPoint* first_of(const std::vector<detail::SparkPoint>& points) {
  for (const detail::SparkPoint& point : points)
    if (point.constant) return &point;
  return nullptr;
}

const detail::SparkPoint* last_of(const std::vector<detail::SparkPoint>& points) {
  const detail::SparkPoint* last = nullptr;
  for (const detail::SparkPoint& point : points)
    if (point.constant) last = &point;
  return last;
}

bool has_moved(const std::vector<detail::SparkPoint>& points) {
  return std::any_of(points.begin(), points.end(), [](const detail::SparkPoint& point) {
    return point.since.change != Change::same && point.since.change != Change::addition;
  });
}

std::string typeset(const Constant& constant) {
  std::string words = detail::typeset_number(*constant.value);
  if (constant.interval)
    words += fmt::format("<span class=\"under\">[{}, {}]</span>",
                         detail::typeset_number(constant.interval->first),
                         detail::typeset_number(constant.interval->second));
  return words;
}

std::string spark_row(const std::string& name, const std::vector<detail::SparkPoint>& points) {
  const detail::SparkPoint *first = first_of(points), *last = last_of(points);
  const std::string at_first =
      first == last ? ""
                    : fmt::format("<span class=\"under\">{}: {}</span>", escape_html(first->label),
                                  detail::typeset_number(*first->constant->value));
  const std::string gone =
      last == &points.back()
          ? ""
          : fmt::format("<span class=\"under\">last in {}</span>", escape_html(last->label));
  return fmt::format(
      "<li><span class=\"name\">{}{}</span>{}<span class=\"last\">{}{}</span></li>\n",
      detail::read_prose_to_html(name), at_first,
      detail::spark_svg(detail::read_prose_to_text(name), points, name == "ratio"),
      typeset(*last->constant), gone);
}

std::string still_row(const std::string& name, const Constant& constant) {
  return fmt::format("<tr><td>{}</td><td class=\"number\">{}</td></tr>\n",
                     detail::read_prose_to_html(name), typeset(constant));
}

/// Those that moved as curves, the others folded into a table; nothing for a claim without any.
std::string claim_history(const History& history, const ClaimFindings& claim,
                          const std::string& anchor) {
  std::string moving, still;
  std::size_t count = 0;
  for (const std::string& name : history.constants_of(claim.id)) {
    const auto points = history.points(claim.id, name);
    const detail::SparkPoint* const last = last_of(points);
    if (!last) continue;
    if (has_moved(points) || last != &points.back()) {
      moving += spark_row(name, points);
    } else {
      still += still_row(name, *last->constant);
      ++count;
    }
  }
  if (moving.empty() && still.empty()) return "";
  std::string out =
      fmt::format("<div class=\"history{}\" id=\"{}\">\n<h3><span class=\"id\">{}</span>{}</h3>\n",
                  moving.empty() ? " quiet" : "", anchor, escape_html(claim.id),
                  detail::read_prose_to_html(claim.title));
  if (!moving.empty()) out += "<ul class=\"sparks\">\n" + moving + "</ul>\n";
  if (!still.empty())
    out += fmt::format(
        "<details class=\"still\"><summary>{} {}</summary>\n<table class=\"detail\"><tbody>\n{}"
        "</tbody></table></details>\n",
        count, count == 1 ? "constant that did not move" : "constants that did not move", still);
  return out + "</div>\n";
}

std::string strip_row(const History& history, const ClaimFindings& claim, const std::string& anchor,
                      bool has_section) {
  const auto cells = history.strip(claim.id);
  const std::string id = escape_html(claim.id);
  return fmt::format("<li><span class=\"id\">{}</span>{}{}</li>\n",
                     has_section ? fmt::format("<a href=\"#{}\">{}</a>", anchor, id) : id,
                     detail::strip_svg(cells),
                     cells.back().kind ? detail::badge(*cells.back().kind)
                                       : std::string("<span class=\"badge\">absent</span>"));
}

std::string against(const LastFound& before, const Findings& now, const Tolerance& tolerance) {
  if (before.is_empty()) return "–";
  ReportComparison comparison;
  comparison.items = before.compare_with(now, tolerance);
  std::string words;
  const auto add = [&](Change change, const char* word) {
    if (const std::size_t count = comparison.count(change); count > 0)
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, word);
  };
  add(Change::regression, "worse");
  add(Change::improvement, "better");
  add(Change::addition, "new");
  add(Change::not_run, "not run in one of them");
  add(Change::within, "within intervals");
  return words.empty() ? "all the same" : words;
}

std::string named(const std::vector<std::pair<std::string, std::string>>& pairs,
                  const std::string& name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return "–";
}

std::string table_of_reports(const std::vector<HistoryEntry>& entries, const Tolerance& tolerance) {
  std::string rows;
  LastFound before;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Findings& found = entries[i].findings;
    rows += fmt::format(
        "<tr><td class=\"number\">{}</td><th scope=\"row\">{}</th><td>{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        i + 1, escape_html(entries[i].label), escape_html(found.profile), found.seed.value_or(0),
        found.version, escape_html(named(found.versions, "alignproof")),
        escape_html(named(found.environment, "wall time")),
        escape_html(against(before, found, tolerance)));
    before.add(found);
  }
  return rows;
}

std::string key_of_verdicts() {
  constexpr std::array kinds = {VerdictKind::proved,  VerdictKind::exact,     VerdictKind::holds,
                                VerdictKind::sampled, VerdictKind::undecided, VerdictKind::refuted,
                                VerdictKind::invalid};
  std::string out = "From the first report to the last:";
  for (const VerdictKind kind : kinds) out += " " + detail::badge(kind);
  return out + " <span class=\"badge\">absent</span>";
}

/// How many claims ended with another verdict than they began with.
std::string summary_of(const History& history) {
  std::size_t weaker = 0, stronger = 0, fresh = 0, gone = 0;
  const auto claims = history.claims();
  for (const ClaimFindings* claim : claims) {
    const auto cells = history.strip(claim->id);
    const auto &first = cells.front().kind, &last = cells.back().kind;
    fresh += !first && last ? 1u : 0u;
    gone += first && !last ? 1u : 0u;
    weaker += first && last && *last > *first ? 1u : 0u;
    stronger += first && last && *last < *first ? 1u : 0u;
  }
  return fmt::format(
      "{} claims. From the first report to the last {} became weaker, {} stronger, {} came and {} "
      "went.",
      claims.size(), weaker, stronger, fresh, gone);
}

std::string title_of(const std::vector<HistoryEntry>& entries) {
  const std::string last = escape_html(entries.back().label);
  return entries.size() == 1 ? "1 report, " + last
                             : fmt::format("{} reports, {} to {}", entries.size(),
                                           escape_html(entries.front().label), last);
}

}  // namespace

std::string history_to_html(const std::vector<HistoryEntry>& entries, const Tolerance& tolerance) {
  if (entries.empty()) throw std::logic_error("a history of no reports");
  const History history(entries, tolerance);
  std::vector<ClaimRow> rows;  // their ids, for the anchors
  const auto claims = history.claims();
  for (const ClaimFindings* claim : claims) rows.emplace_back().text.id = claim->id;
  const std::vector<std::string> anchors = detail::anchors_of(rows);
  std::string strips, constants;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::string section = claim_history(history, *claims[i], anchors[i]);
    strips += strip_row(history, *claims[i], anchors[i], !section.empty());
    constants += section;
  }
  const auto left_out = std::count_if(entries.begin(), entries.end(),
                                      [&](const auto& e) { return !history.is_drawn(e); });
  std::string marks = fmt::format(
      "A ring marks where it moved: {} a regression, {} an improvement. In the curve of a ratio a "
      "dashed line marks 1.",
      detail::ring_svg(Change::regression), detail::ring_svg(Change::improvement));
  if (left_out > 0)
    marks += fmt::format(" {} of another profile or seed {} left out of the curves.",
                         left_out == 1 ? "1 report" : fmt::format("{} reports", left_out),
                         left_out == 1 ? "is" : "are");
  return detail::fill(embedded::history_html,
                      {{"style", std::string(embedded::report_css)},
                       {"own", std::string(embedded::history_css)},
                       {"title", title_of(entries)},
                       {"profile", escape_html(history.last().profile)},
                       {"seed", std::to_string(history.last().seed.value_or(0))},
                       {"summary", summary_of(history)},
                       {"key", key_of_verdicts()},
                       {"strips", strips},
                       {"marks", marks},
                       {"constants", constants},
                       {"reports", table_of_reports(entries, tolerance)}});
}

}  // namespace alignproof::inline report
