// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/error.hpp>

#include "width.hpp"

namespace alignproof::cli {

int width_t3(const WidthOptions& options) {
  throw InputError("theorem", "'" + options.theorem + "'", "t1");
}

}  // namespace alignproof::cli
