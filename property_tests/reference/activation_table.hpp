// SPDX-License-Identifier: Apache-2.0
// The truth about all activations: the list is made by CMake from the files of
// reference/activations. One without a part does not compile, and the compiler names the part.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>

#include "reference_activations.hpp"

namespace alignproof::reference {

namespace truth_parts {

template <class T>
concept HasPsi = requires(const double& a) {
  { T::template psi<double>(a) } -> std::same_as<double>;
};
template <class T>
concept HasSlope = requires(const double& a) {
  { T::template psi_prime<double>(a) } -> std::same_as<double>;
};
template <class T>
concept HasKink = requires {
  { T::has_kink } -> std::convertible_to<bool>;
};
template <class T>
concept HasComplex = requires(acb_t y, const acb_t x) {
  T::evaluate(y, x, 0, 64L);
};
template <class T>
concept HasRule = requires {
  { T::strip(1.0) } -> std::same_as<Strip>;
};
template <class T>
concept HasKernel = requires(const double& x) {
  &T::template kernel<double>;
};
template <class T>
concept HasNoGamma = requires {
  { T::no_gamma } -> std::convertible_to<std::string_view>;
};
/// As HasPsi, but asked for by name alone: these are never made with doubles.
template <class T>
concept HasValue = requires {
  &T::template value<long double>;
};
template <class T>
concept HasValueSlope = requires {
  &T::template slope<long double>;
};
template <class T>
concept HasL1 = requires {
  &T::template largest_slope<long double>;
};
template <class T>
concept HasL2 = requires {
  &T::template largest_curvature<long double>;
};

}  // namespace truth_parts

template <class T>
constexpr bool complete_truth() {
  using namespace truth_parts;
#define ALIGNPROOF_PART(Concept, text) static_assert(Concept<T>, "the truth lacks " text)
  ALIGNPROOF_PART(HasPsi, "psi by its textbook formula");
  ALIGNPROOF_PART(HasSlope, "psi' by its textbook formula");
  ALIGNPROOF_PART(HasValue, "psi in many digits: value");
  ALIGNPROOF_PART(HasValueSlope, "psi' in many digits: slope");
  ALIGNPROOF_PART(HasL1, "L1: largest_slope");
  ALIGNPROOF_PART(HasL2, "L2: largest_curvature");
  ALIGNPROOF_PART(HasKink, "whether psi' jumps: has_kink");
  ALIGNPROOF_PART(HasComplex, "psi of complex balls: evaluate");
  static_assert(HasKernel<T> || HasRule<T> || HasNoGamma<T>,
                "the truth lacks gamma: kernel, strip or no_gamma");
#undef ALIGNPROOF_PART
  return true;
}

template <class Result, class F, class First, class... Rest>
Result visit_in(Types<First, Rest...>, const Activation& psi, const F& f) {
  if constexpr (std::is_void_v<First>) {
    throw std::logic_error("the truth does not know " + std::string(psi.name()));
  } else {
    static_assert(complete_truth<First>());
    if (psi.name() == First::name) return f(First{});
    return visit_in<Result>(Types<Rest...>{}, psi, f);
  }
}

/// f of the truth about psi.
template <class Result, class F>
Result visit_truth(const Activation& psi, const F& f) {
  return visit_in<Result>(AllTruths{}, psi, f);
}

}  // namespace alignproof::reference
