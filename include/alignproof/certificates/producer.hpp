// SPDX-License-Identifier: Apache-2.0
// Finds certificates: runs the dynamics in doubles until Theorem A closes. What it finds is a
// proposal; alignproof-check decides.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/dynamics/step.hpp>
#include <alignproof/format/certificate.hpp>

namespace alignproof::inline certificates {

/// What to look for, declared before the run.
struct Search {
  CertificateKind kind = CertificateKind::from_initialisation;
  Rule rule = Rule::fa;
  /// With one output and FA, the forms that are tried at each checkpoint, in this order.
  std::vector<ClosingForm> forms = {ClosingForm::rate};
  std::size_t first = 0;        ///< earliest checkpoint
  std::size_t stride = 10;      ///< a checkpoint each so many steps
  double share = 0.5;           ///< stop at alpha >= share lambda_min(M) and
  double width = 0.02;          ///< cos_max - cos_min <= width; else take the narrowest
  double kappa = 4;             ///< T2: |cos(b, beta(t))| <= kappa / sqrt(p)
  double margin = 0.05;         ///< T3: cosines with and without the penalty differ by more
  double radius = 0;            ///< of the neighbourhood, around a checkpoint or the initial data
  bool largest_radius = false;  ///< looked for in place of it: the same theorems hold there
  /// Decimal digits of the run and of what is computed from it; 0: doubles, and where these do not
  /// resolve it more digits by itself. Feedback alignment with one output.
  unsigned digits = 0;
  // What makes a certificate one of version 3; from the initialisation only.
  bool rows = false;                    ///< how far each hidden unit moves, and T1 as published
  bool limit = false;                   ///< beta(infinity)
  std::vector<double> thresholds = {};  ///< when |e| falls below each of them

  bool asks_for_more() const { return rows || limit || !thresholds.empty(); }
};

struct Proposal {
  std::optional<RunCertificate> certificate;
  std::size_t checkpoint = 0;  ///< step at which the theorem closed, or at which the search ended
  unsigned digits = 0;         ///< of the run that was looked at; 0: doubles
  double M_min = 0;            ///< smallest eigenvalue of M there, approximate
  std::string
      obstacle;  ///< if nothing closed: which inequality failed, by how much, what would help
  /// T1, T2, T3, the published displacements or a neighbourhood: why the certificate does not claim
  /// it.
  std::vector<std::string> not_claimed;
};

/// Digits that are tried one after the other where doubles do not resolve it.
inline constexpr unsigned more_digits[] = {40, 100, 300};

/// What to search for where the checker has not accepted what this proposal claims: half the radius
/// where the largest was asked for, or the same with more digits; nothing where there is no more to
/// try.
std::optional<Search> next_search(const Instance& instance, Search search, const Proposal& refused);

/// Looks at checkpoints from the first step >= search.first with lambda = 0 from then on, up to the
/// instance's steps. From the initialisation, T1 and T2 are claimed without a penalty and
/// T3 with one, where the numbers allow it; T2 and T3 of feedback alignment alone. Steps are units
/// of progress.
Proposal propose_certificate(const Instance& instance, const Search& search,
                             KernelStep<double> advance, Progress& progress);
Proposal propose_certificate(const Instance& instance, const Search& search,
                             KernelStep<double> advance);

}  // namespace alignproof::inline certificates
