// SPDX-License-Identifier: Apache-2.0
// Theorem P for relu: the deterministic part on adversarial weights, each of its terms, and the
// lines about flips over thousands of initialisations.
#include <alignproof/bounds/apriori_relu.hpp>

#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include <alignproof/linalg/spectrum.hpp>

#include "bounds/gaussian_start.hpp"
#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

using Rows = Eigen::Index;

double spectral(const Matrix<double>& A) {
  return Eigen::JacobiSVD<Matrix<double>>(A).singularValues()(0);
}

Matrix<double> relu(const Matrix<double>& A) {
  return A.cwiseMax(0.0);
}
Matrix<double> slopes(const Matrix<double>& A) {
  return A.unaryExpr([](double a) { return a > 0 ? 1.0 : 0.0; });
}

/// (1/p) sum_r c_r D_r K D'_r.
Matrix<double> weighted(const Matrix<double>& K, const Vector<double>& c, const Matrix<double>& D,
                        const Matrix<double>& E) {
  return K.cwiseProduct((D.transpose() * c.asDiagonal() * E).eval()) /
         static_cast<double>(D.rows());
}

/// Geometry of K that flips need: k_i, k'_i, and the constants of AprioriData.
struct Flipping {
  Vector<double> k, rest, pull;

  explicit Flipping(const Matrix<double>& K) {
    k = K.rowwise().norm();
    rest = (K - Matrix<double>(K.diagonal().asDiagonal())).rowwise().norm();
    pull = (2 * (k.array().square() + rest.array().square())).sqrt();
  }

  /// I: what may change its sign while eta sum |e| <= S.
  Matrix<double> may_flip(const Matrix<double>& A, const Vector<double>& b, double S) const {
    const double root_p = std::sqrt(static_cast<double>(A.rows()));
    Matrix<double> I(A.rows(), A.cols());
    for (Rows r = 0; r < A.rows(); ++r)
      for (Rows i = 0; i < A.cols(); ++i) {
        const double reach = std::abs(b(r)) * S / root_p * (A(r, i) > 0 ? k(i) : rest(i));
        I(r, i) = std::abs(A(r, i)) <= reach * (1 + 1e-12) ? 1 : 0;
      }
    return I;
  }
};

struct Network {
  Matrix<double> K;
  GaussianStart start;
  Vector<double> e;  ///< at t = 0
  double eta = 0;
  int steps = 0;
};

/// What the bounds are compared with: sizes as the page has them, each with its bound.
using Compared = std::function<void(const char* what, double size, double bound)>;

/// Factors of the terms of the bounds, for dropping one.
struct Factors {
  double in_G = 1, in_H = 1, quadratic = 1, both_P = 1, both_F2 = 1, semidefinite = 1;
  double Cv_linear = 1, Cv_quadratic = 1, rho_quadratic = 1;
};

void follow(const Network& net, const Factors& f, const Compared& compare) {
  const Matrix<double>& K = net.K;
  const Vector<double>& b = net.start.b;
  const Matrix<double> A0 = net.start.A, Psi0 = relu(A0), D0 = slopes(A0);
  const auto p = static_cast<double>(A0.rows());
  const double root_p = std::sqrt(p), eta = net.eta;
  const Flipping flipping(K);

  struct State {
    Matrix<double> A;
    Vector<double> beta, e, sigma;
    double S;
  };
  std::vector<State> run;
  const Vector<double> y = Psi0.transpose() * net.start.beta / root_p - net.e;
  State at{A0, net.start.beta, net.e, Vector<double>::Zero(K.rows()), 0};
  for (int t = 0; t <= net.steps; ++t) {
    const Matrix<double> Psi = relu(at.A), D = slopes(at.A);
    at.e = Psi.transpose() * at.beta / root_p - y;
    if (!(at.e.norm() < 1e6)) break;
    run.push_back(at);
    at.beta -= eta / root_p * (Psi * at.e);
    at.A -= eta / root_p * (D.cwiseProduct(b * at.e.transpose())) * K;
    at.sigma += eta * at.e, at.S += eta * at.e.norm();
  }
  if (run.size() < 2) return;
  const double S_star = run.back().S;

  // The numbers of the theorem, of this instance instead of the good event.
  const Matrix<double> I_star = flipping.may_flip(A0, b, S_star);
  const auto mean_over_flips = [&](const Matrix<double>& I, const Vector<double>& weight) {
    return Vector<double>(I.transpose() * weight / p);
  };
  AprioriData<double> data;
  data.n = static_cast<double>(K.rows()), data.psi.L1 = 1;
  data.kap = spectral(K), data.k_max = flipping.k.maxCoeff(), data.K_F = K.norm();
  data.tr_K = K.trace();
  GoodStart<double> s{
      {0, Psi0.norm() / root_p, spectral(Psi0) / root_p}, {}, {}, {}, {}, {}, {}, {}, {}};
  s.s2 = b.norm() / root_p;
  const Vector<double> P =
      mean_over_flips(I_star, Vector<double>(Psi0.rowwise().norm().cwiseProduct(b.cwiseAbs())));
  const Vector<double> F2 = mean_over_flips(I_star, b.cwiseAbs2());
  const Vector<double> weight = net.start.beta.cwiseProduct(b).cwiseAbs();
  const auto in_H = [&](double S) {
    return flipping.pull.cwiseProduct(mean_over_flips(flipping.may_flip(A0, b, S), weight)).norm();
  };
  const FlipBounds<double> flips{0, in_H(S_star), flipping.k.cwiseProduct(P).norm(),
                                 flipping.k.cwiseProduct(F2).norm()};
  Shares shares;
  shares.of.fill(0.1);
  const Growth<double> g = growth_with_flips(data, p, shares, s, flips, S_star);
  const double linear_b = linear_in_b(data, p, shares, s);
  const double kap1 = gram_pace(data, p, s), Gs = s.gram.root_g;
  const auto slope_of = [&](std::string_view name) {
    for (const Part<double>& part : g.parts)
      if (part.name == name) return part.cost[1];
    throw std::logic_error("no such part");
  };

  const Matrix<double> G0 = Psi0.transpose() * Psi0 / p;
  const Matrix<double> H0 = weighted(K, net.start.beta.cwiseProduct(b), D0, D0);
  const double scale = Gs * Gs + data.kap * weight.mean() + 1e-12;
  for (std::size_t t = 0; t + 1 < run.size(); ++t) {
    const State &now = run[t], &next = run[t + 1];
    const double S = now.S, E = now.e.norm(), rounding = 1e-7 * scale;
    const Matrix<double> Psi = relu(now.A), D = slopes(now.A), moved = next.A - now.A;
    Matrix<double> secant = D;
    const Matrix<double> gained = relu(next.A) - Psi;
    for (Rows j = 0; j < moved.size(); ++j)
      if (moved.data()[j] != 0) secant.data()[j] = gained.data()[j] / moved.data()[j];
    const Matrix<double> stays =
        Matrix<double>::Ones(D.rows(), D.cols()) - flipping.may_flip(A0, b, next.S);
    compare("signs",
            (D - D0).cwiseProduct(stays).norm() + (slopes(next.A) - D0).cwiseProduct(stays).norm(),
            0);

    // e(t+1) = (I - eta G - eta H~) e(t).
    const Matrix<double> G = Psi.transpose() * Psi / p;
    const Matrix<double> H = weighted(K, next.beta.cwiseProduct(b), secant, D);
    const Vector<double> predicted = now.e - eta * (G * now.e + H * now.e);
    compare("recursion", (next.e - predicted).norm(),
            1e-6 * (E + y.norm() + next.e.norm() + eta * E * (G.norm() + H.norm())));

    const Matrix<double> turned = D0.cwiseProduct((D0 * now.sigma.asDiagonal()) * K);
    const Matrix<double> half = -(Psi0.transpose() * b.asDiagonal() * turned) / (p * root_p);
    const Matrix<double> L_G = half + half.transpose();
    const Matrix<double> L_1 = -weighted(K, b.cwiseProduct(Psi0 * now.sigma), D0, D0) / root_p;
    const Matrix<double> dPsi = Psi - Psi0, N = dPsi.transpose() * dPsi / p;
    const Vector<double> d = next.beta - net.start.beta;
    const Matrix<double> H_fixed = weighted(K, net.start.beta.cwiseProduct(b), secant, D) - H0;
    const Matrix<double> d_fixed = weighted(K, d.cwiseProduct(b), D0, D0);
    const Matrix<double> d_flips = weighted(K, d.cwiseProduct(b), secant, D) - d_fixed;
    compare("N", spectral(N), f.semidefinite * (g.D_up[2] - g.D_lo[2]) * S * S + rounding);
    compare("G", spectral(G - G0 - L_G - N), f.in_G * slope_of("flips in G") * S + rounding);
    compare("H", spectral(H_fixed), f.in_H * in_H(next.S) + rounding);
    const double quadratic = f.quadratic * g.D_lo[2] * S * S;
    compare(
        "beta", spectral(d_fixed - L_1),
        quadratic + eta * E * (f.Cv_linear * kap1 * Gs + f.Cv_quadratic * g.C_v[1] * S) + rounding);
    const double both = slope_of("flips and change of beta") -
                        (1 - f.both_P) * 2 * flips.P / root_p -
                        (1 - f.both_F2) * data.kap * S_star * flips.F2 / p;
    compare("both", spectral(d_flips), both * next.S + rounding);
    compare("rho", (now.beta - net.start.beta).norm(),
            value_at(g.rho, S) - (1 - f.rho_quadratic) * g.rho[2] * S * S + rounding);
    compare("A", (now.A - A0).norm(), g.A_moved * S + 1e-9 * (1 + A0.norm()));

    // All of it, as the theorem uses it.
    const double lost = value_at(g.D_lo, S) - linear_b * S + eta * value_at(g.C_v, S) * E;
    compare("all", spectral(G + H - G0 - H0 - L_G - L_1 - N), lost + rounding);
  }
}

/// Number `seed` of the networks that are tried: random and adversarial. Equal or opposite samples,
/// short ones, equal rows, one large row, weights at the kink, one sign of everything.
Network network_number(std::uint64_t seed) {
  std::uint32_t drawn = 0;
  const auto uniformly = [&](double low, double high) {
    return low + (high - low) * uniform(seed, Stream::choice, drawn++, 0);
  };
  const auto one_of = [&](Rows count) {
    return static_cast<Rows>(uniformly(0, static_cast<double>(count)));
  };
  const Rows n = 1 + one_of(4), d = 1 + one_of(6),
             p = std::array<Rows, 5>{1, 2, 4, 20, 100}.at(static_cast<std::size_t>(one_of(5)));
  Matrix<double> X(n, d);
  for (Rows i = 0; i < n; ++i)
    for (Rows j = 0; j < d; ++j)
      X(i, j) = standard_normal(seed, Stream::X, static_cast<std::uint32_t>(i),
                                static_cast<std::uint32_t>(j));
  const Rows samples = one_of(4);
  for (Rows i = 1; i < n; ++i) {
    if (samples == 1) X.row(i) = X.row(0);
    if (samples == 2) X.row(i) = -X.row(0) + 0.01 * X.row(i);
    if (samples == 3) X.row(i) *= 0.05;
  }
  X *= std::pow(10, uniformly(-1, 0.5)) / X.cwiseAbs().maxCoeff();
  Network net{X * X.transpose(), gaussian_start(X, p, seed), Vector<double>(n), 0, 0};
  GaussianStart& s = net.start;
  s.A *= std::pow(10, uniformly(-2, 0.5));
  const Rows weights = one_of(5);
  if (weights == 1) s.b = s.b.cwiseAbs(), s.beta = s.beta.cwiseAbs();
  if (weights == 2) {
    for (Rows r = 1; r < p; ++r) s.A.row(r) = s.A.row(0);
    s.b.setOnes(), s.beta.setOnes();
  }
  if (weights == 3) s.b *= 0.01, s.b(0) = 4;
  if (weights == 4) s.A *= 1e-3;
  for (Rows i = 0; i < n; ++i)
    net.e(i) = standard_normal(seed, Stream::teacher, static_cast<std::uint32_t>(i), 0);
  if (one_of(2) == 1) net.e = net.e.cwiseAbs();
  net.e *= std::pow(10, uniformly(-1, 1));
  const double Gs = spectral(relu(s.A)) / std::sqrt(static_cast<double>(p));
  net.eta = uniformly(0.01, 1.9) / std::max(Gs * Gs, 1e-3) * std::pow(10, uniformly(-1.5, 0));
  net.steps = 1 + static_cast<int>(one_of(40));
  return net;
}

}  // namespace

TEST_CASE("relu: what moves the kernel is bounded on any weights", "[bounds][property]") {
  check_property("random and adversarial", [] {
    const auto seed = *gen::whole<std::uint64_t>(1, 1000000000);
    for (std::uint64_t k = 0; k < 10; ++k)
      follow(network_number(10 * seed + k), {}, [&](const char* what, double size, double bound) {
        RC_LOG() << "network " << 10 * seed + k << ", " << what << ": " << size << " of " << bound
                 << "\n";
        RC_ASSERT(size <= bound * (1 + 1e-9));
      });
  });
}

TEST_CASE("relu: no term of the bounds can be dropped", "[bounds]") {
  const auto violated = [](std::uint64_t seed, const Factors& factors) {
    std::set<std::string> where;
    follow(network_number(seed), factors, [&](const char* what, double size, double bound) {
      if (size > bound * (1 + 1e-9)) where.insert(what);
    });
    return where;
  };
  struct Dropped {
    const char* term;
    double Factors::*factor;
    const char* seen_in;
    std::uint64_t network;
  };
  for (const auto& [term, factor, seen_in, seed] : {
           Dropped{"4 |k o P| S / sqrt p", &Factors::in_G, "G", 2},
           Dropped{"|pull o F|", &Factors::in_H, "H", 2},
           Dropped{"kap1^2 S^2 / 2", &Factors::quadratic, "beta", 9},
           Dropped{"2 |k o P| S / sqrt p", &Factors::both_P, "both", 1582},
           Dropped{"kap S* |k o F2| S / p", &Factors::both_F2, "both", 3},
           Dropped{"kap1^2 S^2 above", &Factors::semidefinite, "N", 1},
           Dropped{"kap1 Gs in C_v", &Factors::Cv_linear, "beta", 1},
           Dropped{"kap1^2 S in C_v", &Factors::Cv_quadratic, "beta", 3},
           Dropped{"kap1 S^2 / 2 in rho", &Factors::rho_quadratic, "rho", 3},
       }) {
    Factors without;
    without.*factor = 0;
    INFO(term);
    CHECK(violated(seed, {}).empty());
    CHECK(violated(seed, without).contains(seen_in));
  }
}

// A line is counted as failed only where the lines hold whose bounds it uses: its proof bounds the
// probability of that.
TEST_CASE("relu: the lines of its own fail no more often than they may", "[bounds]") {
  constexpr double share = 0.2;
  Shares shares;
  shares.of.fill(share);
  std::map<std::string, Failures> lines, weaker;
  for (const auto& [n, d, p] :
       {std::array<std::size_t, 3>{1, 3, 300}, {2, 5, 1000}, {4, 8, 3000}}) {
    const AprioriCase c = apriori_case(Activation::relu, n, d, 11);
    const Flipping flipping(c.K);
    const auto width = static_cast<double>(p), samples = static_cast<double>(n);
    GoodStart<double> s = good_start(c.data, width, shares, GramBounds<double>{0, 1, 1});
    s.m3 = mean_b3(width, share);
    const double b_max = gaussian_tail(2 * width, share);
    const double o_max =
        std::sqrt(c.data.tau0) + std::sqrt(c.data.kap) * gaussian_tail(samples * width, share);
    const double o_mean = s.s2 * s.s2 * std::sqrt(c.data.tau0) +
                          s.s4 * std::sqrt(c.data.kap / width) * gaussian_tail(samples, share);
    Tails tails;
    tails.level = 0.05 * std::sqrt(width), tails.spread = 0.5;
    const FlipBounds<double> f = flip_bounds(c.data, width, shares, s, tails);
    // Without the deviations, and half of the means.
    Tails narrow = tails;
    narrow.spread = 1e-4;
    const FlipBounds<double> mean = flip_bounds(c.data, width, shares, s, narrow);
    const double moved = tails.level / std::sqrt(width);
    for (std::uint64_t seed = 1; seed <= 1010; ++seed) {
      const GaussianStart start = gaussian_start(c.X, static_cast<Rows>(p), seed);
      const Matrix<double> Psi = relu(start.A);
      const Vector<double> b = start.b.cwiseAbs(), beta = start.beta.cwiseAbs();
      const Vector<double> both = b.cwiseProduct(beta), b2 = b.cwiseAbs2();
      double largest_o = 0, mean_o = 0;
      for (Rows i = 0; i < c.K.cols(); ++i) {
        const Matrix<double> o = start.A - start.A.col(i) * c.K.row(i) / c.K(i, i);
        const Vector<double> sizes = relu(o).rowwise().norm();
        largest_o = std::max(largest_o, sizes.maxCoeff());
        mean_o = std::max(mean_o, b2.cwiseProduct(sizes).mean());
      }
      const bool row = b.maxCoeff() <= b_max, beta_row = beta.maxCoeff() <= b_max;
      const bool b3 = b2.cwiseProduct(b).mean() <= s.m3, Q = both.cwiseProduct(b).mean() <= s.Q;
      const auto mean_over_flips = [&](double S, const Vector<double>& weight) {
        return Vector<double>(flipping.may_flip(start.A, start.b, S).transpose() * weight / width);
      };
      bool flip = false, flip_weaker = false;
      for (int k = 1; k <= 32; ++k) {
        const double S = tails.level * k / 32;
        const double size = flipping.pull.cwiseProduct(mean_over_flips(S, both)).norm();
        flip = flip || size > f.slope * (S + tails.level / flip_levels) + f.base;
        flip_weaker = flip_weaker || size > 0.5 * mean.slope * S;
      }
      const double F2 = flipping.k.cwiseProduct(mean_over_flips(tails.level, b2)).norm();
      const double P = flipping.k
                           .cwiseProduct(mean_over_flips(
                               tails.level, Vector<double>(b.cwiseProduct(Psi.rowwise().norm()))))
                           .norm();
      lines["beta_row"].add(!beta_row);
      weaker["beta_row"].add(beta.maxCoeff() > 0.7 * b_max);
      lines["flip"].add(flip && row && beta_row && Q);
      weaker["flip"].add(flip_weaker);
      lines["flip_b"].add(F2 > f.F2 && row && b3);
      weaker["flip_b"].add(F2 > 0.5 * c.data.turn * std::sqrt(2 / M_PI) * moved);
      lines["flip_psi"].add(P > f.P && row && b3 && F2 <= f.F2 && largest_o <= o_max &&
                            mean_o <= o_mean);
      weaker["flip_psi"].add(P > 0.2 * c.data.turn * std::sqrt(2 / M_PI) * moved * o_mean);
      if (n == 1) continue;  // there o is 0
      lines["o_row"].add(largest_o > o_max);
      weaker["o_row"].add(largest_o > 0.5 * o_max);
      lines["o_mean"].add(mean_o > o_mean);
      weaker["o_mean"].add(mean_o > 0.4 * o_mean);
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
