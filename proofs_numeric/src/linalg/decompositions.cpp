// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

namespace alignproof::inline linalg {

namespace {

using Solver = Eigen::SelfAdjointEigenSolver<Matrix<double>>;

void require_convergence(const Solver& solver) {
  if (solver.info() != Eigen::Success)
    throw InputError("eigenvalues of a matrix", "no convergence", "a matrix with finite entries");
}

}  // namespace

Eigensystem eigensystem(const Matrix<double>& S) {
  const Solver solver(S);
  require_convergence(solver);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Vector<double> eigenvalues(const Matrix<double>& S) {
  const Solver solver(S, Eigen::EigenvaluesOnly);
  require_convergence(solver);
  return solver.eigenvalues();
}

Matrix<double> solve_symmetric(const Matrix<double>& S, const Matrix<double>& B) {
  return S.ldlt().solve(B);
}

Matrix<double> cholesky_factor(const Matrix<double>& S) {
  return Eigen::LLT<Matrix<double>>(S).matrixL();
}

double spectral_norm(const Matrix<double>& m) {
  return Eigen::JacobiSVD<Matrix<double>>(m).singularValues()(0);
}

}  // namespace alignproof::inline linalg
