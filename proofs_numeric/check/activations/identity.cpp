// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"

namespace alignproof::check {

namespace {

/// psi(x) = x
struct Identity {
  static constexpr const char* name = "identity";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = true, odd = true, zero_at_zero = true;
  static constexpr double work = 64;

  static Activated activate(const Ball& a) { return {a, 1}; }
  static constexpr NoSeries series{"psi is the number itself"};
  static constexpr NoBound L0{"it is not bounded"};
  static Ball L1() { return 1; }
  static Ball L2() { return 0; }
  static Ball L3() { return 0; }
  static Kernel kernel() {
    return +[](const BallMatrix& K, const Effort&) { return K; };
  }
};

}  // namespace

ActivationRow row_identity() {
  return make_row<Identity>();
}

}  // namespace alignproof::check
