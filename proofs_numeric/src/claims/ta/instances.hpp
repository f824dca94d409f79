// SPDX-License-Identifier: Apache-2.0
// The instances of which T1, T2 and T3 are proved for all time.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/certificates.hpp>
#include <alignproof/claims/claim.hpp>

namespace alignproof::inline claims {

/// Those that the row with this id lists: T1, T2 and T3 their own, T1-img those on images, TA all.
/// In the order of their ids.
std::vector<Handle<CertificateRecord>> want_certified_instances(Study& study, std::string_view row);

/// The same for a row that tests as well. The conclusion adds them to it; it comes last, since it
/// speaks of the verdict that stands there.
Conclusion want_certified(Study& study, const std::string& id);

/// The same statement on several seeds: T1 and T2 of a small network of tanh.
std::vector<Handle<CertificateRecord>> want_families(Study& study);

}  // namespace alignproof::inline claims
