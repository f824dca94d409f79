// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

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

/// What a definition says of psi, held against psi at some points. No proof: it finds what was
/// mistaken, not what was forged.
class Consistency {
 public:
  explicit Consistency(const ActivationDefinition& definition)
      : definition_(definition),
        says_(definition.properties),
        psi_(std::get<ActivationOver<double>>(definition.over)),
        constants_(psi_.smoothness()) {}

  void require() const {
    require((psi_.psi(0) == 0) == says_.zero_at_zero, "psi(0)", 0);
    for (int k = -160; k <= 160; ++k) {
      const double x = k / 8.0 + 1.0 / 64;
      require_slope(x);
      require_values(x);
      require_between(x, x + 1.0 / 8);
    }
    // Far from 0, where what seemed bounded or linear may be so no longer; e^2x does not overflow.
    for (double x = 25; x < 350; x *= 1.25)
      for (const double far : {-x, x}) require_values(far);
    if (const auto* balls = std::get_if<BallForm>(&definition_.balls)) require_balls(*balls);
    if (const auto* entry = std::get_if<ClosedKernel>(&definition_.kernel)) require_kernel(*entry);
    require(!says_.bounded_and_smooth || (constants_.L0 && constants_.L2), "bounded_and_smooth", 0);
  }

 private:
  static constexpr double tiny = 1e-12, step = 1e-6;

  struct At {
    double psi, slope;
  };
  At at(double x) const {
    Matrix<double> A(1, 1), Psi, D;
    A(0, 0) = x;
    psi_.apply(A, Psi, D);
    return {Psi(0, 0), D(0, 0)};
  }

  void require(bool fine, const char* part, double x) const {
    if (!fine)
      refuse(definition_.name, fmt::format("a definition whose {} agrees with psi at {}", part, x));
  }

  static bool near(double x, double y) { return std::abs(x - y) <= tiny * (1 + std::abs(y)); }

  /// psi' is the derivative, and changes as L2 has it.
  void require_slope(double x) const {
    const At left = at(x - step), here = at(x), right = at(x + step);
    require(std::abs((right.psi - left.psi) / (2 * step) - here.slope) <=
                1e-6 * (1 + std::abs(here.slope)),
            "psi'", x);
    require(!constants_.L2 ||
                std::abs(right.slope - left.slope) <= 2 * step * *constants_.L2 * (1 + 1e-6) + tiny,
            "L2", x);
  }

  /// From one point to the next: a jump of psi or of psi' between points shows here.
  void require_between(double x, double y) const {
    const At left = at(x), right = at(y);
    const double width = y - x;
    require(std::abs(right.psi - left.psi) <= constants_.L1 * width * (1 + 1e-6) + tiny, "L1", x);
    require(!constants_.L2 ||
                std::abs(right.slope - left.slope) <= *constants_.L2 * width * (1 + 1e-6) + tiny,
            "L2", x);
  }

  void require_values(double x) const {
    const auto [value, slope] = at(x);
    const double mirrored = psi_.psi(-x);
    require(near(psi_.psi(x), value), "psi over matrices", x);
    require(std::abs(slope) <= constants_.L1 * (1 + tiny), "L1", x);
    require(!constants_.L0 || std::abs(value) <= *constants_.L0 * (1 + tiny), "L0", x);
    require(!says_.linear || near(value, x), "linear", x);
    require(!says_.homogeneous || near(psi_.psi(2 * x), 2 * value), "homogeneous", x);
    require(!says_.fused || near(value, fused(*says_.fused, x)), "fused form", x);
    switch (says_.reflection) {
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

  static double fused(FusedForm form, double x) {
    switch (form) {
      case FusedForm::identity:
        return x;
      case FusedForm::relu:
        return std::max(x, 0.0);
      case FusedForm::tanh:
        return std::tanh(x);
      case FusedForm::sigmoid:
        return sigmoid(x);
    }
    throw std::logic_error("no such fused form");
  }

  /// E psi(u) psi(v), of variances 1 and the covariance 1/2, against a sum over a grid. Where psi'
  /// jumps the sum errs by less than a hundredth of L1^2.
  void require_kernel(ClosedKernel entry) const {
    const auto exact = [](double x) { return RealBall<Mpfr>(Mpfr(x)); };
    const double value = to_double(entry({exact(1), exact(0.5), exact(1), exact(0.75)}).mid);
    constexpr double width = 0.25;
    double sum = 0;
    for (double x = -8; x <= 8; x += width)
      for (double y = -8; y <= 8; y += width)
        sum += std::exp(-(x * x + y * y) / 2) * psi_.psi(x) * psi_.psi(x / 2 + std::sqrt(0.75) * y);
    const double mean = sum * width * width / (2 * M_PI), L1 = constants_.L1;
    require(std::abs(mean - value) <= 0.01 * L1 * L1, "limit kernel", 0.5);
  }

  /// The constants of balls are those of psi, and bound a psi' that jumps by nothing.
  void require_balls(const BallForm& balls) const {
    require(balls.L1 >= constants_.L1 * (1 - tiny), "L1 of balls", 0);
    require(balls.L2 >= (constants_.L2 ? *constants_.L2 * (1 - tiny) : INFINITY), "L2 of balls", 0);
  }

  const ActivationDefinition& definition_;
  const ActivationProperties& says_;
  const ActivationOver<double>& psi_;
  const Smoothness<double> constants_;
};

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
  Consistency(definition).require();
  Registered& more = registered();
  const std::unique_lock lock(more.mutex);
  more.all.push_back(std::move(definition));
}

}  // namespace alignproof::inline network
