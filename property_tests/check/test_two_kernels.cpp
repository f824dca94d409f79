// SPDX-License-Identifier: Apache-2.0
// The limit kernel of the checker beside the one of the library: other formulas, other arithmetic.
#include <cmath>

#include <alignproof/kernels/limit_kernel.hpp>

#include "check/limit_kernel.hpp"
#include "generators/with_kernel.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// n x d numbers between -length and length.
Array samples(std::size_t n, std::size_t d, double length) {
  Array X({n, d});
  for (std::size_t k = 0; k < n * d; ++k)
    X.values[k] = length * std::sin(1 + 7.0 * static_cast<double>(k * k));
  return X;
}

}  // namespace

TEST_CASE("the limit kernel of the checker meets the one of the library", "[check]") {
  const check::PrecisionScope scope(128);
  for (double length : {0.3, 1.0, 3.0}) {
    Array X = samples(5, 4, length);
    for (std::size_t m = 0; m < 4; ++m) X(1, m) = -X(0, m), X(2, m) = 0.5 * X(0, m), X(3, m) = 0;
    for (Activation activation : gen::activations_with_kernel()) {
      const check::BallMatrix G = check::limit_kernel(activation, check::gram_of_rows(X));
      const EnclosedKernel other = enclose_limit_kernel(activation, X, 25);
      for (Eigen::Index i = 0; i < 5; ++i)
        for (Eigen::Index j = 0; j < 5; ++j) {
          const auto entry = other.Gbar(i, j);
          check::Ball ball;
          arf_set_mpfr(arb_midref(ball.get()), entry.mid.backend().data());
          ball = check::widened(ball, entry.rad.convert_to<double>() * (1 + 1e-12));
          const auto row = static_cast<std::size_t>(i), column = static_cast<std::size_t>(j);
          INFO(to_string(activation) << " " << length << " (" << i << ", " << j << ")");
          CHECK(arb_overlaps(G.entry(row, column), ball.get()));
          CHECK(check::about(check::radius(G.at(row, column))) < 1e-21);
          CHECK(check::about(check::radius(ball)) < 1e-22);
        }
    }
  }
}

TEST_CASE("of a row that may be 0 the ramp kernel of the checker knows nothing", "[check]") {
  const check::PrecisionScope scope(80);
  check::BallMatrix K(1, 1);
  K.set(0, 0, check::widened(0x1p-7, 0x1p-7));  // 0 to 2^-6, of which the kernel is half
  const check::BallMatrix G = check::limit_kernel(Activation::relu, K);
  CHECK(arb_contains(G.entry(0, 0), check::Ball(0x1p-7).get()));
  CHECK(arb_contains(G.entry(0, 0), check::Ball(0.0).get()));
}
