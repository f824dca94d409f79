// SPDX-License-Identifier: Apache-2.0
// Equalities that hold exactly, evaluated at more and more digits: of a true one only rounding is
// left, which a derived bound covers and which shrinks as the digits grow. No tolerance is tuned.
// The claims ID and KF are written on this; a claim of your own needs its cases and
// `plan_equality`. Use in reports/docs/claims.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/claim.hpp>

namespace alignproof::inline claims {

/// One evaluation of both sides, at the digits in force (ScopedDigits).
struct Discrepancy {
  Mpfr distance;  ///< of the two sides, >= 0, in a unit that does not depend on the digits
  /// Derived, in the same unit: what rounding may put between the sides of a true equality. All
  /// evaluations of a case have one, or none has.
  std::optional<Mpfr> rounding = std::nullopt;
  /// Not if a run ended early: what was compared may then show the equality false, never true.
  bool complete = true;
};

/// What was found of one case, log10, a number a precision.
struct EqualityRecord {
  std::string name;
  std::string replay;  ///< a command line that shows it again; may be empty
  std::vector<double> distance;
  std::vector<double> rounding;  ///< as many, or none
  bool complete = true;

  void add(unsigned digits, const Discrepancy& found);
};

/// Digits of an equality, ascending. A distance that shrinks from the least to the most by
/// `digits_lost` digits less than they differ by is not rounding any more.
struct Precisions {
  std::vector<unsigned> digits;
  double digits_lost = 3;
};

/// Fills the row. A case is refuted where its distance exceeds the bound of rounding, or does not
/// shrink. Throws InputError unless there are two precisions or more, ascending, and each record
/// has a distance for each.
void conclude_equality(const std::vector<EqualityRecord>& records, const Precisions& precisions,
                       ClaimRow& row);

struct EqualityCase {
  std::string name;    ///< unique in a study
  std::string replay;  ///< may be empty
  double cost = 1e6;   ///< of all evaluations, as Study::want has it
  std::function<Discrepancy()> evaluate;
};

/// Asks for every case at every precision. What comes back fills the row.
Conclusion plan_equality(Study& study, const std::vector<EqualityCase>& cases,
                         const Precisions& precisions);

}  // namespace alignproof::inline claims
