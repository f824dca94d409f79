// SPDX-License-Identifier: Apache-2.0
// Data made from random numbers.
#include <alignproof/network/data_source.hpp>

#include <limits>

#include <fmt/format.h>

namespace alignproof::inline network::sources {

namespace {

Samples make(const DataRequest& request) {
  Samples samples;
  samples.count = std::numeric_limits<std::uint32_t>::max();
  samples.take = [spec = request.spec](std::size_t n) {
    DataSpec asked = spec;
    asked.n = n;
    return make_data(asked);
  };
  samples.name = "random data";
  samples.options = options_of(request.spec);
  const std::string size = fmt::format(" --n {}", request.spec.n);
  samples.options.erase(samples.options.find(size), size.size());
  return samples;
}

}  // namespace

DataSource random() {
  return {"",
          "",
          0,
          "random data",
          "",
          {"--inputs", "--targets", "--n", "--d", "--outputs", "--teacher-width", "--data-seed",
           "--input-scale", "--target-scale"},
          DataSpec{}.n,
          make};
}

}  // namespace alignproof::inline network::sources
