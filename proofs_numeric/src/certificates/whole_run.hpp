// SPDX-License-Identifier: Apache-2.0
// What a certificate from the initialisation claims of all steps: errors up to the checkpoint, and
// T1, T2, T3 as far as the numbers allow it; what is not claimed is said.
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

void claim_alignment(RunCertificate& c, Instance instance, const Search& search,
                     KernelStep<double> advance, std::vector<std::string>& not_claimed);

}  // namespace alignproof::inline certificates
