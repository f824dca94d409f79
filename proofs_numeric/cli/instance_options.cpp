// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <regex>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/idx.hpp>

#include "cli.hpp"

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

void InstanceOptions::add_to(CLI::App& command) {
  command.add_option("--inputs", inputs, "gaussian, sphere or isometric")->capture_default_str();
  command.add_option("--targets", targets, "linear or network: the teacher")->capture_default_str();
  command.add_option("--data", data_folder, "folder of IDX images instead (classes 0 and 1)")
      ->excludes("--inputs")
      ->excludes("--targets");
  command.add_option("--n", n, "samples")->capture_default_str()->check(whole_number());
  command.add_option("--d", d, "input dimension")->capture_default_str()->check(whole_number());
  command.add_option("--data-seed", data_seed, "seed of X and y")
      ->capture_default_str()
      ->check(whole_number());
  command.add_option("--width", width, "hidden units p")
      ->capture_default_str()
      ->check(whole_number());
  command.add_option("--activation", activation, "identity, tanh or relu")->capture_default_str();
  command.add_option("--eta", eta, "step size")->capture_default_str()->check(decimal_number());
  command.add_option("--lambda", lambda, "penalty on beta")
      ->capture_default_str()
      ->check(decimal_number());
  command.add_option("--cut", cut, "first step without the penalty (default: never)")
      ->check(whole_number());
  command.add_option("--steps", steps, "steps T")->capture_default_str()->check(whole_number());
  command.add_option("--seed", seed, "seed of W, beta and b")
      ->capture_default_str()
      ->check(whole_number());
}

namespace {

std::size_t at_least(const char* name, long long value, long long least) {
  if (value < least)
    throw InputError(name, fmt::format("{}", value), fmt::format("a whole number >= {}", least));
  return static_cast<std::size_t>(value);
}

}  // namespace

Instance InstanceOptions::make() const {
  Data data;
  if (!data_folder.empty()) {
    std::tie(data.X, data.y) =
        two_class_problem(read_image_folder(data_folder), at_least("n", n, 1), 0, 1);
  } else {
    DataSpec spec{inputs_from(inputs),
                  targets_from(targets),
                  at_least("n", n, 1),
                  at_least("d", d, 1),
                  at_least("data-seed", data_seed, 0),
                  activation_from(activation)};
    data = make_data(spec);
  }
  Penalty penalty{lambda, cut ? at_least("cut", *cut, 0) : Penalty::never};
  return make_instance(data, {at_least("p", width, 1), activation_from(activation), eta, penalty,
                              at_least("steps", steps, 0), at_least("seed", seed, 0)});
}

}  // namespace alignproof::cli
