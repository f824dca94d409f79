// SPDX-License-Identifier: Apache-2.0
// Where the law for every activation ceases to be stable, and what it cannot go below. The fast
// multipliers of a step are 1 - eta (lambda + mu_i(G)): the onset of their loss of stability is at
// eta (lambda + lambda_max(G)) = 2.
#pragma once

#include <optional>

#include <alignproof/mean_field/law.hpp>

namespace alignproof::inline mean_field {

/// The first time at which eta (lambda + lambda_max(G)) = 2, up to slow time `last`; nothing if
/// there is none until then. Found among the steps of the solver, then by false position with steps
/// of its own between two of them. error_estimate is NaN. Throws InputError as mean_field_law does,
/// and unless eta > 0 and last > 0 are finite.
std::optional<FieldPoint> onset(const LawData& data, const Activation& psi, const Cloud& cloud,
                                const SlowPenalty& penalty, double eta, double last,
                                const LawOptions& options = {});

/// Whether it is proved that there is no onset, ever, for n samples: psi is bounded by L0 and
/// eta (lambda + n L0^2) < 2, since the trace of G is at most n L0^2 and no schedule rises. Throws
/// InputError unless the penalty is valid, n >= 1 and eta > 0 is finite.
bool never_unstable(const Activation& psi, std::size_t n, const SlowPenalty& penalty, double eta);

/// |e| >= lambda |Y| / (lambda + n L0^2) while the penalty is lambda, for |psi| <= L0 and at all
/// times; 0 for psi that are not bounded. Throws InputError unless the data are valid and
/// lambda > 0.
double error_floor(const LawData& data, const Activation& psi, double lambda);

/// N0's lower bound of lambda_min(G), where gamma is that of G(0) and `drift` is int |m|_F dLambda,
/// for normal feedback
///   max_eps P(|b| < eps) (sqrt gamma - kappa min(1, eps / sqrt(k + 2)))_+^2,   kappa = L1^2 |K|
///   drift
/// since a unit moves by at most |K| L1 int |m b|, and E[b b^T | |b| < eps] <= min(1, eps^2/(k +
/// 2)); for signs (sqrt gamma - kappa)_+^2. Throws InputError unless the data are valid, and gamma
/// >= 0 and drift >= 0 finite.
double least_eigenvalue_bound(const LawData& data, const Activation& psi, FeedbackLaw feedback,
                              double gamma, double drift);

}  // namespace alignproof::inline mean_field
