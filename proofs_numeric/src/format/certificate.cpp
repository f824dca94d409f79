// SPDX-License-Identifier: Apache-2.0
// Certificate folders, version 2: reports/schema/certificate.schema.json describes their JSON.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/certificate.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>

#include "enumerators.hpp"
#include "folder.hpp"
#include "npy.hpp"
#include "strict_json.hpp"

namespace alignproof {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::Json;

using detail::FileBytes;

// One table for each group of names: writer and reader cannot disagree.
template <class T>
struct NamedReal {
  const char* name;
  double T::*member;
};

constexpr std::array<NamedReal<SpectralWitness>, 4> bounds = {
    {{"M_min", &SpectralWitness::M_min},
     {"M_max", &SpectralWitness::M_max},
     {"G_max", &SpectralWitness::G_max},
     {"K_norm", &SpectralWitness::K_norm}}};
constexpr std::array<NamedReal<Statement>, 6> claims = {
    {{"alpha", &Statement::alpha},
     {"error", &Statement::error},
     {"beta_displacement", &Statement::beta_displacement},
     {"A_displacement", &Statement::A_displacement},
     {"cos_min", &Statement::cos_min},
     {"cos_max", &Statement::cos_max}}};
constexpr std::array<NamedReal<WholeRun>, 2> displacements = {
    {{"beta_displacement", &WholeRun::beta_displacement},
     {"A_displacement", &WholeRun::A_displacement}}};
constexpr std::array<NamedReal<DecayClaim>, 2> decay_bounds = {
    {{"gamma_min", &DecayClaim::gamma_min}, {"gamma_max", &DecayClaim::gamma_max}}};
constexpr std::array<NamedReal<NoAlignmentClaim>, 1> no_alignment_bounds = {
    {{"kappa", &NoAlignmentClaim::kappa}}};

template <class Table>
std::vector<std::string> names_of(const Table& table, std::vector<std::string> more = {}) {
  for (const auto& entry : table) more.emplace_back(entry.name);
  return more;
}

std::string file_of(const std::string& array) {
  return fmt::format("{}.npy", array);
}

struct Sizes {
  std::size_t n, d, p, k;
  std::size_t checkpoint;  ///< steps from the start
};

/// An array of the folder: its name, where it is kept, its shape.
struct NamedArray {
  const char* name;
  Array* array;
  std::vector<std::size_t> shape;
};

/// The arrays of a certificate of this kind, in the order of the file.
std::vector<NamedArray> arrays_of(Certificate& c, const Sizes& s) {
  Start& start = c.start;
  const auto with_outputs = [&](std::size_t rows) {
    return s.k == 1 ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, s.k};
  };
  std::vector<NamedArray> arrays = {{"X", &start.X, {s.n, s.d}},
                                    {"y", &start.y, with_outputs(s.n)},
                                    {"b", &start.b, with_outputs(s.p)}};
  if (is_initial(start.kind)) {
    arrays.push_back({"W", &start.W, {s.p, s.d}});
    arrays.push_back({"beta", &start.beta, with_outputs(s.p)});
    arrays.push_back({"errors", &c.whole_run.errors, {s.checkpoint + 1, 2}});
  } else {
    arrays.push_back({"A", &start.A, {s.p, s.n}});
    arrays.push_back({"beta", &start.beta, with_outputs(s.p)});
  }
  return arrays;
}

std::set<std::string> files_of(CertificateKind kind) {
  std::set<std::string> files = {"claim.json", "certificate.json", "provenance.json"};
  Certificate c;
  c.start.kind = kind;
  for (const NamedArray& a : arrays_of(c, {})) files.insert(file_of(a.name));
  return files;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

void require_sizes(const Sizes& sizes) {
  for (const auto& [name, size] :
       {std::pair{"n", sizes.n}, {"d", sizes.d}, {"p", sizes.p}, {"k", sizes.k}})
    if (size == 0) throw InputError(name, "0", "at least 1");
}

void require_shape(const NamedArray& a) {
  if (a.array->shape != a.shape)
    throw InputError(fmt::format("shape of {}", a.name), shape_text(a.array->shape),
                     shape_text(a.shape));
}

void require_checkpoint(const std::string& name, const Leg& leg) {
  if (leg.checkpoint > Leg::largest_checkpoint)
    throw InputError(name, fmt::format("{}", leg.checkpoint),
                     fmt::format("at most {}", Leg::largest_checkpoint));
}

/// What belongs together: claims of the whole run start at the initialisation, T1 and T2 speak of
/// lambda = 0, T3 of a penalty.
void require_consistent(const Certificate& c, const Sizes& sizes) {
  const WholeRun& run = c.whole_run;
  const bool initial = is_initial(c.start.kind);
  const bool penalty = order_of(c.start.penalty.lambda) != 0;
  const auto refuse = [](const char* what, const char* accepted) {
    throw InputError(what, "(present)", accepted);
  };
  // lambda(t) must be a number for all t.
  require_valid(c.start.penalty);
  require_checkpoint("checkpoint", c.leg);
  if (run.alignment) require_checkpoint("twin.checkpoint", run.alignment->twin);
  if (initial && !is_feedback_alignment(c.start.rule))
    throw InputError("rule", std::string(to_string(c.start.rule)),
                     "fa in a certificate from the initialisation");
  if (initial && sizes.k != 1)
    throw InputError("k", fmt::format("{}", sizes.k), "1 in a certificate from the initialisation");
  if (!initial && c.leg.checkpoint != 0)
    throw InputError("checkpoint", fmt::format("{}", c.leg.checkpoint),
                     "0 in a certificate from a checkpoint");
  if (!initial &&
      (penalty || c.start.penalty.cut != Penalty::never || falls(c.start.penalty.decay)))
    refuse("penalty", "no penalty in a certificate from a checkpoint");
  if (!initial && (run.decay || run.no_alignment || run.alignment))
    refuse("T1, T2, T3", "none of them in a certificate from a checkpoint");
  if (penalty && run.decay) refuse("T1", "null: T1 speaks of lambda = 0");
  if (penalty && run.no_alignment) refuse("T2", "null: T2 speaks of lambda = 0");
  if (!penalty && run.alignment) refuse("T3", "null: T3 speaks of lambda > 0");
}

// ---- writing ----

/// Two ways to spell a real number: exactly, or for people.
using Spelling = Json (*)(double);

template <class T, class Table>
Json spelled(const T& values, const Table& table, Spelling spelling) {
  Json json = Json::object();
  for (const auto& [name, member] : table) json[name] = spelling(values.*member);
  return json;
}

template <class T, class Table>
Json spelled(const std::optional<T>& values, const Table& table, Spelling spelling) {
  return values ? spelled(*values, table, spelling) : Json(nullptr);
}

Json leg_json(const Leg& leg, Spelling spelling) {
  return {{"checkpoint", leg.checkpoint},
          {"witness", spelled(leg.witness, bounds, spelling)},
          {"statement", spelled(leg.statement, claims, spelling)}};
}

Json penalty_json(const Penalty& penalty, Spelling spelling) {
  return {{"lambda", spelling(penalty.lambda)},
          {"cut", penalty.cut == Penalty::never ? Json(nullptr) : Json(penalty.cut)},
          {"decay", to_string(penalty.decay)},
          {"scale", spelling(penalty.scale)}};
}

/// The object and what is claimed of it, with numbers spelled in one of the two ways.
Json content_json(const Certificate& c, const Sizes& sizes, Spelling spelling) {
  Json json = {{"kind", to_string(c.start.kind)},
               {"rule", to_string(c.start.rule)},
               {"activation", to_string(c.start.activation)},
               {"n", sizes.n},
               {"d", sizes.d},
               {"p", sizes.p},
               {"k", sizes.k},
               {"eta", spelling(c.start.eta)},
               {"radius", spelling(c.radius)}};
  if (is_initial(c.start.kind)) {
    const WholeRun& run = c.whole_run;
    json["penalty"] = penalty_json(c.start.penalty, spelling);
    Json whole = spelled(run, displacements, spelling);
    whole["T1"] = spelled(run.decay, decay_bounds, spelling);
    whole["T2"] = spelled(run.no_alignment, no_alignment_bounds, spelling);
    whole["T3"] = nullptr;
    if (run.alignment)
      whole["T3"] = {{"margin", spelling(run.alignment->margin)},
                     {"twin", leg_json(run.alignment->twin, spelling)}};
    json["whole_run"] = std::move(whole);
  }
  json["leg"] = leg_json(c.leg, spelling);
  return json;
}

Json certificate_json(const Certificate& c, const Sizes& sizes,
                      const std::vector<NamedArray>& arrays, const FileBytes& files) {
  Json json = {{"format", "alignproof-certificate"}, {"version", Certificate::version}};
  json.update(content_json(c, sizes, [](double x) { return Json(to_hex(x)); }));
  for (const NamedArray& a : arrays)
    json["arrays"][a.name] = {{"file", file_of(a.name)},
                              {"shape", a.shape},
                              {"sha256", sha256(files.at(file_of(a.name)))}};
  return json;
}

const char* name_of(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return "Feedback alignment";
    case Rule::bp:
      return "Backpropagation";
  }
  throw std::logic_error("no such rule");
}

/// The words of T2 and T3. Earlier programs promised less than is checked now; their folders are
/// still read.
enum class Wording { now, earlier };

const char* words_of_T2(Wording wording) {
  switch (wording) {
    case Wording::now:
      return " T2: for all t >= 0, b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa / "
             "sqrt(p) "
             "< 1.";
    case Wording::earlier:
      return " T2: for all t >= 0, |cos(b, beta(t))| <= kappa / sqrt(p).";
  }
  throw std::logic_error("no such wording");
}

const char* words_of_T3(Wording wording) {
  switch (wording) {
    case Wording::now:
      return " T3: cos_min exceeds, by more than the margin, the cos_max of the twin, the run from "
             "the same data with lambda = 0; for all t >= 0, that run has cos(b, beta(t)) <= its "
             "cos_max.";
    case Wording::earlier:
      return " T3: cos_min exceeds, by more than the margin, the cos_max of the run from the same "
             "data with lambda = 0.";
  }
  throw std::logic_error("no such wording");
}

std::string statement_in_words(const Certificate& c, Wording wording) {
  const bool initial = is_initial(c.start.kind);
  std::string text = initial
                         ? "Feedback alignment started at the stored W(0), beta(0)"
                         : fmt::format("{} without penalty, started at the stored state (A, beta),",
                                       name_of(c.start.rule));
  if (order_of(c.radius) > 0)
    text += initial ? ", and at any within the distance radius of each,"
                    : " and at any with A and beta within the distance radius of each,";
  text += initial ? " satisfies, T being the checkpoint, for all t >= T: "
                  : " satisfies, T being 0, for all t >= T: ";
  text +=
      "|e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with |e(T)| <= error; "
      "|beta(t) - beta(T)| <= beta_displacement; |A(t) - A(T)|_F <= A_displacement; and "
      "cos_min <= cos(b, beta(t)) <= cos_max wherever the cosine is defined.";
  if (!initial) return text;
  text +=
      " For t <= T, |e(t)| lies in row t of errors.npy. For all t >= 0: |beta(t) - beta(0)| and "
      "|A(t) - A(0)|_F are at most the displacements of the whole run.";
  if (c.whole_run.decay)
    text +=
        " T1: gamma_min <= gamma <= gamma_max for the smallest eigenvalue gamma of the limit "
        "kernel, and for all t >= 0, |e(t+1)| <= (1 - eta gamma_max / 4) |e(t)|.";
  if (c.whole_run.no_alignment) text += words_of_T2(wording);
  if (c.whole_run.alignment) text += words_of_T3(wording);
  return text;
}

Json claim_json(const Certificate& c, const Sizes& sizes) {
  Json json = {{"format", "alignproof-claim"},
               {"version", Certificate::version},
               {"statement", statement_in_words(c, Wording::now)},
               {"dynamics",
                "beta <- (1 - eta lambda(t)) beta - (eta / sqrt p) psi(A) e;  "
                "A <- A - (eta / sqrt p) [psi'(A) o (b e^T)] K, backpropagation with beta for b;  "
                "A(0) = W(0) X^T;  K = X X^T;  "
                "e = psi(A)^T beta / sqrt p - y;  both updates use the A and e before the step"}};
  json["values"] = content_json(c, sizes, [](double x) { return Json(x); });
  return json;
}

Json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json json = Json::array();
  for (const auto& [name, value] : pairs) json.push_back({{"name", name}, {"value", value}});
  return json;
}

Json provenance_json(const Certificate& certificate, const FileBytes& files) {
  Json hashes = Json::object();
  for (const auto& [name, bytes] : files) hashes[name] = sha256(bytes);
  return {{"format", "alignproof-provenance"},
          {"version", Certificate::version},
          {"versions", pairs_json(build_versions())},
          {"origin", pairs_json(certificate.origin)},
          {"sha256", std::move(hashes)}};
}

// ---- reading ----

void require_known(const std::string& name) {
  static const std::set<std::string> known = [] {
    std::set<std::string> names = files_of(CertificateKind::from_initialisation);
    names.merge(files_of(CertificateKind::from_checkpoint));
    return names;
  }();
  if (!known.contains(name))
    throw InputError("file in the certificate folder", fmt::format("'{:.80}'", name),
                     fmt::format("only plain files {}", fmt::join(known, ", ")));
}

void require_files(const FileBytes& files, const std::set<std::string>& expected) {
  for (const std::string& name : expected)
    if (!files.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}", fmt::join(expected, ", ")));
  for (const auto& [name, bytes] : files)
    if (!expected.contains(name))
      throw InputError("file in the certificate folder", fmt::format("'{}'", name),
                       fmt::format("only plain files {}", fmt::join(expected, ", ")));
}

void require_header(const Fields& fields, const std::string& format) {
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(Certificate::version));
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
                                                                 const FileBytes& files) {
  const Fields fields(json,
                      "provenance.json: ", {"format", "version", "versions", "origin", "sha256"});
  require_header(fields, "alignproof-provenance");
  read_pairs(fields, "versions");
  std::vector<std::string> others;
  for (const auto& [name, bytes] : files)
    if (name != "provenance.json") others.push_back(name);
  const Fields hashes = fields.object("sha256", others);
  for (const std::string& name : others) hashes.require_hash(name, name, files.at(name));
  return read_pairs(fields, "origin");
}

template <class T, class Table>
void read_reals(T& values, const Fields& fields, const Table& table) {
  for (const auto& [name, member] : table) values.*member = fields.real(name);
}

template <class T, class Table>
void read_reals(std::optional<T>& values, const Fields& fields, const char* name,
                const Table& table) {
  if (!fields.is_null(name))
    read_reals(values.emplace(), fields.object(name, names_of(table)), table);
}

Leg read_leg(const Fields& fields) {
  Leg leg;
  leg.checkpoint = fields.count("checkpoint");
  require_checkpoint(fields.path("checkpoint"), leg);
  read_reals(leg.witness, fields.object("witness", names_of(bounds)), bounds);
  read_reals(leg.statement, fields.object("statement", names_of(claims)), claims);
  return leg;
}

const std::vector<std::string> leg_fields = {"checkpoint", "witness", "statement"};

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

WholeRun read_whole_run(const Fields& fields) {
  WholeRun run;
  read_reals(run, fields, displacements);
  read_reals(run.decay, fields, "T1", decay_bounds);
  read_reals(run.no_alignment, fields, "T2", no_alignment_bounds);
  if (!fields.is_null("T3")) {
    const Fields T3 = fields.object("T3", {"margin", "twin"});
    run.alignment = {T3.real("margin"), read_leg(T3.object("twin", leg_fields))};
  }
  return run;
}

void read_array(const NamedArray& target, const Fields& list, const FileBytes& files) {
  const Fields entry = list.object(target.name, {"file", "shape", "sha256"});
  // The file name is fixed, so it can hold no path.
  entry.require("file", file_of(target.name));
  const std::string& bytes = files.at(file_of(target.name));
  entry.require_hash("sha256", file_of(target.name), bytes);
  const std::vector<std::size_t> shape = entry.shape("shape");
  if (shape != target.shape)
    throw InputError(entry.path("shape"), shape_text(shape), shape_text(target.shape));
  *target.array = detail::from_npy(bytes, file_of(target.name));
  require_shape(target);
}

CertificateKind kind_from(const Json& json) {
  for (CertificateKind kind : all_certificate_kinds)
    if (json.is_object() && json.value("kind", Json()) == to_string(kind)) return kind;
  throw InputError("certificate.json: kind",
                   json.is_object() ? detail::excerpt(json.value("kind", Json())) : "(missing)",
                   detail::any_of(all_certificate_kinds));
}

Certificate read_main(const Json& json, const FileBytes& files) {
  Certificate c;
  c.start.kind = kind_from(json);
  const bool initial = is_initial(c.start.kind);
  require_files(files, files_of(c.start.kind));
  std::vector<std::string> names = {"format", "version", "kind", "rule",   "activation", "n",  "d",
                                    "p",      "k",       "eta",  "radius", "arrays",     "leg"};
  if (initial) names.insert(names.end(), {"penalty", "whole_run"});
  const Fields fields(json, "certificate.json: ", names);
  require_header(fields, "alignproof-certificate");

  c.start.rule = rule_from(fields.text("rule"));
  c.start.activation = Activation(fields.text("activation"));
  c.start.eta = fields.real("eta");
  c.radius = fields.real("radius");
  c.leg = read_leg(fields.object("leg", leg_fields));
  if (initial) {
    c.start.penalty = read_penalty(fields.object("penalty", {"lambda", "cut", "decay", "scale"}));
    c.whole_run =
        read_whole_run(fields.object("whole_run", names_of(displacements, {"T1", "T2", "T3"})));
  }
  const Sizes sizes{fields.count("n"), fields.count("d"), fields.count("p"), fields.count("k"),
                    c.leg.checkpoint};
  require_sizes(sizes);
  const std::vector<NamedArray> arrays = arrays_of(c, sizes);
  const Fields list = fields.object("arrays", names_of(arrays));
  for (const NamedArray& array : arrays) read_array(array, list, files);
  require_consistent(c, sizes);
  return c;
}

/// Of one type, as a reader of the text sees it, and of one value; a double bit by bit.
bool same(const Json& a, const Json& b) {
  if (a.type() != b.type()) return false;
  if (!a.is_number_float()) return a == b;
  const auto bits = [](const Json& x) { return std::bit_cast<std::uint64_t>(x.get<double>()); };
  return bits(a) == bits(b);
}

/// Throws InputError, naming the first field, unless both say the same.
void require_same(const Json& found, const Json& expected, const std::string& where) {
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

Sizes sizes_of(const Certificate& c) {
  return {c.start.n(), c.start.d(), c.start.p(), c.start.k(), c.leg.checkpoint};
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

}  // namespace

void write_certificate(const fs::path& folder, const Certificate& certificate) {
  Certificate c = certificate;
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

Certificate certificate_from(const FileBytes& files) {
  for (const auto& [name, bytes] : files) require_known(name);
  for (const char* name : {"certificate.json", "claim.json", "provenance.json"})
    if (!files.contains(name))
      throw InputError(name, "(missing)", "certificate.json, claim.json, provenance.json");
  const auto parse = [&](const char* name) { return detail::parse_json(files.at(name), name); };
  auto origin = read_provenance(parse("provenance.json"), files);
  Certificate certificate = read_main(parse("certificate.json"), files);
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

Certificate read_certificate(const fs::path& folder) {
  return certificate_from(read_certificate_files(folder));
}

}  // namespace alignproof
