// SPDX-License-Identifier: Apache-2.0
// cos(b, beta(t)) over a run, and after a cut of the penalty.
#pragma once

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class AlignmentProbe {
 public:
  struct Record {
    double sup_cos = 0;        ///< sup_t |cos(b, beta(t))|
    double cos_at_cut = 0;     ///< cos at the first t with lambda(t) = 0
    double min_cos_after = 1;  ///< inf over t from the cut on
    double cos_end = 0;
  };

  explicit AlignmentProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return record_; }

 private:
  RunContext run_;
  Record record_;
  bool cut_seen_ = false;
};

}  // namespace alignproof::inline claims
