// SPDX-License-Identifier: Apache-2.0
// Where alignproof-check is, and whether it is the one that belongs to this program.
#include <filesystem>

#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/core/subprocess.hpp>

#include "cli.hpp"

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

std::optional<std::string> checker_trouble() {
  const fs::path checker = checker_path();
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

void require_checker() {
  if (const auto trouble = checker_trouble())
    throw InputError("alignproof-check", *trouble,
                     chosen_checker().empty()
                         ? fmt::format("alignproof-check {} beside alignproof", version())
                         : fmt::format("alignproof-check {} at this place", version()));
}

}  // namespace alignproof::cli
