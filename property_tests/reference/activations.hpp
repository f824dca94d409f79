// SPDX-License-Identifier: Apache-2.0
// What the files of reference/activations are made of, each the truth about one activation:
// formulas of its own, none of them taken from the library's table or the checker's.
#pragma once

#include <cmath>
#include <concepts>
#include <string_view>

#include <acb.h>
#include <acb_hypgeom.h>

#include <alignproof/format/instance.hpp>
#include <alignproof/scalar/elementary.hpp>

namespace alignproof::reference {

/// Beyond it e^a and its reciprocal settle every textbook formula to far more digits than are used.
inline constexpr double far = 2000;

template <class...>
struct Types {};

/// psi(widest z) is analytic for |Im z| < pole / widest, and there at most of size
/// e^(growth strip^2).
struct Strip {
  double pole, growth;
};
inline constexpr double entire = 1e9;

}  // namespace alignproof::reference
