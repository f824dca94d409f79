// SPDX-License-Identifier: Apache-2.0
// What law8 looks at.
#pragma once

#include <vector>

#include <alignproof/claims/study.hpp>
#include <alignproof/mean_field/isometric.hpp>

#include "claims/laws/checks.hpp"

namespace alignproof::inline claims {

/// Courses of tanh that refuse what is false: the smallest distances are those of the evaluator.
struct IsometricCourses {
  FieldPoint unequal;             ///< targets of different sizes
  std::vector<FieldPoint> equal;  ///< to long after the maximum of the cosine
};

/// Where every later cosine of the course is below an earlier one by more than both errors.
bool falls(const std::vector<FieldPoint>& course);

}  // namespace alignproof::inline claims
