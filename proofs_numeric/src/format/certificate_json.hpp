// SPDX-License-Identifier: Apache-2.0
// What the files of a certificate say: certificate.json exactly, claim.json for people,
// provenance.json which files they were.
#pragma once

#include <string>
#include <vector>

#include "certificate_parts.hpp"
#include "folder.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format::detail {

/// The words of T2 and T3. Earlier programs promised less than is checked now; their folders are
/// still read.
enum class Wording { now, earlier };

std::string statement_in_words(const RunCertificate& c, Wording wording);

/// `files` holds the arrays, whose hashes stand in it.
Json certificate_json(const RunCertificate& c, const Sizes& sizes,
                      const std::vector<NamedArray>& arrays, const FileBytes& files);
Json claim_json(const RunCertificate& c, const Sizes& sizes);
Json provenance_json(const RunCertificate& certificate, const FileBytes& files);

}  // namespace alignproof::inline format::detail
