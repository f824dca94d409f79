// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/receipt.hpp>

#include <array>
#include <sstream>

#include <fmt/format.h>

#include <alignproof/core/subprocess.hpp>

namespace alignproof::inline core {

namespace {

/// The five lines of an accepting checker, about the certificate with this hash.
bool says_proved(const std::vector<std::string>& lines, const std::string& certificate_hash) {
  constexpr std::array beginnings = {"object: ", "read: ", "checked: ", "implies: proved",
                                     "trusted: "};
  if (lines.size() != beginnings.size()) return false;
  for (std::size_t k = 0; k < lines.size(); ++k)
    if (!lines[k].starts_with(beginnings[k])) return false;
  return !certificate_hash.empty() && lines[1].find(certificate_hash) != std::string::npos;
}

}  // namespace

CheckReceipt CheckReceipt::obtain(const std::filesystem::path& checker,
                                  const std::filesystem::path& folder,
                                  const std::string& certificate_hash) {
  CheckReceipt receipt;
  receipt.folder_ = folder;
  const Subprocess run = run_subprocess(checker, {"--", folder.string()});
  receipt.exit_status_ = run.exit_status.value_or(-1);
  std::istringstream output(run.output);
  for (std::string line; std::getline(output, line);) receipt.lines_.push_back(line);
  if (!run.exit_status)
    receipt.lines_.push_back(fmt::format("the checker {} {}", checker.string(), run.trouble));
  receipt.accepted_ = receipt.exit_status_ == 0 && says_proved(receipt.lines_, certificate_hash);
  receipt.conditional_ =
      !receipt.accepted_ || receipt.lines_[3].starts_with("implies: proved (conditional");
  return receipt;
}

}  // namespace alignproof::inline core
