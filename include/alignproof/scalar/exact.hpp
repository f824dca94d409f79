// SPDX-License-Identifier: Apache-2.0
// Exact arithmetic: the field Q(sqrt m) over GMP's rationals. 1/sqrt p lies in it for every width,
// so linear networks (and ReLU, which needs only the order) run without any rounding.
#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <ostream>
#include <string>
#include <type_traits>

#include <alignproof/scalar/eigen.hpp>
#include <alignproof/scalar/elementary.hpp>
#include <alignproof/scalar/scalar.hpp>

namespace alignproof::inline scalar {

using Rational = boost::multiprecision::number<boost::multiprecision::gmp_rational,
                                               boost::multiprecision::et_off>;

/// a + b sqrt(m), a and b rational, m a whole number that is no square; m = 0 where b = 0. Numbers
/// with different m do not mix: an operation on them throws std::logic_error.
class Exact {
 public:
  Exact() = default;
  Exact(int value) : a_(value) {}  // NOLINT: numbers convert, as in every field
  /// The double as it is. Throws InputError unless it is finite.
  Exact(double value);  // NOLINT
  explicit Exact(Rational value) : a_(std::move(value)) {}

  const Rational& rational_part() const { return a_; }
  const Rational& root_part() const { return b_; }
  long radicand() const { return m_; }

  /// -1, 0 or 1.
  int sign() const;
  /// double only: within a few roundings, without cancellation.
  template <class Target>
  Target convert_to() const {
    static_assert(std::is_same_v<Target, double>);
    return nearest();
  }
  std::string str() const;

  Exact operator-() const;
  Exact& operator+=(const Exact& other);
  Exact& operator-=(const Exact& other);
  Exact& operator*=(const Exact& other);
  Exact& operator/=(const Exact& other);  ///< throws std::domain_error on division by 0

  friend Exact operator+(Exact x, const Exact& y) { return x += y; }
  friend Exact operator-(Exact x, const Exact& y) { return x -= y; }
  friend Exact operator*(Exact x, const Exact& y) { return x *= y; }
  friend Exact operator/(Exact x, const Exact& y) { return x /= y; }
  friend bool operator==(const Exact& x, const Exact& y) { return (x - y).sign() == 0; }
  friend bool operator!=(const Exact& x, const Exact& y) { return (x - y).sign() != 0; }
  friend bool operator<(const Exact& x, const Exact& y) { return (x - y).sign() < 0; }
  friend bool operator>(const Exact& x, const Exact& y) { return (x - y).sign() > 0; }
  friend bool operator<=(const Exact& x, const Exact& y) { return (x - y).sign() <= 0; }
  friend bool operator>=(const Exact& x, const Exact& y) { return (x - y).sign() >= 0; }

  friend std::ostream& operator<<(std::ostream& out, const Exact& x) { return out << x.str(); }
  /// Of a whole number 0 <= x < 2^31. Throws std::domain_error on anything else.
  friend Exact sqrt(const Exact& x);

 private:
  double nearest() const;
  void join(const Exact& other);  ///< takes over the other's m, or checks it

  Rational a_ = 0, b_ = 0;
  long m_ = 0;
};

template <>
struct Elementary<Exact> {
  static constexpr bool exists = false;
};

}  // namespace alignproof::inline scalar

template <>
struct Eigen::NumTraits<alignproof::Exact> : Eigen::GenericNumTraits<alignproof::Exact> {
  using Real = alignproof::Exact;
  using NonInteger = alignproof::Exact;
  using Nested = alignproof::Exact;
  using Literal = alignproof::Exact;
  enum {
    IsInteger = 0,
    IsSigned = 1,
    IsComplex = 0,
    RequireInitialization = 1,
    ReadCost = 10,
    AddCost = 100,
    MulCost = 100
  };
  static Real epsilon() { return 0; }
  static Real dummy_precision() { return 0; }
  static int digits10() { return 0; }
};
