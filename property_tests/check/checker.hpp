// SPDX-License-Identifier: Apache-2.0
// The program that the tests of the checker run.
#pragma once

#include <cstdlib>
#include <string>

namespace alignproof::test {

/// alignproof-check of this build, or the mutated copy that tamper/grade names.
inline std::string checker() {
  const char* mutated = std::getenv("ALIGNPROOF_CHECKER");
  return mutated ? mutated : ALIGNPROOF_CHECK_PROGRAM;
}

}  // namespace alignproof::test
