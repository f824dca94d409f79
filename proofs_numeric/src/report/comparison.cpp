// SPDX-License-Identifier: Apache-2.0
// What became of each verdict, constant, instance and falsehood from one report to another.
#include <alignproof/report/comparison.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "read_prose.hpp"
#include "words.hpp"

namespace alignproof::inline report {

namespace {

/// How much of two reports can be compared.
enum class Scope { all, other_seed, other_profile };

Scope scope_of(const Findings& before, const Findings& after) {
  const bool profiles = !before.profile.empty() && !after.profile.empty();
  if (profiles && before.profile != after.profile) return Scope::other_profile;
  const bool seeds = before.seed && after.seed;
  return seeds && *before.seed != *after.seed ? Scope::other_seed : Scope::all;
}

bool are_near(double a, double b, const Tolerance& tolerance) {
  if (a == b) return true;
  const double size = std::max(std::abs(a), std::abs(b));
  return std::abs(a - b) <= std::max(tolerance.absolute, tolerance.relative * size);
}

bool are_near(const std::optional<double>& a, const std::optional<double>& b,
              const Tolerance& tolerance) {
  return a.has_value() == b.has_value() && (!a || are_near(*a, *b, tolerance));
}

bool has_same_ends(const Constant& a, const Constant& b, const Tolerance& tolerance) {
  return a.interval.has_value() == b.interval.has_value() &&
         (!a.interval || (are_near(a.interval->first, b.interval->first, tolerance) &&
                          are_near(a.interval->second, b.interval->second, tolerance)));
}

constexpr const char *verdict = "verdict", *instance = "instance", *constant = "constant",
                     *extent = "extent", *falsehood = "falsehood", *ratio = "ratio";

/// "proved (checker, formal)", "proved from a checkpoint on (checker)", "holds"
std::string in_words(const VerdictFound& found) {
  std::string words(to_string(found.kind));
  if (found.conditional) words += " from a checkpoint on";
  if (!found.routes.empty()) words += fmt::format(" ({})", fmt::join(found.routes, ", "));
  return words;
}

bool lacks_a_route(const VerdictFound& found, const VerdictFound& other) {
  return std::any_of(other.routes.begin(), other.routes.end(), [&](const std::string& route) {
    return std::find(found.routes.begin(), found.routes.end(), route) == found.routes.end();
  });
}

/// By the order of verdicts; of two that are proved, one from a checkpoint on is weaker, and then
/// one that lacks a route of the other, where both say by which routes.
Movement from_to(const VerdictFound& before, const VerdictFound& after, bool with_routes) {
  const auto weaker = [&] {
    return Movement{Change::regression,
                    after.detail.empty()
                        ? "weaker"
                        : "weaker: " + one_line(detail::read_prose_to_text(after.detail))};
  };
  const Movement stronger = {Change::improvement, "stronger"};
  if (before.kind != after.kind) return before.kind < after.kind ? weaker() : stronger;
  if (!with_routes) return {};
  if (before.conditional != after.conditional) return after.conditional ? weaker() : stronger;
  if (lacks_a_route(after, before)) return {Change::regression, "a route less"};
  return lacks_a_route(before, after) ? Movement{Change::improvement, "a route more"} : Movement();
}

/// How many digits tell two numbers apart; at least four.
int digits_between(double a, double b) {
  constexpr int least = 4, most = 17;
  if (a == b || !std::isfinite(a) || !std::isfinite(b)) return least;
  for (int digits = least; digits < most; ++digits)
    if (fmt::format("{:.{}g}", a, digits) != fmt::format("{:.{}g}", b, digits)) return digits + 1;
  return most;
}

std::string number_in_words(const std::optional<double>& value, int digits) {
  if (!value) return "none";
  const std::string plain = detail::short_number(*value);
  const bool is_whole = *value == std::trunc(*value) && std::abs(*value) < 1e6;
  return is_whole || !std::isfinite(*value) ? plain : fmt::format("{:.{}g}", *value, digits);
}

std::string constant_in_words(const Constant& found, const Constant& other) {
  const bool both = found.value && other.value;
  const int digits = both ? digits_between(*found.value, *other.value) : 4;
  std::string words = number_in_words(found.value, digits);
  if (found.interval)
    words += fmt::format(" [{}, {}]", number_in_words(found.interval->first, 4),
                         number_in_words(found.interval->second, 4));
  return words;
}

/// "moved by 3.2 %", or by how much where it was zero.
std::string distance(double before, double after) {
  if (before == 0) return fmt::format("moved by {}", detail::short_number(after - before));
  const double percent = 100 * (after - before) / std::abs(before);
  return fmt::format("moved by {}{:.3g} %", percent > 0 ? "+" : "", percent);
}

/// The larger a ratio, the nearer to its bound.
Movement ratio_movement(const Constant& before, const Constant& after, const Tolerance& tolerance) {
  if (!before.value || !after.value) return movement(before, after, tolerance);
  if (*before.value <= 1 && *after.value > 1) return {Change::regression, "crossed 1"};
  if (*before.value > 1 && *after.value <= 1) return {Change::improvement, "crossed 1"};
  if (are_near(*before.value, *after.value, tolerance)) return {};
  return *after.value > *before.value ? Movement{Change::regression, "nearer to its bound"}
                                      : Movement{Change::improvement, "farther from its bound"};
}

/// What both intervals can be taken for: the weaker of what is said. A baseline and a report before
/// schema version 5 say nothing.
std::optional<IntervalKind> interval_kind(const Constant& before, const Constant& after) {
  return std::max(before.kind, after.kind);
}

/// Whether another seed, which draws other data, has the same constant.
bool is_of_every_seed(const Constant& before, const Constant& after) {
  if (!before.interval || !after.interval) return false;
  switch (interval_kind(before, after).value_or(IntervalKind::confidence)) {
    case IntervalKind::confidence:
      return true;
    case IntervalKind::instance:
    case IntervalKind::spread:
      return false;
  }
  throw std::logic_error("no such interval");
}

const Constant* constant_of(const ClaimFindings& claim, const std::string& name) {
  for (const Constant& each : claim.constants)
    if (each.name == name) return &each;
  return nullptr;
}

/// Compares all that two claims have.
class ClaimComparison {
 public:
  ClaimComparison(const ClaimFindings& before, const ClaimFindings& after, Scope scope,
                  const Tolerance& tolerance)
      : before_(before), after_(after), scope_(scope), tolerance_(tolerance) {}

  /// What one of the two files does not say cannot be compared.
  std::vector<ComparedItem> items(bool with_routes, bool with_constants, bool with_extents) {
    add(verdict, "", in_words(before_.verdict), in_words(after_.verdict),
        from_to(before_.verdict, after_.verdict, with_routes));
    if (scope_ != Scope::other_profile) instances(with_routes);
    if (with_constants) constants();
    if (with_extents && scope_ != Scope::other_profile) extents();
    return std::move(items_);
  }

 private:
  void add(const char* what, const std::string& name, const std::string& old,
           const std::string& now, const Movement& moved) {
    items_.push_back({before_.id, what, name, old, now, moved.change, moved.why});
  }

  void missing(const char* what, const std::string& name, const std::string& old) {
    add(what, name, old, "", {Change::regression, "missing"});
  }
  void added(const char* what, const std::string& name, const std::string& now) {
    add(what, name, "", now, {Change::addition, "new"});
  }

  void instances(bool with_routes) {
    const auto find = [](const ClaimFindings& claim, const std::string& name) {
      return std::find_if(claim.instances.begin(), claim.instances.end(),
                          [&](const auto& each) { return each.first == name; });
    };
    const bool drawn_alike = scope_ == Scope::all;
    for (const auto& [name, found] : before_.instances) {
      const auto now = find(after_, name);
      if (now != after_.instances.end())
        add(instance, name, in_words(found), in_words(now->second),
            from_to(found, now->second, with_routes));
      else if (drawn_alike)
        missing(instance, name, in_words(found));
    }
    for (const auto& [name, found] : after_.instances)
      if (drawn_alike && find(before_, name) == before_.instances.end())
        added(instance, name, in_words(found));
  }

  bool is_compared(const Constant& old, const Constant& now) const {
    switch (scope_) {
      case Scope::all:
        return true;
      case Scope::other_seed:
        return is_of_every_seed(old, now) || old.name == ratio;
      case Scope::other_profile:
        return old.name == ratio;
    }
    throw std::logic_error("no such scope");
  }

  Movement moved(const Constant& old, const Constant& now) const {
    if (old.name == ratio) {
      const Movement step = ratio_movement(old, now, tolerance_);
      const bool crossed = step.why == "crossed 1";
      return scope_ == Scope::all || crossed ? step : Movement();
    }
    const Movement step = movement(old, now, tolerance_);
    if (old.name != "measured" || step.change != Change::regression) return step;
    return measured_movement(step);
  }

  /// Where the bound stands and both have a ratio, it says to which side the measured constant
  /// moved.
  Movement measured_movement(const Movement& step) const {
    const Constant *old_bound = constant_of(before_, "bound"),
                   *bound = constant_of(after_, "bound"), *old = constant_of(before_, ratio),
                   *now = constant_of(after_, ratio);
    if (!old_bound || !bound || !are_near(old_bound->value, bound->value, tolerance_)) return step;
    if (!old || !now || !old->value || !now->value) return step;
    const Movement by_ratio = ratio_movement(*old, *now, tolerance_);
    return by_ratio.change == Change::improvement ? by_ratio : step;
  }

  void constants() {
    for (const Constant& old : before_.constants) {
      const Constant* const now = constant_of(after_, old.name);
      if (!now) {
        if (scope_ == Scope::all) missing(constant, old.name, constant_in_words(old, old));
      } else if (is_compared(old, *now)) {
        add(constant, old.name, constant_in_words(old, *now), constant_in_words(*now, old),
            moved(old, *now));
      }
    }
    for (const Constant& now : after_.constants)
      if (scope_ == Scope::all && !constant_of(before_, now.name) && now.value && !now.of_machine)
        added(constant, now.name, constant_in_words(now, now));
  }

  void extents() {
    for (const Extent& old : before_.extents) {
      if (old.drawn && scope_ == Scope::other_seed) continue;
      const auto now = std::find_if(after_.extents.begin(), after_.extents.end(),
                                    [&](const Extent& each) { return each.name == old.name; });
      const std::string count = std::to_string(old.count);
      if (now == after_.extents.end())
        missing(extent, old.name, count);
      else
        add(extent, old.name, count, std::to_string(now->count),
            now->count < old.count   ? Movement{Change::regression, "fewer"}
            : now->count > old.count ? Movement{Change::improvement, "more"}
                                     : Movement());
    }
  }

  const ClaimFindings &before_, &after_;
  Scope scope_;
  Tolerance tolerance_;
  std::vector<ComparedItem> items_;
};

using Refused = std::pair<std::string, std::vector<std::string>>;

const Refused* refused_of(const Findings& findings, const std::string& name) {
  for (const Refused& each : findings.refused)
    if (each.first == name) return &each;
  return nullptr;
}

std::string by_whom(const Refused& refused) {
  return refused.second.empty() ? "NOT caught" : fmt::format("{}", fmt::join(refused.second, ", "));
}

Movement refused_movement(const Refused& before, const Refused& after) {
  const auto lacks = [](const Refused& found, const Refused& other) {
    return std::any_of(other.second.begin(), other.second.end(), [&](const std::string& id) {
      return std::find(found.second.begin(), found.second.end(), id) == found.second.end();
    });
  };
  if (lacks(after, before))
    return {Change::regression, after.second.empty() ? "NOT caught" : "caught by fewer"};
  return lacks(before, after) ? Movement{Change::improvement, "caught by more"} : Movement();
}

/// The claims that the command of a report names; none where it names none.
std::vector<std::string> claims_named(const std::string& command) {
  constexpr std::string_view option = " --claims ";
  const std::size_t at = command.find(option);
  if (at == std::string::npos) return {};
  std::string word = command.substr(at + option.size());
  const bool is_quoted = word.starts_with('\'');
  if (is_quoted) word.erase(0, 1);
  word.resize(std::min(word.find(is_quoted ? '\'' : ' '), word.size()));
  std::vector<std::string> ids;
  std::istringstream in(word);
  for (std::string id; std::getline(in, id, ',');) ids.push_back(id);
  return ids;
}

/// Whether a report must have the claim: one of everything all, a part those that its command
/// names. Where it names none, profile smoke has a row for each claim.
bool was_asked(const Findings& findings, const std::string& id) {
  if (!findings.part) return true;
  const std::vector<std::string> named = claims_named(findings.command);
  if (named.empty()) return findings.profile == "smoke";
  return std::find(named.begin(), named.end(), id) != named.end();
}

/// Whether a claim that ran before was to run now: one that is there and did not run was, if the
/// old report is of the same profile.
bool was_to_run(const Findings& before, const Findings& after, const std::string& id) {
  if (!after.claim(id)) return was_asked(after, id);
  return before.source == Findings::Source::report && before.profile == after.profile;
}

/// What only the old report has, and what only the new one has.
Movement gone(bool is_asked, const char* why) {
  return is_asked ? Movement{Change::regression, why} : Movement{Change::not_run, "not run now"};
}
Movement come(const Findings& before, const char* why) {
  return before.part ? Movement{Change::not_run, "not run before"}
                     : Movement{Change::addition, why};
}

void compare_refused(const Findings& before, const Findings& after,
                     std::vector<ComparedItem>& items) {
  const auto add = [&](const std::string& name, const std::string& old, const std::string& now,
                       const Movement& moved) {
    items.push_back({"refused", falsehood, name, old, now, moved.change, moved.why});
  };
  for (const Refused& old : before.refused) {
    const Refused* const now = refused_of(after, old.first);
    if (now)
      add(old.first, by_whom(old), by_whom(*now), refused_movement(old, *now));
    else
      add(old.first, by_whom(old), "", gone(!after.part, "missing"));
  }
  for (const Refused& now : after.refused)
    if (!refused_of(before, now.first)) add(now.first, "", by_whom(now), come(before, "new"));
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string value_of(const Pairs& pairs, const std::string& name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return "";
}

/// Of a part there are settings of its claims alone: what one of the two lacks is then not told.
Pairs common(const Pairs& pairs, const Pairs& others) {
  Pairs both = pairs;
  std::erase_if(both, [&](const auto& pair) { return value_of(others, pair.first).empty(); });
  return both;
}

void remark_pairs(const char* kind, const Pairs& before, const Pairs& after,
                  std::vector<std::string>& remarks) {
  const auto shown = [](const std::string& value) {
    return value.empty() ? "nothing" : "'" + value + "'";
  };
  for (const auto& [name, value] : before)
    if (const std::string now = value_of(after, name); now != value)
      remarks.push_back(
          fmt::format("{} '{}': {} before, {} now", kind, name, shown(value), shown(now)));
  for (const auto& [name, value] : after)
    if (value_of(before, name).empty() && !value.empty())
      remarks.push_back(fmt::format("{} '{}': nothing before, {} now", kind, name, shown(value)));
}

bool is_report(const Findings& findings) {
  return findings.source == Findings::Source::report;
}

constexpr int first_schema_with_routes = 4;

bool has_routes(const Findings& findings) {
  return is_report(findings) && findings.version >= first_schema_with_routes;
}

bool has_constants(const Findings& findings) {
  return is_report(findings) || findings.version >= 2;
}

void remark_versions(const Findings& before, const Findings& after,
                     std::vector<std::string>& remarks) {
  const auto name = [](const Findings& findings) {
    return fmt::format("{} version {}", is_report(findings) ? "report of schema" : "baseline of",
                       findings.version);
  };
  // A baseline and a report are compared in all that a baseline has.
  if (before.source == after.source && before.version != after.version)
    remarks.push_back(fmt::format("other format: {} before, {} now", name(before), name(after)));
  const bool reports = is_report(before) && is_report(after);
  if (!has_constants(before) || !has_constants(after))
    remarks.push_back(
        "a baseline of version 1 has no constants: verdicts alone are compared; verify --baseline "
        "FILE --approve renews it");
  else if (reports && has_routes(before) != has_routes(after))
    remarks.push_back("before schema version 4 no routes are said: they are not compared");
}

std::vector<std::string> remarks_on(const Findings& before, const Findings& after, Scope scope) {
  std::vector<std::string> remarks;
  remark_versions(before, after, remarks);
  switch (scope) {
    case Scope::all:
      break;
    case Scope::other_seed:
      remarks.push_back(fmt::format(
          "other seed: {} before, {} now; other numbers were drawn, so constants without an "
          "interval that holds for every seed, premises, and instances that only one has, are "
          "not compared",
          *before.seed, *after.seed));
      break;
    case Scope::other_profile:
      remarks.push_back(fmt::format(
          "other profile: {} before, {} now; sizes differ, so only the verdicts of claims, ratios "
          "that crossed 1 and falsehoods are compared",
          before.profile, after.profile));
      break;
  }
  if (!is_report(before) || !is_report(after)) return remarks;
  const bool parts = before.part || after.part;
  if (scope != Scope::other_profile)
    remark_pairs("setting", parts ? common(before.settings, after.settings) : before.settings,
                 parts ? common(after.settings, before.settings) : after.settings, remarks);
  remark_pairs("version", before.versions, after.versions, remarks);
  return remarks;
}

/// Of the claims of both, in the order of the new report.
std::vector<std::string> ids_of(const Findings& before, const Findings& after) {
  std::vector<std::string> ids;
  for (const Findings* findings : {&after, &before})
    for (const ClaimFindings& claim : findings->claims)
      if (std::find(ids.begin(), ids.end(), claim.id) == ids.end()) ids.push_back(claim.id);
  return ids;
}

std::vector<std::array<std::string, 3>> timings_of(const Findings& before, const Findings& after) {
  std::vector<std::array<std::string, 3>> timings;
  for (const auto& [name, value] : before.environment)
    if (const std::string now = value_of(after.environment, name); !now.empty())
      timings.push_back({name, value, now});
  return timings;
}

}  // namespace

std::string_view to_string(Change change) {
  switch (change) {
    case Change::same:
      return "same";
    case Change::within:
      return "within";
    case Change::not_run:
      return "not_run";
    case Change::addition:
      return "new";
    case Change::improvement:
      return "improvement";
    case Change::regression:
      return "regression";
  }
  throw std::logic_error("no such change");
}

Movement movement(const Constant& before, const Constant& after, const Tolerance& tolerance) {
  if (before.value && !after.value) return {Change::regression, "no longer measured"};
  if (!before.value && after.value) return {Change::improvement, "measured now"};
  if (!before.value) return {};
  const bool is_near = are_near(before.value, after.value, tolerance);
  if (is_near && has_same_ends(before, after, tolerance)) return {};
  if (before.of_machine || after.of_machine) return {Change::within, "depends on the machine"};
  if (before.interval && !after.interval) return {Change::regression, "without its interval"};
  const Movement moved = {Change::regression, distance(*before.value, *after.value)};
  if (!after.interval) return moved;
  if (interval_kind(before, after) == IntervalKind::spread)  // says nothing of how exact it is
    return is_near ? Movement{Change::within, "its spread moved"} : moved;
  const auto [low, high] = *after.interval;
  if (!before.interval)
    return is_near || (low <= *before.value && *before.value <= high)
               ? Movement{Change::improvement, "has an interval now"}
               : moved;
  return before.interval->first <= high && low <= before.interval->second
             ? Movement{Change::within, "intervals overlap"}
             : Movement{Change::regression, "intervals no longer overlap"};
}

std::string to_line(const ComparedItem& item) {
  std::string line = fmt::format("{}: {}", item.claim, item.what);
  if (!item.name.empty()) line += fmt::format(": {}", detail::read_prose_to_text(item.name));
  const bool is_run = item.change != Change::not_run;
  if (item.after.empty())
    return line + fmt::format(": {} before, {}", item.before, is_run ? "missing now" : item.why);
  if (item.before.empty())
    return line + fmt::format(": {} now, {}", item.after, is_run ? "new" : item.why);
  line += fmt::format(": {} before, {} now", item.before, item.after);
  return item.why.empty() ? line : line + fmt::format(" ({})", item.why);
}

std::size_t ReportComparison::count(Change change) const {
  return static_cast<std::size_t>(std::count_if(
      items.begin(), items.end(), [&](const ComparedItem& item) { return item.change == change; }));
}

ReportComparison compare(const Findings& before, const Findings& after, const Tolerance& tolerance,
                         const std::vector<std::string>& claims) {
  for (const std::string& id : claims)
    if (!before.claim(id) && !after.claim(id))
      throw InputError("claim", fmt::format("'{}'", id),
                       fmt::format("one of {}", fmt::join(ids_of(before, after), ", ")));
  const auto is_asked_for = [&](const std::string& id) {
    return claims.empty() || std::find(claims.begin(), claims.end(), id) != claims.end();
  };
  const Scope scope = scope_of(before, after);
  const bool routes = has_routes(before) && has_routes(after),
             constants = has_constants(before) && has_constants(after),
             extents = is_report(before) && is_report(after);
  ReportComparison result;
  result.tolerance = tolerance;
  result.remarks = remarks_on(before, after, scope);
  const auto add_verdict = [&](const std::string& id, const std::string& old,
                               const std::string& now, const Movement& moved) {
    result.items.push_back({id, verdict, "", old, now, moved.change, moved.why});
  };
  for (const ClaimFindings& old : before.claims) {
    if (!is_asked_for(old.id)) continue;
    const ClaimFindings* const now = after.claim(old.id);
    const bool runs = now && now->ran;
    if (runs && old.ran)
      for (ComparedItem& item :
           ClaimComparison(old, *now, scope, tolerance).items(routes, constants, extents))
        result.items.push_back(std::move(item));
    else if (runs)
      add_verdict(old.id, "", in_words(now->verdict), {Change::not_run, "not run before"});
    else if (old.ran)
      add_verdict(old.id, in_words(old.verdict), "",
                  gone(was_to_run(before, after, old.id), "claim missing"));
  }
  for (const ClaimFindings& now : after.claims)
    if (is_asked_for(now.id) && now.ran && !before.claim(now.id))
      add_verdict(now.id, "", in_words(now.verdict), come(before, "new claim"));
  if (claims.empty()) compare_refused(before, after, result.items);
  result.timings = timings_of(before, after);
  return result;
}

}  // namespace alignproof::inline report
