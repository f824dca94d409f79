// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

#include "cli.hpp"

namespace alignproof::cli {

namespace {

struct CertifyOptions {
  InstanceOptions instance;
  std::string out;
  long long first = 0, stride = 10;
};

int certify_command(const CertifyOptions& options) {
  if (options.out.empty()) throw InputError("out", "''", "a folder for the certificate");
  if (options.stride < 1)
    throw InputError("stride", fmt::format("{}", options.stride), "a whole number >= 1");
  if (options.first < 0)
    throw InputError("first", fmt::format("{}", options.first), "a whole number >= 0");
  const Instance instance = options.instance.make();
  const Proposal proposal =
      propose_certificate(instance, static_cast<std::size_t>(options.first),
                          static_cast<std::size_t>(options.stride), true_step<double>());
  if (!proposal.certificate) {
    fmt::print("undecided: {} (looked up to step {})\n", proposal.obstacle, proposal.checkpoint);
    return exit_code({Verdict::undecided(proposal.obstacle)});
  }
  const Statement& s = proposal.certificate->statement;
  require_writable(std::filesystem::absolute(options.out).parent_path());
  write_certificate(options.out, *proposal.certificate);
  fmt::print(
      "checkpoint at step {}: |e| <= {:.6g}, alpha = {:.6g} ({:.0f} % of lambda_min(M)),\n"
      "cos(b, beta(t)) in [{:.6f}, {:.6f}] from there on; written to {}\n",
      proposal.checkpoint, s.error, s.alpha, 100 * s.alpha / proposal.M_min, s.cos_min, s.cos_max,
      options.out);
  const CheckReceipt receipt =
      CheckReceipt::obtain(checker_path(), options.out,
                           sha256_of_file(std::filesystem::path(options.out) / "certificate.json"));
  for (const std::string& line : receipt.lines()) fmt::print("{}\n", line);
  const Verdict verdict = Verdict::proved(receipt);
  fmt::print("{}\n", verdict.text());
  return exit_code({verdict});
}

}  // namespace

void add_certify(CLI::App& app, Action& action) {
  auto options = std::make_shared<CertifyOptions>();
  CLI::App* command = app.add_subcommand(
      "certify", "find a checkpoint from which convergence is proved for all time");
  options->instance.add_to(*command);
  command
      ->add_option("--first", options->first,
                   "earliest checkpoint; a later one gives a better rate and bracket")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--stride", options->stride, "look at a checkpoint each so many steps")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--out", options->out, "folder of the certificate")->required();
  command->footer(
      "Examples:\n  alignproof certify --n 10 --d 40 --width 1000 --steps 400 --out cert\n"
      "  alignproof-check cert");
  command->callback(
      [options, &action] { action = [options] { return certify_command(*options); }; });
}

}  // namespace alignproof::cli
