// SPDX-License-Identifier: Apache-2.0
// Eigen, laid out as in the library. How it aligns what it allocates follows the processor that a
// unit is compiled for, unless it is told: with -march=native a unit would free what the library
// has allocated by another rule. Every unit is told the largest alignment of any processor.
#pragma once

#include <cstddef>
#include <type_traits>

#if !defined(EIGEN_MAX_ALIGN_BYTES)
#define EIGEN_MAX_ALIGN_BYTES 64
#endif

#include <Eigen/Core>

#if EIGEN_MAX_ALIGN_BYTES != 64 || EIGEN_DEFAULT_ALIGN_BYTES != 64 || EIGEN_MALLOC_ALREADY_ALIGNED
#error \
    "alignproof needs EIGEN_MAX_ALIGN_BYTES=64 in all units: link alignproof::alignproof, or define it before Eigen is included"
#endif
#if defined(EIGEN_DEFAULT_TO_ROW_MAJOR)
#error "alignproof's matrices are column-major: compile without EIGEN_DEFAULT_TO_ROW_MAJOR"
#endif

namespace alignproof::inline scalar {

static_assert(std::is_same_v<Eigen::Index, std::ptrdiff_t>,
              "alignproof needs Eigen's own EIGEN_DEFAULT_DENSE_INDEX_TYPE");

}  // namespace alignproof::inline scalar
