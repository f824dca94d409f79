// SPDX-License-Identifier: Apache-2.0
// RF: what a precision may lose. A run contracts until rounding feeds it as much as contraction
// takes away; the level where that happens is derived, and reached.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

constexpr unsigned double_digits = 16;

/// A linear network on orthonormal samples: one instance for all precisions, long enough for the
/// most digits.
Batch floor_batch(const Settings& settings) {
  Batch batch;
  batch.name = "rounding floor";
  batch.data =
      make_data({Inputs::isometric, Targets::linear, 2, 2, settings.seed, Activation::identity});
  const unsigned most = settings.profile.floor_digits.back();
  // |e| falls by 10^-most at the rate eta gamma / 4 at worst, gamma = 1; twice that is enough.
  batch.network = {64,
                   Activation::identity,
                   0.5,
                   {},
                   static_cast<std::size_t>(most) * 8,
                   seed_of(settings, 950000)};
  return batch;
}

template <class Real>
double log10_of_real(const Real& a, double least) {
  using std::log10;
  if (!(a >= Real(0))) return INFINITY;  // no number: above every floor
  return a > Real(0) ? to_double(Real(log10(a))) : least;
}

/// Follows |e| and the derived floor. If every exact step from a computed state contracts by q and
/// computing it loses rho at most, then |e(t+1)| <= q |e(t)| + rho, so that |e| comes below
/// sup rho / (1 - q) and stays there.
template <class Real>
void run_to_floor(const Settings& settings, KernelStep<Real> advance, unsigned digits,
                  FloorRecord& record) {
  const Batch batch = floor_batch(settings);
  const Instance instance = make_instance(batch.data, batch.network);
  const Problem<Real> problem = problem_from<Real>(instance, batch.rule);
  KernelState<Real> state = initial_kernel(problem, instance), before;
  Forward<Real> at_before;
  const Real gamma(1), factor = Real(1) - problem.eta * gamma / Real(4);
  Real contraction(0), rho(0);
  bool judging = true;
  run(problem, state, instance.steps, advance,
      [&](std::size_t t, const KernelState<Real>& now, const Forward<Real>& at) {
        const Real e = at.e.norm();
        record.log_error.push_back(log10_of_real(e, -2.0 * digits));
        if (t > 0) {
          const StepRounding<Real> rounding = step_rounding(problem, before, at_before, now, at);
          const Real e_before = at_before.e.norm();
          if (decays(e_before, e, rounding, factor) == Comparison::below_rounding) judging = false;
          // Of the exact step, as far as rounding lets it be known.
          if (judging)
            contraction =
                std::max(contraction, Real((e + rounding.e_next) / (e_before - rounding.e)));
          const Real own = rounding.own * (e + e_before) + (Real(1) + factor) * rounding.norm;
          const Real lost = rounding.e_next + factor * rounding.e + own;
          // At the floor alone: while |e| is large, so is what computing it loses.
          if (!judging) rho = std::max(rho, lost);
        }
        before = now, at_before = at;
        return true;
      });
  // Where steps cannot be judged any more, e is so small that the exact step is I - eta M.
  const Extremes<Real> M =
      extreme_eigenvalues<Real>(error_operator(problem, at_before, before.beta));
  for (const Real& end : {M.min, M.max}) {
    const Real factor_there = Real(1) - problem.eta * end;
    contraction =
        std::max(contraction, factor_there < Real(0) ? Real(-factor_there) : factor_there);
  }
  record.contraction = to_double(contraction);
  record.floor = log10_of_real(Real(rho / (Real(1) - contraction)), -2.0 * digits);
  const std::size_t size = record.log_error.size();
  record.last = *std::max_element(
      record.log_error.end() - static_cast<std::ptrdiff_t>(std::max<std::size_t>(size / 10, 1)),
      record.log_error.end());
}

void plan_floors(Study& study) {
  const auto units = static_cast<double>(2 * floor_batch(study.settings()).network.steps * 64);
  FloorRecord& in_double = study.floors[double_digits];
  study.want("floor in double", units, [&study, &in_double] {
    run_to_floor<double>(study.settings(), study.settings().dynamics.in_double, double_digits,
                         in_double);
  });
  for (unsigned digits : study.profile().floor_digits) {
    FloorRecord& record = study.floors[digits];
    study.want(fmt::format("floor at {} digits", digits), 100 * units, [&study, digits, &record] {
      const ScopedDigits guard(digits);
      run_to_floor<Mpfr>(study.settings(), study.settings().dynamics.in_mpfr, digits, record);
    });
  }
}

void conclude_floors(const Study& study, ClaimRow& row) {
  const Batch batch = floor_batch(study.settings());
  std::vector<Verdict> verdicts;
  double closest = -INFINITY;
  for (const auto& [digits, record] : study.floors) {
    std::string replay = replay_line(batch, batch.network.seed);
    if (digits != double_digits) replay += fmt::format(" --number mpfr --digits {}", digits);
    const std::string words =
        fmt::format("|e| ends below 10^{:.1f}, floor 10^{:.1f}", record.last, record.floor);
    // It must come down to its own precision, not to that of doubles.
    const bool fine = record.contraction < 1 && record.last <= record.floor &&
                      record.floor <= -static_cast<double>(digits) + 8;
    verdicts.push_back(fine ? Verdict::sampled(words) : Verdict::refuted(words + "; " + replay));
    row.results.push_back(
        {fmt::format("{} digits{}", digits, digits == double_digits ? " (double)" : ""),
         verdicts.back(), replay});
    row.measurements.push_back(
        {fmt::format("$\\log_{{10}}$ of the derived floor, {} digits", digits), record.floor,
         std::nullopt, fmt::format("$\\log_{{10}} |e|$ at the end: {:.2f}", record.last)});
    if (record.last - record.floor > closest) {
      closest = record.last - record.floor;
      row.bound = std::pow(10, record.floor), row.measured = std::pow(10, record.last);
      row.ratio = std::pow(10, closest);
    }
  }
  row.bound_label = "derived floor";
  row.measured_label = "$|e|$ at the end, largest of the last tenth of the run";
  row.instances = verdicts.size();
  row.seeds = 1;
  row.digits = study.profile().floor_digits.back();
  row.verdict = worst(verdicts);
}

}  // namespace

std::vector<OldClaim> rounding_floor_claims() {
  return {
      {{"RF",
        "The rounding floor",
        "A run that contracts by $q < 1$ and loses at most $\\rho$ a step to rounding comes "
        "below $\\rho/(1 - q)$ and stays there.",
        "ours, reports/docs/rounding.md",
        {"$|e(t+1)| \\le q|e(t)|$ for the exact step: judged while it can be, and $|I - \\eta M| "
         "\\le q$ at the end"},
        "$|e|$ ends below the derived floor, at every precision",
        "$\\rho$ derived, $q$ the largest contraction factor that was judged",
        "One instance in double and at more and more digits, long enough for the most; the "
        "figure shows every run going down to its own floor.",
        "A run that ends above its floor, or a floor that does not sink with the digits."},
       plan_floors,
       conclude_floors}};
}

}  // namespace alignproof
