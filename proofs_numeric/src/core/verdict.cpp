// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/verdict.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <stdexcept>

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

}  // namespace

Verdict Verdict::proved(const CheckReceipt& receipt) {
  if (!receipt.accepted()) return undecided(reason(receipt));
  return {VerdictKind::proved,
          receipt.conditional() ? "conditional on the state at the checkpoint" : ""};
}

std::string Verdict::text() const {
  return detail_.empty() ? std::string(to_string(kind_))
                         : fmt::format("{} ({})", to_string(kind_), detail_);
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
  return *std::max_element(verdicts.begin(), verdicts.end(),
                           [](const auto& a, const auto& b) { return a.kind() < b.kind(); });
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
