// SPDX-License-Identifier: Apache-2.0
// The networks of law7.
#pragma once

#include <vector>

#include "claims/mean_field/field_runs.hpp"

namespace alignproof::inline claims {

/// tanh, sigmoid, erf, softplus and gelu, three outputs, an ill-conditioned K, penalties from
/// small to large; the last is relu, which the theorem leaves out.
std::vector<FieldCase> followed_cases(const Settings& settings);

/// tanh on two correlated samples, the same for every seed: the terms that false laws have
/// otherwise matter there.
FieldCase telling_case();

/// The same where targets and correlation contradict each other: there the order of the products
/// matters.
FieldCase contradicting_case();

/// Its runs at the widths of the profile.
Handle<FieldRecord> want_followed(Study& study, const FieldCase& c);

}  // namespace alignproof::inline claims
