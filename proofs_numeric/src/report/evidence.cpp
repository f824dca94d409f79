// SPDX-License-Identifier: Apache-2.0
// Which verdicts need words; sums and counts over statistical tests and rejections.
#include "evidence.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace alignproof::inline report::detail {

bool needs_care(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::proved:
    case VerdictKind::exact:
    case VerdictKind::holds:
    case VerdictKind::sampled:
      return false;
    case VerdictKind::undecided:
    case VerdictKind::refuted:
    case VerdictKind::invalid:
      return true;
  }
  throw std::logic_error("no such verdict");
}

double chance_of_falsehood(const std::vector<StatisticalTest>& tests) {
  double sum = 0;
  for (const StatisticalTest& test : tests) sum += test.alpha;
  return sum < 1 ? sum : 1;  // 1 also for nan
}

std::string_view to_string(Rejection::Kind kind) {
  switch (kind) {
    case Rejection::Kind::false_claim:
      return "false claim";
    case Rejection::Kind::planted_error:
      return "planted error";
  }
  throw std::logic_error("no such rejection");
}

std::size_t survivors(const std::vector<Rejection>& rejections) {
  return static_cast<std::size_t>(
      std::count_if(rejections.begin(), rejections.end(),
                    [](const Rejection& rejection) { return rejection.caught_by.empty(); }));
}

std::string caught_in_words(const std::vector<Rejection>& rejections) {
  const std::size_t all = rejections.size(), alive = survivors(rejections);
  const std::string caught =
      fmt::format("{} of {} planted errors and false claims caught", all - alive, all);
  return alive == 0 ? caught + "." : fmt::format("{}, {} NOT caught.", caught, alive);
}

}  // namespace alignproof::inline report::detail
