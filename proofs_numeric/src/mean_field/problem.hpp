// SPDX-License-Identifier: Apache-2.0
// What every solver of the law asks of its input, and how it looks at a flow.
#pragma once

#include <memory>

#include "mean_field/flow.hpp"

namespace alignproof::inline mean_field::detail {

/// Throw InputError in one line.
void require_positive(const char* what, double value);
void require_cloud(const LawData& data, const Cloud& cloud);
void require_problem(const LawData& data, const Activation& psi, const Cloud& cloud,
                     const SlowPenalty& penalty, double tolerance, Return through);

/// By the method that fits psi.
std::unique_ptr<Flow> flow(const FlowSetting& setting, const Activation& psi, const Cloud& cloud);

/// `observe`, with Lambda.
FieldPoint observe_flow(const FlowSetting& setting, const Flow& flow, double lambda);

}  // namespace alignproof::inline mean_field::detail
