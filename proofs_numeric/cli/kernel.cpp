// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/certificates/kernel_producer.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/statistics/concentration.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "enclosure_text.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

struct KernelOptions {
  const CLI::App* command = nullptr;  ///< where it is asked which options are given
  InstanceOptions instance;
  long long digits = 30, seeds = 60;
  std::string format = "text", out;
  std::optional<std::string> certify;
  bool no_check = false, concentration = false;
  std::optional<long long> jobs;
  std::vector<long long> widths{128, 256, 512, 1024, 2048};
};

constexpr double interval_level = 1e-6;  ///< each limit of the exponent errs with this probability
constexpr int printed_digits = 50;       ///< of a bound; the files have all

std::string verdict_text(const EnclosedKernel& kernel) {
  switch (kernel.definiteness) {
    case Definiteness::positive_definite:
      return kernel.near_singular() ? "enclosed; near-singular: gamma < 1e-8 lambda_max"
                                    : "enclosed";
    case Definiteness::singular:
      return "no: singular";
    case Definiteness::undecided:
      break;
  }
  return "undecided: 0 lies in the enclosure of gamma; more --digits may tell";
}

/// lambda_max / gamma, unless 0 lies in the enclosure of gamma.
RealBall<Mpfr> condition_number(const EnclosedKernel& kernel) {
  return kernel.largest / kernel.gamma;
}

void print_enclosure(const std::string& name, const RealBall<Mpfr>& x, int digits) {
  print_line(name, "[" + lower_text(x, digits) + ",");
  print_line("", " " + upper_text(x, digits) + "]");
  print_line("  radius", radius_text(x));
}

void print_text(const KernelOptions& options, const Instance& instance,
                const EnclosedKernel& kernel) {
  const int digits = std::min(static_cast<int>(kernel.digits), printed_digits);
  print_line("activation", options.instance.activation);
  print_line("n, d", fmt::format("{}, {}", instance.n(), instance.d()));
  print_line("digits", fmt::format("{} enclosed of every entry, computed with {}", kernel.digits,
                                   kernel.working));
  print_line("method", kernel.method);
  print_enclosure("gamma", kernel.gamma, digits);
  print_enclosure("lambda_max", kernel.largest, digits);
  const RealBall<Mpfr> condition = condition_number(kernel);
  if (condition.bounded())
    print_enclosure("condition number", condition, digits);
  else
    print_line("condition number",
               kernel.definiteness == Definiteness::singular ? "infinite" : "undecided");
  print_line("positive definite", verdict_text(kernel));
  if (!kernel.reason.empty()) print_line("  because", kernel.reason);
}

nlohmann::ordered_json kernel_json(const KernelOptions& options, const Instance& instance,
                                   const EnclosedKernel& kernel) {
  const int digits = static_cast<int>(kernel.working);
  nlohmann::ordered_json json{{"activation", options.instance.activation},
                              {"n", instance.n()},
                              {"d", instance.d()},
                              {"digits", kernel.digits},
                              {"working_digits", kernel.working},
                              {"method", kernel.method},
                              {"gamma", enclosure_json(kernel.gamma, digits)},
                              {"lambda_max", enclosure_json(kernel.largest, digits)},
                              {"condition_number", nullptr},
                              {"definiteness", std::string(to_string(kernel.definiteness))},
                              {"near_singular", kernel.near_singular()},
                              {"reason", kernel.reason}};
  const RealBall<Mpfr> condition = condition_number(kernel);
  if (condition.bounded()) json["condition_number"] = enclosure_json(condition, digits);
  return json;
}

std::string kernel_csv(const EnclosedKernel& kernel) {
  std::string csv = "i,j,Gbar,radius\n";
  for (Eigen::Index i = 0; i < kernel.Gbar.rows(); ++i)
    for (Eigen::Index j = 0; j < kernel.Gbar.cols(); ++j)
      csv += fmt::format("{},{},{},{}\n", i + 1, j + 1,
                         kernel.Gbar.mid(i, j).str(0, std::ios_base::scientific),
                         radius_text(kernel.Gbar(i, j)));
  return csv;
}

Concentration measured(const KernelOptions& options, const Instance& instance) {
  ProgressBar bar("concentration");
  return concentrate({"", "", instance.X, instance.y}, options.instance.network_spec(),
                     {options.widths.begin(), options.widths.end()},
                     static_cast<std::size_t>(options.seeds), interval_level,
                     threads_for(options.jobs), bar);
}

void print_concentration(const KernelOptions& options, const Concentration& found) {
  fmt::print("\n{:>10}  {:>22}  {:>22}\n", "p", "median |G(0) - Gbar|", "times sqrt p");
  for (std::size_t w = 0; w < options.widths.size(); ++w) {
    const double median = upper_median(found.distance[w]);
    fmt::print("{:>10}  {:>22.6g}  {:>22.6g}\n", options.widths[w], median,
               median * std::sqrt(static_cast<double>(options.widths[w])));
  }
  fmt::print("exponent in p: {:.4f}, interval {:.4f} to {:.4f} ({} seeds, level {:g})\n",
             found.order.exponent, found.order.lower, found.order.upper, options.seeds,
             found.order.level);
}

nlohmann::ordered_json concentration_json(const KernelOptions& options,
                                          const Concentration& found) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (std::size_t w = 0; w < options.widths.size(); ++w)
    rows.push_back(
        {{"p", options.widths[w]}, {"median_distance", upper_median(found.distance[w])}});
  return {{"seeds", options.seeds},
          {"level", found.order.level},
          {"widths", rows},
          {"exponent", found.order.exponent},
          {"lower", found.order.lower},
          {"upper", found.order.upper}};
}

struct Certified {
  KernelCertificate certificate;
  std::vector<std::string> lines, text;  ///< of the checker
  Verdict verdict;
};

Certified certify_kernel(const KernelOptions& options, const Instance& instance,
                         const EnclosedKernel& kernel) {
  const KernelCertificate c = propose_kernel_certificate(instance.activation, instance.X, kernel);
  write_kernel_certificate(*options.certify, c);
  if (options.no_check) return {c, {}, {}, Verdict::undecided("not checked")};
  const CheckReceipt receipt =
      CheckReceipt::obtain(checker_path(), *options.certify,
                           sha256_of_file(std::filesystem::path(*options.certify) / "kernel.json"));
  return {c, receipt.lines(), receipt.text(), Verdict::proved(receipt)};
}

/// "gamma >= 0.0063476881082143063"; of a gamma that is not positive, how small it is.
std::string statement(const KernelCertificate& c) {
  if (c.gamma_lower > 0) return fmt::format("gamma >= {}", quoted(c.gamma_lower));
  if (c.gamma_upper > 0) return fmt::format("0 <= gamma <= {}", quoted(c.gamma_upper));
  return "gamma = 0";
}

void print_certified(const KernelOptions& options, const Certified& certified) {
  print_line("certificate", *options.certify);
  if (!options.no_check) fmt::print("\n{}\n\n", fmt::join(certified.text, "\n"));
  if (options.no_check)
    fmt::print("proposed, not checked: run alignproof-check {}\n", shell_word(*options.certify));
  fmt::print("{}: {}\n", statement(certified.certificate), certified.verdict.text());
}

nlohmann::ordered_json certified_json(const KernelOptions& options, const Certified& certified) {
  return {{"folder", *options.certify},
          {"gamma_lower", certified.certificate.gamma_lower},
          {"gamma_upper", certified.certificate.gamma_upper},
          {"verdict", std::string(to_string(certified.verdict.kind()))},
          {"detail", certified.verdict.detail()},
          {"checker", certified.lines}};
}

/// Of an instance Gbar has the inputs and psi alone; W(0) is drawn for its concentration.
void require_read(const KernelOptions& options) {
  for (const char* option :
       {"--targets", "--target-scale", "--teacher-width", "--width", "--feedback", "--zero-error",
        "--eta", "--lambda", "--decay", "--decay-scale", "--cut", "--steps"})
    require_heeded(*options.command, option, false,
                   "of an instance what says X, --activation, and with --concentration --seed and "
                   "--initial-scale");
  const DataSource& source = options.instance.source();
  require_heeded(*options.command, "--outputs", !source.option.empty(),
                 "it with --csv or --data: Gbar does not depend on y");
  require_heeded(*options.command, "--data-seed", options.instance.inputs != "isometric",
                 "it without --inputs isometric, which has no random numbers");
  for (const char* option : {"--seed", "--initial-scale", "--widths", "--seeds"})
    require_heeded(*options.command, option, options.concentration, "it with --concentration");
}

void require_valid(const KernelOptions& options) {
  require_read(options);
  if (options.digits < min_digits || options.digits > 5000)
    throw InputError("digits", fmt::format("{}", options.digits),
                     fmt::format("{} to 5000", min_digits));
  threads_for(options.jobs);
  if (options.certify && !options.no_check) require_checker();
  if (!options.concentration) return;
  require_seeds(options.seeds, interval_level);
  std::vector<long long> widths = options.widths;
  std::sort(widths.begin(), widths.end());
  for (const long long width : widths)
    if (width < 1 || width > 10000000)
      throw InputError("widths", fmt::format("{}", width), "whole numbers from 1 to 10000000");
  if (widths.size() < 2 || std::adjacent_find(widths.begin(), widths.end()) != widths.end())
    throw InputError("widths", fmt::format("{}", fmt::join(options.widths, ",")),
                     "two or more different ones");
}

int kernel_command(KernelOptions& options) {
  require_valid(options);
  require_kernel(activation_from(options.instance.activation));
  // Before the data are made; a table says itself how many samples it has.
  if (!options.instance.data_from_file() && options.instance.n > 0)
    require_feasible_kernel(static_cast<std::size_t>(options.instance.n),
                            static_cast<unsigned>(options.digits));
  // Before hours are spent on what cannot be written.
  if (!options.out.empty()) require_output(options.out);
  require_apart(options.out, options.instance.files());
  std::optional<CertificateFolder> folder;
  if (options.certify) folder.emplace(*options.certify);
  options.instance.width = 1, options.instance.steps = 0;
  const Instance instance = options.instance.make();
  if (options.concentration && instance.y.cols() != 1)
    throw InputError("outputs", fmt::format("{}", instance.y.cols()),
                     "1 together with --concentration");
  const std::size_t jobs = threads_for(options.jobs);
  const double entries = static_cast<double>(instance.n()) * static_cast<double>(instance.n());
  const double ball = sizeof(RealBall<Mpfr>) + static_cast<double>(options.digits);
  require_memory(2 * entries * ball,  // Gbar, and what its eigenvalues are enclosed by
                 "the n x n balls of Gbar", "smaller n or fewer digits");
  std::unique_ptr<Progress> progress = std::make_unique<Progress>();
  if (instance.n() >= 20) progress = std::make_unique<ProgressBar>("kernel");
  const EnclosedKernel kernel = enclose_limit_kernel(
      instance.activation, instance.X, static_cast<unsigned>(options.digits), jobs, *progress);
  progress.reset();
  const ScopedDigits guard(kernel.working);
  std::optional<Concentration> found;
  if (options.concentration) found = measured(options, instance);
  std::optional<Certified> certified;
  if (options.certify) certified = certify_kernel(options, instance, kernel);
  // Files first: a reader of standard output may end at any line.
  if (!options.out.empty()) write_output(options.out, kernel_csv(kernel));
  const Aside aside(is_standard_output(options.out));
  if (options.format == "json") {
    nlohmann::ordered_json json = kernel_json(options, instance, kernel);
    if (found) json["concentration"] = concentration_json(options, *found);
    if (certified) json["certificate"] = certified_json(options, *certified);
    fmt::print("{}\n", json.dump(2));
  } else {
    print_text(options, instance, kernel);
    if (found) print_concentration(options, *found);
    if (certified) print_certified(options, *certified);
  }
  if (kernel.definiteness == Definiteness::undecided) return undecided_code;
  return certified ? exit_code({certified->verdict}) : 0;
}

}  // namespace

void add_kernel(CLI::App& app, Action& action) {
  auto options = std::make_shared<KernelOptions>();
  CLI::App* command =
      app.add_subcommand("kernel", "the limit kernel Gbar and gamma, enclosed at any digits");
  options->command = command;
  options->instance.add_to(*command);
  command->add_option("--digits", options->digits, "decimal digits of every entry")
      ->capture_default_str()
      ->check(whole_number());
  add_format(*command, options->format, {"text", "json"}, "text or json");
  add_jobs(*command, options->jobs);
  command
      ->add_option(
          "--out", options->out,
          "CSV file for Gbar, all digits; - is standard output, which then has nothing else")
      ->check(given("a file, or - for standard output"));
  CLI::Option* certify = command->add_option(
      "--certify", options->certify,
      "write bounds of gamma to this folder and have alignproof-check prove them");
  certify->check(folder_given());
  command
      ->add_flag("--no-check", options->no_check,
                 "write the certificate without running alignproof-check")
      ->needs(certify);
  command->add_flag("--concentration", options->concentration,
                    "also |G(0) - Gbar| against the width p");
  add_list(*command, "--widths", options->widths,
           "widths p of --concentration, separated by commas");
  command->add_option("--seeds", options->seeds, "initialisations at each width")
      ->capture_default_str()
      ->check(whole_number());
  command->footer(
      "Examples:\n  alignproof kernel --n 5 --d 20\n"
      "  alignproof kernel --n 10 --activation softplus --digits 60 --out Gbar.csv\n"
      "  alignproof kernel --inputs nearly-parallel --digits 50 --format json\n"
      "  alignproof kernel --n 10 --activation gelu --certify gamma-gelu\n"
      "  alignproof kernel --concentration --widths 128,512,2048 --seeds 40\n"
      "Of the options of an instance only those of X and --activation are accepted, and\n"
      "with --concentration --seed and --initial-scale, which are those of W.\n" +
      exit_codes("Gbar is enclosed", "alignproof-check refutes the certificate",
                 "it is undecided whether Gbar is positive definite, or --certify proved nothing"));
  command->callback(
      [options, &action] { action = [options] { return kernel_command(*options); }; });
}

}  // namespace alignproof::cli
