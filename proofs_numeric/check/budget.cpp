// SPDX-License-Identifier: Apache-2.0
// How much work one check may do.
#include <alignproof/core/no_fast_math.hpp>

#include "budget.hpp"

#include <cmath>

#include <fmt/format.h>

#include "ball.hpp"

namespace alignproof::check {

namespace {

constexpr double base_units = 1e9, units_a_number = 1e5;

/// What an operation costs at the present precision, against 128 bits.
double cost_of_bits() {
  const double ratio = static_cast<double>(precision()) / 128;
  return ratio > 1 ? ratio * std::sqrt(ratio) : 1;
}

}  // namespace

Budget Budget::of_numbers(std::size_t numbers) {
  return Budget(base_units + units_a_number * static_cast<double>(numbers));
}

bool Budget::allows(double work, const std::string& what) {
  if (exhausted()) return false;
  const double needed = work * cost_of_bits();
  if (needed <= units_ - spent_) return true;
  give_up(fmt::format("{} at {} bits cost {:.3g} units of work, and {:.3g} of {:.3g} are left",
                      what, precision(), needed, units_ - spent_, units_));
  return false;
}

void Budget::spend(double work) {
  spent_ += work * cost_of_bits();
}

void Budget::give_up(const std::string& why) {
  if (!exhausted()) reason_ = why;
}

}  // namespace alignproof::check
