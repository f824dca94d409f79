// SPDX-License-Identifier: Apache-2.0
#include "certify_family.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

#include "cli.hpp"
#include "output.hpp"
#include "progress_bar.hpp"

namespace alignproof::cli {

namespace {

Verdict answer_about(const std::filesystem::path& folder, const FamilyOptions& options) {
  if (options.no_check) return Verdict::undecided("not checked");
  const std::string hash = sha256_of_file(folder / "certificate.json");
  const auto receipt = CheckReceipt::obtain(checker_path(), folder, hash);
  if (options.formal_checker.empty() || !is_read_by_formal_checker(read_certificate(folder)))
    return Verdict::proved(receipt);
  return Verdict::proved(receipt, FormalReceipt::obtain(options.formal_checker, folder, hash));
}

void describe_bounds(const FamilyCertificate& family) {
  if (!family.bounds) return;
  const FamilyBounds& b = *family.bounds;
  const bool initial = is_initial(family.declaration.statement.kind);
  print_wrapped(
      "of all certificates: alpha >= {:.6g}, cos(b, beta(t)) in [{:.6f}, {:.6f}] from the "
      "checkpoint on, |beta(t) - beta({})| <= {:.6g}, |A(t) - A({})|_F <= {:.6g}",
      b.alpha, b.cos_min, b.cos_max, initial ? "0" : "T", b.beta_displacement, initial ? "0" : "T",
      b.A_displacement);
  if (b.radius > 0) fmt::print("each holds of every start within {:.6g} of its own\n", b.radius);
}

void describe_declaration(const FamilyDeclaration& declaration) {
  const FamilyStatement& s = declaration.statement;
  fmt::print("declared for the seeds {} to {}:", declaration.first,
             declaration.first + declaration.count - 1);
  if (s.decay) fmt::print(" T1;");
  if (s.kappa) fmt::print(" T2 with kappa = {:.4g};", *s.kappa);
  if (s.margin) fmt::print(" T3 with margin {:.4g};", *s.margin);
  fmt::print("{}\n", is_initial(s.kind) ? "" : " convergence from a checkpoint (conditional)");
}

void describe_open_ones(const FamilyOutcome& outcome) {
  constexpr std::size_t most = 10;
  std::size_t open = 0;
  for (std::size_t i = 0; i < outcome.verdicts.size(); ++i) {
    if (outcome.verdicts[i].kind() == VerdictKind::proved) continue;
    if (++open <= most)
      print_wrapped("seed {}: {}", outcome.family.seed(i), outcome.verdicts[i].text());
  }
  if (open > most) fmt::print("and {} more, which family.json lists\n", open - most);
}

}  // namespace

int certify_family(const FamilyRequest& request, const FamilyOptions& options) {
  const FamilyDeclaration declaration = declaration_of(request);  // refuses before a folder is made
  const ResultFolder folder(options.out, {"family.json"});
  describe_declaration(declaration);
  const MemberCheck check{
      [&](const std::filesystem::path& place) { return answer_about(place, options); },
      !options.no_check};
  const FamilyOutcome outcome = [&] {
    ProgressBar bar(fmt::format("{} seeds", request.count));
    return make_family(request, options.out, options.jobs, check, bar);
  }();
  if (outcome.kept > 0)
    fmt::print("{} certificates of an earlier run are unchanged and were not made again\n",
               outcome.kept);
  for (const std::string& line : outcome.spoilt) print_wrapped("made again: {}", line);
  describe_bounds(outcome.family);
  describe_open_ones(outcome);
  const auto proved =
      std::count_if(outcome.verdicts.begin(), outcome.verdicts.end(),
                    [](const Verdict& verdict) { return verdict.kind() == VerdictKind::proved; });
  const Verdict verdict = worst(outcome.verdicts);
  print_wrapped("{}proved on {} of {} seeds{}",
                is_initial(request.search.kind) ? "" : "conditional on each checkpoint: ", proved,
                request.count,
                verdict.kind() == VerdictKind::proved ? fmt::format(" ({})", verdict.words()) : "");
  fmt::print("to check all of it again, with the seeds:\n  alignproof-check {}\n",
             shell_word(options.out));
  return exit_code(outcome.verdicts);
}

}  // namespace alignproof::cli
