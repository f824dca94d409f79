// SPDX-License-Identifier: Apache-2.0
// Tables: the first byte is the number of target columns (mod 4), the rest the file.
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  static const fuzz::MemoryFile file;
  const std::size_t targets = bytes[0] % 4;
  const auto& path = file.holding(fuzz::text_of(bytes + 1, size - 1));
  const auto data = fuzz::accepted([&] { return read_csv(path, targets); });
  if (!data) return 0;
  const std::size_t n = data->X.rows(), d = data->X.cols();
  fuzz::require(targets > 0 && n > 0 && d > 0, "a table has samples, inputs and targets");
  fuzz::require(data->X.shape == std::vector{n, d} && data->X.values.size() == n * d, "X is n x d");
  fuzz::require(data->y.rows() == n && data->y.cols() == targets &&
                    data->y.shape.size() == (targets == 1 ? 1 : 2) &&
                    data->y.values.size() == n * targets,
                "y is n, or n x k");
  for (const Array* array : {&data->X, &data->y})
    for (double value : array->values) fuzz::require(std::isfinite(value), "entries are finite");

  const Data other = read_csv(path, 1);
  fuzz::require(same(other, *data), "the entries do not depend on the number of targets");
  const char* const separators[] = {",", ";", "\t", " , "};
  const auto text = written(*data, separators[bytes[0] / 4 % 4], bytes[0] / 16 % 2 ? "\n" : "\r\n");
  fuzz::require(same(read_csv(file.holding(text), targets), *data), "a table reads back");
  return 0;
}
