// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/certificates.hpp>

#include "claims/filled.hpp"
#include "claims/image_files.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

Verdict proved() {
  return Verdict::proved(
      CheckReceipt::obtain(ALIGNPROOF_TEST_DATA "/core/says_proved_from_start", ".", "5eed"));
}

}  // namespace

TEST_CASE("TA shows the worst of its certificates", "[claims]") {
  const TemporaryFolder images, certificates;
  write_images(images.path());
  Settings settings;
  settings.certificates = certificates.path();
  const auto TA = [&](const Verdict& of_one) {
    return filled_row(
               "TA",
               [&](AskedWork& work) {
                 auto& record = *work.as<CertificateRecord>();
                 record.verdict = record.id == "tanh" ? of_one : proved();
                 record.alpha = record.M_min = 1;
               },
               settings)
        .verdict.kind();
  };
  CHECK(TA(proved()) == VerdictKind::undecided);  // there are no images
  settings.data = images_of(images.path().string());
  CHECK(TA(proved()) == VerdictKind::proved);
  CHECK(TA(Verdict::undecided("refused")) == VerdictKind::undecided);
}
