// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/stability.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/minima.hpp>

#include <alignproof/core/error.hpp>

#include "mean_field/problem.hpp"

namespace alignproof::inline mean_field {

namespace {

void require_positive(const char* name, double value) {
  if (!(value > 0) || !std::isfinite(value)) throw InputError(name, quoted(value), "a number > 0");
}

/// P(|b| < eps) for b in R^k.
double probability_below(Feedback feedback, Eigen::Index k, double eps) {
  switch (feedback) {
    case Feedback::normal:
      return eps > 0 ? boost::math::gamma_p(static_cast<double>(k) / 2, eps * eps / 2) : 0.0;
    case Feedback::signs:
      return eps * eps > static_cast<double>(k) ? 1.0 : 0.0;
  }
  throw std::logic_error("no such feedback");
}

}  // namespace

std::optional<FieldPoint> onset(const LawData& data, const Activation& psi, const Cloud& cloud,
                                const SlowPenalty& penalty, double eta, double last,
                                const LawOptions& options) {
  detail::require_problem(data, psi, cloud, penalty, options.tolerance, detail::Return::feedback);
  require_positive("eta", eta);
  require_positive("tau", last);
  const detail::FlowSetting setting{data,
                                    activation_over<double>(psi),
                                    penalty,
                                    detail::Return::feedback,
                                    options.tolerance,
                                    options.jobs};
  const auto excess = [&](const detail::Flow& flow) {
    const double lambda = penalty.at_Lambda(flow.Lambda());
    return eta * (lambda + observe(flow.moments(), data.Y, lambda).spectrum.maxCoeff()) - 2;
  };
  const auto point = [&](const detail::Flow& flow) {
    FieldPoint found = detail::observe_flow(setting, flow, penalty.at_Lambda(flow.Lambda()));
    found.tau = penalty.tau(flow.Lambda());
    found.error_estimate = std::numeric_limits<double>::quiet_NaN();
    return found;
  };
  auto flow = detail::flow(setting, psi, cloud);
  if (excess(*flow) >= 0) return point(*flow);
  const double end = penalty.Lambda(last);
  while (flow->Lambda() < end) {
    auto before = flow->clone();
    flow->step(end);
    double above = excess(*flow);
    if (above < 0) continue;
    // Illinois' variant of the false position, with `before` on the lower side.
    double low = before->Lambda(), high = flow->Lambda(), below = excess(*before);
    auto nearest = flow->clone();
    for (int k = 0; k < 60 && high - low > 1e-13 * high && below < 0; ++k) {
      double at = low - below * (high - low) / (above - below);
      if (!(at > low && at < high)) at = (low + high) / 2;
      auto middle = before->clone();
      middle->advance(at);
      const double value = excess(*middle);
      nearest = middle->clone();
      if (value < 0) {
        low = at, below = value, above /= 2;
        before = std::move(middle);
      } else {
        high = at, above = value;
        below /= 2;
      }
      if (std::abs(value) < 1e-13) break;
    }
    return point(*nearest);
  }
  return std::nullopt;
}

bool never_unstable(const Activation& psi, std::size_t n, const SlowPenalty& penalty, double eta) {
  require_valid(penalty);
  require_positive("eta", eta);
  if (n == 0) throw InputError("n", "0", "at least 1 sample");
  const auto L0 = smoothness<double>(psi).L0;
  return L0 && eta * (penalty.lambda + static_cast<double>(n) * *L0 * *L0) < 2;
}

double error_floor(const LawData& data, const Activation& psi, double lambda) {
  require_valid(data);
  require_positive("lambda", lambda);
  const auto L0 = smoothness<double>(psi).L0;
  return L0 ? lambda * data.Y.norm() / (lambda + static_cast<double>(data.Y.rows()) * *L0 * *L0)
            : 0.0;
}

double least_eigenvalue_bound(const LawData& data, const Activation& psi, Feedback feedback,
                              double gamma, double drift) {
  for (const auto& [name, value] : {std::pair{"lambda_min(G)", gamma}, {"int |m|", drift}})
    if (!(value >= 0) || !std::isfinite(value))
      throw InputError(name, quoted(value), "a finite number >= 0");
  const double L1 = smoothness<double>(psi).L1, root = std::sqrt(gamma);
  const double kappa = L1 * L1 * detail::norm(data.K) * drift;
  const Eigen::Index k = data.Y.cols();
  const auto bound = [&](double eps) {
    const double left = std::max(0.0, root - eps * kappa);
    return probability_below(feedback, k, eps) * left * left;
  };
  switch (feedback) {
    case Feedback::normal: {
      // Any eps is a bound. P is all but 1 beyond the far end of the interval.
      const double most =
          std::min(kappa > 0 ? root / kappa : 1e3, 8 + 4 * std::sqrt(2 * static_cast<double>(k)));
      const auto [eps, value] =
          boost::math::tools::brent_find_minima([&](double x) { return -bound(x); }, 0.0, most, 30);
      return std::max({0.0, -value, bound(most)});
    }
    case Feedback::signs:
      return bound(std::sqrt(static_cast<double>(k)) * (1 + 1e-12));
  }
  throw std::logic_error("no such feedback");
}

}  // namespace alignproof::inline mean_field
