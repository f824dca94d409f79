// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/slow_penalty.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <alignproof/core/error.hpp>

namespace alignproof::inline mean_field {

double SlowPenalty::operator()(double tau) const {
  if (tau >= cut) return 0;
  switch (decay) {
    case Decay::constant:
      return lambda;
    case Decay::geometric:
      return lambda * std::pow(scale, tau);
    case Decay::inverse_square:
      return lambda / ((1 + tau / scale) * (1 + tau / scale));
  }
  throw std::logic_error("no such decay");
}

double SlowPenalty::Lambda(double tau) const {
  const double until = std::min(tau, cut);
  switch (decay) {
    case Decay::constant:
      return lambda * until;
    case Decay::geometric:
      return lambda * std::expm1(until * std::log(scale)) / std::log(scale);
    case Decay::inverse_square:
      return lambda * until / (1 + until / scale);
  }
  throw std::logic_error("no such decay");
}

double SlowPenalty::at_Lambda(double Lambda) const {
  switch (decay) {
    case Decay::constant:
      return lambda;
    case Decay::geometric:
      return std::max(0.0, lambda + Lambda * std::log(scale));
    case Decay::inverse_square: {
      const double kept = std::max(0.0, 1 - Lambda / (lambda * scale));
      return lambda * kept * kept;
    }
  }
  throw std::logic_error("no such decay");
}

double SlowPenalty::tau(double Lambda) const {
  constexpr double never = std::numeric_limits<double>::infinity();
  switch (decay) {
    case Decay::constant:
      return Lambda / lambda;
    case Decay::geometric: {
      const double kept = 1 + Lambda * std::log(scale) / lambda;
      return kept > 0 ? std::log(kept) / std::log(scale) : never;
    }
    case Decay::inverse_square: {
      const double kept = 1 - Lambda / (lambda * scale);
      return kept > 0 ? Lambda / (lambda * kept) : never;
    }
  }
  throw std::logic_error("no such decay");
}

void require_valid(const SlowPenalty& penalty) {
  if (!(penalty.lambda > 0) || !std::isfinite(penalty.lambda))
    throw InputError("lambda", quoted(penalty.lambda),
                     "a number > 0: without a penalty hidden units do not move on the slow time");
  const double scale = penalty.scale;
  const auto require_scale = [&](bool fine, const char* accepted) {
    if (!fine || !std::isfinite(scale)) throw InputError("decay-scale", quoted(scale), accepted);
  };
  switch (penalty.decay) {
    case Decay::constant:
      break;
    case Decay::geometric:
      require_scale(scale > 0 && scale < 1, "a ratio between 0 and 1, for one unit of slow time");
      break;
    case Decay::inverse_square:
      require_scale(scale > 0, "a slow time > 0");
      break;
  }
  if (!(penalty.cut > 0)) throw InputError("cut", quoted(penalty.cut), "a slow time > 0");
}

}  // namespace alignproof::inline mean_field
