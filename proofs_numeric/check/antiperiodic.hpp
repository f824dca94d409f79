// SPDX-License-Identifier: Apache-2.0
// Means of tanh, ln cosh and sech^2 of Gaussian variables by antiperiodic (periodic) sums: the
// notation and the proofs are those of reports/docs/limit_kernel_enclosed.md.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ball.hpp"
#include "budget.hpp"

namespace alignproof::check {

/// How an expectation is summed. What it gives holds for any values >= 0: bad ones widen it.
struct Effort {
  double bits = 128;         ///< accuracy aimed at, relative to min(1, s) min(1, s')
  double antiperiod = 1;     ///< times the antiperiod that this accuracy asks for
  double terms = 1;          ///< times the number of terms that it asks for
  Budget* budget = nullptr;  ///< pays for every term, if there is one
};

/// E sech^2(u) for u ~ N(0, variance); unknown where the budget does not pay for it.
Ball mean_sech2(const Ball& variance, const Effort& effort);

enum class Summand { tanh, ln_cosh };

/// The series of psi(u), u ~ N(0, variance): psi_L(u) = sum_k c_k sin(alpha_k u) for tanh and
/// sum_k c_k (1 - cos(alpha_k u)) for ln cosh, over odd k, alpha_k = pi k / L.
class Series {
 public:
  Series(Summand psi, const Ball& variance, const Effort& effort);

  /// E psi_L(u); for tanh this is 0.
  Ball mean();

  /// E psi(u) psi(v), for tanh; E (ln 2 + psi(u)) (ln 2 + psi(v)) for ln cosh. Both series are of
  /// the same summand and effort; |covariance| is at most the product of the standard deviations.
  /// Unknown where the number of terms would exceed `most_terms` or the budget.
  static Ball mean_of_product(Series& u, Series& v, const Ball& covariance);

  static constexpr double most_terms = 1e7;

 private:
  struct Window;

  Ball alpha(std::size_t index) const;
  /// ln of the weight of a term in doubles.
  double log_weight(std::size_t index) const;
  /// How many terms have log_weight - (alpha s)^2 gap / 2 > floor.
  std::size_t count(double floor, double gap) const;
  void extend(std::size_t terms);
  double work_to_extend(std::size_t terms) const;
  /// Entry j bounds the sum of the weights c_k alpha_k over all terms from j on, j <= terms.
  std::vector<Ball> tails(std::size_t terms);
  /// Upper bounds of (E |psi_L(u) - psi(u)|^(4/3))^(3/4), and of (E |psi(u)|^4)^(1/4), with ln 2
  /// added to ln cosh.
  Ball distance() const;
  Ball size() const;
  /// Chosen in doubles; whether there are few enough. `gap` is 1 - rho^2.
  static bool windows(const Series& u, const Series& v, double rho, double gap,
                      std::vector<Window>& found);

  Summand psi_;
  Effort effort_;
  Ball variance_, deviation_;
  double s_;                               ///< about the deviation
  double L_, theta_;                       ///< chosen, exact
  double floor_;                           ///< -ln of the accuracy
  Ball step_;                              ///< pi / L
  std::optional<Ball> mean_;               ///< once it is known
  std::vector<Ball> c_, damped_, weight_;  ///< c_k, c_k exp(-(alpha_k s)^2 / 2), c_k alpha_k
};

}  // namespace alignproof::check
