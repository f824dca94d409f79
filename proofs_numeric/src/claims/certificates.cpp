// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/certificates.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <alignproof/certificates/width_producer.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/format/sha256.hpp>

#include "claims/certificate_folder.hpp"
#include "claims/replay_options.hpp"

namespace alignproof::inline claims {

namespace {

bool claims(const WholeRun& run, ForAllTime statement) {
  switch (statement) {
    case ForAllTime::decay:
      return run.decay.has_value();
    case ForAllTime::no_alignment:
      return run.no_alignment.has_value();
    case ForAllTime::alignment:
      return run.alignment.has_value();
  }
  return false;
}

bool claims_all(const Proposal& proposal, const std::vector<ForAllTime>& wanted) {
  return proposal.certificate &&
         std::all_of(wanted.begin(), wanted.end(), [&](ForAllTime statement) {
           return claims(proposal.certificate->whole_run, statement);
         });
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
    now.proposal = propose_certificate(make_instance(c.data, now.network), c.search,
                                       settings.dynamics.in_double);
    return claims_all(now.proposal, c.wanted);
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

std::string replay(const CertificateCase& c, const NetworkSpec& network) {
  Batch batch;
  batch.data = c.data, batch.network = network, batch.rule = c.search.rule;
  std::string line = replay_line(batch, network.seed);
  line.replace(line.find(" simulate "), 10, " certify ");
  if (c.search.forms.size() > 1) line += " --form best";
  if (c.search.rows) line += " --rows";
  if (c.search.limit) line += " --limit";
  if (!c.search.thresholds.empty())
    line += fmt::format(" --threshold {}", fmt::join(c.search.thresholds, ","));
  return line + options_of_angles(c.search, network) +
         fmt::format(" --share {} --out {}", c.search.share, c.id);
}

Verdict not_claimed(const Attempt& found, std::size_t seeds) {
  const Proposal& proposal = found.proposal;
  const std::string why = proposal.certificate
                              ? fmt::format("{}", fmt::join(proposal.not_claimed, "; "))
                              : proposal.obstacle;
  return Verdict::undecided(
      seeds > 1 ? fmt::format("{} seeds tried; the last: {}", found.tries, why) : why);
}

/// Units x samples x steps of the run and of its twin.
double work_of(const RunCertificate& certificate) {
  const Start& start = certificate.start;
  const std::size_t twin =
      certificate.whole_run.alignment ? certificate.whole_run.alignment->twin.checkpoint : 0;
  return static_cast<double>(start.b.rows() * start.X.rows() * (certificate.leg.checkpoint + twin));
}

/// The checker decides; the formal one, where there is one and the run is not too long for the
/// profile, is asked at the same time if there may be two programs at once.
Verdict checked(const Settings& settings, const std::filesystem::path& folder,
                const RunCertificate& certificate) {
  write_certificate(folder, certificate);
  const std::string hash = sha256_of_file(folder / "certificate.json");
  if (settings.formal_checker.empty() || !is_read_by_formal_checker(certificate) ||
      work_of(certificate) > settings.profile.certificates.formal_work)
    return Verdict::proved(CheckReceipt::obtain(settings.checker, folder, hash));
  std::optional<CheckReceipt> checker;
  std::optional<FormalReceipt> formal;
  parallel_for(2, settings.jobs, [&](std::size_t program) {
    if (program == 0)
      formal = FormalReceipt::obtain(settings.formal_checker, folder, hash);
    else
      checker = CheckReceipt::obtain(settings.checker, folder, hash);
  });
  return Verdict::proved(*checker, *formal);
}

void certify(const Settings& settings, const CertificateCase& c, CertificateRecord& record) {
  const Attempt found = attempt(settings, c);
  const Proposal& proposal = found.proposal;
  record.gamma = limit_kernel(c.network.activation, c.data.X).gamma;
  if (c.premises) record.premises = c.premises(found.network);
  record.p = found.network.p, record.tries = found.tries;
  record.name =
      fmt::format("{}: {}, p={} {}", c.id, c.data.name, record.p, to_string(c.network.activation));
  record.replay = replay(c, found.network);
  record.checkpoint = proposal.checkpoint, record.M_min = proposal.M_min;
  if (!claims_all(proposal, c.wanted)) {
    record.verdict = not_claimed(found, c.seeds);
    return;
  }
  record.folder = folder_beside_report(settings, c.id);
  record.verdict = checked(settings, settings.certificates / c.id, *proposal.certificate);
  const Statement& statement = proposal.certificate->leg.statement;
  record.alpha = statement.alpha;
  record.form = proposal.certificate->leg.form;
  record.cos_min = statement.cos_min, record.cos_max = statement.cos_max;
  const WholeRun& run = proposal.certificate->whole_run;
  record.T1 = run.decay.has_value();
  if (run.rows) record.published = run.rows->published;
  if (run.limit) record.limit_distance = run.limit->distance;
  record.times = run.times;
  if (const auto& alignment = run.alignment)
    record.twin_cos_max = alignment->twin.statement.cos_max;
}

/// "3 of 3: identity, relu, ..."
struct Tally {
  std::size_t proved = 0, formally = 0, of = 0;
  bool T1 = false;  ///< one of them states it
  std::vector<std::string> names;
  void add(const CertificateRecord& record, bool is_proved) {
    const bool is_formal = is_proved && proved_by(record.verdict, Route::formal);
    ++of, proved += is_proved ? 1 : 0, formally += is_formal ? 1 : 0;
    T1 = T1 || record.T1;
    names.push_back(record.id);
  }
};

/// From the initial data on: what is proved of a checkpoint is conditional and counts for no row.
bool proved_for_all_time(const Verdict& verdict) {
  return verdict.kind() == VerdictKind::proved && verdict.detail().empty();
}

}  // namespace

std::string folder_beside_report(const Settings& settings, const std::string& id) {
  return (settings.certificates.filename() / id).generic_string();
}

Handle<CertificateRecord> want_certificate(Study& study, const CertificateCase& c) {
  make_way(study.settings(), c.id);
  // Steps of the checker cost about a hundred times those of a run in doubles, and those of the
  // formal one ten times as much.
  const double times = study.settings().formal_checker.empty() ? 1 : 10;
  const double cost =
      times * (c.from_start
                   ? 1e7
                   : 50.0 * static_cast<double>(c.network.p * c.data.X.rows() * c.network.steps));
  CertificateRecord begun;
  begun.id = begun.name = c.id, begun.from_start = c.from_start;
  return study.want_parts<CertificateRecord>(
      "certificate " + c.id, {cost}, begun,
      [settings = study.settings(), c](CertificateRecord& record, std::size_t) {
        certify(settings, c, record);
      });
}

CertifiedWidth certify_width(const Settings& settings, const WidthCase& c) {
  make_way(settings, c.id);
  const std::filesystem::path folder = settings.certificates / c.id;
  const ScopedDigits digits(width_digits);
  CertifiedWidth certified;
  const auto none = [&](const std::string& why) {
    certified.why_none = why;
    certified.verdict = Verdict::undecided(why);
    return certified;
  };
  try {
    const AprioriVariant variant = apriori_variant(c.activation, c.rule, c.data.y.cols());
    const AprioriData<RealBall<Mpfr>> data =
        apriori_data(c.activation, c.data.X, c.data.y,
                     enclose_limit_kernel(c.activation, c.data.X, width_digits, settings.jobs));
    certified.width = width_sufficient(data, c.eta, variant, c.delta);
    if (!certified.width) return none("no width was found");
    write_width_certificate(
        folder, propose_width_certificate(
                    {.activation = c.activation, .rule = c.rule, .X = c.data.X, .y = c.data.y},
                    data, variant, *certified.width));
  } catch (const InputError& error) {
    return none(error.what());
  }
  certified.verdict = Verdict::proved(
      CheckReceipt::obtain(settings.checker, folder, sha256_of_file(folder / "width.json")));
  return certified;
}

void add_certified(const std::vector<Handle<CertificateRecord>>& certificates, ClaimRow& row) {
  Tally within, beyond;
  std::vector<Verdict> verdicts = {row.verdict};
  for (const Handle<CertificateRecord>& each : certificates) {
    const CertificateRecord& record = *each;
    count_premises(record.premises, row);
    const bool proved = proved_for_all_time(record.verdict);
    const bool counts = inside(record.premises);
    (counts ? within : beyond).add(record, proved);
    const std::string where =
        counts ? "" : fmt::format(", beyond the theorem: {}", failing(record.premises));
    row.results.push_back(
        {record.name + ", for all t" + where, record.verdict, record.replay, record.folder});
    if (counts && !proved)
      verdicts.push_back(record.verdict.kind() == VerdictKind::proved
                             ? Verdict::undecided(record.verdict.detail())
                             : record.verdict);
  }
  if (within.of + beyond.of == 0) return;
  row.instances += within.of;
  std::string words =
      fmt::format("proved on {} of {} instances inside the premises", within.proved, within.of);
  if (within.formally > 0)
    words += fmt::format(" (on {} by the formal checker too{})", within.formally,
                         within.T1 ? ", gamma of T1 taken as a number" : "");
  if (beyond.of > 0)
    words += fmt::format(", and beyond them on {} of {}: {}", beyond.proved, beyond.of,
                         fmt::join(beyond.names, ", "));
  row.verdict = worst(verdicts).qualified(words + "; tested: ");
}

}  // namespace alignproof::inline claims
