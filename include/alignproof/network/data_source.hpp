// SPDX-License-Identifier: Apache-2.0
// Where X and y come from, as the rows of one table. A row is a file of its own:
// src/network/sources/NAME.cpp defines DataSource sources::NAME(), and the build finds it. The
// rules: reports/docs/data.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/network/data.hpp>

namespace alignproof::inline network {

/// What a source is asked for; it heeds of it what its row names.
struct DataRequest {
  std::vector<std::string> paths;     ///< what stands behind its option
  std::optional<std::string> target;  ///< the column of a table that is y
  DataSpec spec;                      ///< of random data; outputs k of the others too
};

/// Data that were read, once, and may be looked at in parts.
struct Samples {
  std::size_t count = 0;  ///< how many there are to take
  /// n of them, with options of the command line that make the same again. Throws InputError unless
  /// 1 <= n <= count.
  std::function<Data(std::size_t n)> take;
  std::string name;     ///< "csv iris.csv"
  std::string options;  ///< of the command line: the source, whatever n is
  std::string note;     ///< a line that whoever gave them must know; may be empty
};

struct DataSource {
  std::string_view option;              ///< "--csv"; the source of random data has none
  std::string_view takes;               ///< behind the option: "FILE"
  std::size_t paths = 0;                ///< how many of them
  std::string_view accepts;             ///< "a table of numbers", for messages
  std::string_view words;               ///< of the help
  std::vector<std::string_view> heeds;  ///< the other options of data that mean something to it
  std::size_t usual = 0;  ///< samples that are taken if nobody says how many; 0: all there are
  Samples (*read)(const DataRequest&);

  bool takes_option(std::string_view name) const {
    return std::find(heeds.begin(), heeds.end(), name) != heeds.end();
  }
};

/// All of them; the one without an option is the last.
const std::vector<DataSource>& data_sources();

/// The one with this option. Throws std::out_of_range if there is none.
const DataSource& data_source(std::string_view option);

/// n of the samples, chosen at random but always the same: those of the n smallest of the numbers
/// random_bits(0, Stream::choice, row, 0), in the order of the rows. What is chosen for a smaller n
/// is part of it. The name and the options say n. Throws InputError unless 1 <= n <= rows.
Data some_of(const Data& all, std::size_t n);

/// Samples of which `some_of` takes n.
Samples samples_of(Data all, std::string name);

/// A source and what it is asked for: read when somebody looks at it, and once, since a pipe cannot
/// be read again. Threads may share it.
class DataChoice {
 public:
  DataChoice(const DataSource& source, DataRequest request)
      : source_(source), request_(std::move(request)) {}

  const DataSource& source() const { return source_; }
  const DataRequest& request() const { return request_; }
  /// Throws InputError on what cannot be read.
  const Samples& samples() const;

 private:
  DataSource source_;
  DataRequest request_;
  mutable std::once_flag once_;
  mutable Samples samples_;
};

/// Two classes of the images in a folder.
std::shared_ptr<const DataChoice> images_of(const std::string& folder);

}  // namespace alignproof::inline network
