// SPDX-License-Identifier: Apache-2.0
// The search of one run for the state at which Theorem A closes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/parallel.hpp>

#include "certificates/shadow.hpp"

namespace alignproof::inline certificates {

/// What one run shows up to its checkpoint, and every run from within the radius of its start.
/// Entries of the errors are indexed by t.
struct History {
  std::vector<double> error;
  std::vector<double> error_distance;  ///< how far |e(t)| is from it within the radius
  std::vector<double> cosine;          ///< of each step, or of each both ends
  /// What is lost to rounding is below this share of the largest error.
  double rounding = 1e-12;
  bool angles = true;                                ///< b and beta(t) were never 0
  double beta_displacement = 0, A_displacement = 0;  ///< largest so far
  Vector<double> w_rows, beta_rows;  ///< the same of each row of W and beta, if rows are searched
};

struct Found {
  Leg leg;
  double M_min = 0;
  KernelState<double> state;
  History history;  ///< up to the checkpoint
};

struct LegSearch {
  std::optional<Found> found;
  std::size_t checkpoint = 0;
  double M_min = 0;
  std::string obstacle;
  bool rounding = false;  ///< nothing closed, and it is rounding that leaves this open
};

/// The narrowest leg of a run, from the earliest checkpoint on, until one is good enough. With
/// search.digits the run has so many, and makes the step of the library in place of `advance`. Each
/// step is one unit of progress; how many there will be at most is instance.steps + 1.
LegSearch find_leg(const Instance& instance, const Search& search, KernelStep<double> advance,
                   Progress& progress);

}  // namespace alignproof::inline certificates
