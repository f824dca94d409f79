// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/instance.hpp>

#include <bit>
#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>

#include "enumerators.hpp"

namespace alignproof::inline format {

namespace {

// Each case falls through to those behind it, and a case that is missing does not compile.

constexpr std::size_t number_from(Rule first) {
  std::size_t number = 0;
  switch (first) {
    case Rule::fa:
      ++number;
      [[fallthrough]];
    case Rule::bp:
      ++number;
  }
  return number;
}

constexpr std::size_t number_from(Decay first) {
  std::size_t number = 0;
  switch (first) {
    case Decay::constant:
      ++number;
      [[fallthrough]];
    case Decay::geometric:
      ++number;
      [[fallthrough]];
    case Decay::inverse_square:
      ++number;
  }
  return number;
}

static_assert(detail::complete(all_rules, number_from(Rule::fa)));
static_assert(detail::complete(all_decays, number_from(Decay::constant)));

}  // namespace

void Activation::refuse(std::string_view name) {
  throw InputError("activation", fmt::format("'{}'", name),
                   fmt::format("a name of 1 to {} of a-z, 0-9, _ and -, a letter first", longest));
}

std::string_view to_string(Decay decay) {
  switch (decay) {
    case Decay::constant:
      return "constant";
    case Decay::geometric:
      return "geometric";
    case Decay::inverse_square:
      return "inverse-square";
  }
  throw std::logic_error("no such decay");
}

std::string_view to_string(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return "fa";
    case Rule::bp:
      return "bp";
  }
  throw std::logic_error("no such rule");
}

bool is_feedback_alignment(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return true;
    case Rule::bp:
      return false;
  }
  throw std::logic_error("no such rule");
}

Rule rule_from(std::string_view name) {
  return detail::named("rule", name, all_rules);
}

Decay decay_from(std::string_view name) {
  return detail::named("decay", name, all_decays);
}

bool falls(Decay decay) {
  switch (decay) {
    case Decay::constant:
      return false;
    case Decay::geometric:
    case Decay::inverse_square:
      return true;
  }
  throw std::logic_error("no such decay");
}

// The one arithmetic on doubles on which a proof rests: by definition that of IEEE 754 to nearest
// with subnormal numbers, which the checker asserts of its process before and after.
double Penalty::operator()(std::size_t t) const {
  if (t >= cut) return 0;
  switch (decay) {
    case Decay::constant:
      return lambda;
    case Decay::geometric: {
      double value = lambda;  // r^t by squaring, lowest bit first
      for (double power = scale; t > 0; t >>= 1, power *= power)
        if (t & 1) value *= power;
      return value;
    }
    case Decay::inverse_square: {
      const double factor = 1 + static_cast<double>(t) / scale;
      return lambda / (factor * factor);
    }
  }
  throw std::logic_error("no such decay");
}

namespace {

void require_shape(const char* name, const Array& array, const std::vector<std::size_t>& shape) {
  if (array.shape != shape)
    throw InputError(fmt::format("shape of {}", name),
                     fmt::format("({})", fmt::join(array.shape, ", ")),
                     fmt::format("({})", fmt::join(shape, ", ")));
  for (double value : array.values)
    if (!is_finite(value))
      throw InputError(fmt::format("an entry of {}", name), quoted(value), "finite numbers");
}

}  // namespace

void require_valid(const Penalty& penalty) {
  if (!is_finite(penalty.lambda) || order_of(penalty.lambda) < 0)
    throw InputError("lambda", quoted(penalty.lambda), "a finite number >= 0");
  const double scale = penalty.scale;
  const bool positive = order_of(scale) > 0;
  const auto require_scale = [&](bool fine, const char* accepted) {
    if (!fine || !is_finite(scale)) throw InputError("decay-scale", quoted(scale), accepted);
  };
  switch (penalty.decay) {
    case Decay::constant:
      return require_scale(order_of(scale) == order_of(1), "1 for a constant penalty");
    case Decay::geometric:
      return require_scale(positive && order_of(scale) < order_of(1), "a ratio between 0 and 1");
    case Decay::inverse_square:
      return require_scale(positive, "a number of steps > 0");
  }
  throw std::logic_error("no such decay");
}

void require_valid(const Instance& instance) {
  const auto require_positive = [](const char* name, const Array& array, std::size_t axis) {
    if (array.shape.size() < 2 || array.shape[axis] == 0) throw InputError(name, "0", "at least 1");
  };
  require_positive("n", instance.X, 0);
  require_positive("d", instance.X, 1);
  require_positive("p", instance.W0, 0);
  const std::size_t n = instance.n(), d = instance.d(), p = instance.p(), k = instance.k();
  if (k == 0) throw InputError("k", "0", "at least 1 output");
  // One output may be written with one axis or two, the same in y, beta0 and b.
  const bool flat = instance.y.shape.size() == 1;
  const auto with_outputs = [&](std::size_t rows) {
    return flat ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, k};
  };
  require_shape("X", instance.X, {n, d});
  require_shape("y", instance.y, with_outputs(n));
  require_shape("W0", instance.W0, {p, d});
  require_shape("beta0", instance.beta0, with_outputs(p));
  require_shape("b", instance.b, with_outputs(p));
  const double eta = instance.eta, lambda = instance.penalty.lambda;
  if (!is_finite(eta) || order_of(eta) <= 0)
    throw InputError("eta", quoted(eta), "a finite number > 0");
  require_valid(instance.penalty);
  // No certificate rests on this: they have no such premise.
  if (eta * lambda >= 1)
    throw InputError("eta lambda", quoted(eta * lambda),
                     fmt::format("lambda < 1/eta = {}, so that the penalty shrinks beta", 1 / eta));
}

namespace {

/// Appends a canonical little-endian form: bytes are the same on every machine.
void append(std::string& bytes, std::uint64_t word) {
  for (int k = 0; k < 8; ++k) bytes.push_back(static_cast<char>(word >> (8 * k)));
}
void append(std::string& bytes, double value) {
  append(bytes, std::bit_cast<std::uint64_t>(value));
}
void append(std::string& bytes, const Array& array) {
  append(bytes, static_cast<std::uint64_t>(array.shape.size()));
  for (std::size_t extent : array.shape) append(bytes, static_cast<std::uint64_t>(extent));
  for (double value : array.values) append(bytes, value);
}

}  // namespace

std::string hash(const Instance& instance) {
  std::string bytes = "alignproof-instance 1\n";
  bytes += to_string(instance.activation);
  bytes += '\n';
  for (const Array* array : {&instance.X, &instance.y, &instance.W0, &instance.beta0, &instance.b})
    append(bytes, *array);
  append(bytes, instance.eta);
  append(bytes, instance.penalty.lambda);
  append(bytes, static_cast<std::uint64_t>(instance.penalty.cut));
  append(bytes, static_cast<std::uint64_t>(instance.steps));
  if (falls(instance.penalty.decay)) {  // absent from the bytes where there is none
    bytes += to_string(instance.penalty.decay);
    bytes += '\n';
    append(bytes, instance.penalty.scale);
  }
  return sha256(bytes);
}

}  // namespace alignproof::inline format
