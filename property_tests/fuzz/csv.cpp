// SPDX-License-Identifier: Apache-2.0
// Tables: the first byte is the number of target columns (mod 4), the rest the file.
#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/network/csv.hpp>

#include "fuzz.hpp"

using namespace alignproof;

namespace {

/// The entries of line i: inputs, then targets.
std::vector<double> line(const Data& data, std::size_t i) {
  const std::size_t d = data.X.cols(), k = data.y.cols();
  std::vector<double> entries(&data.X.values[i * d], &data.X.values[i * d] + d);
  entries.insert(entries.end(), &data.y.values[i * k], &data.y.values[i * k] + k);
  return entries;
}

std::string written(const Data& data, const char* separator, const char* line_end) {
  std::string text;
  for (std::size_t i = 0; i < data.X.rows(); ++i)
    text += fmt::format("{}{}", fmt::join(line(data, i), separator), line_end);
  return text;
}

/// With signs of zeros.
bool same(const Data& a, const Data& b) {
  if (a.X.rows() != b.X.rows()) return false;
  for (std::size_t i = 0; i < a.X.rows(); ++i) {
    const auto u = line(a, i), v = line(b, i);
    if (u.size() != v.size()) return false;
    for (std::size_t j = 0; j < u.size(); ++j)
      if (std::bit_cast<std::uint64_t>(u[j]) != std::bit_cast<std::uint64_t>(v[j])) return false;
  }
  return true;
}

/// Lines with something on them, by hand; nothing where quotes may join lines or gzip hides them.
std::optional<std::size_t> filled_lines(std::string_view text) {
  if (text.find('"') != std::string_view::npos || text.starts_with("\x1f\x8b")) return std::nullopt;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines += line.find_first_not_of(" \t\r") != std::string_view::npos;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

void require_one_hot(const CsvTable& table) {
  const Array& y = table.data.y;
  fuzz::require(y.cols() == table.classes.size() && table.classes.size() > 1, "y has the classes");
  fuzz::require(std::is_sorted(table.classes.begin(), table.classes.end()), "classes are sorted");
  for (std::size_t i = 0; i < y.rows(); ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < y.cols(); ++c) {
      fuzz::require(y(i, c) == 0 || y(i, c) == 1, "y is of 0 and 1");
      sum += y(i, c);
    }
    fuzz::require(sum == 1, "a sample has one class");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  static const fuzz::MemoryFile file;
  const std::size_t targets = bytes[0] % 4;
  const std::string_view bytes_of_file = fuzz::text_of(bytes + 1, size - 1);
  const auto& path = file.holding(bytes_of_file);
  const auto table = fuzz::accepted([&] { return read_csv_table(path, {targets, std::nullopt}); });
  if (!table) return 0;
  const Data* const data = &table->data;
  const std::size_t n = data->X.rows(), d = data->X.cols();
  fuzz::require(targets > 0 && n > 0 && d > 0, "a table has samples, inputs and targets");
  fuzz::require(data->X.shape == std::vector{n, d} && data->X.values.size() == n * d, "X is n x d");
  // A heading that is a comment is counted as one of them.
  const std::size_t others = table->comments + (table->names.empty() ? 0 : 1);
  if (const auto lines = filled_lines(bytes_of_file))
    fuzz::require(n + others == *lines, "every line is a sample, a comment or the heading");
  if (!table->classes.empty()) {
    require_one_hot(*table);
    return 0;
  }
  fuzz::require(data->y.rows() == n && data->y.cols() == targets &&
                    data->y.shape.size() == (targets == 1 ? 1 : 2) &&
                    data->y.values.size() == n * targets,
                "y is n, or n x k");
  for (const Array* array : {&data->X, &data->y})
    for (double value : array->values) fuzz::require(std::isfinite(value), "entries are finite");

  const Data other = read_csv(path, 1);
  fuzz::require(same(other, *data), "the entries do not depend on the number of targets");
  const CsvTable first = read_csv_table(path, {1, "1"});
  fuzz::require(first.data.y(0) == data->X(0, 0) && first.data.X.rows() == n, "any column is y");
  const char* const separators[] = {",", ";", "\t", " , ", " ", "  \t"};
  const auto text = written(*data, separators[bytes[0] / 4 % 6], bytes[0] / 32 % 2 ? "\n" : "\r\n");
  fuzz::require(same(read_csv(file.holding(text), targets), *data), "a table reads back");
  return 0;
}
