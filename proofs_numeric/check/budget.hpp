// SPDX-License-Identifier: Apache-2.0
// How much work one check may do. Work is counted, not timed, so that the answer is the same on
// every machine: reports/docs/limitations.md states the units.
#pragma once

#include <cstddef>
#include <string>

namespace alignproof::check {

/// The work of one check at all its precisions. A unit is about one multiplication of balls at 128
/// bits.
class Budget {
 public:
  /// What a file with so many numbers may cost: 1e9 units and 1e5 for each number.
  static Budget of_numbers(std::size_t numbers);

  explicit Budget(double units) : units_(units) {}

  /// Whether `work`, at the present precision, is within what is left; if not, this is the end:
  /// more bits only cost more. `what` is said then: "1000 steps".
  bool allows(double work, const std::string& what);
  /// Counts work that was done.
  void spend(double work);
  /// The end for another reason that more bits do not mend.
  void give_up(const std::string& why);

  bool exhausted() const { return !reason_.empty(); }
  double spent() const { return spent_; }
  /// Why this is the end; empty while it is not.
  const std::string& reason() const { return reason_; }

 private:
  double units_, spent_ = 0;
  std::string reason_;
};

}  // namespace alignproof::check
