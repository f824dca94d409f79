// SPDX-License-Identifier: Apache-2.0
// The state of the floating-point unit on which rigorous code relies.
#pragma once

namespace alignproof::inline scalar {

/// Throws std::runtime_error, one line, unless this thread rounds to nearest, keeps subnormal
/// numbers (neither results flushed to zero nor operands taken as zero) and MPFR has its default
/// range of exponents. `who` names the caller in the message. Every rigorous entry calls it.
void require_ieee_arithmetic(const char* who);

}  // namespace alignproof::inline scalar
