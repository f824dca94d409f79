// SPDX-License-Identifier: Apache-2.0
// A table of numbers, read strictly: what is not certainly a number is an error, never a guess.
#include <alignproof/network/csv.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "user_bytes.hpp"

namespace alignproof::inline network {
namespace {

namespace fs = std::filesystem;
using detail::in_quotes;
using detail::printable;

/// The letters that a name may begin with. Beyond ASCII only scripts whose digits and signs lie
/// elsewhere: a minus sign, a wide digit or a currency sign is no letter.
bool is_letter(char32_t c) {
  constexpr std::pair<char32_t, char32_t> letters[] = {
      {'A', 'Z'},       {'a', 'z'},       {0xb5, 0xb5},     {0xc0, 0xd6},     {0xd8, 0xf6},
      {0xf8, 0x24f},    {0x386, 0x3ff},   {0x400, 0x481},   {0x48a, 0x52f},   {0x531, 0x556},
      {0x561, 0x587},   {0x5d0, 0x5ea},   {0x620, 0x64a},   {0x904, 0x939},   {0xe01, 0xe30},
      {0x10a0, 0x10ff}, {0x1e00, 0x1fff}, {0x3041, 0x3096}, {0x30a1, 0x30fa}, {0x3400, 0x4dbf},
      {0x4e00, 0x9fff}, {0xac00, 0xd7a3}};
  return std::any_of(std::begin(letters), std::end(letters),
                     [c](const auto& range) { return range.first <= c && c <= range.second; });
}

/// What other programs write in place of a value, in lower case.
bool stands_for_nothing(std::string_view field) {
  std::string word(field);
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr std::string_view words[] = {"nan",  "inf",     "infinity",  "na",   "n/a",  "n.a.",
                                        "nat",  "null",    "nil",       "none", "true", "false",
                                        "void", "missing", "undefined", "empty"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words) ||
         word.starts_with("nan(");
}

/// A heading's field, or a class: it begins like a word, and is none of the usual words for a
/// missing value, so that a sample is never taken for a heading.
bool is_name(std::string_view field) {
  const detail::Character first = detail::first_character(field);
  return first.code && (is_letter(*first.code) || *first.code == '_') && !stands_for_nothing(field);
}

struct Number {
  double value = 0;
  bool is_one = false, out_of_range = false;
};

Number number_of(std::string_view field) {
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  Number number;
  const char* const end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, number.value);
  const bool all = stop == end && !field.empty();
  number.out_of_range = all && error == std::errc::result_out_of_range;
  number.is_one = all && error == std::errc{} && std::isfinite(number.value);
  return number;
}

std::string words_of(char separator) {
  return separator == ','   ? "commas"
         : separator == ';' ? "semicolons"
         : separator == ' ' ? "blanks"
                            : "tabs";
}

/// What a number is, with what keeps this field from being one.
std::string number_rule(std::string_view field, char separator) {
  if (field.empty()) return "a number (the field is empty)";
  if (number_of(field).out_of_range)
    return "a number within the range of doubles, 5e-324 to 1.7976931348623157e308 in size, or 0";
  std::string rule = "a finite decimal number such as -1.5e-3";
  for (std::string_view rest = field; !rest.empty();) {
    const detail::Character c = detail::first_character(rest);
    if (!c.code) return rule + " (this is not UTF-8)";
    if (*c.code < 0x20 || *c.code >= 0x7f)
      return fmt::format("{} (U+{:04X} is no part of one)", rule,
                         static_cast<std::uint32_t>(*c.code));
    rest.remove_prefix(c.length);
  }
  if (stands_for_nothing(field)) rule += " (nothing is put in for missing values)";
  if (field.find(',') != std::string_view::npos) rule += " (with a decimal point, no commas)";
  if (field.find_first_of(" ;\t") != std::string_view::npos)
    rule += fmt::format(" (fields are separated by {} here)", words_of(separator));
  return rule;
}

constexpr const char* heading_rule = "; a heading has names only, which begin with a letter or _";

class Table {
 public:
  Table(const std::string& name, std::string_view text, CsvTargets targets)
      : name_(name), reader_(name, text), targets_(std::move(targets)) {}

  CsvTable read() {
    while (const auto line = reader_.line()) {
      const auto first = line->find_first_not_of(separator_ == '\t' ? " " : " \t");
      if (first == std::string_view::npos)
        reader_.skip_line();
      else if ((*line)[first] == '#')
        read_comment(line->substr(first));
      else
        read_record(*line);
    }
    if (rows_ == 0)
      throw InputError(
          fmt::format("number of samples in {}", name_), "0",
          fmt::format(
              "at least 1 line of numbers{}",
              columns_ > 0 ? fmt::format(" below the heading in line {}", first_line_) : ""));
    return finished();
  }

 private:
  /// Above the table only: what is marked so inside it is a value, as #N/A is.
  void read_comment(std::string_view line) {
    reader_.skip_line();
    if (columns_ > 0)
      reader_.refuse("comment", in_quotes(line),
                     "samples alone: a comment stands above the table only");
    const auto text = line.find_first_not_of('#');
    if (text != std::string_view::npos && line[text] != ' ' && line[text] != '\t')
      reader_.refuse("comment", in_quotes(line), "a blank after its #, or else a sample");
    comments_.emplace_back(reader_.number(),
                           text == std::string_view::npos ? std::string_view{} : line.substr(text));
  }

  void read_record(std::string_view line) {
    const bool first = columns_ == 0;
    if (first) separator_ = reader_.separator();
    const std::vector<std::string_view>& fields = reader_.record(separator_);
    if (first && begin(line, fields)) return;  // the heading
    if (fields.size() != columns_)
      reader_.refuse("number of columns", fmt::format("{} ({})", fields.size(), in_quotes(line)),
                     fmt::format("{} as in line {}, separated by {}", columns_, first_line_,
                                 words_of(separator_)));
    for (std::size_t j = 0; j < columns_; ++j)
      if (!is_target(j))
        inputs_.push_back(number(fields, j));
      else if (one_target() &&
               (rows_ == 0 ? !number_of(fields[j]).is_one && is_name(fields[j]) : has_classes()))
        labels_.push_back(word(fields, j));
      else
        outputs_.push_back(number(fields, j));
    ++rows_;
  }

  /// What the first line says about all; true if it is a heading.
  bool begin(std::string_view line, const std::vector<std::string_view>& fields) {
    columns_ = fields.size(), first_line_ = reader_.number();
    const std::size_t outputs = targets_.column ? 1 : targets_.last;
    if (columns_ <= outputs)
      reader_.refuse(
          "number of columns", fmt::format("{} ({})", columns_, in_quotes(line)),
          fmt::format(
              "at least {}, of which {} {}, separated by commas, semicolons, tabs or blanks",
              outputs + 1, outputs, outputs == 1 ? "is the target" : "are targets"));
    const bool heading = std::all_of(fields.begin(), fields.end(), is_name);
    if (heading)
      names_.assign(fields.begin(), fields.end());
    else
      require_sample(fields);
    read_comments();
    choose_target();
    return heading;
  }

  /// Throws on a first line that is neither a heading nor a sample, because of what is neither a
  /// name nor a number.
  void require_sample(const std::vector<std::string_view>& fields) const {
    if (std::none_of(fields.begin(), fields.end(), is_name)) return;
    for (std::size_t j = 0; j < columns_; ++j)
      if (!is_name(fields[j]) && !number_of(fields[j]).is_one)
        reader_.refuse(fmt::format("column {}", j + 1), in_quotes(fields[j]),
                       number_rule(fields[j], separator_) + heading_rule);
  }

  /// The comments above the table: the last may be its heading, none may be a sample.
  void read_comments() {
    for (const auto& [number, text] : comments_) {
      CsvReader line(name_, text);
      std::vector<std::string_view> fields;
      if (line.separator() == separator_ && text.find('"') == std::string_view::npos)
        fields = line.record(separator_);
      if (fields.size() != columns_) continue;
      if (!std::all_of(fields.begin(), fields.end(), is_name))
        throw InputError(
            fmt::format("{}, line {}, comment", name_, number), in_quotes(text),
            fmt::format("a comment of other than {} fields: this one may be a sample", columns_));
      if (names_.empty() && number == comments_.back().first) {  // as numpy.savetxt writes it
        names_.assign(fields.begin(), fields.end());
        heading_is_comment_ = true;
      }
    }
  }

  void choose_target() {
    first_target_ = columns_ - (targets_.column ? 1 : targets_.last);
    if (!targets_.column) return;
    const std::string& wanted = *targets_.column;
    const auto refuse = [&](const std::string& accepted) {
      throw InputError(fmt::format("target column of {}", name_),
                       fmt::format("'{}'", printable(wanted, true)), accepted);
    };
    const auto found = std::find(names_.begin(), names_.end(), wanted);
    if (found != names_.end()) {
      first_target_ = static_cast<std::size_t>(found - names_.begin());
      const auto again = std::find(found + 1, names_.end(), wanted);
      if (again != names_.end())
        refuse(fmt::format("a number from 1 to {}: columns {} and {} have this name", columns_,
                           first_target_ + 1, again - names_.begin() + 1));
      return;
    }
    std::size_t number = 0;
    const char* const end = wanted.data() + wanted.size();
    const auto [stop, error] = std::from_chars(wanted.data(), end, number);
    if (stop != end || error != std::errc{} || number < 1 || number > columns_)
      refuse(fmt::format("a number from 1 to {}, {}", columns_, some_names()));
    first_target_ = number - 1;
  }

  std::string some_names() const {
    if (names_.empty()) return "as the table has no heading of names";
    constexpr std::size_t most = 8;
    std::string words = "or a name of the heading:";
    for (std::size_t j = 0; j < std::min(most, columns_); ++j)
      words += fmt::format("{} {}", j ? "," : "", in_quotes(names_[j]));
    return words + (columns_ > most ? ", ..." : "");
  }

  bool one_target() const { return targets_.column || targets_.last == 1; }
  bool has_classes() const { return !labels_.empty(); }
  bool is_target(std::size_t j) const {
    return j >= first_target_ && (j == first_target_ || !targets_.column);
  }

  double number(const std::vector<std::string_view>& fields, std::size_t j) const {
    const Number number = number_of(fields[j]);
    if (number.is_one) return number.value;
    std::string rule = number_rule(fields[j], separator_);
    if (is_name(fields[j]) && is_target(j))
      rule += one_target() ? " as in the first sample: words are classes where all lines have one"
                           : ": words are classes only where one column is the target";
    else if (rows_ == 0 && names_.empty())
      rule += heading_rule;
    else if (is_name(fields[j]))
      rule += fmt::format(": words are classes only in the target, column {}", first_target_ + 1);
    reader_.refuse(fmt::format("column {}", j + 1), in_quotes(fields[j]), rule);
  }

  /// The number of the class, in the order in which they are met.
  std::size_t word(const std::vector<std::string_view>& fields, std::size_t j) {
    if (!is_name(fields[j]))
      reader_.refuse(fmt::format("column {}", j + 1), in_quotes(fields[j]),
                     fmt::format("a word that begins with a letter, the class, as {} in line {}",
                                 in_quotes(first_class_), first_sample_));
    constexpr std::size_t longest = 100;
    if (fields[j].size() > longest)
      reader_.refuse(fmt::format("column {}", j + 1), in_quotes(fields[j]),
                     fmt::format("a word of at most {} bytes, the class", longest));
    if (!has_classes()) first_class_ = fields[j], first_sample_ = reader_.number();
    const auto [at, is_new] = classes_.try_emplace(std::string(fields[j]), classes_.size());
    if (is_new && classes_.size() > most_classes)
      reader_.refuse(fmt::format("column {}", j + 1), in_quotes(fields[j]),
                     fmt::format("at most {} different words, the classes", most_classes));
    return at->second;
  }

  /// y, one-hot, from the labels.
  void write_classes(CsvTable& table) const {
    if (classes_.size() < 2)
      throw InputError(fmt::format("classes in column {} of {}", first_target_ + 1, name_),
                       in_quotes(first_class_), "at least 2 different words");
    std::vector<std::size_t> place(classes_.size());  // a map is in the order of the words' bytes
    for (const auto& [word, met] : classes_) {
      place[met] = table.classes.size();
      table.classes.push_back(word);
    }
    const std::size_t k = classes_.size();
    if (rows_ > largest_csv / 2 / k)
      throw InputError(fmt::format("samples times classes of {}", name_),
                       fmt::format("{} times {}", rows_, k),
                       fmt::format("at most {}", largest_csv / 2));
    table.data.y = Array({rows_, k});
    for (std::size_t i = 0; i < rows_; ++i) table.data.y(i, place[labels_[i]]) = 1;
  }

  /// Throws where the first line is a heading with numbers for names: 0, 1, ... and a word that no
  /// other line has, as pandas writes for columns without names.
  void require_no_counted_heading() const {
    const std::size_t d = columns_ - 1;
    bool counts = names_.empty() && d >= 3 && std::count(labels_.begin(), labels_.end(), 0u) == 1;
    for (std::size_t j = 0; j < d; ++j) counts = counts && inputs_[j] == static_cast<double>(j);
    if (counts)
      throw InputError(fmt::format("{}, line {}, class", name_, first_sample_),
                       in_quotes(first_class_),
                       "a heading of names alone, or one above this sample, which counts 0, 1, ... "
                       "like a heading");
  }

  CsvTable finished() {
    CsvTable table;
    table.names = names_;
    table.comments = comments_.size() - (heading_is_comment_ ? 1 : 0);
    const std::size_t k = one_target() ? 1 : targets_.last, d = columns_ - k;
    if (one_target())
      table.target =
          names_.empty() ? fmt::format("{}", first_target_ + 1) : names_.at(first_target_);
    table.data.X.shape = {rows_, d};
    if (has_classes()) {
      require_no_counted_heading();
      write_classes(table);
    } else {
      table.data.y.shape = k == 1 ? std::vector{rows_} : std::vector{rows_, k};
      table.data.y.values = std::move(outputs_);
    }
    table.data.X.values = std::move(inputs_);
    return table;
  }

  std::string name_;
  CsvReader reader_;
  CsvTargets targets_;
  char separator_ = ',';
  std::size_t columns_ = 0, rows_ = 0, first_line_ = 0, first_target_ = 0;
  std::vector<std::pair<std::size_t, std::string_view>> comments_;  ///< line, text behind the #
  bool heading_is_comment_ = false;
  std::vector<std::string> names_;
  std::vector<double> inputs_, outputs_;
  std::vector<std::size_t> labels_;  ///< of the samples, where targets are words
  std::map<std::string, std::size_t> classes_;
  std::string first_class_;
  std::size_t first_sample_ = 0;  ///< its line
};

}  // namespace

std::string read_csv_text(const fs::path& file) {
  return detail::UserBytes(file, "CSV file").rest(largest_csv);
}

CsvTable read_csv_table(const fs::path& file, const CsvTargets& targets) {
  if (!targets.column && targets.last == 0)
    throw InputError("outputs", "0", "at least 1 column of targets");
  detail::UserBytes bytes(file, "CSV file");
  const std::string text = bytes.rest(largest_csv);
  CsvTable table = Table(bytes.name(), text, targets).read();
  Data& data = table.data;
  const std::size_t k = data.y.cols();
  data.name = fmt::format("csv {}, n={} d={}", printable(file.filename().string(), true),
                          data.X.rows(), data.X.cols());
  if (k != 1) data.name += fmt::format(" k={}", k);
  if (targets.column) data.name += fmt::format(", target {}", printable(table.target, true));
  data.options = fmt::format("--csv {} ", shell_word(file.string()));
  data.options += targets.column ? "--target " + shell_word(*targets.column)
                                 : fmt::format("--outputs {}", targets.last);
  return table;
}

Data read_csv(const fs::path& file, std::size_t targets) {
  return read_csv_table(file, {targets, std::nullopt}).data;
}

}  // namespace alignproof::inline network
