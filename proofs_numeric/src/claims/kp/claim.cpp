// SPDX-License-Identifier: Apache-2.0
// KP: by Kolen and Pollack's rule b - beta shrinks by 1 - eta lambda(t) a step, and what follows
// for the angle. Derivation: reports/docs/rules.md.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/claims/summary.hpp>
#include <alignproof/dynamics/rule_definition.hpp>

namespace alignproof::inline claims {

namespace {

LearningRule kolen_pollack() {
  return learning_rule_from("kolen-pollack");
}

// ---------------------------------------------------------------- sizes

struct Sizes {
  std::size_t cases, steps;  ///< without rounding
};

Sizes sizes_of(const Profile& profile) {
  switch (profile.scale) {
    case Scale::self_test:
      return {.cases = 8, .steps = 3};
    case Scale::quick:
      return {.cases = 16, .steps = 4};
    case Scale::standard:
      return {.cases = 48, .steps = 4};
    case Scale::full:
      return {.cases = 160, .steps = 5};
  }
  throw std::logic_error("no such scale");
}

/// Of the longer runs.
constexpr unsigned angle_digits = 50;

// ---------------------------------------------------------------- without rounding

struct ExactRun {
  std::string name, replay;
  std::optional<std::size_t>
      identity_fails;                      ///< first t at which b - beta is not what it should be
  std::optional<std::size_t> angle_fails;  ///< first t at which cos lies below its bound
  std::size_t steps = 0;
  bool irrational = false;  ///< sqrt p was no whole number
};

/// Identity and ReLU; widths whose root is a whole number and others; one and two outputs; every
/// kind of penalty.
std::vector<Batch> exact_cases(Study& study) {
  const Sizes sizes = sizes_of(study.profile());
  const Inputs inputs[] = {Inputs::gaussian, Inputs::sphere, Inputs::repeated};
  const Penalty penalties[] = {{0.5, Penalty::never},
                               {1, sizes.steps / 2},
                               {0.5, Penalty::never, Decay::geometric, 0.75},
                               {0.5, Penalty::never, Decay::inverse_square, 3},
                               {}};
  std::vector<Batch> cases;
  for (std::size_t k = 0; k < sizes.cases; ++k) {
    const Activation psi = choice(k, "KP psi", 2) == 1 ? Activation::relu : Activation::identity;
    DataSpec spec{inputs[choice(k, "KP inputs", 3)], Targets::linear,
                  1 + choice(k, "KP n", 3),          1 + choice(k, "KP d", 2),
                  study.settings().seed + k,         psi};
    spec.k = 1 + choice(k, "KP outputs", 2);
    Batch batch;
    batch.data = study.data(spec);
    batch.network = {1 + choice(k, "KP p", 7),
                     psi,
                     0.125,
                     penalties[choice(k, "KP penalty", 5)],
                     sizes.steps,
                     seed_of(study.settings(), 920000 + k)};
    batch.rule = kolen_pollack();
    const Penalty& penalty = batch.network.penalty;
    batch.name =
        fmt::format("{}: {}, {} lambda={} {}{}", k, name_of(batch), to_string(psi), penalty.lambda,
                    to_string(penalty.decay), penalty.cut == Penalty::never ? "" : " cut");
    cases.push_back(batch);
  }
  return cases;
}

/// 1 - cos <= D / (2 |b| |beta|), that is 2 |b| |beta| <= 2 <b, beta> + D, without roots.
bool closer_than(const Exact& D, const Matrix<Exact>& b, const Matrix<Exact>& beta) {
  const Exact right = Exact(2) * Exact(b.cwiseProduct(beta).sum()) + D;
  return right >= Exact(0) && right * right >= Exact(4) * b.squaredNorm() * beta.squaredNorm();
}

ExactRun run_exactly(const KernelStep<Exact>& dynamics, const Batch& batch,
                     const LearningRule& rule) {
  const Instance instance = make_instance(batch.data, batch.network);
  const Problem<Exact> problem = problem_from<Exact>(instance, rule);
  KernelState<Exact> state = initial_kernel(problem, instance);
  ExactRun record;
  record.name = batch.name;
  record.replay = replay_line(batch, batch.network.seed) + " --number exact";
  record.irrational = problem.sqrt_p.radicand() != 0;
  Matrix<Exact> apart = state.b - state.beta;
  const KernelStep<Exact> advance = dynamics;  // its own: a step may remember
  run(problem, state, instance.steps, advance,
      [&](std::size_t t, const KernelState<Exact>& now, const Forward<Exact>&) {
        if (t > 0) apart *= Exact(Exact(1) - problem.eta * Exact(problem.penalty(t - 1)));
        if (!record.identity_fails && now.b - now.beta != apart) record.identity_fails = t;
        if (!record.angle_fails && !closer_than(apart.squaredNorm(), now.b, now.beta))
          record.angle_fails = t;
        record.steps = t;
        return true;
      });
  return record;
}

double exact_cost(const Batch& batch) {
  return 200 * static_cast<double>(batch.network.p * batch.data.X.rows()) *
         std::pow(3, static_cast<double>(batch.network.steps));
}

Verdict verdict_of(const ExactRun& run, std::size_t steps_wanted) {
  const std::string words = fmt::format("{} steps", run.steps);
  if (run.identity_fails)
    return Verdict::refuted(
        fmt::format("b - beta differs at step {}; {}", *run.identity_fails, run.replay));
  if (run.angle_fails)
    return Verdict::refuted(
        fmt::format("the angle is too wide at step {}; {}", *run.angle_fails, run.replay));
  return run.steps < steps_wanted ? Verdict::undecided("the run diverged after " + words)
                                  : Verdict::exact(words);
}

// ---------------------------------------------------------------- until the angle closes

/// A run long enough to see cos go to 1, in digits to spare.
struct AngleRun {
  std::string replay;
  double gap = NAN;      ///< 1 - cos at the end
  double largest = NAN;  ///< largest (1 - cos) / bound of all steps
};

constexpr Activation angle_activations[] = {Activation::identity, Activation::relu,
                                            Activation::tanh, Activation::sigmoid};

Batch angle_case(Study& study, Activation psi, double lambda) {
  Batch batch;
  batch.data = study.data({Inputs::gaussian, Targets::linear, 3, 10, study.settings().seed, psi});
  batch.rule = kolen_pollack();
  batch.network = {64, psi, 0.2, {lambda, Penalty::never}, 80, study.settings().seed};
  batch.name = fmt::format("{}, {}, lambda={}", name_of(batch), to_string(psi), lambda);
  return batch;
}

AngleRun run_to_the_end(const Settings& settings, const Batch& batch) {
  const ScopedDigits guard(angle_digits);
  const Instance instance = make_instance(batch.data, batch.network);
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance, kolen_pollack());
  KernelState<Mpfr> state = initial_kernel(problem, instance);
  AngleRun record;
  record.replay = replay_line(batch, batch.network.seed) +
                  fmt::format(" --number mpfr --digits {}", angle_digits);
  record.largest = 0;
  Mpfr apart = (state.b - state.beta).squaredNorm();
  const KernelStep<Mpfr> advance = settings.dynamics.in_mpfr;  // its own: a step may remember
  const Outcome outcome = run(
      problem, state, instance.steps, advance,
      [&](std::size_t t, const KernelState<Mpfr>& now, const Forward<Mpfr>&) {
        const Mpfr kept = t == 0 ? Mpfr(1) : Mpfr(1 - problem.eta * Mpfr(problem.penalty(t - 1)));
        apart *= kept * kept;
        const Mpfr gap = 1 - cosine(now.b, now.beta);
        const Mpfr bound = apart / (2 * now.b.norm() * now.beta.norm());
        record.largest = largest_so_far(record.largest, to_double(Mpfr(gap / bound)));
        record.gap = to_double(gap);
        return true;
      });
  if (outcome.diverged_at) record.gap = record.largest = NAN;
  return record;
}

Handle<AngleRun> want_angle(Study& study, Activation psi, double lambda) {
  const Batch batch = angle_case(study, psi, lambda);
  const double cost = 200 * static_cast<double>(batch.network.p * batch.network.steps * 3);
  return study.want("KP angle " + batch.name, cost, [settings = study.settings(), batch] {
    return run_to_the_end(settings, batch);
  });
}

std::vector<Handle<AngleRun>> want_angles(Study& study, double lambda) {
  std::vector<Handle<AngleRun>> runs;
  for (const Activation psi : angle_activations) runs.push_back(want_angle(study, psi, lambda));
  return runs;
}

constexpr double penalty = 0.5;

std::vector<double> gaps(const std::vector<Handle<AngleRun>>& runs) {
  std::vector<double> all;
  for (const auto& run : runs) all.push_back(run->gap);
  return all;
}

// ---------------------------------------------------------------- conclusion

class Conclude {
 public:
  explicit Conclude(Study& study)
      : sizes_(sizes_of(study.profile())),
        with_(want_angles(study, penalty)),
        without_(want_angles(study, 0)) {
    for (const Batch& batch : exact_cases(study))
      exact_.push_back(study.want("KP " + batch.name, exact_cost(batch),
                                  [dynamics = study.settings().dynamics.exact, batch] {
                                    return run_exactly(dynamics, batch, kolen_pollack());
                                  }));
  }

  void operator()(ClaimRow& row) const {
    std::vector<Verdict> verdicts;
    std::size_t steps = 0, irrational = 0;
    for (const auto& run : exact_) {
      verdicts.push_back(verdict_of(*run, sizes_.steps));
      row.results.push_back({run->name, verdicts.back(), run->replay});
      steps += run->steps, irrational += run->irrational;
    }
    double largest = 0;
    for (const auto* runs : {&with_, &without_})
      for (const auto& run : *runs) {
        largest = largest_so_far(largest, run->largest);
        if (!(run->largest <= 1)) verdicts.push_back(beyond(*run));
      }
    row.instances = row.seeds = exact_.size();
    row.digits = 0;
    row.verdict = worst(verdicts);
    if (row.verdict.kind() == VerdictKind::exact)
      row.verdict = Verdict::exact(
          fmt::format("{} of {} instances, {} steps", exact_.size(), exact_.size(), steps));
    row.bound = 1;
    row.bound_label = "$1 - \\cos$ over its bound, at every step of longer runs";
    row.measured = row.ratio = largest;
    row.measured_label = fmt::format("the largest in {} runs at {} digits",
                                     with_.size() + without_.size(), angle_digits);
    const std::vector<double> closed = gaps(with_), open = gaps(without_);
    row.measurements = {
        {"$1 - \\cos(b, \\beta)$ at the end, $\\lambda = 0.5$", quantile_of(closed, 0.5),
         std::pair(smallest(closed), largest_of(closed)), "median and range over activations"},
        {"the same without a penalty", quantile_of(open, 0.5),
         std::pair(smallest(open), largest_of(open)), "median and range over activations"},
        {"instances with an irrational $\\sqrt{p}$", static_cast<double>(irrational), std::nullopt,
         "computed in $Q(\\sqrt{p})$"}};
  }

 private:
  static double largest_of(const std::vector<double>& v) { return alignproof::largest(v); }

  static Verdict beyond(const AngleRun& run) {
    return std::isnan(run.largest)
               ? Verdict::undecided("a run diverged; " + run.replay)
               : Verdict::refuted(
                     fmt::format("1 - cos is {:.4g} times its bound; {}", run.largest, run.replay));
  }

  Sizes sizes_;
  std::vector<Handle<ExactRun>> exact_;
  std::vector<Handle<AngleRun>> with_, without_;
};

// ---------------------------------------------------------------- false claims

/// Its b - beta stays, so that the angle is what it is at t = 0 but for what beta learns.
std::function<Refused()> aligns_without_penalty(Study& study) {
  return [runs = want_angles(study, 0)] {
    const std::vector<double> open = gaps(runs);
    Rejection rejection{
        Rejection::Kind::false_claim,
        "Kolen and Pollack's rule aligns without a penalty: $\\cos(b, \\beta) \\ge 0.9$",
        {},
        fmt::format("cos from {:.3f} to {:.3f} at the end of {} runs", 1 - largest(open),
                    1 - smallest(open), open.size())};
    if (largest(open) > 0.1) rejection.caught_by = {"KP"};
    return Refused{rejection, {}};
  };
}

/// b receives the update of beta, and keeps what beta gives up.
struct WithoutDecay {
  static constexpr std::string_view name = "kolen-pollack-without-decay";
  template <class Real>
  static Real back(const Real& b, const Real&) {
    return b;
  }
  template <class Real>
  static Real next_b(const Real& b, const Real&, const BetaStep<Real>& step) {
    return b + step.update;
  }
};

std::function<Refused()> shrinks_without_decay(Study& study) {
  std::vector<Handle<ExactRun>> runs;
  for (const Batch& batch : exact_cases(study)) {
    if (!(batch.network.penalty.lambda > 0)) continue;
    runs.push_back(study.want("KP without decay " + batch.name, exact_cost(batch),
                              [dynamics = study.settings().dynamics.exact, batch] {
                                return run_exactly(dynamics, batch, learning_rule<WithoutDecay>());
                              }));
  }
  return [runs] {
    const auto refuted = std::count_if(runs.begin(), runs.end(), [](const Handle<ExactRun>& run) {
      return run->identity_fails.has_value();
    });
    Rejection rejection{Rejection::Kind::false_claim,
                        "$b - \\beta$ shrinks so even if $b$ does not decay",
                        {},
                        fmt::format("{} of {} instances differ", refuted, runs.size())};
    if (refuted > 0) rejection.caught_by = {"KP"};
    return Refused{rejection, {}};
  };
}

}  // namespace

Claim kp_claim() {
  return {
      .text =
          {.id = "KP",
           .title = "Kolen and Pollack's rule",
           .statement = "If $b$ receives the update of $\\beta$ and both decay, then "
                        "$b(t+1) - \\beta(t+1) = (1 - \\eta\\lambda(t)) (b(t) - \\beta(t))$, "
                        "exactly: under a "
                        "penalty that stays, $\\cos(b, \\beta) \\to 1$ unless $\\beta$ vanishes.",
           .source = "Kolen, Pollack 1994; constants ours, reports/docs/rules.md",
           .premises = {"any activation, data, number of outputs", "$0 \\le \\eta\\lambda(t) < 1$"},
           .conclusion =
               "$b(t) - \\beta(t)$ as stated, and $1 - \\cos(b, \\beta) \\le |b - \\beta|^2 / (2 "
               "|b| |\\beta|)$, at every step",
           .constants = "none",
           .method =
               "Both sides in rationals, or in $Q(\\sqrt{p})$ where $p$ is no square, for identity "
               "and ReLU; the inequality of the angle is squared, so that it is decided as well. "
               "Longer runs at 50 digits, also of tanh and the sigmoid, show how far the angle "
               "closes, and that without a penalty it does not.",
           .falsifier = "Any difference at all; a cosine below its bound."},
      .place = 215,
      .self_test = true,
      .plan = [](Study& study) -> Conclusion { return Conclude(study); },
      .false_claims = {{.place = 200, .plan = aligns_without_penalty},
                       {.place = 210, .plan = shrinks_without_decay}}};
}

}  // namespace alignproof::inline claims
