// SPDX-License-Identifier: Apache-2.0
// A table of numbers, read strictly: what is not certainly a number is an error, never a guess.
#include <alignproof/network/csv.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

namespace alignproof {
namespace {

namespace fs = std::filesystem;

/// Fit for one line of a terminal. Bytes above 0x7f stay only where they may be part of a name.
std::string printable(std::string_view text, bool keep_high) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte > 0x7f && !keep_high))
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 40;
  return fmt::format("'{}'{}", printable(text.substr(0, longest), false),
                     text.size() > longest ? "..." : "");
}

std::string bytes_of(const fs::path& file, const std::string& name) {
  const auto refuse = [&](const char* accepted) {
    throw InputError("CSV file", fmt::format("'{}'", name), accepted);
  };
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::is_directory(status)) refuse("a file, not a folder");
  if (!fs::is_regular_file(status)) refuse("a file that exists and can be read");
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) refuse("a file that exists and can be read");
  if (size > largest_csv)
    throw InputError(fmt::format("size of {}", name), fmt::format("{} bytes", size),
                     fmt::format("at most {} bytes", largest_csv));
  return read_file(file);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

class Table {
 public:
  Table(std::string name, std::size_t outputs) : name_(std::move(name)), outputs_(outputs) {}

  void read(std::string_view bytes) {
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);  // UTF-8's byte order mark
    for (line_ = 1; !bytes.empty(); ++line_) {
      const auto end = std::min(bytes.find('\n'), bytes.size());
      std::string_view text = bytes.substr(0, end);
      bytes.remove_prefix(std::min(end + 1, bytes.size()));
      if (text.ends_with('\r')) text.remove_suffix(1);
      const auto first = text.find_first_not_of(' ');
      if (first != std::string_view::npos && text[first] != '#') read_line(text);
    }
    if (rows == 0)
      throw InputError(fmt::format("number of samples in {}", name_), "0",
                       "at least 1 line of them");
  }

  std::size_t rows = 0, columns = 0;
  std::vector<double> inputs, targets;

 private:
  void read_line(std::string_view text) {
    const bool first = columns == 0;
    if (first) separator_ = separator_of(text);
    split(text);
    if (first) {
      columns = fields_.size();
      first_line_ = line_;
      if (columns <= outputs_)
        refuse(
            "number of columns", fmt::format("{} ({})", columns, in_quotes(text)),
            fmt::format("at least {}, of which {} are targets, separated by commas, semicolons or "
                        "tabs",
                        outputs_ + 1, outputs_));
      if (std::all_of(fields_.begin(), fields_.end(), is_name)) return;  // the header
    }
    if (fields_.size() != columns)
      refuse("number of columns", fmt::format("{} ({})", fields_.size(), in_quotes(text)),
             fmt::format("{} as in line {}", columns, first_line_));
    for (std::size_t j = 0; j < columns; ++j)
      (j < columns - outputs_ ? inputs : targets).push_back(number(j));
    ++rows;
  }

  /// The first of tab, semicolon and comma that the line has outside quotes.
  static char separator_of(std::string_view text) {
    for (char separator : {'\t', ';', ','}) {
      bool quoted = false;
      for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (c == separator && !quoted) return separator;
      }
    }
    return ',';
  }

  /// Fields without the blanks around them. A doubled quote inside quotes toggles twice.
  void split(std::string_view text) {
    fields_.clear();
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && text[i] == '"') quoted = !quoted;
      if (i < text.size() && (quoted || text[i] != separator_)) continue;
      fields_.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
    if (quoted)
      refuse(fmt::format("column {}", fields_.size()), in_quotes(fields_.back()),
             "a quote that is closed");
  }

  /// A heading: quoted, or beginning like a word. The usual words for a missing number are none, so
  /// that a sample is never taken for a header.
  static bool is_name(std::string_view field) {
    if (field.size() > 2 && field.front() == '"' && field.back() == '"') return true;
    std::string word(field);
    for (char& c : word)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    for (const char* missing : {"nan", "inf", "infinity", "na", "n/a", "null", "none"})
      if (word == missing) return false;
    const auto byte = static_cast<unsigned char>(word.empty() ? ' ' : word.front());
    return (byte >= 'a' && byte <= 'z') || byte == '_' || byte > 0x7f;
  }

  double number(std::size_t j) const {
    const std::string_view field = fields_[j];
    std::string_view digits = field;
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    double value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    const bool all = stop == end && !digits.empty();
    if (all && error == std::errc{} && std::isfinite(value)) return value;
    refuse(
        fmt::format("column {}", j + 1), in_quotes(field),
        field.empty() ? "a number (the field is empty)"
        : all && error == std::errc::result_out_of_range
            ? "a number within the range of doubles, 5e-324 to 1.7976931348623157e308 in size, or 0"
            : "a finite decimal number such as -1.5e-3");
  }

  [[noreturn]] void refuse(const std::string& what, const std::string& value,
                           const std::string& accepted) const {
    throw InputError(fmt::format("{}, line {}, {}", name_, line_, what), value, accepted);
  }

  std::string name_;
  std::size_t outputs_;  ///< columns of targets
  char separator_ = ',';
  std::size_t line_ = 0, first_line_ = 0;
  std::vector<std::string_view> fields_;
};

}  // namespace

Data read_csv(const fs::path& file, std::size_t targets) {
  if (targets == 0) throw InputError("outputs", "0", "at least 1 column of targets");
  const std::string name = printable(file.string(), true);
  Table table(name, targets);
  table.read(bytes_of(file, name));
  const std::size_t n = table.rows, d = table.columns - targets;
  Data data;
  data.name = fmt::format("csv {}, n={} d={}", printable(file.filename().string(), true), n, d);
  if (targets != 1) data.name += fmt::format(" k={}", targets);
  data.options = fmt::format("--csv {} --outputs {}", shell_word(file.string()), targets);
  data.X.shape = {n, d};
  data.X.values = std::move(table.inputs);
  data.y.shape = targets == 1 ? std::vector{n} : std::vector{n, targets};
  data.y.values = std::move(table.targets);
  return data;
}

}  // namespace alignproof
