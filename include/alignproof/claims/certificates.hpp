// SPDX-License-Identifier: Apache-2.0
// Statements about all time, proved on instances: a certificate is looked for in doubles (Theorems
// A and B, certificates/producer.hpp), and alignproof-check, a separate program, proves it or
// refuses. A claim counts such certificates beside its runs: `want_certificate` in its plan,
// `add_certified` in its conclusion, and `needs_checker` set. Use in reports/docs/claims.md.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/bounds/width.hpp>
#include <alignproof/certificates/producer.hpp>
#include <alignproof/claims/premises.hpp>
#include <alignproof/claims/study.hpp>
#include <alignproof/format/report.hpp>

namespace alignproof::inline claims {

/// What a certificate claims of the whole run, from its initial data on.
enum class ForAllTime {
  decay,         ///< T1
  no_alignment,  ///< T2
  alignment      ///< T3
};

struct CertificateCase {
  /// Unique in a study; also the name of the folder inside Settings::certificates that takes the
  /// certificate.
  std::string id;
  Data data;
  NetworkSpec network;             ///< its seed is replaced by those of the study
  std::vector<ForAllTime> wanted;  ///< all of these, or the attempt fails
  Search search;
  /// Of the theorem that the row is about, for the network that was found. None: no premises.
  std::function<Premises(const NetworkSpec&)> premises = nullptr;
  std::size_t seeds = 1;  ///< tried one after the other; the report says how many were
  /// Tries widths 64, 128, ... up to the network's in place of seeds, for the least at which the
  /// certificate closes at t = 0.
  bool from_start = false;
};

/// A certificate that was attempted.
struct CertificateRecord {
  std::string id;
  std::string name;  ///< with data, width and activation
  std::string replay;
  std::string folder;  ///< of the certificate, relative to that of the report; empty: none was made
  Verdict verdict = Verdict::undecided("not attempted");
  double alpha = 0, gamma = 0, M_min = 0;
  Premises premises;
  std::size_t p = 0, tries = 0;  ///< width; seeds or widths tried
  bool from_start = false;       ///< p is the least width at which the theorem closes at t = 0
  std::size_t checkpoint = 0;    ///< step at which Theorem A closed
  ClosingForm form = ClosingForm::rate;  ///< in which it did
  double cos_min = -1, cos_max = 1;
  std::optional<double> twin_cos_max;  ///< without the penalty
  bool T1 = false;                     ///< it states T1, of which gamma is alignproof-check's alone
  std::optional<PublishedDisplacements> published;  ///< it states T1 as published, with these
  std::optional<double> limit_distance;             ///< of beta(infinity) from a point
  std::vector<TimeClaim> times;
};

/// Where a report finds the certificate of this id, which stands beside it.
std::string folder_beside_report(const Settings& settings, const std::string& id);

/// Letters, digits, '-' and '_', no '-' in front, at most 100 of them: the id of a certificate.
bool is_plain_name(const std::string& name);

/// Removes the folder of a certificate or a family if nothing else stands in it, down to the files
/// of members, and neither it nor the folder that it is in is a link; else all of it stays. Whether
/// nothing stands there now. Throws nothing where it cannot look.
bool remove_certificate(const std::filesystem::path& folder);

/// Done once, however many claims ask for this id. Removes what an earlier run left in its folder;
/// throws InputError where anything else is there.
Handle<CertificateRecord> want_certificate(Study& study, const CertificateCase& c);

/// T1, and T2, for every width from one on, with probability at least 1 - delta over the
/// initialisation, on one data set.
struct WidthCase {
  /// Also the name of the folder inside Settings::certificates that takes the certificate.
  std::string id;
  Data data;
  Activation activation = Activation::tanh;
  Rule rule = Rule::fa;
  double eta = 0, delta = 0.1;
};

struct CertifiedWidth {
  std::optional<SufficientWidth> width;  ///< nothing where none was found
  std::string why_none;
  Verdict verdict = Verdict::undecided("not attempted");  ///< of alignproof-check
};

/// Finds the width and has alignproof-check prove its certificate, at once and on this thread;
/// where the theorem says nothing (of the activation, the data or eta), the reason. Removes what an
/// earlier run left in the folder; throws InputError where anything else is there.
CertifiedWidth certify_width(const Settings& settings, const WidthCase& c);

/// Lists certificates in a row that has a verdict from its runs. Those inside the premises are
/// counted and taken into the verdict: one that is not proved for all time, from the initial data
/// on, leaves it undecided. The others are named as beyond the theorem.
void add_certified(const std::vector<Handle<CertificateRecord>>& certificates, ClaimRow& row);

}  // namespace alignproof::inline claims
