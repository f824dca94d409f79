// SPDX-License-Identifier: Apache-2.0
// Linear networks on the slow time, as law1 to law6 and T3K look at them.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/study.hpp>

namespace alignproof::inline claims {

inline constexpr const char* law_source = "ours, reports/docs/alignment_law.md";
/// The premises of law1, law2, law3 and law6.
const std::vector<std::string>& law_premises();

/// A linear network on the slow time, at many widths.
struct LawCase {
  std::string name;
  Data data;
  double eta = 0.1;
  double tau = 1;
  /// lambda on the slow time; `decay` and `scale` are those of the command line, scale in slow
  /// time.
  double lambda = 1;
  Decay decay = Decay::constant;
  double scale = 1;
  std::size_t steps_after = 0;  ///< after a cut at tau
};

LawCase isometric_case(const Settings& settings);
/// Unit sphere; d = n + 1, ill conditioned; nearly parallel samples, numerically singular.
std::vector<LawCase> general_cases(const Settings& settings);

/// Samples of a linear teacher for a linear network.
Data linear_data(const Settings& settings, Inputs inputs, std::size_t n, std::size_t d,
                 double scale = 1);
/// K = X X^T.
Matrix<double> gram(const Data& data);

double lambda_at(const LawCase& c, double tau);
/// The case at width p: its penalty and its steps counted there.
NetworkSpec network_of(const LawCase& c, std::size_t p, std::uint64_t seed);
/// Command line of that run.
std::string replay(const LawCase& c, std::size_t p, std::uint64_t seed);

}  // namespace alignproof::inline claims
