// SPDX-License-Identifier: Apache-2.0
// Folders of width certificates: what is written reads back, anything else is refused, and the
// schema names what is written.
#include <cmath>
#include <filesystem>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::Json;
namespace fs = std::filesystem;

namespace {

WidthCertificate some(std::size_t k = 1) {
  WidthCertificate c;
  c.activation = Activation::erf;
  c.X = Array({2, 3}), c.y = Array(k == 1 ? std::vector<std::size_t>{2} : std::vector{2ul, k});
  for (std::size_t i = 0; i < 6; ++i) c.X.values[i] = 0.1 * static_cast<double>(i);
  for (double& y : c.y.values) y = -1.5;
  c.eta = 0.2, c.delta = 0.1, c.p = 12345, c.S = 7;
  c.spectra = {0.25, 0.5, 3, 4};
  c.tails = {0.125, 0.375, 5, 6};
  double share = 0x1p-20;
  for (const WidthLine& line : width_lines) c.shares.*line.share = share *= 1.25;
  c.claims = {8, 9, 10, 11, 12};
  return c;
}

/// What reading the folder throws after a change of its document.
bool refused(const fs::path& folder, const std::function<void(Json&)>& change) {
  const test::TemporaryFolder scratch;
  const fs::path copy = scratch.path() / "c";
  fs::copy(folder, copy);
  Json json = test::load(copy / "width.json");
  change(json);
  test::store(copy / "width.json", json);
  try {
    read_width_certificate(copy);
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

Json schema() {
  return test::load(ALIGNPROOF_SOURCE_DIR "/reports/schema/width_certificate.schema.json");
}

/// What the document has that the schema does not describe, or lacks; the first of it.
std::string complaint(const Json& all, Json rule, const Json& value, const std::string& at) {
  if (rule.contains("$ref")) {
    const Json named = all.at(Json::json_pointer(rule["$ref"].get<std::string>().substr(1)));
    for (const auto& [key, part] : named.items())
      if (!rule.contains(key))
        rule[key] = part;
      else if (key == "properties")
        for (const auto& [name, inner] : part.items())
          if (!rule[key].contains(name)) rule[key][name] = inner;
  }
  if (rule.contains("oneOf")) {
    std::size_t fits = 0;
    for (const Json& one : rule["oneOf"]) fits += complaint(all, one, value, at).empty();
    return fits == 1 ? "" : at + " fits " + std::to_string(fits) + " alternatives";
  }
  const std::string type = value.is_number_unsigned() ? "integer" : value.type_name();
  if (rule.contains("type") && rule["type"] != type) return at + " is of type " + type;
  if (rule.contains("const") && rule["const"] != value) return at + " is not the constant";
  if (rule.contains("minimum") && value < rule["minimum"]) return at + " is too small";
  if (rule.contains("pattern") &&
      !std::regex_search(value.get<std::string>(), std::regex(rule["pattern"].get<std::string>())))
    return at + " does not match";
  if (rule.contains("enum") &&
      std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end())
    return at + " is not in the list";
  if (!value.is_object()) return "";
  if (rule.value("additionalProperties", true) || !rule.contains("required"))
    return at + " is open";
  std::set<std::string> required = rule["required"];
  for (const auto& [key, part] : value.items()) {
    if (required.erase(key) == 0 || !rule["properties"].contains(key))
      return at + "." + key + " is not described";
    if (auto wrong = complaint(all, rule["properties"][key], part, at + "." + key); !wrong.empty())
      return wrong;
  }
  return required.empty() ? "" : at + " lacks " + *required.begin();
}

}  // namespace

TEST_CASE("a width certificate reads back bit by bit", "[format]") {
  for (const std::size_t k : {1u, 3u})
    for (const bool T2 : {true, false}) {
      WidthCertificate c = some(k);
      if (!T2) c.claims.kappa.reset();
      const test::TemporaryFolder temporary;
      const fs::path folder = temporary.path() / "c";
      write_width_certificate(folder, c);
      CHECK(holds_width_certificate(folder));
      const WidthCertificate read = read_width_certificate(folder);
      CHECK(read.X == c.X);
      CHECK(read.y == c.y);
      CHECK(read.rule == c.rule);
      CHECK(read.activation == c.activation);
      CHECK(read.p == c.p);
      CHECK((read.eta == c.eta && read.delta == c.delta && read.S == c.S));
      CHECK((read.spectra.gamma_lower == 0.25 && read.spectra.gamma_upper == 0.5 &&
             read.spectra.Gbar_upper == 3 && read.spectra.K_upper == 4));
      CHECK((read.tails.lower == 0.125 && read.tails.upper == 0.375 && read.tails.level == 5 &&
             read.tails.spread == 6));
      for (const WidthLine& line : width_lines)
        CHECK(read.shares.*line.share == c.shares.*line.share);
      CHECK((read.claims.beta_displacement == 8 && read.claims.A_displacement == 9 &&
             read.claims.c1 == 10 && read.claims.c2 == 11));
      CHECK(read.claims.kappa == c.claims.kappa);
      CHECK_THROWS_AS(write_width_certificate(folder, c), InputError);
      const Json json = test::load(folder / "width.json");
      CHECK(complaint(schema(), schema(), json, "width") == "");
      Json bad = json;
      bad["extra"] = 1;
      CHECK(complaint(schema(), schema(), bad, "width") != "");
      bad = json, bad["eta"] = 0.2;
      CHECK(complaint(schema(), schema(), bad, "width") != "");
      bad = json, bad["shares"].erase("Lb");
      CHECK(complaint(schema(), schema(), bad, "width") != "");
    }
}

TEST_CASE("a width certificate with any field missing, added or of another type is refused",
          "[format]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_width_certificate(folder, some());
  std::vector<Json::json_pointer> fields;
  pointers(test::load(folder / "width.json"), Json::json_pointer(), fields);
  CHECK(fields.size() > 60);
  for (const Json::json_pointer& field : fields) {
    INFO(field.to_string());
    CHECK(refused(folder, [&](Json& j) { j[field.parent_pointer()].erase(field.back()); }));
    CHECK(refused(folder, [&](Json& j) { j[field.parent_pointer()]["added"] = 1; }));
    for (const Json& nonsense : {Json(true), Json(-1), Json(1.5), Json("nan"), Json("0x1p0"),
                                 Json::array({1, 2, 3}), Json::object()}) {
      // Any word names an activation; which there are is not the format's business.
      if (field.back() == "activation" && nonsense.is_string()) continue;
      CHECK(refused(folder, [&](Json& j) { j[field] = nonsense; }));
    }
    if (field.back() != "kappa") CHECK(refused(folder, [&](Json& j) { j[field] = nullptr; }));
  }
}

TEST_CASE("width certificates with other files, shapes or hashes are refused", "[format]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_width_certificate(folder, some());
  CHECK(refused(folder, [](Json& j) { j["n"] = 3, j["d"] = 2; }));
  CHECK(refused(folder, [](Json& j) { j["k"] = 2; }));
  CHECK(refused(folder, [](Json& j) { j["p"] = 0; }));
  CHECK(refused(folder, [](Json& j) { j["arrays"]["X"]["shape"] = {3, 2}; }));
  CHECK(refused(folder, [](Json& j) { j["arrays"]["X"]["file"] = "../X.npy"; }));
  CHECK(refused(
      folder, [](Json& j) { std::swap(j["arrays"]["X"]["sha256"], j["arrays"]["y"]["sha256"]); }));
  for (const char* name : {"X.npy", "y.npy", "width.json"}) {
    const test::TemporaryFolder scratch;
    const fs::path copy = scratch.path() / "c";
    fs::copy(folder, copy);
    fs::remove(copy / name);
    CHECK_THROWS_AS(read_width_certificate(copy), InputError);
  }
  write_file(folder / "claim.json", "{}");
  CHECK_THROWS_AS(read_width_certificate(folder), InputError);
}

TEST_CASE("a width certificate that could not be read back is not written", "[format]") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "d";
  const auto refuses = [&](const std::function<void(WidthCertificate&)>& change) {
    WidthCertificate c = some();
    change(c);
    CHECK_THROWS_AS(write_width_certificate(folder, c), InputError);
    CHECK_FALSE(fs::exists(folder));
  };
  refuses([](WidthCertificate& c) { c.S = NAN; });
  refuses([](WidthCertificate& c) { c.claims.kappa = INFINITY; });
  refuses([](WidthCertificate& c) { c.X.values[1] = NAN; });
  refuses([](WidthCertificate& c) { c.p = 0; });
  refuses([](WidthCertificate& c) { c.y = Array({3}); });
  refuses([](WidthCertificate& c) { c.y = Array({2, 1}); });
  refuses([](WidthCertificate& c) { c.X = Array({6}); });
  refuses([](WidthCertificate& c) { c.X = Array({0, 3}), c.y = Array({0}); });
}
