// SPDX-License-Identifier: Apache-2.0
// What the claims share: batches, verdicts about probabilities and exponents, small summaries.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/statistics/fit.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof {

inline constexpr const char* paper = "Song, Xu, Lafferty, NeurIPS 2021 (arXiv:2106.06044)";

/// The two data sets of the overparameterised claims: unit sphere with a linear teacher, Gaussian
/// with a network teacher.
std::vector<Data> theory_data(const Settings& settings);
/// n real images of two classes, or nothing if no data set was found, and words for that.
std::optional<Data> image_data(const Settings& settings, std::size_t n);
std::string no_data_set();
/// Certificates, each planned once however many rows list it.
void plan_certificates(Study& study);
/// Lists the certificates that belong to the row. Those inside the premises of its theorem are
/// counted and taken into its verdict; the others are named as beyond the theorem.
void add_certified(const Study& study, ClaimRow& row);
/// n orthonormal samples (K = I).
Data isometric_data(const Settings& settings);

/// The runs behind T1 and its lemmas, one batch a data set.
std::vector<Batch> overparameterised(const Settings& settings);
/// The same initialisations and data, rule BP.
std::vector<Batch> backpropagated(const Settings& settings);
/// T1c, T2, GK: one batch a width, lambda = 0.
std::vector<Batch> across_widths(const Settings& settings);
/// T1c: one batch a number of samples, lambda = 0.
std::vector<Batch> across_samples(const Settings& settings);

using Quantity = std::function<double(const RunRecord&)>;

std::vector<double> values(const BatchResult& result, const Quantity& quantity);
/// NaN if one of them is NaN: what cannot be judged must not be lost among what can.
double largest(const std::vector<double>& v);
double smallest(const std::vector<double>& v);
/// The same along a run: once NaN, always NaN.
inline double largest_so_far(double so_far, double value) {
  return std::isnan(so_far) || value <= so_far ? so_far : value;
}
inline double smallest_so_far(double so_far, double value) {
  return std::isnan(so_far) || value >= so_far ? so_far : value;
}
/// Empirical quantile; NaN where a value is not finite.
double quantile_of(const std::vector<double>& v, double q);

/// How many records satisfy the predicate.
std::size_t count(const BatchResult& result,
                  const std::function<bool(const RunRecord&)>& predicate);

/// "With probability >= wanted": holds, refuted (then `witness` is shown) or undecided, by
/// Clopper-Pearson limits, each of which errs with probability at most `level`.
struct ShareClaim {
  double wanted, level;
};
/// A seed that could not be judged (too much below rounding, or the premise of a conditional claim
/// failed) counts as a failure where the claim is to hold and as a success where it is refuted.
struct Seeds {
  std::size_t successes = 0, unjudged = 0, trials = 0;
};
Verdict probability_verdict(const ShareClaim& claim, const Seeds& seeds,
                            const std::string& witness);

/// What such a test may say wrongly and what it sees.
StatisticalTest share_test(const std::string& claim, const std::string& what,
                           const ShareClaim& share, std::size_t trials);

/// `outside`: the seed does not meet a premise that is decided at t = 0. It is no trial.
enum class SeedOutcome { success, failure, unjudged, outside };
using Judge = std::function<SeedOutcome(const BatchResult&, const RunRecord&)>;
inline SeedOutcome success_if(bool success) {
  return success ? SeedOutcome::success : SeedOutcome::failure;
}
Seeds count_seeds(const BatchResult& result, const Judge& judge);

/// The premises of a row, of one of its batches.
using PremisesOf = std::function<Premises(const BatchResult&)>;
Premises t1_premises(const BatchResult& result);
Premises start_premises(const BatchResult& result);

/// Fills a row from batches of which each seed succeeds or fails: results, counts, verdict, tests.
/// A batch outside the premises is no instance, and undecided: the claim says nothing of it.
void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const PremisesOf& premises, const Judge& judge, ClaimRow& row);

/// A violation of the decay that was seen in doubles is looked at again at 50 digits before anybody
/// relies on it: the first of a batch, and a refuted row whose violation is not confirmed is
/// undecided.
void confirm_first_violation(const Study& study, const Batch& batch, ClaimRow& row);

/// Exponent of a quantity over batches, in the width or in the number of samples; nothing if a run
/// diverged or the quantity is not positive somewhere.
enum class Variable { width, samples };
using BatchQuantity = std::function<double(const BatchResult&, const RunRecord&)>;
std::optional<MedianSlope> exponent_over(const Study& study, const std::vector<Batch>& batches,
                                         Variable variable, const BatchQuantity& quantity);
std::optional<MedianSlope> exponent_over(const Study& study, const std::vector<Batch>& batches,
                                         Variable variable, double RunRecord::*quantity);

/// "The exponent is below `limit`": holds, refuted or undecided, by the limits of the interval.
VerdictKind below(const MedianSlope& law, double limit);

/// What such a test may say wrongly. Its power is the smaller of two: refuting `alternative`, the
/// exponent of a named false claim, and holding if the exponent is `claimed`; both fixed
/// beforehand.
StatisticalTest exponent_test(const std::string& claim, const std::string& what,
                              const MedianSlope& law, double limit, double claimed,
                              double alternative);

Measurement measured_exponent(const std::string& name, const MedianSlope& law,
                              const std::string& note);

/// How much more a quantity would grow over the widths with one exponent than with another: below 1
/// is safe.
double growth_ratio(const std::vector<Batch>& batches, double exponent, double allowed);
inline constexpr const char* growth_ratio_label =
    "$p_{\\max}/p_{\\min}$ to the power measured - bound: growth over the widths against what the "
    "margin allows";

/// "sphere inputs, linear teacher, n=5 d=50, p=2048"
std::string name_of(const Batch& batch);

/// Asks the study for all of them.
void plan_batches(Study& study, const std::vector<Batch>& batches);

/// Counts for each premise of the row on how many instances it holds.
void count_premises(const Premises& premises, ClaimRow& row);
/// The same for several batches. Returns what was found where one fails, "" if all are inside.
std::string count_premises(const Study& study, const std::vector<Batch>& batches,
                           const PremisesOf& premises, ClaimRow& row);

/// The decay failed at no step, was judged at half of the steps or more, and, if the penalty ends,
/// at one with lambda = 0 at least.
bool decayed(const RunRecord& record);
/// The same as an outcome: a run without violation or divergence that was hardly judged is neither.
SeedOutcome decay_outcome(const RunRecord& record);

/// The runs of T3, and the same instances with lambda = 0: also what two false claims look at.
Batch regularised(const Settings& settings);
Batch twin(const Settings& settings);

std::vector<Claim> t1_claims();
std::vector<Claim> t1_lemma_claims();
std::vector<Claim> t2_claims();
std::vector<Claim> t3_claims();
std::vector<Claim> least_width_claims();
std::vector<Claim> law_claims();
std::vector<Claim> identity_claims();
std::vector<Claim> exact_claims();
std::vector<Claim> rounding_floor_claims();
std::vector<Claim> certificate_claims();
std::vector<Claim> image_claims();

/// False claims about the alignment law, and the runs they need.
void plan_false_laws(Study& study);
std::vector<Rejection> false_laws(const Study& study, std::vector<StatisticalTest>& tests);
/// The law against runs of finite width; nothing if the claims about it were not asked for.
std::vector<Figure> law_figures(const Study& study);

/// Figures of a study that ran; those whose batches are missing are left out.
std::vector<Figure> study_figures(const Study& study);

}  // namespace alignproof
