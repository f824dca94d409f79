// SPDX-License-Identifier: Apache-2.0
// How likely the neighbourhood of a certificate is: the probability of its W(0), beta(0) when all
// entries are independent N(0, 1) (reports/docs/theorem_b.md, section 7).
#pragma once

#include <cstddef>

#include <alignproof/format/certificate.hpp>

#include "ball.hpp"

namespace alignproof::check {

/// A probability lies between e^lower and e^upper.
struct LogMass {
  Ball lower, upper;
};

/// Of the ball of radius r > 0 around a point of R^m, m >= 1, whose squared norm is given, under
/// N(0, I).
LogMass log_mass_of_ball(std::size_t m, const Ball& squared_norm, const Ball& r);

/// Of all W(0), beta(0) for which the certificate speaks: what W(0) is beyond the span of the
/// samples does not matter, so that where K is positive definite the ball of W(0) is one of p n
/// dimensions.
LogMass log_mass_of_neighbourhood(const Start& start, double radius);

}  // namespace alignproof::check
