// SPDX-License-Identifier: Apache-2.0
// A step in kernel form, fast: activation, error and update in one pass over the hidden
// units. The same step as step.hpp in another order of sums; float and double, one output.
// With dropout psi(a_ri) and its derivative count times the mask of the step (random/dropout.hpp).
// Derivation of the pass and of its cost: reports/docs/fused.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <alignproof/dynamics/step.hpp>
#include <alignproof/random/dropout.hpp>

namespace alignproof::inline dynamics {

/// For which processors the pass is compiled. Bits agree within one of them: their vectors have 32,
/// 32 and 64 bytes, and the first has no fused operations.
enum class Instructions { portable, avx2, avx512 };
/// Those that this processor has, the fastest last.
std::vector<Instructions> available_instructions();
/// "portable", "avx2" (or "avx2+fma") or "avx512". Throws InputError on another name and on
/// instructions that this processor lacks.
Instructions instructions_from(std::string_view name);
/// The fastest, or those that were chosen.
Instructions fused_instructions();
/// Chooses for the rest of the program, matrix products of classifiers included; before the first
/// run. Programs on several machines have the same bits when all choose the same.
void choose_instructions(Instructions instructions);
std::optional<Instructions> chosen_instructions();
/// "portable", "avx2+fma", "avx512".
std::string_view to_string(Instructions instructions);

template <class Real>
class FusedRun {
 public:
  /// Starts at `state`. Throws InputError unless the activation is identity, relu, tanh or sigmoid,
  /// the rule has a fast form, there is one output, and the processor has the instructions; and on
  /// a dropout rate outside [0, 1).
  FusedRun(const Problem<Real>& problem, const KernelState<Real>& state, Dropout dropout = {},
           Instructions instructions = fused_instructions());
  ~FusedRun();
  FusedRun(const FusedRun&) = delete;
  FusedRun& operator=(const FusedRun&) = delete;

  /// Does `steps` more, on `threads` threads: the bits do not depend on how many. Stops at
  /// divergence.
  void advance(std::size_t steps, std::size_t threads = 1);

  std::size_t t() const;
  /// First t at which |e(t)| is not finite or above the divergence threshold of run.hpp.
  std::optional<std::size_t> diverged_at() const;
  Matrix<Real> error() const;  ///< e(t), n x 1, of the whole network: without dropout
  Matrix<Real> beta() const;   ///< p x 1
  Matrix<Real> A() const;      ///< p x n

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

extern template class FusedRun<double>;
extern template class FusedRun<float>;

/// The activations of the pass, entry by entry. tanh and sigmoid err by at most
/// `fused_activation_error` unit roundoffs of Real, relatively (sigmoid below e^-700, in float
/// e^-86, stays there). NaN stays NaN. Throws InputError as FusedRun. Derivation:
/// reports/docs/fused.md.
inline constexpr int fused_activation_error = 8;
template <class Real>
void fused_activation(Activation psi, const Real* a, Real* values, std::size_t size,
                      Instructions instructions = fused_instructions());
extern template void fused_activation<double>(Activation, const double*, double*, std::size_t,
                                              Instructions);
extern template void fused_activation<float>(Activation, const float*, float*, std::size_t,
                                             Instructions);

}  // namespace alignproof::inline dynamics
