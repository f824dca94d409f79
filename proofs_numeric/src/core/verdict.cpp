// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/verdict.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <stdexcept>

#include <alignproof/core/error.hpp>

namespace alignproof::inline core {

namespace {

/// Of a receipt that was not accepted.
std::string reason(const CheckReceipt& receipt) {
  if (receipt.exit_status() == 0)
    return "the checker proved another certificate than was written, whose files were altered "
           "since, or is another program";
  return receipt.lines().empty() ? fmt::format("the checker ended with {}", receipt.exit_status())
                                 : receipt.lines().back();
}

/// The last line of a receipt, where checkers say why, without the name of the program.
template <Route route>
std::string last_line(const Receipt<route>& receipt) {
  if (receipt.lines().empty()) return "no word";
  const std::string_view line = receipt.lines().back();
  const std::string name = fmt::format("{}: ", program_of(route));
  return one_line(std::string(line.substr(line.starts_with(name) ? name.size() : 0)));
}

constexpr int malformed = 2, cannot_decide = 3;

template <Route route>
std::string answer(const Receipt<route>& receipt) {
  const std::string said = receipt.exit_status() >= 0
                               ? fmt::format("exit code {}, ", receipt.exit_status())
                               : std::string();
  return fmt::format("{}: {}'{}'", program_of(route), said,
                     receipt.accepted() ? one_line(receipt.lines()[3]) : last_line(receipt));
}

/// Throws Disagreement. That the formal checker cannot decide contradicts nothing.
void require_agreement(const CheckReceipt& checker, const FormalReceipt& formal) {
  const auto stop = [&](const char* what) {
    throw Disagreement(fmt::format("{} about the certificate in '{}': {}; {}", what,
                                   one_line(formal.folder().string()), answer(checker),
                                   answer(formal)));
  };
  const int status = formal.exit_status();
  if (!formal.accepted() && status != malformed && status != cannot_decide)
    stop("the formal checker gives no verdict");
  const bool contradicted =
      checker.accepted() ? status == malformed ||
                               (formal.accepted() && formal.conditional() != checker.conditional())
                         : formal.accepted() && checker.exit_status() != cannot_decide;
  if (contradicted) stop("the two checkers disagree");
}

}  // namespace

Verdict Verdict::proved(const CheckReceipt& receipt) {
  if (!receipt.accepted()) return undecided(reason(receipt));
  Verdict verdict(VerdictKind::proved,
                  receipt.conditional() ? "conditional on the state at the checkpoint" : "");
  verdict.routes_ = {Route::checker};
  return verdict;
}

Verdict Verdict::proved(const CheckReceipt& receipt, const FormalReceipt& formal) {
  require_agreement(receipt, formal);
  Verdict verdict = proved(receipt);
  const bool is_proved = verdict.kind_ == VerdictKind::proved;
  if (is_proved && formal.accepted())
    verdict.routes_.push_back(Route::formal);
  else if (is_proved)
    verdict.not_formal_ = last_line(formal);
  else if (formal.accepted())
    verdict.detail_ += fmt::format("; {} proves it", program_of(Route::formal));
  return verdict;
}

Verdict Verdict::qualified(const std::string& words) const {
  Verdict verdict = *this;
  verdict.detail_ = words + detail_;
  return verdict;
}

std::string Verdict::words() const {
  std::vector<std::string> parts;
  std::string by;
  for (const Route route : routes_)
    by += fmt::format("{}{}", by.empty() ? "" : ", ", to_string(route));
  if (!by.empty()) parts.push_back(by);
  if (!not_formal_.empty()) parts.push_back("formal: " + not_formal_);
  if (!detail_.empty()) parts.push_back(detail_);
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string Verdict::text() const {
  const std::string qualification = words();
  return qualification.empty() ? std::string(to_string(kind_))
                               : fmt::format("{} ({})", to_string(kind_), qualification);
}

std::string Verdict::label() const {
  const bool conditional = kind_ == VerdictKind::proved && !detail_.empty();
  return std::string(to_string(kind_)) + (conditional ? "*" : "");
}

std::string_view to_string(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::proved:
      return "proved";
    case VerdictKind::exact:
      return "exact";
    case VerdictKind::holds:
      return "holds";
    case VerdictKind::sampled:
      return "sampled";
    case VerdictKind::undecided:
      return "undecided";
    case VerdictKind::refuted:
      return "refuted";
    case VerdictKind::invalid:
      return "invalid";
  }
  throw std::logic_error("no such verdict");
}

Verdict worst(const std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return Verdict::undecided("nothing was looked at");
  Verdict all = *std::max_element(verdicts.begin(), verdicts.end(),
                                  [](const auto& a, const auto& b) { return a.kind() < b.kind(); });
  if (all.kind_ != VerdictKind::proved) return all;
  for (const Verdict& each : verdicts) {
    std::erase_if(all.routes_, [&](Route route) { return !proved_by(each, route); });
    if (all.not_formal_.empty()) all.not_formal_ = each.not_formal_;
    if (all.detail_.empty()) all.detail_ = each.detail_;
  }
  return all;
}

bool proved_by(const Verdict& verdict, Route route) {
  const std::vector<Route>& routes = verdict.routes();
  return std::find(routes.begin(), routes.end(), route) != routes.end();
}

int exit_code(const std::vector<Verdict>& verdicts) {
  switch (worst(verdicts).kind()) {
    case VerdictKind::proved:
    case VerdictKind::exact:
    case VerdictKind::holds:
    case VerdictKind::sampled:
      return 0;
    case VerdictKind::refuted:
      return 1;
    case VerdictKind::invalid:
      return 2;
    case VerdictKind::undecided:
      return 3;
  }
  throw std::logic_error("no such verdict");
}

}  // namespace alignproof::inline core
