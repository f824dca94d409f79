// SPDX-License-Identifier: Apache-2.0
// Limits of memory, threads, processors and time, as the subcommands meet them: each is one line
// and exit code 2, before any work where it can be foreseen.
#pragma once

#include <cstddef>
#include <exception>
#include <optional>

#include <CLI/CLI.hpp>

namespace alignproof::cli {

/// For the whole program, before anything else: what GMP cannot allocate, a file that grows beyond
/// ulimit -f and the end of ulimit -t end with one line in place of a signal.
void meet_limits();

/// Throws InputError if the stack (ulimit -s) is too small for the work of any subcommand.
void require_stack();

/// Whether it says that the system starts no more threads.
bool lacks_threads(const std::exception& error);

/// --jobs of every subcommand that starts threads.
CLI::Option* add_jobs(CLI::App& command, std::optional<long long>& jobs);
/// How many threads: as many as were asked for and no more than there are processors for this
/// process, of which so many processes share the machine. Throws InputError unless 1 <= jobs <=
/// 4096.
std::size_t threads_for(const std::optional<long long>& jobs, std::size_t processes = 1);

/// --instructions of every subcommand that runs the fused form.
CLI::Option* add_instructions(CLI::App& command);

/// Says on standard error that a run will take days or more: it is not refused.
void announce_length(double seconds);

}  // namespace alignproof::cli
