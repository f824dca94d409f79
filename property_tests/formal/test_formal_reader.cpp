// SPDX-License-Identifier: Apache-2.0
// alignproof-check-formal reads what the library reads, and refuses what it refuses.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/number.hpp>

#include "formal/formal_program.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "tamper/certificates.hpp"
#include "tamper/draws.hpp"
#include "tamper/spoil.hpp"
#include "tamper/truth.hpp"

using namespace alignproof;
using namespace alignproof::test::formal_program;
using tamper::Random;
using tamper::Wanted;
using tamper::whole;
namespace fs = std::filesystem;

namespace {

/// What the library's reader refuses; empty if it reads the folder.
std::string refusal(const fs::path& folder) {
  try {
    read_certificate(folder);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

bool read_here(const fs::path& folder) {
  return refusal(folder).empty();
}

/// Numbers as claim.json spells them.
void spell_for_people(test::Json& values) {
  for (const char* name : {"lambda", "scale"})
    if (auto& penalty = values["penalty"]; penalty.contains(name) && penalty[name].is_string())
      penalty[name] = from_hex(penalty[name].get<std::string>());
}

/// What one reader refuses the other refuses.
void require_same_reading(const std::string& how, const fs::path& folder) {
  const Output output = formal(folder);
  INFO(how << ": " << output.code << " " << output.err << output.out);
  if (read_here(folder)) {
    CHECK((output.code == proved || output.code == undecided));
  } else {
    CHECK(output.code == malformed);
    CHECK(output.out.empty());
    CHECK(is_one_line(output.err));
  }
}

}  // namespace

TEST_CASE("formal: folders that are spoilt are refused by both readers or by none", "[formal]") {
  if (no_program()) return;
  Random random(11);
  const std::vector<RunCertificate> certificates = bases(random);
  const test::TemporaryFolder scratch;
  std::size_t refused = 0;
  for (std::size_t k = 0; k < 300; ++k) {
    const fs::path folder = scratch.path() / fmt::format("{}", k);
    write_certificate(folder, certificates[k % certificates.size()]);
    const std::string how = tamper::spoil(random, folder);
    if (!read_here(folder)) ++refused;
    require_same_reading(how, folder);
    fs::remove_all(folder);
  }
  CHECK(refused > 100);
  CHECK(refused < 300);
}

TEST_CASE("formal: texts of JSON are read by both readers or by none", "[formal]") {
  if (no_program()) return;
  Random random(12);
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "c", file = folder / "provenance.json";
  RunCertificate certificate = small();
  certificate.origin = {{"\xc3\xa9\xf0\x9f\x98\x80", "a\"\\/\n"},
                        {"b", "\xed\x9f\xbf\xef\xbf\xbf"}};
  write_certificate(folder, certificate);
  // Not part of the proof, and hashed nowhere: every byte of it can be changed alone.
  const std::string text = read_file(file);
  REQUIRE(formal(folder).code == proved);
  const std::vector<std::string> pieces = {"\\u00e9",
                                           "\\ud83d\\ude00",
                                           "\\ud83d",
                                           "\\udE00",
                                           "\\uD83Dx",
                                           "\xc0\x80",
                                           "\xed\xa0\x80",
                                           "\xf4\x90\x80\x80",
                                           "\xf4\x8f\xbf\xbf",
                                           "\xe0\x9f\xbf",
                                           "\xe0\xa0\x80",
                                           "\xc3",
                                           "\xff",
                                           "\\n",
                                           "\\x",
                                           "\"",
                                           "\\",
                                           ",",
                                           ":",
                                           "{",
                                           "}",
                                           "[",
                                           "]",
                                           "{}",
                                           "[]",
                                           "null",
                                           "-0",
                                           "01",
                                           "1e5",
                                           "1e999",
                                           "2",
                                           "2.0",
                                           " ",
                                           "\t",
                                           "\n",
                                           "\f",
                                           "/**/",
                                           std::string(1, '\0'),
                                           "\xef\xbb\xbf",
                                           "\x7f",
                                           "\x1f"};
  const auto place = [&] {
    // Mostly within the free text, where most of it is a matter of the text alone.
    const std::size_t origin = text.find("\"origin\""), end = text.find("\"sha256\"");
    return tamper::one_in(random, 3) ? whole(random, 0, text.size() - 1)
                                     : whole(random, origin, end);
  };
  std::size_t refused = 0;
  for (std::size_t k = 0; k < 400; ++k) {
    std::string changed = text;
    const std::size_t at = place();
    const std::string& piece = pieces[whole(random, 0, pieces.size() - 1)];
    if (tamper::one_in(random, 4)) changed.erase(at, whole(random, 1, 3));
    if (!tamper::one_in(random, 5)) changed.insert(std::min(at, changed.size()), piece);
    write_file(file, changed);
    if (!read_here(folder)) ++refused;
    require_same_reading(fmt::format("'{}' at byte {}", piece, at), folder);
  }
  CHECK(refused > 100);
  CHECK(refused < 400);
  // Nesting, and names twice.
  for (int levels : {13, 14, 15, 16, 17, 18, 40}) {
    std::string deep;
    for (int k = 0; k < levels; ++k) deep += "[";
    for (int k = 0; k < levels; ++k) deep += "]";
    for (const char* field : {"versions", "origin"}) {
      auto json = test::load(file);
      json[field] = test::Json::parse(deep);
      test::store(file, json);
      // Neither reader has a place for them; which levels are too many shows in what they say.
      INFO(levels << " levels");
      CHECK(formal(folder).code == malformed);
      CHECK((formal(folder).err.find("nesting") == std::string::npos) ==
            (refusal(folder).find("nesting") == std::string::npos));
      write_file(file, text);
    }
  }
  write_file(file,
             text.substr(0, text.rfind('}')) + ",\"\\u0066ormat\":\"alignproof-provenance\"}");
  require_same_reading("a field twice", folder);
}

TEST_CASE("formal: numbers, headers and shapes have one spelling for both readers", "[formal]") {
  if (no_program()) return;
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "c";
  write_certificate(folder, small());
  const auto main = test::load(folder / "certificate.json");
  for (const char* text : {"0x1p-1",
                           "0x1.0p-1",
                           "0x1P-1",
                           "0X1p-1",
                           "0x2p-2",
                           "0x0.8p+0",
                           "0x1p-01",
                           "0x1p--1",
                           "0x1p-0",
                           "0x1p+0",
                           "0x1p0",
                           "+0x1p-1",
                           " 0x1p-1",
                           "0x1p-1 ",
                           "-0x1p-1",
                           "0x0p+0",
                           "-0x0p+0",
                           "0x0p-1",
                           "0x1.8p-1",
                           "0x1.80p-1",
                           "0x1.fffffffffffffp-1",
                           "0x1.ffffffffffffffp-1",
                           "0x1.Fp-1",
                           "0x1p+1023",
                           "0x1p+1024",
                           "0x1p-1022",
                           "0x1p-1023",
                           "0x0.8p-1022",
                           "0x0.8000000000000p-1022",
                           "0x0.0000000000001p-1022",
                           "0x1_0p-1",
                           "0x1.8_0p-1",
                           "0x1p-1_0",
                           "0x1p+",
                           "0x1p",
                           "0x1",
                           "0x",
                           "",
                           "-",
                           "0xp+0",
                           "0x.8p+0",
                           "0x1.p-1",
                           "nan",
                           "inf",
                           "-inf",
                           "0.5",
                           "1",
                           "0x1p-1\n",
                           "0x1p0x1"}) {
    test::edit(folder, "certificate.json", [&](test::Json& json) { json["eta"] = text; });
    require_same_reading(fmt::format("eta = '{}'", text), folder);
    test::edit(folder, "certificate.json",
               [&](test::Json& json) { json["leg"]["statement"]["cos_min"] = text; });
    require_same_reading(fmt::format("cos_min = '{}'", text), folder);
    test::store(folder / "certificate.json", main);
  }
  test::rehash(folder);
  REQUIRE(formal(folder).code == proved);
  const std::string b = read_file(folder / "b.npy");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string bytes = b;
    if (const std::size_t at = bytes.find(from); at != std::string::npos)
      bytes.replace(at, from.size(), to);
    write_file(folder / "b.npy", bytes);
    test::rehash(folder);
    require_same_reading(fmt::format("'{}' for '{}'", to, from), folder);
  };
  with("", "");
  for (const char* shape : {"(2, )", "(2)", "(02,)", "(+2,)", "(2,),", "(2L,)", "(1,)", "(2,1)",
                            "(2, 1)", "()", "(-2,)", "(18446744073709551618,)"})
    with("(2,)", shape);
  with("(2,), }", "(2,), } ");
  with("(2,), } ", "(2,), }\t");
  with("(2,), }", "(2,),}");
  with("False", "True ");
  with("<f8", ">f8");
  with("<f8", "<f4");
  with("NUMPY\x01", "NUMPY\x02");
  with("\n", " ");
  with(" \n", "\n\n");
  with("}", "}\n");
  write_file(folder / "b.npy", b + "x");
  test::rehash(folder);
  require_same_reading("a byte more", folder);
  for (const char* special : {"\xf0\x7f", "\xf8\x7f", "\xf0\xff", "\xef\x7f", "\x00\x80"}) {
    std::string bytes = b;
    bytes.replace(bytes.size() - 2, 2, std::string(special, 2));
    write_file(folder / "b.npy", bytes);
    test::rehash(folder);
    require_same_reading("a special number", folder);
  }
}

TEST_CASE("formal: penalties, kinds and claims belong together for both readers", "[formal]") {
  if (no_program()) return;
  Random random(13);
  truth::Judge judge;
  const test::TemporaryFolder scratch;
  std::size_t k = 0;
  for (Wanted wanted : {Wanted::decay, Wanted::twin, Wanted::checkpoint}) {
    const RunCertificate c = tamper::random_first_form(random, judge, wanted, Activation::identity);
    for (const auto& change : std::vector<std::function<void(test::Json&)>>{
             [](test::Json& j) { j["rule"] = "bp"; },
             [](test::Json& j) { j["k"] = 2; },
             [](test::Json& j) { j["leg"]["checkpoint"] = 10'000'001; },
             [](test::Json& j) { j["penalty"]["lambda"] = "0x1p+0"; },
             [](test::Json& j) { j["penalty"]["lambda"] = "0x0p+0"; },
             [](test::Json& j) { j["penalty"]["lambda"] = "-0x1p+0"; },
             [](test::Json& j) { j["penalty"]["lambda"] = "-0x0p+0"; },
             [](test::Json& j) { j["penalty"]["decay"] = "geometric"; },
             [](test::Json& j) {
               j["penalty"]["decay"] = "geometric", j["penalty"]["scale"] = "0x1p-1";
             },
             [](test::Json& j) {
               j["penalty"]["decay"] = "inverse-square", j["penalty"]["scale"] = "0x1p+3";
             },
             [](test::Json& j) {
               j["penalty"]["decay"] = "inverse-square", j["penalty"]["scale"] = "0x0p+0";
             },
             [](test::Json& j) { j["penalty"]["scale"] = "0x1p+1"; },
             [](test::Json& j) { j["penalty"]["cut"] = 18446744073709551615u; },
             [](test::Json& j) { j["penalty"]["cut"] = 18446744073709551614u; },
             [](test::Json& j) { j["penalty"]["cut"] = nullptr; },
             [](test::Json& j) { j["whole_run"]["T1"] = nullptr; },
             [](test::Json& j) { j["whole_run"]["T3"] = nullptr; },
             [](test::Json& j) { j["activation"] = "Tanh"; },
             [](test::Json& j) { j["activation"] = "a-name-of-someone-else"; },
             [](test::Json& j) { j["activation"] = "a-name-that-is-too-long-x"; }}) {
      const fs::path folder = scratch.path() / fmt::format("{}", k++);
      write_certificate(folder, c);
      test::edit(folder, "certificate.json", change);
      require_same_reading("certificate.json alone", folder);
      // and claim.json with it
      const auto main = test::load(folder / "certificate.json");
      test::edit(folder, "claim.json", [&](test::Json& j) {
        change(j["values"]);
        if (j["values"].contains("penalty")) spell_for_people(j["values"]);
      });
      require_same_reading("with claim.json", folder);
      fs::remove_all(folder);
    }
  }
}
