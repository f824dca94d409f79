// SPDX-License-Identifier: Apache-2.0
// Formulas in portable numbers that several activations need. Private to the library.
#pragma once

#include <cmath>

#include <alignproof/network/portable_number.hpp>

namespace alignproof::inline network {

/// x = e^-|a|
inline void set_exp_minus_size(PortableNumber& x, double a) {
  mpfr_set_d(x, -std::abs(a), MPFR_RNDN);
  mpfr_exp(x, x, MPFR_RNDN);
}

inline void set_root_pi(PortableNumber& x) {
  mpfr_const_pi(x, MPFR_RNDN);
  mpfr_sqrt(x, x, MPFR_RNDN);
}

/// s = 1 / (1 + e^-a) and its complement 1 - s, which is the sigmoid of -a: with q = e^-|a|,
/// 1 / (1 + q) and q / (1 + q), the first of them s for a >= 0.
inline void set_sigmoids(PortableNumber& s, PortableNumber& complement, double a) {
  PortableNumber q, sum;
  set_exp_minus_size(q, a);
  mpfr_add_ui(sum, q, 1, MPFR_RNDN);
  mpfr_div(a < 0 ? s : complement, q, sum, MPFR_RNDN);
  mpfr_ui_div(a < 0 ? complement : s, 1, sum, MPFR_RNDN);
}

/// psi' = q / (1 + q)^2.
inline PortableValue portable_sigmoid(double a) {
  PortableNumber s, complement;
  set_sigmoids(s, complement, a);
  const double value = s.rounded();
  mpfr_mul(s, s, complement, MPFR_RNDN);
  return {value, s.rounded()};
}

}  // namespace alignproof::inline network
