// SPDX-License-Identifier: Apache-2.0
// Images: the first byte says what is gzipped here, the next two are the size of the file of
// images; the rest is that file, then the file of labels.
#include <algorithm>
#include <cmath>
#include <vector>

#include <zlib.h>

#include <alignproof/network/idx.hpp>

#include "fuzz.hpp"

using namespace alignproof;

namespace {

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  constexpr int gzip_of_smallest_window = 16 + 9;
  if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_of_smallest_window, 1, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2 failed");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return out;
}

std::optional<ImageSet> read(std::string_view images, std::string_view labels) {
  static const fuzz::MemoryFile image_file, label_file;
  return fuzz::accepted(
      [&] { return read_idx(image_file.holding(images), label_file.holding(labels)); });
}

bool same(const ImageSet& a, const ImageSet& b) {
  return a.rows == b.rows && a.cols == b.cols && a.pixels == b.pixels && a.labels == b.labels;
}

std::string file_of(const std::vector<std::size_t>& header, const std::vector<std::uint8_t>& data) {
  std::string bytes;
  for (std::size_t word : header)
    for (int shift : {24, 16, 8, 0}) bytes += static_cast<char>(word >> shift & 0xff);
  return bytes.append(data.begin(), data.end());
}

/// The problems made of images: refused, or of finite numbers.
void check_problems(const ImageSet& set) {
  const std::size_t n = 1 + set.count() % 5;
  const auto classes = std::minmax_element(set.labels.begin(), set.labels.end());
  const std::uint8_t first = set.labels.empty() ? 0 : *classes.first;
  const std::uint8_t second = set.labels.empty() ? 1 : *classes.second;
  for (const auto& problem :
       {fuzz::accepted([&] { return two_class_problem(set, n, first, second); }),
        fuzz::accepted([&] { return one_hot_problem(set, n, 2); })}) {
    if (!problem) continue;
    fuzz::require(problem->first.shape == std::vector{n, set.rows * set.cols}, "X is n x d");
    for (double x : problem->first.values) fuzz::require(std::isfinite(x), "entries are finite");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string_view files = fuzz::text_of(data + 3, size - 3);
  const std::size_t length = std::min<std::size_t>(256u * data[1] + data[2], files.size());
  const std::string_view images = files.substr(0, length), labels = files.substr(length);
  const auto set = read(images, labels);

  const bool zip_images = data[0] & 1, zip_labels = data[0] & 2;
  const bool plain = !images.starts_with('\x1f') && !labels.starts_with('\x1f');
  if (plain && (zip_images || zip_labels)) {
    const auto unzipped = read(zip_images ? gzipped(images) : std::string(images),
                               zip_labels ? gzipped(labels) : std::string(labels));
    fuzz::require(unzipped.has_value() == set.has_value() && (!set || same(*unzipped, *set)),
                  "gzipped files are read as plain ones");
  }
  if (!set) return 0;
  fuzz::require(set->pixels.size() == set->count() * set->rows * set->cols, "all pixels are there");
  const std::string image_file = file_of({0x803, set->count(), set->rows, set->cols}, set->pixels);
  const std::string label_file = file_of({0x801, set->count()}, set->labels);
  if (plain) fuzz::require(image_file == images && label_file == labels, "nothing is left out");
  const auto back = read(image_file, label_file);
  fuzz::require(back && same(*back, *set), "images read back");
  check_problems(*set);
  return 0;
}
