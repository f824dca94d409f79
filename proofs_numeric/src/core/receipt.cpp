// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/receipt.hpp>

#include <array>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/subprocess.hpp>

namespace alignproof::inline core {

namespace {

/// How the program of a route says by what it checked: so that one of them, given in the place of
/// the other, is not taken for two.
std::string_view checked_by(Route route) {
  switch (route) {
    case Route::checker:
      return "checked: in ball arithmetic of ";
    case Route::formal:
      return "checked: by the checker that Coq's extraction wrote, ";
  }
  throw std::logic_error("no such route");
}

/// The five lines of the accepting program of a route, about the certificate with this hash.
bool says_proved(Route route, const std::vector<std::string>& lines,
                 const std::string& certificate_hash) {
  const std::array<std::string_view, 5> beginnings = {"object: ", "read: ", checked_by(route),
                                                      "implies: proved", "trusted: "};
  if (lines.size() != beginnings.size()) return false;
  for (std::size_t k = 0; k < lines.size(); ++k)
    if (!lines[k].starts_with(beginnings[k])) return false;
  return !certificate_hash.empty() && lines[1].find(certificate_hash) != std::string::npos;
}

}  // namespace

std::string_view to_string(Route route) {
  switch (route) {
    case Route::checker:
      return "checker";
    case Route::formal:
      return "formal";
  }
  throw std::logic_error("no such route");
}

std::string_view program_of(Route route) {
  switch (route) {
    case Route::checker:
      return "alignproof-check";
    case Route::formal:
      return "alignproof-check-formal";
  }
  throw std::logic_error("no such route");
}

template <Route route>
Receipt<route> Receipt<route>::obtain(const std::filesystem::path& program,
                                      const std::filesystem::path& folder,
                                      const std::string& certificate_hash) {
  Receipt receipt;
  receipt.folder_ = folder;
  const Subprocess run = run_subprocess(program, {"--", folder.string()});
  receipt.exit_status_ = run.exit_status.value_or(-1);
  std::istringstream output(run.output);
  for (std::string line; std::getline(output, line);) receipt.lines_.push_back(line);
  if (!run.exit_status)
    receipt.lines_.push_back(fmt::format("the checker {} {}", program.string(), run.trouble));
  receipt.accepted_ =
      receipt.exit_status_ == 0 && says_proved(route, receipt.lines_, certificate_hash);
  receipt.conditional_ =
      !receipt.accepted_ || receipt.lines_[3].starts_with("implies: proved (conditional");
  return receipt;
}

template class Receipt<Route::checker>;
template class Receipt<Route::formal>;

}  // namespace alignproof::inline core
