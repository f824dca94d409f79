// SPDX-License-Identifier: Apache-2.0
// Families of certificates: the same statement about the networks of many seeds, in one folder
// (reports/docs/families.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/family_certificate.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline certificates {

/// What is to be certified, of each of the seeds first, first + 1, ...
struct FamilyRequest {
  Data data;
  NetworkSpec network;  ///< its seed is replaced
  Search search;        ///< from the initialisation: T1 and T2 without a penalty, T3 with one
  std::uint64_t first = 1;
  std::size_t count = 0;
};

/// What is settled before the first run. Throws InputError unless the entries of W(0), beta(0) and
/// b are the standard normals of the seed and y is the same for all.
FamilyDeclaration declaration_of(const FamilyRequest& request);

/// Who decides about the certificate in a member's folder, from several threads at once.
struct MemberCheck {
  std::function<Verdict(const std::filesystem::path& folder)> ask;
  bool decides = true;  ///< else nobody is asked, and what is not proved is not tried again
};

/// What came of it beside the folder itself.
struct FamilyOutcome {
  FamilyCertificate family;
  std::vector<Verdict> verdicts;    ///< of the seeds in their order
  std::size_t kept = 0;             ///< certificates of an earlier run, unchanged: not made again
  std::vector<std::string> spoilt;  ///< one line for each that was found altered and made again
};

/// Makes and checks the members on so many threads, each unit of `progress` one of them. What an
/// interrupted run of the same family has left is taken over where it is unchanged, and checked;
/// family.json says at every time what there is. Same bytes for any number of threads. Throws
/// InputError where the folder holds anything else, and as `declaration_of`.
FamilyOutcome make_family(const FamilyRequest& request, const std::filesystem::path& folder,
                          std::size_t jobs, const MemberCheck& check, Progress& progress);

}  // namespace alignproof::inline certificates
