// SPDX-License-Identifier: Apache-2.0
// What claims that are no folder yet share. Goes with the last of them.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/own_data.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/claims/violation.hpp>
#include <alignproof/network/activation_properties.hpp>

namespace alignproof {

/// A claim that is no folder yet.
struct OldClaim {
  ClaimText text;
  std::function<void(Study&)> plan;
  std::function<void(const Study&, ClaimRow&)> conclude;
};

/// The two data sets of the overparameterised claims: unit sphere with a linear teacher, Gaussian
/// with a network teacher.
std::vector<Data> theory_data(const Settings& settings);
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

using Judge = std::function<SeedOutcome(const BatchResult&, const RunRecord&)>;
Seeds count_seeds(const BatchResult& result, const Judge& judge);

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
using BatchQuantity = std::function<double(const BatchResult&, const RunRecord&)>;
std::optional<MedianSlope> exponent_over(const Study& study, const std::vector<Batch>& batches,
                                         Variable variable, const BatchQuantity& quantity);
std::optional<MedianSlope> exponent_over(const Study& study, const std::vector<Batch>& batches,
                                         Variable variable, double RunRecord::*quantity);

/// How much more a quantity would grow over the widths with one exponent than with another: below 1
/// is safe.
double growth_ratio(const std::vector<Batch>& batches, double exponent, double allowed);
/// Asks the study for all of them.
void plan_batches(Study& study, const std::vector<Batch>& batches);

/// The same for several batches. Returns what was found where one fails, "" if all are inside.
std::string count_premises(const Study& study, const std::vector<Batch>& batches,
                           const PremisesOf& premises, ClaimRow& row);

std::vector<OldClaim> t1_claims();
std::vector<OldClaim> t1_lemma_claims();
std::vector<OldClaim> t2_claims();
std::vector<OldClaim> least_width_claims();
std::vector<OldClaim> law_claims();
std::vector<OldClaim> identity_claims();
std::vector<OldClaim> exact_claims();
std::vector<OldClaim> rounding_floor_claims();
std::vector<OldClaim> certificate_claims();

/// Those that are in no folder yet, in the order of the report; without those about laws.
std::vector<FalseClaim> other_false_claims();

/// False claims about the alignment law, and the runs they need.
void plan_false_laws(Study& study);
std::vector<Rejection> false_laws(const Study& study, std::vector<StatisticalTest>& tests);
/// The law against runs of finite width; nothing if the claims about it were not asked for.
std::vector<Figure> law_figures(const Study& study);

/// Figures of a study that ran; those whose batches are missing are left out.
std::vector<Figure> decay_figures(const Study& study);
std::vector<Figure> width_figures(const Study& study);
std::vector<Figure> floor_figures(const Study& study);

}  // namespace alignproof
