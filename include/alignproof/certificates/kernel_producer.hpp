// SPDX-License-Identifier: Apache-2.0
// Proposes kernel certificates: alignproof-check decides.
#pragma once

#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

namespace alignproof::inline certificates {

/// Bounds of gamma as doubles, with room for the checker's own enclosure. Throws InputError where
/// no double bounds gamma from above.
KernelCertificate propose_kernel_certificate(Activation activation, const Array& X,
                                             const EnclosedKernel& kernel);

}  // namespace alignproof::inline certificates
