// SPDX-License-Identifier: Apache-2.0
// Claims as objects: their words, the work they need, and how a row follows from it. How one is
// built, inside the library and outside: reports/docs/claims.md.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include <alignproof/claims/planted_errors.hpp>
#include <alignproof/claims/refused.hpp>
#include <alignproof/claims/study.hpp>
#include <alignproof/format/report.hpp>

namespace alignproof::inline claims {

inline constexpr const char* paper = "Song, Xu, Lafferty, NeurIPS 2021 (arXiv:2106.06044)";

/// Fills everything of a row but the text; called when the study has run.
using Conclusion = std::function<void(ClaimRow&)>;

/// Something false that the tests behind a claim must refuse.
struct FalseClaim {
  int place = 0;  ///< in the report's list
  std::function<std::function<Refused()>(Study&)> plan;
};

struct ClaimFigure {
  int place = 0;  ///< among the report's figures
  std::function<std::function<std::vector<Figure>()>(Study&)> plan;
};

/// What a report says of the sizes: a title and a value.
using SettingLine = std::pair<std::string, std::string>;

struct Claim {
  ClaimText text;
  int place = 0;               ///< in the table
  bool needs_checker = false;  ///< the row counts certificates
  bool reads_data = false;     ///< the row counts data that the user gives
  bool self_test = false;      ///< planted errors are sent through it
  /// Asks the study for what the claim needs and keeps the handles in what it returns.
  std::function<Conclusion(Study&)> plan;
  std::vector<FalseClaim> false_claims = {};
  std::vector<ClaimFigure> figures = {};
  /// Its sizes, for the report; a line that several claims say stands there once.
  std::function<std::vector<SettingLine>(const Profile&)> settings = {};
};

/// The claims of this library in the order of the table.
const std::vector<Claim>& all_claims();

/// Throws InputError, listing the ids, on an unknown one.
const Claim& claim_named(std::string_view id);

/// What is refused beside the rows.
struct Refuse {
  bool false_claims = false, planted_errors = false;
};

/// Plans, runs and concludes these claims, in this order.
Report verify(const Settings& settings, std::span<const Claim> claims, Progress& progress,
              Refuse refuse = {});

/// The claims of this library with these ids; all of them if empty, and then also what the suite
/// must refuse.
Report verify(const Settings& settings, const std::vector<std::string>& ids, Progress& progress);

/// What decides the exit code: the verdicts of the rows, and `undecided` for whatever false claim
/// or planted error was not refused.
std::vector<Verdict> verdicts_of(const Report& report);

/// Puts a planted error into the dynamics of a small study of its own and sends it through those of
/// the claims that are made for it.
Rejection planted_error(const Settings& settings, PlantedError error,
                        std::span<const Claim> claims = all_claims());

/// Those rows of the same small study that refute the true dynamics: none.
std::vector<std::string> true_dynamics_refuted_by(const Settings& settings,
                                                  std::span<const Claim> claims = all_claims());

}  // namespace alignproof::inline claims
