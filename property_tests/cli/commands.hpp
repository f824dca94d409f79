// SPDX-License-Identifier: Apache-2.0
// The commands of `alignproof` and their options, as --help lists them.
#pragma once

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "cli/run_program.hpp"

namespace alignproof::test {

inline std::string help_of(const std::string& command, const std::filesystem::path& scratch) {
  return run_program(command + " --help", scratch).out;
}

/// The first words of the lines behind `heading`, up to an empty one.
inline std::vector<std::string> listed_under(const std::string& heading, const std::string& help) {
  std::vector<std::string> names;
  const std::size_t begin = help.find("\n" + heading + ":\n");
  if (begin == std::string::npos) return names;
  const std::string section = help.substr(begin + 1, help.find("\n\n", begin + 1) - begin);
  const std::regex entry("\n  ([^ \n]+)");
  for (std::sregex_iterator at(section.begin(), section.end(), entry), end; at != end; ++at)
    names.push_back((*at)[1]);
  return names;
}

/// All of them, `new` among them.
inline std::vector<std::string> all_commands(const std::filesystem::path& scratch) {
  return listed_under("Subcommands", help_of("", scratch));
}

struct OptionOfCommand {
  std::string name;
  bool takes_value = false;
};

/// The long options of a command but --help.
inline std::vector<OptionOfCommand> options_of_command(const std::string& command,
                                                       const std::filesystem::path& scratch) {
  std::vector<OptionOfCommand> options;
  const std::string help = help_of(command, scratch);
  const std::regex entry("\n  (--[a-z-]+)( [A-Z])?");
  for (std::sregex_iterator at(help.begin(), help.end(), entry), end; at != end; ++at)
    options.push_back({(*at)[1], (*at)[2].matched});
  return options;
}

}  // namespace alignproof::test
