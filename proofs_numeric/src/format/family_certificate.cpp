// SPDX-License-Identifier: Apache-2.0
// Families, version 1: reports/schema/family_certificate.schema.json describes family.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/family_certificate.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
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
using detail::Json;
using detail::NamedReal;
using detail::names_of;

constexpr const char* json_file = "family.json";
constexpr const char* format = "alignproof-family-certificate";
constexpr std::string_view member_prefix = "seed-";

constexpr std::array<NamedReal<FamilyBounds>, 6> family_bounds = {
    {{"alpha", &FamilyBounds::alpha},
     {"radius", &FamilyBounds::radius},
     {"beta_displacement", &FamilyBounds::beta_displacement},
     {"A_displacement", &FamilyBounds::A_displacement},
     {"cos_min", &FamilyBounds::cos_min},
     {"cos_max", &FamilyBounds::cos_max}}};

template <class T, class Table>
T reals_of(const Fields& fields, const Table& table) {
  T values;
  for (const auto& [name, member] : table) values.*member = fields.real(name);
  return values;
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(to_hex(*value)) : Json(nullptr);
}

std::optional<double> number_or_null(const Fields& fields, const char* name) {
  if (fields.is_null(name)) return std::nullopt;
  return fields.real(name);
}

// ---- the declaration ----

Json penalty_json(const Penalty& penalty) {
  return {{"lambda", to_hex(penalty.lambda)},
          {"cut", penalty.cut == Penalty::never ? Json(nullptr) : Json(penalty.cut)},
          {"decay", to_string(penalty.decay)},
          {"scale", to_hex(penalty.scale)}};
}

Penalty penalty_from(const Fields& fields) {
  Penalty penalty{.lambda = fields.real("lambda"),
                  .cut = fields.is_null("cut") ? Penalty::never : fields.count("cut"),
                  .decay = decay_from(fields.text("decay")),
                  .scale = fields.real("scale")};
  require_valid(penalty);
  return penalty;
}

Json statement_json(const FamilyStatement& s) {
  return {{"kind", to_string(s.kind)},
          {"rule", to_string(s.rule)},
          {"activation", to_string(s.activation)},
          {"n", s.n},
          {"d", s.d},
          {"p", s.p},
          {"k", s.k},
          {"eta", to_hex(s.eta)},
          {"penalty", penalty_json(s.penalty)},
          {"X", s.X_hash},
          {"y", s.y_hash},
          {"T1", s.decay},
          {"kappa_of_T2", number_or_null(s.kappa)},
          {"margin_of_T3", number_or_null(s.margin)}};
}

CertificateKind kind_from(const Fields& fields) {
  for (const CertificateKind kind : all_certificate_kinds)
    if (fields.text("kind") == to_string(kind)) return kind;
  throw InputError(fields.path("kind"), detail::excerpt(Json(fields.text("kind"))),
                   "from-initialisation or from-checkpoint");
}

std::string hash_of(const Fields& fields, const char* name) {
  const std::string hash = fields.text(name);
  const auto digit = [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); };
  if (hash.size() != 64 || !std::all_of(hash.begin(), hash.end(), digit))
    throw InputError(fields.path(name), detail::excerpt(Json(hash)),
                     "64 hexadecimal digits of SHA-256");
  return hash;
}

bool truth_of(const Fields& fields, const Json& json, const char* name) {
  if (!json.at(name).is_boolean())
    throw InputError(fields.path(name), detail::excerpt(json.at(name)), "true or false");
  return json.at(name).get<bool>();
}

FamilyStatement statement_from(const Json& json) {
  const Fields fields(json, "family.json: statement.",
                      {"kind", "rule", "activation", "n", "d", "p", "k", "eta", "penalty", "X", "y",
                       "T1", "kappa_of_T2", "margin_of_T3"});
  FamilyStatement s{
      .kind = kind_from(fields),
      .rule = rule_from(fields.text("rule")),
      .activation = Activation(fields.text("activation")),
      .n = fields.count("n"),
      .d = fields.count("d"),
      .p = fields.count("p"),
      .k = fields.count("k"),
      .eta = fields.real("eta"),
      .penalty = penalty_from(fields.object("penalty", {"lambda", "cut", "decay", "scale"})),
      .X_hash = hash_of(fields, "X"),
      .y_hash = hash_of(fields, "y"),
      .decay = truth_of(fields, json, "T1"),
      .kappa = number_or_null(fields, "kappa_of_T2"),
      .margin = number_or_null(fields, "margin_of_T3")};
  if (!is_initial(s.kind) && (s.decay || s.kappa || s.margin))
    throw InputError("family.json: T1, kappa_of_T2, margin_of_T3", "(present)",
                     "none of them in a family from checkpoints");
  return s;
}

std::vector<std::pair<std::string, std::string>> pairs_from(const Fields& fields,
                                                            const std::string& name) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Json& json : fields.array(name)) {
    const Fields pair(json, fields.path(name) + ".", {"name", "value"});
    pairs.emplace_back(pair.text("name"), pair.text("value"));
  }
  return pairs;
}

void require_seeds(const FamilyDeclaration& declaration) {
  if (declaration.count == 0 || declaration.count > FamilyDeclaration::most_members)
    throw InputError("family.json: seeds.count", fmt::format("{}", declaration.count),
                     fmt::format("1 to {}", FamilyDeclaration::most_members));
  if (declaration.first > FamilyDeclaration::largest_seed - declaration.count)
    throw InputError("family.json: seeds.first", fmt::format("{}", declaration.first),
                     fmt::format("seeds up to {}", FamilyDeclaration::largest_seed));
}

// ---- the members ----

Json member_json(std::uint64_t seed, const FamilyMember& member) {
  Json json = {{"seed", seed}, {"verdict", member.verdict}, {"certificate", nullptr}};
  if (member.certificate) {
    const MemberNumbers& c = *member.certificate;
    json["certificate"] = {{"sha256", c.hash},
                           {"checkpoint", c.checkpoint},
                           {"radius", to_hex(c.radius)},
                           {"statement", detail::spelled(c.statement, detail::claims)}};
  }
  return json;
}

FamilyMember member_from(const Json& json, std::uint64_t seed) {
  const Fields fields(json, fmt::format("family.json: member of seed {}: ", seed),
                      {"seed", "verdict", "certificate"});
  fields.require("seed", static_cast<std::size_t>(seed));
  FamilyMember member{.certificate = {}, .verdict = fields.text("verdict")};
  if (fields.is_null("certificate")) return member;
  const Fields c = fields.object("certificate", {"sha256", "checkpoint", "radius", "statement"});
  member.certificate = {.hash = hash_of(c, "sha256"),
                        .checkpoint = c.count("checkpoint"),
                        .radius = c.real("radius"),
                        .statement = reals_of<Statement>(
                            c.object("statement", names_of(detail::claims)), detail::claims)};
  return member;
}

/// Bounds that say nothing, as a rate below zero, hold of every member and are none.
void require_meaning(const FamilyBounds& b) {
  const auto refuse = [](const char* name, double value, const char* accepted) {
    throw InputError(fmt::format("family.json: bounds.{}", name), quoted(value), accepted);
  };
  if (!(order_of(b.alpha) > order_of(0))) refuse("alpha", b.alpha, "a rate > 0");
  if (order_of(b.radius) < order_of(0)) refuse("radius", b.radius, "a distance >= 0");
  if (order_of(b.beta_displacement) < order_of(0))
    refuse("beta_displacement", b.beta_displacement, "a distance >= 0");
  if (order_of(b.A_displacement) < order_of(0))
    refuse("A_displacement", b.A_displacement, "a distance >= 0");
  if (order_of(b.cos_max) < order_of(b.cos_min))
    refuse("cos_max", b.cos_max, "a number >= cos_min");
}

double smaller(double a, double b) {
  return order_of(b) < order_of(a) ? b : a;
}
double larger(double a, double b) {
  return order_of(b) > order_of(a) ? b : a;
}

}  // namespace

MemberNumbers member_numbers(const RunCertificate& c, const std::string& hash) {
  return {.hash = hash,
          .checkpoint = c.leg.checkpoint,
          .radius = c.radius,
          .statement = c.leg.statement};
}

FamilyBounds bounds_with(const std::optional<FamilyBounds>& bounds, const RunCertificate& member) {
  const Statement& s = member.leg.statement;
  const bool initial = is_initial(member.start.kind);
  const FamilyBounds own{
      .alpha = s.alpha,
      .radius = member.radius,
      .beta_displacement = initial ? member.whole_run.beta_displacement : s.beta_displacement,
      .A_displacement = initial ? member.whole_run.A_displacement : s.A_displacement,
      .cos_min = s.cos_min,
      .cos_max = s.cos_max};
  if (!bounds) return own;
  return {.alpha = smaller(bounds->alpha, own.alpha),
          .radius = smaller(bounds->radius, own.radius),
          .beta_displacement = larger(bounds->beta_displacement, own.beta_displacement),
          .A_displacement = larger(bounds->A_displacement, own.A_displacement),
          .cos_min = smaller(bounds->cos_min, own.cos_min),
          .cos_max = larger(bounds->cos_max, own.cos_max)};
}

std::string hash_of_npy(const Array& array) {
  return sha256(detail::to_npy(array, "array"));
}

std::string member_folder(std::uint64_t seed) {
  return fmt::format("{}{}", member_prefix, seed);
}

bool names_a_member(const std::string& name) {
  if (!name.starts_with(member_prefix)) return false;
  const std::string_view digits = std::string_view(name).substr(member_prefix.size());
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
  return error == std::errc{} && end == digits.data() + digits.size() &&
         name == member_folder(seed);
}

void write_family(const fs::path& folder, const FamilyCertificate& family) {
  const FamilyDeclaration& declaration = family.declaration;
  require_seeds(declaration);
  Json json = {{"format", format},
               {"version", FamilyCertificate::version},
               {"statement", statement_json(declaration.statement)},
               {"seeds", {{"first", declaration.first}, {"count", declaration.count}}},
               {"rule_of_checkpoints", detail::pairs_json(declaration.rule_of_checkpoints)},
               {"bounds", nullptr},
               {"members", Json::array()}};
  if (family.bounds) json["bounds"] = detail::spelled(*family.bounds, family_bounds);
  for (std::size_t i = 0; i < family.members.size(); ++i)
    json["members"].push_back(member_json(family.seed(i), family.members[i]));
  write_file(folder / json_file, detail::dump_json(json));
}

bool holds_family(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / json_file, error));
}

std::string read_family_file(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool known = name == json_file
                           ? fs::is_regular_file(entry->symlink_status(error))
                           : names_a_member(name) && fs::is_directory(entry->symlink_status(error));
    if (!known)
      throw InputError("file in the folder of a family", fmt::format("'{:.80}'", name),
                       fmt::format("only {} and folders {}1, {}2, ...", json_file, member_prefix,
                                   member_prefix));
  }
  if (error) {
    require_system(error.value(), folder);
    throw InputError("folder of a family", fmt::format("'{}'", folder.string()),
                     fmt::format("a folder that can be read ({})", error.message()));
  }
  return read_file(folder / json_file, detail::largest_json_file * 8);
}

FamilyCertificate family_from(const std::string& bytes) {
  const Json json = detail::parse_json(bytes, json_file);
  const Fields fields(
      json, fmt::format("{}: ", json_file),
      {"format", "version", "statement", "seeds", "rule_of_checkpoints", "bounds", "members"});
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(FamilyCertificate::version));
  FamilyCertificate family;
  const Fields seeds = fields.object("seeds", {"first", "count"});
  family.declaration = {.statement = statement_from(json.at("statement")),
                        .first = seeds.count("first"),
                        .count = seeds.count("count"),
                        .rule_of_checkpoints = pairs_from(fields, "rule_of_checkpoints")};
  require_seeds(family.declaration);
  const Json& members = fields.array("members");
  if (members.size() != family.declaration.count)
    throw InputError("family.json: number of members", fmt::format("{}", members.size()),
                     fmt::format("one for each of {} seeds", family.declaration.count));
  for (const Json& member : members)
    family.members.push_back(member_from(member, family.seed(family.members.size())));
  if (!fields.is_null("bounds")) {
    family.bounds =
        reals_of<FamilyBounds>(fields.object("bounds", names_of(family_bounds)), family_bounds);
    require_meaning(*family.bounds);
  }
  return family;
}

}  // namespace alignproof::inline format
