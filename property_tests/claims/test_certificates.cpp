// SPDX-License-Identifier: Apache-2.0
// Certificates beside the runs of a row, and how a claim from outside asks for its own.
#include <alignproof/claims/certificates.hpp>

#include <cmath>
#include <set>
#include <utility>

#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>

#include "claims/filled.hpp"
#include "core/formal_stub.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, undecided = VerdictKind::undecided;

template <Route route>
Receipt<route> receipt(const char* script) {
  return Receipt<route>::obtain(ALIGNPROOF_TEST_DATA "/core/" + std::string(script), ".", "5eed");
}

Verdict proved(const char* script) {
  return Verdict::proved(receipt<Route::checker>(script));
}

/// A small instance of which T1 and T2 can be proved.
CertificateCase small_case(const std::string& id) {
  CertificateCase c;
  c.id = id;
  c.data = make_data({Inputs::sphere, Targets::linear, 2, 10, 1, Activation::tanh});
  c.network = {60, Activation::tanh, 0.2, {}, 400, 0};
  c.wanted = {ForAllTime::decay, ForAllTime::no_alignment};
  return c;
}

/// Three certificates beside runs that hold, after `change` of the records.
ClaimRow row_of(const std::function<void(CertificateRecord&)>& change) {
  const TemporaryFolder folder;
  Settings settings;
  settings.certificates = folder.path();
  Claim claim;
  claim.plan = [](Study& study) -> Conclusion {
    std::vector<Handle<CertificateRecord>> certificates;
    for (const char* id : {"a", "b", "c"})
      certificates.push_back(want_certificate(study, small_case(id)));
    return [certificates](ClaimRow& row) {
      row.verdict = Verdict::holds("runs"), row.instances = 2;
      add_certified(certificates, row);
    };
  };
  return filled_row(
      claim,
      [&](AskedWork& work) {
        auto& record = *work.as<CertificateRecord>();
        record.verdict = proved("says_proved_from_start");
        record.premises = {{premise::smooth, true, "spoilt"}};
        change(record);
      },
      [](AskedBatch&) {}, settings);
}

ClaimRow with_b(const std::function<void(CertificateRecord&)>& change) {
  return row_of([&](CertificateRecord& record) {
    if (record.id == "b") change(record);
  });
}

void beyond(CertificateRecord& record) {
  record.premises.front().held = false;
}

}  // namespace

TEST_CASE("only certificates inside the premises are counted, the others are named", "[claims]") {
  const ClaimRow row = with_b(beyond);
  CHECK(row.verdict.kind() == holds);
  CHECK_THAT(row.verdict.detail(),
             Catch::StartsWith("proved on 2 of 2 instances inside the premises, and beyond them on "
                               "1 of 1: b; tested: runs"));
  CHECK(row.instances == 2 + 2);
  REQUIRE(row.results.size() == 3);
  CHECK_THAT(row.results[1].name, Catch::EndsWith("beyond the theorem: spoilt"));
  CHECK(row_of(beyond).instances == 2);
  CHECK_THAT(row_of(beyond).verdict.detail(), Catch::Contains("proved on 0 of 0 instances inside"));
}

TEST_CASE("a certificate that is not proved for all time counts against its row", "[claims]") {
  const auto refuse = [](CertificateRecord& r) { r.verdict = Verdict::undecided("refused"); };
  const auto conditional = [](CertificateRecord& r) { r.verdict = proved("says_proved"); };
  CHECK(with_b([](CertificateRecord&) {}).verdict.kind() == holds);
  CHECK(with_b(refuse).verdict.kind() == undecided);
  CHECK(with_b(conditional).verdict.kind() == undecided);
  CHECK_THAT(with_b(conditional).verdict.detail(), Catch::StartsWith("proved on 2 of 3"));
  // Beyond the theorem nothing is claimed.
  CHECK(with_b([&](CertificateRecord& r) { refuse(r), beyond(r); }).verdict.kind() == holds);
}

TEST_CASE("an instance of one's own is proved by the checker, or says what is missing",
          "[claims]") {
  const TemporaryFolder folder;
  Settings settings;
  settings.certificates = folder.path();
  settings.checker = ALIGNPROOF_CHECK_PROGRAM;
  Progress silent;
  Study study(settings, silent);
  const Handle<CertificateRecord> fine = want_certificate(study, small_case("fine"));
  CertificateCase impossible = small_case("impossible");
  impossible.wanted = {ForAllTime::alignment};  // without a penalty
  impossible.seeds = 2;
  const auto none = want_certificate(study, impossible);
  study.run();
  CHECK(fine->verdict.text() == "proved (checker)");
  CHECK(fine->alpha > 0);
  CHECK(fine->T1);
  CHECK(fine->tries == 1);
  CHECK_THAT(fine->replay, Catch::StartsWith("alignproof certify"));
  CHECK(std::filesystem::exists(folder.path() / "fine" / "certificate.json"));
  CHECK(none->verdict.kind() == undecided);
  CHECK_THAT(none->verdict.detail(), Catch::StartsWith("2 seeds tried; the last: "));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "impossible"));
  // The page that stands beside the folder of the certificates leads to this one alone.
  Report report;
  report.rows.emplace_back();
  add_certified({fine, none}, report.rows.back());
  const std::string page = to_html(report), link = "class=\"certificate\" href=\"";
  std::set<std::string> addresses;
  for (std::size_t at = page.find(link); at != std::string::npos; at = page.find(link, at + 1)) {
    const std::size_t begin = at + link.size();
    addresses.insert(page.substr(begin, page.find('"', begin) - begin));
  }
  REQUIRE(addresses.size() == 1);
  const auto beside = folder.path().parent_path() / *addresses.begin();
  CHECK(std::filesystem::equivalent(beside, folder.path() / "fine"));
  CHECK(std::filesystem::exists(beside / "certificate.json"));
}

TEST_CASE("where there is a formal checker, it is asked about the same folder", "[claims]") {
  const TemporaryFolder folder;
  const auto verdict_with = [&](const std::string& act, std::size_t jobs) {
    Settings settings;
    settings.jobs = jobs;
    settings.certificates = folder.path() / "certificates";
    settings.checker = ALIGNPROOF_CHECK_PROGRAM;
    settings.formal_checker = write_stub(folder.path() / "formal", act);
    Progress silent;
    Study study(settings, silent);
    const auto record = want_certificate(study, small_case("fine"));
    study.run();
    return record->verdict.text();
  };
  for (const std::size_t jobs : {1, 3}) {
    CHECK(verdict_with(stub::accepts, jobs) == "proved (checker, formal)");
    CHECK(verdict_with(stub::cannot_decide, jobs) ==
          "proved (checker; formal: undecided: left open: (A.10))");
    for (const std::string& act : {stub::calls_malformed, stub::breaks, stub::crashes})
      CHECK_THROWS_WITH(verdict_with(act, jobs), Catch::Contains("certificates/fine'"));
  }
}

TEST_CASE("a profile says up to which work the formal checker is asked", "[claims]") {
  const TemporaryFolder folder;
  const auto verdict_with = [&](double most) {
    Settings settings;
    settings.profile.certificates.formal_work = most;
    settings.certificates = folder.path() / "certificates";
    settings.checker = ALIGNPROOF_CHECK_PROGRAM;
    settings.formal_checker = write_stub(folder.path() / "formal", stub::accepts);
    Progress silent;
    Study study(settings, silent);
    const auto record = want_certificate(study, small_case("fine"));
    study.run();
    const auto certificate = read_certificate(settings.certificates / "fine");
    const double work =
        static_cast<double>(certificate.start.b.rows() * certificate.start.X.rows() *
                            certificate.leg.checkpoint);
    CHECK(work > 0);
    return std::pair(work, record->verdict.text());
  };
  const double work = verdict_with(INFINITY).first;
  CHECK(verdict_with(work).second == "proved (checker, formal)");
  CHECK(verdict_with(work - 1).second == "proved (checker)");
  CHECK(std::isinf(profile_named("standard").certificates.formal_work));
  CHECK(std::isinf(profile_named("full").certificates.formal_work));
}

TEST_CASE("a row says of how many instances the formal checker proves the certificate too",
          "[claims]") {
  const Verdict both = Verdict::proved(receipt<Route::checker>("says_proved_from_start"),
                                       receipt<Route::formal>("formally_proved_from_start"));
  const ClaimRow row = with_b([&](CertificateRecord& r) { r.verdict = both; });
  CHECK_THAT(row.verdict.detail(),
             Catch::StartsWith("proved on 3 of 3 instances inside the premises (on 1 by the formal "
                               "checker too); tested: runs"));
  const ClaimRow T1 = with_b([&](CertificateRecord& r) { r.verdict = both, r.T1 = true; });
  CHECK_THAT(T1.verdict.detail(),
             Catch::Contains("on 1 by the formal checker too, gamma of T1 taken as a number)"));
  CHECK_THAT(with_b([](CertificateRecord&) {}).verdict.detail(),
             Catch::StartsWith("proved on 3 of 3 instances inside the premises; tested"));
}

TEST_CASE("a certificate's folder is cleared of its own kind alone, before any work", "[claims]") {
  const TemporaryFolder folder;
  Settings settings;
  settings.certificates = folder.path();
  const auto plan = [&](const std::string& id) {
    Progress silent;
    Study study(settings, silent);
    want_certificate(study, small_case(id));
  };
  std::filesystem::create_directory(folder.path() / "old");
  write_file(folder.path() / "old" / "certificate.json", "{}");
  plan("old");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "old"));
  std::filesystem::create_directory(folder.path() / "theirs");
  write_file(folder.path() / "theirs" / "letter.txt", "");
  CHECK_THROWS_AS(plan("theirs"), InputError);
  CHECK(std::filesystem::exists(folder.path() / "theirs" / "letter.txt"));
  for (const char* id : {"", ".", "..", "a/b", "../theirs", "-x"})
    CHECK_THROWS_AS(plan(id), InputError);
}
