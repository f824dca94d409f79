// SPDX-License-Identifier: Apache-2.0
// Tampering with certificate folders, with and without putting the hashes right again.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::test {

using Json = nlohmann::ordered_json;

inline Start from_checkpoint(Activation activation, double eta, Array X, Array y, Array b, Array A,
                             Array beta) {
  return {.kind = CertificateKind::from_checkpoint,
          .activation = activation,
          .eta = eta,
          .penalty = {},
          .X = std::move(X),
          .y = std::move(y),
          .b = std::move(b),
          .W = {},
          .A = std::move(A),
          .beta = std::move(beta)};
}

inline Json load(const std::filesystem::path& file) {
  return Json::parse(read_file(file));
}

inline void store(const std::filesystem::path& file, const Json& json) {
  write_file(file, json.dump(2));
}

/// What a forger does last: all hashes agree with the files as they are.
inline void rehash(const std::filesystem::path& folder) {
  Json main = load(folder / "certificate.json");
  for (auto& [name, entry] : main["arrays"].items())
    if (exists(folder / (name + ".npy")))
      entry["sha256"] = sha256_of_file(folder / (name + ".npy"));
  store(folder / "certificate.json", main);
  Json provenance = load(folder / "provenance.json");
  for (auto& [name, hash] : provenance["sha256"].items()) hash = sha256_of_file(folder / name);
  store(folder / "provenance.json", provenance);
}

/// The same in a folder whose one document is `file`.
inline void rehash_document(const std::filesystem::path& folder, const char* file) {
  Json main = load(folder / file);
  for (auto& [name, entry] : main["arrays"].items())
    if (exists(folder / (name + ".npy")))
      entry["sha256"] = sha256_of_file(folder / (name + ".npy"));
  store(folder / file, main);
}

/// Of a width certificate.
inline void rehash_width(const std::filesystem::path& folder) {
  rehash_document(folder, "width.json");
}

/// Of a law certificate.
inline void rehash_law(const std::filesystem::path& folder) {
  rehash_document(folder, "law.json");
}

/// Changes one JSON file and puts the hashes right.
inline void edit(const std::filesystem::path& folder, const std::string& file,
                 const std::function<void(Json&)>& change) {
  Json json = load(folder / file);
  change(json);
  store(folder / file, json);
  if (file != "provenance.json") rehash(folder);
}

}  // namespace alignproof::test
