// SPDX-License-Identifier: Apache-2.0
// Upper bounds of sums and largest values of sizes, rounded up to 30 bits at every step.
#pragma once

#include "ball.hpp"

namespace alignproof::check {

/// Starts at 0. An owned mag_t.
class UpperBound {
 public:
  UpperBound() { mag_init(value_); }
  UpperBound(const UpperBound& other) { mag_init_set(value_, other.value_); }
  UpperBound& operator=(const UpperBound& other) {
    mag_set(value_, other.value_);
    return *this;
  }
  ~UpperBound() { mag_clear(value_); }

  /// Adds |x|^2, and the square of a radius.
  void add_square(arb_srcptr x) {
    mag_t size;
    mag_init(size);
    arb_get_mag(size, x);
    mag_addmul(value_, size, size);
    mag_clear(size);
  }
  void add_square(mag_srcptr radius) { mag_addmul(value_, radius, radius); }
  void add_product(const UpperBound& x, const UpperBound& y) {
    mag_addmul(value_, x.value_, y.value_);
  }
  /// Becomes a bound of |x|^2, whatever it was.
  void set_square(arb_srcptr x) {
    arb_get_mag(value_, x);
    mag_mul(value_, value_, value_);
  }
  void add(const UpperBound& other) { mag_add(value_, value_, other.value_); }
  /// Becomes at least |x|.
  void reach(arb_srcptr x) {
    mag_t size;
    mag_init(size);
    arb_get_mag(size, x);
    mag_max(value_, value_, size);
    mag_clear(size);
  }
  void reach(const UpperBound& other) { mag_max(value_, value_, other.value_); }

  /// The bound, and its square root rounded up; exact numbers.
  Ball value() const {
    Ball z;
    arf_set_mag(arb_midref(z.get()), value_);
    return z;
  }
  Ball root() const {
    UpperBound root;
    mag_sqrt(root.value_, value_);
    return root.value();
  }

 private:
  mag_t value_;
};

}  // namespace alignproof::check
