// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/core/columns.hpp>

#include "command_line.hpp"

namespace alignproof::cli {

namespace {

constexpr std::size_t name_columns = 27;

/// The name, and the words behind it or, where it is too long, below it.
std::string entry(const std::string& name, const std::string& words) {
  const std::string head = "  " + name;
  if (words.empty()) return head + "\n";
  if (head.size() + 2 <= name_columns)
    return fmt::format("{}\n", fmt::join(wrapped_behind(head, words, name_columns), "\n"));
  return fmt::format("{}\n{}\n", head, fmt::join(wrapped_behind("", words, name_columns), "\n"));
}

/// The command, broken before options.
std::string command_lines(std::string_view command) {
  constexpr std::string_view between = " --", further = "      ", more = " \\\n";
  std::string text;
  while (command.size() > terminal_columns) {
    const std::size_t at = command.rfind(between, terminal_columns - 2);
    if (at == std::string_view::npos || command.find_first_not_of(' ') > at) break;
    text += fmt::format("{}{}", command.substr(0, at), more);
    command.remove_prefix(at + 1);
    if (command.size() + further.size() <= terminal_columns) {
      text += further;
      break;
    }
  }
  return text + std::string(command);
}

std::string footer_line(const std::string& line) {
  if (line.size() <= terminal_columns) return line;
  if (line.starts_with("  ")) return command_lines(line);
  return fmt::format("{}", fmt::join(wrapped(line, terminal_columns), "\n"));
}

/// "--csv, --data or --npy", in the order of the alphabet: the set has that of their addresses.
std::string names_of(const std::set<CLI::Option*>& options) {
  std::set<std::string> names;
  for (const CLI::Option* option : options) names.insert(option->get_name());
  return alternatives({names.begin(), names.end()});
}

}  // namespace

std::string exit_codes(const std::string& zero, const std::string& one, const std::string& three) {
  return fmt::format("Exit codes: 0 {}, {}2 bad usage or input, {}4 internal error.", zero,
                     one.empty() ? "" : "1 " + one + ", ",
                     three.empty() ? "" : "3 " + three + ", ");
}

std::string HelpFormatter::make_description(const CLI::App* command) const {
  return fmt::format("{}\n",
                     fmt::join(wrapped(command->get_description(), terminal_columns), "\n"));
}

std::string HelpFormatter::make_usage(const CLI::App* command, std::string name) const {
  std::string usage = CLI::Formatter::make_usage(command, std::move(name));
  return fmt::format("{}\n", fmt::join(wrapped(usage, terminal_columns), "\n"));
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  return entry(make_option_name(option, is_positional) + make_option_opts(option),
               make_option_desc(option));
}

/// " INT=5": what the validators add to the type says nothing that the words do not.
std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  if (option->get_expected_max() == 0) return "";
  std::string type = option->get_type_name();
  type = type.substr(0, type.find(':'));
  const std::string usual = option->get_default_str();
  return (type.empty() ? "" : " " + type) + (usual.empty() ? "" : "=" + usual) +
         (option->get_required() ? " REQUIRED" : "");
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  std::string words = option->get_description();
  if (const auto& needed = option->get_needs(); !needed.empty())
    words += fmt::format("; needs {}", names_of(needed));
  if (const auto& excluded = option->get_excludes(); !excluded.empty())
    words += fmt::format("; not with {}", names_of(excluded));
  return words;
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  return entry(command->get_name(), command->get_description());
}

std::string HelpFormatter::make_footer(const CLI::App* command) const {
  const std::string footer = command->get_footer();
  std::string text;
  for (std::size_t begin = 0; begin < footer.size();) {
    const std::size_t end = std::min(footer.find('\n', begin), footer.size());
    text += footer_line(footer.substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return text;
}

}  // namespace alignproof::cli
