// SPDX-License-Identifier: Apache-2.0
// Width certificates, version 1: reports/schema/width_certificate.schema.json describes width.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/width_certificate.hpp>

#include <array>
#include <vector>

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
using detail::NamedArray;
using detail::NamedReal;
using detail::names_of;

constexpr const char* json_file = "width.json";
constexpr const char *format = "alignproof-width-certificate", *kind = "every_width_from_p";

constexpr std::array<NamedReal<WidthSpectra>, 4> spectra = {
    {{"gamma_lower", &WidthSpectra::gamma_lower},
     {"gamma_upper", &WidthSpectra::gamma_upper},
     {"Gbar_upper", &WidthSpectra::Gbar_upper},
     {"K_upper", &WidthSpectra::K_upper}}};
constexpr std::array<NamedReal<WidthTails>, 4> tails = {{{"lower", &WidthTails::lower},
                                                         {"upper", &WidthTails::upper},
                                                         {"level", &WidthTails::level},
                                                         {"spread", &WidthTails::spread}}};
constexpr std::array<NamedReal<WidthClaims>, 4> displacements = {
    {{"beta_displacement", &WidthClaims::beta_displacement},
     {"A_displacement", &WidthClaims::A_displacement},
     {"c1", &WidthClaims::c1},
     {"c2", &WidthClaims::c2}}};

struct Sizes {
  std::size_t n, d, k, p;
};

void require_sizes(const Sizes& sizes) {
  for (const auto& [name, size] :
       {std::pair{"n", sizes.n}, {"d", sizes.d}, {"k", sizes.k}, {"p", sizes.p}})
    if (size == 0) throw InputError(name, "0", "at least 1");
}

std::array<NamedArray, 2> arrays_of(WidthCertificate& c, const Sizes& s) {
  const std::vector<std::size_t> targets = s.k == 1 ? std::vector{s.n} : std::vector{s.n, s.k};
  return {{{"X", &c.X, {s.n, s.d}}, {"y", &c.y, targets}}};
}

void require_known(const std::string& name) {
  if (name != json_file && name != "X.npy" && name != "y.npy")
    throw InputError("file in the certificate folder", fmt::format("'{:.80}'", name),
                     fmt::format("only plain files {}, X.npy, y.npy", json_file));
}

template <class T, class Table>
Json spelled(const T& values, const Table& table) {
  Json json = Json::object();
  for (const auto& [name, member] : table) json[name] = to_hex(values.*member);
  return json;
}

template <class T, class Table>
void read_reals(T& values, const Fields& fields, const Table& table) {
  for (const auto& [name, member] : table) values.*member = fields.real(name);
}

void read_array(const NamedArray& target, const Fields& list, const FileBytes& files) {
  const Fields entry = list.object(target.name, {"file", "shape", "sha256"});
  // The file name is fixed, so it can hold no path.
  const std::string file = detail::file_of(target.name);
  entry.require("file", file);
  entry.require_hash("sha256", file, files.at(file));
  const std::vector<std::size_t> shape = entry.shape("shape");
  if (shape != target.shape)
    throw InputError(entry.path("shape"), detail::shape_text(shape),
                     detail::shape_text(target.shape));
  *target.array = detail::from_npy(files.at(file), file);
  detail::require_shape(target);
}

WidthClaims read_claims(const Fields& fields) {
  WidthClaims claims;
  read_reals(claims, fields, displacements);
  if (!fields.is_null("kappa")) claims.kappa = fields.real("kappa");
  return claims;
}

}  // namespace

void write_width_certificate(const fs::path& folder, const WidthCertificate& certificate) {
  WidthCertificate c = certificate;
  if (c.X.shape.size() != 2)
    throw InputError("shape of X", detail::shape_text(c.X.shape), "(n, d)");
  if (c.y.shape.empty())
    throw InputError("shape of y", detail::shape_text(c.y.shape), "(n) or (n, k)");
  const Sizes sizes{c.n(), c.d(), c.k(), c.p};
  require_sizes(sizes);
  Json json = {{"format", format},
               {"version", WidthCertificate::version},
               {"kind", kind},
               {"rule", to_string(c.rule)},
               {"activation", to_string(c.activation)},
               {"n", sizes.n},
               {"d", sizes.d},
               {"k", sizes.k},
               {"p", sizes.p},
               {"eta", to_hex(c.eta)},
               {"delta", to_hex(c.delta)},
               {"spectra", spelled(c.spectra, spectra)},
               {"tails", spelled(c.tails, tails)},
               {"S", to_hex(c.S)},
               {"shares", spelled(c.shares, width_lines)},
               {"claims", spelled(c.claims, displacements)}};
  json["claims"]["kappa"] = c.claims.kappa ? Json(to_hex(*c.claims.kappa)) : Json(nullptr);
  FileBytes files;
  for (const NamedArray& a : arrays_of(c, sizes)) {
    detail::require_shape(a);
    const std::string file = detail::file_of(a.name);
    files[file] = detail::to_npy(*a.array, a.name);
    json["arrays"][a.name] = {
        {"file", file}, {"shape", a.shape}, {"sha256", sha256(files.at(file))}};
  }
  files[json_file] = detail::dump_json(json);
  detail::write_new_folder(folder, files);
}

bool holds_width_certificate(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / json_file, error));
}

std::map<std::string, std::string> read_width_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, require_known);
}

WidthCertificate read_width_certificate(const fs::path& folder) {
  return width_certificate_from(read_width_certificate_files(folder));
}

WidthCertificate width_certificate_from(const FileBytes& files) {
  for (const auto& [name, bytes] : files) require_known(name);
  for (const char* name : {json_file, "X.npy", "y.npy"})
    if (!files.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}, X.npy, y.npy", json_file));
  const Json json = detail::parse_json(files.at(json_file), json_file);
  const Fields fields(json, fmt::format("{}: ", json_file),
                      {"format", "version", "kind", "rule", "activation", "n", "d", "k", "p", "eta",
                       "delta", "spectra", "tails", "S", "shares", "claims", "arrays"});
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(WidthCertificate::version));
  fields.require("kind", kind);
  WidthCertificate c;
  c.rule = rule_from(fields.text("rule"));
  c.activation = Activation(fields.text("activation"));
  c.eta = fields.real("eta");
  c.delta = fields.real("delta");
  c.p = fields.count("p");
  read_reals(c.spectra, fields.object("spectra", names_of(spectra)), spectra);
  read_reals(c.tails, fields.object("tails", names_of(tails)), tails);
  c.S = fields.real("S");
  read_reals(c.shares, fields.object("shares", names_of(width_lines)), width_lines);
  c.claims = read_claims(fields.object("claims", names_of(displacements, {"kappa"})));
  const Sizes sizes{fields.count("n"), fields.count("d"), fields.count("k"), c.p};
  require_sizes(sizes);
  const Fields list = fields.object("arrays", {"X", "y"});
  for (const NamedArray& array : arrays_of(c, sizes)) read_array(array, list, files);
  return c;
}

}  // namespace alignproof::inline format
