// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/probes/start.hpp>

#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline claims {

void StartProbe::observe(const Moment& now) {
  if (now.t > 0) return;
  const Matrix<double> G0 = gram_G(now.at),
                       H0 = gram_H(run_.problem, now.at, now.state.b, now.state.beta);
  record_.G0_min = extreme_eigenvalues(G0).min;
  record_.G0_error = symmetric_norm(Matrix<double>(G0 - run_.limit.Gbar));
  record_.H0_norm = symmetric_norm(H0);
}

}  // namespace alignproof::inline claims
