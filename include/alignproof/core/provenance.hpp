// SPDX-License-Identifier: Apache-2.0
// What made a result: kept beside every result so that it can be made again.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace alignproof::inline core {

/// Version of alignproof, "0.1.0".
std::string version();

/// Name and version of the compiler and of the libraries in use: the same for the same binary.
std::vector<std::pair<std::string, std::string>> build_versions();

}  // namespace alignproof::inline core
