// SPDX-License-Identifier: Apache-2.0
// Width certificate folders, as folder.hpp packs them into one text.
#include <cmath>

#include <alignproof/format/width_certificate.hpp>

#include "folder.hpp"

using namespace alignproof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Files files = fuzz::unpacked(fuzz::text_of(data, size));
  const auto certificate = fuzz::accepted([&] { return width_certificate_from(files); });
  if (!certificate) return 0;
  const WidthCertificate& c = *certificate;
  fuzz::require(c.n() > 0 && c.d() > 0 && c.k() > 0 && c.p > 0, "nothing is empty");
  fuzz::require(c.X.values.size() == c.n() * c.d(), "X is n x d");
  fuzz::require(c.y.values.size() == c.n() * c.k(), "y is n x k");
  for (const Array* array : {&c.X, &c.y})
    for (const double x : array->values) fuzz::require(std::isfinite(x), "data are finite");
  for (const WidthLine& line : width_lines)
    fuzz::require(std::isfinite(c.shares.*line.share), "shares are finite");
  fuzz::require(std::isfinite(c.eta) && std::isfinite(c.delta) && std::isfinite(c.S),
                "numbers are finite");
  fuzz::require_same_again(c, files, write_width_certificate, width_certificate_from);
  return 0;
}
