// SPDX-License-Identifier: Apache-2.0
// Without a data set the row of the images is undecided and names the package; it is never left
// out.
#include <alignproof/claims/claim.hpp>

#include <cstdint>
#include <string>

#include <alignproof/format/files.hpp>

#include "claims/image_files.hpp"
#include "claims/made_up.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("no data set: undecided, with the package to install", "[claims]") {
  Settings settings;
  settings.data.reset();
  settings.profile.certificates.p = 0;
  Progress silent;
  const Report report = verify(settings, {"T1-img"}, silent);
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].verdict.kind() == VerdictKind::undecided);
  CHECK_THAT(report.rows[0].verdict.detail(), Catch::Contains("dataset-fashion-mnist"));
}

TEST_CASE("a row whose premise gamma > 0 fails is undecided, not sampled", "[claims]") {
  // Every image twice with the same pixels: the limit kernel is singular.
  const test::TemporaryFolder folder;
  const auto big_endian = [](std::uint32_t n) {
    std::string bytes;
    for (int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(n >> shift));
    return bytes;
  };
  std::string images = big_endian(2051) + big_endian(20) + big_endian(2) + big_endian(2);
  std::string labels = big_endian(2049) + big_endian(20);
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 4; ++k) images.push_back(static_cast<char>((i / 4) * 17 + k * (i / 4 + 3)));
    labels.push_back(static_cast<char>(i % 2));
  }
  write_file(folder.path() / "train-images-idx3-ubyte", images);
  write_file(folder.path() / "train-labels-idx1-ubyte", labels);
  Settings settings;
  settings.profile.image_seeds = 2, settings.profile.image_steps = 5, settings.profile.p_image = 64;
  settings.data = images_of(folder.path().string());
  settings.profile.certificates.p = 0;
  Progress silent;
  const Report report = verify(settings, {"T1-img"}, silent);
  CHECK(report.rows[0].verdict.kind() == VerdictKind::undecided);
  CHECK_THAT(report.rows[0].verdict.detail(), Catch::Contains("gamma > 0"));
  CHECK_FALSE(report.rows[0].ratio.has_value());
}

TEST_CASE("T1-img: one failing seed makes it undecided, a premise too", "[claims]") {
  const test::TemporaryFolder folder;
  test::write_images(folder.path());
  Settings settings = test::made_up_settings();
  settings.data = images_of(folder.path().string());
  const auto row = [&](const test::Spoil& spoil) {
    return test::concluded("T1-img", spoil, settings);
  };
  CHECK(row({}).verdict.kind() == VerdictKind::sampled);
  CHECK(row({}).instances == 1);
  CHECK(row(test::in_first("images", [](test::MadeUp& r, const test::MadeUpRuns&) {
          r.violation = 3;
        })).verdict.kind() == VerdictKind::undecided);
  const ClaimRow outside = row([](test::MadeUpRuns& b) { b.limit.largest_eigenvalue = 50; });
  CHECK(outside.verdict.kind() == VerdictKind::undecided);
  CHECK(outside.instances == 0);
}

TEST_CASE("T1-img: what could not be judged did not fail", "[claims]") {
  const test::TemporaryFolder folder;
  test::write_images(folder.path());
  Settings settings = test::made_up_settings();
  settings.data = images_of(folder.path().string());
  const auto unjudged = [](test::MadeUp& r, const test::MadeUpRuns&) {
    r.judged = r.judged_free = 0, r.below_rounding = 100, r.sup_ratio = 0;
  };
  const ClaimRow none = test::concluded("T1-img", test::in_records("images", unjudged), settings);
  CHECK(none.verdict.kind() == VerdictKind::undecided);
  CHECK_THAT(none.verdict.detail(), Catch::Contains("too few steps") && !Catch::Contains("fails"));
  CHECK_FALSE(none.measured.has_value());
  CHECK_FALSE(none.ratio.has_value());
  const ClaimRow both =
      test::concluded("T1-img",
                      test::in_records("images",
                                       [&](test::MadeUp& r, const test::MadeUpRuns& b) {
                                         if (&r == &b.records.front())
                                           r.violation = 3;
                                         else
                                           unjudged(r, b);
                                       }),
                      settings);
  CHECK_THAT(both.verdict.detail(),
             Catch::Contains("the decay fails for 1 of ") && Catch::Contains("too few steps"));
}
