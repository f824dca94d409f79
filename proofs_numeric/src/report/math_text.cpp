// SPDX-License-Identifier: Apache-2.0
// Prose with formulas as Unicode text.
#include <alignproof/report/math.hpp>

#include <map>

#include "formula.hpp"
#include "words.hpp"

namespace alignproof::inline report {
namespace detail {
namespace {

using Table = std::map<std::string_view, std::string_view>;

const Table& superscripts() {
  static const Table table = {
      {"0", "⁰"}, {"1", "¹"}, {"2", "²"}, {"3", "³"}, {"4", "⁴"}, {"5", "⁵"}, {"6", "⁶"},
      {"7", "⁷"}, {"8", "⁸"}, {"9", "⁹"}, {"+", "⁺"}, {"−", "⁻"}, {"=", "⁼"}, {"(", "⁽"},
      {")", "⁾"}, {"a", "ᵃ"}, {"b", "ᵇ"}, {"c", "ᶜ"}, {"d", "ᵈ"}, {"e", "ᵉ"}, {"f", "ᶠ"},
      {"g", "ᵍ"}, {"h", "ʰ"}, {"i", "ⁱ"}, {"j", "ʲ"}, {"k", "ᵏ"}, {"l", "ˡ"}, {"m", "ᵐ"},
      {"n", "ⁿ"}, {"o", "ᵒ"}, {"p", "ᵖ"}, {"r", "ʳ"}, {"s", "ˢ"}, {"t", "ᵗ"}, {"u", "ᵘ"},
      {"v", "ᵛ"}, {"w", "ʷ"}, {"x", "ˣ"}, {"y", "ʸ"}, {"z", "ᶻ"}, {"T", "ᵀ"}, {"⊤", "ᵀ"},
      {"′", "′"}, {"*", "*"}, {"β", "ᵝ"}, {"γ", "ᵞ"}, {"δ", "ᵟ"}};
  return table;
}

const Table& subscripts() {
  static const Table table = {
      {"0", "₀"}, {"1", "₁"}, {"2", "₂"}, {"3", "₃"}, {"4", "₄"}, {"5", "₅"}, {"6", "₆"},
      {"7", "₇"}, {"8", "₈"}, {"9", "₉"}, {"+", "₊"}, {"−", "₋"}, {"=", "₌"}, {"(", "₍"},
      {")", "₎"}, {"a", "ₐ"}, {"e", "ₑ"}, {"h", "ₕ"}, {"i", "ᵢ"}, {"j", "ⱼ"}, {"k", "ₖ"},
      {"l", "ₗ"}, {"m", "ₘ"}, {"n", "ₙ"}, {"o", "ₒ"}, {"p", "ₚ"}, {"r", "ᵣ"}, {"s", "ₛ"},
      {"t", "ₜ"}, {"u", "ᵤ"}, {"v", "ᵥ"}, {"x", "ₓ"}, {"β", "ᵦ"}, {"γ", "ᵧ"}, {"ρ", "ᵨ"}};
  return table;
}

std::string raised_or_lowered(const std::string& text, const Table& table, char fallback) {
  std::string out;
  const auto points = code_points(text);
  for (const std::string_view point : points) {
    const auto found = table.find(point);
    if (found == table.end())
      return points.size() == 1 ? fallback + text : std::string(1, fallback) + "(" + text + ")";
    out += found->second;
  }
  return out;
}

std::string text_of(const Node& node, bool tight);

const Node& base_of(const Node& node) {
  return node.kind == Kind::scripts ? node.children.front() : node;
}

bool is_function(const Node& node) {
  return base_of(node).kind == Kind::function;
}

bool has_role(const Node& node, Role role) {
  return base_of(node).kind == Kind::symbol && base_of(node).role == role;
}

/// Something that would read as multiplied with what stands beside it.
bool is_factor(const Node& node) {
  if (node.kind == Kind::space) return false;
  if (base_of(node).kind != Kind::symbol) return true;
  const Role role = base_of(node).role;
  return role == Role::ordinary || role == Role::open || role == Role::large;
}

/// The relation or the operation between two terms, which has the same space on both sides.
bool is_infix(const Node& node) {
  return has_role(node, Role::relation) || (has_role(node, Role::binary) && !base_of(node).prefix);
}

bool blank_beside(const Node& infix) {
  return has_role(infix, Role::relation) || infix.spaced_before;
}

/// Space where the author put it, around relations, and around named functions without brackets.
bool blank_between(const Node& left, const Node& right) {
  if (has_role(left, Role::open) || has_role(right, Role::close)) return false;
  if (is_infix(left)) return blank_beside(left);
  if (is_infix(right)) return blank_beside(right);
  if (has_role(left, Role::binary)) return false;
  if (is_function(left)) return is_factor(right) && (is_function(right) || right.text != "(");
  if (is_function(right)) return is_factor(left) || has_role(left, Role::close);
  return right.spaced_before;
}

bool is_sum_or_quotient(const Node& node) {
  if (node.kind == Kind::fraction) return true;
  if (node.kind != Kind::row) return false;
  int depth = 0;
  for (const Node& child : node.children) {
    depth += has_role(child, Role::open) ? 1 : has_role(child, Role::close) ? -1 : 0;
    if (depth == 0 &&
        (is_infix(child) || has_role(child, Role::slash) || child.kind == Kind::fraction))
      return true;
  }
  return false;
}

/// One pair of brackets around everything: |e(t)|, (1 - x).
bool is_bracketed(const Node& node) {
  if (node.kind != Kind::row || node.children.size() < 2) return false;
  int depth = 0;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    depth += has_role(child, Role::open) ? 1 : has_role(child, Role::close) ? -1 : 0;
    if (depth == 0) return i > 0 && i + 1 == node.children.size();
  }
  return false;
}

bool is_single(const Node& node) {
  if (node.kind == Kind::row) return is_bracketed(node) || node.children.size() == 1;
  return node.kind != Kind::fraction;
}

std::string bracketed_if(bool needed, const std::string& text) {
  return needed ? "(" + text + ")" : text;
}

std::string fraction(const Node& node, bool tight) {
  const Node& above = node.children[0];
  const Node& below = node.children[1];
  return bracketed_if(is_sum_or_quotient(above), text_of(above, tight)) + "/" +
         bracketed_if(!is_single(below), text_of(below, tight));
}

std::string row(const std::vector<Node>& nodes, bool tight) {
  std::string out;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node* left = i > 0 ? &nodes[i - 1] : nullptr;
    const Node* right = i + 1 < nodes.size() ? &nodes[i + 1] : nullptr;
    if (left != nullptr && !tight && blank_between(*left, nodes[i])) out += ' ';
    // 1/2 x would read as 1/(2 x).
    const bool in_product =
        nodes[i].kind == Kind::fraction &&
        ((right != nullptr && is_factor(*right)) ||
         (left != nullptr && (is_function(*left) || has_role(*left, Role::slash))));
    out += bracketed_if(in_product, text_of(nodes[i], tight));
  }
  return out;
}

std::string scripts(const Node& node) {
  const Node& base = node.children.front();
  std::string out = bracketed_if(!is_single(base), text_of(base, true));
  if (node.has_sub) out += raised_or_lowered(text_of(node.children[1], true), subscripts(), '_');
  if (!node.has_sup) return out;
  // Primes first, so that f'^{(k)} keeps its prime whatever the rest turns into.
  const Node& sup = node.children.back();
  std::size_t primes = 0;
  if (sup.kind == Kind::row)
    while (primes < sup.children.size() && sup.children[primes].text == "′") ++primes;
  for (std::size_t i = 0; i < primes; ++i) out += "′";
  const std::string rest =
      primes == 0
          ? text_of(sup, true)
          : row({sup.children.begin() + static_cast<long>(primes), sup.children.end()}, true);
  return rest.empty() ? out : out + raised_or_lowered(rest, superscripts(), '^');
}

std::string accent(const Node& node) {
  const std::string inside = text_of(node.children.front(), true);
  return width(inside) == 1 ? inside + node.text : "(" + inside + ")" + node.text;
}

std::string text_of(const Node& node, bool tight) {
  switch (node.kind) {
    case Kind::row:
      return row(node.children, tight);
    case Kind::fraction:
      return fraction(node, tight);
    case Kind::root: {
      const Node& inside = node.children.front();
      const bool plain = is_single(inside) && !is_bracketed(inside);
      return "√" + bracketed_if(!plain, text_of(inside, tight));
    }
    case Kind::accent:
      return accent(node);
    case Kind::scripts:
      return scripts(node);
    case Kind::space:
      return tight ? "" : " ";
    case Kind::symbol:
    case Kind::number:
    case Kind::function:
    case Kind::text:
      return node.text;
  }
  return "";
}

/// \quad beside a relation would give two blanks.
std::string without_double_blanks(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string to_plain_text(const Node& formula) {
  return without_double_blanks(text_of(formula, false));
}

}  // namespace detail

std::string prose_to_text(std::string_view prose) {
  std::string out;
  detail::for_each_part(
      prose, [&](std::string_view words) { out += words; },
      [&](std::string_view tex) { out += detail::to_plain_text(detail::parse_formula(tex)); });
  return out;
}

}  // namespace alignproof::inline report
