// SPDX-License-Identifier: Apache-2.0
// A figure as inline SVG.
#include "svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/report/math.hpp>

#include "axis.hpp"
#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

constexpr double page_width = 560;
constexpr double plot_height = 290;
constexpr double char_width = 8.8;  ///< of the text, also at 16 px on a phone
constexpr std::size_t palette = 7;  ///< colours s0 ... s6 of the style sheet

struct Point {
  double x, y;
  std::size_t index = 0;  ///< in its series
};

/// The rectangle of the plot and its two axes.
struct Frame {
  double left, right, top, bottom;
  Axis x, y;

  Point at(double vx, double vy) const {
    return {left + x.place(vx) * (right - left), bottom - y.place(vy) * (bottom - top)};
  }
};

/// Hundredths of a pixel without trailing zeros.
std::string px(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string line(const char* css, double x1, double y1, double x2, double y2) {
  return fmt::format(R"(<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>)", css, px(x1), px(y1),
                     px(x2), px(y2));
}

std::string label(double x, double y, const char* anchor, const std::string& markup,
                  const std::string& more = "") {
  return fmt::format(R"(<text x="{}" y="{}" text-anchor="{}"{}>{}</text>)", px(x), px(y), anchor,
                     more, markup);
}

/// Circle, square, triangle, diamond, inverted triangle, cross, plus: by the number of the series.
/// Where colours begin again, markers begin one later: no two series have both in common.
std::string marker(std::size_t index, Point p) {
  static constexpr std::array<const char*, 7> shapes = {
      "M-3.4,0a3.4,3.4 0 1,0 6.8,0a3.4,3.4 0 1,0 -6.8,0z",
      "M-3,-3h6v6h-6z",
      "M0,-4l3.8,6.6h-7.6z",
      "M0,-4.2l4.2,4.2l-4.2,4.2l-4.2,-4.2z",
      "M0,4l3.8,-6.6h-7.6z",
      "M-3,-3l6,6M-3,3l6,-6",
      "M-4,0h8M0,-4v8"};
  return fmt::format(R"-(<path class="marker" d="{}" transform="translate({} {})"/>)-",
                     shapes[(index + index / palette) % shapes.size()], px(p.x), px(p.y));
}

/// Its number among the figure's series, or that of the first with its name: these share colour,
/// marker, dashes and entry of the legend.
std::size_t place_of(const Figure& figure, std::size_t index) {
  const auto& all = figure.series;
  const auto first = std::find_if(
      all.begin(), all.end(), [&](const Series& series) { return series.name == all[index].name; });
  return static_cast<std::size_t>(first - all.begin());
}

const char* dashes(std::size_t index) {
  static constexpr std::array<const char*, 4> patterns = {"7 4", "2 3", "9 3 2 3", "12 5"};
  return patterns[index % patterns.size()];
}

/// Runs of points that can be shown, without those that fall on the point drawn before.
std::vector<std::vector<Point>> runs_of(const Figure& figure, const Series& series,
                                        const Frame& frame) {
  std::vector<std::vector<Point>> runs(1);
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!Axis::can_show(series.x[i], figure.log_x) || !Axis::can_show(series.y[i], figure.log_y)) {
      if (!runs.back().empty()) runs.emplace_back();
      continue;
    }
    Point p = frame.at(series.x[i], series.y[i]);
    p.index = i;
    auto& run = runs.back();
    const bool same = !run.empty() && i + 1 < series.x.size() &&
                      std::abs(p.x - run.back().x) < 0.4 && std::abs(p.y - run.back().y) < 0.4;
    if (!same) run.push_back(p);
  }
  return runs;
}

bool has_line(const Series& s) {
  return s.style != Series::Style::points;
}

bool has_points(const Series& s) {
  return s.style == Series::Style::points || s.style == Series::Style::line_and_points;
}

std::string polyline(const std::vector<Point>& run, const Series& series, std::size_t index) {
  std::string path;
  for (const Point& p : run)
    path += fmt::format("{}{},{}", path.empty() ? "M" : "L", px(p.x), px(p.y));
  const std::string dash = series.style == Series::Style::dashed
                               ? fmt::format(R"( stroke-dasharray="{}")", dashes(index))
                               : "";
  return fmt::format(R"(<path class="curve"{} d="{}"/>)", dash, path);
}

/// Plain lines carry a few markers, staggered, so that they differ without colour.
std::string sparse_markers(const std::vector<Point>& run, std::size_t index) {
  if (run.size() < 2) return "";
  std::string out;
  const double left = run.front().x, length = run.back().x - left;
  double next = left + length * (0.06 + 0.03 * static_cast<double>(index % 5));
  for (const Point& p : run) {
    if (length <= 0 || p.x < next) continue;
    out += marker(index, p);
    next = p.x + length / 6;
  }
  return out;
}

/// What a point says when it is looked at: its series, its values and the interval of y.
std::string values_at(const Series& series, std::size_t i) {
  std::string words = escape_html(shortened(prose_to_text(series.name), 80));
  if (!words.empty()) words += "\n";
  const std::string at = series.at.empty() ? "x = " + typeset_number(series.x[i])
                                           : escape_html(prose_to_text(series.at));
  words += fmt::format("{}\ny = {}", at, typeset_number(series.y[i]));
  if (!series.low.empty())
    words +=
        fmt::format(" in [{}, {}]", typeset_number(series.low[i]), typeset_number(series.high[i]));
  return words;
}

/// An invisible disk over each point that is drawn, with its values: larger where a marker stands.
std::string points_of(const Series& series, const std::vector<Point>& run) {
  std::string out;
  for (const Point& p : run)
    out += fmt::format(R"(<circle class="point" cx="{}" cy="{}" r="{}"><title>{}</title></circle>)",
                       px(p.x), px(p.y), has_points(series) ? 7 : 4, values_at(series, p.index));
  return out;
}

/// Where the point and both ends can be shown.
std::string error_bars(const Figure& figure, const Series& series, const Frame& frame) {
  std::string out;
  for (std::size_t i = 0; i < series.low.size(); ++i) {
    if (!Axis::can_show(series.x[i], figure.log_x) || !Axis::can_show(series.y[i], figure.log_y) ||
        !Axis::can_show(series.low[i], figure.log_y) ||
        !Axis::can_show(series.high[i], figure.log_y))
      continue;
    const Point low = frame.at(series.x[i], series.low[i]),
                high = frame.at(series.x[i], series.high[i]);
    constexpr double half = 3.5;
    out += fmt::format(R"(<path class="bar" d="M{0},{1}V{2}M{3},{1}H{4}M{3},{2}H{4}"/>)", px(low.x),
                       px(low.y), px(high.y), px(low.x - half), px(low.x + half));
  }
  return out;
}

/// Whether a series of this name has a marker at every point.
bool points_stand(const Figure& figure, const std::string& name) {
  return std::any_of(figure.series.begin(), figure.series.end(), [&](const Series& series) {
    return series.name == name && has_points(series);
  });
}

std::string draw(const Figure& figure, std::size_t at, const Frame& frame) {
  const Series& series = figure.series[at];
  const std::size_t index = place_of(figure, at);
  const bool plain = figure.series.size() == 1 || points_stand(figure, series.name);
  std::string out = fmt::format(R"(<g class="series s{}">)", index % palette);
  out += error_bars(figure, series, frame);
  for (const auto& run : runs_of(figure, series, frame)) {
    if (run.empty()) continue;
    if (has_line(series) && run.size() > 1) out += polyline(run, series, index);
    if (has_points(series) || run.size() == 1)
      for (const Point& p : run) out += marker(index, p);
    else if (series.style == Series::Style::line && !plain)
      out += sparse_markers(run, index);
    out += points_of(series, run);
  }
  return out + "</g>\n";
}

std::string x_axis(const Frame& f) {
  std::string grid, labels;
  double free_from = -1;
  for (const Tick& tick : f.x.ticks()) {
    const double x = f.at(tick.value, f.y.low()).x;
    grid += line(tick.label.empty() ? "minor" : "grid", x, f.top, x, f.bottom);
    const double half = tick.label_width * char_width / 2;
    if (tick.label.empty() || x - half < free_from) continue;
    free_from = x + half + 6;
    labels += label(x, f.bottom + 19, "middle", tick.label);
  }
  return grid + labels + "\n";
}

std::string y_axis(const Frame& f) {
  std::string grid, labels;
  for (const Tick& tick : f.y.ticks()) {
    const double y = f.at(f.x.low(), tick.value).y;
    grid += line(tick.label.empty() ? "minor" : "grid", f.left, y, f.right, y);
    if (!tick.label.empty()) labels += label(f.left - 8, y + 4.5, "end", tick.label);
  }
  return grid + labels + "\n";
}

std::string axis_names(const Figure& figure, const Frame& f) {
  const double middle = (f.top + f.bottom) / 2;
  const std::string turned =
      fmt::format(R"-( class="name" transform="rotate(-90 16 {})")-", px(middle));
  return label((f.left + f.right) / 2, f.bottom + 42, "middle",
               escape_html(prose_to_text(figure.x_label)), R"( class="name")") +
         label(16, middle, "middle", escape_html(prose_to_text(figure.y_label)), turned) + "\n";
}

struct LegendEntry {
  std::size_t series;  ///< the first of this name
  double x, y;
  std::string name;
};

/// Entries in rows above the plot.
std::vector<LegendEntry> legend_places(const Figure& figure, double left) {
  std::vector<LegendEntry> places;
  double x = left, y = 14;
  if (figure.series.size() == 1 && figure.series[0].name.empty()) return places;
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    if (place_of(figure, i) != i) continue;
    const std::string name = shortened(prose_to_text(figure.series[i].name), 80);
    const double needed = 44 + static_cast<double>(width(name)) * char_width;
    if (x > left && x + needed > page_width) {
      x = left;
      y += 20;
    }
    places.push_back({i, x, y, name});
    x += needed + 12;
  }
  return places;
}

std::string draw_legend(const Figure& figure, const std::vector<LegendEntry>& places) {
  std::string out;
  for (const LegendEntry& entry : places) {
    const std::size_t i = entry.series;
    const Series& series = figure.series[i];
    const double y = entry.y - 4.5;
    out += fmt::format(R"(<g class="series s{}">)", i % palette);
    if (has_line(series)) out += polyline({{entry.x, y}, {entry.x + 30, y}}, series, i);
    const bool marked = points_stand(figure, series.name) ||
                        (series.style == Series::Style::line && figure.series.size() > 1);
    if (marked) out += marker(i, {entry.x + 15, y});
    out += "</g>" + label(entry.x + 37, entry.y, "start", escape_html(entry.name)) + "\n";
  }
  return out;
}

void require_pairs(const Series& series) {
  if (series.x.size() != series.y.size())
    throw InputError(fmt::format("the series '{}'", series.name),
                     fmt::format("{} x and {} y", series.x.size(), series.y.size()),
                     "as many x as y");
  if (series.low.size() != series.high.size() ||
      (!series.low.empty() && series.low.size() != series.y.size()))
    throw InputError(fmt::format("the series '{}'", series.name),
                     fmt::format("{} lower and {} upper ends of error bars", series.low.size(),
                                 series.high.size()),
                     "as many as points, or none");
}

/// All coordinates of points that both axes can show: a point left out must not stretch an axis.
std::array<std::vector<double>, 2> shown_values(const Figure& figure) {
  std::array<std::vector<double>, 2> values;
  for (const Series& series : figure.series) {
    require_pairs(series);
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (!Axis::can_show(series.x[i], figure.log_x) || !Axis::can_show(series.y[i], figure.log_y))
        continue;
      values[0].push_back(series.x[i]);
      values[1].push_back(series.y[i]);
      if (!series.low.empty())
        for (const double end : {series.low[i], series.high[i]})
          if (Axis::can_show(end, figure.log_y)) values[1].push_back(end);
    }
  }
  return values;
}

std::string opening(const Figure& figure, double width, double height) {
  const std::string id = figure_id(figure);
  return fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {0} {1}\" data-x=\"{5}\" data-y=\"{6}\" "
      "role=\"img\" aria-labelledby=\"{2}-t {2}-d\">\n"
      "<title id=\"{2}-t\">{3}</title>\n<desc id=\"{2}-d\">{4}</desc>\n",
      px(width), px(height), id, escape_html(prose_to_text(figure.title)),
      escape_html(prose_to_text(figure.caption)), escape_html(prose_to_text(figure.x_label)),
      escape_html(prose_to_text(figure.y_label)));
}

double left_margin(const Axis& y) {
  double widest = 3;
  for (const Tick& tick : y.ticks()) widest = std::max(widest, tick.label_width);
  return 36 + widest * char_width;
}

/// What stands in an SVG element of the width of the page.
struct Drawing {
  double height;
  std::string markup;
};

/// One figure as a drawing and its height.
Drawing drawing_of(const Figure& figure) {
  const auto values = shown_values(figure);
  const auto x = Axis::spanning(values[0], figure.log_x);
  const auto y = Axis::spanning(values[1], figure.log_y);
  if (!x || !y) return {120, label(page_width / 2, 64, "middle", "no data") + "\n"};
  const double left = left_margin(*y);
  const auto legend = legend_places(figure, left);
  const double top = legend.empty() ? 12 : legend.back().y + 16;
  const Frame frame{left, page_width - 16, top, top + plot_height, *x, *y};
  std::string out = x_axis(frame) + y_axis(frame);
  out +=
      fmt::format(R"(<rect class="frame" x="{}" y="{}" width="{}" height="{}"/>)", px(frame.left),
                  px(frame.top), px(frame.right - frame.left), px(frame.bottom - frame.top)) +
      "\n" + axis_names(figure, frame) + draw_legend(figure, legend);
  for (std::size_t i = 0; i < figure.series.size(); ++i) out += draw(figure, i, frame);
  return {frame.bottom + 52, out};
}

}  // namespace

std::string figure_id(const Figure& figure) {
  std::string id = "figure-";
  for (const char c : figure.id) id += is_letter_or_digit(c) ? c : '-';
  return id;
}

std::string to_svg(const Figure& figure) {
  const Drawing drawing = drawing_of(figure);
  return opening(figure, page_width, drawing.height) + drawing.markup + "</svg>\n";
}

std::string to_svg(const std::vector<Figure>& figures) {
  constexpr double title_height = 30;
  std::string out;
  double height = 0, row_height = 0;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (i % 2 == 0) height += row_height, row_height = 0;
    const Drawing drawing = drawing_of(figures[i]);
    out += fmt::format("<g transform=\"translate({} {})\">\n", px(i % 2 ? page_width : 0),
                       px(height + title_height)) +
           label(page_width / 2, -8, "middle", escape_html(prose_to_text(figures[i].title)),
                 R"( font-weight="600")") +
           "\n" + drawing.markup + "</g>\n";
    row_height = std::max(row_height, title_height + drawing.height);
  }
  Figure all;
  if (!figures.empty()) all = figures.front();
  return opening(all, figures.size() > 1 ? 2 * page_width : page_width, height + row_height) + out +
         "</svg>\n";
}

}  // namespace alignproof::inline report::detail
