// SPDX-License-Identifier: Apache-2.0
#include "claims/t1d/drift.hpp"

#include <alignproof/claims/summary.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline claims {

void DriftProbe::observe(const Moment& now) {
  const Matrix<double> G = gram_G(now.at),
                       H = gram_H(run_.problem, now.at, now.state.b, now.state.beta);
  if (now.t == 0) {
    G0_ = G, H0_ = H;
    return;
  }
  const Matrix<double> dG = G - G0_, dH = H - H0_;
  record_.sup_dG = largest_so_far(record_.sup_dG, symmetric_norm(dG));
  record_.sup_dH = largest_so_far(record_.sup_dH, symmetric_norm(dH));
}

}  // namespace alignproof::inline claims
