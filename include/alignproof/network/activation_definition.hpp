// SPDX-License-Identifier: Apache-2.0
// What an activation is to the library: one struct, from which `define_activation` makes the value
// that everything asks. A struct without one of its parts does not compile, and the compiler names
// the part. A page with a whole example: reports/docs/your_own_activation.md.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

#include <alignproof/network/activation.hpp>
#include <alignproof/network/portable_number.hpp>
#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/bin_float.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline network {

/// A part that an activation does not have: whatever needs it says why in one line, before work.
struct Missing {
  std::string_view reason;
};

struct BallValues {
  RealBall<Mpfr> psi, slope;
};

/// Values at many doubles at once, with errors in units of 2^-52: of psi relatively, of psi'
/// (as computed from psi) absolutely.
struct VectorForm {
  void (*values)(const double* a, double* values, std::size_t size);
  double relative, slope_error;
};

/// psi and psi' with proven errors (reports/docs/balls.md, section 4).
struct BallForm {
  /// At a point, without cancellation; null where psi and psi' round nowhere.
  BallValues (*at)(const RealBall<Mpfr>& a) = nullptr;
  double L1, L2;  ///< rounded up; L2 is infinite where psi' jumps, which it may do at 0 only
};

/// Of a Gaussian pair (u, v): E u^2, E uv, E v^2 and det = E u^2 E v^2 - (E uv)^2 >= 0. A number
/// that is exactly 0 has the radius 0.
struct GaussianPair {
  RealBall<Mpfr> a, c, b, det;
};
inline bool exactly_zero(const RealBall<Mpfr>& x) {
  return x.mid == 0 && x.rad == 0;
}

/// E psi(u) psi(v).
using ClosedKernel = RealBall<Mpfr> (*)(const GaussianPair&);

/// psi is, up to what `entry` adds, f at the sample times 2^(log2_K / 2), and E f(u) f(v) is summed
/// by a Fourier series (reports/docs/kernels.md).
enum class KernelSeries { tanh, log_cosh };
struct SeriesKernel {
  KernelSeries f;
  long log2_K;
  RealBall<Mpfr> (*entry)(const RealBall<Mpfr>& Ef, const RealBall<Mpfr>& Kij);
};

using Balls = std::variant<BallForm, Missing>;
using Portable = std::variant<PortableValue (*)(double), Missing>;
using Kernel = std::variant<ClosedKernel, SeriesKernel, Missing>;

struct ActivationDefinition {
  Activation name;
  int place;  ///< in lists
  ActivationProperties properties;
  Balls balls;
  std::optional<VectorForm> vector;
  Portable portable;
  Kernel kernel;
  std::tuple<ActivationOver<double>, ActivationOver<float>, ActivationOver<Mpfr>,
             ActivationOver<BinFloat100>, ActivationOver<Exact>>
      over;
};

/// Throws InputError, listing what is accepted, on an activation that does not exist.
const ActivationDefinition& definition_of(const Activation& psi);

/// The part, as portable_form of portable_number.hpp. Throws InputError about `purpose` with the
/// reason where it is missing.
const BallForm& ball_form(const Activation& psi, std::string_view purpose);

/// Why there is no limit kernel, if there is none.
std::optional<Missing> missing_kernel(const Activation& psi);

// ---- From a struct to its definition ----

namespace activation_parts {

template <class T>
concept HasName = requires {
  { Activation(T::name) } -> std::same_as<Activation>;
};
template <class T>
concept HasPsi = requires(const double& a) {
  { T::template psi<double>(a) } -> std::convertible_to<double>;
};
template <class T>
concept HasScale = requires(const double& a) {
  { T::template slope_scale<double>() } -> std::convertible_to<double>;
  { T::template slope<double>(a, a, a) } -> std::convertible_to<double>;
};
template <class T>
concept HasSlope = HasScale<T> || requires(const double& a) {
  { T::template slope<double>(a, a) } -> std::convertible_to<double>;
};
template <class T>
concept HasAlgebraic = requires {
  { T::algebraic } -> std::convertible_to<bool>;
};

#define ALIGNPROOF_HAS_CONSTANT(L)                       \
  template <class T>                                     \
  concept Lacks_##L = requires {                         \
    { T::L } -> std::convertible_to<Missing>;            \
  };                                                     \
  template <class T>                                     \
  concept Has_##L = Lacks_##L<T> || requires {           \
    { T::template L<double>() } -> std::same_as<double>; \
  };                                                     \
  template <class Real, class T>                         \
  std::optional<Real> L##_of() {                         \
    if constexpr (Lacks_##L<T>)                          \
      return std::nullopt;                               \
    else                                                 \
      return T::template L<Real>();                      \
  }
ALIGNPROOF_HAS_CONSTANT(L0)
ALIGNPROOF_HAS_CONSTANT(L2)
ALIGNPROOF_HAS_CONSTANT(L3)
#undef ALIGNPROOF_HAS_CONSTANT

template <class T>
concept HasL1 = requires {
  { T::template L1<double>() } -> std::same_as<double>;
};
template <class T>
concept HasZero = requires {
  { T::zero_at_zero } -> std::convertible_to<bool>;
};
template <class T>
concept HasReflection = requires {
  { T::reflection } -> std::convertible_to<Reflection>;
};
template <class T>
concept HasLinear = requires {
  { T::linear } -> std::convertible_to<bool>;
};
template <class T>
concept HasHomogeneous = requires {
  { T::homogeneous } -> std::convertible_to<bool>;
};
template <class T>
concept HasBounded = requires {
  { T::bounded_and_smooth } -> std::convertible_to<bool>;
};
template <class T>
concept HasRounding = requires {
  { T::template rounding<double>() } -> std::same_as<ActivationRounding>;
};
template <class T>
concept HasBalls = requires {
  { T::balls() } -> std::convertible_to<Balls>;
};
template <class T>
concept HasPortable = requires {
  { T::portable() } -> std::convertible_to<Portable>;
};
template <class T>
concept HasKernel = requires {
  { T::kernel() } -> std::convertible_to<Kernel>;
};

template <class T>
concept Complete =
    HasName<T> && HasPsi<T> && HasSlope<T> && HasAlgebraic<T> && Has_L0<T> && HasL1<T> &&
    Has_L2<T> && Has_L3<T> && HasZero<T> && HasReflection<T> && HasLinear<T> && HasHomogeneous<T> &&
    HasBounded<T> && HasRounding<T> && HasBalls<T> && HasPortable<T> && HasKernel<T>;

template <class T>
constexpr void require_parts() {
#define ALIGNPROOF_PART(Concept, text) static_assert(Concept<T>, "the activation lacks " text)
  ALIGNPROOF_PART(HasName, "name: static constexpr std::string_view name");
  ALIGNPROOF_PART(HasPsi, "psi: template <class Real> static Real psi(const Real& a)");
  ALIGNPROOF_PART(HasSlope,
                  "psi': template <class Real> static Real slope(const Real& a, const Real& psi)");
  ALIGNPROOF_PART(HasAlgebraic,
                  "algebraic, whether psi needs field operations and order alone: static constexpr "
                  "bool algebraic");
  ALIGNPROOF_PART(
      Has_L0,
      "L0, the bound of psi: template <class Real> static Real L0(), or static constexpr "
      "Missing L0");
  ALIGNPROOF_PART(HasL1, "L1, the bound of psi': template <class Real> static Real L1()");
  ALIGNPROOF_PART(Has_L2,
                  "L2, the Lipschitz constant of psi': template <class Real> static Real L2(), or "
                  "static constexpr Missing L2");
  ALIGNPROOF_PART(Has_L3,
                  "L3, the Lipschitz constant of psi'': template <class Real> static Real L3(), or "
                  "static constexpr Missing L3");
  ALIGNPROOF_PART(HasZero, "psi(0), whether it is 0: static constexpr bool zero_at_zero");
  ALIGNPROOF_PART(HasReflection, "its reflection: static constexpr Reflection reflection");
  ALIGNPROOF_PART(HasLinear, "linear, whether psi(x) = x: static constexpr bool linear");
  ALIGNPROOF_PART(HasHomogeneous,
                  "homogeneous, whether psi(c x) = c psi(x) for c > 0: static constexpr bool "
                  "homogeneous");
  ALIGNPROOF_PART(HasBounded,
                  "bounded_and_smooth, whether psi, psi' and psi'' are bounded: static constexpr "
                  "bool bounded_and_smooth");
  ALIGNPROOF_PART(HasRounding,
                  "its rounding: template <class Real> static ActivationRounding rounding()");
  ALIGNPROOF_PART(HasBalls, "its ball versions: static Balls balls(), which may return Missing");
  ALIGNPROOF_PART(HasPortable,
                  "its portable values: static Portable portable(), which may return Missing");
  ALIGNPROOF_PART(HasKernel, "its limit kernel: static Kernel kernel(), which may return Missing");
#undef ALIGNPROOF_PART
}

template <class T>
concept SlopeFromValue = requires(const double& psi) {
  T::template slope_of_value<double>(psi);
};
template <class T>
concept HasVector = requires {
  T::vector_form();
};

template <class T, class Real>
void slopes_from_values(const Matrix<Real>& Psi, Matrix<Real>& D) {
  D.resize(Psi.rows(), Psi.cols());
  for (Eigen::Index i = 0; i < Psi.size(); ++i)
    D.data()[i] = T::template slope_of_value<Real>(Psi.data()[i]);
}

template <class T, class Real>
void apply(const Matrix<Real>& A, Matrix<Real>& Psi, Matrix<Real>& D) {
  Psi.resize(A.rows(), A.cols());
  D.resize(A.rows(), A.cols());
  const Real* a = A.data();
  Real *psi = Psi.data(), *slope = D.data();
  if constexpr (std::is_same_v<Real, double> && HasVector<T>)
    T::vector_form().values(a, psi, static_cast<std::size_t>(A.size()));
  else
    for (Eigen::Index i = 0; i < A.size(); ++i) psi[i] = T::template psi<Real>(a[i]);
  if constexpr (HasScale<T>) {
    const Real scale = T::template slope_scale<Real>();
    for (Eigen::Index i = 0; i < A.size(); ++i)
      slope[i] = T::template slope<Real>(a[i], psi[i], scale);
  } else {
    for (Eigen::Index i = 0; i < A.size(); ++i) slope[i] = T::template slope<Real>(a[i], psi[i]);
  }
}

template <class T, class Real>
Smoothness<Real> smoothness() {
  return {L0_of<Real, T>(), T::template L1<Real>(), L2_of<Real, T>(), L3_of<Real, T>()};
}

template <class T, class Real>
ActivationOver<Real> over() {
  ActivationOver<Real> form;
  if constexpr (Elementary<Real>::exists || T::algebraic) {
    form.psi = [](const Real& a) -> Real { return T::template psi<Real>(a); };
    form.apply = &apply<T, Real>;
    form.smoothness = &smoothness<T, Real>;
    form.rounding = T::template rounding<Real>();
    if constexpr (SlopeFromValue<T>) form.slopes_from_values = &slopes_from_values<T, Real>;
  }
  return form;
}

template <class T>
constexpr int place() {
  if constexpr (requires { T::place; })
    return T::place;
  else
    return std::numeric_limits<int>::max();
}

template <class T>
constexpr std::optional<FusedForm> fused() {
  if constexpr (requires { T::fused; })
    return T::fused;
  else
    return std::nullopt;
}

template <class T>
std::optional<VectorForm> vector_form() {
  if constexpr (HasVector<T>)
    return T::vector_form();
  else
    return std::nullopt;
}

}  // namespace activation_parts

/// Optional members: `place`; `fused`; `vector_form()`; `slope_of_value(psi)`, where psi' is a
/// function of psi; and `slope_scale()`, a constant that `slope(a, psi, scale)` then takes.
template <class T>
ActivationDefinition define_activation() {
  using namespace activation_parts;
  require_parts<T>();
  if constexpr (Complete<T>) {
    return {Activation(T::name),
            place<T>(),
            {T::reflection, T::linear, T::homogeneous, T::zero_at_zero, T::bounded_and_smooth,
             fused<T>()},
            T::balls(),
            vector_form<T>(),
            T::portable(),
            T::kernel(),
            {over<T, double>(), over<T, float>(), over<T, Mpfr>(), over<T, BinFloat100>(),
             over<T, Exact>()}};
  }
}

/// Adds an activation for the rest of the program; from then on every part of the library takes it
/// by its name. Not while runs are under way. alignproof-check does not know it: it refuses
/// certificates that speak of it. Throws InputError if the name is taken, and where values at some
/// points contradict what the definition says of it.
void register_activation(ActivationDefinition definition);

template <class T>
void register_activation() {
  register_activation(define_activation<T>());
}

}  // namespace alignproof::inline network
