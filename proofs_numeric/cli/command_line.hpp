// SPDX-License-Identifier: Apache-2.0
// How the command line is read, and what is said where it cannot be.
#pragma once

#include <CLI/CLI.hpp>

#include <charconv>
#include <string>
#include <vector>

#include "cli.hpp"

namespace alignproof::cli {

/// Refuses '' and says what is accepted instead.
CLI::Validator given(const std::string& accepted);

/// The same for a folder, which `-`, standard output, cannot be.
CLI::Validator folder_given();

/// "text, json or junit"
std::string alternatives(const std::vector<std::string>& names);

/// Refuses what is none of these names, and says them.
CLI::Validator one_of(const std::vector<std::string>& names);

/// An option that takes a name of which the library knows whether there is one; `names` says which
/// there are, and `before` stands before them in the help.
CLI::Option* add_name(CLI::App& command, const char* name, std::string& value,
                      const std::string& names, const std::string& before = "");

/// The parts between commas; throws CLI::ValidationError of the option if one of them is empty.
std::vector<std::string> parts_of(const std::string& option, const std::vector<std::string>& lists);

/// An option that takes values separated by commas, in one word, and may be repeated: the word
/// after it is not taken for another value.
CLI::Option* add_list(CLI::App& command, const char* name, std::vector<std::string>& values,
                      const char* words);
CLI::Option* add_list(CLI::App& command, const char* name, std::vector<long long>& values,
                      const char* words);
/// Values of several such options are all taken.
CLI::Option* add_list(CLI::App& command, const char* name, std::vector<double>& values,
                      const char* words);

/// Throws InputError on an option that stands on the command line where it would be ignored;
/// `accepted` says with what it is not.
void require_heeded(const CLI::App& command, const char* option, bool is_heeded,
                    const std::string& accepted);

/// The error in one line that quotes the value and says what is accepted; of an unknown option,
/// which known one is near: usage_errors.cpp.
std::string one_line_of(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv);

/// Whether all that was said has left for standard output; if not, says so.
bool delivered();

/// Makes standard streams behave alike however the program is started: a closed one is not given
/// to a file that is opened later, a reader that ends ends this program quietly by SIGPIPE (to a
/// shell: exit code 141), and a file that would grow too long is an error of writing.
void prepare_streams();

/// Throws InputError on `--name=`, which CLI11 would give the next word as its value, and on a
/// value of a flag, which it would ignore.
void require_values(const CLI::App& app, int argc, const char* const* argv);

}  // namespace alignproof::cli
