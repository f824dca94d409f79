// SPDX-License-Identifier: Apache-2.0
// Truncated power series in balls.
#include <alignproof/core/no_fast_math.hpp>

#include "taylor_series.hpp"

#include <arb_hypgeom.h>

namespace alignproof::check {

TaylorSeries TaylorSeries::at(const Ball& x, std::size_t count) {
  TaylorSeries z(x, count);
  arb_poly_set_coeff_si(z.get(), 1, 1);
  return z;
}

Ball TaylorSeries::operator[](std::size_t m) const {
  Ball c;
  arb_poly_get_coeff_arb(c.get(), value_, static_cast<slong>(m));
  return c;
}

TaylorSeries operator+(const TaylorSeries& x, const TaylorSeries& y) {
  TaylorSeries z(x.count());
  arb_poly_add_series(z.get(), x.get(), y.get(), z.length(), precision());
  return z;
}

TaylorSeries operator-(const TaylorSeries& x, const TaylorSeries& y) {
  TaylorSeries z(x.count());
  arb_poly_sub_series(z.get(), x.get(), y.get(), z.length(), precision());
  return z;
}

TaylorSeries operator*(const TaylorSeries& x, const TaylorSeries& y) {
  TaylorSeries z(x.count());
  arb_poly_mullow(z.get(), x.get(), y.get(), z.length(), precision());
  return z;
}

TaylorSeries operator/(const TaylorSeries& x, const TaylorSeries& y) {
  TaylorSeries z(x.count());
  arb_poly_div_series(z.get(), x.get(), y.get(), z.length(), precision());
  return z;
}

TaylorSeries operator+(const Ball& c, const TaylorSeries& x) {
  return TaylorSeries(c, x.count()) + x;
}

TaylorSeries operator-(const Ball& c, const TaylorSeries& x) {
  return TaylorSeries(c, x.count()) - x;
}

TaylorSeries operator*(const Ball& c, const TaylorSeries& x) {
  return TaylorSeries(c, x.count()) * x;
}

TaylorSeries operator/(const Ball& c, const TaylorSeries& x) {
  return TaylorSeries(c, x.count()) / x;
}

TaylorSeries exp(const TaylorSeries& x) {
  TaylorSeries z(x.count());
  arb_poly_exp_series(z.get(), x.get(), z.length(), precision());
  return z;
}

TaylorSeries log(const TaylorSeries& x) {
  TaylorSeries z(x.count());
  arb_poly_log_series(z.get(), x.get(), z.length(), precision());
  return z;
}

TaylorSeries arctan(const TaylorSeries& x) {
  TaylorSeries z(x.count());
  arb_poly_atan_series(z.get(), x.get(), z.length(), precision());
  return z;
}

TaylorSeries erf(const TaylorSeries& x) {
  TaylorSeries z(x.count());
  arb_hypgeom_erf_series(z.get(), x.get(), z.length(), precision());
  return z;
}

}  // namespace alignproof::check
