// SPDX-License-Identifier: Apache-2.0
// Mutated copies of the checker: each drops, flips or weakens one thing on which its soundness, or
// what it says, rests. The tamper suite or a test of property_tests/check must catch every one.
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

/// What is wrong with the list, a line each: a mutant whose text is not in its file exactly once, and
/// a file of the folder without a mutant.
std::vector<std::string> misfits(const std::filesystem::path& sources);

/// Writes the text of `source` with one mutation to `target`; throws InputError where the text to
/// change is not there exactly once.
void mutate(const std::string& name, const std::filesystem::path& source,
            const std::filesystem::path& target);

}  // namespace alignproof::tamper
