// SPDX-License-Identifier: Apache-2.0
// Certificates from a checkpoint: the numbers on which a proof by Theorem A rests.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/instance.hpp>

namespace alignproof {

/// The object of the statement: the kernel form of feedback alignment with lambda = 0, one output,
/// started at the state (A, beta). Arrays are exact; K = X X^T and 1/sqrt(p) are derived from them.
struct Checkpoint {
  Activation activation = Activation::tanh;
  double eta = 0;
  Array X;     ///< n x d
  Array y;     ///< n
  Array b;     ///< p
  Array A;     ///< p x n, the pre-activations
  Array beta;  ///< p
};

/// Bounds that the checker proves to be bounds (it never trusts them), in the notation of
/// reports/docs/theorem_a.md. Each is a double and stands for itself.
struct SpectralWitness {
  double M_min = 0;   ///< M - M_min I is positive definite
  double M_max = 0;   ///< M_max I - M is positive definite
  double G_max = 0;   ///< G_max I - G is positive definite
  double K_norm = 0;  ///< K_norm I - K is positive definite
};

/// What is claimed for all t >= 0 counted from the checkpoint.
struct Statement {
  double alpha = 0;              ///< |e(t)| <= (1 - eta alpha)^t |e(0)|
  double error = 0;              ///< upper bound of |e(0)|
  double beta_displacement = 0;  ///< |beta(t) - beta(0)| <= this
  double A_displacement = 0;     ///< |A(t) - A(0)|_F <= this
  double cos_min = 0;            ///< cos_min <= cos(b, beta(t)) <= cos_max
  double cos_max = 0;
};

struct Certificate {
  static constexpr int version = 1;

  Checkpoint checkpoint;
  SpectralWitness witness;
  Statement statement;
  /// Free text about where the checkpoint comes from; never part of the proof.
  std::vector<std::pair<std::string, std::string>> origin;
};

/// Writes claim.json, certificate.json, provenance.json and one .npy file an array.
void write_certificate(const std::filesystem::path& folder, const Certificate& certificate);

/// Reads and verifies hashes, shapes, types; an unknown or missing field, file or version is an
/// InputError that names it.
Certificate read_certificate(const std::filesystem::path& folder);

}  // namespace alignproof
