// SPDX-License-Identifier: Apache-2.0
// The number types that a run may be asked for by name: a row each, and the list of them. What a
// number type must offer besides: reports/docs/scalars.md.
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/dynamics/bin_float.hpp>
#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

namespace alignproof::inline dynamics {

/// What holds of most.
struct NumberDefaults {
  static constexpr std::string_view words = "";  ///< of the help, behind the name
  static constexpr bool takes_digits = false;    ///< as many as a ScopedDigits asks for
  static constexpr bool in_full = true;          ///< runs in kernel and in weight form
  static constexpr bool in_reduced = true;       ///< and in the reduced form of linear networks
  /// Bytes that a run of so many steps needs at least beside those of the numbers it begins with.
  static double bytes_of_run(double) { return 0; }
};

/// The row of a type: its name, bytes() of one number at least, and decimal(number), all the digits
/// that it has.
template <class Real>
struct NumberType;

template <>
struct NumberType<float> : NumberDefaults {
  static constexpr std::string_view name = "float";
  static double bytes() { return sizeof(float); }
  static std::string decimal(float a) { return fmt::format("{:.9g}", a); }
};

template <>
struct NumberType<double> : NumberDefaults {
  static constexpr std::string_view name = "double";
  static double bytes() { return sizeof(double); }
  static std::string decimal(double a) { return fmt::format("{:.17g}", a); }
};

template <>
struct NumberType<Mpfr> : NumberDefaults {
  static constexpr std::string_view name = "mpfr";
  static constexpr bool takes_digits = true;
  static double bytes() {
    const double bits = 3.33 * static_cast<double>(Mpfr::thread_default_precision());
    return sizeof(Mpfr) + bits / 8;
  }
  static std::string decimal(const Mpfr& a) { return a.str(0, std::ios_base::scientific); }
};

template <>
struct NumberType<BinFloat100> : NumberDefaults {
  static constexpr std::string_view name = "bin_float";
  static constexpr std::string_view words = "100 digits";
  static constexpr bool in_reduced = false;
  static double bytes() { return sizeof(BinFloat100); }
  static std::string decimal(const BinFloat100& a) { return a.str(0, std::ios_base::scientific); }
};

template <>
struct NumberType<Exact> : NumberDefaults {
  static constexpr std::string_view name = "exact";
  static double bytes() { return sizeof(Exact); }
  /// The nearest double: a fraction has no end.
  static std::string decimal(const Exact& a) { return NumberType<double>::decimal(to_double(a)); }
  /// A number has some 24 * 2.4^t bits after t steps.
  static double bytes_of_run(double steps) { return 3 * std::pow(2.4, steps); }
};

template <>
struct NumberType<RealBall<Mpfr>> : NumberDefaults {
  static constexpr std::string_view name = "ball";
  static constexpr std::string_view words = "reduced form: rigorous lower and upper bounds";
  static constexpr bool takes_digits = true;
  static constexpr bool in_full = false;
  static double bytes() { return 2 * NumberType<Mpfr>::bytes(); }
};

template <class... Real>
struct NumberList {};

/// All of them, in the order of the help.
using NumberTypes = NumberList<float, double, Mpfr, BinFloat100, Exact, RealBall<Mpfr>>;

}  // namespace alignproof::inline dynamics
