// SPDX-License-Identifier: Apache-2.0
// T1w: the least width p* from which T1 holds, against the widths that the paper asks for.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/width.hpp>
#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/least_width.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline claims {

namespace {

/// T1 must hold for a share 1 - delta of seeds on a grid of widths for each number of samples, up
/// to the claimed width; the limits hold together for the whole grid.
struct Sizes {
  std::vector<std::size_t> samples = {2, 3, 5};
  std::vector<std::size_t> widths = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  std::size_t seeds = 100, steps = 60;
  double delta = 0.2, level = 1e-9;

  ShareClaim share() const { return {1 - delta, level}; }
};

Sizes sizes_of(const Profile& profile) {
  Sizes sizes;
  if (profile.scale >= Scale::standard) {
    sizes.samples = {2, 3, 5, 8}, sizes.seeds = 200;
    sizes.widths.push_back(1024);
  }
  if (profile.scale == Scale::full) sizes.samples.push_back(12), sizes.seeds = 400;
  return sizes;
}

std::vector<std::pair<std::string, std::string>> settings_of(const Profile& profile) {
  const Sizes sizes = sizes_of(profile);
  return {{"T1w: 1 - delta; level; seeds at a width",
           fmt::format("{}; {}; {}", 1 - sizes.delta, sizes.level, sizes.seeds)},
          {"samples and steps of T1w",
           fmt::format("{}; {}", fmt::join(sizes.samples, ", "), sizes.steps)}};
}

/// The widths of the paper with C1 = 1 and with C2 = 1.
double first_width(double n, double gamma, double delta) {
  return n * n / (delta * gamma * gamma);
}
double second_width(double n, double gamma, double p) {
  return std::pow(n, 4) * std::log(p) / std::pow(gamma, 4);
}

using DecayRuns = Runs<Seen<DecayProbe>>;

/// The runs of one number of samples at widths of the profile's grid up to the claimed one, the
/// first of the paper's two with C1 = 1, and at that.
struct Grid {
  std::size_t samples;
  std::vector<Handle<DecayRuns>> runs;
  Handle<double> sufficient;  ///< Theorem P's width; infinite if none is found

  const DecayRuns& at_claimed() const { return *runs.back(); }
};

/// The width that Theorem P finds sufficient for the same delta: enclosed, and not certified here.
Handle<double> want_sufficient(Study& study, const Sizes& sizes, const Data& data) {
  return study.want(
      fmt::format("sufficient width of T1w, {}", data.name), 1e7,
      [data, delta = sizes.delta, eta = study.profile().eta] {
        const ScopedDigits digits(width_digits);
        const Activation psi = Activation::tanh;
        const auto width = width_sufficient(
            apriori_data(psi, data.X, data.y, enclose_limit_kernel(psi, data.X, width_digits)), eta,
            apriori_variant(psi, Rule::fa, 1), delta, usual_split());
        return width ? width->p : double(INFINITY);
      });
}

Grid want_grid(Study& study, const Sizes& sizes, std::size_t n) {
  // Samples on the sphere in 10 n dimensions.
  const Data& data = study.data(
      {Inputs::sphere, Targets::linear, n, 10 * n, study.settings().seed, Activation::tanh});
  const double gamma = study.limit_kernel(Activation::tanh, data.X).gamma;
  const auto claimed =
      static_cast<std::size_t>(std::ceil(first_width(static_cast<double>(n), gamma, sizes.delta)));
  std::vector<std::size_t> widths;
  for (std::size_t p : sizes.widths)
    if (p < claimed) widths.push_back(p);
  widths.push_back(claimed);
  Grid grid{n, {}, want_sufficient(study, sizes, data)};
  for (std::size_t p : widths) {
    Batch batch;
    batch.name = fmt::format("least width, n = {}, p = {}", n, p);
    batch.data = data;
    batch.network = {p, Activation::tanh, study.profile().eta, {}, sizes.steps, 0};
    batch.seeds = sizes.seeds;
    batch.first_seed = 300000 + 20000 * n + 1000 * grid.runs.size();  // fresh seeds everywhere
    grid.runs.push_back(study.want<DecayProbe>(batch));
  }
  return grid;
}

struct Bracket : WidthBracket {
  Verdict at_claimed = Verdict::undecided("not run");
  std::string replay;  ///< at the claimed width
};

/// Of the first seed that fails, or of the first.
std::string replay_of(const DecayRuns& runs) {
  for (const auto& record : runs.records)
    if (decay_outcome(record) == SeedOutcome::failure) return replay_line(runs.batch, record.seed);
  return replay_line(runs.batch, runs.records.front().seed);
}

Bracket bracket(const Sizes& sizes, const Grid& grid, ClaimRow& row) {
  Bracket result;
  for (const Handle<DecayRuns>& each : grid.runs) {
    const DecayRuns& runs = *each;
    const std::size_t p = runs.batch.network.p;
    const Seeds seeds = count_seeds(
        judged(runs, [](const auto& record) { return decay_outcome(record); }).outcomes);
    result.replay = replay_of(runs);
    result.at_claimed = probability_verdict(sizes.share(), seeds, result.replay);
    const VerdictKind kind = result.at_claimed.kind();
    result.widen(static_cast<double>(p), kind);
    const Interval limits = clopper_pearson(seeds.successes, seeds.trials, sizes.level);
    row.measurements.push_back(
        {fmt::format("share of seeds that decay, $n = {}$, $p = {}$", grid.samples, p),
         static_cast<double>(seeds.successes) / static_cast<double>(seeds.trials),
         std::pair(limits.lower, limits.upper), std::string(to_string(kind)),
         IntervalKind::instance});
    row.tests.push_back(share_test(row.text.id,
                                   fmt::format("share of seeds: n={}, p={}", grid.samples, p),
                                   sizes.share(), seeds.trials));
  }
  return result;
}

/// The constants of the paper that would do.
void report_constants(const Sizes& sizes, const Grid& grid, const Bracket& found, ClaimRow& row) {
  const auto n = static_cast<double>(grid.samples);
  const double gamma = grid.at_claimed().gamma(), first = first_width(n, gamma, sizes.delta);
  row.measurements.push_back(
      {fmt::format("$C_1 = p^* \\delta\\gamma^2/n^2$ that would do at $n = {}$", grid.samples),
       found.holds / first, std::pair(found.refuted / first, found.holds / first),
       "at the ends of the bracket", IntervalKind::instance});
  row.measurements.push_back(
      {fmt::format("$C_2 = p^* \\gamma^4/(n^4 \\log p^*)$ that would do at $n = {}$", grid.samples),
       found.holds / second_width(n, gamma, found.holds),
       std::pair(found.refuted > 1 ? found.refuted / second_width(n, gamma, found.refuted) : 0,
                 found.holds / second_width(n, gamma, found.holds)),
       "at the ends of the bracket", IntervalKind::instance});
  if (!row.ratio || found.holds / first > *row.ratio)
    row.bound = first, row.measured = found.holds, row.ratio = found.holds / first;
}

void conclude(const Sizes& sizes, const std::vector<Grid>& grids, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  row.seeds = sizes.seeds;
  row.measured_label = "upper end of the bracket of $p^*$ there";
  for (const Grid& grid : grids) {
    const DecayRuns& claimed = grid.at_claimed();
    const auto p = static_cast<double>(claimed.batch.network.p);
    const Premises premises = t1_premises(claimed);
    count_premises(premises, row);
    Bracket found = bracket(sizes, grid, row);
    if (inside(premises))
      ++row.instances;
    else
      found.at_claimed = Verdict::undecided("outside the premises: " + failing(premises));
    verdicts.push_back(found.at_claimed);
    row.results.push_back({name_of(claimed.batch), found.at_claimed, found.replay});
    row.measurements.push_back({fmt::format("$p^*$ at $n = {}$", grid.samples),
                                std::isfinite(found.holds) ? found.holds : p,
                                std::pair(found.refuted, found.holds),
                                "bracket, open at its lower end", IntervalKind::instance});
    if (std::isfinite(*grid.sufficient) && *grid.sufficient > 0)
      row.measurements.push_back(
          {fmt::format("sufficient width of Theorem P at $n = {}$", grid.samples), *grid.sufficient,
           std::nullopt,
           fmt::format("enclosed, for all $t$; {:.3g} times the upper end of the bracket of $p^*$",
                       *grid.sufficient / found.holds)});
    if (std::isfinite(found.holds)) report_constants(sizes, grid, found, row);
  }
  row.bound_label = "$n^2/(\\delta\\gamma^2)$ where the bracket comes closest";
  row.verdict = worst(verdicts);
}

Conclusion plan(Study& study) {
  const Sizes sizes = sizes_of(study.profile());
  std::vector<Grid> grids;
  for (std::size_t n : sizes.samples) grids.push_back(want_grid(study, sizes, n));
  return [sizes, grids](ClaimRow& row) { conclude(sizes, grids, row); };
}

}  // namespace

Claim t1w_claim() {
  return {
      .text =
          {.id = "T1w",
           .title = "The width at which T1 holds",
           .statement =
               "At $p = n^2/(\\delta\\gamma^2)$, the first of the paper's two widths with $C_1 = "
               "1$, the error decays as in T1 with probability at least $1 - \\delta$, for the few "
               "numbers of samples and up to the step that were run; there the second width, $n^4 "
               "\\log p/\\gamma^4$, is not needed. Nothing is said of other $n$ or of all $t$.",
           .source = "ours: measured against the width that the paper asks for",
           .premises = {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
                        premise::no_penalty, premise::step},
           .conclusion = "a share $1 - \\delta$ of seeds decays at that width, for every number of "
                         "samples of the profile",
           .constants = "$C_1$, $C_2$: the row prints those that would do, from a bracket of the "
                        "least width $p^*$.",
           .method =
               "Samples on the unit sphere, tanh; $n$ and the steps are those of the profile "
               "(quick: $n = 2, 3, 5$ and 60 steps) and stand in the report's settings. A grid of "
               "widths up to the claimed one for each number of samples, fresh seeds at each; "
               "Clopper-Pearson limits that hold together for the whole grid. $p^*$ lies above "
               "the largest width that is refuted and at or below the least from which every "
               "width of the grid holds.",
           .falsifier =
               "Significantly more than a share $\\delta$ of seeds that fail at that width."},
      .place = 90,
      .plan = plan,
      .settings = settings_of};
}

}  // namespace alignproof::inline claims
