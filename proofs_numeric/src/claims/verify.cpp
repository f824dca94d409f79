// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::inline claims {

namespace {

/// Activations that a small study evaluates, roughly.
constexpr double planted_error_cost = 3e7;

std::string checkers(const Settings& settings) {
  if (settings.formal_checker.empty())
    return "alignproof-check alone: alignproof-check-formal was not asked";
  const double most = settings.profile.certificates.formal_work;
  const std::string both = "alignproof-check and alignproof-check-formal";
  return std::isinf(most) ? both
                          : fmt::format("{}, the latter on runs of at most {:.0f} units x samples "
                                        "x steps",
                                        both, most);
}

/// What is common, then what the claims say of themselves.
std::vector<SettingLine> describe(const Settings& settings, std::span<const Claim> claims) {
  const Profile& profile = settings.profile;
  std::vector<SettingLine> lines = {
      {"probability wanted", fmt::format("1 - delta = {}", 1 - profile.delta)},
      {"level of each one-sided limit", fmt::format("{}", profile.level)},
      {"seeds", fmt::format("{}", profile.seeds)},
      {"step size eta", fmt::format("{}", profile.eta)},
      {"margin of exponents", fmt::format("{}", profile.growth_margin)},
      {"declared level kappa of T2", fmt::format("{}", profile.kappa)}};
  if (std::any_of(claims.begin(), claims.end(), [](const Claim& c) { return c.needs_checker; }))
    lines.emplace_back("checkers of certificates", checkers(settings));
  for (const Claim& claim : claims) {
    if (!claim.settings) continue;
    for (SettingLine& line : claim.settings(profile))
      if (std::find(lines.begin(), lines.end(), line) == lines.end())
        lines.push_back(std::move(line));
  }
  return lines;
}

/// An error of the author of a claim says whose claim it is; input that is not accepted, and a
/// system that lacks something, are no such errors.
template <class Work>
auto of_claim(const Claim& claim, const Work& work) {
  const auto words = [&](const std::exception& error) {
    return fmt::format("claim {}: {}", claim.text.id, error.what());
  };
  try {
    return work();
  } catch (const InputError&) {
    throw;
  } catch (const std::system_error&) {
    throw;
  } catch (const std::logic_error& error) {
    throw std::logic_error(words(error));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(words(error));
  }
}

/// What the plan of a claim, a false claim or a figure returns.
template <class Item>
auto planned(const Item& item, Study& study) {
  auto conclusion = item.plan(study);
  if (!conclusion) throw std::logic_error("its plan returns no conclusion");
  return conclusion;
}

/// The row keeps the id of its claim, by which reports and baselines know it; a conclusion may say
/// in the text what its row turned out to be about.
ClaimRow concluded(const Claim& claim, const Conclusion& conclusion) {
  return of_claim(claim, [&] {
    ClaimRow row;
    row.text = claim.text;
    conclusion(row);
    row.text.id = claim.text.id;
    return row;
  });
}

/// By which the report says which certificate it means.
void add_hashes(const Settings& settings, ClaimRow& row) {
  for (InstanceResult& result : row.results) {
    if (result.certificate.empty()) continue;
    const std::filesystem::path folder = settings.certificates.parent_path() / result.certificate;
    for (const char* name : {"certificate.json", "family.json", "width.json"})
      if (is_file(folder / name)) result.certificate_hash = sha256_of_file(folder / name);
  }
}

/// What claims have of one kind beside their rows, planned, by its place in the report.
template <class Result>
class Planned {
 public:
  template <class Item>
  void add(const Claim& claim, const std::vector<Item>& items, Study& study) {
    for (const Item& item : items)
      all_.emplace_back(item.place, of_claim(claim, [&] { return planned(item, study); }));
  }
  std::vector<Result> results() {
    std::stable_sort(all_.begin(), all_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Result> results;
    for (const auto& [place, conclude] : all_) results.push_back(conclude());
    return results;
  }

 private:
  std::vector<std::pair<int, std::function<Result()>>> all_;
};

/// The small study of each planted error, with a folder of its own.
std::vector<Handle<Rejection>> want_planted_errors(Study& study, std::span<const Claim> claims) {
  std::vector<Handle<Rejection>> planted;
  for (std::size_t k = 0; k < all_planted_errors.size(); ++k) {
    Settings own = study.settings();
    own.jobs = 1, own.certificates /= fmt::format("planted-{}", k);
    planted.push_back(
        study.want(fmt::format("planted error {}", k), planted_error_cost,
                   [own, k, claims] { return planted_error(own, all_planted_errors[k], claims); }));
  }
  return planted;
}

}  // namespace

std::vector<Verdict> verdicts_of(const Report& report) {
  std::vector<Verdict> verdicts;
  for (const ClaimRow& row : report.rows) verdicts.push_back(row.verdict);
  for (const Rejection& rejection : report.rejections)
    if (rejection.caught_by.empty())
      verdicts.push_back(Verdict::undecided("not refused: " + rejection.name));
  return verdicts;
}

Report verify(const Settings& settings, std::span<const Claim> claims, Progress& progress,
              Refuse refuse) {
  Study study(settings, progress);
  std::vector<Conclusion> conclusions;
  Planned<Refused> refused;
  Planned<std::vector<Figure>> figures;
  for (const Claim& claim : claims) {
    conclusions.push_back(of_claim(claim, [&] { return planned(claim, study); }));
    figures.add(claim, claim.figures, study);
  }
  if (refuse.false_claims)
    for (const Claim& claim : claims) refused.add(claim, claim.false_claims, study);
  std::vector<Handle<Rejection>> planted;
  if (refuse.planted_errors) planted = want_planted_errors(study, claims);
  study.run();

  Report report;
  report.profile = settings.profile.name;
  report.seed = settings.seed;
  report.settings = describe(settings, claims);
  for (std::size_t k = 0; k < claims.size(); ++k) {
    ClaimRow row = concluded(claims[k], conclusions[k]);
    add_hashes(settings, row);
    report.tests.insert(report.tests.end(), row.tests.begin(), row.tests.end());
    report.rows.push_back(std::move(row));
  }
  for (Refused& one : refused.results()) {
    report.rejections.push_back(std::move(one.rejection));
    report.tests.insert(report.tests.end(), one.tests.begin(), one.tests.end());
  }
  for (const Handle<Rejection>& rejection : planted) report.rejections.push_back(*rejection);
  for (const std::vector<Figure>& some : figures.results())
    report.figures.insert(report.figures.end(), some.begin(), some.end());
  report.versions = build_versions();
  return report;
}

Report verify(const Settings& settings, const std::vector<std::string>& ids, Progress& progress) {
  if (ids.empty())
    return verify(settings, all_claims(), progress, {.false_claims = true, .planted_errors = true});
  std::vector<Claim> chosen;
  for (const std::string& id : ids) chosen.push_back(claim_named(id));
  return verify(settings, chosen, progress);
}

}  // namespace alignproof::inline claims
