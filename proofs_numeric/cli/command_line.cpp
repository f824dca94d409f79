// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/core/standard_streams.hpp>

#include "to_stderr.hpp"

namespace alignproof::cli {

CLI::Validator given(const std::string& accepted) {
  return CLI::Validator(
      [accepted](std::string& text) {
        // "--out --seed=3": the value was forgotten. A file of such a name is ./--seed=3.
        return text.empty() || text.starts_with("--")
                   ? fmt::format("'{}' is not accepted: give {}", text, accepted)
                   : std::string();
      },
      "");
}

CLI::Validator folder_given() {
  return CLI::Validator(
      [](std::string& text) {
        if (text.empty() || text.starts_with("--"))
          return fmt::format("'{}' is not accepted: give a folder", text);
        if (text == "-")
          return std::string(
              "'-' is not accepted: give a folder, since several files are written; standard "
              "output takes one");
        return std::string();
      },
      "");
}

std::vector<std::string> parts_of(const std::string& option,
                                  const std::vector<std::string>& lists) {
  std::vector<std::string> parts;
  for (const std::string& list : lists)
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      parts.push_back(list.substr(begin, end - begin));
      if (parts.back().empty())
        throw CLI::ValidationError(
            option, fmt::format("'{}' is not accepted: give values separated by commas", list));
      begin = end + 1;
    }
  return parts;
}

CLI::Option* add_list(CLI::App& command, const char* name, std::vector<std::string>& values,
                      const char* words) {
  return command
      .add_option_function<std::vector<std::string>>(
          name,
          [&values, option = std::string(name)](const std::vector<std::string>& lists) {
            values = parts_of(option, lists);
          },
          words)
      ->allow_extra_args(false)
      ->type_name("TEXT,...");
}

CLI::Option* add_list(CLI::App& command, const char* name, std::vector<long long>& values,
                      const char* words) {
  const std::string shown = fmt::format("{}", fmt::join(values, ","));
  return command
      .add_option_function<std::vector<std::string>>(
          name,
          [&values, option = std::string(name),
           whole = whole_number()](const std::vector<std::string>& lists) {
            values.clear();
            for (std::string& part : parts_of(option, lists)) {
              const std::string trouble = whole(part);
              if (!trouble.empty()) throw CLI::ValidationError(option, trouble);
              std::from_chars(part.data(), part.data() + part.size(), values.emplace_back());
            }
          },
          words)
      ->allow_extra_args(false)
      ->default_str(shown)
      ->type_name("INT,...");
}

CLI::Option* add_list(CLI::App& command, const char* name, std::vector<double>& values,
                      const char* words) {
  return command
      .add_option_function<std::vector<std::string>>(
          name,
          [&values, option = std::string(name),
           decimal = decimal_number()](const std::vector<std::string>& lists) {
            values.clear();
            for (std::string& part : parts_of(option, lists)) {
              const std::string trouble = decimal(part);
              if (!trouble.empty()) throw CLI::ValidationError(option, trouble);
              values.push_back(std::strtod(part.c_str(), nullptr));
            }
          },
          words)
      ->allow_extra_args(false)
      ->type_name("FLOAT,...");
}

namespace {

/// The least number of letters to change, add or leave out.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// The option that was meant; nothing if several, or none, are near.
std::string nearest_option(const CLI::App& command, const std::string& word) {
  std::string nearest;
  std::size_t least = 2 + word.size() / 4;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames())
      if (const std::size_t far = edits(word, "--" + name); far < least)
        least = far, nearest = "--" + name;
  return nearest;
}

std::string unknown_option(const CLI::App& command, const std::string& argument) {
  const std::string word = argument.substr(0, argument.find('='));
  const std::string nearest = nearest_option(command, word);
  const std::string name =
      command.get_parent() ? program_name() + " " + command.get_name() : program_name();
  return InputError("option", fmt::format("'{}'", argument),
                    nearest.empty() ? fmt::format("an option of {} --help", name)
                                    : fmt::format("{} (see {} --help)", nearest, name))
      .what();
}

}  // namespace

std::string one_line_of(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const std::vector<CLI::App*> chosen = const_cast<CLI::App&>(app).get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const std::vector<std::string> extra = is_extra ? command.remaining()
                                         : chosen.empty() && argc > 1
                                             ? std::vector<std::string>(argv + 1, argv + argc)
                                             : std::vector<std::string>();
  for (const std::string& argument : extra)
    if (argument.size() > 1 && argument.front() == '-' && argument != "--")
      return unknown_option(command, argument);
  return fmt::format("{} (see {} --help)", one_line(error.what()), program_name());
}

bool delivered() {
  errno = 0;
  std::cout.flush();  // of which --help is written
  if (std::cout && std::fflush(stdout) == 0 && !std::ferror(stdout)) return true;
  to_stderr("{}: standard output cannot be written{}\n", program_name(),
            errno != 0 ? " (" + std::generic_category().message(errno) + ")" : "");
  return false;
}

void require_values(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") return;
    if (word.starts_with("--") && word.ends_with("=") && word.find('=') + 1 == word.size())
      throw InputError(std::string(word.substr(0, word.size() - 1)), "''", "a value after the =");
  }
}

void prepare_streams() {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);
  hold_standard_streams();
}

}  // namespace alignproof::cli
