// SPDX-License-Identifier: Apache-2.0
// Arrays of doubles in files that numpy opens.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include <alignproof/core/flags.hpp>

namespace alignproof::inline format {

/// A dense array in row-major order. Its entries are exact numbers: what the double says, it is.
struct Array {
  std::vector<std::size_t> shape;
  std::vector<double> values;

  Array() = default;
  /// All zeros.
  explicit Array(std::vector<std::size_t> shape_);

  double& operator()(std::size_t i) { return values[i]; }
  double operator()(std::size_t i) const { return values[i]; }
  double& operator()(std::size_t i, std::size_t j) { return values[i * shape[1] + j]; }
  double operator()(std::size_t i, std::size_t j) const { return values[i * shape[1] + j]; }

  std::size_t rows() const { return shape.at(0); }
  std::size_t cols() const { return shape.size() < 2 ? 1 : shape[1]; }
  bool operator==(const Array&) const = default;
};

/// Writes format 1.0 of numpy's .npy, dtype '<f8', C order.
void write_npy(const std::filesystem::path& file, const Array& array);

/// Reads what `write_npy` writes; throws InputError on anything else, on a size that does not match
/// the header, and on NaN or infinity.
Array read_npy(const std::filesystem::path& file);

}  // namespace alignproof::inline format
