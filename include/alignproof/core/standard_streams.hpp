// SPDX-License-Identifier: Apache-2.0
// Standard streams that the caller closed.
#pragma once

namespace alignproof::inline core {

/// For the first line of a program. A file that is opened while a standard stream is closed would
/// take its place, and what is printed would go into the file: each closed stream gets a holder
/// that can be read or written as little as a closed one.
void hold_standard_streams();

/// Whether something can be written to standard output, as far as is known before it is tried.
bool standard_output_is_open();

}  // namespace alignproof::inline core
