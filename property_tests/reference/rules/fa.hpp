// SPDX-License-Identifier: Apache-2.0
// The error returns through b.
#pragma once

#include "reference/plain.hpp"

namespace alignproof::reference {

struct fa {
  static constexpr const char* name = "fa";
  template <class Real>
  Real back(const Real& b, const Real&) const {
    return b;
  }
  template <class Real>
  void move(const Instance&, std::size_t, const Plain<Real>&, Plain<Real>&) const {}
};

}  // namespace alignproof::reference
