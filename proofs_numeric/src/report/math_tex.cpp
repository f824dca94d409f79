// SPDX-License-Identifier: Apache-2.0
// Prose with formulas as LaTeX: words escaped, formulas as the author wrote them.
#include <alignproof/report/math.hpp>

#include <cstdint>
#include <map>

#include <fmt/format.h>

#include "formula.hpp"
#include "tex_escape.hpp"
#include "words.hpp"

namespace alignproof::inline report {
namespace detail {
namespace {

using Table = std::map<std::string_view, std::string_view>;

/// Empty groups keep -- from turning into a dash, and ?` and !` into Spanish marks. At the start of
/// a row [ and * would be read as options of the \\ before it.
const Table& special_characters() {
  static const Table table = {{"\\", "\\textbackslash{}"},
                              {"{", "\\{"},
                              {"}", "\\}"},
                              {"$", "\\$"},
                              {"&", "\\&"},
                              {"#", "\\#"},
                              {"%", "\\%"},
                              {"_", "\\_"},
                              {"^", "\\textasciicircum{}"},
                              {"~", "\\textasciitilde{}"},
                              {"<", "\\textless{}"},
                              {">", "\\textgreater{}"},
                              {"|", "\\textbar{}"},
                              {"\"", "\\textquotedbl{}"},
                              {"`", "\\textasciigrave{}"},
                              {"-", "-{}"},
                              {"[", "{[}"},
                              {"*", "{*}"}};
  return table;
}

const Table& unicode_words() {
  static const Table table = {{"–", "--"},
                              {"—", "---"},
                              {"‐", "-"},
                              {"‑", "-"},
                              {"‘", "`"},
                              {"’", "'"},
                              {"“", "``"},
                              {"”", "''"},
                              {"…", "\\ldots{}"},
                              {"\u00A0", "~"},
                              {"\u2009", "\\,"},
                              {"§", "\\S{}"},
                              {"©", "\\textcopyright{}"},
                              {"°", "\\textdegree{}"},
                              {"€", "\\texteuro{}"},
                              {"µ", "\\textmu{}"}};
  return table;
}

const Table& unicode_mathematics() {
  static const Table table = {
      {"−", "-"},         {"±", "\\pm"},         {"×", "\\times"},   {"÷", "\\div"},
      {"·", "\\cdot"},    {"≤", "\\le"},         {"≥", "\\ge"},      {"≠", "\\ne"},
      {"≈", "\\approx"},  {"∼", "\\sim"},        {"≪", "\\ll"},      {"≫", "\\gg"},
      {"→", "\\to"},      {"←", "\\gets"},       {"∈", "\\in"},      {"∞", "\\infty"},
      {"√", "\\surd"},    {"∑", "\\sum"},        {"∘", "\\circ"},    {"⊤", "\\top"},
      {"‖", "\\|"},       {"⟨", "\\langle"},     {"⟩", "\\rangle"},  {"′", "'"},
      {"¬", "\\neg"},     {"α", "\\alpha"},      {"β", "\\beta"},    {"γ", "\\gamma"},
      {"δ", "\\delta"},   {"ε", "\\varepsilon"}, {"ϵ", "\\epsilon"}, {"ζ", "\\zeta"},
      {"η", "\\eta"},     {"θ", "\\theta"},      {"ι", "\\iota"},    {"κ", "\\kappa"},
      {"λ", "\\lambda"},  {"μ", "\\mu"},         {"ν", "\\nu"},      {"ξ", "\\xi"},
      {"π", "\\pi"},      {"ρ", "\\rho"},        {"σ", "\\sigma"},   {"τ", "\\tau"},
      {"υ", "\\upsilon"}, {"φ", "\\varphi"},     {"ϕ", "\\phi"},     {"χ", "\\chi"},
      {"ψ", "\\psi"},     {"ω", "\\omega"},      {"Γ", "\\Gamma"},   {"Δ", "\\Delta"},
      {"Θ", "\\Theta"},   {"Λ", "\\Lambda"},     {"Ξ", "\\Xi"},      {"Π", "\\Pi"},
      {"Σ", "\\Sigma"},   {"Υ", "\\Upsilon"},    {"Φ", "\\Phi"},     {"Ψ", "\\Psi"},
      {"Ω", "\\Omega"},   {"ℓ", "\\ell"},        {"⁻", "^{-}"},      {"⁰", "^{0}"},
      {"¹", "^{1}"},      {"²", "^{2}"},         {"³", "^{3}"},      {"⁴", "^{4}"},
      {"⁵", "^{5}"},      {"⁶", "^{6}"},         {"⁷", "^{7}"},      {"⁸", "^{8}"},
      {"⁹", "^{9}"},      {"₀", "_{0}"},         {"₁", "_{1}"},      {"₂", "_{2}"},
      {"₃", "_{3}"},      {"ᵀ", "^{\\top}"}};
  return table;
}

/// The number of a code point; 0xFFFD for bytes that are not UTF-8.
std::uint32_t scalar_value(std::string_view point) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(point[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80 && point.size() == 1) return lead;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (length == 0 || point.size() != length) return 0xFFFD;
  std::uint32_t value = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (byte(i) & 0x3Fu);
  return value;
}

/// Latin letters with accents: pdflatex reads these as they are.
bool is_accented_latin(std::uint32_t value) {
  return value >= 0xC0 && value <= 0x17E && value != 0xD7 && value != 0xF7;
}

std::string escape_point(std::string_view point) {
  if (const auto found = special_characters().find(point); found != special_characters().end())
    return std::string(found->second);
  if (const auto found = unicode_words().find(point); found != unicode_words().end())
    return std::string(found->second);
  const auto& mathematics = unicode_mathematics();
  if (const auto found = mathematics.find(point); found != mathematics.end())
    return fmt::format("\\ensuremath{{{}}}", found->second);
  const std::uint32_t value = scalar_value(point);
  if (value < 0x20 || value == 0x7F) return " ";
  if (value < 0x7F || is_accented_latin(value)) return std::string(point);
  return fmt::format("{{[}}U+{:04X}]", value);
}

}  // namespace

std::string escape_tex(std::string_view text) {
  std::string out;
  for (const std::string_view point : code_points(text)) out += escape_point(point);
  return out;
}

}  // namespace detail

std::string prose_to_tex(std::string_view prose) {
  std::string out;
  detail::for_each_part(
      prose, [&](std::string_view words) { out += detail::escape_tex(words); },
      [&](std::string_view tex) {
        detail::parse_formula(tex);  // refuses what the other writers could not read either
        out += "$" + std::string(tex) + "$";
      });
  return out;
}

}  // namespace alignproof::inline report
