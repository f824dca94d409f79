// SPDX-License-Identifier: Apache-2.0
// MPFR's own handle of an Mpfr, for loops that must not allocate. Private to the library.
#pragma once

#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline scalar {

inline mpfr_ptr raw(Mpfr& x) {
  return x.backend().data();
}
inline mpfr_srcptr raw(const Mpfr& x) {
  return x.backend().data();
}

}  // namespace alignproof::inline scalar
