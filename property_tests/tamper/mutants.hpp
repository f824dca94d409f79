// SPDX-License-Identifier: Apache-2.0
// Mutated copies of the checker: each drops, flips or weakens one thing on which its soundness
// rests. The tamper suite must catch every one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace alignproof::tamper {

/// `before` occurs exactly once in the file, up to white space.
struct Mutant {
  std::string name, file, before, after;
};

const std::vector<Mutant>& mutants();

/// Writes the text of `source` with one mutation to `target`; throws InputError where the text to
/// change is not there exactly once.
void mutate(const std::string& name, const std::filesystem::path& source,
            const std::filesystem::path& target);

}  // namespace alignproof::tamper
