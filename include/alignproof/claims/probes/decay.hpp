// SPDX-License-Identifier: Apache-2.0
// |e(t)| against |e(t+1)| <= (1 - eta gamma/4 - eta lambda(t)) |e(t)| + eta lambda(t) |y|, judged
// only at steps at which the derived rounding bound can tell yes from no.
#pragma once

#include <vector>

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class DecayProbe {
 public:
  struct Record {
    double E0 = 0, E_end = 0;              ///< |e| at the start and at the end
    std::size_t judged = 0;                ///< steps at which the decay could be judged
    std::size_t judged_free = 0;           ///< those of them with lambda = 0
    std::size_t free_steps = 0;            ///< steps with lambda = 0, judged or not
    std::size_t below_rounding = 0;        ///< steps at which it could not
    std::optional<std::size_t> violation;  ///< first t at which the decay certainly fails
    /// sup |e(t+1)| / |e(t)| over judged steps with lambda = 0; infinite of a run that diverged.
    double sup_ratio = 0;
    double sup_against_bound = 0;  ///< likewise sup of left over right side over judged steps
    double fitted_rate = 0;  ///< 1 - exp(slope of log|e|) over the judged steps with lambda = 0
    std::optional<std::size_t> thousandth;  ///< first t with |e(t)| <= |e(0)| / 1000
  };

  explicit DecayProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome& outcome);

 private:
  void judge(std::size_t t, const Transition<double>& step);

  RunContext run_;
  Record record_;
  std::vector<double> judged_t_, judged_e_;
};

}  // namespace alignproof::inline claims
