// SPDX-License-Identifier: Apache-2.0
// Activations as balls, the constants of them that the theorems use, and their limit kernels: one
// file each in check/activations, and no table of the library's.
#pragma once

#include <variant>

#include <alignproof/format/instance.hpp>

#include "antiperiodic.hpp"
#include "ball.hpp"
#include "matrix.hpp"
#include "taylor_series.hpp"

namespace alignproof::check {

/// psi(a) and psi'(a). For relu psi'(0) = 0 stands for no derivative: whoever uses it proves that a
/// is not 0.
struct Activated {
  Ball psi, dpsi;
};

/// A bound, or why there is none.
struct NoBound {
  const char* reason;
};
using Bound = std::variant<Ball, NoBound>;

/// |psi'| <= L1, and psi' is L2-Lipschitz; for relu on a region where no sign changes. Derivation:
/// reports/docs/activations.md.
struct ActivationBounds {
  Ball L1, L2;
  bool frozen_signs;  ///< relu: the region must be shown to hold no change of sign
};

/// What of an activation makes gamma = 0, of which X.
struct Symmetry {
  bool linear;        ///< psi(x) = x, so Gbar = K
  bool odd;           ///< psi(-x) = -psi(x)
  bool zero_at_zero;  ///< psi(0) = 0
};

/// Gbar from K, enclosed; or why there is none.
using KernelOf = BallMatrix (*)(const BallMatrix& K, const Effort& effort);
struct NoKernel {
  const char* reason;
};
using Kernel = std::variant<KernelOf, NoKernel>;

/// The Taylor series of psi at x, of whose coefficients as many are right as x has; or why psi is
/// evaluated number by number.
using SeriesOf = TaylorSeries (*)(const TaylorSeries& x);
struct NoSeries {
  const char* reason;
};
using SeriesPart = std::variant<SeriesOf, NoSeries>;

struct ActivationRow {
  Activation name;
  Activated (*activate)(const Ball& a);
  SeriesPart series;
  ActivationBounds (*bounds)();
  Bound (*L0)();  ///< |psi| <= L0
  Bound (*L3)();  ///< psi'' is L3-Lipschitz
  Symmetry symmetry;
  double work;  ///< of psi and psi' of a number, in multiplications
  Kernel kernel;
};

/// Throws InputError, listing what is accepted, on an activation that the checker does not know.
const ActivationRow& row_of(const Activation& activation);

/// The part of a row that its values at some points refute; null where none does. No proof: it
/// finds what was mistaken.
const char* fault_of(const ActivationRow& row);

/// Throws InputError as row_of does, and std::logic_error where the parts of the row contradict one
/// another at some points: a wrong row then ends in no verdict.
void require_accepted(const Activation& activation);

/// Throws InputError, with the reason, on an activation whose limit kernel is not enclosed here.
void require_kernel(const Activation& activation);

Activated activate(const Activation& activation, const Ball& a);
/// psi and psi' of all entries of A, into matrices of its shape: at few bits of precision by a
/// table of Taylor polynomials.
void activate(const Activation& activation, const BallMatrix& A, BallMatrix& Psi, BallMatrix& D);
ActivationBounds activation_bounds(const Activation& activation);

}  // namespace alignproof::check
