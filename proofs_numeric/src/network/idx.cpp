// SPDX-License-Identifier: Apache-2.0
// Reads IDX files, plain or gzipped. The problems are compiled with -ffp-contract=off in a fixed
// order, so their bits are the same everywhere.
#include <alignproof/network/idx.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "user_bytes.hpp"

namespace alignproof::inline network {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t image_magic = 0x00000803, label_magic = 0x00000801;

using Reader = detail::UserBytes;

std::uint32_t big_endian(Reader& reader) {
  std::array<std::uint8_t, 4> b{};
  if (const auto got = reader.read(b.data(), 4); got < 4)
    throw InputError(fmt::format("header of {}", reader.name()), fmt::format("{} of 4 bytes", got),
                     "a whole file (this one is truncated)");
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

/// What a file with another magic number is, as far as that is known.
std::string other_kind(std::uint32_t magic) {
  if (magic == label_magic) return ": these are labels";
  if (magic == image_magic) return ": these are images";
  const std::string bytes{static_cast<char>(magic >> 24), static_cast<char>(magic >> 16 & 0xff),
                          static_cast<char>(magic >> 8 & 0xff), static_cast<char>(magic & 0xff)};
  // Formats that show in four bytes.
  const auto format = detail::known_format(bytes);
  return format ? fmt::format(": this is {}", *format) : "";
}

void require_magic(Reader& reader, std::uint32_t expected, const char* kind) {
  if (const auto magic = big_endian(reader); magic != expected)
    throw InputError(fmt::format("magic number of {}", reader.name()),
                     fmt::format("{:#010x}", magic),
                     fmt::format("{:#010x} ({}){}", expected, kind, other_kind(magic)));
}

/// Exactly `expected` bytes up to the end of the file. Grows with what is there, so that a damaged
/// header cannot ask for all the memory.
std::vector<std::uint8_t> payload(Reader& reader, std::uint64_t expected) {
  constexpr std::uint64_t chunk = 1 << 20;
  std::vector<std::uint8_t> bytes;
  bool whole = true;
  while (whole && bytes.size() <= expected) {
    const std::size_t before = bytes.size();
    // One byte more than announced tells that the file is overlong.
    const auto ask = static_cast<std::size_t>(std::min(chunk, expected - before) + 1);
    bytes.resize(before + ask);
    const std::size_t got = reader.read(bytes.data() + before, ask);
    bytes.resize(before + got);
    whole = got == ask;
  }
  if (bytes.size() == expected) return bytes;
  const bool over = bytes.size() > expected;
  throw InputError(fmt::format("data size of {}", reader.name()),
                   fmt::format("{}{} bytes", over ? "at least " : "", bytes.size()),
                   fmt::format("the {} bytes that the header announces (this file is {})", expected,
                               over ? "overlong" : "truncated"));
}

/// count x rows x cols, or the largest number there is where the product does not fit.
std::uint64_t saturated_product(std::uint64_t count, std::uint64_t rows, std::uint64_t cols) {
  const std::uint64_t size = rows * cols;  // both below 2^32
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return size != 0 && count > most / size ? most : count * size;
}

/// "1 to 26", "0, 2, 5 to 9", or "none".
std::string in_words(const std::vector<std::uint8_t>& labels) {
  std::array<bool, 257> there{};
  for (const std::uint8_t label : labels) there[label] = true;
  std::string words;
  for (std::size_t c = 0; c < 256; ++c) {
    if (!there[c]) continue;
    const std::size_t first = c;
    while (there[c + 1]) ++c;
    words += fmt::format("{}{}", words.empty() ? "" : ", ", first);
    if (c > first) words += fmt::format("{}{}", c == first + 1 ? ", " : " to ", c);
  }
  return words.empty() ? "none" : words;
}

/// Indices of n images, of the classes in turn.
std::vector<std::size_t> in_turn(const ImageSet& images, std::size_t n,
                                 const std::vector<std::uint8_t>& classes) {
  const std::size_t k = classes.size();
  std::vector<std::vector<std::size_t>> found(k);
  for (std::size_t i = 0; i < images.count(); ++i)
    for (std::size_t c = 0; c < k; ++c)
      if (images.labels[i] == classes[c]) found[c].push_back(i);
  for (std::size_t c = 0; c < std::min(k, n); ++c)
    if (found[c].empty())
      throw InputError(fmt::format(
          "the set of images has no class {}: its classes are {}; give one that has the classes {}",
          classes[c], in_words(images.labels), in_words(classes)));
  for (std::size_t c = 0; c < k; ++c) {
    const std::size_t needed = n / k + (c < n % k ? 1 : 0);
    if (found[c].size() < needed)
      throw InputError("n", fmt::format("{}", n),
                       fmt::format("fewer images: of class {} there are {}, not the {} needed",
                                   classes[c], found[c].size(), needed));
  }
  std::vector<std::size_t> chosen(n);
  for (std::size_t i = 0; i < n; ++i) chosen[i] = found[i % k][i / k];
  return chosen;
}

/// Subtracts the mean row; sums of pixels are whole numbers, hence exact.
void centre(Array& X) {
  for (std::size_t j = 0; j < X.cols(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < X.rows(); ++i) sum += X(i, j);
    const double mean = sum / static_cast<double>(X.rows());
    for (std::size_t i = 0; i < X.rows(); ++i) X(i, j) -= mean;
  }
}

/// One common factor that makes the mean of |x_i|^2 equal to 1; summed in row-major order.
void scale_to_unit_mean_square(Array& X) {
  double sum = 0;
  for (double x : X.values) sum += x * x;
  if (sum == 0)
    throw InputError("images chosen", fmt::format("{} equal ones", X.rows()),
                     "at least two that differ: centring leaves nothing");
  const double factor = std::sqrt(static_cast<double>(X.rows()) / sum);
  for (double& x : X.values) x *= factor;
}

/// n images of the classes in turn as rows, centred and scaled.
Array rows_in_turn(const ImageSet& images, std::size_t n,
                   const std::vector<std::uint8_t>& classes) {
  if (n == 0) throw InputError("n", "0", "at least 2 images");
  const std::size_t d = images.rows * images.cols;
  if (images.pixels.size() != images.count() * d)
    throw InputError("number of pixels", fmt::format("{}", images.pixels.size()),
                     fmt::format("{} images of {} x {}", images.count(), images.rows, images.cols));
  const auto chosen = in_turn(images, n, classes);
  Array X({n, d});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j) X(i, j) = images.pixels[chosen[i] * d + j];
  centre(X);
  scale_to_unit_mean_square(X);
  return X;
}

/// The first of the names that is no folder and, followed, exists. Throws InputError on what cannot
/// be looked at.
std::optional<fs::path> first_present(const fs::path& folder,
                                      const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const fs::file_type type = type_at(folder / name);
    if (type != fs::file_type::not_found && type != fs::file_type::directory) return folder / name;
  }
  return std::nullopt;
}

fs::path required_file(const fs::path& folder, const std::string& stem, const std::string& kind) {
  const std::vector<std::string> names{stem + "-" + kind, stem + "-" + kind + ".gz",
                                       stem + "." + kind, stem + "." + kind + ".gz"};
  if (const auto found = first_present(folder, names)) return *found;
  std::error_code ignored;
  const fs::file_status status = fs::status(folder, ignored);
  throw InputError("image folder", fmt::format("'{}'", detail::printable(folder.string(), true)),
                   fmt::format("a folder that holds {}{}", fmt::join(names, " or "),
                               !fs::exists(status)         ? " (it does not exist)"
                               : !fs::is_directory(status) ? " (it is no folder)"
                                                           : ""));
}

}  // namespace

ImageSet read_idx(const fs::path& images, const fs::path& labels) {
  ImageSet set;
  Reader image_file(images, "IDX file");
  require_magic(image_file, image_magic, "images: unsigned bytes in three dimensions");
  const std::uint32_t count = big_endian(image_file);
  set.rows = big_endian(image_file);
  set.cols = big_endian(image_file);
  if (set.rows == 0 || set.cols == 0)
    throw InputError(fmt::format("image size of {}", image_file.name()),
                     fmt::format("{} x {}", set.rows, set.cols), "at least 1 x 1");
  const std::uint64_t pixels = saturated_product(count, set.rows, set.cols);
  if (pixels > largest_idx)
    throw InputError(fmt::format("pixels that {} announces", image_file.name()),
                     fmt::format("{} x {} x {}", count, set.rows, set.cols),
                     fmt::format("at most {}", largest_idx));
  set.pixels = payload(image_file, pixels);

  Reader label_file(labels, "IDX file");
  require_magic(label_file, label_magic, "labels: unsigned bytes in one dimension");
  const std::uint32_t label_count = big_endian(label_file);
  if (label_count != count)
    throw InputError(fmt::format("number of labels in {}", label_file.name()),
                     fmt::format("{}", label_count),
                     fmt::format("as many as the {} images of {}", count, image_file.name()));
  set.labels = payload(label_file, label_count);
  return set;
}

ImageSet read_image_folder(const fs::path& folder, ImagePart part) {
  const std::string stem = part == ImagePart::train ? "train" : "t10k";
  const auto images = required_file(folder, stem + "-images", "idx3-ubyte");
  const auto labels = required_file(folder, stem + "-labels", "idx1-ubyte");
  return read_idx(images, labels);
}

std::optional<fs::path> fashion_mnist_folder() {
  const fs::path folder = "/usr/share/datasets/fashion-mnist";
  if (!first_present(folder, {"train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"}))
    return std::nullopt;
  return folder;
}

std::pair<Array, Array> two_class_problem(const ImageSet& images, std::size_t n, std::uint8_t first,
                                          std::uint8_t second) {
  if (first == second)
    throw InputError("second class", fmt::format("{}", second), "a class other than the first");
  Array X = rows_in_turn(images, n, {first, second});
  Array y({n});
  for (std::size_t i = 0; i < n; ++i) y(i) = i % 2 == 0 ? 1.0 : -1.0;
  return {std::move(X), std::move(y)};
}

std::pair<Array, Array> one_hot_problem(const ImageSet& images, std::size_t n,
                                        std::size_t classes) {
  constexpr std::size_t most = 256;  // labels are bytes
  if (classes < 2 || classes > most)
    throw InputError("classes", fmt::format("{}", classes), fmt::format("2 to {}", most));
  std::vector<std::uint8_t> labels(classes);
  for (std::size_t c = 0; c < classes; ++c) labels[c] = static_cast<std::uint8_t>(c);
  Array X = rows_in_turn(images, n, labels);
  Array y({n, classes});
  for (std::size_t i = 0; i < n; ++i) y(i, i % classes) = 1;
  return {std::move(X), std::move(y)};
}

}  // namespace alignproof::inline network
