// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"
#include "limit_kernel.hpp"

namespace alignproof::check {

namespace {

/// |x||x'| (sin th + (pi - th) cos th) / (2 pi)
Ball relu_kernel(const Ball& Kii, const Ball& Kij, const Ball& Kjj) {
  const Ball scale = sqrt(Kii * Kjj);
  if (!arb_is_positive(scale.get()))  // a zero row, or too little is known of it
    return arb_is_zero(scale.get()) ? Ball(0.0) : unknown();
  // The derivative in the cosine is pi - theta, between 0 and pi.
  const Ball ratio = Kij / scale, cosine = clamp(midpoint(ratio)), theta = acos(cosine);
  const Ball value = sqrt(1 - square(cosine)) + (pi() - theta) * cosine;
  return scale * widened(value, pi() * radius(ratio)) / (2 * pi());
}

/// psi(x) = max(0, x)
struct Relu {
  static constexpr const char* name = "relu";
  static constexpr bool frozen_signs = true;
  static constexpr bool linear = false, odd = false, zero_at_zero = true;
  static constexpr double work = 64;

  static Activated activate(const Ball& a) {
    return arb_is_positive(a.get()) ? Activated{a, 1} : Activated{0, 0};
  }
  static constexpr NoSeries series{"psi' jumps at 0"};
  static constexpr NoBound L0{"it is not bounded"};
  static Ball L1() { return 1; }
  static Ball L2() { return 0; }
  static constexpr NoBound L3{"psi' jumps at 0"};
  static Kernel kernel() {
    return +[](const BallMatrix& K, const Effort&) { return closed_form(K, relu_kernel); };
  }
};

}  // namespace

ActivationRow row_relu() {
  return make_row<Relu>();
}

}  // namespace alignproof::check
