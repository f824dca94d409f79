// SPDX-License-Identifier: Apache-2.0
// Truncated power series in balls: the Taylor series of functions at every point of a ball.
#pragma once

#include <cstddef>

#include <arb_poly.h>

#include "ball.hpp"

namespace alignproof::check {

/// An owned arb_poly_t, of which so many coefficients are kept.
class TaylorSeries {
 public:
  explicit TaylorSeries(std::size_t count) : count_(count) { arb_poly_init(value_); }
  /// A constant.
  TaylorSeries(const Ball& constant, std::size_t count) : TaylorSeries(count) {
    arb_poly_set_arb(value_, constant.get());
  }
  /// x + h in powers of h.
  static TaylorSeries at(const Ball& x, std::size_t count);
  TaylorSeries(const TaylorSeries& other) : TaylorSeries(other.count_) {
    arb_poly_set(value_, other.value_);
  }
  TaylorSeries& operator=(TaylorSeries other) noexcept {
    arb_poly_swap(value_, other.value_);
    count_ = other.count_;
    return *this;
  }
  ~TaylorSeries() { arb_poly_clear(value_); }

  std::size_t count() const { return count_; }
  slong length() const { return static_cast<slong>(count_); }
  Ball operator[](std::size_t m) const;

  arb_poly_struct* get() { return value_; }
  const arb_poly_struct* get() const { return value_; }

 private:
  arb_poly_t value_;
  std::size_t count_;
};

TaylorSeries operator+(const TaylorSeries& x, const TaylorSeries& y);
TaylorSeries operator-(const TaylorSeries& x, const TaylorSeries& y);
TaylorSeries operator*(const TaylorSeries& x, const TaylorSeries& y);
TaylorSeries operator/(const TaylorSeries& x, const TaylorSeries& y);
TaylorSeries operator+(const Ball& c, const TaylorSeries& x);
TaylorSeries operator-(const Ball& c, const TaylorSeries& x);
TaylorSeries operator*(const Ball& c, const TaylorSeries& x);
TaylorSeries operator/(const Ball& c, const TaylorSeries& x);
TaylorSeries exp(const TaylorSeries& x);
/// Of a series whose constant term is > 0.
TaylorSeries log(const TaylorSeries& x);
TaylorSeries arctan(const TaylorSeries& x);
TaylorSeries erf(const TaylorSeries& x);

}  // namespace alignproof::check
