// SPDX-License-Identifier: Apache-2.0
// Sizes of law7, law9 and law10, declared before the run.
#pragma once

#include <vector>

#include <alignproof/claims/settings.hpp>

namespace alignproof::inline claims {

struct FieldSizes {
  std::vector<std::size_t> widths = {48, 144, 432};
  std::vector<std::size_t> learning_widths = {64, 256, 1024};
  std::vector<std::size_t> bp_widths = {32, 64, 128, 256};  ///< a run takes p steps
  /// One slope a tuple; at each width a tuple has the root mean square of so many gaps.
  std::size_t tuples = 100, runs = 6;
  /// Of the clouds that evaluate the law: nodes in each of at most three directions, where psi is
  /// smooth, else quasi-random particles.
  std::size_t nodes = 32, particles = 1 << 17;
  /// Particles also where psi is steep: with many of them they are nearer to the law than nodes.
  bool particles_where_steep = false;
  std::vector<std::size_t> onset_widths = {2000, 16000};
  bool small_penalty = false;  ///< also lambda = 0.01, whose slow times are long
  /// Each limit of an exponent or of a share errs with at most this probability.
  double level = 1e-10;

  std::size_t seeds() const { return tuples * runs; }  ///< at each width
};

FieldSizes field_sizes(const Profile& profile);

}  // namespace alignproof::inline claims
