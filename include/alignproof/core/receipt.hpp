// SPDX-License-Identifier: Apache-2.0
// The only road to the verdict `proved`: receipts of the separate checkers.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace alignproof::inline core {

/// By which of two programs a certificate was proved. They share no code of this project.
enum class Route {
  checker,  ///< alignproof-check: C++ and FLINT/Arb
  formal    ///< alignproof-check-formal: extracted from Coq, where it is proved sound
};

std::string_view to_string(Route route);   ///< "checker"
std::string_view program_of(Route route);  ///< "alignproof-check"

/// What the program of a route answered about one certificate folder. A receipt can only be
/// obtained by running the program; nothing in this library can write one, and that of one route is
/// no receipt of the other.
template <Route route>
class Receipt {
 public:
  /// Runs `program folder` as a subprocess and keeps its exit status and its standard output.
  /// `certificate_hash` is the SHA-256 of the certificate.json in the folder. Any exit but 0, a
  /// signal or a program that cannot be started included, is "not accepted".
  static Receipt obtain(const std::filesystem::path& program, const std::filesystem::path& folder,
                        const std::string& certificate_hash);

  /// Exit 0, the five facts from "object" to "trusted" with "implies: proved", the SHA-256 of the
  /// certificate that was meant, and the words by which the program of this route says how it
  /// checked: a program that merely ends with 0, or the other checker, proves nothing here.
  bool accepted() const { return accepted_; }
  bool conditional() const { return conditional_; }
  /// 0 proved, 1 does not prove its claim, 2 malformed, 3 undecided; -1 did not exit normally.
  int exit_status() const { return exit_status_; }
  /// A line for each fact, "object: ..." to "trusted: ..."; or whatever else the program said.
  const std::vector<std::string>& lines() const { return lines_; }
  /// The same for people, in lines of at most 80 columns, with the inequalities where the program
  /// tells them.
  const std::vector<std::string>& text() const { return text_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  Receipt() = default;

  int exit_status_ = -1;
  bool accepted_ = false;
  bool conditional_ = true;
  std::vector<std::string> lines_, text_;
  std::filesystem::path folder_;
};

extern template class Receipt<Route::checker>;
extern template class Receipt<Route::formal>;

using CheckReceipt = Receipt<Route::checker>;
using FormalReceipt = Receipt<Route::formal>;

}  // namespace alignproof::inline core
