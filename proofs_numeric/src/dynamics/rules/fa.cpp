// SPDX-License-Identifier: Apache-2.0
// Feedback alignment (Lillicrap, Cownden, Tweed, Akerman 2016): the error returns through b, which
// is random and stays.
#include <alignproof/dynamics/rule_definition.hpp>

namespace alignproof::inline dynamics::rules {

namespace {

struct FeedbackAlignment : FixedFeedback {
  static constexpr std::string_view name = "fa";
  template <class Real>
  static Real back(const Real& b, const Real&) {
    return b;
  }
};

}  // namespace

LearningRule fa() {
  return learning_rule<FeedbackAlignment>();
}

}  // namespace alignproof::inline dynamics::rules
