// SPDX-License-Identifier: Apache-2.0
// A whole run, for figures.
#pragma once

#include <vector>

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class CourseProbe {
 public:
  struct Record {
    std::vector<double> error, cos;  ///< |e(t)| and cos(b, beta(t)), all t
  };

  explicit CourseProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return std::move(record_); }

 private:
  RunContext run_;
  Record record_;
};

}  // namespace alignproof::inline claims
