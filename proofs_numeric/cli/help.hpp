// SPDX-License-Identifier: Apache-2.0
// How --help is laid out: names at the left, words at the right, all of it in 80 columns.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace alignproof::cli {

/// Words of options and commands are wrapped, line breaks in them count as blanks. Each line of a
/// footer stays one where it fits; of those that are indented, which are commands to copy, a long
/// one goes on behind a backslash.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* command) const override;
  std::string make_usage(const CLI::App* command, std::string name) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_footer(const CLI::App* command) const override;
};

}  // namespace alignproof::cli
