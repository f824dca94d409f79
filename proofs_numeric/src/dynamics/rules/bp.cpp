// SPDX-License-Identifier: Apache-2.0
// Backpropagation: the error returns through beta itself. b stays; only angles are taken to it.
#include <alignproof/dynamics/rule_definition.hpp>

namespace alignproof::inline dynamics::rules {

namespace {

struct Backpropagation : FixedFeedback {
  static constexpr std::string_view name = "bp";
  template <class Real>
  static Real back(const Real&, const Real& beta) {
    return beta;
  }
};

}  // namespace

LearningRule bp() {
  return learning_rule<Backpropagation>();
}

}  // namespace alignproof::inline dynamics::rules
