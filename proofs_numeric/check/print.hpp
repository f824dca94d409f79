// SPDX-License-Identifier: Apache-2.0
// A report for people and for machines.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "report.hpp"

namespace alignproof::check {

/// A table of the inequalities and the facts, in lines of at most 80 columns. `folder` is the name
/// that was given to the certificate.
std::vector<std::string> lines_for_people(const std::string& folder, const Report& report);

/// An entry of `certificates` in reports/schema/check.schema.json.
nlohmann::ordered_json json_of(const std::string& folder, const Report& report);

/// The whole document.
std::string document_of(const std::vector<nlohmann::ordered_json>& certificates);

}  // namespace alignproof::check
