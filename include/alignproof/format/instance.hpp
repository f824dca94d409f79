// SPDX-License-Identifier: Apache-2.0
// An instance: everything a run of the dynamics depends on, every entry an exact number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <alignproof/format/array.hpp>

namespace alignproof {

enum class Activation { identity, tanh, relu };
enum class Rule { fa, bp };

std::string_view to_string(Activation activation);
std::string_view to_string(Rule rule);
/// Throw InputError, listing what is accepted, on an unknown name.
Activation activation_from(std::string_view name);
Rule rule_from(std::string_view name);

/// The penalty lambda(t) on beta: none, constant, or constant until a cut.
struct Penalty {
  static constexpr std::size_t never = static_cast<std::size_t>(-1);

  double lambda = 0;
  std::size_t cut = never;  ///< lambda(t) = lambda for t < cut, 0 from t = cut on

  double operator()(std::size_t t) const { return t < cut ? lambda : 0.0; }
  bool operator==(const Penalty&) const = default;
};

/// (X, y, W0, beta0, b, eta, lambda(t), T) of the dynamics of reports/docs/dynamics.md.
/// Everything in this project is dimensionless.
struct Instance {
  Array X;      ///< n x d, samples are rows
  Array y;      ///< n
  Array W0;     ///< p x d
  Array beta0;  ///< p
  Array b;      ///< p
  double eta = 0;
  Penalty penalty;
  Activation activation = Activation::tanh;
  std::size_t steps = 0;  ///< T

  std::size_t n() const { return X.rows(); }
  std::size_t d() const { return X.cols(); }
  std::size_t p() const { return W0.rows(); }
};

/// Throws InputError on shapes that do not fit, n = 0, d = 0, p = 0, eta not finite or <= 0,
/// lambda < 0 or not finite, eta lambda >= 1.
void require_valid(const Instance& instance);

/// SHA-256 over a canonical byte form of every field: two instances with the same hash are the
/// same.
std::string hash(const Instance& instance);

}  // namespace alignproof
