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

/// n real images of two classes, or nothing if no data set was found, and words for that.
std::optional<Data> image_data(const Settings& settings, std::size_t n);
std::string no_data_set();
/// Certificates, each planned once however many rows list it.
void plan_certificates(Study& study);
/// Lists the certificates that belong to the row. Those inside the premises of its theorem are
/// counted and taken into its verdict; the others are named as beyond the theorem.
void add_certified(const Study& study, ClaimRow& row);
using Quantity = std::function<double(const RunRecord&)>;

using Judge = std::function<SeedOutcome(const BatchResult&, const RunRecord&)>;
Seeds count_seeds(const BatchResult& result, const Judge& judge);

/// Fills a row from batches of which each seed succeeds or fails: results, counts, verdict, tests.
/// A batch outside the premises is no instance, and undecided: the claim says nothing of it.
void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const PremisesOf& premises, const Judge& judge, ClaimRow& row);

/// Asks the study for all of them.
void plan_batches(Study& study, const std::vector<Batch>& batches);

std::vector<OldClaim> least_width_claims();
std::vector<OldClaim> law_claims();
std::vector<OldClaim> identity_claims();
std::vector<OldClaim> exact_claims();
std::vector<OldClaim> rounding_floor_claims();
std::vector<OldClaim> certificate_claims();
std::vector<OldClaim> image_claims();

/// False claims about the alignment law, and the runs they need.
void plan_false_laws(Study& study);
std::vector<Rejection> false_laws(const Study& study, std::vector<StatisticalTest>& tests);
/// The law against runs of finite width; nothing if the claims about it were not asked for.
std::vector<Figure> law_figures(const Study& study);

/// Figures of a study that ran; those whose batches are missing are left out.
std::vector<Figure> floor_figures(const Study& study);

}  // namespace alignproof
