// SPDX-License-Identifier: Apache-2.0
// T1 and T2 for every width from one on, with a probability, on one data set: width certificates
// beside the verdicts of the rows T1 and T2, whose constants stay open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/certificates.hpp>
#include <alignproof/claims/claim.hpp>

namespace alignproof::inline claims {

/// A width certificate and what it states, all rounded up.
struct WidthRecord {
  std::string id;      ///< "width-tanh"
  std::string name;    ///< with data and activation
  std::string replay;  ///< one command line
  std::string folder;  ///< of the certificate, relative to that of the report; empty: none was made
  Activation activation = Activation::tanh;
  Verdict verdict = Verdict::undecided("not attempted");
  double delta = 0, gamma = 0;
  std::optional<double> p;  ///< from it on; nothing where none was found
  double S = 0, rho = 0, c1 = 0, c2 = 0;
  std::optional<double> kappa;
};

/// The suite's own; none if the profile has no certificates.
std::vector<Handle<WidthRecord>> want_proved_widths(Study& study);

/// Beside the verdict of a row, in words of their own: the tested statement, whose constants are
/// open, stays what it is. One that is not proved leaves the row undecided.
void add_proved_widths(const std::vector<Handle<WidthRecord>>& widths, ClaimRow& row);

enum class Proved { decay, no_alignment };

/// Of row T1 or T2: the widths, the constants that are proved of them, and the same measured in the
/// runs of row P on the same data.
Conclusion want_widths(Study& study, Proved what);

}  // namespace alignproof::inline claims
