// SPDX-License-Identifier: Apache-2.0
// Kernel certificates: bounds of gamma, the smallest eigenvalue of a limit kernel, for
// alignproof-check to prove (reports/docs/limit_kernel_enclosed.md).
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline format {

/// The statement gamma_lower <= gamma <= gamma_upper for gamma = lambda_min(Gbar),
/// Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I); gamma_lower > 0 says that Gbar is positive
/// definite. Every double is exact. Everything is dimensionless.
struct KernelCertificate {
  static constexpr int version = 1;

  Activation activation = Activation::tanh;
  Array X;  ///< n x d, samples are rows
  double gamma_lower = 0, gamma_upper = 0;

  std::size_t n() const { return X.rows(); }
  std::size_t d() const { return X.cols(); }
};

/// Writes X.npy and kernel.json to a folder that does not exist or is empty; it appears whole or
/// not at all. Throws InputError on X that is not n x d with n, d >= 1, on numbers that are not
/// finite, and on a folder that cannot be written. Whether the statement is true is not asked.
void write_kernel_certificate(const std::filesystem::path& folder,
                              const KernelCertificate& certificate);

/// Whether the folder holds a kernel.json, and so is to be read as a kernel certificate.
bool holds_kernel_certificate(const std::filesystem::path& folder);

/// The files of the folder, name -> bytes, each read once: what is hashed is what is decided about.
std::map<std::string, std::string> read_kernel_certificate_files(
    const std::filesystem::path& folder);

/// Reads and verifies the hash, shapes, types; an unknown or missing field, file or version is an
/// InputError that names it.
KernelCertificate read_kernel_certificate(const std::filesystem::path& folder);

/// The same from the folder's files, name -> bytes.
KernelCertificate kernel_certificate_from(const std::map<std::string, std::string>& files);

}  // namespace alignproof::inline format
