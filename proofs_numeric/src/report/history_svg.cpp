// SPDX-License-Identifier: Apache-2.0
// Strips and sparklines.
#include "history_svg.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "html_parts.hpp"
#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

/// Tenths of a pixel are finer than a screen shows.
std::string tenth(double value) {
  const std::string text = fmt::format("{:.1f}", value);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text == "-0.0" ? "0" : text;
}

/// The class of the ring at a point; empty: none.
const char* ring_class(Change change) {
  switch (change) {
    case Change::same:
    case Change::within:
    case Change::not_run:
    case Change::addition:
      return "";
    case Change::improvement:
      return "better";
    case Change::regression:
      return "worse";
  }
  throw std::logic_error("no such change");
}

/// "2 undecided, then 5 holds", in the order of the reports.
std::string runs_in_words(const std::vector<StripCell>& cells) {
  std::string words;
  for (std::size_t i = 0; i < cells.size();) {
    std::size_t end = i + 1;
    while (end < cells.size() && cells[end].kind == cells[i].kind) ++end;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", then ", end - i,
                         cells[i].kind ? to_string(*cells[i].kind) : "absent");
    i = end;
  }
  return words;
}

constexpr double spark_width = 150, spark_height = 34, margin = 4;

/// The least and the largest of what is drawn.
struct Span {
  double low = HUGE_VAL, high = -HUGE_VAL;

  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return low > high; }
  bool contains(double value) const { return low <= value && value <= high; }
  /// A constant curve runs through the middle.
  double place(double value) const {
    if (low == high) return spark_height / 2;
    // Halves, so that the difference of huge ends is finite.
    const double part = (value / 2 - low / 2) / (high / 2 - low / 2);
    return spark_height - margin - std::clamp(part, 0.0, 1.0) * (spark_height - 2 * margin);
  }
};

bool is_drawn(const SparkPoint& point) {
  return point.constant && point.constant->value && std::isfinite(*point.constant->value);
}

Span span_of(const std::vector<SparkPoint>& points) {
  Span span;
  for (const SparkPoint& point : points) {
    if (!is_drawn(point)) continue;
    span.add(*point.constant->value);
    if (point.constant->interval) {
      span.add(point.constant->interval->first);
      span.add(point.constant->interval->second);
    }
  }
  return span;
}

double x_of(std::size_t index, std::size_t count) {
  if (count == 1) return spark_width / 2;
  return margin +
         (spark_width - 2 * margin) * static_cast<double>(index) / static_cast<double>(count - 1);
}

/// The band of a run of points that have intervals, from `first` to before `last`.
std::string band(const std::vector<SparkPoint>& points, std::size_t first, std::size_t last,
                 const Span& span) {
  std::string above, below;
  for (std::size_t i = first; i < last; ++i) {
    const auto& [low, high] = *points[i].constant->interval;
    double x = x_of(i, points.size());
    const auto add = [&](double at) {
      above += fmt::format("{}{},{}", above.empty() ? "M" : "L", tenth(at),
                           tenth(span.place(std::isfinite(high) ? high : span.high)));
      below.insert(0, fmt::format("L{},{}", tenth(at),
                                  tenth(span.place(std::isfinite(low) ? low : span.low))));
    };
    if (last - first > 1) {
      add(x);
    } else {  // a band of one point has some width
      add(x - 2);
      add(x + 2);
    }
  }
  return fmt::format(R"(<path class="range" d="{}{}z"/>)", above, below);
}

template <class Belongs, class Draw>
std::string runs(const std::vector<SparkPoint>& points, const Belongs& belongs, const Draw& draw) {
  std::string out;
  for (std::size_t i = 0; i < points.size();) {
    std::size_t end = i;
    while (end < points.size() && belongs(points[end])) ++end;
    if (end > i) out += draw(i, end);
    i = std::max(end, i + 1);
  }
  return out;
}

std::string words_of(const SparkPoint& point) {
  std::string words = point.label + ": " + typeset_number(*point.constant->value);
  if (point.constant->interval)
    words += fmt::format(" [{}, {}]", typeset_number(point.constant->interval->first),
                         typeset_number(point.constant->interval->second));
  return point.since.why.empty() ? words : words + "; " + point.since.why;
}

/// Every point says its value to whoever points at it.
std::string dots(const std::vector<SparkPoint>& points, const Span& span) {
  std::string out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!is_drawn(points[i])) continue;
    const bool is_last = i + 1 == points.size();
    const std::string ring = ring_class(points[i].since.change);
    const double radius = !ring.empty() ? 3.2 : is_last ? 2.4 : 1.3;
    out += fmt::format(R"(<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>)",
                       ring.empty() ? "end" : ring, tenth(x_of(i, points.size())),
                       tenth(span.place(*points[i].constant->value)), tenth(radius),
                       escape_html(words_of(points[i])));
  }
  return out;
}

}  // namespace

std::string strip_svg(const std::vector<StripCell>& cells) {
  constexpr double cell_width = 22, height = 22;
  constexpr std::size_t most_with_signs = 24;
  const double all = cell_width * static_cast<double>(cells.size());
  // Few cells are as wide as many would be; many are squeezed into the width of the page.
  std::string out = fmt::format(
      R"(<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="{}" role="img" aria-label="{}">)",
      tenth(all), tenth(height), cells.size() > most_with_signs ? "none" : "xMinYMid",
      escape_html(runs_in_words(cells)));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& [label, kind] = cells[i];
    const std::string word(kind ? to_string(*kind) : "absent");
    const double x = cell_width * static_cast<double>(i);
    const std::string sign = kind && cells.size() <= most_with_signs
                                 ? fmt::format(R"(<text x="{}" y="15.5">{}</text>)",
                                               tenth(x + cell_width / 2), sign_of(*kind))
                                 : "";
    out += fmt::format(
        R"(<g class="{}"><title>{}</title><rect x="{}" y="1.5" width="{}" height="19" rx="2"/>{}</g>)",
        word, escape_html(label + ": " + word), tenth(x + 1), tenth(cell_width - 2), sign);
  }
  return out + "</svg>";
}

std::string spark_svg(const std::string& name, const std::vector<SparkPoint>& points,
                      bool with_one) {
  const Span span = span_of(points);
  if (span.is_empty()) return "";
  const auto first = std::find_if(points.begin(), points.end(), is_drawn);
  const auto last = std::find_if(points.rbegin(), points.rend(), is_drawn);
  std::string out = fmt::format(
      R"(<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}: {} at {}, {} at {}">)",
      tenth(spark_width), tenth(spark_height), escape_html(name),
      typeset_number(*first->constant->value), escape_html(first->label),
      typeset_number(*last->constant->value), escape_html(last->label));
  if (with_one && span.contains(1))
    out += fmt::format(R"(<line class="one" x1="0" y1="{0}" x2="{1}" y2="{0}"/>)",
                       tenth(span.place(1)), tenth(spark_width));
  out += runs(
      points, [](const SparkPoint& point) { return is_drawn(point) && point.constant->interval; },
      [&](std::size_t begin, std::size_t end) { return band(points, begin, end, span); });
  out += runs(points, is_drawn, [&](std::size_t begin, std::size_t end) {
    std::string path;
    for (std::size_t i = begin; i < end; ++i)
      path += fmt::format("{}{},{}", path.empty() ? "M" : "L", tenth(x_of(i, points.size())),
                          tenth(span.place(*points[i].constant->value)));
    return fmt::format(R"(<path class="run" d="{}"/>)", path);
  });
  return out + dots(points, span) + "</svg>";
}

std::string ring_svg(Change change) {
  return fmt::format(
      R"(<svg class="legend" viewBox="0 0 12 12" aria-hidden="true"><circle class="{}" cx="6" cy="6" r="4"/></svg>)",
      ring_class(change));
}

}  // namespace alignproof::inline report::detail
