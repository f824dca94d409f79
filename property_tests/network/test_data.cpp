// SPDX-License-Identifier: Apache-2.0
#include <alignproof/network/data.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

#include "generators/generators.hpp"
#include "property.hpp"
#include "reference/activation_table.hpp"

using namespace alignproof;

TEST_CASE("inputs are what they are called", "[network][property]") {
  const auto gram = [](const Array& X, std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t k = 0; k < X.cols(); ++k) sum += X(i, k) * X(j, k);
    return sum;
  };
  check_property("unit rows on the sphere, the identity for isometric rows", [&] {
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

TEST_CASE("repeated and nearly parallel rows are sphere rows but for the last",
          "[network][property]") {
  check_property("copy, and distance 2^-20", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 6), d = *rc::gen::inRange<std::size_t>(2, 30);
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    const auto rows = [&](Inputs inputs) {
      return make_data({inputs, Targets::linear, n, d, seed}).X;
    };
    const Array sphere = rows(Inputs::sphere), repeated = rows(Inputs::repeated),
                near = rows(Inputs::nearly_parallel);
    if (n == 1) {
      RC_ASSERT(repeated == sphere);
      RC_ASSERT(near == sphere);
      return;
    }
    double square = 0;
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t i = 0; i + 1 < n; ++i) {
        RC_ASSERT(repeated(i, j) == sphere(i, j));
        RC_ASSERT(near(i, j) == sphere(i, j));
      }
      RC_ASSERT(repeated(n - 1, j) == repeated(0, j));
      const double difference = (near(n - 1, j) - near(0, j)) * 0x1p20;
      square += difference * difference;
    }
    // Each entry is rounded by at most 2^-53, that is 2^-33 of the distance.
    RC_ASSERT(std::abs(std::sqrt(square) - 1) < 1e-8);
  });
}

TEST_CASE("targets are what they are called", "[network][property]") {
  check_property("zero, one-hot; a teacher's first output is that of k = 1", [] {
    DataSpec spec;
    spec.n = *rc::gen::inRange<std::size_t>(1, 9);
    spec.d = *rc::gen::inRange<std::size_t>(1, 9);
    spec.seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    spec.activation = *rc::gen::elementOf(gen::every_activation());
    spec.teacher_width = 7;
    const auto k = *rc::gen::inRange<std::size_t>(2, 6);
    const auto targets = [&](Targets kind, std::size_t outputs) {
      DataSpec with = spec;
      with.targets = kind, with.k = outputs;
      return make_data(with).y;
    };
    RC_ASSERT(targets(Targets::zero, 1) == Array({spec.n}));
    RC_ASSERT(targets(Targets::zero, k) == Array({spec.n, k}));
    const Array classes = targets(Targets::classes, k);
    for (std::size_t i = 0; i < spec.n; ++i)
      for (std::size_t c = 0; c < k; ++c) RC_ASSERT(classes(i, c) == (i % k == c ? 1.0 : 0.0));
    for (Targets kind : {Targets::linear, Targets::network}) {
      const Array one = targets(kind, 1), several = targets(kind, k);
      RC_ASSERT(one.shape == std::vector<std::size_t>{spec.n});
      RC_ASSERT((several.shape == std::vector<std::size_t>{spec.n, k}));
      for (std::size_t i = 0; i < spec.n; ++i) {
        RC_ASSERT(several(i, 0) == one(i));
        if (kind == Targets::linear) RC_ASSERT(several(i, 1) != one(i));
      }
    }
  });
}

TEST_CASE("scales multiply X and y, and the options say so without loss", "[network][property]") {
  check_property("exactly for powers of two", [] {
    DataSpec spec;
    spec.k = *rc::gen::inRange<std::size_t>(1, 4);
    const Data plain = make_data(spec);
    RC_ASSERT(plain.options.find("scale") == std::string::npos);
    spec.input_scale = std::ldexp(1.0, *rc::gen::inRange(-60, 60));
    spec.target_scale = std::ldexp(1.0, *rc::gen::inRange(-60, 60));
    const Data scaled = make_data(spec);
    for (std::size_t i = 0; i < plain.X.values.size(); ++i)
      RC_ASSERT(scaled.X(i) == plain.X(i) * spec.input_scale);
    for (std::size_t i = 0; i < plain.y.values.size(); ++i)
      RC_ASSERT(scaled.y(i) == plain.y(i) * spec.target_scale);
  });
  check_property("options read back to the same double", [] {
    DataSpec spec;
    spec.n = spec.d = 1;
    spec.input_scale =
        std::ldexp(1 + uniform(*rc::gen::arbitrary<std::uint64_t>(), Stream::W, 0, 0),
                   *rc::gen::inRange(-900, 900));
    const Data data = make_data(spec);
    const std::string option = "--input-scale ";
    const auto at = data.options.find(option);
    RC_ASSERT(at != std::string::npos);
    RC_ASSERT(std::stod(data.options.substr(at + option.size())) == spec.input_scale);
  });
}

TEST_CASE("name and options mention what is not the default", "[network]") {
  CHECK(make_data({}).name == "sphere inputs, linear teacher, n=5 d=20");
  CHECK(make_data({}).options == "--inputs sphere --targets linear --n 5 --d 20 --data-seed 1");
  DataSpec spec{Inputs::nearly_parallel, Targets::classes, 6, 3, 8};
  spec.k = 4, spec.input_scale = 0.1, spec.target_scale = 1e300;
  const Data data = make_data(spec);
  CHECK(data.name ==
        "nearly-parallel inputs, one-hot targets, n=6 d=3 k=4, inputs times 0.1, "
        "targets times 1e+300");
  CHECK(data.options ==
        "--inputs nearly-parallel --targets classes --n 6 --d 3 --data-seed 8 --outputs 4 "
        "--input-scale 0.1 --target-scale 1e+300");
}

TEST_CASE("feedback is independent, parallel or orthogonal to beta0", "[network][property]") {
  check_property("k outputs, scaled or not", [] {
    DataSpec data;
    data.k = *rc::gen::inRange<std::size_t>(1, 4);
    NetworkSpec spec;
    spec.p = *rc::gen::inRange<std::size_t>(2, 60);
    spec.seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    const auto with = [&](Feedback feedback) {
      spec.feedback = feedback;
      return make_instance(make_data(data), spec);
    };
    const Instance plain = with(Feedback::independent);
    spec.initial_scale = std::ldexp(1.0, *rc::gen::inRange(-30, 30));
    const Instance parallel = with(Feedback::parallel), orthogonal = with(Feedback::orthogonal);
    RC_ASSERT(parallel.b == parallel.beta0);
    RC_ASSERT(orthogonal.b.shape == plain.b.shape);
    for (std::size_t r = 0; r < plain.beta0.values.size(); ++r)
      RC_ASSERT(orthogonal.beta0(r) == plain.beta0(r) * spec.initial_scale);
    for (std::size_t r = 0; r < plain.W0.values.size(); ++r)
      RC_ASSERT(orthogonal.W0(r) == plain.W0(r) * spec.initial_scale);
    for (std::size_t c = 0; c < data.k; ++c) {
      double inner = 0, before = 0, beta = 0;
      for (std::size_t r = 0; r < spec.p; ++r) {
        const std::size_t at = r * data.k + c;
        inner += orthogonal.b(at) / spec.initial_scale * plain.beta0(at);
        before += plain.b(at) * plain.b(at);
        beta += plain.beta0(at) * plain.beta0(at);
      }
      // Two sums of p products, a quotient, p products and differences, and the sum here.
      const double bound = 4 * (static_cast<double>(spec.p) + 2) * 0x1p-53;
      RC_ASSERT(std::abs(inner) <= bound * std::sqrt(before * beta));
    }
  });
}

TEST_CASE("a network's output follows its definition, and zero error takes it for y",
          "[network][property]") {
  check_property("against long doubles", [] {
    gen::Case c = *gen::small_case({std::begin(all_activations), std::end(all_activations)});
    c.data.k = *rc::gen::inRange<std::size_t>(1, 4);
    if (c.data.targets == Targets::classes) c.data.targets = Targets::linear;  // asks for k > 1
    c.network.zero_error = true;
    const Instance instance = c.instance();
    const std::size_t k = instance.k();
    RC_ASSERT(k == c.data.k);
    RC_ASSERT(instance.y ==
              network_output(instance.activation, instance.W0, instance.beta0, instance.X));
    const auto psi = [&](long double a) -> long double {
      if (instance.activation == Activation::relu) return std::max(a, 0.0L);
      return reference::visit_truth<long double>(
          instance.activation, [&]<class T>(T) { return T::template value<long double>(a); });
    };
    for (std::size_t i = 0; i < instance.n(); ++i)
      for (std::size_t o = 0; o < k; ++o) {
        long double sum = 0, size = 0;
        for (std::size_t r = 0; r < instance.p(); ++r) {
          long double a = 0, largest = 0;
          for (std::size_t j = 0; j < instance.d(); ++j) {
            a += static_cast<long double>(instance.W0(r, j)) * instance.X(i, j);
            largest += std::abs(instance.W0(r, j) * instance.X(i, j));
          }
          sum += psi(a) * instance.beta0(r * k + o);
          size += (std::abs(psi(a)) + 2 * largest) * std::abs(instance.beta0(r * k + o));
        }
        const auto root = std::sqrt(static_cast<long double>(instance.p()));
        const auto rounding = static_cast<long double>(instance.p() + instance.d() + 20) * 0x1p-53L;
        RC_ASSERT(std::abs(instance.y(i * k + o) - sum / root) <= rounding * size / root);
      }
  });
}

TEST_CASE("names of inputs, targets and feedback are read back", "[network]") {
  for (auto i : {Inputs::gaussian, Inputs::sphere, Inputs::isometric, Inputs::repeated,
                 Inputs::nearly_parallel})
    CHECK(inputs_from(to_string(i)) == i);
  for (auto t : {Targets::linear, Targets::network, Targets::zero, Targets::classes})
    CHECK(targets_from(to_string(t)) == t);
  for (auto f : {Feedback::independent, Feedback::parallel, Feedback::orthogonal})
    CHECK(feedback_from(to_string(f)) == f);
  CHECK_THROWS_WITH(feedback_from("sign"),
                    Catch::Contains("'sign'") && Catch::Contains("parallel"));
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

TEST_CASE("the same numbers make the same instance, others another", "[network][property]") {
  check_property("hash of an instance", [] {
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
                    Catch::Contains("width = 0 is not accepted"));
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
  CHECK_THROWS_WITH(activation_from("swish"), Catch::Contains("'swish'") &&
                                                  Catch::Contains("identity, tanh, relu,") &&
                                                  Catch::Contains("gelu, silu"));
  CHECK_THROWS_WITH(inputs_from("cube"), Catch::Contains("'cube'"));
  const auto with_data = [&](auto change) {
    DataSpec spec;
    change(spec);
    return make_data(spec);
  };
  CHECK_THROWS_WITH(with_data([](DataSpec& s) { s.k = 0; }), Catch::Contains("outputs = 0"));
  CHECK_THROWS_WITH(with_data([](DataSpec& s) { s.targets = Targets::classes; }),
                    Catch::Contains("outputs = 1") && Catch::Contains("at least 2 classes"));
  for (double bad : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_WITH(with_data([&](DataSpec& s) { s.input_scale = bad; }),
                      Catch::Contains("input-scale = " + quoted(bad)));
    CHECK_THROWS_WITH(with_data([&](DataSpec& s) { s.target_scale = bad; }),
                      Catch::Contains("target-scale = " + quoted(bad)));
    CHECK_THROWS_WITH(with([&](NetworkSpec& s) { s.initial_scale = bad; }),
                      Catch::Contains("initial-scale = " + quoted(bad)));
  }
  CHECK_THROWS_WITH(with_data([](DataSpec& s) { s.target_scale = 1.7e308; }),
                    Catch::Contains("target-scale = 1.7e+308") && Catch::Contains("overflows"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) { s.initial_scale = 1.7e308; }),
                    Catch::Contains("initial-scale = 1.7e+308"));
  CHECK_THROWS_WITH(with([](NetworkSpec& s) {
                      s.p = 1;
                      s.feedback = Feedback::orthogonal;
                    }),
                    Catch::Contains("width = 1 is not accepted"));
}
