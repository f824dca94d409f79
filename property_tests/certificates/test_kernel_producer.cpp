// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/kernel_producer.hpp>

#include <cmath>

#include <alignproof/core/error.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

KernelCertificate proposed(Activation activation, const std::vector<double>& values,
                           std::size_t d) {
  Array X({values.size() / d, d});
  X.values = values;
  return propose_kernel_certificate(activation, X, enclose_limit_kernel(activation, X, 30));
}

}  // namespace

TEST_CASE("proposed bounds of gamma leave room about its enclosure", "[certificates][kernel]") {
  const KernelCertificate exact = proposed(Activation::identity, {1, 0, 0, 2}, 2);  // gamma = 1
  // One double beyond those that enclose 1 and a radius.
  CHECK(exact.gamma_lower <= 1 - 0x1p-52);
  CHECK(exact.gamma_upper >= 1 + 0x1p-51);
  CHECK(exact.gamma_lower > 1 - 1e-15);
  CHECK(exact.gamma_upper < 1 + 1e-15);
  CHECK(exact.activation == Activation::identity);
  CHECK(exact.X.values == std::vector<double>{1, 0, 0, 2});
}

TEST_CASE("a gamma that is 0 by the rows is proposed as 0", "[certificates][kernel]") {
  const KernelCertificate c = proposed(Activation::tanh, {1, 2, 1, 2}, 2);
  CHECK(c.gamma_lower == 0);
  CHECK(c.gamma_upper == 0);
}

TEST_CASE("a gamma that is 0 otherwise is bounded as far as balls resolve",
          "[certificates][kernel]") {
  const KernelCertificate c = proposed(Activation::relu, {1, 2, 2, 4}, 2);  // parallel
  CHECK(c.gamma_lower == 0);
  CHECK(c.gamma_upper > 0x1p-100);
  CHECK(c.gamma_upper < 1e-28);
}

TEST_CASE("a gamma beyond the doubles has no certificate", "[certificates][kernel]") {
  CHECK_THROWS_AS(proposed(Activation::relu, {1e160, 0}, 2), InputError);
}
