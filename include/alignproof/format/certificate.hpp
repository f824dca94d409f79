// SPDX-License-Identifier: Apache-2.0
// Certificates: the numbers on which a proof by Theorems A and B rests
// (reports/docs/theorem_a.md, reports/docs/theorem_b.md).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline format {

/// Where the statement starts: at initial data, or at a state of which nothing is said how it came
/// about (such a proof is conditional).
enum class CertificateKind { from_initialisation, from_checkpoint };

inline constexpr CertificateKind all_certificate_kinds[] = {CertificateKind::from_initialisation,
                                                            CertificateKind::from_checkpoint};

std::string_view to_string(CertificateKind kind);
/// From W(0) and beta(0), with what follows for every t >= 0, or else from a state.
bool is_initial(CertificateKind kind);

/// The object of the statement: a rule and its exact data. Arrays are exact; K = X X^T,
/// A(0) = W(0) X^T and 1/sqrt(p) are derived from them.
struct Start {
  CertificateKind kind = CertificateKind::from_checkpoint;
  Rule rule = Rule::fa;
  Activation activation = Activation::tanh;
  double eta = 0;
  Penalty penalty;  ///< from the initialisation; from a checkpoint lambda = 0
  Array X;          ///< n x d
  Array y;          ///< n, or n x k with k > 1 outputs
  Array b;          ///< p, or p x k
  Array W;          ///< p x d, W(0); empty from a checkpoint
  Array A;          ///< p x n, the pre-activations; empty from the initialisation
  Array beta;       ///< p, or p x k; beta(0)

  std::size_t n() const { return X.rows(); }
  std::size_t d() const { return X.cols(); }
  std::size_t p() const { return b.rows(); }
  std::size_t k() const { return y.cols(); }
  /// Theorem A itself, not one of its variants for backpropagation or k outputs.
  bool plain() const { return is_feedback_alignment(rule) && k() == 1; }
};

/// Bounds that the checker proves to be bounds (it never trusts them), in the notation of
/// reports/docs/theorem_a.md, at the exact state at the checkpoint. Each is a double and stands for
/// itself. With k outputs or BP: |I - eta M| <= 1 - eta M_min and |M| <= M_max
/// (reports/docs/theorem_a_variants.md).
struct SpectralWitness {
  double M_min = 0;   ///< M - M_min I is positive definite
  double M_max = 0;   ///< M_max I - M is positive definite
  double G_max = 0;   ///< G_max I - G is positive definite
  double K_norm = 0;  ///< K_norm I - K is positive definite
};

/// What Theorem A gives for all t >= T, the step of the checkpoint.
struct Statement {
  double alpha = 0;              ///< |e(t)| <= (1 - eta alpha)^(t - T) |e(T)|
  double error = 0;              ///< upper bound of |e(T)|
  double beta_displacement = 0;  ///< |beta(t) - beta(T)| <= this
  double A_displacement = 0;     ///< |A(t) - A(T)|_F <= this
  double cos_min = 0;            ///< cos_min <= cos(b, beta(t)) <= cos_max
  double cos_max = 0;
};

/// The premises by which Theorem A gives its statement: two inequalities at the rate alpha, or
/// bounds as functions of the accumulated error (reports/docs/theorem_a_variants.md, sections 15
/// and 21).
enum class ClosingForm { rate, bootstrap, second_order_drift };

inline constexpr ClosingForm all_closing_forms[] = {ClosingForm::rate, ClosingForm::bootstrap,
                                                    ClosingForm::second_order_drift};

std::string_view to_string(ClosingForm form);
/// Throws InputError, listing what is accepted.
ClosingForm closing_form_from(std::string_view name);

/// A run to its checkpoint T, where Theorem A closes.
struct Leg {
  static constexpr std::size_t largest_checkpoint = 10'000'000;

  std::size_t checkpoint = 0;  ///< T, counted from the start; 0 from a checkpoint
  SpectralWitness witness;
  Statement statement;
  ClosingForm form = ClosingForm::rate;  ///< another one with one output and FA only
  double S = 0;                          ///< but for the rate: eta sum_{t >= T} |e(t)| <= S
  double linear_drift = 0;  ///< second-order drift: its linear part has at most this norm
};

/// T1 on the instance: gamma_min <= gamma <= gamma_max for the smallest eigenvalue of the limit
/// kernel, and |e(t+1)| <= (1 - eta gamma_max / 4) |e(t)| for all t >= 0; lambda = 0.
struct DecayClaim {
  double gamma_min = 0, gamma_max = 0;
};

/// T2 on the instance: b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa / sqrt(p) < 1 for all
/// t >= 0; lambda = 0.
struct NoAlignmentClaim {
  double kappa = 0;
};

/// T3 on the instance: cos_min exceeds by more than the margin the cos_max of the run from the same
/// data with lambda = 0, its twin; that bounds the twin's cosine for all t >= 0, before its
/// checkpoint too.
struct AlignmentClaim {
  double margin = 0;
  Leg twin;
};

/// T1's own bounds of the displacements, for all r and t >= 0, with the natural logarithm:
/// |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt p) and
/// |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p).
struct PublishedDisplacements {
  double c1 = 0, c2 = 0;
};

/// How far each hidden unit moves (reports/docs/certificates.md, section 3).
struct RowClaim {
  Array bounds;  ///< p x 2: |w_r(t) - w_r(0)| <= bounds(r, 0), |beta_r(t) - beta_r(0)| <= bounds(r,
                 ///< 1)
  std::optional<PublishedDisplacements> published;  ///< only beside a DecayClaim, which has gamma
};

/// beta(t) converges, and |beta(infinity) - centre| <= distance.
struct LimitClaim {
  Array centre;  ///< p, or p x k
  double distance = 0;
};

/// |e(t)| > threshold for all t < lower, and |e(t)| <= threshold for all t >= upper. So the first t
/// with |e(t)| <= threshold lies in [lower, upper], and from upper on the error stays below.
struct TimeClaim {
  double threshold = 0;
  std::size_t lower = 0, upper = 0;
};

/// What is claimed of every t >= 0; from the initialisation only.
struct WholeRun {
  double beta_displacement = 0;  ///< |beta(t) - beta(0)| <= this
  double A_displacement = 0;     ///< |A(t) - A(0)|_F <= this
  Array errors;                  ///< (T+1) x 2: errors(t, 0) <= |e(t)| <= errors(t, 1) for t <= T
  std::optional<DecayClaim> decay;
  std::optional<NoAlignmentClaim> no_alignment;
  std::optional<AlignmentClaim> alignment;
  // Of version 3 of the format.
  static constexpr std::size_t most_times = 100;
  std::optional<RowClaim> rows = {};
  std::optional<LimitClaim> limit = {};
  std::vector<TimeClaim> times = {};
};

struct RunCertificate {
  Start start;
  /// The statement holds for all W(0), beta(0) within this distance of those stored (Frobenius
  /// norm, each); from a checkpoint for all A, beta.
  double radius = 0;
  Leg leg;
  WholeRun whole_run;
  /// Free text about where the certificate comes from; never part of the proof.
  std::vector<std::pair<std::string, std::string>> origin;
};

/// The versions of the format that are read, the oldest first.
inline constexpr int certificate_versions[] = {2, 3};

/// The oldest version that can say what this certificate says, in which it is written: readers of
/// version 2 go on reading what has nothing new.
int version_of(const RunCertificate& certificate);

/// Whether alignproof-check-formal, which knows version 2, can be asked about it.
inline bool is_read_by_formal_checker(const RunCertificate& certificate) {
  return version_of(certificate) == certificate_versions[0];
}

/// Writes claim.json, certificate.json, provenance.json and one .npy file an array.
void write_certificate(const std::filesystem::path& folder, const RunCertificate& certificate);

/// The files of the folder, name -> bytes, each read once: what is hashed is what is decided about.
std::map<std::string, std::string> read_certificate_files(const std::filesystem::path& folder);

/// Reads and verifies hashes, shapes, types; an unknown or missing field, file or version is an
/// InputError that names it.
RunCertificate read_certificate(const std::filesystem::path& folder);

/// The same from the folder's files, name -> bytes.
RunCertificate certificate_from(const std::map<std::string, std::string>& files);

}  // namespace alignproof::inline format
