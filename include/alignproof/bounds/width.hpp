// SPDX-License-Identifier: Apache-2.0
// Sufficient widths: the least p found at which condition (P.5) of Theorem P holds, and what
// follows for every larger one. Everything is searched in doubles and then enclosed at the p, S,
// eps and shares that were found: a bad guess gives a larger width, never a wrong one. Page:
// reports/docs/width.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/bounds/apriori.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

namespace alignproof::inline bounds {

/// Decimal digits of the balls in which a width is verified.
inline constexpr unsigned width_digits = 40;
/// No width beyond it is looked at.
inline constexpr double largest_width = 1e300;

/// A form of the theorem: how shares of delta and a width become a Growth. Both functions are the
/// same template; they return nothing where the good event cannot be had at this width.
struct AprioriVariant {
  template <class Real>
  using Grow = std::function<std::optional<Growth<Real>>(const AprioriData<Real>&, const Real& p,
                                                         const Shares&, const Tails&)>;

  std::string name;
  Rule rule = Rule::fa;
  std::vector<Line> lines;  ///< that have a share of delta
  /// Least eps and eps' that (P.1) leaves, in doubles, a little on the safe side.
  std::function<Tails(const AprioriData<double>&, double p, const Shares&)> tails;
  Grow<double> in_doubles;
  Grow<RealBall<Mpfr>> in_balls;
};

/// From a generic lambda (data, p, shares, tails) -> std::optional<Growth<Real>>.
template <class F>
AprioriVariant make_variant(
    std::string name, std::vector<Line> lines,
    std::function<Tails(const AprioriData<double>&, double, const Shares&)> tails, F grow) {
  return {std::move(name), Rule::fa, std::move(lines), std::move(tails), grow, grow};
}

/// One output, feedback alignment, psi with L2: the drift to second order (P),
/// which needs L3, or by norms alone (P1). Throws InputError about other psi.
enum class DriftBound { second_order, norms };
AprioriVariant one_output_variant(const Activation& psi, DriftBound drift);

/// k outputs, k >= 1, feedback alignment; for one output the bounds of one_output_variant are
/// sharper. Throws InputError as it does.
AprioriVariant outputs_variant(const Activation& psi, DriftBound drift);

/// Backpropagation, any number of outputs; needs no L3. Throws InputError without L2.
AprioriVariant backpropagation_variant(const Activation& psi);

/// One output, feedback alignment, relu.
AprioriVariant relu_variant();

/// The variant for so many outputs by this rule; P where psi has L3, else P1. Throws InputError
/// where there is none.
AprioriVariant apriori_variant(const Activation& psi, Rule rule, std::size_t outputs);

/// eps and eps' for bounded psi; (1, 1) where (P.1) has no solution.
Tails chernoff_tails(const AprioriData<double>& data, double p, const Shares& shares);

/// The constants of psi, each a ball that contains the least one or a bound of it. Digits are the
/// thread's.
Smoothness<RealBall<Mpfr>> enclosed_smoothness(const Activation& psi);

/// Of X (n x d), y (n or n x k) and the limit kernel of psi on X, enclosed. Digits are the
/// thread's. Throws InputError, with the reason, unless Gbar certainly is positive definite.
AprioriData<RealBall<Mpfr>> apriori_data(const Activation& psi, const Array& X, const Array& y,
                                         const EnclosedKernel& kernel);

/// The worst data with n samples, |x_i| <= bound_x, |y_i| <= bound_y, and lambda_min(Gbar) >=
/// gamma: then "gamma" in what is concluded is the number given. Throws InputError without L2.
AprioriData<RealBall<Mpfr>> worst_data(const Activation& psi, std::size_t n, double gamma,
                                       double bound_x, double bound_y);

/// Midpoints: for guesses.
AprioriData<double> in_doubles(const AprioriData<RealBall<Mpfr>>& data);

/// eta must be less than this for any width to do: a lower bound of 2 / (Gam + gamma_max), for
/// backpropagation of 2 / (Gam + L1^2 kap + gamma_max), since there H(0) does not vanish.
double largest_step(const AprioriData<RealBall<Mpfr>>& data, Rule rule = Rule::fa);

/// How delta is divided: a weight for each line, relative to the others.
struct Split {
  std::array<double, line_count> weight{};
};
/// The split of the page: 12 % G, 18 % H, 20 % E, 20 % Lb, 12 % Lbeta, the rest alike.
Split usual_split();
/// Shares of delta for these lines; their exact sum is below delta.
Shares shares_of(const Split& split, const std::vector<Line>& lines, double delta);

/// Conditions of a width that was verified: all of them hold at p and at every larger width.
struct SufficientWidth {
  double p = 0;  ///< a whole number
  double eta = 0, delta = 0, S = 0;
  Shares shares;
  Tails tails;
  AprioriSlack<RealBall<Mpfr>> slack;
  Growth<RealBall<Mpfr>> growth;  ///< at p

  RealBall<Mpfr> rate;            ///< |e(t+1)| <= rate |e(t)|: 1 - eta gamma/4
  RealBall<Mpfr> rho;             ///< |beta(t) - beta(0)| <= rho
  RealBall<Mpfr> A_displacement;  ///< |A(t) - A(0)|_F <= this
  RealBall<Mpfr> c1;  ///< |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt p) for all r
  /// |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p) for all r; times sqrt(log p) unless psi is
  /// bounded.
  RealBall<Mpfr> c2;
  std::optional<RealBall<Mpfr>> kappa;  ///< |cos(b, beta(t))| <= kappa / sqrt p, if beta stays > 0
};

/// Whether (P.5) certainly holds at p and S, in balls, with what follows; nothing if not.
std::optional<SufficientWidth> verify_width(const AprioriData<RealBall<Mpfr>>& data, double eta,
                                            const AprioriVariant& variant, double delta,
                                            const Shares& shares, const Tails& tails, double p,
                                            double S);

/// In doubles: the least width (not rounded to a whole number) for a split, or infinity.
double width_guess(const AprioriData<double>& data, double eta, const AprioriVariant& variant,
                   double delta, const Split& split);

/// A split of delta that asks for less width: coordinate descent from `from`. Lines that only the
/// conclusions need (row, a_row, cos_b, beta0) keep a hundredth of delta each.
Split optimised_split(const AprioriData<double>& data, double eta, const AprioriVariant& variant,
                      double delta, const Split& from);

/// The least width found and verified, with this split; nothing up to largest_width. Throws
/// InputError unless 0 < delta < 1 and 0 < eta < largest_step(data).
std::optional<SufficientWidth> width_sufficient(const AprioriData<RealBall<Mpfr>>& data, double eta,
                                                const AprioriVariant& variant, double delta,
                                                const Split& split);
/// The same with an optimised split.
std::optional<SufficientWidth> width_sufficient(const AprioriData<RealBall<Mpfr>>& data, double eta,
                                                const AprioriVariant& variant, double delta);

}  // namespace alignproof::inline bounds
