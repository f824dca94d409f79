// SPDX-License-Identifier: Apache-2.0
// What claims that are no folder yet have in common. Goes with the last of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/batch.hpp>
#include <alignproof/claims/premises.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/course.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/claims/probes/start.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/dynamics/alignment_law.hpp>

namespace alignproof {

struct RunRecord : Run,
                   StartProbe::Record,
                   DecayProbe::Record,
                   DisplacementProbe::Record,
                   AlignmentProbe::Record,
                   CourseProbe::Record {
  double sup_dG = 0, sup_dH = 0;                        // DriftProbe
  double sup_v = 0, sup_v_linear = 0, v0 = 0, Cv = 0;   // RemainderProbe
  std::optional<double> penalty_budget;                 // BudgetProbe
};

using BatchResult = Runs<RunRecord>;

/// An identity in exact arithmetic, over the steps of a run.
struct ExactRecord {
  std::string replay;
  std::optional<std::size_t> recursion_fails;  ///< first t at which the two sides differ
  std::optional<std::size_t> forms_differ;     ///< first t at which A is not W X^T
  std::size_t steps = 0;
  bool irrational = false;  ///< sqrt p was no whole number
};

/// A run down to its rounding floor.
struct FloorRecord {
  std::vector<double> log_error;  ///< log10 |e(t)|, all t
  double floor = 0;               ///< derived, log10
  double last = 0;                ///< log10 of the largest |e(t)| over the last tenth of the run
  double contraction = 0;         ///< q: no exact step of the run shrinks |e| by less
};

/// Residuals of an identity at each of the profile's digits, largest over the steps of a run.
struct IdentityRecord {
  std::string name;
  std::string replay;
  std::vector<double> residual;  ///< a number a precision, relative to |e(0)| + |y|; log10
  std::vector<double> bound;     ///< derived rounding bound, same scale; log10
  std::vector<double> form_gap;  ///< |A of kernel form - A of weight form|_F / |A(0)|_F; log10
  bool diverged = false;         ///< the run ended early, at one of the precisions
};

/// A certificate that was attempted.
struct CertificateRecord {
  std::string name;
  std::string replay;
  Verdict verdict = Verdict::undecided("not attempted");
  double alpha = 0, gamma = 0, M_min = 0;
  std::vector<std::string> rows;  ///< ids of the rows that list it
  Premises premises;              ///< of the theorem that those rows are about
  std::size_t p = 0, tries = 0;   ///< width; seeds or widths tried
  bool from_start = false;        ///< p is the least width at which the theorem closes at t = 0
  std::size_t checkpoint = 0;     ///< step at which Theorem A closed
  double cos_min = -1, cos_max = 1;
  std::optional<double> twin_cos_max;  ///< without the penalty
};

/// Runs of the reduced form against the alignment law, up to one slow time and after a cut there.
struct LawRecord {
  std::string replay;    ///< of the widest run
  LawPoint law;          ///< at the end
  double stability = 0;  ///< sup of eta (lambda + curvature) along the law: below 2 it applies
  std::vector<double> widths;
  /// sup |cosine - law| over the later half of the course, by width and seed.
  std::vector<std::vector<double>> gap;
  std::vector<std::vector<double>> gap_after;  ///< |cosine after the cut - law|
  std::vector<std::vector<double>> moved;      ///< |cosine after the cut - cosine at it|
  std::vector<std::vector<double>> after;      ///< cosine after the cut
  std::size_t diverged = 0;
  std::vector<LawPoint> course;             ///< the law over slow time
  std::vector<std::vector<double>> cosine;  ///< of the first seed over the same times, by width
};

/// One number of a claim about the law beside what it should be.
struct LawCheck {
  std::string name, replay;
  double expected = 0, measured = 0, allowed = 0;  ///< |measured - expected| <= allowed
  bool inside = true;                              ///< the premises of the claim hold
  bool one_run = false;  ///< of one initialisation: what fails has no level, and refutes nothing
  bool fine() const { return std::abs(measured - expected) <= allowed; }
};

/// T3K: the guaranteed level of a random law and what the law does.
struct LevelSample {
  double spread = 1;   ///< c2 / c1
  double level = 0;    ///< from K and y
  double uniform = 0;  ///< from gamma, kappa and |y| alone
  double cosine = 0;   ///< after the cut
};

}  // namespace alignproof
