// SPDX-License-Identifier: Apache-2.0
// v, the part of the error recursion that is of second order in the step, where it stands above
// rounding, beside Theorem A's bound of it.
#pragma once

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class RemainderProbe {
 public:
  struct Record {
    double sup_v = 0;         ///< sup |v| / (eta |e|)^2
    double sup_v_linear = 0;  ///< sup |v| / (eta |e|), same steps
    double v0 = 0;            ///< |v| at the first of them
    double Cv = 0;            ///< Theorem A's bound of sup_v, at R = eta sum |e|
  };

  explicit RemainderProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome& outcome);

 private:
  void measure(const Transition<double>& step);

  RunContext run_;
  Record record_;
  std::optional<CheckpointNumbers<double>> start_numbers_;
  double S_ = 0;  ///< eta sum |e|
};

}  // namespace alignproof::inline claims
