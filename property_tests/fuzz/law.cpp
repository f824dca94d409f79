// SPDX-License-Identifier: Apache-2.0
// Law certificate folders, as folder.hpp packs them into one text.
#include <cmath>

#include <alignproof/format/law_certificate.hpp>

#include "folder.hpp"

using namespace alignproof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Files files = fuzz::unpacked(fuzz::text_of(data, size));
  const auto certificate = fuzz::accepted([&] { return law_certificate_from(files); });
  if (!certificate) return 0;
  const LawCertificate& c = *certificate;
  fuzz::require(c.n() > 0, "nothing is empty");
  fuzz::require(c.y.values.size() == c.n(), "y has n entries");
  for (const double y : c.y.values) fuzz::require(std::isfinite(y), "y is finite");
  for (const double number : {c.gamma, c.lambda, c.tau})
    fuzz::require(std::isfinite(number), "numbers are finite");
  for (const LawQuantity& quantity : law_quantities)
    fuzz::require(std::isfinite((c.values.*quantity.bounds).lower) &&
                      std::isfinite((c.values.*quantity.bounds).upper),
                  "bounds are finite");
  fuzz::require_same_again(c, files, write_law_certificate, law_certificate_from);
  return 0;
}
