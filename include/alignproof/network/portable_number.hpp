// SPDX-License-Identifier: Apache-2.0
// MPFR numbers of 120 bits: values that are the same bits on every machine.
#pragma once

#include <string_view>

#include <mpfr.h>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline network {

/// Every operation of MPFR is correctly rounded, so its bits depend on neither the version nor the
/// machine.
class PortableNumber {
 public:
  PortableNumber() { mpfr_init2(at_, 120); }
  explicit PortableNumber(double value) : PortableNumber() { mpfr_set_d(at_, value, MPFR_RNDN); }
  ~PortableNumber() { mpfr_clear(at_); }
  PortableNumber(const PortableNumber&) = delete;
  PortableNumber& operator=(const PortableNumber&) = delete;

  operator mpfr_ptr() { return at_; }
  double rounded() const { return mpfr_get_d(at_, MPFR_RNDN); }

 private:
  mpfr_t at_;
};

/// psi and psi', each rounded once to a double.
struct PortableValue {
  double psi, slope;
};

/// Of an activation. Throws InputError about `purpose` on one that does not exist or lacks them.
PortableValue (*portable_form(const Activation& psi, std::string_view purpose))(double);

}  // namespace alignproof::inline network
