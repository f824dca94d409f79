// SPDX-License-Identifier: Apache-2.0
// TA: Theorems A and B on instances, proved by the separate checker.
#include <algorithm>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/own_data.hpp>

#include "claims/ta/instances.hpp"

namespace alignproof::inline claims {

namespace {

/// The least width at which Theorem A closes from t = 0, beside the width that the paper asks for.
void report_least_width(const CertificateRecord& record, ClaimRow& row) {
  row.measurements.push_back(
      {"least width $p^*$ at which Theorem A closes from $t = 0$, " + record.id,
       static_cast<double>(record.p), std::nullopt,
       fmt::format("by the form {}; a power of 2; $\\gamma = {:.3g}$", to_string(record.form),
                   record.gamma)});
}

/// What is proved beside T1 to T3, where it was asked for.
void report_more(const CertificateRecord& record, ClaimRow& row) {
  const auto add = [&](const std::string& what, double value, const std::string& words) {
    row.measurements.push_back({what + ", " + record.id, value, std::nullopt, words});
  };
  if (record.published) {
    add("$c_1$ of T1 as published", record.published->c1,
        "proved: $|w_r(t) - w_r(0)| \\le c_1 n \\sqrt{\\log p} / (\\gamma \\sqrt p)$ for all $r$ "
        "and $t \\ge 0$");
    add("$c_2$ of T1 as published", record.published->c2,
        "proved: $|\\beta_r(t) - \\beta_r(0)| \\le c_2 n / (\\gamma \\sqrt p)$ for all $r$ and $t "
        "\\ge 0$");
  }
  if (record.limit_distance)
    add("distance of $\\beta(\\infty)$ from a known point", *record.limit_distance,
        "proved: $\\beta(t)$ converges");
  for (const TimeClaim& time : record.times)
    add(fmt::format("steps until $|e| \\le {:.3g}$ for good", time.threshold),
        static_cast<double>(time.upper),
        fmt::format("proved: not before step {}, and for ever from step {} on", time.lower,
                    time.upper));
}

void report_proved(const CertificateRecord& record, ClaimRow& row) {
  if (record.from_start) report_least_width(record, row);
  const double ratio = record.gamma / 4 / record.alpha;
  // From t = 0 a smaller rate is enough: T1 asks for gamma / 4.
  if (!record.from_start && (!row.ratio || ratio > *row.ratio))
    row.bound = record.gamma / 4, row.measured = record.alpha, row.ratio = ratio;
  row.measurements.push_back(
      {"$\\alpha$, " + record.id, record.alpha, std::nullopt,
       fmt::format("{:.0f} % of $\\lambda_{{\\min}}(M)$ at step {}; "
                   "$\\gamma/4 = {:.4g}$",
                   100 * record.alpha / record.M_min, record.checkpoint, record.gamma / 4)});
  row.measurements.push_back(
      {"$\\cos(b, \\beta(t))$ for all $t$ from the checkpoint, " + record.id,
       (record.cos_min + record.cos_max) / 2, std::pair(record.cos_min, record.cos_max),
       record.twin_cos_max
           ? fmt::format("proved; at most {:.4f} without the penalty, for all $t \\ge 0$",
                         *record.twin_cos_max)
           : std::string("proved"),
       IntervalKind::instance});
  report_more(record, row);
  if (record.tries > 1 && !record.from_start)
    row.measurements.push_back({"seeds tried, " + record.id, static_cast<double>(record.tries),
                                std::nullopt, "in the others a sign changes again and again"});
}

/// Of how many instances each of the two programs proves the certificate.
void count_routes(const std::vector<Verdict>& verdicts, bool formal_is_asked, ClaimRow& row) {
  const auto count = [&](Route route, const char* words) {
    const auto proved = static_cast<std::size_t>(
        std::count_if(verdicts.begin(), verdicts.end(),
                      [&](const Verdict& verdict) { return proved_by(verdict, route); }));
    row.premises.push_back({words, proved, verdicts.size()});
  };
  count(Route::checker, "alignproof-check (C++, ball arithmetic) proves the certificate");
  count(
      Route::formal,
      formal_is_asked
          ? "alignproof-check-formal (proved sound in Coq) proves it too, gamma of T1 taken as a "
            "number"
          : "alignproof-check-formal (proved sound in Coq) proves it too: it was not asked, every "
            "proof rests on alignproof-check alone");
}

void conclude(const std::vector<Handle<CertificateRecord>>& certificates, bool images,
              bool formal_is_asked, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  std::size_t proved = 0;
  row.bound_label = "$\\gamma/4$";
  row.measured_label = "certified rate $\\alpha$";
  row.ratio_label = "$(\\gamma/4)/\\alpha$, worst instance";
  for (const Handle<CertificateRecord>& each : certificates) {
    const CertificateRecord& record = *each;
    verdicts.push_back(record.verdict);
    row.results.push_back({fmt::format("{}, from step {}", record.name, record.checkpoint),
                           record.verdict, record.replay, record.folder});
    if (record.verdict.kind() != VerdictKind::proved) continue;
    ++proved;
    report_proved(record, row);
  }
  row.instances = verdicts.size();
  row.seeds = 1;
  row.premises = {
      {"$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz, or no sign changes (relu)", proved,
       verdicts.size()},
      {"the inequalities of Theorem A close at the checkpoint", proved, verdicts.size()}};
  count_routes(verdicts, formal_is_asked, row);
  if (!images) {
    verdicts.push_back(Verdict::undecided(no_data_set()));
    row.results.push_back({"images", verdicts.back(), ""});
  }
  row.verdict = worst(verdicts);
}

Conclusion plan(Study& study) {
  auto certificates = want_certified_instances(study, "TA");
  for (const Handle<CertificateRecord>& family : want_families(study))
    certificates.push_back(family);
  return [certificates, images = study.settings().data != nullptr,
          formal_is_asked = !study.settings().formal_checker.empty()](ClaimRow& row) {
    conclude(certificates, images, formal_is_asked, row);
  };
}

}  // namespace

Claim ta_claim() {
  return {
      .text =
          {.id = "TA",
           .title = "Convergence and alignment for all time, on instances",
           .statement =
               "If at a checkpoint $\\lambda_{\\min}(M) - \\Delta_G - \\Delta_H - \\eta C_v E \\ge "
               "\\alpha$ and $\\eta(\\lambda_{\\max}(M) + \\Delta_G + \\Delta_H) \\le 2 - "
               "\\eta\\alpha - \\eta^2 C_v E$, then for all $t$ after it $|e(t)| \\le (1 - "
               "\\eta\\alpha)^t E$, and the weights and the cosine stay in explicit bounds. "
               "Theorem B carries the exact run from its initial data to the checkpoint.",
           .source = "ours, reports/docs/theorem_a.md, theorem_b.md and theorem_b_outputs.md; Coq: "
                     "theorem_A, "
                     "theorem_A_relu, check_checkpoint_sound, check_run_sound",
           .premises = {"$|\\psi'| \\le L_1$, $\\psi'$ is $L_2$-Lipschitz; relu: no sign changes "
                        "after the checkpoint",
                        "$\\lambda = 0$ from the checkpoint on",
                        "one output and feedback alignment; with k outputs, and for "
                        "backpropagation, the variants of both theorems"},
           .conclusion = "from the initial data: T1, T2 without a penalty; with one that is cut, "
                         "T3 against the same data without",
           .constants = "all explicit; the certified $\\alpha$ is printed beside $\\gamma/4$",
           .method =
               "The dynamics run in doubles until the inequalities close: a proposal. "
               "alignproof-check, a separate program with ball arithmetic, follows an orbit "
               "of its own from the initial data with bounds of its distance to the exact "
               "one, and proves or refuses. Where alignproof-check-formal is there, a program "
               "extracted from Coq, it is asked about the same folder: what it accepts is "
               "proved by a checker that is proved sound itself.",
           .falsifier = "A run that leaves the bounds of an accepted certificate. A refused "
                        "certificate makes the row undecided: the proposal was wrong, not the "
                        "theorem."},
      .place = 230,
      .needs_checker = true,
      .reads_data = true,
      .plan = plan};
}

}  // namespace alignproof::inline claims
