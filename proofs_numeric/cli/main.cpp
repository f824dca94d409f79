// SPDX-License-Identifier: Apache-2.0
// alignproof: is this theorem about learning dynamics true, with which constants, and how do you
// know?
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "ranks.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace {

constexpr int bad_usage = 2, internal_error = 4;
constexpr std::string_view commands =
    "verify, simulate, certify, law, kernel, sweep, merge, show, reproduce, explain or doctor";

bool known_command(std::string_view word) {
  constexpr std::string_view known[] = {"verify",    "simulate", "certify", "law",
                                        "kernel",    "sweep",    "merge",   "show",
                                        "reproduce", "explain",  "doctor"};
  return std::find(std::begin(known), std::end(known), word) != std::end(known);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace alignproof;
  cli::prepare_streams();
  cli::meet_limits();
  CLI::App app{
      "Verification of theorems about feedback alignment in two-layer networks.\n"
      "Everything is dimensionless. Exit codes: 0 fine, 1 something refuted, 2 bad usage\n"
      "or input, 3 something undecided, 4 internal error; a reader of standard output that\n"
      "ends ends the program by SIGPIPE, quietly (141 to a shell)."};
  app.name("alignproof");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  alignproof verify --profile quick --out report\n"
      "  alignproof explain T1\n"
      "  alignproof simulate --n 5 --d 20 --width 1000 --steps 200\n"
      "  alignproof sweep rules --scale small\n"
      "Each subcommand has its own --help.");
  if (argc > 1 && argv[1][0] != '-' && !known_command(argv[1])) {
    cli::to_stderr("alignproof: command = '{}' is not accepted: give {} (see alignproof --help)\n",
                   one_line(argv[1]), commands);
    return bad_usage;
  }
  cli::Action action;
  cli::add_verify(app, action);
  cli::add_simulate(app, action);
  cli::add_certify(app, action);
  cli::add_law(app, action);
  cli::add_kernel(app, action);
  cli::add_sweep(app, action);
  cli::add_merge(app, action);
  cli::add_show(app, action);
  cli::add_reproduce(app, action);
  cli::add_explain(app, action);
  cli::add_doctor(app, action);
  try {
    cli::require_values(argc, argv);
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
    cli::to_stderr("alignproof: {}\n", cli::one_line_of(app, error, argc, argv));
    return bad_usage;
  } catch (const InputError& error) {
    cli::to_stderr("alignproof: {}\n", error.what());
    return bad_usage;
  } catch (const std::filesystem::filesystem_error& error) {
    cli::to_stderr("alignproof: {}\n",
                   InputError("path", "'" + error.path1().string() + "'",
                              "one that can be used (" + error.code().message() + ")")
                       .what());
    return bad_usage;
  } catch (const std::bad_alloc&) {
    cli::to_stderr(
        "alignproof: the instance does not fit in memory: choose smaller n, d or width\n");
    return bad_usage;
  } catch (const std::exception& error) {
    if (std::ferror(stdout) && !cli::delivered()) return bad_usage;
    if (cli::lacks_threads(error)) {
      cli::to_stderr("alignproof: no thread or process can be started: raise ulimit -u or -v\n");
      return bad_usage;
    }
    cli::to_stderr("alignproof: internal error: {}\n", error.what());
    return internal_error;
  }
}
