// SPDX-License-Identifier: Apache-2.0
// What `alignproof width` is asked, and the parts of it that stand in files of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alignproof/bounds/width.hpp>
#include <alignproof/core/verdict.hpp>

#include "cli.hpp"
#include "width_t3.hpp"

namespace alignproof::cli {

struct WidthOptions {
  const CLI::App* command = nullptr;  ///< where it is asked which options are given
  InstanceOptions instance;
  std::string rule = "fa", theorem = "t1", format = "text", out;
  double delta = 0.1;
  bool from_constants = false;
  std::optional<double> gamma;
  double bound_x = 1, bound_y = 1;
  bool measure = false, no_check = false;
  std::vector<long long> widths{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  long long seeds = 300;
  std::optional<std::string> certify;
  std::optional<long long> jobs;
  AlignmentWidthOptions alignment;
};

/// --theorem t3, all of it: exit code of the command.
int width_t3(const WidthOptions& options);

/// What alignproof-check said of a width certificate.
struct CertifiedWidth {
  std::vector<std::string> lines;
  Verdict verdict;
};

/// --certify: throws InputError, before any work, where the certificate could not be made.
void require_width_certificate(const WidthOptions& options);
/// Writes the certificate to options.certify and has alignproof-check decide, unless --no-check.
CertifiedWidth certify_width(const WidthOptions& options, const Data& data, Rule rule,
                             const AprioriData<RealBall<Mpfr>>& apriori,
                             const SufficientWidth& width);

}  // namespace alignproof::cli
