// SPDX-License-Identifier: Apache-2.0
// The penalty schedules; what makes an instance valid is tested with its making, in network/.
#include <alignproof/format/instance.hpp>

#include <cmath>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("penalties: values, sums, cuts", "[format][property]") {
  const Penalty geometric{2, 7, Decay::geometric, 0.5},
      square{3, Penalty::never, Decay::inverse_square, 2};
  for (std::size_t t = 0; t < 7; ++t) CHECK(geometric(t) == std::ldexp(2.0, -static_cast<int>(t)));
  CHECK(geometric(7) == 0);
  CHECK(square(0) == 3);
  CHECK(square(2) == 0.75);
  CHECK(Penalty{1.5, 3}(2) == 1.5);
  CHECK(Penalty{1.5, 3}(3) == 0);
  check_property("decaying penalties fall and have the sums that they should", [] {
    const double lambda = *rc::gen::element(0.1, 1.0, 7.0);
    const double ratio = *rc::gen::element(0.25, 0.9, 0.99),
                 time = *rc::gen::element(0.5, 3.0, 20.0);
    const Penalty g{lambda, Penalty::never, Decay::geometric, ratio},
        q{lambda, Penalty::never, Decay::inverse_square, time};
    double sum_g = 0, sum_q = 0;
    for (std::size_t t = 0; t < 20000; ++t) {
      RC_ASSERT(g(t + 1) <= g(t));
      RC_ASSERT(q(t + 1) < q(t));
      RC_ASSERT(std::abs(g(t) - lambda * std::pow(ratio, static_cast<double>(t))) <=
                1e-11 * g(t) + 1e-300);
      sum_g += g(t), sum_q += q(t);
    }
    RC_ASSERT(std::abs(sum_g - lambda / (1 - ratio)) <= 1e-9 * sum_g);
    RC_ASSERT(sum_q <= lambda * (1 + time));  // 1 + integral from 0
    RC_ASSERT(sum_q >= lambda * time * 0.99 * 20000 / (20000 + time));
  });
}
