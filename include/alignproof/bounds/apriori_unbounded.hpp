// SPDX-License-Identifier: Apache-2.0
// The lines G, tr and Gmax of Theorem P for any psi that is L1-Lipschitz, bounded or not: by
// Poincare's inequality and Gaussian concentration. Proofs: reports/docs/apriori_unbounded.md.
#pragma once

#include <optional>

#include <alignproof/bounds/apriori.hpp>

namespace alignproof::inline bounds {

/// V of (U.1): |E |z|^2 z z^T| <= V for z = Gbar^(-1/2) psi.
template <class Real>
Real whitened_variance(const AprioriData<Real>& data) {
  const Real c = data.psi.L1 * data.psi.L1 * data.kap / data.gamma;
  return Real(data.n) + Real(4) * c * Analysis<Real>::sqrt(Real(data.n));
}

/// (U.2) to (U.4); nothing where the width is too small for a positive lambda_min.
template <class Real>
std::optional<GramBounds<Real>> gram_of_lipschitz(const AprioriData<Real>& data, const Real& p,
                                                  const Shares& shares) {
  using F = Analysis<Real>;
  const Real L1 = data.psi.L1, V = whitened_variance(data);
  const Real eps = F::sqrt(V / p) * gaussian_tail(Real(data.n), shares[Line::G]);
  if (!F::at_least(Real(1), eps)) return std::nullopt;
  const Real root_tr = root_trace(data, p, shares);
  const Real fourth = data.tau0 * data.tau0 + Real(4) * L1 * L1 * data.kap * data.tau0;
  const Real root_g = F::sqrt(data.Gam + F::sqrt(fourth / p)) +
                      L1 * F::sqrt(data.kap / p) * gaussian_tail<Real>(shares[Line::Gmax]);
  return GramBounds<Real>{(Real(1) - eps) * data.gamma, root_tr, F::lesser(root_tr, root_g)};
}

}  // namespace alignproof::inline bounds
