// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <alignproof/certificates/width_producer.hpp>
#include <alignproof/format/sha256.hpp>

#include "resources.hpp"
#include "width.hpp"

namespace alignproof::cli {

void require_width_certificate(const WidthOptions& options) {
  if (!options.no_check) require_checker();
}

CertifiedWidth certify_width(const WidthOptions& options, const Data& data, Rule rule,
                             const AprioriData<RealBall<Mpfr>>& apriori,
                             const SufficientWidth& width) {
  const Activation psi = activation_from(options.instance.activation);
  const WidthCertificate c =
      propose_width_certificate({.activation = psi, .rule = rule, .X = data.X, .y = data.y},
                                apriori, apriori_variant(psi, rule, data.y.cols()), width);
  write_width_certificate(*options.certify, c);
  if (options.no_check) return {{}, {}, Verdict::undecided("not checked")};
  const CheckReceipt receipt =
      CheckReceipt::obtain(checker_path(), *options.certify,
                           sha256_of_file(std::filesystem::path(*options.certify) / "width.json"));
  return {receipt.lines(), receipt.text(), Verdict::proved(receipt)};
}

}  // namespace alignproof::cli
