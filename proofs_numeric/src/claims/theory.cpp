// SPDX-License-Identifier: Apache-2.0
#include "claims/theory.hpp"

#include <fmt/format.h>

namespace alignproof::inline claims {

TheorySizes theory_sizes(const Profile& profile) {
  TheorySizes sizes;
  switch (profile.scale) {
    case Scale::self_test:
      sizes.p = 512, sizes.steps = 40;
      break;
    case Scale::quick:
      break;
    case Scale::standard:
      sizes.p = 4096, sizes.p_start = 16384, sizes.steps = 200;
      sizes.widths = {128, 256, 512, 1024, 2048, 4096, 8192};
      sizes.width_seeds = 300, sizes.width_steps = 150;
      sizes.samples = {2, 4, 8, 16, 32}, sizes.p_samples = 2048, sizes.sample_seeds = 250;
      break;
    case Scale::full:
      sizes.p = 8192, sizes.p_start = 32768, sizes.steps = 300;
      sizes.widths = {128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
      sizes.width_seeds = 400, sizes.width_steps = 150;
      sizes.samples = {2, 4, 8, 16, 32}, sizes.p_samples = 2048, sizes.sample_seeds = 250;
      break;
  }
  return sizes;
}

std::vector<Data> theory_data(Study& study) {
  const std::uint64_t seed = study.settings().seed;
  return {study.data({Inputs::sphere, Targets::linear, 5, 50, seed, Activation::tanh}),
          study.data({Inputs::gaussian, Targets::network, 4, 40, seed, Activation::tanh})};
}

std::vector<Batch> overparameterised(Study& study) {
  const Profile& profile = study.profile();
  const TheorySizes sizes = theory_sizes(profile);
  std::vector<Batch> batches;
  for (const Data& data : theory_data(study)) {
    Batch batch;
    batch.name = "overparameterised: " + data.name;
    batch.data = data;
    batch.network = {sizes.p, Activation::tanh, profile.eta, {}, sizes.steps, 0};
    batch.seeds = profile.seeds;
    batches.push_back(batch);
  }
  return batches;
}

std::vector<Batch> wide_starts(Study& study) {
  std::vector<Batch> batches = overparameterised(study);
  for (Batch& batch : batches) {
    batch.name = "start of " + batch.name;
    batch.network.p = theory_sizes(study.profile()).p_start;
  }
  return batches;
}

std::vector<Batch> across_widths(Study& study) {
  const TheorySizes sizes = theory_sizes(study.profile());
  std::vector<Batch> batches;
  for (std::size_t p : sizes.widths) {
    Batch batch;
    batch.name = fmt::format("width {}", p);
    batch.data = theory_data(study).front();
    batch.network = {p, Activation::tanh, study.profile().eta, {}, sizes.width_steps, 0};
    batch.seeds = sizes.width_seeds;
    // Fresh seeds a width: a wider network begins with the units of a narrower one.
    batch.first_seed = 10000 * (batches.size() + 1);
    batches.push_back(batch);
  }
  return batches;
}

std::vector<Batch> across_samples(Study& study) {
  const TheorySizes sizes = theory_sizes(study.profile());
  std::vector<Batch> batches;
  for (std::size_t n : sizes.samples) {
    Batch batch;
    batch.name = fmt::format("samples {}", n);
    batch.data = study.data(
        {Inputs::sphere, Targets::linear, n, 10 * n, study.settings().seed, Activation::tanh});
    batch.network = {
        sizes.p_samples, Activation::tanh, study.profile().eta, {}, sizes.sample_steps, 0};
    batch.seeds = sizes.sample_seeds;
    batch.first_seed = 200000 + 10000 * batches.size();
    batches.push_back(batch);
  }
  return batches;
}

SettingLine line_of_starts(const Profile& profile) {
  return {"width of T1a and T1b", fmt::format("{}", theory_sizes(profile).p_start)};
}

SettingLine line_of_widths(const Profile& profile) {
  const TheorySizes sizes = theory_sizes(profile);
  return {"widths of T1c, T2 and GK",
          fmt::format("{}, {} seeds each", fmt::join(sizes.widths, ", "), sizes.width_seeds)};
}

SettingLine line_of_samples(const Profile& profile) {
  const TheorySizes sizes = theory_sizes(profile);
  return {"samples of T1c, T2 and GK",
          fmt::format("{} at p = {}, {} seeds each", fmt::join(sizes.samples, ", "),
                      sizes.p_samples, sizes.sample_seeds)};
}

std::string step_of_proof() {
  return "a step of the proof of T1 (" + std::string(paper) +
         "); the shares of $\\gamma$ are a choice of ours that makes it close: $3/4 - 3 \\cdot "
         "1/8$ "
         "leaves $1/4$ for the rate and $1/8$ for the remainder";
}

}  // namespace alignproof::inline claims
