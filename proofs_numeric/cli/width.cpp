// SPDX-License-Identifier: Apache-2.0
#include "width.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/claims/premises.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "command_line.hpp"
#include "enclosure_text.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

using Ball = RealBall<Mpfr>;

constexpr std::size_t most_seeds = 100000;
constexpr unsigned kernel_digits = 30;

void print_certified_width(const WidthOptions& options, const CertifiedWidth& certified) {
  print_line("certificate", *options.certify);
  if (!options.no_check) fmt::print("\n{}\n", fmt::join(certified.text, "\n"));
  if (options.no_check)
    fmt::print("proposed, not checked: run alignproof-check {}\n", shell_word(*options.certify));
}

void require_numbers(const WidthOptions& options) {
  if (!(options.delta > 0 && options.delta < 1))
    throw InputError("delta", quoted(options.delta), "a number between 0 and 1");
  require_positive("eta", options.instance.eta);
  threads_for(options.jobs);
}

/// The theorems speak of independent N(0, 1) entries of W(0), beta(0) and b, and of no other y.
void require_gaussian_start(const InstanceOptions& instance) {
  if (instance.initial_scale != 1)
    throw InputError("initial-scale", quoted(instance.initial_scale),
                     "1: the entries of W(0), beta(0) and b have variance 1");
  if (instance.feedback != "independent")
    throw InputError("feedback", fmt::format("'{}'", instance.feedback),
                     "independent: b does not depend on beta(0)");
  if (instance.zero_error)
    throw InputError("zero-error", "y = f(0)", "y that do not depend on W(0) and beta(0)");
}

void require_no_penalty(const InstanceOptions& instance) {
  if (instance.lambda != 0)
    throw InputError("lambda", quoted(instance.lambda), "0: T1 is about no penalty");
}

/// An option that nothing reads is refused: the answer would not be about what it says.
void require_read(const WidthOptions& options) {
  const auto refuse = [&](std::initializer_list<const char*> unread, const char* with,
                          const char* accepted) {
    for (const char* option : unread)
      if (options.command->count(option) > 0)
        throw InputError("option", fmt::format("'{}' with {}", option, with), accepted);
  };
  if (options.from_constants)
    refuse({"--inputs", "--targets", "--csv", "--data", "--npy", "--d", "--outputs",
            "--teacher-width", "--data-seed", "--input-scale", "--target-scale", "--target"},
           "--from-constants", "with it no option of data but --n");
  if (options.theorem == "t3") {
    refuse({"--bound-x", "--bound-y"}, "--theorem t3",
           "--y-norm alone, which is all that T3 asks of y");
    require_heeded(*options.command, "--runs", !options.alignment.at.empty(), "it with --at");
    require_heeded(*options.command, "--decay-scale", options.instance.decay != "constant",
                   "none: the penalty of T3 is constant until it is cut");
  } else {
    refuse({"--tau", "--level", "--y-norm", "--at", "--runs"}, "--theorem t1",
           "with it --theorem t3");
    for (const char* option : {"--decay", "--decay-scale", "--cut"})
      require_heeded(*options.command, option, false, "none of a penalty: T1 is about none");
  }
  require_heeded(*options.command, "--width", false,
                 "none: it is what is looked for; widths that are tried are --widths");
  if (options.theorem == "t3") {
    require_heeded(*options.command, "--steps", false,
                   "none: runs end some steps after the slow time --tau");
    require_heeded(*options.command, "--seed", options.alignment.runs > 0, "it with --runs");
  } else {
    for (const char* option : {"--steps", "--seed"})
      require_heeded(*options.command, option, options.measure, "it with --measure");
  }
}

void require_constants(const WidthOptions& options) {
  if (!options.from_constants) return;
  require_positive("gamma", *options.gamma);
  require_positive("bound-x", options.bound_x);
  require_not_negative("bound-y", options.bound_y);
  // n gamma <= tr Gbar, and that is at most the bound of lambda_max(Gbar) at one sample.
  const Activation psi = activation_from(options.instance.activation);
  const ScopedDigits digits(width_digits);
  const double most = to_double(worst_data(psi, 1, 1, options.bound_x, options.bound_y).Gam.mid);
  if (*options.gamma > most)
    throw InputError("gamma", quoted(*options.gamma),
                     fmt::format("at most {:.6g}, the largest mean of psi^2", most));
}

void require_measure(const WidthOptions& options) {
  if (!options.measure) return;
  const std::size_t least = least_seeds({1 - options.delta, measured_level});
  if (least > most_seeds)
    throw InputError("delta", quoted(options.delta),
                     fmt::format("together with --measure one of at least 2e-4: a share of {} "
                                 "takes more than {} seeds to be seen",
                                 1 - options.delta, most_seeds));
  if (options.seeds < static_cast<long long>(least) ||
      options.seeds > static_cast<long long>(most_seeds))
    throw InputError("seeds", fmt::format("{}", options.seeds),
                     fmt::format("{} to {}: a share of {} takes so many to be seen at level {}",
                                 least, most_seeds, 1 - options.delta, measured_level));
  if (options.widths.empty() || std::adjacent_find(options.widths.begin(), options.widths.end(),
                                                   std::greater_equal<>()) != options.widths.end())
    throw InputError("widths", fmt::format("{}", fmt::join(options.widths, ",")),
                     "widths that rise");
  for (const long long p : options.widths)
    if (p < 1 || p > 10000000)
      throw InputError("widths", fmt::format("{}", p), "whole numbers from 1 to 10000000");
  at_least("steps", options.instance.steps, 1);
}

double largest_norm(const Array& rows) {
  double most = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      const double entry = rows.values[i * rows.cols() + j];
      sum += entry * entry;
    }
    most = std::max(most, std::sqrt(sum));
  }
  return most * (1 + 1e-9);  // beyond all rounding
}

WidthProblem problem_of(const WidthOptions& options) {
  const Activation psi = activation_from(options.instance.activation);
  const Rule rule = require_theorem_rule(learning_rule_from(options.rule));
  if (options.from_constants) {
    AprioriVariant variant = apriori_variant(psi, rule, 1);
    return {psi,
            rule,
            std::nullopt,
            {},
            worst_data(psi, at_least("n", options.instance.n, 1), *options.gamma, options.bound_x,
                       options.bound_y),
            std::move(variant),
            options.bound_x,
            options.bound_y};
  }
  require_kernel(psi);
  Data data = options.instance.make_data();
  AprioriVariant variant = apriori_variant(psi, rule, data.y.cols());
  std::unique_ptr<Progress> progress = std::make_unique<Progress>();
  if (data.X.rows() >= 20) progress = std::make_unique<ProgressBar>("kernel");
  EnclosedKernel kernel =
      enclose_limit_kernel(psi, data.X, kernel_digits, threads_for(options.jobs), *progress);
  progress.reset();
  AprioriData<Ball> apriori = apriori_data(psi, data.X, data.y, kernel);
  const double bound_x = largest_norm(data.X), bound_y = largest_norm(data.y);
  return {
      psi,     rule,   std::move(data), std::move(kernel), std::move(apriori), std::move(variant),
      bound_x, bound_y};
}

int width_command(const WidthOptions& options) {
  require_numbers(options);
  require_gaussian_start(options.instance);
  options.instance.require_heeded_data();
  require_read(options);
  if (options.theorem == "t3") return width_t3(options);
  require_no_penalty(options.instance);
  require_constants(options);
  require_measure(options);
  if (options.certify) require_width_certificate(options);
  std::optional<CertificateFolder> certificate;
  std::optional<ResultFolder> folder;
  if (!options.out.empty()) {
    for (const std::string& name : width_files)
      require_apart(std::filesystem::path(options.out) / name, options.instance.files());
    folder.emplace(options.out, width_files);
  }
  if (options.certify) certificate.emplace(*options.certify);
  const ScopedDigits digits(width_digits);
  const WidthProblem problem = problem_of(options);
  const std::optional<SufficientWidth> width =
      width_sufficient(problem.apriori, options.instance.eta, problem.variant, options.delta);
  WidthsBeside other = widths_beside(options, problem);
  if (options.measure) other.measured = measured_width(options, problem);
  // Files first: a reader of standard output may end at any line.
  if (!options.out.empty()) write_width_figures(options, problem);
  std::optional<CertifiedWidth> certified;
  if (width && options.certify)
    certified = certify_width(options, *problem.data, problem.rule, problem.apriori, *width);
  if (options.format == "json") {
    nlohmann::ordered_json json = width_json(options, problem, width, other);
    if (certified)
      json["certificate"] = {{"folder", *options.certify},
                             {"verdict", std::string(to_string(certified->verdict.kind()))},
                             {"detail", certified->verdict.detail()},
                             {"checker", certified->lines}};
    fmt::print("{}\n", json.dump(2));
  } else {
    print_widths(options, problem, width, other);
    if (certified) print_certified_width(options, *certified);
  }
  if (!width) return undecided_code;
  return certified ? exit_code({certified->verdict}) : 0;
}

}  // namespace

void add_width(CLI::App& app, Action& action) {
  auto options = std::make_shared<WidthOptions>();
  CLI::App* command =
      app.add_subcommand("width", "a width from which on T1 and T2 hold, with a probability");
  options->command = command;
  options->instance.add_to(*command);
  add_name(*command, "--rule", options->rule, "fa or bp");
  add_number(*command, "--delta", options->delta, "probability that may be lost");
  command->add_option("--theorem", options->theorem, "t1 (and t2), or t3 on isometric data")
      ->capture_default_str()
      ->check(one_of({"t1", "t3"}));
  CLI::Option* constants =
      command->add_flag("--from-constants", options->from_constants,
                        "know no more than --n, --gamma, --bound-x and --bound-y");
  CLI::Option* gamma = command
                           ->add_option_function<std::string>(
                               "--gamma",
                               [options](const std::string& text) {
                                 options->gamma = std::strtod(text.c_str(), nullptr);
                               },
                               "a lower bound of lambda_min(Gbar)")
                           ->type_name("FLOAT")
                           ->check(decimal_number())
                           ->needs(constants);
  constants->needs(gamma);
  add_number(*command, "--bound-x", options->bound_x, "|x_i| is at most this")->needs(constants);
  add_number(*command, "--bound-y", options->bound_y, "|y_i| is at most this")->needs(constants);
  options->alignment.add_to(*command, constants);
  CLI::Option* measure = command->add_flag("--measure", options->measure,
                                           "also the least width at which T1 is seen to hold");
  measure->excludes(constants);
  add_list(*command, "--widths", options->widths, "widths of --measure, separated by commas")
      ->needs(measure);
  add_count(*command, "--seeds", options->seeds, "initialisations at each width of --measure")
      ->needs(measure);
  CLI::Option* certify = command->add_option(
      "--certify", options->certify,
      "write a width certificate to this folder and have alignproof-check prove it");
  certify->check(folder_given())->excludes(constants);
  command
      ->add_flag("--no-check", options->no_check,
                 "write the certificate without running alignproof-check")
      ->needs(certify);
  add_format(*command, options->format, {"text", "json"}, "text or json");
  add_jobs(*command, options->jobs);
  add_out_folder(*command, options->out, "folder for figures of the width against delta and n");
  command->footer(
      "Examples:\n  alignproof width --n 5 --d 100 --activation tanh --eta 0.2 --delta 0.1\n"
      "  alignproof width --n 3 --d 30 --measure --steps 60\n"
      "  alignproof width --n 10 --d 100 --out widths --format json\n"
      "  alignproof width --from-constants --n 5 --gamma 0.27 --bound-x 1 --bound-y 1\n"
      "  alignproof width --theorem t3 --activation identity --inputs isometric \\\n"
      "    --n 5 --d 5 --lambda 1 --level 0.5 --at 1000000,1000000000 --runs 20\n"
      "Of the options of an instance those of the data, --activation and --eta matter,\n"
      "--steps and --seed with --measure, --lambda with --theorem t3 and --seed with\n"
      "its --runs; others are refused.\n" +
      exit_codes("a width is found", "alignproof-check refutes the certificate",
                 "there is none up to 1e300, or --certify proved nothing"));
  command->callback([options, &action] { action = [options] { return width_command(*options); }; });
}

}  // namespace alignproof::cli
