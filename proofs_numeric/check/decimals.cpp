// SPDX-License-Identifier: Apache-2.0
// The ends of a ball as decimals.
#include <alignproof/core/no_fast_math.hpp>

#include "decimals.hpp"

#include <array>
#include <cstdio>

#include <gmp.h>
#include <mpfr.h>

namespace alignproof::check {

namespace {

/// Ends are first rounded to this precision, away from the ball.
constexpr long end_bits = 128;
/// Beyond 2^most, and below 2^-most, no more is said of a number than that.
constexpr long most = 1'000'000;
constexpr const char *below_most = "1e301029", *above_least = "1e-301029";

struct End {
  End() { arf_init(value); }
  ~End() { arf_clear(value); }
  End(const End&) = delete;
  End& operator=(const End&) = delete;

  bool negative() const { return arf_sgn(value) < 0; }
  bool beyond() const { return arf_cmpabs_2exp_si(value, most) > 0; }
  bool within() const { return arf_cmpabs_2exp_si(value, -most) < 0; }

  arf_t value;
};

bool away_from_zero(const End& end, mpfr_rnd_t rounding) {
  return rounding == (end.negative() ? MPFR_RNDD : MPFR_RNDU);
}

std::string decimal(const End& end, int digits, mpfr_rnd_t rounding) {
  const std::string sign = end.negative() ? "-" : "";
  if (arf_is_inf(end.value)) return sign + "inf";
  if (arf_is_zero(end.value)) return "0";
  const bool away = away_from_zero(end, rounding);
  if (end.beyond()) return sign + (away || rounding == MPFR_RNDN ? "inf" : below_most);
  if (end.within()) return away ? sign + above_least : "0";
  mpfr_t exact;
  mpfr_init2(exact, end_bits);
  arf_get_mpfr(exact, end.value, MPFR_RNDN);
  std::array<char, 64> text;
  mpfr_snprintf(text.data(), text.size(), "%.*R*g", digits, rounding, exact);
  mpfr_clear(exact);
  return text.data();
}

std::string lower(const Ball& x, int digits, mpfr_rnd_t rounding) {
  End end;
  arb_get_lbound_arf(end.value, x.get(), end_bits);
  return arf_is_nan(end.value) ? "-inf" : decimal(end, digits, rounding);
}

std::string upper(const Ball& x, int digits, mpfr_rnd_t rounding) {
  End end;
  arb_get_ubound_arf(end.value, x.get(), end_bits);
  return arf_is_nan(end.value) ? "inf" : decimal(end, digits, rounding);
}

}  // namespace

std::string decimal_below(const Ball& x, int digits) {
  return lower(x, digits, MPFR_RNDD);
}

std::string decimal_above(const Ball& x, int digits) {
  return upper(x, digits, MPFR_RNDU);
}

std::string lower_end(const Ball& x, int digits) {
  return lower(x, digits, MPFR_RNDN);
}

std::string upper_end(const Ball& x, int digits) {
  return upper(x, digits, MPFR_RNDN);
}

}  // namespace alignproof::check
