// SPDX-License-Identifier: Apache-2.0
// Certificate folders, versions 2 and 3: reports/schema/certificate.schema.json describes their
// JSON.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/certificate.hpp>

#include <bit>
#include <cstdint>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <alignproof/core/error.hpp>

#include "certificate_json.hpp"
#include "certificate_parts.hpp"
#include "enumerators.hpp"
#include "folder.hpp"
#include "npy.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format {

namespace fs = std::filesystem;
using namespace detail;

namespace {

void require_known(const std::string& name) {
  static const std::set<std::string> known = all_files();
  if (!known.contains(name))
    throw InputError("file in the certificate folder", fmt::format("'{:.80}'", name),
                     fmt::format("in versions {} only plain files {}",
                                 fmt::join(certificate_versions, " and "), fmt::join(known, ", ")));
}

void require_present(const FileBytes& files, const std::set<std::string>& expected) {
  for (const std::string& name : expected)
    if (!files.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}", fmt::join(expected, ", ")));
}

void require_files(const FileBytes& files, const std::set<std::string>& expected) {
  require_present(files, expected);
  for (const auto& [name, bytes] : files)
    if (!expected.contains(name))
      throw InputError("file in the certificate folder", fmt::format("'{}'", name),
                       fmt::format("only plain files {}", fmt::join(expected, ", ")));
}

void require_header(const Fields& fields, const std::string& format, int version) {
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(version));
}

/// The version that certificate.json states; InputError if it is not known: of such a file nothing
/// else is.
int stated_version(const Json& main) {
  const Json stated = main.is_object() ? main.value("version", Json()) : Json();
  for (const int version : certificate_versions)
    if (stated.is_number_unsigned() && stated == version) return version;
  throw InputError("certificate.json: version", stated.is_null() ? "(missing)" : excerpt(stated),
                   fmt::format("{}", fmt::join(certificate_versions, " or ")));
}

std::vector<std::pair<std::string, std::string>> read_pairs(const Fields& fields,
                                                            const std::string& name) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Json& json : fields.array(name)) {
    const Fields pair(json, fields.path(name) + ".", {"name", "value"});
    pairs.emplace_back(pair.text("name"), pair.text("value"));
  }
  return pairs;
}

/// Checks the hash of every other file and returns the origin.
std::vector<std::pair<std::string, std::string>> read_provenance(const Json& json,
                                                                 const FileBytes& files,
                                                                 int version) {
  const Fields fields(json,
                      "provenance.json: ", {"format", "version", "versions", "origin", "sha256"});
  require_header(fields, "alignproof-provenance", version);
  read_pairs(fields, "versions");
  std::vector<std::string> others;
  for (const auto& [name, bytes] : files)
    if (name != "provenance.json") others.push_back(name);
  if (json.at("sha256").is_object())
    for (const auto& [name, hash] : json.at("sha256").items())
      if (!files.contains(name) && all_files().contains(name))
        throw InputError(name, "(missing)", "the file, whose hash provenance.json has");
  const Fields hashes = fields.object("sha256", others);
  for (const std::string& name : others) hashes.require_hash(name, name, files.at(name));
  return read_pairs(fields, "origin");
}

template <class T, class Table>
void read_reals(std::optional<T>& values, const Fields& fields, const char* name,
                const Table& table) {
  if (!fields.is_null(name))
    read_reals(values.emplace(), fields.object(name, names_of(table)), table);
}

/// The form in which a leg closes; the first form has no such field.
void read_closing(Leg& leg, const Fields& fields) {
  leg.form = closing_form_from(fields.text("form"));
  leg.S = fields.real("S");
  switch (leg.form) {
    case ClosingForm::rate:
      throw InputError(fields.path("form"), "'rate'", "bootstrap, drift, or no field 'closing'");
    case ClosingForm::bootstrap:
      if (fields.has("linear_drift"))
        throw InputError(fields.path("linear_drift"), "(present)", "no such field in a bootstrap");
      break;
    case ClosingForm::second_order_drift:
      if (!fields.has("linear_drift"))
        throw InputError(fields.path("linear_drift"), "(missing)", "a number in this form");
      leg.linear_drift = fields.real("linear_drift");
  }
}

Leg read_leg(const Fields& fields) {
  Leg leg;
  leg.checkpoint = fields.count("checkpoint");
  require_checkpoint(fields.path("checkpoint"), leg);
  read_reals(leg.witness, fields.object("witness", names_of(bounds)), bounds);
  read_reals(leg.statement, fields.object("statement", names_of(claims)), claims);
  if (fields.has("closing"))
    read_closing(leg, fields.object("closing", {"form", "S"}, {"linear_drift"}));
  return leg;
}

Leg read_leg(const Fields& parent, const char* name) {
  return read_leg(parent.object(name, {"checkpoint", "witness", "statement"}, {"closing"}));
}

Penalty read_penalty(const Fields& fields) {
  Penalty penalty;
  penalty.lambda = fields.real("lambda");
  penalty.cut = fields.is_null("cut") ? Penalty::never : fields.count("cut");
  if (penalty.cut == Penalty::never && !fields.is_null("cut"))
    throw InputError(fields.path("cut"), fmt::format("{}", penalty.cut), "null for never");
  penalty.decay = decay_from(fields.text("decay"));
  penalty.scale = fields.real("scale");
  return penalty;
}

std::vector<TimeClaim> read_times(const Fields& fields) {
  std::vector<TimeClaim> times;
  for (const Json& json : fields.array("times")) {
    const Fields time(json, fields.path("times") + ".", {"threshold", "lower", "upper"});
    times.push_back({time.real("threshold"), time.count("lower"), time.count("upper")});
  }
  if (times.empty()) throw InputError(fields.path("times"), "[]", "at least one, or no such field");
  return times;
}

WholeRun read_whole_run(const Fields& fields) {
  WholeRun run;
  read_reals(run, fields, displacements);
  read_reals(run.decay, fields, "T1", decay_bounds);
  read_reals(run.no_alignment, fields, "T2", no_alignment_bounds);
  if (!fields.is_null("T3")) {
    const Fields T3 = fields.object("T3", {"margin", "twin"});
    run.alignment = {T3.real("margin"), read_leg(T3, "twin")};
  }
  if (fields.has("rows"))
    read_reals(run.rows.emplace().published, fields.object("rows", {"T1"}), "T1",
               published_constants);
  if (fields.has("limit"))
    read_reals(run.limit.emplace(), fields.object("limit", names_of(limit_bounds)), limit_bounds);
  if (fields.has("times")) run.times = read_times(fields);
  return run;
}

CertificateKind kind_from(const Json& json) {
  for (CertificateKind kind : all_certificate_kinds)
    if (json.is_object() && json.value("kind", Json()) == to_string(kind)) return kind;
  throw InputError("certificate.json: kind",
                   json.is_object() ? detail::excerpt(json.value("kind", Json())) : "(missing)",
                   detail::any_of(all_certificate_kinds));
}

RunCertificate read_main(const Json& json, const FileBytes& files) {
  RunCertificate c;
  c.start.kind = kind_from(json);
  const bool initial = is_initial(c.start.kind);
  require_present(files, files_of(c));
  std::vector<std::string> names = {"format", "version", "kind", "rule",   "activation", "n",  "d",
                                    "p",      "k",       "eta",  "radius", "arrays",     "leg"};
  if (initial) names.insert(names.end(), {"penalty", "whole_run"});
  const Fields fields(json, "certificate.json: ", names);
  fields.require("format", "alignproof-certificate");

  c.start.rule = rule_from(fields.text("rule"));
  c.start.activation = Activation(fields.text("activation"));
  c.start.eta = fields.real("eta");
  c.radius = fields.real("radius");
  c.leg = read_leg(fields, "leg");
  if (initial) {
    c.start.penalty = read_penalty(fields.object("penalty", {"lambda", "cut", "decay", "scale"}));
    c.whole_run = read_whole_run(fields.object(
        "whole_run", names_of(displacements, {"T1", "T2", "T3"}), {"rows", "limit", "times"}));
  }
  require_files(files, files_of(c));
  const Sizes sizes{fields.count("n"), fields.count("d"), fields.count("p"), fields.count("k"),
                    c.leg.checkpoint};
  require_sizes(sizes);
  const std::vector<NamedArray> arrays = arrays_of(c, sizes);
  const Fields list = fields.object("arrays", names_of(arrays));
  for (const NamedArray& array : arrays) read_array(array, list, files);
  require_consistent(c, sizes);
  // One certificate has one spelling.
  fields.require("version", static_cast<std::size_t>(version_of(c)));
  return c;
}

/// Of one type, as a reader of the text sees it, and of one value; a double bit by bit.
bool same(const Json& a, const Json& b) {
  if (a.type() != b.type() || a.is_array()) return false;
  if (!a.is_number_float()) return a == b;
  const auto bits = [](const Json& x) { return std::bit_cast<std::uint64_t>(x.get<double>()); };
  return bits(a) == bits(b);
}

/// Throws InputError, naming the first field, unless both say the same.
void require_same(const Json& found, const Json& expected, const std::string& where) {
  if (expected.is_array() && found.is_array() && found.size() == expected.size()) {
    for (std::size_t k = 0; k < expected.size(); ++k)
      require_same(found[k], expected[k], fmt::format("{}: {}", where, k));
    return;
  }
  if (!expected.is_object()) {
    if (!same(found, expected))
      throw InputError(
          where, detail::excerpt(found),
          fmt::format("what follows from certificate.json, {}", detail::excerpt(expected)));
    return;
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : expected.items()) names.push_back(name);
  Fields(found, where + ": ", names);
  for (const std::string& name : names)
    require_same(found.at(name), expected.at(name), fmt::format("{}: {}", where, name));
}

}  // namespace

std::string_view to_string(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::from_initialisation:
      return "from-initialisation";
    case CertificateKind::from_checkpoint:
      return "from-checkpoint";
  }
  throw std::logic_error("no such kind of certificate");
}

std::string_view to_string(ClosingForm form) {
  switch (form) {
    case ClosingForm::rate:
      return "rate";
    case ClosingForm::bootstrap:
      return "bootstrap";
    case ClosingForm::second_order_drift:
      return "drift";
  }
  throw std::logic_error("no such form");
}

ClosingForm closing_form_from(std::string_view name) {
  return detail::named("closing form", name, all_closing_forms);
}

bool is_initial(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::from_initialisation:
      return true;
    case CertificateKind::from_checkpoint:
      return false;
  }
  throw std::logic_error("no such kind of certificate");
}

namespace {

/// As in instance.cpp.
constexpr std::size_t number_from(CertificateKind first) {
  std::size_t number = 0;
  switch (first) {
    case CertificateKind::from_initialisation:
      ++number;
      [[fallthrough]];
    case CertificateKind::from_checkpoint:
      ++number;
  }
  return number;
}

static_assert(detail::complete(all_certificate_kinds,
                               number_from(CertificateKind::from_initialisation)));

constexpr std::size_t number_from(ClosingForm first) {
  std::size_t number = 0;
  switch (first) {
    case ClosingForm::rate:
      ++number;
      [[fallthrough]];
    case ClosingForm::bootstrap:
      ++number;
      [[fallthrough]];
    case ClosingForm::second_order_drift:
      ++number;
  }
  return number;
}

static_assert(detail::complete(all_closing_forms, number_from(ClosingForm::rate)));

}  // namespace

void write_certificate(const fs::path& folder, const RunCertificate& certificate) {
  RunCertificate c = certificate;
  if (c.start.X.shape.size() != 2)
    throw InputError("shape of X", shape_text(c.start.X.shape), "(n, d)");
  for (const Array* array : {&c.start.y, &c.start.b})
    if (array->shape.empty())
      throw InputError("shape of y or b", shape_text(array->shape), "(n), (p) or (n, k), (p, k)");
  const Sizes sizes = sizes_of(c);
  require_sizes(sizes);
  require_consistent(c, sizes);
  const std::vector<NamedArray> arrays = arrays_of(c, sizes);
  FileBytes files;
  for (const NamedArray& a : arrays) {
    require_shape(a);
    files[file_of(a.name)] = detail::to_npy(*a.array, a.name);
  }
  files["certificate.json"] = detail::dump_json(certificate_json(c, sizes, arrays, files));
  files["claim.json"] = detail::dump_json(claim_json(c, sizes));
  files["provenance.json"] = detail::dump_json(provenance_json(c, files));
  detail::write_new_folder(folder, files);
}

RunCertificate certificate_from(const FileBytes& files) {
  for (const auto& [name, bytes] : files) require_known(name);
  for (const char* name : {"certificate.json", "claim.json", "provenance.json"})
    if (!files.contains(name))
      throw InputError(name, "(missing)", "certificate.json, claim.json, provenance.json");
  const auto parse = [&](const char* name) { return detail::parse_json(files.at(name), name); };
  const Json main = parse("certificate.json");
  auto origin = read_provenance(parse("provenance.json"), files, stated_version(main));
  RunCertificate certificate = read_main(main, files);
  certificate.origin = std::move(origin);
  // The claim is for people: what it says must be what the certificate says.
  Json expected = claim_json(certificate, sizes_of(certificate));
  const Json stated = parse("claim.json"),
             earlier = statement_in_words(certificate, Wording::earlier);
  if (stated.is_object() && stated.contains("statement") && stated.at("statement") == earlier)
    expected["statement"] = earlier;
  require_same(stated, detail::parse_json(detail::dump_json(expected), "the claim"), "claim.json");
  return certificate;
}

std::map<std::string, std::string> read_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, require_known);
}

RunCertificate read_certificate(const fs::path& folder) {
  return certificate_from(read_certificate_files(folder));
}

}  // namespace alignproof::inline format
