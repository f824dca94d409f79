// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>
#include <shared_mutex>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_definition.hpp>

#include "network/suite_activations.hpp"

namespace alignproof::inline network {

namespace {

const std::vector<ActivationDefinition>& suite() {
  static const std::vector<ActivationDefinition> sorted = [] {
    std::vector<ActivationDefinition> all = suite_activations();
    std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
      return std::tie(x.place, x.name) < std::tie(y.place, y.name);
    });
    return all;
  }();
  return sorted;
}

/// Those that were registered. None ever moves.
struct Registered {
  std::shared_mutex mutex;
  std::deque<ActivationDefinition> all;
};

Registered& registered() {
  static Registered here;
  return here;
}

const ActivationDefinition* find(std::string_view name) {
  for (const ActivationDefinition& each : suite())
    if (each.name.name() == name) return &each;
  Registered& more = registered();
  const std::shared_lock lock(more.mutex);
  for (const ActivationDefinition& each : more.all)
    if (each.name.name() == name) return &each;
  return nullptr;
}

const ActivationDefinition& named(std::string_view name) {
  if (const ActivationDefinition* found = find(name)) return *found;
  throw InputError("activation", fmt::format("'{}'", name), accepted_activations());
}

/// "a, b or c"
template <class Which>
std::string names_of(const Which& which) {
  std::vector<std::string_view> names;
  const auto add = [&](const auto& definitions) {
    for (const ActivationDefinition& each : definitions)
      if (which(each)) names.push_back(each.name.name());
  };
  add(suite());
  Registered& more = registered();
  const std::shared_lock lock(more.mutex);
  add(more.all);
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k)
    text += fmt::format("{}{}", k == 0 ? "" : k + 1 < names.size() ? ", " : " or ", names[k]);
  return text;
}

[[noreturn]] void refuse(const Activation& psi, const std::string& accepted) {
  throw InputError("activation", fmt::format("'{}'", psi.name()), accepted);
}

[[noreturn]] void lacks(const Activation& psi, std::string_view purpose, const Missing& missing) {
  refuse(psi, fmt::format("one with {}, which {} lacks: {}", purpose, psi.name(), missing.reason));
}

/// What the definition says of psi, at some points. No proof: it finds what was mistaken, not what
/// was forged.
void require_consistent(const ActivationDefinition& definition) {
  const auto& psi = std::get<ActivationOver<double>>(definition.over);
  const Smoothness<double> constants = psi.smoothness();
  const ActivationProperties& says = definition.properties;
  constexpr double tiny = 1e-12, step = 1e-6;
  const auto require = [&](bool fine, const char* part, double x) {
    if (!fine)
      refuse(definition.name, fmt::format("a definition whose {} agrees with psi at {}", part, x));
  };
  const auto near = [](double x, double y) { return std::abs(x - y) <= tiny * (1 + std::abs(y)); };
  require((psi.psi(0) == 0) == says.zero_at_zero, "psi(0)", 0);
  Matrix<double> A(1, 3), Psi, D;
  for (int k = -160; k <= 160; ++k) {
    const double x = k / 8.0 + 1.0 / 64, mirrored = psi.psi(-x);
    A(0, 0) = x - step, A(0, 1) = x, A(0, 2) = x + step;
    psi.apply(A, Psi, D);
    const double value = Psi(0, 1), slope = D(0, 1);
    require(near(psi.psi(x), value), "psi over matrices", x);
    require(std::abs((Psi(0, 2) - Psi(0, 0)) / (2 * step) - slope) <= 1e-6 * (1 + std::abs(slope)),
            "psi'", x);
    require(std::abs(slope) <= constants.L1 * (1 + tiny), "L1", x);
    require(!constants.L0 || std::abs(value) <= *constants.L0 * (1 + tiny), "L0", x);
    require(!constants.L2 ||
                std::abs(D(0, 2) - D(0, 0)) <= 2 * step * *constants.L2 * (1 + 1e-6) + tiny,
            "L2", x);
    require(!says.linear || near(value, x), "linear", x);
    require(!says.homogeneous || near(psi.psi(2 * x), 2 * value), "homogeneous", x);
    switch (says.reflection) {
      case Reflection::odd:
        require(near(value, -mirrored), "reflection", x);
        break;
      case Reflection::step:
        require(near(value, 1 - mirrored), "reflection", x);
        break;
      case Reflection::ramp:
        require(near(value, x + mirrored), "reflection", x);
        break;
      case Reflection::none:
        break;
    }
  }
  require(!says.bounded_and_smooth || (constants.L0 && constants.L2), "bounded_and_smooth", 0);
}

}  // namespace

const ActivationDefinition& definition_of(const Activation& psi) {
  return named(psi.name());
}

const ActivationProperties& properties(const Activation& psi) {
  return definition_of(psi).properties;
}

Activation activation_from(std::string_view name) {
  return named(name).name;
}

double (*value_function(const Activation& psi))(const double&) {
  return activation_over<double>(psi).psi;
}

const std::vector<Activation>& activations_of_suite() {
  static const std::vector<Activation> names = [] {
    std::vector<Activation> all;
    for (const ActivationDefinition& each : suite()) all.push_back(each.name);
    return all;
  }();
  return names;
}

std::string accepted_activations() {
  return names_of([](const ActivationDefinition&) { return true; });
}

const BallForm& ball_form(const Activation& psi, std::string_view purpose) {
  const Balls& balls = definition_of(psi).balls;
  if (const auto* missing = std::get_if<Missing>(&balls)) lacks(psi, purpose, *missing);
  return std::get<BallForm>(balls);
}

PortableValue (*portable_form(const Activation& psi, std::string_view purpose))(double) {
  const Portable& portable = definition_of(psi).portable;
  if (const auto* missing = std::get_if<Missing>(&portable)) lacks(psi, purpose, *missing);
  return std::get<PortableValue (*)(double)>(portable);
}

std::optional<Missing> missing_kernel(const Activation& psi) {
  const auto* missing = std::get_if<Missing>(&definition_of(psi).kernel);
  return missing ? std::optional(*missing) : std::nullopt;
}

template <class Real>
const ActivationOver<Real>& activation_over(const Activation& psi) {
  using Over = ActivationOver<Real>;
  const Over& form = std::get<Over>(definition_of(psi).over);
  if (!form.apply)
    refuse(psi, names_of([](const auto& each) { return std::get<Over>(each.over).apply; }) +
                    " in exact arithmetic");
  return form;
}

template const ActivationOver<double>& activation_over<double>(const Activation&);
template const ActivationOver<float>& activation_over<float>(const Activation&);
template const ActivationOver<Mpfr>& activation_over<Mpfr>(const Activation&);
template const ActivationOver<BinFloat100>& activation_over<BinFloat100>(const Activation&);
template const ActivationOver<Exact>& activation_over<Exact>(const Activation&);

void register_activation(ActivationDefinition definition) {
  if (find(definition.name.name()))
    refuse(definition.name,
           fmt::format("a name that is not taken: {} are", accepted_activations()));
  require_consistent(definition);
  Registered& more = registered();
  const std::unique_lock lock(more.mutex);
  more.all.push_back(std::move(definition));
}

}  // namespace alignproof::inline network
