// SPDX-License-Identifier: Apache-2.0
// The error returns through weights as long as b that point as beta does.
#pragma once

#include "reference/plain.hpp"

namespace alignproof::reference {

struct sign_symmetric {
  static constexpr const char* name = "sign-symmetric";
  template <class Real>
  Real back(const Real& b, const Real& beta) const {
    using std::abs;
    return beta == Real(0) ? Real(0) : Real(abs(b) * (beta / abs(beta)));
  }
  template <class Real>
  void move(const Instance&, std::size_t, const Plain<Real>&, Plain<Real>&) const {}
};

}  // namespace alignproof::reference
