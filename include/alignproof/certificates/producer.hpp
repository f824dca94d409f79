// SPDX-License-Identifier: Apache-2.0
// Finds certificates: runs the dynamics in doubles until Theorem A closes. What it finds is a
// proposal; alignproof-check decides.
#pragma once

#include <optional>
#include <string>

#include <alignproof/dynamics/step.hpp>
#include <alignproof/format/certificate.hpp>

namespace alignproof {

struct Proposal {
  std::optional<Certificate> certificate;
  std::size_t checkpoint = 0;  ///< step at which the theorem closed, or at which the search ended
  double M_min = 0;            ///< smallest eigenvalue of M there, approximate
  std::string
      obstacle;  ///< if nothing closed: which inequality failed, by how much, what would help
};

/// Looks at checkpoints every `stride` steps, from the first t >= first with lambda = 0 from t on,
/// up to the instance's steps, and certifies the first that closes. Rule FA.
Proposal propose_certificate(const Instance& instance, std::size_t first, std::size_t stride,
                             KernelStep<double> advance);

}  // namespace alignproof
