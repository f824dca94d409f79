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
    profile.seeds = 400;
    profile.star_samples = {2, 3, 5, 8}, profile.star_seeds = 200;
    profile.star_widths.push_back(1024);
    profile.digits = {50, 100, 300};
    profile.identity_cases = 84;
    profile.exact_cases = 48;
    profile.image_seeds = 40;
    profile.certificates = {.n = 5, .d = 100, .p = 1000, .cut = 400, .steps = 2500, .image_count = 6};
    profile.laws.widths.push_back(100000000);
    profile.laws.tuples = 60, profile.laws.cases = 3000;
  }
  if (name == "standard") return profile;
  if (name == "full") {
    profile.scale = Scale::full;
    profile.seeds = 1000;
    profile.star_seeds = 400, profile.star_samples = {2, 3, 5, 8, 12};
    profile.identity_cases = 420, profile.exact_cases = 160, profile.exact_steps = 5;
    profile.image_seeds = 100, profile.p_image = 8192;
    for (double p : {1e9, 1e10, 1e11, 1e12}) profile.laws.widths.push_back(static_cast<std::size_t>(p));
    return profile;
  }
  throw InputError("profile", fmt::format("'{}'", name), "quick, standard or full");
}

Profile self_test_profile() {
  Profile profile;
  profile.name = "self-test";
  profile.scale = Scale::self_test;
  profile.seeds = 12;
  profile.identity_cases = 14, profile.identity_steps = 8;
  profile.exact_cases = 8, profile.exact_steps = 3;
  profile.certificates.p = 0;
  return profile;
}

}  // namespace alignproof
