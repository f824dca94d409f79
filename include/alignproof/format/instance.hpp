// SPDX-License-Identifier: Apache-2.0
// An instance: everything a run of the dynamics depends on, every entry an exact number.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include <alignproof/format/array.hpp>

namespace alignproof::inline format {

/// An activation is known by its name. That this is a name is all that is promised here: which ones
/// exist, and what they are, the library and the checker say, each for itself.
class Activation {
 public:
  static constexpr std::size_t longest = 23;

  /// Throws InputError unless the name has 1 to `longest` of a-z, 0-9, _ and -, a letter first.
  constexpr explicit Activation(std::string_view name) {
    if (!well_formed(name)) refuse(name);
    for (std::size_t k = 0; k < name.size(); ++k) name_[k] = name[k];
  }

  constexpr std::string_view name() const { return name_; }
  friend constexpr auto operator<=>(const Activation&, const Activation&) = default;

  static const Activation identity, tanh, relu, sigmoid, softplus, erf, gelu;

 private:
  static constexpr bool well_formed(std::string_view name) {
    const auto letter = [](char c) { return 'a' <= c && c <= 'z'; };
    if (name.empty() || name.size() > longest || !letter(name[0])) return false;
    for (const char c : name)
      if (!letter(c) && !('0' <= c && c <= '9') && c != '_' && c != '-') return false;
    return true;
  }
  [[noreturn]] static void refuse(std::string_view name);

  char name_[longest + 1] = {};
};

inline constexpr Activation Activation::identity{"identity"}, Activation::tanh{"tanh"},
    Activation::relu{"relu"}, Activation::sigmoid{"sigmoid"}, Activation::softplus{"softplus"},
    Activation::erf{"erf"}, Activation::gelu{"gelu"};

enum class Rule { fa, bp };

/// In the order of the enumeration; instance.cpp does not compile without one of them.
inline constexpr Rule all_rules[] = {Rule::fa, Rule::bp};

/// The rule of the paper and of Theorems A and B.
bool is_feedback_alignment(Rule rule);

/// A view of the name in the activation itself.
constexpr std::string_view to_string(const Activation& activation) {
  return activation.name();
}
std::string_view to_string(const Activation&&) = delete;
std::string_view to_string(Rule rule);
/// Throws InputError, listing what is accepted, on an unknown name.
Rule rule_from(std::string_view name);

/// How a penalty falls while it is on.
enum class Decay {
  constant,
  geometric,       ///< lambda(t) = lambda r^t, summable for 0 < r < 1
  inverse_square,  ///< lambda(t) = lambda / (1 + t/s)^2, summable for s > 0
};

inline constexpr Decay all_decays[] = {Decay::constant, Decay::geometric, Decay::inverse_square};

/// Whether lambda(t) changes while it is on, at a pace set by a scale.
bool falls(Decay decay);

std::string_view to_string(Decay decay);
Decay decay_from(std::string_view name);

/// The penalty lambda(t) on beta: none, constant or decaying, for ever or until a cut. lambda(t) is
/// by definition the double that the formula gives in IEEE arithmetic in the order written in
/// instance.cpp: an exact number, the same everywhere.
struct Penalty {
  static constexpr std::size_t never = static_cast<std::size_t>(-1);

  double lambda = 0;
  std::size_t cut = never;  ///< lambda(t) = 0 from t = cut on
  Decay decay = Decay::constant;
  double scale = 1;  ///< r of geometric, s of inverse_square, 1 for constant

  double operator()(std::size_t t) const;
  bool operator==(const Penalty&) const = default;
};

/// Throws InputError on lambda < 0 or not finite, and on a scale outside the range of its decay.
void require_valid(const Penalty& penalty);

/// (X, y, W0, beta0, b, eta, lambda(t), T) of the dynamics of reports/docs/dynamics.md.
/// Everything in this project is dimensionless.
struct Instance {
  Array X;      ///< n x d, samples are rows
  Array y;      ///< n, or n x k with k outputs
  Array W0;     ///< p x d
  Array beta0;  ///< p, or p x k
  Array b;      ///< p, or p x k
  double eta = 0;
  Penalty penalty;
  Activation activation = Activation::tanh;
  std::size_t steps = 0;  ///< T

  std::size_t n() const { return X.rows(); }
  std::size_t d() const { return X.cols(); }
  std::size_t p() const { return W0.rows(); }
  std::size_t k() const { return y.cols(); }
};

/// Throws InputError on shapes that do not fit, n = 0, d = 0, p = 0, k = 0, eta not finite or <= 0,
/// eta lambda >= 1, a penalty that is not valid.
void require_valid(const Instance& instance);

/// SHA-256 over a canonical byte form of every field: two instances with the same hash are the
/// same.
std::string hash(const Instance& instance);

}  // namespace alignproof::inline format
