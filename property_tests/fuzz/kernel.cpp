// SPDX-License-Identifier: Apache-2.0
// Kernel certificate folders, as folder.hpp packs them into one text.
#include <cmath>

#include <alignproof/format/kernel_certificate.hpp>

#include "folder.hpp"

using namespace alignproof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Files files = fuzz::unpacked(fuzz::text_of(data, size));
  const auto certificate = fuzz::accepted([&] { return kernel_certificate_from(files); });
  if (!certificate) return 0;
  fuzz::require(certificate->n() > 0 && certificate->d() > 0, "nothing is empty");
  fuzz::require(certificate->X.values.size() == certificate->n() * certificate->d(), "X is n x d");
  fuzz::require(std::isfinite(certificate->gamma_lower) && std::isfinite(certificate->gamma_upper),
                "bounds are finite");
  for (double x : certificate->X.values) fuzz::require(std::isfinite(x), "X is finite");
  fuzz::require_same_again(*certificate, files, write_kernel_certificate, kernel_certificate_from);
  return 0;
}
