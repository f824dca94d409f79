// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/csv.hpp>
#include <alignproof/network/idx.hpp>
#include <alignproof/network/npy.hpp>

#include "cli.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

CLI::Validator whole_number() {
  return CLI::Validator(
      [](std::string& text) {
        static const std::regex pattern("-?(0|[1-9][0-9]{0,17})");
        if (std::regex_match(text, pattern)) return std::string();
        return fmt::format("'{}' is not accepted: give a whole number of at most 18 digits", text);
      },
      "WHOLE");
}

CLI::Validator decimal_number() {
  return CLI::Validator(
      [](std::string& text) {
        char* end = nullptr;
        std::strtod(text.c_str(), &end);
        if (!text.empty() && *end == '\0') return std::string();
        return fmt::format("'{}' is not accepted: give a number", text);
      },
      "NUMBER");
}

CLI::Option* add_number(CLI::App& command, const char* name, double& value, const char* words) {
  return command
      .add_option_function<std::string>(
          name, [&value](const std::string& text) { value = std::strtod(text.c_str(), nullptr); },
          words)
      ->default_str(fmt::format("{}", value))
      ->type_name("FLOAT")
      ->check(decimal_number());
}

namespace {

CLI::Validator path_given() {
  return CLI::Validator(
      [](std::string& path) {
        return path.empty() ? std::string("'' is not accepted: give a path") : std::string();
      },
      "PATH");
}

}  // namespace

CLI::Option* add_count(CLI::App& command, const char* name, long long& value, const char* words) {
  return command.add_option(name, value, words)->capture_default_str()->check(whole_number());
}

std::vector<std::string> file_list(const std::vector<std::string>& given) {
  if (given.empty()) return {};
  std::vector<std::string> parts{""};
  for (char c : fmt::format("{}", fmt::join(given, ",")))
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < parts.size();) {
    std::string name = parts[i], longest = name;
    std::size_t next = i + 1;
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      name += "," + parts[j];
      std::error_code cannot_be_looked_at;
      if (std::filesystem::exists(name, cannot_be_looked_at)) longest = name, next = j + 1;
    }
    files.push_back(longest);
    i = next;
  }
  return files;
}

void InstanceOptions::add_data_to(CLI::App& command) {
  const auto count = [&](const char* name, long long& value, const char* words) {
    return add_count(command, name, value, words);
  };
  const auto number = [&](const char* name, double& value, const char* words) {
    return add_number(command, name, value, words);
  };
  command
      .add_option("--inputs", inputs, "gaussian, sphere, isometric, repeated or nearly-parallel")
      ->capture_default_str();
  command.add_option("--targets", targets, "linear, network (a teacher), zero or classes")
      ->capture_default_str();
  CLI::Option* folder =
      command
          .add_option("--data", data_folder,
                      "folder of IDX images instead: classes 0 and 1, or with --outputs k as many")
          ->check(path_given())
          ->excludes("--inputs")
          ->excludes("--targets");
  CLI::Option* table =
      command
          .add_option("--csv", csv,
                      "table of numbers instead, plain or gzipped, - for standard input; its last\n"
                      "--outputs columns are y: --csv iris.csv --target species")
          ->check(path_given())
          ->excludes("--inputs")
          ->excludes("--targets")
          ->excludes("--data");
  CLI::Option* arrays =
      command.add_option("--npy", npy, "numpy's arrays of X and y instead: --npy X.npy y.npy")
          ->type_name("X y")
          ->expected(2)
          ->check(path_given())
          ->excludes("--inputs")
          ->excludes("--targets")
          ->excludes("--data")
          ->excludes("--csv");
  count("--n", n, "samples");
  count("--d", d, "input dimension");
  count("--outputs", outputs, "outputs k");
  count("--teacher-width", teacher_width, "hidden units of the teacher");
  count("--data-seed", data_seed, "seed of X and y");
  number("--input-scale", input_scale, "multiplies X");
  number("--target-scale", target_scale, "multiplies y");
  CLI::Option* column =
      command
          .add_option(
              "--target", target,
              "column of the table that is y, by name or number from 1 (default: the last);\n"
              "words in it are classes")
          ->type_name("COLUMN")
          ->needs(table);
  // What a file settles is not asked for: an option without effect would mislead.
  for (const char* made :
       {"--d", "--teacher-width", "--data-seed", "--input-scale", "--target-scale"})
    table->excludes(made), folder->excludes(made), arrays->excludes(made);
  table->excludes("--n");
  for (const char* settled : {"--n", "--outputs"}) arrays->excludes(settled);
  column->excludes("--outputs");
}

void InstanceOptions::add_to(CLI::App& command) {
  add_data_to(command);
  const auto count = [&](const char* name, long long& value, const char* words) {
    return add_count(command, name, value, words);
  };
  const auto number = [&](const char* name, double& value, const char* words) {
    return add_number(command, name, value, words);
  };
  count("--width", width, "hidden units p");
  command.add_option("--activation", activation, accepted_activations())->capture_default_str();
  command.add_option("--feedback", feedback, "b: independent, parallel or orthogonal to beta(0)")
      ->capture_default_str();
  number("--initial-scale", initial_scale, "multiplies W(0), beta(0) and b");
  command.add_flag("--zero-error", zero_error, "y = f(0), so that e(0) = 0");
  number("--eta", eta, "step size");
  number("--lambda", lambda, "penalty on beta");
  command.add_option("--decay", decay, "of the penalty: constant, geometric or inverse-square")
      ->capture_default_str();
  number("--decay-scale", decay_scale, "ratio of geometric, time of inverse-square");
  command.add_option("--cut", cut, "first step without the penalty (default: never)")
      ->check(whole_number());
  count("--steps", steps, "steps T");
  count("--seed", seed, "seed of W, beta and b");
}

namespace {

std::size_t at_least(const char* name, long long value, long long least) {
  if (value < least)
    throw InputError(name, fmt::format("{}", value), fmt::format("a whole number >= {}", least));
  return static_cast<std::size_t>(value);
}

}  // namespace

DataSpec InstanceOptions::data_spec() const {
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

NetworkSpec InstanceOptions::network_spec() const {
  NetworkSpec spec;
  spec.p = at_least("p", width, 1), spec.activation = activation_from(activation);
  spec.eta = eta;
  spec.penalty = {lambda, cut ? at_least("cut", *cut, 0) : Penalty::never, decay_from(decay),
                  decay_scale};
  spec.steps = at_least("steps", steps, 0), spec.seed = at_least("seed", seed, 0);
  spec.feedback = feedback_from(feedback), spec.initial_scale = initial_scale;
  spec.zero_error = zero_error;
  return spec;
}

namespace {

/// Which column of y is which class, on one line.
std::string classes_line(const CsvTable& table) {
  constexpr std::size_t most = 20;
  std::string words;
  for (std::size_t c = 0; c < std::min(most, table.classes.size()); ++c)
    words += fmt::format("{}{}", c ? ", " : "", table.classes[c]);
  if (table.classes.size() > most) words += ", ...";
  return one_line(
      fmt::format("y has {} columns, 1 for the class and else 0; in the order of their "
                  "bytes, the classes in column {} are: {}",
                  table.classes.size(), table.target, words));
}

}  // namespace

Data InstanceOptions::make_data() const {
  const DataSpec spec = data_spec();
  Data data;
  if (!csv.empty()) {
    CsvTable table = read_csv_table(csv, {spec.k, target});
    if (!table.classes.empty()) to_stderr("{}\n", classes_line(table));
    data = std::move(table.data);
  } else if (!npy.empty()) {
    data = read_npy_data(npy.at(0), npy.at(1));
  } else if (!data_folder.empty()) {
    const ImageSet images = read_image_folder(data_folder);
    std::tie(data.X, data.y) = spec.k == 1 ? two_class_problem(images, spec.n, 0, 1)
                                           : one_hot_problem(images, spec.n, spec.k);
  } else {
    data = alignproof::make_data(spec);
  }
  return data;
}

Instance InstanceOptions::make() const {
  return make_instance(make_data(), network_spec());
}

LinearNetwork InstanceOptions::make_linear() const {
  return sample_linear_network(make_data(), network_spec());
}

}  // namespace alignproof::cli
