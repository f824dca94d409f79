// SPDX-License-Identifier: Apache-2.0
// Kolen and Pollack (1994), named and used by Akrout et al. (2019): the error returns through b,
// which receives the update of beta and decays as beta does, so that b - beta shrinks by 1 - eta
// lambda(t) a step.
#include <alignproof/dynamics/rule_definition.hpp>

namespace alignproof::inline dynamics::rules {

namespace {

struct KolenPollack {
  static constexpr std::string_view name = "kolen-pollack";
  template <class Real>
  static Real back(const Real& b, const Real&) {
    return b;
  }
  template <class Real>
  static Real next_b(const Real& b, const Real&, const BetaStep<Real>& step) {
    return step.kept * b + step.update;
  }
};

}  // namespace

LearningRule kolen_pollack() {
  return learning_rule<KolenPollack>();
}

}  // namespace alignproof::inline dynamics::rules
