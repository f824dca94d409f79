// SPDX-License-Identifier: Apache-2.0
// alignproof: is this theorem about learning dynamics true, with which constants, and how do you
// know?
#include <alignproof/command/run.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alignproof/command/suite.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/format/files.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "help.hpp"
#include "ranks.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace alignproof::inline command {

namespace {

constexpr int bad_usage = 2, internal_error = 4;

/// The examples of each command, with the name of this program.
void name_examples(CLI::App& command) {
  constexpr std::string_view ours = "  alignproof ";
  const std::string name = shell_word(program_name());
  std::string words = command.get_footer();
  for (std::size_t at = words.find(ours); at != std::string::npos; at = words.find(ours, at + 2))
    words.replace(at + 2, ours.size() - 3, name);
  command.footer(words);
}

/// Throws InputError if the first word names no command.
void require_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return;
  throw InputError("command", fmt::format("'{}'", argv[1]),
                   fmt::format("{} (see {} --help)", cli::alternatives(names), program_name()));
}

/// Says it in one line that begins with the name of the program.
template <class... Args>
void say(fmt::format_string<Args...> words, Args&&... args) {
  cli::to_stderr("{}: {}\n", program_name(),
                 one_line(fmt::format(words, std::forward<Args>(args)...)));
}

int run_suite(int argc, char** argv, const Suite& suite) {
  CLI::App app{
      "Verification of theorems about feedback alignment in two-layer networks. Everything is "
      "dimensionless."};
  app.formatter(std::make_shared<cli::HelpFormatter>());  // also of what is added from here on
  app.name(program_name());
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  alignproof verify --profile quick --out report\n"
      "  alignproof explain T1\n"
      "  alignproof simulate --n 5 --d 20 --width 1000 --steps 200\n"
      "  alignproof sweep rules --scale small\n"
      "Each subcommand has its own --help.\n" +
      cli::exit_codes("fine", "something is refuted", "something is undecided") +
      "\nA reader of standard output that ends ends the program by SIGPIPE, quietly (141 to a "
      "shell).");
  cli::Action action;
  cli::add_verify(app, action, suite);
  cli::add_simulate(app, action);
  cli::add_certify(app, action);
  cli::add_export_coq(app, action);
  cli::add_law(app, action);
  cli::add_kernel(app, action);
  cli::add_width(app, action);
  cli::add_sweep(app, action);
  cli::add_merge(app, action);
  cli::add_show(app, action);
  cli::add_compare(app, action);
  cli::add_history(app, action);
  cli::add_reproduce(app, action);
  cli::add_explain(app, action, suite);
  cli::add_doctor(app, action);
  cli::add_new(app, action, suite);
  name_examples(app);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    name_examples(*command);
  try {
    require_command(app, argc, argv);
    cli::require_values(app, argc, argv);
    app.parse(argc, argv);
    if (!cli::is_for_this_process(app.get_subcommands().front()->get_name())) return 0;
    cli::require_stack();
    const int code = action();
    return cli::delivered() ? code : bad_usage;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return cli::delivered() ? 0 : bad_usage;
    }
    say("{}", cli::one_line_of(app, error, argc, argv));
    return bad_usage;
  }
}

}  // namespace

int run_command(int argc, char** argv, void (*bring)(Suite&), const char* checker) {
  cli::prepare_streams();
  cli::meet_limits();
  if (argc > 0) name_program(std::filesystem::path(argv[0]).filename().string());
  if (checker) cli::use_checker(checker);
  try {
    Suite suite;
    bring(suite);
    return run_suite(argc, argv, suite);
  } catch (const InputError& error) {
    say("{}", error.what());
    return bad_usage;
  } catch (const std::filesystem::filesystem_error& error) {
    say("{}", InputError("path", "'" + error.path1().string() + "'",
                         "one that can be used (" + error.code().message() + ")")
                  .what());
    return bad_usage;
  } catch (const std::bad_alloc&) {
    say("the instance does not fit in memory: choose smaller n, d or width");
    return bad_usage;
  } catch (const std::exception& error) {
    if (std::ferror(stdout) && !cli::delivered()) return bad_usage;
    if (cli::lacks_threads(error)) {
      say("no thread or process can be started: raise ulimit -u or -v");
      return bad_usage;
    }
    say("internal error: {}", error.what());
    return internal_error;
  } catch (...) {  // what a claim of the user's throws may be anything
    say("internal error: something was thrown that is no std::exception");
    return internal_error;
  }
}

}  // namespace alignproof::inline command
