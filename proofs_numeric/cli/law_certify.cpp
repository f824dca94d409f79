// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include <alignproof/certificates/law_producer.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/sha256.hpp>

#include "command_line.hpp"
#include "law.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

/// All of which the certificate says nothing.
constexpr const char* without_certificate[] = {"--kernel",      "--decay",        "--decay-scale",
                                               "--cut",         "--eta",          "--points",
                                               "--rule",        "--layers",       "--feedback",
                                               "--evaluator",   "--particles",    "--seed",
                                               "--seeds",       "--finite-width", "--widths",
                                               "--steps-after", "--jobs",         "--out",
                                               "--d",           "--outputs",      "--targets",
                                               "--input-scale", "--target-scale", "--teacher-width",
                                               "--data-seed"};

/// What is smaller costs the producer digits that nobody asks for.
constexpr double least_scale = 1e-8;

void require_scale(const char* name, double value) {
  if (!(std::abs(value) >= least_scale && std::abs(value) <= 1 / least_scale))
    throw InputError(name, fmt::format("{}", value), "a number of size 1e-8 to 1e8 with --certify");
}

LawStatement statement_of(const LawRequest& request) {
  LawStatement statement{.activation = request.psi(),
                         .y = Array({static_cast<std::size_t>(request.data.n)}),
                         .gamma = request.certificate.gamma,
                         .lambda = request.lambda,
                         .tau = request.tau,
                         .digits = static_cast<unsigned>(request.certificate.digits)};
  for (double& y : statement.y.values) y = request.certificate.ybar;
  return statement;
}

std::string text(const LawBounds& bounds) {
  return fmt::format("[{:.17g}, {:.17g}]", bounds.lower, bounds.upper);
}

void print_values(const LawCertificate& c) {
  fmt::print("the alignment law of {}: K = {} I, n = {}, y_i = {}\n", to_string(c.activation),
             c.gamma, c.n(), c.y.values.front());
  fmt::print("lambda = {}, tau = {}\n\n", c.lambda, c.tau);
  for (const auto& [what, bounds] :
       {std::pair{"cosine", c.values.cosine}, {"|e|", c.values.error}, {"M", c.values.M}})
    fmt::print("{:<8} {}\n", what, text(bounds));
  fmt::print("{:<8} {} along y\n", "G", text(c.values.largest));
  if (c.n() > 1) fmt::print("{:<8} {} elsewhere\n", "", text(c.values.smallest));
}

}  // namespace

void add_law_certify(CLI::App& command, LawRequest& request) {
  CLI::Option* certify = command.add_option(
      "--certify", request.certify,
      "write a certificate of the law at tau to this folder and have alignproof-check\n"
      "prove it: for --inputs isometric, K = gamma I and y_i = ybar");
  certify->check(folder_given());
  LawCertifyOptions& options = request.certificate;
  add_number(command, "--gamma", options.gamma, "with --certify: K = gamma I")->needs(certify);
  add_number(command, "--ybar", options.ybar, "with --certify: all y_i")->needs(certify);
  add_count(command, "--digits", options.digits, "with --certify: of every value, 1 to 14")
      ->needs(certify);
  command
      .add_flag("--no-check", options.no_check,
                "write the certificate without running alignproof-check")
      ->needs(certify);
}

void require_law_certificate(const LawRequest& request) {
  for (const char* option : without_certificate)
    if (request.given(option))
      throw InputError("option", fmt::format("'{}'", option), "it without --certify");
  if (request.data.inputs != "isometric")
    throw InputError("inputs", fmt::format("'{}'", request.data.inputs),
                     "isometric with --certify: only its law is enclosed");
  at_least("n", request.data.n, 1);
  require_scale("gamma", request.certificate.gamma),
      require_scale("ybar", request.certificate.ybar);
  require_scale("lambda", request.lambda), require_scale("tau", request.tau);
  if (request.certificate.digits < 1 || request.certificate.digits > most_law_digits)
    throw InputError("digits", fmt::format("{}", request.certificate.digits),
                     fmt::format("1 to {}", most_law_digits));
  if (!request.certificate.no_check) require_checker();
}

int certify_law(const LawRequest& request) {
  const CertificateFolder folder(*request.certify);
  const LawCertificate c = propose_law_certificate(statement_of(request));
  write_law_certificate(*request.certify, c);
  print_values(c);
  fmt::print("\ncertificate: {}\n", *request.certify);
  if (request.certificate.no_check) {
    fmt::print("proposed, not checked: run alignproof-check {}\n", shell_word(*request.certify));
    return exit_code({Verdict::undecided("not checked")});
  }
  const CheckReceipt receipt =
      CheckReceipt::obtain(checker_path(), *request.certify,
                           sha256_of_file(std::filesystem::path(*request.certify) / "law.json"));
  fmt::print("\n{}\n", fmt::join(receipt.text(), "\n"));
  return exit_code({Verdict::proved(receipt)});
}

}  // namespace alignproof::cli
