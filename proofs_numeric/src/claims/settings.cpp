// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/settings.hpp>

#include <fmt/format.h>

namespace alignproof {

Dynamics::Dynamics() : Dynamics(true_step<double>(), true_step<Mpfr>()) {}

Dynamics::Dynamics(KernelStep<double> step_in_double, KernelStep<Mpfr> step_in_mpfr)
    : in_double(std::move(step_in_double)), in_mpfr(std::move(step_in_mpfr)) {}

Profile profile_named(std::string_view name) {
  if (name != "quick") throw InputError("profile", fmt::format("'{}'", name), "quick");
  Profile profile;
  profile.name = name;
  return profile;
}

}  // namespace alignproof
