// SPDX-License-Identifier: Apache-2.0
// CSV as text: encodings, line ends, separators and quotes.
#include <algorithm>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/csv.hpp>

#include "user_bytes.hpp"

namespace alignproof::inline network {

namespace {

using namespace std::string_view_literals;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// The encoding of two or four bytes a character that the text begins like, or nothing.
const char* wide_encoding(std::string_view text) {
  if (text.starts_with("\xff\xfe\0\0"sv) || text.starts_with("\0\0\xfe\xff"sv)) return "UTF-32";
  if (text.starts_with("\xff\xfe"sv)) return "UTF-16 (little-endian)";
  if (text.starts_with("\xfe\xff"sv)) return "UTF-16 (big-endian)";
  if (text.size() < 4) return nullptr;
  const auto zero = [&](std::size_t i) { return text[i] == 0; };
  if (!zero(0) && zero(1) && zero(3)) return "UTF-16 (little-endian, without a mark)";
  if (zero(0) && !zero(1) && zero(2)) return "UTF-16 (big-endian, without a mark)";
  return nullptr;
}

}  // namespace

CsvReader::CsvReader(std::string name, std::string_view text)
    : name_(std::move(name)), text_(text) {
  if (const auto format = detail::known_format(text_))
    throw InputError(fmt::format("format of {}", name_), std::string(*format),
                     "a table as text: lines of numbers");
  if (const char* encoding = wide_encoding(text_))
    throw InputError(fmt::format("encoding of {}", name_), encoding,
                     "UTF-8 or ASCII (iconv -f UTF-16 -t UTF-8 makes it)");
  if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);  // UTF-8's byte order mark
  for (auto at = text_.find('\r'); at != std::string_view::npos; at = text_.find('\r', at + 1)) {
    if (text_.substr(at, 2) == "\r\n") continue;
    const std::string_view before = text_.substr(0, at);
    number_ = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const auto line = before.find_last_of("\r\n") + 1;  // npos + 1 is 0
    refuse("text before CR", detail::in_quotes(before.substr(line)),
           "lines that end with LF or CR LF: here line ends are CR (tr '\\r' '\\n' mends them)");
  }
}

std::optional<std::string_view> CsvReader::line() const {
  if (at_ >= text_.size()) return std::nullopt;
  std::string_view line = text_.substr(at_, text_.find('\n', at_) - at_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

char CsvReader::separator() const {
  bool quoted = false, semicolon = false, comma = false;
  for (char c : text_.substr(std::min(at_, text_.size()))) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\t') return c;
    if (c == '\n') break;
    semicolon = semicolon || c == ';';
    comma = comma || c == ',';
  }
  return semicolon ? ';' : comma ? ',' : ' ';
}

void CsvReader::skip_line() {
  at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
  number_ = next_number_++;
}

std::string_view CsvReader::quoted_field() {
  const std::size_t begin = ++at_;
  bool doubled = false;
  for (;; at_ += 2, doubled = true) {
    at_ = std::min(text_.find('"', at_), text_.size());
    if (text_.substr(at_, 2) != "\"\"") break;
  }
  const std::string_view inside = text_.substr(begin, at_ - begin);
  if (at_ == text_.size())
    refuse(fmt::format("column {}", fields_.size() + 1), detail::in_quotes(text_.substr(begin - 1)),
           "a quote that is closed");
  ++at_;
  next_number_ += static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '\n'));
  if (!doubled) return inside;
  std::string& field = unquoted_.emplace_back();
  for (std::size_t i = 0; i < inside.size(); i += inside[i] == '"' ? 2 : 1) field += inside[i];
  return field;
}

const std::vector<std::string_view>& CsvReader::record(char separator) {
  const bool by_blanks = separator == ' ';
  const auto skip_blanks = [&] {
    while (at_ < text_.size() && is_blank(text_[at_]) && (by_blanks || text_[at_] != separator))
      ++at_;
  };
  const auto at_line_end = [&] {
    return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  };
  const auto at_separator = [&] {
    return at_ < text_.size() && (by_blanks ? is_blank(text_[at_]) : text_[at_] == separator);
  };
  fields_.clear(), unquoted_.clear();
  number_ = next_number_++;
  for (bool more = true; more;) {
    skip_blanks();
    if (by_blanks && at_line_end()) break;
    const std::size_t begin = at_;
    std::string_view field;
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) {
      field = quoted_field();
      if (!by_blanks) skip_blanks();
    }
    const std::size_t end = at_;
    while (!at_line_end() && !at_separator()) ++at_;
    if (!quoted) {
      field = text_.substr(begin, at_ - begin);
      while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
    }
    if ((quoted && at_ > end) || (!quoted && field.find('"') != std::string_view::npos))
      refuse(fmt::format("column {}", fields_.size() + 1),
             detail::in_quotes(text_.substr(begin, at_ - begin)),
             "quotes around the whole field, doubled inside");
    fields_.push_back(field);
    more = at_separator();
    if (more && !by_blanks) ++at_;
  }
  at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
  return fields_;
}

void CsvReader::refuse(const std::string& what, const std::string& value,
                       const std::string& accepted) const {
  throw InputError(fmt::format("{}, line {}, {}", name_, number_, what), value, accepted);
}

}  // namespace alignproof::inline network
