// SPDX-License-Identifier: Apache-2.0
// Width certificates, version 1: reports/schema/width_certificate.schema.json describes width.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/width_certificate.hpp>

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>

#include "certificate_parts.hpp"
#include "folder.hpp"
#include "json_tables.hpp"

namespace alignproof::inline format {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::FileBytes;
using detail::Json;
using detail::NamedArray;
using detail::NamedReal;
using detail::names_of;

const detail::Layout layout{"width.json", {"X", "y"}};
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

std::vector<NamedArray> arrays_of(WidthCertificate& c, const Sizes& s) {
  const std::vector<std::size_t> targets = s.k == 1 ? std::vector{s.n} : std::vector{s.n, s.k};
  return {{"X", &c.X, {s.n, s.d}}, {"y", &c.y, targets}};
}

WidthClaims read_claims(const Fields& fields) {
  WidthClaims claims;
  detail::read_reals(claims, fields, displacements);
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
               {"spectra", detail::spelled(c.spectra, spectra)},
               {"tails", detail::spelled(c.tails, tails)},
               {"S", to_hex(c.S)},
               {"shares", detail::spelled(c.shares, width_lines)},
               {"claims", detail::spelled(c.claims, displacements)}};
  json["claims"]["kappa"] = c.claims.kappa ? Json(to_hex(*c.claims.kappa)) : Json(nullptr);
  layout.write(folder, std::move(json), arrays_of(c, sizes));
}

bool holds_width_certificate(const fs::path& folder) {
  return layout.stands_in(folder);
}

std::map<std::string, std::string> read_width_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, [](const std::string& name) { layout.require_known(name); });
}

WidthCertificate read_width_certificate(const fs::path& folder) {
  return width_certificate_from(read_width_certificate_files(folder));
}

WidthCertificate width_certificate_from(const FileBytes& files) {
  const Json json = layout.parse(files);
  const Fields fields(json, fmt::format("{}: ", layout.json_file),
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
  detail::read_reals(c.spectra, fields.object("spectra", names_of(spectra)), spectra);
  detail::read_reals(c.tails, fields.object("tails", names_of(tails)), tails);
  c.S = fields.real("S");
  detail::read_reals(c.shares, fields.object("shares", names_of(width_lines)), width_lines);
  c.claims = read_claims(fields.object("claims", names_of(displacements, {"kappa"})));
  const Sizes sizes{fields.count("n"), fields.count("d"), fields.count("k"), c.p};
  require_sizes(sizes);
  const Fields list = fields.object("arrays", {"X", "y"});
  for (const NamedArray& array : arrays_of(c, sizes)) detail::read_array(array, list, files);
  return c;
}

}  // namespace alignproof::inline format
