// SPDX-License-Identifier: Apache-2.0
// The decision about a family: every certificate of it, what all of them must have in common, and
// that each is about the initial data of its seed.
#include <alignproof/core/no_fast_math.hpp>

#include "decide_family.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>

#include "seeded.hpp"
#include "threads.hpp"

namespace alignproof::check {

namespace {

bool equal(double a, double b) {
  return order_of(a) == order_of(b);
}

bool equal(const Penalty& a, const Penalty& b) {
  return equal(a.lambda, b.lambda) && a.cut == b.cut && a.decay == b.decay &&
         equal(a.scale, b.scale);
}

bool equal(const Statement& a, const Statement& b) {
  return equal(a.alpha, b.alpha) && equal(a.error, b.error) &&
         equal(a.beta_displacement, b.beta_displacement) &&
         equal(a.A_displacement, b.A_displacement) && equal(a.cos_min, b.cos_min) &&
         equal(a.cos_max, b.cos_max);
}

Condition required(std::string what, bool holds, std::string detail = "as declared") {
  return {std::move(what), holds ? Decision::proved : Decision::violated,
          holds ? std::move(detail) : "it is another"};
}

/// The network and the data are those that were declared.
void check_object(std::vector<Condition>& conditions, const FamilyStatement& s,
                  const RunCertificate& c, const std::map<std::string, std::string>& files) {
  const Start& start = c.start;
  conditions.push_back(
      required("kind, rule and activation of the family",
               start.kind == s.kind && start.rule == s.rule && start.activation == s.activation));
  conditions.push_back(required("n, d, p, k of the family", start.n() == s.n && start.d() == s.d &&
                                                                start.p() == s.p &&
                                                                start.k() == s.k));
  conditions.push_back(required("eta and penalty of the family",
                                equal(start.eta, s.eta) && equal(start.penalty, s.penalty)));
  conditions.push_back(required("X of the family", sha256(files.at("X.npy")) == s.X_hash));
  conditions.push_back(required("y of the family", sha256(files.at("y.npy")) == s.y_hash));
}

/// The theorems that every member must claim.
void check_claims(std::vector<Condition>& conditions, const FamilyStatement& s,
                  const RunCertificate& c) {
  const WholeRun& run = c.whole_run;
  const auto claimed = [&](const char* theorem, bool present) {
    conditions.push_back({fmt::format("{} claimed", theorem),
                          present ? Decision::proved : Decision::violated,
                          present ? "as declared" : "the certificate does not claim it"});
    return present;
  };
  if (s.decay) claimed("T1", run.decay.has_value());
  if (s.kappa && claimed("T2", run.no_alignment.has_value())) {
    conditions.push_back(
        require_at_least("kappa of the family >= kappa", *s.kappa, run.no_alignment->kappa));
    // A bound of 1 or more is one for any b and beta.
    conditions.push_back(
        require_greater("sqrt p > kappa of the family", sqrt(Ball::count(c.start.p())), *s.kappa));
  }
  if (s.margin && claimed("T3", run.alignment.has_value()))
    conditions.push_back(
        require_at_least("margin >= margin of the family", run.alignment->margin, *s.margin));
}

/// The common bounds hold for this member.
void check_bounds(std::vector<Condition>& conditions, const FamilyBounds& b,
                  const RunCertificate& c) {
  const Statement& s = c.leg.statement;
  const bool initial = is_initial(c.start.kind);
  const double beta = initial ? c.whole_run.beta_displacement : s.beta_displacement;
  const double A = initial ? c.whole_run.A_displacement : s.A_displacement;
  conditions.push_back(require_at_least("alpha >= the common one", s.alpha, b.alpha));
  conditions.push_back(require_at_least("radius >= the common one", c.radius, b.radius));
  conditions.push_back(
      require_at_least("the common beta displacement >= its own", b.beta_displacement, beta));
  conditions.push_back(
      require_at_least("the common A displacement >= its own", b.A_displacement, A));
  conditions.push_back(require_at_least("cos_min >= the common one", s.cos_min, b.cos_min));
  conditions.push_back(require_at_least("the common cos_max >= cos_max", b.cos_max, s.cos_max));
}

/// All conditions that are not proved.
std::string open_ones(const std::vector<Condition>& conditions) {
  std::string text;
  for (const Condition& condition : conditions)
    if (condition.decision != Decision::proved)
      text +=
          fmt::format("{}{}: {}", text.empty() ? "" : "; ", condition.inequality, condition.detail);
  return text;
}

MemberFindings verify_member(const std::filesystem::path& folder, const FamilyCertificate& family,
                             std::size_t member, long first_bits, long last_bits) {
  const std::optional<MemberNumbers>& listed = family.members[member].certificate;
  if (!listed) return {.open = "no certificate", .bits = first_bits};
  const auto files = read_certificate_files(folder / member_folder(family.seed(member)));
  const RunCertificate certificate = certificate_from(files);
  if (sha256(files.at("certificate.json")) != listed->hash)
    throw InputError("certificate.json", "(another one)",
                     fmt::format("the one with SHA-256 {}, which family.json lists", listed->hash));
  std::vector<Condition> conditions =
      family_conditions(family, member, certificate, files, first_bits);
  MemberFindings findings{.decision = decide(conditions), .bits = first_bits};
  // A certificate of something else is not looked at.
  if (findings.decision == Decision::proved) {
    const Findings own = verify(certificate, first_bits, last_bits);
    conditions = own.conditions;
    findings.decision = own.decision;
    findings.bits = own.bits;
    findings.cosine_defined = own.cosine_defined;
    findings.gamma = certificate.whole_run.decay;
  }
  if (findings.decision != Decision::proved) findings.open = open_ones(conditions);
  return findings;
}

}  // namespace

std::size_t FamilyFindings::proved() const {
  return static_cast<std::size_t>(std::count_if(
      members.begin(), members.end(),
      [](const MemberFindings& member) { return member.decision == Decision::proved; }));
}

std::vector<Condition> family_conditions(const FamilyCertificate& family, std::size_t member,
                                         const RunCertificate& certificate,
                                         const std::map<std::string, std::string>& files,
                                         long bits) {
  const PrecisionScope scope(bits);
  std::vector<Condition> conditions;
  check_object(conditions, family.declaration.statement, certificate, files);
  check_claims(conditions, family.declaration.statement, certificate);
  if (family.bounds) check_bounds(conditions, *family.bounds, certificate);
  const MemberNumbers& listed = family.members[member].certificate.value();
  conditions.push_back(required("numbers that family.json repeats",
                                listed.checkpoint == certificate.leg.checkpoint &&
                                    equal(listed.radius, certificate.radius) &&
                                    equal(listed.statement, certificate.leg.statement),
                                "they agree"));
  if (decide(conditions) != Decision::proved) return conditions;
  Budget budget = budget_of(certificate);
  check_seeded(conditions, certificate.start, family.seed(member), budget);
  return conditions;
}

FamilyFindings verify_family(const std::filesystem::path& folder, const FamilyCertificate& family,
                             long first_bits, long last_bits, std::size_t jobs,
                             Progress& progress) {
  const std::size_t count = family.members.size();
  FamilyFindings findings{.decision = Decision::proved, .members = {}};
  findings.members.resize(count);
  std::vector<std::string> malformed(count);
  progress.expect(count);
  const std::thread::id caller = std::this_thread::get_id();
  parallel_for(count, jobs, [&](std::size_t member) {
    try {
      findings.members[member] = verify_member(folder, family, member, first_bits, last_bits);
    } catch (const InputError& error) {
      malformed[member] = error.what();
    }
    if (std::this_thread::get_id() != caller) end_work_of_helper();
    progress.advance();
  });
  // The first of them, whichever thread was the first to see one.
  for (std::size_t member = 0; member < count; ++member)
    if (!malformed[member].empty())
      throw InputError(
          fmt::format("{}: {}", member_folder(family.seed(member)), malformed[member]));
  for (const MemberFindings& member : findings.members)
    findings.decision = both(findings.decision, member.decision);
  return findings;
}

}  // namespace alignproof::check
