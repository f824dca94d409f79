// SPDX-License-Identifier: Apache-2.0
// certify --seeds: the same statement for the networks of many seeds.
#pragma once

#include <filesystem>
#include <string>

#include <alignproof/certificates/family.hpp>

namespace alignproof::cli {

struct FamilyOptions {
  std::string out;  ///< folder of the family
  std::size_t jobs = 1;
  std::filesystem::path formal_checker;  ///< empty: none is asked
  bool no_check = false;
};

/// Makes, checks and describes the family; the exit code of the worst verdict.
int certify_family(const FamilyRequest& request, const FamilyOptions& options);

}  // namespace alignproof::cli
