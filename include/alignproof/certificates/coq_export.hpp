// SPDX-License-Identifier: Apache-2.0
// A certificate as a theorem in Coq about its very numbers, which Coq's kernel decides by computing
// (reports/docs/formal.md). The library behind it is proofs_numeric/formal/coq.
#pragma once

#include <string>
#include <string_view>

#include <alignproof/format/certificate.hpp>

namespace alignproof::inline certificates {

/// The integers that the kernel computes with.
enum class CoqIntegers {
  z,    ///< Coq's own: slow, and no axiom of machine integers
  bigz  ///< words of the machine, whose operations the kernel has built in
};

std::string_view to_string(CoqIntegers integers);  ///< "z"
/// Throws InputError on anything but z and bigz.
CoqIntegers coq_integers_from(const std::string& name);

/// The axioms that `Print Assumptions` shows of such a theorem, as one clause.
std::string_view coq_axioms(CoqIntegers integers);

/// The largest work that the kernel does in about a minute: n p (T + 1), summed over the run and
/// its twin, of certificates of this kind.
double coq_work_limit(CoqIntegers integers, CertificateKind kind);

/// To be called before the search for a certificate: throws InputError if no certificate of this
/// kind about such an instance could be written as a theorem.
void require_exportable(const Instance& instance, Rule rule, CertificateKind kind,
                        CoqIntegers integers);

/// A whole file for coqc. `hash` is the SHA-256 of the certificate.json. Throws InputError on what
/// the formal checker does not know, and on what would take its kernel more than about a minute.
std::string to_coq(const RunCertificate& certificate, const std::string& hash,
                   CoqIntegers integers);

}  // namespace alignproof::inline certificates
