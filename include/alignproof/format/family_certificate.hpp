// SPDX-License-Identifier: Apache-2.0
// Families: the same statement about the networks of many seeds, one certificate each, and one file
// that says what was declared and what came of it (reports/docs/families.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/certificate.hpp>

namespace alignproof::inline format {

/// What each member must claim, about which network: settled before the first of them is made.
struct FamilyStatement {
  CertificateKind kind = CertificateKind::from_initialisation;
  Rule rule = Rule::fa;
  Activation activation = Activation::tanh;
  std::size_t n = 0, d = 0, p = 0, k = 0;
  double eta = 0;
  Penalty penalty;
  std::string X_hash, y_hash;    ///< SHA-256 of X.npy and y.npy in each member's folder
  bool decay = false;            ///< T1
  std::optional<double> kappa;   ///< T2 with this kappa, or a smaller one
  std::optional<double> margin;  ///< T3 with this margin, or a larger one

  bool operator==(const FamilyStatement&) const = default;
};

/// The seeds first, first + 1, ..., and how the checkpoints are chosen, in words that are no part
/// of the proof.
struct FamilyDeclaration {
  static constexpr std::size_t most_members = 100'000;
  static constexpr std::uint64_t largest_seed = 1'000'000'000'000'000'000;

  FamilyStatement statement;
  std::uint64_t first = 1;
  std::size_t count = 0;
  std::vector<std::pair<std::string, std::string>> rule_of_checkpoints;

  bool operator==(const FamilyDeclaration&) const = default;
};

/// Numbers that bound those of every member, each from the side on which it says something.
struct FamilyBounds {
  double alpha = 0;   ///< at most each member's
  double radius = 0;  ///< at most each member's
  double beta_displacement =
      0;                      ///< at least each member's, of the whole run or from the checkpoint
  double A_displacement = 0;  ///< likewise
  double cos_min = 0;         ///< at most each member's
  double cos_max = 0;         ///< at least each member's
};

/// Of a member's certificate what the summary repeats.
struct MemberNumbers {
  std::string hash;  ///< SHA-256 of its certificate.json
  std::size_t checkpoint = 0;
  double radius = 0;
  Statement statement;
};

/// What came of one seed.
struct FamilyMember {
  std::optional<MemberNumbers> certificate;  ///< nothing: none was found
  /// What was said of it when it was made, or why there is none; free text, no part of the proof.
  std::string verdict;
};

struct FamilyCertificate {
  static constexpr int version = 1;

  FamilyDeclaration declaration;
  std::vector<FamilyMember> members;  ///< of the seeds first, first + 1, ...: all that are declared
  std::optional<FamilyBounds> bounds;  ///< nothing while there is no certificate

  std::uint64_t seed(std::size_t member) const { return declaration.first + member; }
};

/// What is repeated of a certificate; `hash` is the SHA-256 of its certificate.json.
MemberNumbers member_numbers(const RunCertificate& certificate, const std::string& hash);

/// The closest bounds that hold for all of them: `bounds` widened to hold for one more.
FamilyBounds bounds_with(const std::optional<FamilyBounds>& bounds, const RunCertificate& member);

/// SHA-256 of the .npy file that holds this array in the folder of a certificate.
std::string hash_of_npy(const Array& array);

/// The folder of the member with this seed, within that of the family: "seed-17".
std::string member_folder(std::uint64_t seed);
/// "seed-17", and no other spelling of the number.
bool names_a_member(const std::string& name);

/// Writes family.json, in place of an earlier one; the members' folders stand beside it.
void write_family(const std::filesystem::path& folder, const FamilyCertificate& family);

/// Whether the folder holds a family.json, and so is to be read as a family.
bool holds_family(const std::filesystem::path& folder);

/// The bytes of family.json, read once: what is hashed is what is decided about. Throws InputError
/// on anything in the folder but family.json and folders named as those of members.
std::string read_family_file(const std::filesystem::path& folder);

/// Throws InputError, naming it, on an unknown or missing field, or another version.
FamilyCertificate family_from(const std::string& bytes);

}  // namespace alignproof::inline format
