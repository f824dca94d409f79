// SPDX-License-Identifier: Apache-2.0
// Families: the same bytes for any number of threads, resumed where they were interrupted, and
// decided by alignproof-check, which is fooled by no altered one.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include <fmt/format.h>

#include <alignproof/certificates/family.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

#include "check/checker.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
namespace fs = std::filesystem;

namespace {

constexpr int proved = 0, fails = 1, malformed = 2, undecided = 3;

FamilyRequest small_family(std::size_t count = 3) {
  return {.data = make_data({.n = 2, .d = 6}),
          .network = {.p = 60, .eta = 0.5, .penalty = {}, .steps = 400},
          .search = {},
          .first = 1,
          .count = count};
}

Verdict not_asked(const fs::path&) {
  return Verdict::undecided("not asked");
}

/// Makes it without asking the checker.
FamilyOutcome make(const FamilyRequest& request, const fs::path& folder, std::size_t jobs = 1) {
  Progress silent;
  return make_family(request, folder, jobs, {not_asked, false}, silent);
}

std::map<std::string, std::string> bytes_in(const fs::path& folder) {
  std::map<std::string, std::string> bytes;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      bytes[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  return bytes;
}

CheckReceipt check(const fs::path& folder) {
  return CheckReceipt::obtain(test::checker(), folder, sha256_of_file(folder / "family.json"));
}

std::string said(const CheckReceipt& receipt) {
  std::string text;
  for (const std::string& line : receipt.lines()) text += line + "\n";
  return text;
}

/// A family of three, made once; tests alter copies of it.
const fs::path& three() {
  static const test::TemporaryFolder kept;
  static const fs::path folder = [] {
    make(small_family(), kept.path() / "family");
    return kept.path() / "family";
  }();
  return folder;
}

/// A copy that is altered as a whole: what the family says of itself.
int exit_of_altered(const std::function<void(FamilyCertificate&)>& alter) {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "copy";
  fs::copy(three(), folder, fs::copy_options::recursive);
  FamilyCertificate family = family_from(read_file(folder / "family.json"));
  alter(family);
  write_family(folder, family);
  return check(folder).exit_status();
}

/// A copy of which the member of seed 2 is another certificate, listed as the family would list it.
int exit_with_member(const std::function<void(RunCertificate&)>& alter) {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "copy";
  fs::copy(three(), folder, fs::copy_options::recursive);
  FamilyCertificate family = family_from(read_file(folder / "family.json"));
  const fs::path place = folder / member_folder(2);
  RunCertificate certificate = read_certificate(place);
  alter(certificate);
  fs::remove_all(place);
  write_certificate(place, certificate);
  family.members[1].certificate =
      member_numbers(certificate, sha256_of_file(place / "certificate.json"));
  write_family(folder, family);
  return check(folder).exit_status();
}

}  // namespace

TEST_CASE("A family is proved on all of its seeds, and its summary says what is common",
          "[check]") {
  const CheckReceipt receipt = check(three());
  INFO(said(receipt));
  CHECK(receipt.accepted());
  CHECK_FALSE(receipt.conditional());
  CHECK_THAT(said(receipt),
             Catch::Contains(
                 "implies: proved: by Theorems A and B, proved on 3 of 3 seeds, s = 1, ..., 3; ") &&
                 Catch::Contains("T1 for each: ") && Catch::Contains("T2 for each: "));
  const FamilyCertificate family = family_from(read_family_file(three()));
  REQUIRE(family.bounds);
  for (std::size_t i = 0; i < 3; ++i) {
    const RunCertificate c = read_certificate(three() / member_folder(family.seed(i)));
    CHECK(family.bounds->alpha <= c.leg.statement.alpha);
    CHECK(family.bounds->cos_max >= c.leg.statement.cos_max);
    CHECK(family.bounds->beta_displacement >= c.whole_run.beta_displacement);
    CHECK(family.members[i].certificate->statement.alpha == c.leg.statement.alpha);
  }
}

TEST_CASE("The progress of a family is shown on a terminal and nowhere else", "[check]") {
  const test::TemporaryFolder scratch;
  const fs::path words = scratch.path() / "words";
  REQUIRE(std::system(("'" + std::string(test::checker()) + "' '" + three().string() + "' > '" +
                       (scratch.path() / "out").string() + "' 2> '" + words.string() + "'")
                          .c_str()) == 0);
  CHECK(read_file(words).empty());
}

TEST_CASE("A family is the same bytes on any number of threads", "[check]") {
  const test::TemporaryFolder scratch;
  make(small_family(), scratch.path() / "threads", 3);
  CHECK(bytes_in(scratch.path() / "threads") == bytes_in(three()));
}

TEST_CASE("What an interrupted run has left is not made again, and what is spoilt is noticed",
          "[check]") {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "family";
  fs::copy(three(), folder, fs::copy_options::recursive);
  const auto untouched = [&](std::uint64_t seed) {
    return fs::last_write_time(folder / member_folder(seed) / "certificate.json");
  };
  const auto same_as_before = [&] { return bytes_in(folder) == bytes_in(three()); };
  SECTION("a member that was not begun") {
    fs::remove_all(folder / member_folder(2));
    const auto before = untouched(1);
    CHECK(make(small_family(), folder).kept == 2);
    CHECK(untouched(1) == before);
    CHECK(same_as_before());
  }
  SECTION("a member of which a file is missing") {
    fs::remove(folder / member_folder(3) / "beta.npy");
    const FamilyOutcome outcome = make(small_family(), folder);
    CHECK(outcome.kept == 2);
    REQUIRE(outcome.spoilt.size() == 1);
    CHECK_THAT(outcome.spoilt[0], Catch::Contains("seed 3: ") && Catch::Contains("beta.npy"));
    CHECK(same_as_before());
  }
  SECTION("a byte of an array") {
    const fs::path file = folder / member_folder(1) / "W.npy";
    std::string bytes = read_file(file);
    bytes.back() ^= 1;
    write_file(file, bytes);
    const FamilyOutcome outcome = make(small_family(), folder);
    REQUIRE(outcome.spoilt.size() == 1);
    CHECK_THAT(outcome.spoilt[0], Catch::Contains("seed 1: ") && Catch::Contains("altered"));
    CHECK(same_as_before());
  }
  SECTION("a certificate of another seed in its place, right in itself") {
    fs::remove_all(folder / member_folder(1));
    fs::copy(folder / member_folder(2), folder / member_folder(1));
    const FamilyOutcome outcome = make(small_family(), folder);
    CHECK(outcome.kept == 2);
    REQUIRE(outcome.spoilt.size() == 1);
    CHECK(same_as_before());
  }
  SECTION("another certificate of the same network") {
    RunCertificate weaker = read_certificate(folder / member_folder(1));
    weaker.leg.statement.alpha *= 0.99;
    fs::remove_all(folder / member_folder(1));
    write_certificate(folder / member_folder(1), weaker);
    const FamilyOutcome outcome = make(small_family(), folder);
    REQUIRE(outcome.spoilt.size() == 1);
    CHECK_THAT(outcome.spoilt[0], Catch::Contains("not the one that family.json lists"));
    CHECK(same_as_before());
  }
  SECTION("another family in the folder") {
    FamilyRequest other = small_family();
    other.network.eta = 0.25;
    CHECK_THROWS_WITH(make(other, folder), Catch::Contains("holds another family"));
    CHECK_THROWS_AS(make(small_family(4), folder), InputError);
    CHECK(same_as_before());
  }
}

TEST_CASE("Seeds on which nothing closes are counted, and the family is then not proved",
          "[check]") {
  const test::TemporaryFolder scratch;
  FamilyRequest request = small_family();
  const RunCertificate slowest = [&] {
    RunCertificate latest = read_certificate(three() / member_folder(1));
    for (const std::uint64_t seed : {2, 3}) {
      const RunCertificate c = read_certificate(three() / member_folder(seed));
      if (c.leg.checkpoint > latest.leg.checkpoint) latest = c;
    }
    return latest;
  }();
  request.network.steps = slowest.leg.checkpoint - 1;
  const FamilyOutcome outcome = make(request, scratch.path() / "short");
  const auto found = std::count_if(outcome.family.members.begin(), outcome.family.members.end(),
                                   [](const FamilyMember& m) { return m.certificate.has_value(); });
  REQUIRE(found < 3);
  const CheckReceipt receipt = check(scratch.path() / "short");
  CHECK(receipt.exit_status() == undecided);
  CHECK_THAT(said(receipt), Catch::Contains("proved on " + std::to_string(found) + " of 3 seeds"));
  // Where there is no certificate at all, the precision is still one.
  request.network.steps = 1;
  make(request, scratch.path() / "none");
  const CheckReceipt nothing = check(scratch.path() / "none");
  CHECK(nothing.exit_status() == undecided);
  CHECK(fmt::format("{}", fmt::join(nothing.text(), "\n")).find(" 0 bits") == std::string::npos);
}

TEST_CASE("Initial data that are no seed's are refused before anything is made", "[check]") {
  const test::TemporaryFolder scratch;
  const auto refused = [&](const std::function<void(NetworkSpec&)>& change) {
    FamilyRequest request = small_family();
    change(request.network);
    CHECK_THROWS_AS(make(request, scratch.path() / "none"), InputError);
    CHECK_FALSE(fs::exists(scratch.path() / "none"));
  };
  refused([](NetworkSpec& spec) { spec.feedback = Feedback::parallel; });
  refused([](NetworkSpec& spec) { spec.initial_scale = 2; });
  refused([](NetworkSpec& spec) { spec.zero_error = true; });
}

TEST_CASE("Altered families are not accepted", "[check]") {
  using Family = FamilyCertificate;
  REQUIRE(exit_of_altered([](Family&) {}) == proved);
  // What is common to all, each number beyond what holds.
  const auto beyond = [](double x) { return x + (x == 0 ? 1e-300 : 1e-12 * std::abs(x)); };
  CHECK(exit_of_altered([&](Family& f) { f.bounds->alpha = beyond(f.bounds->alpha); }) == fails);
  CHECK(exit_of_altered([&](Family& f) { f.bounds->radius = beyond(f.bounds->radius); }) == fails);
  CHECK(exit_of_altered([&](Family& f) { f.bounds->cos_min = beyond(f.bounds->cos_min); }) ==
        fails);
  CHECK(exit_of_altered([&](Family& f) { f.bounds->cos_max -= 1e-12; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { f.bounds->beta_displacement *= 1 - 1e-12; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { f.bounds->A_displacement *= 1 - 1e-12; }) == fails);
  // Weaker ones hold as well.
  CHECK(exit_of_altered([&](Family& f) { f.bounds->alpha /= 2; }) == proved);
  // The declaration.
  auto statement = [](Family& f) -> FamilyStatement& { return f.declaration.statement; };
  CHECK(exit_of_altered([&](Family& f) { statement(f).eta *= 2; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).p += 1; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).activation = Activation::erf; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).rule = Rule::bp; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).penalty.lambda = 0.5; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).kappa = 3.9; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).kappa = 5; }) == proved);
  // "kappa / sqrt p < 1" is said of it.
  CHECK(exit_of_altered([&](Family& f) {
          statement(f).kappa = std::sqrt(static_cast<double>(statement(f).p));
        }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).kappa = 1e308; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).margin = 0.01; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { statement(f).X_hash[5] ^= 1; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { std::swap(statement(f).X_hash, statement(f).y_hash); }) ==
        fails);
  // The members: other seeds, other hashes, other numbers, one that is missing.
  CHECK(exit_of_altered([&](Family& f) { f.members[1].certificate.reset(); }) == undecided);
  CHECK(exit_of_altered([&](Family& f) { f.members[0].certificate->hash[9] ^= 1; }) == malformed);
  CHECK(exit_of_altered([&](Family& f) { f.members[2].certificate->statement.alpha *= 1.5; }) ==
        fails);
  CHECK(exit_of_altered([&](Family& f) { f.members[2].certificate->checkpoint += 1; }) == fails);
  CHECK(exit_of_altered([&](Family& f) { f.members[2].certificate->radius = 1; }) == fails);
  CHECK(exit_of_altered([&](Family& f) {
          std::swap(f.members[0].certificate, f.members[1].certificate);
        }) == malformed);
}

TEST_CASE("A member that is right in itself is not accepted in the place of another", "[check]") {
  REQUIRE(exit_with_member([](RunCertificate&) {}) == proved);
  const RunCertificate first = read_certificate(three() / member_folder(1));
  // The network of another seed: a choice of seeds, were it accepted.
  CHECK(exit_with_member([&](RunCertificate& c) { c = first; }) == fails);
  // One that claims less than was declared.
  CHECK(exit_with_member([](RunCertificate& c) { c.whole_run.decay.reset(); }) == fails);
  CHECK(exit_with_member([](RunCertificate& c) { c.whole_run.no_alignment.reset(); }) == fails);
  CHECK(exit_with_member([](RunCertificate& c) { c.whole_run.no_alignment->kappa *= 1.1; }) ==
        fails);
  // One whose own claim is false.
  CHECK(exit_with_member([](RunCertificate& c) { c.leg.statement.error /= 2; }) == fails);
  // Initial data that were moved by so little that nothing else sees it.
  CHECK(exit_with_member([](RunCertificate& c) { c.start.beta.values[3] += 1e-13; }) == fails);
  CHECK(exit_with_member([](RunCertificate& c) { c.start.b.values[3] += 1e-13; }) == fails);
  CHECK(exit_with_member([](RunCertificate& c) { c.start.W.values[3] += 1e-13; }) == fails);
}

TEST_CASE("A family from checkpoints is conditional, and its feedback is that of the seeds",
          "[check]") {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "family";
  FamilyRequest request = small_family(2);
  request.search.kind = CertificateKind::from_checkpoint;
  make(request, folder);
  const CheckReceipt receipt = check(folder);
  INFO(said(receipt));
  CHECK(receipt.accepted());
  CHECK(receipt.conditional());
  fs::remove_all(folder / member_folder(1));
  fs::copy(folder / member_folder(2), folder / member_folder(1));
  FamilyCertificate family = family_from(read_file(folder / "family.json"));
  family.members[0] = family.members[1];
  write_family(folder, family);
  CHECK(check(folder).exit_status() == fails);
}

TEST_CASE("A folder of a family has nothing but the family", "[check]") {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "copy";
  fs::copy(three(), folder, fs::copy_options::recursive);
  SECTION("another file") {
    write_file(folder / "notes.txt", "x");
  }
  SECTION("a folder that no seed names") {
    fs::create_directory(folder / "seed-01");
  }
  SECTION("a file in the place of a member") {
    fs::remove_all(folder / member_folder(2));
    write_file(folder / member_folder(2), "x");
  }
  SECTION("a member that is gone") {
    fs::remove_all(folder / member_folder(2));
  }
  SECTION("another version") {
    std::string text = read_file(folder / "family.json");
    text.replace(text.find("\"version\": 1"), 12, "\"version\": 2");
    write_file(folder / "family.json", text);
  }
  SECTION("a field too many") {
    std::string text = read_file(folder / "family.json");
    text.replace(text.find("\"seeds\""), 7, "\"more\": 1, \"seeds\"");
    write_file(folder / "family.json", text);
  }
  const CheckReceipt receipt = check(folder);
  CHECK(receipt.exit_status() == malformed);
  CHECK(receipt.lines().size() == 1);
}
