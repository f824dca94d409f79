// SPDX-License-Identifier: Apache-2.0
// Prints a hash of everything that promises its bits: random numbers, instances, portable runs. No
// Boost, no Eigen; built many times by the script of the same name.
#include <alignproof/dynamics/portable.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/random/wishart.hpp>

#include <bit>
#include <cstdint>
#include <string>

#include <fmt/format.h>

using namespace alignproof;

namespace {

void print_normals() {
  std::string bytes;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto bits = std::bit_cast<std::uint64_t>(standard_normal(i % 3, Stream::W, i / 100, i));
    for (int k = 0; k < 8; ++k) bytes.push_back(static_cast<char>(bits >> (8 * k)));
  }
  fmt::print("normals {}\n", sha256(bytes));
}

void print_wishart() {
  std::string bytes;
  for (std::uint64_t p : {std::uint64_t{1}, std::uint64_t{5}, std::uint64_t{20}, std::uint64_t{300},
                          std::uint64_t{1000000000000}, std::uint64_t{1000000000000000}})
    for (std::uint64_t seed : {1, 2, 3})
      for (double value : bartlett_factor(20, p, seed).values) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        for (int k = 0; k < 8; ++k) bytes.push_back(static_cast<char>(bits >> (8 * k)));
      }
  fmt::print("wishart {}\n", sha256(bytes));
}

/// The network teacher only with activations that need no libm.
void print_data(Inputs inputs) {
  std::string hashes;
  for (Targets targets : {Targets::linear, Targets::network, Targets::zero, Targets::classes})
    for (Feedback feedback : {Feedback::independent, Feedback::orthogonal}) {
      const Activation psi = targets == Targets::linear ? Activation::identity : Activation::relu;
      DataSpec data{inputs, targets, 5, 9, 1, psi, 20, 3};
      data.input_scale = 0.3;
      data.target_scale = 7;
      NetworkSpec network{17, psi, 0.2, {}, 1, 2};
      network.feedback = feedback;
      network.initial_scale = 1.7;
      network.zero_error = targets == Targets::zero;
      hashes += hash(make_instance(make_data(data), network));
    }
  fmt::print("{} data {}\n", to_string(inputs), sha256(hashes));
}

void print_runs(const Activation& psi) {
  std::string instances, runs;
  for (std::uint64_t seed : {1, 2, 3}) {
    DataSpec data{Inputs::sphere, Targets::linear, 4, 7, seed, psi};
    data.k = seed;
    NetworkSpec network{13, psi, 0.3, {}, 8, seed};
    if (seed == 2) network.penalty = {0.7, 5, Decay::geometric, 0.9};
    if (seed == 3) network.penalty = {0.7, Penalty::never, Decay::inverse_square, 3.3};
    const Instance instance = make_instance(make_data(data), network);
    instances += hash(instance);
    for (Rule rule : {Rule::fa, Rule::bp}) runs += portable_run(instance, rule).hash;
  }
  fmt::print("{} instances {}\n{} runs {}\n", to_string(psi), sha256(instances), to_string(psi),
             sha256(runs));
}

/// Where b moves, its bits are in the hash.
void print_rules() {
  std::string runs;
  for (const char* rule : {"shallow", "sign-symmetric", "kolen-pollack"})
    for (std::uint64_t seed : {1, 2, 3}) {
      DataSpec data{Inputs::sphere, Targets::linear, 4, 7, seed, Activation::tanh};
      data.k = seed;
      NetworkSpec network{13, Activation::tanh, 0.3, {0.7, 5}, 8, seed};
      runs += portable_run(make_instance(make_data(data), network), learning_rule_from(rule)).hash;
    }
  fmt::print("rules {}\n", sha256(runs));
}

}  // namespace

int main() {
  print_normals();
  print_wishart();
  for (Inputs inputs : {Inputs::gaussian, Inputs::sphere, Inputs::isometric, Inputs::repeated,
                        Inputs::nearly_parallel})
    print_data(inputs);
  for (const Activation& psi : all_activations) print_runs(psi);
  print_rules();
}
