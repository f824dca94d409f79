// SPDX-License-Identifier: Apache-2.0
#include "claims/rf/floor_run.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>

namespace alignproof::inline claims {

namespace {

const std::vector<unsigned> more_digits = {50, 100, 300};

/// A linear network on orthonormal samples: one instance for all precisions, long enough for the
/// most digits.
Batch floor_batch(const Settings& settings) {
  Batch batch;
  batch.name = "rounding floor";
  batch.data =
      make_data({Inputs::isometric, Targets::linear, 2, 2, settings.seed, Activation::identity});
  // |e| falls by 10^-most at the rate eta gamma / 4 at worst, gamma = 1; twice that is enough.
  batch.network = {64,
                   Activation::identity,
                   0.5,
                   {},
                   static_cast<std::size_t>(more_digits.back()) * 8,
                   seed_of(settings, 950000)};
  return batch;
}

template <class Real>
double log10_of_real(const Real& a, double least) {
  using std::log10;
  if (!(a >= Real(0))) return INFINITY;  // no number: above every floor
  return a > Real(0) ? to_double(Real(log10(a))) : least;
}

double largest_at_the_end(const std::vector<double>& log_error) {
  const std::size_t tenth = std::max<std::size_t>(log_error.size() / 10, 1);
  return *std::max_element(log_error.end() - static_cast<std::ptrdiff_t>(tenth), log_error.end());
}

/// Follows |e| and the derived floor. If every exact step from a computed state contracts by q and
/// computing it loses rho at most, then |e(t+1)| <= q |e(t)| + rho, so that |e| comes below
/// sup rho / (1 - q) and stays there.
template <class Real>
void run_to_floor(const Batch& batch, const KernelStep<Real> advance, FloorRecord& record) {
  const unsigned digits = record.digits;
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
      extreme_eigenvalues<Real>(error_operator(problem, at_before, before.b, before.beta));
  for (const Real& end : {M.min, M.max}) {
    const Real factor_there = Real(1) - problem.eta * end;
    contraction =
        std::max(contraction, factor_there < Real(0) ? Real(-factor_there) : factor_there);
  }
  record.contraction = to_double(contraction);
  record.floor = log10_of_real(Real(rho / (Real(1) - contraction)), -2.0 * digits);
  record.last = largest_at_the_end(record.log_error);
}

FloorRecord begun(const Batch& batch, unsigned digits) {
  FloorRecord record;
  record.digits = digits;
  record.replay = replay_line(batch, batch.network.seed);
  if (!record.in_double()) record.replay += fmt::format(" --number mpfr --digits {}", digits);
  return record;
}

}  // namespace

std::vector<Handle<FloorRecord>> want_floor_runs(Study& study) {
  const Batch batch = floor_batch(study.settings());
  const Dynamics& dynamics = study.settings().dynamics;
  const auto units = static_cast<double>(2 * batch.network.steps * 64);
  std::vector<Handle<FloorRecord>> runs = {study.want_parts<FloorRecord>(
      "floor in double", {units}, begun(batch, FloorRecord().digits),
      [batch, advance = dynamics.in_double](FloorRecord& record, std::size_t) {
        run_to_floor<double>(batch, advance, record);
      })};
  for (unsigned digits : more_digits)
    runs.push_back(study.want_parts<FloorRecord>(
        fmt::format("floor at {} digits", digits), {100 * units}, begun(batch, digits),
        [batch, advance = dynamics.in_mpfr](FloorRecord& record, std::size_t) {
          const ScopedDigits guard(record.digits);
          run_to_floor<Mpfr>(batch, advance, record);
        }));
  return runs;
}

}  // namespace alignproof::inline claims
