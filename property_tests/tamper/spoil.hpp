// SPDX-License-Identifier: Apache-2.0
// Ways to spoil the files of a certificate.
#pragma once

#include <filesystem>
#include <string>

#include "tamper/orbit_cases.hpp"

namespace alignproof::tamper {

/// Spoils the JSON or the arrays of a written folder and puts the hashes right; says how.
std::string spoil(Random& random, const std::filesystem::path& folder);

/// The same of a width certificate, and of a law certificate.
std::string spoil_width(Random& random, const std::filesystem::path& folder);
std::string spoil_law(Random& random, const std::filesystem::path& folder);

}  // namespace alignproof::tamper
