// SPDX-License-Identifier: Apache-2.0
// The rules of the library: each file of rules/ defines one, by the function of the file's name.
#pragma once

#include <vector>

#include <alignproof/dynamics/learning_rule.hpp>

namespace alignproof::inline dynamics {

namespace rules {
LearningRule fa();
LearningRule bp();
}  // namespace rules

/// All of rules/, in the order of their files. CMake writes it.
std::vector<LearningRule> library_rules();

}  // namespace alignproof::inline dynamics
