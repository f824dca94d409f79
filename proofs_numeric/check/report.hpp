// SPDX-License-Identifier: Apache-2.0
// What there is to say, from values that were read and verified; never text of the certificate.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "decide_family.hpp"
#include "verify.hpp"

namespace alignproof::check {

/// What follows where every inequality is proved: each statement is a sentence of its own, in which
/// a decimal stands for the double nearest to it.
struct Implication {
  bool conditional = false;               ///< on a state of which nothing says how it came about
  std::string reason{};                   ///< in front of the statements: "by Theorem A, "
  std::vector<std::string> statements{};  ///< "|beta(t) - beta(T)| <= 3"
};

/// What is said of one certificate; facts.hpp says what of it where not all is proved.
struct Report {
  std::string kind;    ///< "run", "family", "kernel", "law" or "width"
  std::string sha256;  ///< of certificate.json, family.json, kernel.json, law.json or width.json
  std::string object;  ///< of which the certificate speaks
  std::string read;    ///< files and numbers
  std::string source;  ///< "from X, y, eta": what was derived again, from what
  Implication implication;
  std::string trusted;  ///< what the proof rests on
  Findings findings;
};

/// `hash` is the SHA-256 of certificate.json, kernel.json, law.json or width.json.
Report report(const RunCertificate& certificate, const std::string& hash, const Findings& findings);
Report report(const KernelCertificate& certificate, const std::string& hash,
              const Findings& findings);
Report report(const LawCertificate& certificate, const std::string& hash, const Findings& findings);
Report report(const WidthCertificate& certificate, const std::string& hash,
              const Findings& findings);

/// On how many seeds it is proved; `hash` is the SHA-256 of family.json.
Report report(const FamilyCertificate& family, const std::string& hash,
              const FamilyFindings& findings);

}  // namespace alignproof::check
