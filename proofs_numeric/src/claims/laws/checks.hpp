// SPDX-License-Identifier: Apache-2.0
// Claims about the law that compare numbers with what they should be.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <alignproof/claims/study.hpp>
#include <alignproof/format/report.hpp>

namespace alignproof::inline claims {

/// One number of a claim about the law beside what it should be.
struct LawCheck {
  std::string name, replay;
  double expected = 0, measured = 0, allowed = 0;  ///< |measured - expected| <= allowed
  bool inside = true;                              ///< the premises of the claim hold

  bool fine() const { return std::abs(measured - expected) <= allowed; }
  /// |measured - expected| / allowed: at most 1 where it is fine.
  double share() const { return std::abs(measured - expected) / allowed; }
};

/// Checks that are counted together, under this name.
struct LawChecks {
  /// Of the law, one that fails is a counterexample; each of one initialisation has no level, so
  /// that what fails refutes nothing.
  enum class Of { law, single_runs };

  std::string name;
  Of of = Of::law;
  std::vector<LawCheck> checks;
};

Handle<LawChecks> want_checks(Study& study, const std::string& name, LawChecks::Of of, double cost,
                              std::function<std::vector<LawCheck>()> make);

std::vector<LawChecks> done(const std::vector<Handle<LawChecks>>& all);

/// Lists checks and takes them into the verdict. Returns the one closest to its allowance.
LawCheck conclude_checks(const std::vector<LawChecks>& all, ClaimRow& row);

/// The same for a row that has nothing else: its numbers are those of the closest check.
void conclude_closest(const std::vector<LawChecks>& all, ClaimRow& row);

}  // namespace alignproof::inline claims
