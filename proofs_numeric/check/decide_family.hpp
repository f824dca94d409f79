// SPDX-License-Identifier: Apache-2.0
// The decision about a family: every certificate of it, what all of them must have in common, and
// that each is about the initial data of its seed (reports/docs/families.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/format/family_certificate.hpp>

#include "conditions.hpp"
#include "verify.hpp"

namespace alignproof::check {

/// What is known of one seed.
struct MemberFindings {
  Decision decision = Decision::undecided;
  std::string open{};  ///< where it is not proved: what is left, or fails
  long bits = 0;       ///< precision at which its certificate was decided
  bool cosine_defined = false;
  std::optional<DecayClaim> gamma{};  ///< of a certificate that claims T1
};

struct FamilyFindings {
  Decision decision = Decision::undecided;  ///< the worst of all
  std::vector<MemberFindings> members;

  std::size_t proved() const;
};

/// What the family asks of a member's certificate beyond that it is right: `files` are those of its
/// folder, name -> bytes.
std::vector<Condition> family_conditions(const FamilyCertificate& family, std::size_t member,
                                         const RunCertificate& certificate,
                                         const std::map<std::string, std::string>& files,
                                         long bits);

/// Decides about every member, on so many threads; the findings do not depend on their number.
/// Throws InputError, which names the seed, where a member's folder is malformed or another than
/// the one that family.json lists.
FamilyFindings verify_family(const std::filesystem::path& folder, const FamilyCertificate& family,
                             long first_bits, long last_bits, std::size_t jobs, Progress& progress);

}  // namespace alignproof::check
