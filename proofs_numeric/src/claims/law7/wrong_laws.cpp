// SPDX-License-Identifier: Apache-2.0
#include "claims/law7/wrong_laws.hpp"

#include <cmath>

#include <Eigen/Cholesky>

#include <alignproof/network/activation.hpp>

namespace alignproof::inline claims {

namespace {

using Real = Matrix<double>;

Real no_term(const Real& K, const Real&, const Vector<double>&) {
  return Real::Zero(K.rows(), K.cols());
}
Real in_the_law(const Real& K, const Real& D, const Real& B) {
  return D.cwiseProduct(B) * K;
}
Real inside(const Real& K, const Real& D, const Real& B) {
  return D.cwiseProduct(Real(B * K));
}
Real first_layer(const Real& K, const Real& D, const Vector<double>& b_square) {
  return K.cwiseProduct(Real(D.transpose() * b_square.asDiagonal() * D));
}

/// Everything at one state of the particles.
struct Now {
  Real Psi, D, G, m;
};

Now now(const LawTerms& terms, const LawData& data, const Activation& psi, const Cloud& cloud,
        const Real& a, double lambda) {
  Now at;
  activate(psi, a, at.Psi, at.D);
  at.G = at.Psi.transpose() * cloud.weight.asDiagonal() * at.Psi;
  const Vector<double> b_square = cloud.b.rowwise().squaredNorm().cwiseProduct(cloud.weight) /
                                  static_cast<double>(cloud.b.cols());
  Real solved = at.G + terms.beside_G(data.K, at.D, b_square);
  solved.diagonal().array() += lambda;
  at.m = solved.llt().solve(data.Y);
  return at;
}

}  // namespace

const LawTerms true_terms{in_the_law, no_term};
const LawTerms kernel_inside{inside, no_term};
const LawTerms first_layer_kept{in_the_law, first_layer};

std::vector<FieldPoint> law_of_terms(const LawTerms& terms, const LawData& data,
                                     const Activation& psi, const Cloud& cloud, double lambda,
                                     const std::vector<double>& times) {
  constexpr int steps = 20;
  const auto at = [&](const Real& a) { return now(terms, data, psi, cloud, a, lambda); };
  const auto drift = [&](const Real& a) {
    const Now here = at(a);
    return terms.drift(data.K, here.D, cloud.b * here.m.transpose());
  };
  std::vector<FieldPoint> points;
  Real a = cloud.a;
  double tau = 0;
  for (const double time : times) {
    const double h = lambda * (time - tau) / steps;
    for (int s = 0; s < steps; ++s) {
      const Real k1 = drift(a), k2 = drift(a + h / 2 * k1), k3 = drift(a + h / 2 * k2),
                 k4 = drift(a + h * k3);
      a += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    tau = time;
    const Now here = at(a);
    const Real phi = here.Psi.transpose() * cloud.weight.asDiagonal() * cloud.b;
    FieldPoint point;
    point.tau = tau, point.lambda = lambda;
    point.m = here.m, point.e = -lambda * here.m, point.error = point.e.norm();
    const double b_square = cloud.weight.dot(cloud.b.rowwise().squaredNorm());
    point.cosine = phi.cwiseProduct(here.m).sum() /
                   std::sqrt(b_square * here.m.cwiseProduct(Real(here.G * here.m)).sum());
    points.push_back(point);
  }
  return points;
}

}  // namespace alignproof::inline claims
