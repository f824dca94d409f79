// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/runs.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/fused.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline mean_field {

namespace {

/// A network as a run sees it.
class Network {
 public:
  virtual ~Network() = default;
  virtual void advance(std::size_t steps) = 0;
  virtual std::size_t t() const = 0;
  virtual std::optional<std::size_t> diverged_at() const = 0;
  virtual Matrix<double> e() const = 0;     ///< n x k
  virtual Matrix<double> b() const = 0;     ///< p x k
  virtual Matrix<double> beta() const = 0;  ///< p x k
};

/// The step of dynamics/step.hpp, done block by block of hidden units, each of which stays in the
/// cache: blocks have nothing in common but e, a sum over all units.
class Blocks final : public Network {
 public:
  Blocks(const Problem<double>& problem, const KernelState<double>& state)
      : sqrt_p_(problem.sqrt_p), y_(problem.y), p_(problem.p()) {
    for (Eigen::Index first = 0; first < p_; first += units_of_block) {
      const Eigen::Index units = std::min(units_of_block, p_ - first);
      const auto rows = [&](const Matrix<double>& all) { return all.middleRows(first, units); };
      Block block{problem, {}, {}};
      block.problem.b = rows(problem.b);
      block.state = {rows(state.A), rows(state.beta), Matrix<double>::Zero(units, problem.n()),
                     rows(state.b)};
      blocks_.push_back(std::move(block));
    }
    sum_.setZero(y_.rows(), y_.cols());
    for (Block& block : blocks_) forward(block);
    observe();
  }

  void advance(std::size_t steps) override {
    for (; steps > 0 && !diverged_at_; --steps) {
      sum_.setZero();
      for (Block& block : blocks_) {
        block.at.e = e_;
        step(block.problem, block.at, t_, block.state);
        forward(block);
      }
      ++t_;
      observe();
    }
  }
  std::size_t t() const override { return t_; }
  std::optional<std::size_t> diverged_at() const override { return diverged_at_; }
  Matrix<double> e() const override { return e_; }
  Matrix<double> b() const override {
    return gathered([](const Block& block) -> const Matrix<double>& { return block.state.b; });
  }
  Matrix<double> beta() const override {
    return gathered([](const Block& block) -> const Matrix<double>& { return block.state.beta; });
  }

 private:
  struct Block {
    Problem<double> problem;  ///< of these units, divided by the sqrt p of all
    KernelState<double> state;
    Forward<double> at;
  };
  static constexpr Eigen::Index units_of_block = 512;

  void forward(Block& block) {
    activate(block.problem.psi, block.state.A, block.at.Psi, block.at.D);
    sum_.noalias() += block.at.Psi.transpose() * block.state.beta;
  }
  void observe() {
    e_ = sum_ / sqrt_p_ - y_;
    if (!(e_.norm() <= divergence_threshold)) diverged_at_ = t_;
  }
  template <class Part>
  Matrix<double> gathered(const Part& part) const {
    Matrix<double> all(p_, y_.cols());
    Eigen::Index first = 0;
    for (const Block& block : blocks_) {
      all.middleRows(first, part(block).rows()) = part(block);
      first += part(block).rows();
    }
    return all;
  }

  double sqrt_p_;
  Matrix<double> y_, e_, sum_;
  Eigen::Index p_;
  std::vector<Block> blocks_;
  std::size_t t_ = 0;
  std::optional<std::size_t> diverged_at_;
};

class Fused final : public Network {
 public:
  Fused(const Problem<double>& problem, const KernelState<double>& state)
      : b_(problem.b), run_(problem, state) {}

  void advance(std::size_t steps) override { run_.advance(steps); }
  std::size_t t() const override { return run_.t(); }
  std::optional<std::size_t> diverged_at() const override { return run_.diverged_at(); }
  Matrix<double> e() const override { return run_.error(); }
  Matrix<double> b() const override { return b_; }
  Matrix<double> beta() const override { return run_.beta(); }

 private:
  Matrix<double> b_;
  FusedRun<double> run_;
};

std::unique_ptr<Network> start(const Instance& instance, const LearningRule& rule) {
  const auto problem = problem_from<double>(instance, rule);
  const KernelState<double> state = initial_kernel(problem, instance);
  if (properties(problem.psi).fused && has_fast_form(rule) && problem.k() == 1)
    return std::make_unique<Fused>(problem, state);
  return std::make_unique<Blocks>(problem, state);
}

/// X with X X^T = K: eigenvectors times the roots of the eigenvalues.
Data data_with(const LawData& data) {
  const Eigensystem system = eigensystem(data.K);
  const Vector<double> roots = system.values.cwiseMax(0).cwiseSqrt();
  const Matrix<double> X = system.vectors * roots.asDiagonal();
  const auto n = static_cast<std::size_t>(data.K.rows());
  Data made{"K", "", array_from(X), array_from(data.Y)};
  made.X.shape = {n, n};
  return made;
}

/// The signs of b in its place.
void keep_signs(Array& b) {
  for (double& x : b.values) x = x < 0 ? -1 : 1;
}

/// What a run is at now, and where.
struct Angles {
  double cosine, signal, error;
};

Angles angles_of(const Network& network) {
  const Matrix<double> b = network.b(), beta = network.beta(), e = network.e();
  // With one output beta e_i and b e_i are beta and b up to a factor.
  const double cos = cosine(b, beta);
  return {cos, e.cols() == 1 && (e.array() != 0).all() ? cos : signal_cosine(b, beta, e), e.norm()};
}

NetworkSlowRun follow(Network& network, const std::vector<std::size_t>& stops,
                      std::size_t steps_after, double noise) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> nothing(stops.size(), none);
  NetworkSlowRun run{{nothing, nothing, none, none, std::nullopt}, nothing, none};
  for (std::size_t k = 0; k < stops.size() && !network.diverged_at(); ++k) {
    network.advance(stops[k] - network.t());
    if (network.diverged_at()) break;
    const Angles now = angles_of(network);
    run.cosine[k] = now.cosine, run.signal[k] = now.signal, run.error[k] = now.error;
  }
  // From the last stop on there is no penalty.
  constexpr std::size_t look_every = 16;
  const std::size_t last = network.t() + steps_after;
  while (!network.diverged_at() && network.t() < last && network.e().norm() > noise)
    network.advance(std::min(look_every, last - network.t()));
  run.diverged_at = network.diverged_at();
  if (run.diverged_at) return run;
  const Angles now = angles_of(network);
  run.after_cut = now.cosine, run.signal_after_cut = now.signal, run.error_after_cut = now.error;
  return run;
}

}  // namespace

bool NetworkSlowRuns::any_diverged() const {
  return cosines().any_diverged();
}

WidthRuns NetworkSlowRuns::cosines() const {
  WidthRuns all{p, {}};
  for (const auto& of_width : runs) all.runs.emplace_back(of_width.begin(), of_width.end());
  return all;
}

std::size_t steps_until(double tau, double eta, double p, double power) {
  return static_cast<std::size_t>(std::ceil(tau * std::pow(p, power) / eta));
}

Penalty penalty_by_steps(const SlowPenalty& penalty, double eta, double p, double power) {
  Penalty by_steps;
  by_steps.lambda = penalty.lambda, by_steps.decay = penalty.decay;
  const double of_step = eta / std::pow(p, power);  // slow time
  if (std::isfinite(penalty.cut)) by_steps.cut = steps_until(penalty.cut, eta, p, power);
  switch (penalty.decay) {
    case Decay::constant:
      break;
    case Decay::geometric:
      by_steps.scale = std::pow(penalty.scale, of_step);
      break;
    case Decay::inverse_square:
      by_steps.scale = penalty.scale / of_step;
      break;
  }
  return by_steps;
}

NetworkSlowRuns run_networks(const LawData& data, const Activation& psi, const NetworkRuns& runs,
                             const std::vector<double>& times, std::size_t jobs,
                             Progress& progress) {
  require_valid(data);
  require_valid(runs.penalty);
  if (!std::is_sorted(times.begin(), times.end()) || (!times.empty() && !(times.front() >= 0)))
    throw InputError("slow times", "some that are negative or not in order", "ascending, >= 0");
  const Data made = data_with(data);
  const std::size_t seeds = runs.seeds, count = runs.widths.size();
  NetworkSlowRuns all;
  for (const std::size_t p : runs.widths) {
    if (p < 1) throw InputError("width", fmt::format("{}", p), "1 or more");
    all.p.push_back(static_cast<double>(p));
    all.runs.emplace_back(seeds);
  }
  const auto steps_of = [&](std::size_t w, double tau) {
    return steps_until(tau, runs.eta, all.p[w], runs.power);
  };
  const auto units = [&](std::size_t w) {
    const auto steps = static_cast<double>(steps_of(w, times.empty() ? 0 : times.back()));
    return static_cast<std::size_t>(steps * all.p[w] * 1e-6) + 1;
  };
  for (std::size_t w = 0; w < count; ++w) progress.expect(seeds * units(w));
  // The widest first: nobody waits for one long run at the end.
  parallel_for(count * seeds, jobs, [&](std::size_t k) {
    const std::size_t w = count - 1 - k / seeds, s = k % seeds;
    std::vector<std::size_t> stops;
    for (const double tau : times) stops.push_back(steps_of(w, tau));
    NetworkSpec spec;
    spec.activation = psi, spec.p = runs.widths[w], spec.eta = runs.eta;
    spec.penalty = penalty_by_steps(runs.penalty, runs.eta, all.p[w], runs.power);
    spec.penalty.cut = std::min(spec.penalty.cut, stops.empty() ? 0 : stops.back());
    spec.seed = runs.seed * 1000000 + w * 100000 + s;
    Instance instance = make_instance(made, spec);
    switch (runs.feedback) {
      case FeedbackLaw::normal:
        break;
      case FeedbackLaw::signs:
        keep_signs(instance.b);
        break;
    }
    const auto network = start(instance, runs.rule);
    instance = {};
    all.runs[w][s] = follow(*network, stops, runs.steps_after, runs.noise * data.Y.norm());
    progress.advance(units(w));
  });
  return all;
}

double memory_of_network(std::size_t p, std::size_t n, std::size_t k) {
  // While it starts, the instance and the state of the whole network stand beside its blocks.
  return static_cast<double>(p) * (7 * static_cast<double>(n) + 10 * static_cast<double>(k)) *
         sizeof(double);
}

}  // namespace alignproof::inline mean_field
