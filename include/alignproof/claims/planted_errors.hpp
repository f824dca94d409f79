// SPDX-License-Identifier: Apache-2.0
// Dynamics with a planted error. A suite that cannot tell them from the true one checks nothing.
#pragma once

#include <array>
#include <string>

#include <alignproof/claims/settings.hpp>

namespace alignproof::inline claims {

enum class PlantedError {
  no_root_p,
  backpropagation,
  penalty_on_W,
  wrong_sign,
  psi_for_derivative,
  updated_f,
  wrong_pairing,
  stale_beta,
  eta_twice,
  last_sample_dropped
};

inline constexpr std::array all_planted_errors = {
    PlantedError::no_root_p,          PlantedError::backpropagation,    PlantedError::penalty_on_W,
    PlantedError::wrong_sign,         PlantedError::psi_for_derivative, PlantedError::updated_f,
    PlantedError::wrong_pairing,      PlantedError::stale_beta,         PlantedError::eta_twice,
    PlantedError::last_sample_dropped};

/// Prose with $...$.
std::string to_string(PlantedError error);

/// The kernel form written out once more, with the error in it. A copy of the step remembers the
/// run it is used in: every run takes its own. For double, Mpfr and Exact.
template <class Real>
KernelStep<Real> step_with(PlantedError error);

Dynamics dynamics_with(PlantedError error);

/// T3's dynamics with the penalty's sign flipped: beta <- (1 + eta lambda) beta - ...
KernelStep<double> step_with_negative_penalty();

}  // namespace alignproof::inline claims
