// SPDX-License-Identifier: Apache-2.0
// What the claims share: batches, verdicts about probabilities and exponents, small summaries.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/statistics/fit.hpp>

namespace alignproof {

inline constexpr const char* paper = "Song, Xu, Lafferty, NeurIPS 2021 (arXiv:2106.06044)";

/// The two data sets of the overparameterised claims: unit sphere with a linear teacher, Gaussian
/// with a network teacher.
std::vector<Data> theory_data(const Settings& settings);
/// n orthonormal samples (K = I).
Data isometric_data(const Settings& settings);

/// The runs behind T1 and its lemmas, one batch a data set.
std::vector<Batch> overparameterised(const Settings& settings);
/// The same initialisations and data, rule BP.
std::vector<Batch> backpropagated(const Settings& settings);
/// T1c and T2: one batch a width, lambda = 0.
std::vector<Batch> across_widths(const Settings& settings);

using Quantity = std::function<double(const RunRecord&)>;

std::vector<double> values(const BatchResult& result, const Quantity& quantity);
double largest(const std::vector<double>& v);
double smallest(const std::vector<double>& v);

/// How many records satisfy the predicate.
std::size_t count(const BatchResult& result,
                  const std::function<bool(const RunRecord&)>& predicate);

/// "With probability >= 1 - delta": holds, refuted (then `witness` is shown) or undecided, by
/// Clopper-Pearson limits at the profile's level.
Verdict probability_verdict(const Profile& profile, std::size_t successes, std::size_t trials,
                            const std::string& witness);

/// Fills a row from batches of which each seed succeeds or fails: results, counts, verdict.
void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const std::function<bool(const BatchResult&, const RunRecord&)>& success,
                          ClaimRow& row);

/// Exponent in p of a quantity over the batches of `across_widths`, one point a run.
PowerLaw exponent_in_p(const Study& study, const std::vector<Batch>& batches,
                       const Quantity& quantity);

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

/// Adds the premises of T1 that can be read off the data.
void count_premises(const Study& study, const std::vector<Batch>& batches, ClaimRow& row);

/// The decay failed at no step, was judged at half of the steps or more, and at one with lambda = 0
/// at least.
bool decayed(const RunRecord& record);

std::vector<Claim> t1_claims();
std::vector<Claim> t1_lemma_claims();
std::vector<Claim> t2_claims();
std::vector<Claim> t3_claims();
std::vector<Claim> identity_claims();
std::vector<Claim> certificate_claims();

/// Figures of a study that ran; those whose batches are missing are left out.
std::vector<Figure> study_figures(const Study& study);

}  // namespace alignproof
