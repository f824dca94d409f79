// SPDX-License-Identifier: Apache-2.0
// Where X and y come from, as every subcommand asks for it that takes data: the options are those
// of the rows of network/data_source.hpp.
#pragma once

#include <CLI/CLI.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/network/data_source.hpp>

namespace alignproof::cli {

/// A whole number that is at least so large; throws InputError otherwise.
std::size_t at_least(const char* name, long long value, long long least);

struct DataOptions {
  std::string inputs = "sphere", targets = "linear";
  std::string activation = "tanh";    ///< of a teacher network
  std::optional<std::string> target;  ///< column of the table
  long long n = 5, d = 20, outputs = 1, teacher_width = 200, data_seed = 1;
  double input_scale = 1, target_scale = 1;
  /// Behind the option of each source; empty where it is not given.
  std::map<std::string, std::vector<std::string>, std::less<>> paths;

  /// Of these options those that belong to another source than the one given are refused in one
  /// line. The object must outlive the parsing.
  void add_data_to(CLI::App& command) { add(command, true); }
  /// Without --n: something else settles how many samples are taken.
  void add_data_without_n_to(CLI::App& command) { add(command, false); }

  const DataSource& source() const;
  /// The first of the options that stands on the command line.
  std::optional<std::string> first_given() const;
  bool given() const { return first_given().has_value(); }
  /// Throws InputError on an option of random data that says nothing of those asked for.
  void require_heeded_data() const;
  /// Each throws InputError on anything that is not accepted.
  DataSpec data_spec() const;
  DataRequest request() const;
  Data make_data() const;

  /// Do the data say how many samples there are?
  bool data_from_file() const;
  /// Sizes as far as they are known before anything is read, else 1.
  double known_n() const { return data_from_file() ? 1 : static_cast<double>(n); }
  double known_d() const;
  /// What is read.
  std::vector<std::string> files() const;

 private:
  void add(CLI::App& command, bool with_n);
  bool stands(std::string_view option) const;
  void require_one_source() const;

 protected:
  const CLI::App* command_ = nullptr;  ///< where it is asked which options are given
};

}  // namespace alignproof::cli
