// SPDX-License-Identifier: Apache-2.0
#include "generators/generators.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <sstream>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/linalg/spectrum.hpp>

#include "../proofs_numeric/cli/cli.hpp"

namespace alignproof::gen {

std::string line(const Case& c) {
  return fmt::format("alignproof simulate {} {} --rule {}{}{}", options_of(c.data),
                     options_of(c.network), to_string(c.rule), c.form.empty() ? "" : " ", c.form);
}

Case case_from(const std::string& line) {
  std::istringstream words(line);
  std::string program, command;
  words >> program >> command;
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  if (program != "alignproof" || command != "simulate")
    throw InputError("kept case", fmt::format("'{}'", line), "alignproof simulate ...");
  CLI::App app;
  cli::InstanceOptions options;
  std::string rule = "fa", form;
  options.add_to(app);
  app.add_option("--rule", rule);
  for (const char* option : {"--form", "--weights", "--number", "--digits"})
    app.add_option_function<std::string>(option, [&form, option](const std::string& value) {
      form += fmt::format("{}{} {}", form.empty() ? "" : " ", option, value);
    });
  app.parse(arguments);
  return {options.data_spec(), options.network_spec(), rule_from(rule), form};
}

rc::Gen<Case> run_as(const std::string& form, rc::Gen<Case> cases) {
  return rc::gen::map(std::move(cases), [form](Case c) {
    c.form = form;
    return c;
  });
}

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << line(c);
}

namespace {

/// 2 / lambda_max of the operator on errors at t = 0, near which a step neither contracts nor
/// expands; nothing where it is not positive and finite.
std::optional<double> stability_edge(const Case& c) {
  Case with_some_eta = c;
  with_some_eta.network.eta = 0x1p-60;
  with_some_eta.network.penalty = {};
  const Instance instance = with_some_eta.instance();
  const Problem<double> problem = problem_from<double>(instance, c.rule);
  const KernelState<double> state = initial_kernel(problem, instance);
  Forward<double> at;
  forward(problem, state, at);
  const Matrix<double> M = error_operator(problem, at, state.b, state.beta);
  const double largest = extreme_eigenvalues<double>((M + M.transpose()) / 2).max;
  if (!(largest > 0x1p-40) || !std::isfinite(largest)) return std::nullopt;
  return 2 / largest;
}

}  // namespace

rc::Gen<Case> nasty_case(const Limits& limits) {
  return rc::gen::exec([limits] {
    // Values stand as often as they should come up; plain ones first, to shrink to.
    Case c;
    DataSpec& data = c.data;
    NetworkSpec& network = c.network;
    data.inputs = *one_of<Inputs>({Inputs::sphere, Inputs::gaussian, Inputs::isometric,
                                   Inputs::repeated, Inputs::nearly_parallel});
    data.n = *one_of<std::size_t>({1, 1, 2, 2, 3, 5});
    data.d = *one_of<std::size_t>({1, 2, 2, 4, 4, 9});
    if (data.inputs == Inputs::isometric) data.d = std::max(data.d, data.n);
    data.k =
        *one_of<std::size_t>({1, 1, 1, std::min<std::size_t>(2, limits.outputs), limits.outputs});
    data.targets = *one_of<Targets>({Targets::linear, Targets::network, Targets::zero,
                                     data.k > 1 ? Targets::classes : Targets::linear});
    data.seed = *whole<std::uint64_t>(1, 1000000);
    data.teacher_width = 7;
    network.activation = data.activation = *one_of(limits.activations);
    // A third of the cases each: one unit, any width, the largest; shrinks through all widths.
    const std::size_t width = *whole<std::size_t>(1, 3 * limits.p);
    network.p = std::clamp<std::size_t>(width, limits.p + 1, 2 * limits.p) - limits.p;
    network.steps = *whole<std::size_t>(1, limits.steps);
    network.seed = *whole<std::uint64_t>(1, 1000000);
    network.feedback =
        *one_of<Feedback>({Feedback::independent, Feedback::independent, Feedback::parallel,
                           network.p > 1 ? Feedback::orthogonal : Feedback::parallel});
    network.zero_error = *whole(0, 7) == 7;
    c.rule = *one_of<Rule>({Rule::fa, Rule::fa, Rule::fa, Rule::bp});
    if (limits.huge_and_tiny) {
      const auto scale = [] { return *one_of<double>({1, 1, 0x1p-30, 0x1p-6, 0x1p5}); };
      data.input_scale = scale(), data.target_scale = scale(), network.initial_scale = scale();
    }
    network.eta = *one_of<double>({0.2, 0.001, 0.05, 0.3, 0.5});
    const double edge = *one_of<double>({0, 0, 0.5, 0.99, 1.01});
    if (edge > 0)
      if (const auto limit = stability_edge(c)) network.eta = edge * *limit;
    const double lambda = std::min(*one_of<double>({0, 0.01, 1, 1.9}), 0.9 / network.eta);
    if (lambda > 0) {
      Penalty& penalty = network.penalty;
      penalty.lambda = lambda;
      penalty.cut = *one_of<std::size_t>({0, 3, 100, Penalty::never, Penalty::never});
      penalty.decay = *one_of<Decay>({Decay::constant, Decay::geometric, Decay::inverse_square});
      if (penalty.decay == Decay::geometric) penalty.scale = *one_of<double>({0.5, 0.9});
      if (penalty.decay == Decay::inverse_square) penalty.scale = *one_of<double>({1, 4});
    }
    return c;
  });
}

namespace {

std::filesystem::path file_of(const std::string& name, const std::filesystem::path& folder) {
  std::string safe = name;
  for (char& letter : safe)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '-';
  return folder / (safe + ".cases");
}

std::vector<std::string> kept_lines(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string text; std::getline(in, text);)
    if (!text.empty()) lines.push_back(text);
  return lines;
}

void keep(const std::filesystem::path& file, const std::string& text) {
  const std::vector<std::string> before = kept_lines(file);
  if (std::find(before.begin(), before.end(), text) != before.end()) return;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::app) << text << '\n';
}

/// What a failed assertion or an exception says; nothing if the property passed.
std::optional<std::string> complaint(const Property& property, const Case& c) {
  try {
    property(c);
    return std::nullopt;
  } catch (const rc::detail::CaseResult& result) {
    return result.description;
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

Outcome try_cases(const std::string& name, const rc::Gen<Case>& cases, const Property& property,
                  const std::filesystem::path& folder, const CaseNumbers& numbers) {
  const std::filesystem::path file = file_of(name, folder);
  Outcome outcome;
  for (const std::string& kept : kept_lines(file))
    if (const auto words = complaint(property, case_from(kept))) {
      outcome.failure = fmt::format("kept case fails: {}\n{}", kept, *words);
      return outcome;
    }
  std::string smallest;  // shrinking only ever moves to failing cases: the last one is the smallest
  const PropertyResult result = run_cases(name, rc::detail::toProperty([&] {
                                            const Case c = *cases;
                                            ++outcome.tried;
                                            try {
                                              outcome.held += property(c);
                                            } catch (...) {
                                              smallest = line(c);
                                              throw;
                                            }
                                          }),
                                          numbers);
  outcome.failure = result.failure;
  if (result.failure) {
    if (!smallest.empty()) keep(file, smallest);
  } else if (numbers.many() && static_cast<double>(outcome.held) <
                                   least_premises * static_cast<double>(outcome.tried)) {
    outcome.failure = fmt::format("the premise held in {} of {} cases: fewer than one in five",
                                  outcome.held, outcome.tried);
  }
  return outcome;
}

void check_cases(const std::string& name, const rc::Gen<Case>& cases, const Property& property) {
  SECTION(name) {
    const char* chosen = std::getenv("ALIGNPROOF_FAILED_CASES");
    const CaseNumbers numbers = CaseNumbers::from_environment();
    const Outcome outcome =
        try_cases(name, cases, property, chosen ? chosen : ALIGNPROOF_FAILED_CASES, numbers);
    report_cases(name, numbers, {outcome.tried, outcome.failure});
  }
}

}  // namespace alignproof::gen
