// SPDX-License-Identifier: Apache-2.0
// A recursive-descent parser for the TeX subset of formulas: one grammar in one unit.
#include "formula.hpp"

#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

struct Symbol {
  const char* text;
  Kind kind = Kind::symbol;
  Role role = Role::ordinary;
};

const std::map<std::string_view, Symbol>& commands() {
  constexpr auto symbol = Kind::symbol;
  constexpr auto function = Kind::function;
  static const std::map<std::string_view, Symbol> table = {
      {"alpha", {"α"}},
      {"beta", {"β"}},
      {"gamma", {"γ"}},
      {"delta", {"δ"}},
      {"epsilon", {"ϵ"}},
      {"varepsilon", {"ε"}},
      {"zeta", {"ζ"}},
      {"eta", {"η"}},
      {"theta", {"θ"}},
      {"iota", {"ι"}},
      {"kappa", {"κ"}},
      {"lambda", {"λ"}},
      {"mu", {"μ"}},
      {"nu", {"ν"}},
      {"xi", {"ξ"}},
      {"pi", {"π"}},
      {"rho", {"ρ"}},
      {"sigma", {"σ"}},
      {"tau", {"τ"}},
      {"upsilon", {"υ"}},
      {"phi", {"ϕ"}},
      {"varphi", {"φ"}},
      {"chi", {"χ"}},
      {"psi", {"ψ"}},
      {"omega", {"ω"}},
      {"Gamma", {"Γ"}},
      {"Delta", {"Δ"}},
      {"Theta", {"Θ"}},
      {"Lambda", {"Λ"}},
      {"Xi", {"Ξ"}},
      {"Pi", {"Π"}},
      {"Sigma", {"Σ"}},
      {"Upsilon", {"Υ"}},
      {"Phi", {"Φ"}},
      {"Psi", {"Ψ"}},
      {"Omega", {"Ω"}},
      {"ell", {"ℓ"}},
      {"infty", {"∞"}},
      {"top", {"⊤"}},
      {"ldots", {"…"}},
      {"le", {"≤", symbol, Role::relation}},
      {"ge", {"≥", symbol, Role::relation}},
      {"ne", {"≠", symbol, Role::relation}},
      {"ll", {"≪", symbol, Role::relation}},
      {"gg", {"≫", symbol, Role::relation}},
      {"approx", {"≈", symbol, Role::relation}},
      {"sim", {"∼", symbol, Role::relation}},
      {"to", {"→", symbol, Role::relation}},
      {"in", {"∈", symbol, Role::relation}},
      {"mid", {"|", symbol, Role::relation}},
      {"cdot", {"·", symbol, Role::binary}},
      {"circ", {"∘", symbol, Role::binary}},
      {"times", {"×", symbol, Role::binary}},
      {"pm", {"±", symbol, Role::binary}},
      {"lVert", {"‖", symbol, Role::open}},
      {"rVert", {"‖", symbol, Role::close}},
      {"lvert", {"|", symbol, Role::open}},
      {"rvert", {"|", symbol, Role::close}},
      {"langle", {"⟨", symbol, Role::open}},
      {"rangle", {"⟩", symbol, Role::close}},
      {"{", {"{", symbol, Role::open}},
      {"}", {"}", symbol, Role::close}},
      {"sum", {"∑", symbol, Role::large}},
      {"sup", {"sup", function}},
      {"inf", {"inf", function}},
      {"min", {"min", function}},
      {"max", {"max", function}},
      {"log", {"log", function}},
      {"exp", {"exp", function}},
      {"cos", {"cos", function}},
      {"sin", {"sin", function}},
      {"quad", {"\u2003", Kind::space}},
      {",", {"\u2009", Kind::space}},
  };
  return table;
}

std::optional<Symbol> plain_character(char c) {
  switch (c) {
    case '+':
      return Symbol{"+", Kind::symbol, Role::binary};
    case '-':
      return Symbol{"−", Kind::symbol, Role::binary};
    case '*':
      return Symbol{"*"};
    case '=':
      return Symbol{"=", Kind::symbol, Role::relation};
    case '<':
      return Symbol{"<", Kind::symbol, Role::relation};
    case '>':
      return Symbol{">", Kind::symbol, Role::relation};
    case ':':
      return Symbol{":", Kind::symbol, Role::relation};
    case '(':
      return Symbol{"(", Kind::symbol, Role::open};
    case ')':
      return Symbol{")", Kind::symbol, Role::close};
    case '[':
      return Symbol{"[", Kind::symbol, Role::open};
    case ']':
      return Symbol{"]", Kind::symbol, Role::close};
    case '|':
      return Symbol{"|", Kind::symbol, Role::bar};
    case ',':
      return Symbol{",", Kind::symbol, Role::punctuation};
    case ';':
      return Symbol{";", Kind::symbol, Role::punctuation};
    case '.':
      return Symbol{".", Kind::symbol, Role::punctuation};
    case '/':
      return Symbol{"/", Kind::symbol, Role::slash};
    case '!':
      return Symbol{"!"};
    default:
      return std::nullopt;
  }
}

const char* combining_mark(std::string_view command) {
  if (command == "bar") return "\u0304";
  if (command == "tilde") return "\u0303";
  if (command == "dot") return "\u0307";
  if (command == "hat") return "\u0302";
  return nullptr;
}

/// Blackboard capitals; the common ones stand outside the contiguous block of Unicode.
std::string double_struck(char letter) {
  static const std::map<char, std::string> early = {{'C', "ℂ"}, {'H', "ℍ"}, {'N', "ℕ"}, {'P', "ℙ"},
                                                    {'Q', "ℚ"}, {'R', "ℝ"}, {'Z', "ℤ"}};
  if (const auto found = early.find(letter); found != early.end()) return found->second;
  // U+1D538 is the double-struck A: F0 9D 94 B8 in UTF-8.
  const unsigned code = 0x1D538u + static_cast<unsigned>(letter - 'A');
  return {static_cast<char>(0xF0), static_cast<char>(0x9D),
          static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool ends_a_term(const Node& node) {
  if (node.kind == Kind::scripts) return ends_a_term(node.children.front());
  if (node.kind == Kind::space || node.kind == Kind::function) return false;
  if (node.kind != Kind::symbol) return true;
  return node.role == Role::ordinary || node.role == Role::close;
}

/// Tells opening bars from closing ones, and signs from operations, by what stands in front.
void settle_roles(Node& row) {
  int open_bars = 0;
  const Node* before = nullptr;
  for (Node& node : row.children) {
    Node& symbol = node.kind == Kind::scripts ? node.children.front() : node;
    const bool after_term = before != nullptr && ends_a_term(*before);
    if (symbol.kind == Kind::symbol && symbol.role == Role::bar) {
      // |\cos| closes: a bare function between bars is likelier than \cos|x| inside them.
      const bool after_function = before != nullptr && before->kind == Kind::function;
      const bool closes = (after_term || after_function) && open_bars > 0;
      symbol.role = closes ? Role::close : Role::open;
      open_bars += closes ? -1 : 1;
    } else if (symbol.kind == Kind::symbol && symbol.role == Role::binary) {
      symbol.prefix = !after_term;
    }
    if (symbol.kind != Kind::space) before = &node;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view source) : source_(source) {}

  Node formula() {
    Node row = parse_row();
    if (!at_end()) reject("}", "a closing brace that was opened");
    return row;
  }

 private:
  bool at_end() const { return at_ >= source_.size(); }
  char peek() const { return source_[at_]; }

  [[noreturn]] void reject(std::string_view found, std::string_view accepted) const {
    throw InputError(
        fmt::format("{} in the formula ${}$ is not accepted: give {}", found, source_, accepted));
  }

  /// White space after a control word only ends the word.
  void skip_blanks() {
    while (!at_end() && is_blank(peek())) {
      ++at_;
      if (!after_word_) blank_ = true;
    }
  }

  Node parse_row() {
    Node row;
    blank_ = false;
    for (skip_blanks(); !at_end() && peek() != '}'; skip_blanks()) {
      const bool spaced = std::exchange(blank_, false);
      row.children.push_back(parse_scripted());
      row.children.back().spaced_before = spaced;
    }
    settle_roles(row);
    return row;
  }

  Node parse_scripted() {
    Node sub, sup;
    Node result = parse_atom();
    bool has_sub = false, has_sup = false, after_caret = false;
    for (skip_blanks(); !at_end(); skip_blanks()) {
      const char c = peek();
      if (c != '_' && c != '^' && c != '\'') break;
      ++at_;
      after_word_ = false;
      if (c == '_') {
        if (std::exchange(has_sub, true)) reject("_", "one subscript");
        sub = parse_argument("_");
      } else if (c == '\'') {
        if (after_caret) reject("'", "primes before the superscript");
        has_sup = true;
        sup.children.push_back(Node{Kind::symbol, Role::ordinary, "′", {}});
      } else {
        if (std::exchange(after_caret, true)) reject("^", "one superscript");
        has_sup = true;
        sup.children.push_back(parse_argument("^"));
      }
    }
    if (!has_sub && !has_sup) return result;
    Node scripts{Kind::scripts, Role::ordinary, "", {std::move(result)}, has_sub, has_sup};
    if (has_sub) scripts.children.push_back(std::move(sub));
    if (has_sup)
      scripts.children.push_back(sup.children.size() == 1 ? Node(sup.children.front()) : sup);
    return scripts;
  }

  /// A group or a single atom, as after \sqrt, ^ and _.
  Node parse_argument(std::string_view of) {
    const bool blank = blank_;
    skip_blanks();
    if (at_end() || peek() == '}') reject(of, "it with an argument behind it");
    Node argument = is_digit(peek()) ? single_digit() : parse_atom();
    if (argument.kind == Kind::row && argument.children.size() == 1)
      argument = Node(argument.children.front());
    blank_ = blank;
    return argument;
  }

  /// As in TeX, x^12 is x^1 followed by 2, and \frac12 is a half.
  Node single_digit() {
    after_word_ = false;
    return Node{Kind::number, Role::ordinary, std::string(1, source_[at_++]), {}};
  }

  Node parse_atom() {
    const char c = peek();
    after_word_ = false;
    if (c == '{') return parse_group();
    if (c == '\\') return parse_command();
    if (is_digit(c)) return parse_number();
    ++at_;
    if (is_letter(c)) return Node{Kind::symbol, Role::ordinary, std::string(1, c), {}};
    if (const auto found = plain_character(c))
      return Node{found->kind, found->role, found->text, {}};
    reject(whole_character(), "letters, digits, + - * = < > ( ) [ ] | , . / ! ' : ; and commands");
  }

  /// The character just passed, with all its bytes.
  std::string_view whole_character() const {
    std::size_t end = at_;
    while (end < source_.size() && (static_cast<unsigned char>(source_[end]) & 0xC0) == 0x80) ++end;
    return source_.substr(at_ - 1, end - at_ + 1);
  }

  Node parse_group() {
    ++at_;
    Node row = parse_row();
    if (at_end()) reject("{", "an opening brace that is closed");
    ++at_;
    after_word_ = false;
    blank_ = false;
    return row;
  }

  Node parse_number() {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(peek())) ++at_;
    if (at_ + 1 < source_.size() && peek() == '.' && is_digit(source_[at_ + 1]))
      for (++at_; !at_end() && is_digit(peek());) ++at_;
    return Node{Kind::number, Role::ordinary, std::string(source_.substr(begin, at_ - begin)), {}};
  }

  std::string_view command_name() {
    const std::size_t begin = ++at_;
    while (!at_end() && is_letter(peek())) ++at_;
    after_word_ = at_ > begin;
    if (!after_word_ && !at_end()) ++at_;
    return source_.substr(begin, at_ - begin);
  }

  Node parse_command() {
    const std::string_view name = command_name();
    const std::string whole = fmt::format("\\{}", name);
    if (name == "frac") {
      Node above = parse_argument(whole);
      Node below = parse_argument(whole);
      return Node{Kind::fraction, Role::ordinary, "", {std::move(above), std::move(below)}};
    }
    if (name == "sqrt") return Node{Kind::root, Role::ordinary, "", {parse_argument(whole)}};
    if (const char* mark = combining_mark(name))
      return Node{Kind::accent, Role::ordinary, mark, {parse_argument(whole)}};
    if (name == "text") return Node{Kind::text, Role::ordinary, raw_argument(whole), {}};
    if (name == "operatorname")
      return Node{Kind::function, Role::ordinary, raw_argument(whole), {}};
    if (name == "mathbb") return blackboard(whole);
    const auto found = commands().find(name);
    if (found == commands().end()) reject(whole, "a command that alignproof/report/math.hpp lists");
    return Node{found->second.kind, found->second.role, found->second.text, {}};
  }

  Node blackboard(std::string_view whole) {
    const std::string letter = raw_argument(whole);
    if (letter.size() != 1 || letter[0] < 'A' || letter[0] > 'Z')
      reject(fmt::format("{}{{{}}}", whole, letter), "one capital letter");
    return Node{Kind::symbol, Role::ordinary, double_struck(letter[0]), {}};
  }

  /// The characters between braces as they stand: words, not formulas.
  std::string raw_argument(std::string_view of) {
    skip_blanks();
    const std::size_t end = source_.find('}', at_);
    if (at_end() || peek() != '{' || end == std::string_view::npos) reject(of, "it with {words}");
    const std::string words(source_.substr(at_ + 1, end - at_ - 1));
    for (const char c : words)
      if (!is_letter(c) && !is_digit(c) && !is_blank(c) &&
          std::string_view("-.,:;()").find(c) == std::string_view::npos)
        reject(fmt::format("{}{{{}}}", of, words), "plain letters, digits and spaces");
    at_ = end + 1;
    after_word_ = false;
    return words;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  bool after_word_ = false;  ///< the last token was a control word
  bool blank_ = false;       ///< white space of the author's since the last token
};

}  // namespace

Node parse_formula(std::string_view tex) {
  return Parser(tex).formula();
}

void for_each_part(std::string_view prose, const std::function<void(std::string_view)>& words,
                   const std::function<void(std::string_view)>& formula) {
  while (!prose.empty()) {
    const std::size_t begin = prose.find('$');
    if (begin != 0) words(prose.substr(0, begin));
    if (begin == std::string_view::npos) return;
    const std::size_t end = prose.find('$', begin + 1);
    if (end == std::string_view::npos)
      throw InputError(fmt::format("the formula {} is not accepted: give a second $ that ends it",
                                   prose.substr(begin)));
    formula(prose.substr(begin + 1, end - begin - 1));
    prose.remove_prefix(end + 1);
  }
}

}  // namespace alignproof::inline report::detail
