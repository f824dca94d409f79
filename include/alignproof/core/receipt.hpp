// SPDX-License-Identifier: Apache-2.0
// The only road to the verdict `proved`: a receipt of the separate checker.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace alignproof::inline core {

/// What `alignproof-check` answered about one certificate folder. A receipt can only be obtained by
/// running the program; nothing in this library can write one.
class CheckReceipt {
 public:
  /// Runs `checker folder` as a subprocess and keeps its exit status and its standard output.
  /// `certificate_hash` is the SHA-256 of the certificate.json in the folder. Any exit but 0, a
  /// signal or a program that cannot be started included, is "not accepted".
  static CheckReceipt obtain(const std::filesystem::path& checker,
                             const std::filesystem::path& folder,
                             const std::string& certificate_hash);

  /// Exit 0, the five lines from "object:" to "trusted:" with "implies: proved", and in them the
  /// SHA-256 of the certificate that was meant: a program that merely ends with 0 proves nothing.
  bool accepted() const { return accepted_; }
  bool conditional() const { return conditional_; }
  /// 0 proved, 1 does not prove its claim, 2 malformed, 3 undecided; -1 did not exit normally.
  int exit_status() const { return exit_status_; }
  const std::vector<std::string>& lines() const { return lines_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  CheckReceipt() = default;

  int exit_status_ = -1;
  bool accepted_ = false;
  bool conditional_ = true;
  std::vector<std::string> lines_;
  std::filesystem::path folder_;
};

}  // namespace alignproof::inline core
