// SPDX-License-Identifier: Apache-2.0
// What one step of the dynamics needs, in a number type: the fixed data and what is derived from
// it.
#pragma once

#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/matrix.hpp>

namespace alignproof::inline dynamics {

/// The fixed quantities of a run. K and sqrt_p are derived, so they are rounded in Real.
template <class Real>
struct Problem {
  Activation psi = Activation::tanh;
  LearningRule rule;
  Matrix<Real> X;  ///< n x d
  Matrix<Real> K;  ///< n x n, X X^T
  Matrix<Real> y;  ///< n x k
  Matrix<Real> b;  ///< p x k, the feedback weights at t = 0, and ever if the rule fixes them
  Real eta;
  Penalty penalty;  ///< lambda(t)
  Real sqrt_p;

  Eigen::Index n() const { return X.rows(); }
  Eigen::Index d() const { return X.cols(); }
  Eigen::Index p() const { return b.rows(); }
  Eigen::Index k() const { return b.cols(); }
};

/// Throws InputError as `require_valid` does.
template <class Real>
Problem<Real> problem_from(const Instance& instance, LearningRule rule = Rule::fa) {
  using std::sqrt;
  require_valid(instance);
  Problem<Real> problem;
  problem.psi = instance.activation;
  problem.rule = rule;
  problem.X = matrix_from<Real>(instance.X);
  problem.K = problem.X * problem.X.transpose();
  problem.y = matrix_from<Real>(instance.y);
  problem.b = matrix_from<Real>(instance.b);
  problem.eta = Real(instance.eta);
  problem.penalty = instance.penalty;
  problem.sqrt_p = sqrt(Real(static_cast<double>(instance.p())));
  return problem;
}

}  // namespace alignproof::inline dynamics
