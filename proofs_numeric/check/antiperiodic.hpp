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

  static constexpr double most_terms = 1e7;

 private:
  friend class MeanOfProduct;

  Ball alpha(std::size_t index) const;
  /// ln of the weight of a term in doubles.
  double log_weight(std::size_t index) const;
  /// How many terms have log_weight - (alpha s)^2 gap / 2 > floor.
  std::size_t count(double floor, double gap) const;
  void extend(std::size_t terms);
  double work_to_extend(std::size_t terms) const;
  /// Entry j bounds the sum of the weights c_k alpha_k over all terms from j on, j <= terms, of
  /// which there are so many.
  std::vector<Ball> tails(std::size_t terms) const;
  /// Upper bounds of (E |psi_L(u) - psi(u)|^(4/3))^(3/4), and of (E |psi(u)|^4)^(1/4), with ln 2
  /// added to ln cosh.
  Ball distance() const;
  Ball size() const;

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

/// E psi(u) psi(v), for tanh; E (ln 2 + psi(u)) (ln 2 + psi(v)) for ln cosh. Both series are of the
/// same summand and effort, and outlive this; |covariance| is at most the product of the standard
/// deviations.
class MeanOfProduct {
 public:
  /// Pays, and extends the series as far as the sum goes: what is left to do changes nothing.
  MeanOfProduct(Series& u, Series& v, const Ball& covariance);

  /// Unknown where the number of terms would exceed `Series::most_terms` or the budget.
  Ball value() const;
  /// Rows of the double sum, which are held until it is taken.
  std::size_t rows() const { return rows_.size(); }

 private:
  /// The terms l = first ... last - 1 that are summed with term k of the other series.
  struct Window {
    std::size_t first = 0, last = 0;
  };
  enum class Case { out_of_reach, independent, summed };

  /// Whether the sum is within reach and paid for.
  bool prepare_sum(Series& u, Series& v);
  /// In doubles; whether there are few enough. `gap` is 1 - rho^2.
  bool choose_windows(double rho, double gap);

  Case case_ = Case::out_of_reach;
  const Series *u_, *v_;
  Ball covariance_, slack_, peak_;
  Ball u_mean_, v_mean_;  ///< of ln cosh
  std::vector<Window> rows_;
  std::size_t columns_ = 1;
};

}  // namespace alignproof::check
