// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/own_data.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/idx.hpp>

namespace alignproof::inline claims {

std::optional<Data> own_data(const Settings& settings, std::size_t n) {
  if (!settings.data) return std::nullopt;
  const Samples& samples = settings.data->samples();
  // Of a set that has none at all, `take` says what is missing.
  Data data = samples.take(std::max<std::size_t>(1, std::min(n, samples.count)));
  if (data.y.cols() != 1)
    throw InputError("outputs", fmt::format("{} ({})", data.y.cols(), data.name),
                     "data with one output, a number: the theorems speak of no other");
  return data;
}

std::shared_ptr<const DataChoice> usual_data() {
  const auto folder = fashion_mnist_folder();
  return folder ? images_of(folder->string()) : nullptr;
}

bool is_usual(const DataChoice& data) {
  const auto folder = fashion_mnist_folder();
  return folder && data.source().option == "--data" &&
         data.request().paths == std::vector<std::string>{folder->string()};
}

std::string no_data_set() {
  return fmt::format("no image data set found: install the Debian package {} or give --data DIR",
                     fashion_mnist_package);
}

}  // namespace alignproof::inline claims
