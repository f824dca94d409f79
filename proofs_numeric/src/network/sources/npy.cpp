// SPDX-License-Identifier: Apache-2.0
// numpy's arrays.
#include <alignproof/network/data_source.hpp>

#include <alignproof/network/npy.hpp>

#include "network/user_bytes.hpp"

namespace alignproof::inline network::sources {

namespace {

Samples read(const DataRequest& request) {
  const std::filesystem::path X = request.paths.at(0), y = request.paths.at(1);
  return samples_of(read_npy_data(X, y), "npy " + detail::printable(X.filename().string(), true));
}

}  // namespace

DataSource npy() {
  return {"--npy",
          "X y",
          2,
          "files of two arrays",
          "numpy's arrays of X and y instead: --npy X.npy y.npy",
          {"--n"},
          0,
          read};
}

}  // namespace alignproof::inline network::sources
