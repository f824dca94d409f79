// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/probes/displacement.hpp>

#include <cmath>

#include <alignproof/claims/summary.hpp>

namespace alignproof::inline claims {

void DisplacementProbe::observe(const Moment& now) {
  if (now.t == 0) A0_ = now.state.A, beta0_ = now.state.beta;
  const Matrix<double> moved = now.state.beta - beta0_;
  record_.D = largest_so_far(record_.D, moved.norm());
  record_.beta_displacement =
      largest_so_far(record_.beta_displacement, moved.rowwise().norm().maxCoeff());
  // |w_r(t) - w_r(0)|^2 = z_r K z_r^T, since W(t) = W(0) + Z X; and Z K = A(t) - A(0)
  const Vector<double> squares = (now.state.A - A0_).cwiseProduct(now.state.Z).rowwise().sum();
  record_.w_displacement =
      largest_so_far(record_.w_displacement, std::sqrt(largest_so_far(0, squares.maxCoeff())));
}

}  // namespace alignproof::inline claims
