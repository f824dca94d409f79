// SPDX-License-Identifier: Apache-2.0
// Law certificates, version 1: reports/schema/law_certificate.schema.json describes law.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/law_certificate.hpp>

#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>

#include "array_files.hpp"
#include "folder.hpp"
#include "json_tables.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::FileBytes;
using detail::Json;
using detail::NamedReal;

const detail::Layout layout{"law.json", {"y"}};
constexpr const char *format = "alignproof-law-certificate", *kind = "isometric_law";

constexpr std::array<NamedReal<LawCertificate>, 3> numbers = {{{"gamma", &LawCertificate::gamma},
                                                               {"lambda", &LawCertificate::lambda},
                                                               {"tau", &LawCertificate::tau}}};

void require_targets(const std::vector<std::size_t>& shape) {
  if (shape.size() != 1 || shape[0] == 0)
    throw InputError("shape of y", detail::shape_text(shape), "(n) with n >= 1");
}

}  // namespace

void write_law_certificate(const fs::path& folder, const LawCertificate& certificate) {
  LawCertificate c = certificate;
  require_targets(c.y.shape);
  Json json = {{"format", format},
               {"version", LawCertificate::version},
               {"kind", kind},
               {"activation", to_string(c.activation)},
               {"n", c.n()}};
  for (const auto& [name, member] : numbers) json[name] = to_hex(c.*member);
  for (const auto& [name, bounds] : law_quantities)
    json["values"][name] = {{"lower", to_hex((c.values.*bounds).lower)},
                            {"upper", to_hex((c.values.*bounds).upper)}};
  layout.write(folder, std::move(json), {{"y", &c.y, c.y.shape}});
}

bool holds_law_certificate(const fs::path& folder) {
  return layout.stands_in(folder);
}

std::map<std::string, std::string> read_law_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, [](const std::string& name) { layout.require_known(name); });
}

LawCertificate read_law_certificate(const fs::path& folder) {
  return law_certificate_from(read_law_certificate_files(folder));
}

LawCertificate law_certificate_from(const FileBytes& files) {
  const Json json = layout.parse(files);
  const Fields fields(json, fmt::format("{}: ", layout.json_file),
                      {"format", "version", "kind", "activation", "n", "gamma", "lambda", "tau",
                       "values", "arrays"});
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(LawCertificate::version));
  fields.require("kind", kind);
  LawCertificate c;
  c.activation = Activation(fields.text("activation"));
  detail::read_reals(c, fields, numbers);
  const Fields values = fields.object("values", detail::names_of(law_quantities));
  for (const auto& [name, bounds] : law_quantities) {
    const Fields both = values.object(name, {"lower", "upper"});
    c.values.*bounds = {both.real("lower"), both.real("upper")};
  }
  const std::vector<std::size_t> shape = {fields.count("n")};
  require_targets(shape);
  detail::read_array({"y", &c.y, shape}, fields.object("arrays", {"y"}), files);
  return c;
}

}  // namespace alignproof::inline format
