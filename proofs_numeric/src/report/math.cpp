// SPDX-License-Identifier: Apache-2.0
// Prose with formulas as HTML, where a formula becomes MathML.
#include <alignproof/report/math.hpp>

#include <fmt/format.h>

#include "formula.hpp"
#include "words.hpp"

namespace alignproof::inline report {
namespace detail {
namespace {

using Nodes = std::vector<Node>;

bool is_symbol(const Node& node, Role role) {
  return node.kind == Kind::symbol && node.role == role;
}

std::string mathml(const Node& node, bool line_ends_here = false);

bool is_function(const Node& node) {
  return node.kind == Kind::function ||
         (node.kind == Kind::scripts && node.children.front().kind == Kind::function);
}

/// "2 log p" needs thin spaces where "(log(p))" does not.
bool thin_space_between(const Node& left, const Node& right) {
  const auto is_operand = [](const Node& node) {
    return node.kind != Kind::space && (node.kind != Kind::symbol || node.role == Role::ordinary);
  };
  if (is_function(left))
    return is_operand(right) || (is_symbol(right, Role::open) && right.text != "(");
  return is_function(right) && (is_operand(left) || is_symbol(left, Role::close));
}

std::string row(Nodes::const_iterator begin, Nodes::const_iterator end) {
  std::string out;
  for (auto node = begin; node != end; ++node) {
    if (node != begin && thin_space_between(node[-1], *node)) out += R"(<mspace width="0.17em"/>)";
    out += mathml(*node, node + 1 == end);
    if (is_function(*node) && node + 1 != end && node[1].text == "(") out += "<mo>&#x2061;</mo>";
  }
  return out;
}

std::string symbol(const Node& node, bool line_ends_here) {
  const std::string text = escape_html(node.text);
  switch (node.role) {
    case Role::open:
      return R"(<mo form="prefix" stretchy="false">)" + text + "</mo>";
    case Role::close:
    case Role::bar:
      return R"(<mo form="postfix" stretchy="false">)" + text + "</mo>";
    case Role::slash:
      return R"(<mo lspace="0" rspace="0">/</mo>)";
    case Role::binary:
      return fmt::format(R"(<mo form="{}">{}</mo>)", node.prefix ? "prefix" : "infix", text);
    case Role::relation:
      // At the end of a piece the blank between two pieces stands for the space behind.
      return fmt::format(R"(<mo form="infix" lspace="0.278em" rspace="{}">{}</mo>)",
                         line_ends_here ? "0" : "0.278em", text);
    case Role::punctuation:
      return "<mo separator=\"true\">" + text + "</mo>";
    case Role::large:
      return R"(<mo largeop="false" movablelimits="false">)" + text + "</mo>";
    case Role::ordinary:
      break;
  }
  // Capital Greek letters stand upright, as TeX has them; U+0391 to U+03A9.
  const bool upright = text >= "Α" && text <= "Ω";
  return (upright ? "<mi mathvariant=\"normal\">" : "<mi>") + text + "</mi>";
}

std::string scripts(const Node& node) {
  const char* element = !node.has_sup ? "msub" : !node.has_sub ? "msup" : "msubsup";
  std::string inside;
  for (const Node& child : node.children) inside += mathml(child);
  return fmt::format("<{0}>{1}</{0}>", element, inside);
}

/// Spacing characters that are accents in their own right: combining marks alone would attach to
/// the markup.
std::string accent_of(std::string_view mark) {
  if (mark == "\u0304") return "\u00AF";
  if (mark == "\u0303") return "~";
  if (mark == "\u0307") return "\u02D9";
  return "^";
}

std::string mathml(const Node& node, bool line_ends_here) {
  const auto child = [&](std::size_t i) { return mathml(node.children[i]); };
  switch (node.kind) {
    case Kind::row:
      return "<mrow>" + row(node.children.begin(), node.children.end()) + "</mrow>";
    case Kind::symbol:
      return symbol(node, line_ends_here);
    case Kind::number:
      return "<mn>" + node.text + "</mn>";
    case Kind::function: {
      const bool one_letter = node.text.size() == 1;
      return fmt::format("<mi{}>{}</mi>", one_letter ? " mathvariant=\"normal\"" : "",
                         escape_html(node.text));
    }
    case Kind::text:
      return "<mtext>" + escape_html(node.text) + "</mtext>";
    case Kind::space:
      return node.text == "\u2003" ? "<mspace width=\"1em\"/>" : "<mspace width=\"0.17em\"/>";
    case Kind::fraction:
      return "<mfrac>" + child(0) + child(1) + "</mfrac>";
    case Kind::root:
      return "<msqrt>" + child(0) + "</msqrt>";
    case Kind::accent:
      return fmt::format(R"(<mover accent="true">{}<mo stretchy="false">{}</mo></mover>)", child(0),
                         accent_of(node.text));
    case Kind::scripts:
      return scripts(node);
  }
  return "";
}

/// Browsers do not break lines inside a formula, and a phone is narrow: a long formula is written
/// as several, cut behind relations and commas that stand outside brackets.
bool may_break_behind(const Node& node, int depth) {
  return depth == 0 && node.kind == Kind::symbol &&
         (node.role == Role::relation || node.role == Role::punctuation);
}

int bracket_step(const Node& node) {
  const Node& inner = node.kind == Kind::scripts ? node.children.front() : node;
  return is_symbol(inner, Role::open) ? 1 : is_symbol(inner, Role::close) ? -1 : 0;
}

}  // namespace

std::string to_mathml(const Node& formula) {
  std::string out;
  int depth = 0;
  auto begin = formula.children.begin();
  for (auto node = begin; node != formula.children.end(); ++node) {
    depth += bracket_step(*node);
    const bool last = node + 1 == formula.children.end();
    if (!last && !may_break_behind(*node, depth)) continue;
    if (!out.empty()) out += ' ';
    out += "<math>" + row(begin, node + 1) + "</math>";
    begin = node + 1;
  }
  return out;
}

}  // namespace detail

std::string prose_to_html(std::string_view prose) {
  std::string out;
  detail::for_each_part(
      prose, [&](std::string_view words) { out += detail::escape_html(words); },
      [&](std::string_view tex) { out += detail::to_mathml(detail::parse_formula(tex)); });
  return out;
}

}  // namespace alignproof::inline report
