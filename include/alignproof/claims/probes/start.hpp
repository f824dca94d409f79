// SPDX-License-Identifier: Apache-2.0
// G and H at t = 0.
#pragma once

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class StartProbe {
 public:
  static constexpr bool only_start = true;
  struct Record {
    double G0_min = 0;    ///< lambda_min(G(0))
    double H0_norm = 0;   ///< |H(0)|
    double G0_error = 0;  ///< |G(0) - Gbar|
  };

  explicit StartProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return record_; }

 private:
  RunContext run_;
  Record record_;
};

}  // namespace alignproof::inline claims
