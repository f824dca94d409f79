// SPDX-License-Identifier: Apache-2.0
// The whole command as one function: what `main` calls. It needs no header of ours but this one, so
// that the unit with main, which a program from outside compiles too, is nearly empty.
#pragma once

namespace alignproof::inline command {

class Suite;

/// Defined by the program that links alignproof::main: adds to the suite what the program brings,
/// as `suite.add(my_claim())` (command/suite.hpp).
void bring(Suite& suite);

/// Runs the command line on our claims and those that `bring` adds, and returns its exit code.
/// Command lines that are printed begin with the file name of argv[0]. `checker` is the path of
/// alignproof-check; nullptr: it stands beside this program.
int run_command(int argc, char** argv, void (*bring)(Suite&), const char* checker);

}  // namespace alignproof::inline command
