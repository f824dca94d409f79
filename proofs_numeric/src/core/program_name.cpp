// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/program_name.hpp>

#include <utility>

namespace alignproof::inline core {

namespace {

std::string& name() {
  static std::string name = "alignproof";
  return name;
}

}  // namespace

const std::string& program_name() {
  return name();
}

void name_program(std::string given) {
  name() = std::move(given);
}

}  // namespace alignproof::inline core
