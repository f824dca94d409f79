// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/format/files.hpp>

#include "cli.hpp"

namespace alignproof::cli {

namespace {

struct SimulateOptions {
  InstanceOptions instance;
  std::string rule = "fa", form = "kernel", number = "double", out;
  long long digits = 50, every = 1;
};

/// All digits that the number has.
std::string decimal(float a) {
  return fmt::format("{:.9g}", a);
}
std::string decimal(double a) {
  return fmt::format("{:.17g}", a);
}
std::string decimal(const Mpfr& a) {
  return a.str(0, std::ios_base::scientific);
}

struct Trace {
  std::string csv;
  Outcome outcome;
};

template <class Real, class State>
Trace trace(const Problem<Real>& problem, State state, std::size_t steps, std::size_t every) {
  Trace result{"t,error,loss,cosine,beta_displacement\n", {}};
  const Vector<Real> beta0 = state.beta;
  result.outcome = run(
      problem, state, steps,
      [](const Problem<Real>& pr, const Forward<Real>& at, std::size_t t, State& s) {
        step(pr, at, t, s);
      },
      [&](std::size_t t, const State& now, const Forward<Real>& at) {
        if (t % every != 0 && t != steps) return true;
        const Real e = at.e.norm();
        const Real moved = (now.beta - beta0).norm();
        result.csv += fmt::format("{},{},{},{},{}\n", t, decimal(e), decimal(Real(e * e / Real(2))),
                                  decimal(cosine(problem.b, now.beta)), decimal(moved));
        return true;
      });
  return result;
}

template <class Real>
Trace simulate(const SimulateOptions& options) {
  const Instance instance = options.instance.make();
  const Problem<Real> problem = problem_from<Real>(instance, rule_from(options.rule));
  const auto every = static_cast<std::size_t>(options.every);
  if (options.form == "weight")
    return trace(problem, initial_weights<Real>(instance), instance.steps, every);
  return trace(problem, initial_kernel(problem, instance), instance.steps, every);
}

Trace simulate_number(const SimulateOptions& options) {
  if (options.number == "float") return simulate<float>(options);
  if (options.number == "double") return simulate<double>(options);
  if (options.digits < min_digits || options.digits > max_digits)
    throw InputError("digits", fmt::format("{}", options.digits),
                     fmt::format("{} to {}", min_digits, max_digits));
  const ScopedDigits guard(static_cast<unsigned>(options.digits));
  return simulate<Mpfr>(options);
}

int simulate_command(const SimulateOptions& options) {
  if (options.every < 1)
    throw InputError("every", fmt::format("{}", options.every), "a whole number >= 1");
  const Trace result = simulate_number(options);
  if (options.out.empty())
    fmt::print("{}", result.csv);
  else
    write_file(options.out, result.csv);
  if (result.outcome.diverged_at)
    fmt::print(stderr, "diverged: |e(t)| is above {} or not finite at step {}\n",
               divergence_threshold, *result.outcome.diverged_at);
  return 0;
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand("simulate", "one run of the dynamics, as CSV");
  options->instance.add_to(*command);
  command->add_option("--rule", options->rule, "fa or bp")->capture_default_str();
  command->add_option("--form", options->form, "kernel or weight: the same run")
      ->capture_default_str()
      ->check(CLI::IsMember({"kernel", "weight"}));
  command->add_option("--number", options->number, "float, double or mpfr")
      ->capture_default_str()
      ->check(CLI::IsMember({"float", "double", "mpfr"}));
  command->add_option("--digits", options->digits, "decimal digits of mpfr")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--every", options->every, "print each so many steps")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--out", options->out, "file (default: standard output)");
  command->footer(
      "Examples:\n  alignproof simulate --n 5 --d 20 --width 1000 --steps 200 --out trace.csv\n"
      "  alignproof simulate --activation identity --inputs isometric --lambda 1 --cut 300 --steps "
      "500\n"
      "  alignproof simulate --number mpfr --digits 100 --width 50 --steps 20");
  command->callback(
      [options, &action] { action = [options] { return simulate_command(*options); }; });
}

}  // namespace alignproof::cli
