// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/columns.hpp>

namespace alignproof::inline core {

namespace {

bool continues_a_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// A blank or an ASCII control character: no terminal shows it.
bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (!is_blank(c))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// The pieces of a word that is longer than a line.
std::vector<std::string> cut(std::string_view word, std::size_t columns) {
  std::vector<std::string> pieces;
  std::size_t in_piece = columns;
  for (const std::string_view point : code_points(word)) {
    if (in_piece == columns) {
      pieces.emplace_back();
      in_piece = 0;
    }
    pieces.back() += point;
    ++in_piece;
  }
  return pieces;
}

}  // namespace

std::vector<std::string_view> code_points(std::string_view text) {
  std::vector<std::string_view> points;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && continues_a_code_point(text[end])) ++end;
    points.push_back(text.substr(i, end - i));
    i = end;
  }
  return points;
}

std::size_t text_width(std::string_view text) {
  return code_points(text).size();
}

std::string pad_right(std::string_view text, std::size_t columns) {
  const std::size_t used = text_width(text);
  return std::string(text) + std::string(columns > used ? columns - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
  const std::size_t used = text_width(text);
  return std::string(columns > used ? columns - used : 0, ' ') + std::string(text);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (const std::string& word : words_of(text)) {
    if (!lines.empty() && text_width(lines.back()) + 1 + text_width(word) <= columns) {
      lines.back() += " " + word;
      continue;
    }
    for (std::string& piece : cut(word, columns)) lines.push_back(std::move(piece));
  }
  return lines;
}

std::vector<std::string> wrapped_behind(std::string_view head, std::string_view text,
                                        std::size_t margin) {
  std::vector<std::string> lines = wrapped(text, terminal_columns - margin);
  if (lines.empty()) lines.emplace_back();
  const std::string first = pad_right(head, margin);
  for (std::size_t k = 0; k < lines.size(); ++k)
    lines[k] = (k == 0 ? first : std::string(margin, ' ')) + lines[k];
  return lines;
}

}  // namespace alignproof::inline core
