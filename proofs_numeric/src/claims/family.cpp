// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/family.hpp>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <alignproof/certificates/family.hpp>
#include <alignproof/format/sha256.hpp>

#include "claims/certificate_folder.hpp"
#include "claims/replay_options.hpp"

namespace alignproof::inline claims {

namespace {

/// "proved on 5 of 5 seeds", as the program says it.
std::string count_in(const CheckReceipt& receipt) {
  for (const std::string& line : receipt.lines()) {
    const std::size_t from = line.find("proved on "), to = line.find(" seeds", from);
    if (from != std::string::npos && to != std::string::npos)
      return line.substr(from, to - from) + " seeds";
  }
  return "not decided";
}

/// The family is decided as a whole.
Verdict not_asked(const std::filesystem::path&) {
  return Verdict::undecided("not asked");
}

std::string replay(const FamilyCase& c, std::uint64_t first) {
  Batch batch;
  batch.data = c.data, batch.network = c.network;
  std::string line = replay_line(batch, first);
  line.replace(line.find(" simulate "), 10, " certify ");
  return line + options_of_angles(c.search, c.network) +
         fmt::format(" --share {} --seeds {} --out {}", c.search.share, c.seeds, c.id);
}

void make_and_check(const Settings& settings, const FamilyCase& c, CertificateRecord& record) {
  const FamilyRequest request{.data = c.data,
                              .network = c.network,
                              .search = c.search,
                              .first = seed_of(settings, 0),
                              .count = c.seeds};
  const std::filesystem::path folder = settings.certificates / c.id;
  std::filesystem::create_directories(folder);
  Progress silent;
  const FamilyOutcome outcome = make_family(request, folder, 1, {not_asked, false}, silent);
  const auto receipt =
      CheckReceipt::obtain(settings.checker, folder, sha256_of_file(folder / "family.json"));
  record.verdict = Verdict::proved(receipt);
  record.gamma = limit_kernel(c.network.activation, c.data.X).gamma;
  record.p = c.network.p;
  record.name = fmt::format("{}: {}, p={} {}, seeds {} to {}: {}", c.id, c.data.name, record.p,
                            to_string(c.network.activation), request.first,
                            request.first + c.seeds - 1, count_in(receipt));
  record.replay = replay(c, request.first);
  record.folder = folder_beside_report(settings, c.id);
  if (outcome.family.bounds) {
    record.alpha = outcome.family.bounds->alpha;
    record.cos_min = outcome.family.bounds->cos_min;
    record.cos_max = outcome.family.bounds->cos_max;
  }
  for (const FamilyMember& member : outcome.family.members) {
    if (!member.certificate) continue;
    record.checkpoint = std::max(record.checkpoint, member.certificate->checkpoint);
    const double M_min =
        read_certificate(folder / member_folder(outcome.family.seed(static_cast<std::size_t>(
                                      &member - outcome.family.members.data()))))
            .leg.witness.M_min;
    record.M_min = record.M_min == 0 ? M_min : std::min(record.M_min, M_min);
  }
  record.T1 = outcome.family.declaration.statement.decay;
}

}  // namespace

Handle<CertificateRecord> want_family(Study& study, const FamilyCase& c) {
  make_way(study.settings(), c.id);
  const double cost = 50.0 * static_cast<double>(c.seeds * c.network.p * c.data.X.rows() * 200);
  CertificateRecord begun;
  begun.id = begun.name = c.id;
  return study.want_parts<CertificateRecord>(
      "family " + c.id, {cost}, begun,
      [settings = study.settings(), c](CertificateRecord& record, std::size_t) {
        make_and_check(settings, c, record);
      });
}

}  // namespace alignproof::inline claims
