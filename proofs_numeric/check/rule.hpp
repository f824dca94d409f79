// SPDX-License-Identifier: Apache-2.0
// The rules that the theorems speak of.
#pragma once

#include <stdexcept>

#include <alignproof/format/instance.hpp>

namespace alignproof::check {

/// Whether beta is sent back, and not b.
inline bool is_backpropagation(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return false;
    case Rule::bp:
      return true;
  }
  throw std::logic_error("no such rule");
}

}  // namespace alignproof::check
