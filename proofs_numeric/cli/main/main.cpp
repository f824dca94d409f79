// SPDX-License-Identifier: Apache-2.0
// main of `alignproof`, and of every program that links alignproof::main and brings claims of its
// own: the same command line, with another function `bring`.
#include <alignproof/command/run.hpp>

#ifndef ALIGNPROOF_CHECKER
#define ALIGNPROOF_CHECKER nullptr
#endif

int main(int argc, char** argv) {
  return alignproof::run_command(argc, argv, alignproof::bring, ALIGNPROOF_CHECKER);
}
