// SPDX-License-Identifier: Apache-2.0
// Networks of any activation on the slow time, as law7, law9 and law10 look at them.
#pragma once

#include <optional>
#include <string>

#include <alignproof/claims/study.hpp>
#include <alignproof/mean_field/law.hpp>

namespace alignproof::inline claims {

inline constexpr const char* field_source = "ours, reports/docs/alignment_law_nonlinear.md";

/// A network under a constant penalty, up to slow time `tau`.
struct FieldCase {
  std::string name;
  std::string options;  ///< of the command line, that make the data again
  LawData data;
  Activation psi = Activation::tanh;
  double eta = 0.5, lambda = 1, tau = 1;
  std::size_t steps_after = 0;  ///< after a cut at tau
  /// So many evaluate its law, where nodes resolve psi badly: units that saturate, a singular K.
  std::optional<std::size_t> particles;
  /// Nodes converge like their inverse number only, in a law whose units saturate within tau.
  bool steep = false;

  std::size_t n() const { return static_cast<std::size_t>(data.K.rows()); }
  std::size_t k() const { return static_cast<std::size_t>(data.Y.cols()); }
  /// psi' is Lipschitz, as the theorem asks.
  bool smooth() const;
};

/// Of these data, with the targets of a linear teacher.
FieldCase field_case(std::string name, const DataSpec& spec, const Activation& psi);

/// Data of n samples with k outputs.
DataSpec field_data(const Settings& settings, Inputs inputs, std::size_t n, std::size_t d,
                    std::size_t k = 1);

/// sup of eta (lambda + lambda_max(G)) over the points: below 2 the law applies.
double stability(const FieldCase& c, const std::vector<FieldPoint>& course);

/// Command line of the law beside runs at width p, and at a quarter of it: the command takes two
/// widths or more.
std::string replay(const FieldCase& c, std::size_t p, std::uint64_t seed);

}  // namespace alignproof::inline claims
