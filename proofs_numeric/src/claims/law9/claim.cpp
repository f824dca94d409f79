// SPDX-License-Identifier: Apache-2.0
// law9: the onset of instability, bounded activations that have none, and the floor of their error.
// Derivation: reports/docs/alignment_law_nonlinear.md.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/mean_field/stability.hpp>
#include <alignproof/scalar/exact.hpp>

#include "claims/law9/onset_runs.hpp"
#include "claims/laws/checks.hpp"
#include "claims/mean_field/field_runs.hpp"

namespace alignproof::inline claims {

namespace {

constexpr std::size_t late_particles = 1 << 13;  ///< long after the start

// ---------------------------------------------------------------- onset

/// Softplus and ReLU on two samples, whose units grow for ever, and tanh on orthogonal samples,
/// whose G tends to that of signs: with this step it has an onset, as what is bounded need not have
/// with a smaller one.
std::vector<FieldCase> onset_cases(const Settings& settings) {
  DataSpec two = field_data(settings, Inputs::sphere, 2, 6);
  two.input_scale = std::sqrt(2.0);
  DataSpec orthogonal = field_data(settings, Inputs::isometric, 2, 2);
  orthogonal.target_scale = 8;
  FieldCase softplus = field_case("softplus", two, Activation::softplus);
  softplus.eta = 0.4, softplus.lambda = 2;
  FieldCase relu = field_case("relu", two, Activation::relu);
  relu.eta = 0.4, relu.lambda = 2, relu.particles = late_particles;
  FieldCase tanh = field_case("tanh, $\\eta(\\lambda + nL_0^2) > 2$", orthogonal, Activation::tanh);
  tanh.eta = 0.8, tanh.lambda = 1, tanh.particles = late_particles;
  return {softplus, relu, tanh};
}

LawCheck of_run(const FieldCase& c, const OnsetRun& run, const std::string& what) {
  LawCheck check;
  check.name = fmt::format("{}, $p = {}$: {}", c.name, run.p, what);
  check.replay = run.replay;
  return check;
}

/// A run is at the law's onset where the law is.
LawCheck cosine_check(const OnsetRecord& record, const OnsetRun& run) {
  LawCheck check = of_run(record.field_case, run, "cosine at the onset");
  check.expected = record.onset->cosine, check.measured = run.cosine;
  check.allowed = 5 / std::sqrt(run.p);
  return check;
}

/// What the O(1) term of the predicted sum may be, and what the onset of a single run, which is
/// O(p^{-1/2}) away from that of the law, makes of a delay of order p^{-1/4}.
double allowed_gain(const OnsetRun& run) {
  return 6 + run.rounding_gain * std::pow(run.p, -0.25);
}

/// It is lost when the sum of ln |m| since the onset is what rounding needs. Where psi' jumps,
/// units that cross a kink disturb more than rounding does: it is lost between the onset and then.
LawCheck gain_check(const OnsetRecord& record, const OnsetRun& run, double gain) {
  LawCheck check = of_run(record.field_case, run, "$\\sum \\log |m_t|$ at the loss");
  const bool smooth = record.field_case.smooth();
  check.expected = smooth ? run.rounding_gain : run.rounding_gain / 2;
  check.allowed = allowed_gain(run) + (smooth ? 0 : run.rounding_gain / 2);
  // Stability that is lost before the onset is no delay at all.
  const bool later = run.lost && record.onset && *run.lost >= record.onset->tau;
  check.measured = later ? gain : INFINITY;
  return check;
}

/// The checks of one onset; one that is missing is off.
LawChecks onset_checks(const OnsetRecord& record) {
  LawChecks all{
      "networks past the onset, " + record.field_case.name, LawChecks::Of::single_runs, {}};
  if (!record.onset)
    all.checks.push_back({.name = record.field_case.name + ": an onset",
                          .replay = "",
                          .expected = 1,
                          .measured = 0,
                          .allowed = 0});
  for (const OnsetRun& run : record.runs) {
    all.checks.push_back(cosine_check(record, run));
    all.checks.push_back(gain_check(record, run, run.gain));
  }
  return all;
}

void describe_onset(const OnsetRecord& record, ClaimRow& row) {
  if (!record.onset) return;
  const std::string& name = record.field_case.name;
  row.measurements.push_back({"cosine at the onset, law: " + name, record.onset->cosine,
                              std::nullopt, fmt::format("$\\tau = {:.4f}$", record.onset->tau)});
  for (const OnsetRun& run : record.runs)
    row.measurements.push_back(
        {fmt::format("lost at $\\tau$, {}, $p = {}$", name, run.p), run.lost.value_or(NAN),
         std::nullopt,
         fmt::format("depends on the machine, whose rounding it grows from; cosine {:.4f} at the "
                     "law's onset; then {}",
                     run.cosine,
                     run.diverged ? "$|e|$ leaves every bound"
                                  : fmt::format("$|e|/|Y| = {:.3g}$, cosine {:.3f} at $\\tau = "
                                                "{:.3g}$",
                                                run.end_error, run.end_cosine, record.end))});
}

// ---------------------------------------------------------------- bounded activations

/// eta (lambda + n L0^2) < 2 for all of them.
std::vector<FieldCase> bounded_cases(const Settings& settings) {
  std::vector<FieldCase> cases;
  for (const Activation& psi : {Activation::tanh, Activation::erf, Activation::sigmoid}) {
    DataSpec spec = field_data(settings, Inputs::sphere, 2, 6);
    spec.input_scale = std::sqrt(2.0);
    FieldCase c = field_case(std::string(psi.name()), spec, psi);
    c.eta = 0.7, c.lambda = 0.8, c.tau = 100, c.particles = late_particles;
    cases.push_back(c);
  }
  return cases;
}

/// One sample: G tends to 1, and |e| to the floor.
FieldCase saturating_case(const Settings& settings) {
  DataSpec spec = field_data(settings, Inputs::isometric, 1, 1);
  FieldCase c = field_case("tanh, one sample", spec, Activation::tanh);
  c.data.Y(0, 0) = 2;
  c.eta = 0.5, c.lambda = 1, c.tau = 2000, c.particles = late_particles;
  return c;
}

constexpr std::size_t bounded_width = 400;

std::vector<double> late_times(double tau) {
  std::vector<double> times;
  for (double at = tau / 32; at < 1.5 * tau; at *= 2) times.push_back(at);
  return times;
}

Handle<FieldRecord> want_bounded(Study& study, const FieldCase& c) {
  return want_field(study, "networks of a bounded activation, " + c.name, c,
                    {.widths = {bounded_width}, .seeds = 4, .times = late_times(c.tau)});
}

LawCheck floor_check(const std::string& name, double least, double allowed) {
  return {.name = name + ": what $|e|$ is below the floor, relatively",
          .replay = "",
          .expected = 0,
          .measured = std::isnan(least) ? least : std::max(0.0, 1 - least),
          .allowed = allowed};
}

/// min |e| / floor.
template <class Errors>
double least_share(const FieldRecord& record, const Errors& errors) {
  const FieldCase& c = record.field_case;
  const double floor = error_floor(c.data, c.psi, c.lambda);
  double least = INFINITY;
  for (std::size_t k = 0; k < record.times.size(); ++k)
    least = std::isnan(errors(k)) ? NAN : std::min(least, errors(k) / floor);
  return least;
}

/// eta (lambda + n L0^2) < 2, decided exactly in the numbers as they are; L0 = 1.
LawCheck bound_check(const FieldCase& c) {
  const Exact bound = Exact(c.eta) * (Exact(c.lambda) + Exact(static_cast<double>(c.n())));
  const bool proved =
      bound < Exact(2.0) && never_unstable(c.psi, c.n(), {.lambda = c.lambda}, c.eta);
  return {.name = c.name + ": $\\eta(\\lambda + nL_0^2) < 2$, no onset at any time",
          .replay = "",
          .expected = 1,
          .measured = proved ? 1.0 : 0.0,
          .allowed = 0};
}

/// Of the law: never unstable, never below the floor.
LawChecks bounded_law(const std::vector<Handle<FieldRecord>>& records) {
  LawChecks all{"laws of bounded activations", LawChecks::Of::law, {}};
  for (const Handle<FieldRecord>& each : records) {
    const FieldRecord& record = *each;
    const FieldCase& c = record.field_case;
    all.checks.push_back(bound_check(c));
    const double most = c.eta * (c.lambda + static_cast<double>(c.n()));
    all.checks.push_back({.name = c.name + ": what $\\eta(\\lambda + \\lambda_{\\max}(G))$ of the "
                                           "law exceeds that bound by",
                          .replay = "",
                          .expected = 0,
                          .measured = std::max(0.0, stability(c, record.course) - most),
                          .allowed = 1e-9});
    all.checks.push_back(
        floor_check(c.name + ", law",
                    least_share(record, [&](std::size_t k) { return record.course[k].error; }),
                    record.evaluator()));
  }
  return all;
}

/// Of networks to slow time 100: each stays beside the law, and above the floor but for its width.
LawChecks bounded_runs(const std::vector<Handle<FieldRecord>>& records) {
  LawChecks all{"networks of bounded activations", LawChecks::Of::single_runs, {}};
  const double by_width = 5 / std::sqrt(static_cast<double>(bounded_width));
  for (const Handle<FieldRecord>& each : records) {
    const FieldRecord& record = *each;
    double off = 0, least = INFINITY;
    for (const NetworkSlowRun& run : record.runs.front()) {
      off = largest_so_far(off, distance(run, record.course, record.y_norm()));
      least =
          smallest_so_far(least, least_share(record, [&](std::size_t k) { return run.error[k]; }));
    }
    all.checks.push_back({.name = record.name() + ": distance from the law up to $\\tau = 100$",
                          .replay = record.replay,
                          .expected = 0,
                          .measured = off,
                          .allowed = by_width});
    all.checks.push_back(floor_check(record.name() + ", networks", least, by_width));
    all.checks.back().replay = record.replay;
  }
  return all;
}

/// The floor is attained in the limit.
std::vector<LawCheck> attained(const Settings& settings) {
  const FieldCase c = saturating_case(settings);
  const FieldPoint end = mean_field_law(c.data, c.psi, evaluating_cloud(settings, c),
                                        {.lambda = c.lambda}, {c.tau}, evaluating_options())
                             .back();
  return {{.name = fmt::format("{}: $|e|$ / floor at $\\tau = {}$", c.name, c.tau),
           .replay = "",
           .expected = 1,
           .measured = end.error / error_floor(c.data, c.psi, c.lambda),
           .allowed = 0.05}};
}

// ---------------------------------------------------------------- the row

struct Asked {
  std::vector<Handle<OnsetRecord>> onsets;
  std::vector<Handle<FieldRecord>> bounded;
  Handle<LawChecks> attained;
};

Asked ask(Study& study) {
  const Settings settings = study.settings();
  Asked asked{
      {}, {}, want_checks(study, "floor that is attained", LawChecks::Of::law, 1e7, [settings] {
        return attained(settings);
      })};
  for (const FieldCase& c : onset_cases(settings)) asked.onsets.push_back(want_onset(study, c));
  for (const FieldCase& c : bounded_cases(settings))
    asked.bounded.push_back(want_bounded(study, c));
  return asked;
}

Conclusion plan(Study& study) {
  return [asked = ask(study)](ClaimRow& row) {
    std::vector<LawChecks> all;
    for (const Handle<OnsetRecord>& record : asked.onsets) {
      all.push_back(onset_checks(*record));
      describe_onset(*record, row);
    }
    all.push_back(bounded_law(asked.bounded));
    all.push_back(bounded_runs(asked.bounded));
    all.push_back(*asked.attained);
    conclude_closest(all, row);
  };
}

// ---------------------------------------------------------------- false claims

/// "Stability is lost from eta lambda_max(G) = 2 on", the penalty left out.
std::function<Refused()> penalty_does_not_count(Study& study) {
  const Handle<OnsetRecord> softplus = want_onset(study, onset_cases(study.settings()).front());
  return [softplus] {
    Refused refused{{Rejection::Kind::false_claim,
                     "the onset is where $\\eta\\lambda_{\\max}(G) = 2$, the penalty apart",
                     {},
                     "no run"},
                    {}};
    bool all_off = !softplus->runs.empty();
    for (const OnsetRun& run : softplus->runs) {
      all_off = all_off && !gain_check(*softplus, run, run.gain_without_penalty).fine();
      refused.rejection.detail = fmt::format(
          "$\\sum \\log |m_t|$ since then {:.1f} at the loss, {:.1f} expected, $p = {}$",
          run.gain_without_penalty, run.rounding_gain, run.p);
    }
    if (all_off) refused.rejection.caught_by = {"law9"};
    return refused;
  };
}

/// "The error of softplus has the floor of activations bounded by 1."
std::function<Refused()> floor_for_softplus(Study& study) {
  const Handle<OnsetRecord> softplus = want_onset(study, onset_cases(study.settings()).front());
  return [softplus] {
    Refused refused{{Rejection::Kind::false_claim,
                     "for every activation $|e| \\ge \\lambda|Y|/(\\lambda + n)$",
                     {},
                     "no onset"},
                    {}};
    if (!softplus->onset) return refused;
    const FieldCase& c = softplus->field_case;
    const double floor = c.lambda * c.data.Y.norm() / (c.lambda + static_cast<double>(c.n()));
    if (softplus->onset->error < floor) refused.rejection.caught_by = {"law9"};
    refused.rejection.detail =
        fmt::format("softplus has $|e| = {:.4f}$ at the onset, the floor is {:.4f}",
                    softplus->onset->error, floor);
    return refused;
  };
}

}  // namespace

Claim law9_claim() {
  return {
      .text =
          {.id = "law9",
           .title = "Where a penalty that is kept loses stability, and where it never does",
           .statement =
               "Along the law the multipliers of a step are $1 - \\eta(\\lambda + \\mu_i(G))$: "
               "stability is lost from $\\eta(\\lambda + \\lambda_{\\max}(G)) = 2$ on. If $|\\psi| "
               "\\le L_0$, then $\\lambda_{\\max}(G) \\le nL_0^2$: there is no onset at any time "
               "if $\\eta(\\lambda + nL_0^2) < 2$, and $|e| \\ge \\lambda|Y|/(\\lambda + nL_0^2)$.",
           .source = field_source,
           .premises = {"two-layer network, Gaussian initialisation, constant penalty on $\\beta$",
                        "$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ at the start"},
           .conclusion =
               "networks follow the law to its onset; with smooth $\\psi$ they are lost when "
               "$\\sum "
               "\\log |m_t|$ since then is what rounding needs; bounded ones are never lost where "
               "the bound says so, and keep above their floor",
           .constants = "an $O(1)$ term of the sum, declared to be at most 6, and $p^{-1/4}$ of "
                        "it; $5/\\sqrt{p}$ for one network",
           .method =
               "softplus, relu and tanh to three times their onset, a network a width; that $|e|$ "
               "is twice that of the law says that it is lost. tanh, erf and sigmoid to $\\tau = "
               "100$, with the bound decided exactly. What follows a loss is shown as it came out: "
               "nothing is claimed of it.",
           .falsifier = "A law below its floor or above its bound. A network that is off, being "
                        "one, makes the row undecided."},
      .place = 174,
      .plan = plan,
      .false_claims = {{.place = 330, .plan = penalty_does_not_count},
                       {.place = 340, .plan = floor_for_softplus}}};
}

}  // namespace alignproof::inline claims
