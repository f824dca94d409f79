// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/premises.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/network/activation.hpp>
#include <alignproof/network/activation_properties.hpp>

namespace alignproof::inline claims {

namespace {

/// At least the exact value of what was rounded to x.
double up(double x) {
  return std::nextafter(x, INFINITY);
}

Premise smooth(Activation psi) {
  const bool fine = bounded_and_smooth(psi);
  return {premise::smooth, fine,
          fmt::format("{} is{} bounded and smooth", to_string(psi), fine ? "" : " not")};
}

Premise lipschitz(Activation psi) {
  const bool fine = smoothness<double>(psi).L2.has_value();
  return {premise::lipschitz, fine,
          fmt::format("psi' of {} is{} Lipschitz", to_string(psi), fine ? "" : " not")};
}

Premise one_output(const Data& data, LearningRule rule) {
  return {premise::one_output, is_feedback_alignment(rule) && data.y.cols() == 1,
          fmt::format("rule {}, {} outputs", to_string(rule), data.y.cols())};
}

Premise positive(const LimitKernel& limit) {
  return {premise::positive, limit.definiteness == Definiteness::positive_definite,
          fmt::format("gamma > 0 fails: gamma = {:.3g}", limit.gamma)};
}

Premise initial(const Data& data, const NetworkSpec& network, LearningRule rule) {
  std::string other;
  const auto differs = [&other](const std::string& words) {
    other += (other.empty() ? "" : ", ") + words;
  };
  if (!is_feedback_alignment(rule)) differs(fmt::format("rule {}", to_string(rule)));
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

Premise step(const NetworkSpec& network, const LimitKernel& limit) {
  const double use = step_use(network, limit);
  return {premise::step, use < 2,
          fmt::format("eta (lambda_max + gamma) = {:.4g} with eta = {}", use, network.eta)};
}

Premise isometric(const LimitKernel& K) {
  // 1 + 2^-40 is a double; what the product loses to rounding is given away.
  const double allowed = std::nextafter((1 + 0x1p-40) * K.gamma, 0);
  return {premise::isometric,
          K.definiteness == Definiteness::positive_definite && K.largest_eigenvalue <= allowed,
          fmt::format("K has eigenvalues {:.4g} to {:.4g}", K.gamma, K.largest_eigenvalue)};
}

Premise cut(const Penalty& penalty) {
  const bool fine = penalty.lambda > 0 && !falls(penalty.decay) && penalty.cut != Penalty::never &&
                    penalty.cut > 0;
  return {premise::cut, fine,
          penalty.lambda == 0             ? "lambda = 0"
          : falls(penalty.decay)          ? fmt::format("{} penalty", to_string(penalty.decay))
          : penalty.cut == Penalty::never ? "the penalty is never cut"
                                          : fmt::format("cut at step {}", penalty.cut)};
}

bool is_linear(const NetworkSpec& network) {
  return properties(network.activation).linear;
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

Premise independent_data(const LimitKernel& K) {
  return {premise::independent_data, K.definiteness == Definiteness::positive_definite,
          fmt::format("K > 0 fails: its least eigenvalue is {:.3g}", K.gamma)};
}

/// Where there is no law the theorem says nothing.
Premise field_step(const NetworkSpec& network, const FoundCutLaw& found) {
  return {premise::field_step, found.law && found.law->step_use < 2,
          found.law ? fmt::format("eta (lambda + lambda_max(G)) = {:.4g} with eta = {}",
                                  found.law->step_use, network.eta)
                    : "no law: " + found.why_none};
}

Premise keeps_sign(const FoundCutLaw& found) {
  return {premise::keeps_sign, found.law && found.law->least_cosine > 0,
          found.law ? fmt::format("the law's cosine falls to {:.4g} after the cut",
                                  found.law->least_cosine)
                    : "no law: " + found.why_none};
}

}  // namespace

double step_use(const NetworkSpec& network, const LimitKernel& limit) {
  return up(network.eta * up(limit.largest_eigenvalue + limit.gamma_upper));
}

Premises premises_of_t1(const Data& data, const NetworkSpec& network, LearningRule rule,
                        const LimitKernel& limit) {
  return {smooth(network.activation), positive(limit), initial(data, network, rule),
          no_penalty(network.penalty), step(network, limit)};
}

Premises premises_of_t1_penalty(const Data& data, const NetworkSpec& network, LearningRule rule,
                                const LimitKernel& limit) {
  return {lipschitz(network.activation), one_output(data, rule), positive(limit)};
}

Premises premises_at_start(const Data& data, const NetworkSpec& network, LearningRule rule,
                           const LimitKernel& limit) {
  return {smooth(network.activation), positive(limit), initial(data, network, rule)};
}

Premises premises_of_t1e(const NetworkSpec& network) {
  return {lipschitz(network.activation)};
}

Premises premises_of_t3(const Data& data, const NetworkSpec& network, LearningRule rule,
                        const LimitKernel& K) {
  const bool linear = is_linear(network);
  return {{premise::linear, linear,
           fmt::format("{} is{} linear", to_string(network.activation), linear ? "" : " not")},
          isometric(K),
          initial(data, network, rule),
          cut(network.penalty),
          law_step(data, network, K)};
}

Premises premises_of_t3n(const Data& data, const NetworkSpec& network, LearningRule rule,
                         const LimitKernel& K, const FoundCutLaw& law) {
  return {lipschitz(network.activation), independent_data(K),      initial(data, network, rule),
          cut(network.penalty),          field_step(network, law), keeps_sign(law)};
}

Premises premises_of_cut(const Data& data, const NetworkSpec& network, LearningRule rule) {
  const LimitKernel K = limit_kernel(Activation::identity, data.X);
  return is_linear(network) ? premises_of_t3(data, network, rule, K)
                            : premises_of_t3n(data, network, rule, K, cut_law(data, network));
}

const char* theorem_of_cut(const NetworkSpec& network) {
  return is_linear(network) ? "T3" : "T3N";
}

Premises t1_premises(const RunSet& runs) {
  const Batch& batch = runs.batch;
  return premises_of_t1(batch.data, batch.network, batch.rule, runs.limit);
}

Premises start_premises(const RunSet& runs) {
  const Batch& batch = runs.batch;
  return premises_at_start(batch.data, batch.network, batch.rule, runs.limit);
}

Premises t3_premises(const RunSet& runs) {
  const Batch& batch = runs.batch;
  return premises_of_t3(batch.data, batch.network, batch.rule, runs.limit);
}

void count_premises(const Premises& premises, ClaimRow& row) {
  for (const Premise& premise : premises) {
    auto count = std::find_if(row.premises.begin(), row.premises.end(),
                              [&](const PremiseCount& c) { return c.premise == premise.words; });
    if (count == row.premises.end())
      count = row.premises.insert(row.premises.end(), {premise.words, 0, 0});
    ++count->of;
    count->held += premise.held ? 1 : 0;
  }
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

}  // namespace alignproof::inline claims
