// SPDX-License-Identifier: Apache-2.0
// Options of certify and export-coq: where a theorem for Coq goes, and with which integers.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace alignproof::cli {

struct CoqOptions {
  std::string file, integers = "bigz";

  void add_to(CLI::App& command, const char* name_of_file, const char* words);
  /// Before the work: throws InputError on integers there are not, and on a file that cannot be
  /// written.
  void require() const;
  bool wanted() const { return !file.empty(); }
  /// Writes the theorem about the certificate in this folder, and says by which route it is
  /// decided.
  void write(const std::string& folder) const;
};

}  // namespace alignproof::cli
