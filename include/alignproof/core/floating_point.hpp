// SPDX-License-Identifier: Apache-2.0
// The state of the floating-point unit in this thread, which code elsewhere in the process (linked
// with -ffast-math, or loaded before it) may have changed: the one home of such tests.
#pragma once

namespace alignproof::inline core {

/// Whether doubles are rounded to nearest: by every control register there is (std::fegetround
/// looks at that of x87 only) and by what the arithmetic does.
bool rounds_to_nearest();

/// Whether subnormal numbers are kept: neither results flushed to zero nor operands taken as zero.
bool keeps_subnormals();

/// What is wrong with either, in a few words; nullptr if nothing is.
const char* floating_point_fault();

}  // namespace alignproof::inline core
