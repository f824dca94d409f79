// SPDX-License-Identifier: Apache-2.0
// Where psi' is Lipschitz: the method of Dormand and Prince, of order 5 with an error of order 4.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>

#include "mean_field/flow.hpp"
#include "mean_field/particles.hpp"

namespace alignproof::inline mean_field::detail {

Matrix<double> field(const Matrix<double>& G, const Matrix<double>& Y, double lambda) {
  Matrix<double> shifted = G;
  shifted.diagonal().array() += lambda;
  return solve_symmetric(shifted, Y);
}

double norm(const Matrix<double>& m) {
  return m.cols() == 1 ? m.norm() : spectral_norm(m);
}

void refuse_steps(double Lambda, double tolerance) {
  throw InputError("tolerance", fmt::format("{}", tolerance),
                   fmt::format("a larger one: steps at Lambda = {} are too small", Lambda));
}

double limited(double step, double Lambda, double last) {
  return step > 0.999 * (last - Lambda) ? last - Lambda : step;
}

namespace {

constexpr std::size_t stages = 7;
constexpr double node[stages] = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
constexpr double row[stages][stages - 1] = {
    {},
    {1. / 5},
    {3. / 40, 9. / 40},
    {44. / 45, -56. / 15, 32. / 9},
    {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
    {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}};
/// Order 5 minus order 4.
constexpr double difference[stages] = {71. / 57600,      0,          -71. / 16695, 71. / 1920,
                                       -17253. / 339200, 22. / 525., -1. / 40};

struct Block {
  Matrix<double> a, b;
  Vector<double> weight;
  std::array<Matrix<double>, stages> rate;  ///< da / dLambda at the stages
  Matrix<double> at, Psi, D;                ///< at the stage
};

class SmoothFlow final : public Flow {
 public:
  SmoothFlow(const FlowSetting& setting, const Cloud& cloud) : setting_(setting) {
    for (Eigen::Index first = 0; first < cloud.a.rows(); first += block_rows) {
      const Eigen::Index rows = std::min(block_rows, cloud.a.rows() - first);
      Block& block = blocks_.emplace_back();
      block.a = cloud.a.middleRows(first, rows);
      block.b = cloud.b.middleRows(first, rows);
      block.weight = cloud.weight.segment(first, rows);
    }
    const double trace = setting.data.K.trace();
    scale_ = trace > 0 ? std::sqrt(trace) : 1;
    now_.b_square = cloud.weight.dot(cloud.b.rowwise().squaredNorm());
    evaluate(0, 0, now_);
    const double rate = std::sqrt(finish_rate(0));
    next_ = rate > 0 ? 0.05 * scale_ / rate : std::numeric_limits<double>::infinity();
  }

  std::unique_ptr<Flow> clone() const override { return std::make_unique<SmoothFlow>(*this); }
  const Moments& moments() const override { return now_; }

  void step(double last) override {
    for (;;) {
      const double h = limited(next_, Lambda_, last);
      if (h < last - Lambda_ && !(Lambda_ + h / 16 > Lambda_))
        refuse_steps(Lambda_, setting_.tolerance);
      double most = m_.norm();
      Moments after = now_;
      for (std::size_t s = 1; s < stages; ++s) {
        evaluate(s, h, after);
        most = std::max(most, m_.norm());
      }
      const double error = h * std::sqrt(finish_rate(stages - 1)) / scale_;
      const double share = error / setting_.tolerance;
      const double factor = share > 0 ? std::clamp(0.9 * std::pow(share, -0.2), 0.2, 5.0) : 5.0;
      if (!(share <= 1)) {  // or not a number
        next_ = share > 1 ? h * factor : h / 10;
        m_ = first_m_;
        continue;
      }
      // A step that ended at `last` says little of those that may follow.
      next_ = h < next_ ? std::max(next_, h * factor) : h * factor;
      for (Block& block : blocks_) {
        block.a.swap(block.at);
        block.rate[0].swap(block.rate[stages - 1]);
      }
      now_ = after;
      first_m_ = m_;
      drift_ += h * most;
      Lambda_ = h == last - Lambda_ ? last : Lambda_ + h;
      return;
    }
  }

 private:
  /// Ends stage s - 1 by its rate, and begins stage s: its particles, moments and field.
  void evaluate(std::size_t s, double h, Moments& result) {
    const Eigen::Index n = setting_.data.K.rows(), k = setting_.data.Y.cols();
    const Matrix<double> before = m_;
    auto sums = sum_over_blocks(blocks_.size(), setting_.jobs, {{n, n}, {n, k}},
                                [&](std::size_t index, std::vector<Matrix<double>>& sum) {
                                  Block& block = blocks_[index];
                                  if (s > 1) set_rate(block, s - 1, before);
                                  block.at = block.a;
                                  for (std::size_t j = 0; j < s; ++j)
                                    if (row[s][j] != 0)
                                      block.at.noalias() += (h * row[s][j]) * block.rate[j];
                                  setting_.psi.apply(block.at, block.Psi, block.D);
                                  const Matrix<double> weighted =
                                      block.Psi.array().colwise() * block.weight.array();
                                  sum[0].noalias() += weighted.transpose() * block.Psi;
                                  sum[1].noalias() += weighted.transpose() * block.b;
                                });
    result.G = (sums[0] + sums[0].transpose()) / 2;
    result.phi = sums[1];
    m_ = field(result.G, setting_.data.Y, setting_.penalty.at_Lambda(Lambda_ + h * node[s]));
    if (!m_.allFinite()) refuse_steps(Lambda_, setting_.tolerance);
    if (s == 0) first_m_ = m_;
  }

  /// The rate of the last stage, and the mean square of the error of a step of length 1 by it; of
  /// the rate itself for s = 0.
  double finish_rate(std::size_t s) {
    const auto sums = sum_over_blocks(blocks_.size(), setting_.jobs, {{1, 1}},
                                      [&](std::size_t index, std::vector<Matrix<double>>& sum) {
                                        Block& block = blocks_[index];
                                        set_rate(block, s, m_);
                                        Matrix<double> error = block.rate[0];
                                        if (s > 0) {
                                          error *= difference[0];
                                          for (std::size_t j = 1; j < stages; ++j)
                                            if (difference[j] != 0)
                                              error.noalias() += difference[j] * block.rate[j];
                                        }
                                        sum[0](0, 0) +=
                                            block.weight.dot(error.rowwise().squaredNorm());
                                      });
    return sums[0](0, 0);
  }

  void set_rate(Block& block, std::size_t s, const Matrix<double>& m) const {
    Matrix<double> drive;
    switch (setting_.through) {
      case Return::feedback:
        drive.noalias() = block.b * m.transpose();
        break;
      case Return::output_weights:
        drive.noalias() = block.Psi * (m * m.transpose());
        break;
    }
    drive.array() *= block.D.array();
    block.rate[s].noalias() = drive * setting_.data.K;
  }

  FlowSetting setting_;
  std::vector<Block> blocks_;
  Moments now_;
  Matrix<double> m_, first_m_;  ///< of the stage; where the step begins
  double scale_ = 1, next_ = 0;
};

}  // namespace

std::unique_ptr<Flow> smooth_flow(const FlowSetting& setting, const Cloud& cloud) {
  return std::make_unique<SmoothFlow>(setting, cloud);
}

}  // namespace alignproof::inline mean_field::detail
