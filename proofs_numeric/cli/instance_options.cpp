// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "cli.hpp"
#include "command_line.hpp"

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
        errno = 0;
        const double value = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0')
          return fmt::format("'{}' is not accepted: give a number", text);
        if (errno == ERANGE && (value == 0 || std::isinf(value)))
          return fmt::format(
              "'{}' is not accepted: give 0, or a number of size 4.9e-324 to 1.79e308", text);
        return std::string();
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

void InstanceOptions::add_to(CLI::App& command) {
  add_data_to(command);
  const auto count = [&](const char* name, long long& value, const char* words) {
    return add_count(command, name, value, words);
  };
  const auto number = [&](const char* name, double& value, const char* words) {
    return add_number(command, name, value, words);
  };
  count("--width", width, "hidden units p");
  add_name(command, "--activation", activation, accepted_activations());
  add_name(command, "--feedback", feedback, "independent, parallel or orthogonal",
           "b beside beta(0): ");
  number("--initial-scale", initial_scale, "multiplies W(0), beta(0) and b");
  command.add_flag("--zero-error", zero_error, "y = f(0), so that e(0) = 0");
  number("--eta", eta, "step size");
  number("--lambda", lambda, "penalty on beta");
  add_name(command, "--decay", decay, "constant, geometric or inverse-square", "of the penalty: ");
  number("--decay-scale", decay_scale, "ratio of geometric, time of inverse-square");
  command.add_option("--cut", cut, "first step without the penalty (default: never)")
      ->check(whole_number());
  count("--steps", steps, "steps T");
  count("--seed", seed, "seed of W, beta and b");
}

void InstanceOptions::require_heeded_instance() const {
  require_heeded_data();
  for (const char* option : {"--cut", "--decay", "--decay-scale"})
    require_heeded(*command_, option, lambda != 0, "it with --lambda");
  require_heeded(*command_, "--decay-scale", falls(decay_from(decay)),
                 "it with --decay geometric or inverse-square");
}

NetworkSpec InstanceOptions::network_spec() const {
  NetworkSpec spec;
  spec.p = at_least("width", width, 1), spec.activation = activation_from(activation);
  spec.eta = eta;
  spec.penalty = {lambda, cut ? at_least("cut", *cut, 0) : Penalty::never, decay_from(decay),
                  decay_scale};
  spec.steps = at_least("steps", steps, 0), spec.seed = at_least("seed", seed, 0);
  spec.feedback = feedback_from(feedback), spec.initial_scale = initial_scale;
  spec.zero_error = zero_error;
  return spec;
}

Instance InstanceOptions::make() const {
  return make_instance(make_data(), network_spec());
}

LinearNetwork InstanceOptions::make_linear() const {
  return sample_linear_network(make_data(), network_spec());
}

}  // namespace alignproof::cli
