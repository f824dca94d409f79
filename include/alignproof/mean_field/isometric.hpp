// SPDX-License-Identifier: Apache-2.0
// The alignment law of isometric data, K = gamma I, for every activation: the coordinates of a unit
// move independently of each other along the flow Phi of x' = psi'(x), by b gamma M_i, so that the
// law closes in n numbers M = int m dLambda. With g ~ N(0, gamma),
//
//   q(s) = E psi(Phi_s(g)),   q2(s) = E psi(Phi_s(g))^2
//   G_ij = E_b q(b gamma M_i) q(b gamma M_j),   G_ii = E_b q2(b gamma M_i)
//   phi_i = E_b b q(b gamma M_i),   dM/dtau = lambda (lambda + G(M))^{-1} y                  (I1)
//
// If all |y_i| = ybar, and psi is odd, or all y_i have one sign, or as many have each, then
// M_i = s_i M with s_i = sign(y_i), and the law is a quadrature:
//
//   lambda ybar tau = int_0^M (lambda + s^T G s / n) dM,   cos = s^T phi / sqrt(s^T G s),    (I2)
//
// before and after a cut; s^T G s / n = g2 + (n - 1) g11 with g2 = G_ii and g11 = |G_ij| but in the
// last case, where G_ij is another for signs that differ.
// Derivation and late limits: reports/docs/alignment_law_nonlinear.md, section 3. One output, a
// constant penalty; everything is dimensionless; nothing here is an enclosure.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include <alignproof/mean_field/law.hpp>

namespace alignproof::inline mean_field {

/// Phi_s(x): x' = psi'(x) for the time s, backwards for s < 0. Of ReLU Filippov's solution: an
/// active unit moves by s until it dies at 0, another stays. Throws InputError unless psi' is
/// Lipschitz or psi is ReLU, and x and s are finite.
double flow(const Activation& psi, double x, double s);

/// Nodes of the quadratures: over g (2000: 100 panels of 20), along s (a panel from each power of
/// 2 to the next), and over b (a panel as along s).
struct IsometricNodes {
  std::size_t start_panels = 100, path = 20, feedback = 24;

  /// Three quarters of them: what the difference is tells the error.
  IsometricNodes coarser() const;
};

struct FlowMoments {
  double q = 0, q2 = 0;
};

/// q and q2 of one activation and one gamma, tabulated as far out as they are asked for.
class IsometricFlow {
 public:
  /// Throws InputError as `flow` does, and unless gamma > 0 is finite.
  IsometricFlow(const Activation& psi, double gamma, const IsometricNodes& nodes = {});
  ~IsometricFlow();

  double gamma() const { return gamma_; }
  const IsometricNodes& nodes() const { return nodes_; }
  FlowMoments operator()(double s);

 private:
  struct Table;
  double gamma_;
  IsometricNodes nodes_;
  std::unique_ptr<Table> table_;
};

/// G(M) and phi(M) of (I1); M has n entries.
Moments isometric_moments(IsometricFlow& along, const Vector<double>& M, FeedbackLaw feedback);

/// V(M) = sum_i int_0^{M_i} E_b b q(b gamma x) dx, of which phi.m = dV/dLambda: the balance that
/// isometric data keep under every penalty.
double isometric_potential(IsometricFlow& along, const Vector<double>& M, FeedbackLaw feedback);

struct IsometricData {
  double gamma = 1;  ///< K = gamma I
  Vector<double> y;
};

struct IsometricOptions {
  FeedbackLaw feedback = FeedbackLaw::normal;
  IsometricNodes nodes;
};

struct IsometricPoint {
  /// error_estimate: by how much the cosines and |e|/|y| differ from those of the coarser nodes.
  FieldPoint field;
  Vector<double> M;
};

/// (I1) up to each of `times` (ascending, >= 0), for any y, by Fehlberg's method of order 7(8) held
/// to 1e-13 a step. Throws InputError as IsometricFlow does, and unless y is finite and not 0,
/// lambda > 0 and the times are as said.
std::vector<IsometricPoint> isometric_law(const IsometricData& data, const Activation& psi,
                                          double lambda, const std::vector<double>& times,
                                          const IsometricOptions& options = {});

/// The same by (I2): throws InputError also unless all |y_i| are equal and psi is odd, or all y_i
/// have one sign, or as many have each.
std::vector<IsometricPoint> isometric_quadrature(const IsometricData& data, const Activation& psi,
                                                 double lambda, const std::vector<double>& times,
                                                 const IsometricOptions& options = {});

/// Where a step of size eta ceases to contract, eta (lambda + lambda_max(G)) = 2 in (I2), if that
/// is before slow time `last`: a crossing, and the first where lambda_max(G) rises with M. Throws
/// as isometric_quadrature, and unless eta > 0 and last > 0 are finite.
std::optional<IsometricPoint> isometric_onset(const IsometricData& data, const Activation& psi,
                                              double lambda, double eta, double last,
                                              const IsometricOptions& options = {});

}  // namespace alignproof::inline mean_field
