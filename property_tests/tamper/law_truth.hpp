// SPDX-License-Identifier: Apache-2.0
// Ground truth about a law certificate: the values of (I2) by plain quadrature, the flow of every
// unit solved for, by no mathematics of the checker or of the producer.
#pragma once

#include <alignproof/format/law_certificate.hpp>

namespace alignproof::truth {

/// The law at tau. Of `precise` ones 16 digits are right, else 10.
struct LawTruth {
  double M, smallest, largest, cosine, error;
};

/// Of identity, tanh, erf, sigmoid and relu, for targets that fit the law and positive numbers.
LawTruth law_truth(const LawCertificate& statement, bool precise = true);

}  // namespace alignproof::truth
