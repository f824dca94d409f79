// SPDX-License-Identifier: Apache-2.0
#include "tamper/new_claims.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "tamper/draws.hpp"

namespace alignproof::tamper {

using truth::Number;
using truth::Run;

namespace {

double above(const Number& x, double slack) {
  return Number(x + abs(x) * slack).convert_to<double>();
}

RowClaim rows_of(const RunCertificate& c, const Run& x, const std::function<double()>& slack) {
  const Number S_p = truth::consequence(x, c.leg).R / x.root_p, K = c.leg.witness.K_norm;
  RowClaim claim{Array({x.p, 2}), {}};
  double w = 0, beta = 0;
  for (std::size_t r = 0; r < x.p; ++r) {
    const Number sent = x.size_c[r] + (x.fa ? 0 : c.leg.statement.beta_displacement);
    const Number later = x.w_last[r] + x.L1 * sqrt(K) * sent * S_p;
    const Number beta_later =
        x.beta_last[r] + S_p * x.size_psi[r] + x.L1 * x.L1 * K * sent * S_p * S_p / 2;
    claim.bounds(r, 0) = above(std::max(x.w_most[r], later), slack());
    claim.bounds(r, 1) = above(std::max(x.beta_most[r], beta_later), slack());
    w = std::max(w, claim.bounds(r, 0)), beta = std::max(beta, claim.bounds(r, 1));
  }
  if (c.whole_run.decay && x.p > 1) {
    const Number scale = c.whole_run.decay->gamma_max * x.root_p / static_cast<double>(x.n);
    const Number log_p = log(Number(static_cast<double>(x.p)));
    claim.published = {above(scale * w / sqrt(log_p), slack()), above(scale * beta, slack())};
  }
  return claim;
}

/// The tightest times of a threshold.
TimeClaim time_of(const RunCertificate& c, const Run& x, double threshold) {
  const std::size_t T = c.leg.checkpoint;
  TimeClaim claim{threshold, 0, T + 1};
  while (claim.lower <= T && x.error[claim.lower] > threshold) ++claim.lower;
  while (claim.upper > 0 && x.error[claim.upper - 1] <= threshold) --claim.upper;
  const Number rate = 1 - x.eta * Number(c.leg.statement.alpha);
  if (claim.upper > T)
    for (Number bound = rate * Number(c.leg.statement.error); bound > threshold; bound *= rate)
      ++claim.upper;
  return claim;
}

}  // namespace

void add_new_claims(RunCertificate& c, Random& random) {
  const auto slack = [&] { return decades(random, -11, -3); };
  const Run x = truth::run(c.start, {}, c.leg.checkpoint, true);
  c.whole_run.rows = rows_of(c, x, slack);
  LimitClaim limit{c.start.beta, 0};
  truth::Numbers from_centre;
  for (std::size_t r = 0; r < x.beta.size(); ++r) {
    limit.centre.values[r] = x.beta[r].convert_to<double>() + decades(random, -9, -3);
    from_centre.push_back(x.beta[r] - limit.centre.values[r]);
  }
  Number square = 0;
  for (const Number& distance : from_centre) square += distance * distance;
  limit.distance = above(sqrt(square) + c.leg.statement.beta_displacement, slack());
  c.whole_run.limit = std::move(limit);
  c.whole_run.times.clear();
  const double first = x.error.front().convert_to<double>(), last = x.E.convert_to<double>();
  for (const double threshold :
       {last * decades(random, -3, -0.01), std::sqrt(first * last) * uniform(random, 0.9, 1.1)})
    if (threshold > 0) c.whole_run.times.push_back(time_of(c, x, threshold));
}

void in_new_claims(Random& random, Altered& altered) {
  WholeRun& run = altered.certificate.whole_run;
  const auto shifted = [&](std::size_t& t) {
    const std::size_t by = one_in(random, 4) ? whole(random, 1, 100) : 1;
    t = one_in(random, 2) ? t + by : t - std::min(t, by);
  };
  switch (whole(random, 0, 5)) {
    case 0:
    case 1:
      if (run.times.empty()) break;
      altered.how += "a time moved";
      {
        TimeClaim& time = run.times[whole(random, 0, run.times.size() - 1)];
        shifted(one_in(random, 2) ? time.lower : time.upper);
      }
      break;
    case 2:
      if (run.times.size() < 2) break;
      altered.how += "thresholds swapped";
      std::swap(run.times[0].threshold, run.times[1].threshold);
      break;
    case 3: {
      if (!run.rows) break;
      Array& bounds = run.rows->bounds;
      const std::size_t r = whole(random, 0, bounds.rows() - 1);
      const double by = one_in(random, 2) ? decades(random, -12, -1) : -decades(random, -12, -1);
      bounds(r, whole(random, 0, 1)) *= 1 + by;
      altered.how += fmt::format("a bound of row {} times 1 {:+.2g}", r, by);
      break;
    }
    case 4: {
      if (!run.limit) break;
      std::vector<double>& centre = run.limit->centre.values;
      const std::size_t r = whole(random, 0, centre.size() - 1);
      centre[r] += decades(random, -12, 0);
      altered.how += fmt::format("the limit of row {} moved", r);
      break;
    }
    default:
      altered.how += "a new claim dropped";
      if (one_in(random, 3))
        run.rows.reset();
      else if (one_in(random, 2))
        run.limit.reset();
      else
        run.times.clear();
  }
}

}  // namespace alignproof::tamper
