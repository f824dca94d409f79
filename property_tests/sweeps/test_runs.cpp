// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/sweep.hpp>

#include <cmath>

#include <alignproof/dynamics/instances.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/random/normal.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

/// The published loss (1/n) |f - y|^2 and its gradient steps, written out in weights: what eta and
/// lambda must amount to.
RunResult plain(const RunSpec& spec, std::size_t steps) {
  const auto n = static_cast<Eigen::Index>(spec.n), d = static_cast<Eigen::Index>(spec.d),
             p = static_cast<Eigen::Index>(spec.width);
  const auto normals = [&](Stream stream, Eigen::Index rows, Eigen::Index cols) {
    Eigen::MatrixXd m(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
      for (Eigen::Index j = 0; j < cols; ++j)
        m(i, j) = standard_normal(spec.seed, stream, static_cast<std::uint32_t>(i),
                                  static_cast<std::uint32_t>(j));
    return m;
  };
  const Eigen::MatrixXd X = normals(Stream::X, n, d);
  Eigen::MatrixXd W = normals(Stream::W, p, d);
  Eigen::VectorXd beta = normals(Stream::beta, p, 1);
  const Eigen::VectorXd b = normals(Stream::b, p, 1);
  const double root = std::sqrt(static_cast<double>(p));
  const auto psi = [&](double a) {
    return spec.activation == Activation::identity ? a
           : spec.activation == Activation::relu   ? std::max(a, 0.0)
           : spec.activation == Activation::tanh   ? std::tanh(a)
                                                   : 1 / (1 + std::exp(-a));
  };
  const auto slope = [&](double a) {
    const double s = psi(a);
    return spec.activation == Activation::identity ? 1.0
           : spec.activation == Activation::relu   ? (a > 0 ? 1.0 : 0.0)
           : spec.activation == Activation::tanh   ? 1 - s * s
                                                   : s * (1 - s);
  };
  Eigen::VectorXd y;
  if (spec.targets == Targets::network)
    y = (normals(Stream::teacher_W, p, d) * X.transpose()).unaryExpr(psi).transpose() *
        normals(Stream::teacher, p, 1) / root;
  else
    y = X * normals(Stream::teacher, d, 1);
  RunResult result;
  for (std::size_t t = 0;; ++t) {
    const Eigen::MatrixXd A = W * X.transpose(), Psi = A.unaryExpr(psi), D = A.unaryExpr(slope);
    const Eigen::VectorXd e = Psi.transpose() * beta / root - y;
    if (t == steps) {
      result.loss = e.squaredNorm() / static_cast<double>(n);
      result.alignment = b.dot(beta) / (b.norm() * beta.norm());
      return result;
    }
    const Eigen::VectorXd back = spec.learning == Learning::fa ? b : beta;
    const double rate = spec.step * 2 / static_cast<double>(n);  // of the gradient of the mean
    const Eigen::MatrixXd dW = (D.array() * (back * e.transpose()).array()).matrix() * X / root;
    beta -= rate * (Psi * e / root) + spec.step * spec.reg * beta;
    if (spec.learning != Learning::shallow) W -= rate * dW;
  }
}

}  // namespace

TEST_CASE("a run of a sweep is gradient descent on the published loss", "[sweeps]") {
  for (const Activation psi :
       {Activation::identity, Activation::relu, Activation::tanh, Activation::sigmoid})
    for (const Learning learning : {Learning::fa, Learning::bp, Learning::shallow})
      for (const Targets targets : {Targets::linear, Targets::network}) {
        RunSpec spec;
        spec.n = 5, spec.d = 7, spec.width = 40, spec.activation = psi, spec.learning = learning;
        spec.targets = targets, spec.step = 0.02, spec.reg = 0.3, spec.steps = 50, spec.seed = 3;
        const RunResult ours = execute(spec), theirs = plain(spec, 50);
        INFO(to_line(spec));
        CHECK(ours.steps == 50);
        CHECK(ours.loss == Approx(theirs.loss).epsilon(1e-9));
        CHECK(ours.alignment == Approx(theirs.alignment).epsilon(1e-9));
        spec.single = true;
        CHECK(execute(spec).alignment == Approx(theirs.alignment).margin(1e-4));
      }
}

TEST_CASE("a run ends when its loss has settled, never before its least number of steps",
          "[sweeps]") {
  CHECK(settled_steps(200) == 5051);     // 70710 / 14 = 5050.7
  CHECK(settled_steps(12800) == 40406);  // 565685 / 14 = 40406.07
  RunSpec spec;
  spec.n = 3, spec.d = 4, spec.width = 1, spec.activation = Activation::tanh;
  spec.step = 1e-9;
  CHECK(execute(spec).steps == 1999);  // N(1) = 357; the loss is first compared with 0
  spec.width = 200;
  CHECK(execute(spec).steps == 5051);
}

TEST_CASE("a run that diverges says where, and its line survives", "[sweeps]") {
  RunSpec spec;
  spec.n = 3, spec.d = 4, spec.width = 10, spec.activation = Activation::identity;
  spec.step = 1e5, spec.steps = 1000, spec.every = 1;
  const RunResult result = execute(spec);
  REQUIRE(result.diverged_at);
  CHECK(std::isnan(result.alignment));
  CHECK(to_line(result_from_line(to_line(result))) == to_line(result));
}

TEST_CASE("specs and results are read back as they were written", "[sweeps]") {
  RunSpec spec;
  spec.step = 0.1, spec.reg = 1e-300, spec.steps = 7, spec.every = 3, spec.single = true;
  spec.learning = Learning::shallow, spec.seed = 77;
  CHECK(spec_from_line(to_line(spec)) == spec);
  spec.steps.reset(), spec.reduced = true;
  CHECK(spec_from_line(to_line(spec)) == spec);
  RunSpec short_run;
  short_run.n = 3, short_run.d = 4, short_run.width = 9, short_run.steps = 7, short_run.every = 3;
  const RunResult result = execute(short_run);
  REQUIRE(result.trace.size() == 3);
  CHECK(result.trace[2].t == 6);
  CHECK(to_line(result_from_line(to_line(result))) == to_line(result));
}

TEST_CASE("the grid varies its last key fastest and scales replace values", "[sweeps]") {
  const Sweep sweep = read_sweep(
      "name = \"a\"\n[run]\nwidth = [10, 20]\nreg = [0, 1]\nseeds = 2\n[scale.smoke]\nwidth = 5\n",
      "full");
  REQUIRE(sweep.runs.size() == 8);
  CHECK(sweep.runs[1].seed == 2);
  CHECK(sweep.runs[2].reg == 1);
  CHECK(sweep.runs[4].width == 20);
  const Sweep smoke = read_sweep(
      "name = \"a\"\n[run]\nwidth = [10, 20]\nreg = [0, 1]\nseeds = 2\n[scale.smoke]\nwidth = 5\n",
      "smoke");
  CHECK(smoke.runs.size() == 4);
  CHECK(smoke.runs[0].width == 5);
}
