// SPDX-License-Identifier: Apache-2.0
#include "data_options.hpp"

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

std::size_t at_least(const char* name, long long value, long long least) {
  if (value < least)
    throw InputError(name, fmt::format("{}", value), fmt::format("a whole number >= {}", least));
  return static_cast<std::size_t>(value);
}

void DataOptions::add(CLI::App& command, bool with_n) {
  add_name(command, "--inputs", inputs, "gaussian, sphere, isometric, repeated or nearly-parallel");
  add_name(command, "--targets", targets, "linear, network (a teacher), zero or classes");
  for (const DataSource& source : data_sources()) {
    if (source.option.empty()) continue;
    const std::string option(source.option);
    command.add_option(option, paths[option], std::string(source.words))
        ->type_name(std::string(source.takes))
        ->expected(static_cast<int>(source.paths))
        ->check(cli::given(std::string(source.accepts)));
  }
  if (with_n) add_count(command, "--n", n, "samples; of a table or of arrays so many, else all");
  add_count(command, "--d", d, "input dimension");
  add_count(command, "--outputs", outputs, "outputs k");
  add_count(command, "--teacher-width", teacher_width, "hidden units of the teacher");
  add_count(command, "--data-seed", data_seed, "seed of X and y");
  add_number(command, "--input-scale", input_scale, "multiplies X");
  add_number(command, "--target-scale", target_scale, "multiplies y");
  command
      .add_option("--target", target,
                  "column of the table that is y, by name or number from 1 (default: the last);\n"
                  "words in it are classes")
      ->type_name("COLUMN")
      ->check(cli::given("a column of the table, by name or number"));
  command_ = &command;
  command.parse_complete_callback([this] { require_one_source(); });
}

bool DataOptions::stands(std::string_view option) const {
  const CLI::Option* known =
      command_ ? command_->get_option_no_throw(std::string(option)) : nullptr;
  return known && known->count() > 0;
}

const DataSource& DataOptions::source() const {
  for (const DataSource& source : data_sources())
    if (source.option.empty() || stands(source.option)) return source;
  throw std::logic_error("no source of random data");
}

std::optional<std::string> DataOptions::first_given() const {
  for (const DataSource& source : data_sources()) {
    if (stands(source.option)) return std::string(source.option);
    for (const std::string_view option : source.heeds)
      if (stands(option)) return std::string(option);
  }
  return std::nullopt;
}

void DataOptions::require_one_source() const {
  const DataSource& chosen = source();
  for (const DataSource& other : data_sources()) {
    if (other.option != chosen.option && stands(other.option))
      throw InputError("option", fmt::format("'{}' with {}", other.option, chosen.option),
                       "one source of data");
    for (const std::string_view option : other.heeds) {
      if (!stands(option) || chosen.takes_option(option)) continue;
      if (chosen.option.empty())
        throw InputError("option", fmt::format("'{}' without {}", option, other.option),
                         "both or none");
      throw InputError(
          "option", fmt::format("'{}' with {}", option, chosen.option),
          fmt::format("with it only {} of the options of data", fmt::join(chosen.heeds, ", ")));
    }
  }
  if (stands("--target") && stands("--outputs"))
    throw InputError("option", "'--outputs' with --target", "one of them");
}

void DataOptions::require_heeded_data() const {
  require_heeded(*command_, "--teacher-width", targets == "network", "it with --targets network");
  require_heeded(*command_, "--target-scale", targets != "zero",
                 "it with --targets other than zero");
}

DataSpec DataOptions::data_spec() const {
  DataSpec spec;
  spec.inputs = inputs_from(inputs), spec.targets = targets_from(targets);
  spec.n = at_least("n", n, 1), spec.d = at_least("d", d, 1);
  spec.k = at_least("outputs", outputs, 1);
  spec.seed = at_least("data-seed", data_seed, 0);
  spec.activation = activation_from(activation);
  spec.teacher_width = at_least("teacher-width", teacher_width, 1);
  spec.input_scale = input_scale, spec.target_scale = target_scale;
  return spec;
}

DataRequest DataOptions::request() const {
  return {files(), target, data_spec()};
}

Data DataOptions::make_data() const {
  const Samples samples = source().read(request());
  if (!samples.note.empty()) to_stderr("{}\n", samples.note);
  return samples.take(data_from_file() ? samples.count : static_cast<std::size_t>(n));
}

bool DataOptions::data_from_file() const {
  return source().usual == 0 && !stands("--n");
}

double DataOptions::known_d() const {
  return source().takes_option("--d") ? static_cast<double>(d) : 1;
}

std::vector<std::string> DataOptions::files() const {
  const auto found = paths.find(source().option);
  return found == paths.end() ? std::vector<std::string>() : found->second;
}

}  // namespace alignproof::cli
