// SPDX-License-Identifier: Apache-2.0
// Certificate folders, as folder.hpp packs them into one text.
#include <alignproof/format/certificate.hpp>

#include "folder.hpp"

using namespace alignproof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Files files = fuzz::unpacked(fuzz::text_of(data, size));
  const auto certificate = fuzz::accepted([&] { return certificate_from(files); });
  if (!certificate) return 0;
  fuzz::require(
      certificate->start.n() > 0 && certificate->start.d() > 0 && certificate->start.p() > 0,
      "nothing is empty");
  fuzz::require_same_again(*certificate, files, write_certificate, certificate_from);
  return 0;
}
