// SPDX-License-Identifier: Apache-2.0
// Certificate folders: they read back exactly, and everything malformed is rejected by name.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "format/edit_certificate.hpp"
#include "format/json_schema.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::edit;
using test::Json;
namespace fs = std::filesystem;

namespace {

double real() {
  return *rc::gen::arbitrary<double>();
}

Array reals(std::vector<std::size_t> shape) {
  Array array(std::move(shape));
  for (double& value : array.values) value = real();
  return array;
}

Leg arbitrary_leg(std::size_t checkpoint) {
  return {checkpoint,
          {real(), real(), real(), real()},
          {real(), real(), real(), real(), real(), real()}};
}

Penalty arbitrary_penalty() {
  const Decay decay = *rc::gen::element(Decay::constant, Decay::geometric, Decay::inverse_square);
  const double scale = decay == Decay::constant ? 1 : *rc::gen::element(0.5, 0x1p-1000, 0.999);
  return {std::abs(real()), *rc::gen::element<std::size_t>(0, 3, 1000000, Penalty::never), decay,
          scale};
}

std::vector<TimeClaim> arbitrary_times() {
  std::vector<TimeClaim> times(*rc::gen::inRange<std::size_t>(0, 4));
  for (TimeClaim& time : times)
    time = {real(), *rc::gen::arbitrary<std::size_t>(), *rc::gen::arbitrary<std::size_t>()};
  return times;
}

WholeRun arbitrary_whole_run(std::size_t p, std::size_t checkpoint, bool penalty) {
  WholeRun run{real(), real(), reals({checkpoint + 1, 2}), {}, {}, {}};
  const auto coin = [] { return *rc::gen::arbitrary<bool>(); };
  if (!penalty && coin()) run.decay = {real(), real()};
  if (!penalty && coin()) run.no_alignment = {real()};
  if (penalty && coin())
    run.alignment = {real(), arbitrary_leg(*rc::gen::inRange<std::size_t>(0, 9))};
  if (coin()) run.rows = {reals({p, 2}), {}};
  if (run.rows && run.decay && coin()) run.rows->published = {real(), real()};
  if (coin()) run.limit = {reals({p}), real()};
  run.times = arbitrary_times();
  return run;
}

/// The format knows no mathematics: any finite numbers will do.
RunCertificate arbitrary_certificate() {
  const auto size = rc::gen::inRange<std::size_t>(1, 6);
  const std::size_t n = *size, d = *size, p = *size;
  RunCertificate c;
  const Activation activation = *rc::gen::elementOf(
      std::vector<Activation>(std::begin(all_activations), std::end(all_activations)));
  c.start = test::from_checkpoint(activation, real(), reals({n, d}), reals({n}), reals({p}),
                                  reals({p, n}), reals({p}));
  c.radius = real();
  if (*rc::gen::arbitrary<bool>()) {
    c.start.kind = CertificateKind::from_initialisation;
    c.start.A = {};
    c.start.W = reals({p, d});
    if (*rc::gen::arbitrary<bool>()) c.start.penalty = arbitrary_penalty();
    c.leg = arbitrary_leg(*rc::gen::inRange<std::size_t>(0, 9));
    c.whole_run = arbitrary_whole_run(p, c.leg.checkpoint, c.start.penalty.lambda != 0);
  } else {
    c.leg = arbitrary_leg(0);
  }
  c.origin = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
      rc::gen::pair(rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)),
                    rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127))));
  return c;
}

RunCertificate fixed_certificate() {
  RunCertificate c;
  c.start = test::from_checkpoint(Activation::tanh, 0.1, Array({2, 3}), Array({2}), Array({4}),
                                  Array({4, 2}), Array({4}));
  c.leg.witness = {0.1, 0.2, 0.3, 0.4};
  c.leg.statement = {0.01, 1, 2, 3, -0.5, 0.5};
  c.origin = {{"seed", "7"}};
  return c;
}

/// From the initialisation, with a penalty and T3, or without and with T1 and T2.
RunCertificate fixed_whole_run(bool penalty) {
  RunCertificate c = fixed_certificate();
  c.start.kind = CertificateKind::from_initialisation;
  c.start.A = {};
  c.start.W = Array({4, 3});
  c.leg.checkpoint = 5;
  c.whole_run.errors = Array({6, 2});
  if (penalty) {
    c.start.penalty = {1, 4};
    c.whole_run.alignment = {0.05, c.leg};
  } else {
    c.whole_run.decay = {0.1, 0.2};
    c.whole_run.no_alignment = {4};
  }
  return c;
}

/// With all that is new in version 3.
RunCertificate fixed_new() {
  RunCertificate c = fixed_whole_run(false);
  c.whole_run.rows = {Array({4, 2}), PublishedDisplacements{1, 2}};
  c.whole_run.limit = {Array({4}), 0.5};
  c.whole_run.times = {{0.1, 3, 7}, {0.01, 6, 90}};
  return c;
}

void require_equal(const Leg& a, const Leg& b) {
  RC_ASSERT(a.checkpoint == b.checkpoint);
  const SpectralWitness &v = a.witness, &w = b.witness;
  RC_ASSERT(v.M_min == w.M_min && v.M_max == w.M_max && v.G_max == w.G_max && v.K_norm == w.K_norm);
  const Statement &x = a.statement, &y = b.statement;
  RC_ASSERT(x.alpha == y.alpha && x.error == y.error);
  RC_ASSERT(x.beta_displacement == y.beta_displacement && x.A_displacement == y.A_displacement);
  RC_ASSERT(x.cos_min == y.cos_min && x.cos_max == y.cos_max);
}

void require_equal(const RunCertificate& a, const RunCertificate& b) {
  const Start &s = a.start, &t = b.start;
  RC_ASSERT(s.kind == t.kind && s.activation == t.activation && s.eta == t.eta);
  RC_ASSERT(s.penalty == t.penalty);
  RC_ASSERT(s.X == t.X && s.y == t.y && s.b == t.b && s.beta == t.beta);
  RC_ASSERT(s.W == t.W && s.A == t.A);
  RC_ASSERT(a.radius == b.radius);
  require_equal(a.leg, b.leg);
  const WholeRun &x = a.whole_run, &y = b.whole_run;
  RC_ASSERT(x.beta_displacement == y.beta_displacement && x.A_displacement == y.A_displacement);
  RC_ASSERT(x.errors == y.errors);
  RC_ASSERT(x.decay.has_value() == y.decay.has_value());
  if (x.decay)
    RC_ASSERT(x.decay->gamma_min == y.decay->gamma_min && x.decay->gamma_max == y.decay->gamma_max);
  RC_ASSERT(x.no_alignment.has_value() == y.no_alignment.has_value());
  if (x.no_alignment) RC_ASSERT(x.no_alignment->kappa == y.no_alignment->kappa);
  RC_ASSERT(x.alignment.has_value() == y.alignment.has_value());
  if (x.alignment) {
    RC_ASSERT(x.alignment->margin == y.alignment->margin);
    require_equal(x.alignment->twin, y.alignment->twin);
  }
  RC_ASSERT(x.rows.has_value() == y.rows.has_value());
  if (x.rows) {
    RC_ASSERT(x.rows->bounds == y.rows->bounds);
    RC_ASSERT(x.rows->published.has_value() == y.rows->published.has_value());
    if (const auto& published = x.rows->published)
      RC_ASSERT(published->c1 == y.rows->published->c1 && published->c2 == y.rows->published->c2);
  }
  RC_ASSERT(x.limit.has_value() == y.limit.has_value());
  if (x.limit)
    RC_ASSERT(x.limit->centre == y.limit->centre && x.limit->distance == y.limit->distance);
  RC_ASSERT(x.times.size() == y.times.size());
  for (std::size_t k = 0; k < x.times.size(); ++k)
    RC_ASSERT(x.times[k].threshold == y.times[k].threshold &&
              x.times[k].lower == y.times[k].lower && x.times[k].upper == y.times[k].upper);
  RC_ASSERT(a.origin == b.origin);
}

/// A written certificate, changed and read again.
void reject_after(const std::function<void(const fs::path&)>& change, const std::string& message) {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_certificate(folder, fixed_certificate());
  REQUIRE_NOTHROW(read_certificate(folder));
  change(folder);
  CHECK_THROWS_AS(read_certificate(folder), InputError);
  CHECK_THROWS_WITH(read_certificate(folder), Catch::Contains(message));
}

void reject_edit(const std::string& file, const std::function<void(Json&)>& change,
                 const std::string& message) {
  reject_after([&](const fs::path& folder) { edit(folder, file, change); }, message);
}

void reject_main(const std::function<void(Json&)>& change, const std::string& message) {
  reject_edit("certificate.json", change, message);
}

}  // namespace

void reject(const RunCertificate& certificate, const std::function<void(Json&)>& change,
            const std::string& message) {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_certificate(folder, certificate);
  REQUIRE_NOTHROW(read_certificate(folder));
  edit(folder, "certificate.json", change);
  CHECK_THROWS_AS(read_certificate(folder), InputError);
  CHECK_THROWS_WITH(read_certificate(folder), Catch::Contains(message));
}

void reject_whole_run(bool penalty, const std::function<void(Json&)>& change,
                      const std::string& message) {
  reject(fixed_whole_run(penalty), change, message);
}

TEST_CASE("a certificate reads back exactly", "[format][certificate][property]") {
  check_property("any finite numbers, any texts", [] {
    const test::TemporaryFolder temporary;
    const RunCertificate certificate = arbitrary_certificate();
    write_certificate(temporary.path() / "c", certificate);
    require_equal(read_certificate(temporary.path() / "c"), certificate);
  });
}

TEST_CASE("what has nothing new is written as version 2, byte for byte", "[format][certificate]") {
  // SHA-256 of certificate.json and claim.json as the programs before version 3 wrote them.
  const std::tuple<RunCertificate, const char*, const char*> earlier[] = {
      {fixed_certificate(), "f6978a9ba782ee894a6fb038722f2bc65fc647ce5d2069fb9ae9ba5c74ee8045",
       "6aa37dcfab7bf975fd117317d86f4b972187252fe2073dbf11bf7aa5b2f23447"},
      {fixed_whole_run(false), "e3bccd8fdee0161404744bc691cbc29120b914259d2f8650f7aa11b69660062d",
       "b6594775f1c41b462f0ccb837f1b97f5bea361ea843c6d7d9ca4b1f10e54ee36"},
      {fixed_whole_run(true), "0924b26633535ba17f17aee25bee2f912f7c049a28f3e46248798c1cf0a00940",
       "3fa6fe217e081b019cc92573cfbac37639a086baa699de580a4719aca372fc11"}};
  for (const auto& [certificate, main, claim] : earlier) {
    CHECK(version_of(certificate) == 2);
    const test::TemporaryFolder temporary;
    write_certificate(temporary.path() / "c", certificate);
    CHECK(sha256_of_file(temporary.path() / "c" / "certificate.json") == main);
    CHECK(sha256_of_file(temporary.path() / "c" / "claim.json") == claim);
    CHECK(test::load(temporary.path() / "c" / "provenance.json")["version"] == 2);
  }
}

TEST_CASE("each of what is new makes version 3, and no other version is read",
          "[format][certificate]") {
  const std::function<void(WholeRun&)> news[] = {
      [](WholeRun& run) { run.rows = fixed_new().whole_run.rows; },
      [](WholeRun& run) { run.limit = fixed_new().whole_run.limit; },
      [](WholeRun& run) {
        run.times = {{0.5, 0, 9}};
      }};
  for (const auto& add : news) {
    RunCertificate c = fixed_whole_run(false);
    add(c.whole_run);
    CHECK(version_of(c) == 3);
    const test::TemporaryFolder temporary;
    write_certificate(temporary.path() / "c", c);
    for (const char* file : {"certificate.json", "claim.json", "provenance.json"})
      CHECK(test::load(temporary.path() / "c" / file)["version"] == 3);
    const WholeRun run = read_certificate(temporary.path() / "c").whole_run;
    CHECK(run.rows.has_value() == c.whole_run.rows.has_value());
    CHECK(run.limit.has_value() == c.whole_run.limit.has_value());
    CHECK(run.times.size() == c.whole_run.times.size());
    reject(
        c, [](Json& j) { j["version"] = 2; }, "version = ");
  }
  // What is of the other version would have two spellings.
  for (const auto& [version, certificate] :
       {std::pair{2, fixed_new()}, std::pair{3, fixed_whole_run(true)}}) {
    const test::TemporaryFolder temporary;
    const fs::path folder = temporary.path() / "c";
    write_certificate(folder, certificate);
    for (const char* file : {"claim.json", "certificate.json", "provenance.json"})
      edit(folder, file, [version = version](Json& j) { j["version"] = version; });
    CHECK_THROWS_WITH(read_certificate(folder),
                      Catch::Contains("certificate.json: version = " + std::to_string(version)));
  }
  for (const auto& [wrong, words] : std::vector<std::pair<Json, std::string>>{
           {1, "1"}, {4, "4"}, {"3", "\"3\""}, {3.0, "3.0"}, {-3, "-3"}, {nullptr, "(missing)"}})
    for (const RunCertificate& c : {fixed_new(), fixed_whole_run(true), fixed_certificate()})
      reject(
          c, [&wrong = wrong](Json& j) { j["version"] = wrong; },
          "certificate.json: version = " + words + " is not accepted: give 2 or 3");
  reject(
      fixed_new(), [](Json& j) { j.erase("version"); },
      "certificate.json: version = (missing) is not accepted: give 2 or 3");
}

TEST_CASE("the schema describes certificates of both versions", "[format][certificate]") {
  const test::Schema schema(
      test::load(ALIGNPROOF_SOURCE_DIR "/reports/schema/certificate.schema.json"));
  for (const RunCertificate& c :
       {fixed_certificate(), fixed_whole_run(false), fixed_whole_run(true), fixed_new()}) {
    const test::TemporaryFolder temporary;
    write_certificate(temporary.path() / "c", c);
    for (const char* file : {"certificate.json", "claim.json", "provenance.json"}) {
      Json json = test::load(temporary.path() / "c" / file);
      INFO(file);
      CHECK(schema.complaint(json) == "");
      json["version"] = 4;
      CHECK(schema.complaint(json) != "");
    }
    if (version_of(c) == 2) continue;
    Json json = test::load(temporary.path() / "c" / "certificate.json");
    json["whole_run"]["times"][0].erase("upper");
    CHECK(schema.complaint(json) != "");
    json = test::load(temporary.path() / "c" / "certificate.json");
    json["whole_run"]["rows"]["T1"]["c3"] = json["whole_run"]["rows"]["T1"]["c1"];
    CHECK(schema.complaint(json) != "");
  }
}

TEST_CASE("claims of version 3 that are not well-formed", "[format][certificate]") {
  const auto refuse = [](const std::function<void(Json&)>& change, const std::string& message) {
    reject(
        fixed_new(), [&](Json& j) { change(j["whole_run"]); }, message);
  };
  refuse([](Json& run) { run["rows"]["T1"].erase("c2"); }, "rows.T1.c2");
  refuse([](Json& run) { run["rows"].erase("T1"); }, "rows.T1");
  refuse([](Json& run) { run["rows"] = nullptr; }, "rows");
  refuse([](Json& run) { run["rows"]["T1"]["c1"] = 1.5; }, "rows.T1.c1");
  refuse([](Json& run) { run["T1"] = nullptr; }, "T1 of the rows");
  refuse([](Json& run) { run["limit"]["centre"] = 1; }, "limit.unknown field");
  refuse([](Json& run) { run["limit"].erase("distance"); }, "limit.distance");
  refuse([](Json& run) { run["times"] = Json::array(); }, "times = []");
  refuse([](Json& run) { run["times"] = Json::object(); }, "times");
  refuse([](Json& run) { run["times"][1]["lower"] = -1; }, "times.lower");
  refuse([](Json& run) { run["times"][1]["upper"] = 1.5; }, "times.upper");
  refuse([](Json& run) { run["times"][0].erase("threshold"); }, "times.threshold");
  refuse([](Json& run) { run["times"][0]["threshold"] = "nan"; }, "times.threshold");
  refuse([](Json& run) { run["times"][0]["first"] = 1; }, "times.unknown field");
  refuse([](Json& run) { run["times"] = std::vector<Json>(101, run["times"][0]); }, "at most 100");
  // A claim and its array come together.
  refuse([](Json& run) { run.erase("rows"); }, "'rows.npy'");
  refuse([](Json& run) { run.erase("limit"); }, "'limit.npy'");
  reject(
      fixed_new(), [](Json& j) { j["arrays"].erase("rows"); }, "arrays.rows");
  reject(
      fixed_new(),
      [](Json& j) {
        j["arrays"]["rows"]["shape"] = {2, 4};
      },
      "arrays.rows.shape");
  reject(
      fixed_new(), [](Json& j) { j["arrays"]["limit"]["file"] = "beta.npy"; }, "arrays.limit.file");
  reject(
      fixed_whole_run(false),
      [](Json& j) {
        j["whole_run"]["rows"] = {{"T1", nullptr}};
      },
      "rows.npy = (missing)");
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_certificate(folder, fixed_new());
  for (const char* file : {"rows.npy", "limit.npy"}) {
    const std::string bytes = read_file(folder / file);
    fs::remove(folder / file);
    CHECK_THROWS_WITH(read_certificate(folder), Catch::Contains(file));
    write_file(folder / file, bytes + "?");
    CHECK_THROWS_WITH(read_certificate(folder),
                      Catch::Contains(std::string(file) + " was altered"));
    write_file(folder / file, bytes);
  }
  CHECK_NOTHROW(read_certificate(folder));
  // The claim for people says the same.
  edit(folder, "claim.json", [](Json& j) { j["values"]["whole_run"]["times"][0]["upper"] = 8; });
  CHECK_THROWS_WITH(read_certificate(folder), Catch::Contains("times"));
  // A double that compares equal is another spelling, and beyond 2^53 another number.
  edit(folder, "claim.json", [](Json& j) { j["values"]["whole_run"]["times"][0]["upper"] = 7.0; });
  CHECK_THROWS_WITH(read_certificate(folder), Catch::Contains("times"));
  RunCertificate drift = fixed_new();
  drift.leg.form = ClosingForm::second_order_drift, drift.leg.S = 1, drift.leg.linear_drift = 2;
  reject(
      drift, [](Json& j) { j["leg"]["closing"].erase("linear_drift"); },
      "leg.closing.linear_drift = (missing) is not accepted: give a number in this form");
}

TEST_CASE("files that are missing, unknown or changed are rejected", "[format][certificate]") {
  for (const char* file : {"claim.json", "certificate.json", "provenance.json", "X.npy", "y.npy",
                           "b.npy", "A.npy", "beta.npy"}) {
    reject_after([&](const fs::path& f) { fs::remove(f / file); }, file);
    reject_after(
        [&](const fs::path& f) {
          fs::rename(f / file, f / "elsewhere");
          fs::create_symlink("elsewhere", f / file);
        },
        "only plain files");
    reject_after(
        [&](const fs::path& f) {
          fs::remove(f / file);
          fs::create_directory(f / file);
        },
        file);
  }
  for (const char* file : {"claim.json", "certificate.json", "X.npy", "beta.npy"})
    reject_after([&](const fs::path& f) { write_file(f / file, read_file(f / file) + "\n"); },
                 "sha256");
  reject_after([](const fs::path& f) { write_file(f / "notes.txt", ""); }, "'notes.txt'");
  CHECK_THROWS_AS(read_certificate("/nonexistent"), InputError);
}

TEST_CASE("every changed byte is noticed", "[format][certificate][property]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_certificate(folder, fixed_certificate());
  check_property("in every file but provenance.json", [&] {
    const fs::path file = folder / *rc::gen::element<std::string>("claim.json", "certificate.json",
                                                                  "X.npy", "A.npy", "beta.npy");
    const std::string before = read_file(file);
    std::string after = before;
    char& byte = after[*rc::gen::inRange<std::size_t>(0, after.size())];
    byte = static_cast<char>(byte ^ *rc::gen::inRange<int>(1, 128));
    write_file(file, after);
    RC_ASSERT_THROWS_AS(read_certificate(folder), InputError);
    write_file(file, before);
  });
}

TEST_CASE("fields that are missing, unknown or of the wrong type", "[format][certificate]") {
  for (const char* field :
       {"format", "version", "kind", "activation", "n", "d", "p", "eta", "radius", "leg"}) {
    reject_main([&](Json& j) { j.erase(field); }, field);
    for (const Json& wrong :
         {Json(nullptr), Json(true), Json(-1), Json(1.5), Json("?"), Json::array(), Json::object()})
      reject_main([&](Json& j) { j[field] = wrong; }, field);
  }
  reject_main([](Json& j) { j["note"] = 1; }, "\"note\"");
  reject_main([](Json& j) { j["leg"]["witness"]["M"] = "0x1p+0"; }, "witness.unknown field");
  reject_main([](Json& j) { j["leg"]["statement"].erase("cos_min"); }, "statement.cos_min");
  reject_main([](Json& j) { j["leg"]["checkpoint"] = 3; }, "checkpoint");
  reject_main([](Json& j) { j["arrays"]["W"] = j["arrays"]["X"]; }, "\"W\"");
  reject_main([](Json& j) { j["arrays"]["X"]["dtype"] = "<f8"; }, "arrays.X.unknown field");
  reject_main([](Json& j) { j["version"] = 1; }, "version = 1");
  reject_main([](Json& j) { j["format"] = "certificate"; }, "\"certificate\"");
  reject_main([](Json& j) { j["kind"] = "from-initialisation"; }, "W.npy");
  reject_main([](Json& j) { j["kind"] = "from-nowhere"; }, "from-nowhere");
  reject_main([](Json& j) { j["activation"] = "Step"; }, "a-z, 0-9, _ and -, a letter first");
  reject_main([](Json& j) { j["penalty"] = 0; }, "\"penalty\"");
  reject_edit(
      "claim.json", [](Json& j) { j = Json::array({j}); }, "an object of");
}

TEST_CASE("claims that do not belong to their certificate", "[format][certificate]") {
  const auto twin = [](Json& j) -> Json& { return j["whole_run"]["T3"]["twin"]; };
  for (bool penalty : {false, true}) {
    for (const char* field : {"beta_displacement", "A_displacement", "T1", "T2", "T3"})
      reject_whole_run(
          penalty, [&](Json& j) { j["whole_run"].erase(field); }, field);
    for (const char* field : {"lambda", "cut", "decay", "scale"})
      reject_whole_run(
          penalty, [&](Json& j) { j["penalty"].erase(field); }, field);
    reject_whole_run(
        penalty, [](Json& j) { j["penalty"]["cut"] = -1; }, "penalty.cut");
    reject_whole_run(
        penalty, [](Json& j) { j["penalty"]["cut"] = Penalty::never; }, "null");
    reject_whole_run(
        penalty, [](Json& j) { j["leg"]["checkpoint"] = 6; }, "errors.shape");
    reject_whole_run(
        penalty, [](Json& j) { j["leg"]["checkpoint"] = Leg::largest_checkpoint + 1; }, "at most");
    reject_whole_run(
        penalty, [](Json& j) { j["kind"] = "from-checkpoint"; }, "A.npy");
  }
  reject_whole_run(
      false, [](Json& j) { j["penalty"]["lambda"] = "0x1p+0"; }, "T1");
  reject_whole_run(
      false,
      [](Json& j) {
        j["penalty"]["lambda"] = "0x1p+0";
        j["whole_run"]["T1"] = nullptr;
      },
      "T2");
  // 0 (-3)^t is no number once the power overflows.
  reject_whole_run(
      false,
      [](Json& j) {
        j["penalty"]["decay"] = "geometric";
        j["penalty"]["scale"] = "-0x1.8p+1";
      },
      "scale");
  reject_whole_run(
      true, [](Json& j) { j["penalty"]["scale"] = "0x1p+1"; }, "scale");
  reject_whole_run(
      true, [](Json& j) { j["penalty"]["lambda"] = "-0x1p+0"; }, "lambda");
  reject_whole_run(
      true, [](Json& j) { j["penalty"]["lambda"] = "0x0p+0"; }, "T3");
  reject_whole_run(
      false, [](Json& j) { j["whole_run"]["T1"]["gamma"] = "0x0p+0"; }, "T1.unknown");
  reject_whole_run(
      false, [](Json& j) { j["whole_run"]["T2"] = "0x0p+0"; }, "T2");
  reject_whole_run(
      true, [&](Json& j) { twin(j).erase("witness"); }, "witness");
  reject_whole_run(
      true, [&](Json& j) { twin(j)["checkpoint"] = -1; }, "twin.checkpoint");
}

TEST_CASE("numbers that are no exact finite doubles", "[format][certificate]") {
  for (const char* text : {"nan", "inf", "-inf", "0.1", "0x1p+1024", "0x1.80p+0", "", " 0x1p+0"}) {
    reject_main([&](Json& j) { j["eta"] = text; }, "eta");
    reject_main([&](Json& j) { j["leg"]["statement"]["alpha"] = text; }, "statement.alpha");
    reject_main([&](Json& j) { j["leg"]["witness"]["K_norm"] = text; }, "witness.K_norm");
  }
  reject_main([](Json& j) { j["eta"] = 0.1; }, "eta");
}

TEST_CASE("shapes and file names", "[format][certificate]") {
  reject_main([](Json& j) { j["p"] = 5; }, "shape");
  reject_main([](Json& j) { j["d"] = 0; }, "d = 0");
  reject_main([](Json& j) { j["n"] = 2.0; }, "n = 2.0");
  reject_main([](Json& j) { j["arrays"]["A"]["shape"] = {2, 4}; }, "arrays.A.shape");
  reject_main([](Json& j) { j["arrays"]["y"]["shape"] = {-2}; }, "arrays.y.shape");
  reject_main([](Json& j) { j["arrays"]["y"]["shape"] = 2; }, "arrays.y.shape");
  for (const char* name : {"../X.npy", "/etc/passwd", "./X.npy", "X.npy/", "y.npy", ""})
    reject_main([&](Json& j) { j["arrays"]["X"]["file"] = name; }, "arrays.X.file");
  const auto replace = [](const char* name, const Array& array) {
    return [name, array](const fs::path& folder) {
      write_npy(folder / name, array);
      test::rehash(folder);
    };
  };
  reject_after(replace("beta.npy", Array({3})), "shape of beta");
  reject_after(replace("beta.npy", Array({4, 1})), "shape of beta");
  reject_after(replace("A.npy", Array({2, 4})), "shape of A");
  reject_after(replace("X.npy", Array({2, 2})), "shape of X");
}

TEST_CASE("arrays that are no arrays", "[format][certificate]") {
  const auto change_bytes = [](const std::function<void(std::string&)>& change) {
    return [change](const fs::path& folder) {
      std::string bytes = read_file(folder / "b.npy");
      change(bytes);
      write_file(folder / "b.npy", bytes);
      test::rehash(folder);
    };
  };
  reject_after(change_bytes([](std::string& s) { s.pop_back(); }), "b.npy");
  reject_after(change_bytes([](std::string& s) { s.clear(); }), "b.npy");
  reject_after(change_bytes([](std::string& s) { s.replace(s.size() - 2, 2, "\xf8\x7f"); }),
               "entry 3 = nan");
  reject_after(change_bytes([](std::string& s) { s.replace(s.size() - 2, 2, "\xf0\xff"); }),
               "entry 3 = -inf");
}

TEST_CASE("JSON that readers understand in different ways", "[format][certificate]") {
  const auto change_text = [](const char* file, const std::string& from, const std::string& to) {
    return [=](const fs::path& folder) {
      std::string text = read_file(folder / file);
      text.replace(text.find(from), from.size(), to);
      write_file(folder / file, text);
      // Not `rehash`: it would write the certificate again without what was put in.
      Json provenance = test::load(folder / "provenance.json");
      if (std::string(file) != "provenance.json") {
        provenance["sha256"][file] = sha256(text);
        test::store(folder / "provenance.json", provenance);
      }
    };
  };
  reject_after(change_text("certificate.json", "\"n\": 2", "\"n\": 2, \"n\": 2"), "repeated field");
  reject_after(change_text("certificate.json", "\"alpha\"", "\"alpha\": \"0x1p+0\", \"alpha\""),
               "repeated field");
  reject_after(change_text("provenance.json", "\"version\"", "\"version\": 1, \"version\""),
               "repeated field");
  reject_after(change_text("certificate.json", "{", "{ // comment\n"), "JSON");
  reject_after(change_text("certificate.json", "{", std::string(100000, '[')), "nesting");
  reject_after(change_text("certificate.json", "\"tanh\"", "\"t\xffnh\""), "JSON");
  reject_after(change_text("certificate.json", "\"n\": 2", "\"n\": 02"), "JSON");
  reject_after(change_text("certificate.json", "\"n\": 2", "\"n\": 1e999"), "JSON");
  // Other spellings of the same number, and a number of another sign.
  for (const char* number : {"2.0", "2e0", "-2"})
    reject_after(change_text("certificate.json", "\"n\": 2", std::string("\"n\": ") + number), "n");
  for (const char* number : {"2.0", "2e0", "-2"})
    reject_after(change_text("claim.json", "\"n\": 2", std::string("\"n\": ") + number), "n");
  for (const char* number : {"-0.0", "0", "-0"})
    reject_after(change_text("claim.json", "\"radius\": 0.0", std::string("\"radius\": ") + number),
                 "radius");
}

TEST_CASE("every byte of every JSON file counts", "[format][certificate]") {
  for (const char* file : {"claim.json", "certificate.json", "provenance.json"})
    for (const std::string& more : {std::string(1, '\0'), std::string("\0, \"proved\": true", 16),
                                    std::string("{}"), std::string("\x1a")}) {
      const auto append = [&](const fs::path& folder) {
        const std::string text = read_file(folder / file) + more;
        write_file(folder / file, text);
        if (std::string(file) == "provenance.json") return;
        Json provenance = test::load(folder / "provenance.json");
        provenance["sha256"][file] = sha256(text);
        test::store(folder / "provenance.json", provenance);
      };
      reject_after(append, std::string(file) + ": content");
    }
}

TEST_CASE("an altered file is said to be altered, not its hash to be wrong",
          "[format][certificate]") {
  const auto with_line_ends = [](const char* file) {
    return [file](const fs::path& folder) {
      std::string text = read_file(folder / file), converted;
      for (char c : text) converted += c == '\n' ? std::string("\r\n") : std::string(1, c);
      write_file(folder / file, converted);
    };
  };
  for (const char* file : {"claim.json", "certificate.json", "X.npy", "beta.npy"}) {
    const std::string expected =
        std::string(file) + " was altered since it was signed, perhaps its line ends";
    reject_after(with_line_ends(file), expected);
    reject_after([&](const fs::path& f) { write_file(f / file, read_file(f / file) + "\n"); },
                 expected);
  }
  // The hash in certificate.json, where the one in provenance.json was put right.
  reject_after(
      [&](const fs::path& folder) {
        write_npy(folder / "y.npy", Array({2}));
        Json main = test::load(folder / "certificate.json");
        main["arrays"]["y"]["sha256"] = std::string(64, '0');
        test::store(folder / "certificate.json", main);
        Json provenance = test::load(folder / "provenance.json");
        for (auto& [name, hash] : provenance["sha256"].items())
          hash = sha256_of_file(folder / name);
        test::store(folder / "provenance.json", provenance);
      },
      "y.npy was altered since it was signed");
}

TEST_CASE("the claim for people says what the certificate says", "[format][certificate]") {
  for (const char* name : {"n", "p", "eta", "activation", "radius"})
    reject_edit(
        "claim.json", [&](Json& j) { j["values"][name] = 17; }, name);
  for (const char* name : {"alpha", "error", "cos_max"})
    reject_edit(
        "claim.json", [&](Json& j) { j["values"]["leg"]["statement"][name] = 17; }, name);
  reject_edit(
      "claim.json", [](Json& j) { j["values"]["leg"]["statement"]["alpha"] = "0.01"; }, "alpha");
  reject_edit(
      "claim.json", [](Json& j) { j["statement"] = "all is well"; }, "all is well");
  reject_edit(
      "claim.json", [](Json& j) { j["conclusion"] = "proved"; }, "conclusion");
}

TEST_CASE("folders with the words of earlier programs are still read", "[format][certificate]") {
  const std::pair<std::string, std::string> words[] = {
      {" T2: for all t >= 0, b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa / sqrt(p) < 1.",
       " T2: for all t >= 0, |cos(b, beta(t))| <= kappa / sqrt(p)."},
      {"the cos_max of the twin, the run from the same data with lambda = 0; for all t >= 0, that "
       "run has cos(b, beta(t)) <= its cos_max.",
       "the cos_max of the run from the same data with lambda = 0."}};
  for (const bool penalty : {false, true}) {
    const auto& [now, earlier] = words[penalty];
    const test::TemporaryFolder temporary;
    const fs::path folder = temporary.path() / "c";
    write_certificate(folder, fixed_whole_run(penalty));
    const auto replace = [&](const std::string& from, const std::string& to) {
      test::edit(folder, "claim.json", [&](Json& j) {
        std::string text = j["statement"];
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        j["statement"] = text.replace(at, from.size(), to);
      });
    };
    replace(now, earlier);
    CHECK_NOTHROW(read_certificate(folder));
    replace(earlier, now + " And more.");
    CHECK_THROWS_WITH(read_certificate(folder), Catch::Contains("statement"));
  }
}

TEST_CASE("provenance is checked too", "[format][certificate]") {
  const char* file = "provenance.json";
  reject_edit(
      file, [](Json& j) { j["sha256"].erase("X.npy"); }, "X.npy");
  reject_edit(
      file, [](Json& j) { j["sha256"]["Z.npy"] = ""; }, "Z.npy");
  reject_edit(
      file, [](Json& j) { j["origin"] = "seed 7"; }, "origin");
  reject_edit(
      file, [](Json& j) { j["origin"][0]["value"] = 7; }, "origin");
  reject_edit(
      file, [](Json& j) { j["host"] = "?"; }, "host");
}

TEST_CASE("nothing is written that cannot be read", "[format][certificate]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  const auto refuse = [&](const std::function<void(RunCertificate&)>& change) {
    RunCertificate c = fixed_certificate();
    change(c);
    CHECK_THROWS_AS(write_certificate(folder, c), InputError);
    CHECK(fs::is_empty(temporary.path()));
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  refuse([&](RunCertificate& c) { c.start.eta = nan; });
  refuse([&](RunCertificate& c) { c.leg.statement.cos_max = nan; });
  refuse([&](RunCertificate& c) { c.start.A(1, 1) = nan; });
  refuse([](RunCertificate& c) { c.start.A = Array({2, 4}); });
  refuse([](RunCertificate& c) { c.start.X = Array({2}); });
  refuse([](RunCertificate& c) { c.start.beta = Array({5}); });
  refuse([](RunCertificate& c) { c.start.penalty.lambda = 1; });
  refuse([](RunCertificate& c) { c.leg.checkpoint = 1; });
  refuse([](RunCertificate& c) { c.whole_run.decay = {1, 2}; });
  refuse([](RunCertificate& c) { c.whole_run.rows = {Array({4, 2}), {}}; });
  refuse([](RunCertificate& c) { c.whole_run.limit = {Array({4}), 1}; });
  refuse([](RunCertificate& c) { c.whole_run.times = {{1, 0, 0}}; });
  const auto refuse_new = [&](const std::function<void(WholeRun&)>& change) {
    RunCertificate c = fixed_new();
    change(c.whole_run);
    CHECK_THROWS_AS(write_certificate(folder, c), InputError);
  };
  refuse_new([](WholeRun& run) { run.rows->bounds = Array({4}); });
  refuse_new([](WholeRun& run) { run.limit->centre = Array({4, 1}); });
  refuse_new([](WholeRun& run) { run.decay.reset(); });
  refuse_new([](WholeRun& run) { run.times.resize(101); });
  refuse_new([&](WholeRun& run) { run.times[0].threshold = nan; });
  refuse([](RunCertificate& c) { c.origin = {{"name", "\xff"}}; });
}

TEST_CASE("the folder appears whole or not at all", "[format][certificate]") {
  const test::TemporaryFolder temporary;
  const RunCertificate certificate = fixed_certificate();
  write_certificate(temporary.path() / "deep" / "c" / "", certificate);
  CHECK_NOTHROW(read_certificate(temporary.path() / "deep" / "c"));
  CHECK_THROWS_AS(write_certificate(temporary.path() / "deep" / "c", certificate), InputError);
  fs::create_directory(temporary.path() / "empty");
  write_certificate(temporary.path() / "empty", certificate);
  CHECK_NOTHROW(read_certificate(temporary.path() / "empty"));
  write_file(temporary.path() / "file", "");
  CHECK_THROWS_AS(write_certificate(temporary.path() / "file", certificate), InputError);
  CHECK_THROWS_AS(write_certificate(temporary.path() / "file" / "c", certificate), InputError);
  CHECK(std::distance(fs::directory_iterator(temporary.path()), {}) == 3);
}
