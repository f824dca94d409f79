// SPDX-License-Identifier: Apache-2.0
// alignproof-mutate --list: name, file and test of every mutant, separated by tabs.
// alignproof-mutate FILE SOURCE TARGET: writes SOURCE, the file FILE below proofs_numeric/src, with
// its mutants behind a switch.
#include <cstdio>
#include <exception>
#include <string_view>

#include <alignproof/format/files.hpp>

#include "must_reject/mutants.hpp"

int main(int count, char** words) {
  using namespace alignproof;
  try {
    if (count == 2 && std::string_view(words[1]) == "--list") {
      for (const must_reject::Mutant& mutant : must_reject::mutants())
        std::printf("%s\t%s\t%s\n", mutant.name.c_str(), mutant.file.c_str(), mutant.test.c_str());
      return 0;
    }
    if (count == 4) {
      write_file(words[3], must_reject::switchable(words[1], read_file(words[2])));
      return 0;
    }
    std::fprintf(stderr, "usage: alignproof-mutate --list | FILE SOURCE TARGET\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 2;
}
