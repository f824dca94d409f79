// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/kernel_producer.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <alignproof/core/error.hpp>

#include "scalar/outward.hpp"

namespace alignproof::inline certificates {

KernelCertificate propose_kernel_certificate(Activation activation, const Array& X,
                                             const EnclosedKernel& kernel) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  KernelCertificate c{activation, X, 0, 0};
  if (kernel.zero_by_rows) return c;
  const double lower = below(kernel.gamma);
  c.gamma_upper = above(kernel.gamma);
  if (lower > 0)
    c.gamma_lower = std::nextafter(lower, 0.0);
  else  // That gamma is hardly more than 0 can be seen in balls as far as they resolve.
    c.gamma_upper =
        std::max(c.gamma_upper, std::ldexp(above(kernel.largest), -100));
  c.gamma_upper = std::nextafter(c.gamma_upper, infinity);
  if (!std::isfinite(c.gamma_upper))
    throw InputError("gamma", "> 1.7e308", "a kernel whose gamma is a double, for --certify");
  return c;
}

}  // namespace alignproof::inline certificates
