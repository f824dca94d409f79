// SPDX-License-Identifier: Apache-2.0
#include <alignproof/statistics/concentration.hpp>

#include <cmath>

#include <alignproof/core/error.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

Data sphere(std::size_t n) {
  DataSpec spec;
  spec.n = n, spec.d = 3;
  return make_data(spec);
}

}  // namespace

TEST_CASE("the distance from the limit is that of the Gram matrix at the start",
          "[statistics][concentration]") {
  const Data data = sphere(1);
  NetworkSpec spec;
  spec.activation = Activation::tanh, spec.p = 50;
  const Instance instance = make_instance(data, spec);
  const LimitKernel limit = limit_kernel(Activation::tanh, data.X);
  // One sample: G(0) is the mean of tanh^2.
  double G = 0;
  for (std::size_t r = 0; r < 50; ++r) {
    double a = 0;
    for (std::size_t j = 0; j < 3; ++j) a += instance.W0.values[3 * r + j] * data.X.values[j];
    G += std::tanh(a) * std::tanh(a) / 50;
  }
  CHECK(distance_to_limit(instance, limit) == Approx(std::abs(G - limit.Gbar(0, 0))));
}

TEST_CASE("every width and run of a concentration has weights of its own",
          "[statistics][concentration]") {
  const Data data = sphere(2);
  NetworkSpec network;
  network.activation = Activation::relu, network.seed = 5;
  Progress silent;
  const Concentration found = concentrate(data, network, {16, 256}, 20, 1e-6, 1, silent);
  const Concentration again = concentrate(data, network, {16, 256}, 20, 1e-6, 3, silent);
  CHECK(found.distance == again.distance);
  CHECK(found.widths == std::vector<std::size_t>{16, 256});
  const LimitKernel limit = limit_kernel(Activation::relu, data.X);
  for (const std::size_t w : {0, 1})
    for (const std::size_t s : {0, 7}) {
      NetworkSpec spec = network;
      spec.p = found.widths[w], spec.seed = 5 + 2 * s + w;
      CHECK(found.distance[w][s] == distance_to_limit(make_instance(data, spec), limit));
    }
  CHECK(found.order.tuples == 20);
  // By the central limit theorem the exponent is -1/2, and it lies in the interval.
  CHECK(found.order.lower < -0.5);
  CHECK(found.order.upper > -0.5);
  CHECK(found.order.exponent == Approx(-0.5).margin(0.25));
  CHECK_THROWS_AS(concentrate(data, network, {16, 256}, 19, 1e-6, 1, silent), InputError);
  CHECK_THROWS_AS(concentrate(data, network, {16}, 20, 1e-6, 1, silent), InputError);
}

TEST_CASE("of two values in the middle the median is the larger", "[statistics]") {
  CHECK(upper_median({3, 1, 2}) == 2);
  CHECK(upper_median({4, 1, 3, 2}) == 3);
  CHECK(upper_median({7}) == 7);
  CHECK_THROWS_AS(upper_median({}), InputError);
}
