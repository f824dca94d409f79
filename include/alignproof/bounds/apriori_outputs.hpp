// SPDX-License-Identifier: Apache-2.0
// Theorem P for k outputs, feedback alignment: the good event. How far the kernel moves on it is
// in apriori.hpp, for any k. Statement and proof: reports/docs/apriori_outputs.md.
#pragma once

#include <alignproof/bounds/apriori.hpp>

namespace alignproof::inline bounds {

/// Of a p x k matrix b of standard Gaussians with rows b_r.
template <class Real>
struct OutputMoments {
  Real s2;   ///< |b| / sqrt p; line b2
  Real s4;   ///< largest sqrt(mean (b_r.u)^4) over |u| = 1; line b4
  Real row;  ///< max_r |b_r|; line row
};

/// k = 1: s2, s4 and row are those of one output.
template <class Real>
OutputMoments<Real> output_moments(double k, const Real& p, const Shares& shares) {
  using F = Analysis<Real>;
  const Real root_k = F::sqrt(Real(k)), root_p = F::sqrt(p), p4 = fourth_root(p), one(1);
  const Real norm = F::lesser(root_k, one + root_k / root_p);
  const Real norm4 = F::lesser(fourth_root(Real(k * (k + 2))), fourth_root(Real(3)) + root_k / p4);
  const Real root_s4 = norm4 + gaussian_tail<Real>(shares[Line::b4]) / p4;
  return {norm + gaussian_tail<Real>(shares[Line::b2]) / root_p, root_s4 * root_s4,
          largest_row(k, p, shares[Line::row])};
}

/// Largest sqrt(mean (beta_r.u)^2 (b_r.v)^2) over |u| = |v| = 1, b and beta independent; lines Q
/// (beta given b) and Q3 (b); row >= max_r |b_r|.
template <class Real>
Real joint_moment(double k, const Real& p, const Shares& shares, const Real& row) {
  using F = Analysis<Real>;
  const Real root_k = F::sqrt(Real(k)), root_p = F::sqrt(p);
  const Real mean_row = root_k + gaussian_tail(p, 1);  // of max_r |b_r|
  const Real chevet = Real(1) + root_k * (mean_row + gaussian_tail(Real(Real(2) * p), 1)) / root_p;
  return F::lesser(Real(k), chevet) + (mean_row * gaussian_tail<Real>(shares[Line::Q3]) +
                                       row * gaussian_tail<Real>(shares[Line::Q])) /
                                          root_p;
}

/// The rest of the good event, k outputs, feedback alignment. m3 and s6 are not used. p >= 3: from
/// there on every bound falls with p.
template <class Real>
GoodStart<Real> outputs_good_start(const AprioriData<Real>& data, const Real& p,
                                   const Shares& shares, const GramBounds<Real>& gram) {
  const OutputMoments<Real> b = output_moments(data.k, p, shares);
  GoodStart<Real> s{gram, b.s2, {}, {}, {}, {}, {}, {}, {}};
  if (!data.linear) {
    const Real joint = joint_moment(data.k, p, shares, b.row);
    s.s4 = b.s4;
    s.Q = joint * b.s2;
    s.Q3 = joint * b.s4;
  }
  s.h0 = initial_H(data, p, shares, s.s2);
  s.E = initial_error(data, shares, gram);
  return s;
}

}  // namespace alignproof::inline bounds
