// SPDX-License-Identifier: Apache-2.0
// What the compilations of the pass offer: plain data, so that nothing compiled for one processor
// is called on another.
#pragma once

#include <cstddef>

namespace alignproof::inline dynamics {

/// K is packed by groups of four columns: K(i, 4 g + c) at (g n + i) 4 + c, zeros beyond n.
inline constexpr std::size_t columns_of_group = 4;

enum class FusedPsi { identity, relu, tanh, sigmoid };

template <class Real>
struct FusedPass {
  FusedPsi psi;
  bool hidden_learns;
  std::size_t n;
  const Real* K;  ///< packed
  const Real* e;  ///< (eta / sqrt p) e(t)
  Real kept;      ///< 1 - eta lambda(t)
  Real *A, *Psi, *beta;
  const Real* back;  ///< b, or beta itself for backpropagation
  const Real* live;  ///< 1, or 0 for units that only fill the last tile
  /// What psi(a_ri) is multiplied by at t and at t + 1, placed as A; null without dropout.
  const Real *mask, *next_mask;
  Real* scratch;  ///< of this thread: n tiles of one unit row, and 2 n vectors
};

/// One compilation of the pass. Units stand in tiles of three vectors of `vector_bytes`. In a tile,
/// entry (sample i, unit u) of A and Psi is at i * units + u; the last tile is filled up with
/// zeros.
template <class Real>
struct FusedKernel {
  std::size_t vector_bytes;
  /// Tiles first, ..., last - 1 go from t to t + 1; f[i] becomes the sum of psi(a_ri) beta_r over
  /// them, with dropout that of the masked values; f[n + i] is then the sum without it.
  void (*tiles)(const FusedPass<Real>&, std::size_t first, std::size_t last, Real* f);
  void (*values)(FusedPsi, const Real* a, Real* values, std::size_t size);

  std::size_t units_of_tile() const { return 3 * vector_bytes / sizeof(Real); }
};

#define ALIGNPROOF_FUSED(ISA)                 \
  namespace ISA {                             \
  extern const FusedKernel<double> of_double; \
  extern const FusedKernel<float> of_float;   \
  }
ALIGNPROOF_FUSED(fused_avx512)
ALIGNPROOF_FUSED(fused_avx2)
ALIGNPROOF_FUSED(fused_portable)
#undef ALIGNPROOF_FUSED

}  // namespace alignproof::inline dynamics
