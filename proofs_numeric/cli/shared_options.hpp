// SPDX-License-Identifier: Apache-2.0
// Options that several subcommands have, each with its words and its checks in one place. --jobs
// and --instructions: resources.hpp; lists, counts and numbers: command_line.hpp and cli.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace alignproof::cli {

/// --out of a subcommand that writes several files; `words` say which.
CLI::Option* add_out_folder(CLI::App& command, std::string& folder, const char* words);

/// --scale of the configuration of a sweep; `of` says of which, if that is not clear.
CLI::Option* add_scale(CLI::App& command, std::string& scale, const std::string& of = "");

/// --seeds of a sweep, in place of those of its configuration.
CLI::Option* add_sweep_seeds(CLI::App& command, std::optional<long long>& seeds, const char* words);

/// --format, one of these names.
CLI::Option* add_format(CLI::App& command, std::string& format,
                        const std::vector<std::string>& names, const char* words);

/// Throws InputError unless there are enough seeds for an interval at this level, and no more than
/// 100000; `why` may follow what is accepted.
void require_seeds(long long seeds, double level, const char* why = "");

/// Throws InputError unless the value is a finite number > 0; >= 0.
void require_positive(const char* name, double value);
void require_not_negative(const char* name, double value);

}  // namespace alignproof::cli
