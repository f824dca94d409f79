// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/settings.hpp>

#include <fmt/format.h>

namespace alignproof {

Dynamics::Dynamics() : Dynamics(true_step<double>(), true_step<Mpfr>(), true_step<Exact>()) {}

Dynamics::Dynamics(KernelStep<double> step_in_double, KernelStep<Mpfr> step_in_mpfr,
                   KernelStep<Exact> exact_step)
    : in_double(std::move(step_in_double)),
      in_mpfr(std::move(step_in_mpfr)),
      exact(std::move(exact_step)) {}

Profile profile_named(std::string_view name) {
  Profile profile;
  profile.name = name;
  if (name == "quick") return profile;
  if (name == "standard" || name == "full") {
    profile.scale = Scale::standard;
    profile.seeds = 400, profile.bp_seeds = 50;
    profile.p = 4096, profile.p_start = 16384, profile.steps = 200;
    profile.widths = {128, 256, 512, 1024, 2048, 4096, 8192};
    profile.width_seeds = 300, profile.width_steps = 150;
    profile.control_widths = {128, 512, 2048}, profile.control_seeds = 60;
    profile.samples = {2, 4, 8, 16, 32}, profile.p_samples = 2048, profile.sample_seeds = 250;
    profile.order_seeds = 60;
    profile.image_seeds = 40;
    profile.certificates = {.n = 5, .d = 100, .p = 1000, .cut = 400, .steps = 2500, .image_count = 6};
  }
  if (name == "standard") return profile;
  if (name == "full") {
    profile.scale = Scale::full;
    profile.seeds = 1000;
    profile.p = 8192, profile.p_start = 32768, profile.steps = 300;
    profile.widths = {128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
    profile.width_seeds = 400;
    profile.image_seeds = 100, profile.p_image = 8192;
    return profile;
  }
  throw InputError("profile", fmt::format("'{}'", name), "quick, standard or full");
}

Profile self_test_profile() {
  Profile profile;
  profile.name = "self-test";
  profile.scale = Scale::self_test;
  profile.seeds = 12, profile.bp_seeds = 1;
  profile.p = 512, profile.steps = 40;
  // So narrow that no budget is left: T1' then judges nothing, and costs little.
  profile.penalty_tanh = profile.penalty_linear = {32, 1, 30, 60};
  profile.beyond_seeds = 1;
  profile.order_seeds = 30;
  profile.certificates.p = 0;
  return profile;
}

}  // namespace alignproof
