// SPDX-License-Identifier: Apache-2.0
// Images from IDX files: two classes as +1 and -1, or k of them one-hot.
#include <alignproof/network/data_source.hpp>

#include <tuple>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>
#include <alignproof/network/idx.hpp>

namespace alignproof::inline network::sources {

namespace {

/// The most that can be taken of the classes 0, ..., classes - 1 in turn.
std::size_t most_in_turn(const ImageSet& images, std::size_t classes) {
  std::vector<std::size_t> found(std::max<std::size_t>(classes, 256));
  for (const std::uint8_t label : images.labels) ++found[label];
  std::size_t most = images.count();
  for (std::size_t c = 0; c < classes; ++c) most = std::min(most, found[c] * classes + c);
  return most;
}

/// Those of the classes 0, ..., classes - 1: most of a set is not kept in memory for the rest.
ImageSet only(const ImageSet& all, std::size_t classes) {
  const auto size = static_cast<std::ptrdiff_t>(all.rows * all.cols);
  ImageSet some{all.rows, all.cols, {}, {}};
  for (std::size_t i = 0; i < all.count(); ++i) {
    if (all.labels[i] >= classes) continue;
    const auto pixels = all.pixels.begin() + static_cast<std::ptrdiff_t>(i) * size;
    some.pixels.insert(some.pixels.end(), pixels, pixels + size);
    some.labels.push_back(all.labels[i]);
  }
  return some;
}

Samples read(const DataRequest& request) {
  const std::string& folder = request.paths.at(0);
  const std::size_t k = request.spec.k;
  const std::size_t classes = k == 1 ? 2 : std::min<std::size_t>(k, 256);
  ImageSet all = read_image_folder(folder);
  Samples samples;
  samples.count = most_in_turn(all, classes);
  // Where a class is missing, `take` says which there are.
  const auto images =
      std::make_shared<const ImageSet>(samples.count > 0 ? only(all, classes) : std::move(all));
  samples.name = "images";
  samples.options = "--data " + shell_word(folder);
  if (k != 1) samples.options += fmt::format(" --outputs {}", k);
  samples.take = [images, k, options = samples.options](std::size_t n) {
    Data data;
    std::tie(data.X, data.y) =
        k == 1 ? two_class_problem(*images, n, 0, 1) : one_hot_problem(*images, n, k);
    data.name = k == 1
                    ? fmt::format("images of classes 0 and 1, n={} d={}", n, data.X.cols())
                    : fmt::format("images of {} classes, n={} d={} k={}", k, n, data.X.cols(), k);
    data.options = fmt::format("{} --n {}", options, n);
    return data;
  };
  return samples;
}

}  // namespace

DataSource images() {
  return {"--data",
          "FOLDER",
          1,
          "a folder of IDX images",
          "folder of IDX images instead: classes 0 and 1, or with --outputs k as many",
          {"--n", "--outputs"},
          DataSpec{}.n,
          read};
}

}  // namespace alignproof::inline network::sources
