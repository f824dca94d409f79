// SPDX-License-Identifier: Apache-2.0
// The instances of which T1, T2 and T3 are proved for all time.
#pragma once

#include <alignproof/claims/certificates.hpp>

namespace alignproof {

/// Those that the row with this id lists: T1, T2 and T3 their own, T1-img those on images, TA all.
/// In the order of their ids.
std::vector<Handle<CertificateRecord>> want_certified_instances(Study& study, std::string_view row);

}  // namespace alignproof
