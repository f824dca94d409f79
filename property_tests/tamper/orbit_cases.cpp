// SPDX-License-Identifier: Apache-2.0
// Theorem B put to the test: exact orbits against the radii of the checker's orbit. One unit: the
// cases, their ratios and the climb from case to case all follow one orbit in one way.
#include "tamper/orbit_cases.hpp"

#include <algorithm>
#include <cmath>

#include <arb_mat.h>
#include <fmt/format.h>

#include <boost/math/special_functions/erf.hpp>

#include <alignproof/network/activation_properties.hpp>

#include "check/ball.hpp"
#include "check/orbit.hpp"
#include "check/orbit_outputs.hpp"
#include "reference/activation_table.hpp"
#include "tamper/draws.hpp"

namespace alignproof::tamper {

using truth::Number;
using truth::Numbers;
using truth::Shift;

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

std::size_t whole(Random& random, std::size_t low, std::size_t high) {
  return std::uniform_int_distribution<std::size_t>(low, high)(random);
}

namespace {

// ---- the dynamics in doubles, to climb quickly ----

double psi(const Activation& activation, double a) {
  return reference::visit_truth<double>(activation,
                                        [&]<class T>(T) { return T::template value<double>(a); });
}

double psi_prime(const Activation& activation, double a) {
  return reference::visit_truth<double>(activation,
                                        [&]<class T>(T) { return T::template slope<double>(a); });
}

bool through_b(const Start& s) {
  switch (s.rule) {
    case Rule::fa:
      return true;
    case Rule::bp:
      return false;
  }
  throw std::logic_error("no such rule");
}

struct Quick {
  std::size_t n, p, k;
  std::vector<double> K, A, beta, e;

  Quick(const Start& s, const Shift& shift)
      : n(s.X.rows()),
        p(s.b.rows()),
        k(s.b.cols()),
        K(n * n),
        A(p * n),
        beta(s.beta.values),
        e(n * k) {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t l = 0; l < s.X.cols(); ++l) K[i * n + j] += s.X(i, l) * s.X(j, l);
    if (!shift.beta.empty())
      for (std::size_t rc = 0; rc < p * k; ++rc) beta[rc] += shift.beta[rc];
    for (std::size_t r = 0; r < p; ++r) {
      for (std::size_t i = 0; i < n; ++i) {
        if (s.kind == CertificateKind::from_checkpoint) {
          A[r * n + i] = s.A(r, i) + (shift.first.empty() ? 0 : shift.first[r * n + i]);
          continue;
        }
        for (std::size_t l = 0; l < s.X.cols(); ++l)
          A[r * n + i] +=
              (s.W(r, l) + (shift.first.empty() ? 0 : shift.first[r * s.X.cols() + l])) * s.X(i, l);
      }
    }
    forward(s);
  }

  void forward(const Start& s) {
    std::fill(e.begin(), e.end(), 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t r = 0; r < p; ++r) {
        const double value = psi(s.activation, A[r * n + i]);
        for (std::size_t c = 0; c < k; ++c) e[i * k + c] += value * beta[r * k + c];
      }
      for (std::size_t c = 0; c < k; ++c)
        e[i * k + c] = e[i * k + c] / std::sqrt(double(p)) - s.y.values[i * k + c];
    }
  }

  /// sum_c x_rc e_ic
  double returned(const std::vector<double>& x, std::size_t r, std::size_t i) const {
    double sum = 0;
    for (std::size_t c = 0; c < k; ++c) sum += x[r * k + c] * e[i * k + c];
    return sum;
  }

  void step(const Start& s, double lambda) {
    const double rate = s.eta / std::sqrt(double(p));
    const bool fa = through_b(s);
    for (std::size_t r = 0; r < p; ++r) {
      std::vector<double> back(n), gradient(k);
      for (std::size_t i = 0; i < n; ++i) {
        const double value = psi(s.activation, A[r * n + i]);
        for (std::size_t c = 0; c < k; ++c) gradient[c] += value * e[i * k + c];
        back[i] = returned(fa ? s.b.values : beta, r, i) * psi_prime(s.activation, A[r * n + i]);
      }
      for (std::size_t c = 0; c < k; ++c)
        beta[r * k + c] = (1 - s.eta * lambda) * beta[r * k + c] - rate * gradient[c];
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) A[r * n + i] -= rate * back[j] * K[j * n + i];
    }
    forward(s);
  }
};

double midpoint_of(arb_srcptr x) {
  return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

double above(const check::Ball& x) {
  return arb_is_finite(x.get()) ? arf_get_d(arb_midref(x.get()), ARF_RND_UP) : INFINITY;
}

double ratio(double distance, double radius) {
  if (!std::isfinite(radius)) return 0;
  return distance == 0 ? 0 : distance / radius;
}

/// A computed point and its radii, whichever orbit of the checker it is of.
struct Seen {
  std::vector<arb_srcptr> A, beta, e;  ///< row-major
  const check::Radii& radii;
  const check::Ball& K_norm;
};

void append(std::vector<arb_srcptr>& entries, const std::vector<check::Ball>& x) {
  for (const check::Ball& entry : x) entries.push_back(entry.get());
}

void append(std::vector<arb_srcptr>& entries, const check::BallMatrix& x) {
  for (std::size_t r = 0; r < x.rows(); ++r)
    for (std::size_t c = 0; c < x.cols(); ++c) entries.push_back(x.entry(r, c));
}

template <class Orbit>
Seen seen(const Orbit& orbit) {
  Seen at{{}, {}, {}, orbit.radii(), orbit.problem().K_norm};
  append(at.A, orbit.point().A);
  append(at.beta, orbit.point().beta);
  append(at.e, orbit.point().e);
  return at;
}

template <class Orbit, class Meet>
void follow(const OrbitCase& c, Orbit orbit, const Meet& meet) {
  for (std::size_t t = 0;; ++t) {
    if (!meet(t, seen(orbit)) || t == c.lambda.size()) return;
    orbit.advance(c.lambda[t]);
  }
}

/// The checker's orbit of a case, met step by step with the exact one.
template <class Meet>
void follow(const OrbitCase& c, const Meet& meet) {
  const check::PrecisionScope scope(c.bits);
  // |K| is proved elsewhere in a certificate: here a safe upper bound.
  const Quick at(c.start, {});
  double trace = 0;
  for (double x : at.K) trace += x * x;
  const double K_norm = std::sqrt(trace) * (1 + 1e-12);
  if (c.outputs) {
    const check::OutputsProblem problem = check::outputs_problem_from(c.start, K_norm);
    follow(c, check::OutputsOrbit(problem, c.start, c.radius), meet);
  } else {
    const check::Problem problem = check::problem_from(c.start, K_norm);
    follow(c, check::Orbit(problem, c.start, c.radius), meet);
  }
}

Ratios quick_ratios(const OrbitCase& c) {
  Quick exact(c.start, c.shift);
  Ratios found;
  follow(c, [&](std::size_t t, const Seen& z) {
    if (t > 0) exact.step(c.start, c.lambda[t - 1]);
    const auto squares = [](const std::vector<double>& x, const std::vector<arb_srcptr>& at) {
      double sum = 0;
      for (std::size_t j = 0; j < x.size(); ++j) sum += std::pow(x[j] - midpoint_of(at[j]), 2);
      return sum;
    };
    const double e = squares(exact.e, z.e), beta = squares(exact.beta, z.beta),
                 A = squares(exact.A, z.A);
    const check::Radii& radii = z.radii;
    if (!std::isfinite(above(radii.A)) || !std::isfinite(e + beta + A)) return false;
    if (t == 0) return true;  // the shift itself
    // Doubles see nothing finer.
    double size = 1;
    for (std::size_t j = 0; j < exact.e.size(); ++j)
      size += std::abs(c.start.y.values[j]) + std::abs(exact.e[j]);
    for (std::size_t i = 0; i < exact.n; ++i) size += std::abs(exact.A[i]);
    if (std::min({above(radii.A), above(radii.beta), above(radii.e)}) < 1e-9 * size) return true;
    found.e = std::max(found.e, ratio(std::sqrt(e), above(radii.e)));
    found.beta = std::max(found.beta, ratio(std::sqrt(beta), above(radii.beta)));
    found.A = std::max(found.A, ratio(std::sqrt(A), above(radii.A)));
    return true;
  });
  return found;
}

Number exactly(arb_srcptr x) {
  Number z;
  arf_get_mpfr(z.backend().data(), arb_midref(x), MPFR_RNDN);
  return z;
}

void rescale(std::vector<double>& x, double length) {
  double size = truth::norm(x);
  if (size == 0) return;
  for (double& entry : x) entry *= length / size * (1 - 1e-12);
}

}  // namespace

double Ratios::largest() const {
  return std::max({e, beta, A});
}

Shift random_shift(Random& random, const Start& s, double radius) {
  Shift shift{
      gaussian(random, {s.p() * (s.kind == CertificateKind::from_checkpoint ? s.n() : s.d())}, 1)
          .values,
      gaussian(random, {s.p() * s.k()}, 1).values};
  const Quick at(s, {});
  const double sign = whole(random, 0, 1) == 0 ? -1 : 1;
  const auto slope = [&](std::size_t r, std::size_t i) {
    return psi_prime(s.activation, at.A[r * at.n + i]);
  };
  switch (whole(random, 0, 4)) {
    case 0:
      break;
    case 1:
      shift.beta = s.b.values;
      break;
    case 2:
      shift.beta = s.beta.values;
      break;
    default:
      for (std::size_t r = 0; r < at.p; ++r)
        for (std::size_t c = 0; c < at.k; ++c) {
          double& along = shift.beta[r * at.k + c];
          along = 0;
          for (std::size_t i = 0; i < at.n; ++i)
            along += psi(s.activation, at.A[r * at.n + i]) * at.e[i * at.k + c];
        }
  }
  if (whole(random, 0, 2) != 0) {
    for (std::size_t r = 0; r < at.p; ++r)
      if (s.kind == CertificateKind::from_checkpoint) {
        for (std::size_t i = 0; i < at.n; ++i)
          shift.first[r * at.n + i] = sign * at.returned(at.beta, r, i) * slope(r, i);
      } else {
        for (std::size_t l = 0; l < s.d(); ++l) {
          shift.first[r * s.d() + l] = 0;
          for (std::size_t i = 0; i < at.n; ++i)
            shift.first[r * s.d() + l] +=
                sign * at.returned(at.beta, r, i) * slope(r, i) * s.X(i, l);
        }
      }
  }
  if (whole(random, 0, 3) == 0) std::fill(shift.first.begin(), shift.first.end(), 0);
  rescale(shift.first, radius);
  rescale(shift.beta, whole(random, 0, 1) == 0 ? radius : -radius);
  return shift;
}

OrbitCase random_orbit_case(Random& random, bool with_radius, bool outputs) {
  OrbitCase c;
  Start& s = c.start;
  c.outputs = outputs;
  if (outputs) s.rule = whole(random, 0, 1) == 0 ? Rule::fa : Rule::bp;
  const std::size_t k = outputs ? whole(random, 1, 3) : 1;
  const std::size_t n = whole(random, 0, 2) == 0 ? whole(random, 2, 3) : 1;
  const std::size_t p = whole(random, 0, 1) == 0 ? whole(random, 2, 6) : 1, d = whole(random, 1, 2);
  s.kind = whole(random, 0, 2) == 0 ? CertificateKind::from_initialisation
                                    : CertificateKind::from_checkpoint;
  s.activation = whole(random, 0, 4) == 0
                     ? Activation::relu
                     : all_activations[whole(random, 0, std::size(all_activations) - 1)];
  s.X = gaussian(random, {n, d}, decades(random, -0.7, 0.5));
  s.b = gaussian(random, {p, k}, decades(random, -1, 1));
  s.beta = gaussian(random, {p, k}, decades(random, -1.5, 1));
  s.y = gaussian(random, {n, k}, decades(random, -2, 1.5));
  const double scale = decades(random, -1, 0.5);
  if (s.kind == CertificateKind::from_checkpoint)
    s.A = gaussian(random, {p, n}, scale);
  else
    s.W = gaussian(random, {p, d}, scale);
  // eta times the largest eigenvalue of M, about.
  const Quick at(s, {});
  double trace = 1e-3;
  const std::vector<double>& back = through_b(s) ? s.b.values : s.beta.values;
  for (std::size_t r = 0; r < p; ++r) {
    double fed = 0;
    for (std::size_t c = 0; c < k; ++c) fed += std::abs(at.beta[r * k + c] * back[r * k + c]);
    for (std::size_t i = 0; i < n; ++i)
      trace += (std::pow(psi(s.activation, at.A[r * n + i]), 2) +
                at.K[i * n + i] * fed * std::pow(psi_prime(s.activation, at.A[r * n + i]), 2)) /
               static_cast<double>(p);
  }
  s.eta = decades(random, -1.5, 0.3) / trace;
  const bool penalty = whole(random, 0, 1) == 0;
  const double eta_lambda =
      whole(random, 0, 4) == 0 ? uniform(random, 0, 2.5) : uniform(random, 0, 1);
  for (std::size_t t = whole(random, 1, with_radius ? 4 : 30); t > 0; --t)
    c.lambda.push_back(penalty ? eta_lambda / s.eta : 0);
  const long precisions[] = {24, 32, 40, 53, 64, 128};
  c.bits = precisions[whole(random, 0, with_radius ? 5 : 4)];
  if (with_radius) {
    c.radius = decades(random, -5, 0);
    // Near the kink a start within the radius may lie on the other side.
    if (s.activation == Activation::relu && s.kind == CertificateKind::from_checkpoint)
      for (double& a : s.A.values)
        if (whole(random, 0, 1) == 0) a = c.radius * uniform(random, -2, 2);
    c.shift = random_shift(random, s, c.radius);
  }
  return c;
}

Ratios exact_ratios(const OrbitCase& c) {
  truth::Orbit exact(c.start, c.shift);
  Ratios found;
  follow(c, [&](std::size_t t, const Seen& z) {
    if (t > 0) exact.step(c.lambda[t - 1]);
    const std::size_t n = exact.n, k = exact.k;
    Number A2 = 0, beta2 = 0, e2 = 0;
    Numbers A, beta, f(n * k);
    for (const arb_srcptr entry : z.A) A.push_back(exactly(entry));
    for (const arb_srcptr entry : z.beta) beta.push_back(exactly(entry));
    for (std::size_t j = 0; j < A.size(); ++j) A2 += pow(Number(exact.A[j] - A[j]), 2);
    for (std::size_t j = 0; j < beta.size(); ++j) beta2 += pow(Number(exact.beta[j] - beta[j]), 2);
    for (std::size_t r = 0; r < exact.p; ++r)
      for (std::size_t i = 0; i < n; ++i) {
        const Number value = truth::psi(c.start.activation, A[r * n + i]);
        for (std::size_t o = 0; o < k; ++o) f[i * k + o] += value * beta[r * k + o];
      }
    for (std::size_t j = 0; j < f.size(); ++j)
      e2 += pow(Number(exact.e[j] - (f[j] / exact.root_p - exact.y[j])), 2);
    const auto compare = [](const Number& distance2, const check::Ball& radius) {
      if (!arb_is_finite(radius.get()) || !isfinite(distance2)) return 0.0;
      const Number distance = sqrt(distance2), bound = exactly(radius.get());
      if (distance < pow(Number(10), -290)) return 0.0;
      if (bound == 0) return 1e300;
      return Number(distance / bound).convert_to<double>();
    };
    const check::Radii& radii = z.radii;
    found.e = std::max(found.e, compare(e2, radii.e));
    found.beta = std::max(found.beta, compare(beta2, radii.beta));
    found.A = std::max(found.A, compare(A2, radii.A));
    return arb_is_finite(radii.A.get()) != 0 && isfinite(A2);
  });
  return found;
}

namespace {

Number length(const Numbers& x) {
  Number sum = 0;
  for (const Number& entry : x) sum += entry * entry;
  return sqrt(sum);
}

/// The largest singular value of an n x n matrix.
Number spectral_norm(const Numbers& M, std::size_t n) {
  Numbers S(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k) S[i * n + j] += M[k * n + i] * M[k * n + j];
  return sqrt(truth::eigenvalues(S, n).back());
}

Numbers values_of(const truth::Orbit& z, const Activation& activation) {
  Numbers Psi;
  for (const Number& a : z.A) Psi.push_back(truth::psi(activation, a));
  return Psi;
}

/// Psi^T Psi
Numbers gram(const Numbers& Psi, std::size_t n) {
  Numbers G(n * n);
  for (std::size_t k = 0; k < Psi.size(); k += n)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) G[i * n + j] += Psi[k + i] * Psi[k + j];
  return G;
}

struct PageRadii {
  Number e, beta, A;
};

/// The largest singular value of a matrix of so many columns.
Number largest_singular_value(const Numbers& B, std::size_t columns) {
  return sqrt(abs(truth::eigenvalues(gram(B, columns), columns).back()));
}

/// (B.16) to (B.23), the comparison system of k outputs and backpropagation, as
/// reports/docs/theorem_b_outputs.md has it: one step from `z` without residuals.
class OutputsPage {
 public:
  OutputsPage(const truth::Orbit& z, const truth::Orbit& next, Activation psi, double lambda,
              const Number& K, const PageRadii& now)
      : z_(z), next_(next), psi_(psi), K_(K), m_(1 - z.eta * Number(lambda)), now_(now) {}

  PageRadii step() const {
    const std::size_t n = z_.n, p = z_.p, k = z_.k;
    const bool relu = psi_ == Activation::relu;
    const Numbers& c = z_.fa ? z_.b : z_.beta;
    const Numbers &beta1 = next_.beta, Psi = values_of(z_, psi_), Psi1 = values_of(next_, psi_);
    const Number L1 = truth::largest_slope(psi_), L2 = truth::largest_curvature(psi_);
    const Number &eta = z_.eta, &root_p = z_.root_p, &eps = now_.e, &d = now_.beta, &a = now_.A;
    Numbers dA(p * n), D(p * n), Db(p * n), dPsi(p * n), flips(p * n), fed(p * n), Psi_e(p * k);
    Number f = 0, dm = 0, ce = 0, e_max = 0;
    bool any_flips = false;
    for (std::size_t i = 0; i < n; ++i) e_max = std::max(e_max, size(z_.e, i, k));
    for (std::size_t r = 0; r < p; ++r) {
      Number along = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t at = r * n + i;
        dA[at] = next_.A[at] - z_.A[at];
        D[at] = truth::psi_prime(psi_, z_.A[at]);
        dPsi[at] = Psi1[at] - Psi[at];
        Db[at] = dA[at] == 0 ? D[at] : Number(dPsi[at] / dA[at]);
        for (std::size_t o = 0; o < k; ++o) {
          fed[at] += c[r * k + o] * z_.e[i * k + o];
          Psi_e[r * k + o] += Psi[at] * z_.e[i * k + o];
        }
        f = std::max(f, Number(abs(fed[at])));
        dm = std::max(dm, Number(abs(dA[at])));
        along += pow(Number(D[at] * size(z_.e, i, k)), 2);
        if (relu && (z_.A[at] > 0) != (next_.A[at] > 0)) flips[at] = 1, any_flips = true;
      }
      ce = std::max(ce, Number(sqrt(along)));
    }
    const Number p_ = root_p * root_p, sg = largest_singular_value(Psi, n) / root_p;
    Numbers lengths(p);
    Number c_max = 0, beta1_max = 0;
    for (std::size_t r = 0; r < p; ++r) {
      lengths[r] = size(c, r, k);
      c_max = std::max(c_max, lengths[r]);
      beta1_max = std::max(beta1_max, size(beta1, r, k));
    }
    const Number e1 = largest_singular_value(z_.e, k) + eps;
    const Number B1 = largest_singular_value(beta1, k) / root_p;
    f += c_max * eps;
    if (!z_.fa) f += d * (e_max + eps);
    // (B.16)
    Number kap = eta * K_ * (weighed(D, c, n) * eps / root_p + L2 * f * a / root_p);
    if (!z_.fa) kap += eta * K_ * (ce + L1 * eps) * d / root_p;
    // (B.17)
    const Number d1 = abs(m_) * d + eta * (sg * eps + L1 * e1 * a / root_p), x = a + kap / 2;
    // (B.18), line by line
    const Number u = largest_singular_value(Psi_e, k) / root_p, q = L1 * a / root_p;
    Number eps1 = largest_singular_value(contraction(Psi, Db, D, c, beta1), n * k) * eps;
    eps1 += eta * (q * (u + sg * eps) + (sg * q + q * q) * e1);
    eps1 += largest_singular_value(dPsi, n) / root_p * d1;
    eps1 += (L1 * kap + L2 * (dm + kap) * x + (any_flips ? a : Number(0))) * d1 / root_p;
    eps1 += L2 / root_p * (weighed(dA, beta1, n) * x + beta1_max * kap * x);
    eps1 += eta * L1 * L2 * K_ * weighed(lengths, beta1, 1) * (e_max + eps) * a / p_;
    if (!z_.fa) eps1 += eta * L1 * K_ * B1 * d / root_p * (ce + L1 * eps + L2 * (e_max + eps) * a);
    if (any_flips) eps1 += weighed(flips, beta1, n) / root_p * (a + kap);  // (B.23)
    const Number a1 = a + kap;
    const Number either = largest_singular_value(Psi1, n) / root_p * d1 +
                          L1 * a1 * (largest_singular_value(beta1, k) + d1) / root_p;
    return {std::min(eps1, either), d1, a1};
  }

 private:
  static Number size(const Numbers& x, std::size_t row, std::size_t k) {
    Number sum = 0;
    for (std::size_t o = 0; o < k; ++o) sum += x[row * k + o] * x[row * k + o];
    return sqrt(sum);
  }

  /// max over the columns s of S of |diag(s) B|, B of k columns.
  Number weighed(const Numbers& S, const Numbers& B, std::size_t columns) const {
    Number largest = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      Numbers rows = B;
      for (std::size_t r = 0; r < z_.p; ++r)
        for (std::size_t o = 0; o < z_.k; ++o) rows[r * z_.k + o] *= S[r * columns + i];
      largest = std::max(largest, largest_singular_value(rows, z_.k));
    }
    return largest;
  }

  /// m I - eta (G (x) I + Hh)
  Numbers contraction(const Numbers& Psi, const Numbers& Db, const Numbers& D, const Numbers& c,
                      const Numbers& beta1) const {
    const std::size_t n = z_.n, k = z_.k, nk = n * k;
    const Numbers G = gram(Psi, n);
    Numbers C(nk * nk);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t o = 0; o < k; ++o)
          for (std::size_t q = 0; q < k; ++q) {
            Number H = 0;
            for (std::size_t r = 0; r < z_.p; ++r)
              H += Db[r * n + i] * beta1[r * k + o] * D[r * n + j] * c[r * k + q];
            const Number M = (o == q ? G[i * n + j] : Number(0)) + z_.K[i * n + j] * H;
            C[(i * k + o) * nk + j * k + q] =
                (i == j && o == q ? m_ : Number(0)) - z_.eta * M / (z_.root_p * z_.root_p);
          }
    return C;
  }

  const truth::Orbit &z_, &next_;
  Activation psi_;
  Number K_, m_;
  PageRadii now_;
};

/// (B.3) to (B.9) for one step from `z`, without residuals, as reports/docs/theorem_b.md has them.
PageRadii page_step(const truth::Orbit& z, const truth::Orbit& next, Activation psi, double lambda,
                    const Number& K, const PageRadii& now) {
  const std::size_t n = z.n, p = z.p;
  const Numbers Psi = values_of(z, psi), Psi1 = values_of(next, psi), G = gram(Psi, n);
  const bool relu = psi == Activation::relu;
  const Number L1 = truth::largest_slope(psi), L2 = truth::largest_curvature(psi);
  const Number &eta = z.eta, &root_p = z.root_p, &eps = now.e, &d = now.beta, &a = now.A;
  const Number m = 1 - eta * Number(lambda);
  Number e_max = 0, b_max = 0, ch = 0, dm = 0, m1 = 0, m2 = 0, flip = 0;
  Numbers dPsi(p * n), beta1_b(p), Psi_e(p), D(p * n), M(n * n);
  bool any_flips = false;
  for (std::size_t r = 0; r < p; ++r) {
    beta1_b[r] = next.beta[r] * z.b[r];
    b_max = std::max(b_max, Number(abs(z.b[r])));
    m2 = std::max(m2, Number(L2 * abs(next.beta[r]) / root_p));
  }
  for (std::size_t i = 0; i < n; ++i) {
    e_max = std::max(e_max, Number(abs(z.e[i])));
    Number fed = 0, moved = 0, changed = 0;
    for (std::size_t r = 0; r < p; ++r) {
      const std::size_t at = r * n + i;
      const Number dA = next.A[at] - z.A[at];
      D[at] = truth::psi_prime(psi, z.A[at]);
      dPsi[at] = Psi1[at] - Psi[at];
      Psi_e[r] += Psi[at] * z.e[i];
      dm = std::max(dm, Number(abs(dA)));
      fed += D[at] * D[at] * z.b[r] * z.b[r];
      moved += next.beta[r] * next.beta[r] * dA * dA;
      if (relu && (z.A[at] > 0) != (next.A[at] > 0)) {
        any_flips = true;
        changed += next.beta[r] * next.beta[r];
      }
    }
    ch = std::max(ch, Number(sqrt(fed) / root_p));
    m1 = std::max(m1, Number(L2 * sqrt(moved) / root_p));
    flip = std::max(flip, Number(sqrt(changed) / root_p));
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      Number H = 0;
      for (std::size_t r = 0; r < p; ++r)
        H += z.K[i * n + j] * D[r * n + i] * beta1_b[r] * D[r * n + j];
      M[i * n + j] = (i == j ? m : Number(0)) - eta * (G[i * n + j] + H) / (root_p * root_p);
    }
  const auto size_of = [&](const Numbers& psi_squared) {
    return Number(sqrt(abs(truth::eigenvalues(psi_squared, n).back())) / root_p);
  };
  const Number sg = size_of(G), a_p = a / root_p, u = length(Psi_e) / root_p;
  const Number e1 = length(z.e) + eps, N = length(beta1_b) / root_p;
  const Number kap = eta * K * (ch * eps + L2 * b_max * (e_max + eps) * a_p);
  const Number d1 = abs(m) * d + eta * (sg * eps + L1 * e1 * a_p), x = a + kap / 2;
  Number linear = L1 * kap + L2 * (dm + kap) * x;
  if (any_flips) linear += a;
  const Number eps1 =
      spectral_norm(M, n) * eps +
      eta * (L1 * a_p * (u + sg * eps) + (sg * L1 * a_p + L1 * L1 * a_p * a_p) * e1) +
      length(dPsi) / root_p * d1 + linear * d1 / root_p + m1 * (a + kap) + m2 * kap * x +
      flip * (a + kap) + eta * L1 * L2 * K * N * (e_max + eps) * a_p;
  const Number a1 = a + kap;
  const Number either = size_of(gram(Psi1, n)) * d1 + L1 * a1 * (length(next.beta) + d1) / root_p;
  return {std::min(eps1, either), d1, a1};
}

/// One unit that feels the feedback, whose sign changes in the step and whose beta after it is 0;
/// one that carries beta; two that are silent. All numbers are dyadic.
OrbitCase flip_with_beta_0() {
  OrbitCase c;
  Start& s = c.start;
  s.kind = CertificateKind::from_checkpoint;
  s.activation = Activation::relu;
  s.eta = 0.5;
  s.X = Array({1, 1}), s.X(0, 0) = 1;
  s.b = Array({4}), s.b(0) = 8;
  s.beta = Array({4}), s.beta(0) = 0.25, s.beta(1) = 8;
  s.A = Array({4, 1}), s.A(0, 0) = s.A(1, 0) = 1, s.A(2, 0) = s.A(3, 0) = -1;
  s.y = Array({1}), s.y(0) = 3.125;  // e = 1
  c.lambda = {0};
  c.radius = 0x1p-6;
  c.bits = 128;
  return c;
}

}  // namespace

OrbitCase flip_case() {
  return flip_with_beta_0();
}

OrbitCase flip_from_near_0_case() {
  OrbitCase c = flip_with_beta_0();
  Start& s = c.start;
  s.X = Array({2, 2}), s.X(0, 0) = s.X(1, 0) = s.X(1, 1) = 1;
  s.beta(0) = -0.25;
  s.A = Array({4, 2});
  s.A(0, 0) = s.A(1, 0) = s.A(1, 1) = 1, s.A(2, 0) = s.A(2, 1) = s.A(3, 0) = s.A(3, 1) = -1;
  s.A(0, 1) = -0x1p-10, c.radius = 0x1.ep-11;    // as near to 0 as it has a sign
  s.y = Array({2}), s.y(0) = 4.875, s.y(1) = 4;  // e = (-1, 0)
  return c;
}

double page_shortfall(const OrbitCase& c) {
  double largest = 0;
  std::optional<truth::Orbit> before;
  PageRadii now;
  follow(c, [&](std::size_t t, const Seen& at) {
    const check::Radii& radii = at.radii;
    if (!arb_is_finite(radii.e.get())) return false;
    truth::Orbit z(c.start, {});
    for (std::size_t j = 0; j < z.e.size(); ++j) z.e[j] = exactly(at.e[j]);
    for (std::size_t j = 0; j < z.beta.size(); ++j) z.beta[j] = exactly(at.beta[j]);
    for (std::size_t j = 0; j < z.A.size(); ++j) z.A[j] = exactly(at.A[j]);
    const PageRadii found{exactly(radii.e.get()), exactly(radii.beta.get()),
                          exactly(radii.A.get())};
    if (before) {
      const Activation psi = c.start.activation;
      const Number K = exactly(at.K_norm.get());
      const PageRadii page = c.outputs
                                 ? OutputsPage(*before, z, psi, c.lambda[t - 1], K, now).step()
                                 : page_step(*before, z, psi, c.lambda[t - 1], K, now);
      const auto compare = [&](const Number& wanted, const Number& radius) {
        if (wanted > 0 && isfinite(wanted))
          largest = std::max(largest, Number((wanted - radius) / wanted).convert_to<double>());
      };
      compare(page.e, found.e);
      compare(page.beta, found.beta);
      compare(page.A, found.A);
    }
    before = z;
    now = found;
    return true;
  });
  return largest;
}

namespace {

/// Something of the case, changed a little or a lot.
OrbitCase changed(Random& random, OrbitCase c) {
  const double size = decades(random, -2, 0.3);
  std::normal_distribution<double> normal;
  const auto some = [&](std::vector<double>& x) {
    if (x.empty()) return;
    double& entry = x[whole(random, 0, x.size() - 1)];
    switch (whole(random, 0, 3)) {
      case 0:
        entry = -entry;
        break;
      case 1:
        entry *= std::exp(size * normal(random));
        break;
      case 2:
        entry += size * normal(random) * std::abs(x[whole(random, 0, x.size() - 1)]);
        break;
      default: {
        const double factor = std::exp(size * normal(random));
        for (double& each : x) each *= factor;
      }
    }
  };
  Start& s = c.start;
  switch (whole(random, 0, 10)) {
    case 0:
      some(s.X.values);
      break;
    case 1:
      some(s.y.values);
      break;
    case 2:
      some(s.b.values);
      break;
    case 3:
      some(s.beta.values);
      break;
    case 4:
      some(s.kind == CertificateKind::from_checkpoint ? s.A.values : s.W.values);
      break;
    case 5:
      s.eta *= std::exp(size * normal(random));
      break;
    case 6:
      c.radius = std::min(10.0, c.radius * std::exp(3 * size * normal(random)));
      break;
    case 7:
      c.shift = random_shift(random, s, c.radius);
      break;
    case 8:
      some(c.shift.first);
      break;
    case 9:
      some(c.shift.beta);
      break;
    default:
      for (double& lambda : c.lambda) lambda *= std::exp(size * normal(random));
  }
  rescale(c.shift.first, c.radius);
  rescale(c.shift.beta, c.radius);
  return c;
}

}  // namespace

Climb climb(Random& random, std::size_t restarts, std::size_t changes, bool outputs) {
  Climb result;
  for (std::size_t k = 0; k < restarts; ++k) {
    OrbitCase best = random_orbit_case(random, true, outputs);
    best.bits = 64;
    if (best.lambda.size() > 2) best.lambda.resize(whole(random, 1, 2));
    const std::size_t target = whole(random, 0, 4);
    const auto score = [&](const OrbitCase& c) {
      const Ratios r = quick_ratios(c);
      // Most terms bound the error.
      return target <= 2 ? r.e : target == 3 ? r.beta : r.A;
    };
    double best_score = score(best);
    for (std::size_t j = 0; j < changes; ++j) {
      const OrbitCase next = changed(random, best);
      const double next_score = score(next);
      if (!(next_score >= best_score)) continue;
      best = next;
      best_score = next_score;
      if (best_score > 1.000001) break;
    }
    const Ratios exact = exact_ratios(best);
    result.best = std::max(result.best, best_score);
    if (exact.largest() > 1) {
      result.violation = fmt::format(
          "Theorem B: an exact orbit leaves its radii: |e| {:.9g}, |beta| {:.9g}, |A| {:.9g} of "
          "them; {} n={} p={} steps={} radius={:.3g} lambda={:.3g} eta={:.3g}",
          exact.e, exact.beta, exact.A, to_string(best.start.activation), best.start.n(),
          best.start.p(), best.lambda.size(), best.radius, best.lambda.front(), best.start.eta);
      return result;
    }
  }
  return result;
}

}  // namespace alignproof::tamper
