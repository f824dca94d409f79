// SPDX-License-Identifier: Apache-2.0
// From a struct to the row of an activation. A struct without one of its parts does not compile,
// and the compiler names the part.
#pragma once

#include <concepts>
#include <string_view>

#include "activation.hpp"

namespace alignproof::check {

namespace row_parts {

template <class T>
concept HasName = requires {
  { T::name } -> std::convertible_to<std::string_view>;
};
template <class T>
concept HasPsi = requires(const Ball& a) {
  { T::activate(a) } -> std::same_as<Activated>;
};
template <class T>
concept LacksSeries = requires {
  { T::series } -> std::convertible_to<NoSeries>;
};
template <class T>
concept HasSeries = LacksSeries<T> || requires(const TaylorSeries& x) {
  { T::series(x) } -> std::same_as<TaylorSeries>;
};
template <class T>
SeriesPart series_of() {
  if constexpr (LacksSeries<T>)
    return T::series;
  else
    return SeriesOf(&T::series);
}
template <class T>
concept HasL1 = requires {
  { T::L1() } -> std::convertible_to<Ball>;
};
template <class T>
concept HasL2 = requires {
  { T::L2() } -> std::convertible_to<Ball>;
};
#define ALIGNPROOF_MAY_HAVE(L)                \
  template <class T>                          \
  concept Lacks##L = requires {               \
    { T::L } -> std::convertible_to<NoBound>; \
  };                                          \
  template <class T>                          \
  concept Has##L = Lacks##L<T> || requires {  \
    { T::L() } -> std::convertible_to<Ball>;  \
  };                                          \
  template <class T>                          \
  Bound L##_of() {                            \
    if constexpr (Lacks##L<T>)                \
      return T::L;                            \
    else                                      \
      return Ball(T::L());                    \
  }
ALIGNPROOF_MAY_HAVE(L0)
ALIGNPROOF_MAY_HAVE(L3)
#undef ALIGNPROOF_MAY_HAVE
template <class T>
concept HasSigns = requires {
  { T::frozen_signs } -> std::convertible_to<bool>;
};
template <class T>
concept HasLinear = requires {
  { T::linear } -> std::convertible_to<bool>;
};
template <class T>
concept HasOdd = requires {
  { T::odd } -> std::convertible_to<bool>;
};
template <class T>
concept HasZero = requires {
  { T::zero_at_zero } -> std::convertible_to<bool>;
};
template <class T>
concept HasWork = requires {
  { T::work } -> std::convertible_to<double>;
};
template <class T>
concept HasKernel = requires {
  { T::kernel() } -> std::convertible_to<Kernel>;
};
template <class T>
concept Complete =
    HasName<T> && HasPsi<T> && HasSeries<T> && HasL0<T> && HasL1<T> && HasL2<T> && HasL3<T> &&
    HasSigns<T> && HasLinear<T> && HasOdd<T> && HasZero<T> && HasWork<T> && HasKernel<T>;

}  // namespace row_parts

template <class T>
ActivationRow make_row() {
  using namespace row_parts;
#define ALIGNPROOF_PART(Concept, text) \
  static_assert(Concept<T>, "the checker's activation lacks " text)
  ALIGNPROOF_PART(HasName, "name: static constexpr const char* name");
  ALIGNPROOF_PART(HasPsi, "psi and psi': static Activated activate(const Ball& a)");
  ALIGNPROOF_PART(
      HasSeries,
      "its Taylor series: static TaylorSeries series(const TaylorSeries& x), or static constexpr "
      "NoSeries series");
  ALIGNPROOF_PART(HasL0, "L0, the bound of psi: static Ball L0(), or static constexpr NoBound L0");
  ALIGNPROOF_PART(HasL1, "L1: static Ball L1()");
  ALIGNPROOF_PART(HasL2, "L2: static Ball L2()");
  ALIGNPROOF_PART(HasL3,
                  "L3, the Lipschitz constant of psi'': static Ball L3(), or static constexpr "
                  "NoBound L3");
  ALIGNPROOF_PART(HasSigns, "whether signs are frozen: static constexpr bool frozen_signs");
  ALIGNPROOF_PART(HasLinear, "whether it is linear: static constexpr bool linear");
  ALIGNPROOF_PART(HasOdd, "whether it is odd: static constexpr bool odd");
  ALIGNPROOF_PART(HasZero, "psi(0), whether it is 0: static constexpr bool zero_at_zero");
  ALIGNPROOF_PART(HasWork, "its work: static constexpr double work");
  ALIGNPROOF_PART(HasKernel, "its limit kernel: static Kernel kernel(), which may return NoKernel");
#undef ALIGNPROOF_PART
  if constexpr (Complete<T>)
    return {Activation(T::name),
            &T::activate,
            series_of<T>(),
            [] {
              return ActivationBounds{
                  .L1 = T::L1(), .L2 = T::L2(), .frozen_signs = T::frozen_signs};
            },
            &L0_of<T>,
            &L3_of<T>,
            {.linear = T::linear, .odd = T::odd, .zero_at_zero = T::zero_at_zero},
            T::work,
            T::kernel()};
}

}  // namespace alignproof::check
