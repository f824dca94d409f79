// SPDX-License-Identifier: Apache-2.0
#include <alignproof/network/data_source.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline network {

namespace sources {

std::vector<DataSource> all();  // made by the build: a row a file of sources/

}  // namespace sources

const std::vector<DataSource>& data_sources() {
  static const std::vector<DataSource> table = [] {
    std::vector<DataSource> rows = sources::all();
    std::stable_partition(rows.begin(), rows.end(),
                          [](const DataSource& source) { return !source.option.empty(); });
    return rows;
  }();
  return table;
}

const DataSource& data_source(std::string_view option) {
  for (const DataSource& source : data_sources())
    if (source.option == option) return source;
  throw std::out_of_range(fmt::format("no source of data has the option '{}'", option));
}

namespace {

/// Increasing numbers of rows.
std::vector<std::size_t> chosen_rows(std::size_t rows, std::size_t n) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order(rows);
  for (std::size_t i = 0; i < rows; ++i)
    order[i] = {random_bits(0, Stream::choice, static_cast<std::uint32_t>(i), 0), i};
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> chosen(n);
  for (std::size_t k = 0; k < n; ++k) chosen[k] = order[k].second;
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

Array rows_of(const Array& all, const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> shape = all.shape;
  shape.at(0) = rows.size();
  Array some(shape);
  const std::size_t columns = all.cols();
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(all.values.begin() + static_cast<std::ptrdiff_t>(rows[i] * columns), columns,
                some.values.begin() + static_cast<std::ptrdiff_t>(i * columns));
  return some;
}

}  // namespace

Data some_of(const Data& all, std::size_t n) {
  const std::size_t rows = all.X.rows();
  if (n < 1 || n > rows)
    throw InputError("n", fmt::format("{}", n),
                     fmt::format("1 to {}, the samples of {}", rows, all.name));
  if (n == rows) return all;
  const std::vector<std::size_t> chosen = chosen_rows(rows, n);
  Data some{all.name, fmt::format("{} --n {}", all.options, n), rows_of(all.X, chosen),
            rows_of(all.y, chosen)};
  const std::string size = fmt::format(", n={} d={}", rows, all.X.cols());
  if (const std::size_t at = some.name.find(size); at != std::string::npos)
    some.name.replace(at, size.size(), fmt::format(", n={} of {} d={}", n, rows, all.X.cols()));
  return some;
}

Samples samples_of(Data all, std::string name) {
  const auto data = std::make_shared<const Data>(std::move(all));
  Samples samples;
  samples.count = data->X.rows();
  samples.take = [data](std::size_t n) { return some_of(*data, n); };
  samples.name = std::move(name);
  samples.options = data->options;
  return samples;
}

const Samples& DataChoice::samples() const {
  std::call_once(once_, [this] { samples_ = source_.read(request_); });
  return samples_;
}

std::shared_ptr<const DataChoice> images_of(const std::string& folder) {
  return std::make_shared<const DataChoice>(data_source("--data"), DataRequest{{folder}, {}, {}});
}

}  // namespace alignproof::inline network
