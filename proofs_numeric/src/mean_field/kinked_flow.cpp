// SPDX-License-Identifier: Apache-2.0
// Homogeneous psi with a kink at 0. While no coordinate of a unit changes its sign, the unit moves
// by K (psi' o (dM b)) as M = int m dLambda moves by dM, whatever the way of M between. Steps of M
// are by the classical method of Runge and Kutta; in each stage units follow a straight line of M
// exactly, from kink to kink. What is lost is what the way of M is bent by while a unit crosses, of
// order h^2; two half steps beside each whole one extrapolate it away.
#include <algorithm>
#include <cmath>
#include <vector>

#include <alignproof/core/error.hpp>

#include "mean_field/flow.hpp"
#include "mean_field/particles.hpp"

namespace alignproof::inline mean_field::detail {

namespace {

/// One unit along a straight line of M: a' = K (sigma o w), w = dM b, for time 1, where sigma_i is
/// `right` or `left` of a_i = 0 and between them at it (Filippov).
class UnitPath {
 public:
  UnitPath(const Matrix<double>& K, double left, double right)
      : K_(K), left_(left), right_(right), x_(K.rows()), v_(K.rows()), sliding_(K.rows()) {}

  void follow(Vector<double>& a, const Vector<double>& w) {
    const Eigen::Index n = a.size();
    for (Eigen::Index i = 0; i < n; ++i) x_(i) = (a(i) > 0 ? right_ : left_) * w(i);
    double remaining = 1;
    // Each event is a coordinate that arrives at 0; more than a few of each do not come.
    for (Eigen::Index events = 0; events <= 16 * n + 64; ++events) {
      settle(a, w);
      double until = remaining;
      Eigen::Index hit = -1;
      for (Eigen::Index i = 0; i < n; ++i) {
        if (!((a(i) > 0 && v_(i) < 0) || (a(i) < 0 && v_(i) > 0))) continue;
        const double arrives = -a(i) / v_(i);
        if (arrives < until) until = arrives, hit = i;
      }
      for (Eigen::Index i = 0; i < n; ++i)
        if (!sliding_[static_cast<std::size_t>(i)]) a(i) += until * v_(i);
      if (hit < 0) return;
      // It goes on to the other side unless it is pushed back, which `settle` sees.
      x_(hit) = (v_(hit) < 0 ? left_ : right_) * w(hit);
      a(hit) = 0;
      remaining -= until;
    }
  }

 private:
  /// x = sigma o w at the coordinates that are 0, and v = K x. Where the sides push apart, or not
  /// at all, sigma stays as it is, or changes if it points to the other side. Where they push
  /// together v is that of the least x^T K x / 2 in these coordinates, sigma within its limits.
  void settle(const Vector<double>& a, const Vector<double>& w) {
    v_.noalias() = K_ * x_;
    std::fill(sliding_.begin(), sliding_.end(), false);
    const auto set = [&](Eigen::Index i, double x) {
      v_ += K_.col(i) * (x - x_(i));
      x_(i) = x;
    };
    bool changed = true;
    for (int sweep = 0; changed && sweep < 200; ++sweep) {
      changed = false;
      for (Eigen::Index i = 0; i < a.size(); ++i) {
        if (a(i) != 0 || w(i) == 0) continue;
        const double low = right_ * w(i), high = left_ * w(i);  // where v > 0; where v < 0
        double x = x_(i);
        if (low < high && K_(i, i) > 0)
          x = std::clamp(x - v_(i) / K_(i, i), low, high);
        else if (sweep == 0)
          x = v_(i) > 0 ? low : v_(i) < 0 ? high : x;
        if (std::abs(x - x_(i)) > 1e-15 * (high - low)) changed = true;
        if (x != x_(i)) set(i, x);
      }
    }
    for (Eigen::Index i = 0; i < a.size(); ++i) {
      const double low = right_ * w(i), high = left_ * w(i);
      if (a(i) == 0 && (w(i) == 0 || (low < x_(i) && x_(i) < high)))
        sliding_[static_cast<std::size_t>(i)] = w(i) != 0;
    }
  }

  const Matrix<double>& K_;
  double left_, right_;
  Vector<double> x_, v_;
  std::vector<bool> sliding_;
};

class KinkedFlow final : public Flow {
 public:
  KinkedFlow(const FlowSetting& setting, const Cloud& cloud)
      : setting_(setting), left_(-slope(setting, -1)), right_(slope(setting, 1)) {
    for (Eigen::Index first = 0; first < cloud.a.rows(); first += block_rows) {
      const Eigen::Index rows = std::min(block_rows, cloud.a.rows() - first);
      Block& block = blocks_.emplace_back();
      block.coarse = block.fine = cloud.a.middleRows(first, rows);
      block.b = cloud.b.middleRows(first, rows);
      block.weight = cloud.weight.segment(first, rows);
    }
    const double trace = setting.data.K.trace();
    per_unit_ = std::max(std::abs(left_), std::abs(right_)) * norm(setting.data.K) /
                (trace > 0 ? std::sqrt(trace) : 1);
    now_.b_square = cloud.weight.dot(cloud.b.rowwise().squaredNorm());
    const Matrix<double> nowhere =
        Matrix<double>::Zero(setting.data.Y.rows(), setting.data.Y.cols());
    coarse_ = fine_ = now_ = moved(&Block::coarse, nowhere);
    const double rate = norm(m(now_, 0)) * per_unit_;
    next_ = rate > 0 ? 0.05 / rate : std::numeric_limits<double>::infinity();
  }

  std::unique_ptr<Flow> clone() const override { return std::make_unique<KinkedFlow>(*this); }
  const Moments& moments() const override { return now_; }

  void step(double last) override {
    for (;;) {
      const double h = limited(next_, Lambda_, last);
      if (h < last - Lambda_ && !(Lambda_ + h / 16 > Lambda_))
        refuse_steps(Lambda_, setting_.tolerance);
      double most = 0;
      const Change change = runge_kutta(&Block::coarse, coarse_, Lambda_, h, most);
      // The estimate is of order h^3, what it stands for of order h^5.
      const double error = std::pow(per_unit_ * norm(change.error), 5. / 3);
      const double share = error / setting_.tolerance;
      const double factor = share > 0 ? std::clamp(0.9 * std::pow(share, -0.2), 0.2, 5.0) : 5.0;
      if (!(share <= 1)) {
        next_ = share > 1 ? h * factor : h / 10;
        continue;
      }
      next_ = h < next_ ? std::max(next_, h * factor) : h * factor;
      coarse_ = moved(&Block::coarse, change.M, true);
      for (int half = 0; half < 2; ++half) {
        const Change small = runge_kutta(&Block::fine, fine_, Lambda_ + half * h / 2, h / 2, most);
        fine_ = moved(&Block::fine, small.M, true);
      }
      now_.G = (4 * fine_.G - coarse_.G) / 3;
      now_.phi = (4 * fine_.phi - coarse_.phi) / 3;
      drift_ += h * most;
      Lambda_ = h == last - Lambda_ ? last : Lambda_ + h;
      return;
    }
  }

 private:
  struct Block {
    Matrix<double> coarse, fine, b;
    Vector<double> weight;
  };
  struct Change {
    Matrix<double> M, error;
  };

  static double slope(const FlowSetting& setting, double at) { return setting.psi.psi(at); }

  Matrix<double> m(const Moments& moments, double Lambda) const {
    return field(moments.G, setting_.data.Y, setting_.penalty.at_Lambda(Lambda));
  }

  Change runge_kutta(Matrix<double> Block::*a, const Moments& start, double Lambda, double h,
                     double& most) {
    const Matrix<double> m1 = m(start, Lambda);
    const Matrix<double> m2 = m(moved(a, h / 2 * m1), Lambda + h / 2);
    const Matrix<double> m3 = m(moved(a, h / 2 * m2), Lambda + h / 2);
    const Matrix<double> m4 = m(moved(a, h * m3), Lambda + h);
    for (const Matrix<double>* each : {&m1, &m2, &m3, &m4}) most = std::max(most, each->norm());
    return {h / 6 * (m1 + 2 * m2 + 2 * m3 + m4), h / 6 * (m1 - m2 - m3 + m4)};
  }

  /// Moments after a straight line of M by dM; the particles stay there if `keep`.
  Moments moved(Matrix<double> Block::*a, const Matrix<double>& dM, bool keep = false) {
    const Eigen::Index n = setting_.data.K.rows(), k = setting_.data.Y.cols();
    const Matrix<double>& K = setting_.data.K;
    auto sums = sum_over_blocks(
        blocks_.size(), setting_.jobs, {{n, n}, {n, k}},
        [&](std::size_t index, std::vector<Matrix<double>>& sum) {
          Block& block = blocks_[index];
          const Matrix<double>& from = block.*a;
          const Matrix<double> w = block.b * dM.transpose();
          Matrix<double> to = (from.array() > 0).matrix().select(right_ * w, left_ * w) * K;
          to += from;
          UnitPath path(K, left_, right_);
          for (Eigen::Index r = 0; r < to.rows(); ++r) {
            bool same = true;
            for (Eigen::Index i = 0; i < n; ++i) same = same && from(r, i) * to(r, i) > 0;
            if (same) continue;
            Vector<double> unit = from.row(r).transpose();
            path.follow(unit, w.row(r).transpose());
            to.row(r) = unit.transpose();
          }
          const Matrix<double> Psi = (to.array() > 0).matrix().select(right_ * to, left_ * to);
          const Matrix<double> weighted = Psi.array().colwise() * block.weight.array();
          sum[0].noalias() += weighted.transpose() * Psi;
          sum[1].noalias() += weighted.transpose() * block.b;
          if (keep) block.*a = std::move(to);
        });
    return {(sums[0] + sums[0].transpose()) / 2, sums[1], now_.b_square};
  }

  FlowSetting setting_;
  double left_, right_;  ///< psi' on the two sides of 0
  std::vector<Block> blocks_;
  Moments coarse_, fine_, now_;
  double per_unit_ = 0;  ///< how far a unit goes, relative to a(0), for |dM| = 1
  double next_ = 0;
};

}  // namespace

std::unique_ptr<Flow> kinked_flow(const FlowSetting& setting, const Cloud& cloud) {
  return std::make_unique<KinkedFlow>(setting, cloud);
}

}  // namespace alignproof::inline mean_field::detail
