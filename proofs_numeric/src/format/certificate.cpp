// SPDX-License-Identifier: Apache-2.0
// Certificate folders, version 1: reports/schema/certificate.schema.json describes their JSON.
#include <alignproof/format/certificate.hpp>

#include <array>
#include <map>
#include <set>

#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>

#include "npy.hpp"
#include "strict_json.hpp"

namespace alignproof {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::Json;

using FileBytes = std::map<std::string, std::string>;  // file name -> content

// One table for each group of names: writer and reader cannot disagree.
template <class T, class Member>
struct Named {
  const char* name;
  Member T::*member;
};

constexpr std::array<Named<Checkpoint, Array>, 5> arrays = {{{"X", &Checkpoint::X},
                                                             {"y", &Checkpoint::y},
                                                             {"b", &Checkpoint::b},
                                                             {"A", &Checkpoint::A},
                                                             {"beta", &Checkpoint::beta}}};
constexpr std::array<Named<SpectralWitness, double>, 4> bounds = {
    {{"M_min", &SpectralWitness::M_min},
     {"M_max", &SpectralWitness::M_max},
     {"G_max", &SpectralWitness::G_max},
     {"K_norm", &SpectralWitness::K_norm}}};
constexpr std::array<Named<Statement, double>, 6> claims = {
    {{"alpha", &Statement::alpha},
     {"error", &Statement::error},
     {"beta_displacement", &Statement::beta_displacement},
     {"A_displacement", &Statement::A_displacement},
     {"cos_min", &Statement::cos_min},
     {"cos_max", &Statement::cos_max}}};

template <class Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& entry : table) names.emplace_back(entry.name);
  return names;
}

std::string file_of(const char* array) {
  return fmt::format("{}.npy", array);
}

std::set<std::string> all_files() {
  std::set<std::string> files = {"claim.json", "certificate.json", "provenance.json"};
  for (const auto& entry : arrays) files.insert(file_of(entry.name));
  return files;
}

struct Sizes {
  std::size_t n, d, p;

  std::vector<std::size_t> shape_of(const std::string& array) const {
    if (array == "X") return {n, d};
    if (array == "A") return {p, n};
    return {array == "y" ? n : p};
  }
};

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

void require_sizes(const Sizes& sizes) {
  for (const auto& [name, size] : {std::pair{"n", sizes.n}, {"d", sizes.d}, {"p", sizes.p}})
    if (size == 0) throw InputError(name, "0", "at least 1");
}

void require_shapes(const Checkpoint& checkpoint, const Sizes& sizes) {
  for (const auto& [name, member] : arrays)
    if ((checkpoint.*member).shape != sizes.shape_of(name))
      throw InputError(fmt::format("shape of {}", name), shape_text((checkpoint.*member).shape),
                       shape_text(sizes.shape_of(name)));
}

/// The activations that the checker encloses.
void require_enclosed(Activation activation) {
  if (activation != Activation::identity && activation != Activation::tanh)
    throw InputError("activation of a certificate", fmt::format("'{}'", to_string(activation)),
                     "identity or tanh: the checker of certificates of version 1 encloses these");
}

// ---- writing ----

template <class T, class Table>
Json hex_of(const T& values, const Table& table) {
  Json json = Json::object();
  for (const auto& [name, member] : table) json[name] = to_hex(values.*member);
  return json;
}

Json arrays_json(const Checkpoint& checkpoint, const FileBytes& files) {
  Json json = Json::object();
  for (const auto& [name, member] : arrays)
    json[name] = {{"file", file_of(name)},
                  {"shape", (checkpoint.*member).shape},
                  {"sha256", sha256(files.at(file_of(name)))}};
  return json;
}

Json certificate_json(const Certificate& certificate, const Sizes& sizes, const FileBytes& files) {
  const Checkpoint& checkpoint = certificate.checkpoint;
  return {{"format", "alignproof-certificate"},
          {"version", Certificate::version},
          {"kind", "from-checkpoint"},
          {"theorem", "A"},
          {"activation", to_string(checkpoint.activation)},
          {"n", sizes.n},
          {"d", sizes.d},
          {"p", sizes.p},
          {"eta", to_hex(checkpoint.eta)},
          {"arrays", arrays_json(checkpoint, files)},
          {"witness", hex_of(certificate.witness, bounds)},
          {"statement", hex_of(certificate.statement, claims)}};
}

Json claim_json(const Certificate& certificate, const Sizes& sizes) {
  Json values = {
      {"n", sizes.n}, {"d", sizes.d}, {"p", sizes.p}, {"eta", certificate.checkpoint.eta}};
  for (const auto& [name, member] : claims) values[name] = certificate.statement.*member;
  return {
      {"format", "alignproof-claim"},
      {"version", Certificate::version},
      {"statement",
       "Feedback alignment without penalty, started at the stored state (A, beta), satisfies for "
       "all t >= 0: |e(t)| <= (1 - eta alpha)^t |e(0)| with |e(0)| <= error; "
       "|beta(t) - beta(0)| <= beta_displacement; |A(t) - A(0)|_F <= A_displacement; and "
       "cos_min <= cos(b, beta(t)) <= cos_max wherever the cosine is defined."},
      {"dynamics",
       "beta <- beta - (eta / sqrt p) psi(A) e;  "
       "A <- A - (eta / sqrt p) [psi'(A) o (b e^T)] K;  "
       "K = X X^T;  e = psi(A)^T beta / sqrt p - y;  both updates use the A and e before the step"},
      {"activation", to_string(certificate.checkpoint.activation)},
      {"values", std::move(values)}};
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

[[noreturn]] void reject_folder(const fs::path& folder, const char* accepted) {
  throw InputError("certificate folder", fmt::format("'{}'", folder.string()), accepted);
}

/// Makes the folder under a temporary name and renames it, so that it appears whole or not at all.
void write_new_folder(const fs::path& folder, const FileBytes& files) {
  std::error_code error;
  if (fs::exists(folder, error) &&
      !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    reject_folder(folder, "a folder that does not exist or is empty");
  const fs::path temporary =
      folder.parent_path() / fmt::format(".{}.{}.tmp", folder.filename().string(), getpid());
  fs::remove_all(temporary, error);
  try {
    write_files(temporary, files);
    fs::rename(temporary, folder);
  } catch (const std::exception&) {
    fs::remove_all(temporary, error);
    reject_folder(folder, "a folder that can be written, on a disk with room");
  }
}

// ---- reading ----

/// Reads every file once: what is hashed is what is parsed.
FileBytes read_folder(const fs::path& folder) {
  const std::set<std::string> expected = all_files();
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) reject_folder(folder, "a folder that can be read");
  FileBytes files;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (!expected.contains(name) || !fs::is_regular_file(entry.symlink_status(error)))
      throw InputError("file in the certificate folder", fmt::format("'{}'", name),
                       fmt::format("only plain files {}", fmt::join(expected, ", ")));
    files[name] = read_file(entry.path());
  }
  for (const std::string& name : expected)
    if (!files.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}", fmt::join(expected, ", ")));
  return files;
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
  for (const std::string& name : others) hashes.require(name, sha256(files.at(name)));
  return read_pairs(fields, "origin");
}

Array read_array(const Fields& list, const char* name, const Sizes& sizes, const FileBytes& files) {
  const Fields entry = list.object(name, {"file", "shape", "sha256"});
  // The file name is fixed, so it can hold no path.
  entry.require("file", file_of(name));
  const std::string& bytes = files.at(file_of(name));
  entry.require("sha256", sha256(bytes));
  const std::vector<std::size_t> shape = entry.shape("shape");
  if (shape != sizes.shape_of(name))
    throw InputError(entry.path("shape"), shape_text(shape), shape_text(sizes.shape_of(name)));
  return detail::from_npy(bytes, file_of(name));
}

template <class T, class Table>
T read_reals(const Fields& fields, const Table& table) {
  T values;
  for (const auto& [name, member] : table) values.*member = fields.real(name);
  return values;
}

Certificate read_main(const Json& json, const FileBytes& files) {
  const Fields fields(json, "certificate.json: ",
                      {"format", "version", "kind", "theorem", "activation", "n", "d", "p", "eta",
                       "arrays", "witness", "statement"});
  require_header(fields, "alignproof-certificate");
  fields.require("kind", "from-checkpoint");
  fields.require("theorem", "A");
  const Sizes sizes{fields.count("n"), fields.count("d"), fields.count("p")};
  require_sizes(sizes);

  Certificate certificate;
  Checkpoint& checkpoint = certificate.checkpoint;
  checkpoint.activation = activation_from(fields.text("activation"));
  require_enclosed(checkpoint.activation);
  checkpoint.eta = fields.real("eta");
  const Fields list = fields.object("arrays", names_of(arrays));
  for (const auto& [name, member] : arrays)
    checkpoint.*member = read_array(list, name, sizes, files);
  require_shapes(checkpoint, sizes);
  certificate.witness =
      read_reals<SpectralWitness>(fields.object("witness", names_of(bounds)), bounds);
  certificate.statement =
      read_reals<Statement>(fields.object("statement", names_of(claims)), claims);
  return certificate;
}

/// The claim is for people: what it says must be what the certificate says.
void require_same_claim(const Json& json, const Certificate& certificate) {
  const Json same =
      claim_json(certificate, {certificate.checkpoint.X.rows(), certificate.checkpoint.X.cols(),
                               certificate.checkpoint.b.rows()});
  const Fields fields(
      json, "claim.json: ", {"format", "version", "statement", "dynamics", "activation", "values"});
  require_header(fields, "alignproof-claim");
  for (const char* name : {"statement", "dynamics", "activation"})
    fields.require(name, same.at(name).get<std::string>());
  std::vector<std::string> names;
  for (const auto& [name, value] : same.at("values").items()) names.push_back(name);
  const Fields values = fields.object("values", names);
  for (const std::string& name : names)
    if (values.decimal(name) != same.at("values").at(name).get<double>())
      throw InputError(values.path(name), quoted(values.decimal(name)),
                       fmt::format("the value of certificate.json, {}",
                                   quoted(same.at("values").at(name).get<double>())));
}

}  // namespace

void write_certificate(const fs::path& folder, const Certificate& certificate) {
  const Checkpoint& checkpoint = certificate.checkpoint;
  if (checkpoint.X.shape.size() != 2)
    throw InputError("shape of X", shape_text(checkpoint.X.shape), "(n, d)");
  if (checkpoint.b.shape.size() != 1)
    throw InputError("shape of b", shape_text(checkpoint.b.shape), "(p)");
  const Sizes sizes{checkpoint.X.rows(), checkpoint.X.cols(), checkpoint.b.rows()};
  require_sizes(sizes);
  require_shapes(checkpoint, sizes);
  require_enclosed(checkpoint.activation);

  FileBytes files;
  for (const auto& [name, member] : arrays)
    files[file_of(name)] = detail::to_npy(checkpoint.*member, name);
  files["certificate.json"] = detail::dump_json(certificate_json(certificate, sizes, files));
  files["claim.json"] = detail::dump_json(claim_json(certificate, sizes));
  files["provenance.json"] = detail::dump_json(provenance_json(certificate, files));
  const fs::path target = folder.lexically_normal();
  write_new_folder(target.has_filename() ? target : target.parent_path(), files);
}

Certificate read_certificate(const fs::path& folder) {
  const FileBytes files = read_folder(folder);
  const auto parse = [&](const char* name) { return detail::parse_json(files.at(name), name); };
  auto origin = read_provenance(parse("provenance.json"), files);
  Certificate certificate = read_main(parse("certificate.json"), files);
  certificate.origin = std::move(origin);
  require_same_claim(parse("claim.json"), certificate);
  return certificate;
}

}  // namespace alignproof
