// SPDX-License-Identifier: Apache-2.0
// Data of one's own from a text file of numbers. The rules: reports/docs/data.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/network/data.hpp>

namespace alignproof::inline network {

/// A larger file is refused, and one that unpacks to more.
inline constexpr std::uintmax_t largest_csv = std::uintmax_t{1} << 28;  // 256 MiB

/// More different words in a target column are refused: they are no classes.
inline constexpr std::size_t most_classes = 1000;

/// Which columns are y.
struct CsvTargets {
  std::size_t last = 1;               ///< the last so many, unless
  std::optional<std::string> column;  ///< one, by its name in the heading or its number from 1
};

struct CsvTable {
  Data data;
  std::vector<std::string> names;    ///< of the columns, where the table has a heading
  std::string target;                ///< name, or else number, of the only target column
  std::vector<std::string> classes;  ///< column c of y is 1 for class c, where targets are words
  std::size_t comments = 0;          ///< lines above the table that are no part of it
};

/// Reads a table of decimal numbers, separated by commas, semicolons, tabs or blanks, one sample a
/// line. Each number is rounded once, to the nearest double, whatever the locale. Words in the only
/// target column are classes: y is one-hot, its columns in the order of the words' bytes. "-" is
/// standard input; gzip is unpacked. Throws InputError that names file, line, column and the
/// offending text.
CsvTable read_csv_table(const std::filesystem::path& file, const CsvTargets& targets);

/// The numbers of a table whose last `targets` columns are y.
Data read_csv(const std::filesystem::path& file, std::size_t targets = 1);

/// The text of a table, plain or gzipped, "-" for standard input; at most `largest_csv` bytes.
std::string read_csv_text(const std::filesystem::path& file);

/// The lines and records of CSV as RFC 4180 has it: a field in quotes may have separators, line
/// ends and, doubled, quotes. Blanks around fields do not count.
class CsvReader {
 public:
  /// `name` begins the messages; `text` must outlive the reader. Throws InputError on encodings
  /// other than UTF-8 and on lines that end with CR alone.
  CsvReader(std::string name, std::string_view text);

  /// The line to be read next, without its end; nothing at the end of the text.
  std::optional<std::string_view> line() const;
  /// The first of tab, semicolon and comma that the next record has outside quotes, or else ' '.
  char separator() const;
  void skip_line();
  /// Reads a record, which goes on over line ends in quotes. ' ' separates by any number of blanks.
  const std::vector<std::string_view>& record(char separator);
  /// The number of the line that was skipped last, or in which the last record begins.
  std::size_t number() const { return number_; }

  /// Throws InputError about something in that line.
  [[noreturn]] void refuse(const std::string& what, const std::string& value,
                           const std::string& accepted) const;

 private:
  std::string_view quoted_field();

  std::string name_;
  std::string_view text_;
  std::size_t at_ = 0, number_ = 0, next_number_ = 1;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unquoted_;  ///< fields that are not in the text as they are
};

}  // namespace alignproof::inline network
