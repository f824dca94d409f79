// SPDX-License-Identifier: Apache-2.0
// The folders of this directory that hold a claim: the build lists those with a claim.cpp, which
// defines `Claim FOLDER_claim()`.
#pragma once

#include <vector>

#include <alignproof/claims/claim.hpp>

namespace alignproof::inline claims {

const std::vector<Claim (*)()>& claim_table();

}  // namespace alignproof::inline claims
