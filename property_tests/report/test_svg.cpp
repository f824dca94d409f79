// SPDX-License-Identifier: Apache-2.0
// Figures as SVG.
#include <cstdio>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include <alignproof/core/error.hpp>

#include "markup.hpp"
#include "records.hpp"
#include "report/axis.hpp"
#include "report/svg.hpp"

using namespace alignproof;
using alignproof::testing::count;
using Catch::Matchers::Contains;
using report::detail::Axis;
using report::detail::to_svg;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Figure points(std::vector<double> x, std::vector<double> y) {
  Figure figure;
  figure.id = "f";
  figure.series = {{"s", Series::Style::points, std::move(x), std::move(y)}};
  return figure;
}

/// Markers of the data; the legend holds one more.
std::size_t markers(const Figure& figure) {
  return count(to_svg(figure), "class=\"marker\"") - 1;
}

std::size_t pieces(Figure figure) {
  figure.series[0].style = Series::Style::line;
  return count(to_svg(figure), "class=\"curve\"") - 1;
}

}  // namespace

TEST_CASE("any figure is well-formed and inside its frame", "[report][svg][property]") {
  check_property("random figures", [] {
    const std::string svg = to_svg(testing::random_figure());
    RC_ASSERT(svg.find("nan\"") == std::string::npos);
    RC_ASSERT(svg.find("inf\"") == std::string::npos);
    for (const auto& element : testing::MarkupReader::elements_of(svg)) {
      if (element.name != "line") continue;
      for (const char* key : {"x1", "x2", "y1", "y2"}) {
        const double place = std::stod(element.attributes.at(key));
        RC_ASSERT(place >= -0.01);
        RC_ASSERT(place <= 2000.0);
      }
    }
  });
}

TEST_CASE("points that cannot be shown are left out", "[report][svg]") {
  CHECK(markers(points({1, 2, 3, 4}, {1, 2, 3, 4})) == 4);
  CHECK(markers(points({1, not_a_number, 3, 4}, {1, 2, infinity, 4})) == 2);
}

TEST_CASE("a log axis drops points that are not positive", "[report][svg]") {
  Figure figure = points({1, 2, 3, 4}, {1, 0, -5, 100});
  CHECK(markers(figure) == 4);
  figure.log_y = true;
  CHECK(markers(figure) == 2);
  figure.log_y = false;
  figure.log_x = true;
  CHECK(markers(figure) == 4);
  figure.series[0].x = {-1, 0, 1, 10};
  CHECK(markers(figure) == 2);
}

TEST_CASE("a point left out interrupts its line", "[report][svg]") {
  CHECK(pieces(points({1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6})) == 1);
  CHECK(pieces(points({1, 2, 3, 4, 5, 6}, {1, 2, not_a_number, not_a_number, 5, 6})) == 2);
}

TEST_CASE("a figure without points says so", "[report][svg]") {
  Figure empty;
  CHECK_THAT(to_svg(empty), Contains("no data"));
  CHECK_THAT(to_svg(points({not_a_number, 1}, {1, infinity})), Contains("no data"));
  CHECK_THAT(to_svg(points({1}, {1})), !Contains("no data"));
}

TEST_CASE("a series needs as many x as y", "[report][svg]") {
  CHECK_THROWS_AS(to_svg(points({1, 2}, {1})), InputError);
  CHECK_THROWS_WITH(to_svg(points({1, 2}, {1})), Contains("2 x and 1 y"));
}

TEST_CASE("series differ without colour", "[report][svg]") {
  Figure figure = points({1, 2}, {1, 2});
  for (const auto style : {Series::Style::points, Series::Style::dashed}) {
    figure.series.assign(3, {"", style, {1, 2}, {1, 2}});
    for (const char* name : {"s", "t", "u"}) figure.series[name[0] - 's'].name = name;
    std::map<std::string, int> looks;
    for (const auto& element : testing::MarkupReader::elements_of(to_svg(figure))) {
      const auto& attributes = element.attributes;
      if (element.name == "path" && style == Series::Style::points) ++looks[attributes.at("d")];
      if (attributes.count("stroke-dasharray") != 0) ++looks[attributes.at("stroke-dasharray")];
    }
    CHECK(looks.size() == 3);
  }
}

TEST_CASE("series of one name look alike and stand in the legend once", "[report][svg]") {
  Figure figure = points({1, 2}, {1, 2});
  figure.series.push_back({"other", Series::Style::line, {1, 2}, {2, 1}});
  figure.series.push_back({"s", Series::Style::line, {1, 2}, {1, 3}});
  const std::string svg = to_svg(figure);
  CHECK(count(svg, ">s</text>") == 1);
  CHECK(count(svg, "series s0") == 3);  // both, and the legend
  CHECK(count(svg, "series s1") == 2);
  CHECK(count(svg, "series s2") == 0);
}

TEST_CASE("several figures are one drawing, two in a row", "[report][svg]") {
  Figure figure = points({1, 2}, {1, 2});
  figure.title = "Panel";
  const std::string one = to_svg(std::vector<Figure>{figure}),
                    three = to_svg(std::vector<Figure>{figure, figure, figure});
  CHECK(count(three, ">Panel</text>") == 3);
  CHECK(count(three, "class=\"frame\"") == 3);
  CHECK(count(three, "<svg") == 1);
  const auto size_of = [](const std::string& svg) {
    const auto box = testing::MarkupReader::elements_of(svg)[0].attributes.at("viewBox");
    double x = 0, y = 0, width = 0, height = 0;
    REQUIRE(std::sscanf(box.c_str(), "%lf %lf %lf %lf", &x, &y, &width, &height) == 4);
    return std::pair(width, height);
  };
  CHECK(size_of(three).first == Approx(2 * size_of(one).first));
  CHECK(size_of(three).second == Approx(2 * size_of(one).second));
}

TEST_CASE("title and description are there for those who listen", "[report][svg]") {
  Figure figure = points({1}, {1});
  figure.title = "Decay <of> $e(t)$";
  figure.caption = "$\\eta$ & more";
  const std::string svg = to_svg(figure);
  CHECK_THAT(svg, Contains("<title id=\"figure-f-t\">Decay &lt;of&gt; e(t)</title>"));
  CHECK_THAT(svg, Contains("<desc id=\"figure-f-d\">η &amp; more</desc>"));
  CHECK_THAT(svg, Contains("aria-labelledby=\"figure-f-t figure-f-d\""));
}

TEST_CASE("decades are written as powers of ten", "[report][svg]") {
  Figure figure = points({1, 2}, {1e-8, 1});
  figure.log_y = true;
  CHECK_THAT(to_svg(figure), Contains("10<tspan class=\"raised\" dy=\"-0.42em\">−8</tspan>"));
}

TEST_CASE("ticks are few, increasing and inside the axis", "[report][svg][property]") {
  check_property("random ranges", [](bool logarithmic) {
    const auto values = *rc::gen::container<std::vector<double>>(testing::numbers());
    const auto axis = Axis::spanning(values, logarithmic);
    RC_PRE(axis.has_value());
    double before = -infinity;
    std::size_t labelled = 0;
    for (const auto& tick : axis->ticks()) {
      labelled += tick.label.empty() ? 0u : 1u;
      RC_ASSERT(tick.value > before);
      before = tick.value;
      RC_ASSERT(axis->place(tick.value) >= -1e-6);
      RC_ASSERT(axis->place(tick.value) <= 1 + 1e-6);
    }
    RC_ASSERT(labelled >= 1u);
    RC_ASSERT(labelled <= 14u);
  });
}

TEST_CASE("an axis keeps the order and the ends of what it shows", "[report][svg][property]") {
  check_property("random values", [](bool logarithmic) {
    const auto values =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(testing::numbers()));
    const auto axis = Axis::spanning(values, logarithmic);
    for (const double a : values) {
      if (!Axis::can_show(a, logarithmic)) continue;
      RC_ASSERT(axis->place(a) >= -1e-6);
      RC_ASSERT(axis->place(a) <= 1 + 1e-6);
      for (const double b : values)
        if (Axis::can_show(b, logarithmic) && a < b) RC_ASSERT(axis->place(a) <= axis->place(b));
    }
  });
}

TEST_CASE("error bars stand where both ends can be shown", "[report][svg]") {
  Figure figure = points({1, 2, 3}, {1, 2, 3});
  CHECK(count(to_svg(figure), "class=\"bar\"") == 0);
  figure.series[0].low = {0.5, not_a_number, 2.5}, figure.series[0].high = {1.5, 2.5, infinity};
  CHECK(count(to_svg(figure), "class=\"bar\"") == 1);
  figure.series[0].high.pop_back();
  CHECK_THROWS_AS(to_svg(figure), InputError);
}

TEST_CASE("an axis has room for the error bars", "[report][svg]") {
  Figure figure = points({1, 2}, {1, 2});
  const std::string without = to_svg(figure);
  figure.series[0].low = {-50, 1}, figure.series[0].high = {60, 2};
  CHECK(count(without, ">40<") == 0);
  CHECK(count(to_svg(figure), ">40<") == 1);
}

TEST_CASE("no two series have colour and marker in common", "[report][svg]") {
  Figure figure;
  figure.id = "f";
  for (int i = 0; i < 40; ++i)
    figure.series.push_back({std::to_string(i), Series::Style::points, {1}, {1.0 * i}});
  const std::string svg = to_svg(figure);
  std::set<std::pair<std::string, std::string>> seen;
  std::string colour;
  for (const auto& [name, all] : testing::MarkupReader::elements_of(svg)) {
    if (name == "g") colour = all.at("class");
    if (all.count("class") != 0 && all.at("class") == "marker") seen.insert({colour, all.at("d")});
  }
  CHECK(seen.size() == 40);
}
