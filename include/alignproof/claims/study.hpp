// SPDX-License-Identifier: Apache-2.0
// The runs behind the claims: planned first, so that claims share them, then done in parallel.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <alignproof/claims/premises.hpp>
#include <alignproof/claims/run_record.hpp>
#include <alignproof/claims/settings.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof {

/// The same network on the same data, from many initialisations.
struct Batch {
  std::string name;  ///< unique in a study
  Data data;
  NetworkSpec network;  ///< its seed is replaced by those of the batch
  Rule rule = Rule::fa;
  std::size_t seeds = 1;
  std::size_t first_seed = 0;  ///< index of the first; batches that must be independent differ here
  Detail detail = Detail::all;
  KernelStep<double> step;  ///< in place of the study's dynamics, if given
};

struct BatchResult {
  Batch batch;
  LimitKernel limit;               ///< of the batch's data
  std::vector<RunRecord> records;  ///< one a seed, in order

  double gamma() const { return limit.gamma; }  ///< a lower bound
  /// gamma is enclosed above 0.
  bool gamma_positive() const { return limit.definiteness == Definiteness::positive_definite; }
};

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

class Study {
 public:
  explicit Study(Settings settings, Progress& progress);

  const Settings& settings() const { return settings_; }
  const Profile& profile() const { return settings_.profile; }

  /// Asks for a batch; the same name twice is one batch.
  void want(const Batch& batch);
  /// Asks for any other piece of work, done once under this name; `cost` in activations evaluated.
  void want(const std::string& name, double cost, std::function<void()> work);

  /// Does everything that was asked for.
  void run();
  /// Takes measurements that were made elsewhere in place of all that was asked for: what is
  /// concluded from runs can be looked at without them.
  void fill(const std::function<void(BatchResult&)>& measure);

  const BatchResult& result(const std::string& name) const { return batches_.at(name); }
  bool has(const std::string& name) const { return batches_.contains(name); }

  std::map<std::string, IdentityRecord> identities;
  std::map<std::string, ExactRecord> exact;
  std::map<unsigned, FloorRecord> floors;  ///< by digits; 16 is double
  std::map<std::string, CertificateRecord> certificates;
  std::map<std::string, LawRecord> laws;
  std::map<std::string, std::vector<LawCheck>> law_checks;  ///< by claim and part
  std::vector<LevelSample> levels;

 private:
  struct Task {
    double cost;
    std::function<void()> work;
  };

  Settings settings_;
  Progress& progress_;
  std::map<std::string, BatchResult> batches_;
  std::map<std::string, Task> others_;
};

/// Seed number `index` of the study: never the same for two base seeds below 2^44.
std::uint64_t seed_of(const Settings& settings, std::size_t index);

/// One of `count` choices for case k, as good as independent of the choices under other names: with
/// enough cases every pair of values meets, not only those with one remainder.
std::size_t choice(std::size_t k, std::string_view name, std::size_t count);

/// Command line that runs one seed of a batch again.
std::string replay_line(const Batch& batch, std::uint64_t seed);

}  // namespace alignproof
