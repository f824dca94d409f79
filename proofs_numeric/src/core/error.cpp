// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/error.hpp>

#include <fmt/format.h>

namespace alignproof {

InputError::InputError(const std::string& what, const std::string& value,
                       const std::string& accepted)
    : std::runtime_error(fmt::format("{} = {} is not accepted: give {}", what, value, accepted)) {}

std::string quoted(double value) {
  return fmt::format("{}", value);
}

}  // namespace alignproof
