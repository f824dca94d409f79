// SPDX-License-Identifier: Apache-2.0
// Law certificates, version 1: reports/schema/law_certificate.schema.json describes law.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/law_certificate.hpp>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>

#include "certificate_parts.hpp"
#include "folder.hpp"
#include "npy.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::FileBytes;
using detail::Json;
using detail::NamedReal;

constexpr const char *json_file = "law.json", *array_file = "y.npy";
constexpr const char *format = "alignproof-law-certificate", *kind = "isometric_law";

constexpr std::array<NamedReal<LawCertificate>, 3> numbers = {{{"gamma", &LawCertificate::gamma},
                                                               {"lambda", &LawCertificate::lambda},
                                                               {"tau", &LawCertificate::tau}}};

void require_known(const std::string& name) {
  if (name != json_file && name != array_file)
    throw InputError("file in the certificate folder", fmt::format("'{:.80}'", name),
                     fmt::format("only plain files {}, {}", json_file, array_file));
}

void require_targets(const std::vector<std::size_t>& shape) {
  if (shape.size() != 1 || shape[0] == 0)
    throw InputError("shape of y", detail::shape_text(shape), "(n) with n >= 1");
}

Array read_targets(const Fields& arrays, const FileBytes& files,
                   const std::vector<std::size_t>& expected) {
  const Fields entry = arrays.object("y", {"file", "shape", "sha256"});
  // The file name is fixed, so it can hold no path.
  entry.require("file", array_file);
  entry.require_hash("sha256", array_file, files.at(array_file));
  Array y = detail::from_npy(files.at(array_file), array_file);
  require_targets(y.shape);
  for (const std::vector<std::size_t>& shape : {entry.shape("shape"), expected})
    if (shape != y.shape)
      throw InputError("shape of y", detail::shape_text(y.shape), detail::shape_text(shape));
  return y;
}

}  // namespace

void write_law_certificate(const fs::path& folder, const LawCertificate& c) {
  require_targets(c.y.shape);
  FileBytes files;
  files[array_file] = detail::to_npy(c.y, "y");
  Json json = {{"format", format},
               {"version", LawCertificate::version},
               {"kind", kind},
               {"activation", to_string(c.activation)},
               {"n", c.n()}};
  for (const auto& [name, member] : numbers) json[name] = to_hex(c.*member);
  for (const auto& [name, bounds] : law_quantities)
    json["values"][name] = {{"lower", to_hex((c.values.*bounds).lower)},
                            {"upper", to_hex((c.values.*bounds).upper)}};
  json["arrays"]["y"] = {
      {"file", array_file}, {"shape", c.y.shape}, {"sha256", sha256(files.at(array_file))}};
  files[json_file] = detail::dump_json(json);
  detail::write_new_folder(folder, files);
}

bool holds_law_certificate(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / json_file, error));
}

std::map<std::string, std::string> read_law_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, require_known);
}

LawCertificate read_law_certificate(const fs::path& folder) {
  return law_certificate_from(read_law_certificate_files(folder));
}

LawCertificate law_certificate_from(const FileBytes& files) {
  for (const auto& [name, bytes] : files) require_known(name);
  for (const char* name : {json_file, array_file})
    if (!files.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}, {}", json_file, array_file));
  const Json json = detail::parse_json(files.at(json_file), json_file);
  const Fields fields(json, fmt::format("{}: ", json_file),
                      {"format", "version", "kind", "activation", "n", "gamma", "lambda", "tau",
                       "values", "arrays"});
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(LawCertificate::version));
  fields.require("kind", kind);
  LawCertificate c;
  c.activation = Activation(fields.text("activation"));
  for (const auto& [name, member] : numbers) c.*member = fields.real(name);
  const Fields values = fields.object("values", detail::names_of(law_quantities));
  for (const auto& [name, bounds] : law_quantities) {
    const Fields both = values.object(name, {"lower", "upper"});
    c.values.*bounds = {both.real("lower"), both.real("upper")};
  }
  c.y = read_targets(fields.object("arrays", {"y"}), files, {fields.count("n")});
  return c;
}

}  // namespace alignproof::inline format
