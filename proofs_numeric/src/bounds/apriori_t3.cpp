// SPDX-License-Identifier: Apache-2.0
// T3 a priori: what is guessed in doubles.
#include <alignproof/bounds/apriori_t3.hpp>

#include <cmath>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>

namespace alignproof::inline bounds {

namespace {

using Ball = RealBall<Mpfr>;

constexpr double margin = 1e-9;  ///< relative, more than doubles lose
constexpr double largest_p = 0x1p53;

CutPenalty<Ball> in_balls(const CutPenalty<double>& c) {
  return {Ball(c.n), Ball(c.gamma), Ball(c.y), Ball(c.lambda), Ball(c.eta), Ball(c.tau)};
}

/// Phi^{-1}(r), r >= 0, by Newton's method from above: Phi is convex there.
double law_inverse(const CutPenalty<double>& c, double r) {
  double z = std::min(r / c.k0(), std::cbrt(3 * r / c.gamma));
  for (int k = 0; k < 60; ++k) z -= (law_cubic(c, z) - r) / (c.gamma * z * z + c.k0());
  return z;
}

constexpr int most_rounds = 10000;  ///< of an iteration that may creep where it has no end

bool settled(double before, double now) {
  return std::abs(now - before) <= 1e-13 * now;
}

/// The least (eps, Z) with |P| <= eps and |zeta| <= sqrt(gamma) Z, a little above: both maps rise.
bool iterate_before(const CutPenalty<double>& c, const AlignmentStart<double>& start,
                    AlignmentGuess& guess) {
  for (int k = 0; k < most_rounds; ++k) {
    if (!(guess.eps < c.gamma)) return false;
    const BeforeCut<double> b = before_cut(c, start, guess.eps, guess.Z);
    const double eps = b.P.sum() * (1 + margin);
    const double Z = std::hypot(law_inverse(c, b.law_target) + b.rho, b.Z_perp) * (1 + margin);
    if (!std::isfinite(Z)) return false;
    const bool done = settled(guess.eps, eps) && settled(guess.Z, Z);
    guess.eps = eps, guess.Z = Z;
    if (done) return true;
  }
  return false;
}

double cosine_at(const CutPenalty<double>& c, double p, double delta) {
  const AlignmentStart<double> start = good_alignment_start(c, p, delta);
  const std::optional<AlignmentGuess> guess = guess_alignment(c, start);
  if (!guess) return 0;
  const AlignmentBound<double> bound = alignment_bound(c, start, *guess);
  return bound.fails.empty() ? bound.cosine : 0;
}

}  // namespace

std::optional<AlignmentGuess> guess_alignment(const CutPenalty<double>& c,
                                              const AlignmentStart<double>& start) {
  AlignmentGuess guess;
  guess.eps = start.S;
  if (!iterate_before(c, start, guess)) return std::nullopt;
  const BeforeCut<double> b = before_cut(c, start, guess.eps, guess.Z);
  const double target =
      std::sqrt(c.gamma) * c.lambda * c.y * c.tau - 2. / 3 * c.gamma * b.rho * b.rho * b.rho;
  // Where there is no level above 0, 0 stands for it: the bound says so.
  if (target > 0)
    guess.z = std::max(0., (law_inverse(c, target) - b.rho) * (1 - margin) - margin * b.rho);
  guess.eps_after = guess.eps;
  for (int k = 0; k < most_rounds; ++k) {
    if (!(guess.eps_after < c.gamma)) return std::nullopt;
    const AlignmentBound<double> bound = alignment_bound(c, start, guess);
    if (!bound.fails.empty() && bound.fails != "|P| <= eps after the cut") return guess;
    const double eps = bound.after.P.sum() * (1 + margin);
    const bool done = settled(guess.eps_after, eps);
    guess.eps_after = eps;
    if (done) return guess;
  }
  return std::nullopt;
}

AlignmentBound<Ball> guaranteed_alignment(const CutPenalty<double>& c, double p, double delta) {
  const ScopedDigits guard(alignment_digits);
  const std::optional<AlignmentGuess> guess = guess_alignment(c, good_alignment_start(c, p, delta));
  if (!guess) {
    AlignmentBound<Ball> none;
    none.fails = "|P| <= eps before the cut";
    return none;
  }
  const CutPenalty<Ball> enclosed = in_balls(c);
  return alignment_bound(enclosed, good_alignment_start(enclosed, Ball(p), Ball(delta)), *guess);
}

std::optional<double> sufficient_alignment_width(const CutPenalty<double>& c, double delta,
                                                 double level) {
  require_valid(c);
  if (!(delta > 0 && delta < 1)) throw InputError("delta", quoted(delta), "a number in (0, 1)");
  const double law = isometric_cosine(c.gamma, c.lambda, c.y, c.tau);
  if (!(level > 0 && level < law))
    throw InputError("level", quoted(level),
                     fmt::format("a number in (0, {:.6g}): the alignment law's cosine", law));
  const double goal = level * (1 + margin);
  if (!(cosine_at(c, largest_p, delta) >= goal)) return std::nullopt;
  double low = 1, high = largest_p;
  while (high - low > std::max(1., 1e-9 * low)) {
    const double middle = std::floor(high > 4 * low ? std::sqrt(low * high) : (low + high) / 2);
    (cosine_at(c, middle, delta) >= goal ? high : low) = middle;
  }
  const AlignmentBound<Ball> bound = guaranteed_alignment(c, high, delta);
  if (!bound.fails.empty() || !(bound.cosine.lower() >= Mpfr(level))) return std::nullopt;
  return high;
}

void require_valid(const CutPenalty<double>& c) {
  if (!(c.n >= 1 && std::floor(c.n) == c.n)) throw InputError("n", quoted(c.n), "whole, >= 1");
  const auto positive = [](const char* name, double x) {
    if (!(x > 0 && std::isfinite(x))) throw InputError(name, quoted(x), "a number > 0");
  };
  positive("gamma", c.gamma), positive("|y|", c.y), positive("lambda", c.lambda);
  positive("eta", c.eta), positive("tau", c.tau);
  const double z = isometric_z(c.gamma, c.lambda, c.y, c.tau);
  const double most = 2 / (2 * c.k0() + c.gamma * z * z);
  if (!(c.eta < most))
    throw InputError(
        "eta", quoted(c.eta),
        fmt::format("0 < eta < {:.6g} = 2/(2 (lambda + gamma) + gamma z^2), z = {:.6g} the law's",
                    most * (1 - 1e-6), z));
}

}  // namespace alignproof::inline bounds
