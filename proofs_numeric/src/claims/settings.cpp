// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/settings.hpp>

#include <limits>

#include <fmt/format.h>

namespace alignproof::inline claims {

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
  if (name == "smoke") {
    profile = self_test_profile();
    profile.name = name;
    return profile;
  }
  if (name == "standard" || name == "full") {
    profile.scale = Scale::standard;
    profile.seeds = 400;
    profile.image_seeds = 40;
    profile.certificates = {.n = 5,
                            .d = 100,
                            .p = 1000,
                            .cut = 400,
                            .steps = 2500,
                            .image_count = 6,
                            .formal_work = std::numeric_limits<double>::infinity()};
  }
  if (name == "standard") return profile;
  if (name == "full") {
    profile.scale = Scale::full;
    profile.seeds = 1000;
    profile.image_seeds = 100, profile.p_image = 8192;
    return profile;
  }
  throw InputError("profile", fmt::format("'{}'", name), "smoke, quick, standard or full");
}

Profile self_test_profile() {
  Profile profile;
  profile.name = "self-test";
  profile.scale = Scale::self_test;
  profile.seeds = 12;
  profile.certificates.p = 0;
  return profile;
}

}  // namespace alignproof::inline claims
