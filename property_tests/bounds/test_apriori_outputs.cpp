// SPDX-License-Identifier: Apache-2.0
// Theorem P for k outputs and for backpropagation: the drift lemmas on random and adversarial
// states, every term of them on a state that needs it, the lines of the good event as shares of
// initialisations, and widths. The dynamics here are this file's own, in long double.
#include <alignproof/bounds/apriori_backpropagation.hpp>
#include <alignproof/bounds/apriori_outputs.hpp>
#include <alignproof/bounds/width.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

#include <alignproof/network/data.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/statistics/tests.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

using Long = long double;
using Mat = Matrix<Long>;
using Vec = Vector<Long>;

struct Psi {
  std::string name;
  std::function<Long(Long)> value, slope, curvature;
  double L1, L2, L3;
  bool linear = false;
};

Long sigmoid(Long u) {
  return 1 / (1 + std::exp(-u));
}

const Psi tanh_psi{"tanh",
                   [](Long u) { return std::tanh(u); },
                   [](Long u) { return 1 - std::tanh(u) * std::tanh(u); },
                   [](Long u) { return -2 * std::tanh(u) * (1 - std::tanh(u) * std::tanh(u)); },
                   1,
                   4 / (3 * std::sqrt(3.0)),
                   2};
const Psi softplus_psi{
    "softplus",
    [](Long u) { return u > 0 ? u + std::log1p(std::exp(-u)) : std::log1p(std::exp(u)); },
    [](Long u) { return sigmoid(u); },
    [](Long u) { return sigmoid(u) * sigmoid(-u); },
    1,
    0.25,
    1 / (6 * std::sqrt(3.0))};
const Psi identity_psi{"identity",
                       [](Long u) { return u; },
                       [](Long) { return 1.0L; },
                       [](Long) { return 0.0L; },
                       1,
                       0,
                       0,
                       true};

/// On u >= 0, near 0, |psi'|, |psi''| and |psi'''| are all at their bounds 1, 1, 1; psi(0) = at_0.
Psi extreme_psi(Long at_0) {
  return {"extreme",
          [at_0](Long u) { return at_0 + u - u * u / 2 + u * u * u / 6; },
          [](Long u) { return 1 - u + u * u / 2; },
          [](Long u) { return u - 1; },
          1,
          1,
          1};
}

/// psi' rises at the rate 1 until it is 1 at u = top; psi(0) = at_0.
Psi rising_psi(Long at_0, Long top) {
  return {"rising",
          [=](Long u) { return at_0 + u * (1 - top) + u * u / 2; },
          [=](Long u) { return 1 - top + u; },
          [](Long) { return 1.0L; },
          1,
          1,
          0};
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : bits_(seed) {}
  double uniform() { return (static_cast<double>(bits_() >> 11) + 0.5) * 0x1p-53; }
  double normal() { return normal_quantile(uniform()); }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  std::size_t below(std::size_t n) { return bits_() % n; }
  Mat normals(Eigen::Index rows, Eigen::Index cols) {
    Mat m(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
      for (Eigen::Index j = 0; j < cols; ++j) m(i, j) = normal();
    return m;
  }

 private:
  std::mt19937_64 bits_;
};

Mat map(const Mat& A, const std::function<Long(Long)>& f) {
  return A.unaryExpr([&f](Long u) { return f(u); });
}

Long spectral(const Mat& m) {
  return Eigen::JacobiSVD<Mat>(m).singularValues()(0);
}

/// sum_r (D_r K D'_r) (x) (beta_r c_r^T) / p, nk x nk, the pair (i, c) at i + c n.
Mat form(const Mat& K, const Mat& D, const Mat& D2, const Mat& beta, const Mat& c) {
  const Eigen::Index n = K.rows(), k = beta.cols();
  Mat H(n * k, n * k);
  for (Eigen::Index i = 0; i < k; ++i)
    for (Eigen::Index j = 0; j < k; ++j) {
      const Vec weight = beta.col(i).cwiseProduct(c.col(j)) / static_cast<Long>(beta.rows());
      H.block(i * n, j * n, n, n) = K.cwiseProduct(Mat(D.transpose() * weight.asDiagonal() * D2));
    }
  return H;
}

/// Largest sqrt(mean (b_r.u)^2 (c_r.v)^2) over unit u, v: alternating, from several starts.
double joint_sup(const Mat& b, const Mat& c, Draw& draw) {
  const Eigen::Index k = b.cols();
  const auto best_for = [](const Mat& weighted_by, const Vec& u, const Mat& of) {
    const Vec weight = (weighted_by * u).cwiseAbs2();
    return Eigen::SelfAdjointEigenSolver<Mat>(Mat(of.transpose() * weight.asDiagonal() * of));
  };
  Long best = 0;
  for (int start = 0; start < (k > 1 ? 4 : 1); ++start) {
    Vec u = draw.normals(k, 1).normalized();
    Long last = 0;
    for (int step = 0; step < 60; ++step) {
      const Vec v = best_for(b, u, c).eigenvectors().col(k - 1);
      const auto back = best_for(c, v, b);
      u = back.eigenvectors().col(k - 1);
      const Long now = back.eigenvalues()(k - 1);
      if (now <= last * (1 + 1e-14L)) break;
      last = now;
    }
    best = std::max(best, last);
  }
  return static_cast<double>(std::sqrt(best / static_cast<Long>(b.rows())));
}

/// A state of a network and how it moves.
struct Network {
  Psi psi;
  Mat K, A, beta, b, y;
  Long eta = 0;
  bool bp = false;

  Long p() const { return static_cast<Long>(A.rows()); }
  Mat Psi_at() const { return map(A, psi.value); }
  Mat error() const { return Psi_at().transpose() * beta / std::sqrt(p()) - y; }
  const Mat& fed() const { return bp ? beta : b; }
  /// To t + 1; returns v.
  Mat step() {
    const Mat e = error(), D = map(A, psi.slope), Psi_before = Psi_at();
    const Mat dA = -eta / std::sqrt(p()) * D.cwiseProduct(fed() * e.transpose()) * K;
    const Mat dbeta = -eta / std::sqrt(p()) * Psi_before * e, before = beta;
    A += dA, beta += dbeta;
    const Mat dPsi = Psi_at() - Psi_before;
    return (dPsi.transpose() * dbeta + (dPsi - D.cwiseProduct(dA)).transpose() * before) /
           std::sqrt(p());
  }
};

AprioriData<double> data_of(const Network& net) {
  AprioriData<double> d;
  const Vec k2 = net.K.rowwise().squaredNorm();
  d.n = static_cast<double>(net.K.rows()), d.k = static_cast<double>(net.beta.cols());
  d.psi = {std::nullopt, net.psi.L1, net.psi.L2, net.psi.L3};
  d.linear = net.psi.linear;
  d.kap = static_cast<double>(spectral(net.K));
  d.k_max = static_cast<double>(std::sqrt(k2.maxCoeff()));
  d.kk = static_cast<double>(k2.norm());
  d.K_F = static_cast<double>(net.K.norm()), d.tr_K = static_cast<double>(net.K.trace());
  d.gamma = d.gamma_max = d.Gam = d.tau0 = 1;
  return d;
}

/// No lemma here depends on the shares: they enter what is linear in S, which is exact below.
Shares any_shares() {
  Shares shares;
  shares.of.fill(0.5);
  return shares;
}

GramBounds<double> gram_of(const Mat& Psi) {
  const Long p = static_cast<Long>(Psi.rows());
  return {0, static_cast<double>(Psi.norm() / std::sqrt(p)),
          static_cast<double>(spectral(Psi) / std::sqrt(p))};
}

/// Growth with the moments of this very state in the place of their bounds.
Growth<double> growth_of(const Network& net, Draw& draw) {
  const double root_p = static_cast<double>(std::sqrt(net.p()));
  const double s2 = static_cast<double>(spectral(net.fed())) / root_p;
  const double s4 = joint_sup(net.fed(), net.fed(), draw);
  const GramBounds<double> gram = gram_of(net.Psi_at());
  if (net.bp) {
    const double row = static_cast<double>(net.beta.rowwise().norm().maxCoeff());
    const double psi_row = static_cast<double>(net.Psi_at().rowwise().norm().maxCoeff());
    return backpropagation_growth<double>(data_of(net), static_cast<double>(net.p()), any_shares(),
                                          {gram, {s2, s4, row}, psi_row, 0});
  }
  const double joint = joint_sup(net.beta, net.b, draw);
  GoodStart<double> start{gram, s2, s4, 0, 0, joint * s2, joint * s4, 0, 0};
  return second_order_growth<double>(data_of(net), static_cast<double>(net.p()), any_shares(),
                                     start);
}

Long part(const Growth<double>& g, std::string_view name, Long S) {
  for (const Part<double>& part : g.parts)
    if (part.name == name) return static_cast<Long>(value_at(part.cost, static_cast<double>(S)));
  return 0;
}

/// One inequality of the lemmas at one time, and what rounding may add to its left side.
struct Compared {
  std::string what;
  Long left, right, floor;
};

/// Follows a run and compares the pieces of (P.4), or of (B.4), with the library's bounds of them.
/// `see` gets every comparison with the S of its time.
void follow(Network net, const Growth<double>& g, int steps,
            const std::function<void(const Compared&, Long S)>& see) {
  const Network start = net;
  const Long p = net.p(), root_p = std::sqrt(p);
  const Mat Psi0 = net.Psi_at(), D0 = map(net.A, net.psi.slope);
  const Mat D2 = map(net.A, net.psi.curvature);
  const Mat G0 = Psi0.transpose() * Psi0 / p;
  const Long u = 1e-15L;  // rounding of long double is 1e-19; sums of p terms lose some digits
  Mat sigma = Mat::Zero(net.y.rows(), net.y.cols());
  Long S = 0;
  const Long pace = net.psi.L1 * std::sqrt(spectral(net.K)) / root_p;
  for (int t = 0; t < steps; ++t) {
    const Mat e = net.error();
    const Long size = e.norm();
    if (!(size < 1e6L) || S > 1e3L * root_p) return;
    if (net.bp && pace * S > 0.8197L) return;  // what (P.5) implies
    const Long rounded = static_cast<Long>(static_cast<double>(S));
    if (t > 0) {
      const Mat Psi = net.Psi_at(), D = map(net.A, net.psi.slope), dPsi = Psi - Psi0;
      const Mat a1 = -D0.cwiseProduct(start.fed() * sigma.transpose()) * net.K / root_p;
      const Mat DA1 = D0.cwiseProduct(a1);
      const Mat linear = (Psi0.transpose() * DA1 + DA1.transpose() * Psi0) / p;
      const Mat N = dPsi.transpose() * dPsi / p, G = Psi.transpose() * Psi / p;
      const Mat dbeta = net.beta - start.beta;
      const auto polynomial = [&](const auto& f) {
        return static_cast<Long>(value_at(f, static_cast<double>(rounded)));
      };
      const Long up = polynomial(g.D_up) - polynomial(g.D_lo);
      const Long G_rest = spectral(G - G0 - linear - N), G_floor = u * (G.norm() + G0.norm());
      see({"beta", dbeta.norm(), polynomial(g.rho), u * net.beta.norm()}, S);
      see({"A", (net.A - start.A).norm(), static_cast<Long>(g.A_moved) * S, u * net.A.norm()}, S);
      if (net.bp) {
        const Mat H = form(net.K, D, D, net.beta, net.beta);
        const double Gs = static_cast<double>(std::sqrt(spectral(G0)));
        see({"G", G_rest,
             part(g, "quadratic, change of beta in A", S) +
                 part(g, "quadratic, change of psi in G", S),
             G_floor},
            S);
        see({"top", spectral(N) + spectral(H), static_cast<Long>(g.top - Gs * Gs) + up,
             u * (G.norm() + H.norm())},
            S);
        see({"row of beta", dbeta.rowwise().norm().maxCoeff(), static_cast<Long>(g.beta_row[1]) * S,
             u * net.beta.norm()},
            S);
      } else {
        const auto difference = [&](const Mat& weight) -> Mat {
          return form(net.K, D, D, weight, net.b) - form(net.K, D0, D0, weight, net.b);
        };
        const Mat D1 = D2.cwiseProduct(a1);
        const Mat in_beta =
            form(net.K, D1, D0, start.beta, net.b) + form(net.K, D0, D1, start.beta, net.b);
        const Mat beta2 = dbeta + Psi0 * sigma / root_p;
        const Long H_floor = u * (form(net.K, D, D, net.beta, net.b).norm() +
                                  form(net.K, D0, D0, start.beta, net.b).norm());
        see({"G", G_rest, part(g, "quadratic, change of psi in G", S), G_floor}, S);
        see({"N", spectral(N), up, G_floor}, S);
        see({"beta in H", spectral(form(net.K, D0, D0, beta2, net.b)),
             part(g, "quadratic, change of A and beta", S), H_floor},
            S);
        see({"psi' in H", spectral(difference(start.beta) - in_beta),
             part(g, "quadratic, change of psi' in H", S), H_floor},
            S);
        see({"both in H", spectral(difference(dbeta)),
             part(g, "quadratic, change of psi' and beta", S) + part(g, "cubic", S), H_floor},
            S);
      }
    }
    const Long left_scale = net.Psi_at().norm() * net.beta.norm() / root_p;
    const Mat v = net.step();
    see({"v", v.norm(),
         net.eta * net.eta * size * size *
             static_cast<Long>(value_at(g.C_v, static_cast<double>(rounded))),
         u * left_scale},
        S);
    S += net.eta * size, sigma += net.eta * e;
  }
}

Network random_network(Draw& draw, bool bp) {
  static const std::vector<Psi> psis{tanh_psi, softplus_psi, identity_psi, extreme_psi(0.5L)};
  Network net;
  net.bp = bp;
  net.psi = psis[draw.below(3)];
  static constexpr Eigen::Index widths[] = {1, 2, 4, 20, 100};
  const Eigen::Index n = 1 + draw.below(3), k = 1 + draw.below(4), p = widths[draw.below(5)];
  Mat X = draw.normals(n, 1 + draw.below(5));
  switch (draw.below(3)) {
    case 0:
      for (Eigen::Index i = 1; i < n; ++i) X.row(i) = X.row(0);
      break;
    case 1:
      X.bottomRows(n - 1) *= 0.05L;
      break;
    default:
      break;
  }
  X *= std::pow(10.0L, draw.between(-1, 0.7)) / X.cwiseAbs().maxCoeff();
  net.K = X * X.transpose();
  net.A = draw.normals(p, X.cols()) * X.transpose();
  net.b = draw.normals(p, k), net.beta = draw.normals(p, k);
  switch (draw.below(6)) {
    case 0:
      net.b = net.b.cwiseAbs().eval(), net.beta = net.beta.cwiseAbs().eval();
      break;
    case 1:  // equal units
      for (Eigen::Index r = 1; r < p; ++r)
        net.A.row(r) = net.A.row(0), net.b.row(r) = net.b.row(0), net.beta.row(r) = net.beta.row(0);
      break;
    case 2:  // one unit above all others
      net.b *= 0.01L, net.beta *= 0.01L;
      net.b.row(0) *= 400, net.beta.row(0) *= 300;
      break;
    case 3:  // nearly one output
      net.b.rightCols(k - 1) *= 0.01L, net.beta.rightCols(k - 1) *= 0.01L;
      break;
    case 4:
      net.b = net.beta, net.A = net.A.cwiseAbs().eval();
      break;
    default:
      break;
  }
  Mat e = draw.normals(n, k);
  e *= std::pow(10.0L, draw.between(-1, 1.5)) / e.norm();
  if (draw.below(3) == 0) e = e.cwiseAbs().eval();
  if (draw.below(3) == 0) e.rightCols(k - 1).setZero();
  net.y = Mat::Zero(n, k);
  net.y = net.error() - e;
  const Mat D = map(net.A, net.psi.slope), Psi = net.Psi_at();
  const Long size = spectral(Mat(Psi.transpose() * Psi / net.p())) +
                    spectral(form(net.K, D, D, net.beta, net.fed()));
  net.eta = draw.between(0.05, 1.9) / std::max(size, 1e-9L);
  if (draw.below(2) == 0) net.eta *= 0.05L;
  return net;
}

/// One sample, K = 1, `p` equal units, two outputs of which the first alone is in use: b = pull,
/// a = 0. The error stays near `error`, so that steps go one way and bounds add up.
Network one_way(const Psi& psi, bool bp, Long pull, Long beta, Long error, Long eta,
                Eigen::Index p = 3) {
  Network net;
  net.psi = psi, net.bp = bp, net.eta = eta;
  net.K = Mat::Ones(1, 1), net.A = Mat::Zero(p, 1);
  net.b = Mat::Zero(p, 2), net.beta = Mat::Zero(p, 2);
  net.b.col(0).setConstant(pull), net.beta.col(0).setConstant(beta);
  net.y = Mat::Zero(1, 2);
  net.y(0, 0) = net.error()(0, 0) - error;
  return net;
}

/// The largest left / right of each comparison over a run, where it is above rounding.
std::map<std::string, Long> ratios(const Network& net, int steps) {
  Draw draw(1);
  std::map<std::string, Long> largest;
  follow(net, growth_of(net, draw), steps, [&](const Compared& c, Long) {
    INFO(c.what << ": " << static_cast<double>(c.left) << " of " << static_cast<double>(c.right));
    if (!(c.left <= c.right * (1 + 1e-9L) + c.floor)) FAIL("the bound does not hold");
    if (c.left > 1e4L * c.floor) {
      Long& ratio = largest[c.what];
      ratio = std::max(ratio, c.left / c.right);
    }
  });
  return largest;
}

}  // namespace

TEST_CASE("no run moves further than the bounds of k outputs and of backpropagation",
          "[bounds][apriori]") {
  std::size_t compared = 0;
  std::map<std::string, Long> largest;
  for (const bool bp : {false, true})
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      Draw draw(1000 * seed + (bp ? 1 : 0));
      const Network net = random_network(draw, bp);
      const Growth<double> g = growth_of(net, draw);
      const int steps = seed % 3 == 0 ? 40 : 6;
      follow(net, g, steps, [&](const Compared& c, Long S) {
        ++compared;
        INFO((bp ? "bp " : "fa ") << seed << " " << net.psi.name << " n " << net.K.rows() << " k "
                                  << net.beta.cols() << " p " << net.beta.rows() << ": " << c.what
                                  << " at S = " << static_cast<double>(S) << ": "
                                  << static_cast<double>(c.left) << " of "
                                  << static_cast<double>(c.right));
        // The moments are suprema found to about 1e-12.
        if (!(c.left <= c.right * (1 + 1e-9L) + c.floor)) FAIL("the bound does not hold");
        if (c.right > 0 && c.left > 1e4L * c.floor) {
          Long& ratio = largest[(bp ? "bp " : "fa ") + c.what];
          ratio = std::max(ratio, c.left / c.right);
        }
      });
    }
  CHECK(compared > 20000);
  for (const auto& [what, ratio] : largest)
    UNSCOPED_INFO(what << " " << static_cast<double>(ratio));
  // No bound is so loose that a run could not show an error of it.
  for (const auto& [what, ratio] : largest) CHECK(ratio > 0.25L);
}

TEST_CASE("each part of the drift of k outputs is needed", "[bounds][apriori]") {
  // All of psi', psi'', psi''' at their bounds: in the limit of small steps and small S the bounds
  // are attained, as sums of what the proof adds. Psi(0) = 2.
  const std::map<std::string, Long> one =
      ratios(one_way(extreme_psi(2), false, 1, 1, -1, 1e-5L), 60);
  CHECK(one.at("G") > 0.95L);  // of two equal terms: K = 1, so k_max kap = |k o k|
  CHECK(one.at("N") > 0.95L);
  CHECK(one.at("beta in H") > 0.95L);
  CHECK(one.at("psi' in H") > 0.95L);  // of 2 L2^2 = 2 and L1 L3 = 1
  CHECK(one.at("both in H") > 0.95L);
  CHECK(one.at("beta") > 0.95L);
  CHECK(one.at("A") > 0.95L);
  // Psi(0) = 0: of "both in H" the cubic part alone is left, of beta its second term.
  const std::map<std::string, Long> cubic =
      ratios(one_way(extreme_psi(0), false, 1, 1, -1, 1e-5L), 60);
  CHECK(cubic.at("both in H") > 0.95L);
  CHECK(cubic.at("beta") > 0.95L);
  // b = 0 leaves nothing but the change of beta: no part may be charged for it.
  const std::map<std::string, Long> still =
      ratios(one_way(extreme_psi(2), false, 0, 1, -1, 1e-5L), 60);
  CHECK(still.count("G") == 0);
  CHECK(still.count("both in H") == 0);
}

TEST_CASE("each part of the drift of backpropagation is needed", "[bounds][apriori]") {
  // psi linear: beta and A grow as cosh and sinh, and c1, c2, c3 are attained where (P.5) ends.
  const auto state = [](Long a, Long beta) {
    Network net = one_way(identity_psi, true, 0, beta, 0, 1e-4L, 1);
    net.A.setConstant(a);
    net.y(0, 0) = net.error()(0, 0) + 1;
    return net;
  };
  // What a run reaches when S = 0.8197; e is about -1 near the end only if y follows: so far from
  // the target that it does not change.
  const auto far = [&](Long a, Long beta) {
    Network net = state(a, beta);
    net.y(0, 0) += 1e4L, net.eta = 1e-8L;
    return net;
  };
  const std::map<std::string, Long> grown = ratios(far(1, 1e-3L), 9000);
  CHECK(grown.at("beta") > 0.99L);         // c1 Gs S
  CHECK(grown.at("row of beta") > 0.99L);  // c1 |psi_r| S
  CHECK(grown.at("G") > 0.93L);            // c1 L1^2 kap Gs^2 S^2
  const std::map<std::string, Long> turned = ratios(far(1e-3L, 1), 9000);
  CHECK(turned.at("beta") > 0.99L);         // c2 kap1 S^2
  CHECK(turned.at("row of beta") > 0.99L);  // c3 L1 sqrt(kap) |beta_r| S
  CHECK(turned.at("A") > 0.99L);            // c1 L1 kap s2 S
  CHECK(turned.at("G") > 0.93L);            // c2 kap1 S^3 / 3
  CHECK(turned.at("top") > 0.99L);
  CHECK(ratios(far(1, 1e-3L), 9000).at("A") > 0.95L);  // c3 sqrt(kap) Gs S
  // psi curved, Psi(0) = -2: beta falls, the slope falls, and psi bends, all one way. The terms are
  // c1 L1^2 kap Gs^2, L1^2 L2 s4 Gs kap k_max and L1^2 L2 s4 Gs |k o k|, here 4 c1, 2 and 2.
  const std::map<std::string, Long> curved =
      ratios(one_way(extreme_psi(-2), true, 0, 1, -1, 1e-5L), 60);
  CHECK(curved.at("G") > 0.93L);
  // beta(0) is nearly 0 and grows by Gs S: what is left of C_v is what beta has become. psi' is 1
  // where the run ends, about u = 0.5.
  Network grows = one_way(rising_psi(2, 0.5L), true, 0, 1e-6L, 0, 1e-8L, 1);
  grows.y(0, 0) = grows.error()(0, 0) + 1e4L;
  const std::map<std::string, Long> last = ratios(grows, 7000);
  CHECK(last.at("v") > 0.5L);
}

namespace {

/// At most `failures` of `trials` have probability 1e-6 or more where each fails with probability
/// 0.2 at most. The level of this file's statements on shares: 1e-6 each.
void check_share(const std::string& line, std::size_t failures, std::size_t trials) {
  INFO(line << ": " << failures << " of " << trials << " fail; the line allows 0.2");
  CHECK(statistics::binomial_at_least(failures, trials, 0.2) > 1e-6);
}

}  // namespace

TEST_CASE("each line of the good event fails as rarely as it says", "[bounds][apriori]") {
  constexpr std::size_t trials = 2000;
  constexpr double d = 0.2;
  Shares shares;
  shares.of.fill(d);
  struct Setting {
    Psi psi;
    Eigen::Index n, k, p;
  };
  // With one sample and many outputs the factors of k are seen, with more samples those of n.
  for (const auto& [psi, n, k, p] :
       {Setting{tanh_psi, 2, 2, 25}, Setting{softplus_psi, 1, 8, 50}}) {
    Draw draw(7);
    const Mat X = draw.normals(n, 4).rowwise().normalized();
    std::map<std::string, std::size_t> fails;
    const auto count = [&](const std::string& line, double seen, double bound) {
      fails[line] += !(seen <= bound);
    };
    for (std::size_t trial = 0; trial < trials; ++trial) {
      Network net;
      net.psi = psi, net.K = X * X.transpose(), net.A = draw.normals(p, 4) * X.transpose();
      net.b = draw.normals(p, k), net.beta = draw.normals(p, k);
      net.y = Mat::Ones(n, k);
      const AprioriData<double> with_y = [&] {
        AprioriData<double> data = data_of(net);
        data.y = static_cast<double>(net.y.norm());
        return data;
      }();
      const double width = static_cast<double>(p), root_p = std::sqrt(width), L11 = psi.L1 * psi.L1;
      const Mat Psi0 = net.Psi_at(), D = map(net.A, psi.slope), D2 = map(net.A, psi.curvature);
      const OutputMoments<double> bounds = output_moments(double(k), width, shares);
      const double s2 = static_cast<double>(spectral(net.b)) / root_p;
      const double s4 = joint_sup(net.b, net.b, draw);
      const double row = static_cast<double>(net.b.rowwise().norm().maxCoeff());
      count("b2", s2, bounds.s2);
      count("b4", s4, bounds.s4);
      count("row", row, bounds.row);
      // Given b. (With lines Q and Q3 together; each may fail.)
      count("Q", joint_sup(net.beta, net.b, draw), joint_moment(double(k), width, shares, row));
      // Given W, or W and b: the lines with the numbers of this very draw.
      const GramBounds<double> gram = gram_of(Psi0);
      count("E", static_cast<double>(net.error().norm()), initial_error(with_y, shares, gram));
      count("H", static_cast<double>(spectral(form(net.K, D, D, net.beta, net.b))),
            initial_H(with_y, width, shares, s2));
      Mat T = Mat::Zero(n * n, n * k);
      for (Eigen::Index r = 0; r < p; ++r)
        for (Eigen::Index l = 0; l < n; ++l)
          for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j)
              for (Eigen::Index c = 0; c < k; ++c)
                T(l * n + i, j * k + c) +=
                    net.b(r, c) * Psi0(r, l) * D(r, i) * net.K(i, j) * D(r, j);
      count("Lb", static_cast<double>(spectral(T)),
            L11 * root_p * tensor_in_b(with_y, shares, gram));
      // L_2: largest trilinear value, by alternating maximisation (never above it).
      Long largest = 0;
      for (int start = 0; start < 2; ++start) {
        Mat z = draw.normals(n, k).normalized(), s = draw.normals(n, k).normalized(),
            x = draw.normals(n, k).normalized();
        for (int step = 0; step < 8; ++step) {
          Mat gz = Mat::Zero(n, k), gs = Mat::Zero(n, k), gx = Mat::Zero(n, k);
          const auto gradients = [&] {
            gz.setZero(), gs.setZero(), gx.setZero();
            for (Eigen::Index r = 0; r < p; ++r) {
              const Vec Dr = D.row(r).transpose(), D2r = D2.row(r).transpose();
              const Vec b = net.b.row(r).transpose(), beta = net.beta.row(r).transpose();
              const Vec sb = s * b, xb = x * b, zb = z * beta;
              const Vec q = D2r.cwiseProduct(net.K * Dr.cwiseProduct(sb));
              const Vec Kx = net.K * Dr.cwiseProduct(xb);
              const Vec DKqx = Dr.cwiseProduct(net.K * q.cwiseProduct(xb));
              gz += (q.cwiseProduct(Kx) + DKqx) * beta.transpose();
              const Vec KDz = net.K * Dr.cwiseProduct(zb);
              gx += (Dr.cwiseProduct(net.K * zb.cwiseProduct(q)) + q.cwiseProduct(KDz)) *
                    b.transpose();
              const Vec dq = zb.cwiseProduct(Kx) + xb.cwiseProduct(KDz);
              gs += Dr.cwiseProduct(net.K * D2r.cwiseProduct(dq)) * b.transpose();
            }
          };
          gradients(), z = gz.normalized();
          gradients(), s = gs.normalized();
          gradients(), x = gx.normalized();
          largest = std::max(largest, gx.norm());
        }
      }
      count("Lbeta", static_cast<double>(largest),
            2 * L11 * psi.L2 * s4 * root_p * tensor_in_beta(with_y, shares));
    }
    CHECK(fails.size() == 8);
    for (const auto& [line, failures] : fails) check_share(psi.name + " " + line, failures, trials);
  }
}

namespace {

AprioriData<RealBall<Mpfr>> sphere_data(const Activation& psi, std::size_t n, std::size_t d,
                                        std::size_t k) {
  DataSpec spec;
  spec.n = n, spec.d = d, spec.k = k, spec.seed = 5;
  const Data data = make_data(spec);
  return apriori_data(psi, data.X, data.y, enclose_limit_kernel(psi, data.X, 30));
}

}  // namespace

TEST_CASE("widths of k outputs: near those of one at k = 1, and growing like k",
          "[bounds][apriori]") {
  const ScopedDigits digits(width_digits);
  for (const Activation psi : {Activation(Activation::tanh), Activation(Activation::identity)}) {
    const AprioriData<RealBall<Mpfr>> one = sphere_data(psi, 5, 100, 1);
    const auto width = [&](const AprioriData<RealBall<Mpfr>>& data, const AprioriVariant& variant) {
      const auto found = width_sufficient(data, 0.2, variant, 0.1, usual_split());
      REQUIRE(found);
      return found->p;
    };
    const AprioriVariant outputs = outputs_variant(psi, DriftBound::second_order);
    const double sharp = width(one, one_output_variant(psi, DriftBound::second_order));
    const double general = width(one, outputs);
    INFO(to_string(psi) << ": " << sharp << " by the bounds of one output, " << general
                        << " by those of k");
    CHECK(general < 1.5 * sharp);
    CHECK(general > 0.8 * sharp);
    for (const bool bp : {false, true}) {
      double last = 0;
      for (const std::size_t k : {4, 8, 16}) {
        const double p =
            width(sphere_data(psi, 5, 100, k), bp ? backpropagation_variant(psi) : outputs);
        INFO(to_string(psi) << (bp ? " bp" : " fa") << ", k = " << k << ": " << p << " after "
                            << last);
        if (last > 0) CHECK(p < 2.6 * last);
        if (last > 0) CHECK(p > 1.3 * last);
        last = p;
      }
    }
  }
}

TEST_CASE("no more outputs than a variant is for", "[bounds][apriori]") {
  const ScopedDigits digits(width_digits);
  const AprioriData<double> two = in_doubles(sphere_data(Activation::identity, 2, 5, 2));
  const AprioriVariant variant = one_output_variant(Activation::identity, DriftBound::second_order);
  CHECK_THROWS_AS(variant.in_doubles(two, 1e4, shares_of(usual_split(), variant.lines, 0.1), {}),
                  std::logic_error);
}

TEST_CASE("runs at a sufficient width do what Theorem P says", "[bounds][apriori]") {
  const ScopedDigits digits(width_digits);
  const double eta = 0.2;
  for (const bool bp : {false, true}) {
    const std::size_t n = 2, k = 2;
    DataSpec spec;
    spec.n = n, spec.d = 20, spec.k = k, spec.seed = 3;
    const Data data = make_data(spec);
    const Activation psi = Activation::identity;
    const auto known = apriori_data(psi, data.X, data.y, enclose_limit_kernel(psi, data.X, 30));
    const auto width = width_sufficient(
        known, eta, apriori_variant(psi, bp ? Rule::bp : Rule::fa, k), 0.1, usual_split());
    REQUIRE(width);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Draw draw(seed);
      Network net;
      net.psi = identity_psi, net.bp = bp, net.eta = eta;
      const Mat X = matrix_from<Long>(data.X);
      const auto p = static_cast<Eigen::Index>(width->p);
      net.K = X * X.transpose(), net.A = draw.normals(p, X.cols()) * X.transpose();
      net.b = draw.normals(p, k), net.beta = draw.normals(p, k);
      net.y = matrix_from<Long>(data.y);
      const Network start = net;
      Long size = net.error().norm(), S = 0;
      const Long rate = width->rate.mid.convert_to<Long>();
      for (int t = 0; t < 60; ++t) {
        S += net.eta * size;
        net.step();
        const Long next = net.error().norm();
        CHECK(next <= rate * size);
        size = next;
      }
      CHECK(S <= static_cast<Long>(width->S));
      CHECK((net.beta - start.beta).norm() <= width->rho.mid.convert_to<Long>());
      CHECK((net.A - start.A).norm() <= width->A_displacement.mid.convert_to<Long>());
      CHECK(width->kappa.has_value() == !bp);
      if (width->kappa)
        CHECK(std::abs(net.b.cwiseProduct(net.beta).sum()) / (net.b.norm() * net.beta.norm()) <=
              width->kappa->mid.convert_to<Long>() / std::sqrt(net.p()));
    }
  }
}
