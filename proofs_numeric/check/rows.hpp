// SPDX-License-Identifier: Apache-2.0
// How far each hidden unit moves: |w_r(t) - w_r(0)| and |beta_r(t) - beta_r(0)| of the exact orbit
// (reports/docs/certificates.md, section 3; theorem_b_outputs.md, section 15). Of an Orbit or an
// OutputsOrbit.
#pragma once

#include <optional>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "conditions.hpp"
#include "orbit.hpp"
#include "orbit_outputs.hpp"

namespace alignproof::check {

/// Both displacements, of all p rows.
struct RowDisplacements {
  std::vector<Ball> w, beta;
};

/// W(t) - W(0) = Z(t) X, with Z summed up along the orbit: it holds Z of the computed points, and
/// the radii of the orbit say how far the exact one is from it.
template <class AnyOrbit>
class RowMotion {
 public:
  /// At t = 0.
  explicit RowMotion(const AnyOrbit& orbit);

  /// Adds what the step from the present point does to Z. To be called once for each step, before
  /// the orbit makes it.
  void add_step(const AnyOrbit& orbit);

  RowDisplacements at(const AnyOrbit& orbit) const;

 private:
  BallMatrix Z_;  ///< p x n
  BallMatrix A_start_, beta_start_;
  Ball beta_radius_start_;
};

/// What is added after the present state if the penalty is 0 from there on, S >= eta sum |e| and
/// beta moves by rho at most.
template <class AnyOrbit>
RowDisplacements row_displacements_after(const AnyOrbit& orbit, const Ball& S, const Ball& rho);

/// The claim about rows, at every step of the orbit and beyond.
template <class AnyOrbit>
class RowCheck {
 public:
  explicit RowCheck(const RowClaim& claim) : claim_(claim) {}

  /// At t = 0, 1, ..., each once.
  void observe(std::size_t t, const AnyOrbit& orbit);

  std::vector<const AtEveryStep*> steps() const { return {&w_, &beta_}; }

  /// For all t >= T, the step that was observed last.
  void conclude(std::vector<Condition>& conditions, const AnyOrbit& orbit, const Ball& S,
                const Ball& rho) const;

 private:
  /// The least of what the bounds in a column leave.
  Ball least_slack(std::size_t column, const std::vector<Ball>& moved) const;

  const RowClaim& claim_;
  std::optional<RowMotion<AnyOrbit>> motion_;  ///< from t = 0 on
  RowDisplacements last_;                      ///< at the step that was observed last
  AtEveryStep w_{"rows of rows.npy >= |w_r(t) - w_r(0)|, t <= T"};
  AtEveryStep beta_{"rows of rows.npy >= |beta_r(t) - beta_r(0)|, t <= T"};
};

/// T1's own bounds hold of the claimed ones; gamma <= gamma_max.
void check_published(std::vector<Condition>& conditions, const RowClaim& rows,
                     const DecayClaim& decay, std::size_t n);

}  // namespace alignproof::check
