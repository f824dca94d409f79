// SPDX-License-Identifier: Apache-2.0
// What the alignment law says of a network whose penalty is cut: asymptotic in p and evaluated in
// doubles. It says which instances the theorem on alignment speaks of and what level is expected of
// them; no proof rests on it. Derivation: reports/docs/alignment_law_nonlinear.md, section 8.
#pragma once

#include <optional>
#include <string>

#include <alignproof/network/data.hpp>

namespace alignproof::inline claims {

struct CutLaw {
  double Lambda = 0;            ///< eta / sqrt p times the sum of the penalty
  double cosine = 0;            ///< at the cut, before it
  double cosine_after_cut = 0;  ///< at the end
  double least_cosine = 0;      ///< c*: its infimum over all t after the cut
  double leading = 0;           ///< (N10): the one at the end to first order in Lambda
  double step_use = 0;          ///< sup of eta (lambda + lambda_max(G)) up to the cut: below 2
};

struct FoundCutLaw {
  std::optional<CutLaw> law;
  std::string why_none;
};

/// There is none where the penalty is not constant and cut, where the law is not defined for the
/// activation, or where the error does not converge after the cut.
FoundCutLaw cut_law(const Data& data, const NetworkSpec& network);

}  // namespace alignproof::inline claims
