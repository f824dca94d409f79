// SPDX-License-Identifier: Apache-2.0
// The program that runs, as it is called in the command lines that replay what it did.
#pragma once

#include <string>

namespace alignproof::inline core {

/// "alignproof", or what `name_program` was told.
const std::string& program_name();

/// Said once, by main, before any thread is started.
void name_program(std::string name);

}  // namespace alignproof::inline core
