// SPDX-License-Identifier: Apache-2.0
// What a certificate folder consists of: names of numbers, arrays and files, and what belongs
// together.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "array_files.hpp"
#include "json_tables.hpp"

namespace alignproof::inline format::detail {

inline constexpr std::array<NamedReal<SpectralWitness>, 4> bounds = {
    {{"M_min", &SpectralWitness::M_min},
     {"M_max", &SpectralWitness::M_max},
     {"G_max", &SpectralWitness::G_max},
     {"K_norm", &SpectralWitness::K_norm}}};
inline constexpr std::array<NamedReal<Statement>, 6> claims = {
    {{"alpha", &Statement::alpha},
     {"error", &Statement::error},
     {"beta_displacement", &Statement::beta_displacement},
     {"A_displacement", &Statement::A_displacement},
     {"cos_min", &Statement::cos_min},
     {"cos_max", &Statement::cos_max}}};
inline constexpr std::array<NamedReal<WholeRun>, 2> displacements = {
    {{"beta_displacement", &WholeRun::beta_displacement},
     {"A_displacement", &WholeRun::A_displacement}}};
inline constexpr std::array<NamedReal<DecayClaim>, 2> decay_bounds = {
    {{"gamma_min", &DecayClaim::gamma_min}, {"gamma_max", &DecayClaim::gamma_max}}};
inline constexpr std::array<NamedReal<NoAlignmentClaim>, 1> no_alignment_bounds = {
    {{"kappa", &NoAlignmentClaim::kappa}}};
inline constexpr std::array<NamedReal<PublishedDisplacements>, 2> published_constants = {
    {{"c1", &PublishedDisplacements::c1}, {"c2", &PublishedDisplacements::c2}}};
inline constexpr std::array<NamedReal<LimitClaim>, 1> limit_bounds = {
    {{"distance", &LimitClaim::distance}}};

struct Sizes {
  std::size_t n, d, p, k;
  std::size_t checkpoint;  ///< steps from the start
};

Sizes sizes_of(const RunCertificate& c);

/// The arrays of this certificate, in the order of the file.
std::vector<NamedArray> arrays_of(RunCertificate& c, const Sizes& s);
std::set<std::string> files_of(RunCertificate c);
/// The files that some certificate has.
std::set<std::string> all_files();

// Throw InputError.
void require_sizes(const Sizes& sizes);
void require_checkpoint(const std::string& name, const Leg& leg);
/// A leg closes in another form than the first.
bool is_sharp(const RunCertificate& c);
/// What belongs together: claims of the whole run start at the initialisation, T1 and T2 speak of
/// lambda = 0, T3 of a penalty, and the published displacements need the gamma of T1.
void require_consistent(const RunCertificate& c, const Sizes& sizes);

}  // namespace alignproof::inline format::detail
