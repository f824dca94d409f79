// SPDX-License-Identifier: Apache-2.0
// How far M = G + H and A move along a run, beside S_t = eta sum_{s < t} |e(s)|, in which Theorem P
// bounds them.
#pragma once

#include <vector>

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class KernelCourseProbe {
 public:
  struct Record {
    std::vector<double> S;           ///< S_t, all t
    std::vector<double> fall, rise;  ///< of lambda_min(M) and lambda_max(M) since t = 0
    double A_moved = 0;              ///< sup_t |A(t) - A(0)|_F
  };

  explicit KernelCourseProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return std::move(record_); }

 private:
  RunContext run_;
  Record record_;
  Matrix<double> A0_;
  double min0_ = 0, max0_ = 0, error_ = 0;
};

}  // namespace alignproof::inline claims
