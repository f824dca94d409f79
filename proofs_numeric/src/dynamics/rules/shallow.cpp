// SPDX-License-Identifier: Apache-2.0
// Beta alone learns, on the features that the hidden weights happen to give.
#include <alignproof/dynamics/rule_definition.hpp>

namespace alignproof::inline dynamics::rules {

namespace {

struct Shallow : BetaAlone {
  static constexpr std::string_view name = "shallow";
};

}  // namespace

LearningRule shallow() {
  return learning_rule<Shallow>();
}

}  // namespace alignproof::inline dynamics::rules
