// SPDX-License-Identifier: Apache-2.0
// Width certificates: T1 and T2 for every width from p on, with a probability over the
// initialisation, for alignproof-check to prove (reports/docs/width_certificates.md).
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline format {

/// The probability with which each line of the good event may fail, in the letters of the page; 0
/// where a variant does not need the line. Each is a double and stands for itself.
struct WidthShares {
  double G = 0;      ///< lambda_min(G(0))
  double Gmax = 0;   ///< lambda_max(G(0))
  double tr = 0;     ///< tr G(0)
  double b2 = 0;     ///< mean b_r^2
  double b4 = 0;     ///< mean b_r^4
  double b3 = 0;     ///< mean |b_r|^3
  double b6 = 0;     ///< mean b_r^6
  double Q = 0;      ///< mean |beta_r| b_r^2
  double Q3 = 0;     ///< mean |beta_r| |b_r|^3
  double H = 0;      ///< |H(0)|
  double E = 0;      ///< |e(0)|
  double Lb = 0;     ///< the parts of the drift that are linear in b
  double Lbeta = 0;  ///< the part of the drift that is linear in beta
  double row = 0;    ///< max_r |b_r|
  double a_row = 0;  ///< max_r |a_r(0)|
  double cos_b = 0;  ///< |<b, beta(0)>| / |b|
  double beta0 = 0;  ///< |beta(0)|
  // Of relu alone:
  double beta_row = 0;  ///< max_r |beta_r(0)|
  double o_row = 0;     ///< max of |psi(o)|, o the part of a_r that is independent of one a_ri
  double o_mean = 0;    ///< mean b_r^2 |psi(o)|
  double flip = 0;      ///< mean |beta_r b_r| over the signs that may change
  double flip_b = 0;    ///< mean b_r^2 over these
  double flip_psi = 0;  ///< mean |b_r| |psi_r| over these
};

struct WidthLine {
  const char* name;
  double WidthShares::*share;
};

inline constexpr auto width_lines =
    std::to_array<WidthLine>({{"G", &WidthShares::G},
                              {"Gmax", &WidthShares::Gmax},
                              {"tr", &WidthShares::tr},
                              {"b2", &WidthShares::b2},
                              {"b4", &WidthShares::b4},
                              {"b3", &WidthShares::b3},
                              {"b6", &WidthShares::b6},
                              {"Q", &WidthShares::Q},
                              {"Q3", &WidthShares::Q3},
                              {"H", &WidthShares::H},
                              {"E", &WidthShares::E},
                              {"Lb", &WidthShares::Lb},
                              {"Lbeta", &WidthShares::Lbeta},
                              {"row", &WidthShares::row},
                              {"a_row", &WidthShares::a_row},
                              {"cos_b", &WidthShares::cos_b},
                              {"beta0", &WidthShares::beta0},
                              {"beta_row", &WidthShares::beta_row},
                              {"o_row", &WidthShares::o_row},
                              {"o_mean", &WidthShares::o_mean},
                              {"flip", &WidthShares::flip},
                              {"flip_b", &WidthShares::flip_b},
                              {"flip_psi", &WidthShares::flip_psi}});
static_assert(sizeof(WidthShares) == width_lines.size() * sizeof(double));

/// Bounds of spectra that the checker proves to be bounds (it never trusts them); gamma is the
/// smallest eigenvalue of the limit kernel Gbar.
struct WidthSpectra {
  double gamma_lower = 0;  ///< gamma_lower <= gamma
  double gamma_upper = 0;  ///< gamma <= gamma_upper
  double Gbar_upper = 0;   ///< Gbar_upper I - Gbar is positive definite
  double K_upper = 0;      ///< K_upper I - K is positive definite
};

/// Numbers on which lines of the good event rest; each is 0 where it is not needed.
struct WidthTails {
  double lower = 0, upper = 0;   ///< eps and eps' of the lines G and Gmax, for bounded psi
  double level = 0, spread = 0;  ///< S* and y of the lines of relu
};

/// What holds for all t and r on the good event, at every width p' >= p.
struct WidthClaims {
  double beta_displacement = 0;  ///< |beta(t) - beta(0)|_F <= this
  double A_displacement = 0;     ///< |A(t) - A(0)|_F <= this
  double c1 = 0;                 ///< |w_r(t) - w_r(0)| <= c1 n sqrt(log p') / (gamma sqrt p')
  /// |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p'), times sqrt(log p') where psi is not bounded
  double c2 = 0;
  std::optional<double> kappa;  ///< T2: |cos(b, beta(t))| <= kappa / sqrt p'; or nothing of it
};

/// The statement: for every width p' >= p, with probability at least 1 - delta over W(0), beta(0)
/// and b, all independent N(0, 1), |e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t >= 0, and what
/// WidthClaims says. Every double is exact. Everything is dimensionless.
struct WidthCertificate {
  static constexpr int version = 1;

  Rule rule = Rule::fa;
  Activation activation = Activation::tanh;
  Array X;  ///< n x d, samples are rows
  Array y;  ///< n, or n x k with k > 1 outputs
  double eta = 0, delta = 0;
  std::size_t p = 0;
  WidthSpectra spectra;
  WidthTails tails;
  double S = 0;  ///< eta sum_t |e(t)| <= S
  WidthShares shares;
  WidthClaims claims;

  std::size_t n() const { return X.rows(); }
  std::size_t d() const { return X.cols(); }
  std::size_t k() const { return y.cols(); }
};

/// Writes X.npy, y.npy and width.json to a folder that does not exist or is empty; it appears whole
/// or not at all. Throws InputError on shapes that do not fit, n, d, k or p < 1, on numbers that
/// are not finite, and on a folder that cannot be written. Whether the statement is true is not
/// asked.
void write_width_certificate(const std::filesystem::path& folder,
                             const WidthCertificate& certificate);

/// Whether the folder holds a width.json, and so is to be read as a width certificate.
bool holds_width_certificate(const std::filesystem::path& folder);

/// The files of the folder, name -> bytes, each read once: what is hashed is what is decided about.
std::map<std::string, std::string> read_width_certificate_files(
    const std::filesystem::path& folder);

/// Reads and verifies the hashes, shapes, types; an unknown or missing field, file or version is an
/// InputError that names it.
WidthCertificate read_width_certificate(const std::filesystem::path& folder);

/// The same from the folder's files, name -> bytes.
WidthCertificate width_certificate_from(const std::map<std::string, std::string>& files);

}  // namespace alignproof::inline format
