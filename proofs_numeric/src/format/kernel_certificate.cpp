// SPDX-License-Identifier: Apache-2.0
// Kernel certificates, version 1: reports/schema/kernel_certificate.schema.json describes
// kernel.json.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/kernel_certificate.hpp>

#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>

#include "array_files.hpp"
#include "folder.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format {

namespace {

namespace fs = std::filesystem;
using detail::Fields;
using detail::FileBytes;
using detail::Json;

const detail::Layout layout{"kernel.json", {"X"}};
constexpr const char *format = "alignproof-kernel-certificate", *kind = "limit_kernel";

void require_samples(const std::vector<std::size_t>& shape) {
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0)
    throw InputError("shape of X", detail::shape_text(shape), "(n, d) with n, d >= 1");
}

}  // namespace

void write_kernel_certificate(const fs::path& folder, const KernelCertificate& certificate) {
  KernelCertificate c = certificate;
  require_samples(c.X.shape);
  Json json = {{"format", format},
               {"version", KernelCertificate::version},
               {"kind", kind},
               {"activation", to_string(c.activation)},
               {"n", c.n()},
               {"d", c.d()},
               {"gamma_lower", to_hex(c.gamma_lower)},
               {"gamma_upper", to_hex(c.gamma_upper)}};
  layout.write(folder, std::move(json), {{"X", &c.X, c.X.shape}});
}

bool holds_kernel_certificate(const fs::path& folder) {
  return layout.stands_in(folder);
}

std::map<std::string, std::string> read_kernel_certificate_files(const fs::path& folder) {
  return detail::read_folder(folder, [](const std::string& name) { layout.require_known(name); });
}

KernelCertificate read_kernel_certificate(const fs::path& folder) {
  return kernel_certificate_from(read_kernel_certificate_files(folder));
}

KernelCertificate kernel_certificate_from(const FileBytes& files) {
  const Json json = layout.parse(files);
  const Fields fields(json, fmt::format("{}: ", layout.json_file),
                      {"format", "version", "kind", "activation", "n", "d", "gamma_lower",
                       "gamma_upper", "arrays"});
  fields.require("format", format);
  fields.require("version", static_cast<std::size_t>(KernelCertificate::version));
  fields.require("kind", kind);
  KernelCertificate c;
  c.activation = Activation(fields.text("activation"));
  c.gamma_lower = fields.real("gamma_lower");
  c.gamma_upper = fields.real("gamma_upper");
  const std::vector<std::size_t> shape = {fields.count("n"), fields.count("d")};
  require_samples(shape);
  detail::read_array({"X", &c.X, shape}, fields.object("arrays", {"X"}), files);
  return c;
}

}  // namespace alignproof::inline format
