// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

#include <alignproof/core/limits.hpp>
#include <alignproof/dynamics/number_types.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

constexpr const char* csv_header = "t,error,loss,cosine,signal_cosine,beta_displacement\n";

struct SimulateOptions {
  InstanceOptions instance;
  std::string rule = "fa", form = "kernel", weights = "explicit", number = "double", out = "-";
  long long every = 1;
  std::optional<long long> digits;  ///< of mpfr
};

/// All digits that the number has.
template <class Real>
std::string decimal(const Real& a) {
  return NumberType<Real>::decimal(a);
}

struct Trace {
  std::string csv;
  Outcome outcome;
};

template <class Real, class State>
Trace trace(const Problem<Real>& problem, State state, std::size_t steps, std::size_t every) {
  Trace result{csv_header, {}};
  const Matrix<Real> beta0 = state.beta;
  result.outcome = run(
      problem, state, steps,
      [](const Problem<Real>& pr, const Forward<Real>& at, std::size_t t, State& s) {
        step(pr, at, t, s);
      },
      [&](std::size_t t, const State& now, const Forward<Real>& at) {
        if (t % every != 0 && t != steps) return true;
        const Real e = at.e.norm();
        const Real moved = (now.beta - beta0).norm();
        result.csv += fmt::format("{},{},{},{},{},{}\n", t, decimal(e),
                                  decimal(Real(e * e / Real(2))), decimal(cosine(now.b, now.beta)),
                                  decimal(signal_cosine(now.b, now.beta, at.e)), decimal(moved));
        return true;
      });
  return result;
}

/// Squares of norms and inner products are exact; the columns are their square roots and quotients,
/// rounded to doubles at the very end.
template <class State>
Trace exact_trace(const Problem<Exact>& problem, State state, std::size_t steps,
                  std::size_t every) {
  Trace result{csv_header, {}};
  const Matrix<Exact> beta0 = state.beta;
  const auto norm = [](const Exact& square) { return std::sqrt(to_double(square)); };
  const auto cosine_of = [&](const Matrix<Exact>& b, const Matrix<Exact>& beta) {
    const double norms = norm(b.squaredNorm()) * norm(beta.squaredNorm());
    return norms > 0 ? to_double(Exact(b.cwiseProduct(beta).sum())) / norms : 0.0;
  };
  result.outcome = run(
      problem, state, steps,
      [](const Problem<Exact>& pr, const Forward<Exact>& at, std::size_t t, State& s) {
        step(pr, at, t, s);
      },
      [&](std::size_t t, const State& now, const Forward<Exact>& at) {
        if (t % every != 0 && t != steps) return true;
        const Exact square = at.e.squaredNorm();
        const Matrix<Exact> sent = now.beta * at.e.transpose(), fed = now.b * at.e.transpose();
        double signal = 0;
        for (Eigen::Index i = 0; i < problem.n(); ++i)
          signal += cosine_of(fed.col(i), sent.col(i)) / static_cast<double>(problem.n());
        result.csv +=
            fmt::format("{},{},{},{},{},{}\n", t, decimal(norm(square)),
                        decimal(to_double(square) / 2), decimal(cosine_of(now.b, now.beta)),
                        decimal(signal), decimal(norm((now.beta - beta0).squaredNorm())));
        return true;
      });
  return result;
}

// ---- the reduced form of linear networks ----

LinearNetwork linear_network_of(const SimulateOptions& options) {
  if (!is_feedback_alignment(learning_rule_from(options.rule)))
    throw InputError("rule", options.rule, "fa: no other rule has a reduced form");
  return options.weights == "wishart" ? options.instance.make_linear()
                                      : linear_network(options.instance.make());
}

template <class Real>
Trace reduced_trace(const SimulateOptions& options) {
  const LinearNetwork network = linear_network_of(options);
  const ReducedProblem<Real> problem = reduced_problem<Real>(network);
  ReducedState<Real> state = initial_reduced(problem);
  const std::size_t steps = network.weights.steps;
  const auto every = static_cast<std::size_t>(options.every);
  // Exact numbers have no square roots: theirs are taken of the nearest doubles.
  const auto root = [](const Real& square) {
    if constexpr (std::is_same_v<Real, Exact>)
      return std::sqrt(to_double(square));
    else
      return root_of_square(square);
  };
  Trace result{csv_header, {}};
  result.outcome =
      run(problem, state, steps,
          [&](std::size_t t, const ReducedState<Real>& now, const ReducedForward<Real>& at) {
            if (t % every != 0 && t != steps) return true;
            const Real square = at.e.squaredNorm(), moved = displacement_square(problem, now);
            std::string cosines;
            if constexpr (std::is_same_v<Real, Exact>) {
              const double norms = root(problem.bb.trace()) * root(beta_square(problem, now));
              const double cos = norms > 0 ? to_double(Exact(at.b_beta.trace())) / norms : 0.0;
              cosines = fmt::format("{},{}", decimal(cos), problem.k() == 1 ? decimal(cos) : "");
            } else {
              cosines = fmt::format("{},{}", decimal(cosine(problem, now, at)),
                                    decimal(signal_cosine(problem, now, at)));
            }
            std::string loss;
            if constexpr (std::is_same_v<Real, Exact>)
              loss = decimal(to_double(square) / 2);
            else
              loss = decimal(Real(square / Real(2)));
            result.csv += fmt::format("{},{},{},{},{}\n", t, decimal(root(square)), loss, cosines,
                                      decimal(root(moved)));
            return true;
          });
  return result;
}

/// 20 digits, rounded downwards or upwards.
std::string directed(const Mpfr& a, mpfr_rnd_t mode) {
  char* text = nullptr;
  mpfr_asprintf(&text, "%.19R*e", mode, a.backend().data());
  const std::string result = text;
  mpfr_free_str(text);
  return result;
}

Trace ball_trace(const SimulateOptions& options) {
  const LinearNetwork network = linear_network_of(options);
  const auto problem = reduced_problem<RealBall<Mpfr>>(network);
  ReducedState<RealBall<Mpfr>> state = initial_reduced(problem);
  const std::size_t steps = network.weights.steps;
  const auto every = static_cast<std::size_t>(options.every);
  Trace result{
      "t,error_lower,error_upper,cosine_lower,cosine_upper,beta_displacement_lower,"
      "beta_displacement_upper\n",
      {}};
  result.outcome =
      run_balls<Mpfr>(problem, state, steps, [&](std::size_t t, const ReducedBalls<Mpfr>& now) {
        if (t % every != 0 && t != steps) return true;
        result.csv += fmt::format("{}", t);
        for (const RealBall<Mpfr>* x : {&now.error, &now.cosine, &now.displacement})
          result.csv += fmt::format(",{},{}", directed(x->lower(), MPFR_RNDD),
                                    directed(x->upper(), MPFR_RNDU));
        result.csv += "\n";
        return true;
      });
  return result;
}

/// What a run cannot do without. Of data from a file, n and d are not known here.
template <class Real>
void require_room(const SimulateOptions& options) {
  const InstanceOptions& instance = options.instance;
  const double n = instance.known_n(), d = instance.known_d(),
               p = static_cast<double>(instance.width), steps = static_cast<double>(instance.steps),
               number = NumberType<Real>::bytes();
  constexpr double line = 60;  // a short one of the trace
  double bytes = n * d * sizeof(double) + line * steps / static_cast<double>(options.every);
  if (options.weights != "wishart") bytes += p * d * sizeof(double);
  if (options.form == "kernel") bytes += 2 * p * n * number;  // A and psi(A)
  if (options.form == "weight") bytes += p * d * number;
  if (!instance.zero_error) bytes += NumberType<Real>::bytes_of_run(steps);  // else nothing moves
  require_memory(bytes, fmt::format("this run (width {})", instance.width),
                 "smaller n, d, width or steps, or a larger --every");
  // Multiplications of a step, of which a processor does some 10^9 a second in doubles.
  const double of_step = options.form == "reduced" ? n * (n + 1) * (n + 1) : p * n * (n + d / 10);
  announce_length(steps * of_step * (number > sizeof(double) ? 1e-7 : 1e-9));
}

template <class Real>
Trace simulate(const SimulateOptions& options) {
  const Activation psi = activation_from(options.instance.activation);
  activation_over<Real>(psi);  // are there such numbers of it?
  require_room<Real>(options);
  if constexpr (NumberType<Real>::in_reduced) {
    if (options.form == "reduced") return reduced_trace<Real>(options);
  }
  const Instance instance = options.instance.make();
  const Problem<Real> problem = problem_from<Real>(instance, learning_rule_from(options.rule));
  const auto every = static_cast<std::size_t>(options.every);
  if constexpr (std::is_same_v<Real, Exact>) {
    if (options.form == "weight")
      return exact_trace(problem, initial_weights<Real>(instance), instance.steps, every);
    return exact_trace(problem, initial_kernel(problem, instance), instance.steps, every);
  } else if (options.form == "weight")
    return trace(problem, initial_weights<Real>(instance), instance.steps, every);
  else
    return trace(problem, initial_kernel(problem, instance), instance.steps, every);
}

template <>
Trace simulate<RealBall<Mpfr>>(const SimulateOptions& options) {
  require_room<RealBall<Mpfr>>(options);
  return ball_trace(options);
}

/// A type by its name, with what a run over it takes and does.
struct NumberRow {
  std::string_view name, words;
  bool takes_digits, in_full, in_reduced;
  Trace (*run)(const SimulateOptions&);

  bool has(const std::string& form) const { return form == "reduced" ? in_reduced : in_full; }
};

template <class... Real>
std::vector<NumberRow> rows_of(NumberList<Real...>) {
  return {{NumberType<Real>::name, NumberType<Real>::words, NumberType<Real>::takes_digits,
           NumberType<Real>::in_full, NumberType<Real>::in_reduced, simulate<Real>}...};
}

const std::vector<NumberRow>& number_rows() {
  static const std::vector<NumberRow> rows = rows_of(NumberTypes{});
  return rows;
}

/// "float, double or exact": the names of the rows that are wanted.
template <class Wanted>
std::string names_of_numbers(const Wanted& wanted) {
  std::vector<std::string_view> names;
  for (const NumberRow& row : number_rows())
    if (wanted(row)) names.push_back(row.name);
  std::string words;
  for (std::size_t i = 0; i < names.size(); ++i)
    words += fmt::format("{}{}", i == 0 ? "" : i + 1 < names.size() ? ", " : " or ", names[i]);
  return words;
}

const NumberRow& number_row(const std::string& name) {
  for (const NumberRow& row : number_rows())
    if (row.name == name) return row;
  throw InputError("number", fmt::format("'{}'", name),
                   names_of_numbers([](const NumberRow&) { return true; }));
}

Trace simulate_number(const SimulateOptions& options) {
  const NumberRow& number = number_row(options.number);
  const auto takes_digits = [](const NumberRow& row) { return row.takes_digits; };
  if (options.digits && !number.takes_digits)
    throw InputError(
        "digits", fmt::format("{} with {}", *options.digits, options.number),
        fmt::format("digits together with --number {} only", names_of_numbers(takes_digits)));
  if (options.weights == "wishart" && options.form != "reduced")
    throw InputError("weights", "wishart", "explicit unless --form reduced");
  if (!number.has(options.form))
    throw InputError("number", options.number,
                     fmt::format("{} in {} form", names_of_numbers([&](const NumberRow& row) {
                                   return row.has(options.form);
                                 }),
                                 options.form));
  const std::string& psi = options.instance.activation;
  if (options.form == "reduced" && !properties(activation_from(psi)).linear)
    throw InputError("activation", fmt::format("'{}'", psi),
                     "identity: only linear networks have a reduced form");
  if (!number.takes_digits) return number.run(options);
  const long long digits = options.digits.value_or(50);
  if (digits < min_digits || digits > max_digits)
    throw InputError("digits", fmt::format("{}", digits),
                     fmt::format("{} to {}", min_digits, max_digits));
  const ScopedDigits guard(static_cast<unsigned>(digits));
  return number.run(options);
}

/// "float, double, ..., ball (reduced form: ...)"
std::string words_of_numbers() {
  std::vector<std::string> words;
  for (const NumberRow& row : number_rows())
    words.push_back(row.words.empty() ? std::string(row.name)
                                      : fmt::format("{} ({})", row.name, row.words));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string names_of_rules() {
  std::vector<std::string> names;
  for (const LearningRule& rule : learning_rules()) names.emplace_back(rule.name());
  return alternatives(names);
}

int simulate_command(const SimulateOptions& options) {
  learning_rule_from(options.rule);  // refused before any work
  options.instance.require_heeded_instance();
  if (options.every < 1)
    throw InputError("every", fmt::format("{}", options.every), "a whole number >= 1");
  require_output(options.out);
  require_apart(options.out, options.instance.files());
  const Trace result = simulate_number(options);
  write_output(options.out, result.csv);
  if (result.outcome.diverged_at)
    to_stderr("diverged: |e(t)| is above {} or not finite at step {}\n", divergence_threshold,
              *result.outcome.diverged_at);
  return 0;
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand("simulate", "one run of the dynamics, as CSV");
  options->instance.add_to(*command);
  add_name(*command, "--rule", options->rule, names_of_rules(), "learning rule: ");
  command
      ->add_option("--form", options->form,
                   "kernel, weight or, for linear networks, reduced: the same run")
      ->capture_default_str()
      ->check(one_of({"kernel", "weight", "reduced"}));
  command
      ->add_option("--weights", options->weights,
                   "of the reduced form: explicit, or wishart, which samples their Gram matrix "
                   "for any width up to 10^15")
      ->capture_default_str()
      ->check(one_of({"explicit", "wishart"}));
  command->add_option("--number", options->number, words_of_numbers())
      ->capture_default_str()
      ->check(given(names_of_numbers([](const NumberRow&) { return true; })));
  command
      ->add_option(
          "--digits", options->digits,
          fmt::format("decimal digits of {} (default: 50)",
                      names_of_numbers([](const NumberRow& row) { return row.takes_digits; })))
      ->check(whole_number());
  command->add_option("--every", options->every, "print each so many steps")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--out", options->out, "file; - is standard output")
      ->capture_default_str()
      ->check(given("a file, or - for standard output"));
  command->footer(
      "Examples:\n  alignproof simulate --n 5 --d 20 --width 1000 --steps 200 --out trace.csv\n"
      "  alignproof simulate --activation identity --inputs isometric --lambda 1 --cut 300 --steps "
      "500\n"
      "  alignproof simulate --number mpfr --digits 100 --width 50 --steps 20\n"
      "  alignproof simulate --number exact --activation identity --n 2 --d 2 --width 3 --steps 4\n"
      "  alignproof simulate --rule kolen-pollack --lambda 0.5 --width 100\n"
      "  alignproof simulate --targets classes --outputs 3 --n 9 --feedback orthogonal\n"
      "  alignproof simulate --form reduced --weights wishart --width 1000000000000 --activation "
      "identity "
      "--lambda 1 --steps 1000000 --every 100000\n"
      "  alignproof simulate --form reduced --number ball --digits 200 --activation identity "
      "--steps 100\n"
      "Columns: signal_cosine is the mean over samples of cos(b e_i, beta e_i).\n" +
      exit_codes("the run is written, whether or not it diverged"));
  command->callback(
      [options, &action] { action = [options] { return simulate_command(*options); }; });
}

}  // namespace alignproof::cli
