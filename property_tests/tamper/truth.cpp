// SPDX-License-Identifier: Apache-2.0
// Ground truth about a certificate, with 300 digits and plain loops.
#include "tamper/truth.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

#include "reference/activation_table.hpp"

namespace alignproof::truth {

namespace {

Number number(std::size_t k) {
  return Number(static_cast<double>(k));
}

Number square(const Number& x) {
  return x * x;
}

Number pi() {
  static const Number value = 4 * atan(Number(1));
  return value;
}

Number norm(const Numbers& x) {
  Number sum = 0;
  for (const Number& x_i : x) sum += square(x_i);
  return sqrt(sum);
}

double rounded(const Number& x) {
  return isnan(x) ? -1e300 : x.convert_to<double>();
}

/// left >= right, relative to `scale`.
double margin(const Number& left, const Number& right, const Number& scale) {
  if (!isfinite(left) || !isfinite(right) || !isfinite(scale)) return -1e300;
  const Number size = std::max(std::max(abs(left), abs(right)), abs(scale));
  return size == 0 ? 0 : rounded((left - right) / size);
}

double margin(const Number& left, const Number& right) {
  return margin(left, right, 0);
}

double flag(bool holds) {
  return holds ? 1 : -1;
}

}  // namespace

using reference::visit_truth;

Number psi(const Activation& activation, const Number& a) {
  return visit_truth<Number>(activation, [&]<class T>(T) { return T::template value<Number>(a); });
}

Number psi_prime(const Activation& activation, const Number& a) {
  return visit_truth<Number>(activation, [&]<class T>(T) { return T::template slope<Number>(a); });
}

Number largest_slope(const Activation& activation) {
  return visit_truth<Number>(activation,
                             []<class T>(T) { return T::template largest_slope<Number>(); });
}

Number largest_curvature(const Activation& activation) {
  return visit_truth<Number>(activation,
                             []<class T>(T) { return T::template largest_curvature<Number>(); });
}

namespace {

/// relu: psi' jumps at 0, so that no pre-activation may change its sign.
bool has_kink(const Activation& activation) {
  return visit_truth<bool>(activation, []<class T>(T) { return T::has_kink; });
}

/// psi''' at the multiples of 1/64 up to 8 by second differences of psi'.
Number third_derivative_on_grid(const Activation& activation) {
  if (has_kink(activation)) return 0;
  const Number h = pow(Number(10), -70);
  Number largest = 0;
  for (int k = -512; k <= 512; ++k) {
    const Number a = Number(k) / 64;
    const Number second = psi_prime(activation, Number(a + h)) - 2 * psi_prime(activation, a) +
                          psi_prime(activation, Number(a - h));
    largest = std::max(largest, Number(abs(second) / (h * h)));
  }
  return largest;
}

/// A form of Theorem A in which S bounds eta sum |e|.
bool is_sharp(ClosingForm form) {
  switch (form) {
    case ClosingForm::rate:
      return false;
    case ClosingForm::bootstrap:
    case ClosingForm::second_order_drift:
      return true;
  }
  throw std::logic_error("no such form");
}

bool has_linear_drift(ClosingForm form) {
  switch (form) {
    case ClosingForm::rate:
    case ClosingForm::bootstrap:
      return false;
    case ClosingForm::second_order_drift:
      return true;
  }
  throw std::logic_error("no such form");
}

bool starts_at_W(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::from_initialisation:
      return true;
    case CertificateKind::from_checkpoint:
      return false;
  }
  throw std::logic_error("no such kind of certificate");
}

/// The error returns through b, and not through beta.
bool through_b(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return true;
    case Rule::bp:
      return false;
  }
  throw std::logic_error("no such rule");
}

}  // namespace

Number largest_third_derivative(const Activation& activation) {
  static std::map<std::string, Number> known;
  const std::string name(activation.name());
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  return known.emplace(name, third_derivative_on_grid(activation)).first->second;
}

double penalty_at(const Penalty& penalty, std::size_t t) {
  if (t >= penalty.cut) return 0;
  switch (penalty.decay) {
    case Decay::constant:
      return penalty.lambda;
    case Decay::geometric: {
      double value = penalty.lambda, power = penalty.scale;
      for (std::size_t bits = t; bits != 0; bits /= 2) {
        if (bits % 2 == 1) value = value * power;
        power = power * power;
      }
      return value;
    }
    case Decay::inverse_square: {
      const double factor = 1 + static_cast<double>(t) / penalty.scale;
      return penalty.lambda / (factor * factor);
    }
  }
  throw std::logic_error("no such decay");
}

double norm(const std::vector<double>& x) {
  Number sum = 0;
  for (double x_i : x) sum += square(Number(x_i));
  return sqrt(sum).convert_to<double>();
}

Orbit::Orbit(const Start& start, const Shift& shift)
    : n(start.X.shape.at(0)),
      d(start.X.shape.at(1)),
      p(start.b.shape.at(0)),
      k(start.y.values.size() / n),
      fa(through_b(start.rule)),
      eta(start.eta),
      root_p(sqrt(number(p))),
      X(start.X.values.begin(), start.X.values.end()),
      W_moved(p * d),
      K(n * n),
      A(p * n),
      beta(p * k),
      e(n * k),
      activation_(start.activation) {
  // Runs that diverge pass the exponents that MPFR allows unless it is asked for more.
  mpfr_set_emin(mpfr_get_emin_min());
  mpfr_set_emax(mpfr_get_emax_max());
  const auto x = [&](std::size_t i, std::size_t l) { return X[i * d + l]; };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t l = 0; l < d; ++l) K[i * n + j] += x(i, l) * x(j, l);
  for (double y_ic : start.y.values) y.emplace_back(y_ic);
  for (std::size_t rc = 0; rc < p * k; ++rc) {
    b.emplace_back(start.b.values[rc]);
    beta[rc] = Number(start.beta.values[rc]) + (shift.beta.empty() ? 0 : shift.beta[rc]);
  }
  const bool initial = starts_at_W(start.kind);
  for (std::size_t r = 0; r < p; ++r)
    for (std::size_t i = 0; i < n; ++i) {
      Number& a = A[r * n + i];
      if (initial)
        for (std::size_t l = 0; l < d; ++l)
          a += (Number(start.W.values[r * d + l]) +
                (shift.first.empty() ? 0 : shift.first[r * d + l])) *
               x(i, l);
      else
        a = Number(start.A.values[r * n + i]) + (shift.first.empty() ? 0 : shift.first[r * n + i]);
    }
  forward();
}

void Orbit::forward() {
  for (std::size_t i = 0; i < n; ++i) {
    Numbers sum(k);
    for (std::size_t r = 0; r < p; ++r) {
      const Number value = psi(activation_, A[r * n + i]);
      for (std::size_t c = 0; c < k; ++c) sum[c] += value * beta[r * k + c];
    }
    for (std::size_t c = 0; c < k; ++c) e[i * k + c] = sum[c] / root_p - y[i * k + c];
  }
}

void Orbit::step(double lambda) {
  const Number rate = eta / root_p;
  for (std::size_t r = 0; r < p; ++r) {
    Numbers sent_back(n), gradient(k);
    for (std::size_t i = 0; i < n; ++i) {
      const Number value = psi(activation_, A[r * n + i]);
      for (std::size_t c = 0; c < k; ++c) {
        gradient[c] += value * e[i * k + c];
        sent_back[i] += (fa ? b : beta)[r * k + c] * e[i * k + c];
      }
      sent_back[i] *= psi_prime(activation_, A[r * n + i]);
    }
    for (std::size_t c = 0; c < k; ++c)
      beta[r * k + c] = (1 - eta * Number(lambda)) * beta[r * k + c] - rate * gradient[c];
    for (std::size_t i = 0; i < n; ++i) {
      Number change = 0;
      for (std::size_t j = 0; j < n; ++j) change += sent_back[j] * K[j * n + i];
      A[r * n + i] -= rate * change;
    }
    for (std::size_t l = 0; l < d; ++l)
      for (std::size_t i = 0; i < n; ++i) W_moved[r * d + l] -= rate * sent_back[i] * X[i * d + l];
  }
  forward();
}

Numbers eigenvalues(Numbers S, std::size_t n) {
  const auto at = [&](std::size_t i, std::size_t j) -> Number& { return S[i * n + j]; };
  const Number tiny = norm(S) * pow(Number(10), -320);
  for (int sweep = 0; sweep < 100; ++sweep) {
    Number outside = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) outside += square(at(i, j));
    if (!(sqrt(outside) > tiny)) break;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        if (at(i, j) == 0) continue;
        const Number theta = (at(j, j) - at(i, i)) / (2 * at(i, j));
        const Number t =
            (theta >= 0 ? Number(1) : Number(-1)) / (abs(theta) + sqrt(Number(square(theta) + 1)));
        const Number c = 1 / sqrt(Number(square(t) + 1)), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const Number x = at(i, k), z = at(j, k);
          at(i, k) = c * x - s * z;
          at(j, k) = s * x + c * z;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const Number x = at(k, i), z = at(k, j);
          at(k, i) = c * x - s * z;
          at(k, j) = s * x + c * z;
        }
      }
  }
  Numbers values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(at(i, i));
  std::sort(values.begin(), values.end());
  return values;
}

namespace {

Number row_norm(const Numbers& x, std::size_t r, std::size_t k) {
  Number sum = 0;
  for (std::size_t c = 0; c < k; ++c) sum += square(x[r * k + c]);
  return sqrt(sum);
}

void observe_rows(Run& run, const Orbit& orbit, const Numbers& beta0) {
  Numbers moved = orbit.beta;
  for (std::size_t rc = 0; rc < moved.size(); ++rc) moved[rc] -= beta0[rc];
  run.w_most.resize(orbit.p), run.beta_most.resize(orbit.p);
  run.w_last.clear(), run.beta_last.clear();
  for (std::size_t r = 0; r < orbit.p; ++r) {
    Number w2 = 0;
    for (std::size_t l = 0; l < orbit.d; ++l) w2 += square(orbit.W_moved[r * orbit.d + l]);
    run.w_last.push_back(sqrt(w2));
    run.beta_last.push_back(row_norm(moved, r, orbit.k));
    run.w_most[r] = std::max(run.w_most[r], run.w_last[r]);
    run.beta_most[r] = std::max(run.beta_most[r], run.beta_last[r]);
  }
}

void observe(Run& run, const Orbit& orbit, const Numbers& A0, const Numbers& beta0) {
  observe_rows(run, orbit, beta0);
  Number A2 = 0, beta2 = 0, along = 0;
  for (std::size_t k = 0; k < A0.size(); ++k) A2 += square(orbit.A[k] - A0[k]);
  for (std::size_t r = 0; r < beta0.size(); ++r) {
    beta2 += square(orbit.beta[r] - beta0[r]);
    along += orbit.b[r] * orbit.beta[r];
  }
  const Number sizes = norm(orbit.b) * norm(orbit.beta);
  run.error.push_back(norm(orbit.e));
  run.A_moved.push_back(sqrt(A2));
  run.beta_moved.push_back(sqrt(beta2));
  run.cosine.push_back(sizes == 0 ? Number(1) : Number(along / sizes));
}

/// M of any state, row by row.
Numbers error_matrix(const Orbit& orbit, const Numbers& A, const Numbers& beta,
                     const Activation& activation) {
  const std::size_t n = orbit.n, p = orbit.p;
  Numbers M(n * n);
  for (std::size_t r = 0; r < p; ++r)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const Number &a = A[r * n + i], &c = A[r * n + j];
        M[i * n + j] += (psi(activation, a) * psi(activation, c) +
                         orbit.K[i * n + j] * beta[r] * orbit.b[r] * psi_prime(activation, a) *
                             psi_prime(activation, c)) /
                        number(p);
      }
  return M;
}

/// The linear part of the drift in the direction e_k of sigma is the derivative of M along the
/// first step's direction: dA = -[psi' o (b e_k^T)] K / sqrt p, dbeta = -Psi e_k / sqrt p.
Number linear_drift_of(const Orbit& orbit, const Activation& activation) {
  const std::size_t n = orbit.n, p = orbit.p;
  const Number h = pow(Number(10), -70);
  Numbers T(n * n * n);
  for (std::size_t k = 0; k < n; ++k) {
    Numbers A = orbit.A, A_back = orbit.A, beta = orbit.beta, beta_back = orbit.beta;
    for (std::size_t r = 0; r < p; ++r) {
      const Number pull = orbit.b[r] * psi_prime(activation, orbit.A[r * n + k]) / orbit.root_p;
      const Number dbeta = psi(activation, orbit.A[r * n + k]) / orbit.root_p;
      beta[r] -= h * dbeta, beta_back[r] += h * dbeta;
      for (std::size_t i = 0; i < n; ++i) {
        A[r * n + i] -= h * pull * orbit.K[k * n + i];
        A_back[r * n + i] += h * pull * orbit.K[k * n + i];
      }
    }
    const Numbers ahead = error_matrix(orbit, A, beta, activation),
                  behind = error_matrix(orbit, A_back, beta_back, activation);
    for (std::size_t at = 0; at < n * n; ++at) T[at * n + k] = (ahead[at] - behind[at]) / (2 * h);
  }
  Numbers squared(n * n);
  for (std::size_t at = 0; at < n * n; ++at)
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t l = 0; l < n; ++l) squared[k * n + l] += T[at * n + k] * T[at * n + l];
  return sqrt(abs(eigenvalues(squared, n).back()));
}

/// The largest singular value of a square matrix.
Number spectral_norm(const Numbers& M, std::size_t n) {
  Numbers S(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t l = 0; l < n; ++l) S[i * n + j] += M[l * n + i] * M[l * n + j];
  return sqrt(std::max(Number(0), eigenvalues(S, n).back()));
}

/// The quantities of reports/docs/theorem_a.md, section 1, and of theorem_a_variants.md, section
/// 10: sums over units are the traces there.
void finish(Run& run, const Orbit& orbit, const Activation& activation) {
  const std::size_t n = orbit.n, p = orbit.p, k = orbit.k, nk = n * k;
  const Numbers& fed = orbit.fa ? orbit.b : orbit.beta;
  Numbers G(n * n), M(nk * nk), k_norm(n);
  Number k4 = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) k_norm[i] += square(orbit.K[i * n + j]);
    k4 += square(k_norm[i]);
    k_norm[i] = sqrt(k_norm[i]);
    run.kmax = std::max(run.kmax, k_norm[i]);
  }
  run.k_o_k = sqrt(k4);
  const bool kink = has_kink(activation);
  run.k_norm = k_norm;
  for (std::size_t r = 0; r < p; ++r) {
    const Number c_r = row_norm(fed, r, k), beta_r = row_norm(orbit.beta, r, k);
    Numbers value(n), slope(n);
    for (std::size_t i = 0; i < n; ++i) {
      value[i] = psi(activation, orbit.A[r * n + i]);
      slope[i] = psi_prime(activation, orbit.A[r * n + i]);
      if (kink) {
        run.size_a.push_back(abs(orbit.A[r * n + i]));
        run.reach.push_back(c_r * k_norm[i]);
      }
    }
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const Number g = value[i] * value[j] / number(p);
        const Number h = orbit.K[i * n + j] * slope[i] * slope[j] / number(p);
        G[i * n + j] += g;
        for (std::size_t row = 0; row < k; ++row)
          for (std::size_t col = 0; col < k; ++col)
            M[(i * k + row) * nk + j * k + col] +=
                (row == col ? g : Number(0)) + h * orbit.beta[r * k + row] * fed[r * k + col];
      }
    run.size_psi.push_back(norm(value));
    run.size_c.push_back(c_r);
    run.B2 += square(c_r) / number(p);
    run.B4 += square(square(c_r)) / number(p);
    run.Q += beta_r * square(c_r) / number(p);
    run.Q3 += beta_r * c_r * square(c_r) / number(p);
    run.c_max = std::max(run.c_max, c_r);
    for (std::size_t c = 0; c < k; ++c) run.b_beta += orbit.b[r * k + c] * orbit.beta[r * k + c];
  }
  run.b_norm = norm(orbit.b);
  run.beta_norm = norm(orbit.beta);
  run.E = norm(orbit.e);
  if (run.plain()) {
    const Numbers in_M = eigenvalues(M, n);
    run.M_min = in_M.front();
    run.M_max = in_M.back();
  } else {
    run.M_max = spectral_norm(M, nk);
    for (std::size_t i = 0; i < nk; ++i)
      for (std::size_t j = 0; j < nk; ++j)
        M[i * nk + j] = (i == j ? Number(1) : Number(0)) - orbit.eta * M[i * nk + j];
    run.M_min = (1 - spectral_norm(M, nk)) / orbit.eta;
  }
  run.G_max = eigenvalues(G, n).back();
  run.K_norm = eigenvalues(orbit.K, n).back();
  run.beta = orbit.beta;
  if (run.plain()) run.linear_drift = linear_drift_of(orbit, activation);
  run.L3 = largest_third_derivative(activation);
}

}  // namespace

Run run(const Start& start, const Shift& shift, std::size_t T, bool with_penalty) {
  Orbit orbit(start, shift);
  const Numbers A0 = orbit.A, beta0 = orbit.beta;
  Run run;
  run.n = orbit.n;
  run.p = orbit.p;
  run.k = orbit.k;
  run.fa = orbit.fa;
  run.eta = orbit.eta;
  run.root_p = orbit.root_p;
  run.L1 = largest_slope(start.activation);
  run.L2 = largest_curvature(start.activation);
  run.K = orbit.K;
  observe(run, orbit, A0, beta0);
  for (std::size_t t = 0; t < T; ++t) {
    orbit.step(with_penalty ? penalty_at(start.penalty, t) : 0);
    observe(run, orbit, A0, beta0);
  }
  finish(run, orbit, start.activation);
  return run;
}

namespace {

/// Backpropagation: (A.40) to (A.44).
void drift_of_bp(Consequence& c, const Run& x, const Number& K, const Number& root_G) {
  const Number &L1 = x.L1, &L2 = x.L2, &root_p = x.root_p, s0 = sqrt(x.B2),
               root_B4p = sqrt(x.B4) / root_p;
  const Number reach = L1 * L1 * K * c.R / root_p;
  c.share = reach * c.R / root_p;
  const Number rho = c.R * (root_G + reach * s0) / (1 - c.share), rho_p = rho / root_p;
  const Number sbar = s0 + rho_p, q = reach * sbar, h2 = 2 * L1 * L1 * L2 * x.kmax * K / root_p;
  c.beta_displacement = rho;
  c.dG = 2 * root_G * q + q * q;
  c.dH = L1 * L1 * K * (2 * s0 * rho_p + rho_p * rho_p) + h2 * c.R * (x.Q + root_B4p * rho);
  const Number Qbar = x.Q + 3 * root_B4p * rho + (3 * x.c_max + rho) * rho_p * rho_p;
  c.Cv = L1 * L1 * (sbar * (root_G + q) * K + L2 * Qbar * x.k_o_k / 2) / root_p;
  c.A_displacement = root_p * q / L1;
}

/// The cosine of every beta within `beta_displacement` of that at the checkpoint.
void bound_cosine(Consequence& c, const Run& x) {
  const Number &rho = c.beta_displacement, &N = x.beta_norm;
  if (!(x.b_norm > 0 && rho < N)) return;
  const Number low = x.b_beta / x.b_norm - rho, high = x.b_beta / x.b_norm + rho;
  c.cos_min = std::max(Number(-1), Number(low / (low >= 0 ? N + rho : N - rho)));
  c.cos_max = std::min(Number(1), Number(high / (high >= 0 ? N - rho : N + rho)));
}

/// The bounds of a sharp form at one S.
struct At {
  Number D, Cv, rho;
};

At bounds_at(const Run& x, const Leg& leg, const Number& S) {
  const Number L11 = x.L1 * x.L1, K = leg.witness.K_norm, g = sqrt(Number(leg.witness.G_max));
  const Number p = x.root_p * x.root_p, q = L11 * sqrt(x.B2) * K * S / x.root_p;
  At at;
  at.rho = S * (g + q / 2);
  at.Cv = L11 * sqrt(x.B2) * K / x.root_p * (g + q) +
          L11 * x.L2 * x.k_o_k / (2 * x.root_p) * (x.Q + sqrt(Number(x.B4 / p)) * at.rho);
  if (!has_linear_drift(leg.form)) {
    at.D = 2 * g * q + L11 * sqrt(x.B2) * K / x.root_p * at.rho +
           2 * L11 * x.L2 * x.kmax * K * x.Q * S / x.root_p;
    return at;
  }
  const Number s4 = sqrt(x.B4), S2p = S * S / p;
  const Number w = L11 * x.L2 * s4 * g * (x.kmax * K + x.k_o_k) + L11 * L11 * x.B2 * K * K / 2 +
                   L11 * K * x.kmax * x.kmax * (2 * x.L2 * x.L2 + x.L1 * x.L3) * x.Q3;
  // What moves both beta and D goes with rho, which has a term in S of its own.
  at.D = leg.linear_drift * S + w * S2p + 2 * L11 * x.L2 * K * x.kmax * s4 * at.rho * S / p;
  return at;
}

}  // namespace

SharpConsequence sharp_consequence(const Run& x, const Leg& leg) {
  const Number S = leg.S, M_min = leg.witness.M_min;
  const auto mu = [&](const Number& s) {
    const At at = bounds_at(x, leg, s);
    return Number(M_min - at.D - x.eta * at.Cv * x.E);
  };
  SharpConsequence c;
  c.R = S;
  c.mu = mu(S);
  // Simpson's rule, which is exact for cubic polynomials.
  c.budget = S / 6 * (mu(0) + 4 * mu(Number(S / 2)) + c.mu);
  c.rise = square(Number(x.L1 * x.L1 * sqrt(x.B2) * leg.witness.K_norm * S / x.root_p));
  c.beta_displacement = bounds_at(x, leg, S).rho;
  c.A_displacement = x.L1 * sqrt(x.B2) * leg.witness.K_norm * S;
  bound_cosine(c, x);
  return c;
}

Consequence consequence(const Run& x, const Leg& leg) {
  if (is_sharp(leg.form)) return sharp_consequence(x, leg);
  return theorem_a(x, leg.witness, leg.statement.alpha);
}

Consequence theorem_a(const Run& x, const SpectralWitness& w, double alpha, double share) {
  const Number &L1 = x.L1, &L2 = x.L2;
  const Number K = w.K_norm, root_B2 = sqrt(x.B2), root_G = sqrt(Number(w.G_max));
  Consequence c;
  c.R = x.E / alpha;
  if (x.fa) {
    const Number q = L1 * L1 * root_B2 * K * c.R / x.root_p, root_gbar = root_G + q;
    c.beta_displacement = c.R * (root_G + share * q);
    c.dG = 2 * root_G * q + q * q;
    c.dH = L1 * L1 * K * root_B2 * c.beta_displacement / x.root_p +
           2 * L1 * L1 * L2 * x.Q * x.kmax * K * c.R / x.root_p;
    const Number Qbar = x.Q + sqrt(x.B4) / x.root_p * c.beta_displacement;
    c.Cv = (L1 * L1 * root_B2 * root_gbar * K + L1 * L1 * L2 * Qbar * x.k_o_k / 2) / x.root_p;
    c.A_displacement = L1 * root_B2 * K * c.R;
  } else {
    drift_of_bp(c, x, K, root_G);
  }
  bound_cosine(c, x);
  return c;
}

// ---- gamma ----

namespace {

using Digits45 = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<45, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

/// E psi(s Z) psi(u Z + v Z') for independent normal Z, Z', by the trapezoidal rule.
template <class T>
std::optional<Digits45> gaussian_mean(double widest, const Digits45& s, const Digits45& u,
                                      const Digits45& v) {
  // psi(widest z) is analytic for |Im z| < strip; the error of the rule is about
  // e^{strip^2 / 2 - 2 pi strip / h}, and that of cutting at |z| = cut about e^{-cut^2 / 2}.
  const auto [pole, growth] = T::strip(widest);
  const auto psi45 = [](const Digits45& a) { return T::template value<Digits45>(a); };
  const double strip = std::min(2.0, pole / widest), wanted = 74, cut = 12.5;
  const double h = 2 * 3.1415 * strip / (wanted + strip * strip * growth);
  const long nodes = std::lround(std::ceil(cut / h));
  if (nodes > 700) return std::nullopt;
  const auto size = static_cast<std::size_t>(2 * nodes + 1);
  std::vector<Digits45> z(size), weight(size);
  Digits45 total = 0;
  for (std::size_t k = 0; k < size; ++k) {
    z[k] = Digits45(h) * Digits45(static_cast<double>(static_cast<long>(k) - nodes));
    weight[k] = exp(Digits45(-z[k] * z[k] / 2));
    total += weight[k];  // sqrt(2 pi) / h, by the same rule
  }
  Digits45 sum = 0;
  for (std::size_t k = 0; k < size; ++k) {
    const Digits45 first = psi45(s * z[k]);
    if (v == 0) {
      sum += weight[k] * first * psi45(u * z[k]);
      continue;
    }
    Digits45 inner = 0;
    for (std::size_t l = 0; l < size; ++l)
      if (weight[k] * weight[l] > 1e-34) inner += weight[l] * psi45(u * z[k] + v * z[l]);
    sum += weight[k] * first * inner / total;
  }
  return Digits45(sum / total);
}

}  // namespace

namespace {

template <class T>
std::optional<Numbers> kernel_by_rule(const Numbers& K, std::size_t n) {
  Numbers G(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const Number s = sqrt(K[i * n + i]), u = s == 0 ? Number(0) : Number(K[i * n + j] / s);
      const Number rest = K[j * n + j] - u * u;
      const Number v = i == j || !(rest > 0) ? Number(0) : Number(sqrt(rest));
      const double widest = std::max(
          {s.convert_to<double>(), std::abs(u.convert_to<double>()), v.convert_to<double>(), 0.1});
      const std::optional<Digits45> mean =
          gaussian_mean<T>(widest, Digits45(s), Digits45(u), Digits45(v));
      if (!mean || isnan(*mean)) return std::nullopt;
      G[i * n + j] = G[j * n + i] = Number(*mean);
    }
  return G;
}

}  // namespace

std::optional<Number> gamma_by_rule(const Activation& activation, const Numbers& K, std::size_t n) {
  return visit_truth<std::optional<Number>>(activation, [&]<class T>(T) -> std::optional<Number> {
    if constexpr (reference::truth_parts::HasRule<T>)
      if (const std::optional<Numbers> G = kernel_by_rule<T>(K, n))
        return eigenvalues(*G, n).front();
    return std::nullopt;
  });
}

namespace {

using Kernel = std::function<Number(const Number& xx, const Number& xz, const Number& zz)>;

Numbers entrywise(const Numbers& K, std::size_t n, const Kernel& kernel) {
  Numbers G(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      G[i * n + j] = kernel(K[i * n + i], K[i * n + j], K[j * n + j]);
  return G;
}

/// The angle between x and z.
Number angle(const Number& xx, const Number& xz, const Number& zz) {
  const Number area = xx * zz - xz * xz;  // (|x||z| sin th)^2
  return atan2(area > 0 ? Number(sqrt(area)) : Number(0), xz);
}

/// tanh(s z) is the sign of z but for |z| of order 1/s: E sign sign = 1 - 2 th / pi.
template <class T>
LimitKernel saturated(const Numbers& K, std::size_t n, const Number& smallest) {
  return {
      entrywise(K, n,
                [&](const Number& xx, const Number& xz, const Number& zz) {
                  return T::template saturated<Number>(Number(1 - 2 * angle(xx, xz, zz) / pi()));
                }),
      8 * number(n) / smallest};
}

template <class T>
std::optional<LimitKernel> bounded(const Numbers& K, std::size_t n) {
  Number smallest = sqrt(K[0]);
  for (std::size_t i = 0; i < n; ++i) smallest = std::min(smallest, Number(sqrt(K[i * n + i])));
  if constexpr (requires(const Number& x) { T::template saturated<Number>(x); })
    if (smallest > 1e9) return saturated<T>(K, n, smallest);
  std::optional<Numbers> G = kernel_by_rule<T>(K, n);
  if (!G) return std::nullopt;
  return LimitKernel{std::move(*G), pow(Number(10), -30)};
}

}  // namespace

std::optional<LimitKernel> limit_kernel(const Activation& activation, const Numbers& K,
                                        std::size_t n) {
  const Number rounding = pow(Number(10), -280);
  return visit_truth<std::optional<LimitKernel>>(
      activation, [&]<class T>(T) -> std::optional<LimitKernel> {
        if constexpr (reference::truth_parts::HasKernel<T>)
          return LimitKernel{entrywise(K, n, &T::template kernel<Number>), rounding};
        else if constexpr (reference::truth_parts::HasRule<T>)
          return bounded<T>(K, n);
        else
          return std::nullopt;
      });
}

std::optional<Gamma> gamma(const Activation& activation, const Numbers& K, std::size_t n) {
  const std::optional<LimitKernel> kernel = limit_kernel(activation, K, n);
  if (!kernel) return std::nullopt;
  return Gamma{eigenvalues(kernel->G, n).front(), kernel->error};
}

// ---- conditions ----

const Condition& Verdict::worst() const {
  return *std::min_element(
      conditions.begin(), conditions.end(),
      [](const Condition& a, const Condition& b) { return a.margin < b.margin; });
}

struct Judge::Memory {
  std::map<std::string, Run> runs;
  std::map<std::string, std::optional<Gamma>> gammas;

  const Run& run_of(const Start& start, const Shift& shift, std::size_t T, bool with_penalty);
  const std::optional<Gamma>& gamma_of(Activation activation, const Run& run);
};

namespace {

void append(std::string& key, const std::vector<double>& values) {
  const std::size_t size = values.size();
  key.append(reinterpret_cast<const char*>(&size), sizeof size);
  key.append(reinterpret_cast<const char*>(values.data()), size * sizeof(double));
}

bool near_zero_penalty(const Penalty& penalty, std::size_t T) {
  // lambda(t) = 0 for t >= T, looked at where doubles may overflow as well.
  for (std::size_t t = T; t < T + 64; ++t)
    if (penalty_at(penalty, t) != 0) return false;
  for (std::size_t t = 64; t < (std::size_t{1} << 62); t *= 2)
    if (t >= T && penalty_at(penalty, t) != 0) return false;
  return true;
}

using Add = std::function<void(const char*, double)>;

void check_premises(const Add& add, const Run& x, const Leg& leg, const Consequence& c) {
  const Number remainder = x.eta * c.Cv * x.E, alpha = leg.statement.alpha;
  const Number M_min = leg.witness.M_min, M_max = leg.witness.M_max;
  add("decay",
      margin(M_min - c.dG - c.dH - remainder, alpha, abs(M_min) + c.dG + c.dH + remainder + alpha));
  // With k outputs, and for backpropagation, |I - eta M| bounds both ends of the spectrum.
  if (x.plain())
    add("step", margin(2 - x.eta * alpha - x.eta * remainder, x.eta * (M_max + c.dG + c.dH),
                       2 + x.eta * (alpha + remainder + abs(M_max) + c.dG + c.dH)));
}

SharpConsequence check_sharp_premises(const Add& add, const Run& x, const Leg& leg) {
  const Number alpha = leg.statement.alpha, M_min = leg.witness.M_min, M_max = leg.witness.M_max;
  const SharpConsequence c = sharp_consequence(x, leg);
  add("S > 0", flag(leg.S > 0));
  if (has_linear_drift(leg.form)) {
    add("linear_drift", margin(leg.linear_drift, x.linear_drift));
  }
  add("mu(S)", margin(c.mu, alpha, abs(M_min)));
  add("budget", margin(c.budget, x.E, abs(M_min) * abs(c.R)));
  add("step", margin(2, x.eta * (M_min + M_max + c.rise)));
  return c;
}

void check_leg(std::vector<Condition>& out, const std::string& name, const Run& x,
               Activation activation, const Leg& leg, double share) {
  const SpectralWitness& w = leg.witness;
  const Statement& s = leg.statement;
  const auto add = [&](const char* what, double m) { out.push_back({name + what, m}); };
  add(x.plain() ? "M - M_min I > 0" : "|I - eta M| < 1 - eta M_min",
      margin(x.M_min, w.M_min, x.M_max));
  add("M_max I - M > 0", margin(w.M_max, x.M_max, x.M_min));
  add("G_max I - G > 0", margin(w.G_max, x.G_max));
  add("K_norm I - K > 0", margin(w.K_norm, x.K_norm));
  // Of a witness that is none nothing follows, and the root of a negative number is none.
  if (w.G_max < 0 || w.K_norm < 0) return;
  if (!x.plain()) {
    add("M_min > 0", flag(w.M_min > 0));
    add("M_max > 0", flag(w.M_max > 0));
    add("eta M_min <= 1", margin(1, x.eta * w.M_min));
    if (w.M_min <= 0) return;
  }
  Consequence c;
  if (is_sharp(leg.form)) {
    c = check_sharp_premises(add, x, leg);
  } else {
    c = theorem_a(x, w, s.alpha, share);
    check_premises(add, x, leg, c);
  }
  if (!x.fa) add("share of backpropagation", margin(1, c.share));
  if (has_kink(activation))
    for (std::size_t k = 0; k < x.size_a.size(); ++k) {
      Number reach = x.reach[k];
      if (!x.fa) {  // (A.45)
        const std::size_t r = k / x.n;
        const Number grown =
            c.R / x.root_p * (x.size_psi[r] + w.K_norm * c.R / x.root_p * x.size_c[r]);
        reach += grown / (1 - c.share) * x.k_norm[k % x.n];
      }
      const double m = margin(x.size_a[k], reach * x.L1 * c.R / x.root_p);
      add("signs", x.size_a[k] == 0 ? -1 : m);
    }
  add("error", margin(s.error, x.E));
  add("beta displacement", margin(s.beta_displacement, c.beta_displacement));
  add("A displacement", margin(s.A_displacement, c.A_displacement));
  add("cos_min", s.cos_min <= -1 ? 1 : margin(c.cos_min, s.cos_min));
  add("cos_max", s.cos_max >= 1 ? 1 : margin(s.cos_max, c.cos_max));
}

/// The least margin over all steps.
class Least {
 public:
  void take(double m) { value_ = std::min(value_, m); }
  double value() const { return value_; }

 private:
  double value_ = 1;
};

/// The claims of reports/docs/certificates.md, where S >= eta sum |e(t)| over t >= T.
void check_rows(std::vector<Condition>& out, const Run& x, const RunCertificate& c,
                const Number& S) {
  const RowClaim& claim = *c.whole_run.rows;
  const Number K_norm = c.leg.witness.K_norm, S_p = S / x.root_p;
  Least w, beta;
  Number largest_w = 0, largest_beta = 0;
  for (std::size_t r = 0; r < x.p; ++r) {
    // Through beta the error returns wherever that still goes.
    const Number sent = x.size_c[r] + (x.fa ? 0 : c.leg.statement.beta_displacement);
    const Number w_later = x.w_last[r] + sent * x.L1 * sqrt(K_norm) * S_p;
    const Number beta_later =
        x.beta_last[r] + S_p * (x.size_psi[r] + x.L1 * x.L1 * sent * K_norm * S_p / 2);
    w.take(margin(claim.bounds(r, 0), std::max(x.w_most[r], w_later)));
    beta.take(margin(claim.bounds(r, 1), std::max(x.beta_most[r], beta_later)));
    largest_w = std::max(largest_w, Number(claim.bounds(r, 0)));
    largest_beta = std::max(largest_beta, Number(claim.bounds(r, 1)));
  }
  out.push_back({"rows of W", w.value()});
  out.push_back({"rows of beta", beta.value()});
  if (!claim.published || !c.whole_run.decay) return;
  const Number gamma_max = c.whole_run.decay->gamma_max, size = number(x.n);
  out.push_back({"c1", margin(claim.published->c1 * size * sqrt(log(number(x.p))),
                              gamma_max * x.root_p * largest_w)});
  out.push_back({"c2", margin(claim.published->c2 * size, gamma_max * x.root_p * largest_beta)});
}

void check_limit(std::vector<Condition>& out, const Run& x, const RunCertificate& c) {
  Numbers difference;
  for (std::size_t r = 0; r < x.beta.size(); ++r)
    difference.push_back(x.beta[r] - c.whole_run.limit->centre.values[r]);
  out.push_back({"limit", margin(c.whole_run.limit->distance,
                                 norm(difference) + c.leg.statement.beta_displacement)});
}

void check_time(std::vector<Condition>& out, const Run& x, const Leg& leg, const TimeClaim& claim) {
  const std::size_t T = leg.checkpoint;
  const Number threshold = claim.threshold;
  Least above, below;
  for (std::size_t t = 0; t <= T; ++t) {
    if (t < claim.lower) above.take(margin(x.error[t], threshold));
    if (t >= claim.upper) below.take(margin(threshold, x.error[t]));
  }
  if (claim.upper > T) {
    const Number rate = 1 - x.eta * Number(leg.statement.alpha);
    below.take(margin(threshold, pow(rate, number(claim.upper - T)) * Number(leg.statement.error)));
  }
  out.push_back({"time: above before", above.value()});
  out.push_back({"time: below from then on", below.value()});
  out.push_back({"time: lower <= T + 1", flag(claim.lower <= T + 1)});
}

}  // namespace

const Run& Judge::Memory::run_of(const Start& start, const Shift& shift, std::size_t T,
                                 bool with_penalty) {
  std::string key;
  for (const Array* x : {&start.X, &start.y, &start.b, &start.W, &start.A, &start.beta})
    append(key, x->values);
  append(key, shift.first);
  append(key, shift.beta);
  const Penalty& penalty = start.penalty;
  key += start.activation.name();
  append(key, {start.eta, static_cast<double>(T), static_cast<double>(start.kind),
               with_penalty ? penalty.lambda : 0, penalty.scale, static_cast<double>(penalty.decay),
               static_cast<double>(penalty.cut), static_cast<double>(start.rule),
               static_cast<double>(start.k())});
  const auto found = runs.find(key);
  if (found != runs.end()) return found->second;
  if (runs.size() > 400) runs.clear();
  return runs.emplace(key, run(start, shift, T, with_penalty)).first->second;
}

const std::optional<Gamma>& Judge::Memory::gamma_of(Activation activation, const Run& run) {
  std::string key = std::string(activation.name()) + " ";
  for (const Number& entry : run.K) key += entry.str(40) + " ";
  const auto found = gammas.find(key);
  if (found != gammas.end()) return found->second;
  return gammas.emplace(key, gamma(activation, run.K, run.n)).first->second;
}

Judge::Judge(double share) : share_(share), memory_(std::make_unique<Memory>()) {}
Judge::~Judge() = default;

Verdict Judge::judge(const RunCertificate& c, const Shift& shift, bool all) {
  const Start& start = c.start;
  const WholeRun& claim = c.whole_run;
  const std::size_t T = c.leg.checkpoint;
  Verdict verdict;
  std::vector<Condition>& out = verdict.conditions;
  const auto add = [&](const char* what, double m) { out.push_back({what, m}); };
  add("eta > 0", flag(start.eta > 0));
  add("alpha > 0", flag(c.leg.statement.alpha > 0));
  add("radius >= 0", flag(c.radius >= 0));
  add("penalty cut by T", flag(start.penalty.lambda == 0 || start.penalty.cut <= T));
  add("lambda(t) = 0 from T on", flag(near_zero_penalty(start.penalty, T)));
  if (claim.alignment)
    add("alpha of the twin > 0", flag(claim.alignment->twin.statement.alpha > 0));
  if (verdict.fails()) return verdict;

  const Run& x = memory_->run_of(start, shift, T, true);
  check_leg(out, "", x, start.activation, c.leg, share_);
  if (!starts_at_W(start.kind)) return verdict;

  Least above, below, beta_moved, A_moved;
  for (std::size_t t = 0; t <= T; ++t) {
    above.take(margin(claim.errors(t, 1), x.error[t]));
    below.take(claim.errors(t, 0) <= 0 ? 1 : margin(x.error[t], claim.errors(t, 0)));
    beta_moved.take(margin(claim.beta_displacement, x.beta_moved[t]));
    A_moved.take(margin(claim.A_displacement, x.A_moved[t]));
  }
  add("errors above", above.value());
  add("errors below", below.value());
  const Statement& s = c.leg.statement;
  beta_moved.take(margin(claim.beta_displacement, x.beta_moved[T] + s.beta_displacement));
  A_moved.take(margin(claim.A_displacement, x.A_moved[T] + s.A_displacement));
  add("beta displacement of the whole run", beta_moved.value());
  add("A displacement of the whole run", A_moved.value());
  if (claim.rows) check_rows(out, x, c, consequence(x, c.leg).R);
  if (claim.limit) check_limit(out, x, c);
  for (const TimeClaim& time : claim.times) check_time(out, x, c.leg, time);
  if (claim.no_alignment) {
    const Number level = claim.no_alignment->kappa / x.root_p;
    Least least;
    for (const Number& cosine : x.cosine) least.take(margin(level, abs(cosine)));
    for (double cosine : {s.cos_min, s.cos_max}) least.take(margin(level, std::abs(cosine)));
    add("T2", least.value());
    // At a level of 1 or more nothing is claimed.
    add("T2: kappa < sqrt p", level < 1 ? margin(1, level) : -1);
    add("T2: b is not 0", flag(x.b_norm > 0));
  }
  if (claim.alignment) {
    const Leg& twin = claim.alignment->twin;
    const Run& z = memory_->run_of(start, shift, twin.checkpoint, false);
    check_leg(out, "twin: ", z, start.activation, twin, share_);
    Least least;
    for (const Number& cosine : z.cosine) least.take(margin(twin.statement.cos_max, cosine));
    add("twin: cosine up to its checkpoint", least.value());
    add("margin > 0", flag(claim.alignment->margin > 0));
    add("T3", margin(s.cos_min, Number(twin.statement.cos_max) + claim.alignment->margin));
  }
  if (claim.decay) {
    const double gamma_min = claim.decay->gamma_min, gamma_max = claim.decay->gamma_max;
    Least least;
    const Number factor = 1 - x.eta * gamma_max / 4;
    for (std::size_t t = 0; t < T; ++t) least.take(margin(factor * x.error[t], x.error[t + 1]));
    add("T1 ratio", least.value());
    add("alpha >= gamma_max / 4", margin(s.alpha, Number(gamma_max) / 4));
    add("gamma_min > 0", flag(gamma_min > 0));
    if (all || !verdict.fails()) {
      const std::optional<Gamma>& gamma = memory_->gamma_of(start.activation, x);
      // What its error leaves open counts as near the boundary.
      const auto beyond_error = [&](int sign, const auto& at) {
        if (!gamma) return 0.0;
        const double low = at(Number(gamma->value - sign * gamma->error)),
                     high = at(Number(gamma->value + sign * gamma->error));
        return low > 0 ? low : std::min(high, 0.0);
      };
      add("gamma >= gamma_min",
          beyond_error(1, [&](const Number& g) { return margin(g, gamma_min); }));
      add("gamma_max >= gamma",
          beyond_error(-1, [&](const Number& g) { return margin(gamma_max, g); }));
    }
  }
  return verdict;
}

Verdict Judge::follow(const RunCertificate& c, const Shift& shift, std::size_t steps) {
  const Start& start = c.start;
  const Statement& s = c.leg.statement;
  Orbit orbit(start, shift);
  const Numbers A_start = orbit.A, beta_start = orbit.beta;
  const std::size_t T = c.leg.checkpoint;
  for (std::size_t t = 0; t < T; ++t) orbit.step(penalty_at(start.penalty, t));
  const Numbers A_T = orbit.A, beta_T = orbit.beta;
  const Number E = norm(orbit.e);
  Number envelope = E, previous = E;
  const auto distance = [](const Numbers& x, const Numbers& z) {
    Numbers difference;
    for (std::size_t k = 0; k < x.size(); ++k) difference.push_back(x[k] - z[k]);
    return norm(difference);
  };
  // 300 digits have a floor too.
  const Number floor = pow(Number(10), -280) * (1 + E + norm(orbit.y));
  Least decay, beta_moved, A_moved, cos_min, cos_max, whole_beta, whole_A, T1, T2;
  Least rows, limit, times;
  for (std::size_t k = 0;; ++k) {
    const Number error = norm(orbit.e);
    decay.take(margin(envelope + floor, error));
    beta_moved.take(margin(s.beta_displacement, distance(orbit.beta, beta_T)));
    A_moved.take(margin(s.A_displacement, distance(orbit.A, A_T)));
    Number along = 0;
    for (std::size_t r = 0; r < orbit.b.size(); ++r) along += orbit.b[r] * orbit.beta[r];
    const Number sizes = norm(orbit.b) * norm(orbit.beta);
    if (sizes > 0) {
      cos_min.take(margin(along / sizes, s.cos_min));
      cos_max.take(margin(s.cos_max, along / sizes));
      if (c.whole_run.no_alignment)
        T2.take(margin(c.whole_run.no_alignment->kappa / orbit.root_p, abs(along) / sizes));
    }
    if (c.whole_run.rows)
      for (std::size_t r = 0; r < orbit.p; ++r) {
        Number w2 = 0;
        for (std::size_t l = 0; l < orbit.d; ++l) w2 += square(orbit.W_moved[r * orbit.d + l]);
        const Array& bounds = c.whole_run.rows->bounds;
        rows.take(margin(bounds(r, 0), sqrt(w2)));
        Number beta2 = 0;
        for (std::size_t o = r * orbit.k; o < (r + 1) * orbit.k; ++o)
          beta2 += square(orbit.beta[o] - beta_start[o]);
        rows.take(margin(bounds(r, 1), sqrt(beta2)));
      }
    if (c.whole_run.limit) {
      // What beta has still to go is at most |Psi| / sqrt p, which is at most twice rho / S, times
      // the sum of eta |e|, which falls like the error.
      const auto& centre = c.whole_run.limit->centre.values;
      limit.take(
          margin(Number(c.whole_run.limit->distance) +
                     2 * Number(s.beta_displacement) * pow(1 - orbit.eta * s.alpha, number(k)),
                 distance(orbit.beta, Numbers(centre.begin(), centre.end()))));
    }
    for (const TimeClaim& time : c.whole_run.times) {
      if (T + k < time.lower) times.take(margin(error, time.threshold));
      if (T + k >= time.upper) times.take(margin(time.threshold + floor, error));
    }
    if (starts_at_W(start.kind)) {
      whole_beta.take(margin(c.whole_run.beta_displacement, distance(orbit.beta, beta_start)));
      whole_A.take(margin(c.whole_run.A_displacement, distance(orbit.A, A_start)));
      if (c.whole_run.decay && k > 0)
        T1.take(
            margin((1 - orbit.eta * c.whole_run.decay->gamma_max / 4) * previous + floor, error));
    }
    if (k == steps) break;
    previous = error;
    envelope *= 1 - orbit.eta * s.alpha;
    orbit.step(0);
  }
  return {{{"later: decay", decay.value()},
           {"later: beta displacement", beta_moved.value()},
           {"later: A displacement", A_moved.value()},
           {"later: cos_min", cos_min.value()},
           {"later: cos_max", cos_max.value()},
           {"later: beta displacement of the whole run", whole_beta.value()},
           {"later: A displacement of the whole run", whole_A.value()},
           {"later: rows", rows.value()},
           {"later: limit", limit.value()},
           {"later: times", times.value()},
           {"later: T1", T1.value()},
           {"later: T2", T2.value()}}};
}

}  // namespace alignproof::truth
