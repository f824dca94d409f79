// SPDX-License-Identifier: Apache-2.0
// How far G and H move.
#pragma once

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class DriftProbe {
 public:
  struct Record {
    double sup_dG = 0, sup_dH = 0;  ///< sup |G(t) - G(0)|, sup |H(t) - H(0)|
  };

  explicit DriftProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return record_; }

 private:
  RunContext run_;
  Record record_;
  Matrix<double> G0_, H0_;
};

}  // namespace alignproof::inline claims
