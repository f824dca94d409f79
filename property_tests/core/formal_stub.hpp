// SPDX-License-Identifier: Apache-2.0
// A shell script in the place of alignproof-check-formal.
#pragma once

#include <filesystem>
#include <string>

#include <alignproof/core/provenance.hpp>
#include <alignproof/format/files.hpp>

namespace alignproof::test {

/// What the script does about a certificate folder, which is $2.
namespace stub {

inline const std::string accepts =
    "printf \"object: o\\nread: certificate.json with SHA-256 %s\\nchecked: by the checker that "
    "Coq's "
    "extraction wrote, from X\\nimplies: proved: by Theorem A\\ntrusted: t\\n\" \"$(sha256sum "
    "\"$2/certificate.json\" | cut -d' ' -f1)\"";
inline const std::string cannot_decide = "echo 'undecided: left open: (A.10)'; exit 3";
inline const std::string calls_malformed = "echo 'alignproof-check-formal: X' >&2; exit 2";
inline const std::string breaks = "echo 'alignproof-check-formal: internal error' >&2; exit 4";
inline const std::string crashes = "kill -SEGV $$";

}  // namespace stub

inline std::filesystem::path write_stub(const std::filesystem::path& file, const std::string& act,
                                        const std::string& said_version = version()) {
  write_file(file, "#!/bin/sh\n[ \"$1\" = --version ] && { echo '" + said_version +
                       "'; exit 0; }\n" + act + "\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

}  // namespace alignproof::test
