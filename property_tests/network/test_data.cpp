// SPDX-License-Identifier: Apache-2.0
#include <alignproof/network/data.hpp>

#include <cmath>
#include <limits>

#include <alignproof/core/error.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("inputs are what they are called", "[network]") {
  const auto gram = [](const Array& X, std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t k = 0; k < X.cols(); ++k) sum += X(i, k) * X(j, k);
    return sum;
  };
  rc::prop("unit rows on the sphere, the identity for isometric rows", [&] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 6), d = *rc::gen::inRange<std::size_t>(6, 30);
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    const Array sphere = make_data({Inputs::sphere, Targets::linear, n, d, seed}).X;
    const Array isometric = make_data({Inputs::isometric, Targets::linear, n, d, seed}).X;
    for (std::size_t i = 0; i < n; ++i) {
      RC_ASSERT(std::abs(gram(sphere, i, i) - 1) < 1e-14);
      for (std::size_t j = 0; j < n; ++j) RC_ASSERT(gram(isometric, i, j) == (i == j ? 1.0 : 0.0));
    }
  });
}

TEST_CASE("a wider network begins with the units of a narrower one", "[network]") {
  const Data data = make_data({});
  NetworkSpec narrow, wide;
  narrow.p = 10, wide.p = 37;
  const Instance a = make_instance(data, narrow), b = make_instance(data, wide);
  for (std::size_t r = 0; r < 10; ++r) {
    CHECK(a.beta0(r) == b.beta0(r));
    CHECK(a.b(r) == b.b(r));
    for (std::size_t k = 0; k < a.d(); ++k) CHECK(a.W0(r, k) == b.W0(r, k));
  }
}

TEST_CASE("the same numbers make the same instance, others another", "[network]") {
  rc::prop("hash of an instance", [] {
    const gen::Case c = *gen::small_case(gen::every_activation());
    gen::Case other = c;
    RC_ASSERT(hash(c.instance()) == hash(other.instance()));
    other.network.seed += 1;
    RC_ASSERT(hash(c.instance()) != hash(other.instance()));
    other = c;
    other.network.eta *= 2;
    if (other.network.eta * other.network.penalty.lambda < 1)
      RC_ASSERT(hash(c.instance()) != hash(other.instance()));
  });
}

TEST_CASE("bad instances are refused in one line that quotes the value", "[network]") {
  const Data data = make_data({});
  const auto with = [&](auto change) {
    NetworkSpec spec;
    change(spec);
    return make_instance(data, spec);
  };
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.p = 0; }),
                    Catch::Contains("p = 0 is not accepted"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.eta = 0; }),
                    Catch::Contains("eta = 0 is not accepted"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.eta = -0.5; }), Catch::Contains("eta = -0.5"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.eta = std::nan(""); }),
                    Catch::Contains("eta = nan"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.eta = std::numeric_limits<double>::infinity(); }),
                    Catch::Contains("eta = inf"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.penalty.lambda = -1; }),
                    Catch::Contains("lambda = -1"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.penalty.lambda = 5; }),
                    Catch::Contains("eta lambda = 1 is not accepted"));
  DataSpec empty;
  empty.n = 0;
  CHECK_THROWS_WITH(make_data(empty), Catch::Contains("n = 0 is not accepted"));
  CHECK_THROWS_WITH(make_data({Inputs::isometric, Targets::linear, 5, 4}),
                    Catch::Contains("d = 4 is not accepted"));
  CHECK_THROWS_WITH(activation_from("swish"),
                    Catch::Contains("'swish'") && Catch::Contains("identity, tanh or relu"));
  CHECK_THROWS_WITH(inputs_from("cube"), Catch::Contains("'cube'"));
}
