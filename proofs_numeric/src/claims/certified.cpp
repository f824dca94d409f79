// SPDX-License-Identifier: Apache-2.0
// Theorems A and B on instances, proved by the separate checker.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

#include "claims/certified.hpp"
#include "common.hpp"

namespace alignproof {

namespace {

using Words = std::vector<std::string>;

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct CertificateCase {
  std::string id;  ///< also the folder's name
  Data data;
  NetworkSpec network;
  Words wanted;  ///< what the certificate must claim: T1 and T2, or T3
  Words rows;    ///< the rows in which it is listed
  /// relu: a run in which a pre-activation slides along 0 never closes, so this many seeds are
  /// tried, and the number is shown.
  std::size_t seeds = 1;
  bool from_start = false;  ///< the least width 2^k at which Theorem A closes at t = 0
};

constexpr std::size_t relu_seeds = 20;
constexpr std::size_t widest = 1 << 14;

std::vector<CertificateCase> certificate_cases(const Settings& settings) {
  const CertificateSizes& sizes = settings.profile.certificates;
  if (sizes.p == 0) return {};
  const double eta = settings.profile.eta, lambda = settings.profile.lambda;
  std::vector<CertificateCase> cases;
  const auto add_pair = [&](const std::string& name, const Data& data, NetworkSpec network,
                            Penalty penalty, const std::string& T1_row) {
    const std::size_t seeds = smoothness<double>(network.activation).L2 ? 1 : relu_seeds;
    cases.push_back({name, data, network, {"T1", "T2"}, {T1_row, "T2"}, seeds});
    network.penalty = penalty;
    cases.push_back({name + "-cut", data, network, {"T3"}, {"T3"}, seeds});
  };
  const Data sphere = make_data(
      {Inputs::sphere, Targets::linear, sizes.n, sizes.d, settings.seed, Activation::tanh});
  for (Activation psi : {Activation::tanh, Activation::sigmoid, Activation::erf,
                         Activation::identity, Activation::relu}) {
    // The sigmoid is flatter: it converges, and loses beta to the penalty, on a longer time.
    const bool flat = smoothness<double>(psi).L1 <= 0.25;
    const double slower = flat ? 1.5 : 1;
    const Penalty penalty{flat ? 0.3 * lambda : lambda,
                          static_cast<std::size_t>(slower * static_cast<double>(sizes.cut))};
    add_pair(std::string(to_string(psi)), sphere, {sizes.p, psi, eta, {}, sizes.steps, 0}, penalty,
             "T1");
  }
  // The only one of these that T3 speaks of: a linear network on orthonormal samples.
  const Data isometric = make_data(
      {Inputs::isometric, Targets::linear, sizes.n, sizes.n, settings.seed, Activation::identity});
  cases.push_back({"isometric-cut",
                   isometric,
                   {sizes.p, Activation::identity, eta, {lambda, sizes.cut}, sizes.steps, 0},
                   {"T3"},
                   {"T3"}});
  if (const std::optional<Data> images = own_data(settings, sizes.image_count))
    add_pair("images", *images, {sizes.p, Activation::tanh, 2.5 * eta, {}, 2 * sizes.steps, 0},
             {lambda, sizes.cut / 2}, "T1-img");
  for (const auto& [psi, n] : {std::pair<Activation, std::size_t>{Activation::identity, 2},
                               {Activation::tanh, 1},
                               {Activation::erf, 1}}) {
    const Data few = make_data({Inputs::sphere, Targets::linear, n, 10, settings.seed, psi});
    CertificateCase c{fmt::format("{}-n{}-from-0", to_string(psi), n),
                      few,
                      {widest, psi, eta, {}, 0, 0},
                      {"T1", "T2"},
                      {"T1", "T2"}};
    c.from_start = true;
    cases.push_back(c);
  }
  return cases;
}

/// Whatever of `wanted` the proposal does not claim.
Words missing(const Proposal& proposal, const Words& wanted) {
  if (!proposal.certificate) return wanted;
  const WholeRun& run = proposal.certificate->whole_run;
  Words absent;
  for (const std::string& claim : wanted)
    if (!(claim == "T1"   ? run.decay.has_value()
          : claim == "T2" ? run.no_alignment.has_value()
                          : run.alignment.has_value()))
      absent.push_back(claim);
  return absent;
}

Search search_for(const Settings& settings, const CertificateCase& c) {
  Search search;
  search.kappa = settings.profile.kappa;
  search.margin = settings.profile.certificates.margin;
  if (c.from_start) search.share = 1e-3;
  return search;
}

/// Tries seeds, or widths, until one gives what is wanted; the last attempt otherwise.
struct Attempt {
  NetworkSpec network;
  Proposal proposal;
  std::size_t tries = 0;
};

Attempt attempt(const Settings& settings, const CertificateCase& c) {
  Attempt now{c.network, {}, 0};
  now.network.seed = seed_of(settings, 0);
  const auto propose = [&] {
    ++now.tries;
    now.proposal = propose_certificate(make_instance(c.data, now.network), search_for(settings, c),
                                       settings.dynamics.in_double);
    return missing(now.proposal, c.wanted).empty();
  };
  if (c.from_start) {
    for (now.network.p = 64; !propose() && now.network.p < c.network.p;) now.network.p *= 2;
  } else {
    for (std::size_t k = 0; k < c.seeds; ++k) {
      now.network.seed = seed_of(settings, k);
      if (propose()) break;
    }
  }
  return now;
}

std::string replay(const Settings& settings, const CertificateCase& c, const NetworkSpec& network) {
  Batch batch;
  batch.data = c.data, batch.network = network;
  std::string line = replay_line(batch, network.seed);
  line.replace(line.find("simulate"), 8, "certify");
  const Search search = search_for(settings, c);
  line += fmt::format(" --kappa {} --margin {} --share {} --out {}", search.kappa, search.margin,
                      search.share, c.id);
  return line;
}

/// An earlier run's certificate, or what is left of it, goes first: none may stand beside a report
/// that does not mention it. Other people's files stay, and are refused before any work.
void make_way(const std::filesystem::path& folder) {
  if (type_at(folder) == std::filesystem::file_type::not_found) return;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::filesystem::path name = entry->path().filename();
    if (name.extension() != ".npy" && name != "certificate.json" && name != "claim.json" &&
        name != "provenance.json")
      throw InputError("certificate folder", fmt::format("'{}'", folder.string()),
                       "a folder that does not exist or has nothing but a certificate");
  }
  if (!error) std::filesystem::remove_all(folder, error);
  if (error)
    throw InputError("certificate folder", fmt::format("'{}'", folder.string()),
                     fmt::format("a folder that can be removed ({})", error.message()));
}

void certify(const Settings& settings, const CertificateCase& c, CertificateRecord& record) {
  const std::filesystem::path folder = settings.certificates / c.id;
  const Attempt found = attempt(settings, c);
  const LimitKernel limit = limit_kernel(c.network.activation, c.data.X);
  record.gamma = limit.gamma;
  record.premises = contains(c.wanted, "T3")
                        ? premises_of_t3(c.data, found.network, Rule::fa,
                                         limit_kernel(Activation::identity, c.data.X))
                        : premises_of_t1(c.data, found.network, Rule::fa, limit);
  record.p = found.network.p;
  record.tries = found.tries;
  record.name =
      fmt::format("{}: {}, p={} {}", c.id, c.data.name, record.p, to_string(c.network.activation));
  record.replay = replay(settings, c, found.network);
  const Proposal& proposal = found.proposal;
  record.checkpoint = proposal.checkpoint;
  record.M_min = proposal.M_min;
  const Words absent = missing(proposal, c.wanted);
  if (!absent.empty()) {
    const std::string why = proposal.certificate
                                ? fmt::format("{}", fmt::join(proposal.not_claimed, "; "))
                                : proposal.obstacle;
    record.verdict = Verdict::undecided(
        c.seeds > 1 ? fmt::format("{} seeds tried; the last: {}", found.tries, why) : why);
    return;
  }
  write_certificate(folder, *proposal.certificate);
  record.verdict = Verdict::proved(
      CheckReceipt::obtain(settings.checker, folder, sha256_of_file(folder / "certificate.json")));
  const Statement& statement = proposal.certificate->leg.statement;
  record.alpha = statement.alpha;
  record.cos_min = statement.cos_min;
  record.cos_max = statement.cos_max;
  if (const auto& alignment = proposal.certificate->whole_run.alignment)
    record.twin_cos_max = alignment->twin.statement.cos_max;
}

}  // namespace

void plan_certificates(Study& study) {
  for (const CertificateCase& c : certificate_cases(study.settings())) {
    make_way(study.settings().certificates / c.id);
    CertificateRecord& record = study.certificates[c.id];
    record.name = c.id;
    record.rows = c.rows;
    record.from_start = c.from_start;
    // Steps of the checker cost about a hundred times those of a run in doubles.
    const double cost =
        c.from_start ? 1e7
                     : 50.0 * static_cast<double>(c.network.p * c.data.X.rows() * c.network.steps);
    study.want("certificate " + c.id, cost,
               [&study, c, &record] { certify(study.settings(), c, record); });
  }
}

namespace {

/// "3 of 3: identity, relu, ..."
struct Tally {
  std::size_t proved = 0, of = 0;
  Words names;
  void add(const std::string& name, bool is_proved) {
    ++of, proved += is_proved ? 1 : 0;
    names.push_back(name);
  }
};

/// From the initial data on: what is proved of a checkpoint is conditional and counts for no row.
bool proved_for_all_time(const Verdict& verdict) {
  return verdict.kind() == VerdictKind::proved && verdict.detail().empty();
}

}  // namespace

void add_certified(const Study& study, ClaimRow& row) {
  Tally within, beyond;
  std::vector<Verdict> verdicts = {row.verdict};
  for (const auto& [id, record] : study.certificates) {
    if (!contains(record.rows, row.text.id)) continue;
    count_premises(record.premises, row);
    const bool proved = proved_for_all_time(record.verdict);
    const bool counts = inside(record.premises);
    (counts ? within : beyond).add(id, proved);
    const std::string where =
        counts ? "" : fmt::format(", beyond the theorem: {}", failing(record.premises));
    row.results.push_back({record.name + ", for all t" + where, record.verdict, record.replay});
    if (counts && !proved)
      verdicts.push_back(record.verdict.kind() == VerdictKind::proved
                             ? Verdict::undecided(record.verdict.detail())
                             : record.verdict);
  }
  if (within.of + beyond.of == 0) return;
  row.instances += within.of;
  std::string words =
      fmt::format("proved on {} of {} instances inside the premises", within.proved, within.of);
  if (beyond.of > 0)
    words += fmt::format(", and beyond them on {} of {}: {}", beyond.proved, beyond.of,
                         fmt::join(beyond.names, ", "));
  row.verdict = worst(verdicts).qualified(words + "; tested: ");
}

Conclusion want_certified(Study& study, const std::string&) {
  plan_certificates(study);
  return [&study](ClaimRow& row) { add_certified(study, row); };
}

namespace {

/// The least width at which Theorem A closes from t = 0, beside the width that the paper asks for.
void report_least_width(const CertificateRecord& record, const std::string& id, ClaimRow& row) {
  row.measurements.push_back({"least width $p^*$ at which Theorem A closes from $t = 0$, " + id,
                              static_cast<double>(record.p), std::nullopt,
                              fmt::format("a power of 2; $\\gamma = {:.3g}$", record.gamma)});
}

void conclude_certificates(const Study& study, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  std::size_t proved = 0;
  row.bound_label = "$\\gamma/4$";
  row.measured_label = "certified rate $\\alpha$";
  row.ratio_label = "$(\\gamma/4)/\\alpha$, worst instance";
  for (const auto& [id, record] : study.certificates) {
    verdicts.push_back(record.verdict);
    row.results.push_back({fmt::format("{}, from step {}", record.name, record.checkpoint),
                           record.verdict, record.replay});
    if (record.verdict.kind() != VerdictKind::proved) continue;
    ++proved;
    if (record.from_start) report_least_width(record, id, row);
    const double ratio = record.gamma / 4 / record.alpha;
    // From t = 0 a smaller rate is enough: T1 asks for gamma / 4.
    if (!record.from_start && (!row.ratio || ratio > *row.ratio))
      row.bound = record.gamma / 4, row.measured = record.alpha, row.ratio = ratio;
    row.measurements.push_back(
        {"$\\alpha$, " + id, record.alpha, std::nullopt,
         fmt::format("{:.0f} % of $\\lambda_{{\\min}}(M)$ at step {}; "
                     "$\\gamma/4 = {:.4g}$",
                     100 * record.alpha / record.M_min, record.checkpoint, record.gamma / 4)});
    row.measurements.push_back(
        {"$\\cos(b, \\beta(t))$ for all $t$ from the checkpoint, " + id,
         (record.cos_min + record.cos_max) / 2, std::pair(record.cos_min, record.cos_max),
         record.twin_cos_max
             ? fmt::format("proved; at most {:.4f} without the penalty, for all $t \\ge 0$",
                           *record.twin_cos_max)
             : std::string("proved")});
    if (record.tries > 1 && !record.from_start)
      row.measurements.push_back({"seeds tried, " + id, static_cast<double>(record.tries),
                                  std::nullopt, "in the others a sign changes again and again"});
  }
  row.instances = verdicts.size();
  row.seeds = 1;
  row.premises = {
      {"$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz, or no sign changes (relu)", proved,
       verdicts.size()},
      {"the inequalities of Theorem A close at the checkpoint", proved, verdicts.size()}};
  if (!study.settings().data) {
    verdicts.push_back(Verdict::undecided(no_data_set()));
    row.results.push_back({"images", verdicts.back(), ""});
  }
  row.verdict = worst(verdicts);
}

}  // namespace

std::vector<OldClaim> certificate_claims() {
  return {
      {{"TA",
        "Convergence and alignment for all time, on instances",
        "If at a checkpoint $\\lambda_{\\min}(M) - \\Delta_G - \\Delta_H - \\eta C_v E \\ge "
        "\\alpha$ and "
        "$\\eta(\\lambda_{\\max}(M) + \\Delta_G + \\Delta_H) \\le 2 - \\eta\\alpha - \\eta^2 C_v "
        "E$, then for all $t$ after it "
        "$|e(t)| \\le (1 - \\eta\\alpha)^t E$, and the weights and the cosine stay in explicit "
        "bounds. Theorem B carries the exact run from its initial data to the checkpoint.",
        "ours, reports/docs/theorem_a.md and theorem_b.md",
        {"$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz; relu: no sign changes after the "
         "checkpoint",
         "$\\lambda = 0$ from the checkpoint on", "one output"},
        "from the initial data: T1, T2 without a penalty; with one that is cut, T3 against the "
        "same data without",
        "all explicit; the certified $\\alpha$ is printed beside $\\gamma/4$",
        "The dynamics run in doubles until the inequalities close: a proposal. alignproof-check, a "
        "separate program with ball arithmetic, follows an orbit of its own from the initial data "
        "with bounds of its distance to the exact one, and proves or refuses.",
        "A run that leaves the bounds of an accepted certificate. A refused certificate makes the "
        "row undecided: the proposal was wrong, not the theorem."},
       plan_certificates,
       conclude_certificates}};
}

}  // namespace alignproof
