// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/premises.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof {

namespace {

/// At least the exact value of what was rounded to x.
double up(double x) {
  return std::nextafter(x, INFINITY);
}

/// Without a default: a new activation has to say what it is.
bool is_linear(Activation psi) {
  switch (psi) {
    case Activation::identity:
      return true;
    case Activation::tanh:
    case Activation::relu:
    case Activation::sigmoid:
    case Activation::softplus:
    case Activation::erf:
    case Activation::gelu:
      return false;
  }
  return false;
}

Premise smooth(Activation psi) {
  const bool fine = bounded_and_smooth(psi);
  return {premise::smooth, fine,
          fmt::format("{} is{} bounded and smooth", to_string(psi), fine ? "" : " not")};
}

Premise positive(const LimitKernel& limit) {
  return {premise::positive, limit.definiteness == Definiteness::positive_definite,
          fmt::format("gamma > 0 fails: gamma = {:.3g}", limit.gamma)};
}

Premise initial(const Data& data, const NetworkSpec& network, Rule rule) {
  std::string other;
  const auto differs = [&other](const std::string& words) {
    other += (other.empty() ? "" : ", ") + words;
  };
  if (rule != Rule::fa) differs(fmt::format("rule {}", to_string(rule)));
  if (data.y.cols() != 1) differs(fmt::format("{} outputs", data.y.cols()));
  if (network.feedback != Feedback::independent)
    differs(fmt::format("{} feedback", to_string(network.feedback)));
  if (network.initial_scale != 1)
    differs(fmt::format("weights scaled by {}", network.initial_scale));
  if (network.zero_error) differs("targets made from the weights");
  return {premise::initial, other.empty(), other.empty() ? "weights N(0, 1)" : other};
}

Premise no_penalty(const Penalty& penalty) {
  return {premise::no_penalty, penalty.lambda == 0, fmt::format("lambda = {}", penalty.lambda)};
}

Premise step(const char* words, const NetworkSpec& network, const LimitKernel& limit) {
  const double use = step_use(network, limit);
  const char* sum =
      network.penalty.lambda > 0 ? "lambda_max + gamma + 2 lambda" : "lambda_max + gamma";
  return {words, use < 2, fmt::format("eta ({}) = {:.4g} with eta = {}", sum, use, network.eta)};
}

Premise isometric(const LimitKernel& K) {
  // 1 + 2^-40 is a double; what the product loses to rounding is given away.
  const double allowed = std::nextafter((1 + 0x1p-40) * K.gamma, 0);
  return {premise::isometric,
          K.definiteness == Definiteness::positive_definite && K.largest_eigenvalue <= allowed,
          fmt::format("K has eigenvalues {:.4g} to {:.4g}", K.gamma, K.largest_eigenvalue)};
}

Premise cut(const Penalty& penalty) {
  const bool fine = penalty.lambda > 0 && penalty.decay == Decay::constant &&
                    penalty.cut != Penalty::never && penalty.cut > 0;
  return {premise::cut, fine,
          penalty.lambda == 0                ? "lambda = 0"
          : penalty.decay != Decay::constant ? fmt::format("{} penalty", to_string(penalty.decay))
          : penalty.cut == Penalty::never    ? "the penalty is never cut"
                                             : fmt::format("cut at step {}", penalty.cut)};
}

double norm(const Array& y) {
  double sum = 0;
  for (const double value : y.values) sum += value * value;
  return std::sqrt(sum);
}

/// What the law says of finite times says nothing of a penalty without an end: z is infinite then.
Premise law_step(const Data& data, const NetworkSpec& network, const LimitKernel& K) {
  const Penalty& penalty = network.penalty;
  double z = INFINITY;
  if (penalty.cut != Penalty::never && K.gamma > 0) {
    const double tau =
        network.eta * static_cast<double>(penalty.cut) / std::sqrt(static_cast<double>(network.p));
    z = isometric_z(K.gamma, penalty.lambda, norm(data.y), tau);
  }
  const double use = network.eta * (penalty.lambda + K.largest_eigenvalue * (1 + z * z));
  return {
      premise::law_step, use < 2,
      fmt::format("eta (lambda + lambda_max (1 + z^2)) = {:.4g} with eta = {}", use, network.eta)};
}

}  // namespace

double step_use(const NetworkSpec& network, const LimitKernel& limit) {
  const double spectrum = up(limit.largest_eigenvalue + limit.gamma_upper);
  return up(network.eta * up(spectrum + 2 * network.penalty.lambda));
}

Premises premises_of_t1(const Data& data, const NetworkSpec& network, Rule rule,
                        const LimitKernel& limit) {
  return {smooth(network.activation), positive(limit), initial(data, network, rule),
          no_penalty(network.penalty), step(premise::step, network, limit)};
}

Premises premises_of_t1_penalty(const Data& data, const NetworkSpec& network, Rule rule,
                                const LimitKernel& limit) {
  return {smooth(network.activation), positive(limit), initial(data, network, rule),
          step(premise::step_with_penalty, network, limit)};
}

Premises premises_at_start(const Data& data, const NetworkSpec& network, Rule rule,
                           const LimitKernel& limit) {
  return {smooth(network.activation), positive(limit), initial(data, network, rule)};
}

Premises premises_of_t1e(const NetworkSpec& network) {
  const bool fine = smoothness<double>(network.activation).L2.has_value();
  return {{premise::lipschitz, fine,
           fmt::format("psi' of {} is{} Lipschitz", to_string(network.activation),
                       fine ? "" : " not")}};
}

Premises premises_of_t3(const Data& data, const NetworkSpec& network, Rule rule,
                        const LimitKernel& K) {
  const bool linear = is_linear(network.activation);
  return {{premise::linear, linear,
           fmt::format("{} is{} linear", to_string(network.activation), linear ? "" : " not")},
          isometric(K),
          initial(data, network, rule),
          cut(network.penalty),
          law_step(data, network, K)};
}

bool inside(const Premises& premises) {
  return std::all_of(premises.begin(), premises.end(), [](const Premise& p) { return p.held; });
}

std::string failing(const Premises& premises) {
  std::string words;
  for (const Premise& premise : premises)
    if (!premise.held) words += (words.empty() ? "" : "; ") + premise.found;
  return words;
}

}  // namespace alignproof
