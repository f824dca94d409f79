// SPDX-License-Identifier: Apache-2.0
// Which options of certify go together.
#pragma once

#include <CLI/CLI.hpp>

#include <alignproof/certificates/producer.hpp>

#include "cli.hpp"

namespace alignproof::cli {

/// Whose certificates are asked for, and who looks at them.
struct CertifyScope {
  bool family = false;       ///< --seeds
  bool asks_formal = false;  ///< --formal-checker names a program
  bool checks = true;        ///< no --no-check
};

/// Throws InputError, before any work, on an option that would be ignored, and on one with which
/// nothing can be certified.
void require_certifiable(const CLI::App& command, const InstanceOptions& instance,
                         const Search& search, const CertifyScope& scope);

}  // namespace alignproof::cli
