// SPDX-License-Identifier: Apache-2.0
// What the program says, from values that were read and verified; never text of the certificate.
#pragma once

#include <string>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "verify.hpp"

namespace alignproof::check {

/// The five lines object, read, checked, implies, trusted of a proved certificate, or the lines
/// object, read and fails (or undecided). `hash` is the SHA-256 of certificate.json.
std::string report(const RunCertificate& certificate, const std::string& hash,
                   const Findings& findings);

/// The same of a kernel certificate; `hash` is the SHA-256 of kernel.json.
std::string report(const KernelCertificate& certificate, const std::string& hash,
                   const Findings& findings);

/// The same of a law certificate; `hash` is the SHA-256 of law.json.
std::string report(const LawCertificate& certificate, const std::string& hash,
                   const Findings& findings);

/// The same of a width certificate; `hash` is the SHA-256 of width.json.
std::string report(const WidthCertificate& certificate, const std::string& hash,
                   const Findings& findings);

}  // namespace alignproof::check
