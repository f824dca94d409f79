// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/family.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::inline certificates {

namespace {

namespace fs = std::filesystem;

constexpr const char* not_made_yet = "not made yet";

/// Nothing, or which of the theorems the certificate should claim and does not.
std::string missing_claims(const FamilyStatement& s, const WholeRun& run) {
  std::string missing;
  const auto require = [&](bool wanted, bool there, const char* theorem) {
    if (wanted && !there) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", theorem);
  };
  require(s.decay, run.decay.has_value(), "T1");
  require(s.kappa.has_value(), run.no_alignment.has_value(), "T2");
  require(s.margin.has_value(), run.alignment.has_value(), "T3");
  return missing;
}

/// The seed settles everything that is random in a member, and the rest is the same for all.
void require_of_seeds(const NetworkSpec& network) {
  if (network.feedback != Feedback::independent)
    throw InputError("feedback of a family", "one that depends on beta(0)",
                     "independent: W(0), beta(0), b are the standard normals of each seed");
  if (network.initial_scale != 1)
    throw InputError("initial scale of a family", quoted(network.initial_scale),
                     "1: W(0), beta(0), b are the standard normals of each seed");
  if (network.zero_error)
    throw InputError("zero error in a family", "y = f(0)", "one y for all seeds");
}

/// Makes the members of one family in its folder.
class FamilyMaker {
 public:
  FamilyMaker(const FamilyRequest& request, fs::path folder, const MemberCheck& check)
      : request_(request), folder_(std::move(folder)), check_(check) {
    outcome_.family.declaration = declaration_of(request);
    outcome_.family.members.assign(request.count, {.certificate = {}, .verdict = not_made_yet});
    outcome_.verdicts.assign(request.count, Verdict::undecided(not_made_yet));
    spoilt_.resize(request.count);
    take_over();
    if (earlier_) outcome_.family.members = earlier_->members;
    write_family(folder_, outcome_.family);
  }

  FamilyOutcome make(std::size_t jobs, Progress& progress) {
    progress.expect(request_.count);
    parallel_for(request_.count, jobs, [&](std::size_t member) {
      make_member(member);
      progress.advance();
    });
    for (const FamilyMember& member : outcome_.family.members)
      if (member.certificate)
        outcome_.family.bounds = bounds_with(
            outcome_.family.bounds, read_certificate(folder_ / member_folder(seed_of(member))));
    write_family(folder_, outcome_.family);
    for (std::string& line : spoilt_)
      if (!line.empty()) outcome_.spoilt.push_back(std::move(line));
    return std::move(outcome_);
  }

 private:
  std::uint64_t seed_of(const FamilyMember& member) const {
    return outcome_.family.seed(static_cast<std::size_t>(&member - outcome_.family.members.data()));
  }

  /// What an earlier run of the same family says it has done.
  void take_over() {
    if (!holds_family(folder_)) {
      require_writable(folder_);  // makes it
      std::error_code error;
      if (!fs::is_empty(folder_, error))
        throw InputError("folder of a family", fmt::format("'{}'", folder_.string()),
                         "a folder that does not exist, is empty, or holds the same family");
      return;
    }
    earlier_ = family_from(read_file(folder_ / "family.json"));
    if (earlier_->declaration != outcome_.family.declaration)
      throw InputError("folder of a family",
                       fmt::format("'{}', which holds another family", folder_.string()),
                       "another folder, or the options of the one that it holds");
    require_no_strays();
  }

  /// A folder of a seed that is none of the family would lie beside its members unseen.
  void require_no_strays() const {
    std::set<std::string> members;
    for (std::size_t i = 0; i < request_.count; ++i)
      members.insert(member_folder(outcome_.family.seed(i)));
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error))
      if (const std::string name = entry.path().filename().string();
          name.starts_with("seed-") && !members.contains(name))
        throw InputError(
            "folder of a family", fmt::format("'{}' in it", name),
            fmt::format("one with no other folders than {} to {}", member_folder(request_.first),
                        member_folder(request_.first + request_.count - 1)));
  }

  void make_member(std::size_t member) {
    const std::uint64_t seed = outcome_.family.seed(member);
    NetworkSpec network = request_.network;
    network.seed = seed;
    const fs::path place = folder_ / member_folder(seed);
    if (keep_undecided(member, place)) return;
    const Instance instance = make_instance(request_.data, network);
    if (const auto numbers = kept(member, instance, place)) {
      const Verdict verdict = check_.ask(place);
      record(member, {.certificate = numbers, .verdict = verdict.text()}, verdict);
      return;
    }
    Search search = request_.search;
    for (;;) {
      const Proposal proposal = propose_certificate(instance, search, true_step<double>());
      const std::string why = obstacle(proposal);
      if (!why.empty()) {
        record(member, {.certificate = {}, .verdict = why}, Verdict::undecided(why));
        return;
      }
      write_certificate(place, *proposal.certificate);
      const Verdict verdict = check_.ask(place);
      const std::optional<Search> next = next_search(instance, search, proposal);
      if (verdict.kind() == VerdictKind::proved || !check_.decides || !next) {
        const std::string hash = sha256_of_file(place / "certificate.json");
        record(
            member,
            {.certificate = member_numbers(*proposal.certificate, hash), .verdict = verdict.text()},
            verdict);
        return;
      }
      clear(place);
      search = *next;
    }
  }

  /// Why the proposal is none of a member; empty if it is one.
  std::string obstacle(const Proposal& proposal) const {
    if (!proposal.certificate) return proposal.obstacle;
    const std::string missing =
        missing_claims(outcome_.family.declaration.statement, proposal.certificate->whole_run);
    if (missing.empty()) return "";
    std::string why = fmt::format("{} not claimed", missing);
    for (const std::string& text : proposal.not_claimed) why += "; " + text;
    return why;
  }

  /// An earlier run found none, and left none.
  bool keep_undecided(std::size_t member, const fs::path& place) {
    if (!earlier_ || type_at(place) != fs::file_type::not_found) return false;
    const FamilyMember& before = earlier_->members[member];
    if (before.certificate || before.verdict == not_made_yet) return false;
    record(member, before, Verdict::undecided(before.verdict));
    return true;
  }

  /// The certificate that an earlier run made of this instance, if it is unchanged; anything else
  /// in its place goes.
  std::optional<MemberNumbers> kept(std::size_t member, const Instance& instance,
                                    const fs::path& place) {
    if (type_at(place) == fs::file_type::not_found) return std::nullopt;
    std::string trouble;
    try {
      const auto files = read_certificate_files(place);
      const RunCertificate certificate = certificate_from(files);
      const std::string hash = sha256(files.at("certificate.json"));
      const auto listed = earlier_ ? earlier_->members[member].certificate : std::nullopt;
      if (listed && listed->hash != hash)
        trouble = "certificate.json is not the one that family.json lists";
      else if (!is_of(certificate, instance))
        trouble = "it is about another network";
      else {
        const std::lock_guard lock(mutex_);
        ++outcome_.kept;
        return member_numbers(certificate, hash);
      }
    } catch (const InputError& error) {
      trouble = error.what();
    }
    spoilt_[member] = fmt::format("seed {}: {}", outcome_.family.seed(member), trouble);
    clear(place);
    return std::nullopt;
  }

  /// Files alone are removed: whatever else lies there is somebody's.
  static void clear(const fs::path& place) {
    std::error_code error;
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(place, error)) {
      if (!entry.is_regular_file(error))
        throw InputError("file in the folder of a certificate",
                         fmt::format("'{}'", entry.path().string()), "only plain files");
      files.push_back(entry.path());
    }
    for (const fs::path& file : files) fs::remove(file, error);
    fs::remove(place, error);
    if (error)
      throw InputError("folder of a certificate", fmt::format("'{}'", place.string()),
                       fmt::format("a folder that can be removed ({})", error.message()));
  }

  /// Of the network and the data of this seed, whatever it claims.
  bool is_of(const RunCertificate& c, const Instance& instance) const {
    const Start& s = c.start;
    return s.kind == request_.search.kind && s.rule == request_.search.rule &&
           s.activation == instance.activation && s.eta == instance.eta && s.X == instance.X &&
           s.y.values == instance.y.values && s.b.values == instance.b.values &&
           (!is_initial(s.kind) || (s.W == instance.W0 && s.beta.values == instance.beta0.values &&
                                    s.penalty == instance.penalty)) &&
           missing_claims(outcome_.family.declaration.statement, c.whole_run).empty();
  }

  void record(std::size_t member, const FamilyMember& result, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    outcome_.family.members[member] = result;
    outcome_.verdicts[member] = verdict;
    // Often enough for a run that is interrupted, and not a hundred times a second.
    const auto now = std::chrono::steady_clock::now();
    if (now - written_ < std::chrono::seconds(1)) return;
    written_ = now;
    write_family(folder_, outcome_.family);
  }

  const FamilyRequest& request_;
  const fs::path folder_;
  const MemberCheck& check_;
  std::optional<FamilyCertificate> earlier_;
  FamilyOutcome outcome_;
  std::vector<std::string> spoilt_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

std::string forms_text(const std::vector<ClosingForm>& forms) {
  std::string text;
  for (const ClosingForm form : forms)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(form));
  return text;
}

/// The file of y in a member's folder: with one output it has one axis.
std::string hash_of_targets(const Array& y) {
  Array stored = y;
  if (stored.cols() == 1) stored.shape = {stored.rows()};
  return hash_of_npy(stored);
}

}  // namespace

FamilyDeclaration declaration_of(const FamilyRequest& request) {
  const NetworkSpec& network = request.network;
  const Search& search = request.search;
  require_of_seeds(network);
  const bool initial = is_initial(search.kind), penalty = network.penalty.lambda > 0;
  FamilyDeclaration declaration{
      .statement = {.kind = search.kind,
                    .rule = search.rule,
                    .activation = network.activation,
                    .n = request.data.X.rows(),
                    .d = request.data.X.cols(),
                    .p = network.p,
                    .k = request.data.y.cols(),
                    .eta = network.eta,
                    .penalty = initial ? network.penalty : Penalty{},
                    .X_hash = hash_of_npy(request.data.X),
                    .y_hash = hash_of_targets(request.data.y),
                    .decay = initial && !penalty,
                    .kappa = {},
                    .margin = {}},
      .first = request.first,
      .count = request.count,
      .rule_of_checkpoints = {
          {"checkpoint",
           fmt::format("the first from step {} on, each {} steps, up to step {}, with "
                       "alpha >= {} lambda_min(M) and cos_max - cos_min <= {}, or "
                       "else the one with the narrowest bracket",
                       search.first, search.stride, network.steps, quoted(search.share),
                       quoted(search.width))},
          {"forms of Theorem A", forms_text(search.forms)},
          {"radius", search.largest_radius ? "the largest" : quoted(search.radius)}}};
  // Of backpropagation, where b has no part, neither T2 nor T3 says anything.
  const bool angles = initial && is_feedback_alignment(search.rule);
  if (angles && !penalty) declaration.statement.kappa = search.kappa;
  if (angles && penalty) declaration.statement.margin = search.margin;
  return declaration;
}

FamilyOutcome make_family(const FamilyRequest& request, const fs::path& folder, std::size_t jobs,
                          const MemberCheck& check, Progress& progress) {
  return FamilyMaker(request, folder, check).make(jobs, progress);
}

}  // namespace alignproof::inline certificates
