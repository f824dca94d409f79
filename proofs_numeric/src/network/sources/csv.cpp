// SPDX-License-Identifier: Apache-2.0
// A table of the user's.
#include <alignproof/network/data_source.hpp>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/csv.hpp>

#include "network/user_bytes.hpp"

namespace alignproof::inline network::sources {

namespace {

/// Which column of y is which class, on one line.
std::string classes_line(const CsvTable& table) {
  constexpr std::size_t most = 20;
  std::string words;
  for (std::size_t c = 0; c < std::min(most, table.classes.size()); ++c)
    words += fmt::format("{}{}", c ? ", " : "", table.classes[c]);
  if (table.classes.size() > most) words += ", ...";
  return one_line(
      fmt::format("y has {} columns, 1 for the class and else 0; in the order of their "
                  "bytes, the classes in column {} are: {}",
                  table.classes.size(), table.target, words));
}

Samples read(const DataRequest& request) {
  const std::filesystem::path file = request.paths.at(0);
  CsvTable table = read_csv_table(file, {request.spec.k, request.target});
  const std::string note = table.classes.empty() ? "" : classes_line(table);
  Samples samples =
      samples_of(std::move(table.data), "csv " + detail::printable(file.filename().string(), true));
  samples.note = note;
  return samples;
}

}  // namespace

DataSource csv() {
  return {"--csv",
          "FILE",
          1,
          "a table of numbers, or - for standard input",
          "table of numbers instead, plain or gzipped, - for standard input; its last\n"
          "--outputs columns are y: --csv iris.csv --target species",
          {"--n", "--outputs", "--target"},
          0,
          read};
}

}  // namespace alignproof::inline network::sources
