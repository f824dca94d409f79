// SPDX-License-Identifier: Apache-2.0
// The numbers of a certificate by name, and where the truth of one ends.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

namespace alignproof::tamper {

/// A number of a certificate, by name.
struct Field {
  std::string name;
  std::function<double&(RunCertificate&)> of;
};

/// Numbers of statement, witness and claims; then eta, radius and the penalty.
std::vector<Field> claimed_fields(const RunCertificate& certificate);
std::vector<Field> all_fields(const RunCertificate& certificate);

/// The double next to the last at which the claim holds, from the present value towards `direction`
/// (+1 or -1): the truth's own boundary. Nothing if it holds however far.
struct Edge {
  double holds, fails;
};
std::optional<Edge> edge(const std::function<bool(double)>& holds, double start, int direction);

}  // namespace alignproof::tamper
