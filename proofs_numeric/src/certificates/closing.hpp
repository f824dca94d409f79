// SPDX-License-Identifier: Apache-2.0
// Whether Theorem A closes at one state of a run, and the leg that then starts there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <alignproof/bounds/theorem_a.hpp>
#include <alignproof/dynamics/step.hpp>
#include <alignproof/format/certificate.hpp>

#include "certificates/shadow.hpp"

namespace alignproof::inline certificates {

struct Closing {
  double M_min = 0;           ///< smallest eigenvalue of M, approximate
  std::optional<Leg> leg;     ///< nothing: it does not close
  std::string obstacle = {};  ///< then, which inequality fails, by how much, what would help
  bool rounding = false;      ///< then, that it may close with more digits
};

/// Feedback alignment with one output, for every state within these distances of that at step t.
/// `sharper` are its numbers from more digits, where there are some.
Closing close_at(std::size_t t, const Problem<double>& problem, const KernelState<double>& state,
                 const Forward<double>& at, const Distances& around, ClosingForm form,
                 const std::optional<CheckpointNumbers<double>>& sharper = std::nullopt);

/// With k outputs, or by backpropagation.
Closing close_variant_at(std::size_t t, const Problem<double>& problem,
                         const KernelState<double>& state, const Forward<double>& at);

}  // namespace alignproof::inline certificates
