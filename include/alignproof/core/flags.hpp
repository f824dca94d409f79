// SPDX-License-Identifier: Apache-2.0
// What a unit must have in common with the library that it is linked with. Options of a processor
// (-march=native), NDEBUG, a later C++ and another compiler are free; these are not.
#pragma once

#include <string>

#include <alignproof/core/no_fast_math.hpp>

namespace alignproof::inline core {

namespace flags {
#if defined(_GLIBCXX_DEBUG)
inline constexpr bool checked_containers = true;
#else
inline constexpr bool checked_containers = false;
#endif
#if defined(_GLIBCXX_USE_CXX11_ABI)
inline constexpr bool cxx11_strings = _GLIBCXX_USE_CXX11_ABI;
#else
inline constexpr bool cxx11_strings = false;
#endif
}  // namespace flags

/// The library defines the one that it was compiled with. Another, whose containers have another
/// layout (-D_GLIBCXX_DEBUG, -D_GLIBCXX_USE_CXX11_ABI=0), is an undefined reference.
template <bool checked_containers, bool cxx11_strings>
int library_with_the_same_containers();
template <>
int library_with_the_same_containers<flags::checked_containers, flags::cxx11_strings>();

/// Refers to it from every unit.
inline const int same_containers =
    library_with_the_same_containers<flags::checked_containers, flags::cxx11_strings>();

}  // namespace alignproof::inline core
