// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/batch.hpp>

#include <tuple>

#include <fmt/format.h>

#include <alignproof/core/program_name.hpp>
#include <alignproof/format/files.hpp>

namespace alignproof::inline claims {

namespace {

/// All of a network but its seed. The binding names every field: a new one does not compile.
auto without_seed(const NetworkSpec& network) {
  const auto& [p, activation, eta, penalty, steps, seed, feedback, initial_scale, zero_error] =
      network;
  return std::tie(p, activation, eta, penalty, steps, feedback, initial_scale, zero_error);
}

}  // namespace

bool same_runs(const Batch& a, const Batch& b) {
  return a.first_seed == b.first_seed && a.rule == b.rule && a.step == b.step &&
         without_seed(a.network) == without_seed(b.network) && a.data.X == b.data.X &&
         a.data.y == b.data.y && a.data.options == b.data.options && a.data.name == b.data.name;
}

std::string name_of(const Batch& batch) {
  const Penalty& penalty = batch.network.penalty;
  std::string name = fmt::format("{}, p={}", batch.data.name, batch.network.p);
  if (penalty.lambda > 0 && falls(penalty.decay))
    name += fmt::format(", {} penalty", to_string(penalty.decay));
  return name;
}

std::string replay_line(const Batch& batch, std::uint64_t seed) {
  NetworkSpec network = batch.network;
  network.seed = seed;
  return fmt::format(
      "{} simulate {} {}{}", shell_word(program_name()), batch.data.options, options_of(network),
      is_feedback_alignment(batch.rule) ? "" : fmt::format(" --rule {}", to_string(batch.rule)));
}

}  // namespace alignproof::inline claims
