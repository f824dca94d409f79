// SPDX-License-Identifier: Apache-2.0
// What every command and program says of itself: in 80 columns, with examples and exit codes.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <alignproof/core/columns.hpp>
#include <alignproof/format/files.hpp>

#include "cli/commands.hpp"
#include "format/temporary_folder.hpp"
#include "lines.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// Lines of more than 80 columns, each on a line.
std::string too_long(const std::string& text) {
  std::string lines;
  for (const std::string& line : lines_of(text))
    if (text_width(line) > terminal_columns) lines += line + "\n";
  return lines;
}

void check_help(const std::string& program, const std::string& help) {
  INFO(program << "\n" << help);
  CHECK(too_long(help).empty());
  CHECK_THAT(help, Catch::Contains("\nExamples:\n") || Catch::Contains("\nexamples\n"));
  CHECK_THAT(help, Catch::Contains("\nExit codes: 0 ") || Catch::Contains("\nexit codes\n  0"));
}

/// What a program beside `alignproof` says to --help.
std::string said_by(const std::filesystem::path& program, const TemporaryFolder& scratch) {
  const std::filesystem::path file = scratch.path() / "help.txt";
  CHECK(std::system((program.string() + " --help > " + file.string()).c_str()) == 0);
  return read_file(file);
}

/// Every page of the documentation, the README, and what the commands say of themselves.
std::string all_pages() {
  std::string text = read_file(ALIGNPROOF_SOURCE_DIR "/README.md") +
                     read_file(ALIGNPROOF_SOURCE_DIR "/CONTRIBUTING.md");
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/reports/docs"))
    if (entry.path().extension() == ".md") text += read_file(entry.path());
  return text;
}

bool is_named(const std::string& option, const std::string& text) {
  for (std::size_t at = text.find(option); at != std::string::npos; at = text.find(option, at + 1))
    if (const char next = text[at + option.size()]; next != '-' && !(next >= 'a' && next <= 'z'))
      return true;
  return false;
}

}  // namespace

TEST_CASE("the help of every command fits 80 columns, with examples and exit codes", "[cli]") {
  const TemporaryFolder scratch;
  const std::vector<std::string> commands = all_commands(scratch.path());
  CHECK(commands.size() > 10);
  check_help("alignproof", help_of("", scratch.path()));
  for (const std::string& command : commands) check_help(command, help_of(command, scratch.path()));
}

TEST_CASE("so does that of the other programs", "[cli]") {
  const TemporaryFolder scratch;
  check_help("alignproof-check", said_by(ALIGNPROOF_CHECK_PROGRAM, scratch));
  const std::filesystem::path folder = std::filesystem::path(ALIGNPROOF_PROGRAM).parent_path();
  // The formal checker is built where Coq is, the third in a whole build.
  for (const auto& program :
       {std::filesystem::path(ALIGNPROOF_FORMAL_PROGRAM), folder / "alignproof-tamper"})
    if (std::filesystem::exists(program)) check_help(program.string(), said_by(program, scratch));
}

TEST_CASE("examples of a program with a long name are still commands of 80 columns", "[cli]") {
  const TemporaryFolder scratch;
  const std::filesystem::path own =
      scratch.path() / "a-program-of-somebody-who-has-claims-of-his-own";
  std::filesystem::create_symlink(ALIGNPROOF_PROGRAM, own);
  const std::filesystem::path file = scratch.path() / "help.txt";
  CHECK(std::system((own.string() + " certify --help > " + file.string()).c_str()) == 0);
  const std::string help = read_file(file);
  INFO(help);
  CHECK(too_long(help).empty());
  // Each command goes on behind a backslash until it ends.
  CHECK_THAT(help,
             Catch::Contains(own.filename().string() + " certify --n 10 --d 40 \\\n      --"));
}

TEST_CASE("every option is named in a page or in an example", "[cli]") {
  const TemporaryFolder scratch;
  const std::string pages = all_pages();
  for (const std::string& command : all_commands(scratch.path())) {
    const std::string help = help_of(command, scratch.path());
    const std::size_t examples = help.find("\nExamples:");
    REQUIRE(examples != std::string::npos);
    for (const OptionOfCommand& option : options_of_command(command, scratch.path())) {
      INFO(command << " " << option.name);
      CHECK(is_named(option.name, pages + help.substr(examples)));
    }
  }
}
