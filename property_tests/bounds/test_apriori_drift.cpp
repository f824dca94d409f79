// SPDX-License-Identifier: Apache-2.0
// The deterministic part of theorem P (reports/docs/apriori.md, section 4): how far a run can move
// while eta sum |e| <= S, with the moments of the instance in place of their bounds. Nothing here
// is random in the sense of the theorem: b, beta and A(0) are whatever makes a bound tight.
#include <alignproof/bounds/apriori.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/network/activation_definition.hpp>
#include <alignproof/random/normal.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

using Ball = RealBall<Mpfr>;
using M = Matrix<Mpfr>;
using V = Vector<Mpfr>;

// ---------------------------------------------------------------- activations made for one term

/// What the activations below leave out: nobody asks for it.
struct WithoutTheRest {
  static constexpr Reflection reflection = Reflection::none;
  static constexpr bool linear = false, homogeneous = false, algebraic = false;
  template <class Real>
  static ActivationRounding rounding() {
    return {4, 4, 16};
  }
  static Balls balls() { return Missing{"it is a test's"}; }
  static Portable portable() { return Missing{"it is a test's"}; }
  static Kernel kernel() { return Missing{"it is a test's"}; }
};

/// 30 + tanh x: Psi is large where psi'' is, so that what multiplies Psi outweighs the rest.
struct Raised : WithoutTheRest {
  static constexpr std::string_view name = "raised-tanh";
  static constexpr bool zero_at_zero = false, bounded_and_smooth = true;
  template <class Real>
  static Real psi(const Real& a) {
    return Real(30) + Elementary<Real>::tanh(a);
  }
  template <class Real>
  static Real slope(const Real& a, const Real&) {
    const Real t = Elementary<Real>::tanh(a);
    return Real(1) - t * t;
  }
  template <class Real>
  static Real L0() {
    return Real(31);
  }
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  template <class Real>
  static Real L2() {
    using std::sqrt;
    return Real(4) / (Real(3) * sqrt(Real(3)));
  }
  template <class Real>
  static Real L3() {
    return Real(2);
  }
};

/// (log(1 + e^200) - log(1 + e^(200 - 200 x))) / 200: x up to about 1, and 1 from there on, with a
/// sharp bend.
struct Bend : WithoutTheRest {
  static constexpr std::string_view name = "bend";
  static constexpr bool zero_at_zero = true, bounded_and_smooth = false;
  static constexpr double k = 200;
  template <class Real>
  static Real psi(const Real& a) {
    return (softplus(Real(k)) - softplus(Real(Real(k) - Real(k) * a))) / Real(k);
  }
  template <class Real>
  static Real slope(const Real& a, const Real&) {
    return sigmoid(Real(Real(k) - Real(k) * a));
  }
  static constexpr Missing L0{"psi is not bounded"};
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  template <class Real>
  static Real L2() {
    return Real(k / 4);
  }
  template <class Real>
  static Real L3() {
    using std::sqrt;
    return Real(k * k) / (Real(6) * sqrt(Real(3)));
  }
};

template <class T>
Activation registered() {
  static const Activation psi = [] {
    register_activation<T>();
    return activation_from(T::name);
  }();
  return psi;
}

std::vector<Activation> with_third_derivative() {
  const ScopedDigits guard(20);
  std::vector<Activation> all = activations_of_suite();
  std::erase_if(all, [](const Activation& psi) { return !smoothness<Mpfr>(psi).L3; });
  return all;
}

// ---------------------------------------------------------------- an instance

struct Start {
  Activation psi = Activation::tanh;
  Matrix<double> X, A;  ///< A need not be W X^T: nothing in the lemma uses that
  Vector<double> b, beta, e;
  double eta = 0.1;
  std::size_t steps = 20;
};

Problem<Mpfr> problem_of(const Start& start) {
  Problem<Mpfr> problem;
  problem.psi = start.psi;
  problem.X = start.X.cast<Mpfr>();
  problem.K = problem.X * problem.X.transpose();
  problem.b = start.b.cast<Mpfr>();
  problem.eta = Mpfr(start.eta);
  problem.sqrt_p = sqrt(Mpfr(static_cast<double>(start.b.size())));
  problem.y = M::Zero(start.e.size(), 1);
  Forward<Mpfr> at;
  forward(problem, KernelState<Mpfr>{start.A.cast<Mpfr>(), start.beta.cast<Mpfr>(), {}, problem.b},
          at);
  problem.y = at.e - start.e.cast<Mpfr>();
  return problem;
}

/// psi'' by a central difference of psi', which errs by about 1e-31.
M second_derivative(const Activation& psi, const M& A) {
  const Mpfr h("1e-15");
  M Psi, above, below;
  activate<Mpfr>(psi, (A.array() + h).matrix(), Psi, above);
  activate<Mpfr>(psi, (A.array() - h).matrix(), Psi, below);
  return (above - below) / Mpfr(2 * h);
}

// ---------------------------------------------------------------- the two sides

/// What moved, and what it may at most have moved.
struct Sides {
  Mpfr moved, bound;
};
using AllSides = std::map<std::string, Sides>;

/// A run beside the library's bounds of it.
class Movement {
 public:
  Movement(const Problem<Mpfr>& problem, const KernelState<Mpfr>& state, const Forward<Mpfr>& at)
      : problem_(problem), start_(state), at0_(at), sigma_(V::Zero(problem.n())), S_(0) {
    D2_ = second_derivative(problem.psi, state.A);
    G0_ = gram_G(at), H0_ = gram_H(problem, at, state.b, state.beta);
    const Smoothness<Mpfr> psi = smoothness<Mpfr>(problem.psi);
    const Mpfr p(static_cast<double>(problem.p()));
    const auto ball = [](const std::optional<Mpfr>& x) {
      return x ? std::optional<Ball>(Ball(*x)) : std::nullopt;
    };
    AprioriData<Ball> data;
    data.n = static_cast<double>(problem.n());
    data.psi = {ball(psi.L0), Ball(psi.L1), ball(psi.L2), ball(psi.L3)};
    data.linear = properties(problem.psi).linear;
    const V k2 = problem.K.rowwise().squaredNorm();
    data.kap = Ball(extreme_eigenvalues(problem.K).max);
    data.k_max = Ball(Mpfr(sqrt(k2.maxCoeff())));
    data.kk = Ball(Mpfr(k2.norm()));
    data.K_F = Ball(Mpfr(problem.K.norm()));
    const V b = state.b.col(0).cwiseAbs(), beta = state.beta.col(0).cwiseAbs();
    const V b2 = b.cwiseProduct(b), b3 = b2.cwiseProduct(b);
    GoodStart<Ball> moments;
    moments.gram = {Ball(Mpfr(0)), Ball(Mpfr(sqrt(G0_.trace()))),
                    Ball(Mpfr(sqrt(extreme_eigenvalues(G0_).max)))};
    moments.s2 = Ball(Mpfr(sqrt(b2.sum() / p))),
    moments.s4 = Ball(Mpfr(sqrt(b2.squaredNorm() / p)));
    moments.m3 = Ball(Mpfr(b3.sum() / p)), moments.s6 = Ball(Mpfr(sqrt(b3.squaredNorm() / p)));
    moments.Q = Ball(Mpfr(beta.dot(b2) / p)), moments.Q3 = Ball(Mpfr(beta.dot(b3) / p));
    moments.h0 = Ball(Mpfr(0)), moments.E = Ball(Mpfr(at.e.norm()));
    Shares shares;
    shares.of.fill(1);  // no deviation: the moments are the instance's own
    growth_ = second_order_growth(data, Ball(p), shares, moments);
    // A row moves by |b_r| L1 sqrt(kap) S / sqrt p; the library has a bound of max |b_r| in it.
    w_row_ = growth_.w_row / largest_row(1, Ball(p), 1) * Ball(b.maxCoeff());
    bounded_ = psi.L0.has_value();
  }

  /// Both sides of everything, at `state` with the forward values `at`, and of the step before it.
  AllSides look(const KernelState<Mpfr>& state, const Forward<Mpfr>& at) {
    AllSides sides;
    if (before_) {
      const Transition<Mpfr> step{*before_, state, *at_before_, at};
      const Mpfr moved = problem_.eta * at_before_->e.norm();
      S_before_ = S_, moved_squared_ = moved * moved;
      sides["v"] = {second_order(problem_, step).norm(),
                    moved_squared_ * upper(growth_.C_v, S_before_)};
      sigma_ += problem_.eta * at_before_->e.col(0), S_ += moved;
      look_at_drift(state, at, sides);
    }
    before_ = state, at_before_ = at;
    return sides;
  }

  /// The cost of the part of this name at S.
  Mpfr part(const std::string& name) const {
    for (const Part<Ball>& part : growth_.parts)
      if (part.name == name) return upper(part.cost, S_);
    return Mpfr(0);  // of a linear psi
  }
  Mpfr semidefinite() const { return upper(growth_.D_up, S_) - upper(growth_.D_lo, S_); }
  Mpfr in_rho(std::size_t power) const { return term(growth_.rho, power, S_); }
  /// What eta^2 C_v |e|^2 has by this power of S.
  Mpfr in_v(std::size_t power) const {
    return moved_squared_ * term(growth_.C_v, power, S_before_);
  }
  /// Of these, what psi has by its curvature.
  Mpfr in_v_by_curvature(std::size_t power) const {
    const Ball kap1 = growth_.D_up[2] - growth_.D_lo[2];  // its square
    const Ball kap1_Gs = Ball::sqrt(kap1) * growth_.rho[1];
    const Ball rest = power == 0 ? kap1_Gs : power == 1 ? kap1 : Ball(Mpfr(0));
    return in_v(power) - moved_squared_ * rest.lower() * pow(S_before_, power);
  }

 private:
  template <class Polynomial>
  static Mpfr upper(const Polynomial& polynomial, const Mpfr& S) {
    return value_at(polynomial, Ball(S)).upper();
  }
  template <class Polynomial>
  static Mpfr term(const Polynomial& polynomial, std::size_t power, const Mpfr& S) {
    return Mpfr(polynomial[power].upper() * pow(S, power));
  }

  /// K o (left^T diag(weight o b) right) / p
  M H(const M& left, const V& weight, const M& right) const {
    const Mpfr p(static_cast<double>(problem_.p()));
    const M weighted = weight.cwiseProduct(V(problem_.b.col(0))).asDiagonal() * right;
    return problem_.K.cwiseProduct(M(left.transpose() * weighted)) / p;
  }

  void look_at_drift(const KernelState<Mpfr>& state, const Forward<Mpfr>& at, AllSides& sides) {
    const Mpfr p(static_cast<double>(problem_.p())), root_p = problem_.sqrt_p;
    const M &D0 = at0_.D, &Psi0 = at0_.Psi, &K = problem_.K;
    const V b = problem_.b.col(0), beta0 = start_.beta.col(0), dbeta = state.beta.col(0) - beta0;
    const M D0_sigma = D0 * sigma_.asDiagonal();
    const M KD_sigma = D0_sigma * K;  // row r: K D_r sigma
    const M B_sigma = D0.cwiseProduct(KD_sigma);
    const M half_G = Psi0.transpose() * M(b.asDiagonal() * B_sigma) / Mpfr(-p * root_p);
    const M L_G = half_G + half_G.transpose();
    const M bent = D2_.cwiseProduct(KD_sigma);
    const V weight = beta0.cwiseProduct(b) / Mpfr(-root_p);
    const M L_2 = H(bent, weight, D0) + H(D0, weight, bent);
    const V beta1 = -(Psi0 * sigma_) / root_p, beta2 = dbeta - beta1;
    const M dPsi = at.Psi - Psi0, N = dPsi.transpose() * dPsi / p;
    const M in_G = gram_G(at) - G0_ - L_G - N;
    const M in_beta = H(D0, beta2, D0);
    const M in_D = H(at.D, beta0, at.D) - H(D0, beta0, D0) - L_2;
    const M in_both = H(at.D, dbeta, at.D) - H(D0, dbeta, D0);
    const M rest = in_G + in_beta + in_D + in_both;
    const auto all = [&](const char* name, const M& moved, const Mpfr& bound) {
      sides[name] = {symmetric_norm(moved), bound};
    };
    all("G", in_G, part("quadratic, change of psi in G"));
    all("H, beta", in_beta, part("quadratic, change of A and beta"));
    all("H, psi'", in_D, part("quadratic, change of psi' in H"));
    all("H, both", in_both, part("quadratic, change of psi' and beta") + part("cubic"));
    all("rest of M", rest, upper(growth_.D_lo, S_) - part("linear in b") - part("linear in beta"));
    all("N", N, semidefinite());
    const Mpfr least = extreme_eigenvalues(rest).min, most = extreme_eigenvalues(M(rest + N)).max;
    const Mpfr linear = part("linear in b") + part("linear in beta");
    sides["M from below"] = {least < 0 ? Mpfr(-least) : Mpfr(0), upper(growth_.D_lo, S_) - linear};
    sides["M from above"] = {most, upper(growth_.D_up, S_) - linear};
    sides["beta"] = {dbeta.norm(), upper(growth_.rho, S_)};
    sides["A"] = {(state.A - start_.A).norm(), (growth_.A_moved * Ball(S_)).upper()};
    const M Z_K = state.Z * K;
    Mpfr w(0);
    for (Eigen::Index r = 0; r < Z_K.rows(); ++r) {
      const Mpfr square = Z_K.row(r).dot(state.Z.row(r));
      if (square > w) w = square;
    }
    sides["rows of W"] = {sqrt(w), (w_row_ * Ball(S_)).upper()};
    if (bounded_)
      sides["rows of beta"] = {dbeta.cwiseAbs().maxCoeff(), upper(growth_.beta_row, S_)};
  }

  const Problem<Mpfr>& problem_;
  KernelState<Mpfr> start_;
  Forward<Mpfr> at0_;
  M D2_, G0_, H0_;
  V sigma_;
  Mpfr S_, S_before_, moved_squared_;
  Growth<Ball> growth_;
  Ball w_row_;
  bool bounded_ = false;
  std::optional<KernelState<Mpfr>> before_;
  std::optional<Forward<Mpfr>> at_before_;
};

/// What rounding and the difference that stands for psi'' may add, with several decimals to spare.
Mpfr room(const Sides& s, const Mpfr& scale) {
  return s.bound * Mpfr("1e-35") + scale * Mpfr("1e-26");
}

/// Calls look(movement, sides, scale) after every step, for as long as the run stays finite.
template <class Look>
void follow(const Start& start, const Look& look) {
  const Problem<Mpfr> problem = problem_of(start);
  KernelState<Mpfr> state{start.A.cast<Mpfr>(), start.beta.cast<Mpfr>(),
                          M::Zero(start.A.rows(), start.A.cols()), problem.b};
  std::optional<Movement> movement;
  run(problem, state, start.steps, true_step<Mpfr>(),
      [&](std::size_t t, const KernelState<Mpfr>& now, const Forward<Mpfr>& at) {
        if (!movement) movement.emplace(problem, now, at);
        const AllSides sides = movement->look(now, at);
        const Mpfr size = error_operator(problem, at, now.b, now.beta).norm() + at.e.norm() +
                          now.A.norm() + now.beta.norm();
        if (t > 0) look(std::as_const(*movement), sides, size);
        return size < 1e8;
      });
}

// ---------------------------------------------------------------- adversarial instances

/// N(0, 1) numbers that follow from one seed.
struct Normal {
  std::uint64_t seed;
  std::uint32_t next = 0;
  double operator()() { return standard_normal(seed, Stream::W, next++, 0); }
  Matrix<double> matrix(Eigen::Index rows, Eigen::Index columns) {
    Matrix<double> m(rows, columns);
    for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = (*this)();
    return m;
  }
};

Start adversarial() {
  Start start;
  start.psi = *gen::one_of(with_third_derivative());
  const auto n = *gen::whole<Eigen::Index>(1, 5), d = *gen::whole<Eigen::Index>(1, 7);
  const auto p = *gen::one_of<Eigen::Index>({1, 2, 3, 10, 40, 200});
  Normal normal{*gen::whole<std::uint64_t>(1, 1000000)};
  start.X = normal.matrix(n, d);
  switch (*gen::whole(0, 3)) {
    case 1:  // rank one: every row the same
      start.X.rowwise() = start.X.row(0).eval();
      break;
    case 2:  // one sample outweighs the others
      start.X.bottomRows(n - 1) *= 0.05;
      break;
    default:
      break;
  }
  const auto among = [](double least, double most) {
    return least + (most - least) * *gen::whole(0, 1000) / 1000.0;
  };
  start.X *= std::pow(10, among(-1, 0.7)) / start.X.cwiseAbs().maxCoeff();
  start.A = normal.matrix(p, d) * start.X.transpose();
  start.b = normal.matrix(p, 1).col(0), start.beta = normal.matrix(p, 1).col(0);
  start.e = normal.matrix(n, 1).col(0);
  switch (*gen::whole(0, 5)) {
    case 1:  // all signs the same: nothing averages out
      start.b = start.b.cwiseAbs(), start.beta = start.beta.cwiseAbs();
      break;
    case 2:  // all units the same
      start.A.rowwise() = start.A.row(0).eval();
      start.b.setOnes(), start.beta.setOnes();
      break;
    case 3:  // as good as one unit
      start.b *= 0.01, start.b(0) = 4;
      break;
    case 4:  // half of the units saturated
      start.A.topRows((p + 1) / 2).array() += 20;
      break;
    case 5:  // f = 0
      start.A.setZero();
      break;
    default:
      break;
  }
  if (*gen::whole(0, 2) == 0) start.beta *= 30;
  if (*gen::whole(0, 1) == 0) start.e = start.e.cwiseAbs();
  start.e *= std::pow(10, among(-1, 1.5)) / start.e.norm();
  start.steps = *gen::one_of<std::size_t>({5, 20, 40});
  // Up to the edge of stability, as far as M(0) tells.
  const ScopedDigits guard(20);
  Problem<Mpfr> problem = problem_of(start);
  Forward<Mpfr> at;
  const KernelState<Mpfr> state{start.A.cast<Mpfr>(), start.beta.cast<Mpfr>(), {}, problem.b};
  forward(problem, state, at);
  const double size = to_double(error_operator(problem, at, state.b, state.beta).norm());
  start.eta = among(0.05, 1.9) / std::max(size, 1e-3);
  if (*gen::whole(0, 1) == 0) start.eta *= 0.05;
  return start;
}

// ---------------------------------------------------------------- an instance for each term

/// One sample, one unit.
Start single(const Activation& psi, double a, double b, double beta, double e, double eta,
             std::size_t steps = 20) {
  Start start;
  start.psi = psi;
  start.X = Matrix<double>::Ones(1, 1), start.A = Matrix<double>::Constant(1, 1, a);
  start.b = Vector<double>::Constant(1, b), start.beta = Vector<double>::Constant(1, beta);
  start.e = Vector<double>::Constant(1, e);
  start.eta = eta, start.steps = steps;
  return start;
}

/// Where |psi''| psi'^2 of tanh is largest: tanh^2 = 1/7.
const double most_bent = std::atanh(std::sqrt(1.0 / 7));

/// A bound and what one of its terms adds to it.
struct Needed {
  const char* name;
  const char* sides;
  std::function<Mpfr(const Movement&)> term;
  Start start;
};

Needed needs_part(const char* name, const char* sides, const char* part, const Start& start) {
  return {name, sides, [part](const Movement& m) { return m.part(part); }, start};
}

std::vector<Needed> needed() {
  const Activation raised = registered<Raised>(), bend = registered<Bend>();
  const Start linear = single(Activation::identity, 0, 1, 0, 1, 0.1);
  const Start bent = single(raised, most_bent, 1, 0, 1, 1e-4);
  return {
      needs_part("what beta gains from the change of A", "rest of M",
                 "quadratic, change of A and beta", linear),
      needs_part("the curvature of psi in G", "rest of M", "quadratic, change of psi in G", bent),
      needs_part("the curvature of psi in H while beta moves", "rest of M",
                 "quadratic, change of psi' and beta", bent),
      needs_part("the curvature of psi' in H", "rest of M", "quadratic, change of psi' in H",
                 single(Activation::tanh, 0, 1, 1000, 1, 1e-6)),
      needs_part("psi' and beta of second order", "H, both", "cubic",
                 single(Activation::gelu, 0, 1, 0, 3, 0.1)),
      {"the square of the change of Psi", "M from above",
       [](const Movement& m) { return m.semidefinite(); }, linear},
      {"beta by Psi(0)", "beta", [](const Movement& m) { return m.in_rho(1); }, bent},
      {"beta by the change of Psi", "beta", [](const Movement& m) { return m.in_rho(2); }, linear},
      {"v by Psi(0)", "v", [](const Movement& m) { return m.in_v(0); },
       single(Activation::identity, 1, 1, 0, 1, 0.1)},
      {"v by the change of Psi", "v", [](const Movement& m) { return m.in_v(1); }, linear},
      {"v by beta(0) and the curvature of psi", "v",
       [](const Movement& m) { return m.in_v_by_curvature(0); },
       single(Activation::tanh, most_bent, 1, 1000, 1, 1e-6)},
      {"v by the curvature and what Psi(0) adds to beta", "v",
       [](const Movement& m) { return m.in_v_by_curvature(1); },
       single(raised, 1.5, 1, 0, 3000, 1e-4, 40)},
      {"v by the curvature and what the change of Psi adds to beta", "v",
       [](const Movement& m) { return m.in_v_by_curvature(2); },
       single(bend, 0, 1, 0, -10, 0.0002, 700)},
  };
}

}  // namespace

TEST_CASE("theorem P: a run moves no further than its bounds, whatever b, beta and A are",
          "[bounds][property]") {
  std::map<std::string, double> largest;
  check_property("random data and adversarial weights, every smooth activation", [&] {
    const ScopedDigits guard(50);
    const Start start = adversarial();
    follow(start, [&](const Movement&, const AllSides& sides, const Mpfr& scale) {
      for (const auto& [name, s] : sides) {
        if (!(s.moved <= s.bound + room(s, scale)))
          RC_FAIL(fmt::format("{}: {} > {}", name, to_double(s.moved), to_double(s.bound)));
        if (s.bound > scale * Mpfr("1e-15"))
          largest[name] = std::max(largest[name], to_double(Mpfr(s.moved / s.bound)));
      }
    });
  });
  if (!CaseNumbers::from_environment().many()) return;
  // A bound that nothing comes near would not have been tested.
  for (const auto& [name, ratio] : largest) {
    INFO(name);
    CHECK(ratio > 0.4);
  }
}

TEST_CASE("theorem P: no term of the drift may be dropped", "[bounds]") {
  const ScopedDigits guard(50);
  for (const Needed& needed : needed()) {
    INFO(needed.name);
    double without = 0;  // largest share of the bound without the term
    follow(needed.start, [&](const Movement& m, const AllSides& sides, const Mpfr& scale) {
      for (const auto& [name, s] : sides) CHECK(s.moved <= s.bound + room(s, scale));
      const Sides& s = sides.at(needed.sides);
      const Mpfr left = s.bound - needed.term(m);
      if (left > 0)
        without = std::max(without, to_double(Mpfr(s.moved / left)));
      else if (s.moved > scale * Mpfr("1e-15"))
        without = INFINITY;
    });
    CHECK(without > 1.01);
  }
}
