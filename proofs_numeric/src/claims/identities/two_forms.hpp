// SPDX-License-Identifier: Apache-2.0
// Runs of small networks in kernel form and in weight form at several digits, behind ID and KF.
#pragma once

#include <alignproof/claims/equality.hpp>

namespace alignproof::inline claims {

/// Both equalities of one run, largest distances over its steps.
struct TwoForms {
  EqualityRecord recursion;  ///< relative to |e(0)| + |y|
  EqualityRecord forms;      ///< |A of kernel form - A of weight form|_F / |A(0)|_F
};

/// Small instances over kinds of data, all activations in turn, penalties, rules, one and two
/// outputs; in the order of their names.
std::vector<Handle<TwoForms>> want_two_forms(Study& study);

Precisions identity_precisions(const Profile& profile);

}  // namespace alignproof::inline claims
