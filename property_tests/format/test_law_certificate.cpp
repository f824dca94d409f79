// SPDX-License-Identifier: Apache-2.0
// Folders of law certificates: what is written reads back, anything else is refused, and the schema
// names what is written.
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/law_certificate.hpp>

#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::Json;
namespace fs = std::filesystem;

namespace {

LawCertificate some() {
  LawCertificate c;
  c.activation = Activation::erf;
  c.y = Array({2});
  c.y.values = {-1.5, 0.1};
  c.gamma = 0.2, c.lambda = 0.1, c.tau = 7;
  double value = 0.1;
  for (const LawQuantity& quantity : law_quantities)
    c.values.*quantity.bounds = {value += 1, value += 1};
  return c;
}

/// What reading the folder throws after a change of its document.
bool refused(const fs::path& folder, const std::function<void(Json&)>& change) {
  const test::TemporaryFolder scratch;
  const fs::path copy = scratch.path() / "c";
  fs::copy(folder, copy);
  Json json = test::load(copy / "law.json");
  change(json);
  test::store(copy / "law.json", json);
  try {
    read_law_certificate(copy);
  } catch (const InputError&) {
    return true;
  }
  return false;
}

/// Every field of the document, as a pointer.
void pointers(const Json& json, const Json::json_pointer& at,
              std::vector<Json::json_pointer>& out) {
  if (!json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    out.push_back(at / key);
    pointers(value, at / key, out);
  }
}

/// The names of an object, and those that the schema's rule of it requires, are the same.
void check_names(const Json& schema, Json rule, const Json& value) {
  if (rule.contains("$ref"))
    rule = schema.at(Json::json_pointer(rule["$ref"].get<std::string>().substr(1)));
  if (!value.is_object()) return;
  INFO(value.dump());
  CHECK(rule["additionalProperties"] == false);
  CHECK(rule["required"].size() == value.size());
  for (const auto& [name, part] : value.items()) {
    REQUIRE(rule["properties"].contains(name));
    check_names(schema, rule["properties"][name], part);
  }
}

}  // namespace

TEST_CASE("a law certificate reads back bit by bit", "[format]") {
  const LawCertificate c = some();
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_law_certificate(folder, c);
  CHECK(holds_law_certificate(folder));
  CHECK_FALSE(holds_law_certificate(temporary.path()));
  const LawCertificate read = read_law_certificate(folder);
  CHECK(read.y == c.y);
  CHECK(read.activation == c.activation);
  CHECK((read.gamma == c.gamma && read.lambda == c.lambda && read.tau == c.tau));
  for (const LawQuantity& quantity : law_quantities) {
    CHECK((read.values.*quantity.bounds).lower == (c.values.*quantity.bounds).lower);
    CHECK((read.values.*quantity.bounds).upper == (c.values.*quantity.bounds).upper);
  }
  CHECK_THROWS_AS(write_law_certificate(folder, c), InputError);
  const Json schema =
      test::load(ALIGNPROOF_SOURCE_DIR "/reports/schema/law_certificate.schema.json");
  check_names(schema, schema, test::load(folder / "law.json"));
}

TEST_CASE("a law certificate with any field missing, added or of another type is refused",
          "[format]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_law_certificate(folder, some());
  std::vector<Json::json_pointer> fields;
  pointers(test::load(folder / "law.json"), Json::json_pointer(), fields);
  CHECK(fields.size() == 29);
  for (const Json::json_pointer& field : fields) {
    INFO(field.to_string());
    CHECK(refused(folder, [&](Json& j) { j[field.parent_pointer()].erase(field.back()); }));
    CHECK(refused(folder, [&](Json& j) { j[field.parent_pointer()]["added"] = 1; }));
    for (const Json& nonsense : {Json(true), Json(-1), Json(1.5), Json("nan"), Json("0x1p0"),
                                 Json(nullptr), Json::array({1, 2, 3}), Json::object()}) {
      // Any word names an activation; which there are is not the format's business.
      if (field.back() == "activation" && nonsense.is_string()) continue;
      CHECK(refused(folder, [&](Json& j) { j[field] = nonsense; }));
    }
  }
  CHECK(refused(folder, [](Json& j) { j["n"] = 3; }));
  CHECK(refused(folder, [](Json& j) { j["arrays"]["y"]["shape"] = {2, 1}; }));
  CHECK(refused(folder, [](Json& j) { j["arrays"]["y"]["file"] = "../y.npy"; }));
}

TEST_CASE("law certificates with other files are refused", "[format]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_law_certificate(folder, some());
  for (const char* name : {"y.npy", "law.json"}) {
    const test::TemporaryFolder scratch;
    const fs::path copy = scratch.path() / "c";
    fs::copy(folder, copy);
    fs::remove(copy / name);
    CHECK_THROWS_AS(read_law_certificate(copy), InputError);
  }
  write_file(folder / "X.npy", "");
  CHECK_THROWS_AS(read_law_certificate(folder), InputError);
}

TEST_CASE("a law certificate that could not be read back is not written", "[format]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "d";
  const auto refuses = [&](const std::function<void(LawCertificate&)>& change) {
    LawCertificate c = some();
    change(c);
    CHECK_THROWS_AS(write_law_certificate(folder, c), InputError);
    CHECK_FALSE(fs::exists(folder));
  };
  refuses([](LawCertificate& c) { c.tau = NAN; });
  refuses([](LawCertificate& c) { c.values.cosine.upper = INFINITY; });
  refuses([](LawCertificate& c) { c.y.values[1] = NAN; });
  refuses([](LawCertificate& c) { c.y = Array({2, 1}); });
  refuses([](LawCertificate& c) { c.y = Array({0}); });
}
