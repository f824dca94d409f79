// SPDX-License-Identifier: Apache-2.0
#include "claims/p/kernel_course.hpp"

#include <alignproof/claims/summary.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline claims {

void KernelCourseProbe::observe(const Moment& now) {
  const Extremes<double> M =
      extreme_eigenvalues(error_operator(run_.problem, now.at, now.state.b, now.state.beta));
  if (now.t == 0) A0_ = now.state.A, min0_ = M.min, max0_ = M.max;
  const double before = record_.S.empty() ? 0 : record_.S.back();
  record_.S.push_back(before + run_.problem.eta * error_);
  error_ = now.at.e.norm();
  record_.fall.push_back(min0_ - M.min), record_.rise.push_back(M.max - max0_);
  record_.A_moved = largest_so_far(record_.A_moved, (now.state.A - A0_).norm());
}

}  // namespace alignproof::inline claims
