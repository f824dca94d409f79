// SPDX-License-Identifier: Apache-2.0
#include "shared_options.hpp"

#include <cmath>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/statistics/tests.hpp>

#include "cli.hpp"
#include "command_line.hpp"

namespace alignproof::cli {

CLI::Option* add_out_folder(CLI::App& command, std::string& folder, const char* words) {
  CLI::Option* option = command.add_option("--out", folder, words)->check(folder_given());
  return folder.empty() ? option : option->capture_default_str();
}

CLI::Option* add_scale(CLI::App& command, std::string& scale, const std::string& of) {
  return command.add_option("--scale", scale, of + "smoke, small or full")
      ->capture_default_str()
      ->check(one_of({"smoke", "small", "full"}));
}

CLI::Option* add_sweep_seeds(CLI::App& command, std::optional<long long>& seeds,
                             const char* words) {
  return command.add_option("--seeds", seeds, words)->check(whole_number());
}

CLI::Option* add_format(CLI::App& command, std::string& format,
                        const std::vector<std::string>& names, const char* words) {
  return command.add_option("--format", format, words)->capture_default_str()->check(one_of(names));
}

void require_seeds(long long seeds, double level, const char* why) {
  const auto least = static_cast<long long>(least_tuples(level));
  if (seeds < least || seeds > 100000)
    throw InputError("seeds", fmt::format("{}", seeds), fmt::format("{} to 100000{}", least, why));
}

void require_positive(const char* name, double value) {
  if (!(value > 0) || !std::isfinite(value))
    throw InputError(name, fmt::format("{}", value), "a number > 0");
}

void require_not_negative(const char* name, double value) {
  if (!(value >= 0) || !std::isfinite(value))
    throw InputError(name, fmt::format("{}", value), "a number >= 0");
}

}  // namespace alignproof::cli
