// SPDX-License-Identifier: Apache-2.0
#include "claims/p/proved_widths.hpp"

#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/p/instances.hpp"
#include "scalar/outward.hpp"

namespace alignproof::inline claims {

namespace {

WidthRecord record_of(const Settings& settings, const WidthCase& c) {
  const CertifiedWidth found = certify_width(settings, c);
  WidthRecord record;
  record.id = c.id, record.activation = c.activation;
  record.name = fmt::format("{}: {}, {}", c.id, c.data.name, to_string(c.activation));
  record.replay = fmt::format("alignproof width {} --activation {} --eta {} --delta {}",
                              c.data.options, to_string(c.activation), c.eta, c.delta);
  record.verdict = found.verdict, record.delta = c.delta;
  if (!found.width) return record;
  record.gamma = limit_kernel(c.activation, c.data.X).gamma;
  record.folder = folder_beside_report(settings, c.id);
  record.p = found.width->p, record.S = found.width->S, record.rho = above(found.width->rho);
  record.c1 = above(found.width->c1), record.c2 = above(found.width->c2);
  if (found.width->kappa) record.kappa = above(*found.width->kappa);
  return record;
}

using Moved = Seen<DisplacementProbe, AlignmentProbe>;
using MovedRuns = Runs<Moved>;

double root_p(const MovedRuns& runs) {
  return std::sqrt(static_cast<double>(runs.batch.network.p));
}
double per_sample(const MovedRuns& runs) {
  return runs.gamma() * root_p(runs) / static_cast<double>(runs.batch.data.X.rows());
}
double measured_c1(const MovedRuns& runs, const Moved& run) {
  const double log_p = std::log(static_cast<double>(runs.batch.network.p));
  return run.w_displacement * per_sample(runs) / std::sqrt(log_p);
}
double measured_c2(const MovedRuns& runs, const Moved& run) {
  const bool bounded = smoothness<double>(runs.batch.network.activation).L0.has_value();
  const double log_p = std::log(static_cast<double>(runs.batch.network.p));
  return run.beta_displacement * per_sample(runs) / (bounded ? 1 : std::sqrt(log_p));
}
double measured_D(const MovedRuns&, const Moved& run) {
  return run.D;
}
double measured_kappa(const MovedRuns& runs, const Moved& run) {
  return root_p(runs) * run.sup_cos;
}

/// A constant that is proved, beside the same in the runs of row P.
void add_constant(const WidthRecord& record, const char* name, double proved,
                  double (*measured)(const MovedRuns&, const Moved&),
                  const std::vector<Handle<MovedRuns>>& all, ClaimRow& row) {
  std::string note =
      fmt::format("for every $p \\ge {:.0f}$ with probability {}", *record.p, 1 - record.delta);
  for (const Handle<MovedRuns>& runs : all) {
    if (runs->batch.network.activation != record.activation) continue;
    const double most =
        largest(values(*runs, [&](const Moved& run) { return measured(*runs, run); }));
    note += fmt::format("; measured {:.3g} at $p = {}$, proved / measured = {:.3g}", most,
                        runs->batch.network.p, proved / most);
  }
  row.measurements.push_back(
      {fmt::format("{} that is proved, {}", name, record.id), proved, std::nullopt, note});
}

}  // namespace

std::vector<Handle<WidthRecord>> want_proved_widths(Study& study) {
  const Profile& profile = study.profile();
  std::vector<Handle<WidthRecord>> handles;
  if (profile.certificates.p == 0) return handles;
  for (const Activation& psi : {Activation::erf, Activation::tanh}) {
    const WidthCase c{.id = "width-" + std::string(to_string(psi)),
                      .data = sufficient_data(study),
                      .activation = psi,
                      .rule = Rule::fa,
                      .eta = profile.eta,
                      .delta = profile.delta};
    handles.push_back(
        study.want(c.id, 3e7, [settings = study.settings(), c] { return record_of(settings, c); }));
  }
  return handles;
}

void add_proved_widths(const std::vector<Handle<WidthRecord>>& widths, ClaimRow& row) {
  std::vector<Verdict> verdicts = {row.verdict};
  std::vector<std::string> proved;
  for (const Handle<WidthRecord>& each : widths) {
    const WidthRecord& record = *each;
    const std::string from =
        record.p ? fmt::format(", every p >= {:.0f}, probability {}", *record.p, 1 - record.delta)
                 : "";
    row.results.push_back({record.name + from, record.verdict, record.replay, record.folder});
    if (record.p && record.verdict.kind() == VerdictKind::proved)
      proved.push_back(fmt::format("p >= {:.0f} ({})", *record.p, record.id));
    else
      verdicts.push_back(Verdict::undecided(record.id + ": " + record.verdict.text()));
  }
  if (widths.empty()) return;
  row.instances += widths.size();
  row.verdict = worst(verdicts);
  if (proved.empty()) return;
  row.verdict =
      row.verdict.qualified(fmt::format("proved with probability >= {} for every {}; ",
                                        1 - widths.front()->delta, fmt::join(proved, ", every ")));
}

Conclusion want_widths(Study& study, Proved what) {
  const std::vector<Handle<WidthRecord>> widths = want_proved_widths(study);
  if (widths.empty()) return [](ClaimRow&) {};
  std::vector<Handle<MovedRuns>> runs;
  for (const SufficientRuns& each : sufficient_runs(study))
    runs.push_back(study.want<DisplacementProbe, AlignmentProbe>(each.batch));
  return [widths, runs, what](ClaimRow& row) {
    add_proved_widths(widths, row);
    for (const Handle<WidthRecord>& each : widths) {
      const WidthRecord& record = *each;
      if (!record.p) continue;
      switch (what) {
        case Proved::decay:
          add_constant(record, "$c_1$", record.c1, measured_c1, runs, row);
          add_constant(record, "$c_2$", record.c2, measured_c2, runs, row);
          break;
        case Proved::no_alignment:
          add_constant(record, "bound of $\\sup_t D$", record.rho, measured_D, runs, row);
          if (record.kappa)
            add_constant(record, "$\\kappa$", *record.kappa, measured_kappa, runs, row);
          break;
      }
    }
  };
}

}  // namespace alignproof::inline claims
