// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/run_table.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/csv.hpp>

namespace alignproof::inline sweeps {

namespace {

/// What must not vary within a cell, where a table has such columns.
constexpr const char* fixed_columns[] = {
    "rule", "dropout", "schedule", "form",   "number", "inputs", "targets", "n",         "d",
    "step", "layers",  "epochs",   "images", "train",  "test",   "batch",   "input_norm"};

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// A table line by line.
class Lines {
 public:
  Lines(std::string file, std::string_view text) : file_(std::move(file)), reader_(file_, text) {
    if (!next())
      throw InputError("table", fmt::format("'{}'", file_), "one with a heading and a line a run");
    for (std::string& name : fields_) heading_.push_back(lower(name));
  }

  /// The next record that is not blank; false at the end.
  bool next() {
    while (const auto line = reader_.line()) {
      line_ = *line;
      if (trimmed(line_).empty()) {
        reader_.skip_line();
        continue;
      }
      const auto& fields = reader_.record(',');
      fields_.assign(fields.begin(), fields.end());
      if (!heading_.empty() && fields_.size() != heading_.size())
        refuse(fmt::format("{} fields, as in the heading", heading_.size()));
      return true;
    }
    return false;
  }

  [[noreturn]] void refuse(const std::string& accepted, const std::string& where = "") const {
    throw InputError(fmt::format("line {} of {}", reader_.number(), file_),
                     fmt::format("'{}'{}", line_, where), accepted);
  }

  /// The column of this name, or else the only one whose name has the word in it.
  std::size_t column(const std::string& word) const {
    if (const auto exact = named(word)) return *exact;
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < heading_.size(); ++i)
      if (heading_[i].find(word) != std::string::npos) found.push_back(i);
    if (found.size() == 1) return found[0];
    throw InputError("heading of " + file_, fmt::format("'{}'", fmt::join(heading_, ",")),
                     fmt::format("one column '{}', by name or by this word", word));
  }
  std::optional<std::size_t> named(const std::string& name) const {
    const auto at = std::find(heading_.begin(), heading_.end(), name);
    if (at == heading_.end()) return std::nullopt;
    if (std::find(at + 1, heading_.end(), name) != heading_.end())
      throw InputError("heading of " + file_, fmt::format("'{}'", fmt::join(heading_, ",")),
                       fmt::format("one column '{}'", name));
    return static_cast<std::size_t>(at - heading_.begin());
  }

  const std::string& operator[](std::size_t column) const { return fields_[column]; }
  double number(std::size_t column) const {
    std::string_view digits = fields_[column];
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    double x = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, x);
    if (digits.empty() || stop != end || error != std::errc{})
      refuse(fmt::format("a number for '{}'", heading_[column]),
             fmt::format(" with '{}'", fields_[column]));
    return x;
  }
  double size(std::size_t column, bool zero) const {
    const double x = number(column);
    if (!std::isfinite(x) || x < 0 || (x == 0 && !zero))
      refuse(fmt::format("a finite number {} 0 for '{}'", zero ? ">=" : ">", heading_[column]));
    return x == 0 ? 0 : x;  // no -0
  }
  std::string activation(std::size_t column) const {
    const std::string name = lower(fields_[column]);
    if (name == "non" || name == "none" || name == "linear") return "identity";
    try {
      return std::string(activation_from(name).name());
    } catch (const InputError& error) {
      throw InputError(fmt::format("line {} of {}: {}", reader_.number(), file_, error.what()));
    }
  }

 private:
  std::string file_, line_;
  CsvReader reader_;
  std::vector<std::string> heading_, fields_;
};

/// "007" is the seed 7.
std::string seed_of(const std::string& text) {
  const std::size_t first = text.find_first_not_of('0');
  return first == std::string::npos ? "0" : text.substr(first);
}

}  // namespace

std::string in_words(const TableCell& cell) {
  return fmt::format("{}, penalty {}, width {}", cell.activation, cell.penalty, cell.width);
}

void RunTable::add(const std::string& file) {
  add(file, read_csv_text(file));
}

void RunTable::add(const std::string& file, const std::string& text) {
  Lines line(file, text);
  const std::size_t width = line.column("width"), alignment = line.column("alignment"),
                    penalty = line.column("reg"), activation = line.column("activation");
  if (std::set{width, alignment, penalty, activation}.size() < 4)
    line.refuse("a heading of columns separated by commas");
  const auto seed = line.named("seed"), ended = line.named("ended"), limit = line.named("limit");
  const std::size_t table = ++tables_;
  std::size_t runs = 0;
  for (; line.next(); ++runs) {
    const TableCell cell{line.activation(activation), line.size(penalty, true),
                         line.size(width, false)};
    for (const std::string name : fixed_columns) {
      const auto column = line.named(name);
      if (!column) continue;
      const auto [known, is_new] = fixed_.try_emplace({cell, name}, line[*column]);
      if (!is_new && known->second != line[*column])
        line.refuse(fmt::format("{} in all runs of a cell, as before", known->second),
                    fmt::format(" with {} = {}", name, line[*column]));
    }
    const double cosine = line.number(alignment);
    if (std::abs(cosine) > 1) line.refuse("an alignment from -1 to 1");
    const auto [source, is_first] = first_source_.try_emplace(cell, Source{table, bool(seed)});
    if (!is_first && source->second.table != table && !(seed && source->second.has_seeds))
      line.refuse("tables with a column 'seed' where a cell has runs in several");
    if (seed) {
      const auto [known, is_new] =
          by_seed_.try_emplace({cell, seed_of(line[*seed])}, Run{table, file, line[alignment]});
      if (!is_new && known->second.table == table) line.refuse("each seed of a cell once");
      if (!is_new && known->second.alignment != line[alignment])
        line.refuse(fmt::format("the alignment that this run has in {}", known->second.file));
      if (!is_new) continue;
      seeds_[cell].push_back(known->first.second);
    }
    // The rule by which runs end has no end for one that never settles: it has no value.
    const bool valid = !ended || (line[*ended] != "unsettled" && line[*ended] != "diverged");
    cells_[cell].push_back(valid ? cosine : std::nan(""));
    if (limit) limits_[cell].push_back(line.number(*limit));
  }
  if (runs == 0)
    throw InputError("table", fmt::format("'{}'", file), "one with a heading and a line a run");
}

void RunTable::require_alike(const RunTable& other) const {
  for (const auto& [key, value] : fixed_)
    if (const auto theirs = other.fixed_.find(key);
        theirs != other.fixed_.end() && theirs->second != value) {
      throw InputError(fmt::format("{} of {}", key.second, in_words(key.first)), value,
                       fmt::format("{}, as in the reference", theirs->second));
    }
}

}  // namespace alignproof::inline sweeps
