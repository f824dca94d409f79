// SPDX-License-Identifier: Apache-2.0
// When the error falls below thresholds, and stays below (reports/docs/certificates.md, section 6).
#pragma once

#include <vector>

#include <alignproof/format/certificate.hpp>

#include "conditions.hpp"

namespace alignproof::check {

/// The claims about times, at every step to the checkpoint T and beyond.
class TimeCheck {
 public:
  TimeCheck(const std::vector<TimeClaim>& claims, const Leg& leg) : claims_(claims), leg_(leg) {}

  /// `error` holds |e(t)|; at t = 0, 1, ..., T.
  void observe(std::size_t t, const Ball& error);

  std::vector<const AtEveryStep*> steps() const { return {&above_, &below_}; }

  /// For t > T, by the rate alpha of the statement.
  void conclude(std::vector<Condition>& conditions, const Ball& eta) const;

 private:
  const std::vector<TimeClaim>& claims_;
  const Leg& leg_;
  AtEveryStep above_{"|e(t)| > threshold, t < lower"};
  AtEveryStep below_{"threshold >= |e(t)|, upper <= t <= T"};
};

}  // namespace alignproof::check
