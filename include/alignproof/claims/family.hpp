// SPDX-License-Identifier: Apache-2.0
// Families of a row: the same statement on several seeds. A family is proved if alignproof-check
// proves it on every seed (certificates/family.hpp).
#pragma once

#include <string>

#include <alignproof/claims/certificates.hpp>

namespace alignproof::inline claims {

struct FamilyCase {
  /// Unique in a study; also the name of the folder inside Settings::certificates.
  std::string id;
  Data data;
  NetworkSpec network;  ///< its seed is replaced by those of the study
  Search search;
  std::size_t seeds = 1;
};

/// Makes and decides the family once, in one piece of work. The name of the record says on how many
/// of the seeds it is proved; its numbers are the common bounds. Removes what an earlier run left
/// in the folder; throws InputError if anything else is there.
Handle<CertificateRecord> want_family(Study& study, const FamilyCase& c);

}  // namespace alignproof::inline claims
