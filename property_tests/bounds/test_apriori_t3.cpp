// SPDX-License-Identifier: Apache-2.0
// T3 a priori: every bound of its proof along runs, from measured initial data (where they hold
// without any probability) and from the good event; and no term of it may be dropped.
#include <alignproof/bounds/apriori_t3.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include <Eigen/Eigenvalues>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/statistics/tests.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

const CutPenalty<double> usual{5, 1, std::sqrt(5), 1, 0.2, 1.8};

std::size_t cut_of(const CutPenalty<double>& c, double p) {
  return steps_until(c.tau, c.eta, p);
}

double largest_eigenvalue(const Matrix<double>& M) {
  return Eigen::SelfAdjointEigenSolver<Matrix<double>>(M, Eigen::EigenvaluesOnly)
      .eigenvalues()
      .cwiseAbs()
      .maxCoeff();
}

/// Gaussian weights of width p. X = sqrt(gamma) I, y in a random direction.
ReducedProblem<double> sampled(const CutPenalty<double>& c, double p, std::uint64_t seed) {
  DataSpec spec;
  spec.inputs = Inputs::isometric, spec.targets = Targets::linear;
  spec.n = spec.d = static_cast<std::size_t>(c.n), spec.seed = seed;
  Data data = make_data(spec);
  double norm = 0;
  for (double& entry : data.X.values) entry *= std::sqrt(c.gamma);
  for (const double entry : data.y.values) norm = std::hypot(norm, entry);
  for (double& entry : data.y.values) entry *= c.y / norm;
  NetworkSpec network;
  network.p = static_cast<std::size_t>(p), network.activation = Activation::identity;
  network.eta = c.eta, network.penalty = {c.lambda, cut_of(c, p)};
  network.seed = seed;
  return reduced_problem<double>(sample_linear_network(data, network));
}

/// S = gamma I, h = 0, |b|^2 = p, <b, beta(0)> = 0, f(0) = 0, y = -|y| (1, 0, ..., 0): what the
/// limit p -> infinity leaves of Gaussian weights. Tests change one thing in it.
ReducedProblem<double> ideal(const CutPenalty<double>& c, double p) {
  const auto n = static_cast<Eigen::Index>(c.n);
  const Matrix<double> zero = Matrix<double>::Zero(n, 1), one = Matrix<double>::Constant(1, 1, p);
  ReducedProblem<double> problem;
  problem.K = problem.S = c.gamma * Matrix<double>::Identity(n, n);
  problem.f0 = problem.h = problem.y = zero;
  problem.y(0, 0) = -c.y;
  problem.bb = problem.b0b0 = one, problem.bb0 = Matrix<double>::Zero(1, 1);
  problem.eta = c.eta, problem.p = p;
  problem.penalty = [c, cut = cut_of(c, p)](std::size_t t) { return t < cut ? c.lambda : 0; };
  return problem;
}

/// The start as it is, each number a little up.
AlignmentStart<double> measured_start(const CutPenalty<double>& c,
                                      const ReducedProblem<double>& problem) {
  constexpr double up = 1 + 1e-9, least = 1e-14;
  const double root_p = std::sqrt(problem.p), b = std::sqrt(problem.bb(0, 0));
  const auto n = problem.n();
  AlignmentStart<double> start;
  start.root_p = root_p;
  start.S = largest_eigenvalue(problem.S - c.gamma * Matrix<double>::Identity(n, n)) * up + least;
  start.root_S = std::sqrt(largest_eigenvalue(problem.S)) * up;
  start.b_up = problem.bb(0, 0) / problem.p * up, start.b_low = start.b_up / up / up;
  start.b_off = std::max(start.b_up - 1, 1 - start.b_low);
  start.h = problem.h.norm() * up, start.h_b = start.h * root_p / b * up;
  start.E = std::max((problem.f0 - problem.y).norm(), c.y) * up;
  start.a = std::abs(problem.bb0(0, 0)) / root_p * up;
  start.a_b = std::abs(problem.bb0(0, 0)) / b * up;
  start.beta = std::sqrt(problem.b0b0(0, 0)) * up;
  return start;
}

/// What a run is at one time, in the letters of the page.
struct Moment {
  std::size_t t = 0;
  bool cut = false;
  Vector<double> e, zeta, slow;  ///< slow: e*
  double z = 0, zeta_perp = 0;   ///< both over sqrt(gamma)
  double a = 0, cosine = 0, e_perp = 0;
  double norm_P = 0;
  double u_along = 0, omega = 0, c = 1;
  double sum_e = 0, sum_slow = 0, sum_perp = 0, sum_moved = 0;  ///< eta sum, before t
  double across = 0;                                            ///< eta sum w_s |e_perp(s)|
  double sum_e_after = 0;
};

/// Follows a run to `after` steps beyond the cut, and shows each moment. The recursion with P is
/// held against the run itself at every step.
void follow(const CutPenalty<double>& c, const ReducedProblem<double>& problem, std::size_t after,
            const std::function<void(const Moment&)>& look) {
  const std::size_t N = cut_of(c, problem.p);
  const auto n = problem.n();
  const Matrix<double> I = Matrix<double>::Identity(n, n);
  const double root_p = std::sqrt(problem.p), root_gamma = std::sqrt(c.gamma), k0 = c.k0();
  const Vector<double> y = problem.y.col(0), h = problem.h.col(0), unit = -y / y.norm();
  const double bb = problem.bb(0, 0) / problem.p;
  Moment m;
  Vector<double> predicted = Vector<double>::Zero(0);
  ReducedState<double> state = initial_reduced(problem);
  run(problem, state, N + after,
      [&](std::size_t t, const ReducedState<double>& now, const ReducedForward<double>& at) {
        const Vector<double> slow_before = m.slow;
        m.t = t, m.cut = t >= N;
        m.e = at.e.col(0), m.zeta = at.z.col(0) / root_p;
        if (predicted.size()) {
          const double scale = predicted.norm() + m.e.norm() + c.y;
          REQUIRE((predicted - m.e).norm() <= 1e-10 * scale);
        }
        const double lambda = problem.penalty(t), zeta_e = m.zeta.dot(m.e);
        m.slow = -c.lambda * (y - m.zeta * (m.zeta.dot(y) / (k0 + m.zeta.squaredNorm()))) / k0;
        if (t > 0) m.sum_moved += (m.slow - slow_before).norm();
        m.z = unit.dot(m.zeta) / root_gamma;
        m.zeta_perp = (m.zeta - unit * unit.dot(m.zeta)).norm() / root_gamma;
        m.a = at.b_beta(0, 0) / root_p;
        m.cosine = cosine(problem, now, at);
        m.e_perp = (m.e - unit * unit.dot(m.e)).norm();
        m.u_along = unit.dot(now.u.col(0)), m.omega = now.w(0, 0) * root_p, m.c = now.c;
        const Matrix<double> P =
            c.gamma * I - problem.S + (h * m.zeta.transpose() + m.zeta * h.transpose()) / root_p -
            (bb - 1) * m.zeta * m.zeta.transpose() -
            I * ((1 - c.eta * lambda) * c.gamma * m.a / root_p) +
            I * (c.eta * c.gamma / root_p * (h.dot(m.e) / root_p - bb * zeta_e));
        m.norm_P = largest_eigenvalue(P);
        look(m);
        predicted =
            m.e - c.eta * ((lambda + c.gamma) * m.e + m.zeta * zeta_e + lambda * y - P * m.e);
        m.sum_e += c.eta * m.e.norm();
        if (m.cut) m.sum_e_after += c.eta * m.e.norm();
        m.sum_slow += c.eta * (m.e - m.slow).norm();
        m.sum_perp += c.eta * m.e_perp;
        m.across = (1 - c.eta * lambda) * m.across + c.eta * m.e_perp;
        return true;
      });
}

/// Roundings of a few thousand steps, relative to numbers of order 1.
constexpr double rounding = 1e-9;

/// Holds every bound of the proof along the run. Returns the least cosine after the cut.
double hold_bounds(const CutPenalty<double>& c, const ReducedProblem<double>& problem,
                   const AlignmentGuess& guess, const AlignmentBound<double>& bound,
                   const AlignmentStart<double>& start) {
  const double root_p = std::sqrt(problem.p), root_gamma = std::sqrt(c.gamma), k0 = c.k0();
  const BeforeCut<double>& before = bound.before;
  const AfterCut<double>& after = bound.after;
  const std::size_t N = cut_of(c, problem.p);
  double least = 1, z_N = 0, decay = bound.E_N;
  const auto at_most = [](double x, double most) { REQUIRE(x <= most + rounding); };
  follow(c, problem, 300, [&](const Moment& m) {
    const double e = m.e.norm(), zeta = m.zeta.norm() / root_gamma;
    if (m.t <= N) {
      at_most(e, start.E), at_most(zeta, guess.Z), at_most(m.zeta_perp, before.Z_perp);
      at_most(std::abs(m.a), before.A), at_most(m.sum_e, before.sum_e);
      at_most(m.sum_slow, before.slow.sum());
      at_most(root_gamma / root_p * m.sum_slow, before.rho);
      at_most(m.sum_moved / k0, before.slow.moving);
      at_most(e, before.e_inf +
                     std::pow(1 - c.eta * (k0 - guess.eps), static_cast<double>(m.t)) * start.E);
      // Without anything guessed: the parts of |P| at the moment itself.
      if (!m.cut)
        at_most(m.norm_P,
                disturbance(c, start, zeta, std::abs(m.a), e, 1 - c.eta * c.lambda).sum());
    }
    if (m.t < N) at_most(m.norm_P, guess.eps);
    if (m.t == N) {
      z_N = m.z;
      REQUIRE(z_N >= guess.z - rounding);
      at_most(law_cubic(c, z_N - before.rho), before.law_target);
      at_most(e, bound.E_N), at_most(m.c, bound.forgotten);
    }
    if (!m.cut) return;
    at_most(e, decay);
    decay *= 1 - c.eta * (c.gamma - guess.eps_after);
    at_most(m.norm_P, guess.eps_after), at_most(m.sum_e_after, after.sum_e);
    at_most(zeta, after.Z), at_most(m.zeta_perp, after.Z_perp), at_most(std::abs(m.a), after.A);
    at_most(m.across, bound.across);
    REQUIRE(m.u_along >= bound.along - rounding);
    REQUIRE(m.omega >=
            root_gamma * (z_N * m.u_along - bound.lag - after.Z_perp * bound.across) - rounding);
    REQUIRE(m.cosine >= bound.cosine - rounding);
    least = std::min(least, m.cosine);
  });
  return least;
}

struct Setting {
  CutPenalty<double> c;
  double p;
};

const std::vector<Setting> settings = {
    {usual, 1e5},
    {{1, 1, 1, 1, 0.2, 1.5}, 3e4},
    {{2, 0.5, 3, 0.5, 0.4, 1}, 1e5},
    {{3, 2, 1, 1, 0.1, 1.2}, 1e5},
    {{2, 1, 0.5, 2, 0.25, 1}, 3e4},
    {{8, 1, 4, 0.7, 0.15, 0.6}, 2e5},
};

}  // namespace

TEST_CASE("T3 a priori: numbers computed elsewhere", "[bounds][apriori]") {
  // n = 5, gamma = lambda = 1, eta = 0.2, tau = 1.8, |y|^2 = 5, delta = 0.1.
  struct Row {
    double p, z, cosine, rho, eps, across, along;
  };
  const std::vector<Row> rows = {{1e5, 1.2773, 0.0938, 0.1978, 0.1630, 0.8730, 0.2292},
                                 {1e6, 1.4236, 0.7909, 0.0526, 0.0458, 0.1775, 0.4672},
                                 {1e7, 1.4603, 0.8224, 0.0159, 0.0141, 0.0507, 0.5152},
                                 {1e12, 1.4762, 0.8279, 0.0000, 0.0000, 0.0002, 0.5350}};
  for (const Row& row : rows) {
    CAPTURE(row.p);
    const ScopedDigits guard(40);
    const AlignmentBound<RealBall<Mpfr>> bound = guaranteed_alignment(usual, row.p, 0.1);
    REQUIRE(bound.fails == "");
    const auto same = [](const RealBall<Mpfr>& x, double y) {
      CHECK(std::abs(to_double(x.mid) - y) <= 6e-5);
      CHECK(x.rad <= Mpfr("1e-30"));
    };
    same(bound.z, row.z), same(bound.cosine, row.cosine), same(bound.before.rho, row.rho);
    same(bound.before.P.sum(), row.eps), same(bound.across, row.across);
    same(bound.along, row.along);
  }
  CHECK(guaranteed_alignment(usual, 1e4, 0.1).fails == "|P| <= eps before the cut");
}

TEST_CASE("T3 a priori: the bounds hold along runs from measured starts", "[bounds][apriori]") {
  std::size_t closed = 0;
  for (const Setting& setting : settings)
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      CAPTURE(setting.c.n, setting.c.gamma, setting.p, seed);
      const ReducedProblem<double> problem = sampled(setting.c, setting.p, seed);
      const AlignmentStart<double> start = measured_start(setting.c, problem);
      const auto guess = guess_alignment(setting.c, start);
      if (!guess) continue;
      const AlignmentBound<double> bound = alignment_bound(setting.c, start, *guess);
      if (!bound.fails.empty()) continue;
      ++closed;
      hold_bounds(setting.c, problem, *guess, bound, start);
    }
  CHECK(closed >= 200);
}

TEST_CASE("T3 a priori: the good event's lines fail no more often than they may",
          "[bounds][apriori][statistical]") {
  constexpr double share = 0.2;        // of each line
  constexpr double level = 1e-9;       // of the test of one line
  constexpr std::size_t trials = 500;  // of each setting
  for (const CutPenalty<double>& c :
       {usual, CutPenalty<double>{1, 2, 1, 1, 0.1, 1}, CutPenalty<double>{12, 0.5, 3, 1, 0.1, 1}})
    for (const double p : {60., 2000.}) {
      CAPTURE(c.n, p);
      const AlignmentStart<double> good =
          good_alignment_start(c, p, double(alignment_lines) * share);
      std::array<std::size_t, alignment_lines> failed{};
      for (std::uint64_t seed = 1; seed <= trials; ++seed) {
        const AlignmentStart<double> is = measured_start(c, sampled(c, p, seed));
        const Matrix<double> S = sampled(c, p, seed).S;
        const double least = Eigen::SelfAdjointEigenSolver<Matrix<double>>(S).eigenvalues()(0);
        const bool fails[] = {is.root_S > good.root_S, c.gamma - least > good.S,
                              is.b_up > good.b_up,     is.b_low<good.b_low, is.h_b> good.h_b,
                              is.E > good.E,           is.a_b > good.a_b,
                              is.beta > good.beta};
        for (std::size_t k = 0; k < failed.size(); ++k) failed[k] += fails[k];
      }
      for (std::size_t k = 0; k < failed.size(); ++k) {
        CAPTURE(k, failed[k]);
        CHECK(binomial_at_least(failed[k], trials, share) > level);
      }
    }
}

TEST_CASE("T3 a priori: runs of a sufficient width are aligned from the cut on",
          "[bounds][apriori][statistical]") {
  constexpr double delta = 0.2, level = 1e-9;
  std::size_t runs = 0, below = 0;
  for (const Setting& setting : settings) {
    const CutPenalty<double>& c = setting.c;
    const double law = isometric_cosine(c.gamma, c.lambda, c.y, c.tau), wanted = law / 2;
    const std::optional<double> p = sufficient_alignment_width(c, delta, wanted);
    CAPTURE(c.n, c.gamma, wanted);
    REQUIRE(p);
    INFO("width " << *p);
    // The least: a hundredth less does not do with what is known.
    const AlignmentBound<RealBall<Mpfr>> less =
        guaranteed_alignment(c, std::floor(*p / 1.01), delta);
    const ScopedDigits guard(40);
    CHECK((!less.fails.empty() || less.cosine.upper() < Mpfr(wanted)));
    for (std::uint64_t seed = 1; seed <= 34; ++seed, ++runs) {
      const ReducedProblem<double> problem = sampled(c, *p, seed);
      const std::size_t N = cut_of(c, *p);
      double least = 1, error = 0;
      ReducedState<double> state = initial_reduced(problem);
      run(problem, state, N + 2000,
          [&](std::size_t t, const ReducedState<double>& now, const ReducedForward<double>& at) {
            if (t >= N) least = std::min(least, cosine(problem, now, at));
            error = at.e.norm();
            return true;
          });
      below += !(least >= wanted && error <= 1e-6 * c.y);
    }
  }
  CHECK(runs >= 200);
  CHECK(binomial_at_least(below, runs, delta) > level);
}

TEST_CASE("T3 a priori: what holds at p holds at every larger width", "[bounds][apriori]") {
  using Ball = RealBall<Mpfr>;
  const ScopedDigits guard(40);
  for (const Setting& setting : settings) {
    const CutPenalty<double>& c = setting.c;
    const CutPenalty<Ball> enclosed{Ball(c.n),      Ball(c.gamma), Ball(c.y),
                                    Ball(c.lambda), Ball(c.eta),   Ball(c.tau)};
    for (const double p : {1e7, 1e8, 1e10}) {
      CAPTURE(c.n, c.gamma, p);
      const auto guess = guess_alignment(c, good_alignment_start(c, p, 0.1));
      REQUIRE(guess);
      Mpfr before = -1;
      for (const double factor : {1., 1.001, 1.5, 10., 1e3, 1e30}) {
        const AlignmentBound<Ball> bound = alignment_bound(
            enclosed, good_alignment_start(enclosed, Ball(p * factor), Ball(0.1)), *guess);
        REQUIRE(bound.fails == "");
        CHECK(bound.cosine.lower() > before);
        before = bound.cosine.upper();
      }
    }
  }
}

TEST_CASE("T3 a priori: no part of |P| may be dropped", "[bounds][apriori]") {
  // One sample, and all that deviates does so towards the same side: |P| is the sum of its parts at
  // every step, so that each sum without one of them is passed.
  const CutPenalty<double> c{1, 1, 1, 1, 0.2, 1};
  ReducedProblem<double> problem = ideal(c, 1e6);
  problem.S *= 1.01, problem.bb *= 1.02, problem.h(0, 0) = -20;
  const AlignmentStart<double> start = measured_start(c, problem);
  bool S = false, h = false, b = false, a = false, step_h = false, step_b = false;
  follow(c, problem, 0, [&](const Moment& m) {
    if (m.cut) return;
    const Disturbance<double> parts =
        disturbance(c, start, m.zeta.norm(), std::abs(m.a), m.e.norm(), 1 - c.eta * c.lambda);
    REQUIRE(m.norm_P <= parts.sum() + 1e-12);
    REQUIRE(m.norm_P >= parts.sum() - 1e-8);
    const auto passed = [&](double part) { return m.norm_P > parts.sum() - part + 1e-7; };
    S = S || passed(parts.S), h = h || passed(parts.h), b = b || passed(parts.b);
    a = a || passed(parts.a), step_h = step_h || passed(parts.step_h);
    step_b = step_b || passed(parts.step_b);
  });
  CHECK(S);
  CHECK(h);
  CHECK(b);
  CHECK(a);
  CHECK(step_h);
  CHECK(step_b);
}

TEST_CASE("T3 a priori: no part of the sum of e - e* may be dropped", "[bounds][apriori]") {
  const auto sums = [](const CutPenalty<double>& c, const ReducedProblem<double>& problem) {
    const AlignmentStart<double> start = measured_start(c, problem);
    const std::optional<AlignmentGuess> guess = guess_alignment(c, start);
    REQUIRE(guess);
    double sum = 0, moved = 0;
    follow(c, problem, 0, [&](const Moment& m) { sum = m.sum_slow, moved = m.sum_moved; });
    const SlowError<double> bound = before_cut(c, start, guess->eps, guess->Z).slow;
    REQUIRE(sum <= bound.sum());
    REQUIRE(moved / c.k0() <= bound.moving);
    return std::tuple(sum, moved, bound);
  };
  {  // A cut so early that little but the start counts.
    const CutPenalty<double> c{1, 1, 1, 1, 0.2, 0.01};
    const auto [sum, moved, bound] = sums(c, ideal(c, 1e8));
    CHECK(sum > bound.sum() - bound.start);
    CHECK(moved / c.k0() > 0);  // e* moves: `moving` bounds something
  }
  {  // S = 1.2 gamma I for all time.
    const CutPenalty<double> c{1, 1, 1, 1, 0.2, 1};
    ReducedProblem<double> problem = ideal(c, 1e8);
    problem.S *= 1.2;
    const auto [sum, moved, bound] = sums(c, problem);
    CHECK(sum > bound.sum() - bound.disturbance);
  }
}

TEST_CASE("T3 a priori: no term of the cosine may be dropped", "[bounds][apriori]") {
  const CutPenalty<double> c{1, 1, 1, 1, 0.2, 1};
  const auto at_cut = [](const CutPenalty<double>& of, const ReducedProblem<double>& problem) {
    Moment found;
    follow(of, problem, 0, [&](const Moment& m) { found = m; });
    return found;
  };
  const double target = std::sqrt(c.gamma) * c.lambda * c.y * c.tau;
  SECTION("rho: z is at least the law's") {
    ReducedProblem<double> problem = ideal(c, 1e6);
    problem.S *= 1.05;
    CHECK(law_cubic(c, at_cut(c, problem).z) < target);
  }
  SECTION("rho: z is at most the law's") {
    ReducedProblem<double> problem = ideal(c, 1e6);
    problem.S *= 0.95;
    CHECK(law_cubic(c, at_cut(c, problem).z) > target);
  }
  SECTION("lag: <b, beta> is z times the rest") {
    const Moment m = at_cut(c, ideal(c, 1e6));
    CHECK(m.omega < m.z * m.u_along - 1e-6);
  }
  SECTION("h: <b, beta> = |b|^2 omega / sqrt p") {
    ReducedProblem<double> problem = ideal(c, 1e6);
    problem.h(0, 0) = 20;
    const Moment m = at_cut(c, problem);
    CHECK(m.a < m.omega - 1e-3);
  }
  SECTION("forgotten: nothing of beta(0) is left") {
    CutPenalty<double> early = c;
    early.tau = 0.02;
    const Moment m = at_cut(early, ideal(early, 1e4));
    const double ratio = m.a / m.u_along;
    CHECK(m.cosine < ratio / std::hypot(1, ratio) / 2);
  }
  SECTION("root_S: |A0 u| = sqrt(gamma p) |u|") {
    ReducedProblem<double> problem = ideal(c, 1e6);
    problem.S *= 1.05;
    const Moment m = at_cut(c, problem);
    const double ratio = m.a / m.u_along;
    CHECK(m.cosine < ratio / std::hypot(1, ratio) - 1e-3);
  }
  SECTION("across: e stays in the line of y") {
    CutPenalty<double> two = c;
    two.n = 2;
    ReducedProblem<double> problem = ideal(two, 1e6);
    problem.S(0, 1) = problem.S(1, 0) = 0.1;
    const Moment m = at_cut(two, problem);
    CHECK(m.across > 0.01 * m.u_along);
    CHECK(m.zeta_perp > 0.01 * m.z);
  }
}

TEST_CASE("T3 a priori: conditions that fail are named", "[bounds][apriori]") {
  const auto fails = [](const CutPenalty<double>& c, double p) {
    return guaranteed_alignment(c, p, 0.1).fails;
  };
  CutPenalty<double> c = usual;
  CHECK(fails(c, 1e7) == "");
  CHECK(fails(c, 100) == "|P| <= eps before the cut");
  c.eta = 0.35;
  CHECK(fails(c, 1e7) == "eta (2 (lambda + gamma) + |zeta|^2) <= 2");
  c = usual, c.tau = 1e-5;
  CHECK(fails(c, 1e7) == "lambda tau sqrt p >= 1");
  c = usual, c.tau = 0.002;
  CHECK(fails(c, 1e6) == "z reaches a level > 0");
  CHECK(fails(usual, 5e4) == "e stays along y");
  CHECK(fails(usual, 7e4) == "<b, beta> > 0");
}

TEST_CASE("T3 a priori: what is not accepted is refused", "[bounds][apriori]") {
  CHECK_THROWS_AS(sufficient_alignment_width(usual, 0.1, 0.83), InputError);
  CHECK_THROWS_AS(sufficient_alignment_width(usual, 1, 0.5), InputError);
  CHECK_THROWS_AS(sufficient_alignment_width(usual, 0.1, 0), InputError);
  for (double CutPenalty<double>::*number :
       {&CutPenalty<double>::n, &CutPenalty<double>::gamma, &CutPenalty<double>::y,
        &CutPenalty<double>::lambda, &CutPenalty<double>::eta, &CutPenalty<double>::tau})
    for (const double value : {0., -1., std::nan("")}) {
      CutPenalty<double> c = usual;
      c.*number = value;
      CHECK_THROWS_AS(require_valid(c), InputError);
    }
  CutPenalty<double> c = usual;
  c.eta = 0.4;  // the law's own run loses its stability
  CHECK_THROWS_AS(require_valid(c), InputError);
}
