// SPDX-License-Identifier: Apache-2.0
// The error returns through b, which keeps its distance to beta up to the decay: so Kolen and
// Pollack's rule is read off the two weights, not off their common update.
#pragma once

#include "reference/plain.hpp"

namespace alignproof::reference {

struct kolen_pollack {
  static constexpr const char* name = "kolen-pollack";
  template <class Real>
  Real back(const Real& b, const Real&) const {
    return b;
  }
  template <class Real>
  void move(const Instance& instance, std::size_t t, const Plain<Real>& now,
            Plain<Real>& next) const {
    const Real kept = Real(1) - Real(instance.eta) * Real(instance.penalty(t));
    for (std::size_t r = 0; r < now.b.size(); ++r)
      for (std::size_t o = 0; o < now.b[r].size(); ++o)
        next.b[r][o] = next.beta[r][o] + kept * (now.b[r][o] - now.beta[r][o]);
  }
};

}  // namespace alignproof::reference
