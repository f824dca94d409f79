// SPDX-License-Identifier: Apache-2.0
// Real images: the IDX format of MNIST and its relatives, plain or gzipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/array.hpp>

namespace alignproof::inline network {

/// Images of one size and their labels, in file order.
struct ImageSet {
  std::size_t rows = 0, cols = 0;
  std::vector<std::uint8_t> pixels;  ///< count x rows x cols
  std::vector<std::uint8_t> labels;  ///< count

  std::size_t count() const { return labels.size(); }
};

/// More bytes of pixels than this are refused before they are read.
inline constexpr std::uint64_t largest_idx = std::uint64_t{1} << 31;  // 2 GiB

/// Reads images and labels, plain or gzipped; throws InputError that names the file and the
/// offending value on a wrong magic number, a truncated or overlong file, or counts that do not
/// agree.
ImageSet read_idx(const std::filesystem::path& images, const std::filesystem::path& labels);

enum class ImagePart { train, test };

/// Reads train-images-idx3-ubyte and train-labels-idx1-ubyte (or train-images.idx3-ubyte ..., with
/// or without .gz), of the test part t10k-..., from a folder. Throws InputError listing the names
/// looked for.
ImageSet read_image_folder(const std::filesystem::path& folder, ImagePart part = ImagePart::train);

/// Where Debian's package dataset-fashion-mnist puts its files, if it is installed.
std::optional<std::filesystem::path> fashion_mnist_folder();
inline constexpr const char* fashion_mnist_package = "dataset-fashion-mnist";

/// n images of two classes in turn, the first of each in file order, as the rows of X (centred by
/// the mean of the chosen images, then scaled by one common factor to mean |x_i|^2 = 1), y = +1 for
/// `first` and -1 for `second`. n odd: one more of `first`. All sums run in file order in plain
/// doubles, so the bits are the same everywhere. Throws InputError when there are not enough images
/// of a class, n = 0, the classes are the same, or the chosen images are all equal (n = 1
/// included), which leaves nothing to scale.
std::pair<Array, Array> two_class_problem(const ImageSet& images, std::size_t n, std::uint8_t first,
                                          std::uint8_t second);

/// n images of the classes 0, ..., classes - 1 in turn, X as above; y is n x classes, 1 in the
/// column of the class and 0 elsewhere. Throws InputError as above, and unless there are 2 to 256
/// classes.
std::pair<Array, Array> one_hot_problem(const ImageSet& images, std::size_t n, std::size_t classes);

}  // namespace alignproof::inline network
