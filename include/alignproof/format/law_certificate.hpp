// SPDX-License-Identifier: Apache-2.0
// Law certificates: enclosed values of the alignment law on isometric data, for alignproof-check to
// prove (reports/docs/law_certificates.md).
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline format {

/// lower <= x <= upper
struct LawBounds {
  double lower = 0, upper = 0;
};

/// Values of the law, p -> infinity, of feedback alignment with one output at the slow time tau,
/// for K = gamma I and a constant penalty lambda on beta.
struct LawValues {
  LawBounds M;         ///< the integral of |m_i| over lambda dtau
  LawBounds cosine;    ///< cos(b, beta), also after a cut of the penalty there
  LawBounds error;     ///< |e|
  LawBounds smallest;  ///< eigenvalue of G = E psi(a) psi(a)^T, of n - 1 directions
  LawBounds largest;   ///< the eigenvalue of G in the direction of y
};

struct LawQuantity {
  const char* name;
  LawBounds LawValues::*bounds;
};

inline constexpr auto law_quantities =
    std::to_array<LawQuantity>({{"M", &LawValues::M},
                                {"cosine", &LawValues::cosine},
                                {"error", &LawValues::error},
                                {"smallest", &LawValues::smallest},
                                {"largest", &LawValues::largest}});
static_assert(sizeof(LawValues) == law_quantities.size() * sizeof(LawBounds));

/// The statement: at tau the law lies within these bounds. Every double is exact. Everything is
/// dimensionless.
struct LawCertificate {
  static constexpr int version = 1;

  Activation activation = Activation::tanh;
  Array y;  ///< n
  double gamma = 0, lambda = 0, tau = 0;
  LawValues values;

  std::size_t n() const { return y.rows(); }
};

/// Writes y.npy and law.json to a folder that does not exist or is empty; it appears whole or not
/// at all. Throws InputError on y that is not of shape (n) with n >= 1, on numbers that are not
/// finite, and on a folder that cannot be written. Whether the statement is true is not asked.
void write_law_certificate(const std::filesystem::path& folder, const LawCertificate& certificate);

/// Whether the folder holds a law.json, and so is to be read as a law certificate.
bool holds_law_certificate(const std::filesystem::path& folder);

/// The files of the folder, name -> bytes, each read once: what is hashed is what is decided about.
std::map<std::string, std::string> read_law_certificate_files(const std::filesystem::path& folder);

/// Reads and verifies the hash, shapes, types; an unknown or missing field, file or version is an
/// InputError that names it.
LawCertificate read_law_certificate(const std::filesystem::path& folder);

/// The same from the folder's files, name -> bytes.
LawCertificate law_certificate_from(const std::map<std::string, std::string>& files);

}  // namespace alignproof::inline format
