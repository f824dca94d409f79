// SPDX-License-Identifier: Apache-2.0
// A cloud on its way along the law, in Lambda.
#pragma once

#include <memory>

#include <alignproof/mean_field/law.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof::inline mean_field::detail {

/// What the error returns through.
enum class Return {
  feedback,        ///< b: (N1)
  output_weights,  ///< beta sqrt p = m^T psi(a): (N7)
};

struct FlowSetting {
  const LawData& data;
  const ActivationOver<double>& psi;
  const SlowPenalty& penalty;
  Return through;
  double tolerance;
  std::size_t jobs;
};

class Flow {
 public:
  virtual ~Flow() = default;
  virtual std::unique_ptr<Flow> clone() const = 0;
  /// One step of the length that the error allows, at most up to `last`.
  virtual void step(double last) = 0;
  /// G, phi = E psi(a) b^T and E|b|^2 of where the particles are.
  virtual const Moments& moments() const = 0;

  double Lambda() const { return Lambda_; }
  /// int |m|_F dLambda from above: the largest |m|_F seen in each step times its length.
  double drift() const { return drift_; }
  void advance(double to) {
    while (Lambda_ < to) step(to);
  }

 protected:
  Flow() = default;
  Flow(const Flow&) = default;
  Flow& operator=(const Flow&) = delete;

  double Lambda_ = 0, drift_ = 0;
};

/// (lambda + G)^{-1} Y.
Matrix<double> field(const Matrix<double>& G, const Matrix<double>& Y, double lambda);

/// Spectral norm.
double norm(const Matrix<double>& m);

/// [[noreturn]] in one line, on steps that become too small.
[[noreturn]] void refuse_steps(double Lambda, double tolerance);

/// Lambda and the step to `last`, whose end is `last` itself where that is near.
double limited(double step, double Lambda, double last);

std::unique_ptr<Flow> smooth_flow(const FlowSetting& setting, const Cloud& cloud);
std::unique_ptr<Flow> kinked_flow(const FlowSetting& setting, const Cloud& cloud);

}  // namespace alignproof::inline mean_field::detail
