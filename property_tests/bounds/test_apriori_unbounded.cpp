// SPDX-License-Identifier: Apache-2.0
// Theorem P for psi that is not bounded: (U.1) by quadrature, the lines G, tr and Gmax over
// thousands of initialisations, the rows of beta, and the conclusions at the width found.
#include <alignproof/bounds/apriori_unbounded.hpp>

#include <map>
#include <string>

#include <alignproof/linalg/spectrum.hpp>

#include "bounds/gaussian_start.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

const std::vector<Activation> unbounded{Activation::softplus, Activation::gelu, Activation::relu};

double psi_of(const Activation& psi, double a) {
  return activation_over<double>(psi).psi(a);
}

/// Gbar and E |z|^2 z z^T, z = Gbar^(-1/2) psi(a), a ~ N(0, K), n <= 2, by the trapezoidal rule.
struct Moments {
  double gamma = 0, fourth = 0;
};

Moments moments(const Activation& psi, const Matrix<double>& K) {
  const Eigen::Index n = K.rows();
  const Matrix<double> root = Eigen::LLT<Matrix<double>>(K).matrixL();
  constexpr double step = 0.02, range = 9;
  const auto expect = [&](const auto& of) {
    Matrix<double> sum = Matrix<double>::Zero(n, n);
    double total = 0;
    for (double u = -range; u <= range; u += step)
      for (double v = n == 1 ? 0 : -range; v <= (n == 1 ? 0 : range); v += step) {
        Vector<double> g(n), z(n);
        g(0) = u;
        if (n == 2) g(1) = v;
        const Vector<double> a = root * g;
        for (Eigen::Index i = 0; i < n; ++i) z(i) = psi_of(psi, a(i));
        const double weight = std::exp(-g.squaredNorm() / 2);
        sum += weight * of(z);
        total += weight;
      }
    return Matrix<double>(sum / total);
  };
  const Matrix<double> Gbar =
      expect([](const Vector<double>& z) { return Matrix<double>(z * z.transpose()); });
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(Gbar);
  const Matrix<double> whiten = solver.operatorInverseSqrt();
  const Matrix<double> fourth = expect([&](const Vector<double>& psi_a) {
    const Vector<double> z = whiten * psi_a;
    return Matrix<double>(z.squaredNorm() * z * z.transpose());
  });
  return {solver.eigenvalues()(0), extreme_eigenvalues(fourth).max};
}

}  // namespace

// The rule's error is far below the slack: halving the step changes no digit shown by INFO.
TEST_CASE("(U.1) bounds the fourth moment of the whitened psi", "[bounds]") {
  for (const Activation& psi : unbounded)
    for (const double size : {0.1, 1.0, 10.0})
      for (const double cosine : {-0.9, 0.0, 0.7, 2.0}) {  // 2: a single sample
        const Eigen::Index n = cosine > 1 ? 1 : 2;
        Matrix<double> K = Matrix<double>::Constant(n, n, n == 1 ? size : size * cosine);
        K.diagonal().setConstant(size);
        const Moments at = moments(psi, K);
        AprioriData<double> data;
        data.n = static_cast<double>(n);
        data.psi = smoothness<double>(psi);
        data.kap = extreme_eigenvalues(K).max, data.gamma = at.gamma;
        INFO(to_string(psi) << " " << size << " " << cosine << " " << at.fourth);
        CHECK(at.fourth <= whitened_variance(data));
        // Without the second term it would be false for each.
        CHECK(at.fourth > data.n);
      }
  // relu at n = 1 has E psi^4 / (E psi^2)^2 = 6, and V = 9.
  CHECK(moments(Activation::relu, Matrix<double>::Constant(1, 1, 1)).fourth ==
        Approx(6).epsilon(1e-6));
}

TEST_CASE("the lines G, tr and Gmax fail no more often than they may", "[bounds]") {
  constexpr double share = 0.2;
  std::map<std::string, Failures> lines, weaker;
  for (const Activation& psi : unbounded)
    for (const auto& [n, d, p] :
         {std::array<std::size_t, 3>{1, 3, 300}, {2, 5, 1000}, {3, 12, 4000}}) {
      const AprioriCase c = apriori_case(psi, n, d, 11);
      Shares shares;
      shares.of.fill(share);
      const auto width = static_cast<double>(p);
      const std::optional<GramBounds<double>> gram = gram_of_lipschitz(c.data, width, shares);
      REQUIRE(gram.has_value());
      for (std::uint64_t seed = 1; seed <= 240; ++seed) {
        const GaussianStart s = gaussian_start(c.X, static_cast<Eigen::Index>(p), seed);
        const Matrix<double> Psi = s.A.unaryExpr([&](double a) { return psi_of(psi, a); });
        const Matrix<double> G = Psi.transpose() * Psi / width;
        const Extremes<double> eigenvalues = extreme_eigenvalues(G);
        const double root_tr = std::sqrt(G.trace()), root_g = std::sqrt(eigenvalues.max);
        lines["G"].add(eigenvalues.min < gram->g_min);
        lines["tr"].add(root_tr > gram->root_tr);
        lines["Gmax"].add(root_g > gram->root_g);
        // The same with a hundredth of the deviation.
        weaker["G"].add(eigenvalues.min < c.data.gamma - (c.data.gamma - gram->g_min) / 100);
        weaker["tr"].add(root_tr > std::sqrt(c.data.tau0) * 0.999);
        weaker["Gmax"].add(root_g > std::sqrt(c.data.Gam) * 0.999);
      }
    }
  for (const auto& [name, line] : lines) {
    INFO(name << " failed in " << line.count << " of " << line.trials);
    CHECK(line.trials >= 2000);
    CHECK_FALSE(line.refutes(share));
  }
  for (const auto& [name, line] : weaker) {
    INFO(name << ", weakened, failed in " << line.count << " of " << line.trials);
    CHECK(line.refutes(share));
  }
}

TEST_CASE("at the width found the conclusions hold for psi that is not bounded", "[bounds]") {
  for (const Activation& psi : unbounded) {
    INFO(to_string(psi));
    const AprioriCase c = apriori_case(psi, 2, 20, 3);
    constexpr double eta = 0.3;
    const auto width =
        width_sufficient(c.enclosed, eta, apriori_variant(psi, Rule::fa, 1), 0.1, usual_split());
    REQUIRE(width.has_value());
    CHECK(width->p < 1e6);
    const auto p = static_cast<Eigen::Index>(width->p);
    const double root_p = std::sqrt(width->p), S_max = width->S;
    const auto top = [](const RealBall<Mpfr>& x) { return to_double(x.upper()); };
    const GaussianStart start = gaussian_start(c.X, p, 1);
    Matrix<double> A = start.A, Psi, D;
    Vector<double> beta = start.beta;
    double S = 0, last = 0, first = 0;
    for (int t = 0; t < 150; ++t) {
      activate(psi, A, Psi, D);
      const Vector<double> e = Psi.transpose() * beta / root_p - c.y;
      if (t == 0) {
        first = e.norm();
        CHECK(first <= top(width->growth.E));
      } else {
        REQUIRE(e.norm() <= last * top(width->rate));
      }
      if (e.norm() < 1e-9 * first) break;
      REQUIRE(S <= S_max);
      REQUIRE((beta - start.beta).norm() <= top(width->rho));
      REQUIRE((A - start.A).norm() <= top(width->A_displacement));
      const double cosine = start.b.dot(beta) / start.b.norm() / beta.norm();
      REQUIRE(std::abs(cosine) * root_p <= top(width->kappa.value()));
      beta -= eta / root_p * (Psi * e);
      A -= eta / root_p * (D.cwiseProduct(start.b * e.transpose())) * c.K;
      last = e.norm(), S += eta * last;
    }
    CHECK(S > 0);
  }
}
