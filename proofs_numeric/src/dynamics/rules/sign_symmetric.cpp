// SPDX-License-Identifier: Apache-2.0
// Sign-symmetric feedback (Liao, Leibo, Poggio 2016: signs of the forward weights, fixed random
// magnitudes): the error returns through |b| o sign(beta), sign(0) = 0.
#include <alignproof/dynamics/rule_definition.hpp>

namespace alignproof::inline dynamics::rules {

namespace {

struct SignSymmetric : FixedFeedback {
  static constexpr std::string_view name = "sign-symmetric";
  template <class Real>
  static Real back(const Real& b, const Real& beta) {
    const Real zero(0);
    if (!(beta < zero) && !(beta > zero)) return zero;
    return (b < zero) == (beta < zero) ? b : Real(-b);
  }
};

}  // namespace

LearningRule sign_symmetric() {
  return learning_rule<SignSymmetric>();
}

}  // namespace alignproof::inline dynamics::rules
