// SPDX-License-Identifier: Apache-2.0
// Certificates: what is proved for all time, beside what is tested.
#pragma once

#include <string>

#include <alignproof/claims/claim.hpp>

namespace alignproof {

/// Asks for the suite's certificates. The conclusion lists those that belong to the row `id`: those
/// inside the premises of its theorem are counted and taken into its verdict, the others are named
/// as beyond the theorem. It comes last, since it speaks of the verdict that stands there.
Conclusion want_certified(Study& study, const std::string& id);

}  // namespace alignproof
