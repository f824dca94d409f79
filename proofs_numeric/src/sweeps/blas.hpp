// SPDX-License-Identifier: Apache-2.0
// OpenBLAS, loaded when a classifier first needs it. Merely linked, it would start its threads and
// take their memory in every command, also in those that multiply nothing.
#pragma once

#include <cblas.h>

#include <string>

namespace alignproof::inline sweeps {

struct Blas {
  decltype(&cblas_sgemm) sgemm = nullptr;
  std::string core;  ///< "Haswell": which of its kernels it uses
};

/// With one thread, and with the kernels of the chosen instructions. Throws InputError where it
/// cannot be loaded.
const Blas& blas();

}  // namespace alignproof::inline sweeps
