// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>

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

std::string alternatives(const std::vector<std::string>& names) {
  std::string words;
  for (std::size_t k = 0; k < names.size(); ++k)
    words += (k == 0 ? "" : k + 1 < names.size() ? ", " : " or ") + names[k];
  return words;
}

CLI::Validator one_of(const std::vector<std::string>& names) {
  return CLI::Validator(
      [names](std::string& text) {
        return std::find(names.begin(), names.end(), text) != names.end()
                   ? std::string()
                   : fmt::format("'{}' is not accepted: give {}", text, alternatives(names));
      },
      "");
}

CLI::Option* add_name(CLI::App& command, const char* name, std::string& value,
                      const std::string& names, const std::string& before) {
  return command.add_option(name, value, before + names)
      ->capture_default_str()
      ->check(given(names));
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
      ->type_name("TEXT,...")
      ->check(given("values separated by commas"));
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
      ->type_name("INT,...")
      ->check(given("whole numbers separated by commas"));
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
      ->type_name("FLOAT,...")
      ->check(given("numbers separated by commas"));
}

void require_heeded(const CLI::App& command, const char* option, bool is_heeded,
                    const std::string& accepted) {
  if (!is_heeded && command.count(option) > 0)
    throw InputError("option", fmt::format("'{}'", option), accepted);
}

bool delivered() {
  errno = 0;
  std::cout.flush();  // of which --help is written
  if (std::cout && std::fflush(stdout) == 0 && !std::ferror(stdout)) return true;
  to_stderr("{}: standard output cannot be written{}\n", program_name(),
            errno != 0 ? " (" + std::generic_category().message(errno) + ")" : "");
  return false;
}

void prepare_streams() {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);
  hold_standard_streams();
}

}  // namespace alignproof::cli
