// SPDX-License-Identifier: Apache-2.0
// Blocks of rows pass through the cache once for the error and once for the update. Every bound is
// a line of reports/docs/balls.md, section 5. One unit for the step around a point and around
// balls: both go through the same blocks, and their bounds are read side by side.
#include <alignproof/dynamics/rigorous_step.hpp>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <alignproof/network/activation_definition.hpp>
#include <alignproof/scalar/ieee.hpp>

#include "linalg/two_u.hpp"
#include "network/activation_radii.hpp"
#include "scalar/upward.hpp"

namespace alignproof::inline dynamics {

namespace {

constexpr Eigen::Index block_rows = 128, lanes = 8;

/// Roundings that one term of `dot` and then of `pairwise_sum` passes through.
double dot_depth(Eigen::Index rows, std::size_t blocks) {
  const Eigen::Index in_block = std::min(rows, block_rows);
  return static_cast<double>((in_block + lanes - 1) / lanes + 4) +
         std::ceil(std::log2(static_cast<double>(blocks))) + 1;
}

/// sum_r part(v_r) w_r in eight interleaved sums.
template <class Real, class Part>
Real dot(const Real* v, const Real* w, Eigen::Index size, const Part& part) {
  Real sum[lanes];
  for (Real& s : sum) s = Real(0);
  Eigen::Index r = 0;
  for (; r + lanes <= size; r += lanes)
    for (Eigen::Index l = 0; l < lanes; ++l) sum[l] += part(v[r + l]) * w[r + l];
  for (Eigen::Index l = 0; r < size; ++r, ++l) sum[l] += part(v[r]) * w[r];
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

template <class Real>
Real pairwise_sum(std::vector<Real>& terms) {
  std::size_t count = terms.size();
  while (count > 1) {
    for (std::size_t i = 0; i < count / 2; ++i) terms[i] = terms[2 * i] + terms[2 * i + 1];
    if (count % 2 == 1) terms[count / 2] = terms[count - 1];
    count = (count + 1) / 2;
  }
  return terms[0];
}

/// One number a block and sample, summed over the blocks at the end.
template <class Real>
class BlockSums {
 public:
  BlockSums(Eigen::Index n, std::size_t blocks) : terms_(n, std::vector<Real>(blocks, Real(0))) {}
  Real& operator()(Eigen::Index i, std::size_t block) { return terms_[i][block]; }
  Real total(Eigen::Index i) { return pairwise_sum(terms_[i]); }

 private:
  std::vector<std::vector<Real>> terms_;
};

std::size_t block_count(Eigen::Index p) {
  return static_cast<std::size_t>((p + block_rows - 1) / block_rows);
}

template <class Real>
void require_shapes(const RigorousProblem<Real>& problem, const auto& A, const auto& beta) {
  if (A.rows() == problem.p() && A.cols() == problem.n() && beta.rows() == problem.p() &&
      beta.cols() == 1)
    return;
  throw InputError("state",
                   "A " + std::to_string(A.rows()) + " x " + std::to_string(A.cols()) + ", beta " +
                       std::to_string(beta.rows()) + " x " + std::to_string(beta.cols()),
                   "A p x n and beta p x 1");
}

template <class Real>
Real norm_upper(const Matrix<Real>& A) {
  return frobenius_upper(BallMatrix<Real>(A));
}

/// |x| + rad.
template <class Real>
Real size_up(const RealBall<Real>& x) {
  return add_up(size_of(x.mid), x.rad);
}

/// Where psi' is a function of psi, it is computed again from psi, which is less than to keep it.
template <class Real>
bool keeps_slopes(const Activation& psi) {
  return activation_over<Real>(psi).slopes_from_values == nullptr;
}

/// Forward values at the rows of a block, written to `at`.
template <class Real>
void activate_block(const RigorousProblem<Real>& problem, const Matrix<Real>& A, Eigen::Index first,
                    Matrix<Real>& Psi, Matrix<Real>& D, RigorousForward<Real>& at) {
  activate_points(problem.psi, A, Psi, D);
  at.Psi.middleRows(first, A.rows()) = Psi;
  if (keeps_slopes<Real>(problem.psi)) at.D.middleRows(first, A.rows()) = D;
}

template <class Real>
void resize(const RigorousProblem<Real>& problem, RigorousForward<Real>& at) {
  at.Psi.resize(problem.p(), problem.n());
  if (keeps_slopes<Real>(problem.psi)) at.D.resize(problem.p(), problem.n());
  at.e.mid.resize(problem.n(), 1);
  at.e.rad.resize(problem.n(), 1);
}

template <class Real>
void load_block(const RigorousProblem<Real>& problem, const RigorousForward<Real>& at,
                Eigen::Index first, Eigen::Index rows, Matrix<Real>& Psi, Matrix<Real>& D) {
  Psi = at.Psi.middleRows(first, rows);
  if (keeps_slopes<Real>(problem.psi))
    D = at.D.middleRows(first, rows);
  else
    activation_over<Real>(problem.psi).slopes_from_values(Psi, D);
}

template <class Real>
void set_error(const RigorousProblem<Real>& problem, Eigen::Index i, const Real& f,
               const Real& f_radius, RigorousForward<Real>& at) {
  const RealBall<Real> scaled = RealBall<Real>(f, f_radius) * problem.inverse_sqrt_p;
  at.e.set(i, 0, scaled - RealBall<Real>(problem.y(i, 0)));
}

/// eta / sqrt p.
template <class Real>
RealBall<Real> rate(const RigorousProblem<Real>& problem) {
  return RealBall<Real>(problem.eta) * problem.inverse_sqrt_p;
}

/// 1 - eta lambda(t); exactly 1 without a penalty.
template <class Real>
RealBall<Real> kept(const RigorousProblem<Real>& problem, std::size_t t) {
  const double lambda = problem.penalty(t);
  const RealBall<Real> one(Real(1));
  if (lambda == 0) return one;
  return one - RealBall<Real>(problem.eta) * RealBall<Real>(Real(lambda));
}

template <class Real>
bool penalized(const RealBall<Real>& keep) {
  return !(keep.mid == Real(1) && keep.rad == Real(0));
}

/// Upper bound of |D| as computed.
template <class Real>
Real slope_upper(const ActivationBounds<Real>& bounds) {
  return add_up(bounds.L1, bounds.slope_error);
}

constexpr auto itself = [](const auto& x) { return x; };
constexpr auto absolute = [](const auto& x) { return size_of(x); };

}  // namespace

template <class Real>
RigorousProblem<Real> rigorous_problem_from(const Instance& instance) {
  require_ieee_arithmetic("rigorous_problem_from");
  require_valid(instance);
  ball_form(instance.activation, "ball versions");
  if (instance.k() != 1)
    throw InputError("outputs", std::to_string(instance.k()), "one output in a rigorous step");
  RigorousProblem<Real> problem;
  problem.psi = instance.activation;
  const BallMatrix<Real> X(matrix_from<Real>(instance.X));
  problem.K = X * X.transpose();
  problem.y = matrix_from<Real>(instance.y);
  problem.b = matrix_from<Real>(instance.b);
  problem.eta = Real(instance.eta);
  problem.penalty = instance.penalty;
  const RealBall<Real> p(Real(static_cast<double>(instance.p())));
  problem.inverse_sqrt_p = RealBall<Real>(Real(1)) / RealBall<Real>::sqrt(p);
  problem.K_norm = absolute_norm_upper(problem.K);
  problem.K_radius_norm = absolute_norm_upper(BallMatrix<Real>(problem.K.rad));
  problem.b_norm = norm_upper(problem.b);
  return problem;
}

template <class Real>
BallState<Real> initial_balls(const Instance& instance) {
  require_ieee_arithmetic("initial_balls");
  const BallMatrix<Real> W0(matrix_from<Real>(instance.W0)), X(matrix_from<Real>(instance.X));
  return {W0 * X.transpose(), BallMatrix<Real>(matrix_from<Real>(instance.beta0))};
}

template <class Real>
void rigorous_forward(const RigorousProblem<Real>& problem, const PseudoState<Real>& state,
                      RigorousForward<Real>& at) {
  require_ieee_arithmetic("rigorous_forward");
  require_shapes(problem, state.A, state.beta);
  const Eigen::Index p = problem.p(), n = problem.n();
  const std::size_t blocks = block_count(p);
  resize(problem, at);
  BlockSums<Real> f(n, blocks), f_size(n, blocks);
  const Matrix<Real> beta_size = state.beta.cwiseAbs();
  Real squares(0);
  Matrix<Real> A, Psi, D;
  for (std::size_t block = 0; block < blocks; ++block) {
    const Eigen::Index first = static_cast<Eigen::Index>(block) * block_rows;
    const Eigen::Index rows = std::min(block_rows, p - first);
    A = state.A.middleRows(first, rows);
    activate_block(problem, A, first, Psi, D, at);
    squares += Psi.squaredNorm();
    for (Eigen::Index i = 0; i < n; ++i) {
      f(i, block) = dot(Psi.col(i).data(), state.beta.data() + first, rows, itself);
      f_size(i, block) = dot(Psi.col(i).data(), beta_size.data() + first, rows, absolute);
    }
  }
  const Real u = std::max(two_u_of(state.A), two_u_of(state.beta));
  const double depth = dot_depth(p, blocks), terms = static_cast<double>(p);
  const ActivationBounds<Real> bounds = activation_bounds<Real>(problem.psi);
  const Real lost = add_up(gamma_up(depth, u), bounds.relative);
  const Real from_least =
      mul_up(bounds.least, mul_up(Real(std::sqrt(terms) + 1), norm_upper(state.beta)));
  const SumBound<Real> bound(depth, 4 * terms, u);
  for (Eigen::Index i = 0; i < n; ++i)
    set_error(problem, i, f.total(i),
              add_up(add_up(mul_up(lost, bound(f_size.total(i))), from_least), bound.offset), at);
  at.Psi_norm = sqrt_up(SumBound<Real>(terms * static_cast<double>(n) + 1,
                                       terms * static_cast<double>(n), u)(squares));
}

template <class Real>
void rigorous_forward(const RigorousProblem<Real>& problem, const BallState<Real>& state,
                      RigorousForward<Real>& at) {
  require_ieee_arithmetic("rigorous_forward");
  require_shapes(problem, state.A, state.beta);
  const Eigen::Index p = problem.p(), n = problem.n();
  const std::size_t blocks = block_count(p);
  const Real u = std::max(two_u_of(state.A.mid), two_u_of(state.beta.mid));
  const double depth = dot_depth(p, blocks), terms = static_cast<double>(p);
  const ActivationBounds<Real> bounds = activation_bounds<Real>(problem.psi);
  resize(problem, at);

  // |Psi| (rbeta + gamma |beta|) + rPsi (|beta| + rbeta)
  const Real gamma = gamma_up(depth, u);
  Matrix<Real> lost(p, 1), beta_size(p, 1);
  for (Eigen::Index r = 0; r < p; ++r) {
    const Real size = size_of(state.beta.mid(r, 0));
    lost(r, 0) = add_up(state.beta.rad(r, 0), mul_up(gamma, size));
    beta_size(r, 0) = add_up(size, state.beta.rad(r, 0));
  }
  BlockSums<Real> f(n, blocks), from_beta(n, blocks), from_Psi(n, blocks);
  Real squares(0);
  BallMatrix<Real> A, Psi, D;
  for (std::size_t block = 0; block < blocks; ++block) {
    const Eigen::Index first = static_cast<Eigen::Index>(block) * block_rows;
    const Eigen::Index rows = std::min(block_rows, p - first);
    A.mid = state.A.mid.middleRows(first, rows);
    A.rad = state.A.rad.middleRows(first, rows);
    activate_block(problem, A.mid, first, Psi.mid, D.mid, at);
    activation_radii(problem.psi, bounds, A, Psi, D);
    squares += Psi.mid.squaredNorm();
    for (Eigen::Index i = 0; i < n; ++i) {
      const Real* value = Psi.mid.col(i).data();
      f(i, block) = dot(value, state.beta.mid.data() + first, rows, itself);
      from_beta(i, block) = dot(value, lost.data() + first, rows, absolute);
      from_Psi(i, block) = dot(Psi.rad.col(i).data(), beta_size.data() + first, rows, itself);
    }
  }
  const SumBound<Real> bound(depth, 4 * terms, u);
  for (Eigen::Index i = 0; i < n; ++i)
    set_error(problem, i, f.total(i), add_up(bound(from_beta.total(i)), bound(from_Psi.total(i))),
              at);
  at.Psi_norm = sqrt_up(SumBound<Real>(terms * static_cast<double>(n) + 1,
                                       terms * static_cast<double>(n), u)(squares));
}

template <class Real>
StepResidual<Real> rigorous_step(const RigorousProblem<Real>& problem,
                                 const RigorousForward<Real>& at, std::size_t t,
                                 PseudoState<Real>& state) {
  require_ieee_arithmetic("rigorous_step");
  require_shapes(problem, state.A, state.beta);
  using F = Format<Real>;
  const Eigen::Index p = problem.p(), n = problem.n();
  const double terms = static_cast<double>(n), entries = static_cast<double>(p) * terms;
  const ActivationBounds<Real> bounds = activation_bounds<Real>(problem.psi);
  const Real u = std::max(std::max(two_u_of(state.A), two_u_of(state.beta)),
                          std::max(two_u_of(problem.K.mid), two_u_of(problem.b)));
  const Real least = F::least();
  const RealBall<Real> s = rate(problem), keep = kept(problem, t);
  const Real beta_norm = norm_upper(state.beta);

  Vector<Real> se(n), se_lost(n), se_size(n);
  const Real gamma = gamma_up(terms + 2, u);
  for (Eigen::Index i = 0; i < n; ++i) {
    const RealBall<Real> x = s * at.e(i, 0);
    se(i) = x.mid;
    se_lost(i) = add_up(x.rad, mul_up(gamma, size_of(x.mid)));
    se_size(i) = size_up(x);
  }

  Real A_squares(0);
  Matrix<Real> Psi, D, T, moved;
  for (Eigen::Index first = 0; first < p; first += block_rows) {
    const Eigen::Index rows = std::min(block_rows, p - first);
    load_block(problem, at, first, rows, Psi, D);
    moved.noalias() = Psi * se;
    for (Eigen::Index r = 0; r < rows; ++r) {
      Real& beta = state.beta(first + r, 0);
      beta = Real(keep.mid * beta) - moved(r, 0);
    }
    const Matrix<Real> sb = problem.b.middleRows(first, rows) * s.mid;
    for (Eigen::Index i = 0; i < n; ++i) {
      const Real& e = at.e.mid(i, 0);
      for (Eigen::Index r = 0; r < rows; ++r) D(r, i) = Real(D(r, i) * sb(r, 0)) * e;
    }
    T.noalias() = D * problem.K.mid;
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index r = 0; r < rows; ++r) T(r, i) = state.A(first + r, i) - T(r, i);
    A_squares += T.squaredNorm();
    state.A.middleRows(first, rows) = T;
  }

  // Hidden layer: norms of factors in place of entries.
  const Real root_p(std::sqrt(static_cast<double>(p)) + 1), root_entries(std::sqrt(entries) + 1);
  const Real sb_norm =
      add_up(mul_up(mul_up(size_up(s), problem.b_norm), add_up(Real(1), u)), mul_up(root_p, least));
  const Real sb_radius =
      add_up(add_up(mul_up(s.rad, problem.b_norm), mul_up(u, sb_norm)), mul_up(root_p, least));
  const Real e_norm = frobenius_upper(at.e), e_radius = norm_upper(at.e.rad);
  const Real slope = slope_upper(bounds);
  const Real four_u = Real(4) * u, n_least = mul_up(Real(8 * terms), mul_up(root_entries, least));
  const Real N_norm =
      add_up(mul_up(mul_up(slope, mul_up(sb_norm, e_norm)), add_up(Real(1), four_u)),
             mul_up(n_least, add_up(Real(1), e_norm)));
  const Real N_radius =
      add_up(add_up(mul_up(bounds.slope_error, mul_up(sb_norm, e_norm)),
                    mul_up(slope, add_up(mul_up(sb_radius, e_norm), mul_up(sb_norm, e_radius)))),
             add_up(mul_up(four_u, N_norm), mul_up(n_least, add_up(Real(1), e_norm))));
  const Real T_radius = add_up(mul_up(add_up(mul_up(gamma, N_norm), N_radius), problem.K_norm),
                               add_up(mul_up(N_norm, problem.K_radius_norm), n_least));
  const Real A_norm = sqrt_up(SumBound<Real>(entries + 1, entries, u)(A_squares));
  const Real rho_A = add_up(add_up(T_radius, mul_up(u, A_norm)), n_least);

  // Output layer.
  const Real from_e = mul_up(at.Psi_norm, norm_upper(Matrix<Real>(se_lost)));
  const Real from_Psi =
      mul_up(add_up(mul_up(bounds.relative, at.Psi_norm), mul_up(bounds.least, root_entries)),
             norm_upper(Matrix<Real>(se_size)));
  const Real keep_lost =
      penalized(keep) ? mul_up(add_up(keep.rad, mul_up(Real(2) * u, size_up(keep))), beta_norm)
                      : Real(0);
  const Real rounded = add_up(mul_up(u, norm_upper(state.beta)), n_least);
  const Real rho_beta = add_up(add_up(from_e, from_Psi), add_up(keep_lost, rounded));
  return {rho_A, rho_beta};
}

template <class Real>
void rigorous_step(const RigorousProblem<Real>& problem, const RigorousForward<Real>& at,
                   std::size_t t, BallState<Real>& state) {
  require_ieee_arithmetic("rigorous_step");
  require_shapes(problem, state.A, state.beta);
  using F = Format<Real>;
  const Eigen::Index p = problem.p(), n = problem.n();
  const double terms = static_cast<double>(n);
  const ActivationBounds<Real> bounds = activation_bounds<Real>(problem.psi);
  const Real u = std::max(std::max(two_u_of(state.A.mid), two_u_of(state.beta.mid)),
                          std::max(two_u_of(problem.K.mid), two_u_of(problem.b)));
  const Real least = F::least(), huge = F::huge(), infinity = F::infinity();
  const RealBall<Real> s = rate(problem), keep = kept(problem, t);
  const Real gamma = gamma_up(terms + 2, u), slope = slope_upper(bounds);

  Vector<Real> se(n), se_lost(n), se_size(n), e_size(n), e_least(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const RealBall<Real> x = s * at.e(i, 0);
    se(i) = x.mid;
    se_lost(i) = add_up(x.rad, mul_up(gamma, size_of(x.mid)));
    se_size(i) = size_up(x);
    e_size(i) = size_up(at.e(i, 0));
    e_least(i) = mul_up(Real(4) * least, add_up(Real(1), e_size(i)));
  }
  // |N| <= slope |sb| |e| (1 + 4u) + e_least, so that |N| (rK + gamma |K|) is at most |sb| times
  // K_lost plus K_least.
  Matrix<Real> K_size(n, n);
  Vector<Real> K_lost = Vector<Real>::Zero(n), K_least = Vector<Real>::Zero(n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) {
      const Real size = size_of(problem.K.mid(j, i));
      K_size(j, i) = add_up(size, problem.K.rad(j, i));
      const Real entry = add_up(problem.K.rad(j, i), mul_up(gamma, size));
      const Real most = mul_up(mul_up(slope, e_size(j)), add_up(Real(1), Real(Real(4) * u)));
      K_lost(i) = add_up(K_lost(i), mul_up(most, entry));
      K_least(i) = add_up(K_least(i), mul_up(e_least(j), entry));
    }

  const SumBound<Real> over_n(terms + 1, 2 * terms, u), over_2n(2 * terms + 1, 4 * terms, u);
  const SumBound<Real> few(8, 8, u);
  BallMatrix<Real> A, Psi, D;
  Matrix<Real> T, rT, N, rN, Psi_size, moved, moved_radius;
  Vector<Real> sb(block_rows), sb_radius(block_rows), sb_size(block_rows);
  for (Eigen::Index first = 0; first < p; first += block_rows) {
    const Eigen::Index rows = std::min(block_rows, p - first);
    load_block(problem, at, first, rows, Psi.mid, D.mid);
    A.mid = state.A.mid.middleRows(first, rows);
    A.rad = state.A.rad.middleRows(first, rows);
    activation_radii(problem.psi, bounds, A, Psi, D);

    Psi_size = Psi.mid.cwiseAbs();
    moved.noalias() = Psi.mid * se;
    moved_radius.noalias() = Psi_size * se_lost;
    moved_radius.noalias() += Psi.rad * se_size;
    for (Eigen::Index r = 0; r < rows; ++r) {
      Real &mid = state.beta.mid(first + r, 0), &rad = state.beta.rad(first + r, 0);
      const RealBall<Real> before(mid, rad);
      const RealBall<Real> shrunk = penalized(keep) ? keep * before : before;
      const RealBall<Real> after =
          shrunk - RealBall<Real>(moved(r, 0), over_2n(moved_radius(r, 0)));
      mid = after.mid;
      rad = after.rad;
    }

    for (Eigen::Index r = 0; r < rows; ++r) {
      const RealBall<Real> x = s * RealBall<Real>(problem.b(first + r, 0));
      sb(r) = x.mid;
      sb_radius(r) = x.rad;
      sb_size(r) = size_up(x);
    }
    N.resize(rows, n);
    rN.resize(rows, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const Real e = at.e.mid(i, 0), E = e_size(i), re = at.e.rad(i, 0);
      const Real offset = add_up(few.offset, e_least(i)), four_u = Real(4) * u;
      const Real *d = D.mid.col(i).data(), *rd = D.rad.col(i).data();
      Real *value = N.col(i).data(), *radius = rN.col(i).data();
      for (Eigen::Index r = 0; r < rows; ++r) {
        value[r] = Real(d[r] * sb(r)) * e;
        const Real from_D = Real(sb_size(r) * rd[r]) * E;
        const Real from_factors =
            size_of(d[r]) * Real(Real(sb_radius(r) * E) + Real(size_of(sb(r)) * re));
        const Real sum = Real(from_D + from_factors) + Real(four_u * size_of(value[r]));
        radius[r] = Real(sum * few.factor) + offset;
      }
    }
    T.noalias() = N * problem.K.mid;
    rT.noalias() = rN * K_size;
    for (Eigen::Index i = 0; i < n; ++i) {
      const Real *a = A.mid.col(i).data(), *ra = A.rad.col(i).data();
      Real *step = T.col(i).data(), *radius = rT.col(i).data();
      const Real lost = K_lost(i), offset = add_up(add_up(over_n.offset, K_least(i)), few.offset);
      for (Eigen::Index r = 0; r < rows; ++r) {
        const Real next = a[r] - step[r];
        const Real hidden = radius[r] * over_n.factor;
        const Real sum =
            Real(Real(sb_size(r) * lost) + Real(u * size_of(next))) + Real(hidden + ra[r]);
        const Real rad = Real(sum * few.factor) + offset;
        const bool known = size_of(next) <= huge && rad <= huge;
        step[r] = known ? next : Real(0);
        radius[r] = known ? rad : infinity;
      }
    }
    state.A.mid.middleRows(first, rows) = T;
    state.A.rad.middleRows(first, rows) = rT;
  }
}

#define ALIGNPROOF_RIGOROUS_STEP(Real)                                                          \
  template RigorousProblem<Real> rigorous_problem_from<Real>(const Instance&);                  \
  template BallState<Real> initial_balls<Real>(const Instance&);                                \
  template void rigorous_forward<Real>(const RigorousProblem<Real>&, const BallState<Real>&,    \
                                       RigorousForward<Real>&);                                 \
  template void rigorous_forward<Real>(const RigorousProblem<Real>&, const PseudoState<Real>&,  \
                                       RigorousForward<Real>&);                                 \
  template void rigorous_step<Real>(const RigorousProblem<Real>&, const RigorousForward<Real>&, \
                                    std::size_t, BallState<Real>&);                             \
  template StepResidual<Real> rigorous_step<Real>(const RigorousProblem<Real>&,                 \
                                                  const RigorousForward<Real>&, std::size_t,    \
                                                  PseudoState<Real>&);

ALIGNPROOF_RIGOROUS_STEP(double)
ALIGNPROOF_RIGOROUS_STEP(Mpfr)

}  // namespace alignproof::inline dynamics
