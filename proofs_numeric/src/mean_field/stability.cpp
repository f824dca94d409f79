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

std::optional<FieldPoint> onset(const LawData& data, const Activation& psi, const Cloud& cloud,
                                const SlowPenalty& penalty, double eta, double last,
                                const LawOptions& options) {
  detail::require_problem(data, psi, cloud, penalty, options.tolerance, detail::Return::feedback);
  detail::require_positive("eta", eta);
  detail::require_positive("tau", last);
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
  detail::require_positive("eta", eta);
  if (n == 0) throw InputError("n", "0", "at least 1 sample");
  const auto L0 = smoothness<double>(psi).L0;
  return L0 && eta * (penalty.lambda + static_cast<double>(n) * *L0 * *L0) < 2;
}

double error_floor(const LawData& data, const Activation& psi, double lambda) {
  require_valid(data);
  detail::require_positive("lambda", lambda);
  const auto L0 = smoothness<double>(psi).L0;
  return L0 ? lambda * data.Y.norm() / (lambda + static_cast<double>(data.Y.rows()) * *L0 * *L0)
            : 0.0;
}

double least_eigenvalue_bound(const LawData& data, const Activation& psi, FeedbackLaw feedback,
                              double gamma, double drift) {
  require_valid(data);
  for (const auto& [name, value] : {std::pair{"lambda_min(G)", gamma}, {"int |m|", drift}})
    if (!(value >= 0) || !std::isfinite(value))
      throw InputError(name, quoted(value), "a finite number >= 0");
  const double L1 = smoothness<double>(psi).L1, root = std::sqrt(gamma);
  const double kappa = L1 * L1 * detail::norm(data.K) * drift;
  const auto k = static_cast<double>(data.Y.cols());
  const auto square = [](double x) { return x > 0 ? x * x : 0.0; };
  const double of_all = square(root - kappa);
  switch (feedback) {
    case FeedbackLaw::normal: {
      const double widest = std::sqrt(k + 2);  // from here on nothing is gained by a larger eps
      const auto of_some = [&](double eps) {
        return boost::math::gamma_p(k / 2, eps * eps / 2) * square(root - kappa * eps / widest);
      };
      // Any eps is a bound; the best is one maximum in between.
      const double last = kappa > 0 ? widest * std::min(1.0, root / kappa) : widest;
      const double best = boost::math::tools::brent_find_minima(
                              [&](double eps) { return -of_some(eps); }, 0.0, last, 40)
                              .second;
      return std::max(of_all, -best);
    }
    case FeedbackLaw::signs:
      return of_all;
  }
  throw std::logic_error("no such feedback");
}

}  // namespace alignproof::inline mean_field
