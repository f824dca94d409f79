// SPDX-License-Identifier: Apache-2.0
#include "enclosure_text.hpp"

#include <new>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace alignproof::cli {

namespace {

/// Correct in the direction of rounding.
std::string bound_text(const char* format, const Mpfr& x, int digits, mpfr_rnd_t mode) {
  char* text = nullptr;
  if (mpfr_asprintf(&text, format, digits, mode, x.backend().data()) < 0) throw std::bad_alloc();
  const std::string result = text;
  mpfr_free_str(text);
  return result;
}

}  // namespace

std::string lower_text(const RealBall<Mpfr>& x, int digits) {
  return bound_text("%.*R*e", x.lower(), digits - 1, MPFR_RNDD);
}
std::string upper_text(const RealBall<Mpfr>& x, int digits) {
  return bound_text("%.*R*e", x.upper(), digits - 1, MPFR_RNDU);
}
std::string radius_text(const RealBall<Mpfr>& x) {
  return bound_text("%.*R*e", x.rad, 2, MPFR_RNDU);
}

std::string interval_text(const RealBall<Mpfr>& x, int digits) {
  return fmt::format("[{}, {}]", bound_text("%.*R*g", x.lower(), digits, MPFR_RNDD),
                     bound_text("%.*R*g", x.upper(), digits, MPFR_RNDU));
}

void print_line(const std::string& name, const std::string& value) {
  fmt::print("{:<20}{}\n", name, value);
}

nlohmann::ordered_json enclosure_json(const RealBall<Mpfr>& x, int digits) {
  return {{"lower", lower_text(x, digits)},
          {"upper", upper_text(x, digits)},
          {"radius", radius_text(x)}};
}

}  // namespace alignproof::cli
