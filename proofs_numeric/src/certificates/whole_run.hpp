// SPDX-License-Identifier: Apache-2.0
// What a certificate from the initialisation claims of all steps: errors up to the checkpoint,
// T1, T2, T3 as far as the numbers allow it, and what else is asked for; what is not claimed is
// said.
#pragma once

#include <string>
#include <vector>

#include <alignproof/certificates/producer.hpp>

#include "certificates/leg_search.hpp"

namespace alignproof::inline certificates {

/// e(t) of a run in doubles and e(t) of the exact run differ by rounding, carried along.
Array enclosed_errors(const History& history);

void claim_decay(RunCertificate& c, const Instance& instance,
                 std::vector<std::string>& not_claimed);

void claim_no_alignment(RunCertificate& c, const Found& found, double kappa,
                        std::vector<std::string>& not_claimed);

/// How far each hidden unit moves and, beside T1, the constants c1 and c2 of T1 as published
/// (reports/docs/certificates.md, sections 3 and 4).
void claim_rows(RunCertificate& c, const Instance& instance, const Found& found,
                std::vector<std::string>& not_claimed);

/// beta(T), and how far beta(infinity) may be from it (section 5 there).
void claim_limit(RunCertificate& c, const Found& found);

/// From the enclosed errors up to T and the rate beyond (section 6 there).
void claim_times(RunCertificate& c, const std::vector<double>& thresholds);

void claim_alignment(RunCertificate& c, Instance instance, const Search& search,
                     KernelStep<double> advance, Progress& progress,
                     std::vector<std::string>& not_claimed);

}  // namespace alignproof::inline certificates
