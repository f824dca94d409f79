// SPDX-License-Identifier: Apache-2.0
// A row's families: the same statement on several seeds, all of which alignproof-check proves or
// one of which it leaves open (certificates/family.hpp).
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

/// Made and decided once, in one piece of work. The name of the record says on how many of the
/// seeds it is proved, its numbers are those of the common bounds. Removes what an earlier run left
/// in the folder; throws InputError where anything else is there.
Handle<CertificateRecord> want_family(Study& study, const FamilyCase& c);

}  // namespace alignproof::inline claims
