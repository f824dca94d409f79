// SPDX-License-Identifier: Apache-2.0
// The error returns through beta.
#pragma once

#include "reference/plain.hpp"

namespace alignproof::reference {

struct bp {
  static constexpr const char* name = "bp";
  template <class Real>
  Real back(const Real&, const Real& beta) const {
    return beta;
  }
  template <class Real>
  void move(const Instance&, std::size_t, const Plain<Real>&, Plain<Real>&) const {}
};

}  // namespace alignproof::reference
