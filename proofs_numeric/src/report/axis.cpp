// SPDX-License-Identifier: Apache-2.0
// Ranges, scales and tick marks.
#include "axis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace alignproof::inline report::detail {
namespace {

constexpr double largest = std::numeric_limits<double>::max();

/// The largest of 1, 2, 5 times a power of ten that gives about `wanted` steps in `range`.
double nice_step(double range, double wanted) {
  const double rough = range / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10.0 * power;
}

std::string with_minus(std::string digits) {
  if (!digits.empty() && digits.front() == '-') digits.replace(0, 1, "−");
  return digits;
}

std::string raised(int exponent) {
  return fmt::format(R"(<tspan class="raised" dy="-0.42em">{}</tspan>)",
                     with_minus(std::to_string(exponent)));
}

Tick power_of_ten(int exponent) {
  const std::string digits = std::to_string(exponent);
  return {std::pow(10.0, exponent), "10" + raised(exponent),
          2 + 0.75 * static_cast<double>(digits.size())};
}

/// "0.02", "500": easier than powers of ten where an axis has only a few.
Tick plain(double value) {
  const std::string text = fmt::format("{:.6g}", value);
  return {value, text, static_cast<double>(text.size())};
}

/// Digits down to the size of the step, behind a mantissa where the values are huge or tiny.
Tick linear_tick(double value, int step_exponent, double scale) {
  const int exponent = static_cast<int>(std::floor(std::log10(scale)));
  if (value == 0) return {0, "0", 1};
  if (exponent >= 6 || step_exponent <= -6) {
    const int digits = std::max(0, exponent - step_exponent);
    const std::string mantissa =
        with_minus(fmt::format("{:.{}f}", value / std::pow(10.0, exponent), digits));
    return {value, mantissa + "·10" + raised(exponent), 6.0 + digits};
  }
  const std::string text = fmt::format("{:.{}f}", value, std::max(0, -step_exponent));
  return {value, with_minus(text), static_cast<double>(text.size())};
}

/// A single value gets room on both sides, so that no range is empty.
void widen(double& low, double& high, bool logarithmic) {
  if (logarithmic) {
    const double middle = std::sqrt(low) * std::sqrt(high);
    if (high / low < 1.001) {
      low = middle / 3;
      high = middle * 3;
    }
    const double room = std::pow(high / low < largest ? high / low : largest, 0.02);
    low = std::max(low / room, std::numeric_limits<double>::denorm_min());
    high = std::min(high * room, largest);
    return;
  }
  const double size = std::max(std::abs(low), std::abs(high));
  // Below this the places of neighbouring values would be rounding errors.
  const bool single = high / 2 - low / 2 <= 1e-10 * size;
  double room = single ? 0.1 * size : 0.03 * (high - low);
  if (size < 1e-290) room = size == 0 ? 1 : 1e-290;
  if (!std::isfinite(room)) room = 0;
  low = std::max(low - room, -largest);
  high = std::min(high + room, largest);
}

}  // namespace

bool Axis::can_show(double value, bool logarithmic) {
  return std::isfinite(value) && (!logarithmic || value > 0);
}

std::optional<Axis> Axis::spanning(const std::vector<double>& values, bool logarithmic) {
  double low = largest, high = -largest;
  bool any = false;
  for (const double value : values) {
    if (!can_show(value, logarithmic)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
    any = true;
  }
  if (!any) return std::nullopt;
  widen(low, high, logarithmic);
  return Axis(low, high, logarithmic);
}

double Axis::place(double value) const {
  if (logarithmic_)
    return (std::log10(value) - std::log10(low_)) / (std::log10(high_) - std::log10(low_));
  // Halves, because the range of two finite numbers may not be finite.
  return (value / 2 - low_ / 2) / (high_ / 2 - low_ / 2);
}

std::vector<Tick> Axis::ticks() const {
  // Less than a decade and a half has too few powers of ten to read values from.
  return logarithmic_ && high_ / low_ >= 30 ? decade_ticks() : linear_ticks();
}

std::vector<Tick> Axis::linear_ticks() const {
  const double step = nice_step(std::min(high_ - low_, largest), 6);
  const int step_exponent = static_cast<int>(std::floor(std::log10(step) + 1e-9));
  const double scale = std::max(std::abs(low_), std::abs(high_));
  std::vector<Tick> ticks;
  const double first = std::ceil(low_ / step);
  for (int i = 0; i < 20; ++i) {
    const double value = (first + i) * step;
    if (!(value <= high_)) break;
    ticks.push_back(linear_tick(value, step_exponent, scale));
  }
  return ticks;
}

std::vector<Tick> Axis::decade_ticks() const {
  const int first = static_cast<int>(std::ceil(std::log10(low_) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(high_) + 1e-9));
  const int stride = std::max(1, static_cast<int>(nice_step(std::max(1, last - first), 7)));
  // Two powers of ten alone are hard to read values from: name 2 and 5 as well.
  const bool sparse = last - first < 2 && low_ > 1e-4 && high_ < 1e6;
  std::vector<Tick> ticks;
  for (int k = first - 1; k <= last; ++k) {
    const bool labelled = k >= first && ((k % stride) + stride) % stride == 0;
    const double decade = std::pow(10.0, k);
    if (labelled) ticks.push_back(sparse ? plain(decade) : power_of_ten(k));
    if (last - first > 5) continue;
    for (int digit = 2; digit <= 9; ++digit) {
      const double value = digit * decade;
      if (value < low_ || value > high_) continue;
      const bool named = sparse && (digit == 2 || digit == 5);
      ticks.push_back(named ? plain(value) : Tick{value, "", 0});
    }
  }
  return ticks;
}

}  // namespace alignproof::inline report::detail
