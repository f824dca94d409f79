// SPDX-License-Identifier: Apache-2.0
// Theorem B put to the test: exact orbits against the radii that the checker's orbit claims, with
// starts pushed to the edge of the ball in the directions that hurt most.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "tamper/truth.hpp"

namespace alignproof::tamper {

using Random = std::mt19937_64;

double uniform(Random& random, double low, double high);
std::size_t whole(Random& random, std::size_t low, std::size_t high);

/// A start, what is done to it, and how the checker follows it.
struct OrbitCase {
  Start start;
  std::vector<double> lambda;  ///< of each step
  double radius = 0;
  truth::Shift shift;  ///< of norms at most `radius`
  long bits = 53;
  bool outputs = false;  ///< followed by the orbit of k outputs and backpropagation
};

/// Small shapes with scales over several decades: one term or another of Theorem B is the largest.
/// One output and feedback alignment, or one to three `outputs` and either rule.
OrbitCase random_orbit_case(Random& random, bool with_radius, bool outputs = false);

/// Shifts of norm `radius`: at random, along b, beta, Psi e, and along beta e^T o psi'(A).
truth::Shift random_shift(Random& random, const Start& start, double radius);

/// The largest of (distance of exact and computed) / radius over all steps, from 300 digits: at
/// most 1 if Theorem B and its code are right. 0 where the radius claims nothing.
struct Ratios {
  double e = 0, beta = 0, A = 0;
  double largest() const;
};

Ratios exact_ratios(const OrbitCase& orbit_case);

/// By how much, relatively, a radius of the checker falls short of the one that the page of Theorem
/// B gives for the same step: a second evaluation with 300 digits, term by term. Above 0 by no more
/// than the rounding of a few bits if the code has all terms.
double page_shortfall(const OrbitCase& orbit_case);

/// What a shortfall may be at 128 bits: roundings of the computed point.
inline constexpr double page_rounding = 1e-25;

/// relu: a unit whose sign changes in the step and whose beta after it is exactly 0.
OrbitCase flip_case();
/// The same with two samples, where the pre-activation of the second goes from nearly 0 to 2, so
/// that |dPsi| is nearly |dA|.
OrbitCase flip_from_near_0_case();

/// Changes start and shift little by little so that the ratios grow; says how, once one exceeds 1.
struct Climb {
  double best = 0;  ///< the largest ratio met
  std::optional<std::string> violation;
};

Climb climb(Random& random, std::size_t restarts, std::size_t changes, bool outputs = false);

}  // namespace alignproof::tamper
