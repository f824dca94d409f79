// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "width.hpp"

namespace alignproof::cli {

void require_width_certificate(const WidthOptions& options) {
  throw InputError("certify", shell_word(*options.certify), "no folder: there is no producer yet");
}

CertifiedWidth certify_width(const WidthOptions&, const Data&, Rule,
                             const AprioriData<RealBall<Mpfr>>&, const SufficientWidth&) {
  return {{}, Verdict::undecided("not checked")};
}

}  // namespace alignproof::cli
