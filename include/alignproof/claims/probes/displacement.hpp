// SPDX-License-Identifier: Apache-2.0
// How far the weights move from their initial values.
#pragma once

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class DisplacementProbe {
 public:
  struct Record {
    double w_displacement = 0;     ///< sup_t max_r |w_r(t) - w_r(0)|
    double beta_displacement = 0;  ///< sup_t max_r |beta_r(t) - beta_r(0)|
    double D = 0;                  ///< sup_t |beta(t) - beta(0)|
  };

  explicit DisplacementProbe(const RunContext&) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return record_; }

 private:
  Record record_;
  Matrix<double> A0_, beta0_;
};

}  // namespace alignproof::inline claims
