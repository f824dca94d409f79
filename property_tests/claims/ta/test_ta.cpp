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

Verdict by_both() {
  const std::string folder = ALIGNPROOF_TEST_DATA "/core/";
  return Verdict::proved(CheckReceipt::obtain(folder + "says_proved_from_start", ".", "5eed"),
                         FormalReceipt::obtain(folder + "formally_proved_from_start", ".", "5eed"));
}

/// The instance "tanh" with this verdict; alignproof-check proves the others.
ClaimRow row_with(const Verdict& of_one, const Settings& settings) {
  return filled_row(
      "TA",
      [&](AskedWork& work) {
        auto& record = *work.as<CertificateRecord>();
        record.verdict = record.id == "tanh" ? of_one : proved();
        record.alpha = record.M_min = 1;
      },
      settings);
}

}  // namespace

TEST_CASE("TA shows the worst of its certificates", "[claims]") {
  const TemporaryFolder images, certificates;
  write_images(images.path());
  Settings settings;
  settings.certificates = certificates.path();
  const auto TA = [&](const Verdict& of_one) { return row_with(of_one, settings).verdict.kind(); };
  CHECK(TA(proved()) == VerdictKind::undecided);  // there are no images
  settings.data = images_of(images.path().string());
  CHECK(TA(proved()) == VerdictKind::proved);
  CHECK(TA(Verdict::undecided("refused")) == VerdictKind::undecided);
}

TEST_CASE("TA counts by which program its instances are proved", "[claims]") {
  const TemporaryFolder images, certificates;
  write_images(images.path());
  Settings settings;
  settings.certificates = certificates.path();
  settings.data = images_of(images.path().string());
  const auto counts = [&](const Verdict& of_one, const char* program) {
    const ClaimRow row = row_with(of_one, settings);
    const auto found = std::find_if(row.premises.begin(), row.premises.end(),
                                    [&](const auto& c) { return c.premise.starts_with(program); });
    REQUIRE(found != row.premises.end());
    REQUIRE(found->of == row.instances);
    return std::tuple(row.instances - found->held, found->premise, row.verdict.text());
  };
  const auto [missing, words, verdict] = counts(proved(), "alignproof-check (");
  CHECK(missing == 0);
  CHECK(verdict == "proved (checker)");
  CHECK_THAT(std::get<1>(counts(proved(), "alignproof-check-formal (")),
             Catch::Contains("it was not asked"));
  settings.formal_checker = "asked";
  const auto formal = [&](const Verdict& of_one) {
    return counts(of_one, "alignproof-check-formal (");
  };
  // All instances but "tanh" are proved by the checker alone.
  const auto [beside, how, both] = formal(by_both());
  CHECK(beside == row_with(proved(), settings).instances - 1);
  CHECK_THAT(how, !Catch::Contains("not asked"));
  CHECK(both == "proved (checker)");
  CHECK(std::get<0>(formal(proved())) == row_with(proved(), settings).instances);
}
