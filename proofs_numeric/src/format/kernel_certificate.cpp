// SPDX-License-Identifier: Apache-2.0
// Kernel certificates, version 1: reports/schema/kernel_certificate.schema.json describes
// kernel.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/kernel_certificate.hpp>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>

#include "folder.hpp"
#include "npy.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::FileBytes;
using detail::Json;

constexpr const char *json_file = "kernel.json", *array_file = "X.npy";
constexpr const char *format = "alignproof-kernel-certificate", *kind = "limit_kernel";

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

void require_known(const std::string& name) {
  if (name != json_file && name != array_file)
    throw InputError("file in the certificate folder", fmt::format("'{:.80}'", name),
                     fmt::format("only plain files {}, {}", json_file, array_file));
}

void require_samples(const std::vector<std::size_t>& shape) {
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0)
    throw InputError("shape of X", shape_text(shape), "(n, d) with n, d >= 1");
}

Array read_samples(const Fields& arrays, const FileBytes& files,
                   const std::vector<std::size_t>& expected) {
  const Fields entry = arrays.object("X", {"file", "shape", "sha256"});
  // The file name is fixed, so it can hold no path.
  entry.require("file", array_file);
  entry.require_hash("sha256", array_file, files.at(array_file));
  Array X = detail::from_npy(files.at(array_file), array_file);
  require_samples(X.shape);
  for (const std::vector<std::size_t>& shape : {entry.shape("shape"), expected})
    if (shape != X.shape) throw InputError("shape of X", shape_text(X.shape), shape_text(shape));
  return X;
}

}  // namespace

void write_kernel_certificate(const fs::path& folder, const KernelCertificate& c) {
  require_samples(c.X.shape);
  FileBytes files;
  files[array_file] = detail::to_npy(c.X, "X");
  Json json = {{"format", format},
               {"version", KernelCertificate::version},
               {"kind", kind},
               {"activation", to_string(c.activation)},
               {"n", c.n()},
               {"d", c.d()},
               {"gamma_lower", to_hex(c.gamma_lower)},
               {"gamma_upper", to_hex(c.gamma_upper)}};
  json["arrays"]["X"] = {
      {"file", array_file}, {"shape", c.X.shape}, {"sha256", sha256(files.at(array_file))}};
  files[json_file] = detail::dump_json(json);
  detail::write_new_folder(folder, files);
}

bool holds_kernel_certificate(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / json_file, error));
}

std::map<std::string, std::string> read_kernel_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, require_known);
}

KernelCertificate read_kernel_certificate(const fs::path& folder) {
  return kernel_certificate_from(read_kernel_certificate_files(folder));
}

KernelCertificate kernel_certificate_from(const FileBytes& files) {
  for (const auto& [name, bytes] : files) require_known(name);
  for (const char* name : {json_file, array_file})
    if (!files.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}, {}", json_file, array_file));
  const Json json = detail::parse_json(files.at(json_file), json_file);
  const Fields fields(json, fmt::format("{}: ", json_file),
                      {"format", "version", "kind", "activation", "n", "d", "gamma_lower",
                       "gamma_upper", "arrays"});
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(KernelCertificate::version));
  fields.require("kind", kind);
  KernelCertificate c;
  c.activation = Activation(fields.text("activation"));
  c.gamma_lower = fields.real("gamma_lower");
  c.gamma_upper = fields.real("gamma_upper");
  c.X = read_samples(fields.object("arrays", {"X"}), files, {fields.count("n"), fields.count("d")});
  return c;
}

}  // namespace alignproof::inline format
