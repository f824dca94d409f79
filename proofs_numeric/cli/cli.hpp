// SPDX-License-Identifier: Apache-2.0
// The parts of the `alignproof` command. Each adds a subcommand and says how to run it.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/command/run.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/network/linear_network.hpp>

#include "data_options.hpp"

namespace alignproof::cli {

/// Exit code of the subcommand that was chosen.
using Action = std::function<int()>;

void add_verify(CLI::App& app, Action& action, const Suite& suite);
void add_simulate(CLI::App& app, Action& action);
void add_law(CLI::App& app, Action& action);
void add_certify(CLI::App& app, Action& action);
void add_kernel(CLI::App& app, Action& action);
void add_width(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_merge(CLI::App& app, Action& action);
void add_show(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_history(CLI::App& app, Action& action);
void add_reproduce(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action, const Suite& suite);
void add_doctor(CLI::App& app, Action& action);
void add_export_coq(CLI::App& app, Action& action);
void add_new(CLI::App& app, Action& action, const Suite& suite);

/// The last line of every footer: what the exit codes of the command mean; 1 and 3 where it has
/// them.
std::string exit_codes(const std::string& zero, const std::string& one = "",
                       const std::string& three = "");

/// Accept whole numbers as people write them, and finite or infinite decimals; refuse everything
/// else in one line.
CLI::Validator whole_number();
CLI::Validator decimal_number();

/// An option that takes a whole number.
CLI::Option* add_count(CLI::App& command, const char* name, long long& value, const char* words);

/// An option that takes the double nearest to the decimal given; the parser's own conversion rounds
/// twice, by way of long double.
CLI::Option* add_number(CLI::App& command, const char* name, double& value, const char* words);

/// The files of a list separated by commas, which the parser may have taken apart already. A comma
/// belongs to a name where a file has it: of several readings the one with the longest name.
std::vector<std::string> file_list(const std::vector<std::string>& given);

/// Options that describe one instance, shared by simulate and certify.
struct InstanceOptions : DataOptions {
  std::string feedback = "independent", decay = "constant";
  long long width = 1000, steps = 200;
  std::optional<long long> cut;
  double eta = 0.2, lambda = 0, decay_scale = 1, initial_scale = 1;
  bool zero_error = false;
  long long seed = 1;

  void add_to(CLI::App& command);
  /// Throws InputError on an option that would be ignored: of data, or of a penalty.
  void require_heeded_instance() const;
  /// Each throws InputError on anything that is not accepted.
  Instance make() const;
  /// Its weights sampled by their Gram matrix.
  LinearNetwork make_linear() const;
  NetworkSpec network_spec() const;
};

/// Where alignproof-check is, whether it is there or not: beside this program, unless main named
/// another place, as that of a program from outside does.
std::filesystem::path checker_path();
void use_checker(const std::filesystem::path& checker);
/// Its path and what is wrong with it: it is missing, cannot be run, or is of another version.
std::optional<std::string> checker_trouble();
/// Throws InputError about that, before work that ends with the checker.
void require_checker();

/// Where alignproof-check-formal is looked for: beside alignproof-check. Nothing needs it.
std::filesystem::path formal_checker_path();
/// Its path and what is wrong with it; nothing where there is none.
std::optional<std::string> formal_checker_trouble();
/// --formal-checker: a program, `none`, or where it is empty the one beside alignproof-check.
void add_formal_checker(CLI::App& command, std::string& given);
/// The program that is asked beside alignproof-check; empty: none. Throws InputError on one that
/// cannot be asked.
std::filesystem::path formal_checker_from(const std::string& given);

}  // namespace alignproof::cli
