// SPDX-License-Identifier: Apache-2.0
// A ready project around a claim, a learning rule or an activation of the user's: a program that
// links alignproof::main, with a test, from the texts in proofs_numeric/templates.
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/command/suite.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"

namespace alignproof::embedded {

extern const std::string_view activation_CMakeLists_txt_in, activation_README_md_in,
    activation_cpp_in, claim_CMakeLists_txt_in, claim_README_md_in, claim_baseline_json_in,
    claim_cpp_in, rule_CMakeLists_txt_in, rule_README_md_in, rule_cpp_in;

}  // namespace alignproof::embedded

namespace alignproof::cli {

namespace fs = std::filesystem;

namespace {

struct NewOptions {
  std::string kind, name, out;
};

/// A file of a new project. `@NAME@` in its name or text is the name that the user gave.
struct Template {
  std::string_view kind, file;
  const std::string_view* text;
};

constexpr std::array templates = {
    Template{"claim", "CMakeLists.txt", &embedded::claim_CMakeLists_txt_in},
    Template{"claim", "@NAME@.cpp", &embedded::claim_cpp_in},
    Template{"claim", "README.md", &embedded::claim_README_md_in},
    Template{"claim", "baseline.json", &embedded::claim_baseline_json_in},
    Template{"rule", "CMakeLists.txt", &embedded::rule_CMakeLists_txt_in},
    Template{"rule", "@NAME@.cpp", &embedded::rule_cpp_in},
    Template{"rule", "README.md", &embedded::rule_README_md_in},
    Template{"activation", "CMakeLists.txt", &embedded::activation_CMakeLists_txt_in},
    Template{"activation", "@NAME@.cpp", &embedded::activation_cpp_in},
    Template{"activation", "README.md", &embedded::activation_README_md_in}};

/// Names of targets that CMake or the library has already, and of what a build or a test of the
/// project writes beside the program.
constexpr std::array taken_in_builds = {
    "ALL_BUILD",     "CMakeFiles", "INSTALL", "Makefile",   "PACKAGE",        "RUN_TESTS",
    "Testing",       "ZERO_CHECK", "all",     "alignproof", "clean",          "depend",
    "edit_cache",    "help",       "install", "package",    "package_source", "preinstall",
    "rebuild_cache", "report",     "test"};

/// What a name may have after its first letter, in which claims, rules and activations differ.
struct Naming {
  std::string_view kind, letters, words;
  std::size_t longest;
};
constexpr std::array namings = {
    Naming{"claim", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-",
           "letters, digits, _ or -", 33},
    Naming{"rule", "abcdefghijklmnopqrstuvwxyz0123456789-", "lower-case letters, digits or -", 33},
    Naming{"activation", "abcdefghijklmnopqrstuvwxyz0123456789_-",
           "lower-case letters, digits, _ or -", 23}};

const Naming& naming_of(const std::string& kind) {
  for (const Naming& naming : namings)
    if (naming.kind == kind) return naming;
  throw InputError("kind", fmt::format("'{}'", kind), "claim, rule or activation");
}

/// The name is one of a file, a CMake target, a claim, rule or activation, and a word of a shell.
void require_name(const NewOptions& options, const Suite& suite) {
  const std::string& name = options.name;
  const auto refuse = [&](const std::string& accepted) {
    throw InputError("name of the " + options.kind, fmt::format("'{}'", name), accepted);
  };
  const Naming& naming = naming_of(options.kind);
  const auto no_first = [](char c) { return (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  if (name.empty() || name.size() > naming.longest || no_first(name.front()) ||
      name.find_first_not_of(naming.letters) != std::string::npos)
    refuse(fmt::format("at most {} {}, the first one a letter", naming.longest, naming.words));
  if (std::find(taken_in_builds.begin(), taken_in_builds.end(), name) != taken_in_builds.end())
    refuse(fmt::format(
        "another name than {}, which are targets of CMake or the library, or files of a build",
        fmt::join(taken_in_builds, ", ")));
  const auto is_known = [&](const auto& look_up) {
    try {
      look_up(name);
      return true;
    } catch (const InputError&) {
      return false;
    }
  };
  if (options.kind == "claim" && is_known([&](const auto& id) { suite.claim_named(id); }))
    refuse("an id that no other claim has (see explain)");
  if (options.kind == "rule" && is_known(learning_rule_from))
    refuse("a name that no other rule has");
  if (options.kind == "activation" && is_known(activation_from))
    refuse("a name that no other activation has");
}

std::string filled_in(std::string_view text, const std::string& name) {
  const std::map<std::string, std::string> values = {{"@NAME@", name}, {"@VERSION@", version()}};
  std::string out(text);
  for (const auto& [key, value] : values)
    for (std::size_t at = out.find(key); at != std::string::npos;
         at = out.find(key, at + value.size()))
      out.replace(at, key.size(), value);
  return out;
}

/// The folder of the project, held; it was missing or is empty.
class ProjectFolder : public OutputFolder {
 public:
  explicit ProjectFolder(const std::string& folder) : OutputFolder(folder) {
    std::error_code error;
    if (!fs::is_empty(folder, error))
      throw InputError("out", fmt::format("'{}'", folder),
                       "a folder that does not exist or is empty");
  }
};

/// The prefix below which this program, or the library that it was built with, is installed.
std::string prefix_words() {
  const fs::path prefix = checker_path().parent_path().parent_path();
  return is_folder(prefix / "include" / "alignproof") ? shell_word(prefix.string()) : "PREFIX";
}

int new_command(const NewOptions& options, const Suite& suite) {
  require_name(options, suite);
  std::map<std::string, std::string> files;
  for (const Template& made : templates)
    if (made.kind == options.kind)
      files[filled_in(made.file, options.name)] = filled_in(*made.text, options.name);
  const std::string folder = options.out.empty() ? options.name : options.out;
  {
    const ProjectFolder held(folder);
    write_new_files(folder, files);
  }
  const std::string word = shell_word(folder), build = shell_word(folder + "/build");
  const std::string prefix = prefix_words();
  std::string names;
  for (const auto& file : files) names += (names.empty() ? "" : ", ") + file.first;
  fmt::print("folder: {}\n", folder);
  print_wrapped("It has {}.", names);
  fmt::print("Build it, and run its test:\n");
  fmt::print(
      "    cmake -S {} -B {} -DCMAKE_PREFIX_PATH={}\n    cmake --build {}\n    ctest --test-dir {} "
      "--output-on-failure\n",
      word, build, prefix, build, build);
  if (prefix == "PREFIX")
    fmt::print(
        "PREFIX is where alignproof is installed (cmake --install BUILD --prefix PREFIX).\n");
  return 0;
}

}  // namespace

void add_new(CLI::App& app, Action& action, const Suite& suite) {
  auto options = std::make_shared<NewOptions>();
  CLI::App* command =
      app.add_subcommand("new", "write a project with a claim, rule or activation of your own");
  command->add_option("KIND", options->kind, "claim, rule or activation")
      ->required()
      ->check(given("claim, rule or activation"));
  command->add_option("NAME", options->name, "its name, also that of the program")
      ->required()
      ->check(given("a name"));
  command->add_option("--out", options->out, "folder of the project (default: NAME)")
      ->check(folder_given());
  command->footer(
      "Examples:\n  alignproof new claim my-claim\n"
      "  alignproof new rule my-rule --out projects/rule\n"
      "  alignproof new activation my-bump\n"
      "The project needs the installed library. Your program then has this whole command line, "
      "with your claim, rule or activation beside ours.\n" +
      exit_codes("the project is written"));
  command->callback([options, &action, &suite] {
    action = [options, &suite] { return new_command(*options, suite); };
  });
}

}  // namespace alignproof::cli
