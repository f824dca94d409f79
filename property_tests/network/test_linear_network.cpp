// SPDX-License-Identifier: Apache-2.0
// Linear networks sampled by their Gram matrix against explicit Gaussian weights, by distribution.
#include <alignproof/network/linear_network.hpp>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "property.hpp"
#include "reference/two_samples.hpp"

using namespace alignproof;
using reference::Samples;

namespace {

// There are fewer than 200 comparisons of two laws: all together raise a false alarm with
// probability below 200 * 4e-10 = 8e-8. The seeds are fixed, so the outcome is the same in every
// run.
constexpr double level = 4e-10;
constexpr std::size_t most_comparisons = 200;
constexpr double miss = 1e-6;  ///< probability of missing what the power is stated for
constexpr std::size_t pairs = 5000;

struct Setting {
  std::size_t n = 3, d = 4, k = 1, p = 50;
  Feedback feedback = Feedback::independent;
  double scale = 1;
  bool zero_error = false;
};

Data data_of(const Setting& s) {
  DataSpec spec;
  spec.n = s.n, spec.d = s.d, spec.k = s.k, spec.inputs = Inputs::gaussian, spec.seed = 7;
  return make_data(spec);
}

NetworkSpec network_of(const Setting& s, std::uint64_t seed) {
  NetworkSpec spec;
  spec.p = s.p, spec.activation = Activation::identity, spec.seed = seed;
  spec.feedback = s.feedback, spec.initial_scale = s.scale, spec.zero_error = s.zero_error;
  return spec;
}

/// Entries of all fixed quantities, and how they hang together.
std::map<std::string, double> statistics(const ReducedProblem<double>& a, const Setting& s) {
  const Eigen::Index n = a.n() - 1, k = a.k() - 1;
  std::map<std::string, double> values{
      {"S(0, 0)", a.S(0, 0)},
      {"S(n, 0)", a.S(n, 0)},
      {"S(n, n)", a.S(n, n)},
      {"f0(0, 0)", a.f0(0, 0)},
      {"f0(n, k)", a.f0(n, k)},
      {"h(n, k)", a.h(n, k)},
      {"bb(k, k)", a.bb(k, k)},
      {"b0b0(0, 0)", a.b0b0(0, 0)},
      {"f0 . h", a.f0.col(0).dot(a.h.col(k))},
      {"f0 . S h", a.f0.col(0).dot(a.S * a.h.col(0))},
      {"tr S bb(0, 0) - |h|^2", a.S.trace() * a.bb(0, 0) - a.h.col(0).squaredNorm()},
      {"tr S b0b0(0, 0) - |f0|^2", a.S.trace() * a.b0b0(0, 0) - a.f0.col(0).squaredNorm()},
      {"tr S + bb - b0b0 / 2", a.S.trace() + a.bb.trace() - a.b0b0.trace() / 2}};
  if (s.feedback == Feedback::independent) {
    values["bb0(0, k)"] = a.bb0(0, k);
    if (s.p > 1)
      values["Gram determinant of b, beta0"] =
          a.bb(0, 0) * a.b0b0(0, 0) - a.bb0(0, 0) * a.bb0(0, 0);
  }
  if (s.k > 1) {
    values["bb(0, 1)"] = a.bb(0, 1);
    values["b0b0(0, 1)"] = a.b0b0(0, 1);
    values["bb0(1, 0)"] = a.bb0(1, 0);
    values["bb0(0, 1) - bb0(1, 0)"] = a.bb0(0, 1) - a.bb0(1, 0);
  }
  if (s.feedback == Feedback::parallel && s.k > 1) values.erase("bb0(0, 1) - bb0(1, 0)");
  if (s.zero_error) values["y(0, 0)"] = a.y(0, 0);
  return values;
}

using Table = std::map<std::string, Samples>;

/// What every draw must obey, beside its law.
void check_draw(const Setting& s, const LinearNetwork& network,
                const ReducedProblem<double>& problem) {
  // Of b before its projection, which may take most of it.
  const double rounding =
      1e-12 * (problem.bb.trace() + problem.b0b0.trace() + static_cast<double>(s.p));
  bool fine = network.p == s.p && problem.p == static_cast<double>(s.p);
  if (s.feedback == Feedback::parallel) fine = fine && network.weights.b == network.weights.beta0;
  if (s.feedback == Feedback::orthogonal)
    fine = fine && problem.bb0.diagonal().cwiseAbs().maxCoeff() <= rounding;
  if (s.zero_error)
    fine = fine && (problem.f0 - problem.y).norm() <= 1e-12 * (1 + problem.y.norm());
  if (!fine) FAIL("a draw breaks what holds for all of them");
}

template <class Draw>
Table table_of(const Setting& s, const Draw& draw, std::uint64_t first_seed) {
  const Data data = data_of(s);
  Table table;
  for (std::size_t i = 0; i < pairs; ++i) {
    const LinearNetwork network = draw(data, network_of(s, first_seed + i));
    const auto problem = reduced_problem<double>(network);
    check_draw(s, network, problem);
    for (const auto& [name, value] : statistics(problem, s)) table[name].push_back(value);
  }
  return table;
}

LinearNetwork explicit_weights(const Data& data, const NetworkSpec& spec) {
  return linear_network(make_instance(data, spec));
}

Table sampled_table(const Setting& s) {
  return table_of(s, sample_linear_network, 1);
}
Table explicit_table(const Setting& s) {
  return table_of(s, explicit_weights, 1000001);
}

std::vector<std::string> differences(const Table& a, const Table& b) {
  std::vector<std::string> found;
  const std::size_t allowed = reference::steps_allowed(pairs, level);
  for (const auto& [name, sample] : a)
    if (reference::steps_between(sample, b.at(name)) >= allowed) found.push_back(name);
  return found;
}

bool found(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("a network sampled by its Gram matrix has the law of explicit Gaussian weights",
          "[network]") {
  const Setting settings[] = {
      {3, 4, 1, 50},
      {3, 4, 1, 6},                                  // as many units as rows: d + 2k
      {3, 4, 1, 5},                                  // fewer
      {2, 4, 1, 1},                                  // one unit
      {4, 3, 2, 4},                                  // K singular, two outputs, fewer units
      {2, 3, 2, 40, Feedback::independent, 0.5},     // weights of half the size
      {3, 2, 1, 20, Feedback::parallel},             //
      {3, 4, 1, 2, Feedback::orthogonal},            // orthogonal feedback has one direction left
      {2, 2, 2, 20, Feedback::orthogonal, 2},        //
      {3, 4, 1, 20, Feedback::independent, 1, true}  // zero error at the start
  };
  std::size_t comparisons = 0;
  for (const Setting& s : settings) {
    INFO("n " << s.n << ", d " << s.d << ", k " << s.k << ", p " << s.p << ", feedback "
              << to_string(s.feedback));
    const Table sampled = sampled_table(s);
    comparisons += sampled.size();
    CHECK(differences(sampled, explicit_table(s)) == std::vector<std::string>{});
  }
  CHECK(comparisons <= most_comparisons);
  // The power: any law of any statistic that is so far away is seen but with probability `miss`.
  CHECK(reference::distance_seen(pairs, level, miss) <= 0.145);
}

TEST_CASE("laws of other networks are told apart", "[network]") {
  const Setting s;
  const Table truth = explicit_table(s);
  const auto seen = [&](const Setting& wrong) { return differences(sampled_table(wrong), truth); };
  Setting wider = s, smaller = s, parallel = s;
  wider.p = 60;
  smaller.scale = 0.95;
  parallel.feedback = Feedback::parallel;
  CHECK(found(seen(wider), "bb(k, k)"));
  CHECK(found(seen(smaller), "S(0, 0)"));
  CHECK(found(seen(smaller), "bb(k, k)"));
  CHECK(found(seen(parallel), "f0 . h"));
  // One degree of freedom, where a network has few.
  Setting narrow = s, narrower = s;
  narrow.p = 3, narrower.p = 2;
  CHECK(found(differences(sampled_table(narrower), explicit_table(narrow)), "bb(k, k)"));
  CHECK(found(differences(sampled_table(narrower), explicit_table(narrow)),
              "Gram determinant of b, beta0"));
  // An orthogonal feedback has lost one.
  Setting narrow_orthogonal = narrow;
  narrow_orthogonal.feedback = Feedback::orthogonal;
  CHECK(found(differences(sampled_table(narrow_orthogonal), explicit_table(narrow)), "bb(k, k)"));
}

TEST_CASE("a network of any width takes d + 2k rows or fewer, the same for the same seed",
          "[network]") {
  const Setting s;
  const Data data = data_of(s);
  for (const std::size_t p : {std::size_t{1}, std::size_t{5}, std::size_t{6}, std::size_t{7},
                              std::size_t{1000}, std::size_t{1000000000000000}}) {
    NetworkSpec spec = network_of(s, 3);
    spec.p = p;
    const LinearNetwork network = sample_linear_network(data, spec);
    CHECK(network.weights.p() == std::min<std::size_t>(p, s.d + 2 * s.k));
    CHECK(network.p == p);
    CHECK(hash(network.weights) == hash(sample_linear_network(data, spec).weights));
    NetworkSpec other = spec;
    other.seed = 4;
    CHECK(hash(network.weights) != hash(sample_linear_network(data, other).weights));
  }
}

TEST_CASE("at 10^14 units the kernel is its limit within what chance leaves", "[network]") {
  const Setting s;
  const Data data = data_of(s);
  const double root = 1e7;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    NetworkSpec spec = network_of(s, seed);
    spec.p = 100000000000000;
    const auto problem = reduced_problem<double>(sample_linear_network(data, spec));
    // Each deviation is normal but for O(1 / root): 10 standard deviations.
    for (Eigen::Index i = 0; i < problem.n(); ++i)
      CHECK(std::abs(problem.S(i, i) / problem.K(i, i) - 1) <= 10 * std::sqrt(2.0) / root);
    CHECK(std::abs(problem.bb(0, 0) / problem.p - 1) <= 10 * std::sqrt(2.0) / root);
    CHECK(std::abs(problem.b0b0(0, 0) / problem.p - 1) <= 10 * std::sqrt(2.0) / root);
    CHECK(std::abs(problem.bb0(0, 0)) <= 10 * root);
    CHECK(problem.f0.norm() <= 10 * std::sqrt(problem.K.trace()));
  }
}

TEST_CASE("an instance as a linear network is itself", "[network]") {
  const Setting s;
  const Instance instance = make_instance(data_of(s), network_of(s, 1));
  const LinearNetwork network = linear_network(instance);
  CHECK(network.p == instance.p());
  CHECK(hash(network.weights) == hash(instance));
}

TEST_CASE("what cannot be sampled by its Gram matrix is refused", "[network]") {
  const Setting s;
  const Data data = data_of(s);
  const auto with = [&](auto change) {
    NetworkSpec spec = network_of(s, 1);
    change(spec);
    return [=] { sample_linear_network(data, spec); };
  };
  using Catch::Contains;
  CHECK_NOTHROW(with([](NetworkSpec&) {})());
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.activation = Activation::tanh; })(),
                    Contains("tanh") && Contains("identity"));
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.p = 0; })(), Contains("width = 0"));
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.p = 1000000000000001; })(),
                    Contains("1000000000000001") && Contains("10^15"));
  for (const double scale : {0.0, -1.0, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_WITH(with([=](NetworkSpec& spec) { spec.initial_scale = scale; })(),
                      Contains("initial-scale"));
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.initial_scale = 1e308; })(),
                    Contains("initial-scale"));
  CHECK_THROWS_WITH(
      with([](NetworkSpec& spec) { spec.p = 1, spec.feedback = Feedback::orthogonal; })(),
      Contains("width = 1") && Contains("at least 2"));
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.eta = 0; })(), Contains("eta"));
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.penalty.lambda = 5; })(), Contains("lambda"));
  CHECK_THROWS_WITH(with([](NetworkSpec& spec) { spec.penalty.lambda = -1; })(),
                    Contains("lambda"));
  Data wide = data;
  wide.X = Array({s.n, 20000});
  CHECK_THROWS_WITH(sample_linear_network(wide, network_of(s, 1)),
                    Contains("20002") && Contains("20000"));
}
