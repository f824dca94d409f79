// SPDX-License-Identifier: Apache-2.0
// What the two compilations of the pass offer: plain data, so that nothing compiled for one
// processor is called on another.
#pragma once

#include <cstddef>

namespace alignproof {

/// Units stand in tiles of three vectors of 32 bytes. In a tile, entry (sample i, unit u) of A and
/// Psi is at i * units + u; the last tile is filled up with zeros.
template <class Real>
inline constexpr std::size_t units_of_tile = 3 * 32 / sizeof(Real);
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

/// Tiles first, ..., last - 1 go from t to t + 1; f[i] becomes the sum of psi(a_ri) beta_r over
/// them, with dropout that of the masked values; f[n + i] is then the sum without it.
template <class Real>
using FusedTiles = void (*)(const FusedPass<Real>&, std::size_t first, std::size_t last, Real* f);
template <class Real>
using FusedValues = void (*)(FusedPsi, const Real* a, Real* values, std::size_t size);

#define ALIGNPROOF_FUSED(ISA)                                                           \
  namespace ISA {                                                                       \
  void tiles(const FusedPass<double>&, std::size_t first, std::size_t last, double* f); \
  void tiles(const FusedPass<float>&, std::size_t first, std::size_t last, float* f);   \
  void values(FusedPsi psi, const double* a, double* values, std::size_t size);         \
  void values(FusedPsi psi, const float* a, float* values, std::size_t size);           \
  }
ALIGNPROOF_FUSED(fused_avx2)
ALIGNPROOF_FUSED(fused_portable)
#undef ALIGNPROOF_FUSED

}  // namespace alignproof
