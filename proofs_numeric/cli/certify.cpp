// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <alignproof/certificates/coq_export.hpp>
#include <alignproof/certificates/producer.hpp>
#include <alignproof/claims/premises.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/activation_definition.hpp>

#include "certify_family.hpp"
#include "certify_options.hpp"
#include "cli.hpp"
#include "command_line.hpp"
#include "coq_options.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"

namespace alignproof::cli {

namespace {

struct CertifyOptions {
  const CLI::App* command = nullptr;  ///< where it is asked which options are given
  InstanceOptions instance;
  std::string out, from = "initialisation", rule = "fa", formal_checker, form;
  CoqOptions coq;
  long long first = 0, stride = 10;
  std::optional<long long> seeds, jobs;
  std::string radius = "0";
  Search search;
  bool no_check = false;
};

std::size_t count(const char* name, long long value, long long least) {
  if (value < least)
    throw InputError(name, fmt::format("{}", value), fmt::format("a whole number >= {}", least));
  return static_cast<std::size_t>(value);
}

void require_level(const char* name, double value, bool fine, const char* accepted) {
  if (!fine || !std::isfinite(value)) throw InputError(name, quoted(value), accepted);
}

constexpr const char* accepted_radius = "a number >= 0, or largest";

double radius_from(const std::string& text) {
  char* end = nullptr;
  const double radius = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(radius >= 0) || !std::isfinite(radius))
    throw InputError("radius", fmt::format("'{}'", text), accepted_radius);
  return radius;
}

/// "rate, bootstrap, drift or best"
std::string words_of_forms() {
  std::vector<std::string> names;
  for (const ClosingForm form : all_closing_forms) names.emplace_back(to_string(form));
  names.emplace_back("best");
  return alternatives(names);
}

/// "best": all of them; none given: the first, which both checkers read.
std::vector<ClosingForm> forms_from(const std::string& form) {
  if (form.empty()) return {ClosingForm::rate};
  if (form == "best") return {std::begin(all_closing_forms), std::end(all_closing_forms)};
  for (const ClosingForm each : all_closing_forms)
    if (form == to_string(each)) return {each};
  throw InputError("form", fmt::format("'{}'", form), words_of_forms());
}

/// Where no form is asked for and the first closes nowhere, the sharp ones.
Proposal propose(const Instance& instance, Search search, bool any_form) {
  // One run takes a moment, and that of a radius takes more than a dozen.
  std::optional<ProgressBar> bar;
  if (search.largest_radius) bar.emplace("largest radius");
  Progress silent;
  Progress& progress = bar ? *bar : silent;
  Proposal proposal = propose_certificate(instance, search, true_step<double>(), progress);
  const bool plain = instance.k() == 1 && is_feedback_alignment(search.rule);
  if (proposal.certificate || !any_form || !plain) return proposal;
  search.forms = {ClosingForm::bootstrap, ClosingForm::second_order_drift};
  Proposal sharp = propose_certificate(instance, search, true_step<double>(), progress);
  return sharp.certificate ? sharp : proposal;
}

Search search_from(const CertifyOptions& options) {
  Search search = options.search;
  search.kind = options.from == "checkpoint" ? CertificateKind::from_checkpoint
                                             : CertificateKind::from_initialisation;
  search.rule = require_theorem_rule(learning_rule_from(options.rule));
  search.forms = forms_from(options.form);
  const bool one_output = options.instance.outputs == 1 && is_feedback_alignment(search.rule);
  if (!one_output && search.forms != std::vector{ClosingForm::rate})
    throw InputError("form", fmt::format("'{}'", options.form),
                     "rate with --outputs above 1 or --rule bp");
  search.first = count("first", options.first, 0);
  search.stride = count("stride", options.stride, 1);
  require_level("share", search.share, search.share > 0 && search.share < 1,
                "a number between 0 and 1");
  require_level("bracket", search.width, search.width > 0, "a number > 0");
  require_level("kappa", search.kappa, search.kappa > 0, "a number > 0");
  require_level("margin", search.margin, search.margin > 0, "a number > 0");
  search.largest_radius = options.radius == "largest";
  if (!search.largest_radius) search.radius = radius_from(options.radius);
  for (const double threshold : search.thresholds)
    require_level("threshold", threshold, threshold > 0, "numbers > 0");
  if (search.thresholds.size() > WholeRun::most_times)
    throw InputError("number of thresholds", fmt::format("{}", search.thresholds.size()),
                     fmt::format("at most {}", WholeRun::most_times));
  if (search.asks_for_more() && !is_initial(search.kind))
    throw InputError("from", "'checkpoint'",
                     "initialisation with --rows, --limit or --threshold: they speak of t >= 0");
  require_certifiable(*options.command, options.instance, search,
                      {.family = options.seeds.has_value(),
                       .asks_formal = options.formal_checker != "none",
                       .checks = !options.no_check});
  return search;
}

/// What was asked for beside T1 to T3.
void describe_more(const WholeRun& run) {
  if (run.rows) {
    double w = 0, beta = 0;
    for (std::size_t r = 0; r < run.rows->bounds.rows(); ++r)
      w = std::max(w, run.rows->bounds(r, 0)), beta = std::max(beta, run.rows->bounds(r, 1));
    fmt::print("rows: every |w_r(t) - w_r(0)| <= {:.4g}, |beta_r(t) - beta_r(0)| <= {:.4g}\n", w,
               beta);
    if (const auto& published = run.rows->published)
      fmt::print("T1 as published, for all r and t, with c1 = {:.4g} and c2 = {:.4g}\n",
                 published->c1, published->c2);
  }
  if (run.limit)
    fmt::print("limit: beta(t) converges, to within {:.4g} of limit.npy\n", run.limit->distance);
  for (const TimeClaim& time : run.times)
    fmt::print("|e(t)| > {0:.4g} for t < {1}, |e(t)| <= {0:.4g} for t >= {2}\n", time.threshold,
               time.lower, time.upper);
}

/// In which form Theorem A closes, where it is not the first.
void describe_form(const Leg& leg) {
  switch (leg.form) {
    case ClosingForm::rate:
      return;
    case ClosingForm::bootstrap:
      fmt::print("by the bootstrap: eta sum |e(t)| <= S = {:.6g} from there on\n", leg.S);
      return;
    case ClosingForm::second_order_drift:
      fmt::print(
          "by the drift of second order: eta sum |e(t)| <= S = {:.6g} from there on;\n"
          "the linear part of the drift of M has the norm {:.3g}\n",
          leg.S, leg.linear_drift);
      return;
  }
  throw std::logic_error("no such form");
}

void describe(const Proposal& proposal, const std::string& out) {
  const RunCertificate& c = *proposal.certificate;
  const Statement& s = c.leg.statement;
  fmt::print("written to: {}\n", out);
  print_wrapped(
      "checkpoint at step {}: |e| <= {:.6g}, alpha = {:.6g} ({:.0f} % of lambda_min(M)), "
      "cos(b, beta(t)) in [{:.6f}, {:.6f}] from there on",
      proposal.checkpoint, s.error, s.alpha, 100 * s.alpha / proposal.M_min, s.cos_min, s.cos_max);
  describe_form(c.leg);
  if (c.whole_run.decay)
    print_wrapped("T1: every step from t = 0 contracts by 1 - eta gamma/4 at least; gamma = {:.6g}",
                  c.whole_run.decay->gamma_max);
  if (c.whole_run.no_alignment)
    fmt::print("T2: |cos(b, beta(t))| <= {:.4g}/sqrt p for all t\n",
               c.whole_run.no_alignment->kappa);
  if (c.whole_run.alignment)
    fmt::print("T3: cos(b, beta(t)) >= {:.6f}; without the penalty <= {:.6f}\n", s.cos_min,
               c.whole_run.alignment->twin.statement.cos_max);
  describe_more(c.whole_run);
  if (c.radius > 0)
    fmt::print("all this holds of every start within {:.6g} of the stored one\n", c.radius);
  if (proposal.digits > 0)
    fmt::print("found with {} digits, where doubles do not resolve it\n", proposal.digits);
  for (const std::string& text : proposal.not_claimed) print_wrapped("not claimed: {}", text);
}

/// W and A, what the search cannot do without. Of data from a file, n and d are not known here.
void require_room(const InstanceOptions& instance) {
  const double n = instance.known_n(), d = instance.known_d(),
               p = static_cast<double>(instance.width);
  require_memory(p * (n + d) * sizeof(double), "this instance", "smaller n, d or width");
  announce_length(static_cast<double>(instance.steps) * p * n * n * 1e-9);
}

/// What is proved holds of this instance, whether or not the theorem speaks of it; but it counts
/// for the theorem only if it does.
void describe_premises(const Data& data, const NetworkSpec& network, const RunCertificate& c) {
  const bool aligns = c.whole_run.alignment.has_value();
  if (!aligns && !c.whole_run.decay && !c.whole_run.no_alignment) return;
  const std::optional<Missing> missing = aligns ? std::nullopt : missing_kernel(network.activation);
  if (missing) {
    print_wrapped("premises of T1 and T2 not decided: {} has no limit kernel here: {}",
                  to_string(network.activation), missing->reason);
    return;
  }
  const char* theorem = aligns ? theorem_of_cut(network) : "T1 and T2";
  const Premises premises = aligns ? premises_of_cut(data, network, c.start.rule)
                                   : premises_of_t1(data, network, c.start.rule,
                                                    limit_kernel(network.activation, data.X));
  if (inside(premises))
    print_wrapped("inside the premises of {}", theorem);
  else
    print_wrapped("beyond the premises of {}: {}", theorem, failing(premises));
}

template <Route route>
Receipt<route> asked(const std::filesystem::path& program, const std::string& folder) {
  const auto receipt = Receipt<route>::obtain(
      program, folder, sha256_of_file(std::filesystem::path(folder) / "certificate.json"));
  fmt::print("\n{}\n", fmt::join(receipt.text(), "\n"));
  return receipt;
}

Verdict not_checked(const std::string& folder) {
  fmt::print("proposed, not checked: run alignproof-check {}\n", shell_word(folder));
  return Verdict::undecided("not checked");
}

Verdict checked(const RunCertificate& certificate, const std::string& folder,
                const std::filesystem::path& formal) {
  const auto receipt = asked<Route::checker>(checker_path(), folder);
  const bool readable = is_read_by_formal_checker(certificate);
  if (!formal.empty() && !readable)
    fmt::print("open to alignproof-check-formal: it reads certificates of version 2 only\n");
  const Verdict verdict = formal.empty() || !readable
                              ? Verdict::proved(receipt)
                              : Verdict::proved(receipt, asked<Route::formal>(formal, folder));
  fmt::print("\n");
  print_wrapped("{}", verdict.text());
  return verdict;
}

/// Takes the files of a certificate away that was not accepted.
void clear_certificate(const std::filesystem::path& folder) {
  for (const auto& [name, bytes] : read_certificate_files(folder))
    std::filesystem::remove(folder / name);
}

/// The same for each of so many seeds.
int certify_seeds(const CertifyOptions& options, const Search& search) {
  if (options.coq.wanted())
    throw InputError("export-coq", fmt::format("'{}'", options.coq.file),
                     "one certificate: without --seeds, or of a member's folder by export-coq");
  if (search.asks_for_more())
    throw InputError("option", "'--seeds'",
                     "it without --rows, --limit and --threshold, which are no part of what is "
                     "declared for a family");
  FamilyRequest request{.data = {},
                        .network = options.instance.network_spec(),
                        .search = search,
                        .first = at_least("seed", options.instance.seed, 0),
                        .count = count("seeds", *options.seeds, 1)};
  if (request.count > FamilyDeclaration::most_members)
    throw InputError("seeds", fmt::format("{}", request.count),
                     fmt::format("1 to {}", FamilyDeclaration::most_members));
  FamilyOptions family{.out = options.out,
                       .jobs = threads_for(options.jobs),
                       .formal_checker = {},
                       .no_check = options.no_check};
  if (!options.no_check) {
    require_checker();
    family.formal_checker = formal_checker_from(options.formal_checker);
  }
  require_room(options.instance);
  request.data = options.instance.make_data();
  return certify_family(request, family);
}

int certify_command(const CertifyOptions& options) {
  Search search = search_from(options);
  if (options.seeds) return certify_seeds(options, search);
  if (options.jobs) throw InputError("jobs", fmt::format("{}", *options.jobs), "--seeds with it");
  if (is_standard_output(options.coq.file))
    throw InputError("export-coq", "'-'", "a file: standard output has the words of the checkers");
  options.coq.require();
  if (options.coq.wanted() && !options.form.empty() && options.form != "rate")
    throw InputError("form", fmt::format("'{}'", options.form),
                     "rate with --export-coq: a theorem in Coq has no other form");
  if (options.coq.wanted() && search.asks_for_more())
    throw InputError("export-coq", fmt::format("'{}'", options.coq.file),
                     "it without --rows, --limit and --threshold: a theorem in Coq has no such "
                     "claims");
  std::filesystem::path formal;
  if (!options.no_check) {
    require_checker();
    formal = formal_checker_from(options.formal_checker);
  }
  const CertificateFolder folder(options.out);
  require_room(options.instance);
  const Data data = options.instance.make_data();  // once: a pipe cannot be read again
  const NetworkSpec network = options.instance.network_spec();
  const Instance instance = make_instance(data, network);
  if (options.coq.wanted())
    require_exportable(instance, search.rule, search.kind, coq_integers_from(options.coq.integers));
  const bool any_form = options.form.empty() && !options.coq.wanted();
  Proposal proposal = propose(instance, search, any_form);
  if (!proposal.certificate) {
    print_wrapped("undecided: {} (looked up to step {})", proposal.obstacle, proposal.checkpoint);
    return exit_code({Verdict::undecided(proposal.obstacle)});
  }
  const auto decided = [&] {
    write_certificate(options.out, *proposal.certificate);
    describe(proposal, options.out);
    describe_premises(data, network, *proposal.certificate);
    return options.no_check ? not_checked(options.out)
                            : checked(*proposal.certificate, options.out, formal);
  };
  Verdict verdict = decided();
  while (!options.no_check && verdict.kind() != VerdictKind::proved) {
    const std::optional<Search> other = next_search(instance, search, proposal);
    if (!other) break;
    fmt::print("again, with {}:\n", search.largest_radius
                                        ? fmt::format("the radius {:.6g}", other->radius)
                                        : fmt::format("{} digits", other->digits));
    search = *other;
    Proposal next = propose(instance, search, any_form);
    if (!next.certificate) break;
    proposal = std::move(next);
    clear_certificate(options.out);
    verdict = decided();
  }
  if (options.coq.wanted()) options.coq.write(options.out);
  return exit_code({verdict});
}

}  // namespace

void add_certify(CLI::App& app, Action& action) {
  auto options = std::make_shared<CertifyOptions>();
  CLI::App* command = app.add_subcommand(
      "certify", "prove convergence and (no) alignment of one instance for all time");
  options->command = command;
  options->instance.add_to(*command);
  command
      ->add_option("--first", options->first,
                   "earliest checkpoint; a later one gives a better rate and bracket")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--stride", options->stride, "look at a checkpoint each so many steps")
      ->capture_default_str()
      ->check(whole_number());
  command
      ->add_option("--from", options->from,
                   "initialisation: about every t >= 0; checkpoint: from a state on, conditional")
      ->capture_default_str()
      ->check(one_of({"initialisation", "checkpoint"}));
  add_name(*command, "--rule", options->rule, "fa or bp");
  command
      ->add_option("--form", options->form,
                   "of Theorem A: rate, bootstrap, drift, or best, the sharpest of them "
                   "(default: rate, and best where it closes nowhere; with --seeds rate alone, "
                   "since a family declares its form before anything is run)")
      ->check(given(words_of_forms()));
  const auto number = [&](const char* name, double& value, const char* words) {
    add_number(*command, name, value, words);
  };
  Search& search = options->search;
  number("--share", search.share, "stop at a checkpoint with alpha >= this share of lambda_min(M)");
  number("--bracket", search.width, "and with cos_max - cos_min <= this");
  number("--kappa", search.kappa, "T2: |cos| <= kappa / sqrt p, below 1, for all t");
  number("--margin", search.margin,
         "T3: how far cosines with and without the penalty must lie apart");
  command
      ->add_option("--radius", options->radius,
                   "hold for every start within this distance (Frobenius norm); largest:\n"
                   "the largest for which the same theorems hold")
      ->capture_default_str()
      ->check(given(accepted_radius));
  command
      ->add_option("--seeds", options->seeds,
                   "the same for so many seeds, from --seed on, each with a certificate\n"
                   "in --out, which the same command goes on with where it was interrupted")
      ->check(whole_number());
  add_jobs(*command, options->jobs);
  command->add_flag("--rows", search.rows,
                    "how far each hidden unit moves, and T1 with the bounds as published");
  command->add_flag("--limit", search.limit, "where beta(t) converges to");
  add_list(*command, "--threshold", search.thresholds,
           "when |e(t)| falls below each of these for good");
  command->add_flag("--no-check", options->no_check,
                    "write the proposal without running alignproof-check");
  add_formal_checker(*command, options->formal_checker);
  options->coq.add_to(*command, "--export-coq", "also write a theorem for Coq to this file");
  command->add_option("--out", options->out, "folder of the certificate")
      ->required()
      ->check(folder_given());
  command->footer(
      "Examples:\n  alignproof certify --n 10 --d 40 --width 1000 --steps 400 --out T1-T2\n"
      "  alignproof certify --n 5 --d 100 --lambda 1 --cut 400 --steps 700 --out T3\n"
      "  alignproof certify --n 5 --d 100 --rows --limit --threshold 0.1,1e-3 --out whole\n"
      "  alignproof certify --n 3 --d 30 --width 4096 --steps 1 --form drift --out from-0\n"
      "  alignproof certify --from checkpoint --n 10 --steps 400 --radius 1e-3 --out near\n"
      "  alignproof certify --n 3 --width 200 --radius largest --out around\n"
      "  alignproof certify --n 3 --d 30 --width 200 --seeds 100 --out family\n"
      "  alignproof certify --outputs 3 --targets classes --n 6 --steps 900 --out k3\n"
      "  alignproof certify --rule bp --n 5 --steps 900 --out bp\n"
      "  alignproof certify --from checkpoint --n 3 --width 64 --eta 0.5 --steps 900 --out small "
      "--export-coq small.v\n"
      "  alignproof-check T3\n"
      "  alignproof-check family\n" +
      exit_codes("proved", "a checker refutes the certificate", "undecided, or not checked"));
  command->callback(
      [options, &action] { action = [options] { return certify_command(*options); }; });
}

}  // namespace alignproof::cli
