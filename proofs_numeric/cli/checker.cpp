// SPDX-License-Identifier: Apache-2.0
// Where the two checkers are, and whether they are those that belong to this program.
#include <filesystem>

#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/core/subprocess.hpp>
#include <alignproof/format/files.hpp>

#include "cli.hpp"
#include "command_line.hpp"

namespace alignproof::cli {

namespace fs = std::filesystem;

namespace {

fs::path& chosen_checker() {
  static fs::path checker;
  return checker;
}

}  // namespace

void use_checker(const fs::path& checker) {
  chosen_checker() = checker;
}

fs::path checker_path() {
  if (!chosen_checker().empty()) return chosen_checker();
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error)
    throw InputError("/proc/self/exe", fmt::format("'{}'", error.message()),
                     "a system that shows it: alignproof-check is looked for beside this program");
  // Beside this program and nowhere else: another program of this name must not be taken for it.
  return self.parent_path() / "alignproof-check";
}

namespace {

/// What is wrong with a program that should be of this version.
std::optional<std::string> trouble_of(const fs::path& checker) {
  const auto trouble = [&](const std::string& what) {
    return fmt::format("'{}', which {}", one_line(checker.string()), what);
  };
  std::error_code error;
  if (!fs::exists(checker, error)) return trouble("does not exist");
  if (!fs::is_regular_file(checker, error) || access(checker.c_str(), X_OK) != 0)
    return trouble("is no program that can be run");
  const Subprocess run = run_subprocess(checker, {"--version"});
  if (!run.exit_status) return trouble(run.trouble);
  if (*run.exit_status != 0)
    return trouble(fmt::format("says no version: {}", one_line(run.output.substr(0, 200))));
  std::string said = run.output;
  while (said.ends_with('\n')) said.pop_back();
  if (said != version())
    return trouble(fmt::format("has version '{}'", one_line(said.substr(0, 40))));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> checker_trouble() {
  std::optional<std::string> trouble = trouble_of(checker_path());
  if (trouble && !chosen_checker().empty() && type_at(checker_path()) == fs::file_type::not_found)
    *trouble +=
        " (where alignproof was moved, build this program again with "
        "-DCMAKE_PREFIX_PATH=PREFIX, its new place)";
  return trouble;
}

void require_checker() {
  if (const auto trouble = checker_trouble())
    throw InputError("alignproof-check", *trouble + ",",
                     chosen_checker().empty()
                         ? fmt::format("alignproof-check {} beside alignproof", version())
                         : fmt::format("alignproof-check {} at this place", version()));
}

fs::path formal_checker_path() {
  return checker_path().parent_path() / program_of(Route::formal);
}

std::optional<std::string> formal_checker_trouble() {
  const fs::path formal = formal_checker_path();
  if (type_at(formal) == fs::file_type::not_found) return std::nullopt;
  return trouble_of(formal);
}

void add_formal_checker(CLI::App& command, std::string& given_path) {
  command
      .add_option("--formal-checker", given_path,
                  "program to ask beside alignproof-check, or none (default: the\n"
                  "alignproof-check-formal beside it, where there is one)")
      ->check(given("a program, or none"));
}

fs::path formal_checker_from(const std::string& given_path) {
  if (given_path == "none") return {};
  const std::string accepted =
      fmt::format("{} {}, or --formal-checker none", program_of(Route::formal), version());
  if (given_path.empty()) {
    if (const auto trouble = formal_checker_trouble())
      throw InputError(std::string(program_of(Route::formal)), *trouble + ",", accepted);
    const fs::path beside = formal_checker_path();
    return type_at(beside) == fs::file_type::not_found ? fs::path() : beside;
  }
  // A name without a folder is not looked for on PATH.
  const fs::path formal = fs::absolute(given_path);
  if (const auto trouble = trouble_of(formal))
    throw InputError("formal-checker", *trouble + ",", accepted);
  return formal;
}

}  // namespace alignproof::cli
