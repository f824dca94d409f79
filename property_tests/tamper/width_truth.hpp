// SPDX-License-Identifier: Apache-2.0
// Ground truth about a width certificate: every inequality of its statement with 300 digits, from
// the formulas of reports/docs/apriori.md and by no mathematics of the checker or of the producer.
#pragma once

#include <map>
#include <string>

#include <alignproof/format/width_certificate.hpp>

#include "tamper/truth.hpp"

namespace alignproof::truth {

/// Evaluates width certificates; kernels are kept, since many certificates share one.
class WidthJudge {
 public:
  /// All conditions. Nothing that is not a number holds.
  Verdict judge(const WidthCertificate& certificate);

 private:
  /// What X and psi alone say.
  struct Data {
    Numbers K_eigenvalues, Gbar_eigenvalues;  ///< ascending
    Number kmax, k_o_k, K_F;
    Number flip2, pull2, turn2, aspect;  ///< of relu: squares of the page's flip, pull, turn
  };
  const Data& data_of(const WidthCertificate& certificate);

  std::map<std::string, Data> known_;
};

}  // namespace alignproof::truth
