// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <type_traits>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/dynamics/fused.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/sweeps/ending.hpp>
#include <alignproof/sweeps/mean_square.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

namespace {

/// Raised with every change that gives a run other results, in any bit: stores of both do not mix.
constexpr int results_revision = 2;

NetworkSpec network_of(const RegressionSpec& spec) {
  const auto [eta, lambda] = mean_square_convention(spec.step, spec.reg, spec.n);
  NetworkSpec network;
  network.p = spec.width, network.activation = spec.activation, network.seed = spec.seed;
  network.eta = eta;
  network.penalty = spec.schedule, network.penalty.lambda = lambda;
  return network;
}

Observation nothing_at(std::size_t t) {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  return {t, nothing, nothing, {}, {}, {}, {}};
}

/// Runs until it ends. `advance(k)` does k steps; `loss()`, `alignment()` and `diverged_at()` are
/// those of now.
template <class Run>
RunResult follow(const RegressionSpec& spec, const ShareDone& tell, Run&& run) {
  Ending ending(spec);
  RunResult result;
  std::size_t t = 0;
  const auto trace = [&] {
    if (spec.every > 0 && t % spec.every == 0)
      result.trace.push_back({t, run.loss(), run.alignment(), {}, {}, {}, {}});
  };
  trace();
  while (!run.diverged_at() && !ending.reached(t)) {
    // To the next time at which something is looked at.
    std::size_t next = ending.next(t);
    if (spec.every > 0) next = std::min(next, (t / spec.every + 1) * spec.every);
    run.advance(next - t);
    if (run.diverged_at()) break;
    t = next;
    if (ending.looks(t)) ending.look(run.loss());
    trace();
    if (tell) tell(std::min(1.0, static_cast<double>(t) / static_cast<double>(ending.least())));
  }
  result.diverged = run.diverged_at().has_value();
  result.end = result.diverged ? nothing_at(*run.diverged_at())
                               : Observation{t, run.loss(), run.alignment(), {}, {}, {}, {}};
  return result;
}

template <class Real>
struct Fused {
  const RegressionSpec& spec;
  Problem<Real> problem;
  FusedRun<Real> run;

  Fused(const RegressionSpec& s, const Instance& instance)
      : spec(s),
        problem(problem_from<Real>(instance, s.learning)),
        run(problem, initial_kernel(problem, instance), {s.dropout, s.seed}) {}

  void advance(std::size_t steps) { run.advance(steps); }
  double loss() const {
    return static_cast<double>(run.error().squaredNorm()) / static_cast<double>(spec.n);
  }
  double alignment() const { return static_cast<double>(cosine(problem.b, run.beta())); }
  std::optional<std::size_t> diverged_at() const { return run.diverged_at(); }
};

template <class Real>
struct Kernel {
  const RegressionSpec& spec;
  Problem<Real> problem;
  KernelState<Real> state;
  Forward<Real> at;
  std::size_t t = 0;

  Kernel(const RegressionSpec& s, const Instance& instance)
      : spec(s),
        problem(problem_from<Real>(instance, s.learning)),
        state(initial_kernel(problem, instance)) {
    forward(problem, state, at);
  }

  void advance(std::size_t steps) {
    for (; steps > 0 && !diverged_at(); --steps) {
      step(problem, at, t++, state);
      forward(problem, state, at);
    }
  }
  double loss() const { return to_double(at.e.squaredNorm()) / static_cast<double>(spec.n); }
  double alignment() const { return to_double(cosine(state.b, state.beta)); }
  std::optional<std::size_t> diverged_at() const {
    return diverged(at) ? std::optional(t) : std::nullopt;
  }
};

template <class Real>
struct Reduced {
  const RegressionSpec& spec;
  ReducedProblem<Real> problem;
  ReducedState<Real> state;
  ReducedForward<Real> at;
  std::size_t t = 0;

  Reduced(const RegressionSpec& s)
      : spec(s),
        problem(reduced_problem<Real>(sample_linear_network(data_of(s), network_of(s)))),
        state(initial_reduced(problem)) {
    forward(problem, state, at);
  }
  void advance(std::size_t steps) {
    for (; steps > 0 && !diverged_at(); --steps) {
      step(problem, at, t++, state);
      forward(problem, state, at);
    }
  }
  double loss() const { return to_double(at.e.squaredNorm()) / static_cast<double>(spec.n); }
  double alignment() const { return to_double(cosine(problem, state, at)); }
  std::optional<std::size_t> diverged_at() const {
    return diverged(at) ? std::optional(t) : std::nullopt;
  }
};

template <class Real>
RunResult execute_as(const RegressionSpec& spec, const ShareDone& tell) {
  if (spec.form == Form::reduced) return follow(spec, tell, Reduced<Real>(spec));
  const Instance instance = make_instance(data_of(spec), network_of(spec));
  if constexpr (!std::is_same_v<Real, Mpfr>)
    if (spec.form == Form::fused) return follow(spec, tell, Fused<Real>(spec, instance));
  return follow(spec, tell, Kernel<Real>(spec, instance));
}

RunResult execute(const ClassificationSpec& spec, const Images& images, const ShareDone& tell) {
  const auto observation = [](const ClassifierPoint& p) {
    return Observation{p.batch,         p.loss,          p.weight_cosine, p.train_accuracy,
                       p.test_accuracy, p.signal_cosine, p.middle_cosine};
  };
  const auto batches = static_cast<double>(spec.network.epochs * (spec.train / spec.network.batch));
  const ClassifierRun run =
      train_classifier(images.train, images.test, spec.network, 1, [&](std::size_t done) {
        if (tell) tell(static_cast<double>(done) / batches);
      });
  RunResult result;
  for (const ClassifierPoint& point : run.points) result.trace.push_back(observation(point));
  result.diverged = run.diverged_at.has_value();
  if (result.diverged)
    result.end = nothing_at(*run.diverged_at);
  else
    result.end = result.trace.back();
  return result;
}

double cost(const RegressionSpec& spec) {
  const auto n = static_cast<double>(spec.n), p = static_cast<double>(spec.width),
             steps = static_cast<double>(spec.steps ? *spec.steps : settled_steps(spec.width));
  const double units = (spec.form == Form::reduced ? 1 : p) * (spec.form == Form::kernel ? 5 : 1) *
                       (spec.dropout > 0 ? 3 : 1);
  const double number = spec.precision == Precision::float32   ? 0.5
                        : spec.precision == Precision::float64 ? 1
                                                               : 200 + 3.0 * spec.digits;
  return steps * n * n * units * number + p * static_cast<double>(spec.d);
}

double cost(const ClassificationSpec& spec) {
  const auto p = static_cast<double>(spec.network.width),
             images = static_cast<double>(spec.network.epochs * spec.train);
  constexpr double pixels = 784;
  return images * p * (pixels + (spec.network.layers == 3 ? p : 0));
}

}  // namespace

Data data_of(const RegressionSpec& spec) {
  DataSpec data;
  data.inputs = spec.inputs, data.n = spec.n, data.d = spec.d, data.seed = spec.seed;
  data.activation = Activation::identity;
  // Its rows have length 1 or are N(0, I/d).
  data.input_scale = spec.input_norm.value_or(std::sqrt(static_cast<double>(spec.d)));
  data.target_scale = data.input_scale;
  Data made = make_data(data);
  if (spec.targets == Targets::network) {
    Array W({spec.width, spec.d}), beta({spec.width});
    standard_normals(spec.seed, Stream::teacher_W, 0, static_cast<std::uint32_t>(spec.d), W.values);
    standard_normals(spec.seed, Stream::teacher, 0, 1, beta.values);
    made.y = network_output(spec.activation, W, beta, made.X);
  }
  return made;
}

RunResult execute(const RegressionSpec& spec, const ShareDone& tell) {
  switch (spec.precision) {
    case Precision::float32:
      return execute_as<float>(spec, tell);
    case Precision::float64:
      return execute_as<double>(spec, tell);
    case Precision::mpfr: {
      const ScopedDigits guard(spec.digits);
      return execute_as<Mpfr>(spec, tell);
    }
  }
  throw std::logic_error("no such number type");
}

RunResult execute(const Sweep& sweep, const RunSpec& spec, const ShareDone& tell) {
  if (const auto* regression = std::get_if<RegressionSpec>(&spec))
    return execute(*regression, tell);
  return execute(std::get<ClassificationSpec>(spec), *sweep.images, tell);
}

double cost(const RunSpec& spec) {
  return std::visit([](const auto& s) { return cost(s); }, spec);
}

std::vector<std::size_t> longest_first(const Sweep& sweep) {
  std::vector<std::size_t> order(sweep.runs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return cost(sweep.runs[a]) > cost(sweep.runs[b]);
  });
  return order;
}

std::vector<RunResult> execute(const Sweep& sweep, std::size_t jobs, Progress& progress) {
  const std::vector<std::size_t> order = longest_first(sweep);
  std::vector<RunResult> results(order.size());
  parallel_for(order.size(), jobs, [&](std::size_t k) {
    results[order[k]] = execute(sweep, sweep.runs[order[k]]);
    progress.advance();
  });
  return results;
}

std::string engine(const Sweep& sweep) {
  std::string words = fmt::format("alignproof {}, results {}, {}", version(), results_revision,
                                  to_string(fused_instructions()));
  if (!sweep.runs.empty() && std::holds_alternative<ClassificationSpec>(sweep.runs[0]))
    words += ", blas " + blas_core();
  return words;
}

}  // namespace alignproof::inline sweeps
