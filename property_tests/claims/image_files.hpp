// SPDX-License-Identifier: Apache-2.0
// A small data set of images, in the files that readers look for.
#pragma once

#include <filesystem>
#include <string>

#include <alignproof/format/files.hpp>

namespace alignproof::test {

/// Twenty images of two classes.
inline void write_images(const std::filesystem::path& folder) {
  const auto big_endian = [](std::uint32_t n) {
    std::string bytes;
    for (int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(n >> shift));
    return bytes;
  };
  std::string images = big_endian(2051) + big_endian(20) + big_endian(4) + big_endian(4);
  std::string labels = big_endian(2049) + big_endian(20);
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 16; ++k)
      images.push_back(static_cast<char>((i * i * 7 + k * k * (i + 3)) % 127));
    labels.push_back(static_cast<char>(i % 2));
  }
  write_file(folder / "train-images-idx3-ubyte", images);
  write_file(folder / "train-labels-idx1-ubyte", labels);
}

}  // namespace alignproof::test
