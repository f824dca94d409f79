// SPDX-License-Identifier: Apache-2.0
// Proposes law certificates: alignproof-check decides.
#pragma once

#include <alignproof/format/law_certificate.hpp>

namespace alignproof::inline certificates {

/// A doubled claim of 15 digits would be narrower than two doubles.
inline constexpr unsigned most_law_digits = 14;

/// What a law certificate is to say: K = gamma I, constant lambda, at slow time tau.
struct LawStatement {
  Activation activation = Activation::tanh;
  Array y;  ///< n
  double gamma = 1, lambda = 1, tau = 1;
  unsigned digits = 12;  ///< the bounds are 10^-digits of a value apart
};

/// The certificate of the values as computed in MPFR, by rules whose error is estimated and not
/// proved. Throws InputError on an activation other than identity, tanh, erf, sigmoid and relu, on
/// gamma, lambda, tau or digits that are not > 0 and finite, on more than most_law_digits, on y
/// that is 0 or whose |y_i| are not all equal (and y_i, unless psi is odd), and where M gamma >
/// 200, beyond which the rules take too long.
LawCertificate propose_law_certificate(const LawStatement& statement);

}  // namespace alignproof::inline certificates
